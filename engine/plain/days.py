"""Spans and periods: all dates are days, no times, no zones (semantics.md: Words; Periodic)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache

from evidence.register import PeriodKind
from rules.span import Span

ONE_DAY = timedelta(days=1)
ONE_YEAR = Span(12, "months")

#: How many months each kind of period has, and how many months of a year pass before the first.
_MONTHS: dict[PeriodKind, tuple[int, int]] = {
    "financial year": (12, 3),
    "calendar year": (12, 0),
    "quarter": (3, 3),
    "month": (1, 0),
}
_LABEL = re.compile(r"(\d{4})(/\d\d)?(?: Q([1-4]))?(?:-(\d\d))?")


def after(day: date, span: Span | None) -> date:
    """The day ``span`` after ``day``; months are cut to the month's last day."""
    return _shifted(day, span.count, span.unit) if span else day


def before(day: date, span: Span | None) -> date:
    """The day ``span`` before ``day``; months are cut to the month's last day."""
    return _shifted(day, -span.count, span.unit) if span else day


@lru_cache(maxsize=65_536)  # few days are distinct: a tenth of the whole time
def _shifted(day: date, count: int, unit: str) -> date:
    """``day`` moved by ``count`` units; beyond the calendar, its first or last day."""
    try:
        if unit == "days":
            return day + timedelta(days=count)
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        last = 28 if day.day <= 28 else monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))
    except (OverflowError, ValueError):
        return date.max if count > 0 else date.min


def number_of(kind: PeriodKind, day: date) -> int:
    """The running number of the period of that kind that contains ``day``."""
    months, months_before = _MONTHS[kind]
    return (day.year * 12 + day.month - 1 - months_before) // months


def first_day(kind: PeriodKind, number: int) -> date:
    """The first day of a period."""
    months, months_before = _MONTHS[kind]
    year, month = divmod(number * months + months_before, 12)
    return date(year, month + 1, 1)


def last_day(kind: PeriodKind, number: int) -> date:
    """The last day of a period."""
    return first_day(kind, number + 1) - ONE_DAY


def label_of(kind: PeriodKind, number: int) -> str:
    """The label of a period: 2025/26, 2025, 2025/26 Q3, 2025-07."""
    year, part = divmod(number, 12 // _MONTHS[kind][0])
    match kind:
        case "calendar year":
            return str(year)
        case "month":
            return f"{year}-{part + 1:02}"
    years = f"{year}/{(year + 1) % 100:02}"
    return f"{years} Q{part + 1}" if kind == "quarter" else years


def read_label(text: str) -> tuple[PeriodKind, int] | None:
    """The kind and number of the period of that name; None if there is no such period."""
    match = _LABEL.fullmatch(text)
    if not match or not MINYEAR < int(match[1]) < MAXYEAR:
        return None
    kind: PeriodKind = "financial year" if match[2] else "calendar year"
    if match[3] or match[4]:
        kind = "quarter" if match[3] else "month"
    part = int(match[3] or match[4] or 1) - 1
    number = int(match[1]) * (12 // _MONTHS[kind][0]) + part
    return (kind, number) if label_of(kind, number) == text else None
