"""Duties before an event (semantics.md, Patterns, 4): from when and until when."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from engine.plain.case import Case
from engine.plain.days import ONE_DAY, before
from engine.plain.lists import listed
from rules.patterns import BeforeEvent, Events


def opens_before(case: Case, pattern: BeforeEvent, day: date) -> date:
    """A stated time before an event of that day, or the day after the previous event, whichever is
    later; from the start where the rule states neither, or there was no event before."""
    limits = [before(day, pattern.no_earlier)] if pattern.no_earlier else []
    if pattern.since_previous:
        days = case.sheets.once(
            ("event days", pattern.event), lambda: _event_days(case, pattern.event)
        )
        at = bisect_left(days, day)
        limits.append(days[at - 1] + ONE_DAY if at else case.in_force)
    return max(limits, default=case.in_force)


def _event_days(case: Case, events: Events) -> Sequence[date]:
    """The days of events that are neither cancelled nor left out."""
    rows = listed(case.sheets, events)
    return sorted({row.day for row in rows if row.certain and row.day is not None})
