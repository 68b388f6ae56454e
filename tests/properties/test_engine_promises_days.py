"""Promise 3: what the passing of days can change, and what is dated after the check cannot."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.agree import differences
from engine.outcome import Answer, HistoryReason, ObligationKey, Status
from rules.patterns import Standing
from rules.subject import Population
from tests.support.altered_evidence import renumbered
from tests.support.case_generator import Case
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import BY_BOTH, Evaluator, cases, versions
from tests.support.promise_evidence import by_then, looked_up, names_a_dayless

_AHEAD = 900  # days


@pytest.mark.long
@BY_BOTH
def test_what_is_dated_after_the_check_changes_nothing(evaluator: Evaluator, percent: int) -> None:
    """Promise 3: items of evidence dated after D change nothing but findings."""
    later = 0
    for given in cases(500, 8_000, percent):
        if names_a_dayless(given):  # the events are to stay as they are
            continue
        other, rows = by_then(given)
        disagreements = differences(evaluator(given), renumbered(evaluator(other), rows))
        assert disagreements == [], f"case {given.seed} on {given.as_of}"
        later += len(other.evidence.tables["reviews"]) < len(given.evidence.tables["reviews"])
    assert later > 0


# As D moves -------------------------------------------------------------------------------------

_FORWARD = (Status.NOT_YET_DUE, Status.DUE, Status.OVERDUE)


def _rules_stay(given: Case) -> bool:
    """Whether the rules stay as they are from the day of the check on, transitions aside."""
    return all(
        version.from_ <= given.as_of
        and (len(duty.versions) == 1 or version.transition_until or version is duty.versions[0])
        for duty in given.rulebook.duties.values()
        for version in duty.versions
    )


def _to_come(given: Case) -> list[datetime.date]:
    """Days from D on: every 25th, and those about the edges of everything that is asked by then."""
    first = given.as_of
    days = {first + datetime.timedelta(number) for number in range(0, _AHEAD, 25)}
    edges = {
        day
        for each in sorted(days)
        for answer in plain_answers(replace(given, as_of=each))
        for day in (answer.opens, answer.deadline)
        if day
    }
    notices = {day - datetime.timedelta(notice) for day in edges for notice in (30, 60)}
    about = {day + datetime.timedelta(step) for day in edges | notices for step in (-1, 0, 1)}
    last = first + datetime.timedelta(_AHEAD)
    return sorted(days | {day for day in about if first <= day <= last})


def _moving(given: Case, evaluator: Evaluator) -> Iterator[str]:
    """Where an unmet obligation goes back as D moves, and where one that was met for good is met no
    more. What is done later is left out, so that nothing new arrives. A person who leaves and comes
    back is asked anew."""
    still, rows = by_then(given)
    persons = any(isinstance(version.subjects, Population) for version in versions(given))
    stood: dict[ObligationKey, Answer] = {}
    for day in _to_come(still):
        for answer in renumbered(evaluator(replace(still, as_of=day)), rows):
            before = stood.get(answer.key)
            if answer.history_reason is HistoryReason.LAPSED or answer.status not in (
                *_FORWARD,
                Status.MET,
            ):
                continue
            if before is not None and not (persons and before.opens != answer.opens):
                if _back(before, answer):
                    yield f"{answer.key} was {before.status} and on {day} is {answer.status}"
                if before.opens != answer.opens:
                    yield f"{answer.key} opened on {before.opens} and on {day} on {answer.opens}"
            stood[answer.key] = answer


def _back(before: Answer, now: Answer) -> bool:
    if before.status is Status.MET:
        for_good = bool(now.key.event or now.key.window)
        return for_good and now.status is not Status.MET
    if now.status is Status.MET:  # only by what was early, or happened on the event's own day
        happened = now.last_done is not None and now.last_done != before.last_done
        return before.status is not Status.NOT_YET_DUE and not happened
    return _FORWARD.index(now.status) < _FORWARD.index(before.status)


def _asks_for_a_past_end(given: Case) -> bool:
    """Whether a made-up rule asks that the end of what stands has come: then something new counts
    on its last day."""
    for version in versions(given):
        pattern, query = version.pattern, version.evidence
        if isinstance(pattern, Standing) and query is not None:
            ends = {pattern.ends, pattern.review_by}
            if any(condition.filled and condition.column in ends for condition in query.where):
                return True
    return False


@pytest.mark.long
@BY_BOTH
def test_an_unmet_obligation_never_goes_back(evaluator: Evaluator, percent: int) -> None:
    """Promise 3: as D moves, with the subject, the event's day and the rule unchanged, an unmet
    obligation goes not yet due, due, overdue and never back, waiver and lapse aside. (What keys
    may name is to stay as it is, and a row counts only from its own day on.)"""
    tried = 0
    for given in cases(200, 3_000, min(percent, 50) if percent > 10 else 1):
        if not _rules_stay(given) or _asks_for_a_past_end(given) or looked_up(given):
            continue
        assert list(_moving(given, evaluator)) == [], f"case {given.seed} from {given.as_of}"
        tried += 1
    assert tried > 0
