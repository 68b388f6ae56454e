"""Which rows of evidence qualify, and which of them count for each obligation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns, Texts
from engine.columns.conditions import TRUE, UNKNOWN, Truth, all_of, known
from engine.columns.days import Flags, Ints
from engine.columns.periods import period_kind as period_kind_of
from engine.day_number import NO_DAY
from engine.frames.schema import ABOUT, ITEMS, MET, NAMES_NOTHING, Names, ints, make_frame
from engine.frames.scope import Scope, VersionTable
from evidence.cells.text import normal_key
from evidence.register import ColumnSpec
from rules.condition import Condition
from rules.model import Version
from rules.patterns import EvidenceQuery
from rules.subject import Member


@dataclass(frozen=True, slots=True)
class Items:
    """The rows of a register as evidence: their truth, their day, and the subject or period that
    they name (None if the query has no such column). ``period_read`` says which rows name their
    period. Of standing items, ``until`` is the last day on which each row is in place, and
    ``unclear`` says whether the holder of the role is unknown."""

    query: EvidenceQuery
    columns: Columns
    truth: Truth
    day: Ints
    subject: Texts | None
    period: Texts | None
    period_read: Flags | None
    until: Ints | None = None
    unclear: bool = False

    @property
    def register(self) -> str:
        """The register of the rows."""
        return self.query.register

    def counting(self, as_of_day: int) -> Ints:
        """The rows that qualify and are dated by D (semantics.md: Evidence)."""
        return np.flatnonzero((self.truth == TRUE) & (self.day <= as_of_day))


#: Selects the items under a version of a duty, and for a member of its fixed list.
Select = Callable[[Scope, int, Member | None], Items]
#: A selection: the query, the member, the column that names the member, the kind of period.
Query = tuple[EvidenceQuery, Member | None, str | None, str | None]


def select_items(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version, and for a member of its fixed list. Each selection is
    made once."""
    key = query_of(scope.version(number).rule, member)
    if key not in scope.selections:
        query, _, named_in, kind = key
        columns = scope.register(query.register)
        scope.selections[key] = select(columns, query, member, named_in, kind)
    return scope.selections[key]


def query_of(version: Version, member: Member | None) -> Query:
    """The selection of evidence under a version, for a member of its fixed list. Raises ValueError
    for a pattern that has no evidence of its own."""
    query = version.query
    kind = version.pattern.period_kind if query.period else None
    return query, member, version.named_in if member else None, kind


def select(
    columns: Columns,
    query: EvidenceQuery,
    member: Member | None = None,
    named_in: str | None = None,
    period_kind: str | None = None,
) -> Items:
    """The rows of the query's register, judged by its conditions, by those of ``member``, and by
    whether their day and names can be read. ``period_kind``: the only kind of period that an item
    may name; a period of another kind counts as unreadable."""
    truths = [all_of(columns, query.asks + (member.where if member else ()))]
    dated = (member.dated if member and member.dated else None) or query.dated
    if dated:  # false where it has not happened
        truths.append(known(columns, dated, columns.read(dated)))
    # A name or a period that cannot be read leaves it open what the item is about.
    names = (query.event, query.subject, query.distinct)
    readable = [columns.read(name) for name in names if name]
    if query.period:
        fits = columns.passing(
            query.period,
            lambda value: isinstance(value, str) and period_kind_of(value) == period_kind,
        )
        blank = columns.blank(query.period)
        read = columns.read(query.period)
        readable.append(np.asarray(blank | (read & fits)))
    if readable:
        truths.append(np.where(np.all(readable, axis=0), TRUE, UNKNOWN).astype(np.int8))
    if member and named_in:
        truths.append(names_member(columns, named_in, member))
    return Items(
        query=query,
        columns=columns,
        truth=np.minimum.reduce(truths),
        day=columns.days(dated) if dated else np.zeros(len(columns), dtype=np.int64),
        subject=columns.values(query.subject) if query.subject else None,
        period=columns.values(query.period) if query.period else None,
        period_read=columns.read(query.period) if query.period else None,
    )


def names_member(columns: Columns, name: str, member: Member) -> Truth:
    """Whether the cell of each row names a member of a fixed list."""
    return all_of(columns, (member_condition(columns.table.register.column(name), member),))


def member_condition(column: ColumnSpec, member: Member) -> Condition:
    """The condition that a cell of the column names a member of a fixed list."""
    if column.type == "codes":
        return Condition(column=column.name, includes=(member.id,))
    return Condition(column=column.name, equals=member.id)


# Obligations and items --------------------------------------------------------------------------

#: Further apart than any two days. The number of a group times this stays within 63 bits up to two
#: thousand million groups.
_APART = np.int64(1) << 32


class Nth(NamedTuple):
    """For each obligation, the ``day`` of the nth of its items (NO_DAY if there are fewer than n),
    and these n items (``met``, a frame MET)."""

    day: Ints
    met: pd.DataFrame


