"""The evaluators agree where a new version of a rule changes more than its numbers."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from itertools import combinations

import pytest

from engine.agree import differences
from evidence.keys.latest import finish_evidence
from rules.model import Duty, Version
from rules.patterns import Periodic
from rules.subject import FixedList
from tests.support import engine_builders as make
from tests.support import needs
from tests.support.case_generator import PATTERNS, Case, at_edge
from tests.support.evidence_generator import FIRST, REGISTERS, evidence
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import SEED, vectorised_answers
from tests.support.rule_generator import made_version, with_transitions

_KINDS = PATTERNS[:6]


def _days(chance: random.Random) -> list[datetime.date]:
    """The first days of two versions or more."""
    days = [FIRST]
    while len(days) < 2 or chance.random() < 0.3:
        days.append(days[-1] + datetime.timedelta(chance.randrange(30, 500)))
    return days


def _other_forms(chance: random.Random) -> Duty:
    """Versions of one pattern, about subjects of one kind, that share no more: other evidence,
    other subjects, other events (rules.lint refuses another pattern or kind of subjects)."""
    while True:
        kind = chance.choice(_KINDS)
        versions = with_transitions(chance, [_made(chance, kind, day) for day in _days(chance)])
        if len({version.pattern.shape(_subjects(version)) for version in versions}) == 1:
            return make.duty(*versions)


def _subjects(version: Version) -> str:
    return version.subjects.kind if version.subjects else ""


def _other_members(chance: random.Random) -> Duty:
    """Versions of one form whose fixed lists stand in another order, or lack a member."""
    while True:
        form, kind = chance.randrange(1 << 30), chance.choice(("rolling", "triggered"))
        days = _days(chance)
        versions = [made_version(random.Random(form), chance, kind, day) for day in days]
        if isinstance(versions[0].subjects, FixedList):
            return make.duty(*with_transitions(chance, [_mixed(chance, form) for form in versions]))


def _mixed(chance: random.Random, version: Version) -> Version:
    subjects = version.subjects
    assert isinstance(subjects, FixedList)
    members = chance.sample(subjects.members, chance.choice((1, 2, len(subjects.members))))
    changed = subjects.model_copy(update={"members": tuple(members)})
    return version.model_copy(update={"subjects": changed})


def _made(chance: random.Random, kind: str, day: datetime.date) -> Version:
    return made_version(random.Random(chance.randrange(1 << 30)), chance, kind, day)


def _other_windows(chance: random.Random) -> Duty:
    """Versions of a periodic duty that ask about other periods and parts; some end early."""
    days = _days(chance)
    until = days[-1] + datetime.timedelta(chance.randrange(0, 400))
    made = (_made(chance, "periodic", day) for day in days)
    return make.duty(*made, until=until if chance.random() < 0.4 else None)


def _names_windows_alike(duty: Duty) -> bool:
    """Whether versions name their windows for different things: the year in which it is done, and
    the year before which it has to be (rules.lint refuses that)."""
    patterns = [
        version.pattern for version in duty.versions if isinstance(version.pattern, Periodic)
    ]
    return any(a.period == b.period and a.before != b.before for a, b in combinations(patterns, 2))


def _case(seed: int, make_duty: Callable[[random.Random], Duty]) -> Case | None:
    chance = random.Random(seed)
    duty = make_duty(chance)
    if _names_windows_alike(duty):
        return None
    later = FIRST + datetime.timedelta(chance.randrange(0, 1300))
    book = make.rulebook(REGISTERS, duty)
    as_of = max(duty.versions[1].from_, later)
    shown = finish_evidence(evidence(chance), book.registers)
    given = Case(seed, "versions", book, shown, min(as_of, duty.until or as_of))
    days = {d for answer in plain_answers(given) for d in (answer.opens, answer.deadline) if d}
    edges = (d for version in duty.versions[1:] for d in (version.from_, version.transition_until))
    days |= {day for day in edges if day}
    return at_edge(given, sorted(days))


@pytest.mark.one_in(3)
@pytest.mark.long
@pytest.mark.parametrize(
    "make_duty",
    [_other_forms, _other_members, _other_windows],
    ids=lambda maker: maker.__name__,
)
def test_both_evaluators_agree(make_duty: Callable[[random.Random], Duty]) -> None:
    """Promise 8, across versions (semantics.md: Versions and clocks)."""
    tried = 0
    for seed in range(SEED, SEED + (1_500 if needs.CAMPAIGN else 65)):
        given = _case(seed, make_duty)
        if given is not None:
            disagreements = differences(vectorised_answers(given), plain_answers(given))
            assert disagreements == [], f"seed {seed} on {given.as_of}"
            tried += 1
    assert tried > 40
