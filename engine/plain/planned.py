"""Planned events that have no day yet (semantics.md, Evidence: A planned event)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.plain.sheet import Sheet, Sheets
from evidence.cells.silence import says_nothing
from evidence.table import CellState
from rules.pattern import Events


def planned_without_a_day(sheets: Sheets, events: Events) -> frozenset[int]:
    """The rows of a register of planned events that ask nothing: their day is blank or a word
    that says nothing, and no row elsewhere names them as held."""
    sheet = sheets.of(events.register)
    spec = sheet.column_spec(events.dated)
    if spec is None or not spec.planned:
        return frozenset()
    cells = sheet.column(events.dated)
    named, keys = _named_elsewhere(sheets, events.register), sheet.own_keys()
    return frozenset(
        row
        for row, (raw, state) in enumerate(zip(cells.raw, cells.state, strict=True))
        if _no_day_yet(raw, state) and named.isdisjoint(keys[row])
    )


def _no_day_yet(raw: str, state: int) -> bool:
    if state == CellState.UNREADABLE:
        return says_nothing(raw)
    return state in (CellState.NOTHING, CellState.BLANK)


def _named_elsewhere(sheets: Sheets, register: str) -> frozenset[str]:
    """The keys that stand, in any other register but a control sheet, in a column whose cells may
    name a row of ``register``. A row dated after the as-of date names none as held by then."""
    return sheets.once(
        ("named elsewhere", register),
        lambda: frozenset(
            key
            for other in map(sheets.of, sheets.registers)
            if other.register != register and other.spec and not other.spec.control
            for column in other.spec.columns
            if register in column.named
            for keys, day in zip(other.keys(column.name), _dated(other), strict=True)
            if day is None or day <= sheets.as_of
            for key in keys
        ),
    )


def _dated(sheet: Sheet) -> Sequence[date | None]:
    """The day of each row of a register, where it has one that can be read."""
    dated = sheet.spec.dated_by if sheet.spec else None
    return sheet.days(dated) if dated else [None] * sheet.size
