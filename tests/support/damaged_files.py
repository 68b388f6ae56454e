"""Files of several makers with a few changes that follow from a seed alone: to their bytes, to the
parts that are packed in them, to the XML of a part, to the records of a binary one."""

from __future__ import annotations

import datetime
import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import openpyxl
from openpyxl.styles import Font, PatternFill

from tests.support import file_builders as made
from tests.support.file_builders import Formula, Sheet, Wrong
from tests.support.needs import ROOT
from tests.support.swelling_files import (
    members,
    ods_row,
    ods_text,
    shared,
    table,
    xls_shared,
    xlsb_shared,
)

_DAY = datetime.date(2026, 4, 1)
_SHEET = Sheet(
    "Staff",
    {
        (1, 1): "ref", (1, 2): "name", (1, 3): "joined", (2, 1): "p1", (2, 2): "One", (2, 3): _DAY,
        (3, 1): "p2", (3, 2): Wrong("#N/A", by_formula=True), (3, 3): Formula("1+1", 2.0),
        (4, 1): True, (4, 2): 3.5, (5, 3): Wrong("#REF!"),
    },
    hidden_rows=frozenset((4,)), hidden_columns=frozenset((2,)), merged=((2, 1, 3, 1),),
)  # fmt: skip
_NUMBERS = (b"-1", b"0", b"1", b"2147483647", b"4294967295", b"99999999999999999999", b"1e9", b"")
_PIECES = (
    b"<c>", b"</c>", b'<c r="XFD1048576"><v>1</v></c>', b"<v>9</v>", b"<row/>", b"<!--", b"-->",
    b"<![CDATA[<c>]]>", b"&amp;", b"&x;", b"&#0;", b"\x00", b"\xff",
    b'<mergeCell ref="A1:XFD1048576"/>', b"<table:table-cell/>", b'<text:s text:c="999999999"/>',
    b"<f>", b"<is>", b"<!DOCTYPE a>",
)  # fmt: skip
_NO_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
_VALUE = re.compile(rb'"[^"<>]{0,80}"')
_TAG = re.compile(rb"<[^<>]{1,200}>")

Change = Callable[[bytes, random.Random], bytes]


def seeds() -> Mapping[str, bytes]:
    """The files that are changed, by their names. One was written by XlsxWriter, and is kept."""
    return {
        "office.xlsx": (ROOT / "examples" / "office.xlsx").read_bytes(),
        "xlsxwriter.xlsx": (ROOT / "tests" / "xlsxwriter.xlsx").read_bytes(),
        "openpyxl.xlsx": _openpyxl(),
        "shared.xlsx": shared(200, "a text"),
        "by hand.xlsx": made.xlsx(_SHEET, recalculate=True),
        "by hand.xlsm": made.xlsx(_SHEET, date1904=True),
        "by hand.xlsb": made.xlsb(_SHEET),
        "shared.xlsb": xlsb_shared(200, "a text"),
        "by hand.xls": made.xls(_SHEET),
        "small.xls": made.xls(_SHEET, small=True),
        "shared.xls": xls_shared(200, "a text"),
        "by hand.ods": made.ods(_SHEET),
        "repeated.ods": table(ods_row(ods_text("a text", 3), 5)),
        "by hand.csv": b'\xef\xbb\xbfref;name;joined\r\np1;"One; and\nmore";1.4.2026\r\n;#N/A;\r\n',
    }  # fmt: skip


def _openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Staff"
    for row in (["ref", "name", "joined"], ["p1", "One", _DAY], ["p2", "Two", "=1/0"]):
        sheet.append(row)
    sheet["B2"].fill = PatternFill("solid", "FFEE00")
    sheet["A3"].font = sheet["B3"].font = Font(strike=True)
    sheet.merge_cells("A5:C6")
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("hidden").sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def fuzzed(data: bytes, seed: int) -> bytes:
    """The file after up to four changes."""
    chance = random.Random(seed)
    packed = data.startswith(b"PK")
    for _ in range(chance.randint(1, 4)):
        changes = (_in_part, _in_part, _in_part, _parts, _in_bytes) if packed else (_in_bytes,)
        change = chance.choice(changes)
        try:
            data = change(data, chance)
        except _NO_PACKAGE:
            data = _in_bytes(data, chance)  # it is no package any more
    return data


def _in_bytes(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    length = chance.choice((1, 1, 2, 4, 16, 200))
    what = chance.randrange(6)
    if what == 0:
        return data[:at] + bytes(chance.randrange(256) for _ in range(length)) + data[at + length :]
    if what == 1:
        return data[:at] + data[at + length :]
    if what == 2:
        return data[:at] + data[at : at + length] * chance.choice((2, 3, 50)) + data[at + length :]
    if what == 3:
        number = chance.choice((0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
        return data[:at] + number.to_bytes(4, "little") + data[at + 4 :]
    if what == 4 and at:
        return data[:at]
    other = chance.randrange(len(data) + 1)
    return data[:at] + data[other : other + length] + data[at:]


def _packed(data: bytes) -> dict[str, bytes]:
    """The parts of a package. Raises BadZipFile where there is none, as where it is no package."""
    parts = dict(members(data))
    if not parts:
        raise zipfile.BadZipFile("no part is left")
    return parts


def _in_part(data: bytes, chance: random.Random) -> bytes:
    parts = _packed(data)
    name = chance.choice(sorted(parts))
    change = _in_xml if parts[name][:1] == b"<" else _in_bytes
    return made.zipped({**parts, name: change(parts[name], chance)})


def _in_xml(data: bytes, chance: random.Random) -> bytes:
    what = chance.randrange(5)
    if what == 0:
        return _in_bytes(data, chance)
    found = list((_VALUE if what < 3 else _TAG).finditer(data))
    if not found:
        return _in_bytes(data, chance)
    one = chance.choice(found)
    if what == 1:
        put = b'"' + chance.choice(_NUMBERS) + b'"'
    elif what == 2:
        put = chance.choice(found)[0]
    elif what == 3:
        put = one[0] * chance.choice((0, 2, 40))
    else:
        put = one[0] + chance.choice(_PIECES)
    return data[: one.start()] + put + data[one.end() :]


def _parts(data: bytes, chance: random.Random) -> bytes:
    parts = _packed(data)
    one, other = chance.choice(sorted(parts)), chance.choice(sorted(parts))
    what = chance.randrange(4)
    if what == 0:
        del parts[one]
    elif what == 1:
        parts[one] = parts[other]
    elif what == 2:
        parts[one.upper()] = parts.pop(one)
    else:
        parts[one.replace("/", "\\")] = parts[other]
    return made.zipped(parts)
