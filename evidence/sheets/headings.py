"""Which register a sheet holds, on which row its headings stand, and which column is which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath

from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank, nearest, normal_heading, raw_text, spaced_once
from evidence.problem import EvidenceProblem, ProblemKind, ReadingNote
from evidence.raw_cells import RawSheet, RawValue, RawWorkbook
from evidence.register import RegisterSpec
from evidence.sheet_ref import Where

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

    @property
    def used(self) -> set[int]:
        """The indexes of all columns that stand for declared ones."""
        return {*self.columns.values(), *chain(*self.twice.values())}


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
    known = [{name for _, name in _headings(row, names)} for row in grid.rows[:SEARCHED_ROWS]]
    least = min(2, len(register.columns))
    best = max(map(len, known), default=0)
    if best < least:
        return None
    enough = max(least, (best + 1) // 2)
    row = next(index for index, columns in enumerate(known) if len(columns) >= enough)
    while row + 1 < len(known) and len(known[row + 1]) > len(known[row]):
        row += 1
    return _layout(grid, row, names)


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
        # a heading merged over several columns of which one holds cells stands for that one
        if len(indexes) > 1 and _is_merged(grid, row, indexes):
            found[name] = [index for index in indexes if index in holding] or indexes[:1]
    others = {index for index, cell in enumerate(grid.rows[row]) if not is_blank(cell)} | holding
    return Layout(
        row=row,
        columns={name: indexes[0] for name, indexes in found.items() if len(indexes) == 1},
        twice={name: tuple(indexes) for name, indexes in found.items() if len(indexes) > 1},
        unused=tuple(
            UnknownHeading(spaced_once(raw_text(cell_at(grid.rows[row], index))), index)
            for index in sorted(others - taken)
        ),
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


def _is_merged(grid: CellGrid, row: int, indexes: list[int]) -> bool:
    number, left = grid.number(row), grid.sheet.first_column
    return any(
        top <= number <= bottom and first <= left + indexes[0] and left + indexes[-1] <= last
        for top, first, bottom, last in grid.merged
    )


# Sheets ------------------------------------------------------------------------------------------


def sheet_names(registers: Mapping[str, RegisterSpec]) -> dict[str, str]:
    """The id of the register for each accepted name of a sheet, as names are compared."""
    return {
        normal_heading(name): id_ for id_, register in registers.items() for name in register.sheets
    }


@dataclass(frozen=True, slots=True)
class Matched:
    """A sheet that holds a register; with a ``problem`` it is not to be read."""

    where: Where
    sheet: RawSheet
    problem: EvidenceProblem | None = None


def sheet_name(book: RawWorkbook, sheet: RawSheet) -> str:
    """The sheet's name; of a CSV file, the file's name without its folder and its ending."""
    return PurePosixPath(book.file).stem if book.format == "csv" else sheet.name


def match_sheets(
    book: RawWorkbook, registers: Mapping[str, RegisterSpec]
) -> Iterator[Matched | ReadingNote]:
    """Each sheet in the file's order: the register that it holds, or a note that it holds none.

    Two sheets whose names are one and the same as names are compared cannot both be meant:
    neither is to be read.
    """
    names = sheet_names(registers)
    normal = [normal_heading(sheet_name(book, sheet)) for sheet in book.sheets]
    times = Counter(normal)
    for sheet, name in zip(book.sheets, normal, strict=True):
        shown = sheet_name(book, sheet)
        register = names.get(name)
        if register is None:
            near = nearest(
                shown, [name for register in registers.values() for name in register.sheets]
            )
            hint = f" If '{near}' is meant, rename it." if near else ""
            what = f"The {'file' if book.format == 'csv' else 'sheet'} '{shown}' was not read"
            yield ReadingNote(book.file, shown, f"{what}: no register has that name.{hint}")
            continue
        where = Where(registers[register], book.file, shown)
        twice = where.problem(
            ProblemKind.SHEET_TWICE,
            "Another sheet of this file has the same name, so the register"
            f" '{where.register.title}' cannot be read. Keep one of them, or combine them.",
        )
        yield Matched(where, sheet, twice if times[name] > 1 else None)


def misnamed_sheet(register: RegisterSpec, unknown: Sequence[str]) -> EvidenceProblem | None:
    """The problem of a register that no sheet holds, where one of the sheets that no register has
    (``unknown`` are their names) may be meant. Without one, the register was not provided: what
    needs it is not assessed, and there is no problem."""
    near = next((name for name in unknown if nearest(name, register.sheets)), None)
    if near is None:
        return None
    title = register.sheets[0]
    return EvidenceProblem(
        kind=ProblemKind.SHEET_MISSING,
        register=register.id,
        file="",
        sheet="",
        message=f"There is no '{title}' sheet. If the sheet '{near}' is meant, rename it.",
    )
