"""Deadlines and matches of the patterns that roll: rolling, and standing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.columns.days import NO_DAY, Flags, Ints, add
from engine.frames.grid import Grid, Texts, same
from engine.frames.lists import UNCLEAR_HOLDER
from engine.frames.match import NOTHING_FOUND, in_order, items_of, last_days, nth, pairs
from engine.frames.scope import Scope
from rules.patterns import Rolling, Standing
from rules.subject import FixedList, Population


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for each obligation: its ``deadline``, until when the last doing holds
    (``until``, NO_DAY if it never was done), the rows that say so, and from what the deadline was
    reckoned."""

    deadline: Ints
    until: Ints
    rows: Texts
    last_done: Ints
    anchor: Texts
    anchor_day: Ints


def match_rolling(scope: Scope, number: int, table: Grid) -> Grid:
    """What was found for rolling or standing obligations at D (semantics.md, Patterns 2 and 5)."""
    pattern = scope.version(number).version.pattern
    assert isinstance(pattern, Rolling | Standing)
    held = _clamped(scope, number, table)
    done = (held.until != NO_DAY) & (held.until >= scope.as_of)
    near = add(held.deadline, pattern.notice, -1) <= scope.as_of
    opens = np.maximum(table.ints("joined"), scope.in_force)
    said = NOTHING_FOUND | {
        "opens": opens,
        "deadline": held.deadline,
        "since": held.deadline,
        "next_deadline": held.deadline,
        "enough_in_time": done,
        "enough_late": done,
        "within_notice": near,
        "ever_done": held.last_done != NO_DAY,
        "last_done": held.last_done,
        "anchor": held.anchor,
        "anchor_day": held.anchor_day,
        "met_rows": held.rows,
    }
    return _without_holder(scope, number, table.put(said))


def _without_holder(scope: Scope, number: int, table: Grid) -> Grid:
    """The table, in which nothing can be told of a role of which it is unclear who holds it."""
    subjects = scope.version(number).version.subjects
    if isinstance(subjects, FixedList):
        odd = [
            n for n, each in enumerate(subjects.members) if items_of(scope, number, each).unclear
        ]
        unclear = np.isin(table["member"], odd)
    else:
        unclear = np.full(len(table), items_of(scope, number).unclear)
    if not unclear.any():
        return table
    untold = {"state": UNCLEAR_HOLDER, "opens": NO_DAY, "deadline": NO_DAY}
    return table.put({name: np.where(unclear, put, table[name]) for name, put in untold.items()})


def _clamped(scope: Scope, number: int, table: Grid) -> Held:
    """What holds under a version; where it would move a deadline to before its own first day,
    that day, or the old deadline if that had already passed (semantics.md, Versions and clocks)."""
    pattern = scope.version(number).version.pattern
    reckon = _rolling if isinstance(pattern, Rolling) else _standing
    held = reckon(scope, number, table)
    early = held.deadline < scope.begins(number)
    if number == 0 or not early.any():
        return held
    deadline = np.where(early, _moved(scope, number, table), held.deadline)
    anchor = np.where(early, "version", held.anchor)
    return replace(held, deadline=deadline, anchor=anchor)


def _moved(scope: Scope, number: int, table: Grid) -> Ints:
    """The first day of a version; where the one before had the deadline pass already, that one."""
    begins = scope.begins(number)
    moved = np.full(len(table), begins, dtype=np.int64)
    kinds = [type(scope.version(each).version.pattern) for each in (number, number - 1)]
    older, asked = _as_asked_before(scope, number, table)
    if kinds[0] is kinds[1] and asked.any():
        moved[asked] = np.minimum(_clamped(scope, number - 1, older.only(asked)).deadline, begins)
    return moved


def _as_asked_before(scope: Scope, number: int, table: Grid) -> tuple[Grid, Flags]:
    """The obligations as the version before lists them, and which of them it asks at all: the
    members of a fixed list go by their names, wherever they stand in it."""
    subjects, before = (scope.version(each).version.subjects for each in (number, number - 1))
    if not isinstance(before, FixedList):
        alike = isinstance(subjects, Population) == isinstance(before, Population)
        return table, np.full(len(table), alike, dtype=np.bool_)
    places = {member.id: place for place, member in enumerate(before.members)}
    members = np.array([places.get(name, -1) for name in table["subject"].tolist()], dtype=np.int64)
    return table.put({"member": members}), members >= 0


def _rolling(scope: Scope, number: int, table: Grid) -> Held:
    version = scope.version(number).version
    pattern, query = version.pattern, version.evidence
    assert isinstance(pattern, Rolling)
    assert query is not None
    found = pairs(scope, number, table)
    last = nth(scope.register(query.register), found, len(table), query.needed, latest=True)
    base = np.maximum(table.ints("joined"), scope.in_force)
    first = add(base, pattern.first or pattern.every)
    anchor = np.where(base > scope.in_force, "joined", "in force").astype(object)
    if pattern.first_deadline is not None:
        there = table.ints("joined") <= scope.in_force
        first = np.where(there, pattern.first_deadline.toordinal(), first)
        anchor[there] = "own day"
    until = add(last.day, pattern.every)
    again = until >= first
    return Held(
        deadline=np.maximum(first, until),
        until=until,
        rows=last.rows,
        last_done=last_days(found, len(table)),
        anchor=np.where(again & (last.day != NO_DAY), "last done", anchor),
        anchor_day=np.where(again & (last.day != NO_DAY), last.day, base),
    )


def _standing(scope: Scope, number: int, table: Grid) -> Held:
    version = scope.version(number).version
    pattern, query = version.pattern, version.evidence
    assert isinstance(pattern, Standing)
    assert query is not None
    found = pairs(scope, number, table)
    # The latest end serves; of equal ends the latest beginning, so order by beginning within end.
    found = in_order(scope.register(query.register), found, latest=True)
    best = found.only(np.lexsort((-found.until, found.ob)))
    best = best.only(np.unique(best.ob, return_index=True)[1])
    until = np.full(len(table), NO_DAY, dtype=np.int64)
    until[best.ob] = best.until
    rows = same((), len(table))
    for ob, item in zip(best.ob.tolist(), best.item.tolist(), strict=True):
        rows[ob] = (item,)
    start = np.maximum(table.ints("joined"), scope.in_force)
    lasts = until >= start
    return Held(
        deadline=np.maximum(start, until),
        until=until,
        rows=rows,
        last_done=last_days(found, len(table)),
        anchor=np.where(lasts & (until != NO_DAY), "end", "opened").astype(object),
        anchor_day=np.where(lasts & (until != NO_DAY), until, start),
    )
