"""Which rows of evidence qualify, and which of them each obligation may count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns, Texts
from engine.columns.conditions import TRUE, UNKNOWN, Truth, all_of, known
from engine.columns.days import NO_DAY, Flags, Ints
from engine.columns.periods import period_kind as kind_of
from engine.frames.schema import ABOUT, ITEMS, MET, NAMES_NOTHING, Names, ints, made
from engine.frames.scope import Editions, Scope
from evidence.cells.text import normal_key
from rules.condition import Condition
from rules.model import Version
from rules.patterns import EvidenceQuery
from rules.subject import Member


@dataclass(frozen=True, slots=True)
class Items:
    """The rows of a register as evidence: their truth, day, and what they name. An array is None
    where the query names no such column. ``period_read`` says which rows name their period. Of what
    stands, ``until`` is the last day on which each row is in place, and ``unclear`` says that it
    cannot be told which row holds the role."""

    query: EvidenceQuery
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

    @property
    def register(self) -> str:
        """The register whose rows they are."""
        return self.query.register

    def counting(self, as_of_day: int) -> Ints:
        """The rows that qualify: true, and dated by D (semantics.md, Evidence)."""
        return np.flatnonzero((self.truth == TRUE) & (self.day <= as_of_day))


#: Selects the items under a version of a duty, and for a member of its fixed list.
Select = Callable[[Scope, int, Member | None], Items]
#: What a selection is asked: the query, the member, where a row names it, the kind of period.
Query = tuple[EvidenceQuery, Member | None, str | None, str | None]


def selected(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version (and for a member of its fixed list), selected once."""
    asked = query_of(scope.version(number).version, member)
    if asked not in scope.kept:
        query, _, named_in, kind = asked
        scope.kept[asked] = select(scope.register(query.register), query, member, named_in, kind)
    return scope.kept[asked]


def query_of(version: Version, member: Member | None) -> Query:
    """What is asked of the evidence under a version, for a member of its fixed list. Raises
    ValueError for a pattern that has no evidence of its own."""
    query = version.query
    kind = version.pattern.period_kind if query.period else None
    return query, member, version.named_in if member else None, kind


def evidence_register(version: Version) -> str:
    """The register in which a version looks for what meets it; '' where it looks in none."""
    return version.rows.register if version.rows else ""


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
    good = [np.ones(len(columns), dtype=np.bool_)]
    truths = [all_of(columns, query.asks + (member.where if member else ()))]
    dated = (member.dated if member and member.dated else None) or query.dated
    if dated:  # false where it has not happened
        truths.append(known(columns, dated, columns.read(dated)))
    # A name or a period that cannot be read leaves it open what the item is about.
    good += [columns.read(name) for name in (query.event, query.subject, query.distinct) if name]
    if query.period:
        fits = columns.passing(
            query.period, lambda value: isinstance(value, str) and kind_of(value) == period_kind
        )
        blank, read = columns.blank(query.period), columns.read(query.period)
        good.append(np.asarray(blank | (read & fits)))
    if member and named_in:
        truths.append(names_member(columns, named_in, member))
    truths.append(np.where(np.all(good, axis=0), TRUE, UNKNOWN).astype(np.int8))
    key = columns.table.register.key
    return Items(
        query=query,
        columns=columns,
        truth=np.minimum.reduce(truths),
        day=columns.days(dated) if dated else np.zeros(len(columns), dtype=np.int64),
        event=columns.values(query.event) if query.event else None,
        subject=columns.values(query.subject) if query.subject else None,
        key=columns.values(key) if query.named_by_subject and key else None,
        period=columns.values(query.period) if query.period else None,
        period_read=columns.read(query.period) if query.period else None,
    )


def names_member(columns: Columns, name: str, member: Member) -> Truth:
    """Whether the cell of each row names a member of a fixed list."""
    if columns.table.register.column(name).type == "codes":
        return all_of(columns, (Condition(column=name, includes=(member.id,)),))
    return all_of(columns, (Condition(column=name, equals=member.id),))


# Obligations and items --------------------------------------------------------------------------

#: Further apart than any two days.
_APART = np.int64(1) << 32


