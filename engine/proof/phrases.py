"""Days, places and counts in words."""

from __future__ import annotations

import datetime
from functools import lru_cache

from engine.columns.arrays import Columns
from engine.columns.days import as_date
from evidence.cells.day_words import long_day
from evidence.table import Place
from rules.condition import Ask
from rules.wording.office_names import OfficeNames
from rules.wording.words import condition_text, failure_text


@lru_cache(maxsize=8192)
def day_words(day: datetime.date | int | None) -> str:
    """'3 May 2025', of a date or its ordinal; 'no date' where there is none."""
    date = as_date(day) if isinstance(day, int) else day
    return "no date" if date is None else long_day(date)


def place_words(place: Place) -> str:
    """'office.xlsx!Training!E14', or the row where there is no cell."""
    cell = place.cell or f"row {place.row}"
    return f"{place.file}!{place.sheet}!{cell}"


def count_words(count: int, one: str, many: str = "") -> str:
    """'1 day', '2 days'."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def section_words(number: str) -> str:
    """What a person calls a section of the SOP: its number, or the front page, which comes before
    the first one."""
    return "Front page" if number == "Header" else number


def failure_words(columns: Columns, ask: Ask) -> str:
    """That a row of these columns does not meet a condition, under the office's headings."""
    return failure_text(_in_office_words(columns, ask))


def condition_words(columns: Columns, ask: Ask) -> str:
    """A condition on a row of these columns, under the office's headings."""
    return condition_text(_in_office_words(columns, ask))


def heading_of(columns: Columns, name: str) -> str:
    """The office's heading of a column."""
    return _names(columns).heading(columns.table.register.id, name)


def _in_office_words(columns: Columns, ask: Ask) -> Ask:
    return _names(columns).ask(columns.table.register.id, ask)


def _names(columns: Columns) -> OfficeNames:
    tables = {name: other.table for name, other in columns.others.items()}
    return OfficeNames(tables | {columns.table.register.id: columns.table})
