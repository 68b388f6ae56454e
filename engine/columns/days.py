"""Days as integers, and spans added to them a column at a time.

A day is its proleptic ordinal (``date.toordinal``). Months are calendar months, cut to the
month's last day (semantics.md: Words).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.day_number import FOR_EVER, NO_DAY
from rules.span import Span

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_EPOCH = datetime.date(1970, 1, 1).toordinal()


def add(days: Ints, span: Span, *, sign: int = 1) -> Ints:
    """Each day plus the span, or minus it with ``sign=-1``. NO_DAY and FOR_EVER stay the same."""
    stays = (days == NO_DAY) | (days >= FOR_EVER)
    if span.unit == "days":
        moved = days + sign * span.count
    else:
        moved = _add_months(np.where(stays, _EPOCH, days), sign * span.count)
    return np.asarray(np.where(stays, days, moved), dtype=np.int64)


def add_each(days: Ints, indexes: Ints, spans: Sequence[Span | None]) -> Ints:
    """Each day plus the span at its index in ``spans``; the day itself where that span is None.
    NO_DAY and FOR_EVER stay the same."""
    return _move_each(days, indexes, spans, sign=1)


def subtract_each(days: Ints, indexes: Ints, spans: Sequence[Span | None]) -> Ints:
    """Each day minus the span at its index in ``spans``; the day itself where that span is None.
    NO_DAY and FOR_EVER stay the same."""
    return _move_each(days, indexes, spans, sign=-1)


def _move_each(days: Ints, indexes: Ints, spans: Sequence[Span | None], *, sign: int) -> Ints:
    result = days.copy()
    # Each distinct span is added once, to all its days: there are few spans and many days.
    for span in dict.fromkeys(spans[index] for index in np.unique(indexes).tolist()):
        if span is not None:
            rows = np.array([other == span for other in spans], dtype=np.bool_)[indexes]
            result[rows] = add(days[rows], span, sign=sign)
    return result


def _add_months(days: Ints, months: int) -> Ints:
    dates = (days - _EPOCH).astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    first = target.astype("datetime64[D]")
    following = (target + 1).astype("datetime64[D]")
    moved = np.minimum(first + (dates - month.astype("datetime64[D]")), following - 1)
    return np.asarray(moved.astype(np.int64) + _EPOCH, dtype=np.int64)


@lru_cache(maxsize=8192)
def add_span(day: int, span: Span, *, sign: int = 1) -> int:
    """One day plus the span, or minus it with ``sign=-1``."""
    return int(add(np.array([day], dtype=np.int64), span, sign=sign)[0])
