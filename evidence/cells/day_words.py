"""The words of days: names of months and weekdays, and how a text is made ready to be read."""

from __future__ import annotations

import datetime
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
    """The text in lower case, with plain dashes, slashes and single spaces, without what cannot
    be seen, without a leading apostrophe (Excel's mark of a text)."""
    if _NOT_PLAIN.search(text) is None:
        return text
    return " ".join(text.translate(_LOOKS_LIKE).lower().split()).removeprefix("'")


def long_day(day: datetime.date) -> str:
    """A day in words that cannot be mistaken: 1 April 2026."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
