"""One sheet of the workbook report: a table with its heads, where no text can be a formula."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

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
from evidence.visible import visible_lines
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
    Status.NOT_ASSESSED: ("FBE6F0", "6B1144"),
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

# No XML can hold these, besides letters that are hidden and shown by their numbers.
_NOT_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a cell: ``file`` as a path from where the workbook lies."""

    text: str
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column's head and its width in characters."""

    head: str
    width: int


Value = str | int | datetime.date | Status | Link | None
_Held = str | int | datetime.date | None


@dataclass(frozen=True, slots=True)
class _Look:
    """A style as cells hold it, and its number among those that the workbook's cells have."""

    style: StyleArray
    number: int


class _Book(Workbook):
    """A workbook that knows what its cells look like: by the name of the style, and by whether the
    text is marked as one that is no formula. To look that up anew for each cell, as openpyxl does,
    takes as long as all the rest of the cell."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: dict[tuple[str, bool], _Look] = {}

    def look(self, style: str, *, marked: bool) -> _Look:
        """How a cell of that style looks."""
        found = self.looks.get((style, marked))
        return found or self.looks.setdefault((style, marked), self._look(style, marked=marked))

    def _look(self, style: str, *, marked: bool) -> _Look:
        cell = Cell(self.worksheets[0], 1, 1)
        cell.style = style
        if marked:
            cell.quotePrefix = True
        return _Look(cell._style, cell.style_id)  # type: ignore[attr-defined]


class _WrittenCell(Cell):
    """A cell that is made with all that is known of it. openpyxl guesses at each value, and a text
    that starts with = would become a formula, '#N/A' an error."""

    __slots__ = ("style_id",)  # openpyxl works it out each time

    has_style = True

    def __init__(
        self, sheet: Worksheet, row: int, column: int, value: _Held, kind: str, look: _Look
    ) -> None:
        super().__init__(sheet, row, column)
        self._value = value
        self.data_type = kind
        self._style = look.style
        self.style_id = look.number  # type: ignore[misc]


def new_workbook() -> _Book:
    """An empty workbook that knows the styles of :func:`put`."""
    book = _Book()
    book.remove(book.worksheets[0])
    book.properties.creator = "dueregard"
    for style in _styles():
        book.add_named_style(style)
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
    columns: Sequence[SheetColumn],
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
    book = sheet.parent
    assert isinstance(book, _Book)  # of new_workbook
    held, kind, look = _held(value, style, row)
    marked = isinstance(held, str) and held.startswith(_RUNS)
    cell = _WrittenCell(sheet, row, column, held, kind, book.look(look, marked=marked))
    if isinstance(value, Link) and look == "link":
        cell.hyperlink = Hyperlink(cell.coordinate, target=value.file, location=_location(value))
    sheet._cells[row, column] = cell


def _held(value: Value, style: str, row: int) -> tuple[_Held, str, str]:
    """What a cell holds of the value, openpyxl's name for what that is, and the style's name."""
    if value is None or value == "":
        return None, "n", style
    if isinstance(value, Status):
        return words.STATUS[value], "s", value.value
    if isinstance(value, str):
        return cell_text(value), "s", style
    if isinstance(value, Link):
        leads = bool(value.file) and row <= LAST_LINKED_ROW
        return cell_text(value.text), "s", "link" if leads else "plain"
    if isinstance(value, datetime.date) and value.year >= 1900:
        return value, "d", "day"
    if isinstance(value, int):
        return value, "n", "number"
    return cell_text(str(value)), "s", style  # a day before the format's first


def cell_text(text: str) -> str:
    """``text`` as a cell can hold it: no character that XML cannot, nothing that reads as an
    escape, and cut to the longest that the format takes."""
    if text.isprintable() and "_x" not in text and len(text) <= MAX_TEXT:
        return text  # as most is
    clean = _LOOKS_ESCAPED.sub("_x005F_", _visible(_NOT_XML.sub("\ufffd", text)))
    return clean if len(clean) <= MAX_TEXT else clean[: MAX_TEXT - 12] + " ... (cut)"


def _visible(text: str) -> str:
    """Hidden letters by their numbers; a cell keeps its line breaks and tabs."""
    return "\t".join(map(visible_lines, text.split("\t")))


def _location(link: Link) -> str | None:
    if not (link.sheet and link.cell):
        return None
    sheet = link.sheet.replace("'", "''")
    return f"'{sheet}'!{link.cell}"
