"""Before an event: by its day, and no earlier than the rule allows (semantics.md, Pattern 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints
from engine.frames.lists import event_days
from engine.frames.schema import ints
from engine.frames.scope import Editions
from engine.frames.windows import Matches, add_each, by_items, clamped
from rules.patterns import BeforeEvent


def match(obligations: pd.DataFrame, editions: Editions) -> Matches:
    """What was found for each obligation, by the version that judges its event."""
    window = _window(obligations, editions)
    return by_items(obligations, editions, window, window[0])


def _window(obligations: pd.DataFrame, editions: Editions) -> tuple[Ints, Ints]:
    """When each window opens, and its deadline; one that would open later opens on the deadline."""
    deadline = _deadline(obligations, editions)
    moved = clamped(obligations, editions, deadline, lambda older: _deadline(older, editions))[0]
    return np.minimum(_opens(obligations, editions), moved), moved


def _deadline(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """The event's day, or so long before it."""
    by = editions.spans(BeforeEvent, lambda pattern: pattern.by)
    return add_each(ints(obligations, "event_day"), ints(obligations, "edition"), by, -1)


def _opens(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """No earlier than a stated time before, or than the day after the previous event; without
    either, from the start."""
    edition, event = ints(obligations, "edition"), ints(obligations, "event_day")
    spans = editions.spans(BeforeEvent, lambda pattern: pattern.no_earlier)
    opens = add_each(event, edition, spans, -1)
    for each, mine in editions.parts(edition):
        pattern, start = editions.version[each].pattern, editions.in_force[each]
        if isinstance(pattern, BeforeEvent) and pattern.since_previous:
            days = event_days(editions.columns[pattern.event.register], pattern.event)
            before = np.searchsorted(days, event[mine])  # so many events
            after = np.concatenate([[start], days + 1])[before]
            opens[mine] = np.maximum(opens[mine], after) if pattern.no_earlier else after
        elif spans[each] is None:
            opens[mine] = start
    return opens
