"""Made-up duties as the vectorised evaluator answers them, by hand: answers as lines, on which the
plain evaluator has to agree."""

from __future__ import annotations

from evidence.keys.latest import finish_evidence
from evidence.register import RegisterSpec
from evidence.table import Table
from rules.model import Duty
from tests.support.agreed_answers import answer_line, office
from tests.support.case_generator import Case
from tests.support.engine_builders import REGISTERS, day, rulebook, table
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import vectorised_answers
from tests.support.verifier import found, told


def given(of: Duty, on: str, *tables: Table, records_begin: str = "") -> Case:
    """A duty on a day with these tables, and every other register without a row; the registers are
    those of the tables. ``records_begin``: from when the office keeps them."""
    specs: dict[str, RegisterSpec] = {register.id: register for register in REGISTERS}
    specs |= {table.register.id: table.register for table in tables}
    evidence = office(*tables, *(table(specs[n]) for n in specs.keys() - _named(tables)))
    begin = day(records_begin) if records_begin else None
    book = rulebook(specs.values(), of)
    return Case(0, "", book, finish_evidence(evidence, book.registers), day(on), begin)


def _named(tables: tuple[Table, ...]) -> set[str]:
    return {table.register.id for table in tables}


def lines(of: Duty, on: str, *tables: Table, records_begin: str = "") -> list[str]:
    """The answers as lines (tests.support.agreed_answers); fails where the evaluators and the
    verifier do not agree."""
    case = given(of, on, *tables, records_begin=records_begin)
    first = vectorised_answers(case)
    assert plain_answers(case) == first
    assert found(case.rulebook, case.evidence, case.as_of, case.records_begin) == told(first)
    return [answer_line(answer) for answer in first]
