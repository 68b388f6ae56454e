"""Every obligation of a rulebook as of a day, judged one at a time.

The second of two evaluators that were written apart and must agree (semantics.md, What must
always hold, 8). It imports nothing of the first; the modules beside this one follow the page's
own order: days (Words), sheet, conditions and items (Evidence), lists (Subjects), case (versions,
lapse, records begin), then a module for each pattern, and waivers over what those answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, Status
from engine.plain.case import Case, cannot_tell, untold
from engine.plain.conditions import listed
from engine.plain.content import uncut
from engine.plain.days import nil_returns
from engine.plain.periodic import judge_periodic
from engine.plain.rolling import judge_ongoing
from engine.plain.sheet import Sheets
from engine.plain.triggered import judge_events, judge_joinings
from engine.plain.waivers import waive
from evidence.table import Evidence
from rules.condition import Ask, Condition, Listing, conditions_of
from rules.model import Rulebook
from rules.resolve import Resolved

_Group = tuple[str, ...]  # registers that may serve in each other's place: one of them is needed
_Asked = tuple[str, tuple[Ask, ...]]  # a register, and what a rule asks of its rows


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
    as_of = check.sheets.as_of
    duty, begun = uncut(check.rulebook, duty_id, as_of)
    if not duty.holds(as_of):
        return []
    case = Case(check.sheets, duty, as_of, begun, check.tick, check.records_begin)
    return waive(case, list(_answers(case)))


def _answers(case: Case) -> Iterable[Answer]:
    """Each obligation, or the one answer of a duty whose registers or list leave it without."""
    status = _without_registers(case)
    if status:
        return [untold(case.now, case.key(), status)]
    if _list_unanswered(case):
        return [cannot_tell(case.now, case.key())]
    return _judge(case)


def _judge(case: Case) -> Iterable[Answer]:
    """Each obligation, by the pattern of the version that holds on the as-of date."""
    pattern = case.now.version.pattern
    if pattern.period_kind is not None:
        return judge_periodic(case)
    if pattern.rolls:
        return judge_ongoing(case)
    return judge_joinings(case) if pattern.by_joining else judge_events(case)


def _list_unanswered(case: Case) -> bool:
    """Whether the list of subjects, events or records is empty where that is no fair answer
    (semantics.md, cannot tell; Nil return)."""
    listings = (case.now.version.population, case.now.version.events)
    return any(_unanswered(case.sheets, each) for each in listings if each is not None)


def _unanswered(sheets: Sheets, listing: Listing) -> bool:
    """Whether the list is empty where that is no fair answer and no nil return covers the day."""
    told = listed(sheets.of(listing.register), listing.asks)
    if listing.empty == "fair" or any(each is not False for each in told):
        return False
    nil = listing.nil_return
    return nil is None or not any(
        given.given_on <= sheets.as_of <= given.covers_to for given in nil_returns(sheets, nil)
    )


# The registers that a duty needs (semantics.md, An obligation's status at D: not assessed) -------


def _without_registers(case: Case) -> Status | None:
    """Not assessed where a register that the duty needs was not given; cannot tell where one was
    given and cannot be read; None where all can be read."""
    sheets = case.sheets
    groups = {group for version in case.versions for group in _needed(sheets, version)}
    if any(not any(sheets.of(each).given for each in group) for group in groups):
        return Status.NOT_ASSESSED
    if any(not any(sheets.of(each).found for each in group) for group in groups):
        return Status.CANNOT_TELL
    return None


def _needed(sheets: Sheets, version: Resolved) -> Iterable[_Group]:
    """What one version needs, by the rule alone; a control sheet is never needed."""
    for group in _named(sheets, version):
        registers = tuple(each for each in group if not _control(sheets, each))
        if registers:
            yield registers


def _control(sheets: Sheets, register: str) -> bool:
    spec = sheets.of(register).spec
    return spec is not None and spec.control


def _named(sheets: Sheets, version: Resolved) -> Iterable[_Group]:
    for register, asks in _asked(version):
        yield (register,)
        for condition in conditions_of(asks):
            yield from _looked_up(sheets, register, condition)
    events, query = version.version.events, version.version.evidence
    for rows, dated in ((events, events and events.dated), (query, query and query.dated)):
        spec = sheets.of(rows.register).column_spec(dated) if rows and dated else None
        if spec is not None and spec.looks_in is not None:
            yield (spec.looks_in,)


def _asked(version: Resolved) -> Iterable[_Asked]:
    """The registers that list a version's subjects, events or records, hold its evidence, or
    decide whether it applies, with the conditions on their rows."""
    rule = version.version
    events, query = rule.events, rule.evidence
    if rule.population is not None:
        yield rule.population.register, rule.population.asks
    if events is not None:
        yield events.register, events.asks + rule.pattern.asks
    if query is not None:
        yield query.register, query.asks
        for member in rule.members:
            yield query.register, member.where
    if rule.applies is not None:
        yield rule.applies.register, rule.applies.asks


def _looked_up(sheets: Sheets, register: str, condition: Condition) -> Iterable[_Group]:
    """The registers in which a condition on a row of ``register`` looks up another row: where a
    key is filled, where one is the latest of its kind, and what is asked there in turn."""
    spec = sheets.of(register).column_spec(condition.column)
    if spec is None:
        return
    if spec.looks_in is not None:
        yield (spec.looks_in,)
    if condition.filled and spec.named:
        yield spec.named
        for named in spec.named:
            for nested in condition.where:
                yield from _looked_up(sheets, named, nested)
