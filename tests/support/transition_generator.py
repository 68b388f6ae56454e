"""Made-up cases of a transition: a lasting duty that somebody met on the first day of its new
version, about that day and the last one of the transition."""

from __future__ import annotations

import datetime
import random
from dataclasses import replace

from engine.outcome import Status
from evidence.keys.latest import finish_evidence
from evidence.table import Evidence
from rules.model import Duty, Version
from tests.support import engine_builders as make
from tests.support.case_generator import Case
from tests.support.evidence_generator import FIRST, REGISTERS, evidence
from tests.support.judged_cases import plain_answers
from tests.support.rule_generator import MORE, made_version

_DAY = datetime.timedelta(days=1)
_SPECS = make.rulebook(REGISTERS).registers


def transition_case(seed: int) -> Case | None:
    """The case of a seed; None where nobody met the first version on any day that was tried."""
    given = transition_as_read(seed)
    return given and replace(given, evidence=finish_evidence(given.evidence, _SPECS))


def transition_as_read(seed: int) -> Case | None:
    """The same, with the evidence as it stands in its sheets."""
    chance = random.Random(seed)
    form, kind = chance.randrange(1 << 30), chance.choice(("rolling", "standing"))
    first = made_version(random.Random(form), chance, kind, FIRST)
    if chance.random() < 0.7:
        first = first.model_copy(update={"applies": None})
    shown = evidence(chance)
    begins = _day_met(chance, make.duty(first), shown)
    if begins is None:
        return None
    until = begins + chance.choice((1, 40, 200, 400, 400)) * _DAY
    later = made_version(random.Random(form), chance, kind, begins)
    later = _stricter(chance, later.model_copy(update={"transition_until": until}))
    versions = [first, later]
    if chance.random() < 0.2:
        third = until + chance.randrange(1, 200) * _DAY
        versions.append(_stricter(chance, made_version(random.Random(form), chance, kind, third)))
    as_of = chance.choice(
        (begins, begins + _DAY, _between(chance, begins, until), _between(chance, begins, until),
         until - _DAY, until, until + _DAY, until + chance.randrange(2, 300) * _DAY)
    )  # fmt: skip
    book = make.rulebook(REGISTERS, make.duty(*versions))
    return Case(seed, "transition", book, shown, as_of)


def _day_met(chance: random.Random, duty: Duty, shown: Evidence) -> datetime.date | None:
    """A day on which the duty is met, of a few that are tried."""
    finished = finish_evidence(shown, _SPECS)
    given = Case(0, "transition", make.rulebook(REGISTERS, duty), finished, FIRST)
    for _ in range(8):
        day = FIRST + chance.randrange(1, 1100) * _DAY
        answers = plain_answers(replace(given, as_of=day))
        if any(answer.status is Status.MET for answer in answers):
            return day
    return None


def _stricter(chance: random.Random, version: Version) -> Version:
    """Most new versions ask for something more."""
    query = version.evidence
    if query is None or chance.random() < 0.4:
        return version
    where = (*query.where, MORE[query.register])
    return version.model_copy(update={"evidence": query.model_copy(update={"where": where})})


def _between(chance: random.Random, first: datetime.date, last: datetime.date) -> datetime.date:
    return first + chance.randrange((last - first).days + 1) * _DAY
