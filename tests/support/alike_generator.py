"""Made-up events whose items must differ in a column, and are alike there as often as not.

A case follows from its seed alone.
"""

from __future__ import annotations

import random
from datetime import timedelta

from evidence.table import CellState
from rules.patterns import Events, EvidenceQuery, Triggered
from tests.support.case_generator import Case
from tests.support.engine_builders import (
    IN_FORCE,
    MEETINGS,
    REGISTERS,
    REVIEWS,
    Cell,
    Row,
    days,
    duty,
    rulebook,
    shown,
    table,
    version,
)

SCORES: tuple[Cell, ...] = (1, 1, 1, 2, 2, 3, CellState.NOTHING, CellState.UNREADABLE)
DUTY = duty(
    version(
        Triggered(
            kind="triggered", event=Events(register="meetings", dated="held on"), within=days(30)
        ),
        evidence=EvidenceQuery(
            register="reviews",
            dated="reviewed on",
            event="about",
            distinct="score",
            needed_from="topics",
        ),
    )
)


def alike(seed: int) -> Case:
    """Two meetings and three to eleven reviews about them, on a day of the months after."""
    chance = random.Random(seed)
    meetings: list[Row] = [
        {
            "ref": f"M{n}",
            "held on": IN_FORCE + timedelta(days=chance.randrange(60)),
            "topics": chance.choice((1, 2, 2, 2, 3)),
        }
        for n in (1, 2)
    ]
    reviews: list[Row] = [
        {
            "ref": f"R{n}",
            "reviewed on": IN_FORCE + timedelta(days=chance.randrange(120)),
            "about": chance.choice(("M1", "M2")),
            "score": chance.choice(SCORES),
        }
        for n in range(chance.randrange(3, 12))
    ]
    evidence = shown(table(MEETINGS, *meetings), table(REVIEWS, *reviews))
    as_of = IN_FORCE + timedelta(days=chance.randrange(60, 150))
    return Case(seed, "triggered", rulebook(REGISTERS, DUTY), evidence, as_of)


def named(*notes: str) -> Case:
    """A meeting with two topics, and a review about it a day for each note, which must differ."""
    query = EvidenceQuery(
        register="reviews", dated="reviewed on", event="about", distinct="note", needed=2
    )
    pattern = DUTY.versions[0].pattern
    meeting: Row = {"ref": "M1", "held on": IN_FORCE}
    reviews: list[Row] = [
        {
            "ref": f"R{n}",
            "reviewed on": IN_FORCE + timedelta(days=n),
            "about": "M1",
            "note": note,
        }
        for n, note in enumerate(notes)
    ]
    made = rulebook(REGISTERS, duty(version(pattern, evidence=query)))
    evidence = shown(table(MEETINGS, meeting), table(REVIEWS, *reviews))
    return Case(0, "triggered", made, evidence, IN_FORCE + timedelta(days=len(notes)))