@dataclass(frozen=True, slots=True)
class MatchedItems:
    """The qualifying items of all queries, and which of them are about each obligation.

    ``items`` (a frame ITEMS) is sorted by group, then by day, then by raw cells; the items of a
    group are about the same thing. ``group`` has, for each item, the position of the first item of
    its group. The items of obligation i are those from position ``first[i]`` to before ``end[i]``,
    and ``queries[query[i]]`` selected them.
    """

    items: pd.DataFrame
    group: Ints
    first: Ints
    end: Ints
    queries: Sequence[Items]
    query: Ints

    def nth_earliest(self, first_day: Ints, needed: Ints) -> Nth:
        """For each obligation the nth earliest item from ``first_day`` on, where n is ``needed``.
        If the query's items have to differ in a column, items with the same value count once
        (capitals and spaces make no difference)."""
        # searchsorted takes one sorted array, and each obligation needs a search in its own group.
        # So the groups are put far apart on one line of days, and one search finds all positions.
        line = self.group * _APART + ints(self.items, "day")
        start = np.searchsorted(line, self.first * _APART + first_day)
        start = np.clip(start, self.first, self.end)
        differ = self._differing()
        after_nth = np.minimum(self.end, start + needed)
        pairs = _spread(start, np.where(differ, self.end, after_nth))
        if differ.any():
            pairs["value"] = ints(self.items, "value")[ints(pairs, "item")]
            pairs = pairs.drop_duplicates(["obligation", "value"])
        return self._nth(pairs, needed)

    def nth_latest(self, needed: Ints) -> Nth:
        """For each obligation the nth latest item, where n is ``needed``."""
        pairs = _spread(np.maximum(self.first, self.end - needed), self.end)
        return self._nth(pairs.iloc[::-1].sort_values("obligation", kind="stable"), needed)

    def longest(self) -> tuple[Ints, pd.DataFrame]:
        """For each obligation the item that is in place longest (of equal ones, the item that began
        last): its last day, and the item itself (a frame MET)."""
        until = pd.Series(ints(self.items, "until"))
        # Reversed, because idxmax takes the first of equal values and the last of them counts. The
        # labels of the series stay the positions of the items.
        longest = until[::-1].groupby(self.group[::-1]).idxmax()
        obligation = np.flatnonzero(self.end > self.first)
        item = longest.reindex(self.first[obligation]).to_numpy()
        day = np.full(len(self.first), NO_DAY, dtype=np.int64)
        day[obligation] = until[item]
        return day, self._met(pd.DataFrame({"obligation": obligation, "item": item}))

    def last_days(self) -> Ints:
        """The day of each obligation's latest item; NO_DAY for an obligation without items."""
        days = np.append(ints(self.items, "day"), NO_DAY)
        return np.where(self.end > self.first, days[self.end - 1], NO_DAY)

    def _nth(self, pairs: pd.DataFrame, needed: Ints) -> Nth:
        needed_of = needed[ints(pairs, "obligation")]
        rank = pairs.groupby("obligation").cumcount().to_numpy()
        last = pairs[rank == needed_of - 1]
        day = np.full(len(self.first), NO_DAY, dtype=np.int64)
        day[ints(last, "obligation")] = ints(self.items, "day")[ints(last, "item")]
        return Nth(day, self._met(pairs[rank < needed_of]))

    def _met(self, pairs: pd.DataFrame) -> pd.DataFrame:
        item = ints(pairs, "item")
        columns = {name: ints(self.items, name)[item] for name in ("register", "row")}
        return make_frame(MET, len(pairs), obligation=ints(pairs, "obligation"), **columns)

    def _differing(self) -> Flags:
        """Whether each obligation's items have to differ."""
        differ = np.array([items.query.distinct is not None for items in self.queries], np.bool_)
        return differ[self.query]


def _spread(first: Ints, end: Ints) -> pd.DataFrame:
    """Each pair of an obligation and one of its items, by their positions (``obligation``,
    ``item``)."""
    # Without a loop, since obligations and their items are many: the positions are counted through,
    # and the count is set back to 'first' where the items of the next obligation begin.
    count = np.maximum(end - first, 0)
    obligation = np.repeat(np.arange(len(first)), count)
    begins = np.cumsum(count) - count
    item = np.arange(len(obligation)) - np.repeat(begins - first, count)
    return pd.DataFrame({"obligation": obligation, "item": item})


def match_items(
    obligations: pd.DataFrame, versions: VersionTable, select_by: Select = select_items
) -> MatchedItems:
    """Match obligations to the qualifying items about the same thing. This is a merge on the query
    and on the names that an item needs: the event, the subject, a key in the subject's own row, or
    the event's own row. A number of its own means 'names nothing'."""
    queries, query = _queries(obligations, versions, select_by)
    items, number = _sorted(_qualifying(queries, versions.as_of_day, versions.names), queries)
    first = np.flatnonzero(np.diff(number, prepend=-1))  # where the items of another group begin
    end = np.append(first[1:], len(items))[: len(first)]
    groups = items[list(ABOUT)].take(first).assign(first=first, end=end)
    about = _about(obligations, versions, queries, query)
    slices = about.merge(groups, how="left", on=list(ABOUT))[["first", "end"]].fillna(0)
    slices = slices.astype(np.int64)
    group = np.repeat(first, end - first)
    return MatchedItems(items, group, ints(slices, "first"), ints(slices, "end"), queries, query)


