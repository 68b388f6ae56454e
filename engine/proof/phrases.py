"""Days, places and counts in words."""

from __future__ import annotations

import datetime
from functools import lru_cache

from engine.columns.days import as_date
from evidence.cells.day_words import long_day
from evidence.cells.text import sheet_text
from evidence.table import Place, Table


@lru_cache(maxsize=8192)
def day_words(day: datetime.date | int | None) -> str:
    """'3 May 2025', of a date or its ordinal; 'no date' where there is none."""
    date = as_date(day) if isinstance(day, int) else day
    return "no date" if date is None else long_day(date)


def place_words(place: Place) -> str:
    """'office.xlsx!Training!E14', or the row where there is no cell."""
    cell = place.cell or f"row {place.row}"
    return f"{place.file}!{place.sheet}!{cell}"


def sheet_of(table: Table) -> str:
    """What a person calls the sheet of a register: by its own name, where one was given."""
    own = table.sources[0].sheet if table.sources else ""
    return sheet_text(own or table.register.title)


def count_words(count: int, one: str, many: str = "") -> str:
    """'1 day', '2 days'."""
    return f"{count} {one if count == 1 else many or one + 's'}"
