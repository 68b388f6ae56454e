"""Duties before an event: the first day of a window (semantics.md: Before an event). The rest is as
for triggered duties, and ``triggered`` judges both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from engine.plain.days import ONE_DAY, before
from engine.plain.duty_as_of import DutyAsOf
from engine.plain.lists import listed_rows
from rules.patterns import BeforeEvent, Events


def opens_before(duty: DutyAsOf, pattern: BeforeEvent, day: date) -> date:
    """The first day of the window before an event: a stated time before the event or the day after
    the previous event, whichever is later. The duty's first day if the rule states neither, or if
    there was no earlier event."""
    limits = [before(day, pattern.no_earlier)] if pattern.no_earlier else []
    if pattern.since_previous:
        days = duty.sheets.once(
            ("event days", pattern.event), lambda: _event_days(duty, pattern.event)
        )
        count_before = bisect_left(days, day)
        limits.append(days[count_before - 1] + ONE_DAY if count_before else duty.in_force_from)
    return max(limits, default=duty.in_force_from)


def _event_days(duty: DutyAsOf, events: Events) -> Sequence[date]:
    """The days of events that are on the list and were not cancelled."""
    rows = listed_rows(duty.sheets, events)
    return sorted({row.day for row in rows if row.certain and row.day is not None})
