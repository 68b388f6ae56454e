"""Triggered duties (semantics.md, Patterns, 3; Subjects), and what those before an event share with
them: one obligation for each event, and for each subject where there is a list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ObligationKey
from engine.plain.before_event import deadline_before, opens_before
from engine.plain.case import Case, Done, cannot_tell, events_asked, settle, unasked, unclear_people
from engine.plain.completeness import judge_record, records_of
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.items import Finder
from engine.plain.lists import Event, Roll, Subject, roll_of, subjects_of
from rules.patterns import BeforeEvent, Completeness, Triggered
from rules.resolve import Resolved
from rules.span import Span

_AT_ONCE = Span(0, "days")


_Joined = tuple[Resolved, date, Subject]  # the version that judges it, its day, and who


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
    joined, unclear = _joinings_asked(case)
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
    for subject in subjects_of(case.sheets, rule):
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
    query, listed = version.version.evidence, version.version.events
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
        return deadline_before(pattern, day)
    if isinstance(pattern, Triggered):
        own = subject.member.within if subject.member else None
        return after(day, own or pattern.within or _AT_ONCE)
    return None


def _opens(case: Case, version: Resolved, day: date) -> date:
    """The first day in time: the event's day, or so long before as the rule allows."""
    pattern = version.version.pattern
    if isinstance(pattern, Triggered):
        return before(day, pattern.early or _AT_ONCE)
    return opens_before(case, pattern, day) if isinstance(pattern, BeforeEvent) else day


def _counts_from(version: Resolved, day: date, opens: date) -> date:
    """The first day from which an item counts: the day it opens, or, where the rule accepts what
    was done before, so long before the event's day. The window stays as it is."""
    pattern = version.version.pattern
    if not isinstance(pattern, Triggered) or pattern.accepted_before is None:
        return opens
    return min(opens, before(day, pattern.accepted_before))


# Whose joining, or being flagged, asks something (semantics.md, Subjects) ------------------------


def _joinings_asked(case: Case) -> tuple[list[_Joined], list[Answer]]:
    """The people who are asked about their joining, and an answer for each row of which nothing
    can be told. Each is asked by the version of the day on which they joined."""
    joined: list[_Joined] = []
    unclear: list[Answer] = []
    for version in case.versions:
        for subject in _roll(case, version).asked:
            day = _joining_day(case, version, subject.since)
            if day is not None:
                joined.append((version, day, subject))
        for each in _roll(case, version).unclear:
            unknown = each.day is None and version is case.now
            if unknown or (each.day and _joining_day(case, version, each.day)):
                unclear.append(_unclear(case, version, each.row))
    counts = Counter(subject.key for _, _, subject in joined)
    for version, _, subject in joined:
        if counts[subject.key] > 1:  # two versions whose populations differ both claim them
            unclear.append(_unclear(case, version, subject.row))
    return [each for each in joined if counts[each[2].key] == 1], unclear


def _unclear(case: Case, version: Resolved, row: int) -> Answer:
    people = version.version.population
    return cannot_tell(version, case.key_of_row(people.register if people else "", row))


def _roll(case: Case, version: Resolved) -> Roll:
    """The population that a version asks about its joining; nobody where it asks nothing such."""
    people = version.version.population
    if version.version.pattern.by_joining and people is not None:
        return roll_of(case.sheets, people)
    return Roll((), ())


def _joining_day(case: Case, version: Resolved, since: date) -> date | None:
    """The day on which someone counts as joining; None where that version is not the one that
    asks, or they were there before the duty was in force and the rule does not count them."""
    pattern = version.version.pattern
    day = max(since, case.in_force)
    if case.version_on(day).begins != version.begins or not isinstance(pattern, Triggered):
        return None
    return day if day == since or pattern.already_there else None
