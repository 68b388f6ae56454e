"""Rolling: at most an interval since the last time (semantics.md: Rolling)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Ints
from engine.frames.items import match_items
from engine.frames.schema import Anchor, ints
from engine.frames.scope import VersionTable
from engine.frames.windows import LastingItems, Matches, add_each, match_lasting, opening
from rules.patterns import Rolling


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """The obligations with their items at D."""
    return match_lasting(obligations, versions, lambda rows: _items(rows, versions))


def _items(obligations: pd.DataFrame, versions: VersionTable) -> LastingItems:
    index = ints(obligations, "version_index")
    first, anchor = _first_deadline(obligations, versions)
    needed = versions.values(lambda rule: rule.evidence.needed if rule.evidence else 1)
    items = match_items(obligations, versions)
    nth = items.latest(needed[index])
    until = add_each(nth.day, index, versions.spans(Rolling, lambda pattern: pattern.every))
    from_item = (nth.day != NO_DAY) & (until >= first)
    return LastingItems(
        first,
        until,
        np.where(from_item, Anchor.LAST_DONE, anchor),
        np.where(from_item, nth.day, opening(obligations, versions)),
        items.last_days(),
        nth.met,
        np.zeros(len(obligations), dtype=np.bool_),
    )


def _first_deadline(obligations: pd.DataFrame, versions: VersionTable) -> tuple[Ints, Ints]:
    """Each first deadline, and from what it is reckoned (an Anchor)."""
    index, joined = ints(obligations, "version_index"), ints(obligations, "joined")
    in_force, start = versions.in_force[index], opening(obligations, versions)
    spans = versions.spans(Rolling, lambda pattern: pattern.first or pattern.every)
    first = add_each(start, index, spans)
    anchor = np.where(start > in_force, Anchor.JOINED, Anchor.IN_FORCE)
    patterns = (rule.pattern for rule in versions.rules)
    stated = [
        pattern.first_deadline if isinstance(pattern, Rolling) else None for pattern in patterns
    ]
    own = np.array([day.toordinal() if day else NO_DAY for day in stated], dtype=np.int64)[index]
    there = (own != NO_DAY) & (joined <= in_force)
    return np.where(there, own, first), np.where(there, Anchor.OWN_DAY, anchor)
