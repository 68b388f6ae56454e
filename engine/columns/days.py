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

from rules.span import Span

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: The value without a day in a column of days.
NO_DAY = 0
#: Later than every day: the deadline of an item that is in place for good.
FOR_EVER = 9_999_999

_EPOCH = datetime.date(1970, 1, 1).toordinal()


def add(days: Ints, span: Span, sign: int = 1) -> Ints:
    """Each day plus the span (``sign`` -1: minus it). NO_DAY and FOR_EVER stay the same."""
    stays = (days == NO_DAY) | (days >= FOR_EVER)
    if span.unit == "days":
        moved = days + sign * span.count
    else:
        moved = _add_months(np.where(stays, _EPOCH, days), sign * span.count)
    return np.asarray(np.where(stays, days, moved), dtype=np.int64)


def add_each(days: Ints, indexes: Ints, spans: Sequence[Span | None], sign: int = 1) -> Ints:
    """Each day plus the span at its index in ``spans`` (``sign`` -1: minus it); the day itself
    where that is None. NO_DAY and FOR_EVER stay the same. Each distinct span is added once."""
    result = days.copy()
    for span in dict.fromkeys(spans[index] for index in np.unique(indexes).tolist()):
        if span is not None:
            rows = np.array([other == span for other in spans], dtype=np.bool_)[indexes]
            result[rows] = add(days[rows], span, sign)
    return result


def _add_months(days: Ints, months: int) -> Ints:
    dates = (days - _EPOCH).astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    first, following = target.astype("datetime64[D]"), (target + 1).astype("datetime64[D]")
    moved = np.minimum(first + (dates - month.astype("datetime64[D]")), following - 1)
    return np.asarray(moved.astype(np.int64) + _EPOCH, dtype=np.int64)


@lru_cache(maxsize=8192)
def add_one(day: int, span: Span, sign: int = 1) -> int:
    """One day plus, or minus, the span."""
    return int(add(np.array([day], dtype=np.int64), span, sign)[0])


def as_date(day: int) -> datetime.date | None:
    """The date of a day, None for NO_DAY and FOR_EVER."""
    return None if day == NO_DAY or day >= FOR_EVER else datetime.date.fromordinal(day)
