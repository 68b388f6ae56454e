"""Tables of fewer rows: what is left of a register where only some of its rows matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.table import Column, Table


def some_rows(table: Table, rows: Sequence[int]) -> Table:
    """The table of these rows (from 0), in this order; the table itself where they are all."""
    if len(rows) == len(table):
        return table
    return replace(
        table,
        source_of=[table.source_of[row] for row in rows],
        row_of=[table.row_of[row] for row in rows],
        columns={name: _cells(column, rows) for name, column in table.columns.items()},
    )


def _cells(column: Column, rows: Sequence[int]) -> Column:
    return Column(
        column.name,
        [column.raw[row] for row in rows],
        [column.value[row] for row in rows],
        bytearray(column.state[row] for row in rows),
    )
