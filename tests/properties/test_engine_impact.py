"""The impact of made-up changes to the rules is that of two real checks of each day, and what is
coming is what a check of that day finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from engine.assessment import Assessment, DutyOutcome, ObligationOutcome
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from engine.impact.impact import DutyImpact, ImpactRequest, Phase, Position, impact
from engine.obligation_pairs import pairs
from engine.outcome import Status
from rules.model import Duty, Rulebook
from tests.support import needs
from tests.support.case_generator import PATTERNS, Case, case
from tests.support.small_check import BOTH

SEED = 7_160_000
CASES = 1_500 if needs.CAMPAIGN else 42

#: A duty, an obligation of it ('' for the duty itself), and its positions by both rulebooks.
Line = tuple[str, str, Position | None, Position | None]


_NONE: dict[str, object] = {
    **dict.fromkeys(("one_of", "none_of", "includes", "filled", "is_", "at_least")),
    **dict.fromkeys(("on_or_before", "within")),
    "where": (),
    "equals": "no such word",
}


def _other(given: Case, seed: int) -> Rulebook:
    """The rulebook with other duties of the same pattern, or with a later version of its own."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        other = case(seed + len(PATTERNS)).rulebook
        if other.registers == given.rulebook.registers:
            return other
    duties = {id_: _later(chance, duty, given.as_of) for id_, duty in given.rulebook.duties.items()}
    return given.rulebook.model_copy(update={"duties": duties, "sha256": "other"})


def _later(chance: random.Random, duty: Duty, as_of: date) -> Duty:
    """The duty with a copy of its last version from about that day, or with an end."""
    begins = as_of + timedelta(days=chance.randrange(-200, 200))
    if chance.random() < 0.3:
        return duty.model_copy(update={"until": max(begins, duty.in_force_from)})
    last = duty.versions[-1]
    more: dict[str, object] = {"from_": max(begins, last.from_ + timedelta(1))}
    if (query := last.evidence) is not None:
        where = query.where[1:]
        if chance.random() < 0.7:  # what no row says
            where = (*where, *(condition.model_copy(update=_NONE) for condition in query.where[:1]))
        more["evidence"] = query.model_copy(update={"where": where})
    later = last.model_copy(update=more)
    return duty.model_copy(update={"versions": (*duty.versions, later)})


def _check(given: Case, rulebook: Rulebook, day: date) -> Assessment:
    return assess(CheckRequest(rulebook, given.evidence, day, BOTH, decide_plainly, ahead=False))


def _position(of: DutyOutcome | ObligationOutcome | None) -> Position | None:
    return Position(of.status, of.deadline) if of else None


def _by_checks(old: Assessment, new: Assessment) -> Iterator[Line]:
    """What differs between two checks of one day."""
    before, after = ({duty.id: duty for duty in book.duties} for book in (old, new))
    for id_ in before.keys() | after.keys():
        was, now = before.get(id_), after.get(id_)
        yield id_, "", _position(was), _position(now)
        for pair in pairs(was, now):
            name = f"{pair.shown.subject} {pair.shown.window}"
            yield id_, name, _position(pair.before), _position(pair.after)


def _by_impact(duty: DutyImpact, day: date) -> Iterator[Line]:
    of_all: list[tuple[str, tuple[Phase, ...]]] = [("", duty.phases)]
    of_all += [(f"{one.subject} {one.window}", one.phases) for one in duty.obligations]
    for name, phases in of_all:
        for phase in phases:
            if phase.first <= day <= phase.last:
                yield duty.id, name, phase.before, phase.after


@pytest.mark.campaign
def test_the_impact_on_each_day_is_the_difference_of_two_checks() -> None:
    differing = 0
    for seed in range(SEED, SEED + CASES):
        given, chance = case(seed), random.Random(seed)
        new = _other(given, seed)
        days = sorted({given.as_of + timedelta(chance.randrange(-300, 300)) for _ in range(3)})
        request = ImpactRequest(
            given.rulebook,
            new,
            given.evidence,
            given.evidence,
            as_of=given.as_of,
            program=BOTH,
            decide=decide_plainly,
            days=tuple(days),
        )
        changes = impact(request)
        assert [day.day for day in changes.days] == days
        for day, counts in zip(days, changes.days, strict=True):
            lines = _by_checks(_check(given, given.rulebook, day), _check(given, new, day))
            expected = sorted((line for line in lines if line[2] != line[3]), key=str)
            lines_found = [line for duty in changes.duties for line in _by_impact(duty, day)]
            assert sorted(lines_found, key=str) == expected, (seed, day)
            differing += bool(expected)
            obligations = [line for line in expected if line[1]]
            assert counts.obligations == len(obligations)
            assert counts.made_overdue == sum(
                _is_overdue(now) and not _is_overdue(was) for _, _, was, now in obligations
            )
    assert differing >= CASES / 2


def _is_overdue(position: Position | None) -> bool:
    return position is not None and position.status is Status.OVERDUE


@pytest.mark.campaign
def test_what_is_coming_is_what_a_check_of_that_day_finds() -> None:
    coming = outstanding = 0
    for seed in range(SEED, SEED + CASES):
        given = case(seed)
        chance = random.Random(seed)
        as_of = given.as_of - timedelta(chance.randrange(0, 300))
        later = {
            id_: _later(chance, duty, given.as_of) for id_, duty in given.rulebook.duties.items()
        }
        rulebook = given.rulebook.model_copy(update={"duties": later})
        for version in _check(given, rulebook, as_of).coming:
            assert as_of < version.begins <= as_of + timedelta(365)
            on_day = _check(given, rulebook, version.begins)
            (duty,) = (duty for duty in on_day.duties if duty.id == version.duty)
            assert (version.status, version.checks) == (duty.status, duty.counts.total)
            shown = {
                (one.subject, one.window, one.status, one.deadline, one.days)
                for one in duty.obligations
            }
            for one in version.obligations:
                assert (one.subject, one.window, one.status, one.deadline, one.days) in shown
                assert one.status in (Status.DUE, Status.OVERDUE)
                assert (one.status, one.deadline) != (one.status_without, one.deadline_without)
                outstanding += 1
            coming += 1
    assert coming >= CASES / 4
    assert outstanding
