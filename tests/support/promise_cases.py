"""What the tests of the promises share: made-up cases, both evaluators, and statuses in order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import pytest

from engine.columns.arrays import all_columns
from engine.decision.rule import decide_plainly
from engine.evaluated_duty import EvaluatedDuty, all_answers, judge_all
from engine.frames.observe import observe_all
from engine.outcome import Answer, Status
from engine.proof.citations import CitationCache
from engine.remedy.build import UnmetObligation
from evidence.table import Evidence
from rules.model import Version
from rules.resolve import resolve
from tests.support import needs
from tests.support.case_generator import Case, at_edge, case
from tests.support.judged_cases import plain_answers
from tests.support.transition_generator import transition_case

#: Where the made-up cases begin; the long campaign with random inputs begins anywhere.
SEED = random.SystemRandom().randrange(10**9) if needs.CAMPAIGN == "random" else 40_260_000

Evaluator = Callable[[Case], list[Answer]]


def traced(given: Case) -> list[EvaluatedDuty]:
    """A case as the vectorised evaluator judges it, with its rules read plainly (other tests show
    that the rules engine reads them so)."""
    columns = all_columns(given.evidence.tables, given.as_of)
    day, begin = given.as_of, given.records_begin
    duties = observe_all(given.rulebook, columns, day, lambda: None, begin)
    return judge_all(duties, decide_plainly)


def vectorised_answers(given: Case) -> list[Answer]:
    """The vectorised evaluator's answers."""
    return all_answers(traced(given))


def asked_of(given: Case) -> list[tuple[Answer, UnmetObligation]]:
    """Each obligation of which something was looked up, with what would be asked to meet it."""
    citations, found = CitationCache(given.evidence), []
    for evaluated in traced(given):
        for answer, obligation in zip(
            evaluated.answers, evaluated.observed.obligations, strict=True
        ):
            if answer.opens is not None:
                version = evaluated.scope.version(obligation.version_number).rule
                unmet = UnmetObligation(version, obligation, citations, given.as_of)
                found.append((answer, unmet))
    return found


#: A test for each evaluator, and of how many cases of a hundred: the first one takes its time, and
#: all of them are left to make campaign.
BY_BOTH = pytest.mark.parametrize(
    ("evaluator", "percent"),
    [
        pytest.param(plain_answers, 40, id="second"),
        pytest.param(vectorised_answers, 7, id="first"),
        pytest.param(plain_answers, 100, marks=pytest.mark.campaign, id="second-all"),
    ],
)


def cases(ordinary: int, campaign: int, percent: int = 100) -> Iterator[Case]:
    """So many made-up cases in an ordinary run, or in the long campaign, or of those so many of a
    hundred; most on a day on, before or after which something opens or closes. A few more are
    about the days of a transition."""
    count = (campaign if needs.CAMPAIGN else ordinary) * percent // 100
    yield from map(_on_edge, range(SEED, SEED + count))
    yield from filter(None, map(transition_case, range(SEED, SEED + count // 5)))


# Most promises are tried on the same cases, which nothing alters: a case with other evidence is
# another case. So many are kept as an ordinary run tries of any.
@lru_cache(maxsize=1_200)
def _on_edge(seed: int) -> Case:
    given = case(seed)
    answers = plain_answers(given)
    edges = {day for answer in answers for day in (answer.opens, answer.deadline) if day}
    return at_edge(given, sorted(edges))


def showing(given: Case, evidence: Evidence) -> Case:
    """The case with other evidence."""
    return replace(given, evidence=evidence)


def versions(given: Case) -> list[Version]:
    """Every version of every duty of a case, content duties resolved."""
    return [
        version.rule
        for duty in given.rulebook.duties
        for version in resolve(given.rulebook, duty).versions
    ]


#: From worst to best; the others are no degree of having done it.
_DEGREES = (Status.OVERDUE, Status.DUE, Status.NOT_YET_DUE, Status.MET)


def degree(answer: Answer) -> int | None:
    """How well an obligation stands, None where that says nothing of what was done."""
    return _DEGREES.index(answer.status) if answer.status in _DEGREES else None


def current(answers: list[Answer]) -> list[Answer]:
    """The answers that are not history."""
    return [answer for answer in answers if answer.is_current]
