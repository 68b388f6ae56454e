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


def compared_columns(register: RegisterSpec) -> tuple[str, ...]:
    """The columns in which rows are compared: those that the register declares, without the day of
    recording and without those that the program fills."""
    return tuple(
        spec.name
        for spec in register.columns
        if spec.looks_in is None and spec.name != register.recorded_on
    )


def _readings(cells: Cells) -> list[Hashable]:
    """What each cell says, so that cells which read the same are equal: the value, or the text of
    what cannot be read, without regard to capitals and doubled spaces."""
    known: dict[tuple[int, str, Typed], Hashable] = {}
    found: list[Hashable] = []
    for cell in zip(cells.state, cells.raw, cells.value, strict=True):
        if cell not in known:
            known[cell] = reading(*cell)
        found.append(known[cell])
    return found


def reading(state: int, raw: str, value: Typed) -> Hashable:
    """What one cell says, to be compared with others of its column."""
    if state == CellState.READ:
        kind = type(value).__name__  # so that yes, 1 and '1' stay apart
        return kind, normal_key(value) if isinstance(value, str) else value
    return state, normal_key(raw) if state == CellState.UNREADABLE else ""


def row_readings(
    register: RegisterSpec, columns: Mapping[str, Cells], rows: Sequence[int] | None = None
) -> list[tuple[Hashable, ...]]:
    """For each row what its compared cells say; of these rows alone (from 0), where they are
    given. Equal rows have equal readings."""
    cells = [_readings(columns[name]) for name in compared_columns(register)]
    if rows is not None:
        return [tuple(column[row] for column in cells) for row in rows]
    return list(zip(*cells, strict=True))
