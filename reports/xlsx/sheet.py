"""One sheet of the workbook report: a table with its headings. No text can be a formula."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import MultiCellRange
    from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder, RowDimension
    from openpyxl.worksheet.filters import AutoFilter
    from openpyxl.worksheet.page import PrintPageSetup
    from openpyxl.worksheet.properties import WorksheetProperties

from engine.outcome import Status
from evidence.filenames import NO_TEXT
from evidence.visible import visible_lines
from reports import words

#: What a cell of the format can hold.
MAX_TEXT = 32_767
#: A sheet of the format can hold 65,530 links, and no row here has more than two.
LAST_LINKED_ROW = 32_000

#: The characters that stay readable across one printed page.
PAGE_CHARACTERS = 190

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

_LINE = Border(bottom=Side("thin", color="B1B8BE"))

# A text that starts so would run as a formula if somebody typed into its cell.
_RUNS = ("=", "+", "-", "@", "\t", "\r")

# The format reads _x0041_ as the letter A, so an underscore that starts such a thing is written
# as _x005F_ itself.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

# No XML can hold these, besides letters that are hidden and shown by their numbers.
_NOT_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a cell of a file of the evidence."""

    text: str
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class WebLink:
    """Text that leads to an address (evidence.cells.link_text)."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A status in other words than its own, in its colour."""

    status: Status
    text: str


#: A status of what was met after its deadline.
MET_LATE = Tag(Status.MET, "met late")

Value = str | int | datetime.date | Status | Tag | Link | WebLink | None
_Content = str | int | datetime.date | None
Thing = TypeVar("Thing")

#: A column of a list: its heading, its width in characters, and its value for each thing.
Column = tuple[str, int, Callable[[Thing], Value]]


class ReportBook(Workbook):
    """A workbook whose links lead into the folder ``evidence_at``: a path from where the workbook
    will lie, with / between its parts, '' for the same folder. Its rows go to the file as they are
    added: held together, those of a large office take a gigabyte."""

    _sheets: list[ReportSheet]  # openpyxl has it, but its types do not say so

    def __init__(self, evidence_at: str) -> None:
        super().__init__(write_only=True)
        self.properties.creator = words.WORKBOOK_CREATOR
        for style in _styles():
            self.add_named_style(style)
        self.evidence_at = quote(os.fsencode(evidence_at.rstrip("/") + "/")) if evidence_at else ""
        self._looks: dict[tuple[str, bool], int] = {}

    def look(self, style: str, *, marked: bool) -> int:
        """The number of a style in the file; ``marked`` for a text that is no formula. To look it
        up anew for each cell, as openpyxl does, takes as long as all the rest of the cell."""
        if (style, marked) not in self._looks:
            cell = WriteOnlyCell(self.worksheets[0])
            cell.style = style
            if marked:
                cell.quotePrefix = True
            self._looks[style, marked] = cell.style_id
        return self._looks[style, marked]


@dataclass(slots=True)
class _WrittenCell:
    """What openpyxl asks of a cell that it writes. A cell of its own would guess at each value: a
    text that starts with = would become a formula, '#N/A' an error."""

    parent: ReportSheet
    coordinate: str
    _value: _Content
    data_type: str
    style_id: int
    hyperlink: Hyperlink | None = None
    has_style = True
    _comment = None


class ReportSheet(WriteOnlyWorksheet):
    """A sheet that is written row by row, from the first to the last; widths, heights and what
    stays in sight are set before. A blank cell is left out."""

    # openpyxl gives a sheet these, but its types do not say so
    parent: ReportBook
    auto_filter: AutoFilter
    column_dimensions: DimensionHolder[str, ColumnDimension]
    merged_cells: MultiCellRange
    page_setup: PrintPageSetup
    row_dimensions: DimensionHolder[int, RowDimension]
    sheet_properties: WorksheetProperties

    def set_columns(self, widths: Iterable[int]) -> None:
        """Sets the widths of the first columns, and the line below their blank cells."""
        for number, width in enumerate(widths, 1):
            column = self.column_dimensions[get_column_letter(number)]
            column.width, column.border = width, _LINE

    def add_row(self, values: Iterable[Value], style: str = "plain") -> None:
        """Writes the next row: text as text whatever it starts with, days as dates, statuses in
        words and colour, links with where they lead."""
        self.append((style, values))

    def _values_to_row(
        self, values: tuple[str, Iterable[Value]], row_idx: int
    ) -> Iterator[_WrittenCell]:
        style, contents = values
        for number, value in enumerate(contents, 1):
            if value is not None and value != "":
                yield self._cell(f"{get_column_letter(number)}{row_idx}", value, style, row_idx)

    def _cell(self, coordinate: str, value: Value, row_style: str, row: int) -> _WrittenCell:
        book = self.parent
        content, kind, style = _content(value, row_style, row)
        marked = isinstance(content, str) and content.startswith(_RUNS)
        cell = _WrittenCell(self, coordinate, content, kind, book.look(style, marked=marked))
        if isinstance(value, Link) and style == "link":
            target, sheet_name = (
                book.evidence_at + quote(value.file),
                value.sheet.replace("'", "''"),
            )
            location = f"'{sheet_name}'!{value.cell}" if value.sheet and value.cell else None
            cell.hyperlink = Hyperlink(coordinate, target=target, location=location)
        if isinstance(value, WebLink) and style == "link":
            cell.hyperlink = Hyperlink(coordinate, target=value.address)
        return cell


