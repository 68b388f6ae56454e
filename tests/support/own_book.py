"""Rulebooks without a fault: the project's own, read once for all tests, and any other."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rules.load import OWN_BOOK, load_rulebook, read_book
from rules.model import Rulebook


def book_in(folder: Path) -> Rulebook:
    """The rulebook in a folder."""
    loaded = load_rulebook(folder)
    assert isinstance(loaded, Rulebook), loaded
    return loaded


def book_of(files: Mapping[str, bytes]) -> Rulebook:
    """The rulebook in these files."""
    read = read_book(files)
    assert isinstance(read, Rulebook), read
    return read


@cache
def own_book() -> Rulebook:
    """The project's own rulebook."""
    return book_in(OWN_BOOK)


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
