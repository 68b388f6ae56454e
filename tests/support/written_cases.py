"""The cases written by hand for each duty, read once and observed once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from engine.cases.case_file import Placed, read_cases
from engine.cases.rows import Tables, empty_tables, evidence_of
from engine.cases.run import ObservedCase, observed_in
from rules.load import CASES as ENDING
from rules.load import OWN_BOOK, case_files, load_rulebook
from rules.model import Rulebook


def _loaded() -> Rulebook:
    book = load_rulebook()
    assert isinstance(book, Rulebook), book
    return book


def _read(path: Path) -> tuple[Placed, ...]:
    read = read_cases(path.name, path.read_bytes(), BOOK)
    placed = tuple(each for each in read if isinstance(each, Placed))
    assert len(placed) == len(read), read
    return placed


BOOK = _loaded()
FILES = {path.name.removesuffix(ENDING): path for path in case_files(OWN_BOOK)}
WRITTEN = tuple(sorted(FILES))
CASES = tuple(each for duty in WRITTEN for each in _read(FILES[duty]))


@cache
def _empty() -> Tables:
    return empty_tables(BOOK.registers)


def observed(placed: Sequence[Placed]) -> list[ObservedCase]:
    """These cases observed, with the tables without rows made once for all."""
    return [observed_in(evidence_of(each, _empty()), each, BOOK) for each in placed]


@cache
def seen() -> tuple[ObservedCase, ...]:
    """Every case, observed."""
    return tuple(observed(CASES))


def seen_again(one: ObservedCase, changed: Rulebook) -> ObservedCase:
    """A case observed under a rulebook of which only duties were changed: the registers are the
    same, and so is what was read of the case's rows."""
    assert changed.registers is BOOK.registers
    return observed_in(one.evidence, one.placed, changed)
