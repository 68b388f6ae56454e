"""Small files that unfold to far more than they seem to hold, one for each way to do so.

Each is made here from a few lines; none is larger than a few megabytes, most have a few hundred
bytes. What each may be called is its ending.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from evidence.raw_cells import cell_name
from tests.support import file_builders as made
from tests.support.file_builders import Sheet

LONG = "x" * 32_767
_MANY = 1_000_000
ONE = Sheet("people", {(1, 1): "ref", (2, 1): "p1"})


# .ods --------------------------------------------------------------------------------------------


def members(data: bytes) -> dict[str, bytes]:
    """What is packed in a zip file, by its names."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def table(rows: str) -> bytes:
    """An .ods with one table of these rows."""
    return made.ods_of(f'<table:table table:name="s">{rows}</table:table>')


def ods_row(cells: str, down: int = 1, more: str = "") -> str:
    """A row of an .ods, written once for many."""
    return f'<table:table-row table:number-rows-repeated="{down}"{more}>{cells}</table:table-row>'


def ods_text(text: str, across: int = 1) -> str:
    """A cell of an .ods with a text, written once for many."""
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{across}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_number(across: int = 1, more: str = "") -> str:
    """A cell of an .ods with a number, written once for many."""
    return (
        f'<table:table-cell office:value-type="float" office:value="1"{more}'
        f' table:number-columns-repeated="{across}"/>'
    )


def _spaces() -> bytes:
    return table(ods_row(ods_text('a<text:s text:c="4000000000"/>b')))


def _wide_rows() -> bytes:
    cells = '<table:table-cell table:number-columns-repeated="16000"/>' + ods_number()
    return table(ods_row(cells) * 20_000)


def _long_formula() -> bytes:
    formula = f' table:formula="of:={"1+" * 16_000}1"'
    return table(ods_row(ods_number(1000, formula), 1000))


def _far_hidden_rows() -> bytes:
    hidden = ods_row("<table:table-cell/>", 4_000_000_000, ' table:visibility="collapse"')
    return table(hidden + ods_row(ods_number()))


def _wrong_cells() -> bytes:
    cell = '<table:table-cell table:formula="of:=1/0" table:number-columns-repeated="1000"/>'
    return table(ods_row(cell, 9000))


def _nested_tables() -> bytes:
    inner = f'<table:table table:name="t">{ods_row(ods_text(LONG))}</table:table>'
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="1000">'
    return table(ods_row(f"{cell}{inner}</table:table-cell>", 1000))


def _bomb(before: str = "") -> str:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'{before}<!DOCTYPE w [<!ENTITY e0 "{"x" * 100}">{lines}]>'


def _entities() -> bytes:
    part = _bomb() + made.worksheet('<row r="1"><c r="A1" t="str"><v>&e11;</v></c></row>')
    return made.xlsx_of({"s": part.replace(made.HEAD, "")})


def _late_entities() -> bytes:
    part = made.worksheet('<row r="1"><c r="A1" t="str"><v>&e11;</v></c></row>')
    return made.xlsx_of({"s": _bomb(f"<!--{'x' * 5000}-->") + part.replace(made.HEAD, "")})


# .xlsx -------------------------------------------------------------------------------------------


def sheet(rows: str, after: str = "", before: str = "") -> bytes:
    """An .xlsx with one sheet of these rows."""
    return made.xlsx_of({"s": made.worksheet(rows, after, before)})


def texts(count: int | str, text: str, before: str = "") -> str:
    """A list of shared texts that says it holds so many, and holds one."""
    return f'{before}<sst xmlns="{made.MAIN}" uniqueCount="{count}"><si><t>{text}</t></si></sst>'


def shared(cells: int, text: str, across: int = 10) -> bytes:
    """An .xlsx with so many cells that show the same text."""
    names = [cell_name(1, column).rstrip("1") for column in range(1, across + 1)]
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{name}{row}" t="s"><v>0</v></c>' for name in names)
        + "</row>"
        for row in range(1, cells // across + 1)
    )
    return made.with_texts(sheet(rows), texts(1, text))


def _said(before: str = "") -> bytes:
    return made.with_texts(made.xlsx(ONE), texts(4_000_000_000, "x", before))


