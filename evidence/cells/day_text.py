"""Reads text as a date, always day first: 1/4/2026 is 1 April 2026.

Nothing is guessed. A text that is not certainly a date becomes a :class:`DayProblem`, which says
what is wrong and what to enter instead. Years run from 1900 to 2099; two-digit years mean 2000 to
2099. A time after the date is dropped (semantics.md: Words). A time with a time zone is refused,
since the date may be different here.

A month without a day is not a date but a period, and evidence.cells.periods reads those.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from evidence.cells.day_words import (
    MONTH_NAMES,
    MONTH_PATTERN,
    MONTHS,
    WEEKDAY_NAMES,
    WEEKDAY_PATTERN,
    WEEKDAYS,
    long_day,
    number_words,
    tidy,
)
from evidence.cells.text import quoted

FIRST_YEAR = 1900
LAST_YEAR = 2099


class DayReason(StrEnum):
    """Why texts are not dates, after a subject in the plural."""

    BLANK = "are blank"
    NO_SUCH_DAY = "are dates that do not exist"  # 31/02/2026
    MONTH_FIRST = "have the month before the day"  # 04/25/2026; April 25, 2026
    MIXED_ORDERS = "may each be either of two dates"  # 03/04/2026 in a column with 04/25/2026
    NO_DAY = "have no day of the month"  # Sept 2015; 04/2026; 2026; 2025/26
    NO_YEAR = "have no year"  # 1 April; 25/04
    YEAR_OUT_OF_RANGE = f"are outside the years {FIRST_YEAR} to {LAST_YEAR}"  # 1/4/20026
    WRONG_WEEKDAY = "name a weekday that is not the date's"  # Mon 1 April 2026, a Wednesday
    TIME_ZONE = "have a time with a time zone, so their dates may be different here"
    BARE_NUMBER = "are numbers, not dates"  # 45000
    NOT_A_DAY = "are not dates"  # tbc, LTS, a dash


@dataclass(frozen=True, slots=True)
class Day:
    """The date of a text. ``ambiguous``: month first, it is another date (03/04/2026)."""

    day: datetime.date
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class DayProblem:
    """Why a text is not read as a date.

    The text 04/25/2026 has this problem, whose ``cause`` is ''::

        DayProblem(
            reason=DayReason.MONTH_FIRST,  # 'have the month before the day'
            message="'04/25/2026' has the month before the day.",
            instruction="If 25 April 2026 is meant, enter 25/04/2026.",
            detail="25 April 2026?",
            shared_instruction="Enter the day before the month, such as 25/04/2026.",
        )

    ``message`` and ``instruction`` are sentences about this one text: what is wrong with it, and
    what to enter. ``reason`` and ``shared_instruction`` say the same of all such texts, and
    ``detail`` is what one of them adds in brackets. An empty ``shared_instruction`` means that
    ``instruction`` is right for all of them. ``cause`` is the end of the predicate, if the reason
    is not enough: ``, because E7 has the month first``.
    """

    reason: DayReason
    message: str
    instruction: str = "Enter the date, such as 25/04/2026."
    detail: str = ""
    shared_instruction: str = ""
    cause: str = ""

    @property
    def predicate(self) -> str:
        """What is wrong with several such texts, after a plural subject: ``have no year``."""
        return self.reason + self.cause


# 1/4/2026, 01.04.26: the same separator twice
_NUMBERS = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]+)")
# 2026-04-01, 2026/4/1
_YEAR_FIRST = re.compile(r"([0-9]{4,}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
# 1 april 2026, 1st of apr '26
_NAMED = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ ./,-]*({MONTH_PATTERN})[ ./,'’-]*([0-9]+)"
)
# april 1, 2026
_NAMED_MONTH_FIRST = re.compile(
    rf"({MONTH_PATTERN})[ ./-]*([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,./-]+([0-9]{{4}}|[0-9]{{2}})"
)
# 1 april, 25/04
_NO_YEAR = re.compile(
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ./-]*(?:{MONTH_PATTERN})"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[/.-](?:0[1-9]|1[0-2]|[1-9])"
)
# sept 2015, april, 04/2026, 04/26, 2025/26, 2026
_NO_DAY = re.compile(
    rf"(?:{MONTH_PATTERN})[ ./,'’-]*(?:[0-9]{{4}}|[0-9]{{2}})?|[0-9]{{1,2}}[/.-][0-9]{{4}}"
    r"|[0-9]{1,2}/[0-9]{2}|[0-9]{4}[/-][0-9]{1,4}|(?:19|20)[0-9]{2}"
)
# 45000, 45000.5
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# the 'wed ' of 'wed 1 april 2026'
_WEEKDAY = re.compile(rf"({WEEKDAY_PATTERN})[., ]+(?=[0-9])")
# the end of '2026-04-01t09:30:00z' and '1/4/2026 at 9:30 am'. 13:00 pm is accepted, since the time
# is dropped anyway.
_TIME = re.compile(
    r"(?:(?<=[0-9])t|,? (?:at )?)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?(?:am|pm)?"
    r" ?(z|utc|gmt|bst|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
)


@lru_cache(maxsize=65536)
def read_day(text: str) -> Day | DayProblem:
    """The date of a text, or what is wrong with it (semantics.md: Words).

    Accepted are 1/4/2026, 01.04.26, 1-4-2026, 2026-04-01, 1 April 2026, 1st Apr 26, Wed 1 April
    2026 and the like, with or without a time of day. A month before the day is a problem:
    04/25/2026 has the reason MONTH_FIRST.
    """
    plain, shown = tidy(text), quoted(text)
    if plain == "":
        return DayProblem(DayReason.BLANK, "The cell is blank.")
    plain = plain.rstrip(" .,;")
    if timed := _TIME.search(plain):
        # second 60 exists: it is a leap second
        if int(timed[1]) > 23 or int(timed[2]) > 59 or int(timed[3] or 0) > 60:
            message = f"{shown} has a time that does not exist."
            return DayProblem(DayReason.NOT_A_DAY, message)
        if timed[4]:
            message = f"{shown} has a time with a time zone, so the date may be different here."
            instruction = "Enter the date alone, such as 25/04/2026."
            return DayProblem(DayReason.TIME_ZONE, message, instruction)
        plain = plain[: timed.start()]
    if named := _WEEKDAY.match(plain):
        return _on_weekday(_read_plain(shown, plain[named.end() :]), shown, WEEKDAYS[named[1]])
    return _read_plain(shown, plain)


def _on_weekday(read: Day | DayProblem, shown: str, weekday: int) -> Day | DayProblem:
    """The date of a text that names a weekday, or a problem if the date has another weekday."""
    if isinstance(read, DayProblem) or read.day.weekday() == weekday:
        return read
    is_a = f"{long_day(read.day)} is a {WEEKDAY_NAMES[read.day.weekday()]}"
    return DayProblem(
        DayReason.WRONG_WEEKDAY,
        f"{shown} says {WEEKDAY_NAMES[weekday]}, but {is_a}.",
        "Enter the date that is meant, such as 25/04/2026.",
        detail=is_a,
    )


def month_first_text(texts: Iterable[str]) -> str | None:
    """The least of the texts that are a date only with the month first; None if there is none."""
    return min((text for text in texts if _is_month_first(text)), default=None)


def _is_month_first(text: str) -> bool:
    day = read_day(text) if tidy(text) else None
    return isinstance(day, DayProblem) and day.reason is DayReason.MONTH_FIRST


def read_column_days(
    texts: Sequence[str | None], address: Callable[[str], str] = quoted, month_first_at: str = ""
) -> list[Day | DayProblem | None]:
    """The dates of one column's text cells, each as :func:`read_day` reads it, in their order.

    A cell without a text is None and stays None. If any text of the column is a date only with the
    month first, every ambiguous text is a problem too, and names the ``address`` of one such.
    ``month_first_at`` is the address of one in another column that counts as the same.
    ISO dates and months in words are not affected.

    With 04/25/2026 in the column, 03/04/2026 may mean 3 April or 4 March, so it is not read.
    """
    days = [None if text is None or tidy(text) == "" else read_day(text) for text in texts]
    month_first = [
        str(text)
        for text, day in zip(texts, days, strict=True)
        if isinstance(day, DayProblem) and day.reason is DayReason.MONTH_FIRST
    ]
    if not month_first and not month_first_at:
        return days
    # The same text whatever the order of the rows.
    witness = address(min(month_first)) if month_first else month_first_at
    return [
        _mixed_orders(quoted(str(text)), day.day, witness)
        if isinstance(day, Day) and day.ambiguous
        else day
        for text, day in zip(texts, days, strict=True)
    ]


def _mixed_orders(shown: str, day: datetime.date, witness: str) -> DayProblem:
    """An ambiguous text that is ``day`` if the day comes first, in a column with ``witness``."""
    cause = f", because {witness} has the month first"
    choice = f"{long_day(day)} or {long_day(datetime.date(day.year, day.day, day.month))}"
    return DayProblem(
        DayReason.MIXED_ORDERS,
        f"{shown} may be {choice}{cause}.",
        f"Enter it with the month in words: {choice}.",
        shared_instruction="Enter each date with its month in words, such as 3 April 2026.",
        cause=cause,
    )


def _read_plain(shown: str, plain: str) -> Day | DayProblem:
    """The day of a text in plain form (``plain``), or why it is none. ``shown`` is the text as
    messages quote it."""
    if match := _NUMBERS.fullmatch(plain):
        return _from_numbers(shown, int(match[1]), int(match[3]), match[4])
    if match := _YEAR_FIRST.fullmatch(plain):
        return _from_parts(shown, int(match[4]), int(match[3]), match[1])
    if match := _NAMED.fullmatch(plain):
        return _from_parts(shown, int(match[1]), MONTHS[match[2]], match[3])
    if match := _NAMED_MONTH_FIRST.fullmatch(plain):
        read = _from_parts(shown, int(match[2]), MONTHS[match[1]], match[3])
        if isinstance(read, DayProblem):
            return read
        return _month_first(shown, read.day, long_day(read.day))
    # 04/05 fits both of the next two, and is likelier to be a date without its year than a month
    if _NO_YEAR.fullmatch(plain):
        return DayProblem(DayReason.NO_YEAR, f"{shown} has no year.")
    if _NO_DAY.fullmatch(plain):
        return DayProblem(DayReason.NO_DAY, f"{shown} has no day of the month.")
    if _NUMBER.fullmatch(plain):
        message = f"{shown} is a number, not a date{number_words(float(plain))}."
        return DayProblem(DayReason.BARE_NUMBER, message)
    return DayProblem(DayReason.NOT_A_DAY, f"{shown} is not a date.")


def _year(digits: str) -> int | None:
    if len(digits) == 2:
        return 2000 + int(digits)
    likely = len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR
    return int(digits) if likely else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _from_numbers(shown: str, first: int, second: int, written_year: str) -> Day | DayProblem:
    """The date of two numbers and a year. The first number is the day."""
    year = _year(written_year)
    if year is None or _date(year, second, first):
        read = _from_parts(shown, first, second, written_year)
        ambiguous = first <= 12 and first != second
        return Day(read.day, ambiguous) if isinstance(read, Day) else read
    swapped = _date(year, first, second)
    if swapped is None:
        return _no_such_day(shown, second, year)
    return _month_first(shown, swapped, f"{swapped:%d/%m/%Y}")


def _from_parts(shown: str, day: int, month: int, written_year: str) -> Day | DayProblem:
    year = _year(written_year)
    if year is None:
        outside = f"which is outside {FIRST_YEAR} to {LAST_YEAR}."
        message = f"{shown} has the year {written_year}, {outside}"
        return DayProblem(DayReason.YEAR_OUT_OF_RANGE, message)
    date = _date(year, month, day)
    return Day(date) if date else _no_such_day(shown, month, year)


def _no_such_day(shown: str, month: int, year: int) -> DayProblem:
    """The problem of 31/02/2026, or of a month above 12."""
    reason = f"there is no month {month}"
    if 1 <= month <= 12:
        days = calendar.monthrange(year, month)[1]
        reason = f"{MONTH_NAMES[month - 1]} {year} has {days} days"
    message = f"{shown} is a date that does not exist: {reason}."
    return DayProblem(DayReason.NO_SUCH_DAY, message, detail=reason)


def _month_first(shown: str, swapped: datetime.date, instead: str) -> DayProblem:
    """The problem of 04/25/2026. ``swapped`` is the date if the month comes first, and ``instead``
    is how to enter that date."""
    return DayProblem(
        DayReason.MONTH_FIRST,
        f"{shown} has the month before the day.",
        f"If {long_day(swapped)} is meant, enter {instead}.",
        detail=f"{long_day(swapped)}?",
        shared_instruction="Enter the day before the month, such as 25/04/2026.",
    )
