"""The numbers that spreadsheets keep for days.

A day is a count from 1 January 1900 (which is 1), or, in a workbook of the 1904 system, from
1 January 1904 (which is 0). In the 1900 system the number 60 stands for 29 February 1900, a day
that did not exist, so every number above it is one too high.
"""

from __future__ import annotations

import datetime
import math

from evidence.cells.day_words import long_day

_FIRST_LIKELY = datetime.date(1950, 1, 1)
_LAST_LIKELY = datetime.date(2099, 12, 31)
_NO_DAY = 60


def serial_to_day(number: float, date1904: bool = False) -> datetime.date | None:
    """The day that a spreadsheet shows for ``number`` under a date format; its fraction, a time
    of day, is left off. None where it shows none: below the first day, above 31 December 9999,
    and 60 in the 1900 system."""
    if not math.isfinite(number):
        return None
    whole = math.floor(number)
    if date1904:
        start, first = datetime.date(1904, 1, 1), 0
    else:
        start, first = datetime.date(1899, 12, 31 if whole < _NO_DAY else 30), 1
    if whole < first or (whole == _NO_DAY and not date1904):
        return None
    try:
        return start + datetime.timedelta(days=whole)
    except OverflowError:
        return None


def likely_day(number: float, date1904: bool = False) -> datetime.date | None:
    """The day of 1950 to 2099 that a number without a date format might have been, or None."""
    day = serial_to_day(number, date1904)
    return day if day and _FIRST_LIKELY <= day <= _LAST_LIKELY else None


def number_words(number: float, date1904: bool = False) -> str:
    """``, though it might be 15 March 2023``, for the end of a sentence about a number in place
    of a date; '' where it is no likely day."""
    day = likely_day(number, date1904)
    return f", though it might be {long_day(day)}" if day else ""
