"""One sheet of the workbook report: a table with its heads, where no text can be a formula."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from engine.outcome import Status
from reports import words

#: What a cell of the format can hold.
MAX_TEXT = 32_767
#: A sheet of the format can hold 65,530 links, and no row here has more than two.
LAST_LINKED_ROW = 32_000

#: About what stays readable across one printed page.
PAGE_CHARACTERS = 150

#: Fill and ink of each status; the word always stands in the cell too.
COLOURS = {
    Status.OVERDUE: ("942514", "FFFFFF"),
    Status.CANNOT_TELL: ("4C2C92", "FFFFFF"),
    Status.DUE: ("FFF1C2", "4A3600"),
    Status.MET: ("DCF2E4", "00512B"),
    Status.NOT_YET_DUE: ("E3EEF9", "0C3A66"),
    Status.WAIVED: ("E6F0F0", "1A4444"),
    Status.NOT_APPLICABLE: ("F3F4F5", "333C43"),
}

# A text that starts so would run as a formula if somebody typed into its cell.
_RUNS = ("=", "+", "-", "@", "\t", "\r")

# The format reads _x0041_ as the letter A, so an underscore that starts such a thing is written
# as _x005F_ itself.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

# No XML can hold these, nor the halves of a character outside the first plane.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a cell: ``file`` as a path from where the workbook lies."""

    text: str
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and its width in characters."""

    head: str
    width: int


Value = str | int | datetime.date | Status | Link | None

#: What each workbook writes for each of its styles; to look one up by its name for every cell took
#: as long as all the rest of the cell.
_LOOKS: WeakKeyDictionary[Workbook, dict[str, StyleArray]] = WeakKeyDictionary()


def new_workbook() -> Workbook:
    """An empty workbook that knows the styles of :func:`put`."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "dueregard"
    for style in _styles():
        book.add_named_style(style)
    corner = book.create_sheet("styles").cell(1, 1)
    _LOOKS[book] = {}
    for name in book.named_styles:
        corner.style = name
        _LOOKS[book][name] = corner._style
    book.remove(book["styles"])
    return book


def _styles() -> Iterator[NamedStyle]:
    line = Border(bottom=Side("thin", color="B1B8BE"))
    left = Alignment("left", "top", wrap_text=True)
    middle = Alignment("center", "top")
    yield NamedStyle("plain", _font(), None, line, left)
    yield NamedStyle("day", _font(), None, line, left, "d mmmm yyyy")
    yield NamedStyle("number", _font(), None, line, middle, "#,##0")
    yield NamedStyle("link", _font("1A5276", underline="single"), None, line, left)
    yield NamedStyle("head", _font(bold=True), _fill("E4E8EB"), line, left)
    yield NamedStyle("marking", _font(bold=True))
    yield NamedStyle("title", _font(bold=True, size=16))
    for status, (fill, ink) in COLOURS.items():
        yield NamedStyle(status.value, _font(ink, bold=True), _fill(fill), line, left)


def _font(
    color: str | None = None,
    *,
    bold: bool = False,
    size: int = 10,
    underline: Literal["single"] | None = None,
) -> Font:
    return Font("Arial", size, b=bold, u=underline, color=color)


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", color)


def add_sheet(book: Workbook, title: str, marking: str) -> Worksheet:
    """A new sheet that prints on A4 across, with the marking above and below each page."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.HeaderFooter.scaleWithDoc = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    shown = marking.replace("&", "&&")
    sheet.oddHeader = HeaderFooterItem(center=_HeaderFooterPart(shown))
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(title),
        center=_HeaderFooterPart(shown),
        right=_HeaderFooterPart("&P of &N"),
    )
    return sheet


def table(
    sheet: Worksheet,
    line: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    empty: str,
) -> None:
    """Writes ``line`` above the heads, which stay in sight and filter, and the rows below; where
    there are none, the sentence ``empty``."""
    put(sheet, 1, 1, line, "marking")
    for number, column in enumerate(columns, 1):
        put(sheet, 2, number, column.head, "head")
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    last = 2
    for last, row in enumerate(rows, 3):
        for number, value in enumerate(row, 1):
            put(sheet, last, number, value)
    if last == 2:
        put(sheet, 3, 1, empty, "marking")
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{last}"
    sheet.freeze_panes = "A3"
    sheet.print_title_rows, sheet.print_title_cols = "1:2", "A:A"
    across = sum(column.width for column in columns)
    sheet.page_setup.fitToWidth = 1 + across // PAGE_CHARACTERS


def put(sheet: Worksheet, row: int, column: int, value: Value, style: str = "plain") -> None:
    """Writes one value: text as text whatever it starts with, days as dates, statuses in words
    and colour, links with where they lead."""
    cell: Cell = sheet.cell(row, column)  # type: ignore[assignment]
    if isinstance(value, Status):
        _text(cell, words.STATUS[value], value.value)
    elif isinstance(value, Link):
        _link(cell, value)
    elif isinstance(value, datetime.date) and value.year >= 1900:
        cell.value = value
        _look(cell, "day")
    elif isinstance(value, int):
        cell.value = value
        _look(cell, "number")
    elif value is None or value == "":
        _look(cell, style)
    else:
        _text(cell, str(value), style)


def _look(cell: Cell, style: str) -> None:
    book = cell.parent.parent
    assert book is not None  # a cell of ours always has one
    cell._style = copy(_LOOKS[book][style])  # type: ignore[attr-defined]


def _text(cell: Cell, text: str, style: str) -> None:
    cell.value = cell_text(text)
    cell.data_type = "s"  # else a text that starts with = is a formula, and '#N/A' an error
    _look(cell, style)
    if text.startswith(_RUNS):
        cell.quotePrefix = True


def cell_text(text: str) -> str:
    """``text`` as a cell can hold it: no character that XML cannot, nothing that reads as an
    escape, and cut to the longest that the format takes."""
    clean = _LOOKS_ESCAPED.sub("_x005F_", _NOT_XML.sub("\ufffd", text))
    return clean if len(clean) <= MAX_TEXT else clean[: MAX_TEXT - 12] + " ... (cut)"


def _link(cell: Cell, link: Link) -> None:
    leads = bool(link.file) and cell.row <= LAST_LINKED_ROW
    _text(cell, link.text, "link" if leads else "plain")
    if leads:
        cell.hyperlink = Hyperlink(cell.coordinate, target=link.file, location=_location(link))


def _location(link: Link) -> str | None:
    if not (link.sheet and link.cell):
        return None
    sheet = link.sheet.replace("'", "''")
    return f"'{sheet}'!{link.cell}"
