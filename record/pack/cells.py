"""Every cell of the evidence as CSV, with its place: what recheck.py reads instead of the files.

sheets.csv has a line for each sheet, cells.csv one for each cell in which anything stands. A text
that a spreadsheet could take for a formula, or that begins with an apostrophe, has an apostrophe
put before it, so that opening the CSV runs nothing and no text is ambiguous.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.cells.merges import CellGrid, cell_grid
from evidence.cells.text import is_blank, raw_text
from evidence.raw_cells import (
    RawSheet,
    RawValue,
    RawWorkbook,
    RowColumn,
    cell_name,
    column_letters,
)
from evidence.register import RegisterSpec
from evidence.sheets.headings import Layout, Matched, find_layout, match_sheets, sheet_name
from evidence.sheets.rows import RowKind, data_rows

SHEET_COLUMNS = ("file", "sheet", "register", "not read", "hidden")
CELL_COLUMNS = (
    "file", "sheet", "row", "letters", "register", "column", "text", "kind", "merged with",
    "hidden", "line",
)  # fmt: skip

_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
_LINES = {
    RowKind.DATA: "row",
    RowKind.TOTAL: "total",
    RowKind.REPEAT: "headings again",
    RowKind.IDLE: "beside",
    RowKind.EMPTY: "beside",
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sheet with what the program made of it."""

    file: str
    name: str
    sheet: RawSheet
    register: RegisterSpec | None
    unread: str


def cells_of(
    books: Sequence[RawWorkbook], registers: Mapping[str, RegisterSpec]
) -> tuple[bytes, bytes]:
    """The bytes of sheets.csv and of cells.csv for the opened files, in their order."""
    written = {id_: register.written for id_, register in registers.items()}
    placed = [each for book in books for each in _placed(book, written)]
    sheets = [
        (each.file, each.name, each.register.id if each.register else "", each.unread,
         "yes" if each.sheet.hidden else "")
        for each in placed
    ]  # fmt: skip
    cells = (line for each in placed for line in _cells(each))
    return _csv(SHEET_COLUMNS, sheets), _csv(CELL_COLUMNS, cells)


def _placed(book: RawWorkbook, registers: Mapping[str, RegisterSpec]) -> Iterator[_Placed]:
    for sheet, matched in zip(book.sheets, match_sheets(book, registers), strict=True):
        name = sheet_name(book, sheet)
        if not isinstance(matched, Matched):
            yield _Placed(book.file, name, sheet, None, "")
            continue
        register, unread = matched.where.register, "same name" if matched.problem else ""
        if not unread and find_layout(cell_grid(sheet), register) is None:
            unread = "no headings"
        yield _Placed(book.file, name, sheet, register, unread)


def _cells(placed: _Placed) -> Iterator[tuple[str, ...]]:
    """A line for each cell of a sheet in which anything stands, by rows."""
    grid = cell_grid(placed.sheet)
    layout = find_layout(grid, placed.register) if placed.register and not placed.unread else None
    kinds = _kinds(grid, layout, placed.register)
    columns = _columns(layout)
    anchors = _anchors(grid)
    register = placed.register.id if placed.register else ""
    for index, row in enumerate(grid.rows):
        number = grid.number(index)
        hidden_row = number in placed.sheet.hidden_rows
        for at, cell in enumerate(row):
            fault = grid.faults.get((index, at))
            if fault is None and is_blank(cell):
                continue
            anchor = "" if _own(placed.sheet, index, at) else anchors.get((index, at), "")
            if anchor and kinds[index] in ("beside", "total"):
                continue  # nothing of its own
            column = grid.sheet.first_column + at
            hidden = "yes" if hidden_row or placed.sheet.hides(column) else ""
            yield (
                placed.file, placed.name, str(number), column_letters(column),
                register, columns.get(at, ""), raw_text(cell) if fault is None else fault,
                kind_of(cell, fault), anchor, hidden, kinds[index],
            )  # fmt: skip


def _kinds(grid: CellGrid, layout: Layout | None, register: RegisterSpec | None) -> dict[int, str]:
    """What each line of a sheet is, by its index."""
    if layout is None or register is None:
        return dict.fromkeys(range(len(grid.rows)), "not read")
    kinds = dict.fromkeys(range(layout.row), "above") | {layout.row: "headings"}
    for kind, rows in data_rows(grid, layout, register).items():
        kinds |= dict.fromkeys(rows, _LINES[kind])
    return kinds


def _columns(layout: Layout | None) -> dict[int, str]:
    """The register's column at each index, those that stand twice too."""
    if layout is None:
        return {}
    columns = {index: name for name, index in layout.columns.items()}
    return columns | {index: name for name, several in layout.twice.items() for index in several}


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


def _own(sheet: RawSheet, index: int, at: int) -> bool:
    """Whether something stands in the cell itself."""
    place = sheet.first_row + index, sheet.first_column + at
    row = sheet.rows[index]
    return place in sheet.errors or place in sheet.unstored or not (
        at >= len(row) or is_blank(row[at])
    )  # fmt: skip


def kind_of(cell: RawValue, fault: str | None) -> str:
    """How a cell stands in its file, where its text does not show it."""
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
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
