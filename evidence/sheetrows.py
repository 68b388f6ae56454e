"""Which rows of a sheet are rows of its register: not empty, no totals, no repeated headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.headings import Layout, column_names
from evidence.merges import Grid
from evidence.rawcells import RawValue
from evidence.register import RegisterSpec
from evidence.wording import is_blank, normal_heading, spaced_once

_TOTAL = re.compile(r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?")
_FIGURE = re.compile(r"[-+£]?[0-9][0-9.,]*%?")


@dataclass(frozen=True, slots=True)
class DataRows:
    """Indexes into the grid's rows: the register's own rows, and those left out as totals or as
    repeated headings. Empty rows are in none of them."""

    rows: Sequence[int]
    totals: Sequence[int]
    repeats: Sequence[int]


def data_rows(grid: Grid, layout: Layout, register: RegisterSpec) -> DataRows:
    """Sorts the rows below the heading row. A row that holds nothing of its own, only what a
    merge gives it from above, is empty: the row above has said it already."""
    rows: list[int] = []
    totals: list[int] = []
    repeats: list[int] = []
    own = grid.sheet.rows
    faulty = {row - grid.sheet.first_row for row, _ in (*grid.sheet.errors, *grid.sheet.unstored)}
    names = column_names(register)
    headed = _headed(layout, register)
    for index in range(layout.row + 1, len(own)):
        first = next((cell for cell in own[index] if not is_blank(cell)), None)
        if first is None and index not in faulty:
            continue
        if _says_total(first) and _is_total(own[index]):
            totals.append(index)
        elif index not in faulty and _repeats(own[index], headed, names):
            repeats.append(index)
        else:
            rows.append(index)
    return DataRows(rows, totals, repeats)


def _headed(layout: Layout, register: RegisterSpec) -> dict[int, str]:
    """The declared column at each index; days first, since most rows hold a day and no text."""
    days = {column.name for column in register.columns if column.type == "day"}
    ordered = sorted(layout.columns, key=lambda name: name not in days)
    return {layout.columns[name]: name for name in ordered}


def _is_total(cells: Sequence[RawValue]) -> bool:
    """Whether nothing stands in the row but the word total and figures."""
    return all(is_blank(cell) or _says_total(cell) or _is_figure(cell) for cell in cells)


def _says_total(cell: RawValue) -> bool:
    return isinstance(cell, str) and bool(_TOTAL.fullmatch(spaced_once(cell).casefold()))


def _is_figure(cell: RawValue) -> bool:
    if isinstance(cell, str):
        return bool(_FIGURE.fullmatch(spaced_once(cell)))
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _repeats(
    cells: Sequence[RawValue], headed: Mapping[int, str], names: Mapping[str, str]
) -> bool:
    """Whether every cell that stands in a declared column is that column's own heading."""
    same = 0
    for index, name in headed.items():
        cell = cells[index] if index < len(cells) else ""
        if is_blank(cell):
            continue
        if not isinstance(cell, str) or names.get(normal_heading(cell)) != name:
            return False
        same += 1
    return same >= min(2, len(headed))
