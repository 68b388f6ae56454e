"""The months before a check, for the tests of a trend."""

from __future__ import annotations

import datetime

from engine.assessment import TrendPoint


def points(months: int) -> list[TrendPoint]:
    """A point in each of so many months before November 2026."""
    last = 2026 * 12 + 10
    return [
        TrendPoint(datetime.date(month // 12, month % 12 + 1, 28), 12, 34, 56, 78)
        for month in range(last - months, last)
    ]
