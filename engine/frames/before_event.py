"""Before an event: by its day, and no earlier than the rule allows (semantics.md, Pattern 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints
from engine.frames.items import meet
from engine.frames.lists import event_days
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
from rules.patterns import BeforeEvent


def match(obligations: pd.DataFrame, editions: Editions, names: Names) -> Matches:
    """What was found for each obligation, by the version that judges its event."""
    window = _window(obligations, editions)
    meeting = meet(obligations, editions, names)
    needed = needed_of(obligations, editions)
    done = meeting.earliest(window[0], np.maximum(needed, 1))
    found = of_event(obligations, editions, window, done, meeting.last_days())
    return untold(found, needed < 1)


def _window(obligations: pd.DataFrame, editions: Editions) -> tuple[Ints, Ints]:
    """When each window opens, and its deadline; one that would open later opens on the deadline."""
    deadline = _deadline(obligations, editions)
    moved = clamped(obligations, editions, deadline, lambda older: _deadline(older, editions))[0]
    return np.minimum(_opens(obligations, editions), moved), moved


def _deadline(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """The event's day, or so long before it."""
    by = spans_of(editions, BeforeEvent, lambda pattern: pattern.by)
    return add_each(ints(obligations, "event_day"), ints(obligations, "edition"), by, -1)


def _opens(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """No earlier than a stated time before, or than the day after the previous event; without
    either, from the start."""
    edition, event = ints(obligations, "edition"), ints(obligations, "event_day")
    spans = spans_of(editions, BeforeEvent, lambda pattern: pattern.no_earlier)
    stated = np.array([each is not None for each in spans], dtype=np.bool_)[edition]
    start = editions.in_force[edition]
    opens = np.where(stated, add_each(event, edition, spans, -1), start)
    for each, mine in editions.parts(edition):
        pattern = editions.version[each].pattern
        if isinstance(pattern, BeforeEvent) and pattern.since_previous:
            after = _after_previous(pattern, editions, event[mine], start[mine])
            opens[mine] = np.maximum(opens[mine], after) if pattern.no_earlier else after
    return opens


def _after_previous(pattern: BeforeEvent, editions: Editions, event: Ints, start: Ints) -> Ints:
    """The day after the latest earlier event's; without one, the start."""
    listed, columns = pattern.event, editions.columns[pattern.event.register]
    days = editions.once(("event days", listed), lambda: event_days(columns, listed))
    before = np.searchsorted(days, event, side="left") - 1
    return np.where(before >= 0, days[before] + 1, start) if len(days) else start
