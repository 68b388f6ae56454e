"""Which rows of a sheet are rows of its register: not empty, no totals, no repeated headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import Enum, auto

from evidence.cells.merges import CellGrid
from evidence.cells.text import is_blank, normal_heading, spaced_once
from evidence.raw_cells import RawValue
from evidence.register import RegisterSpec
from evidence.sheets.headings import Layout, column_names

_TOTAL = re.compile(r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?")
_FIGURE = re.compile(r"[-+£]?[0-9][0-9.,]*%?")


class RowKind(Enum):
    """What a row below the headings is."""

    DATA = auto()
    TOTAL = auto()
    REPEAT = auto()  # the headings once more
    IDLE = auto()  # something stands in it, but in no column of the register
    EMPTY = auto()


#: Indexes into the grid's rows, in their order.
DataRows = Mapping[RowKind, Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Below:
    """What decides on a row: ``used`` are the indexes of the register's columns, ``headed`` the
    column at each, ``names`` the column for each heading, ``faults`` the indexes of each row's
    own cells with a fault, ``day`` the first of those that are headed."""

    used: Set[int]
    headed: Mapping[int, str]
    names: Mapping[str, str]
    faults: Mapping[int, Collection[int]]
    day: int | None


def data_rows(grid: CellGrid, layout: Layout, register: RegisterSpec) -> DataRows:
    """Sorts the rows below the heading row. A row that holds nothing of its own, only what a
    merge gives it from above, is empty: the row above has said it already. Where a required
    column is missing no row is idle, since what stands in it may be meant for that column."""
    kinds: dict[RowKind, list[int]] = {kind: [] for kind in RowKind}
    below = _below(grid, layout, register)
    own, data = grid.sheet.rows, kinds[RowKind.DATA]
    for index in range(layout.row + 1, len(own)):
        cells, faults = own[index], below.faults.get(index, ())
        if not faults and _is_plain(cells, below):
            data.append(index)
        else:
            kinds[_kind(cells, faults, below)].append(index)
    return kinds


def _below(grid: CellGrid, layout: Layout, register: RegisterSpec) -> _Below:
    faults: dict[int, set[int]] = {}
    for row, column in (*grid.sheet.errors, *grid.sheet.unstored):
        index = column - grid.sheet.first_column
        faults.setdefault(row - grid.sheet.first_row, set()).add(index)
    used = layout.used
    present = {*layout.columns, *layout.twice}
    if any(column.required and column.name not in present for column in register.columns):
        used = set(range(max(map(len, grid.rows), default=0)))
    # days first, since most rows hold a day and no text
    days = {column.name for column in register.columns if column.type == "day"}
    ordered = sorted(layout.columns, key=lambda name: name not in days)
    headed = {layout.columns[name]: name for name in ordered}
    return _Below(used, headed, column_names(register), faults, next(iter(headed), None))


def _is_plain(cells: Sequence[RawValue], below: _Below) -> bool:
    """Whether it can be told from two cells that the row is data, as of nearly every row: its first
    stands in a column of the register, and is no total; and where a day belongs there is one, or
    something else that is no text, and so no heading."""
    day_index = below.day
    if day_index is None or day_index >= len(cells) or 0 not in below.used:
        return False
    first, day = cells[0], cells[day_index]
    return not (is_blank(first) or _says_total(first) or isinstance(day, str) or day is None)


def _kind(cells: Sequence[RawValue], faults: Collection[int], below: _Below) -> RowKind:
    filled = (index for index, cell in enumerate(cells) if not is_blank(cell))
    first = next(filled, None)
    if first is None and not faults:
        return RowKind.EMPTY
    # nothing but the word total and figures
    if first is not None and _says_total(cells[first]) and all(map(_is_of_total, cells)):
        return RowKind.TOTAL
    if first not in below.used and below.used.isdisjoint({*faults, *filled}):
        return RowKind.IDLE
    if not faults and _repeats(cells, below):
        return RowKind.REPEAT
    return RowKind.DATA


def _is_of_total(cell: RawValue) -> bool:
    if not isinstance(cell, str):
        return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))
    return is_blank(cell) or _says_total(cell) or bool(_FIGURE.fullmatch(spaced_once(cell)))


def _says_total(cell: RawValue) -> bool:
    if not isinstance(cell, str) or (cell.isascii() and "total" not in cell.casefold()):
        return False
    return bool(_TOTAL.fullmatch(spaced_once(cell).casefold()))


def _repeats(cells: Sequence[RawValue], below: _Below) -> bool:
    """Whether every cell that stands in a declared column is that column's own heading."""
    headings = 0
    for index, name in below.headed.items():
        cell = cells[index] if index < len(cells) else ""
        if is_blank(cell):
            continue
        if not isinstance(cell, str) or below.names.get(normal_heading(cell)) != name:
            return False
        headings += 1
    return headings >= min(2, len(below.headed))
