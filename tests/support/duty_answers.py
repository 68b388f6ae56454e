"""One made-up duty as all three readings of the definitions answer it."""

from __future__ import annotations

from engine.outcome import Answer
from evidence.table import Table
from rules.model import Duty
from tests.support.agreed_answers import answer_line
from tests.support.case_generator import Case
from tests.support.engine_builders import REGISTERS, day, rulebook, shown
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import vectorised_answers
from tests.support.verifier import found, told


def answers(of: Duty, on: str, *tables: Table, records_begin: str = "") -> list[Answer]:
    """The answers about a duty on a day, from these tables and no others. Fails unless both
    evaluators and the verifier give the same answers."""
    begin = day(records_begin) if records_begin else None
    given = Case(0, "", rulebook(REGISTERS, of), shown(*tables), day(on), begin)
    first = vectorised_answers(given)
    assert plain_answers(given) == first
    assert found(given.rulebook, given.evidence, given.as_of, begin) == told(first)
    return first


def lines(of: Duty, on: str, *tables: Table, records_begin: str = "") -> list[str]:
    """The answers as lines (tests.support.agreed_answers)."""
    return [answer_line(answer) for answer in answers(of, on, *tables, records_begin=records_begin)]