class Nth(NamedTuple):
    """For each obligation the nth of its items: its ``day`` (NO_DAY where there are fewer than n),
    and the n of them (a frame MET)."""

    day: Ints
    met: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Meeting:
    """The items of all queries (``items``, a frame ITEMS), those that are about the same together,
    then by day and raw cells; for each item the place of the first that is about the same
    (``group``); and for each obligation the places of its own: from ``first`` on, before
    ``end``. ``asked``: which of the ``queries`` is each obligation's."""

    items: pd.DataFrame
    group: Ints
    first: Ints
    end: Ints
    queries: Sequence[Items]
    asked: Ints

    def earliest(self, since: Ints, needed: Ints) -> Nth:
        """The nth earliest item from the day ``since`` on; those with one value in the column in
        which the items of the query have to differ count once (texts are one where they differ in
        capitals or spaces alone)."""
        days = self.group * _APART + ints(self.items, "day")
        first = np.searchsorted(days, self.first * _APART + since)
        first = np.clip(first, self.first, self.end)
        differ = self._differing()
        some = np.minimum(self.end, first + needed)
        found = _spread(first, np.where(differ, self.end, some))
        if differ.any():
            found["value"] = ints(self.items, "value")[ints(found, "item")]
            found = found.drop_duplicates(["obligation", "value"])
        return self._nth(found, needed)

    def latest(self, needed: Ints) -> Nth:
        """The nth latest item."""
        found = _spread(np.maximum(self.first, self.end - needed), self.end)
        return self._nth(found.iloc[::-1].sort_values("obligation", kind="stable"), needed)

    def longest(self) -> tuple[Ints, pd.DataFrame]:
        """The last day of the item that is in place longest, of equal ones that which began last,
        and that item (a frame MET)."""
        until = pd.Series(ints(self.items, "until"))
        latest = until[::-1].groupby(self.group[::-1]).idxmax()
        has = np.flatnonzero(self.end > self.first)
        item = latest.reindex(self.first[has]).to_numpy()
        day = np.full(len(self.first), NO_DAY, dtype=np.int64)
        day[has] = until[item]
        return day, self._met(pd.DataFrame({"obligation": has, "item": item}))

    def last_days(self) -> Ints:
        """The day of each obligation's latest item; NO_DAY where it has none."""
        days = np.append(ints(self.items, "day"), NO_DAY)
        return np.where(self.end > self.first, days[self.end - 1], NO_DAY)

    def _nth(self, found: pd.DataFrame, needed: Ints) -> Nth:
        needed_of = needed[ints(found, "obligation")]
        rank = found.groupby("obligation").cumcount().to_numpy()
        last = found[rank == needed_of - 1]
        day = np.full(len(self.first), NO_DAY, dtype=np.int64)
        day[ints(last, "obligation")] = ints(self.items, "day")[ints(last, "item")]
        return Nth(day, self._met(found[rank < needed_of]))

    def _met(self, found: pd.DataFrame) -> pd.DataFrame:
        of = {name: ints(self.items, name)[ints(found, "item")] for name in ("register", "row")}
        return made(MET, len(found), obligation=ints(found, "obligation"), **of)

    def _differing(self) -> Flags:
        """Whether each obligation's items have to differ."""
        differ = np.array([query.query.distinct is not None for query in self.queries], np.bool_)
        return differ[self.asked]


def _spread(first: Ints, end: Ints) -> pd.DataFrame:
    """Each obligation beside each of its items (``obligation``, ``item``: places in the frames)."""
    count = np.maximum(end - first, 0)
    obligation = np.repeat(np.arange(len(first)), count)
    begins = np.cumsum(count) - count
    item = np.arange(len(obligation)) - np.repeat(begins - first, count)
    return pd.DataFrame({"obligation": obligation, "item": item})


def meet(obligations: pd.DataFrame, editions: Editions, select_by: Select = selected) -> Meeting:
    """Obligations and the qualifying items that are about the same: a merge on the query and on
    what it asks an item to name (the event, the subject, a key that the subject's own row gives, or
    the event's own row), with a number of its own for 'names nothing'."""
    queries, asked = _queries(obligations, editions, select_by)
    items, group = _sorted(_qualifying(queries, editions.as_of_day, editions.names), queries)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    end = np.append(first[1:], len(items))[: len(first)]
    groups = items[list(ABOUT)].take(first).assign(first=first, end=end)
    about = _about(obligations, editions, queries, asked)
    found = about.merge(groups, how="left", on=list(ABOUT))[["first", "end"]].fillna(0)
    found = found.astype(np.int64)
    return Meeting(
        items,
        np.repeat(first, end - first),
        ints(found, "first"),
        ints(found, "end"),
        queries,
        asked,
    )


