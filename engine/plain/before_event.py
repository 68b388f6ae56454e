"""Duties before an event (semantics.md, Patterns, 4): from when and until when."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from engine.plain.case import Case
from engine.plain.days import ONE_DAY, before
from engine.plain.lists import listed
from rules.patterns import BeforeEvent, Events
from rules.span import Span


def deadline_before(pattern: BeforeEvent, day: date) -> date:
    """By an event of that day, or so long before it."""
    return before(day, pattern.by or Span(0, "days"))


def opens_before(case: Case, pattern: BeforeEvent, day: date) -> date:
    """A stated time before an event of that day, or the day after the previous event, whichever is
    later; from the start where the rule states neither, or there was no event before."""
    limits = []
    if pattern.no_earlier is not None:
        limits.append(before(day, pattern.no_earlier))
    if pattern.since_previous:
        previous = _previous(case, pattern.event, day)
        limits.append(case.in_force if previous is None else previous + ONE_DAY)
    return max(limits, default=case.in_force)


def _previous(case: Case, events: Events, day: date) -> date | None:
    """The latest earlier day of an event that is neither cancelled nor left out."""
    days = case.sheets.once(("event days", events), lambda: _event_days(case, events))
    at = bisect_left(days, day)
    return days[at - 1] if at else None


def _event_days(case: Case, events: Events) -> Sequence[date]:
    rows = listed(case.sheets, events)
    return sorted({each.day for each in rows if each.certain and each.day is not None})
