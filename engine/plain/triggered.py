"""Triggered duties (semantics.md, Patterns, 3; Subjects), and what those before an event share with
them: one obligation for each event, and for each subject where there is a list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from engine.outcome import Answer
from engine.plain.before_event import opens_before
from engine.plain.case import Case, Done, Judged, events_asked, settle, untold
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.lists import Event, Roll, Subject, roll_of, subjects_of
from rules.patterns import BeforeEvent, Triggered
from rules.resolve import Resolved

_Joined = tuple[Resolved, date, Subject]  # the version that judges it, its day, and who


def judge_events(case: Case) -> Iterable[Answer]:
    """Every obligation about an event that a register lists. The duty's condition is judged on the
    event's day; an event that it leaves out, or of which it cannot be told, is one obligation. A
    person is asked about events from the day they join to the day before they leave."""
    events, unclear = events_asked(case)
    yield from unclear
    yield from _unclear_people(case, events)
    for version, event in events:
        asked = applies_on(case.sheets, version.version.applies, event.day)
        if not asked:
            yield untold(version, case.key(event=event.key), asked)
            continue
        for subject in subjects_of(case.sheets, version.version):
            if subject.since <= event.day and (not subject.leaves or event.day < subject.leaves):
                yield _judge(case, version, event.day, subject, event)


def _unclear_people(case: Case, events: Iterable[Judged]) -> Iterable[Answer]:
    """An answer for each row of a population of which nothing can be told, once for all events;
    by the latest version that asks that population."""
    used = {version.begins for version, _ in events} | {case.now.begins}
    told: set[tuple[str, int]] = set()
    for version in reversed(case.versions):
        people = version.version.population
        if version.begins in used and people:
            for row, _ in roll_of(case.sheets, people).unclear:
                if (people.register, row) not in told:
                    yield case.untold_row(version, people, row)
                told.add((people.register, row))


def judge_joinings(case: Case) -> Iterable[Answer]:
    """Every obligation of a person about their own joining, or being flagged."""
    joined, unclear = _joinings_asked(case)
    yield from unclear
    for version, day, subject in joined:
        asked = applies_on(case.sheets, version.version.applies, day)
        if asked:
            yield _judge(case, version, day, subject, None)
        else:
            yield untold(version, case.key(subject.key), asked)


def _joinings_asked(case: Case) -> tuple[list[_Joined], list[Answer]]:
    """The people who are asked about their joining, and an answer for each row of which nothing
    can be told. Each is asked by the version of the day on which they joined."""
    claims: dict[str, list[_Joined]] = defaultdict(list)
    unclear: list[Answer] = []
    for version in case.versions:
        people = version.version.population
        roll = roll_of(case.sheets, people) if people else Roll((), ())
        for subject in roll.asked:
            day = _joining_day(case, version, subject.since)
            if day:
                claims[subject.key].append((version, day, subject))
        for row, since in roll.unclear:
            if _joining_day(case, version, since) if since else version is case.now:
                unclear.append(case.untold_row(version, people, row))
    joined = [claim[0] for claim in claims.values() if len(claim) == 1]
    for version, _, subject in (
        one for claim in claims.values() if len(claim) > 1 for one in claim
    ):
        people = version.version.population  # two versions whose populations differ both claim them
        unclear.append(case.untold_row(version, people, subject.row))
    return joined, unclear


def _joining_day(case: Case, version: Resolved, since: date) -> date | None:
    """The day on which someone counts as joining; None where that version is not the one that
    asks, or they were there before the duty was in force and the rule does not count them."""
    pattern = version.version.pattern
    day = max(since, case.in_force)
    if case.version_on(day) is not version or not isinstance(pattern, Triggered):
        return None
    return day if day == since or pattern.already_there else None


def _judge(
    case: Case, version: Resolved, day: date, subject: Subject, event: Event | None
) -> Answer:
    """About an event, or a joining, of that day: met with enough items dated from opens on, or as
    long before as the rule accepts, and late if the nth is after the deadline."""
    key = case.key(subject.key, event.key if event else "")
    needed = _needed(case, version, event)
    if needed is None:
        return untold(version, key)
    window = _window(case, version, day, subject)
    pattern, first = version.version.pattern, window[0]
    if isinstance(pattern, Triggered) and pattern.accepted_before:
        first = min(first, before(day, pattern.accepted_before))
    finder = case.finders[version.begins]
    items = finder.items(subject, event)
    counted = finder.once_each([item for item in items if item[0] >= first])[:needed]
    done = Done(counted[-1][0], finder.refs(counted)) if len(counted) == needed else None
    last_done = items[-1][0] if items else None
    return settle(case, version, key, window, done, last_done, person=subject.person)


def _needed(case: Case, version: Resolved, event: Event | None) -> int | None:
    """How many items it takes; None where the event's own row should say so and does not."""
    query, rows = case.finders[version.begins].query, version.version.events
    if query.needed_from is None or event is None or rows is None:
        return query.needed
    said = case.sheets.of(rows.register).column(query.needed_from).value[event.row]
    return said if isinstance(said, int) and said > 0 else None


def _window(case: Case, version: Resolved, day: date, subject: Subject) -> tuple[date, date]:
    """Opens and deadline for an event of that day and a subject: it opens on the event's day, or so
    long before as the rule allows, and on the deadline where that would come before."""
    pattern = version.version.pattern
    if isinstance(pattern, BeforeEvent):
        opens = opens_before(case, pattern, day)
    else:
        assert isinstance(pattern, Triggered)
        opens = before(day, pattern.early)
    own = _deadline(version, day, subject)
    deadline = case.held(version, own, lambda each: _deadline(each, day, subject)) or opens
    return min(opens, deadline), deadline


def _deadline(version: Resolved, day: date, subject: Subject) -> date:
    """The deadline that a version gives an event of that day: so long after it, or by it or so
    long before it. A member of a fixed list may have a span of its own."""
    pattern = version.version.pattern
    if isinstance(pattern, BeforeEvent):
        return before(day, pattern.by)
    assert isinstance(pattern, Triggered)
    own = subject.member.within if subject.member else None
    return after(day, own or pattern.within)
