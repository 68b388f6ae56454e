"""Which items meet which obligations: the join of obligations and evidence, and the nth item."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.days import NO_DAY, Flags, Ints
from engine.frames.grid import Grid, Texts, same
from engine.frames.in_place import in_place
from engine.frames.items import Items, select
from engine.frames.roles import held_in_turn
from engine.frames.scope import Scope
from evidence.cells.text import normal_key
from rules.patterns import EvidenceQuery, Standing
from rules.subject import FixedList, Member

#: What was found for each obligation, with what stands there where nothing is said. Days are
#: ordinals. ``since``: the deadline from which days over count; ``next_deadline``: the next to
#: come once it is met; ``anchor``, ``anchor_day``: from which day the deadline was reckoned.
NOTHING_FOUND: dict[str, object] = {
    "opens": NO_DAY,
    "deadline": NO_DAY,
    "since": NO_DAY,
    "next_deadline": NO_DAY,
    "enough_in_time": False,
    "enough_late": False,
    "late_days": 0,
    "within_notice": False,
    "ever_done": False,
    "earlier_missed": False,
    "lapse_over": False,
    "year_over": False,
    "before_records": False,
    "last_done": NO_DAY,
    "anchor": "",
    "anchor_day": NO_DAY,
    "anchor_row": -1,
}


class Pairs(NamedTuple):
    """Obligations beside qualifying items, a pair in each place: the row of the obligation in its
    table (``ob``), the row of the item in its register, the item's day and, of what stands, the
    last day on which it is in place (``until``; otherwise its day again)."""

    ob: Ints
    item: Ints
    day: Ints
    until: Ints

    def only(self, which: Flags | Ints) -> Pairs:
        """The pairs that are flagged, or those in these places."""
        return Pairs(*(column[which] for column in self))


@dataclass(frozen=True, slots=True)
class Nth:
    """For each obligation, the nth of its items: ``day`` (NO_DAY where there are fewer than n),
    and the n rows themselves, as tuples of row numbers."""

    day: Ints
    rows: Texts


def items_of(scope: Scope, number: int, member: Member | None = None) -> Items:
    """The rows of evidence under a version (and for a member of its fixed list), selected once."""
    version = scope.version(number).version
    query = version.evidence
    if query is None:  # refused by rules.lint.all: such a pattern has evidence
        raise ValueError(f"{scope.duty.duty.id} has no evidence")
    kind = getattr(version.pattern, "period", None) if query.period else None
    named_in = version.subjects.named_in if isinstance(version.subjects, FixedList) else None
    asked = (query, member, named_in if member else None, kind)
    standing = version.pattern if isinstance(version.pattern, Standing) else None
    if (asked, standing) not in scope.kept:
        columns = scope.register(query.register)
        items = select(columns, query, member, asked[2], kind)
        if standing:
            items = in_place(columns, items, standing)
            items = held_in_turn(columns, items, asked[:3], standing)
        scope.kept[asked, standing] = items
    return scope.kept[asked, standing]


def pairs(scope: Scope, number: int, table: Grid) -> Pairs:
    """Each obligation of ``table`` (all of one version) with each qualifying item for its subject
    and event."""
    version = scope.version(number).version
    query = version.evidence
    assert query is not None
    if not isinstance(version.subjects, FixedList):
        return _pairs(scope, query, items_of(scope, number), table)
    found = []
    for n, each in enumerate(version.subjects.members):
        mine = np.flatnonzero(table["member"] == n)
        of_member = _pairs(scope, query, items_of(scope, number, each), table.only(mine))
        found.append(of_member._replace(ob=mine[of_member.ob]))
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _pairs(scope: Scope, query: EvidenceQuery, items: Items, table: Grid) -> Pairs:
    rows = items.counting(scope.as_of)
    asked: list[Sequence[object]] = []
    named: list[Sequence[object]] = []
    if query.itself:
        asked.append(table.cells("event_row"))
        named.append(rows.tolist())
    for name, values in (("event", items.event), ("subject", items.subject)):
        if values is not None:
            asked.append(table.cells(name))
            named.append(values[rows].tolist())
    if items.key is not None:
        asked.append(_named(scope, query, table))
        named.append(items.key[rows].tolist())
    if asked:
        ob, at = _alike(zip(*asked, strict=True), zip(*named, strict=True))
    else:
        ob = np.repeat(np.arange(len(table)), len(rows))
        at = np.tile(np.arange(len(rows)), len(table))
    item = rows[at]
    until = items.day if items.until is None else items.until
    return Pairs(ob, item, items.day[item], until[item])


def _alike(left: Iterable[Hashable], right: Iterable[Hashable]) -> tuple[Ints, Ints]:
    """Every pair of places, one on the left and one on the right, where the same stands."""
    places: dict[Hashable, list[int]] = {}
    for at, value in enumerate(right):
        places.setdefault(value, []).append(at)
    found = [(ob, at) for ob, value in enumerate(left) for at in places.get(value, ())]
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _named(scope: Scope, query: EvidenceQuery, table: Grid) -> list[object]:
    """The key of the item that each subject's own row names, in the list of the version that made
    the table; what equals no key where it names none."""
    if not len(table):
        return []
    number = table["version"][0]
    subjects = scope.version(number).version.subjects
    register = getattr(subjects, "register", "")
    values = scope.register(register).values(query.named_by_subject or "")
    named = values[table.ints("subject_row")].tolist()
    return ["\0none" if value is None else value for value in named]


def nth(
    columns: Columns, found: Pairs, count: int, needed: int | Ints, latest: bool = False
) -> Nth:
    """The nth earliest (or latest) item of each of ``count`` obligations, and the n rows; n is
    ``needed``, or one n for each. Items of one day stand in the order of their raw cells, so that
    the order of rows changes nothing."""
    ordered = in_order(columns, found, latest)
    place = np.arange(len(ordered.ob))
    begins = np.ones(len(place), dtype=np.bool_)
    begins[1:] = ordered.ob[1:] != ordered.ob[:-1]
    rank = place - np.maximum.accumulate(np.where(begins, place, 0))
    wanted = np.broadcast_to(needed, count)[ordered.ob]
    day = np.full(count, NO_DAY, dtype=np.int64)
    last = ordered.only(rank == wanted - 1)
    day[last.ob] = last.day
    rows = same((), count)
    taken = ordered.only(rank < wanted)
    for ob, item in zip(taken.ob.tolist(), taken.item.tolist(), strict=True):
        rows[ob] = (*rows[ob], item)
    return Nth(day, rows)


def once_each(columns: Columns, found: Pairs, distinct: str | None) -> Pairs:
    """The pairs, of which those of one obligation with one value in the column ``distinct`` count
    once: the earliest. Texts are one value where they differ in capitals or spaces alone."""
    if distinct is None:
        return found
    ordered = in_order(columns, found)
    values = [
        normal_key(value) if isinstance(value, str) else value
        for value in columns.values(distinct)[ordered.item].tolist()
    ]
    first: dict[tuple[int, object], int] = {}
    for at, value in enumerate(zip(ordered.ob.tolist(), values, strict=True)):
        first.setdefault(value, at)
    return ordered.only(np.array(list(first.values()), dtype=np.int64))


def in_order(columns: Columns, found: Pairs, latest: bool = False) -> Pairs:
    """The pairs by obligation, then by day and raw cells (from the last on, if asked)."""
    sign = -1 if latest else 1
    by_day = found.only(np.lexsort((sign * found.day, found.ob)))
    alike = (by_day.ob[1:] == by_day.ob[:-1]) & (by_day.day[1:] == by_day.day[:-1])
    if not alike.any():
        return by_day
    tied = np.zeros(len(by_day.ob), dtype=np.bool_)
    tied[1:] |= alike
    tied[:-1] |= alike
    tie = np.zeros(len(by_day.ob), dtype=np.int64)
    tie[tied] = _raw_order(columns, by_day.item[tied])
    return by_day.only(np.lexsort((sign * tie, sign * by_day.day, by_day.ob)))


def _raw_order(columns: Columns, rows: Ints) -> Ints:
    table = columns.table
    cells = [column.raw for column in table.columns.values()]
    distinct = sorted(set(rows.tolist()), key=lambda row: (tuple(c[row] for c in cells), row))
    place = {row: order for order, row in enumerate(distinct)}
    return np.array([place[row] for row in rows.tolist()], dtype=np.int64)


def last_days(found: Pairs, count: int) -> Ints:
    """The latest day of each of ``count`` obligations' items; NO_DAY where it has none."""
    latest = np.full(count, NO_DAY, dtype=np.int64)
    np.maximum.at(latest, found.ob, found.day)
    return latest
