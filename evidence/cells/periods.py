"""Texts of period cells read as periods: financial years, quarters, calendar years and months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evidence.cells.day_text import FIRST_YEAR, LAST_YEAR
from evidence.cells.day_words import MONTHS
from evidence.cells.text import listed, quoted, spaced_once
from evidence.register import PeriodKind

_EXAMPLES: dict[PeriodKind, str] = {
    "financial year": "a financial year such as 2025/26",
    "calendar year": "a calendar year such as 2025",
    "quarter": "a quarter of the financial year such as 2025/26 Q3",
    "month": "a month such as 2025-07",
}

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_QUARTER = re.compile(r"\b(?:quarter|qtr|q)\.? ?([0-9]+)\b|(?<=[0-9])q([0-9]+)\b")
_TWO_YEARS = re.compile(r"([0-9]{4}) ?(/|-|to) ?([0-9]{4}|[0-9]{2})")
_FY_SHORT = re.compile(r"([0-9]{2}) ?[/-] ?([0-9]{2})")
_FY = re.compile(r"^(?:financial year|fy|f/y)\b ?|^fy(?=[0-9])")
_ONE_YEAR = re.compile(r"(?:calendar year |cy |year )?([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_NAMED_MONTH = re.compile(r"([a-z]{3,9})\.?[ -]*'?([0-9]{4}|[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """A period that exists: its canonical label (2025/26, 2025/26 Q3, 2025 or 2025-07)."""

    label: str
    kind: PeriodKind


@dataclass(frozen=True, slots=True)
class NoPeriod:
    """Why a text is not a period, as a sentence (``message``), and the period that it must mean:
    2025/26 for 25/26 ('' for most texts)."""

    message: str
    meant: str = ""


def period_words(kinds: Sequence[PeriodKind]) -> str:
    """What a column of such periods takes, with an example of each kind; any, if none is given."""
    return listed([_EXAMPLES[kind] for kind in kinds or tuple(_EXAMPLES)], "or")


def kinds_words(kinds: Sequence[PeriodKind]) -> str:
    """These kinds of period, after an article: ``financial year or quarter``."""
    return listed(list(kinds), "or") or "period"


def read_period(text: str, kinds: Sequence[PeriodKind] = ()) -> Period | NoPeriod:
    """The period that a text names in any accepted spelling (semantics.md: Patterns).

    Nothing is guessed. These are not periods: two years that are not consecutive, a fifth quarter,
    a kind that is not in ``kinds``, and a spelling of two periods that the column accepts.

    'FY 25/26 Q3' is 2025/26 Q3, and 'July 2025' is 2025-07.
    """
    shown = quoted(text)
    plain = _DASHES.sub("-", spaced_once(text).casefold())
    answers = list(_answers(plain, shown))
    periods = [answer for answer in answers if isinstance(answer, Period)]
    fitting = [period for period in periods if not kinds or period.kind in kinds]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        choice = listed([f"the {period.kind} {period.label}" for period in fitting], "or")
        return NoPeriod(f"{shown} could mean {choice}.")
    if periods:
        return NoPeriod(f"{shown} is a {periods[0].kind}, which this column does not accept.")
    if answers:
        return answers[0]
    meant = _short_financial_year(plain) if "financial year" in (kinds or _EXAMPLES) else ""
    hint = f" Did you mean {meant}?" if meant else ""
    return NoPeriod(f"{shown} is not a {kinds_words(kinds)}.{hint}", meant)


def _short_financial_year(plain: str) -> str:
    """2025/26 for 25/26, which cannot be a day or a month; '' for anything else."""
    match = _FY_SHORT.fullmatch(plain)
    certain = match and int(match[1]) > 12 and int(match[2]) == int(match[1]) + 1
    return f"20{match[1]}/{match[2]}" if match and certain else ""


def _answers(plain: str, shown: str) -> Iterator[Period | NoPeriod]:
    """Every way in which the text can be read, and why it cannot where it nearly can."""
    if match := _QUARTER.search(plain):
        rest = (plain[: match.start()] + " " + plain[match.end() :]).strip(" ,:;-()")
        yield _quarter(int(match[1] or match[2]), rest, shown)
        return
    yield from _years(plain, shown)
    yield from _months(plain, shown)


def _quarter(number: int, rest: str, shown: str) -> Period | NoPeriod:
    if not 1 <= number <= 4:
        return NoPeriod(f"{shown} is not a quarter: a year has quarters Q1 to Q4.")
    year = next(_years(rest, shown), NoPeriod(f"{shown} does not say which financial year."))
    if isinstance(year, NoPeriod):
        return year
    if year.kind != "financial year":
        return NoPeriod(f"{shown} does not say which financial year.")
    return Period(f"{year.label} Q{number}", "quarter")


def _years(plain: str, shown: str) -> Iterator[Period | NoPeriod]:
    """The financial or calendar year of a text, or why it is none; nothing if it has the form of
    neither."""
    bare = _FY.sub("", plain).strip()
    financial = bare != plain
    if match := _TWO_YEARS.fullmatch(bare):
        first, last = int(match[1]), match[3]
        if last == str(first + 1)[-len(last) :]:
            yield _in_range(first, f"{first}/{last[-2:]}", "financial year", shown)
        else:
            yield NoPeriod(f"{shown} is not a financial year: its two years are not consecutive.")
    elif financial and (match := _FY_SHORT.fullmatch(bare)):
        yield from _years(f"20{match[1]}/{match[2]}", shown)
    elif financial:
        yield NoPeriod(f"{shown} does not say which two years the financial year covers.")
    elif match := _ONE_YEAR.fullmatch(bare):
        yield _in_range(int(match[1]), match[1], "calendar year", shown)


def _months(plain: str, shown: str) -> Iterator[Period | NoPeriod]:
    year = month = 0
    if match := _YEAR_MONTH.fullmatch(plain):
        year, month = int(match[1]), int(match[2])
    elif match := _MONTH_YEAR.fullmatch(plain):
        year, month = int(match[2]), int(match[1])
    elif match := _NAMED_MONTH.fullmatch(plain):
        year, month = int(match[2]), MONTHS.get(match[1], 0)
        year += 2000 if len(match[2]) == 2 else 0
    if 1 <= month <= 12:
        yield _in_range(year, f"{year:04}-{month:02}", "month", shown)


def _in_range(year: int, label: str, kind: PeriodKind, shown: str) -> Period | NoPeriod:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return Period(label, kind)
    return NoPeriod(f"{shown} is outside the years {FIRST_YEAR} to {LAST_YEAR}.")
