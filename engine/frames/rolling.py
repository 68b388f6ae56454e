"""Rolling: at most an interval since the last time (semantics.md: Rolling).

Here each obligation gets its first deadline and its items; ``matches.match_lasting`` gives it the
deadline and the result, as it does for standing duties.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints, add_each
from engine.day_number import NO_DAY
from engine.frames.items import match_items
from engine.frames.matches import LastingItems, Matches, match_lasting, opening_days
from engine.frames.schema import ints
from engine.frames.scope import VersionTable
from engine.obligation import Anchor
from rules.patterns import Rolling


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """Match each obligation to its items on the as-of date."""
    return match_lasting(obligations, versions, lambda rows: _lasting_items(rows, versions))


def _lasting_items(obligations: pd.DataFrame, versions: VersionTable) -> LastingItems:
    """The items of each obligation. The oldest of the items that it needs decides its deadline:
    once that one no longer counts, too few are left."""
    version_index = ints(obligations, "version_index")
    opens = opening_days(obligations, versions)
    first_deadline, first_anchor = _first_deadline(obligations, versions, opens)
    # The table also has versions of other patterns, some without evidence. No obligation here is
    # under one of these, so the placeholder 1 is never used.
    needed = versions.values(lambda rule: rule.evidence.needed if rule.evidence else 1)
    items = match_items(obligations, versions)
    deciding_item = items.nth_latest(needed[version_index])
    spans = versions.spans(Rolling, lambda pattern: pattern.every)
    until = add_each(deciding_item.day, version_index, spans)
    item_decides = (deciding_item.day != NO_DAY) & (until >= first_deadline)
    return LastingItems(
        first_deadline=first_deadline,
        until=until,
        anchor=np.where(item_decides, Anchor.LAST_DONE, first_anchor),
        anchor_day=np.where(item_decides, deciding_item.day, opens),
        last_done=items.last_days(),
        met=deciding_item.met,
    )


def _first_deadline(
    obligations: pd.DataFrame, versions: VersionTable, opens: Ints
) -> tuple[Ints, Ints]:
    """Each first deadline, and what it is counted from (an Anchor). The rule's own 'first deadline'
    applies only to subjects who were already there when the duty came into force
    (reading-semantics.md: Rolling and standing)."""
    version_index = ints(obligations, "version_index")
    joined = ints(obligations, "joined")
    in_force_from = versions.in_force_from[version_index]
    spans = versions.spans(Rolling, lambda pattern: pattern.first or pattern.every)
    by_span = add_each(opens, version_index, spans)
    span_anchor = np.where(opens > in_force_from, Anchor.JOINED, Anchor.IN_FORCE)
    fixed = versions.days(Rolling, lambda pattern: pattern.first_deadline)[version_index]
    is_fixed = (fixed != NO_DAY) & (joined <= in_force_from)
    anchor = np.where(is_fixed, Anchor.OWN_DAY, span_anchor)
    return np.where(is_fixed, fixed, by_span), anchor
