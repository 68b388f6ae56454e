"""Evidence to which exactly what a remedy says has been added, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from engine.assessment import Remedy
from evidence.keys.latest import finish_evidence
from evidence.table import Evidence, Table
from rules.model import Rulebook
from tests.support.altered_evidence import read, with_cells, with_row, with_table


def remedied(evidence: Evidence, remedies: Iterable[Remedy], rulebook: Rulebook) -> Evidence:
    """The evidence with every row added and every cell changed that the remedies name, read as
    evidence is. What follows from several rows is worked out again."""
    for remedy in remedies:
        evidence = with_table(evidence, _applied(evidence.tables[remedy.register], remedy))
    return finish_evidence(evidence, rulebook.registers)


def _applied(table: Table, remedy: Remedy) -> Table:
    spec = table.register
    cells = {cell.column: read(spec.column(cell.column), cell.value) for cell in remedy.cells}
    unread = [name for name, cell in cells.items() if cell[1] is None]
    assert not unread, f"{remedy} writes what cannot be read: {unread}"
    if not remedy.row:
        return with_row(table, cells)
    return with_cells(table, _row(table, remedy), cells)


def _row(table: Table, remedy: Remedy) -> int:
    places = [table.place(row) for row in range(len(table))]
    found = [(place.file, place.sheet, place.row) for place in places]
    return found.index((remedy.file, remedy.sheet, remedy.row))
