"""Workbooks saved so that the same workbook gives the same bytes, whenever it is saved."""

from __future__ import annotations

import datetime
import io
import zipfile

from openpyxl import Workbook

#: What stands for the time of saving where no day is given: the earliest that a zip can hold.
EARLIEST = datetime.date(1980, 1, 1)
_CORE = "docProps/core.xml"
_MODIFIED = b"dcterms:modified"


def save_workbook_bytes(workbook: Workbook, day: datetime.date = EARLIEST) -> bytes:
    """The workbook as the bytes of an .xlsx file.

    ``day`` (1980 or later) stands for the moment at which it was made and saved, in the
    workbook's properties and in the container; the clock is not looked at.
    """
    workbook.properties.created = datetime.datetime.combine(day, datetime.time())
    saved = io.BytesIO()
    workbook.save(saved)
    return _settled(saved.getvalue(), day)


def _settled(saved: bytes, day: datetime.date) -> bytes:
    """The same container with every date set to ``day``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # the same on every system
            member.external_attr = 0o600 << 16
            data = source.read(name)
            if name == _CORE:
                data = _modified_on(day, data)
            target.writestr(member, data)
    return out.getvalue()


def _modified_on(day: datetime.date, core: bytes) -> bytes:
    """The workbook's properties with that day as the day on which it was changed last."""
    before, opens, rest = core.partition(b"<" + _MODIFIED)
    attributes, closes, text = rest.partition(b">")
    _, ends, after = text.partition(b"</" + _MODIFIED)
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    return b"".join((before, opens, attributes, closes, moment, ends, after)) if ends else core
