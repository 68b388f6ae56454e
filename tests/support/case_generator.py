"""Made-up cases by the thousand: one duty (or a pair), a little evidence, and a day.

A case follows from its seed alone. Days crowd round the edges of windows, months and years.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, replace

from evidence.keys.latest import finish_evidence
from evidence.table import Evidence
from rules.model import Rulebook
from tests.support import engine_builders as make
from tests.support.evidence_generator import EDGES, FIRST, REGISTERS, evidence
from tests.support.rule_generator import made_content, made_duty
from tests.support.twist_generator import begun, twisted

PATTERNS = (
    "periodic",
    "rolling",
    "triggered",
    "before event",
    "standing",
    "completeness",
    "content",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One generated case: what both evaluators are given, and which pattern it tries."""

    seed: int
    pattern: str
    rulebook: Rulebook
    evidence: Evidence
    as_of: datetime.date
    records_begin: datetime.date | None = None


def case(seed: int) -> Case:
    """The case of a seed; the patterns take turns."""
    given = as_read(seed)
    return replace(given, evidence=finish_evidence(given.evidence, given.rulebook.registers))


def as_read(seed: int) -> Case:
    """The same, with the evidence as it stands in its sheets."""
    chance = random.Random(seed)
    pattern = PATTERNS[seed % len(PATTERNS)]
    base = chance.choice(PATTERNS[:6]) if pattern == "content" else pattern
    duties = [made_duty(chance, base)]
    if pattern == "content":
        duties.append(made_content(chance, duties[0]))
    book, shown, day = make.rulebook(REGISTERS, *duties), evidence(chance), _day(chance)
    book, shown = twisted(random.Random(seed + 1), book, shown)
    return Case(seed, pattern, book, shown, day)


def recorded(given: Case) -> Case:
    """The case of an office that, more often than not, says from when it keeps its registers."""
    return replace(given, records_begin=begun(given.seed, given.as_of))


def at_edge(given: Case, days: list[datetime.date]) -> Case:
    """The case on one of ``days`` (opens, deadlines), the day before or after it, more often than
    not."""
    chance = random.Random(given.seed + 1)
    if not days or chance.random() < 0.35:
        return given
    day = chance.choice(days) + datetime.timedelta(days=chance.choice((-1, 0, 0, 1, 1)))
    return replace(given, as_of=day) if day >= FIRST else given


def _day(chance: random.Random) -> datetime.date:
    if chance.random() < 0.15:
        return max(FIRST, chance.choice(EDGES))
    return FIRST + datetime.timedelta(days=chance.randrange(0, 1300))
