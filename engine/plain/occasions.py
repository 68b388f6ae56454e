"""Duties about events: triggered, or before an event (semantics.md, Patterns, 3 and 4; Subjects).

One obligation for each event, and for each subject where there is a list of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ObligationKey
from engine.plain.applies import applies_on
from engine.plain.case import Case, Done, cannot_tell, settle, unasked
from engine.plain.days import ONE_DAY, after, before
from engine.plain.events import events_asked, unclear_people
from engine.plain.items import Finder
from engine.plain.joinings import joinings_asked
from engine.plain.lists import Event, Subject, events_of, listed, subjects_of
from engine.plain.records import judge_record, records_of
from rules.pattern import BeforeEvent, Completeness, Triggered
from rules.resolve import Resolved
from rules.span import Span

_AT_ONCE = Span(0, "days")


class _About(NamedTuple):
    """What one obligation is about: the event's (or joining's) day, whom, and the listed event."""

    day: date
    subject: Subject
    event: Event | None


def judge_events(case: Case) -> Iterable[Answer]:
    """Every obligation about an event or record that a register lists."""
    events, unclear = events_asked(case)
    yield from unclear
    yield from unclear_people(case, events)
    finders = {each.begins: Finder(case, each) for each in case.versions}
    records = {
        each.begins: records_of(case, each, each.version.pattern)
        for each in case.versions
        if isinstance(each.version.pattern, Completeness)
    }
    for version, event in events:
        if version.begins in records:
            case.tick()
            yield judge_record(records[version.begins], event)
        else:
            yield from _judge_event(case, version, finders[version.begins], event)


def judge_joinings(case: Case) -> Iterable[Answer]:
    """Every obligation of a person about their own joining, or being flagged."""
    finders = {each.begins: Finder(case, each) for each in case.versions}
    joined, unclear = joinings_asked(case)
    yield from unclear
    for version, day, subject in joined:
        case.tick()
        key = case.key(subject.key)
        asked = applies_on(case.sheets, version.version.applies, day)
        if asked:
            about = _About(day, subject, None)
            yield _judge(case, version, finders[version.begins], key, about)
        else:
            yield unasked(version, key, asked)


def _judge_event(case: Case, version: Resolved, finder: Finder, event: Event) -> Iterable[Answer]:
    """The obligations about one event. The duty's condition is judged on the event's day; an
    event that it leaves out, or of which it cannot be told, is one obligation. A person is asked
    about events from the day they join to the day before they leave."""
    rule = version.version
    asked = applies_on(case.sheets, rule.applies, event.day)
    if not asked:
        yield unasked(version, case.key(event=event.key), asked)
        return
    for subject in subjects_of(case.sheets, rule.subjects):
        if subject.since <= event.day and (subject.leaves is None or event.day < subject.leaves):
            case.tick()
            key = case.key(subject.key, event.key)
            yield _judge(case, version, finder, key, _About(event.day, subject, event))


def _judge(
    case: Case,
    version: Resolved,
    finder: Finder,
    key: ObligationKey,
    about: _About,
) -> Answer:
    """Met with enough items dated from opens on, or as long before as the rule accepts, and late
    if the nth is after the deadline."""
    day, subject, event = about
    window = _window(case, version, day, subject)
    first = _counts_from(version, day, window[0])
    needed = _needed(case, version, event)
    if needed is None:
        return cannot_tell(version, key)
    items = finder.items(subject, event)
    counted = finder.once_each([item for item in items if item[0] >= first])[:needed]
    enough = len(counted) == needed
    done = Done(counted[-1][0], finder.refs(counted)) if enough else None
    last_done = items[-1][0] if items else None
    return settle(case, version, key, window, done, last_done, person=subject.person)


def _needed(case: Case, version: Resolved, event: Event | None) -> int | None:
    """How many items it takes; None where the event's own row should say so and does not."""
    query, listed = version.version.evidence, events_of(version.version.pattern)
    if query is None or query.needed_from is None or event is None or listed is None:
        return query.needed if query else 1
    said = case.sheets.of(listed.register).column(query.needed_from).value[event.row]
    return said if isinstance(said, int) and said > 0 else None


def _window(case: Case, version: Resolved, day: date, subject: Subject) -> tuple[date, date]:
    """Opens and deadline for an event of that day and a subject; where the deadline would come
    before it opens, it opens on the deadline."""
    deadline = case.held(version, lambda each: _deadline(each, day, subject))
    opens = _opens(case, version, day)
    deadline = opens if deadline is None else deadline
    return min(opens, deadline), deadline


def _deadline(version: Resolved, day: date, subject: Subject) -> date | None:
    """The deadline that a version gives an event of that day: so long after it, or by it or so
    long before it. A member of a fixed list may have a span of its own."""
    pattern = version.version.pattern
    if isinstance(pattern, BeforeEvent):
        return before(day, pattern.by or _AT_ONCE)
    if isinstance(pattern, Triggered):
        own = subject.member.within if subject.member else None
        return after(day, own or pattern.within or _AT_ONCE)
    return None


def _opens(case: Case, version: Resolved, day: date) -> date:
    """The first day in time. Triggered: the event's day, or so long before as the rule allows.
    Before an event: a stated time before it, or the day after the previous event, whichever is
    later; from the start where the rule states neither, or there was no event before."""
    pattern = version.version.pattern
    if isinstance(pattern, Triggered):
        return before(day, pattern.early or _AT_ONCE)
    if not isinstance(pattern, BeforeEvent):
        return day
    limits = []
    if pattern.no_earlier is not None:
        limits.append(before(day, pattern.no_earlier))
    if pattern.since_previous:
        previous = _previous(case, version, day)
        limits.append(case.in_force if previous is None else previous + ONE_DAY)
    return max(limits, default=case.in_force)


def _counts_from(version: Resolved, day: date, opens: date) -> date:
    """The first day from which an item counts: the day it opens, or, where the rule accepts what
    was done before, so long before the event's day. The window stays as it is."""
    pattern = version.version.pattern
    if not isinstance(pattern, Triggered) or pattern.accepted_before is None:
        return opens
    return min(opens, before(day, pattern.accepted_before))


def _previous(case: Case, version: Resolved, day: date) -> date | None:
    """The latest earlier day of an event that is neither cancelled nor left out."""
    events = events_of(version.version.pattern)
    if events is None:
        return None
    days = case.sheets.once(("event days", events), lambda: _event_days(case, version))
    at = bisect_left(days, day)
    return days[at - 1] if at else None


def _event_days(case: Case, version: Resolved) -> Sequence[date]:
    events = events_of(version.version.pattern)
    rows = listed(case.sheets, events) if events else ()
    return sorted({each.day for each in rows if each.certain and each.day is not None})
