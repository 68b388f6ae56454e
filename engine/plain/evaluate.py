"""Every obligation of a rulebook as of a day, judged one at a time.

The second of two evaluators that were written apart and must agree (semantics.md, What must
always hold, 8). It imports nothing of the first; the modules beside this one follow the page's
own order: days (Words), needed (not assessed), sheet, conditions, planned and items (Evidence),
lists and events (Subjects), applies, case (versions, lapse, records begin), then a module for each
kind of pattern, and waivers over what those answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer
from engine.plain.case import Case, cannot_tell, untold
from engine.plain.lists import events_of
from engine.plain.needed import without_registers
from engine.plain.nil import list_unanswered
from engine.plain.occasions import judge_events, judge_joinings
from engine.plain.ongoing import judge_ongoing
from engine.plain.periodic import judge_periodic
from engine.plain.sheet import Sheets
from engine.plain.waivers import waive
from evidence.table import Evidence
from rules.model import Rulebook
from rules.pattern import Periodic, Rolling, Standing
from rules.resolve import resolve
from rules.subject import Population


def evaluate(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: date,
    tick: Callable[[], None] | None = None,
    records_begin: date | None = None,
) -> list[Answer]:
    """Every obligation, current and history, of the duties in force on ``as_of``, in the order
    of their keys. ``tick`` is called for each duty and each obligation, and may raise to stop
    the work. A duty that is not in force on that day has none. ``records_begin``, a day that is
    not after ``as_of``: from when the office keeps its registers; None for the SOP's first day."""
    check = _Check(rulebook, Sheets(evidence, as_of), tick or _nothing, records_begin)
    return _in_order(answer for duty_id in rulebook.duties for answer in _of_duty(check, duty_id))


def evaluate_duty(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: date,
    duty_id: str,
    tick: Callable[[], None] | None = None,
    records_begin: date | None = None,
) -> list[Answer]:
    """The same for one duty; raises KeyError where the rulebook has no duty of that id."""
    check = _Check(rulebook, Sheets(evidence, as_of), tick or _nothing, records_begin)
    return _in_order(_of_duty(check, duty_id))


class _Check(NamedTuple):
    """What all duties of one check share."""

    rulebook: Rulebook
    sheets: Sheets
    tick: Callable[[], None]
    records_begin: date | None


def _nothing() -> None:
    """Called where nobody asked to be told how the work goes on."""


def _in_order(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: (answer.key, answer.past))


def _of_duty(check: _Check, duty_id: str) -> list[Answer]:
    check.tick()
    duty, as_of = resolve(check.rulebook, duty_id), check.sheets.as_of
    if not duty.holds(as_of):
        return []
    begun = tuple(version for version in duty.versions if version.begins <= as_of)
    case = Case(check.sheets, duty, as_of, begun, check.tick, check.records_begin)
    return waive(case, list(_answers(case)))


def _answers(case: Case) -> Iterable[Answer]:
    """Each obligation, or the one answer of a duty whose registers or list leave it without."""
    status = without_registers(case)
    if status:
        return [untold(case.now, case.key(), status)]
    if _list_unanswered(case):
        return [cannot_tell(case.now, case.key())]
    return _judge(case)


def _judge(case: Case) -> Iterable[Answer]:
    """Each obligation, by the pattern of the version that holds on the as-of date."""
    pattern = case.now.version.pattern
    if isinstance(pattern, Periodic):
        return judge_periodic(case)
    if isinstance(pattern, Rolling | Standing):
        return judge_ongoing(case)
    return judge_events(case) if events_of(pattern) else judge_joinings(case)


def _list_unanswered(case: Case) -> bool:
    """Whether the list of subjects, events or records is empty where that is no fair answer
    (semantics.md, cannot tell; Nil return)."""
    rule = case.now.version
    population = rule.subjects if isinstance(rule.subjects, Population) else None
    listings = (population, events_of(rule.pattern))
    return any(list_unanswered(case.sheets, each) for each in listings if each is not None)
