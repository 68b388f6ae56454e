"""The rows that list subjects, events and records, and whether the duty applies on a day
(reading-semantics.md: Which rows are obligations)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.arrays import AllColumns, Columns, Texts
from engine.columns.conditions import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    all_of,
    known,
    listed,
    named_anywhere,
)
from engine.columns.days import Flags, Ints
from engine.columns.nil_returns import nil_return_covers
from engine.day_number import FOR_EVER, NO_DAY
from engine.decision.codes import Applying, ListState
from engine.frames.schema import LISTED, Names, make_frame
from engine.frames.scope import Scope
from engine.obligation import LeftOut, SubjectState
from evidence.cells.silence import says_nothing
from evidence.table import CellState
from rules.condition import Applies, Listing
from rules.patterns import Events
from rules.subject import Population


def list_state(scope: Scope, listing: Listing) -> ListState:
    """Whether the list has rows, or is empty and may be (semantics.md: An obligation's status at
    D)."""
    columns = scope.register(listing.register)
    nil = listing.nil_return
    if listing.empty == "fair" or bool((listed(columns, listing.asks) != FALSE).any()):
        return ListState.READ
    covered = nil is not None and nil_return_covers(scope.columns, nil, scope.as_of_day)
    return ListState.READ if covered else ListState.EMPTY


def list_subjects(
    columns: Columns, population: Population, names: Names, as_of_day: int
) -> pd.DataFrame:
    """The subjects of a population at D, from the day they join to the day before they leave: a
    frame LISTED (semantics.md: Subjects)."""
    truth = listed(columns, population.asks)
    joins = columns.days(population.joins)
    leaves = _leaving_days(columns, population.leaves)
    key = columns.values(_key_name(columns))
    key_read = columns.read(_key_name(columns))
    dated = columns.read(population.joins)
    claims = np.asarray((truth == TRUE) & key_read & dated)
    readable, joined = claims, joins
    reasons = {
        LeftOut.NOT_JOINED_YET: dated & (joins > as_of_day),
        LeftOut.LEFT: leaves <= as_of_day,
    }
    if population.flagged:
        flagged = columns.days(population.flagged)
        read = columns.read(population.flagged)
        readable = claims & read
        joined = np.where((joins == NO_DAY) | ~read, NO_DAY, np.maximum(joins, flagged))
        nothing = columns.state(population.flagged) == CellState.NOTHING
        reasons[LeftOut.NOT_FLAGGED] = nothing | (read & (flagged > as_of_day))
    return _listed(
        columns,
        names,
        truth,
        day=joined,
        leaves=leaves,
        state=_states(readable, _overlapping(key, joins, leaves, claims)),
        reason=np.select(list(reasons.values()), list(reasons), LeftOut.NO),
    )


def list_events(columns: Columns, events: Events, names: Names) -> pd.DataFrame:
    """The rows that are or may be events of a list, whichever version judges them: a frame LISTED.
    The module obligations leaves out those before the in-force day or after D."""
    truth = listed(columns, events.asks)
    cancelled = _cancelled(columns, events.cancelled)
    key = columns.values(_key_name(columns))
    key_read = columns.read(_key_name(columns))
    dated = columns.read(events.dated)
    claims = np.asarray((truth == TRUE) & (cancelled == FALSE) & key_read & dated)
    no_day = planned_without_day(columns, events) & ~_named_elsewhere(columns, events)
    return _listed(
        columns,
        names,
        truth,
        day=columns.days(events.dated),
        state=_states(claims, _repeated(key, claims)),
        claims=claims,
        dated=dated,
        reason=np.select(
            [cancelled == TRUE, no_day], [LeftOut.CANCELLED, LeftOut.WITHOUT_A_DAY_YET], LeftOut.NO
        ),
    )


def _listed(columns: Columns, names: Names, truth: Truth, **by_row: Ints | Flags) -> pd.DataFrame:
    """The rows that the list takes or may take (a frame LISTED), with these columns of them."""
    rows = np.flatnonzero(truth != FALSE)
    keys = names.column(columns, _key_name(columns))[rows]
    values = {name: column[rows] for name, column in by_row.items()}
    return make_frame(LISTED, len(rows), row=rows, key=keys, **values)


def _states(readable: Flags, twice: Flags) -> Ints:
    states = [SubjectState.UNREAD, SubjectState.CLAIMED_TWICE]
    return np.select([~readable, twice], states, SubjectState.READABLE)


def planned_without_day(columns: Columns, events: Events) -> Flags:
    """Which rows are planned events whose day is blank or a word that says nothing
    (semantics.md: Evidence)."""
    if not columns.table.register.column(events.dated).planned:
        return np.zeros(len(columns), dtype=np.bool_)
    raw = columns.table.columns[events.dated].raw
    silent = np.array([says_nothing(text) for text in raw], dtype=np.bool_)
    unreadable = columns.state(events.dated) == CellState.UNREADABLE
    return np.asarray(columns.blank(events.dated) | (unreadable & silent))


def _named_elsewhere(columns: Columns, events: Events) -> Flags:
    """Which of the planned events without a day are named as held by another row."""
    planned = planned_without_day(columns, events)
    if not planned.any():
        return planned
    name = _key_name(columns)
    named = named_anywhere(columns)
    return planned & columns.read(name) & columns.passing(name, lambda value: value in named)


def event_days(columns: Columns, events: Events) -> Ints:
    """The days of every event on the list that was not cancelled, in order. Days before the
    in-force day are included."""
    on_list = (listed(columns, events.asks) == TRUE) & columns.read(events.dated)
    on_list &= _cancelled(columns, events.cancelled) == FALSE
    return np.unique(columns.days(events.dated)[on_list])


def _key_name(columns: Columns) -> str:
    name = columns.table.register.key
    assert name is not None  # rules.lint.all: a register that lists has a key
    return name


def _leaving_days(columns: Columns, name: str | None) -> Ints:
    """The day of leaving; an unreadable one reads as not left (semantics.md: Evidence)."""
    days = columns.days(name) if name else np.full(len(columns), NO_DAY, dtype=np.int64)
    return np.where(days == NO_DAY, FOR_EVER, days)


def _cancelled(columns: Columns, name: str | None) -> Truth:
    """Whether each row is marked as cancelled: blank where that means nothing is 'no'."""
    if name is None:
        return np.full(len(columns), FALSE, dtype=np.int8)
    return known(columns, name, columns.passing(name, lambda value: value is True))


def _repeated(key: Texts, claims: Flags) -> Flags:
    """Which rows that claim their key share it with another that claims it."""
    repeated = claims.copy()
    repeated[claims] = pd.Series(key[claims]).duplicated(keep=False)
    return repeated


def _overlapping(key: Texts, joins: Ints, leaves: Ints, claims: Flags) -> Flags:
    """Which rows claim a subject for days that another row claims too."""
    twice = np.zeros(len(key), dtype=np.bool_)
    rows = np.flatnonzero(_repeated(key, claims) & (joins < leaves))
    claimed = sorted((str(key[row]), int(joins[row]), int(leaves[row]), int(row)) for row in rows)
    latest: tuple[str, int, int] = ("", 0, -1)  # of one subject, the row that leaves last
    for name, start, end, row in claimed:
        if name == latest[0] and start < latest[1]:
            twice[[row, latest[2]]] = True
        if name != latest[0] or end > latest[1]:
            latest = (name, end, row)
    return twice


def applies_on(columns: AllColumns, applies: Applies, days: Ints) -> Ints:
    """For each day whether the duty applies: at least one row of a register is in place on it
    (semantics.md: Subjects)."""
    register = columns[applies.register]
    if not register.table.found:
        return np.full(len(days), Applying.UNKNOWN, dtype=np.int64)
    distinct, places = np.unique(days, return_inverse=True)
    states = [_on(register, applies, day) for day in distinct.tolist()]
    return np.array(states, dtype=np.int64)[places]


def _on(register: Columns, applies: Applies, day: int) -> int:
    truth = all_of(register, applies.asks).copy()
    truth[_leaving_days(register, applies.ends) <= day] = FALSE
    if applies.begins:
        read = register.read(applies.begins)
        begins = register.days(applies.begins)
        truth[read & (begins > day)] = FALSE
        truth[~read] = np.minimum(truth[~read], UNKNOWN)
    return int(truth.max(initial=FALSE))
