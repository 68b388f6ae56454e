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
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from evidence.daynumber import number_words
from evidence.daywords import MONTH_PATTERN, MONTHS, WEEKDAY_PATTERN, WEEKDAYS, long_day, tidy

FIRST_YEAR, LAST_YEAR = 1900, 2099

PLACEHOLDERS = frozenset(
    "- -- --- . .. ... ? ?? ??? / x xx xxx tbc tba tbd n/a na n.a n.k nk none nil no yes null"
    " unknown pending ongoing asap awaited awaiting tick".split()
) | {
    "not applicable",
    "not known",
    "not yet",
    "to be confirmed",
    "to be agreed",
    "to be arranged",
    "to be decided",
    "to follow",
    "as soon as possible",
    "in progress",
    "00/00/0000",
}


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


@dataclass(frozen=True, slots=True)
class Day:
    """A text that is a day. ``ambiguous`` says that the same text, month first, is another day
    (03/04/2026 is 3 April here and might have been meant as 4 March)."""

    day: datetime.date
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class DayProblem:
    """A text that is no day: ``message`` says what is wrong and ``hint`` what to write instead,
    a sentence each. ``month_first`` says that it is a day only if read month first."""

    text: str
    reason: DayReason
    message: str
    hint: str
    month_first: bool = False


_NUMBERS = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]+)")
_YEAR_FIRST = re.compile(r"([0-9]{4,}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
_BY_NAME = re.compile(
    rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ ./,-]*({MONTH_PATTERN})[ ./,'’-]*([0-9]+)"
)
_MONTH_NAME_FIRST = re.compile(
    rf"({MONTH_PATTERN})[ .-]*([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,./-]+([0-9]{{2,4}})"
)
_NO_YEAR = re.compile(
    rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ .-]*(?:{MONTH_PATTERN})"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[/.-](?:0?[1-9]|1[0-2]))"
)
_NO_DAY = re.compile(
    rf"(?:(?:{MONTH_PATTERN})[ ./,'’-]*(?:[0-9]{{2}}|[0-9]{{4}})?|[0-9]{{1,2}}[/.-][0-9]{{4}}"
    r"|[0-9]{4}[/-][0-9]{1,4}|(?:19|20)[0-9]{2}|q[1-4][ /-]*[0-9/-]+)"
)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WEEKDAY = re.compile(rf"(?:{WEEKDAY_PATTERN})[ .,]+(?=[0-9])")
_TIME = re.compile(
    r"(?:[ ,t]+|(?<=[0-9]{4}) at )([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(am|pm)?(z|utc|gmt|bst|[+-][0-9]{2}:?[0-9]{2})?"
)
