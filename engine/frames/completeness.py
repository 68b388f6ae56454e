"""Completeness: each record contains what the rule requires, by its deadline (semantics.md:
Completeness)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE, all_of
from engine.columns.days import Flags, Ints, add_each
from engine.day_number import NO_DAY
from engine.frames.items import Nth
from engine.frames.matches import Matches, WindowDays, cannot_tell, limit_deadlines
from engine.frames.schema import MET, ints, make_frame
from engine.frames.scope import VersionTable
from engine.frames.triggered import event_results
from engine.obligation import Anchor
from rules.patterns import Carried, Completeness


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """Match each record to itself, because it is its own item, under the version that judges it."""
    _, re_agreed = _deadline(obligations, versions)
    deadline, _ = limit_deadlines(obligations, versions, lambda rows: _deadline(rows, versions)[0])
    done_on = _done_on(obligations, versions)
    done_on = np.where(done_on <= versions.as_of_day, done_on, NO_DAY)
    registers = versions.values(lambda rule: versions.names.number(rule.evidence_register))
    complete = np.flatnonzero(done_on != NO_DAY)
    met = make_frame(
        MET,
        len(complete),
        obligation=complete,
        register=registers[ints(obligations, "version_index")[complete]],
        row=ints(obligations, "event_row")[complete],
    )
    matches = event_results(
        obligations,
        versions,
        WindowDays(opens=ints(obligations, "event_day"), deadline=deadline),
        done=Nth(done_on, met),
        last_done=done_on,
        anchor=np.where(re_agreed, Anchor.RE_AGREED, Anchor.EVENT),
    )
    return cannot_tell(matches, deadline == NO_DAY)  # The carried date cannot be read.


def _deadline(obligations: pd.DataFrame, versions: VersionTable) -> tuple[Ints, Flags]:
    """Each record's deadline (NO_DAY if the record should give it and it cannot be read), and
    whether it is a re-agreed one."""
    index = ints(obligations, "version_index")
    records = ints(obligations, "event_row")
    within = versions.spans(Completeness, lambda pattern: pattern.within)
    deadline = add_each(ints(obligations, "event_day"), index, within)
    re_agreed = np.zeros(len(records), dtype=np.bool_)
    for version, rows in versions.rows_by_version(index):
        pattern = versions.rules[version].pattern
        if isinstance(pattern, Completeness) and pattern.deadline is not None:
            columns = versions.columns[pattern.records.register]
            deadline[rows], re_agreed[rows] = _carried(
                columns, pattern.deadline, records[rows], versions.as_of_day
            )
    return deadline, re_agreed


def _carried(
    columns: Columns, carried: Carried, records: Ints, as_of_day: int
) -> tuple[Ints, Flags]:
    """The deadline in each of these rows, and whether it is a re-agreed one. A re-agreement counts
    if it was made by D and no later than the old deadline (reading-semantics.md: Records)."""
    due = columns.days(carried.due)[records]
    if not (carried.re_agreed_to and carried.re_agreed_on):
        return due, np.zeros(len(records), dtype=np.bool_)
    agreed_to = columns.days(carried.re_agreed_to)[records]
    agreed_on = columns.days(carried.re_agreed_on)[records]
    all_read = (agreed_to != NO_DAY) & (agreed_on != NO_DAY) & (due != NO_DAY)
    counts = all_read & (agreed_on <= due) & (agreed_on <= as_of_day)
    return np.where(counts, agreed_to, due).astype(np.int64), counts


def _done_on(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The first day on which each record contained all that the rule requires; NO_DAY if it does
    not."""
    done_on = np.full(len(obligations), NO_DAY, dtype=np.int64)
    for version, rows in versions.rows_by_version(ints(obligations, "version_index")):
        rule = versions.rules[version]
        records = ints(obligations, "event_row")[rows]
        columns = versions.columns[rule.evidence_register]
        dating = rule.dating_columns()
        dated = np.all([columns.read(name)[records] for name in dating], axis=0)
        complete = dated & (all_of(columns, rule.pattern.asks)[records] == TRUE)
        latest = np.max([columns.days(name)[records] for name in dating], axis=0)
        done_on[rows] = np.where(complete, latest, NO_DAY)
    return done_on
