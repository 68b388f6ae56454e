"""Rolling: at most an interval since the last time (semantics.md: Rolling); and what rolling and
standing duties share, since both last from one item to the next.

For both, :func:`match_lasting` works out the deadline from the first deadline and the items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints, add_each
from engine.frames.items import match_items
from engine.frames.matches import Matches, cannot_tell, limit_deadlines, with_results
from engine.frames.schema import Anchor, ints
from engine.frames.scope import VersionTable
from engine.obligation import SubjectState
from rules.patterns import Rolling, Standing


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
        first=first,
        until=until,
        anchor=np.where(from_item, Anchor.LAST_DONE, anchor),
        anchor_day=np.where(from_item, nth.day, opening_days(obligations, versions)),
        last_done=items.last_days(),
        met=nth.met,
    )


def _first_deadline(obligations: pd.DataFrame, versions: VersionTable) -> tuple[Ints, Ints]:
    """Each first deadline, and what it is counted from (an Anchor). The rule's own day is for those
    who were there on the in-force day (reading-semantics.md: Rolling and standing)."""
    index, joined = ints(obligations, "version_index"), ints(obligations, "joined")
    in_force, start = versions.in_force[index], opening_days(obligations, versions)
    spans = versions.spans(Rolling, lambda pattern: pattern.first or pattern.every)
    first = add_each(start, index, spans)
    anchor = np.where(start > in_force, Anchor.JOINED, Anchor.IN_FORCE)
    patterns = (rule.pattern for rule in versions.rules)
    own_days = [
        pattern.first_deadline if isinstance(pattern, Rolling) else None for pattern in patterns
    ]
    ordinals = [day.toordinal() if day else NO_DAY for day in own_days]
    own_day = np.array(ordinals, dtype=np.int64)[index]
    uses_own_day = (own_day != NO_DAY) & (joined <= in_force)
    return np.where(uses_own_day, own_day, first), np.where(uses_own_day, Anchor.OWN_DAY, anchor)


# Lasting: for this pattern and standing ---------------------------------------------------------


class LastingItems(NamedTuple):
    """The items of rolling or standing obligations, one value for each obligation.

    ``first`` is the deadline without any item, and ``until`` the last day on which the items are
    valid (NO_DAY without any). ``anchor`` says what the deadline was counted from, and
    ``anchor_day`` from which day. ``last_done`` is the day of the latest item.
    ``met`` are the items (a frame MET). ``unclear``: where the holder of a role is unknown (None:
    nowhere).
    """

    first: Ints
    until: Ints
    anchor: Ints
    anchor_day: Ints
    last_done: Ints
    met: pd.DataFrame
    unclear: Flags | None = None

    @property
    def deadline(self) -> Ints:
        """The end of the items, and no earlier than the first deadline."""
        return np.maximum(self.first, self.until)


def opening_days(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The day on which each obligation opens: the later of in force and the subject's joining."""
    in_force = versions.in_force[ints(obligations, "version_index")]
    return np.maximum(ints(obligations, "joined"), in_force)


def match_lasting(
    obligations: pd.DataFrame,
    versions: VersionTable,
    items_of: Callable[[pd.DataFrame], LastingItems],
) -> Matches:
    """Rolling or standing obligations; ``items_of`` gives the items of some of them."""
    items = items_of(obligations)
    deadline, limited = limit_deadlines(
        obligations, versions, items.deadline, lambda older: items_of(older).deadline
    )
    patterns = (rule.pattern for rule in versions.rules)
    notice = [
        pattern.notice if isinstance(pattern, Rolling | Standing) else None for pattern in patterns
    ]
    notice_from = add_each(deadline, ints(obligations, "version_index"), notice, -1)
    lasts = (items.until != NO_DAY) & (items.until >= versions.as_of_day)
    frame = with_results(
        obligations,
        opens=opening_days(obligations, versions),
        deadline=deadline,
        first_missed=deadline,
        next_deadline=deadline,
        still_lasts=lasts,
        within_notice=notice_from <= versions.as_of_day,
        ever_done=items.last_done != NO_DAY,
        last_done=items.last_done,
        anchor=np.where(limited, Anchor.VERSION, items.anchor),
        anchor_day=items.anchor_day,
    )
    matches = Matches(frame, items.met)
    if items.unclear is None:
        return matches
    return cannot_tell(matches, items.unclear, SubjectState.UNCLEAR_HOLDER)
