"""Before an event: by its day, no earlier than the rule allows (semantics.md: Before an event)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints, subtract_each
from engine.frames.lists import event_days
from engine.frames.matches import Matches, WindowDays, limit_deadlines
from engine.frames.schema import ints
from engine.frames.scope import VersionTable
from engine.frames.triggered import match_events
from rules.patterns import BeforeEvent


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """Match each obligation to its items, under the version that judges its event."""
    window = _window(obligations, versions)
    return match_events(obligations, versions, window, first_accepted_day=window.opens)


def _window(obligations: pd.DataFrame, versions: VersionTable) -> WindowDays:
    """The window of each obligation. A window that would open after its deadline opens on its
    deadline."""
    deadline, _ = limit_deadlines(obligations, versions, lambda rows: _deadline(rows, versions))
    return WindowDays(np.minimum(_opens(obligations, versions), deadline), deadline)


def _deadline(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The event's day, or the rule's span before it."""
    by = versions.spans(BeforeEvent, lambda pattern: pattern.by)
    return subtract_each(ints(obligations, "event_day"), ints(obligations, "version_index"), by)


def _opens(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The first day of each window: the rule's span before the event, the day after the previous
    event, or the later of the two. If the rule states neither, the duty's first day."""
    index = ints(obligations, "version_index")
    event_day = ints(obligations, "event_day")
    no_earlier = versions.spans(BeforeEvent, lambda pattern: pattern.no_earlier)
    opens = subtract_each(event_day, index, no_earlier)
    for version, rows in versions.rows_by_version(index):
        pattern = versions.rules[version].pattern
        in_force_from = versions.in_force_from[version]
        if isinstance(pattern, BeforeEvent) and pattern.since_previous:
            days = event_days(versions.columns[pattern.event.register], pattern.event)
            # How many events come before each. Where none does, it is the duty's first day.
            count_before = np.searchsorted(days, event_day[rows])
            after_previous = np.concatenate([[in_force_from], days + 1])[count_before]
            opens[rows] = (
                np.maximum(opens[rows], after_previous) if pattern.no_earlier else after_previous
            )
        elif no_earlier[version] is None:
            opens[rows] = in_force_from
    return opens
