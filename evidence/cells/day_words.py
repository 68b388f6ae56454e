"""Words for dates: the names of months and weekdays, and texts tidied before they are read; and
the numbers that spreadsheets store for dates."""

from __future__ import annotations

import datetime
import math
import re

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS = {
    short: number
    for number, name in enumerate(MONTH_NAMES, 1)
    for short in (name.lower(), name[:3].lower())
} | {"sept": 9}
MONTH_PATTERN = "|".join(sorted(MONTHS, key=len, reverse=True))

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS = {
    short: number
    for number, name in enumerate(WEEKDAY_NAMES)
    for short in (name.lower(), name[:3].lower())
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
WEEKDAY_PATTERN = "|".join(sorted(WEEKDAYS, key=len, reverse=True))

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_LOOKS_LIKE = (
    _INVISIBLE
    | dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
    | dict.fromkeys(map(ord, "\u2044\u2215\uff0f"), "/")
)
_NOT_PLAIN = re.compile(r"[^a-z0-9/:-]")


def tidy(text: str) -> str:
    """The text in lower case with plain dashes, slashes and single spaces, without invisible
    characters and the leading apostrophe that marks a text in Excel."""
    if _NOT_PLAIN.search(text) is None:
        return text
    return " ".join(text.translate(_LOOKS_LIKE).lower().split()).removeprefix("'")


def long_day(day: datetime.date) -> str:
    """A day in words that cannot be mistaken: 1 April 2026."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


# Numbers -----------------------------------------------------------------------------------------

_FIRST_LIKELY = datetime.date(1950, 1, 1)
_LAST_LIKELY = datetime.date(2099, 12, 31)
# Excel's number 1 is 1 January 1900, and 60 a 29 February 1900 that did not exist.
_START = datetime.date(1899, 12, 30)
_START_1904 = datetime.date(1904, 1, 1)


def likely_day(number: float, date1904: bool = False) -> datetime.date | None:
    """The day of 1950 to 2099 that a spreadsheet shows for a number under a date format, without
    its time of day; None for any other number."""
    try:
        days = datetime.timedelta(days=math.floor(number))
        day = (_START_1904 if date1904 else _START) + days
    except (OverflowError, ValueError):  # ValueError: not a number
        return None
    return day if _FIRST_LIKELY <= day <= _LAST_LIKELY else None


def number_words(number: float, date1904: bool = False) -> str:
    """``, though it might be 15 March 2023``, for a sentence about a number in place of a date; ''
    if the number is not a likely date."""
    day = likely_day(number, date1904)
    return f", though it might be {long_day(day)}" if day else ""
