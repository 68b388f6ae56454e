"""Nil returns: a list was empty for a period (semantics.md: Nil return)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.columns.arrays import AllColumns
from engine.columns.periods import period_ends, period_kind, period_numbered
from evidence.register import NIL_RETURNS
from rules.condition import NilReturn

_FILLED = ("list", "period", "by post", "given on")


class NilRow(NamedTuple):
    """A nil return that is complete and dated on or after its period's last day: ``period`` is
    its label, ``day`` the day on which it was given."""

    row: int
    period: str
    day: int


def nil_rows(columns: AllColumns, nil: NilReturn, as_of_day: int) -> list[NilRow]:
    """The nil returns for a list, of the rule's kind of period, given by D."""
    if NIL_RETURNS not in columns:
        return []
    control = columns[NIL_RETURNS]
    of_list = control.passing("list", lambda value: value == nil.list)
    rows = np.flatnonzero(np.all([of_list, *map(control.read, _FILLED)], axis=0)).tolist()
    periods = control.values("period")[rows].tolist()
    days = control.days("given on")[rows].tolist()
    return [
        NilRow(row, period, day)
        for row, period, day in zip(rows, periods, days, strict=True)
        if period_kind(period) == nil.each and period_ends(period) <= day <= as_of_day
    ]


def nil_return_covers(columns: AllColumns, nil: NilReturn, as_of_day: int) -> bool:
    """Whether a nil return makes the empty list a fair answer at D: from its day to the last day
    of the next such period."""
    return any(
        as_of_day <= period_ends(period_numbered(row.period, 1))
        for row in nil_rows(columns, nil, as_of_day)
    )
