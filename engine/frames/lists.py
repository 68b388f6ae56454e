"""The rows that list subjects, events and records, and whether the duty applies on a day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd

from engine.columns.arrays import AllColumns, Columns, Texts
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of, listed
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints
from engine.columns.named_rows import named_anywhere
from engine.columns.nil_returns import nil_return_covers
from engine.decision.observations import Applying, ListState
from engine.frames.schema import EVENTS, LISTED, Names, made
from engine.frames.scope import Scope
from engine.obligation import SubjectState
from evidence.cells.silence import says_nothing
from evidence.table import CellState
from rules import condition as asks
from rules.patterns import Events
from rules.subject import Population


class LeftOut(IntEnum):
    """Why a listed event asks nothing; the first reason that holds."""

    NO = 0
    CANCELLED = 1
    NO_DAY_YET = 2
    NOT_IN_FORCE = 3
    TO_COME = 4


#: Why a planned event without a day asks nothing, in words.
NO_DAY_YET = "without a day yet"
#: The same of each reason.
LEFT_OUT = {
    LeftOut.CANCELLED: "cancelled",
    LeftOut.NO_DAY_YET: NO_DAY_YET,
    LeftOut.NOT_IN_FORCE: "before it was in force",
    LeftOut.TO_COME: "still to come",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list of subjects that are asked at D (a frame LISTED), and how many ask
    nothing, by the reason."""

    rows: pd.DataFrame
    left_out: dict[str, int]


def list_state(scope: Scope, listing: asks.Listing) -> ListState:
    """Whether the list has rows, or may fairly be empty (semantics.md, An obligation's status at D:
    cannot tell; Nil return)."""
    columns = scope.register(listing.register)
    if bool((listed(columns, listing.asks) != FALSE).any()) or listing.empty == "fair":
        return ListState.READ
    if listing.nil_return and nil_return_covers(scope.columns, listing.nil_return, scope.as_of):
        return ListState.READ
    return ListState.EMPTY


def list_subjects(columns: Columns, population: Population, names: Names, as_of: int) -> Listed:
    """The subjects of a population at D (semantics.md, Subjects: asked from the day they join to
    the day before they leave)."""
    truth = listed(columns, population.asks)
    joins, until = columns.days(population.joins), _until(columns, population.leaves)
    key, key_read = _keys(columns)
    unread = (truth != TRUE) | ~key_read | ~columns.read(population.joins)
    joined = joins
    if population.flagged:
        flagged_read = columns.read(population.flagged)
        unread |= ~flagged_read
        joined = np.maximum(joins, columns.days(population.flagged))
        joined = np.where((joins == NO_DAY) | ~flagged_read, NO_DAY, joined)
    claims = (truth == TRUE) & key_read & columns.read(population.joins)
    state = _states(unread, _overlapping(key, joins, until, claims))
    asked = np.asarray(truth != FALSE)
    left_out: dict[str, int] = {}
    for reason, out in _reasons(columns, population, until, as_of).items():
        if (asked & out).any():
            left_out[reason] = int((asked & out).sum())
        asked &= ~out
    rows = np.flatnonzero(asked).astype(np.int64)
    numbers = names.column(columns, _key_name(columns))
    said = {"key": numbers, "day": joined, "until": until, "state": state}
    taken = {name: values[rows] for name, values in said.items()}
    return Listed(made(LISTED, len(rows), row=rows, **taken), left_out)


def _reasons(columns: Columns, population: Population, until: Ints, as_of: int) -> dict[str, Flags]:
    """The subjects who are not asked at D, by the reason."""
    joins = population.joins
    reasons = {
        "not joined yet": columns.read(joins) & (columns.days(joins) > as_of),
        "left": np.asarray(until <= as_of),
    }
    if population.flagged:
        name = population.flagged
        later = columns.read(name) & (columns.days(name) > as_of)
        reasons["not flagged"] = (columns.state(name) == CellState.NOTHING) | later
    return reasons


def list_events(columns: Columns, events: Events, names: Names) -> pd.DataFrame:
    """The rows that may be events of a list, whichever version judges them (a frame EVENTS): not
    those that the list does not take. See obligations for those that are not asked about."""
    truth = listed(columns, events.asks)
    cancelled = _cancelled(columns, events.cancelled)
    key, key_read = _keys(columns)
    dated = columns.read(events.dated)
    claims = np.asarray((truth == TRUE) & (cancelled == FALSE) & key_read & dated)
    no_day = planned_without_day(columns, events) & ~_named(columns, events)
    reason = np.where(no_day, LeftOut.NO_DAY_YET, LeftOut.NO)
    rows = np.flatnonzero(truth != FALSE).astype(np.int64)
    said = {
        "key": names.column(columns, _key_name(columns)),
        "day": columns.days(events.dated),
        "state": _states(~claims, claims & _repeated(key, claims)),
        "claims": claims,
        "dated": dated,
        "reason": np.where(cancelled == TRUE, LeftOut.CANCELLED, reason),
    }
    return made(EVENTS, len(rows), row=rows, **{name: each[rows] for name, each in said.items()})


