"""One pass over the XML of .xlsx and .xlsm for what the reading library does not tell.

That is: hidden rows and columns, error cells, formulas without a stored result, the rectangle of
filled cells and the date system. A sheet has a million cells and few marks, so the marks are
searched for, not parsed; a sheet whose marks are not all written the usual way is parsed instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from evidence.marks import MAX_CELLS, BookMarks, Extent, SheetMarks, damaged
from evidence.package import Package, attribute, local, main_part, refuse_doctype, related
from evidence.sheetparse import TRUE, column_number, hidden_columns, is_unstored, parse_sheet

#: No row of a sheet has a number of more figures.
_FIGURES = 7

# A row or cell whose own address does not come first, a comment or the like, a prefix.
_UNUSUAL = re.compile(rb'<(?:(?:c|row)(?! r=")[\s/>]|!|[\w.-]+:sheetData)')
_ROW_OR_CELL = re.compile(rb"<(?:c|row)[\s/>]")
_ROW = re.compile(rb'<row r="([0-9]+)"')
_COLUMN = re.compile(rb'<c r="([A-Z]+)')

# What tells that there is a mark. Each begins with letters, which makes a search ten times faster.
_FORMULA = re.compile(rb"<f[\s/>]")
_ERROR = re.compile(rb"""t\s*=\s*["']e["']""")
_HIDDEN = re.compile(rb"""hidden\s*=\s*["'](?:1|true|on)["']""")
_FLAT = re.compile(rb"""ht(?<![A-Za-z]ht)\s*=\s*["']0+(?:\.0*)?["']""")

# The same marks as the usual programs write them.
_F = rb"<f(?:[^>]*/>|[^>]*>[^<]*</f>)"
_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^>]*)>' + _F + rb"(?:<v>([^<]*)</v>|(<v ?/>)|</c>)"
)
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*? t="e"[^>]*>(?:' + _F + rb")?<v>([^<&]+)</v>"
)
_TEXTS = re.compile(rb"""uniqueCount\s*=\s*["']([0-9]+)""")
_KIND = re.compile(rb' t="([A-Za-z]+)"')
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*? hidden="(?:1|true|on)"')
_COLUMNS = re.compile(rb"<col\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([A-Za-z]+)\s*=\s*["']([^"']*)["']""")


def book_marks(package: Package) -> BookMarks:
    """The marks of every sheet of an .xlsx or .xlsm, in the workbook's order.

    Stops (:class:`evidence.marks.OpeningStop`) when a part is missing or damaged.
    """
    part = main_part(package, "xl/workbook.xml")
    book = package.xml(part)
    parts = related(package, part)
    recalculate = _flag(book, "calcPr", "fullCalcOnLoad")
    for kind, target in parts.values():
        if kind == "sharedStrings" and target in package:
            _check_texts(package.read(target), target)
    sheets = [
        (attribute(element, "name"), *parts.get(attribute(element, "id"), ("", "?")))
        for element in book.iter()
        if local(element.tag) == "sheet"
    ]
    marks = tuple(
        _sheet_marks(package, target, name, recalculate)
        if kind == "worksheet"
        else SheetMarks(name)
        for name, kind, target in sheets
    )
    package.check_rest([part, *(target for _, kind, target in sheets if kind == "worksheet")])
    return BookMarks(_flag(book, "workbookPr", "date1904"), marks)


def _check_texts(data: bytes, part: str) -> None:
    """Stop at a list of texts that says it holds more than it can: the reading library would set
    memory aside for all of them, and end the program where there is less."""
    said = _TEXTS.search(data[:4096])
    if said and int(said[1][:12]) > max(len(data), 1_000_000):
        raise damaged(f"its part '{part}' gives a number of texts that cannot be")


def _flag(book: ET.Element, tag: str, name: str) -> bool:
    return any(attribute(e, name) in TRUE for e in book.iter() if local(e.tag) == tag)


def _sheet_marks(package: Package, part: str, name: str, recalculate: bool) -> SheetMarks:
    data = package.read(part)
    refuse_doctype(data, part)
    try:
        found = search_sheet(data, recalculate)
    except ValueError as error:  # an address of thousands of figures
        raise damaged(f"its part '{part}' has a cell without an address") from error
    marks = parse_sheet(data, part, recalculate) if found is None else found
    marks.name = name
    return marks


