"""The rows that list subjects, events and records, and whether each can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.columns.arrays import Columns, Texts
from engine.columns.conditions import FALSE, TRUE, Truth, listed
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints
from engine.columns.named_rows import named_anywhere
from engine.columns.nil_returns import nil_return_covers
from engine.frames.scope import Scope
from engine.obligation import SubjectState
from evidence.cells.silence import says_nothing
from evidence.table import CellState
from rules.condition import Listing
from rules.pattern import Events
from rules.subject import Population

#: How a listed row stands (situation field ``subject_state``).
READABLE, UNREAD, CLAIMED_TWICE, UNCLEAR_HOLDER = map(int, SubjectState)
#: How the sheets that a duty needs stand, and its list (situation field ``list_state``).
LIST_READ, SHEET_UNREADABLE, LIST_EMPTY, SHEET_NOT_GIVEN = 0, 1, 2, 3
#: Why a planned event without a day asks nothing.
NO_DAY_YET = "without a day yet"


@dataclass(frozen=True, slots=True)
class Listed:
    """The listed rows that make obligations. ``day``: the joining, or the event's day (NO_DAY
    where the row is unread); ``until``: the day of leaving, FOR_EVER if none. ``left_out`` counts,
    by reason, the rows of the list that ask nothing; ``claimed`` holds the key of every event that
    can be read, those included."""

    register: str
    rows: Ints
    key: Texts
    day: Ints
    until: Ints
    state: Ints
    left_out: dict[str, int]
    claimed: Texts


def list_state(scope: Scope, listing: Listing) -> int:
    """Whether the list has rows, or may fairly be empty (semantics.md, An obligation's status at D:
    cannot tell; Nil return)."""
    columns = scope.register(listing.register)
    if bool((listed(columns, listing.asks) != FALSE).any()) or listing.empty == "fair":
        return LIST_READ
    if listing.nil_return and nil_return_covers(scope.columns, listing.nil_return, scope.as_of):
        return LIST_READ
    return LIST_EMPTY


def list_subjects(scope: Scope, population: Population) -> Listed:
    """The subjects of a population at D (semantics.md, Subjects: asked from the day they join to
    the day before they leave)."""
    columns = scope.register(population.register)
    truth = listed(columns, population.asks)
    joins, until = columns.days(population.joins), _until(columns, population.leaves)
    reasons = {
        "not joined yet": columns.read(population.joins) & (joins > scope.as_of),
        "left": until <= scope.as_of,
        **_flag_reasons(columns, population.flagged, scope.as_of),
    }
    key, key_read = _keys(columns)
    unread = (truth != TRUE) | ~key_read | ~columns.read(population.joins)
    joined = joins
    if population.flagged:
        flagged_read = columns.read(population.flagged)
        unread |= ~flagged_read
        joined = np.maximum(joins, columns.days(population.flagged))
        joined = np.where((joins == NO_DAY) | ~flagged_read, NO_DAY, joined)
    claims = (truth == TRUE) & key_read & columns.read(population.joins)
    twice = _overlapping(key, joins, until, claims)
    return _listed(population.register, truth, reasons, unread, twice, (key, joined, until))


def list_events(scope: Scope, events: Events, number: int, future: bool) -> Listed:
    """The events that one version lists and judges, at D. ``future``: those after D ask too
    (semantics.md, Patterns 3, 4 and 6)."""
    columns = scope.register(events.register)
    truth = listed(columns, events.asks)
    day, day_read = columns.days(events.dated), columns.read(events.dated)
    cancelled = _cancelled(columns, events.cancelled)
    other = np.where(day_read, scope.versions_at(day), scope.current) != number
    reasons = {
        "": other,
        "cancelled": cancelled == TRUE,
        NO_DAY_YET: planned_without_day(columns, events) & ~_named(columns, events),
        "before it was in force": day_read & (day < scope.in_force),
        "still to come": day_read & (day > scope.as_of) & (not future),
    }
    key, key_read = _keys(columns)
    unread = (truth != TRUE) | (cancelled != FALSE) | ~key_read | ~day_read
    claims = (truth == TRUE) & (cancelled == FALSE) & key_read & day_read
    twice = claims & _repeated(key, claims)
    until = np.full(len(columns), FOR_EVER, dtype=np.int64)
    found = _listed(events.register, truth, reasons, unread, twice, (key, day, until))
    return replace(found, claimed=key[claims & ~other])


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


def event_days(scope: Scope, events: Events) -> Ints:
    """The days of every event taken and not cancelled, in order, also before the in-force day."""
    columns = scope.register(events.register)
    taken = (listed(columns, events.asks) == TRUE) & columns.read(events.dated)
    taken &= _cancelled(columns, events.cancelled) == FALSE
    return np.unique(columns.days(events.dated)[taken])


def _listed(
    register: str,
    truth: Truth,
    reasons: dict[str, Flags],
    unread: Flags,
    twice: Flags,
    said: tuple[Texts, Ints, Ints],
) -> Listed:
    asked = truth != FALSE
    counted: dict[str, int] = {}
    for reason, flags in reasons.items():
        out = asked & flags
        if reason and out.any():
            counted[reason] = int(out.sum())
        asked = asked & ~flags
    rows = np.flatnonzero(asked).astype(np.int64)
    state = np.where(unread, UNREAD, np.where(twice, CLAIMED_TWICE, READABLE)).astype(np.int64)
    key, day, until = said
    said_of = (key[rows], day[rows], until[rows])
    return Listed(register, rows, *said_of, state[rows], counted, key[rows[:0]])


def _keys(columns: Columns) -> tuple[Texts, Flags]:
    name = columns.table.register.key
    if name is None:  # refused by rules.lint.all: what lists has a key
        raise ValueError(f"register {columns.table.register.id} has no key")
    return columns.values(name), columns.read(name)


def _until(columns: Columns, name: str | None) -> Ints:
    """The day of leaving; an unreadable one reads as not left (semantics.md, Evidence)."""
    if name is None:
        return np.full(len(columns), FOR_EVER, dtype=np.int64)
    days = columns.days(name)
    return np.where(days == NO_DAY, FOR_EVER, days).astype(np.int64)


def _flag_reasons(columns: Columns, name: str | None, as_of: int) -> dict[str, Flags]:
    if name is None:
        return {}
    later = columns.read(name) & (columns.days(name) > as_of)
    return {"not flagged": (columns.state(name) == CellState.NOTHING) | later}


def _cancelled(columns: Columns, name: str | None) -> Truth:
    """Whether each row is marked as cancelled: blank where that means nothing is 'no'."""
    result: Truth = np.full(len(columns), FALSE, dtype=np.int8)
    if name is None:
        return result
    state = columns.state(name)
    yes = np.array([value is True for value in columns.values(name)], dtype=np.bool_)
    result[(state != CellState.READ) & (state != CellState.NOTHING)] = 1
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
