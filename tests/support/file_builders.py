"""Makes small real files of each format from one description, byte by byte where no library can.

One :class:`Sheet` can be written as .xlsx, .xlsb, .xls or .ods, so that a test may ask that all
of them are read alike.
"""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from evidence.book_marks import ERROR_WORDS
from evidence.raw_cells import Area, RowColumn, cell_name

ERROR_CODES = {word: code for code, word in ERROR_WORDS.items()}
_EPOCHS = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}


@dataclass(frozen=True)
class Wrong:
    """A cell that shows an error, put there by a formula or not."""

    word: str
    by_formula: bool = False


@dataclass(frozen=True)
class Formula:
    """A formula and its stored result; None where the file holds none."""

    text: str
    result: float | str | None


Cell = str | float | bool | datetime.date | Wrong | Formula


@dataclass(frozen=True)
class Sheet:
    """One sheet to be written; rows and columns from 1."""

    name: str
    cells: Mapping[RowColumn, Cell]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Area, ...] = ()

    def rows(self) -> list[int]:
        """The numbers of the rows that hold a cell or are hidden."""
        return sorted({row for row, _ in self.cells} | self.hidden_rows)

    def row(self, row: int) -> list[tuple[int, Cell]]:
        """The cells of one row, from the left."""
        return sorted(((c, cell) for (r, c), cell in self.cells.items() if r == row), key=_column)


def _column(pair: tuple[int, Cell]) -> int:
    return pair[0]


def serial(day: datetime.date, date1904: bool = False) -> int:
    """The number that a spreadsheet keeps for a day from March 1900 on."""
    return (day - _EPOCHS[date1904]).days


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return buffer.getvalue()


# .xlsx -------------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xlsx(*sheets: Sheet, date1904: bool = False, recalculate: bool = False) -> bytes:
    """An .xlsx of these sheets."""
    bodies = {sheet.name: sheet_xml(sheet, date1904) for sheet in sheets}
    hidden = {sheet.name for sheet in sheets if sheet.hidden}
    return xlsx_of(bodies, hidden, date1904=date1904, recalculate=recalculate)


def xlsx_of(
    bodies: Mapping[str, str],
    hidden: frozenset[str] | set[str] = frozenset(),
    date1904: bool = False,
    recalculate: bool = False,
) -> bytes:
    """An .xlsx of worksheet parts that are given as XML."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for n, name in enumerate(bodies, 1)
    )
    properties = '<workbookPr date1904="1"/>' if date1904 else "<workbookPr/>"
    asked = '<calcPr calcId="1" fullCalcOnLoad="1"/>' if recalculate else ""
    book = (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_RELATION}">{properties}'
        f"<sheets>{listed}</sheets>{asked}</workbook>"
    )
    parts = {f"worksheets/sheet{n}.xml": "worksheet" for n in range(1, len(bodies) + 1)}
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types("/xl/workbook.xml", sheet),
        "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations(parts | {"styles.xml": "styles"}),
        "xl/styles.xml": (
            f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
        ),
    }
    for part, body in zip(parts, bodies.values(), strict=True):
        members[f"xl/{part}"] = body
    return zipped(members)


def with_texts(data: bytes, texts: str) -> bytes:
    """An .xlsx made here, with a list of shared texts."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    relations = "xl/_rels/workbook.xml.rels"
    one = f'<Relationship Id="texts" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
    named = members[relations].decode().replace("</Relationships>", one + "</Relationships>")
    return zipped({**members, relations: named, "xl/sharedStrings.xml": texts})


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    """A worksheet part around rows that are given as XML."""
    rows = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{HEAD}<worksheet xmlns="{MAIN}">{rows}</worksheet>'


def sheet_xml(sheet: Sheet, date1904: bool = False) -> str:
    """The worksheet part of a sheet."""
    rows = ""
    for row in sheet.rows():
        hidden = ' hidden="1"' if row in sheet.hidden_rows else ""
        cells = "".join(_cell_xml(cell_name(row, c), v, date1904) for c, v in sheet.row(row))
        rows += f'<row r="{row}"{hidden}>{cells}</row>'
    merged = "".join(
        f'<mergeCell ref="{cell_name(top, left)}:{cell_name(bottom, right)}"/>'
        for top, left, bottom, right in sheet.merged
    )
    columns = "".join(
        f'<col min="{column}" max="{column}" width="9" hidden="1" customWidth="1"/>'
        for column in sorted(sheet.hidden_columns)
    )
    after = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return worksheet(rows, after, f"<cols>{columns}</cols>" if columns else "")


