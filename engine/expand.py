"""From a duty to its obligations: which subjects, events and records it asks about at D."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.applies import applies_on
from engine.calendar import Flags
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
    table = pd.concat(parts, ignore_index=True) if parts else frame(0)
    return Expansion(LIST_READ, _judged(scope, table), left_out)


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
        parts.append(_without_events(scope, subjects, left_out))
        return parts, left_out
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
    return frame(len(rows), version=number, **said)


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


def _without_events(
    scope: Scope, subjects: Listed | None, left_out: dict[str, int]
) -> pd.DataFrame:
    pattern = scope.version(scope.current).version.pattern
    if subjects is None:
        table = _members(scope, scope.current, frame(1, version=scope.current))
        return table.assign(joined=scope.in_force)
    there = _readable(subjects)
    table = frame(
        len(there),
        subject=there["key"].to_numpy(),
        subject_row=there["rows"].to_numpy(),
        joined=there["day"].to_numpy(),
        version=scope.current,
    )
    if isinstance(pattern, Triggered) and isinstance(pattern.event, Joining):
        return _joinings(scope, table, left_out)
    return table


def _joinings(scope: Scope, table: pd.DataFrame, left_out: dict[str, int]) -> pd.DataFrame:
    """Each subject's joining as its event, judged by the version of that day."""
    day = table["joined"].to_numpy(dtype=np.int64)
    number = scope.versions_at(np.maximum(day, scope.in_force))
    patterns = [each.version.pattern for each in scope.duty.versions]
    counts = np.array([isinstance(each, Triggered) and each.already_there for each in patterns])
    before = day < scope.in_force
    kept = ~before | counts[number]
    if (~kept).any():
        left_out["there before it was in force"] = int((~kept).sum())
    event_day = np.maximum(day, scope.in_force)
    return table.assign(event_day=event_day, version=number)[kept]


def _with_events(
    scope: Scope, number: int, subjects: Listed | None, happened: Listed
) -> pd.DataFrame:
    events = _readable(happened)
    table = frame(
        len(events),
        event=events["key"].to_numpy(),
        event_row=events["rows"].to_numpy(),
        event_day=events["day"].to_numpy(),
        version=number,
    )
    if subjects is None:
        return _members(scope, number, table)
    crossed = table.merge(_readable(subjects), how="cross")
    asked = (crossed["day"] <= crossed["event_day"]) & (crossed["event_day"] < crossed["until"])
    crossed = crossed[asked].reset_index(drop=True)
    named = {"subject": "key", "subject_row": "rows", "joined": "day"}
    result = put(crossed, {to: crossed[given].to_numpy() for to, given in named.items()})
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


def _judged(scope: Scope, table: pd.DataFrame) -> pd.DataFrame:
    """The table with whether the duty applies to each obligation, on its event's day or on D."""
    has_event = table["event_row"].to_numpy() >= 0
    day = np.where(has_event, table["event_day"].to_numpy(), scope.as_of).astype(np.int64)
    applies = np.full(len(table), 2, dtype=np.int64)
    for number in set(table["version"].tolist()):
        mine = (table["version"] == number).to_numpy() & (table["state"] == READABLE).to_numpy()
        asked = scope.version(number).version.applies
        applies[mine] = applies_on(scope.columns, asked, day[mine])
    return _once_left_out(table.assign(applies=applies), has_event & (applies == 0))


def _once_left_out(table: pd.DataFrame, out: Flags) -> pd.DataFrame:
    """An event that the condition leaves out is one obligation, however many subjects there are
    (semantics.md, Subjects)."""
    once = table[out].drop_duplicates("event_row").assign(subject="", member=-1, subject_row=-1)
    return pd.concat([table[~out], once], ignore_index=True)
