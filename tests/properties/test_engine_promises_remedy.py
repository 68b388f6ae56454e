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


def _cannot(asked: UnmetObligation) -> bool:
    """Whether nothing dated D could meet it: what happens on an event's own day cannot be done on
    another; and there are made-up rules, all refused by rules.lint, that nothing can meet."""
    query, pattern = asked.version.evidence, asked.version.pattern
    if query is None:
        return False
    listed = asked.version.events
    on_the_day = query.itself and listed is not None and asked.dated == listed.dated
    another_day = asked.obligation.event_day != asked.as_of.toordinal()
    one_row = query.itself or query.named_by_subject is not None
    equal = Counter(condition.column for condition in query.where if condition.equals is not None)
    ends = {pattern.ends, pattern.review_by} if isinstance(pattern, Standing) else set()
    endless = isinstance(pattern, Standing) and pattern.end_needed and ends == {None}
    spec = asked.citations.table(query.register).register
    past = any(  # an end that fills its cell, where days to come do not, is over
        condition.filled and condition.column in ends and not spec.column(condition.column).planned
        for condition in query.where
    )
    return (
        endless
        or past
        or _names_two(asked)
        or _names_what_does_not_count(asked)
        or (on_the_day and another_day)
        or (one_row and query.needed > 1)
        or any(count > 1 for count in equal.values())
    )


def _names_what_does_not_count(asked: UnmetObligation) -> bool:
    """Whether a row about its event has to name by that one that does not count: one of another
    kind, or one that is still to come."""
    query, listed = asked.version.evidence, asked.version.events
    if query is None or listed is None or not query.event:
        return False
    table = asked.citations.table(listed.register)
    if not asked.citations.table(query.register).register.column(query.event).named:
        return False
    row, day = asked.obligation.event_row, asked.obligation.event_day
    to_come = table.register.dated_by is not None and day > asked.as_of.toordinal()
    gone = table.register.cancelled
    off = gone is not None and table.columns[gone].value[row] is True
    return any(
        to_come or off or any(table.columns[c.column].value[row] != c.equals for c in asks.where)
        for asks in query.where
        if asks.filled and asks.column == query.event
    )


def _contradictory(asked: UnmetObligation) -> bool:
    """Whether one cell would have to name the latest row of one register and a row of another, as
    some made-up rules ask."""
    query = asked.version.evidence
    if query is None:
        return False
    spec = asked.citations.table(query.register).register
    latest = (spec.column(condition.column).latest for condition in query.where)
    return any(
        each is not None and {*spec.column(each.key).named, each.within} != {each.within}
        for each in latest
    )


def _moves_its_window(found: tuple[Remedy, ...]) -> bool:
    """Whether the row to be listed first would be the event after which the window opens."""
    return len(found) == 1 and "would change the period" in found[0].words


def _names_two(asked: UnmetObligation) -> bool:
    """Whether a row about its event would name another row by the same key too."""
    query, listed = asked.version.evidence, asked.version.events
    if query is None or not query.event or listed is None:
        return False
    named = asked.citations.table(query.register).register.column(query.event).named
    columns = [asked.citations.table(name).columns["ref"] for name in named]
    return sum(key == asked.obligation.event for column in columns for key in column.value) > 1


def _after(given: Case, answer: Answer, found: tuple[Remedy, ...]) -> list[Answer]:
    """What is said of the obligation once exactly that has been added."""
    evidence = remedied(given.evidence, found, given.rulebook)
    after = evaluate_duty(given.rulebook, evidence, given.as_of, answer.key.duty)
    same = [each for each in after if each.key == answer.key]
    if not same and given.evidence.tables[found[0].register].found is False:
        return after  # a register that was missing: its first record stands for the duty
    return same


def wrong(given: Case, answer: Answer, asked: UnmetObligation) -> str:
    found = remedies(asked)
    if _contradictory(asked):
        return ""
    if not all(item.possible for item in found):
        if len(found) > 1 or found[0].cells or not found[0].words.endswith("."):
            return f"{answer.key}: says more than that it cannot be done: {found}"
        fair = _cannot(asked) or _moves_its_window(found)
        return "" if fair else f"{answer.key}: could be done: {found}"
    if _cannot(asked):
        return f"{answer.key}: cannot be done: {found}"
    after = _after(given, answer, found)
    allowed = {Status.MET}
    if after and after[0].key != answer.key and asked.version.applies is not None:
        allowed |= {Status.NOT_APPLICABLE}  # what it depends on is asked once the register is there
    if after and {answer.status for answer in after} <= allowed:
        return ""
    return f"{answer.key}: {found} gives {[answer.status.value for answer in after]}"


@pytest.mark.campaign
@pytest.mark.long
def test_what_would_meet_it_meets_it() -> None:
    """Promise 7: every due or overdue obligation says what would meet it, and adding exactly that,
    dated D, gives met or met late; where it can no longer be done it says that instead."""
    tried = 0
    for given in cases(300, 5_000):
        for answer, asked in asked_of(given):
            if answer.status in _UNMET and answer.is_current:
                found = wrong(given, answer, asked)
                assert found == "", f"case {given.seed} on {given.as_of}: {found}"
                tried += 1
    assert tried >= 100


@pytest.mark.long
@pytest.mark.parametrize("percent", [40, pytest.param(100, marks=pytest.mark.campaign)])
def test_the_first_evaluator_says_so_too(percent: int) -> None:
    """Promise 7, by the other evaluator: exactly that gives met or met late."""
    for given in cases(40, 300, percent):
        for answer, asked in asked_of(given):
            found = remedies(asked) if answer.status in _UNMET and answer.is_current else ()
            if not found or not all(item.possible for item in found):
                continue
            evidence = remedied(given.evidence, found, given.rulebook)
            after = vectorised_answers(showing(given, evidence))
            same = [each.status for each in after if each.key == answer.key]
            missing = not given.evidence.tables[found[0].register].found
            assert same == [Status.MET] or (missing and not same), f"case {given.seed}: {found}"
