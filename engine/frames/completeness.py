"""Completeness: each record carries what it must, by its deadline (semantics.md, Pattern 6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, all_of
from engine.columns.days import NO_DAY, Flags, Ints
from engine.frames.items import Nth, evidence_register
from engine.frames.schema import MET, Anchor, ints, made
from engine.frames.scope import Editions
from engine.frames.windows import Matches, add_each, clamped, of_event, untold
from rules.patterns import Carried, Completeness


def match(obligations: pd.DataFrame, editions: Editions) -> Matches:
    """What was found for each record, by the version that judges it."""
    given, re_agreed = _deadline(obligations, editions)
    deadline, _ = clamped(obligations, editions, given, lambda old: _deadline(old, editions)[0])
    day = _done_on(obligations, editions)
    day = np.where(day <= editions.as_of_day, day, NO_DAY)
    done = Nth(day, _itself(obligations, editions, np.flatnonzero(day != NO_DAY)))
    window = ints(obligations, "event_day"), deadline
    anchor = np.where(re_agreed, Anchor.RE_AGREED, Anchor.EVENT)
    found = of_event(obligations, editions, window, done, day, anchor)
    return untold(found, deadline == NO_DAY)  # the date that the record carries cannot be read


def _itself(obligations: pd.DataFrame, editions: Editions, which: Ints) -> pd.DataFrame:
    """Each of these records as what met it (a frame MET)."""
    registers = editions.each(lambda version: editions.names.number(evidence_register(version)))
    of = registers[ints(obligations, "edition")[which]]
    rows = ints(obligations, "event_row")[which]
    return made(MET, len(which), obligation=which, register=of, row=rows)


def _deadline(obligations: pd.DataFrame, editions: Editions) -> tuple[Ints, Flags]:
    """Each record's deadline (NO_DAY where what it carries cannot be read), and whether it is a
    re-agreed one."""
    edition, rows = ints(obligations, "edition"), ints(obligations, "event_row")
    within = editions.spans(Completeness, lambda pattern: pattern.within)
    deadline = add_each(ints(obligations, "event_day"), edition, within)
    re_agreed = np.zeros(len(rows), dtype=np.bool_)
    for each, mine in editions.parts(edition):
        pattern = editions.version[each].pattern
        if isinstance(pattern, Completeness) and pattern.deadline is not None:
            columns = editions.columns[pattern.records.register]
            deadline[mine], re_agreed[mine] = _carried(
                columns, pattern.deadline, rows[mine], editions.as_of_day
            )
    return deadline, re_agreed


def _carried(columns: Columns, carried: Carried, rows: Ints, as_of_day: int) -> tuple[Ints, Flags]:
    due = columns.days(carried.due)[rows]
    if not (carried.re_agreed_to and carried.re_agreed_on):
        return due, np.zeros(len(rows), dtype=np.bool_)
    to, on = columns.days(carried.re_agreed_to)[rows], columns.days(carried.re_agreed_on)[rows]
    valid = (to != NO_DAY) & (on != NO_DAY) & (on <= due) & (on <= as_of_day) & (due != NO_DAY)
    return np.where(valid, to, due).astype(np.int64), valid


def _done_on(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """The day on which each record came to carry all that it must; NO_DAY where it does not."""
    day = np.full(len(obligations), NO_DAY, dtype=np.int64)
    for edition, mine in editions.parts(ints(obligations, "edition")):
        version = editions.version[edition]
        rows = ints(obligations, "event_row")[mine]
        columns, dating = editions.columns[evidence_register(version)], version.dating_columns()
        read = np.all([columns.read(name)[rows] for name in dating], axis=0)
        whole = read & (all_of(columns, version.pattern.asks)[rows] == TRUE)
        latest = np.max([columns.days(name)[rows] for name in dating], axis=0)
        day[mine] = np.where(whole, latest, NO_DAY)
    return day
