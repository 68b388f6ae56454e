"""Rows written as short lines of text, and choices that come out the same every time."""

from __future__ import annotations

import calendar
import datetime
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

#: A cell of a sheet: a whole number, a text, a day, or nothing. A text that begins with '=' is a
#: formula, and one such as '#REF!' is an error.
Cell = datetime.date | str | int | None
Row = dict[str, Cell]
#: The rows of each register, by its id, under the register's own column names.
Office = dict[str, list[Row]]

Choice = TypeVar("Choice")

#: The day of the duty's first version in every rule, and the day that the example speaks for.
IN_FORCE = datetime.date(2024, 10, 1)
AS_OF = datetime.date(2026, 11, 24)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(text: str) -> datetime.date:
    """The day written as 2026-11-24."""
    return datetime.date.fromisoformat(text)


def later(start: datetime.date, days: int) -> datetime.date:
    """So many days later, or on the Monday after where that is at a weekend."""
    end = start + datetime.timedelta(days)
    return end + datetime.timedelta((7 - end.weekday()) % 7 if end.weekday() > 4 else 0)


def months_later(start: datetime.date, months: int) -> datetime.date:
    """So many months later, cut to the month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(start.day, last))


def year_of(at: datetime.date) -> str:
    """The financial year of a day, such as 2025/26."""
    first = at.year if at.month > 3 else at.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def quarter_of(at: datetime.date) -> str:
    """The quarter of the financial year of a day, such as 2025/26 Q3."""
    return f"{year_of(at)} Q{(at.month - 4) % 12 // 3 + 1}"


def table(columns: str, *lines: str) -> list[Row]:
    """One row for each line. Bars separate cells and column names. An empty cell is left out, one
    such as 2026-11-24 is a day, and one of digits only is a number."""
    names = [name.strip() for name in columns.split("|")]
    return [_row(names, line) for line in lines]


def _row(names: Sequence[str], line: str) -> Row:
    texts = [text.strip() for text in line.split("|")]
    cells = zip(names, texts, strict=True)
    return {name: _cell(text) for name, text in cells if text}


def _cell(text: str) -> Cell:
    if _DAY.fullmatch(text):
        return day(text)
    return int(text) if text.isdecimal() else text


def numbered(prefix: str, rows: Iterable[Row], width: int = 1, first: int = 1) -> list[Row]:
    """The rows with keys such as C-1, C-2 … of at least ``width`` figures, in their order."""
    keyed: list[Row] = []
    for number, row in enumerate(rows, start=first):
        keyed.append({"ref": f"{prefix}{number:0{width}}", **row})
    return keyed


def chance(*of: object) -> float:
    """A number from 0 up to 1 that depends on nothing but ``of``."""
    text = "/".join(map(str, of)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest()) / 2**48


def between(low: int, high: int, *of: object) -> int:
    """A whole number from ``low`` to ``high``, both included, that depends only on ``of``."""
    return low + int(chance(*of) * (high - low + 1))


def choose(options: Sequence[Choice], *of: object) -> Choice:
    """One of the options; which one depends only on ``of``."""
    return options[between(0, len(options) - 1, *of)]
