"""Roles, which one row at a time holds (semantics.md, Patterns, 5: Roles)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of
from engine.columns.days import NO_DAY, Flags, Ints
from engine.frames.items import Items, names_member
from evidence.table import CellState
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Standing
from rules.subject import Member


def held_in_turn(
    columns: Columns,
    items: Items,
    asked: tuple[EvidenceQuery, Member | None, str | None],
    pattern: Standing,
) -> Items:
    """The items, each until the day before the next row of the role begins at the latest; marked as
    ``unclear`` where it cannot be told who holds the role on D. ``asked``: what the rule asks, of
    which member of its fixed list, and in which column a row names that member."""
    if items.until is None or columns.table.register.one_holder_of is None:
        return items
    turns = turns_of(columns, asked, pattern)
    until = _until_next(items.until, turns.begins, turns.turn)
    return replace(items, until=until, unclear=turns.unclear)


@dataclass(frozen=True, slots=True)
class Turns:
    """The rows of a role: when each ``begins``, which have taken their ``turn`` by D; and those by
    which it cannot be told who holds it: of the ``latest`` day, where they are ``shared``, those
    that may be of the role and have begun since (``rivals``), and those that have not ended and do
    not say when they began (``beginless``)."""

    begins: Ints
    turn: Flags
    latest: int
    shared: Flags
    rivals: Flags
    beginless: Flags

    @property
    def unclear(self) -> bool:
        """Whether it cannot be told who holds the role on D."""
        return bool((self.shared | self.rivals | self.beginless).any())


def turns_of(
    columns: Columns, asked: tuple[EvidenceQuery, Member | None, str | None], pattern: Standing
) -> Turns:
    """The rows of a role in a register of which one row at a time holds it."""
    role = columns.table.register.one_holder_of or ""
    truth = _role_rows(columns, role, asked)
    begins, read = columns.days(pattern.begins), columns.read(pattern.begins)
    begun = read & (begins <= columns.as_of)
    turn = np.asarray(begun & (truth == TRUE))
    latest = int(begins[turn].max(initial=NO_DAY))
    last = turn & (begins == latest)
    return Turns(
        begins=begins,
        turn=turn,
        latest=latest,
        shared=np.asarray(last if int(last.sum()) > 1 else last & False),
        rivals=np.asarray(begun & (truth == UNKNOWN) & (begins >= latest)),
        beginless=np.asarray(~read & _not_ended(columns, pattern) & (truth != FALSE)),
    )


def _role_rows(
    columns: Columns, role: str, asked: tuple[EvidenceQuery, Member | None, str | None]
) -> Truth:
    """Whether each row is one of the role: by the conditions on the role's column alone."""
    query, member, named_in = asked
    where = (*query.where, *(member.where if member else ()))
    truth = all_of(columns, [each for each in where if _on(each, role)]).copy()
    if member and named_in == role:
        np.minimum(truth, names_member(columns, named_in, member), out=truth)
    return truth


def _on(condition: Condition, column: str) -> bool:
    return condition.column == column


def _not_ended(columns: Columns, pattern: Standing) -> Flags:
    """Whether each row has not ended by D; an end that cannot be read reads as ended."""
    if pattern.ends is None:
        return np.ones(len(columns), dtype=np.bool_)
    nothing = columns.state(pattern.ends) == CellState.NOTHING
    later = columns.read(pattern.ends) & (columns.days(pattern.ends) >= columns.as_of)
    return np.asarray(nothing | later)


def _until_next(until: Ints, begins: Ints, turn: Flags) -> Ints:
    """Each row's last day, of those that took turns no later than the day before the next one."""
    days = np.unique(begins[turn])
    if len(days) < 2:
        return until
    later = np.searchsorted(days, begins, side="right")
    followed = turn & (later < len(days))
    ended = until.copy()
    ended[followed] = np.minimum(until[followed], days[later[followed]] - 1)
    return ended
