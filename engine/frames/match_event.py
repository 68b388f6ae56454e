"""Windows and matches of the patterns about events: triggered, before an event, completeness."""

from __future__ import annotations

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, all_of
from engine.columns.days import NO_DAY, Flags, Ints, add
from engine.frames.grid import Grid
from engine.frames.lists import UNREAD, event_days
from engine.frames.match import NOTHING_FOUND, Nth, last_days, nth, once_each, pairs
from engine.frames.scope import Scope
from rules.model import Version
from rules.patterns import BeforeEvent, Carried, Completeness, Triggered
from rules.span import Span
from rules.subject import FixedList

_YEAR = Span(12, "months")
_SAME_DAY = Span(0, "days")


def match_events(scope: Scope, number: int, table: Grid) -> Grid:
    """What was found for obligations of one version about events (semantics.md, Patterns 3 and
    4): the table with the columns of NOTHING_FOUND and ``met_rows``."""
    version = scope.version(number).version
    opens, deadline = _window(scope, number, table)
    found = pairs(scope, number, table)
    inside = found.only(found.day >= _accepted(version, table, opens)[found.ob])
    assert version.evidence is not None
    columns = scope.register(version.evidence.register)
    needed = _needed(scope, version, table)
    counted = once_each(columns, inside, version.evidence.distinct)
    done = nth(columns, counted, len(table), np.maximum(needed, 1))
    last = last_days(found, len(table))
    result = _outcome(scope, version, table, (opens, deadline), done, last)
    if (needed < 1).any():  # how many it takes cannot be read, so nothing can be told
        untold = {"state": UNREAD, "opens": NO_DAY, "deadline": NO_DAY}
        said = {name: np.where(needed < 1, put, result[name]) for name, put in untold.items()}
        return result.put(said)
    return result


def _needed(scope: Scope, version: Version, table: Grid) -> Ints:
    """How many items each obligation takes; 0 where its event's row should say and does not."""
    listed, query = version.events, version.evidence
    if query is None or query.needed_from is None or listed is None:
        return np.full(len(table), query.needed if query else 1, dtype=np.int64)
    values = scope.register(listed.register).values(query.needed_from)
    said = values[table.ints("event_row")]
    return np.array([each if isinstance(each, int) and each > 0 else 0 for each in said])


def match_records(scope: Scope, number: int, table: Grid) -> Grid:
    """What was found for records that must carry something (semantics.md, Pattern 6)."""
    version = scope.version(number).version
    pattern = version.pattern
    assert isinstance(pattern, Completeness)
    columns = scope.register(pattern.records.register)
    rows = table.ints("event_row")
    recorded = table.ints("event_day")
    agreed = _record_deadline(scope, pattern, table)[1]
    deadline = _clamped(scope, number, table)
    day = _done_on(columns, pattern, rows, recorded)
    day = np.where(day <= scope.as_of, day, NO_DAY)
    met = np.empty(len(rows), dtype=object)
    met[:] = [
        (row,) if done else () for row, done in zip(rows.tolist(), day != NO_DAY, strict=True)
    ]
    unknown = deadline == NO_DAY  # the date that the record carries cannot be read
    opens = np.where(unknown, NO_DAY, recorded)
    result = _outcome(scope, version, table, (opens, deadline), Nth(day, met), day)
    if unknown.any():
        result = result.put({"state": np.where(unknown, UNREAD, result["state"])})
    if agreed.any():
        result = result.put({"anchor": np.where(agreed, "re-agreed", result["anchor"])})
    return result


def _window(scope: Scope, number: int, table: Grid) -> tuple[Ints, Ints]:
    """When each window opens and its deadline."""
    pattern = scope.version(number).version.pattern
    event = table.ints("event_day")
    deadline = _clamped(scope, number, table)
    if isinstance(pattern, Triggered):
        return add(event, pattern.early or _SAME_DAY, -1), deadline
    assert isinstance(pattern, BeforeEvent)
    return np.minimum(_opens_before(scope, pattern, event), deadline), deadline


def _accepted(version: Version, table: Grid, opens: Ints) -> Ints:
    """The first day on which an item counts: that on which the window opens, or, where the rule
    accepts what was done before, so long before the event (semantics.md, Patterns, 3)."""
    pattern = version.pattern
    if not isinstance(pattern, Triggered) or pattern.accepted_before is None:
        return opens
    return np.minimum(opens, add(table.ints("event_day"), pattern.accepted_before, -1))


def _clamped(scope: Scope, number: int, table: Grid) -> Ints:
    """Each deadline under a version; where that would lie before the version's first day, that
    day, or the deadline under the version before if it had already passed (semantics.md, Versions
    and clocks)."""
    deadline = _deadline(scope, number, table)
    begins = scope.begins(number)
    early = (deadline < begins) & (deadline != NO_DAY)
    if number == 0 or not early.any():
        return deadline
    kinds = [type(scope.version(each).version.pattern) for each in (number, number - 1)]
    old = _clamped(scope, number - 1, table) if kinds[0] is kinds[1] else deadline * 0 + begins
    return np.where(early, np.where(old < begins, old, begins), deadline).astype(np.int64)


