"""Standing: something is in place on D, or a role is held (semantics.md, Pattern 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints, add
from engine.frames.items import Items, Query, meet, names_member, query_of, selected
from engine.frames.schema import Anchor, Names, ints
from engine.frames.scope import Editions, Scope
from engine.frames.windows import Matches, clamped, untold, with_found, within_notice
from engine.obligation import SubjectState
from evidence.table import CellState
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Standing
from rules.subject import Member


def match(obligations: pd.DataFrame, editions: Editions, names: Names) -> Matches:
    """What was found for each obligation at D."""
    start = np.maximum(ints(obligations, "joined"), editions.in_force[ints(obligations, "edition")])
    meeting = meet(obligations, editions, names, items_in_place)
    until, met = meeting.longest()
    deadline, moved = clamped(
        obligations,
        editions,
        np.maximum(start, until),
        lambda older: _deadline(older, editions, names),
    )
    lasts = (until != NO_DAY) & (until >= start)
    done = (until != NO_DAY) & (until >= editions.as_of)
    last_done = meeting.last_days()
    anchor = np.where(lasts, Anchor.END, Anchor.OPENED)
    frame = with_found(
        obligations,
        opens=start,
        deadline=deadline,
        since=deadline,
        next_deadline=deadline,
        enough_in_time=done,
        enough_late=done,
        within_notice=within_notice(obligations, editions, deadline),
        ever_done=last_done != NO_DAY,
        last_done=last_done,
        anchor=np.where(moved, Anchor.VERSION, anchor),
        anchor_day=np.where(lasts, until, start),
    )
    unclear = np.array([each.unclear for each in meeting.queries], dtype=np.bool_)[meeting.asked]
    return untold(Matches(frame, met), unclear, SubjectState.UNCLEAR_HOLDER)


def _deadline(obligations: pd.DataFrame, editions: Editions, names: Names) -> Ints:
    """The latest end, and no earlier than the day on which it opens."""
    edition = ints(obligations, "edition")
    start = np.maximum(ints(obligations, "joined"), editions.in_force[edition])
    return np.maximum(start, meet(obligations, editions, names, items_in_place).longest()[0])


# What is in place -------------------------------------------------------------------------------


def items_in_place(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version, selected once: each from its beginning until its end,
    and in a register of roles until the next holder begins."""
    version = scope.version(number).version
    assert isinstance(version.pattern, Standing)
    asked = query_of(version, member)
    if (asked, version.pattern) not in scope.kept:
        items = selected(scope, number, member)
        items = in_place(items.columns, items, version.pattern)
        scope.kept[asked, version.pattern] = _held_in_turn(items, asked, version.pattern)
    return scope.kept[asked, version.pattern]


def in_place(columns: Columns, items: Items, pattern: Standing) -> Items:
    """The items dated by their beginning, each until its end. A beginning, an end or a review-by
    day that cannot be read makes a row unknown (it reads as ended); one without any end is out
    where the rule asks for an end."""
    truth = items.truth.copy()
    truth[~columns.read(pattern.begins)] = np.minimum(truth[~columns.read(pattern.begins)], UNKNOWN)
    for name in (pattern.ends, pattern.review_by):
        if name:
            odd = ~columns.read(name) & (columns.state(name) != CellState.NOTHING)
            truth[odd] = np.minimum(truth[odd], UNKNOWN)
    if pattern.end_needed:
        truth[~end_given(pattern, columns) & (truth != UNKNOWN)] = FALSE
    until = ends_of(pattern, columns)
    return replace(items, truth=truth, day=columns.days(pattern.begins), until=until)


def end_given(pattern: Standing, columns: Columns) -> Flags:
    """For each row whether it gives an end or a review-by day."""
    given = np.zeros(len(columns), dtype=np.bool_)
    for name in (pattern.ends, pattern.review_by):
        if name:
            given |= columns.read(name)
    return given


def ends_of(pattern: Standing, columns: Columns) -> Ints:
    """The last day on which each row is in place: the earliest of its end, its review-by day and
    the day on which the rule's cap ends it; FOR_EVER without any of them."""
    end = np.full(len(columns), FOR_EVER, dtype=np.int64)
    for name in (pattern.ends, pattern.review_by):
        if name:
            end = _earlier(end, columns.days(name))
    if pattern.review_within:
        end = _earlier(end, add(columns.days(pattern.begins), pattern.review_within))
    return end


def _earlier(end: Ints, days: Ints) -> Ints:
    return np.where(days == NO_DAY, end, np.minimum(end, days)).astype(np.int64)


#: Whose rows are a role's: what the rule asks, of which member of its fixed list, and in which
#: column a row names that member.
RoleAsked = tuple[EvidenceQuery, Member | None, str | None]

# Roles ------------------------------------------------------------------------------------------


def _held_in_turn(items: Items, asked: Query, pattern: Standing) -> Items:
    """The items, each until the day before the next row of the role begins at the latest; marked as
    ``unclear`` where it cannot be told who holds the role on D."""
    if items.until is None or items.columns.table.register.one_holder_of is None:
        return items
    turns = turns_of(items.columns, asked[:3], pattern)
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


def turns_of(columns: Columns, asked: RoleAsked, pattern: Standing) -> Turns:
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


def _role_rows(columns: Columns, role: str, asked: RoleAsked) -> Truth:
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
