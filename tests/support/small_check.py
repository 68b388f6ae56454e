"""One whole check of a small rulebook and a few rows, in memory, for the tests of the engine."""

from __future__ import annotations

from datetime import date

from engine.assessment import Assessment, ComingDate, DutyOutcome, Program
from engine.check import CheckRequest, assess
from engine.decision.judge import Decide
from engine.decision.rule import decide_plainly
from engine.impact.year_ahead import year_ahead
from engine.plain.evaluate import evaluate
from evidence.table import Evidence, Table
from rules.model import Duty, Rulebook
from tests.support import engine_builders as make

BOTH = Program("dueregard", "0", "durable-rules and the plain evaluator", "")


def checked(
    rulebook: Rulebook, on: str, *given: Table, by: Decide | None = decide_plainly
) -> Assessment:
    """The assessment on a day; a register of which no table is given is there, and empty. The rules
    are read plainly unless it is said by whom."""
    tables = {name: make.table(spec) for name, spec in rulebook.registers.items()}
    tables |= {table.register.id: table for table in given}
    evidence = make.shown(*tables.values())
    return assess(CheckRequest(rulebook, evidence, make.day(on), BOTH, by, ahead=False))


def assessed(
    *duties: Duty, on: str, given: tuple[Table, ...] = (), by: Decide | None = decide_plainly
) -> Assessment:
    """The assessment of a few duties, all in one section."""
    return checked(make.rulebook(make.REGISTERS, *duties), on, *given, by=by)


def outcome(duty: Duty, on: str, *given: Table) -> DutyOutcome:
    """What a check comes to of one duty."""
    (found,) = assessed(duty, on=on, given=given).duties
    return found


def dates_ahead(
    rulebook: Rulebook, evidence: Evidence, as_of: date, records_begin: date | None = None
) -> tuple[ComingDate, ...]:
    """The dates of the year ahead, as a check works them out."""
    answers = evaluate(rulebook, evidence, as_of, records_begin=records_begin)
    return year_ahead(rulebook, evidence, as_of, answers, records_begin)
