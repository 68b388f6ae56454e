"""How the sheets of the blank workbook look and print."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from textwrap import wrap

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

_FACE = "Calibri"  # a font without a name is another one in some programs
BOLD = Font(name=_FACE, size=11, bold=True)
WHITE = Font(name=_FACE, size=11, bold=True, color="FFFFFFFF")
TITLE = Font(name=_FACE, size=14, bold=True)
LINK = Font(name=_FACE, size=11, color="FF0563C1", underline="single")
CODE = Font(name="Courier New", size=11)
HEADING = PatternFill("solid", fgColor="FFD9E2F3")
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(horizontal="center", vertical="top")

#: The row of a register's sheet with its headings.
HEADING_ROW = 2
#: The first row below the headings.
FIRST_ROW = 3

#: The height of a line of text, in points.
_LINE = 15.0


def write(
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | int | datetime.date | None,
    font: Font | None = None,
) -> Cell:
    """Writes a cell; a text as a text, whatever it begins with."""
    cell = sheet.cell(row, column, value)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.alignment = WRAPPED
    if font is not None:
        cell.font = font
    return cell


def link(cell: Cell, sheet: str) -> None:
    """Makes a cell lead to a sheet, and look so."""
    cell.font = LINK
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1", display=sheet)


def height_of(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row in which each of these texts is in a cell of this width, counted in
    figures. A spreadsheet finds it by itself, but not for merged cells."""
    lines = (
        # letters are narrower than figures
        sum(max(1, len(wrap(line, max(1, int(width * 1.05))))) for line in text.split("\n"))
        for text, width in texts
    )
    return _LINE * max(lines, default=1) + 2


def print_on(sheet: Worksheet, *, upright: bool = False, pages: int) -> None:
    """Prints one page wide, on A4, and at most so many ``pages`` long; 0 for as many as it
    takes."""
    sheet.page_setup.orientation = "portrait" if upright else "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = pages
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.7, footer=0.3)
    name = _HeaderFooterPart(text="&A")
    page = _HeaderFooterPart(text="&P / &N")
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=name, right=page)
