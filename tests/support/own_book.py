"""The project's own rulebook, read once for all tests."""

from __future__ import annotations

import datetime
from functools import cache

from rules.load import load_rulebook
from rules.model import Rulebook


@cache
def own_book() -> Rulebook:
    """The rulebook, which must be without a fault."""
    loaded = load_rulebook()
    assert isinstance(loaded, Rulebook), loaded
    return loaded


def in_force(day: datetime.date, answers: str = "") -> set[str]:
    """The duties in force on a day; with ``answers``, those on the list of the office or of others.
    No test counts them, so that whoever adds a duty need not change a test."""
    book = own_book()
    lists = {bearer.name: bearer.list for bearer in book.book.bearers}
    return {
        duty.id
        for duty in book.duties.values()
        if duty.in_force_from <= day <= (duty.until or day)
        if answers in ("", lists[duty.bearer])
    }
