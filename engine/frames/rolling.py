"""Rolling: at most an interval since the last time (semantics.md, Pattern 2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Ints
from engine.frames.items import meet
from engine.frames.schema import Anchor, ints
from engine.frames.scope import Editions
from engine.frames.windows import Lasting, Matches, add_each, lasting, opening
from rules.patterns import Rolling


def match(obligations: pd.DataFrame, editions: Editions) -> Matches:
    """What was found for each obligation at D."""

    def look(some: pd.DataFrame) -> Lasting:
        edition = ints(some, "edition")
        first, anchor = _first(some, editions)
        needed = editions.each(lambda version: version.evidence.needed if version.evidence else 1)
        meeting = meet(some, editions)
        last = meeting.latest(needed[edition])
        every = editions.spans(Rolling, lambda pattern: pattern.every)
        until = add_each(last.day, edition, every)
        again = (last.day != NO_DAY) & (until >= first)
        return Lasting(
            first,
            until,
            np.where(again, Anchor.LAST_DONE, anchor),
            np.where(again, last.day, opening(some, editions)),
            meeting.last_days(),
            last.met,
            np.zeros(len(some), dtype=np.bool_),
        )

    return lasting(obligations, editions, look)


def _first(obligations: pd.DataFrame, editions: Editions) -> tuple[Ints, Ints]:
    """Each first deadline, and from what it is reckoned (an Anchor)."""
    edition, joined = ints(obligations, "edition"), ints(obligations, "joined")
    in_force, base = editions.in_force[edition], opening(obligations, editions)
    spans = editions.spans(Rolling, lambda pattern: pattern.first or pattern.every)
    first = add_each(base, edition, spans)
    anchor = np.where(base > in_force, Anchor.JOINED, Anchor.IN_FORCE)
    patterns = (version.pattern for version in editions.version)
    stated = [
        pattern.first_deadline if isinstance(pattern, Rolling) else None for pattern in patterns
    ]
    own = np.array([day.toordinal() if day else NO_DAY for day in stated], dtype=np.int64)[edition]
    there = (own != NO_DAY) & (joined <= in_force)
    return np.where(there, own, first), np.where(there, Anchor.OWN_DAY, anchor)
