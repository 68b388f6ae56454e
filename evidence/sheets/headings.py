"""The row of a sheet's headings, and the columns of the register below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank, normal_heading, raw_text, spaced_once
from evidence.raw_cells import RawSheet, RawValue
from evidence.register import RegisterSpec

#: How many of a sheet's rows are searched for headings.
SEARCHED_ROWS = 30
#: So many headings of a register may be in a sheet of another subject.
_BY_CHANCE = 2


@dataclass(frozen=True, slots=True)
class UnusedColumn:
    """A column of a sheet that is not in its register: its heading ('' if it has none), and its
    index in the grid."""

    heading: str
    index: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows and columns of a sheet that contain a register.

    ``heading_row`` is the heading row's index in the grid. ``columns`` gives the index of each
    declared column that has one heading there, ``repeated`` the indexes of each that has several.
    ``unused`` are the sheet's other columns that have a heading or contain anything.
    """

    heading_row: int
    columns: Mapping[str, int]
    repeated: Mapping[str, tuple[int, ...]]
    unused: tuple[UnusedColumn, ...]

    @property
    def recognised(self) -> set[int]:
        """The indexes of all columns with a declared column's heading, the repeated ones too."""
        return {*self.columns.values(), *chain(*self.repeated.values())}


def column_by_heading(register: RegisterSpec) -> dict[str, str]:
    """The name of the declared column for each accepted heading, normalised."""
    names: dict[str, str] = {}
    for column in register.columns:
        for spelling in column.headings:
            names.setdefault(normal_heading(spelling), column.name)
    return names | {normal_heading(column.name): column.name for column in register.columns}


def find_layout(grid: CellGrid, register: RegisterSpec) -> Layout | None:
    """The layout of a sheet, or None if its first ``SEARCHED_ROWS`` rows include no heading row.

    A heading row has at least two known headings, or one if the register has one column. Start at
    the first such row with at least half the best row's count. While the row below has more, move
    down.

    The best row itself may be too low: if row 1 has three of four headings, and row 20 repeats the
    headings with the fourth added, the best row is row 20, and rows 2 to 19 would be lost. The
    first row may be too high: a title above the headings can contain two of them by chance.
    """
    columns = column_by_heading(register)
    known = [{name for _, name in _headings(row, columns)} for row in grid.rows[:SEARCHED_ROWS]]
    least = min(2, len(register.columns))
    best = max(map(len, known), default=0)
    if best < least:
        return None
    enough = max(least, (best + 1) // 2)
    row = next(row for row, names in enumerate(known) if len(names) >= enough)
    while row + 1 < len(known) and len(known[row + 1]) > len(known[row]):
        row += 1
    return _layout(grid, row, columns)


def has_headings_of(sheet: RawSheet, register: RegisterSpec) -> int:
    """The number of the register's columns that one of the first rows of a sheet names; 0 if it
    lacks a required one, or if there are fewer than three, since two may be there by chance."""
    columns, most = column_by_heading(register), 0
    required = {spec.name for spec in register.columns if spec.required}
    for row in sheet.rows[:SEARCHED_ROWS]:
        names = {name for _, name in _headings(row, columns)}
        most = max(most, len(names) if required <= names else 0)
    return most if most > _BY_CHANCE else 0


def _headings(row: Sequence[RawValue], columns: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Index and declared column of each cell that is a known heading."""
    for index, cell in enumerate(row):
        if not is_blank(cell) and (name := columns.get(normal_heading(raw_text(cell)))):
            yield index, name


def _layout(grid: CellGrid, row: int, columns: Mapping[str, str]) -> Layout:
    """The layout with the headings in this row: the column of the sheet for each column of the
    register, those that two headings claim, and those that none needs."""
    headings = grid.rows[row]
    indexes_of: dict[str, list[int]] = {}
    for index, name in _headings(headings, columns):
        indexes_of.setdefault(name, []).append(index)
    known = set(chain.from_iterable(indexes_of.values()))
    filled = _filled_columns(grid, row)
    for name, indexes in indexes_of.items():
        # A heading merged over several columns belongs to the one that is filled.
        if len(indexes) > 1 and _is_merged(grid, row, indexes):
            indexes_of[name] = [index for index in indexes if index in filled] or indexes[:1]
    others = {index for index, cell in enumerate(headings) if not is_blank(cell)} | filled
    return Layout(
        heading_row=row,
        columns={name: indexes[0] for name, indexes in indexes_of.items() if len(indexes) == 1},
        repeated={name: tuple(indexes) for name, indexes in indexes_of.items() if len(indexes) > 1},
        unused=tuple(
            UnusedColumn(spaced_once(raw_text(cell_at(headings, index))), index)
            for index in sorted(others - known)
        ),
    )


def _filled_columns(grid: CellGrid, heading_row: int) -> set[int]:
    """The indexes of the columns that contain anything below the heading row."""
    below = grid.rows[heading_row + 1 :]
    filled = {column for row, column in grid.faults if row > heading_row}
    for column in set(range(max(map(len, below), default=0))) - filled:
        if any(not is_blank(cell_at(cells, column)) for cells in below):
            filled.add(column)
    return filled


def _is_merged(grid: CellGrid, row: int, indexes: list[int]) -> bool:
    number = grid.number(row)
    left = grid.sheet.first_column
    return any(
        top <= number <= bottom and first <= left + indexes[0] and left + indexes[-1] <= last
        for top, first, bottom, last in grid.merged
    )
