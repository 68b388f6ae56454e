"""Days, places and counts in words."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.day_number import as_date
from evidence.cells.day_words import long_day
from evidence.table import Place
from rules.condition import Ask
from rules.wording.office_names import OfficeNames
from rules.wording.words import condition_text, failure_text

if TYPE_CHECKING:
    from engine.columns.arrays import Columns

#: How the key of a proposed row begins.
NEW = "new-"
#: How a reason begins that says what the row of an obligation lacks itself.
INCOMPLETE = "The record is incomplete: "
#: The sentences of a reason that there is no record: if the deadline has passed, and if it has not.
NO_RECORD, NOT_RECORDED = "No record shows that it was done.", "Not recorded yet."
#: Names of registers that are the same for one row and for many.
_ONE_AND_MANY = frozenset(("premises", "series", "species", "news"))


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


def thing_of(register: str) -> str:
    """A row of a register in words: 'Review' of reviews, 'Tenancy' of tenancies, 'Training record'
    of training."""
    last = register.rpartition(" ")[2]
    if last in _ONE_AND_MANY:
        word = register
    elif last.endswith("ies") and len(last) > len("ties"):
        word = f"{register.removesuffix('ies')}y"
    elif last.endswith(("ches", "shes", "sses", "xes")):
        word = register.removesuffix("es")
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        word = register.removesuffix("s")
    else:
        word = f"{register} record"
    return word[:1].upper() + word[1:]


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
