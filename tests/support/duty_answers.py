"""One made-up duty as all three readings of the definitions answer it."""

from __future__ import annotations

from engine.outcome import Answer
from evidence.table import Table
from rules.model import Duty
from tests.support.case_generator import Case
from tests.support.engine_builders import REGISTERS, day, rulebook, shown
from tests.support.judged_cases import plain_answers
from tests.support.plain_answers import say
from tests.support.promise_cases import vectorised_answers
from tests.support.verifier import found, told


def answers(of: Duty, on: str, *tables: Table, since: str = "") -> list[Answer]:
    """What is answered of a duty on a day, of these tables and no others; fails where the two
    evaluators and the verifier do not agree on it. ``since``: from when the office keeps them."""
    begin = day(since) if since else None
    given = Case(0, "", rulebook(REGISTERS, of), shown(*tables), day(on), begin)
    first = vectorised_answers(given)
    assert plain_answers(given) == first
    assert found(given.rulebook, given.evidence, given.as_of, begin) == told(first)
    return first


def lines(of: Duty, on: str, *tables: Table, since: str = "") -> list[str]:
    """The answers as lines (tests.support.plain_answers)."""
    return [say(answer) for answer in answers(of, on, *tables, since=since)]
