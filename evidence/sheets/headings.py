"""The register of a sheet, the row of its headings, and the register's columns in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath

from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank, listed, nearest, normal_heading, raw_text, spaced_once
from evidence.problem import EvidenceProblem, ProblemKind, ReadingNote
from evidence.raw_cells import RawSheet, RawValue, RawWorkbook
from evidence.register import RegisterSpec
from evidence.sheet_ref import Where

#: How many of a sheet's rows are searched for headings.
SEARCHED_ROWS = 30


@dataclass(frozen=True, slots=True)
class UnknownHeading:
    """A column of a sheet that is no column of its register; ``text`` is '' without a heading."""

    text: str
    index: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows and columns of a sheet that contain a register.

    ``row`` is the heading row's index in the grid. ``columns`` gives the index of each declared
    column that has one heading there, ``twice`` the indexes of each that has several. ``unused``
    are the sheet's other columns that have a heading or contain anything.
    """

    row: int
    columns: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]]
    unused: tuple[UnknownHeading, ...]

    @property
    def used(self) -> set[int]:
        """The indexes of all columns whose heading is that of a declared one."""
        return {*self.columns.values(), *chain(*self.twice.values())}


def column_names(register: RegisterSpec) -> dict[str, str]:
    """The declared column for each accepted heading, as headings are compared."""
    names: dict[str, str] = {}
    for column in register.columns:
        for spelling in column.headings:
            names.setdefault(normal_heading(spelling), column.name)
    return names | {normal_heading(column.name): column.name for column in register.columns}


def find_layout(grid: CellGrid, register: RegisterSpec) -> Layout | None:
    """The layout by the register's headings in one of the first 30 rows, or None.

    A heading row has at least two known headings, or one if the register has one column. Of
    several such rows the first counts that has half as many as the best one, so that no row
    between them is lost; if the row just below it has more, that one.
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
    headings = grid.rows[row]
    indexes_of: dict[str, list[int]] = {}
    for index, name in _headings(headings, names):
        indexes_of.setdefault(name, []).append(index)
    known = set(chain.from_iterable(indexes_of.values()))
    filled = _filled_columns(grid, row)
    for name, indexes in indexes_of.items():
        # a heading merged over several columns, one of which is filled, is that one's
        if len(indexes) > 1 and _is_merged(grid, row, indexes):
            indexes_of[name] = [index for index in indexes if index in filled] or indexes[:1]
    others = {index for index, cell in enumerate(headings) if not is_blank(cell)} | filled
    return Layout(
        row=row,
        columns={name: indexes[0] for name, indexes in indexes_of.items() if len(indexes) == 1},
        twice={name: tuple(indexes) for name, indexes in indexes_of.items() if len(indexes) > 1},
        unused=tuple(
            UnknownHeading(spaced_once(raw_text(cell_at(headings, index))), index)
            for index in sorted(others - known)
        ),
    )


def _filled_columns(grid: CellGrid, row: int) -> set[int]:
    """The indexes of the columns that contain anything below the heading row."""
    below = grid.rows[row + 1 :]
    filled = {column for index, column in grid.faults if index > row}
    for index in set(range(max(map(len, below), default=0))) - filled:
        if any(not is_blank(cell_at(cells, index)) for cells in below):
            filled.add(index)
    return filled


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
    """A sheet of a register; with a ``problem`` it is not to be read."""

    where: Where
    sheet: RawSheet
    problem: EvidenceProblem | None = None


def sheet_name(book: RawWorkbook, sheet: RawSheet) -> str:
    """The sheet's name; of a CSV file, the file's name without its folder and its ending."""
    return PurePosixPath(book.file).stem if book.format == "csv" else sheet.name


def match_sheets(
    book: RawWorkbook, registers: Mapping[str, RegisterSpec]
) -> Iterator[Matched | ReadingNote]:
    """Each sheet in the file's order, matched to its register, or a note that it has none.

    Of two sheets whose names are the same as names are compared, neither is to be read.
    """
    names = sheet_names(registers)
    shown = [sheet_name(book, sheet) for sheet in book.sheets]
    normal = [normal_heading(name) for name in shown]
    sheets = {id_: register.sheets[0] for id_, register in registers.items()}
    own: dict[str, str] = {}  # the first of each register's sheets in this file
    for name, plain in zip(shown, normal, strict=True):
        if plain in names:
            own.setdefault(names[plain], name)
    for sheet, name, plain in zip(book.sheets, shown, normal, strict=True):
        register = registers.get(names.get(plain, ""))
        if register is None:
            near = nearest(name, [other for spec in registers.values() for other in spec.sheets])
            hint = f" If '{near}' is meant, rename it." if near else ""
            subject = f"The {'file' if book.format == 'csv' else 'sheet'} '{name}' was not read"
            yield ReadingNote(book.file, name, f"{subject}: no evidence sheet has that name.{hint}")
            continue
        where = Where(register, book.file, name, sheets | own)
        same = [other for other, form in zip(shown, normal, strict=True) if form == plain]
        yield Matched(where, sheet, _same_name(where, same) if len(same) > 1 else None)


def _same_name(where: Where, sheets: Sequence[str]) -> EvidenceProblem:
    """One and the same problem for each of the sheets."""
    both, neither, other = "both", "neither", "other"
    if len(sheets) > 2:
        both, neither, other = "all", "none", "others"
    quoted_names = listed([f"'{name}'" for name in sheets])
    return replace(where, sheet=sheets[0]).problem(
        ProblemKind.SHEET_TWICE,
        f"The sheets {quoted_names} could {both} be the"
        f" {where.register.sheets[0]} sheet, so {neither} was read. Move all the rows to one sheet"
        f" and delete or rename the {other}.",
    )


def misnamed_sheet(register: RegisterSpec, unknown: Sequence[str]) -> EvidenceProblem | None:
    """The problem of a register without a sheet, if one of the sheets without a register, whose
    names are ``unknown``, may be meant; None if the register was not provided."""
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
