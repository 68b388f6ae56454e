"""Which events and records ask something, and which rows cannot be told (semantics.md, Evidence;
Subjects; Versions and clocks)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.outcome import Answer
from engine.plain.case import Case, cannot_tell
from engine.plain.lists import Event, Listed, events_of, listed, roll_of, shared_keys
from rules.pattern import Triggered
from rules.resolve import Resolved
from rules.subject import Population

Judged = tuple[Resolved, Event]  # an event, after the version that judges it


def events_asked(case: Case) -> tuple[list[Judged], list[Answer]]:
    """The events or records of which something is asked, and an answer for each row of which
    nothing can be told.

    An event is listed by the version of its own day, or by that of the as-of date if it is to
    come or its day cannot be read. Two rows with one key could each be meant by an item that
    names it, so nothing can be told of either.
    """
    rows = list(_rows(case))
    shared = {version.begins: shared_keys(_all_rows(case, version)) for version in case.versions}
    across = shared_keys([each for _, each in rows])
    clear: list[Judged] = []
    unclear: list[Answer] = []
    for version, each in rows:
        key, day = each.key, each.day
        if day is not None and _asks_nothing(case, version, day):
            continue
        alone = key not in shared[version.begins] and key not in across
        if each.certain and day is not None and key is not None and alone:
            clear.append((version, Event(each.row, key, day)))
        else:
            listing = events_of(version.version.pattern)
            row = case.key_of_row(listing.register if listing else "", each.row)
            unclear.append(cannot_tell(version, row))
    return clear, unclear


def _rows(case: Case) -> Iterable[tuple[Resolved, Listed]]:
    """Each listed row once, with the version that judges it."""
    for version in case.versions:
        for each in _all_rows(case, version):
            judge = case.now if each.day is None else case.version_on(each.day)
            if judge.begins == version.begins:
                yield version, each


def _all_rows(case: Case, version: Resolved) -> Sequence[Listed]:
    """Every row that a version's selection takes, or might take, whatever its day."""
    events = events_of(version.version.pattern)
    return listed(case.sheets, events) if events else ()


def _asks_nothing(case: Case, version: Resolved, day: date) -> bool:
    """Whether the event was before the duty was in force, or has yet to trigger it."""
    to_come = isinstance(version.version.pattern, Triggered) and day > case.as_of
    return day < case.in_force or to_come


def unclear_people(case: Case, events: Iterable[Judged]) -> Iterable[Answer]:
    """An answer for each row of a population of which nothing can be told, once for all events;
    by the latest version that asks that population."""
    used = {version.begins: version for version in (case.now, *(each for each, _ in events))}
    told: set[tuple[str, int]] = set()
    for _, version in sorted(used.items(), key=lambda pair: pair[0], reverse=True):
        subjects = version.version.subjects
        if not isinstance(subjects, Population) or not events_of(version.version.pattern):
            continue
        for each in roll_of(case.sheets, subjects).unclear:
            row = subjects.register, each.row
            if row not in told:
                told.add(row)
                yield cannot_tell(version, case.key_of_row(*row))
