"""How the office's position developed: its duties overdue, due and met, and its obligations that
have been overdue for a long time, at the last check of each month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from engine.assessment import Assessment, TrendPoint
from engine.outcome import Status
from reports import view

#: An obligation that has been overdue for so many days, or more, is long overdue.
LONG_DAYS: Final = 90

#: The most months of a trend: three years.
MOST_MONTHS: Final = 36


def point_of(assessment: Assessment) -> TrendPoint:
    """The position at a check."""
    counts = assessment.status.office.duties
    long_overdue = sum(
        one.status is Status.OVERDUE and one.days is not None and -one.days >= LONG_DAYS
        for duty in view.of_list(assessment, view.OFFICE)
        for one in duty.obligations
    )
    return TrendPoint(assessment.as_of, counts.overdue, counts.due, counts.met, long_overdue)


def with_trend(assessment: Assessment, earlier: Iterable[TrendPoint]) -> Assessment:
    """An assessment with its trend: the last point of each of the months up to its own.
    ``earlier``: the points before it, the earliest first. It has none without an earlier month."""
    as_of, months = assessment.as_of, dict[int, TrendPoint]()
    for point in (*earlier, point_of(assessment)):
        months[_month(point)] = point
    first = as_of.year * 12 + as_of.month - MOST_MONTHS
    points = tuple(point for month, point in months.items() if month > first)
    return replace(assessment, trend=points if len(points) > 1 else ())


def _month(point: TrendPoint) -> int:
    return point.as_of.year * 12 + point.as_of.month