def _queries(
    obligations: pd.DataFrame, versions: VersionTable, select_by: Select
) -> tuple[list[Items], Ints]:
    """The distinct selections, and for each obligation the position of its selection."""
    index = ints(obligations, "version_index")
    member = ints(obligations, "member")
    # One number for each pair of a version and a member (or NO_MEMBER): numpy finds distinct
    # numbers faster than distinct pairs.
    most = int(member.max(initial=0)) + 2
    codes, places = np.unique(index * most + member + 1, return_inverse=True)
    selections = [
        select_by(versions.scope(v), int(versions.number[v]), versions.rules[v].member(m - 1))
        for v, m in (divmod(code, most) for code in codes.tolist())
    ]
    # By identity, since arrays in them cannot be hashed; equal queries share one selection.
    distinct = {id(selection): selection for selection in selections}
    numbers = {identity: number for number, identity in enumerate(distinct)}
    query = np.array([numbers[id(selection)] for selection in selections], dtype=np.int64)
    return list(distinct.values()), query[places]


def _qualifying(queries: Sequence[Items], as_of_day: int, names: Names) -> pd.DataFrame:
    """The qualifying items of all queries (a frame ITEMS)."""
    # One frame of arrays put together: a frame for each query would cost more than all the rest.
    parts = [_item_columns(items, n, as_of_day, names) for n, items in enumerate(queries)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in ITEMS if parts}
    return make_frame(ITEMS, len(columns["row"]) if parts else 0, **columns)


def _item_columns(items: Items, number: int, as_of_day: int, names: Names) -> dict[str, Ints]:
    """The qualifying items of one query, under its number."""
    rows = items.counting(as_of_day)
    query = items.query
    columns = items.columns
    key = columns.table.register.key if query.named_by_subject else None
    if key:
        rows = rows[names.column(columns, key)[rows] != NAMES_NOTHING]

    def named(name: str | None) -> Ints | int:
        return names.column(columns, name)[rows] if name else 0

    value = -1 - rows  # each differs from the others
    if query.distinct:
        cells = columns.values(query.distinct)[rows].tolist()
        normal = [normal_key(cell) if isinstance(cell, str) else cell for cell in cells]
        value = np.array([names.number(cell) for cell in normal], dtype=np.int64)
    values: dict[str, Ints | int] = {
        "query": number,
        "event": named(query.event),
        "subject": named(query.subject),
        "key": named(key),
        "own": rows if query.itself else -1,
        "register": names.number(items.register),
        "row": rows,
        "day": items.day[rows],
        "until": (items.day if items.until is None else items.until)[rows],
        "value": value,
    }
    return {name: np.broadcast_to(column, len(rows)) for name, column in values.items()}


def _sorted(items: pd.DataFrame, queries: Sequence[Items]) -> tuple[pd.DataFrame, Ints]:
    """The items by group, day and raw cells, so that the order of rows changes nothing; and the
    number of each item's group."""
    group = items.groupby(list(ABOUT), sort=False).ngroup().to_numpy().astype(np.int64)
    # Only items of one group and day are put in the order of their cells: few have such a
    # neighbour, and the cells are texts, whose order no array operation gives.
    day = ints(items, "day")
    tie = np.zeros(len(items), dtype=np.int64)
    tied = items[pd.DataFrame({"group": group, "day": day}).duplicated(keep=False)]
    for query in np.unique(ints(tied, "query")).tolist():
        tied_items = tied[ints(tied, "query") == query]
        raw = [column.raw for column in queries[query].columns.table.columns.values()]
        rows = ints(tied_items, "row").tolist()
        cells = [(*(column[row] for column in raw), row) for row in rows]
        rank = {texts: number for number, texts in enumerate(sorted(set(cells)))}
        tie[tied_items.index] = [rank[texts] for texts in cells]
    order = np.lexsort((tie, day, group))
    return items.take(order).reset_index(drop=True), group[order]


def _about(
    obligations: pd.DataFrame, versions: VersionTable, queries: Sequence[Items], query: Ints
) -> pd.DataFrame:
    """The names that an item needs to be about each obligation: the columns of ABOUT."""

    def column(name: str, needs: Callable[[EvidenceQuery], object], otherwise: int) -> Ints:
        needed = np.array([bool(needs(items.query)) for items in queries], dtype=np.bool_)
        return np.where(needed[query], ints(obligations, name), otherwise)

    index = ints(obligations, "version_index")
    key = np.zeros(len(obligations), dtype=np.int64)
    for version, rows in versions.rows_by_version(index):
        population = versions.rules[version].population
        if population and (named := versions.rules[version].query.named_by_subject):
            keys = versions.names.column(versions.columns[population.register], named)
            key[rows] = keys[ints(obligations, "subject_row")[rows]]
    return make_frame(
        ABOUT,
        len(obligations),
        query=query,
        event=column("event", lambda query: query.event, 0),
        subject=column("subject", lambda query: query.subject, 0),
        own=column("event_row", lambda query: query.itself, -1),
        key=key,
    )
