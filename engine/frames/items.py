"""Which rows of evidence qualify, and which of them each obligation may count."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns, Texts
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, Truth, all_of
from engine.columns.days import NO_DAY, Flags, Ints
from engine.columns.periods import period_kind
from engine.frames.schema import ABOUT, ITEMS, MET, NAMES_NOTHING, Names, ints, made
from engine.frames.scope import Editions, Scope
from evidence.cells.text import normal_key
from evidence.table import CellState
from rules.condition import Condition
from rules.model import Version
from rules.patterns import Completeness, EvidenceQuery, Periodic
from rules.subject import FixedList, Member, Population


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

    def counting(self, as_of: int) -> Ints:
        """The rows that qualify: true, and dated by D (semantics.md, Evidence)."""
        return np.flatnonzero((self.truth == TRUE) & (self.day <= as_of)).astype(np.int64)


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
    """What is asked of the evidence under a version, for a member of its fixed list."""
    query = version.evidence
    if query is None:  # refused by rules.lint.all: such a pattern has evidence
        raise ValueError("this pattern has no evidence of its own")
    kind = version.pattern.period if isinstance(version.pattern, Periodic) else None
    named_in = version.subjects.named_in if isinstance(version.subjects, FixedList) else None
    return query, member, named_in if member else None, kind if query.period else None


def evidence_register(version: Version) -> str:
    """The register in which a version looks for what meets it; '' where it looks in none."""
    if isinstance(version.pattern, Completeness):
        return version.pattern.records.register
    return version.evidence.register if version.evidence else ""


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
        query=query,
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


#: Further apart than any two days.
_APART = np.int64(1) << 32

# Obligations and items --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Nth:
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
    names: Names

    def earliest(self, since: Ints, needed: Ints) -> Nth:
        """The nth earliest item from the day ``since`` on; those with one value in the column in
        which the items of the query have to differ count once (texts are one where they differ in
        capitals or spaces alone)."""
        first = self._from(since)
        differ = self._differing()
        some = np.minimum(self.end, first + needed)
        found = _spread(first, np.where(differ, self.end, some))
        if differ.any():
            found["value"] = self._values(found["item"].to_numpy())
            found = found.drop_duplicates(["obligation", "value"])
        return self._nth(found, needed)

    def latest(self, needed: Ints) -> Nth:
        """The nth latest item."""
        found = _spread(np.maximum(self.first, self.end - needed), self.end)
        return self._nth(found.iloc[::-1].sort_values("obligation", kind="stable"), needed)

    def longest(self) -> tuple[Ints, pd.DataFrame]:
        """The last day of the item that is in place longest, of equal ones that which began last,
        and that item (a frame MET)."""
        every = pd.DataFrame({"group": self.group, "until": ints(self.items, "until")})
        every["item"] = np.arange(len(every))
        last = every.sort_values(["group", "until", "item"]).drop_duplicates("group", keep="last")
        place = np.full(len(self.items) + 1, -1, dtype=np.int64)
        place[ints(last, "group")] = ints(last, "item")
        best = np.where(self.end > self.first, place[self.first], -1)
        has = best >= 0
        until = np.full(len(best), NO_DAY, dtype=np.int64)
        until[has] = ints(self.items, "until")[best[has]]
        found = pd.DataFrame({"obligation": np.flatnonzero(has), "item": best[has]})
        return until, self._met(found)

    def last_days(self) -> Ints:
        """The day of each obligation's latest item; NO_DAY where it has none."""
        days = np.append(ints(self.items, "day"), NO_DAY)
        return np.where(self.end > self.first, days[self.end - 1], NO_DAY)

    def _from(self, since: Ints) -> Ints:
        """The place of the first of each obligation's items that is dated by ``since`` or later."""
        days = self.group * _APART + ints(self.items, "day")
        return np.clip(np.searchsorted(days, self.first * _APART + since), self.first, self.end)

    def _nth(self, found: pd.DataFrame, needed: Ints) -> Nth:
        count, obligation = len(self.first), found["obligation"].to_numpy()
        rank = found.groupby("obligation").cumcount().to_numpy()
        last = found[rank == needed[obligation] - 1]
        day = np.full(count, NO_DAY, dtype=np.int64)
        day[ints(last, "obligation")] = ints(self.items, "day")[ints(last, "item")]
        return Nth(day, self._met(found[rank < needed[obligation]]))

    def _met(self, found: pd.DataFrame) -> pd.DataFrame:
        taken = ints(found, "item")
        registers = [self.names.number(each.register) for each in self.queries]
        of = np.array(registers, dtype=np.int64)[ints(self.items, "query")[taken]]
        rows = ints(self.items, "row")[taken]
        return made(MET, len(found), obligation=ints(found, "obligation"), register=of, row=rows)

    def _differing(self) -> Flags:
        """Whether each obligation's items have to differ."""
        differ = np.array([each.query.distinct is not None for each in self.queries], np.bool_)
        return differ[self.asked]

    def _values(self, items: Ints) -> Ints:
        """What each item holds in the column in which it has to differ; elsewhere the item."""
        of, rows = ints(self.items, "query")[items], ints(self.items, "row")[items]
        found = items.copy()
        for number, each in enumerate(self.queries):
            if each.query.distinct is not None:
                mine = of == number
                values = each.columns.values(each.query.distinct)[rows[mine]].tolist()
                found[mine] = [-1 - self.names.number(_alike(value)) for value in values]
        return found


