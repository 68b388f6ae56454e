"""The cases written by hand for each duty, each file of them read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.rows import Tables, empty_tables, evidence_of
from engine.cases.run import ObservedCase, observe_case
from engine.outcome import Answer, Status
from engine.outcomes.statuses import worst_status
from engine.plain.evaluate import evaluate_duty
from rules.load import CASES as ENDING
from rules.load import OWN_BOOK, case_files
from tests.support.own_book import own_book

BOOK = own_book()
FILES = {path.name.removesuffix(ENDING): path for path in case_files(OWN_BOOK)}
WRITTEN = tuple(sorted(FILES))


@cache
def cases_in_file_of(duty: str) -> tuple[PlacedCase, ...]:
    """The cases in the file of a duty."""
    path = FILES[duty]
    read = read_cases(path.name, path.read_bytes(), BOOK)
    placed = tuple(each for each in read if isinstance(each, PlacedCase))
    assert len(placed) == len(read), read
    return placed


def all_cases() -> list[PlacedCase]:
    """The cases of all duties."""
    return [each for duty in WRITTEN for each in cases_in_file_of(duty)]


@cache
def empty() -> Tables:
    """The tables without rows, made once for all cases."""
    return empty_tables(BOOK.registers)


def plain_answers(placed: PlacedCase) -> list[Answer]:
    """What the plain evaluator answers on a case."""
    case = placed.case
    evidence, begin = evidence_of(placed, empty()), case.records_begin
    return evaluate_duty(BOOK, evidence, case.as_of, placed.duty, records_begin=begin)


def differs(placed: PlacedCase, current: Sequence[Status]) -> bool:
    """Whether a duty whose current obligations have these statuses has another status or other
    counts than the case expects."""
    expect, words = placed.case.expect, [status.value.replace("_", " ") for status in current]
    if worst_status(current).value.replace("_", " ") != expect.status:
        return True
    wanted = {word: count for word, count in expect.counts.items() if word != "met late"}
    return "counts" in expect.model_fields_set and Counter(words) != wanted


def observed(placed: Sequence[PlacedCase]) -> list[ObservedCase]:
    """These cases observed."""
    return [observe_case(evidence_of(each, empty()), each, BOOK) for each in placed]
