"""Which rows of evidence qualify under one version of a duty, and which cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.columns.arrays import Columns, Texts
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of
from engine.columns.days import Flags, Ints
from engine.columns.periods import period_kind
from evidence.table import CellState
from rules.condition import Condition
from rules.patterns import EvidenceQuery
from rules.subject import Member


@dataclass(frozen=True, slots=True)
class Items:
    """The rows of a register as evidence: their truth, day, and what they name. An array is None
    where the query names no such column. ``period_read`` says which rows name their period. Of what
    stands, ``until`` is the last day on which each row is in place, and ``unclear`` says that it
    cannot be told which row holds the role."""

    register: str
    columns: Columns
    truth: Truth
    day: Ints
    event: Texts | None
    subject: Texts | None
    key: Texts | None
    period: Texts | None
    period_read: Flags | None
    until: Ints | None = None
    unclear: bool = False

    def counting(self, as_of: int) -> Ints:
        """The rows that qualify: true, and dated by D (semantics.md, Evidence)."""
        return np.flatnonzero((self.truth == TRUE) & (self.day <= as_of)).astype(np.int64)


def select(
    columns: Columns,
    query: EvidenceQuery,
    member: Member | None = None,
    named_in: str | None = None,
    period_kind: str | None = None,
) -> Items:
    """The rows of the query's register, judged by its conditions, those of ``member``, and by
    whether their day and names can be read. ``period_kind``: the only kind of period that an item
    may name (a period of another kind cannot be read)."""
    where = query.asks + (member.where if member else ())
    truth = all_of(columns, where).copy()
    dated = (member.dated if member and member.dated else None) or query.dated
    if dated:
        np.minimum(truth, _dated(columns, dated), out=truth)
    for name in (query.event, query.subject, query.distinct):
        if name:
            np.minimum(truth, _must_read(columns, name), out=truth)
    if member and named_in:
        np.minimum(truth, names_member(columns, named_in, member), out=truth)
    if query.period:
        np.minimum(truth, _period_truth(columns, query.period, period_kind), out=truth)
    key = columns.table.register.key
    return Items(
        register=query.register,
        columns=columns,
        truth=truth,
        day=columns.days(dated) if dated else np.zeros(len(columns), dtype=np.int64),
        event=columns.values(query.event) if query.event else None,
        subject=columns.values(query.subject) if query.subject else None,
        key=columns.values(key) if query.named_by_subject and key else None,
        period=columns.values(query.period) if query.period else None,
        period_read=columns.read(query.period) if query.period else None,
    )


def _dated(columns: Columns, name: str) -> Truth:
    """False where the day has not happened (blank means nothing), unknown where unread."""
    state = columns.state(name)
    return np.where(
        state == CellState.READ, TRUE, np.where(state == CellState.NOTHING, FALSE, UNKNOWN)
    ).astype(np.int8)


def _must_read(columns: Columns, name: str) -> Truth:
    """A blank or unread name of an event or subject is unreadable (semantics.md, Evidence)."""
    return np.where(columns.read(name), TRUE, UNKNOWN).astype(np.int8)


def names_member(columns: Columns, name: str, member: Member) -> Truth:
    """Whether the cell of each row names a member of a fixed list."""
    spec = columns.table.register.column(name)
    if spec.type == "codes":
        return all_of(columns, (Condition(column=name, includes=(member.id,)),))
    return all_of(columns, (Condition(column=name, equals=member.id),))


def _period_truth(columns: Columns, name: str, kind: str | None) -> Truth:
    state = columns.state(name)
    blank = (state == CellState.NOTHING) | (state == CellState.BLANK)
    fits = np.array(
        [isinstance(value, str) and period_kind(value) == kind for value in columns.values(name)],
        dtype=np.bool_,
    )
    good = blank | ((state == CellState.READ) & fits)
    return np.where(good, TRUE, UNKNOWN).astype(np.int8)
