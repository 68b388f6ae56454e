"""From a duty to its obligations: which subjects, events and records it asks about at D."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.applies import applies_on
from engine.calendar import NO_DAY, Ints
from engine.listing import (
    LIST_READ,
    READABLE,
    Listed,
    list_events,
    list_state,
    list_subjects,
)
from engine.scope import Scope
from rules.pattern import BeforeEvent, Completeness, Events, Joining, Triggered
from rules.subject import FixedList, Population


@dataclass(frozen=True, slots=True)
class Expansion:
    """The obligations of one duty, one a row of ``table``, before their windows and evidence.

    ``list_state`` says whether the lists of subjects and events could be read; where not,
    ``table`` has no rows. ``left_out`` counts, by reason, the listed rows that ask nothing.
    """

    list_state: int
    table: pd.DataFrame
    left_out: dict[str, int]


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


def frame(count: int, **said: object) -> pd.DataFrame:
    """An obligation table of ``count`` rows, with what is said of its columns."""
    columns = {name: said.get(name, value) for name, value in NOTHING_SAID.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(count))


def put(table: pd.DataFrame, columns: Mapping[str, object]) -> pd.DataFrame:
    """A copy of the table with these columns set, each to a value or to one value a row."""
    made = {name: pd.Series(value, index=table.index) for name, value in columns.items()}
    result: pd.DataFrame = table.assign(**made)
    return result


def expand(scope: Scope) -> Expansion:
    """The obligations that the duty makes at D, each with its subject, its event and the version
    that judges it (semantics.md, Subjects; Versions and clocks)."""
    version = scope.version(scope.current).version
    population = version.subjects if isinstance(version.subjects, Population) else None
    events = event_query(scope, scope.current)
    for listing in (population, events):
        if listing is not None:
            state = list_state(scope, listing)
            if state != LIST_READ:
                return Expansion(state, frame(0), {})
    subjects = list_subjects(scope, population) if population else None
    parts, left_out = _parts(scope, subjects, events is not None)
    return Expansion(LIST_READ, pd.concat(parts, ignore_index=True), left_out)


def event_query(scope: Scope, number: int) -> Events | None:
    """The events or records that a version lists, if it does."""
    pattern = scope.version(number).version.pattern
    if isinstance(pattern, Triggered) and isinstance(pattern.event, Events):
        return pattern.event
    if isinstance(pattern, BeforeEvent):
        return pattern.event
    return pattern.records if isinstance(pattern, Completeness) else None


def _parts(
    scope: Scope, subjects: Listed | None, has_events: bool
) -> tuple[list[pd.DataFrame], dict[str, int]]:
    parts, left_out = [], dict(subjects.left_out) if subjects else {}
    if subjects is not None:
        parts.append(_unread(subjects, "subject_row", scope.current))
    if not has_events:
        parts.append(_without_events(scope, subjects))
        both = pd.concat(parts, ignore_index=True)
        return [_joinings(scope, both, left_out) if _joins(scope) else both], left_out
    for number in range(len(scope.duty.versions)):
        query = event_query(scope, number)
        if query is not None:
            future = not isinstance(scope.version(number).version.pattern, Triggered)
            happened = list_events(scope, query, number, future)
            left_out.update(happened.left_out)
            parts.append(_unread(happened, "event_row", number))
            parts.append(_with_events(scope, number, subjects, happened))
    return parts, left_out


def _unread(listed: Listed, which: str, number: int) -> pd.DataFrame:
    """An obligation of its own for each listed row that cannot be read or is claimed twice."""
    odd = listed.state != READABLE
    rows = listed.rows[odd]
    said = {which: rows, "row": rows, "window": listed.register, "state": listed.state[odd]}
    return frame(len(rows), version=number, joined=listed.day[odd], **said)


def _readable(listed: Listed) -> pd.DataFrame:
    good = listed.state == READABLE
    return pd.DataFrame(
        {
            "key": listed.key[good],
            "rows": listed.rows[good],
            "day": listed.day[good],
            "until": listed.until[good],
        }
    )


def _joins(scope: Scope) -> bool:
    pattern = scope.version(scope.current).version.pattern
    return isinstance(pattern, Triggered) and isinstance(pattern.event, Joining)


def _without_events(scope: Scope, subjects: Listed | None) -> pd.DataFrame:
    """The office, the members of the fixed list, or each subject; with whether it applies on D."""
    if subjects is None:
        office = frame(1, version=scope.current, joined=scope.in_force)
        table = _members(scope, scope.current, office)
    else:
        there = _readable(subjects)
        table = frame(
            len(there),
            subject=there["key"].to_numpy(),
            subject_row=there["rows"].to_numpy(),
            joined=there["day"].to_numpy(),
            version=scope.current,
        )
    days = np.full(len(table), scope.as_of, dtype=np.int64)
    return _with_applies(scope, scope.current, table, days)


def _joinings(scope: Scope, table: pd.DataFrame, left_out: dict[str, int]) -> pd.DataFrame:
    """Each subject's joining as its event, judged by the version of that day and on that day."""
    joined = table["joined"].to_numpy(dtype=np.int64)
    day = np.where(joined == NO_DAY, NO_DAY, np.maximum(joined, scope.in_force))
    number = np.where(day == NO_DAY, scope.current, scope.versions_at(day))
    patterns = [each.version.pattern for each in scope.duty.versions]
    counts = np.array([isinstance(each, Triggered) and each.already_there for each in patterns])
    kept = (joined == NO_DAY) | (joined >= scope.in_force) | counts[number]
    if (~kept).any():
        left_out["there before it was in force"] = int((~kept).sum())
    asked: pd.DataFrame = table.assign(event_day=day, version=number)[kept]
    asked = asked.reset_index(drop=True)
    applies = asked["applies"].to_numpy(dtype=np.int64, copy=True)
    for each in set(asked["version"].tolist()):
        mine = ((asked["version"] == each) & (asked["state"] == READABLE)).to_numpy()
        days = asked["event_day"].to_numpy(dtype=np.int64)[mine]
        applies[mine] = applies_on(scope.columns, scope.version(each).version.applies, days)
    return put(asked, {"applies": applies})


