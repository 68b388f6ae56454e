"""Standing: something is in place on D, or a role is held (semantics.md, Pattern 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints, add
from engine.frames.items import Items, meet, names_member, query_of, selected
from engine.frames.schema import Anchor
from engine.frames.scope import Editions, Scope
from engine.frames.windows import Lasting, Matches, lasting, opening
from evidence.table import CellState
from rules.patterns import EvidenceQuery, Standing
from rules.subject import Member


def match(obligations: pd.DataFrame, editions: Editions) -> Matches:
    """What was found for each obligation at D."""

    def look(some: pd.DataFrame) -> Lasting:
        start = opening(some, editions)
        meeting = meet(some, editions, items_in_place)
        until, met = meeting.longest()
        lasts = (until != NO_DAY) & (until >= start)
        anchor = np.where(lasts, Anchor.END, Anchor.OPENED)
        anchor_day = np.where(lasts, until, start)
        unclear = np.array([query.unclear for query in meeting.queries], np.bool_)[meeting.asked]
        return Lasting(start, until, anchor, anchor_day, meeting.last_days(), met, unclear)

    return lasting(obligations, editions, look)


# What is in place -------------------------------------------------------------------------------


def items_in_place(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version, selected once: each from its beginning until its end,
    and in a register of roles until the next holder begins."""
    version = scope.version(number).version
    pattern, asked = version.pattern, query_of(version, member)
    assert isinstance(pattern, Standing)
    if (asked, pattern) not in scope.kept:
        items = selected(scope, number, member)
        until, unclear = ends_of(pattern, items.columns), False
        if items.columns.table.register.one_holder_of is not None:
            turns = turns_of(items.columns, asked[:3], pattern)
            until, unclear = _until_next(until, turns.begins, turns.turn), turns.unclear
        scope.kept[asked, pattern] = replace(
            items,
            truth=_in_place(items.columns, items.truth, pattern),
            day=items.columns.days(pattern.begins),
            until=until,
            unclear=unclear,
        )
    return scope.kept[asked, pattern]


def _in_place(columns: Columns, truth: Truth, pattern: Standing) -> Truth:
    """A beginning, an end or a review-by day that cannot be read makes a row unknown (it reads as
    ended); one without any end is out where the rule asks for an end."""
    odd = ~columns.read(pattern.begins)
    for name in pattern.last_days:
        odd = odd | (~columns.read(name) & (columns.state(name) != CellState.NOTHING))
    truth = np.where(odd, np.minimum(truth, UNKNOWN), truth)
    if pattern.end_needed:
        truth[~end_given(pattern, columns) & (truth != UNKNOWN)] = FALSE
    return truth


def end_given(pattern: Standing, columns: Columns) -> Flags:
    """For each row whether it gives an end or a review-by day."""
    given = np.zeros(len(columns), dtype=np.bool_)
    for name in pattern.last_days:
        given |= columns.read(name)
    return given


def ends_of(pattern: Standing, columns: Columns) -> Ints:
    """The last day on which each row is in place: the earliest of its end, its review-by day and
    the day on which the rule's cap ends it; FOR_EVER without any of them."""
    days = [columns.days(name) for name in pattern.last_days]
    if pattern.review_within:
        days.append(add(columns.days(pattern.begins), pattern.review_within))
    end = np.full(len(columns), FOR_EVER, dtype=np.int64)
    for day in days:
        end = np.where(day == NO_DAY, end, np.minimum(end, day))
    return end


# Roles ------------------------------------------------------------------------------------------

#: Whose rows are a role's: what the rule asks, of which member of its fixed list, and in which
#: column a row names that member.
RoleAsked = tuple[EvidenceQuery, Member | None, str | None]


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


def turns_of(columns: Columns, asked: RoleAsked, pattern: Standing) -> Turns:
    """The rows of a role in a register of which one row at a time holds it. A row is of the role by
    the conditions on the role's column alone; an end that cannot be read reads as ended."""
    role = columns.table.register.one_holder_of
    query, member, named_in = asked
    where = (*query.where, *(member.where if member else ()))
    truth = all_of(columns, [each for each in where if each.column == role])
    if member and named_in and named_in == role:
        truth = np.minimum(truth, names_member(columns, named_in, member))
    begins, read = columns.days(pattern.begins), columns.read(pattern.begins)
    begun = read & (begins <= columns.as_of_day)
    turn = np.asarray(begun & (truth == TRUE))
    latest = int(begins[turn].max(initial=NO_DAY))
    last = turn & (begins == latest)
    ended = np.zeros(len(columns), dtype=np.bool_)
    if pattern.ends is not None:
        to_come = columns.read(pattern.ends) & (columns.days(pattern.ends) >= columns.as_of_day)
        ended = ~to_come & (columns.state(pattern.ends) != CellState.NOTHING)
    return Turns(
        begins=begins,
        turn=turn,
        latest=latest,
        shared=np.asarray(last & (last.sum() > 1)),
        rivals=np.asarray(begun & (truth == UNKNOWN) & (begins >= latest)),
        beginless=np.asarray(~read & ~ended & (truth != FALSE)),
    )


def _until_next(until: Ints, begins: Ints, turn: Flags) -> Ints:
    """Each row's last day, of those that took turns no later than the day before the next one."""
    days = np.unique(begins[turn])
    later = np.searchsorted(days, begins, side="right")
    following = np.append(days, FOR_EVER + 1)[later]
    return np.where(turn, np.minimum(until, following - 1), until)
