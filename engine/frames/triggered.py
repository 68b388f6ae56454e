"""Triggered: within so long of each event or joining (semantics.md, Pattern 3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints
from engine.frames.items import meet
from engine.frames.schema import Names, ints
from engine.frames.scope import Editions
from engine.frames.windows import (
    Matches,
    add_each,
    clamped,
    needed_of,
    of_event,
    spans_of,
    untold,
)
from rules.model import Version
from rules.patterns import Triggered
from rules.span import Span
from rules.subject import FixedList


def match(obligations: pd.DataFrame, editions: Editions, names: Names) -> Matches:
    """What was found for each obligation, by the version that judges its event."""
    window = _window(obligations, editions)
    meeting = meet(obligations, editions, names)
    needed = needed_of(obligations, editions)
    since = _accepted(obligations, editions, window[0])
    done = meeting.earliest(since, np.maximum(needed, 1))
    found = of_event(obligations, editions, window, done, meeting.last_days())
    return untold(found, needed < 1)


def _window(obligations: pd.DataFrame, editions: Editions) -> tuple[Ints, Ints]:
    """When each window opens, and its deadline."""
    early = spans_of(editions, Triggered, lambda pattern: pattern.early)
    opens = add_each(ints(obligations, "event_day"), ints(obligations, "edition"), early, -1)
    deadline = _deadline(obligations, editions)
    moved = clamped(obligations, editions, deadline, lambda older: _deadline(older, editions))
    return opens, moved[0]


def _accepted(obligations: pd.DataFrame, editions: Editions, opens: Ints) -> Ints:
    """The first day on which an item counts: that on which the window opens, or, where the rule
    accepts what was done before, so long before the event."""
    before = spans_of(editions, Triggered, lambda pattern: pattern.accepted_before)
    event, edition = ints(obligations, "event_day"), ints(obligations, "edition")
    return np.minimum(opens, add_each(event, edition, before, -1))


def _deadline(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """So long after each event: the member's own span where the fixed list gives one."""
    spans: list[Span | None] = []
    firsts = []
    for version in editions.version:
        firsts.append(len(spans))
        spans += _spans(version)
    of = np.array(firsts, dtype=np.int64)[ints(obligations, "edition")]
    return add_each(ints(obligations, "event_day"), of + ints(obligations, "member") + 1, spans)


def _spans(version: Version) -> list[Span | None]:
    """The span of a version, then those of the members of its fixed list."""
    within = version.pattern.within if isinstance(version.pattern, Triggered) else None
    members = version.subjects.members if isinstance(version.subjects, FixedList) else ()
    return [within, *(each.within or within for each in members)]
