"""Near rows: rows of evidence that would count if the row that they name did, and why that row
does not count (semantics.md: Evidence)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, ItemRef
from engine.proof.conditions import evidence_results, own_asks
from engine.proof.key_rows import KeyRows, key_asks, key_column
from engine.proof.naming import ITSELF, name_of, named_rows
from engine.proof.phrases import count_words
from engine.proof.search import Timing, timing_of
from evidence.cells.text import listed
from rules.condition import Condition
from rules.patterns import Completeness

#: How many rows are named at most; the others are counted.
_MOST = 2


class Lacking(NamedTuple):
    """A row that would count if the rows that it names in these ``columns`` did, and in ``words``
    why they do not."""

    ref: ItemRef
    columns: tuple[str, ...]
    words: str


class _Near(NamedTuple):
    """The near rows of one selection, the ``latest`` first, by what they name in their ``role``
    (None: nothing, so they may be about anything), and what each row lacks."""

    role: str
    latest: Mapping[object, Sequence[int]]
    timing: Timing
    lacking: Mapping[int, Lacking]


class NearRows:
    """The near rows of one duty."""

    def __init__(self, scope: Scope, keys: KeyRows) -> None:
        self._scope = scope
        self._keys = keys
        self._near = cache(partial(_near, scope, keys))

    def words(self, obligation: Obligation, answer: Answer) -> str:
        """Which rows would count for an unmet obligation, and why what they name does not; '' where
        there is no such row."""
        lacking, count = self._lacking(obligation, answer)
        sentences = [row.words for row in lacking]
        if more := count - len(lacking):
            sentences.append(f"The same applies to {count_words(more, 'other row')}.")
        return " ".join(sentences)

    def cells(self, obligation: Obligation, answer: Answer) -> Iterator[tuple[ItemRef, str]]:
        """The cells that the words mention, each by its row and column."""
        for row in self._lacking(obligation, answer)[0]:
            yield from ((row.ref, column) for column in row.columns)

    def _lacking(self, obligation: Obligation, answer: Answer) -> tuple[Sequence[Lacking], int]:
        """The latest of the near rows that are about it and not too early, and their number."""
        version = self._scope.version(obligation.version_number).rule
        if isinstance(version.pattern, Completeness):
            row = obligation.event_row
            columns = self._scope.register(version.pattern.records.register)
            asks = key_asks(columns, version.pattern.asks) if row >= 0 else ()
            record = list(_lacking_rows(self._keys, columns, [row], asks, "is not complete"))
            return record, len(record)
        near = self._near(obligation.version_number, obligation.member)
        if near is None or answer.opens is None:
            return (), 0
        name = name_of(self._scope, version, near.role, obligation)
        if near.role == ITSELF:
            itself = [near.lacking[row] for row in near.latest.get(name, ())]
            return itself, len(itself)
        lasting = obligation.anchor not in ("event", "")
        first = answer.last_done if lasting and answer.last_done else answer.opens
        latest: list[int] = []
        count = 0
        for rows in (near.latest.get(named, ()) for named in dict.fromkeys((name, None))):
            fitting, number = _in_time(near.timing, rows, first.toordinal(), obligation.window)
            latest += fitting
            count += number
        latest.sort(key=lambda row: (-near.timing.days[row], row))
        return [near.lacking[row] for row in latest[:_MOST]], count


def _in_time(
    timing: Timing, rows: Sequence[int], first: int, window: str
) -> tuple[Sequence[int], int]:
    """The latest of these rows that are not before a day, or that name the window, and the number
    of all of them."""
    days, named = timing.days, timing.periods
    if named is None:  # a bisection, because many obligations share many rows
        count = bisect_right(rows, -first, key=lambda row: -days[row])
        return rows[: min(count, _MOST)], count
    fitting = [
        row
        for row in rows
        if (named[row] == window if named[row] is not None else days[row] >= first)
    ]
    return fitting[:_MOST], len(fitting)


def _near(scope: Scope, keys: KeyRows, number: int, member: int) -> _Near | None:
    """The rows that meet every condition but some of those by which a cell names a row."""
    version = scope.version(number).rule
    columns = scope.register(version.query.register)
    asks = key_asks(columns, own_asks(version, member))
    if not asks:
        return None
    timing = timing_of(scope, number, member)
    which = np.array(timing.days) <= scope.as_of_day
    named = np.full(len(columns), TRUE)
    for result in evidence_results(columns, version, member):
        if result.keys:
            named = np.minimum(named, result.truth)
        else:
            which &= result.truth == TRUE
    rows = np.flatnonzero(which & (named == FALSE)).tolist()
    lacking_rows = _lacking_rows(keys, columns, rows, asks, "does not count")
    lacking = {row.ref.row: row for row in lacking_rows}
    near = np.zeros(len(columns), np.bool_)
    near[list(lacking)] = True
    role, by_name = named_rows(columns, version, near)
    latest = {
        name: sorted(rows, key=lambda row: (-timing.days[row], row))
        for name, rows in by_name.items()
    }
    return _Near(role, latest, timing, lacking)


def _lacking_rows(
    keys: KeyRows, columns: Columns, rows: Sequence[int], asks: Sequence[Condition], result: str
) -> Iterator[Lacking]:
    """The rows that name a row that does not count under ``asks``."""
    register = columns.table.register
    for row in rows:
        whys: dict[str, str] = {}
        for ask in asks:
            column, why = key_column(register, ask), keys.why_not(columns, row, ask)
            if why:
                heading = columns.table.heading(row, column)
                whys.setdefault(column, f"in '{heading}', {why}")
        if whys:
            place = columns.table.place(row)
            words = f"Row {place.row} of {place.sheet} {result}: {listed(list(whys.values()))}."
            yield Lacking(ItemRef(register.id, row), tuple(whys), words)
