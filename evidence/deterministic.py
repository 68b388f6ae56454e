"""Workbooks and Word documents with the same bytes, whenever they are saved."""

from __future__ import annotations

import datetime
import errno
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

#: The day of saving if none is given: the earliest that a zip can record.
EARLIEST = datetime.date(1980, 1, 1)
_CORE = "docProps/core.xml"
_MODIFIED = b"dcterms:modified"


@contextmanager
def room_for_sheets() -> Iterator[None]:
    """Raises OSError if there is no room for the temporary file in which openpyxl makes each sheet,
    where lxml raises an error of its own."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ != "SerialisationError":
            raise
        raise OSError(errno.ENOSPC, "no room for a temporary file") from error


def save_workbook_bytes(workbook: Workbook, day: datetime.date = EARLIEST) -> bytes:
    """The workbook as the bytes of an .xlsx file, made and saved at the start of ``day``; the clock
    is not read. Raises OSError if there is no room for its temporary files."""
    workbook.properties.created = datetime.datetime.combine(day, datetime.time())
    saved = io.BytesIO()
    with room_for_sheets():
        ExcelWriter(workbook, zipfile.ZipFile(saved, "w")).save()  # not pressed: the next one is
    return same_package(saved, day)


def same_package(saved: io.BytesIO, day: datetime.date) -> bytes:
    """The bytes of a saved document, made and saved at the start of ``day``."""
    fixed = io.BytesIO()
    stamp = (max(day.year, EARLIEST.year), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # the same on every system
            data = source.read(name)
            target.writestr(member, _modified_on(day, data) if name == _CORE else data)
    return fixed.getvalue()


def _modified_on(day: datetime.date, core: bytes) -> bytes:
    """A document's properties with that day as the day on which it was changed last."""
    before, opens, rest = core.partition(b"<" + _MODIFIED)
    attributes, closes, text = rest.partition(b">")
    _, ends, after = text.partition(b"</" + _MODIFIED)
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    return b"".join((before, opens, attributes, closes, moment, ends, after)) if ends else core
