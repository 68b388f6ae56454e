"""How the office's position developed: its duties overdue, due and met, and those that have been
overdue for a long time, at the last check of each month."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.assessment import Assessment, DutyOutcome, TrendPoint
from engine.outcome import Status
from reports import view, words

#: A duty is long overdue if its oldest overdue obligation has been overdue for so many days.
LONG_DAYS: Final = 90
LONG_OVERDUE = f"overdue for {LONG_DAYS} days or longer"

#: The most months of a trend: three years.
MOST_MONTHS: Final = 36

#: What a trend has of each point: its title, the status whose colour it has, and the number.
NUMBERS: Final[tuple[tuple[str, Status, Callable[[TrendPoint], int]], ...]] = (
    ("Duties overdue", Status.OVERDUE, lambda point: point.overdue),
    (f"Duties {LONG_OVERDUE}", Status.OVERDUE, lambda point: point.long_overdue),
    ("Duties due", Status.DUE, lambda point: point.due),
    ("Duties met", Status.MET, lambda point: point.met),
)

#: The characters that have room above the bars of a chart.
_ROOM = 24

#: What the charts show, and how they are to be read.
ABOUT = (
    "At the last report of each month. A month without a report has no bar. Each chart has a scale "
    "of its own."
)


@dataclass(frozen=True, slots=True)
class TrendBar:
    """The number of one month in a chart. ``place`` counts the months from the first."""

    place: int
    month: str
    number: int


@dataclass(frozen=True, slots=True)
class TrendChart:
    """One number over the months, ``places`` in all. ``status`` gives the bars their fill."""

    title: str
    status: Status
    bars: tuple[TrendBar, ...]

    @property
    def places(self) -> int:
        """The months from the first to the last, with those that have no bar."""
        return self.bars[-1].place + 1

    @property
    def most(self) -> int:
        """The largest number, or 1."""
        return max(1, *(bar.number for bar in self.bars))

    @property
    def is_labelled(self) -> bool:
        """Whether there is room for the numbers above the bars."""
        return self.places * len(f"{self.most:,}") <= _ROOM

    @property
    def words(self) -> str:
        """``6 in August 2026, at most 11 in October 2026, now 10``."""
        first, last = self.bars[0], self.bars[-1]
        highest = max(self.bars, key=lambda bar: bar.number)
        between = highest.number > max(first.number, last.number)
        peak = f", at most {highest.number:,} in {highest.month}" if between else ""
        return f"{first.number:,} in {first.month}{peak}, now {last.number:,}"


def point_of(assessment: Assessment) -> TrendPoint:
    """The position at a check."""
    counts = assessment.status.office.duties
    long_overdue = sum(map(is_long_overdue, view.of_list(assessment, view.OFFICE)))
    return TrendPoint(assessment.as_of, counts.overdue, counts.due, counts.met, long_overdue)


def is_long_overdue(duty: DutyOutcome) -> bool:
    """Whether an obligation of the duty has been overdue for a long time."""
    return any(
        one.status is Status.OVERDUE and one.days is not None and -one.days >= LONG_DAYS
        for one in duty.obligations
    )


def with_trend(assessment: Assessment, earlier: Iterable[TrendPoint]) -> Assessment:
    """An assessment with its trend: the last point of each of the months up to its own.
    ``earlier``: the points before it, the earliest first. It has none without an earlier month."""
    months: dict[int, TrendPoint] = {}
    for point in (*earlier, point_of(assessment)):
        months[_month(point)] = point
    first = max(months) - MOST_MONTHS
    points = tuple(point for month, point in months.items() if month > first)
    return replace(assessment, trend=points if len(points) > 1 else ())


def title(points: Sequence[TrendPoint]) -> str:
    """``Trend since August 2026``."""
    return f"Trend since {_month_words(points[0].as_of)}"


def summary_lines(points: Sequence[TrendPoint]) -> Iterator[str]:
    """The first and the last point in a line; nothing without a trend."""
    if points:
        first, now = points[0], points[-1]
        parts = (
            f"{first.overdue:,} overdue, now {now.overdue:,}",
            f"{first.due:,} due, now {now.due:,}",
            f"{first.met:,} met, now {now.met:,}",
            f"{words.duties(first.long_overdue)} {LONG_OVERDUE}, now {now.long_overdue:,}",
        )
        yield f"{title(points).upper()}: {'; '.join(parts)}"


def charts(points: Sequence[TrendPoint]) -> Iterator[TrendChart]:
    """The charts of a trend."""
    start = _month(points[0])
    for heading, status, number_of in NUMBERS:
        bars = [
            TrendBar(_month(point) - start, _month_words(point.as_of), number_of(point))
            for point in points
        ]
        yield TrendChart(heading, status, tuple(bars))


def _month(point: TrendPoint) -> int:
    return point.as_of.year * 12 + point.as_of.month


def _month_words(day: datetime.date) -> str:
    return words.day(day).partition(" ")[2]
