"""The days on which made-up obligations turn due and overdue are those of a check of every day."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.assessment import ComingDate
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from engine.impact.evaluation import DutiesOnDay, DutyEvaluation, RememberedDecisions
from engine.impact.year_ahead import YEAR
from engine.outcome import Answer, HistoryOutcome, HistoryReason, Status
from engine.plain.evaluate import evaluate
from evidence.read import read_evidence
from tests.support import needs
from tests.support.case_generator import Case, case, recorded
from tests.support.evidence_generator import FIRST
from tests.support.needs import ROOT
from tests.support.own_book import own_book
from tests.support.small_check import BOTH, dates_ahead
from tests.support.transition_generator import transition_case

SEED = 17_300_000
CASES = 1_400 if needs.CAMPAIGN else 70
#: Every so many cases are also checked whole.
WHOLE = 3

#: The example, the days for which its year ahead is worked out, and how many of its obligations are
#: tried on the days themselves.
BEGUN = date(2024, 10, 1)
AS_OF = (date(2026, 11, 24), date(2026, 2, 10))
SAMPLE = 200 if needs.CAMPAIGN else 8
ONE_DAY = timedelta(1)

#: A duty with the subject, event and window of an obligation of it.
Name = tuple[str, str, str, str]


def _states(given: Case, day: date) -> Mapping[Name, str]:
    """Whether each obligation is open or late on a day, by an evaluation of that day."""
    answers = evaluate(given.rulebook, given.evidence, day, records_begin=given.records_begin)
    return {answer.key[:4]: _state(answer, day) for answer in answers if answer.key.row < 0}


def _state(answer: Answer, day: date) -> str:
    if answer.status not in (Status.DUE, Status.OVERDUE):
        return ""
    if answer.history_reason not in (HistoryReason.NONE, HistoryReason.MISSED):
        return ""
    return "late" if answer.deadline and answer.deadline < day else "open"


def _expected(given: Case) -> Counter[tuple[str, str, date | None, date | None]]:
    """The duty, the window and the two days of each obligation that turns, by evaluating every
    day."""
    first: dict[Name, dict[str, date]] = {}
    before = _states(given, given.as_of)
    for number in range(1, YEAR + 1):
        day = given.as_of + timedelta(number)
        now = _states(given, day)
        for name, state in now.items():
            if state and state != before.get(name, ""):
                first.setdefault(name, {}).setdefault(state, day)
        before = now
    return Counter(
        (name[0], name[3], days.get("open"), days.get("late")) for name, days in first.items()
    )


def _cases() -> Iterator[Case]:
    """Cases of every pattern, and of transitions to another version."""
    for seed in range(SEED, SEED + CASES):
        yield recorded(case(seed))
        if seed % WHOLE == 0 and (moving := transition_case(seed)) is not None:
            # Some days before, so that the transition begins and ends within the year.
            as_of = moving.as_of - timedelta(random.Random(seed).randrange(300))
            yield replace(moving, as_of=max(as_of, FIRST))


def _found(given: Case) -> tuple[ComingDate, ...]:
    """The dates of the obligations that turn within the year."""
    dates = dates_ahead(given.rulebook, given.evidence, given.as_of, given.records_begin)
    return tuple(one for one in dates if one.due or one.overdue)


@pytest.mark.campaign
def test_the_dates_are_those_of_an_evaluation_of_every_day() -> None:
    dates = 0
    for given in _cases():
        found = Counter((one.duty, one.window, one.due, one.overdue) for one in _found(given))
        assert found == _expected(given), given.seed
        dates += found.total()
    assert dates > CASES / 2


def test_a_check_of_the_day_before_and_of_the_day_agrees() -> None:
    compared = 0
    for seed in range(SEED, SEED + CASES, WHOLE):
        given = recorded(case(seed))
        for one in _found(given)[:4]:
            for day, state in ((one.due, "open"), (one.overdue, "late")):
                if day is not None:
                    was, now = (_by_check(given, one, on) for on in (day - timedelta(1), day))
                    assert (now, was == now) == (state, False), (seed, one)
                    compared += 1
    assert compared > CASES / WHOLE


def _by_check(given: Case, one: ComingDate, day: date) -> str:
    """Whether an obligation is open or late on a day, by a whole check."""
    request = CheckRequest(
        given.rulebook,
        given.evidence,
        day,
        BOTH,
        decide_plainly,
        records_begin=given.records_begin,
    )
    duties = [duty for duty in assess(request).duties if duty.id == one.duty]
    states = {""}
    for duty in duties:
        for entry in duty.history:
            missed = entry.outcome is HistoryOutcome.MISSED
            if missed and (entry.subject, entry.window) == (one.subject, one.window):
                states.add("late")
        for obligation in duty.obligations:
            if (obligation.subject, obligation.window) != (one.subject, one.window):
                continue
            if obligation.status in (Status.DUE, Status.OVERDUE):
                assert obligation.deadline is not None
                states.add("late" if obligation.deadline < day else "open")
    return max(states)


@pytest.mark.campaign
def test_the_dates_of_the_example_are_those_of_both_evaluators_on_these_days() -> None:
    """For a sample of its obligations, on the day before and on the day of each date."""
    book = own_book()
    evidence = read_evidence([ROOT / "examples" / "office.xlsx"], book.registers)
    evaluation = DutyEvaluation(evidence, RememberedDecisions(decide_plainly), BEGUN)
    chance, compared = random.Random(17), 0
    for as_of in AS_OF:
        turning = [
            one for one in dates_ahead(book, evidence, as_of, BEGUN) if one.due or one.overdue
        ]
        chosen = chance.sample(turning, SAMPLE // len(AS_OF))
        of_days: dict[date, list[tuple[ComingDate, str]]] = {}
        for one in chosen:
            for day, state in ((one.due, "open"), (one.overdue, "late")):
                if day is not None:
                    of_days.setdefault(day, []).append((one, state))
        for day, dates in of_days.items():
            ids = sorted({one.duty for one, _ in dates})
            before, now = (evaluation.on_day(book, on, ids) for on in (day - ONE_DAY, day))
            for one, state in dates:
                assert _is(now, one, day) == state, (one, day)
                assert _is(before, one, day - ONE_DAY) != state, (one, day)
                compared += 1
    assert compared >= SAMPLE


def _is(duties: DutiesOnDay, one: ComingDate, day: date) -> str:
    """The state of an obligation, as both evaluators agree on it."""
    outcome = duties.outcome(one.duty)
    same = (one.subject, one.window)
    current = [
        obligation
        for obligation in (outcome.obligations if outcome else ())
        if (obligation.subject, obligation.window) == same
    ]
    for obligation in current:
        if obligation.status in (Status.DUE, Status.OVERDUE):
            return "late" if obligation.deadline and obligation.deadline < day else "open"
    missed = [
        entry
        for entry in (outcome.history if outcome else ())
        if (entry.subject, entry.window) == same and entry.outcome is HistoryOutcome.MISSED
    ]
    return "late" if missed and not current else ""
