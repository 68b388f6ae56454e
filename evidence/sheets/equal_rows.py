"""Rows that are one row: their declared columns all read the same (semantics.md, Evidence: Rows
whose declared columns all read the same)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

from evidence.cells.text import normal_key
from evidence.register import RegisterSpec
from evidence.table import CellState, Typed


class Cells(Protocol):
    """The cells of one column: three sequences of one length."""

    @property
    def raw(self) -> Sequence[str]: ...
    @property
    def value(self) -> Sequence[Typed]: ...
    @property
    def state(self) -> Sequence[int]: ...


def reading(state: int, raw: str, value: Typed) -> Hashable:
    """What one cell says, so that cells which read the same are equal: the value, or the text of
    what cannot be read, without regard to capitals and doubled spaces."""
    if state == CellState.READ:
        kind = type(value).__name__  # so that yes, 1 and '1' stay apart
        return kind, normal_key(value) if isinstance(value, str) else value
    return state, normal_key(raw) if state == CellState.UNREADABLE else ""


def row_readings(
    register: RegisterSpec, columns: Mapping[str, Cells], rows: Sequence[int] | None = None
) -> list[tuple[Hashable, ...]]:
    """For each row what its compared cells say; of these rows alone (from 0), where they are
    given. Equal rows have equal readings. Compared are the columns that the register declares,
    without the day of recording and without those that the program fills."""
    found: list[list[Hashable]] = []
    for spec in register.columns:
        if spec.looks_in is None and spec.name != register.recorded_on:
            column = columns[spec.name]
            cells = list(zip(column.state, column.raw, column.value, strict=True))
            known = {cell: reading(*cell) for cell in set(cells)}
            found.append([known[cell] for cell in cells])
    if rows is not None:
        return [tuple(column[row] for column in found) for row in rows]
    return list(zip(*found, strict=True))