def _cell_xml(at: str, cell: Cell, date1904: bool) -> str:
    match cell:
        case Wrong(word, by_formula):
            formula = "<f>1/0</f>" if by_formula else ""
            return f'<c r="{at}" t="e">{formula}<v>{word}</v></c>'
        case Formula(text, None):
            return f'<c r="{at}"><f>{escape(text)}</f></c>'
        case Formula(text, str() as result):
            return f'<c r="{at}" t="str"><f>{escape(text)}</f><v>{escape(result)}</v></c>'
        case Formula(text, result):
            return f'<c r="{at}"><f>{escape(text)}</f><v>{result}</v></c>'
        case bool():
            return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
        case str():
            text = f'<t xml:space="preserve">{escape(cell)}</t>'
            return f'<c r="{at}" t="inlineStr"><is>{text}</is></c>'
        case datetime.date():
            return f'<c r="{at}" s="1"><v>{serial(cell, date1904)}</v></c>'
    return f'<c r="{at}"><v>{cell}</v></c>'


def _relations(parts: Mapping[str, str]) -> str:
    body = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(parts.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def _content_types(part: str, kind: str) -> str:
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Override PartName="{part}" ContentType="{kind}"/></Types>'
    )


# .xlsb -------------------------------------------------------------------------------------------


def xlsb(*sheets: Sheet, date1904: bool = False) -> bytes:
    """An .xlsb of these sheets. Formulas are written as their results, which must be numbers."""
    listed = b"".join(
        brt(156, struct.pack("<II", sheet.hidden, n) + wide(f"rId{n}") + wide(sheet.name))
        for n, sheet in enumerate(sheets, 1)
    )
    properties = brt(153, struct.pack("<II", 1 if date1904 else 0, 0) + wide(""))
    book = brt(131) + properties + brt(143) + listed + brt(144) + brt(132)
    formats = b"".join(brt(47, struct.pack("<HH12x", 0xFFFF, number)) for number in (0, 14))
    styles = brt(278) + brt(617, struct.pack("<I", 2)) + formats + brt(618) + brt(279)
    parts = {f"worksheets/sheet{n}.bin": "worksheet" for n in range(1, len(sheets) + 1)}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(
            "/xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
        ),
        "_rels/.rels": _relations({"xl/workbook.bin": "officeDocument"}),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": _relations(parts | {"styles.bin": "styles"}),
        "xl/styles.bin": styles,
    }
    for part, sheet in zip(parts, sheets, strict=True):
        members[f"xl/{part}"] = _xlsb_sheet(sheet, date1904)
    return zipped(members)


