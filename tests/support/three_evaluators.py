"""Made-up duties as all three judge them: both evaluators, and the verifier of packs.

The answers are lines (tests.support.agreed_answers). The test fails where one of the three says
something else.
"""

from __future__ import annotations

import json

from engine.assessment import Assessment, DutyOutcome
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from engine.outcome import Answer
from evidence.keys.latest import finish_evidence
from evidence.table import Evidence, Table
from record.recheck import recheck
from reports.json import to_json
from rules.model import Duty
from tests.support import verifier
from tests.support.agreed_answers import answer_line, office
from tests.support.case_generator import Case
from tests.support.engine_builders import REGISTERS, day, rulebook
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import vectorised_answers
from tests.support.small_check import BOTH


def answers(
    of: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = (), records_begin: str = ""
) -> list[Answer]:
    """The answers of one duty on a day; every other register has no row. ``others``: the duties
    beside it. ``records_begin``: the day on which records begin."""
    case, unfinished = _case(of, on, tables, others, records_begin)
    second = plain_answers(case)
    assert vectorised_answers(case) == second
    verified = verifier.found(case.rulebook, unfinished, case.as_of, case.records_begin)
    assert verified == verifier.told(second)
    return [answer for answer in second if answer.key.duty == of.id]


def lines(
    of: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = (), records_begin: str = ""
) -> list[str]:
    """The answers of one duty as lines."""
    return [
        answer_line(answer)
        for answer in answers(of, on, *tables, others=others, records_begin=records_begin)
    ]


def whole(
    of: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = (), records_begin: str = ""
) -> Assessment:
    """The whole assessment; the verifier finds the same, as far as it works that out."""
    case, unfinished = _case(of, on, tables, others, records_begin)
    request = CheckRequest(
        case.rulebook,
        case.evidence,
        case.as_of,
        BOTH,
        decide_plainly,
        records_begin=case.records_begin,
        ahead=False,
    )
    assessment = assess(request)
    claimed = recheck.expand_assessment(json.loads(to_json(assessment)))
    assert verifier.differences(case.rulebook, unfinished, claimed) == []
    return assessment


def outcome(
    of: Duty, on: str, *tables: Table, others: tuple[Duty, ...] = (), records_begin: str = ""
) -> DutyOutcome:
    """What the whole check comes to of one duty."""
    duties = whole(of, on, *tables, others=others, records_begin=records_begin).duties
    return next(duty for duty in duties if duty.id == of.id)


def _case(
    of: Duty, on: str, tables: tuple[Table, ...], others: tuple[Duty, ...], records_begin: str
) -> tuple[Case, Evidence]:
    """The case, and its evidence without the columns that the program fills."""
    registers = {register.id: register for register in REGISTERS}
    registers |= {table.register.id: table.register for table in tables}
    book, shown = rulebook(registers.values(), of, *others), office(*tables)
    begin = day(records_begin) if records_begin else None
    return Case(0, "", book, finish_evidence(shown, book.registers), day(on), begin), shown
