"""Made-up periodic duties whose versions differ in all that makes a window, with reviews about it.

A case follows from its seed alone. Only what a rulebook may say is made up (rules.lint), but for
a version of another pattern now and then, which the evaluators stand.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Literal

from evidence.register import PeriodKind
from rules.condition import NilReturn
from rules.model import Duty, Version
from rules.patterns import Periodic, Rolling
from rules.span import Span
from tests.support.agreed_answers import BY_DATE
from tests.support.case_generator import Case
from tests.support.engine_builders import (
    IN_FORCE,
    NIL_RETURNS,
    REGISTERS,
    REVIEWS,
    Row,
    duty,
    nil_return,
    rulebook,
    shown,
    table,
    version,
)

_GRACES: dict[PeriodKind, int] = {  # in days, shorter than the period
    "financial year": 120,
    "calendar year": 120,
    "quarter": 80,
    "month": 27,
}
_PARTS: tuple[Literal["Q1", "Q2", "Q3", "Q4"], ...] = ("Q1", "Q2", "Q3", "Q4")
_LABELS = (
    *("2024/25", "2025/26", "2026/27", "2027/28", "2024", "2025", "2026"),
    *(f"{year} Q{n}" for year in ("2024/25", "2025/26", "2026/27") for n in (1, 2, 3, 4)),
    *(f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)),
)


def changing(seed: int) -> Case:
    """One duty of up to five versions, up to ten reviews, a nil return now and then, and a day."""
    chance = random.Random(seed)
    the_duty = _duty(chance)
    begins = [version.from_ for version in the_duty.versions]
    near = [*begins, *(date(y, m, 1) for y in (2025, 2026, 2027) for m in (1, 4, 7, 10))]
    reviews = [_review(chance, at, near) for at in range(chance.randrange(11))]
    nil: list[Row] = []
    while chance.random() < 0.3:
        quarter = chance.choice([label for label in _LABELS if "/" in label])
        nil.append(nil_return("things", quarter, str(_day(chance, near))))
    evidence = shown(table(REVIEWS, *reviews), table(NIL_RETURNS, *nil))
    as_of = max(
        IN_FORCE, _day(chance, [near_day for near_day in near if near_day >= begins[-1]] or near)
    )
    return Case(seed, "periodic", rulebook(REGISTERS, the_duty), evidence, as_of)


def one_pattern(given: Case) -> bool:
    """Whether the duty's versions are all of one pattern, as in a rulebook they must be."""
    (made,) = given.rulebook.duties.values()
    return len({type(version.pattern) for version in made.versions}) == 1


def _duty(chance: random.Random) -> Duty:
    days = [IN_FORCE + timedelta(days=chance.choice((0, 0, chance.randrange(200))))]
    while len(days) < 5 and chance.random() < 0.75:
        days.append(days[-1] + timedelta(days=chance.randrange(1, 400)))
    kinds = chance.sample(list(_GRACES), chance.choice((1, 2, 2, 4)))
    before = {kind: chance.random() < 0.25 for kind in kinds}  # one name, one window
    until = days[-1] + timedelta(days=chance.randrange(700)) if chance.random() < 0.2 else None
    return duty(*(_version(chance, chance.choice(kinds), before, day) for day in days), until=until)


def _version(
    chance: random.Random, kind: PeriodKind, before: dict[PeriodKind, bool], begins: date
) -> Version:
    if chance.random() < 0.05:
        pattern = Rolling(kind="rolling", every=Span(12, "months"))
        return version(pattern, evidence=BY_DATE, begins=begins)
    named = chance.random() < 0.7
    parted = kind == "financial year" and not before[kind] and chance.random() < 0.5
    grace = named and not parted and chance.random() < 0.6
    nil = None
    if (
        grace
        and not before[kind]
        and chance.random() < 0.5
        and kind in ("quarter", "financial year")
    ):
        nil = NilReturn(list="things", each=kind)
    query = BY_DATE.model_copy(
        update={"period": "for period" if named else None, "needed": chance.choice((1, 1, 1, 2))}
    )
    periodic = Periodic(
        kind="periodic",
        period=kind,
        part=chance.choice(_PARTS) if parted else None,
        before=before[kind],
        grace=Span(chance.randrange(1, _GRACES[kind] + 1), "days") if grace else None,
        early=named and chance.random() < 0.3,
        nil_return=nil,
    )
    return version(periodic, evidence=query, begins=begins)


def _review(chance: random.Random, at: int, near: list[date]) -> Row:
    row = {"ref": f"R{at}", "subject": "model", "reviewed on": str(_day(chance, near))}
    return row | ({"for period": chance.choice(_LABELS)} if chance.random() < 0.3 else {})


def _day(chance: random.Random, near: list[date]) -> date:
    """One of these days or within three of it, or any day of three years."""
    if chance.random() < 0.6:
        return chance.choice(near) + timedelta(days=chance.randrange(-3, 4))
    return IN_FORCE + timedelta(days=chance.randrange(-60, 1000))
