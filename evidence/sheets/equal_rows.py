"""Rows that are equal: their declared columns all read the same (semantics.md: Evidence)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from evidence.cells.text import normal_key
from evidence.register import RegisterSpec
from evidence.table import CellState, Column, Typed


def comparable_cell(raw: str, value: Typed, state: int) -> Hashable:
    """A value that is equal for two cells which read the same: the cell's value, or the text of
    an unreadable cell, without regard to capitals and repeated spaces."""
    if state == CellState.READ:
        kind = type(value).__name__  # The type keeps yes, 1 and '1' apart.
        return kind, normal_key(value) if isinstance(value, str) else value
    return state, normal_key(raw) if state == CellState.UNREADABLE else ""


def never_equal() -> object:
    """A value that is equal to no other, for a row of which something cannot be known: the results
    of two formulas that are not stored may differ."""
    return object()


def comparable_rows(
    register: RegisterSpec, columns: Mapping[str, Column], rows: Sequence[int] | None = None
) -> list[tuple[Hashable, ...]]:
    """A tuple for each row, or for each of ``rows`` (from 0), that is equal for equal rows. The
    day of recording, and columns that the program fills, make no difference."""
    columns_of_cells: list[list[Hashable]] = []
    for spec in register.columns:
        if spec.looks_in is None and spec.name != register.recorded_on:
            column = columns[spec.name]
            cells = list(zip(column.raw, column.value, column.state, strict=True))
            by_cell = {cell: comparable_cell(*cell) for cell in set(cells)}
            columns_of_cells.append([by_cell[cell] for cell in cells])
    if rows is not None:
        return [tuple(column[row] for column in columns_of_cells) for row in rows]
    return list(zip(*columns_of_cells, strict=True))
