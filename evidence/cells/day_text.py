"""Text to a day, the day first always: 1/4/2026 is 1 April 2026.

Nothing is guessed. A text that could be read another way, or not at all, is a
:class:`DayProblem` with what is wrong and what to write instead. Years run from 1900 to 2099; two
figures are of this century, 2000 to 2099. A time of day behind a day is left off (all dates are
days; semantics.md, Words); one with a time zone is refused, since its day may be another one here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache

from evidence.cells.day_number import number_words
from evidence.cells.day_words import (
    MONTH_PATTERN,
    MONTHS,
    WEEKDAY_PATTERN,
    WEEKDAYS,
    long_day,
    tidy,
)
from evidence.cells.days import (
    FIRST_YEAR,
    LAST_YEAR,
    Day,
    DayProblem,
    DayReason,
    mixed_orders,
    month_first,
    no_such_day,
    placeholder,
    time_zone,
    wrong_weekday,
    year_out_of_range,
)
from evidence.cells.silence import says_nothing

__all__ = ["Day", "DayProblem", "DayReason", "read_column_days", "read_day"]

_NUMBERS = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]+)")
_YEAR_FIRST = re.compile(r"([0-9]{4,}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
_NAMED = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ ./,-]*({MONTH_PATTERN})[ ./,'’-]*([0-9]+)"
)
_NAMED_MONTH_FIRST = re.compile(
    rf"({MONTH_PATTERN})[ ./-]*([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,./-]+([0-9]{{4}}|[0-9]{{2}})"
)
_NO_YEAR = re.compile(
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ./-]*(?:{MONTH_PATTERN})"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[/.-](?:0[1-9]|1[0-2]|[1-9])"
)
_NO_DAY = re.compile(
    rf"(?:{MONTH_PATTERN})[ ./,'’-]*(?:[0-9]{{4}}|[0-9]{{2}})?|[0-9]{{1,2}}[/.-][0-9]{{4}}"
    r"|[0-9]{1,2}/[0-9]{2}|[0-9]{4}[/-][0-9]{1,4}|(?:19|20)[0-9]{2}"
)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WEEKDAY = re.compile(rf"({WEEKDAY_PATTERN})[., ]+(?=[0-9])")
_TIME = re.compile(
    r"(?:(?<=[0-9])t|,? (?:at )?)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?(?:am|pm)?"
    r" ?(z|utc|gmt|bst|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
)


def read_day(text: str) -> Day | DayProblem:
    """The day that a text names, or what is wrong with it.

    Read are 1/4/2026, 01.04.26, 1-4-2026, 2026-04-01, 1 April 2026, 1st Apr 26, Wed 1 April 2026
    and the like; a time of day may follow. A month's name before the day, and numbers that are a
    day only month first, are problems.
    """
    return _read(text)


@lru_cache(maxsize=65536)
def _read(text: str) -> Day | DayProblem:
    plain = tidy(text)
    if plain == "":
        return DayProblem(text, DayReason.BLANK, "The cell is blank.")
    plain = plain.rstrip(" .,;")
    if says_nothing(text):
        return placeholder(text)
    timed = _TIME.search(plain)
    if timed:
        wrong = _check_time(text, timed)
        if wrong:
            return wrong
        plain = plain[: timed.start()]
    named = _WEEKDAY.match(plain)
    if named is None:
        return _read_plain(text, plain)
    return _check_weekday(text, WEEKDAYS[named[1]], _read_plain(text, plain[named.end() :]))


def read_column_days(texts: Sequence[str | None]) -> list[Day | DayProblem | None]:
    """The days of one column's text cells, each as :func:`read_day` gives it, in their order.

    None stands for a cell that holds no text (a blank one, or one with a date of its own), and
    stays None. If any text of the column is a day only month first, the column mixes orders:
    then every text that would be another day month first is a problem too. ISO dates, months
    written as words and cells with dates of their own are not affected.
    """
    read = [_unless_blank(text) for text in texts]
    swapped = [each.text for each in read if isinstance(each, DayProblem) and each.month_first]
    if not swapped:
        return read
    witness = min(swapped)  # the same one whatever the order of the rows
    return [
        mixed_orders(str(text), each.day, witness)
        if isinstance(each, Day) and each.ambiguous
        else each
        for text, each in zip(texts, read, strict=True)
    ]


def _unless_blank(text: str | None) -> Day | DayProblem | None:
    read = None if text is None else _read(text)
    return None if isinstance(read, DayProblem) and read.reason is DayReason.BLANK else read


def _read_plain(text: str, plain: str) -> Day | DayProblem:
    if found := _NUMBERS.fullmatch(plain):
        return _from_numbers(text, int(found[1]), int(found[3]), found[4])
    if found := _YEAR_FIRST.fullmatch(plain):
        return _from_parts(text, int(found[4]), int(found[3]), found[1])
    if found := _NAMED.fullmatch(plain):
        return _from_parts(text, int(found[1]), MONTHS[found[2]], found[3])
    if found := _NAMED_MONTH_FIRST.fullmatch(plain):
        return _named_month_first(text, int(found[2]), MONTHS[found[1]], found[3])
    return _no_whole_day(text, plain)


def _year(written: str) -> int | None:
    if len(written) == 2:
        return 2000 + int(written)
    usual = len(written) == 4 and FIRST_YEAR <= int(written) <= LAST_YEAR
    return int(written) if usual else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _from_numbers(text: str, first: int, second: int, written_year: str) -> Day | DayProblem:
    """A day from two numbers and a year, the first number the day."""
    year = _year(written_year)
    if year is None or _date(year, second, first):
        read = _from_parts(text, first, second, written_year)
        ambiguous = first <= 12 and first != second
        return Day(read.day, ambiguous) if isinstance(read, Day) else read
    swapped = _date(year, first, second)
    if swapped is None:
        return no_such_day(text, second, year)
    return month_first(text, swapped, f"{swapped:%d/%m/%Y}")


def _from_parts(text: str, day: int, month: int, written_year: str) -> Day | DayProblem:
    year = _year(written_year)
    if year is None:
        return year_out_of_range(text, written_year)
    found = _date(year, month, day)
    return Day(found) if found else no_such_day(text, month, year)


def _named_month_first(text: str, day: int, month: int, written_year: str) -> DayProblem:
    read = _from_parts(text, day, month, written_year)
    return read if isinstance(read, DayProblem) else month_first(text, read.day, long_day(read.day))


def _check_time(text: str, timed: re.Match[str]) -> DayProblem | None:
    if int(timed[1]) > 23 or int(timed[2]) > 59 or int(timed[3] or 0) > 60:
        return DayProblem(text, DayReason.NOT_A_DAY, f"'{text}' has a time that does not exist.")
    return time_zone(text) if timed[4] else None


def _check_weekday(text: str, weekday: int, read: Day | DayProblem) -> Day | DayProblem:
    if isinstance(read, DayProblem) or read.day.weekday() == weekday:
        return read
    return wrong_weekday(text, weekday, read.day)


def _no_whole_day(text: str, plain: str) -> DayProblem:
    """Why a text that has not a day, a month and a year is no day."""
    if _NO_YEAR.fullmatch(plain):
        return DayProblem(text, DayReason.NO_YEAR, f"'{text}' does not say which year.")
    if _NO_DAY.fullmatch(plain):
        return DayProblem(text, DayReason.NO_DAY, f"'{text}' does not say which day of the month.")
    if _NUMBER.fullmatch(plain):
        message = f"'{text}' is a number, not a date{number_words(float(plain))}."
        return DayProblem(text, DayReason.BARE_NUMBER, message)
    return DayProblem(text, DayReason.NOT_A_DAY, f"'{text}' is not a date.")