def _with_events(
    scope: Scope, number: int, subjects: Listed | None, happened: Listed
) -> pd.DataFrame:
    """One obligation for each event and subject; an event that the condition leaves out, or of
    which that cannot be told, is one (semantics.md, Subjects)."""
    events = _readable(happened)
    days = events["day"].to_numpy(dtype=np.int64)
    bare = frame(
        len(events),
        event=events["key"].to_numpy(),
        event_row=events["rows"].to_numpy(),
        event_day=days,
        version=number,
    )
    table = _with_applies(scope, number, bare, days)
    asked = (table["applies"] == 2).to_numpy()
    each = (
        _members(scope, number, table[asked])
        if subjects is None
        else _crossed(table[asked], subjects)
    )
    return pd.concat([table[~asked], each], ignore_index=True)


def _crossed(table: pd.DataFrame, subjects: Listed) -> pd.DataFrame:
    """Each event with each subject that was there on its day."""
    both = table.merge(_readable(subjects), how="cross")
    there = (both["day"] <= both["event_day"]) & (both["event_day"] < both["until"])
    both = both[there].reset_index(drop=True)
    named = {"subject": "key", "subject_row": "rows", "joined": "day"}
    result = put(both, {to: both[given].to_numpy() for to, given in named.items()})
    kept: pd.DataFrame = result[list(table.columns)]
    return kept


def _members(scope: Scope, number: int, table: pd.DataFrame) -> pd.DataFrame:
    """One obligation for each member of the version's fixed list, if it has one."""
    subjects = scope.version(number).version.subjects
    if not isinstance(subjects, FixedList):
        return table
    return pd.concat(
        [table.assign(subject=each.id, member=n) for n, each in enumerate(subjects.members)],
        ignore_index=True,
    )


def _with_applies(scope: Scope, number: int, table: pd.DataFrame, days: Ints) -> pd.DataFrame:
    """The table with whether the duty applies to each obligation, on the day given for it."""
    asked = scope.version(number).version.applies
    return table.assign(applies=applies_on(scope.columns, asked, days))
