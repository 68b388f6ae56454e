"""Rolling: at most an interval since the last time (semantics.md: Rolling).

``matches.match_lasting`` works out the deadline from the first deadline and the items.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints, add_each
from engine.day_number import NO_DAY
from engine.frames.items import match_items
from engine.frames.matches import LastingItems, Matches, match_lasting, opening_days
from engine.frames.schema import Anchor, ints
from engine.frames.scope import VersionTable
from rules.patterns import Rolling


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """Match each obligation to its items at D."""
    return match_lasting(obligations, versions, lambda rows: _items(rows, versions))


def _items(obligations: pd.DataFrame, versions: VersionTable) -> LastingItems:
    index = ints(obligations, "version_index")
    first_deadline, first_anchor = _first_deadline(obligations, versions)
    needed = versions.values(lambda rule: rule.evidence.needed if rule.evidence else 1)
    items = match_items(obligations, versions)
    nth = items.nth_latest(needed[index])
    until = add_each(nth.day, index, versions.spans(Rolling, lambda pattern: pattern.every))
    from_item = (nth.day != NO_DAY) & (until >= first_deadline)
    return LastingItems(
        first_deadline=first_deadline,
        until=until,
        anchor=np.where(from_item, Anchor.LAST_DONE, first_anchor),
        anchor_day=np.where(from_item, nth.day, opening_days(obligations, versions)),
        last_done=items.last_days(),
        met=nth.met,
    )


def _first_deadline(obligations: pd.DataFrame, versions: VersionTable) -> tuple[Ints, Ints]:
    """Each first deadline, and what it is counted from (an Anchor). The rule's own day is for those
    who were there on the in-force day (reading-semantics.md: Rolling and standing)."""
    index, joined = ints(obligations, "version_index"), ints(obligations, "joined")
    in_force_from, opens = versions.in_force_from[index], opening_days(obligations, versions)
    spans = versions.spans(Rolling, lambda pattern: pattern.first or pattern.every)
    by_span = add_each(opens, index, spans)
    anchor = np.where(opens > in_force_from, Anchor.JOINED, Anchor.IN_FORCE)
    patterns = (rule.pattern for rule in versions.rules)
    own_days = [
        pattern.first_deadline if isinstance(pattern, Rolling) else None for pattern in patterns
    ]
    ordinals = [day.toordinal() if day else NO_DAY for day in own_days]
    own_day = np.array(ordinals, dtype=np.int64)[index]
    uses_own_day = (own_day != NO_DAY) & (joined <= in_force_from)
    first_deadline = np.where(uses_own_day, own_day, by_span)
    return first_deadline, np.where(uses_own_day, Anchor.OWN_DAY, anchor)