def planned_without_day(columns: Columns, events: Events) -> Flags:
    """Which rows hold a planned event whose day is blank or a word that says nothing (semantics.md,
    Evidence: A planned event)."""
    if not columns.table.register.column(events.dated).planned:
        return np.zeros(len(columns), dtype=np.bool_)
    state, raw = columns.state(events.dated), columns.table.columns[events.dated].raw
    silent = np.array([says_nothing(text) for text in raw], dtype=np.bool_)
    blank = (state == CellState.NOTHING) | (state == CellState.BLANK)
    return np.asarray(blank | ((state == CellState.UNREADABLE) & silent))


def _named(columns: Columns, events: Events) -> Flags:
    """Which of the planned events without a day another row names as held."""
    asked = planned_without_day(columns, events)
    if not asked.any():
        return asked
    key, read = _keys(columns)
    named = named_anywhere(columns)
    return asked & read & np.array([value in named for value in key.tolist()], dtype=np.bool_)


def event_days(columns: Columns, events: Events) -> Ints:
    """The days of every event taken and not cancelled, in order, also before the in-force day."""
    taken = (listed(columns, events.asks) == TRUE) & columns.read(events.dated)
    taken &= _cancelled(columns, events.cancelled) == FALSE
    return np.unique(columns.days(events.dated)[taken])


def _states(unread: Flags, twice: Flags) -> Ints:
    said = np.where(twice, SubjectState.CLAIMED_TWICE, SubjectState.READABLE)
    return np.where(unread, SubjectState.UNREAD, said).astype(np.int64)


def _key_name(columns: Columns) -> str:
    name = columns.table.register.key
    if name is None:  # refused by rules.lint.all: what lists has a key
        raise ValueError(f"register {columns.table.register.id} has no key")
    return name


def _keys(columns: Columns) -> tuple[Texts, Flags]:
    return columns.values(_key_name(columns)), columns.read(_key_name(columns))


def _until(columns: Columns, name: str | None) -> Ints:
    """The day of leaving; an unreadable one reads as not left (semantics.md, Evidence)."""
    if name is None:
        return np.full(len(columns), FOR_EVER, dtype=np.int64)
    days = columns.days(name)
    return np.where(days == NO_DAY, FOR_EVER, days).astype(np.int64)


def _cancelled(columns: Columns, name: str | None) -> Truth:
    """Whether each row is marked as cancelled: blank where that means nothing is 'no'."""
    result: Truth = np.full(len(columns), FALSE, dtype=np.int8)
    if name is None:
        return result
    state = columns.state(name)
    yes = np.array([value is True for value in columns.values(name)], dtype=np.bool_)
    result[(state != CellState.READ) & (state != CellState.NOTHING)] = UNKNOWN
    result[(state == CellState.READ) & yes] = TRUE
    return result


def _repeated(key: Texts, claims: Flags) -> Flags:
    """Which rows share their key with another row that claims it."""
    names, counts = np.unique(np.array([str(each) for each in key[claims]]), return_counts=True)
    often = set(names[counts > 1].tolist())
    return np.array([each in often for each in key], dtype=np.bool_)


def _overlapping(key: Texts, joins: Ints, until: Ints, claims: Flags) -> Flags:
    """Which rows claim a subject for days that another row claims too."""
    twice = np.zeros(len(key), dtype=np.bool_)
    rows = np.flatnonzero(claims & _repeated(key, claims) & (joins < until))
    spells = sorted((str(key[row]), int(joins[row]), int(until[row]), int(row)) for row in rows)
    latest: tuple[str, int, int] = ("", 0, -1)
    for name, start, end, row in spells:
        if name == latest[0] and start < latest[1]:
            twice[[row, latest[2]]] = True
        if name != latest[0] or end > latest[1]:
            latest = (name, end, row)
    return twice


def applies_on(columns: AllColumns, applies: asks.Applies | None, days: Ints) -> Ints:
    """For each day whether the duty applies: at least one row of a register is in place on it
    (semantics.md, Subjects: a condition on an event's duty is judged on the event's day; otherwise
    on D)."""
    if applies is None:
        return np.full(len(days), Applying.YES, dtype=np.int64)
    register = columns[applies.register]
    if not register.table.found:
        return np.full(len(days), Applying.UNKNOWN, dtype=np.int64)
    answers = {day: _on(register, applies, day) for day in set(days.tolist())}
    return np.array([answers[day] for day in days.tolist()], dtype=np.int64)


def _on(register: Columns, applies: asks.Applies, day: int) -> int:
    truth = all_of(register, applies.asks).copy()
    if applies.ends:
        ends = register.days(applies.ends)
        truth[np.where(ends == NO_DAY, FOR_EVER, ends) <= day] = FALSE
    if applies.begins:
        read, begins = register.read(applies.begins), register.days(applies.begins)
        truth[read & (begins > day)] = FALSE
        truth[~read] = np.minimum(truth[~read], UNKNOWN)
    return int(truth.max(initial=FALSE))