def _unrelated() -> bytes:
    """A list of shared texts that no relationship names, which the reading library reads."""
    with zipfile.ZipFile(io.BytesIO(made.xlsx(ONE))) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    return made.zipped({**members, "xl/SharedStrings.xml": texts(4_000_000_000, "x")})


def _unlisted() -> bytes:
    """A package whose first page names one workbook, and the library reads another."""
    with zipfile.ZipFile(io.BytesIO(_far())) as whole:
        far = {name: whole.read(name) for name in whole.namelist()}
    root = far["_rels/.rels"].replace(b"xl/workbook.xml", b"xl/other.xml")
    book = f'<workbook xmlns="{made.MAIN}"><sheets/></workbook>'
    return made.zipped({**far, "_rels/.rels": root, "xl/other.xml": book})


def _far() -> bytes:
    return sheet('<row r="100000"><c r="A100000"><v>1</v></c><c r="XFD999999"><v>1</v></c></row>')


def _around() -> bytes:
    """Columns so far that their number passes what 32 bits hold."""
    return sheet('<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZZZZZZZ1"><v>1</v></c></row>')


def merged(rows: int, area: str) -> bytes:
    """An .xlsx of ten columns with one merged area."""
    ends = "".join(
        f'<row r="{row}"><c r="{name}{row}"><v>1</v></c></row>'
        for row, name in ((1, "A"), (rows, "J"))
    )
    return sheet(ends, f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')


def _long_attribute() -> bytes:
    return sheet(f'<row r="1"><c r="A1" x="{"a" * 8_000_000}"><v>1</v></c></row>')


def _many_attributes() -> bytes:
    named = " ".join(f'a{number}=""' for number in range(100_000))
    return sheet(f'<row r="1"><c r="A1" {named}><v>1</v></c></row>')


def _many_names() -> bytes:
    return sheet("".join(f"<n{number}/>" for number in range(200_000)))


def _deep() -> bytes:
    return sheet("<a>" * 2_500_000 + "</a>" * 2_500_000)


def _deep_behind_comments() -> bytes:
    """As deep, behind marks that only seem to close."""
    return sheet("<!-- </a></a> -->" + '<a b="/>">' * 2_500_000 + "</a>" * 2_500_000)


def listing(count: int, same: bool = False) -> bytes:
    """An .xlsx that lists so many sheets."""
    names = [f"s{number}" for number in range(count)]
    data = made.xlsx_of(dict.fromkeys(names, made.worksheet("")))
    if not same:
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    one = b"worksheets/sheet1.xml"
    relations = members["xl/_rels/workbook.xml.rels"]
    for number in range(2, count + 1):
        relations = relations.replace(f"worksheets/sheet{number}.xml".encode(), one)
    return made.zipped({**members, "xl/_rels/workbook.xml.rels": relations})


def formats(count: int) -> bytes:
    """An .xlsx with so many cell formats and fonts: one font, which is struck through. Row 2 uses
    the last format."""
    cell = f'<c r="A2" s="{count - 2}" t="str"><v>x</v></c>'
    parts = members(sheet(f'<row r="2">{cell}</row>'))
    listed = '<xf fontId="0"/>' * (count - 1)
    styles = f"<fonts><font><strike/></font></fonts><cellXfs>{listed}</cellXfs>"
    part = f'{made.HEAD}<styleSheet xmlns="{made.MAIN}">{styles}</styleSheet>'
    return made.zipped({**parts, "xl/styles.xml": part})


def swelling(size: int, said: int | None = None) -> bytes:
    """An .xlsx whose sheet unpacks to so many bytes, of which its directory says another number."""
    data = made.xlsx_of({"s": ""})
    name = b"xl/worksheets/sheet1.xml"
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    blank, check, packed = b" " * 1024 * 1024, 0, []
    for at in range(0, size, len(blank)):
        piece = blank[: size - at]
        check = zlib.crc32(piece, check)
        packed.append(packer.compress(piece))
    body = b"".join([*packed, packer.flush()])
    told = size if said is None else said
    sizes = struct.pack("<III", check, len(body), told)
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        members = {each: whole.read(each) for each in whole.namelist() if each.encode() != name}
    rest = made.zipped(members)
    end = rest.rindex(b"PK\x05\x06")
    count, _, start = struct.unpack("<HII", rest[end + 10 : end + 20])
    common = struct.pack("<HHHHH", 20, 0, 8, 0, 0x21)
    local = b"PK\x03\x04" + common + sizes + struct.pack("<HH", len(name), 0) + name + body
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + common + sizes
    entry += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, start) + name
    directory = rest[start:end] + entry
    ending = struct.pack(
        "<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), start + len(local), 0
    )
    return rest[:start] + local + directory + b"PK\x05\x06" + ending