def _deadline(scope: Scope, number: int, table: Grid) -> Ints:
    version = scope.version(number).version
    pattern, event = version.pattern, table.ints("event_day")
    if isinstance(pattern, Triggered):
        return _within(version, pattern, table, event)
    if isinstance(pattern, BeforeEvent):
        return add(event, pattern.by or _SAME_DAY, -1)
    assert isinstance(pattern, Completeness)
    return _record_deadline(scope, pattern, table)[0]


def _within(version: Version, pattern: Triggered, table: Grid, event: Ints) -> Ints:
    """The deadline of each: the member's own span where the fixed list gives one."""
    deadline = add(event, pattern.within or _SAME_DAY)
    if isinstance(version.subjects, FixedList):
        for n, member in enumerate(version.subjects.members):
            if member.within is not None:
                mine = table["member"] == n
                deadline[mine] = add(event[mine], member.within)
    return deadline


def _opens_before(scope: Scope, pattern: BeforeEvent, event: Ints) -> Ints:
    """No earlier than a stated time before, or than the day after the previous event; without
    either, from the start."""
    start = np.full(len(event), scope.in_force, dtype=np.int64)
    opens = add(event, pattern.no_earlier, -1) if pattern.no_earlier else None
    if pattern.since_previous:
        days = event_days(scope, pattern.event)
        before = np.searchsorted(days, event, side="left") - 1
        known = np.where(before >= 0, days[before] + 1, start) if len(days) else start
        opens = known if opens is None else np.maximum(opens, known)
    return (start if opens is None else opens).astype(np.int64)


def _record_deadline(scope: Scope, pattern: Completeness, table: Grid) -> tuple[Ints, Flags]:
    """Each record's deadline (NO_DAY where what it carries cannot be read), and whether it is a
    re-agreed one."""
    columns = scope.register(pattern.records.register)
    rows = table.ints("event_row")
    never = np.zeros(len(rows), dtype=np.bool_)
    if pattern.deadline is None:
        recorded = table.ints("event_day")
        return add(recorded, pattern.within or _SAME_DAY), never
    carried: Carried = pattern.deadline
    due = columns.days(carried.due)[rows]
    if not (carried.re_agreed_to and carried.re_agreed_on):
        return due, never
    to, on = columns.days(carried.re_agreed_to)[rows], columns.days(carried.re_agreed_on)[rows]
    valid = (to != NO_DAY) & (on != NO_DAY) & (on <= due) & (on <= scope.as_of) & (due != NO_DAY)
    return np.where(valid, to, due).astype(np.int64), valid


def _carries_deadline(version: Version) -> bool:
    """Whether each record carries its own deadline, and so no grace leads to it."""
    return isinstance(version.pattern, Completeness) and version.pattern.deadline is not None


def _done_on(columns: Columns, pattern: Completeness, rows: Ints, recorded: Ints) -> Ints:
    """The day on which each record came to carry all that it must; NO_DAY where it does not."""
    whole = all_of(columns, pattern.asks)[rows] == TRUE
    day = recorded.copy() if not pattern.done_on else np.zeros(len(rows), dtype=np.int64)
    for name in pattern.done_on:
        whole &= columns.read(name)[rows]
        day = np.maximum(day, columns.days(name)[rows])
    return np.where(whole, day, NO_DAY).astype(np.int64)


def _outcome(
    scope: Scope,
    version: Version,
    table: Grid,
    window: tuple[Ints, Ints],
    done: Nth,
    last: Ints,
) -> Grid:
    opens, deadline = window
    ever = done.day != NO_DAY
    later = np.maximum(done.day, deadline)
    person = table.ints("subject_row") >= 0
    lapse = add(deadline, version.lapse) if version.lapse else None
    passed = (deadline < scope.records_begin) & (deadline != NO_DAY) & ~person
    said = NOTHING_FOUND | {
        "opens": opens,
        "deadline": deadline,
        "since": deadline,
        "enough_in_time": ever & (done.day <= deadline),
        "enough_late": ever,
        "late_days": np.where(ever, np.maximum(done.day - deadline, 0), 0),
        "before_records": passed & (not _carries_deadline(version)),
        "lapse_over": lapse < scope.as_of if lapse is not None else False,
        "year_over": ~person & (add(later, _YEAR) < scope.as_of),
        "anchor": "event",
        "anchor_day": table["event_day"],
        "last_done": last,
        "ever_done": last != NO_DAY,
        "met_rows": done.rows,
    }
    return table.put(said)
