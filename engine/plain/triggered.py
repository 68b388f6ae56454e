"""Triggered and before-event duties, one obligation at a time (semantics.md: Triggered; Before an
event; Subjects).

There is an obligation for each event, and one for each subject where the rule lists subjects. A
triggered duty is done in the days after its event, a before-event duty in the days before it.
``before_event`` works out the first day of a window before an event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, Status
from engine.plain.before_event import opens_before
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.duty_as_of import (
    Done,
    DutyAsOf,
    JudgedEvent,
    WindowBounds,
    make_answer,
    uncovered_answer,
)
from engine.plain.lists import Event, Subject, SubjectList, subject_list, subjects_of
from rules.patterns import BeforeEvent, Triggered
from rules.resolve import Resolved


class _Joining(NamedTuple):
    """Someone's joining: the version that judges it, the day on which it counts, and who joined."""

    version: Resolved
    day: date
    subject: Subject


def judge_events(duty: DutyAsOf) -> Iterable[Answer]:
    """Every obligation about an event that a register lists.

    The duty's condition is judged on the event's day. If it is false or unknown on that day, the
    event has one answer for the office, not one for each person. A person is covered for events
    from the day they join to the day before they leave.
    """
    events, unread = duty.covered_events()
    yield from unread
    yield from _unclear_people(duty, events)
    for version, event in events:
        applies = applies_on(duty.sheets, version.rule.applies, event.day)
        if not applies:
            yield uncovered_answer(version, duty.key(event=event.key), applies)
            continue
        for subject in subjects_of(duty.sheets, version.rule):
            if subject.joined <= event.day and (not subject.leaves or event.day < subject.leaves):
                yield _judge(duty, version, event.day, subject, event)


def _unclear_people(duty: DutyAsOf, events: Iterable[JudgedEvent]) -> Iterable[Answer]:
    """An answer for each person whose row cannot be read: once for all events, under the latest
    version that judges (reading-semantics.md: Which rows are obligations)."""
    judging = {version.begins for version, _ in events} | {duty.version.begins}
    answered: set[tuple[str, int]] = set()
    for version in reversed(duty.versions):
        population = version.rule.population
        if version.begins in judging and population:
            for row, _ in subject_list(duty.sheets, population).unclear:
                if (population.register, row) not in answered:
                    yield duty.unread_row_answer(version, population, row)
                answered.add((population.register, row))


def judge_joinings(duty: DutyAsOf) -> Iterable[Answer]:
    """Every obligation of a person about their own joining, or being flagged."""
    joinings, unread = _covered_joinings(duty)
    yield from unread
    for version, day, subject in joinings:
        applies = applies_on(duty.sheets, version.rule.applies, day)
        if applies:
            yield _judge(duty, version, day, subject, None)
        else:
            yield uncovered_answer(version, duty.key(subject.key), applies)


def _covered_joinings(duty: DutyAsOf) -> tuple[list[_Joining], list[Answer]]:
    """The joinings that the duty covers, and an answer for each row that is unreadable. A person
    whose joining two versions cover counts as unreadable under both."""
    by_person: dict[str, list[_Joining]] = defaultdict(list)
    unread: list[Answer] = []
    for version in duty.versions:
        population = version.rule.population
        people = subject_list(duty.sheets, population) if population else SubjectList((), ())
        for joining in _joinings_under(duty, version, people):
            by_person[joining.subject.key].append(joining)
        for row, joined in people.unclear:
            # Without a day of joining, the row has one answer, under the version in force.
            judges = _joining_day(duty, version, joined) if joined else version is duty.version
            if judges:
                unread.append(duty.unread_row_answer(version, population, row))
    joinings: list[_Joining] = []
    for same_person in by_person.values():
        if len(same_person) == 1:
            joinings += same_person
        else:
            unread += [
                duty.unread_row_answer(version, version.rule.population, subject.row)
                for version, _, subject in same_person
            ]
    return joinings, unread


def _joinings_under(duty: DutyAsOf, version: Resolved, people: SubjectList) -> Iterable[_Joining]:
    """The joinings that one version covers."""
    for subject in people.covered:
        if day := _joining_day(duty, version, subject.joined):
            yield _Joining(version, day, subject)


def _joining_day(duty: DutyAsOf, version: Resolved, joined: date) -> date | None:
    """The day on which someone counts as joining: the day on which they ``joined``, or the duty's
    first day for those who were there by then, if the rule covers them. None if it does not, or if
    another version judges that day."""
    pattern = version.rule.pattern
    day = max(joined, duty.in_force_from)
    if duty.version_on(day) is not version or not isinstance(pattern, Triggered):
        return None
    return day if day == joined or pattern.already_there else None


def _judge(
    duty: DutyAsOf, version: Resolved, day: date, subject: Subject, event: Event | None
) -> Answer:
    """The answer on an obligation about an event of that ``day``, or about a joining on it if there
    is no ``event``. It is met by enough items that are dated from the first day of its window on,
    or from the earlier day from which the rule accepts them. It is met late if the last of those
    that it needs is after the deadline.
    """
    key = duty.key(subject.key, event.key if event else "")
    needed = _needed(duty, version, event)
    if needed is None:
        return make_answer(version, key, Status.CANNOT_TELL)
    window = _window(duty, version, day, subject)
    pattern = version.rule.pattern
    accepted_from = window.opens
    if isinstance(pattern, Triggered) and pattern.accepted_before:
        accepted_from = min(accepted_from, before(day, pattern.accepted_before))
    finder = duty.finder_of(version)
    items = finder.items(subject, event)
    counted = finder.once_each([item for item in items if item.day >= accepted_from])[:needed]
    done = Done(counted[-1].day, finder.refs(counted)) if len(counted) == needed else None
    last_done = items[-1].day if items else None
    return duty.event_answer(
        version, key, window, done, last_done, of_population=subject.of_population
    )


def _needed(duty: DutyAsOf, version: Resolved, event: Event | None) -> int | None:
    """How many items are needed; None where the event's own row should give the number, and the
    cell is blank, unreadable or not above zero (reading-semantics.md: Events)."""
    query = duty.finder_of(version).query
    listing = version.rule.events
    if query.needed_from is None or event is None or listing is None:
        return query.needed
    number = duty.sheets.of(listing.register).column(query.needed_from).value[event.row]
    return number if isinstance(number, int) and number > 0 else None


def _window(duty: DutyAsOf, version: Resolved, day: date, subject: Subject) -> WindowBounds:
    """The window for an event of that day. It opens no later than its deadline."""
    match version.rule.pattern:
        case BeforeEvent() as pattern:
            opens = opens_before(duty, pattern, day)
        case Triggered() as pattern:
            opens = before(day, pattern.early)
        case other:
            raise TypeError(other)
    own_deadline = _deadline(version, day, subject)
    deadline = duty.limit_deadline(
        version, own_deadline, lambda other: _deadline(other, day, subject)
    )
    assert deadline is not None  # Only a record may be without a deadline.
    return WindowBounds(min(opens, deadline), deadline)


def _deadline(version: Resolved, day: date, subject: Subject) -> date:
    """The deadline that a version gives an event of that day, or the member's own."""
    match version.rule.pattern:
        case BeforeEvent() as pattern:
            return before(day, pattern.by)
        case Triggered() as pattern:
            own_span = subject.member.within if subject.member else None
            return after(day, own_span or pattern.within)
        case other:
            raise TypeError(other)
