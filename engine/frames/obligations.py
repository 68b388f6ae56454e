"""From a duty to its obligations: which subjects, events and records it asks about at D."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from engine.columns.days import NO_DAY, Ints
from engine.frames.applies import applies_on
from engine.frames.grid import Grid, joined
from engine.frames.lists import (
    CLAIMED_TWICE,
    LIST_READ,
    READABLE,
    SHEET_NOT_GIVEN,
    SHEET_UNREADABLE,
    Listed,
    list_events,
    list_state,
    list_subjects,
)
from engine.frames.scope import Scope
from engine.needs import Group, needed_registers, not_given, not_readable
from rules.patterns import BeforeEvent, Completeness, Events, Joining, Triggered
from rules.subject import FixedList, Population


@dataclass(frozen=True, slots=True)
class Expansion:
    """The obligations of one duty, one a row of ``table``, before their windows and evidence.

    ``list_state`` says whether the sheets that the duty needs were given and could be read, and
    whether its lists have rows; where not, ``table`` has no rows. ``left_out`` counts, by reason,
    the listed rows that ask nothing. ``lacking``: the registers that were not given, or cannot be
    read; of those in one group one would do.
    """

    list_state: int
    table: Grid
    left_out: dict[str, int]
    lacking: tuple[Group, ...] = ()


#: The columns of an obligation table, with what they hold where nothing is said. Row numbers and
#: ``member`` are -1 for none; ``row`` is that of a listed row that names no subject.
NOTHING_SAID: dict[str, object] = {
    "subject": "",
    "event": "",
    "window": "",
    "row": -1,
    "version": 0,
    "member": -1,
    "subject_row": -1,
    "event_row": -1,
    "joined": 0,
    "event_day": 0,
    "state": READABLE,
    "applies": 2,
}


def table_of(count: int, **said: object) -> Grid:
    """A table of ``count`` obligations, with what is said of its columns."""
    return Grid(count, {name: said.get(name, value) for name, value in NOTHING_SAID.items()})


def expand(scope: Scope) -> Expansion:
    """The obligations that the duty makes at D, each with its subject, its event and the version
    that judges it (semantics.md, Subjects; Versions and clocks)."""
    state, lacking = sheets_state(scope)
    if lacking:
        return Expansion(state, table_of(0), {}, lacking)
    for listing in (population(scope, scope.current), event_query(scope, scope.current)):
        if listing is not None:
            state = list_state(scope, listing)
            if state != LIST_READ:
                return Expansion(state, table_of(0), {})
    left_out: dict[str, int] = {}
    if event_query(scope, scope.current) is not None:
        parts = _of_events(scope, left_out)
    elif _joins(scope):
        parts = _of_joinings(scope, left_out)
    else:
        parts = _of_subjects(scope, left_out)
    return Expansion(LIST_READ, joined(parts), left_out)


def sheets_state(scope: Scope) -> tuple[int, tuple[Group, ...]]:
    """Whether the sheets that the duty needs, by the versions begun by D, were given and can be
    read, and which were not, or cannot (semantics.md, An obligation's status: not assessed)."""
    begun = [scope.version(number).version for number in range(scope.current + 1)]
    tables = {name: each.table for name, each in scope.columns.items()}
    groups = needed_registers(begun, {name: each.register for name, each in tables.items()})
    absent = not_given(groups, tables)
    if absent:
        return SHEET_NOT_GIVEN, absent
    unread = not_readable(groups, tables)
    return (SHEET_UNREADABLE if unread else LIST_READ), unread


def population(scope: Scope, number: int) -> Population | None:
    """The population that a version asks, if it asks one."""
    subjects = scope.version(number).version.subjects
    return subjects if isinstance(subjects, Population) else None


def event_query(scope: Scope, number: int) -> Events | None:
    """The events or records that a version lists, if it does."""
    pattern = scope.version(number).version.pattern
    if isinstance(pattern, Triggered) and isinstance(pattern.event, Events):
        return pattern.event
    if isinstance(pattern, BeforeEvent):
        return pattern.event
    return pattern.records if isinstance(pattern, Completeness) else None


def _of_events(scope: Scope, left_out: dict[str, int]) -> list[Grid]:
    """One obligation for each event and subject, by the version of each event's day."""
    parts, unread = [], []
    for number, happened in _apart(_all_events(scope)).items():
        people = population(scope, number)
        subjects = list_subjects(scope, people) if people else None
        _add(left_out, happened.left_out)
        parts += [_unread(happened, "event_row", number)]
        parts += [_with_events(scope, number, subjects, happened)]
        asks = number == scope.current or bool((happened.state == READABLE).any())
        unread += [_unread(subjects, "subject_row", number)] if subjects and asks else []
    if unread:  # a person whose row is unread is one obligation, of the latest version that asks
        parts.append(_last_of_each(joined(unread)))
    return parts


def _last_of_each(table: Grid) -> Grid:
    """Of the obligations of one listed row the last."""
    rows = zip(table.cells("window"), table.cells("row"), strict=True)
    last = {row: at for at, row in enumerate(rows)}
    return table.only(np.array(sorted(last.values()), dtype=np.int64))


def _all_events(scope: Scope) -> dict[int, Listed]:
    """The events that each version lists and judges."""
    found = {}
    for number in range(scope.current + 1):
        query = event_query(scope, number)
        if query is not None:
            future = not isinstance(scope.version(number).version.pattern, Triggered)
            found[number] = list_events(scope, query, number, future)
    return found


def _apart(lists: dict[int, Listed]) -> dict[int, Listed]:
    """The lists, with rows of different versions' lists that claim one key marked as such."""
    claimed = np.concatenate([each.claimed for each in lists.values()]).astype(str)
    names, counts = np.unique(claimed, return_counts=True)
    often = set(names[counts > 1].tolist())
    return {number: _marked(listed, often) for number, listed in lists.items()}


def _marked(listed: Listed, often: set[str]) -> Listed:
    twice = np.array([key in often for key in listed.key], dtype=np.bool_)
    state = np.where((listed.state == READABLE) & twice, CLAIMED_TWICE, listed.state)
    return replace(listed, state=state)


def _of_joinings(scope: Scope, left_out: dict[str, int]) -> list[Grid]:
    """Each subject's joining as its event, by the version of that day."""
    parts = []
    for number in range(scope.current + 1):
        people = population(scope, number)
        if people is not None and _joins_under(scope, number):
            subjects = list_subjects(scope, people)
            _add(left_out, subjects.left_out)
            both = [_unread(subjects, "subject_row", number), _each(number, subjects)]
            parts.append(_joinings(scope, number, joined(both), left_out))
    return [_claimed_twice(scope, joined(parts))]


def _of_subjects(scope: Scope, left_out: dict[str, int]) -> list[Grid]:
    """The office, the members of the fixed list, or each subject, by the version on D."""
    number, people = scope.current, population(scope, scope.current)
    if people is None:
        office = table_of(1, version=number, joined=scope.in_force)
        return [_on_the_day(scope, _members(scope, number, office))]
    subjects = list_subjects(scope, people)
    _add(left_out, subjects.left_out)
    each = _on_the_day(scope, _each(number, subjects))
    return [_unread(subjects, "subject_row", number), each]


def _add(left_out: dict[str, int], more: dict[str, int]) -> None:
    for reason, count in more.items():
        if count:
            left_out[reason] = max(count, left_out.get(reason, 0))


def _claimed_twice(scope: Scope, table: Grid) -> Grid:
    """The joinings, where no two rows claim one person through the lists of different versions:
    those that do cannot be told."""
    readable = np.asarray(table["state"] == READABLE)
    names = table["subject"]
    times = Counter(names[readable].tolist())
    twice = readable & np.array([times[name] > 1 for name in names.tolist()], dtype=np.bool_)
    if not twice.any():
        return table
    people = population(scope, scope.current)
    odd = table.only(twice)
    said = {"subject": "", "applies": 2, "state": CLAIMED_TWICE}
    said |= {"window": people.register if people else "", "row": odd["subject_row"]}
    return joined([table.only(~twice), odd.put(said)])


def _unread(listed: Listed, which: str, number: int) -> Grid:
    """An obligation of its own for each listed row that cannot be read or is claimed twice."""
    odd = listed.state != READABLE
    rows = listed.rows[odd]
    said = {which: rows, "row": rows, "window": listed.register, "state": listed.state[odd]}
    return table_of(len(rows), version=number, joined=listed.day[odd], **said)


def _readable(listed: Listed) -> Grid:
    columns = {
        "key": listed.key,
        "rows": listed.rows,
        "day": listed.day,
        "until": listed.until,
    }
    return Grid(len(listed.rows), columns).only(listed.state == READABLE)


def _joins(scope: Scope) -> bool:
    return _joins_under(scope, scope.current)


def _joins_under(scope: Scope, number: int) -> bool:
    pattern = scope.version(number).version.pattern
    return isinstance(pattern, Triggered) and isinstance(pattern.event, Joining)


def _each(number: int, subjects: Listed) -> Grid:
    """One obligation for each subject that can be read."""
    there = _readable(subjects)
    return table_of(
        len(there),
        subject=there["key"],
        subject_row=there["rows"],
        joined=there["day"],
        version=number,
    )


def _on_the_day(scope: Scope, table: Grid) -> Grid:
    """The table with whether the duty applies on D."""
    days = np.full(len(table), scope.as_of, dtype=np.int64)
    return _with_applies(scope, scope.current, table, days)


def _joinings(scope: Scope, number: int, table: Grid, left_out: dict[str, int]) -> Grid:
    """The joinings that a version judges; a day that is unknown is judged by the one on D."""
    began = table.ints("joined")
    day = np.where(began == NO_DAY, NO_DAY, np.maximum(began, scope.in_force))
    mine = np.where(day == NO_DAY, scope.current, scope.versions_at(day)) == number
    pattern = scope.version(number).version.pattern
    before = (began != NO_DAY) & (began < scope.in_force)
    if isinstance(pattern, Triggered) and not pattern.already_there:
        _add(left_out, {"there before it was in force": int((mine & before).sum())})
        mine &= ~before
    asked = table.put({"event_day": day}).only(mine)
    judged = _with_applies(scope, number, asked, asked.ints("event_day"))
    return judged.put({"applies": np.where(asked["state"] == READABLE, judged["applies"], 2)})


def _with_events(scope: Scope, number: int, subjects: Listed | None, happened: Listed) -> Grid:
    """One obligation for each event and subject; an event that the condition leaves out, or of
    which that cannot be told, is one (semantics.md, Subjects)."""
    events = _readable(happened)
    days = events.ints("day")
    bare = table_of(
        len(events),
        event=events["key"],
        event_row=events["rows"],
        event_day=days,
        version=number,
    )
    table = _with_applies(scope, number, bare, days)
    applies = np.asarray(table["applies"] == 2)
    asked = table.only(applies)
    each = _members(scope, number, asked) if subjects is None else _crossed(asked, subjects)
    return joined([table.only(~applies), each])


def _crossed(table: Grid, subjects: Listed) -> Grid:
    """Each event with each subject that was there on its day."""
    people = _readable(subjects)
    event = np.repeat(np.arange(len(table)), len(people))
    person = np.tile(np.arange(len(people)), len(table))
    day = table.ints("event_day")[event]
    there = (people.ints("day")[person] <= day) & (day < people.ints("until")[person])
    who = people.only(person[there])
    named = {"subject": "key", "subject_row": "rows", "joined": "day"}
    return table.only(event[there]).put({to: who[given] for to, given in named.items()})


def _members(scope: Scope, number: int, table: Grid) -> Grid:
    """One obligation for each member of the version's fixed list, if it has one."""
    subjects = scope.version(number).version.subjects
    if not isinstance(subjects, FixedList):
        return table
    each = (table.put({"subject": m.id, "member": n}) for n, m in enumerate(subjects.members))
    return joined(list(each))


def _with_applies(scope: Scope, number: int, table: Grid, days: Ints) -> Grid:
    """The table with whether the duty applies to each obligation, on the day given for it."""
    asked = scope.version(number).version.applies
    return table.put({"applies": applies_on(scope.columns, asked, days)})
