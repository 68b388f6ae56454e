"""The words of days: names of months and weekdays, and how a text is made ready to be read; and
the numbers that spreadsheets keep for days."""

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
_NO_DAY = 60
"""In a workbook of the 1900 system, the number of 29 February 1900, a day that did not exist, so
that every number above it is one too high. A day counts from 1 January 1900 (which is 1) there; in
one of the 1904 system, from 1 January 1904 (which is 0)."""


def serial_to_day(number: float, date1904: bool = False) -> datetime.date | None:
    """The day that a spreadsheet shows for ``number`` under a date format, without its time of day;
    None for a number that is no day there."""
    if not math.isfinite(number):
        return None
    days = math.floor(number)
    if date1904:
        start, first = datetime.date(1904, 1, 1), 0
    else:
        start, first = datetime.date(1899, 12, 31 if days < _NO_DAY else 30), 1
    if days < first or (days == _NO_DAY and not date1904):
        return None
    try:
        return start + datetime.timedelta(days=days)
    except OverflowError:
        return None


def likely_day(number: float, date1904: bool = False) -> datetime.date | None:
    """The day of 1950 to 2099 that a number without a date format might have been, or None."""
    day = serial_to_day(number, date1904)
    return day if day and _FIRST_LIKELY <= day <= _LAST_LIKELY else None


def number_words(number: float, date1904: bool = False) -> str:
    """``, though it might be 15 March 2023``, for a sentence about a number in place of a date; ''
    if the number is no likely day."""
    day = likely_day(number, date1904)
    return f", though it might be {long_day(day)}" if day else ""