def search_sheet(data: bytes, recalculate: bool = False) -> SheetMarks | None:
    """The marks of one worksheet part, searched for; None where it must be parsed. The extent
    takes in cells that have a style and nothing else: it is never too small.

    ``recalculate`` as in :func:`evidence.sheetparse.parse_sheet`.
    """
    if b"<sheetData" not in data or _FLAT.search(data):
        return None
    extent = _usual_extent(data) or _extent(data)
    if extent is None or extent.cells() > MAX_CELLS:
        return None
    marks = SheetMarks(extent=extent)
    explained = (
        _find_errors(data, marks),
        _find_unstored(data, marks, recalculate),
        _find_hidden(data, marks),
    )
    return marks if all(explained) else None


def _extent(data: bytes) -> Extent | None:
    """The rectangle of all cells, empty ones with a style included: never too small. None where a
    row or cell is not written the usual way."""
    if _UNUSUAL.search(data):
        return None
    extent = _spanned(list(map(int, _ROW.findall(data))), _COLUMN.findall(data))
    # a cell's address counts, not its row's: they differ only where a file is damaged
    figures = len(str(extent.last_row)) + 1
    return None if re.search(rb'<c r="[A-Z]+[0-9]{%d}' % figures, data) else extent


def _usual_extent(data: bytes) -> Extent | None:
    """The same in half the time where it is enough to count: between the ends of the cells every
    row and cell is written the usual way, there is no comment, and none stands elsewhere."""
    begins, ends = data.find(b"<sheetData"), data.rfind(b"</sheetData")
    if ends < 0 or b"<!" in data or b":sheetData" in data:
        return None
    if any(_ROW_OR_CELL.search(part) for part in (data[:begins], data[ends:])):
        return None
    told = _ROW.findall(data, begins, ends)
    if max(map(len, told), default=0) > _FIGURES:
        return None
    rows = list(map(int, told))
    figures = len(str(max(rows, default=0)))
    columns = re.compile(rb'<c r="([A-Z]+)[0-9]{1,%d}"' % figures).findall(data, begins, ends)
    found = data.count(b"<row", begins, ends), data.count(b"<c", begins, ends)
    return _spanned(rows, columns) if found == (len(rows), len(columns)) else None


def _spanned(rows: Sequence[int], columns: Sequence[bytes]) -> Extent:
    """The rectangle over these rows and columns (by their letters)."""
    numbers = [column_number(letters.decode()) for letters in set(columns)]
    if not rows or not numbers:
        return Extent()
    return Extent(min(rows), min(numbers), max(rows), max(numbers))


def _find_errors(data: bytes, marks: SheetMarks) -> bool:
    """Note the error cells; whether that explains every sign of one."""
    if _ERROR.search(data) is None:
        return True
    for letters, row, text in _ERROR_CELL.findall(data):
        marks.errors[int(row), column_number(letters.decode())] = text.decode().strip()
    return len(marks.errors) == len(_ERROR.findall(data))


def _find_unstored(data: bytes, marks: SheetMarks, recalculate: bool) -> bool:
    """Note the formulas without a result; whether that explains every formula."""
    if _FORMULA.search(data) is None:
        return True
    seen = 0
    for cell in _FORMULA_CELL.finditer(data):
        seen += 1
        text = cell[4]
        if text and not (recalculate and text == b"0"):
            continue
        kind = _KIND.search(cell[3])
        has_value = text is not None or cell[5] is not None
        named = kind[1].decode() if kind else None
        if is_unstored(named, has_value, (text or b"").decode(), recalculate):
            marks.unstored.add((int(cell[2]), column_number(cell[1].decode())))
    return seen == len(_FORMULA.findall(data))


def _find_hidden(data: bytes, marks: SheetMarks) -> bool:
    """Note the hidden rows and columns; whether that explains every sign of something hidden."""
    columns = _COLUMNS.findall(data[: data.index(b"<sheetData")])
    for column in columns:
        said = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(column)}
        marks.hidden_columns += hidden_columns(said)
    if _HIDDEN.search(data) is None:
        return True
    marks.hidden_rows.update(map(int, _HIDDEN_ROW.findall(data)))
    known = len(marks.hidden_rows) + sum(1 for each in columns if _HIDDEN.search(each))
    return known == len(_HIDDEN.findall(data))
