"""The kinds of cells: dates, numbers and other texts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Literal, TypeVar

from evidence.cells.day_text import Day, read_day
from evidence.cells.day_words import MONTH_PATTERN
from evidence.cells.text import is_blank, normal_heading, raw_text, spaced_once
from evidence.raw_cells import RawValue

_FIGURE = re.compile(r"[-+£]?[0-9][0-9.,]*%?")
#: A month, a quarter or a day of a month, and little after it: 'Apr 26', 'Q1 2025/26', '20 Jan'.
_TIME = re.compile(
    rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)? )?(?:{MONTH_PATTERN}|q(?:uarter|tr)? ?[1-4])\b.{{0,12}}$"
)
#: Cells from which the usual kind of a column, and the like, is taken.
SAMPLE = 200

_Item = TypeVar("_Item")
Kind = Literal["blank", "day", "number", "text"]


def kind_of(cell: RawValue) -> Kind:
    """Whether a cell is a date (or a text that reads as one), a number or another text."""
    if is_blank(cell):
        return "blank"
    if isinstance(cell, datetime.date):
        return "day"
    if not isinstance(cell, str):
        return "number"
    if isinstance(read_day(cell), Day):
        return "day"
    return "number" if _FIGURE.fullmatch(spaced_once(cell)) else "text"


def is_time(cell: RawValue) -> bool:
    """Whether a heading is a day, a month or a quarter."""
    return kind_of(cell) == "day" or bool(_TIME.match(normal_heading(raw_text(cell))))


def is_year(text: str) -> bool:
    """Whether a text is a year of this century, such as 2026."""
    return len(text) == 4 and text.isdecimal() and text.startswith("20")


def spread(items: Sequence[_Item], most: int = SAMPLE) -> list[_Item]:
    """At most so many of the items, evenly spread over all of them."""
    if len(items) <= most:
        return list(items)
    return [items[position * len(items) // most] for position in range(most)]
