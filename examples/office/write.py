"""Sheets written as a workbook, the same bytes for the same sheets."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evidence.deterministic import save_workbook_bytes
from examples.office.book import Sheet
from examples.office.made import AS_OF, Cell

_TITLE = Font(bold=True, size=14)
_REMARK = Font(italic=True, color="555555")
_HEADING = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="1F3864")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_DAY = "dd/mm/yyyy"
_WIDEST = 42


def write_kept(sheets: Sequence[Sheet], path: Path) -> None:
    """A workbook that looks kept by hand: titles, widths, frozen headings, UK dates."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.name), sheet)
    path.write_bytes(save_workbook_bytes(book, AS_OF))


def write_plain(sheets: Sequence[Sheet], path: Path) -> None:
    """A workbook of values alone, for any number of rows."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for cells in _lines(sheet):
            page.append(cells)
    path.write_bytes(save_workbook_bytes(book, AS_OF))


def _lines(sheet: Sheet) -> Iterator[list[Cell]]:
    names = [name for name, _ in sheet.columns]
    yield [text for _, text in sheet.columns]
    for row in sheet.rows:
        yield [row.get(name) for name in names]


def _write_sheet(page: Worksheet, sheet: Sheet) -> None:
    for number, text in enumerate(sheet.above, start=1):
        page.cell(number, 1, text).font = _TITLE if number == 1 else _REMARK
    if not sheet.columns:
        page.column_dimensions["A"].width = 90
        return
    top = len(sheet.above) + 2 if sheet.above else 1
    if sheet.above and len(sheet.columns) > 3:
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=4)
    for number, cells in enumerate(_lines(sheet), start=top):
        _write_row(page, number, cells)
    _head(page, top)
    for column, cell in enumerate(sheet.below, start=1):
        page.cell(top + len(sheet.rows) + 2, column, cell).font = Font(bold=True)
    for hidden in sheet.hidden_rows:
        page.row_dimensions[top + 1 + hidden].hidden = True
    if sheet.merged:
        _merge(page, sheet, sheet.merged, top + 1)
    _set_widths(page, sheet)
    _fit_to_page(page)
    page.sheet_state = "hidden" if sheet.hidden else "visible"


def _fit_to_page(page: Worksheet) -> None:
    page.page_setup.orientation = "landscape"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0


def _write_row(page: Worksheet, number: int, cells: Sequence[Cell]) -> None:
    for column, value in enumerate(cells, start=1):
        if value is not None:
            cell = page.cell(number, column, value)
            cell.alignment = _WRAPPED
            if isinstance(value, datetime.date) or str(value).startswith("="):
                cell.number_format = _DAY


def _head(page: Worksheet, row: int) -> None:
    for cell in page[row]:
        if isinstance(cell, SheetCell) and cell.value is not None:
            cell.font, cell.fill = _HEADING, _FILL
    page.freeze_panes = f"B{row + 1}"
    page.auto_filter.ref = f"A{row}:{get_column_letter(page.max_column)}{page.max_row}"


def _merge(page: Worksheet, sheet: Sheet, merged: tuple[str, Cell], first: int) -> None:
    name, value = merged
    column = [each for each, _ in sheet.columns].index(name) + 1
    rows = [number for number, row in enumerate(sheet.rows, start=first) if row[name] == value]
    page.merge_cells(None, rows[0], column, rows[-1], column)


def _set_widths(page: Worksheet, sheet: Sheet) -> None:
    for number, (name, heading) in enumerate(sheet.columns, start=1):
        longest = max((len(str(row.get(name) or "")) for row in sheet.rows), default=0)
        width = min(_WIDEST, max(longest, len(heading)) + 3)
        page.column_dimensions[get_column_letter(number)].width = width
