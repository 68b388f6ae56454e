"""Triggered: within so long of each event or joining (semantics.md, Pattern 3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints
from engine.frames.schema import ints
from engine.frames.scope import Editions
from engine.frames.windows import Matches, add_each, by_items, clamped
from rules.patterns import Triggered
from rules.span import Span


def match(obligations: pd.DataFrame, editions: Editions) -> Matches:
    """What was found for each obligation, by the version that judges its event."""
    early = editions.spans(Triggered, lambda pattern: pattern.early)
    opens = add_each(ints(obligations, "event_day"), ints(obligations, "edition"), early, -1)
    deadline, _ = clamped(
        obligations,
        editions,
        _deadline(obligations, editions),
        lambda older: _deadline(older, editions),
    )
    since = _accepted(obligations, editions, opens)
    return by_items(obligations, editions, (opens, deadline), since)


def _accepted(obligations: pd.DataFrame, editions: Editions, opens: Ints) -> Ints:
    """The first day on which an item counts: that on which the window opens, or, where the rule
    accepts what was done before, so long before the event."""
    before = editions.spans(Triggered, lambda pattern: pattern.accepted_before)
    event, edition = ints(obligations, "event_day"), ints(obligations, "edition")
    return np.minimum(opens, add_each(event, edition, before, -1))


def _deadline(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """So long after each event: the member's own span where the fixed list gives one."""
    spans: list[Span | None] = []  # those of versions, each with those of its members behind it
    firsts = []
    within = editions.spans(Triggered, lambda pattern: pattern.within)
    for version, span in zip(editions.version, within, strict=True):
        firsts.append(len(spans))
        spans += [span, *(member.within or span for member in version.members)]
    of = np.array(firsts, dtype=np.int64)[ints(obligations, "edition")]
    return add_each(ints(obligations, "event_day"), of + ints(obligations, "member") + 1, spans)
