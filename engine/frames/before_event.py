"""Before an event: by its day, no earlier than the rule allows (semantics.md: Before an event)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints, add_each
from engine.frames.lists import event_days
from engine.frames.matches import Matches, limit_deadlines
from engine.frames.schema import ints
from engine.frames.scope import VersionTable
from engine.frames.triggered import match_events
from rules.patterns import BeforeEvent


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """The obligations with their items, each by the version that judges its event."""
    window = _window(obligations, versions)
    return match_events(obligations, versions, window, window[0])


def _window(obligations: pd.DataFrame, versions: VersionTable) -> tuple[Ints, Ints]:
    """When each window opens, and its deadline; one that would open later opens on the deadline."""
    deadline, _ = limit_deadlines(
        obligations,
        versions,
        _deadline(obligations, versions),
        lambda older: _deadline(older, versions),
    )
    return np.minimum(_opens(obligations, versions), deadline), deadline


def _deadline(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The event's day, or the rule's span before it."""
    by = versions.spans(BeforeEvent, lambda pattern: pattern.by)
    return add_each(ints(obligations, "event_day"), ints(obligations, "version_index"), by, -1)


def _opens(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The first day of each window, by the rule's span or the previous event."""
    index, event = ints(obligations, "version_index"), ints(obligations, "event_day")
    spans = versions.spans(BeforeEvent, lambda pattern: pattern.no_earlier)
    opens = add_each(event, index, spans, -1)
    for version, rows in versions.rows_by_version(index):
        pattern, start = versions.rules[version].pattern, versions.in_force[version]
        if isinstance(pattern, BeforeEvent) and pattern.since_previous:
            days = event_days(versions.columns[pattern.event.register], pattern.event)
            earlier = np.searchsorted(days, event[rows])  # the number of events before each
            after = np.concatenate([[start], days + 1])[earlier]
            opens[rows] = np.maximum(opens[rows], after) if pattern.no_earlier else after
        elif spans[version] is None:
            opens[rows] = start
    return opens