def packed_otherwise() -> bytes:
    """An .xlsx whose sheet is packed so that a few bytes unpack to any number."""
    with zipfile.ZipFile(io.BytesIO(made.xlsx(ONE))) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as package:
        for name, data in members.items():
            package.writestr(name, data + b" " * 20_000_000 if "sheet1" in name else data)
    return buffer.getvalue()


# .xls and .xlsb ----------------------------------------------------------------------------------


def xls_shared(cells: int, text: str) -> bytes:
    """An .xls with so many cells that show the same text."""
    body = struct.pack("<HB", len(text), 0) + text.encode()
    pieces = [body[at : at + 8000] for at in range(0, len(body), 8000)]
    listed = made.biff(0xFC, struct.pack("<II", 1, 1) + pieces[0])
    listed += b"".join(made.biff(0x3C, b"\x00" + piece) for piece in pieces[1:])
    cell = b"".join(
        made.biff(0xFD, struct.pack("<HHHI", number // 100, number % 100, 0, 0))
        for number in range(cells)
    )
    stream = made.xls_stream((ONE,))
    at = stream.index(made.biff(0x0A))
    inner = stream.rindex(made.biff(0x0A))
    whole = stream[:at] + listed + stream[at:inner] + cell + stream[inner:]
    start = stream.index(b"\x85\x00") + 4
    moved = struct.unpack_from("<I", stream, start)[0] + len(listed)
    whole = whole[:start] + struct.pack("<I", moved) + whole[start + 4 :]
    return made.compound({"Workbook": whole})


def _xls_sheets_in_one_place() -> bytes:
    stream = made.xls_stream((ONE, Sheet("other", ONE.cells)))
    first = stream.index(b"\x85\x00") + 4
    second = stream.index(b"\x85\x00", first) + 4
    same = stream[:second] + stream[first : first + 4] + stream[second + 4 :]
    return made.compound({"Workbook": same})


def _xls_tables_of_themselves() -> bytes:
    """A container whose table of tables names itself over and over."""
    data = bytearray(made.compound({"Workbook": bytes(60_000)}))
    struct.pack_into("<II", data, 68, 5, 0xFFFFFFF0)
    struct.pack_into("<128I", data, 512 * 6, *[5] * 128)
    return bytes(data)


def xlsb_shared(cells: int, text: str) -> bytes:
    """An .xlsb with so many cells that show the same text."""
    with zipfile.ZipFile(io.BytesIO(made.xlsb(ONE))) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    listed = made.brt(159, struct.pack("<II", cells, 1)) + made.brt(19, b"\0" + made.wide(text))
    shown = b"".join(made.brt(7, struct.pack("<III", column, 0, 0)) for column in range(100))
    rows = b"".join(
        made.brt(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0, 0, 0)) + shown
        for row in range(2, 2 + cells // 100)
    )
    part = "xl/worksheets/sheet1.bin"
    members[part] = members[part].replace(made.brt(146), rows + made.brt(146))
    return made.zipped({**members, "xl/sharedStrings.bin": listed + made.brt(160)})


# .csv --------------------------------------------------------------------------------------------


def lines(size: int) -> bytes:
    """A CSV file of nothing but line ends."""
    return b"\n" * size


Make = Callable[[], bytes]

REFUSED: Mapping[str, tuple[str, Make, str]] = {
    "a long text repeated a million times": (
        "ods",
        lambda: table(ods_row(ods_text(LONG, 1000), 1000)),
        "more than 250,000,000 characters",
    ),
    "a number in every cell there is": (
        "ods",
        lambda: table(ods_row(ods_number(16_384), 1_048_576)),
        "more than 12,000,000 cells",
    ),
    "billions of spaces": ("ods", _spaces, "more than 250,000,000 characters"),
    "rows of one cell far to the right": ("ods", _wide_rows, "more than 24,000,000 cells"),
    "a long formula repeated": ("ods", _long_formula, "more than 250,000,000 characters"),
    "hidden rows beyond any sheet": ("ods", _far_hidden_rows, "beyond the last cell"),
    "millions of formulas without a result": ("ods", _wrong_cells, "more than 2,000,000 cells"),
    "a table in a repeated cell": ("ods", _nested_tables, "contains another"),
    "entities of entities": ("xlsx", _entities, "declares a document type"),
    "entities after a comment": ("xlsx", _late_entities, "declares a document type"),
    "one text in 20,000 cells": (
        "xlsx",
        lambda: shared(20_000, LONG),
        "more than 250,000,000 characters",
    ),
    "four billion texts": ("xlsx", _said, "an impossible number of texts"),
    "four billion texts after a comment": (
        "xlsx",
        lambda: _said(f"<!--{'x' * 5000}-->"),
        "an impossible number of texts",
    ),
    "four billion texts that nothing names": (
        "xlsx",
        _unrelated,
        "an impossible number of texts",
    ),
    "cells far apart": ("xlsx", _far, "more than 12,000,000 cells"),
    "cells far apart in a sheet that is not listed": (
        "xlsx",
        _unlisted,
        "more than 12,000,000 cells",
    ),
    "a column beyond 32 bits": ("xlsx", _around, "more than 12,000,000 cells"),
    "half a sheet merged": (
        "xlsx",
        lambda: merged(500_000, "A1:J250000"),
        "merged areas cover more than 1,000,000 cells",
    ),
    "a tag of millions of letters": ("xlsx", _long_attribute, "a tag of more than"),
    "a tag of many attributes": ("xlsx", _many_attributes, "different names"),
    "names without end": ("xlsx", _many_names, "different names"),
    "tags that do not close": ("xlsx", _deep, "without closing them"),
    "tags that seem to close": ("xlsx", _deep_behind_comments, "without closing them"),
    "one sheet under many names": ("xlsx", lambda: listing(500, same=True), "are the same part"),
    "too many sheets": ("xlsx", lambda: listing(1_001), "more than 1,000 sheets"),
    "formats without end": (
        "xlsx",
        lambda: formats(1_000_001),
        "more than 1,000,000 cell formats",
    ),
    "a directory that says too little": (
        "xlsx",
        lambda: swelling(300_000_000, said=10),
        "cannot be unpacked",
    ),
    "a part that swells": ("xlsx", lambda: swelling(900_000_000), "more than 768 MB"),
    "packed in another way": ("xlsx", packed_otherwise, "packed in a way"),
    "one text in 20,000 cells of an .xls": (
        "xls",
        lambda: xls_shared(20_000, LONG),
        "more than 250,000,000 characters",
    ),
    "two sheets of an .xls in one place": (
        "xls",
        _xls_sheets_in_one_place,
        "begin at the same place",
    ),
    "a container that lists itself": ("xls", _xls_tables_of_themselves, "is damaged"),
    "one text in 20,000 cells of an .xlsb": (
        "xlsb",
        lambda: xlsb_shared(20_000, LONG),
        "more than 250,000,000 characters",
    ),
    "nothing but line ends": ("csv", lambda: lines(99_000_000), "more than 2,000,000 rows"),
    "nothing but commas": ("csv", lambda: b"," * 30_000_000, "more than 12,000,000 cells"),
}
"""For each: its ending, how it is made, and what its refusal says."""

READ: Mapping[str, tuple[str, Make]] = {
    "a long text in many cells": ("xlsx", lambda: shared(100_000, "x" * 2_000)),
    "a long text in many cells of an .ods": (
        "ods",
        lambda: table(ods_row(ods_text(LONG, 10), 700)),
    ),
    "a million cells in few words": ("ods", lambda: table(ods_row(ods_number(10), 100_000))),
    "an attribute of a million letters": (
        "xlsx",
        lambda: sheet(f'<row r="1"><c r="A1" x="{"a" * 1_000_000}"><v>1</v></c></row>'),
    ),
    "a merged area within bounds": ("xlsx", lambda: merged(100_000, "A1:J100000")),
}
"""Files that are large within the limits: they are read."""
