"""The cells of the evidence as CSV, with their places: recheck.py reads them instead of the files.

sheets.csv has a line for each sheet, cells.csv one for each cell that is not empty. An apostrophe
is put before a text that begins with one, or that a spreadsheet could take for a formula, so that
opening the CSV runs nothing and no text is ambiguous.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from evidence.cells.merges import UNKNOWN_RESULT, UNSTORED, CellGrid, cell_grid
from evidence.cells.text import is_blank, raw_text
from evidence.formula_guard import guarded
from evidence.mapping.model import OfficeMapping
from evidence.raw_cells import RawSheet, RawValue, RawWorkbook, RowColumn, cell_name, column_letters
from evidence.register import RegisterSpec
from evidence.sheets.headings import Layout, find_layout
from evidence.sheets.rows import RowKind, rows_by_kind
from evidence.sheets.second_table import find_second_table
from evidence.sheets.sheet_matching import MappedMatch, SheetMatch, match_sheets, sheet_name

SHEET_COLUMNS = ("file", "sheet", "register", "not read", "hidden", "struck")
CELL_COLUMNS = (
    "file", "sheet", "row", "letters", "register", "column", "text", "kind", "merged with",
    "hidden", "line",
)  # fmt: skip

#: In place of why a sheet was not read, and of the kind of its lines: a mapping reads it.
MAPPED = "mapped"

_LINES = {
    RowKind.DATA: "row",
    RowKind.EXAMPLE: "example",
    RowKind.TOTAL: "total",
    RowKind.REPEAT: "headings again",
    RowKind.IDLE: "beside",
    RowKind.EMPTY: "beside",
}


def cells_of(
    books: Sequence[RawWorkbook],
    registers: Mapping[str, RegisterSpec],
    mapping: OfficeMapping = (),
) -> tuple[bytes, bytes]:
    """The bytes of sheets.csv and of cells.csv for workbooks, in their order. The cells of a sheet
    that the ``mapping`` reads are given as they are, with no register."""
    written = {id_: register.written for id_, register in registers.items()}
    sheets: list[tuple[str, ...]] = []
    cells: list[Iterator[tuple[str, ...]]] = []
    for book in books:
        for sheet, match in zip(book.sheets, match_sheets(book, written, mapping), strict=True):
            grid, layout, register, unread = cell_grid(sheet), None, None, ""
            if isinstance(match, MappedMatch):
                unread = MAPPED
            if isinstance(match, SheetMatch):
                register, unread = match.where.register, "same name" if match.problem else ""
            if register and not unread:
                layout = find_layout(grid, register)
                unread = "" if layout else "no headings"
                if layout and find_second_table(grid, layout, register):
                    layout, unread = None, "second table"
            name, id_ = sheet_name(book, sheet), register.id if register else ""
            struck = " ".join(map(str, sorted(sheet.struck_rows)))
            sheets.append((book.file, name, id_, unread, "yes" if sheet.hidden else "", struck))
            kinds = _kinds(grid, layout, register, MAPPED if unread == MAPPED else "not read")
            cells.append(_cells((book.file, name), id_, grid, kinds, _columns(layout)))
    return _csv(SHEET_COLUMNS, sheets), _csv(CELL_COLUMNS, chain.from_iterable(cells))


def _cells(
    place: tuple[str, str],
    register: str,
    grid: CellGrid,
    kinds: Mapping[int, str],
    columns: Mapping[int, str],
) -> Iterator[tuple[str, ...]]:
    """A line for each cell of a sheet that is not empty, by rows."""
    sheet, anchors = grid.sheet, _anchors(grid)
    for index, row in enumerate(grid.rows):
        number = grid.number(index)
        for i, cell in enumerate(row):
            fault = grid.faults.get((index, i))
            fault = UNSTORED if fault in UNKNOWN_RESULT else fault
            if fault is None and is_blank(cell):
                continue
            anchor = "" if _has_own_content(sheet, index, i) else anchors.get((index, i), "")
            if anchor and kinds[index] in ("beside", "total"):
                continue  # it has no content of its own
            column = sheet.first_column + i
            hidden = number in sheet.hidden_rows or sheet.hides(column)
            yield (
                *place, str(number), column_letters(column), register, columns.get(i, ""),
                raw_text(cell) if fault is None else fault, kind_of(cell, fault), anchor,
                "yes" if hidden else "", kinds[index],
            )  # fmt: skip


def _kinds(
    grid: CellGrid, layout: Layout | None, register: RegisterSpec | None, unread: str
) -> dict[int, str]:
    """The kind of each line of a sheet, by its index; ``unread``: of one without a register."""
    if layout is None or register is None:
        return dict.fromkeys(range(len(grid.rows)), unread)
    kinds = dict.fromkeys(range(layout.heading_row), "above") | {layout.heading_row: "headings"}
    for kind, rows in rows_by_kind(grid, layout, register).items():
        kinds |= dict.fromkeys(rows, _LINES[kind])
    return kinds


def _columns(layout: Layout | None) -> dict[int, str]:
    """The register's column at each index; a column that the sheet has twice at both."""
    if layout is None:
        return {}
    columns = {index: name for name, index in layout.columns.items()}
    return columns | {index: name for name, indexes in layout.repeated.items() for index in indexes}


def _anchors(grid: CellGrid) -> dict[RowColumn, str]:
    """For each cell that a merge fills, by indexes, the address of the cell that fills it."""
    top_row, left_column = grid.sheet.first_row, grid.sheet.first_column
    return {
        (row - top_row, column - left_column): cell_name(top, left)
        for top, left, bottom, right in grid.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


def _has_own_content(sheet: RawSheet, index: int, i: int) -> bool:
    """Whether a cell has content of its own, not only that of a merge."""
    place = sheet.first_row + index, sheet.first_column + i
    row = sheet.rows[index]
    filled = i < len(row) and not is_blank(row[i])
    return filled or place in sheet.errors or place in sheet.unstored


def kind_of(cell: RawValue, fault: str | None) -> str:
    """The kind of a cell in its file."""
    if fault is not None:
        return "error" if fault else "formula"
    if isinstance(cell, bool):
        return "yes/no"
    if isinstance(cell, int | float):
        return "number"
    if isinstance(cell, datetime.datetime):
        return "day" if cell.time() == datetime.time() else "day and time"
    if isinstance(cell, datetime.date):
        return "day"
    return "time" if isinstance(cell, datetime.time | datetime.timedelta) else "text"


def _csv(columns: Sequence[str], lines: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for line in lines:
        writer.writerow(map(guarded, line))
    return text.getvalue().encode("utf-8-sig")