def _styles() -> Iterator[NamedStyle]:
    left = Alignment("left", "top", wrap_text=True)
    middle = Alignment("center", "top")
    font, fill = partial(Font, "Arial", 10), partial(PatternFill, "solid")
    yield NamedStyle("plain", font(), None, _LINE, left)
    yield NamedStyle("day", font(), None, _LINE, left, "d mmmm yyyy")
    yield NamedStyle("number", font(), None, _LINE, middle, "#,##0")
    yield NamedStyle("link", font(u="single", color="1A5276"), None, _LINE, left)
    yield NamedStyle("head", font(b=True), fill("E4E8EB"), _LINE, left)
    yield NamedStyle("marking", font(b=True))
    yield NamedStyle("title", Font("Arial", 16, b=True))
    for status, (colour, ink) in COLOURS.items():
        yield NamedStyle(status.value, font(b=True, color=ink), fill(colour), _LINE, left)


def add_sheet(book: ReportBook, title: str, marking: str) -> ReportSheet:
    """A new sheet that prints on A4 across, with the marking above and below each page."""
    sheet = ReportSheet(book, title)
    book._sheets.append(sheet)
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
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
    sheet: ReportSheet,
    line: str,
    columns: Sequence[Column[Thing]],
    things: Iterable[Thing],
    empty: str,
) -> None:
    """Writes ``line`` above the heads, which stay in sight and filter, and a row for each thing
    below; where there are none, the sentence ``empty``."""
    sheet.set_columns([width for _, width, _ in columns])
    sheet.freeze_panes = "A3"
    sheet.add_row([line], "marking")
    sheet.add_row([head for head, _, _ in columns], "head")
    last = 2
    for thing in things:
        last += 1
        sheet.add_row([part(thing) for _, _, part in columns])
    if last == 2:
        sheet.add_row([empty], "marking")
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{last}"
    sheet.print_title_rows = "1:2"
    printed = _printed(columns)
    sheet.print_area = f"A1:{get_column_letter(printed)}{max(last, 3)}"


def _printed(columns: Sequence[Column[Thing]]) -> int:
    """The number of columns that fit the width of one printed page; at least one."""
    ends = accumulate(width for _, width, _ in columns)
    return max(1, sum(end <= PAGE_CHARACTERS for end in ends))


def _content(value: Value, style: str, row: int) -> tuple[_Content, str, str]:
    """The content of a cell, openpyxl's name for its type, and the name of its style."""
    if isinstance(value, Status):
        return words.STATUS[value], "s", value.value
    if isinstance(value, Tag):
        return value.text, "s", value.status.value
    if isinstance(value, str):
        return cell_text(value), "s", style
    if isinstance(value, Link):
        # nowhere, where no file is meant, or one whose name is no text
        leads = value.file and NO_TEXT not in value.file and row <= LAST_LINKED_ROW
        return cell_text(value.text), "s", "link" if leads else "plain"
    if isinstance(value, WebLink):
        return cell_text(value.text), "s", "link" if row <= LAST_LINKED_ROW else "plain"
    if isinstance(value, datetime.date) and value.year >= 1900:
        return value, "d", "day"
    if isinstance(value, int):
        return value, "n", "number"
    return cell_text(str(value)), "s", style  # a day before the format's first


def cell_text(text: str) -> str:
    """``text`` as a cell can hold it: no character that XML cannot, nothing that reads as an
    escape, and cut to the longest that the format takes. Hidden letters are shown by their
    numbers; line breaks and tabs stay."""
    if text.isprintable() and "_x" not in text and len(text) <= MAX_TEXT:
        return text  # as most is
    shown = "\t".join(map(visible_lines, _NOT_XML.sub("\ufffd", text).split("\t")))
    clean = _LOOKS_ESCAPED.sub("_x005F_", shown)
    return clean if len(clean) <= MAX_TEXT else clean[: MAX_TEXT - 12] + " ... (cut)"
