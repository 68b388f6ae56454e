"""Rows of evidence that would count for an obligation if the row that they name did: which row that
is, and why it does not count (semantics.md, Evidence: A key is filled)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, all_of
from engine.columns.days import Ints
from engine.frames.items import Items, select
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, ItemRef
from engine.proof.conditions import own_asks
from engine.proof.key_rows import KeyRows, key_asks, naming_column
from engine.proof.unread import by_name, name_of
from evidence.cells.text import listed
from rules.condition import Condition
from rules.model import Version
from rules.patterns import Completeness
from rules.subject import Member

#: So many rows are named at the most; the others are counted.
_MOST = 2


@dataclass(frozen=True, slots=True)
class Lacking:
    """A row that would count if the rows did that it names in these columns, and why those do not,
    in words."""

    ref: ItemRef
    columns: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class _Near:
    """The near rows of one selection: ``latest`` are those that name something, by what they name,
    and under None those that may be about any, the latest first. ``names``: which of an
    obligation's columns the name is. ``lacking`` says what each lacks."""

    names: str
    latest: Mapping[object, Sequence[int]]
    day: Sequence[int]
    period: Sequence[object] | None
    lacking: Mapping[int, Lacking]


class NearRows:
    """Finds the near rows of one duty, each selection when it is asked for."""

    def __init__(self, scope: Scope, keys: KeyRows) -> None:
        self._scope = scope
        self._keys = keys
        self._found: dict[tuple[int, int], _Near | None] = {}

    def words(self, obligation: Obligation, answer: Answer) -> str:
        """Which rows would count for an unmet obligation, and why what they name does not; '' where
        there is none."""
        lacking, count = self._lacking(obligation, answer)
        words = " ".join(each.words for each in lacking)
        more = count - len(lacking)
        return f"{words} The same is so of {more} more." if more > 0 else words

    def cells(self, obligation: Obligation, answer: Answer) -> Iterator[tuple[ItemRef, str]]:
        """The cells that the words tell of, each by its row and column."""
        for each in self._lacking(obligation, answer)[0]:
            yield from ((each.ref, column) for column in each.columns)

    def _lacking(self, obligation: Obligation, answer: Answer) -> tuple[Sequence[Lacking], int]:
        """The latest of the rows that would count for an unmet obligation, and how many there are
        in all."""
        number = obligation.version
        version = self._scope.version(number).version
        pattern = version.pattern
        if isinstance(pattern, Completeness):
            columns, own = self._scope.register(pattern.records.register), obligation.event_row
            asks = key_asks(columns, pattern.asks) if own >= 0 else ()
            found = list(self._each(columns, [own], asks, "is not complete"))
            return found, len(found)
        if (number, obligation.member) not in self._found:
            self._found[number, obligation.member] = self._looked_up(version, obligation.member)
        near = self._found[number, obligation.member]
        if near is None or version.evidence is None or answer.opens is None:
            return (), 0
        if version.evidence.itself and obligation.event_row >= 0:
            itself = near.lacking.get(obligation.event_row)
            return ((), 0) if itself is None else ([itself], 1)
        return self._in_time(near, obligation, answer)

    def _each(
        self, columns: Columns, rows: Sequence[int], asks: Sequence[Condition], what: str
    ) -> Iterator[Lacking]:
        register = columns.table.register
        for row in rows:
            said: dict[str, str] = {}
            for ask in asks:
                column, why = naming_column(register, ask), self._keys.why_not(columns, row, ask)
                if why:
                    said.setdefault(column, f"in '{column}', {why}")
            if said:
                place = columns.table.place(row)
                words = f"Row {place.row} of {place.sheet} {what}: {listed(list(said.values()))}."
                yield Lacking(ItemRef(register.id, row), tuple(said), words)

    def why_named(self, columns: Columns, row: int, column: str) -> str:
        """Which row a cell names, and why that does not count; '' where it names none, or one that
        does."""
        return self._keys.why_not(columns, row, Condition(column=column, filled=True))

    # Which rows ---------------------------------------------------------------------------------

    def _in_time(
        self, near: _Near, obligation: Obligation, answer: Answer
    ) -> tuple[Sequence[Lacking], int]:
        """Those of the near rows that are about the obligation and not too early for it."""
        opens = answer.opens.toordinal() if answer.opens else 0
        rolls = obligation.anchor not in ("event", "")
        first = answer.last_done.toordinal() if rolls and answer.last_done else opens
        name = name_of(self._scope, near.names, obligation)
        latest: list[int] = []
        count = 0
        for rows in (near.latest.get(each, ()) for each in dict.fromkeys((name, None))):
            fitting, number = _not_too_early(near, rows, first, obligation.window)
            latest += fitting
            count += number
        latest.sort(key=lambda at: (-near.day[at], at))
        return [near.lacking[at] for at in latest[:_MOST]], count

    def _looked_up(self, version: Version, number: int) -> _Near | None:
        query, member = version.evidence, version.member(number)
        assert query is not None
        columns = self._scope.register(query.register)
        where = own_asks(version, number)
        asks = key_asks(columns, where)
        if not asks:
            return None
        items = _without(columns, version, member, asks)
        day = columns.days(version.dated_by()) if version.pattern.in_place else items.day
        which = (items.truth == TRUE) & (all_of(columns, where) == FALSE)
        which &= day <= self._scope.as_of
        rows = np.flatnonzero(which).tolist()
        each = self._each(columns, rows, asks, "does not count")
        return _near_of(items, day, {lacking.ref.row: lacking for lacking in each})


def _not_too_early(
    near: _Near, rows: Sequence[int], first: int, window: str
) -> tuple[Sequence[int], int]:
    """The latest of these rows that are not before a day, or that name the window, and how many
    there are. Where no period is named it looks at no row that it does not return: the rows may be
    many, and so may be the obligations that ask for them."""
    if near.period is None:
        count = bisect_right(rows, -first, key=lambda at: -near.day[at])
        return rows[: min(count, _MOST)], count
    named = near.period
    fitting = [
        at
        for at in rows
        if (named[at] == window if named[at] is not None else near.day[at] >= first)
    ]
    return fitting[:_MOST], len(fitting)


def _near_of(items: Items, day: Ints, lacking: Mapping[int, Lacking]) -> _Near:
    """The near rows by what they name, the latest first."""
    which = np.zeros(len(day), np.bool_)
    which[list(lacking)] = True
    found, days = by_name(items, which), day.tolist()
    latest = {
        name: sorted(rows, key=lambda at: (-days[at], at))
        for name, rows in ((None, found.unnamed), *found.by_name.items())
    }
    period = None if items.period is None else items.period.tolist()
    return _Near(found.names, latest, days, period, lacking)


def _without(
    columns: Columns, version: Version, member: Member | None, asks: Sequence[Condition]
) -> Items:
    """The items as they would be selected without the conditions by which a cell names a row."""
    query = version.query
    left = query.model_copy(
        update={"where": _left(query.where, asks), "any_of": _left(query.any_of, asks, whole=True)}
    )
    bare = member.model_copy(update={"where": _left(member.where, asks)}) if member else None
    kind = version.pattern.period_kind if query.period else None
    return select(columns, left, bare, version.named_in if member else None, kind)


def _left(
    where: tuple[Condition, ...], asks: Sequence[Condition], *, whole: bool = False
) -> tuple[Condition, ...]:
    """The conditions without these; none at all where one of several alternatives is such."""
    kept = tuple(each for each in where if each not in asks)
    return () if whole and len(kept) < len(where) else kept
