"""Standing: something is in place on D, or a role is held (semantics.md: Standing)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of
from engine.columns.days import Flags, Ints, add
from engine.day_number import FOR_EVER, NO_DAY
from engine.frames.items import Items, match_items, names_member, query_of, select_items
from engine.frames.matches import LastingItems, Matches, match_lasting, opening_days
from engine.frames.scope import Scope, VersionTable
from engine.obligation import Anchor
from evidence.table import CellState
from rules.patterns import EvidenceQuery, Standing
from rules.subject import Member


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """Match each obligation to its items on the as-of date."""
    return match_lasting(obligations, versions, lambda rows: _lasting_items(rows, versions))


def _lasting_items(obligations: pd.DataFrame, versions: VersionTable) -> LastingItems:
    """The items of each obligation: the one that is in place for longest decides its deadline."""
    opens = opening_days(obligations, versions)
    items = match_items(obligations, versions, items_in_place)
    until, met = items.longest()
    from_item = (until != NO_DAY) & (until >= opens)
    unclear = np.array([query.unclear for query in items.queries], np.bool_)[items.query]
    return LastingItems(
        first_deadline=opens,
        until=until,
        anchor=np.where(from_item, Anchor.END, Anchor.OPENED),
        anchor_day=np.where(from_item, until, opens),
        last_done=items.last_days(),
        met=met,
        unclear=unclear,
    )


# What is in place -------------------------------------------------------------------------------


def items_in_place(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version, selected once: each from its beginning until its end,
    and in a register of roles until the next holder begins."""
    version = scope.version(number).rule
    pattern = version.pattern
    query = query_of(version, member)
    assert isinstance(pattern, Standing)
    if (query, pattern) not in scope.selections:
        items = select_items(scope, number, member)
        until = ends_of(pattern, items.columns)
        unclear = False
        if items.columns.table.register.one_holder_of is not None:
            turns = turns_of(items.columns, query[:3], pattern)
            until = _until_next(until, turns)
            unclear = turns.unclear
        scope.selections[query, pattern] = replace(
            items,
            truth=_in_place(items.columns, items.truth, pattern),
            day=items.columns.days(pattern.begins),
            until=until,
            unclear=unclear,
        )
    return scope.selections[query, pattern]


def _in_place(columns: Columns, truth: Truth, pattern: Standing) -> Truth:
    """The truth of rows, unknown where a beginning or end cannot be read (reading-semantics.md:
    Rolling and standing)."""
    unread = ~columns.read(pattern.begins)
    for name in pattern.last_days:
        unread = unread | (~columns.read(name) & (columns.state(name) != CellState.NOTHING))
    truth = np.where(unread, np.minimum(truth, UNKNOWN), truth)
    if pattern.end_needed:
        truth[~end_given(pattern, columns) & (truth != UNKNOWN)] = FALSE
    return truth


def end_given(pattern: Standing, columns: Columns) -> Flags:
    """For each row whether it gives an end or a review-by day."""
    read = [columns.read(name) for name in pattern.last_days]
    return np.asarray(np.any([np.zeros(len(columns), dtype=np.bool_), *read], axis=0))


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

#: The rows of a role: the rule's query, the member of its fixed list, and the column in which a row
#: names that member.
RoleQuery = tuple[EvidenceQuery, Member | None, str | None]


@dataclass(frozen=True, slots=True)
class Turns:
    """The rows of a role, by row of its register.

    ``begin_days`` is the day on which each begins, and ``begun`` the rows that are certainly of the
    role and have begun by D; the holder is the one that began on the ``latest`` of their days
    (NO_DAY where there is none). Three kinds of row make the holder unknown: the rows of that day,
    if there are several (``shared``); rows that may be of the role and began then or later
    (``rivals``); and rows without a readable beginning that have not ended (``undated``).
    """

    begin_days: Ints
    begun: Flags
    latest: int
    shared: Flags
    rivals: Flags
    undated: Flags

    @property
    def unclear(self) -> bool:
        """Whether the holder of the role on D is unknown."""
        return bool((self.shared | self.rivals | self.undated).any())

    @property
    def holder(self) -> int | None:
        """The row that began on the latest day; None if there is none, or several."""
        rows = np.flatnonzero(self.begun & (self.begin_days == self.latest)).tolist()
        return rows[0] if len(rows) == 1 else None


def turns_of(columns: Columns, role_query: RoleQuery, pattern: Standing) -> Turns:
    """The rows of a role in a register in which one row at a time is its holder. Only the
    conditions on the role's column say which rows are of the role; the others are about the holder.
    An end that cannot be read counts as ended (reading-semantics.md: Rolling and standing)."""
    role = columns.table.register.one_holder_of
    query, member, named_in = role_query
    where = (*query.where, *(member.where if member else ()))
    truth = all_of(columns, [condition for condition in where if condition.column == role])
    if member and named_in and named_in == role:
        truth = np.minimum(truth, names_member(columns, named_in, member))
    begin_days = columns.days(pattern.begins)
    dated = columns.read(pattern.begins)
    in_time = dated & (begin_days <= columns.as_of_day)
    begun = np.asarray(in_time & (truth == TRUE))
    # Without a certain row this is NO_DAY, and so every uncertain row that has begun is a rival.
    latest = int(begin_days[begun].max(initial=NO_DAY))
    of_latest_day = begun & (begin_days == latest)
    ended = np.zeros(len(columns), dtype=np.bool_)
    if pattern.ends is not None:
        to_come = columns.read(pattern.ends) & (columns.days(pattern.ends) >= columns.as_of_day)
        ended = ~to_come & (columns.state(pattern.ends) != CellState.NOTHING)
    return Turns(
        begin_days=begin_days,
        begun=begun,
        latest=latest,
        shared=np.asarray(of_latest_day & (of_latest_day.sum() > 1)),
        rivals=np.asarray(in_time & (truth == UNKNOWN) & (begin_days >= latest)),
        undated=np.asarray(~dated & ~ended & (truth != FALSE)),
    )


def _until_next(until: Ints, turns: Turns) -> Ints:
    """The last day of each row in place; for a holder, no later than the day before the next one
    began."""
    days = np.unique(turns.begin_days[turns.begun])
    later = np.searchsorted(days, turns.begin_days, side="right")
    # Nobody follows the last holder: the day before FOR_EVER + 1 limits no end.
    following = np.append(days, FOR_EVER + 1)[later]
    return np.where(turns.begun, np.minimum(until, following - 1), until)