def _alike(value: Hashable) -> Hashable:
    return normal_key(value) if isinstance(value, str) else value


def _spread(first: Ints, end: Ints) -> pd.DataFrame:
    """Each obligation beside each of its items (``obligation``, ``item``: places in the frames)."""
    count = np.maximum(end - first, 0)
    obligation = np.repeat(np.arange(len(first)), count)
    begins = np.cumsum(count) - count
    item = np.arange(len(obligation)) - np.repeat(begins - first, count)
    return pd.DataFrame({"obligation": obligation, "item": item})


def meet(
    obligations: pd.DataFrame, editions: Editions, names: Names, select_by: Select = selected
) -> Meeting:
    """Obligations and the qualifying items that are about the same: a merge on the query and on
    what it asks an item to name (the event, the subject, a key that the subject's own row gives, or
    the event's own row), with a number of its own for 'names nothing'."""
    queries, asked = _queries(obligations, editions, select_by)
    items, group = _sorted(_qualifying(queries, editions.as_of, names), queries)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    end = np.append(first[1:], len(items))[: len(first)]
    groups = items[list(ABOUT)].take(first).assign(first=first, end=end)
    about = _about(obligations, editions, names, queries, asked)
    found = about.merge(groups, how="left", on=list(ABOUT))[["first", "end"]].fillna(0)
    return Meeting(
        items,
        np.repeat(first, end - first),
        found["first"].to_numpy().astype(np.int64),
        found["end"].to_numpy().astype(np.int64),
        queries,
        asked,
        names,
    )


def _queries(
    obligations: pd.DataFrame, editions: Editions, select_by: Select
) -> tuple[list[Items], Ints]:
    """The distinct selections, and for each obligation which one is its own."""
    edition, member = ints(obligations, "edition"), ints(obligations, "member")
    most = int(member.max(initial=0)) + 2
    codes, of = np.unique(edition * most + member + 1, return_inverse=True)
    numbers: dict[int, int] = {}
    queries: list[Items] = []
    asked = []
    for code in codes.tolist():
        e, n = code // most, code % most - 1
        subjects = editions.version[e].subjects
        one = subjects.members[n] if isinstance(subjects, FixedList) else None
        items = select_by(editions.scope(e), int(editions.number[e]), one)
        if id(items) not in numbers:
            numbers[id(items)] = len(queries)
            queries.append(items)
        asked.append(numbers[id(items)])
    return queries, np.array(asked, dtype=np.int64)[of]


