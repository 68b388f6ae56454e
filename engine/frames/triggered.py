"""Triggered: within the rule's span of each event or joining (semantics.md: Triggered)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints
from engine.frames.schema import ints
from engine.frames.scope import VersionTable
from engine.frames.windows import Matches, add_each, limit_deadlines, match_events
from rules.patterns import Triggered
from rules.span import Span


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """The obligations with their items, each by the version that judges its event."""
    early = versions.spans(Triggered, lambda pattern: pattern.early)
    opens = add_each(ints(obligations, "event_day"), ints(obligations, "version_index"), early, -1)
    deadline, _ = limit_deadlines(
        obligations,
        versions,
        _deadline(obligations, versions),
        lambda older: _deadline(older, versions),
    )
    since = _accepted(obligations, versions, opens)
    return match_events(obligations, versions, (opens, deadline), since)


def _accepted(obligations: pd.DataFrame, versions: VersionTable, opens: Ints) -> Ints:
    """The first day on which an item counts, also before the window where accepted."""
    before = versions.spans(Triggered, lambda pattern: pattern.accepted_before)
    event, index = ints(obligations, "event_day"), ints(obligations, "version_index")
    return np.minimum(opens, add_each(event, index, before, -1))


def _deadline(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """Each event's day plus the rule's span, or the member's own where the fixed list gives one."""
    spans: list[Span | None] = []  # of each version, followed by those of its members
    firsts = []
    within = versions.spans(Triggered, lambda pattern: pattern.within)
    for rule, span in zip(versions.rules, within, strict=True):
        firsts.append(len(spans))
        spans += [span, *(member.within or span for member in rule.members)]
    position = np.array(firsts, dtype=np.int64)[ints(obligations, "version_index")]
    position = position + ints(obligations, "member") + 1
    return add_each(ints(obligations, "event_day"), position, spans)
