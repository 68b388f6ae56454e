"""Nil returns: that there was nothing on a list for a period (semantics.md, Nil return)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.columns.arrays import AllColumns, Columns
from engine.columns.periods import period_ends, period_kind, period_numbered
from rules.condition import NilReturn

REGISTER = "nil returns"
_FILLED = ("list", "period", "by post", "given on")


@dataclass(frozen=True, slots=True)
class NilRow:
    """A nil return that is complete and dated on or after its period's last day: ``period`` is
    its label, ``day`` the day on which it was given."""

    row: int
    period: str
    day: int


def nil_rows(columns: AllColumns, nil: NilReturn, as_of: int) -> list[NilRow]:
    """The nil returns for a list, of the rule's kind of period, given by D."""
    if REGISTER not in columns:
        return []
    control = columns[REGISTER]
    rows = [row for row in range(len(control)) if _complete(control, row)]
    found = [
        NilRow(row, str(control.values("period")[row]), int(control.days("given on")[row]))
        for row in rows
        if control.values("list")[row] == nil.list
    ]
    return [
        each
        for each in found
        if period_kind(each.period) == nil.each and period_ends(each.period) <= each.day <= as_of
    ]


def nil_return_covers(columns: AllColumns, nil: NilReturn, as_of: int) -> bool:
    """Whether a nil return makes the empty list a fair answer at D: from its day to the last day
    of the next such period."""
    return any(
        as_of <= period_ends(period_numbered(each.period, 1))
        for each in nil_rows(columns, nil, as_of)
    )


def _complete(control: Columns, row: int) -> bool:
    return all(bool(control.read(name)[row]) for name in _FILLED)
