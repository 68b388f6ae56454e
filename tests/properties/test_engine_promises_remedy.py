"""Promise 7: what an assessment says would meet an obligation meets it."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.assessment import Remedy
from engine.outcome import Answer, Status
from engine.plain.evaluate import evaluate_duty
from engine.remedy.build import UnmetObligation
from engine.remedy.remedies import remedies
from rules.patterns import Standing
from tests.support import needs
from tests.support.case_generator import Case
from tests.support.promise_cases import asked_of, cases, showing, vectorised_answers
from tests.support.remedied_evidence import remedied

EXAMPLE = needs.ROOT / "examples" / "office.xlsx"
_UNMET = (Status.DUE, Status.OVERDUE)


def _cannot(obligation: UnmetObligation) -> bool:
    """Whether nothing dated D could meet it: what happens on an event's own day cannot be done on
    another; and there are made-up rules, all refused by rules.lint, that nothing can meet."""
    query, pattern = obligation.version.evidence, obligation.version.pattern
    if query is None:
        return False
    listed = obligation.version.events
    on_the_day = query.itself and listed is not None and obligation.dated == listed.dated
    another_day = obligation.obligation.event_day != obligation.as_of.toordinal()
    one_row = query.itself or query.named_by_subject is not None
    equal = Counter(condition.column for condition in query.where if condition.equals is not None)
    ends = {pattern.ends, pattern.review_by} if isinstance(pattern, Standing) else set()
    endless = isinstance(pattern, Standing) and pattern.end_needed and ends == {None}
    spec = obligation.citations.table(query.register).register
    past = any(  # an end that fills its cell, where days to come do not, is over
        condition.filled and condition.column in ends and not spec.column(condition.column).planned
        for condition in query.where
    )
    return (
        endless
        or past
        or _names_two(obligation)
        or _names_what_does_not_count(obligation)
        or (on_the_day and another_day)
        or (one_row and query.needed > 1)
        or any(count > 1 for count in equal.values())
    )


def _names_what_does_not_count(obligation: UnmetObligation) -> bool:
    """Whether a row about its event has to name by that one that does not count: one of another
    kind, or one that is still to come."""
    query, listed = obligation.version.evidence, obligation.version.events
    if query is None or listed is None or not query.event:
        return False
    table = obligation.citations.table(listed.register)
    if not obligation.citations.table(query.register).register.column(query.event).named:
        return False
    row, day = obligation.obligation.event_row, obligation.obligation.event_day
    to_come = table.register.dated_by is not None and day > obligation.as_of.toordinal()
    gone = table.register.cancelled
    off = gone is not None and table.columns[gone].value[row] is True
    return any(
        to_come or off or any(table.columns[c.column].value[row] != c.equals for c in asks.where)
        for asks in query.where
        if asks.filled and asks.column == query.event
    )


def _contradictory(obligation: UnmetObligation) -> bool:
    """Whether one cell would have to name the latest row of one register and a row of another, as
    some made-up rules ask."""
    query = obligation.version.evidence
    if query is None:
        return False
    spec = obligation.citations.table(query.register).register
    latest = (spec.column(condition.column).latest for condition in query.where)
    return any(
        looked_up is not None
        and {*spec.column(looked_up.key).named, looked_up.within} != {looked_up.within}
        for looked_up in latest
    )


def _moves_its_window(found: tuple[Remedy, ...]) -> bool:
    """Whether the row to be listed first would be the event after which the window opens."""
    return len(found) == 1 and "would change the period" in found[0].words


def _names_two(obligation: UnmetObligation) -> bool:
    """Whether a row about its event would name another row by the same key too."""
    query, listed = obligation.version.evidence, obligation.version.events
    if query is None or not query.event or listed is None:
        return False
    named = obligation.citations.table(query.register).register.column(query.event).named
    columns = [obligation.citations.table(name).columns["ref"] for name in named]
    return sum(key == obligation.obligation.event for column in columns for key in column.value) > 1


def _after(given: Case, answer: Answer, offers: tuple[Remedy, ...]) -> list[Answer]:
    """What is said of the obligation once exactly that has been added."""
    evidence = remedied(given.evidence, offers, given.rulebook)
    after = evaluate_duty(given.rulebook, evidence, given.as_of, answer.key.duty)
    same = [other for other in after if other.key == answer.key]
    if not same and given.evidence.tables[offers[0].register].found is False:
        return after  # a register that was missing: its first record stands for the duty
    return same


def wrong(given: Case, answer: Answer, obligation: UnmetObligation) -> str:
    offers = remedies(obligation)
    if _contradictory(obligation):
        return ""
    if not all(item.possible for item in offers):
        if len(offers) > 1 or offers[0].cells or not offers[0].words.endswith("."):
            return f"{answer.key}: says more than that it cannot be done: {offers}"
        fair = _cannot(obligation) or _moves_its_window(offers)
        return "" if fair else f"{answer.key}: could be done: {offers}"
    if _cannot(obligation):
        return f"{answer.key}: cannot be done: {offers}"
    after = _after(given, answer, offers)
    allowed = {Status.MET}
    if after and after[0].key != answer.key and obligation.version.applies is not None:
        allowed |= {Status.NOT_APPLICABLE}  # what it depends on is asked once the register is there
    if after and {answer.status for answer in after} <= allowed:
        return ""
    return f"{answer.key}: {offers} gives {[answer.status.value for answer in after]}"


@pytest.mark.campaign
@pytest.mark.long
def test_what_would_meet_it_meets_it() -> None:
    """Promise 7: every due or overdue obligation says what would meet it, and adding exactly that,
    dated D, gives met or met late; where it can no longer be done it says that instead."""
    tried = 0
    for given in cases(300, 5_000):
        for answer, asked in asked_of(given):
            if answer.status in _UNMET and answer.is_current:
                fault = wrong(given, answer, asked)
                assert fault == "", f"case {given.seed} on {given.as_of}: {fault}"
                tried += 1
    assert tried >= 100


@pytest.mark.long
@pytest.mark.parametrize("percent", [40, pytest.param(100, marks=pytest.mark.campaign)])
def test_the_first_evaluator_says_so_too(percent: int) -> None:
    """Promise 7, by the other evaluator: exactly that gives met or met late."""
    for given in cases(40, 300, percent):
        for answer, asked in asked_of(given):
            offers = remedies(asked) if answer.status in _UNMET and answer.is_current else ()
            if not offers or not all(item.possible for item in offers):
                continue
            evidence = remedied(given.evidence, offers, given.rulebook)
            after = vectorised_answers(showing(given, evidence))
            same = [other.status for other in after if other.key == answer.key]
            missing = not given.evidence.tables[offers[0].register].found
            assert same == [Status.MET] or (missing and not same), f"case {given.seed}: {offers}"
