"""Remedies written into a copy of the evidence: rows added, cells changed, all read like a sheet.

The parts of a remedy are the row that it adds and each of its cells, except those that identify
the row. Any part can be left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.assessment import CellToWrite, Remedy
from evidence.cells.types import blank_read, type_cells
from evidence.keys.latest import finish_evidence
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.equal_rows import comparable_rows
from evidence.table import CellState, Column, Evidence, Source, Table, Typed

#: The source of rows that only a copy has.
_ADDED = Source("added", "added", {})

_Cell = tuple[str, Typed, int]
_Cells = Mapping[str, _Cell]  # of one row, by their columns


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One part of several remedies: all of the row that the ``remedy`` of that number adds, or one
    of its cells."""

    remedy: int
    column: str = ""


def parts_of(
    remedies: Sequence[Remedy], registers: Mapping[str, RegisterSpec], stays: Collection[str] = ()
) -> list[Part]:
    """Every part of the remedies that could be left out, rows first. The key of a new row and the
    columns in ``stays`` cannot: they identify the row."""
    rows = [Part(number) for number, remedy in enumerate(remedies) if not remedy.row]
    cells = [
        Part(number, cell.column)
        for number, remedy in enumerate(remedies)
        for cell in remedy.cells
        if remedy.row or cell.column not in (registers[remedy.register].key, *stays)
    ]
    return [*rows, *cells]


def without(remedies: Sequence[Remedy], left_out: Collection[Part]) -> tuple[Remedy, ...]:
    """The remedies without these parts; a change without any cell is left out."""
    rest = []
    for number, remedy in enumerate(remedies):
        cells = tuple(cell for cell in remedy.cells if Part(number, cell.column) not in left_out)
        if cells and Part(number) not in left_out:
            rest.append(replace(remedy, cells=cells))
    return tuple(rest)


def renamed(remedies: Sequence[Remedy], number: int, spec: RegisterSpec) -> tuple[Remedy, ...]:
    """The remedies with other keys for the rows that they add to the register: those of several
    obligations, distinguished by ``number``, can then be in one table."""
    keys = {
        cell.value
        for remedy in remedies
        if not remedy.row and remedy.register == spec.id
        for cell in remedy.cells
        if cell.column == spec.key
    }

    def written(cell: CellToWrite) -> CellToWrite:
        return replace(cell, value=f"{cell.value}-{number}") if cell.value in keys else cell

    return tuple(replace(remedy, cells=tuple(map(written, remedy.cells))) for remedy in remedies)


class EvidenceCopy:
    """Evidence to try remedies on; each trial is a new copy."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._rows: dict[str, dict[tuple[str, str, int], int | None]] = {}
        self._read: dict[tuple[str, str, str], _Cell] = {}

    def having(self, remedies: Sequence[Remedy]) -> Evidence | None:
        """The evidence with all of the remedies in it, and with what follows from several rows
        worked out again. None if a cell of a remedy could not be read, or if several rows are in
        the line that a remedy changes."""
        tables = dict(self.evidence.tables)
        new: dict[str, list[_Cells]] = defaultdict(list)
        changes: dict[str, dict[int, _Cells]] = defaultdict(dict)
        for remedy in remedies:
            table = tables[remedy.register]
            by_row = changes[remedy.register]
            cells = {cell.column: self._cell(table.register, cell) for cell in remedy.cells}
            if any(state != CellState.READ for _, _, state in cells.values()):
                return None
            if remedy.row:
                row = self._row(table, remedy)
                if row is None:
                    return None
                by_row[row] = {**by_row.get(row, {}), **cells}
            else:
                new[remedy.register].append(cells)
        for name, by_row in changes.items():
            tables[name] = _with(tables[name], new[name], by_row)
        registers = {name: table.register for name, table in tables.items()}
        return finish_evidence(replace(self.evidence, tables=tables), registers)

    def _cell(self, spec: RegisterSpec, cell: CellToWrite) -> _Cell:
        """The cell as it is read; many remedies write the same."""
        key = spec.id, cell.column, cell.value
        if key not in self._read:
            typed = type_cells(spec.column(cell.column), [cell.value])
            self._read[key] = typed.raw[0], typed.value[0], typed.state[0]
        return self._read[key]

    def _row(self, table: Table, remedy: Remedy) -> int | None:
        """The row that a remedy changes; None if it is not the only one there, as in a line of a
        wide sheet."""
        if table.register.id not in self._rows:
            rows: dict[tuple[str, str, int], int | None] = {}
            for row in range(len(table)):
                place = table.place(row)[:3]
                rows[place] = None if place in rows else row
            self._rows[table.register.id] = rows
        return self._rows[table.register.id][remedy.file, remedy.sheet, remedy.row]


def _with(table: Table, new: Sequence[_Cells], changes: Mapping[int, _Cells]) -> Table:
    """The table with rows added at its end, and with cells changed."""
    last = max(table.row_of, default=1)
    source = len(table.sources)
    whole = Table(
        register=table.register,
        found=table.found,
        sources=(*table.sources, _ADDED),
        source_of=[*table.source_of, *(source for _ in new)],
        row_of=[*table.row_of, *(last + at for at in range(1, len(new) + 1))],
        columns={
            name: _column(column, table.register.column(name), new, changes)
            for name, column in table.columns.items()
        },
    )
    if not new or table.register.key is not None:
        return whole
    # Without a key a row may be equal to another: they count once (semantics.md: Evidence).
    first: dict[object, int] = {}
    for row, cells in enumerate(comparable_rows(table.register, whole.columns)):
        first.setdefault(cells, row)
    return whole.some_rows(list(first.values()))


def _column(
    column: Column, spec: ColumnSpec, new: Sequence[_Cells], changes: Mapping[int, _Cells]
) -> Column:
    blank = blank_read(spec)[:3]
    added = [cells.get(column.name, blank) for cells in new]
    raw = [*column.raw, *(cell[0] for cell in added)]
    value = [*column.value, *(cell[1] for cell in added)]
    state = [*column.state, *(cell[2] for cell in added)]
    for row, cells in changes.items():
        if column.name in cells:
            raw[row], value[row], state[row] = cells[column.name]
    return Column(column.name, raw, value, state)
