"""Rows of the blank workbook that count although only their reference was entered."""

from __future__ import annotations

from collections.abc import Iterator

from engine.findings.noted import Noted
from engine.outcome import ItemRef
from evidence.cells.types import type_cells
from evidence.table import CellState, Table, Typed

#: In a smaller number of columns, an office's own row may be equal by chance.
_LEAST = 3


def example_rows(table: Table) -> Iterator[Noted]:
    """Each row that is the example of the blank workbook but for its key: its mark was typed over,
    so it counts like any other (docs/evidence-states.md)."""
    key = table.register.key or ""
    specs = [spec for spec in table.register.written.columns if spec.name != key]
    examples: dict[str, Typed] = {
        spec.name: type_cells(spec, [spec.example]).value[0] for spec in specs if spec.example
    }
    if len(examples) < _LEAST or not key:
        return
    rows = list(range(len(table)))
    for name, example in examples.items():
        values = table.columns[name].value
        rows = [row for row in rows if values[row] == example]
    blank = [spec.name for spec in specs if not spec.example]
    for row in rows:
        if all(table.columns[name].state[row] != CellState.READ for name in blank):
            words = (
                "Only the reference of this row was changed: the rest is the example of the blank"
                " workbook. It counts. Enter your own details, or delete the row."
            )
            yield Noted("Example row counted", "", words, ((ItemRef(table.register.id, row), key),))