def brt(kind: int, data: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    size = b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return number + size + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_sheet(sheet: Sheet, date1904: bool) -> bytes:
    rows = b""
    for row in sheet.rows():
        flags = 0x10 if row in sheet.hidden_rows else 0
        rows += brt(0, struct.pack("<IIHBBBI", row - 1, 0, 300, 0, flags, 0, 0))
        rows += b"".join(_xlsb_cell(column, cell, date1904) for column, cell in sheet.row(row))
    size = _size(sheet)
    merged = b"".join(
        brt(176, struct.pack("<4I", top - 1, bottom - 1, left - 1, right - 1))
        for top, left, bottom, right in sheet.merged
    )
    merges = brt(177, struct.pack("<I", len(sheet.merged))) + merged + brt(178)
    columns = b"".join(
        brt(60, struct.pack("<4IH", column - 1, column - 1, 2304, 0, 1))
        for column in sorted(sheet.hidden_columns)
    )
    columns = brt(390) + columns + brt(391) if columns else b""
    body = brt(129) + brt(148, struct.pack("<4I", *size)) + columns
    body += brt(145) + rows + brt(146)
    return body + (merges if merged else b"") + brt(130)


def _size(sheet: Sheet) -> tuple[int, int, int, int]:
    rows = [row - 1 for row, _ in sheet.cells] or [0]
    columns = [column - 1 for _, column in sheet.cells] or [0]
    return min(rows), max(rows), min(columns), max(columns)


def _xlsb_cell(column: int, cell: Cell, date1904: bool) -> bytes:
    head = struct.pack("<II", column - 1, 1 if isinstance(cell, datetime.date) else 0)
    no_formula = struct.pack("<HII", 0, 0, 0)
    match cell:
        case Wrong(word, by_formula):
            code = bytes([ERROR_CODES[word]])
            return brt(11, head + code + no_formula) if by_formula else brt(3, head + code)
        case Formula(_, float() | int() as result):
            return brt(9, head + struct.pack("<d", result) + no_formula)
        case bool():
            return brt(4, head + bytes([cell]))
        case str():
            return brt(6, head + wide(cell))
        case datetime.date():
            return brt(5, head + struct.pack("<d", serial(cell, date1904)))
        case float() | int():
            return brt(5, head + struct.pack("<d", cell))
    raise TypeError(cell)


# .xls --------------------------------------------------------------------------------------------


def xls(*sheets: Sheet, date1904: bool = False, small: bool = False, locked: bool = False) -> bytes:
    """An .xls (BIFF8) of these sheets; ``small`` keeps its stream among the small ones."""
    stream = xls_stream(sheets, date1904, locked)
    return compound({"Workbook": stream}, small=small)


def xls_stream(sheets: tuple[Sheet, ...], date1904: bool = False, locked: bool = False) -> bytes:
    """The records of an .xls."""
    formats = b"".join(biff(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 14))
    start = biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1996, 0, 0x600))
    if locked:
        start += biff(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    start += biff(0x42, struct.pack("<H", 1200)) + biff(0x22, struct.pack("<H", date1904))
    start += formats
    bodies = [_xls_sheet(sheet, date1904) for sheet in sheets]
    names = [struct.pack("<BBBB", s.hidden, 0, len(s.name), 0) + s.name.encode() for s in sheets]
    at = len(start) + sum(len(name) + 8 for name in names) + 4
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += biff(0x85, struct.pack("<I", at) + name)
        at += len(body)
    return start + listed + biff(0x0A) + b"".join(bodies)


def biff(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls_sheet(sheet: Sheet, date1904: bool) -> bytes:
    body = biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1996, 0, 0x600))
    first_row, last_row, first_column, last_column = _size(sheet)
    size = struct.pack("<IIHHH", first_row, last_row + 1, first_column, last_column + 1, 0)
    for column in sorted(sheet.hidden_columns):
        body += biff(0x7D, struct.pack("<6H", column - 1, column - 1, 2304, 15, 1, 0))
    body += biff(0x200, size)
    for row in sheet.rows():
        flags = 0x20 if row in sheet.hidden_rows else 0
        body += biff(0x208, struct.pack("<HHHHHHBBH", row - 1, 0, 9, 300, 0, 0, flags, 1, 0))
    for row in sheet.rows():
        body += b"".join(_xls_cell(row, column, cell, date1904) for column, cell in sheet.row(row))
    if sheet.merged:
        areas = [struct.pack("<4H", t - 1, b - 1, le - 1, r - 1) for t, le, b, r in sheet.merged]
        body += biff(0xE5, struct.pack("<H", len(areas)) + b"".join(areas))
    return body + biff(0x0A)


def _xls_cell(row: int, column: int, cell: Cell, date1904: bool) -> bytes:
    head = struct.pack("<HHH", row - 1, column - 1, 1 if isinstance(cell, datetime.date) else 0)
    match cell:
        case Wrong(word, by_formula):
            code = ERROR_CODES[word]
            if by_formula:
                result = bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])
                return biff(0x06, head + result + struct.pack("<HIH", 0, 0, 0))
            return biff(0x205, head + bytes([code, 1]))
        case Formula(_, float() | int() as result):
            return biff(0x06, head + struct.pack("<dHIH", result, 0, 0, 0))
        case bool():
            return biff(0x205, head + bytes([cell, 0]))
        case str():
            text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
            return biff(0x204, head + text)
        case datetime.date():
            return biff(0x203, head + struct.pack("<d", serial(cell, date1904)))
        case float() | int():
            return biff(0x203, head + struct.pack("<d", cell))
    raise TypeError(cell)


