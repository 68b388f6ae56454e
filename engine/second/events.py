"""Which events and records ask something, and which rows cannot be told (semantics.md, Evidence;
Subjects; Versions and clocks)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from engine.outcome import Answer
from engine.second.case import Case, cannot_tell
from engine.second.lists import (
    Event,
    Listed,
    Roll,
    Subject,
    events_of,
    listed,
    roll_of,
    shared_keys,
)
from rules.pattern import Joining, Triggered
from rules.resolve import Resolved
from rules.subject import Population

Judged = tuple[Resolved, Event]  # an event, after the version that judges it
Joined = tuple[Resolved, date, Subject]  # the same of a joining: version, day and subject


def events_asked(case: Case) -> tuple[list[Judged], list[Answer]]:
    """The events or records of which something is asked, and an answer for each row of which
    nothing can be told.

    An event is listed by the version of its own day, or by that of the as-of date if it is to
    come or its day cannot be read. Two rows with one key could each be meant by an item that
    names it, so nothing can be told of either.
    """
    rows = list(_rows(case))
    shared = shared_keys([each for _, each in rows])
    clear: list[Judged] = []
    unclear: list[Answer] = []
    for version, each in rows:
        key, day = each.key, each.day
        if day is not None and _asks_nothing(case, version, day):
            continue
        if each.certain and day is not None and key is not None and key not in shared:
            clear.append((version, Event(each.row, key, day)))
        else:
            unclear.append(cannot_tell(case, version, case.key(row=each.row)))
    return clear, unclear


def _rows(case: Case) -> Iterable[tuple[Resolved, Listed]]:
    """Each listed row once, with the version that judges it."""
    for version in case.versions:
        events = events_of(version.version.pattern)
        for each in listed(case.sheets, events) if events else ():
            judge = case.now if each.day is None else case.version_on(each.day)
            if judge.begins == version.begins:
                yield version, each


def _asks_nothing(case: Case, version: Resolved, day: date) -> bool:
    """Whether the event was before the duty was in force, or has yet to trigger it."""
    to_come = isinstance(version.version.pattern, Triggered) and day > case.as_of
    return day < case.in_force or to_come


def unclear_people(case: Case, events: Iterable[Judged]) -> Iterable[Answer]:
    """An answer for each row of a population of which nothing can be told, once for all events;
    by the latest version that asks that population."""
    used = {version.begins: version for version in (case.now, *(each for each, _ in events))}
    told: set[int] = set()
    for _, version in sorted(used.items(), key=lambda pair: pair[0], reverse=True):
        subjects = version.version.subjects
        if not isinstance(subjects, Population) or not events_of(version.version.pattern):
            continue
        for each in roll_of(case.sheets, subjects).unclear:
            if each.row not in told:
                told.add(each.row)
                yield cannot_tell(case, version, case.key(row=each.row))


def joinings_asked(case: Case) -> tuple[list[Joined], list[Answer]]:
    """The people who are asked about their joining, and an answer for each row of which nothing
    can be told. Each is asked by the version of the day on which they joined."""
    joined: list[Joined] = []
    unclear: list[Answer] = []
    for version in case.versions:
        for subject in _roll(case, version).asked:
            day = _joining_day(case, version, subject.since)
            if day is not None:
                joined.append((version, day, subject))
        for each in _roll(case, version).unclear:
            unknown = each.day is None and version is case.now
            if unknown or (each.day and _joining_day(case, version, each.day)):
                unclear.append(cannot_tell(case, version, case.key(row=each.row)))
    counts = Counter(subject.key for _, _, subject in joined)
    for version, _, subject in joined:
        if counts[subject.key] > 1:  # two versions whose populations differ both claim them
            unclear.append(cannot_tell(case, version, case.key(row=subject.row)))
    return [each for each in joined if counts[each[2].key] == 1], unclear


def _roll(case: Case, version: Resolved) -> Roll:
    """The population that a version asks about its joining; nobody where it asks nothing such."""
    pattern, subjects = version.version.pattern, version.version.subjects
    joining = isinstance(pattern, Triggered) and isinstance(pattern.event, Joining)
    if joining and isinstance(subjects, Population):
        return roll_of(case.sheets, subjects)
    return Roll((), ())


def _joining_day(case: Case, version: Resolved, since: date) -> date | None:
    """The day on which someone counts as joining; None where that version is not the one that
    asks, or they were there before the duty was in force and the rule does not count them."""
    pattern = version.version.pattern
    day = max(since, case.in_force)
    if case.version_on(day).begins != version.begins or not isinstance(pattern, Triggered):
        return None
    return day if day == since or pattern.already_there else None