def _queries(
    obligations: pd.DataFrame, editions: Editions, select_by: Select
) -> tuple[list[Items], Ints]:
    """The distinct selections, and for each obligation which one is its own."""
    edition, member = ints(obligations, "edition"), ints(obligations, "member")
    most = int(member.max(initial=0)) + 2
    codes, of = np.unique(edition * most + member + 1, return_inverse=True)
    selections = [
        select_by(editions.scope(e), int(editions.number[e]), editions.version[e].member(n - 1))
        for e, n in (divmod(code, most) for code in codes.tolist())
    ]
    distinct = {id(selection): selection for selection in selections}
    places = {one: place for place, one in enumerate(distinct)}
    asked = np.array([places[id(selection)] for selection in selections], dtype=np.int64)
    return list(distinct.values()), asked[of]


def _qualifying(queries: Sequence[Items], as_of_day: int, names: Names) -> pd.DataFrame:
    """The qualifying items of all queries (a frame ITEMS)."""
    parts: list[dict[str, Ints]] = []
    for number, each in enumerate(queries):
        rows, query, columns = each.counting(as_of_day), each.query, each.columns
        key = columns.table.register.key if query.named_by_subject else None
        if key:
            rows = rows[names.column(columns, key)[rows] != NAMES_NOTHING]
        named = {"event": query.event, "subject": query.subject, "key": key}
        part = {to: names.column(columns, name)[rows] for to, name in named.items() if name}
        values = -1 - rows  # each differs from the others
        if query.distinct:
            cells = columns.values(query.distinct)[rows].tolist()
            alike = [normal_key(cell) if isinstance(cell, str) else cell for cell in cells]
            values = np.array([names.number(value) for value in alike], dtype=np.int64)
        until = each.day if each.until is None else each.until
        said = {"query": number, "register": names.number(each.register)}
        part |= {name: np.full(len(rows), value) for name, value in said.items()}
        part |= {"own": rows if query.itself else np.full(len(rows), -1)}
        part |= {"row": rows, "day": each.day[rows], "until": until[rows], "value": values}
        parts.append(dict.fromkeys(ITEMS, np.zeros(len(rows), dtype=np.int64)) | part)
    columns_of = {name: np.concatenate([part[name] for part in parts]) for name in ITEMS if parts}
    return made(ITEMS, len(columns_of["row"]) if parts else 0, **columns_of)


def _sorted(items: pd.DataFrame, queries: Sequence[Items]) -> tuple[pd.DataFrame, Ints]:
    """The items, those about the same together (under one number), then by day; those of one day in
    the order of their raw cells, so that the order of rows changes nothing."""
    group = items.groupby(list(ABOUT), sort=False).ngroup().to_numpy().astype(np.int64)
    day, tie = ints(items, "day"), np.zeros(len(items), dtype=np.int64)
    tied = items[pd.DataFrame({"group": group, "day": day}).duplicated(keep=False)]
    for query in np.unique(ints(tied, "query")).tolist():
        its = tied[ints(tied, "query") == query]
        raw = [column.raw for column in queries[query].columns.table.columns.values()]
        cells = [(*(column[row] for column in raw), row) for row in ints(its, "row").tolist()]
        place = {each: number for number, each in enumerate(sorted(set(cells)))}
        tie[its.index] = [place[cell] for cell in cells]
    order = np.lexsort((tie, day, group))
    return items.take(order).reset_index(drop=True), group[order]


def _about(
    obligations: pd.DataFrame,
    editions: Editions,
    queries: Sequence[Items],
    asked: Ints,
) -> pd.DataFrame:
    """What each obligation asks an item to name: the columns of ABOUT. A ``key`` is that of the
    item that the subject's own row names, in the list of the version that made the obligation;
    NAMES_NOTHING where it names none."""

    def said(name: str, asks: Callable[[EvidenceQuery], object], otherwise: int) -> Ints:
        naming = np.array([bool(asks(query.query)) for query in queries], dtype=np.bool_)
        return np.where(naming[asked], ints(obligations, name), otherwise)

    edition, key = ints(obligations, "edition"), np.zeros(len(obligations), dtype=np.int64)
    for one, mine in editions.parts(edition):
        people = editions.version[one].population
        if people and (named := editions.version[one].query.named_by_subject):
            keys = editions.names.column(editions.columns[people.register], named)
            key[mine] = keys[ints(obligations, "subject_row")[mine]]
    return made(
        ABOUT,
        len(obligations),
        query=asked,
        event=said("event", lambda query: query.event, 0),
        subject=said("subject", lambda query: query.subject, 0),
        own=said("event_row", lambda query: query.itself, -1),
        key=key,
    )
