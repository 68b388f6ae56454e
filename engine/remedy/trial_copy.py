"""Remedies written into a copy of the evidence: rows added, cells changed, all read as a sheet is.

A remedy is made of parts: each row that it adds, and each of its cells but those that say which row
it is. Any part can be left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.assessment import CellToWrite, Remedy
from evidence.cells.types import blank_read, type_cells
from evidence.links.fill import finished
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.equal_rows import row_readings
from evidence.table import CellState, Column, Evidence, Source, Table, Typed
from evidence.table_slice import some_rows

#: Where rows stand that only a copy has.
_ADDED = Source("added", "added", {})

_Cell = tuple[str, Typed, int]


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One part of several remedies: all of the row that the ``remedy`` of that number adds, or one
    of its cells."""

    remedy: int
    column: str = ""


def parts_of(
    remedies: Sequence[Remedy], registers: Mapping[str, RegisterSpec], stays: Collection[str] = ()
) -> list[Part]:
    """Every part of the remedies that could be left out, rows first. Of a new row neither its key
    nor the columns named in ``stays`` could: they say which row it is."""
    rows = [Part(at) for at, each in enumerate(remedies) if not each.row]
    cells = [
        Part(at, cell.column)
        for at, each in enumerate(remedies)
        for cell in each.cells
        if each.row or cell.column not in (registers[each.register].key, *stays)
    ]
    return [*rows, *cells]


def without(remedies: Sequence[Remedy], left_out: Collection[Part]) -> tuple[Remedy, ...]:
    """The remedies without these parts; a change without any cell is none."""
    kept = []
    for at, each in enumerate(remedies):
        cells = tuple(cell for cell in each.cells if Part(at, cell.column) not in left_out)
        if cells and Part(at) not in left_out:
            kept.append(replace(each, cells=cells))
    return tuple(kept)


def renamed(remedies: Sequence[Remedy], number: int, spec: RegisterSpec) -> tuple[Remedy, ...]:
    """The remedies with other keys for the rows that they add to the register: those of several
    obligations, told apart by ``number``, can then stand beside one another."""
    keys = {
        cell.value
        for each in remedies
        if not each.row and each.register == spec.id
        for cell in each.cells
        if cell.column == spec.key
    }

    def written(cell: CellToWrite) -> CellToWrite:
        return replace(cell, value=f"{cell.value}-{number}") if cell.value in keys else cell

    return tuple(replace(each, cells=tuple(map(written, each.cells))) for each in remedies)


class EvidenceCopy:
    """Evidence to write into; it is never changed itself, and what it gives is new."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._rows: dict[str, dict[tuple[str, str, int], int]] = {}
        self._read: dict[tuple[str, str, str], _Cell] = {}

    def having(self, remedies: Sequence[Remedy]) -> Evidence | None:
        """The evidence with all of the remedies in it; None where a cell of them would be no cell
        that can be read. What follows from several rows is worked out again."""
        tables = dict(self.evidence.tables)
        for name in dict.fromkeys(each.register for each in remedies):
            mine = [each for each in remedies if each.register == name]
            written = self._written(tables[name], mine)
            if written is None:
                return None
            tables[name] = written
        registers = {name: table.register for name, table in tables.items()}
        return finished(replace(self.evidence, tables=tables), registers)

    def _written(self, table: Table, remedies: Sequence[Remedy]) -> Table | None:
        spec = table.register
        new: list[dict[str, _Cell]] = []
        changes: dict[int, dict[str, _Cell]] = {}
        for each in remedies:
            cells = {cell.column: self._cell(spec, cell) for cell in each.cells}
            if any(state != CellState.READ for _, _, state in cells.values()):
                return None
            if each.row:
                changes.setdefault(self._row(table, each), {}).update(cells)
            else:
                new.append(cells)
        return _with(table, new, changes)

    def _cell(self, spec: RegisterSpec, cell: CellToWrite) -> _Cell:
        """The cell as it is read; many remedies write the same."""
        key = spec.id, cell.column, cell.value
        if key not in self._read:
            self._read[key] = read_cell(spec.column(cell.column), cell)
        return self._read[key]

    def _row(self, table: Table, remedy: Remedy) -> int:
        known = self._rows.setdefault(table.register.id, {})
        if not known:
            for row in range(len(table)):
                place = table.place(row)
                known[place.file, place.sheet, place.row] = row
        return known[remedy.file, remedy.sheet, remedy.row]


def read_cell(spec: ColumnSpec, cell: CellToWrite) -> _Cell:
    """The text of a remedy's cell, read as one cell of that column."""
    typed = type_cells(spec, [cell.value])
    return typed.raw[0], typed.value[0], typed.state[0]


def _with(
    table: Table, new: Sequence[Mapping[str, _Cell]], changes: Mapping[int, Mapping[str, _Cell]]
) -> Table:
    """The table with rows added at its end, and with cells changed."""
    columns = {
        name: _column(column, table.register.column(name), new, changes)
        for name, column in table.columns.items()
    }
    last = max(table.row_of, default=1)
    made = Table(
        register=table.register,
        found=table.found,
        sources=(*table.sources, _ADDED),
        source_of=[*table.source_of, *(len(table.sources) for _ in new)],
        row_of=[*table.row_of, *(last + at for at in range(1, len(new) + 1))],
        columns=columns,
    )
    return _each_once(made) if new and table.register.key is None else made


def _each_once(table: Table) -> Table:
    """The table without rows that repeat another: where rows have no key, one that is added may be
    equal to one that is there (semantics.md, Evidence)."""
    first: dict[object, int] = {}
    for row, said in enumerate(row_readings(table.register, table.columns)):
        first.setdefault(said, row)
    return some_rows(table, list(first.values()))


def _column(
    column: Column,
    spec: ColumnSpec,
    new: Sequence[Mapping[str, _Cell]],
    changes: Mapping[int, Mapping[str, _Cell]],
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
