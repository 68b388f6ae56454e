"""Which register a sheet holds, on which row its headings stand, and which column is which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evidence.cells.merges import CellGrid
from evidence.cells.text import is_blank, normal_heading, raw_text, spaced_once
from evidence.raw_cells import RawValue
from evidence.register import RegisterSpec

#: How many of a sheet's rows are searched for headings.
SEARCHED_ROWS = 30


@dataclass(frozen=True, slots=True)
class UnknownHeading:
    """A column of a sheet that is no column of its register: ``text`` is '' where none stands."""

    text: str
    index: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a register stands in a sheet.

    ``row`` is the heading row's index in the grid. ``columns`` gives the index of each declared
    column that stands there once, ``twice`` the indexes of each that stands there more often.
    ``unused`` are the sheet's other columns that have a heading or hold anything.
    """

    row: int
    columns: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]]
    unused: tuple[UnknownHeading, ...]


def sheet_names(registers: Mapping[str, RegisterSpec]) -> dict[str, str]:
    """The id of the register for each accepted name of a sheet, as names are compared."""
    return {
        normal_heading(name): id_ for id_, register in registers.items() for name in register.sheets
    }


def column_names(register: RegisterSpec) -> dict[str, str]:
    """The declared column for each accepted heading, as headings are compared."""
    names: dict[str, str] = {}
    for column in register.columns:
        for spelling in column.spellings:
            names.setdefault(normal_heading(spelling), column.name)
    return names | {normal_heading(column.name): column.name for column in register.columns}


def find_layout(grid: CellGrid, register: RegisterSpec) -> Layout | None:
    """Where the register's headings stand in one of the first 30 rows, or None.

    A heading row has at least two known headings (one, where the register has one column). Of
    several such rows the first counts that has half as many as the best one, so that no row
    between them is lost; where the row just below it has more, that one.
    """
    names = column_names(register)
    known = [_known(row, names) for row in grid.rows[:SEARCHED_ROWS]]
    least = min(2, len(register.columns))
    best = max(map(len, known), default=0)
    if best < least:
        return None
    enough = max(least, (best + 1) // 2)
    row = next(index for index, columns in enumerate(known) if len(columns) >= enough)
    while row + 1 < len(known) and len(known[row + 1]) > len(known[row]):
        row += 1
    return _layout(grid, row, names)


def _known(row: Sequence[RawValue], names: Mapping[str, str]) -> set[str]:
    return {name for _, name in _headings(row, names)}


def _headings(row: Sequence[RawValue], names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Index and declared column of each cell that is a known heading."""
    for index, cell in enumerate(row):
        if not is_blank(cell) and (name := names.get(normal_heading(raw_text(cell)))):
            yield index, name


def _layout(grid: CellGrid, row: int, names: Mapping[str, str]) -> Layout:
    found: dict[str, list[int]] = {}
    for index, name in _headings(grid.rows[row], names):
        found.setdefault(name, []).append(index)
    taken = {index for indexes in found.values() for index in indexes}
    holding = _holding(grid, row)
    for name, indexes in found.items():
        found[name] = _of_merged(grid, row, indexes, holding)
    others = {index for index, cell in enumerate(grid.rows[row]) if not is_blank(cell)} | holding
    return Layout(
        row=row,
        columns={name: indexes[0] for name, indexes in found.items() if len(indexes) == 1},
        twice={name: tuple(indexes) for name, indexes in found.items() if len(indexes) > 1},
        unused=tuple(_unused(grid.rows[row], sorted(others - taken))),
    )


def _holding(grid: CellGrid, row: int) -> set[int]:
    """The indexes of the columns in which anything stands below the heading row."""
    below = grid.rows[row + 1 :]
    holding = {j for i, j in grid.faults if i > row}
    width = max(map(len, below), default=0)
    for index in set(range(width)) - holding:
        if any(index < len(cells) and not is_blank(cells[index]) for cells in below):
            holding.add(index)
    return holding


def _of_merged(grid: CellGrid, row: int, indexes: list[int], holding: set[int]) -> list[int]:
    """A heading merged over several columns of which one holds cells stands for that one."""
    if len(indexes) > 1 and _is_merged(grid, row, indexes):
        return [index for index in indexes if index in holding] or indexes[:1]
    return indexes


def _is_merged(grid: CellGrid, row: int, indexes: list[int]) -> bool:
    number, left = grid.number(row), grid.sheet.first_column
    return any(
        top <= number <= bottom and first <= left + indexes[0] and left + indexes[-1] <= last
        for top, first, bottom, last in grid.merged
    )


def _unused(row: Sequence[RawValue], indexes: list[int]) -> Iterator[UnknownHeading]:
    for index in indexes:
        text = spaced_once(raw_text(row[index])) if index < len(row) else ""
        yield UnknownHeading(text, index)
