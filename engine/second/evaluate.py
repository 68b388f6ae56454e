"""Every obligation of a rulebook as of a day, judged one at a time.

The second of two evaluators that were written apart and must agree (semantics.md, What must
always hold, 8). It imports nothing of the first; the modules beside this one follow the page's
own order: days (Words), sheet and items (Evidence), lists and events (Subjects), applies, case
(waivers, versions, lapse), then a module for each kind of pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from engine.outcome import Answer
from engine.second.case import Case, cannot_tell, open_case
from engine.second.lists import events_of
from engine.second.nil import list_missing, list_unanswered
from engine.second.occasions import judge_events, judge_joinings
from engine.second.ongoing import judge_ongoing
from engine.second.periodic import judge_periodic
from engine.second.sheet import Sheets
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
    the work. A duty that is not in force on that day has none."""
    sheets = Sheets(evidence, as_of)
    answers = [
        answer
        for duty_id in rulebook.duties
        for answer in _of_duty(sheets, rulebook, duty_id, tick or _nothing)
    ]
    return _in_order(answers)


def evaluate_duty(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: date,
    duty_id: str,
    tick: Callable[[], None] | None = None,
    records_begin: date | None = None,
) -> list[Answer]:
    """The same for one duty; raises KeyError where the rulebook has no duty of that id."""
    sheets = Sheets(evidence, as_of)
    return _in_order(_of_duty(sheets, rulebook, duty_id, tick or _nothing))


def _nothing() -> None:
    """Called where nobody asked to be told how the work goes on."""


def _in_order(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: (answer.key, answer.past))


def _of_duty(
    sheets: Sheets, rulebook: Rulebook, duty_id: str, tick: Callable[[], None]
) -> list[Answer]:
    tick()
    duty = resolve(rulebook, duty_id)
    if not duty.holds(sheets.as_of):
        return []
    case = open_case(sheets, duty, tick)
    no_list = _without_list(case)
    return [no_list] if no_list else list(_judge(case))


def _judge(case: Case) -> Iterable[Answer]:
    """Each obligation, by the pattern of the version that holds on the as-of date."""
    pattern = case.now.version.pattern
    if isinstance(pattern, Periodic):
        return judge_periodic(case)
    if isinstance(pattern, Rolling | Standing):
        return judge_ongoing(case)
    return judge_events(case) if events_of(pattern) else judge_joinings(case)


def _without_list(case: Case) -> Answer | None:
    """The one answer of a duty whose list of subjects, events or records is missing, or is empty
    where that is no fair answer (semantics.md, cannot tell; Patterns, 6; Nil return)."""
    rule = case.now.version
    population = rule.subjects if isinstance(rule.subjects, Population) else None
    events = events_of(rule.pattern)
    for listing in (population, events):
        if listing is None:
            continue
        if list_missing(case.sheets, listing):
            return cannot_tell(case, case.now, case.key())
        if list_unanswered(case.sheets, listing):
            return cannot_tell(case, case.now, case.key())
    return None
