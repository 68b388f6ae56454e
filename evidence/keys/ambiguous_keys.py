"""Cells that name a row by its key, where that key could mean either of two rows.

Such a cell cannot be read: otherwise what was done about one row would count for the other
(semantics.md: Evidence).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from evidence.cells.text import listed, normal_key, quoted, row_numbers_text
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.register import ColumnSpec
from evidence.sheet_ref import CellFault, SheetRef, UnreadCell, UnreadReason
from evidence.sheets.equal_rows import comparable_rows
from evidence.table import CellState, Table

Tables = Mapping[str, Table]


def refuse_ambiguous_keys(tables: Tables) -> tuple[dict[str, Table], tuple[EvidenceProblem, ...]]:
    """The tables with every cell unreadable that could name either of two rows, and the problems
    (semantics.md: Evidence). Problems are in the order of registers, sheets, columns and first
    rows. The keys are those of the tables as they were, so the order of registers changes nothing.
    """
    shared = SharedKeys(tables)
    results: dict[str, Table] = {}
    problems: list[EvidenceProblem] = []
    for name, table in tables.items():
        columns = dict(table.columns)
        ambiguous: list[_AmbiguousCell] = []
        for spec in table.register.columns:
            cells = _ambiguous_cells(table, spec, shared)
            if cells:
                column = columns[spec.name]
                value = list(column.value)
                state = bytearray(column.state)
                for cell in cells:
                    value[cell.row], state[cell.row] = None, CellState.UNREADABLE
                columns[spec.name] = replace(column, value=value, state=state)
                ambiguous += cells
        results[name] = replace(table, columns=columns) if ambiguous else table
        problems += _problems(table, ambiguous, shared)
    return results, tuple(problems)


class SharedKeys:
    """The keys of registers that could mean either of two rows."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._shared: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, spec: ColumnSpec) -> frozenset[str]:
        """The keys that a cell of this column cannot name: those of rows of two of its registers,
        and those of two rows of one register that differ. In a register whose rows apply from a day
        on, one key has several periods, and rows differ only by their names."""
        registers = spec.named
        if registers not in self._shared:
            earlier: set[str] = set()
            shared: set[str] = set()
            for table in self._named(spec):
                rows = table.rows_by_key()
                shared |= _keys_of_different_rows(table, rows) | (earlier & rows.keys())
                earlier |= rows.keys()
            self._shared[registers] = frozenset(shared)
        return self._shared[registers]

    def rows(self, spec: ColumnSpec, keys: Collection[str]) -> dict[str, list[tuple[Table, int]]]:
        """The rows that have each of these keys."""
        by_table = [(table, table.rows_by_key()) for table in self._named(spec)]
        return {
            key: [(table, row) for table, rows in by_table for row in rows.get(key, ())]
            for key in keys
        }

    def _named(self, spec: ColumnSpec) -> list[Table]:
        return [self._tables[name] for name in dict.fromkeys(spec.named) if name in self._tables]


def _keys_of_different_rows(table: Table, rows_by_key: Mapping[str, list[int]]) -> set[str]:
    repeated = {key: rows for key, rows in rows_by_key.items() if len(rows) > 1}
    if table.register.begins is not None:
        return {key for key, rows in repeated.items() if len(_names(table, rows)) > 1}
    rows = [row for rows in repeated.values() for row in rows]
    comparable = comparable_rows(table.register, table.columns, rows)
    comparable_of = dict(zip(rows, comparable, strict=True))
    return {key for key, rows in repeated.items() if len({comparable_of[row] for row in rows}) > 1}


def _names(table: Table, rows: Sequence[int]) -> set[str]:
    """The names of rows: a staff number with two of them was given to somebody else."""
    label = table.register.label
    if label is None or table.register.column(label).sensitive:
        return set()
    values = table.columns[label].value
    return {normal_key(value) for row in rows if isinstance(value := values[row], str)}


class _AmbiguousCell(NamedTuple):
    """A cell, by its row of the table, with the keys in it that could mean either of two rows."""

    spec: ColumnSpec
    row: int
    keys: tuple[str, ...]


def _ambiguous_cells(
    table: Table, spec: ColumnSpec, shared: SharedKeys
) -> Sequence[_AmbiguousCell]:
    ambiguous = shared.of(spec) if spec.named else ()
    if not ambiguous:
        return ()
    cells: list[_AmbiguousCell] = []
    for row, value in enumerate(table.columns[spec.name].value):
        keys = value if isinstance(value, frozenset) else (value,)
        if shared_keys := sorted(key for key in keys if isinstance(key, str) and key in ambiguous):
            cells.append(_AmbiguousCell(spec, row, tuple(shared_keys)))
    return cells


def _problems(
    table: Table, ambiguous: Sequence[_AmbiguousCell], shared: SharedKeys
) -> Iterator[EvidenceProblem]:
    """By sheet, by column in the order of the sheet, and then by first row."""
    by_column: dict[tuple[int, int, str], list[_AmbiguousCell]] = {}
    for cell in ambiguous:
        number = table.source_of[cell.row]
        letters = table.sources[number].letters[cell.spec.name]
        by_column.setdefault((number, len(letters), letters), []).append(cell)
    for (number, *_), cells in sorted(by_column.items(), key=itemgetter(0)):
        source, spec = table.sources[number], cells[0].spec
        fault = CellFault(
            ProblemKind.CELL_UNREADABLE,
            "are references of more than one row",
            "Give each of those rows a separate reference, and enter the one that is meant.",
            quotes=not spec.sensitive,
        )
        rows = shared.rows(spec, {key for cell in cells for key in cell.keys})
        places = {key: listed(list(_places(rows[key], source.file)), "and of") for key in rows}
        unread: list[UnreadCell] = []
        for cell in sorted(cells, key=lambda cell: table.row_of[cell.row]):
            text = table.columns[spec.name].raw[cell.row]
            messages = []
            for key in cell.keys:
                shown = quoted(key if spec.type == "keys" else text)
                shown = "The text in the cell" if spec.sensitive else shown
                messages.append(f"{shown} {_fault_of_key(rows[key], places[key])}")
            detail = "; ".join(places[key] for key in cell.keys)
            reason = UnreadReason(fault, " ".join(messages), detail)
            unread.append(UnreadCell(table.row_of[cell.row], text, reason))
        where = SheetRef(table.register, source.file, source.sheet)
        yield from where.cell_problems(spec, source, unread)


def _fault_of_key(rows: Sequence[tuple[Table, int]], places: str) -> str:
    """What is wrong with a key of these rows, and what to do."""
    registers = sorted({table.register.id for table, _ in rows})
    differ = ", which differ" if len(registers) == 1 else ""
    return (
        f"is the reference of {places}{differ}. Give one of them another reference, and enter here"
        " the one that is meant."
    )


def _places(rows: Sequence[tuple[Table, int]], file: str) -> Iterator[str]:
    """The rows, by sheet; a sheet of another file than ``file`` with its file."""
    sheets: dict[tuple[str, str, str], list[int]] = {}
    for table, row in rows:
        place = table.place(row)
        sheets.setdefault((table.register.id, place.file, place.sheet), []).append(place.row)
    for (_, other, sheet), numbers in sorted(sheets.items()):
        of_file = f" in {other}" if other != file else ""
        yield f"{row_numbers_text(sorted(numbers))} of the sheet '{sheet}'{of_file}"
