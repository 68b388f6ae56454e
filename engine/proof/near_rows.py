"""Rows of evidence that would count for an obligation if the row that they name did: which row that
is, and why it does not count (semantics.md, Evidence: A key is filled)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, all_of
from engine.columns.days import Ints
from engine.frames.items import Items, select
from engine.frames.scope import Scope
from engine.obligation import Obligation, member_of
from engine.outcome import Answer, ItemRef
from engine.proof.key_rows import KeyRows, key_asks, naming_column
from engine.proof.too_late import own_asks
from engine.proof.unread import Suspects, about, by_name
from evidence.cells.text import listed
from rules.condition import Condition
from rules.model import Version
from rules.pattern import Completeness, Periodic, Standing
from rules.subject import FixedList, Member

#: So many rows are named at the most; the others are counted.
_MOST = 2


@dataclass(frozen=True, slots=True)
class _Near:
    """The near rows of one selection: by what they name, with the day and the period of each, and
    the conditions by which a cell of them has to name a row."""

    rows: Suspects
    day: Ints
    period: Sequence[object] | None
    asks: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A row that would count if the rows did that it names in these columns, and why those do not,
    in words."""

    ref: ItemRef
    columns: tuple[str, ...]
    words: str


class NearRows:
    """Finds the near rows of one duty, each selection when it is asked for."""

    def __init__(self, scope: Scope, keys: KeyRows) -> None:
        self._scope = scope
        self._keys = keys
        self._found: dict[tuple[int, int], _Near | None] = {}

    def words(self, obligation: Obligation, answer: Answer) -> str:
        """Which rows would count for an unmet obligation, and why what they name does not; '' where
        there is none."""
        lacking = self.lacking(obligation, answer)
        more = len(lacking) - _MOST
        words = " ".join(each.words for each in lacking[:_MOST])
        return f"{words} The same is so of {more} more." if more > 0 else words

    def cells(self, obligation: Obligation, answer: Answer) -> Iterator[tuple[ItemRef, str]]:
        """The cells that the words tell of, each by its row and column."""
        for each in self.lacking(obligation, answer)[:_MOST]:
            yield from ((each.ref, column) for column in each.columns)

    def lacking(self, obligation: Obligation, answer: Answer) -> list[Lacking]:
        """The rows that would count for an unmet obligation, the latest first."""
        number = obligation.version
        version = self._scope.version(number).version
        pattern = version.pattern
        if isinstance(pattern, Completeness):
            columns, own = self._scope.register(pattern.records.register), obligation.event_row
            asks = key_asks(columns, pattern.asks) if own >= 0 else ()
            return list(self._each(columns, [own], asks, "is not complete"))
        if (number, obligation.member) not in self._found:
            self._found[number, obligation.member] = self._looked_up(version, obligation.member)
        near = self._found[number, obligation.member]
        if near is None or version.evidence is None or answer.opens is None:
            return []
        columns = self._scope.register(version.evidence.register)
        own_row = obligation.event_row if version.evidence.itself else -1
        rows = self._in_time(near, obligation, answer, own_row)
        return list(self._each(columns, rows, near.asks, "does not count"))

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

    def _in_time(self, near: _Near, obligation: Obligation, answer: Answer, own: int) -> list[int]:
        """The near rows that are about the obligation and not too early for it, the latest first;
        of one whose ``own`` row is the evidence, that."""
        mine = about(self._scope, near.rows, obligation)
        if own >= 0:
            return [own] if own in mine else []
        opens = answer.opens.toordinal() if answer.opens else 0
        rolls = obligation.anchor not in ("event", "")
        first = answer.last_done.toordinal() if rolls and answer.last_done else opens
        kept = []
        for at in mine:
            named = near.period[at] if near.period is not None else None
            if named == obligation.window if named is not None else near.day[at] >= first:
                kept.append(at)
        return sorted(kept, key=lambda at: (-int(near.day[at]), at))

    def _looked_up(self, version: Version, number: int) -> _Near | None:
        query, member = version.evidence, member_of(version, number)
        assert query is not None
        columns = self._scope.register(query.register)
        where = own_asks(version, number)
        asks = key_asks(columns, where)
        if not asks:
            return None
        items = _without(columns, version, member, asks)
        pattern = version.pattern
        day = columns.days(pattern.begins) if isinstance(pattern, Standing) else items.day
        which = (items.truth == TRUE) & (all_of(columns, where) == FALSE)
        which &= day <= self._scope.as_of
        period = None if items.period is None else items.period.tolist()
        return _Near(by_name(items, np.asarray(which)), day, period, asks)


def _without(
    columns: Columns, version: Version, member: Member | None, asks: Sequence[Condition]
) -> Items:
    """The items as they would be selected without the conditions by which a cell names a row."""
    query, subjects = version.evidence, version.subjects
    assert query is not None
    left = query.model_copy(
        update={"where": _left(query.where, asks), "any_of": _left(query.any_of, asks, whole=True)}
    )
    bare = member.model_copy(update={"where": _left(member.where, asks)}) if member else None
    named_in = subjects.named_in if isinstance(subjects, FixedList) else None
    pattern = version.pattern
    kind = pattern.period if isinstance(pattern, Periodic) and query.period else None
    return select(columns, left, bare, named_in if member else None, kind)


def _left(
    where: tuple[Condition, ...], asks: Sequence[Condition], *, whole: bool = False
) -> tuple[Condition, ...]:
    """The conditions without these; none at all where one of several alternatives is such."""
    kept = tuple(each for each in where if each not in asks)
    return () if whole and len(kept) < len(where) else kept
