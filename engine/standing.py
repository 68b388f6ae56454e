"""What stands: from when and until when each row of evidence is in place (Pattern 5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.calendar import FOR_EVER, NO_DAY, Ints, add
from engine.columns import Columns
from engine.items import Items
from engine.truth import FALSE, UNKNOWN
from evidence.table import CellState
from rules.pattern import Standing


def in_place(columns: Columns, items: Items, pattern: Standing) -> Items:
    """The items dated by their beginning. A beginning, an end or a review-by day that cannot be
    read makes a row unknown (it reads as ended); one without any end is out where the rule asks
    for an end."""
    truth = items.truth.copy()
    truth[~columns.read(pattern.begins)] = np.minimum(truth[~columns.read(pattern.begins)], UNKNOWN)
    for name in (pattern.ends, pattern.review_by):
        if name:
            odd = ~columns.read(name) & (columns.state(name) != CellState.NOTHING)
            truth[odd] = np.minimum(truth[odd], UNKNOWN)
    if pattern.end_needed:
        read = ends_of(pattern, columns) < FOR_EVER
        nothing = ~read & (truth != UNKNOWN)
        truth[nothing] = FALSE
    return replace(items, truth=truth, day=columns.days(pattern.begins))


def ends_of(pattern: Standing, columns: Columns) -> Ints:
    """The last day on which each row is in place: the earlier of its end and its review-by day,
    which a rule may cap; FOR_EVER without either."""
    begins = columns.days(pattern.begins)
    end = np.full(len(columns), FOR_EVER, dtype=np.int64)
    if pattern.ends:
        days = columns.days(pattern.ends)
        end = np.where(days == NO_DAY, end, days)
    if pattern.review_by:
        days = columns.days(pattern.review_by)
        if pattern.review_within:
            days = np.where(
                days == NO_DAY, NO_DAY, np.minimum(days, add(begins, pattern.review_within))
            )
        end = np.where(days == NO_DAY, end, np.minimum(end, days))
    return end.astype(np.int64)
