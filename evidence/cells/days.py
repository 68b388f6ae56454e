"""What the reading of a text as a day gives: a day, or what is wrong and what to write instead."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from enum import StrEnum

from evidence.cells.day_words import MONTH_NAMES, WEEKDAY_NAMES, long_day

FIRST_YEAR, LAST_YEAR = 1900, 2099
WRITE_IT = "Enter one date, such as 25/04/2026."


class DayReason(StrEnum):
    """Why a text is no day."""

    BLANK = "blank"
    PLACEHOLDER = "placeholder"  # tbc, n/a, a dash
    NO_SUCH_DAY = "no such day"  # 31/02/2026
    MONTH_FIRST = "month first"  # 04/25/2026; April 25, 2026
    MIXED_ORDERS = "mixed orders"  # 03/04/2026 in a column that also holds 04/25/2026
    NO_DAY = "no day"  # Sept 2015; 04/2026; 2026; 2025/26
    NO_YEAR = "no year"  # 1 April; 25/04
    YEAR_OUT_OF_RANGE = "year out of range"  # 1/4/20026
    WRONG_WEEKDAY = "wrong weekday"  # Mon 1 April 2026, which is a Wednesday
    TIME_ZONE = "time zone"  # 2026-03-31T23:30:00Z
    BARE_NUMBER = "bare number"  # 45000
    NOT_A_DAY = "not a day"


#: What is wrong with several texts of one reason, after a subject in the plural.
SEVERAL = {
    DayReason.NO_SUCH_DAY: "are dates that do not exist",
    DayReason.MONTH_FIRST: "have the month before the day",
    DayReason.MIXED_ORDERS: "may each be either of two dates",
    DayReason.NO_DAY: "do not say which day of the month",
    DayReason.NO_YEAR: "do not say which year",
    DayReason.YEAR_OUT_OF_RANGE: f"are not in the years {FIRST_YEAR} to {LAST_YEAR}",
    DayReason.WRONG_WEEKDAY: "name a weekday that is not the date's",
    DayReason.TIME_ZONE: "have a time with a time zone, so their dates may be others here",
    DayReason.BARE_NUMBER: "are numbers, not dates",
    DayReason.NOT_A_DAY: "are not dates",
}


@dataclass(frozen=True, slots=True)
class Day:
    """A text that is a day. ``ambiguous`` says that the same text, month first, is another day
    (03/04/2026 is 3 April here and might have been meant as 4 March)."""

    day: datetime.date
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class DayProblem:
    """A text that is no day: ``message`` says what is wrong and ``hint`` what to write instead,
    a sentence each. ``month_first`` says that it is a day only when read month first. ``detail`` is
    what sets the text apart among several of its reason, and ``advice`` the hint for all of them,
    '' where it is the same."""

    text: str
    reason: DayReason
    message: str
    hint: str = WRITE_IT
    month_first: bool = False
    detail: str = ""
    advice: str = ""


def year_out_of_range(text: str, year: str) -> DayProblem:
    """1/4/20026; ``year`` as it is written."""
    return DayProblem(
        text,
        DayReason.YEAR_OUT_OF_RANGE,
        f"'{text}' has the year {year}, which is not in {FIRST_YEAR} to {LAST_YEAR}.",
    )


def no_such_day(text: str, month: int, year: int) -> DayProblem:
    """31/02/2026, or a month above 12."""
    why = "there is no such month"
    if 1 <= month <= 12:
        days = calendar.monthrange(year, month)[1]
        why = f"{MONTH_NAMES[month - 1]} {year} has {days} days"
    message = f"'{text}' is a date that does not exist: {why}."
    return DayProblem(text, DayReason.NO_SUCH_DAY, message, detail=why)


def month_first(text: str, meant: datetime.date, instead: str) -> DayProblem:
    """04/25/2026; ``meant`` is the day that it is month first, ``instead`` how to write that."""
    return DayProblem(
        text,
        DayReason.MONTH_FIRST,
        f"'{text}' has the month before the day.",
        f"If {long_day(meant)} is meant, enter {instead}.",
        month_first=True,
        detail=f"{long_day(meant)}?",
        advice="Enter the day before the month, such as 25/04/2026.",
    )


def mixed_orders(text: str, day: datetime.date, witness: str) -> DayProblem:
    """A text that is ``day``, but another one month first, in a column that holds ``witness``."""
    other = datetime.date(day.year, day.day, day.month)
    return DayProblem(
        text,
        DayReason.MIXED_ORDERS,
        f"'{text}' may be {long_day(day)} or {long_day(other)}, since the same column has"
        f" '{witness}', with the month before the day.",
        f"Enter {long_day(day)} or {long_day(other)}, whichever is meant.",
        advice=f"The same column has '{witness}', with the month before the day. Enter each date"
        " with its month in words, such as 3 April 2026.",
    )


def wrong_weekday(text: str, said: int, day: datetime.date) -> DayProblem:
    """A weekday (Monday is 0) that is not the day's."""
    return DayProblem(
        text,
        DayReason.WRONG_WEEKDAY,
        f"'{text}' says {WEEKDAY_NAMES[said]}, but {long_day(day)} is a"
        f" {WEEKDAY_NAMES[day.weekday()]}.",
        "Enter the date that is meant, such as 25/04/2026.",
        detail=f"{long_day(day)} is a {WEEKDAY_NAMES[day.weekday()]}",
    )


def time_zone(text: str) -> DayProblem:
    """A time of day with a zone behind it."""
    return DayProblem(
        text,
        DayReason.TIME_ZONE,
        f"'{text}' has a time with a time zone, so its date may be another one here.",
        "Enter the date alone, such as 25/04/2026.",
    )


def placeholder(text: str) -> DayProblem:
    """A word or mark that people write where there is no day yet."""
    return DayProblem(
        text,
        DayReason.PLACEHOLDER,
        f"'{text}' is not a date.",
        "Enter the date, such as 25/04/2026, once it is known. Leave the cell blank until then.",
    )
