"""A workbook as bytes that are the same every time: no clock in its properties or its members."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

# openpyxl stamps the time of saving into this member, whatever the workbook says.
_PROPERTIES = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^<>]*>)[^<]*(</dcterms:)")

_FIRST_ZIP_YEAR = 1980


def saved(workbook: Workbook, day: datetime.date) -> bytes:
    """The workbook's file, all of its times set to the start of ``day``."""
    written = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(written, "w")).save()  # not pressed: the next one is
    fixed = io.BytesIO()
    stamp = (max(day.year, _FIRST_ZIP_YEAR), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, _fixed(name, source.read(name), day))
    return fixed.getvalue()


def _fixed(name: str, data: bytes, day: datetime.date) -> bytes:
    if name != _PROPERTIES:
        return data
    return _STAMP.sub(rb"\g<1>%sT00:00:00Z\g<3>" % day.isoformat().encode(), data)
