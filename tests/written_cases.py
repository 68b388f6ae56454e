"""The cases that are written by hand for each duty, in tests/cases, read once and observed once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from engine.casefile import Placed, read_cases
from engine.caserows import Tables, empty_tables, evidence_of
from engine.cases import Seen, observed_in
from rules.load import load_rulebook
from rules.model import Rulebook
from tests.needs import ROOT

FOLDER = ROOT / "tests" / "cases"


def _loaded() -> Rulebook:
    book = load_rulebook()
    assert isinstance(book, Rulebook), book
    return book


def _read(duty: str) -> tuple[Placed, ...]:
    path = FOLDER / f"{duty}.yaml"
    read = read_cases(path.name, path.read_bytes(), BOOK)
    placed = tuple(each for each in read if isinstance(each, Placed))
    assert len(placed) == len(read), read
    return placed


BOOK = _loaded()
WRITTEN = tuple(sorted(path.stem for path in FOLDER.iterdir()))
CASES = tuple(each for duty in WRITTEN for each in _read(duty))


@cache
def _empty() -> Tables:
    return empty_tables(BOOK.registers)


def observed(placed: Sequence[Placed]) -> list[Seen]:
    """These cases observed, with the tables without rows made once for all."""
    return [observed_in(evidence_of(each, _empty()), each, BOOK) for each in placed]


@cache
def seen() -> tuple[Seen, ...]:
    """Every case, observed."""
    return tuple(observed(CASES))


def seen_again(one: Seen, changed: Rulebook) -> Seen:
    """A case observed under a rulebook of which only duties were changed: the registers are the
    same, and so is what was read of the case's rows."""
    assert changed.registers is BOOK.registers
    return observed_in(one.evidence, one.placed, changed)
