"""Items that must differ: both evaluators and the verifier agree on events whose items are alike as
often as not (semantics.md: Triggered). Among the cases of all patterns they seldom are."""

from __future__ import annotations

import pytest

from engine.outcome import Status
from record.recheck import recheck
from tests.support import needs
from tests.support.alike_generator import alike, named
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import vectorised_answers
from tests.support.verifier import found, told

SEED = 20_300_000


@pytest.mark.long
@pytest.mark.parametrize("percent", [40, pytest.param(100, marks=pytest.mark.campaign)])
def test_all_three_agree_on_items_that_must_differ(percent: int) -> None:
    count, met = (3_000 if needs.CAMPAIGN else 80) * percent // 100, 0
    for seed in range(SEED, SEED + count):
        given = alike(seed)
        answers = plain_answers(given)
        assert vectorised_answers(given) == answers, seed
        assert found(given.rulebook, given.evidence, given.as_of) == told(answers), seed
        met += sum(len(answer.met_by) > 1 for answer in answers)
    assert met > count / 10


@pytest.mark.parametrize(
    ("other", "met"), [("ANN", False), ("Ann B", True), ("Ann", False), ("Bob", True)]
)
def test_texts_differ_if_they_do_so_in_more_than_capitals_and_spaces(other: str, met: bool) -> None:
    given = named("Ann", other)
    (answer,) = plain_answers(given)
    assert (answer.status is Status.MET) == met
    assert vectorised_answers(given) == [answer]
    assert found(given.rulebook, given.evidence, given.as_of) == told([answer])


def test_that_they_must_differ_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the agreement above is none of nothing: otherwise many answers would change."""
    monkeypatch.setattr(recheck, "distinct_items", lambda items: items)
    differing = 0
    for seed in range(SEED, SEED + 100):
        given = alike(seed)
        answers = told(plain_answers(given))
        differing += found(given.rulebook, given.evidence, given.as_of) != answers
    assert differing > 20
