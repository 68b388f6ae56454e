"""One sheet of one register read: its rows, typed column by column, and what is to be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.cells.merges import CellGrid, Fault, cell_at, cell_grid, cells_of
from evidence.cells.text import is_blank, listed, raw_text, some_of, spaced_once
from evidence.cells.types import TypedCells, blank_cells, lost_cells, type_cells
from evidence.problem import EvidenceProblem, ProblemKind, ReadingNote
from evidence.raw_cells import RawSheet, cell_name, column_letters
from evidence.sheet_ref import UnreadCell, Where
from evidence.sheets.headings import SEARCHED_ROWS, Layout, find_layout
from evidence.sheets.notes import COMPARED, near_column, sheet_notes
from evidence.sheets.rows import RowKind, data_rows
from evidence.table import CellState, Source


@dataclass(frozen=True, slots=True)
class SheetPart:
    """The part of a register's table that one sheet gives.

    ``rows`` are the sheet's own row numbers, and each column has a cell for each of them.
    ``unknown`` tells, for each row, what stands in cells of declared columns and cannot be known
    from them: rows are equal only where that is equal too.
    """

    source: Source
    rows: Sequence[int]
    columns: Mapping[str, TypedCells]
    unknown: Sequence[object]


@dataclass(frozen=True, slots=True)
class SheetReading:
    """``part`` is None where no headings of the register were found. ``problems`` are those with
    the whole sheet or a whole column, and ``unread`` the cells that are problems, by column."""

    part: SheetPart | None
    problems: tuple[EvidenceProblem, ...]
    notes: tuple[ReadingNote, ...] = ()
    unread: Mapping[str, Sequence[UnreadCell]] = field(default_factory=dict)


def read_sheet(where: Where, sheet: RawSheet, date1904: bool = False) -> SheetReading:
    """Reads a sheet that holds the register of ``where``."""
    grid = cell_grid(sheet)
    layout = find_layout(grid, where.register)
    if layout is None:
        return SheetReading(None, (_no_headings(where, grid),))
    found = data_rows(grid, layout, where.register)
    rows, headings = found[RowKind.DATA], grid.rows[layout.row]
    columns = _typed(where, grid, layout, rows, date1904)
    source = Source(
        where.file,
        where.sheet,
        {name: column_letters(sheet.first_column + i) for name, i in layout.columns.items()},
        {name: spaced_once(raw_text(headings[i])) for name, i in layout.columns.items()},
    )
    numbers = [grid.number(index) for index in rows]
    part = SheetPart(source, numbers, columns, _unknown(grid, layout, rows))
    # the cells that are problems, from the top, by column in the order of the sheet
    unread = {
        name: [
            UnreadCell(numbers[at], columns[name].raw[at], columns[name].unread[at])
            for at in sorted(columns[name].unread)
        ]
        for name in sorted(layout.columns, key=layout.columns.__getitem__)
        if columns[name].unread
    }
    problems = tuple(_column_problems(where, grid, layout))
    notes = tuple(map(where.note, sheet_notes(grid, layout, where.register, found)))
    return SheetReading(part, problems, notes, unread)


# Cells ------------------------------------------------------------------------------------------


def _typed(
    where: Where, grid: CellGrid, layout: Layout, rows: Sequence[int], date1904: bool
) -> dict[str, TypedCells]:
    """Every declared column, one that the sheet lacks too."""
    faults: dict[int, dict[int, Fault]] = {}  # by column, and by position in ``rows``
    positions = {row: position for position, row in enumerate(rows)} if grid.faults else {}
    for (row, column), words in grid.faults.items():
        if row in positions:
            faults.setdefault(column, {})[positions[row]] = words
    taken = [grid.rows[row] for row in rows]
    typed: dict[str, TypedCells] = {}
    for spec in where.register.columns:
        index = layout.columns.get(spec.name)
        if index is not None:
            cells = cells_of(taken, index)
            typed[spec.name] = type_cells(spec, cells, faults.get(index), date1904)
        elif spec.name in layout.twice:
            typed[spec.name] = lost_cells(len(rows), CellState.UNREADABLE)
        elif spec.required:
            typed[spec.name] = lost_cells(len(rows), CellState.NO_COLUMN)
        else:
            typed[spec.name] = blank_cells(spec, len(rows))
    return typed


def _unknown(grid: CellGrid, layout: Layout, rows: Sequence[int]) -> list[object]:
    """What stands in each row in the columns that stand twice. A row with a formula whose result
    is not stored, in a declared column, is equal to no other."""
    twice = [(name, index) for name, several in layout.twice.items() for index in several]
    used = layout.used
    unstored = {row for (row, index), words in grid.faults.items() if not words and index in used}
    if not twice and not unstored:  # as in nearly every sheet
        return [()] * len(rows)
    return [object() if row in unstored else _standing(grid, row, twice) for row in rows]


def _standing(grid: CellGrid, row: int, named: Sequence[tuple[str, int]]) -> object:
    cells = ((name, cell_at(grid.rows[row], index), (row, index)) for name, index in named)
    stands = [
        (name, grid.faults.get(place, raw_text(cell)))
        for name, cell, place in cells
        if place in grid.faults or not is_blank(cell)
    ]
    # in whatever order the columns stand, but for those of one heading
    return tuple(sorted(stands, key=lambda each: each[0]))


# Problems ---------------------------------------------------------------------------------------


def _no_headings(where: Where, grid: CellGrid) -> EvidenceProblem:
    title = where.register.title
    why = f"None of the first {SEARCHED_ROWS} rows has the headings of the register '{title}'"
    if not any(not is_blank(cell) for row in grid.rows for cell in row):
        why = "The sheet is empty"
    headings = some_of([column.name for column in where.register.columns])
    return where.problem(
        ProblemKind.NO_HEADINGS,
        f"{why}, so it cannot be read. Enter the headings in one row: {headings}.",
    )


def _column_problems(where: Where, grid: CellGrid, layout: Layout) -> Iterator[EvidenceProblem]:
    row, first = grid.number(layout.row), grid.sheet.first_column
    for spec in where.register.columns:
        name = spec.name
        if name in layout.twice:
            cells = [cell_name(row, first + index) for index in layout.twice[name]]
            times = "twice" if len(cells) == 2 else f"{len(cells)} times"
            yield where.problem(
                ProblemKind.COLUMN_TWICE,
                f"The column '{name}' appears {times}, in {listed(cells)}, so its cells cannot"
                " be read. Keep one of them, and give the others another heading.",
                name,
            )
        elif spec.required and name not in layout.columns:
            near = (
                f"If the heading '{other.text}' in {cell_name(row, first + other.index)} is meant,"
                " correct it."
                for other in layout.unused[:COMPARED]
                if other.text and near_column(other.text, layout, where.register) == name
            )
            hint = next(near, f"Add it, with that heading in row {row}.")
            yield where.problem(
                ProblemKind.COLUMN_MISSING,
                f"The column '{name}' is missing, so its cells cannot be read. {hint}",
                name,
            )


def sheet_problems(where: Where, read: SheetReading) -> Iterator[EvidenceProblem]:
    """All problems of a sheet: those with the whole sheet, with whole columns, and with cells, by
    column in the order of the sheet and then by first row."""
    yield from read.problems
    for name, cells in read.unread.items():
        assert read.part is not None
        letters = read.part.source.letters[name]
        yield from where.cell_problems(where.register.column(name), letters, cells)
