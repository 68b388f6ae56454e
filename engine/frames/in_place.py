"""What stands: from when and until when each row of evidence is in place (Pattern 5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, UNKNOWN
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints, add
from engine.frames.items import Items
from evidence.table import CellState
from rules.patterns import Standing


def in_place(columns: Columns, items: Items, pattern: Standing) -> Items:
    """The items dated by their beginning, each until its end. A beginning, an end or a review-by
    day that cannot be read makes a row unknown (it reads as ended); one without any end is out
    where the rule asks for an end."""
    truth = items.truth.copy()
    truth[~columns.read(pattern.begins)] = np.minimum(truth[~columns.read(pattern.begins)], UNKNOWN)
    for name in (pattern.ends, pattern.review_by):
        if name:
            odd = ~columns.read(name) & (columns.state(name) != CellState.NOTHING)
            truth[odd] = np.minimum(truth[odd], UNKNOWN)
    if pattern.end_needed:
        truth[~end_given(pattern, columns) & (truth != UNKNOWN)] = FALSE
    until = ends_of(pattern, columns)
    return replace(items, truth=truth, day=columns.days(pattern.begins), until=until)


def end_given(pattern: Standing, columns: Columns) -> Flags:
    """For each row whether it gives an end or a review-by day."""
    given = np.zeros(len(columns), dtype=np.bool_)
    for name in (pattern.ends, pattern.review_by):
        if name:
            given |= columns.read(name)
    return given


def ends_of(pattern: Standing, columns: Columns) -> Ints:
    """The last day on which each row is in place: the earliest of its end, its review-by day and
    the day on which the rule's cap ends it; FOR_EVER without any of them."""
    end = np.full(len(columns), FOR_EVER, dtype=np.int64)
    for name in (pattern.ends, pattern.review_by):
        if name:
            end = _earlier(end, columns.days(name))
    if pattern.review_within:
        end = _earlier(end, add(columns.days(pattern.begins), pattern.review_within))
    return end


def _earlier(end: Ints, days: Ints) -> Ints:
    return np.where(days == NO_DAY, end, np.minimum(end, days)).astype(np.int64)
