"""Rolling: at most an interval since the last time (semantics.md: Rolling).

The second half serves ``standing`` too, since a standing duty also lasts from one item to the next:
:func:`match_lasting` works out the deadline of both from the first deadline and the items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints, add_each, subtract_each
from engine.frames.items import match_items
from engine.frames.matches import Matches, cannot_tell, limit_deadlines, with_results
from engine.frames.schema import Anchor, ints
from engine.frames.scope import VersionTable
from engine.obligation import SubjectState
from rules.patterns import Rolling, Standing


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
    in_force, opens = versions.in_force[index], opening_days(obligations, versions)
    spans = versions.spans(Rolling, lambda pattern: pattern.first or pattern.every)
    by_span = add_each(opens, index, spans)
    anchor = np.where(opens > in_force, Anchor.JOINED, Anchor.IN_FORCE)
    patterns = (rule.pattern for rule in versions.rules)
    own_days = [
        pattern.first_deadline if isinstance(pattern, Rolling) else None for pattern in patterns
    ]
    ordinals = [day.toordinal() if day else NO_DAY for day in own_days]
    own_day = np.array(ordinals, dtype=np.int64)[index]
    uses_own_day = (own_day != NO_DAY) & (joined <= in_force)
    first_deadline = np.where(uses_own_day, own_day, by_span)
    return first_deadline, np.where(uses_own_day, Anchor.OWN_DAY, anchor)


# Lasting obligations: rolling and standing ------------------------------------------------------


class LastingItems(NamedTuple):
    """The items of rolling or standing obligations, one value for each obligation.

    ``first_deadline`` is the deadline without any item, and ``until`` the last day on which the
    items are valid (NO_DAY without any). ``anchor`` says what the deadline was counted from, and
    ``anchor_day`` from which day. ``last_done`` is the day of the latest item.
    ``met`` are the items (a frame MET). ``unclear``: where the holder of a role is unknown (None:
    nowhere).
    """

    first_deadline: Ints
    until: Ints
    anchor: Ints
    anchor_day: Ints
    last_done: Ints
    met: pd.DataFrame
    unclear: Flags | None = None

    @property
    def deadline(self) -> Ints:
        """The end of the items, and no earlier than the first deadline."""
        return np.maximum(self.first_deadline, self.until)


def opening_days(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The day on which each obligation opens: the later of in force and the subject's joining."""
    in_force = versions.in_force[ints(obligations, "version_index")]
    return np.maximum(ints(obligations, "joined"), in_force)


def match_lasting(
    obligations: pd.DataFrame,
    versions: VersionTable,
    items_of: Callable[[pd.DataFrame], LastingItems],
) -> Matches:
    """Match rolling or standing obligations to the items that ``items_of`` gives for them."""
    items = items_of(obligations)
    # A deadline is at least the first day of the version that moved it there. What it was before
    # is the deadline of the same subjects under the version before (``under_older``).
    deadline, limited = limit_deadlines(
        obligations, versions, items.deadline, lambda under_older: items_of(under_older).deadline
    )
    patterns = (rule.pattern for rule in versions.rules)
    notice = [
        pattern.notice if isinstance(pattern, Rolling | Standing) else None for pattern in patterns
    ]
    notice_from = subtract_each(deadline, ints(obligations, "version_index"), notice)
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
