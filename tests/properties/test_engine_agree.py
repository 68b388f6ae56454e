"""The two evaluators agree on every obligation of made-up cases (semantics.md, promise 8)."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from engine.agree import differences, must_agree
from engine.decision.rule import EngineFault
from engine.outcome import Answer, HistoryReason, ItemRef, ObligationKey, Status
from tests.campaign import MOST_DAYS, Tally, run
from tests.support import needs
from tests.support.case_generator import PATTERNS, case
from tests.support.judged_cases import plain_answers, vectorised_answers

#: Where the made-up cases begin.
SEED = 20_260_000


@pytest.mark.long
def test_both_evaluators_agree_on_made_up_cases_of_a_fair_mix() -> None:
    """At least one obligation in twenty has each status, and one case in twenty each pattern;
    the edges of windows and 29 February are among the days."""
    count = 6_000 if needs.CAMPAIGN else 250
    tally = run(SEED, count)
    assert tally.differences == []
    assert tally.cases == count
    of_obligations = sum(tally.statuses.values())
    assert {
        name: n / of_obligations for name, n in tally.statuses.items() if n < of_obligations / 20
    } == {}
    assert set(tally.patterns) == set(PATTERNS)
    assert min(tally.patterns.values()) >= tally.cases / 20
    assert set(tally.days) == set(MOST_DAYS)
    assert min(tally.days.values()) > 0


def test_a_difference_stops_the_run_and_shows_both_answers() -> None:
    given = next(
        candidate for candidate in map(case, range(100)) if len(plain_answers(candidate)) > 1
    )
    answers = plain_answers(given)
    with pytest.raises(EngineFault, match="disagree") as fault:
        must_agree(answers[1:], answers)
    assert "the vectorised evaluator says nothing; the plain evaluator says" in str(fault.value)
    assert answers[0].key.duty in str(fault.value)


_DAY = datetime.date(2026, 3, 1)


def _answer(duty: str, status: Status, *met_by: ItemRef) -> Answer:
    key = ObligationKey(duty, subject="p1", row=4)
    return Answer(key, _DAY, status, HistoryReason.NONE, _DAY, _DAY, 0, 0, met_by, None)


_MET = _answer("a", Status.MET, ItemRef("checks", 2))
_DUE = _answer("a", Status.DUE)
_SAID = (
    "The two evaluators disagree: a, p1, row 4: the vectorised evaluator says met,"
    " version_from 2026-03-01, opens 2026-03-01, deadline 2026-03-01, days 0, late_days 0,"
    " last_done None, met by [checks 2]; the plain evaluator says due, version_from 2026-03-01,"
    " opens 2026-03-01, deadline 2026-03-01, days 0, late_days 0, last_done None, met by []."
)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ([_MET], [_DUE], _SAID),
        (
            [_MET, _answer("b", Status.DUE)],
            [_DUE, _answer("b", Status.OVERDUE)],
            f"{_SAID} They disagree on 1 more answer.",
        ),
        (
            [_MET, _answer("b", Status.DUE), _answer("c", Status.DUE)],
            [_DUE],
            f"{_SAID} They disagree on 2 more answers.",
        ),
        (
            [_MET, _MET],
            [_MET],
            "The two evaluators disagree: they give different numbers of answers for one"
            " obligation.",
        ),
    ],
    ids=["one", "two", "three", "one twice"],
)
def test_a_difference_in_words(first: list[Answer], second: list[Answer], says: str) -> None:
    with pytest.raises(EngineFault) as fault:
        must_agree(first, second)
    assert str(fault.value) == says


def test_a_case_follows_from_its_seed() -> None:
    again = [vectorised_answers([case(seed)])[0] for seed in (3, 3)]
    assert differences(again[0], again[1]) == []
    assert isinstance(Tally(), Tally)
    assert Counter(case(seed).pattern for seed in range(7)) == Counter(PATTERNS)