_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass
class _Sectors:
    """The sectors of a compound file under construction, and the chain through them."""

    data: bytes = b""
    after: list[int] = field(default_factory=list)

    def add(self, data: bytes, size: int = 512) -> int:
        """Append data in whole sectors; the number of the first."""
        start = len(self.after)
        count = -(-len(data) // size)
        self.data += data.ljust(count * size, b"\0")
        self.after += [*range(start + 1, start + count), _END]
        return start


def compound(streams: Mapping[str, bytes], small: bool = False) -> bytes:
    """A compound file with these streams at its root, in its small sectors or its ordinary ones."""
    sectors, little = _Sectors(), _Sectors()
    entries = b""
    for number, (name, data) in enumerate(streams.items(), 1):
        start = little.add(data, 64) if small else sectors.add(data.ljust(4096, b"\0"))
        size = len(data) if small else max(len(data), 4096)
        last = number == len(streams)
        entries += _entry(name, 2, _FREE if last else number + 1, _FREE, start, size)
    held = sectors.add(little.data) if small else _END
    links = sectors.add(struct.pack(f"<{len(little.after)}I", *little.after)) if small else _END
    root = _entry("Root Entry", 5, _FREE, 1, held, len(little.data))
    unused = bytes(-(len(root) + len(entries)) % 512)
    directory = sectors.add(root + entries + unused)
    tables = -(-(len(sectors.after) + 1) // 127)
    first = len(sectors.after)
    chain = sectors.after + [_TABLE] * tables
    chain += [_FREE] * (tables * 128 - len(chain))
    table = struct.pack(f"<{len(chain)}I", *chain)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack(
        "<IIIIIIIIII", 0, tables, directory, 0, 4096, links, small, _END, 0, first
    )
    header += struct.pack("<108I", *range(first + 1, first + tables), *[_FREE] * (109 - tables))
    return header + sectors.data + table


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(wide), kind, 1, _FREE, right, child)
    return wide.ljust(64, b"\0") + links + bytes(36) + struct.pack("<III", start, size, 0)


# .ods --------------------------------------------------------------------------------------------

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = (
    f'xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" xmlns:text="{_ODF}:text:1.0"'
    f' xmlns:style="{_ODF}:style:1.0" xmlns:draw="{_ODF}:drawing:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    f' xmlns:of="{_ODF}:of:1.2"'
)


def ods(*sheets: Sheet, locked: bool = False) -> bytes:
    """An .ods of these sheets."""
    return ods_of("".join(map(_table, sheets)), locked)


def ods_of(tables: str, locked: bool = False) -> bytes:
    """An .ods of tables that are given as XML."""
    hiding = (
        '<office:automatic-styles><style:style style:name="hid" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    encrypted = "<manifest:encryption-data/>" if locked else ""
    return zipped(
        {
            "mimetype": _ODS_KIND,
            "content.xml": (
                f'{HEAD}<office:document-content {_ODS_NAMES} office:version="1.3">{hiding}'
                f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
                "</office:document-content>"
            ),
            "META-INF/manifest.xml": (
                f'{HEAD}<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_KIND}"/>'
                '<manifest:file-entry manifest:full-path="content.xml"'
                f' manifest:media-type="text/xml">{encrypted}</manifest:file-entry>'
                "</manifest:manifest>"
            ),
        }
    )


def _table(sheet: Sheet) -> str:
    spans = {(top, left): (b - top + 1, r - left + 1) for top, left, b, r in sheet.merged}
    body, next_row = _ods_columns(sheet), 1
    for row in sheet.rows():
        if row > next_row:
            body += f'<table:table-row table:number-rows-repeated="{row - next_row}"/>'
        hidden = ' table:visibility="collapse"' if row in sheet.hidden_rows else ""
        body += f"<table:table-row{hidden}>{_ods_cells(sheet, row, spans)}</table:table-row>"
        next_row = row + 1
    style = ' table:style-name="hid"' if sheet.hidden else ""
    return f"<table:table table:name={quoteattr(sheet.name)}{style}>{body}</table:table>"


def _ods_columns(sheet: Sheet) -> str:
    columns, following = "", 1
    for column in sorted(sheet.hidden_columns):
        if column > following:
            shown = column - following
            columns += f'<table:table-column table:number-columns-repeated="{shown}"/>'
        columns += '<table:table-column table:visibility="collapse"/>'
        following = column + 1
    return columns


def _ods_cells(sheet: Sheet, row: int, spans: Mapping[RowColumn, tuple[int, int]]) -> str:
    cells, next_column = "", 1
    for column, cell in sheet.row(row):
        gap = column - next_column
        if gap:
            cells += f'<table:table-cell table:number-columns-repeated="{gap}"/>'
        down, across = spans.get((row, column), (1, 1))
        span = ""
        if (row, column) in spans:
            span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
        attributes, text = _ods_cell(cell)
        cells += f"<table:table-cell{attributes}{span}>{text}</table:table-cell>"
        next_column = column + 1
    return cells


def _ods_cell(cell: Cell) -> tuple[str, str]:
    match cell:
        case Wrong(word, _):
            kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
            return f' table:formula="of:=1/0" {kind}', f"<text:p>{word}</text:p>"
        case Formula(text, None):
            return f" table:formula={quoteattr('of:=' + text)}", ""
        case Formula(text, ""):
            return f" table:formula={quoteattr('of:=' + text)}", "<text:p/>"
        case Formula(text, result):
            attributes, shown = _ods_cell(result if result is not None else "")
            return f" table:formula={quoteattr('of:=' + text)}{attributes}", shown
        case bool():
            value = str(cell).lower()
            return f' office:value-type="boolean" office:boolean-value="{value}"', ""
        case str():
            return ' office:value-type="string"', f"<text:p>{escape(cell)}</text:p>"
        case datetime.date():
            return f' office:value-type="date" office:date-value="{cell.isoformat()}"', ""
    return f' office:value-type="float" office:value="{cell}"', f"<text:p>{cell}</text:p>"
