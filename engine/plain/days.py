"""Spans and periods (semantics.md, Words; Patterns, 1), and the nil returns that are given for them
(semantics.md, Nil return): all dates are days, no times, no zones."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from engine.plain.sheet import Sheets, normal
from evidence.register import PeriodKind
from rules.condition import NilReturn
from rules.span import Span

ONE_DAY = timedelta(days=1)
ONE_YEAR = Span(12, "months")

_LABEL = re.compile(r"(\d{4})(/\d\d)?(?: Q([1-4]))?(?:-(\d\d))?")


def after(day: date, span: Span) -> date:
    """The day that lies ``span`` after ``day``; months are cut to the month's last day."""
    return _shifted(day, span.count, span)


def before(day: date, span: Span) -> date:
    """The day that lies ``span`` before ``day``; months are cut to the month's last day."""
    return _shifted(day, -span.count, span)


def _shifted(day: date, count: int, span: Span) -> date:
    """``day`` moved by ``count`` units; what lies beyond the calendar is its first or last day."""
    if span.unit == "days":
        try:
            return day + timedelta(days=count)
        except OverflowError:
            return date.max if count > 0 else date.min
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if count > 0 else date.min
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def number_of(kind: PeriodKind, day: date) -> int:
    """The running number of the period of that kind in which ``day`` lies."""
    year = day.year if day.month >= 4 else day.year - 1  # in which the financial year began
    match kind:
        case "financial year":
            return year
        case "calendar year":
            return day.year
        case "quarter":
            return year * 4 + (day.month - 4) % 12 // 3
        case "month":
            return day.year * 12 + day.month - 1


def first_day(kind: PeriodKind, number: int) -> date:
    """The first day of a period."""
    match kind:
        case "financial year":
            return date(number, 4, 1)
        case "calendar year":
            return date(number, 1, 1)
        case "quarter":
            year, quarter = divmod(number, 4)
            return date(year + 1, 1, 1) if quarter == 3 else date(year, 4 + 3 * quarter, 1)
        case "month":
            return date(number // 12, number % 12 + 1, 1)


def last_day(kind: PeriodKind, number: int) -> date:
    """The last day of a period."""
    return first_day(kind, number + 1) - ONE_DAY


def label_of(kind: PeriodKind, number: int) -> str:
    """What a period is called: 2025/26, 2025, 2025/26 Q3, 2025-07."""
    match kind:
        case "financial year":
            return f"{number}/{(number + 1) % 100:02}"
        case "calendar year":
            return str(number)
        case "quarter":
            year, quarter = divmod(number, 4)
            return f"{label_of('financial year', year)} Q{quarter + 1}"
        case "month":
            return f"{number // 12}-{number % 12 + 1:02}"


def read_label(text: str) -> tuple[PeriodKind, int] | None:
    """The kind and number of the period of that name; None if there is no such period."""
    found = _LABEL.fullmatch(text)
    if not found or not MINYEAR < int(found[1]) < MAXYEAR:
        return None
    kind, number = _period(int(found[1]), *found.groups()[1:])
    return (kind, number) if label_of(kind, number) == text else None


def _period(
    year: int, slash: str | None, quarter: str | None, month: str | None
) -> tuple[PeriodKind, int]:
    if quarter:
        return "quarter", year * 4 + int(quarter) - 1
    if month:
        return "month", year * 12 + int(month) - 1
    return ("financial year" if slash else "calendar year"), year


@dataclass(frozen=True, slots=True)
class Nil:
    """A whole nil return: its row, the period that it names, when it was given, and the last day
    of the next such period."""

    row: int
    period: str
    given_on: date
    covers_to: date


def nil_returns(sheets: Sheets, nil: NilReturn) -> tuple[Nil, ...]:
    """The nil returns for a list that are whole, and dated on or after their period's last day
    (semantics.md, Nil return)."""
    return sheets.once(("nil", nil), lambda: tuple(_nil_returns(sheets, nil)))


def _nil_returns(sheets: Sheets, nil: NilReturn) -> list[Nil]:
    sheet = sheets.of("nil returns")
    names = (sheet.keys("list"), sheet.keys("period"), sheet.keys("by post"))
    found: list[Nil] = []
    rows = zip(*names, sheet.days("given on"), strict=True)
    for row, (lists, periods, posts, given_on) in enumerate(rows):
        if not (lists and periods and any(posts)) or given_on is None:
            continue
        period = read_label(periods[0])
        if normal(lists[0]) != normal(nil.list) or not period or period[0] != nil.each:
            continue
        kind, number = period
        if given_on >= last_day(kind, number):
            found.append(Nil(row, periods[0], given_on, last_day(kind, number + 1)))
    return found
