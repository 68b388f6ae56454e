"""What a sheet contains whose name is that of a register: its rows, typed by column, its problems
and its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from evidence.cells.merges import (
    UNKNOWN_RESULT,
    CellGrid,
    Fault,
    area_name,
    cell_at,
    cell_grid,
    cells_of,
)
from evidence.cells.text import is_blank, listed, normal_heading, quoted, raw_text, spaced_once
from evidence.cells.types import TypedCells, blank_read, type_cells
from evidence.problem import EvidenceNote, EvidenceProblem, ProblemKind
from evidence.raw_cells import RawSheet, cell_name, column_letters
from evidence.register import BLANK_NOTHING, ColumnSpec, RegisterSpec
from evidence.sheet_ref import ColumnPlace, SheetRef, UnreadCell
from evidence.sheets.equal_rows import never_equal
from evidence.sheets.filled_examples import filled_examples, marked_keys
from evidence.sheets.headings import SEARCHED_ROWS, Layout, find_layout
from evidence.sheets.lone_entries import report_lone_entries_once
from evidence.sheets.notes import ABOUT_LINE, COMPARED, nearest_column, sheet_notes
from evidence.sheets.rows import RowKind, only_examples, rows_by_kind
from evidence.sheets.second_table import find_second_table
from evidence.table import Cell, CellState, Column, MergedCells, Source

#: The number of unknown headings that are named where a column is missing.
_FEW_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class SheetPart:
    """The part of a register's table that one sheet gives.

    ``rows`` are the sheet's own row numbers, and each column has a cell for each of them.
    ``unknown`` has, for each row, the contents of declared columns that cannot be known from the
    cells: rows are equal only where that is equal too.
    """

    source: Source
    rows: Sequence[int]
    columns: Mapping[str, Column]
    unknown: Sequence[object]


@dataclass(frozen=True, slots=True)
class SheetContents:
    """What was read from a sheet for one register. ``part`` is None where no headings of the
    register were found, or where a second table follows. ``problems`` are those with the whole
    sheet or a whole column, and ``unread`` the cells that are problems, by column. ``begun`` is
    False where the sheet has an example row and no other."""

    part: SheetPart | None
    problems: tuple[EvidenceProblem, ...]
    notes: tuple[EvidenceNote, ...] = ()
    unread: Mapping[str, Sequence[UnreadCell]] = field(default_factory=dict)
    begun: bool = True


def read_sheet(where: SheetRef, sheet: RawSheet, date1904: bool = False) -> SheetContents:
    """The rows of a sheet that belong to the register of ``where``, and what is wrong with them."""
    register, grid = where.register, cell_grid(sheet)
    layout = find_layout(grid, register)
    if layout is None:
        return SheetContents(None, (_no_headings(where, grid),))
    if why := find_second_table(grid, layout, register):
        return SheetContents(None, (_second_table(where, why),))
    kinds = rows_by_kind(grid, layout, register)
    rows = kinds[RowKind.DATA]
    headings = grid.rows[layout.heading_row]
    source = Source(
        where.file,
        where.sheet,
        {name: column_letters(sheet.first_column + i) for name, i in layout.columns.items()},
        {name: spaced_once(raw_text(headings[i])) for name, i in layout.columns.items()},
        struck_rows=sheet.struck_rows,
        struck_cells=sheet.struck_labels,
        merged=tuple(_merged(grid, layout)),
        marked=marked_keys(where, grid, layout, kinds[RowKind.EXAMPLE]),
    )
    numbers = [grid.number(index) for index in rows]
    places = {
        name: ColumnPlace(source.headings[name], source.letters[name], numbers, where.sheets)
        for name in layout.columns
    }
    columns = _columns(register, grid, layout, rows, date1904, places)
    unread: dict[str, list[UnreadCell]] = {}
    for name in sorted(layout.columns, key=layout.columns.__getitem__):
        column = columns[name]
        if isinstance(column, TypedCells) and column.unread:
            unread[name] = [
                UnreadCell(numbers[row], column.raw[row], column.unread[row])
                for row in sorted(column.unread)
            ]
    return SheetContents(
        part=SheetPart(source, numbers, columns, _unknown(grid, layout, rows)),
        problems=(
            *_column_problems(where, grid, layout),
            *filled_examples(where, grid, layout, kinds[RowKind.EXAMPLE]),
        ),
        notes=tuple(map(where.note, sheet_notes(grid, layout, register, kinds))),
        unread=report_lone_entries_once(register, source, numbers, columns, unread),
        begun=not only_examples(kinds),
    )


def _merged(grid: CellGrid, layout: Layout) -> Iterator[MergedCells]:
    """The merged areas over several rows below the headings, in columns that are read."""
    first_column = grid.sheet.first_column
    heading_row = grid.number(layout.heading_row)
    for area in grid.merged:
        top, left, bottom, right = area
        read = [n for n, i in layout.columns.items() if left <= first_column + i <= right]
        if heading_row < top < bottom and read:
            yield MergedCells(area_name(area), top, bottom, tuple(read))


def _columns(
    register: RegisterSpec,
    grid: CellGrid,
    layout: Layout,
    rows: Sequence[int],
    date1904: bool,
    places: Mapping[str, ColumnPlace],
) -> dict[str, Column]:
    """Every declared column, even one that the sheet lacks."""
    faults: dict[int, dict[int, Fault]] = {}  # by column and position
    positions = {row: position for position, row in enumerate(rows)} if grid.faults else {}
    for (row, index), fault in grid.faults.items():
        if row in positions:
            faults.setdefault(index, {})[positions[row]] = fault
    data = [grid.rows[row] for row in rows]
    columns: dict[str, Column] = {}
    for spec in register.columns:
        if spec.name in layout.columns:
            index = layout.columns[spec.name]
            cells = cells_of(data, index)
            place = places[spec.name]
            columns[spec.name] = type_cells(
                spec, cells, faults=faults.get(index), date1904=date1904, place=place
            )
            continue
        cell: Cell = blank_read(spec)[:3]
        if spec.name in layout.repeated:
            cell = "", None, CellState.UNREADABLE
        elif spec.required:
            cell = "", None, CellState.NO_COLUMN
        columns[spec.name] = Column.of(spec.name, [cell] * len(rows))
    return columns


def _unknown(grid: CellGrid, layout: Layout, rows: Sequence[int]) -> list[object]:
    """The contents of each row in the columns whose heading appears twice. A row with a formula
    whose result is not stored, in a declared column, is equal to no other."""
    repeated = [(name, index) for name, indexes in layout.repeated.items() for index in indexes]
    known = layout.recognised
    faults = grid.faults.items()
    unstored = {row for (row, index), fault in faults if fault in UNKNOWN_RESULT and index in known}
    if not repeated and not unstored:  # Nearly every sheet ends here.
        return [()] * len(rows)

    def contents(row: int) -> object:
        texts = (
            (name, grid.faults.get((row, index), raw_text(cell_at(grid.rows[row], index))))
            for name, index in repeated
            if (row, index) in grid.faults or not is_blank(cell_at(grid.rows[row], index))
        )
        return tuple(sorted(texts, key=itemgetter(0)))  # the order of the columns does not matter

    return [never_equal() if row in unstored else contents(row) for row in rows]


# Problems ---------------------------------------------------------------------------------------


def _no_headings(where: SheetRef, grid: CellGrid) -> EvidenceProblem:
    name = where.register.sheets[0]
    why = f"The headings of this sheet were not found in its first {SEARCHED_ROWS} rows"
    if not any(not is_blank(cell) for row in grid.rows for cell in row):
        why = "The sheet is empty"
    other = "If this sheet is something else, rename it."
    if normal_heading(where.sheet) != normal_heading(name):
        other = f"Its name is one of those for '{name}'. If it is something else, rename it."
    if row := _data_for_headings(grid):
        return where.problem(
            ProblemKind.NO_HEADINGS,
            f"{why}, so it was not read. Row {row} contains data where the headings should be."
            f" Insert a row above it, and paste the headings of the '{name}' sheet of a blank"
            f" workbook there. {other}",
        )
    return where.problem(
        ProblemKind.NO_HEADINGS,
        f"{why}, so it was not read. Replace this sheet's headings with those of the '{name}' sheet"
        f" of a blank workbook. {other}",
    )


def _data_for_headings(grid: CellGrid) -> int:
    """The number of the first row of a sheet, if it contains several cells and one of them is a
    date, a number or a text with a figure, so that it is hardly a row of headings; 0 otherwise. The
    line above the headings of the blank workbook is left out."""
    for index, row in enumerate(grid.rows):
        cells = [cell for cell in row if not is_blank(cell)]
        if not cells or raw_text(cells[0]).startswith(ABOUT_LINE):
            continue
        has_data = any(not isinstance(cell, str) or any(map(str.isdigit, cell)) for cell in cells)
        return grid.number(index) if len(cells) > 1 and has_data else 0
    return 0


def _second_table(where: SheetRef, why: str) -> EvidenceProblem:
    return where.problem(
        ProblemKind.SECOND_TABLE,
        f"{why}. Nobody can tell whether its rows count, so this sheet was not read. Put the rows"
        " that count below one row of headings, and the others on a sheet with another name.",
    )


def _column_problems(where: SheetRef, grid: CellGrid, layout: Layout) -> Iterator[EvidenceProblem]:
    """The problems of columns that are there twice, and of required ones that are not there, with
    the heading that may be meant."""
    row = grid.number(layout.heading_row)
    first = grid.sheet.first_column
    headings = grid.rows[layout.heading_row]
    columns = {*layout.columns, *layout.repeated}
    missing = [s.name for s in where.register.columns if s.required and s.name not in columns]
    for spec in where.register.columns:
        name = spec.name
        if name in layout.repeated:
            texts = [spaced_once(raw_text(headings[index])) for index in layout.repeated[name]]
            cells = [cell_name(row, first + index) for index in layout.repeated[name]]
            message = _repeated_heading(texts, cells, spec.usual_heading)
            yield where.problem(ProblemKind.COLUMN_TWICE, message, name, texts[0])
        elif spec.required and name not in layout.columns:
            hints = (
                f"If the heading '{other.heading}' in {cell_name(row, first + other.index)}"
                f" is meant, change it to '{spec.usual_heading}'."
                for other in layout.unused[:COMPARED]
                if other.heading and nearest_column(other.heading, layout, where.register) == name
            )
            hint = next(hints, None) or _add_column(spec, layout, row, first)
            message = f"This sheet has no '{spec.usual_heading}' column. {hint}"
            if len(missing) > 1 and name == missing[0]:
                message += _read_by_name(where)
            yield where.problem(ProblemKind.COLUMN_MISSING, message, name, spec.usual_heading)


def _read_by_name(where: SheetRef) -> str:
    """That a sheet may be something else, if its name is not the usual one of its register."""
    usual = where.register.sheets[0]
    if normal_heading(where.sheet) == normal_heading(usual):
        return ""
    return (
        f" Because of its name, this sheet was read as the '{usual}' sheet. If it is something"
        " else, rename it, and no column is missing."
    )


def _add_column(spec: ColumnSpec, layout: Layout, row: int, first: int) -> str:
    """What to do about a missing column: enter its heading; or change a heading of the sheet that
    is not known and may be meant, if there are few."""
    meant = f"'{spec.usual_heading}'"
    enter = f"enter {meant} next to the headings in row {row} and fill in the column."
    if spec.blank == BLANK_NOTHING:
        enter += " Leave a cell blank where there is nothing to enter."
    unknown = [other for other in layout.unused if other.heading]
    if not 0 < len(unknown) <= _FEW_HEADINGS:
        return f"{enter[:1].upper()}{enter[1:]}"
    says = [f"{cell_name(row, first + c.index)} says {quoted(c.heading)}" for c in unknown]
    change = "Change it" if len(says) == 1 else "Change the right one"
    return f"{listed(says)}. {change} to {meant}, if that is what it contains; otherwise, {enter}"


def _repeated_heading(texts: Sequence[str], cells: Sequence[str], meant: str) -> str:
    """The message that several columns have the heading of one, or headings that mean the same."""
    count = "Two"
    both = "both"
    neither = "neither"
    other = "other"
    if len(cells) > 2:
        count = f"{len(cells)}"
        both = "all"
        neither = "none"
        other = "others"
    columns = f"{count} columns have the heading '{texts[0]}' ({listed(cells)})"
    if len(set(texts)) > 1:
        pairs = [f"'{text}' ({cell})" for text, cell in zip(texts, cells, strict=True)]
        columns = f"{listed(pairs)} {both} mean '{meant}'"
    return f"{columns}, so {neither} was read. Keep one, and delete or rename the {other}."


def sheet_problems(where: SheetRef, contents: Sequence[SheetContents]) -> Iterator[EvidenceProblem]:
    """Yields the problems with a whole sheet, with whole columns, and with cells, by column in the
    order of the sheet and then by first row. A mapped sheet may have several ``contents``; a cell
    that they share is reported once."""
    by_column: dict[tuple[str, str], tuple[Source, dict[int, UnreadCell]]] = {}
    for content in contents:
        yield from content.problems
        for name, cells in content.unread.items():
            assert content.part is not None
            label = content.part.source.letters[name]
            _, unread = by_column.setdefault((name, label), (content.part.source, {}))
            # The label of a single cell, such as B2, is neither letters nor a number. That cell
            # counts for every record, and it is reported for the first of them only.
            one_cell = not (label.isalpha() or label.isdecimal())
            if not one_cell:
                unread.update((cell.row, cell) for cell in cells)
            elif cells and not unread:
                unread[cells[0].row] = cells[0]
    for (name, _), (source, unread) in by_column.items():
        in_order = [unread[row] for row in sorted(unread)] if len(contents) > 1 else unread.values()
        yield from where.cell_problems(where.register.column(name), source, in_order)