def _qualifying(queries: Sequence[Items], as_of: int, names: Names) -> pd.DataFrame:
    """The qualifying items of all queries (a frame ITEMS)."""
    parts: list[dict[str, Ints]] = []
    for number, each in enumerate(queries):
        rows, query, columns = each.counting(as_of), each.query, each.columns
        key = columns.table.register.key if query.named_by_subject else None
        named = {"event": query.event, "subject": query.subject, "key": key}
        numbers = {to: names.column(columns, name) for to, name in named.items() if name}
        if key:
            rows = rows[numbers["key"][rows] != NAMES_NOTHING]
        until = each.day if each.until is None else each.until
        nothing = np.zeros(len(rows), dtype=np.int64)
        part = {to: numbers[to][rows] if to in numbers else nothing for to in named}
        part |= {"query": nothing + number, "own": rows if query.itself else nothing - 1}
        parts.append(part | {"row": rows, "day": each.day[rows], "until": until[rows]})
    if not parts:
        return made(ITEMS, 0)
    columns_of = {name: np.concatenate([part[name] for part in parts]) for name in ITEMS}
    return made(ITEMS, len(columns_of["row"]), **columns_of)


def _sorted(items: pd.DataFrame, queries: Sequence[Items]) -> tuple[pd.DataFrame, Ints]:
    """The items, those about the same together (under one number), then by day; those of one day in
    the order of their raw cells, so that the order of rows changes nothing."""
    group = items.groupby(list(ABOUT), sort=False).ngroup().to_numpy().astype(np.int64)
    day = ints(items, "day")
    order = np.lexsort((day, group))
    tied = np.zeros(len(items), dtype=np.bool_)
    alike = (np.diff(group[order]) == 0) & (np.diff(day[order]) == 0)
    tied[order[1:][alike]] = tied[order[:-1][alike]] = True
    if tied.any():
        tie = np.zeros(len(items), dtype=np.int64)
        for columns, of_register in _by_register(items, queries):
            mine = of_register & tied
            tie[mine] = _raw_order(columns, ints(items, "row")[mine])
        order = np.lexsort((tie, day, group))
    return items.take(order).reset_index(drop=True), group[order]


def _by_register(items: pd.DataFrame, queries: Sequence[Items]) -> Iterator[tuple[Columns, Flags]]:
    registers = [each.register for each in queries]
    query = ints(items, "query")
    for register in dict.fromkeys(registers):
        mine = np.array([each == register for each in registers], dtype=np.bool_)
        yield queries[registers.index(register)].columns, mine[query]


def _raw_order(columns: Columns, rows: Ints) -> Ints:
    cells = [column.raw for column in columns.table.columns.values()]
    distinct = sorted(set(rows.tolist()), key=lambda row: (tuple(c[row] for c in cells), row))
    place = {row: order for order, row in enumerate(distinct)}
    return np.array([place[row] for row in rows.tolist()], dtype=np.int64)


def _about(
    obligations: pd.DataFrame,
    editions: Editions,
    names: Names,
    queries: Sequence[Items],
    asked: Ints,
) -> pd.DataFrame:
    """What each obligation asks an item to name: the columns of ABOUT."""
    named: dict[str, Sequence[object]] = {
        "event": [each.query.event for each in queries],
        "subject": [each.query.subject for each in queries],
        "key": [each.query.named_by_subject for each in queries],
        "own": [each.query.itself for each in queries],
    }
    asks = {name: np.array([bool(each) for each in said])[asked] for name, said in named.items()}
    said = {
        "event": np.where(asks["event"], ints(obligations, "event"), 0),
        "subject": np.where(asks["subject"], ints(obligations, "subject"), 0),
        "own": np.where(asks["own"], ints(obligations, "event_row"), -1),
        "key": np.zeros(len(obligations), dtype=np.int64),
    }
    if asks["key"].any():
        said["key"] = _own_keys(obligations, editions, names)
    return made(ABOUT, len(obligations), query=asked, **said)


def _own_keys(obligations: pd.DataFrame, editions: Editions, names: Names) -> Ints:
    """The key of the item that each subject's own row names, in the list of the version that made
    the obligation; NAMES_NOTHING where it names none, 0 where it is not asked."""
    found = np.zeros(len(obligations), dtype=np.int64)
    for edition, mine in editions.parts(ints(obligations, "edition")):
        version = editions.version[edition]
        named = version.evidence.named_by_subject if version.evidence else None
        if named and isinstance(version.subjects, Population):
            columns = editions.columns[version.subjects.register]
            found[mine] = names.column(columns, named)[ints(obligations, "subject_row")[mine]]
    return found
