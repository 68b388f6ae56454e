"""Blocked rows: rows of evidence that fail only because a row that they name (say, a cancelled
meeting) does not count, and why that row does not (semantics.md: Evidence)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

#: How many blocked rows of an obligation are described at most; the others are counted.
_MOST_DESCRIBED = 2


class BlockedRow(NamedTuple):
    """A row that would count if the rows that its cells in ``columns`` name did. ``words`` say why
    those do not: ``Row 4 of Minutes does not count: in 'Meeting', 'SG-9' was cancelled.``"""

    ref: ItemRef
    columns: tuple[str, ...]
    words: str


class _BlockedByName(NamedTuple):
    """The blocked rows under one version, by their numbers in the register. ``latest`` has these
    numbers, the latest row first, by what the rows name in their ``role`` (None: nothing, so they
    may be about anything)."""

    rows: Mapping[int, BlockedRow]
    role: str
    latest: Mapping[object, Sequence[int]]
    timing: Timing


class BlockedRows:
    """Finds the blocked rows of the obligations of one duty."""

    def __init__(self, scope: Scope, keys: KeyRows) -> None:
        self._scope, self._keys = scope, keys
        # Finding them reads whole columns, and the obligations of a version and member share them.
        self._blocked = cache(partial(_blocked_by_name, scope, keys))

    def words(self, obligation: Obligation, answer: Answer) -> str:
        """Why each blocked row of an unmet obligation does not count, in sentences; '' without such
        a row."""
        rows, count = self._about(obligation, answer)
        sentences = [row.words for row in rows]
        if more := count - len(rows):
            sentences.append(f"The same applies to {count_words(more, 'other row')}.")
        return " ".join(sentences)

    def cells(self, obligation: Obligation, answer: Answer) -> Iterator[tuple[ItemRef, str]]:
        """The cells that the words mention, each by its row and column."""
        for row in self._about(obligation, answer)[0]:
            yield from ((row.ref, column) for column in row.columns)

    def _about(self, obligation: Obligation, answer: Answer) -> tuple[Sequence[BlockedRow], int]:
        """The blocked rows to describe for an obligation, and how many it has in all."""
        number = obligation.version_number
        own_row = obligation.event_row
        version = self._scope.version(number).rule
        if isinstance(version.pattern, Completeness):
            return _all_of(self._record(version.pattern, own_row) if own_row >= 0 else [])
        blocked = self._blocked(number, obligation.member)
        if blocked is None or answer.opens is None:
            return (), 0
        name = name_of(self._scope, version, blocked.role, obligation)
        if blocked.role == ITSELF:
            return _all_of([blocked.rows[row] for row in blocked.latest.get(name, ())])
        return _latest_in_time(blocked, dict.fromkeys((name, None)), obligation)

    def _record(self, pattern: Completeness, row: int) -> list[BlockedRow]:
        """The record itself, if a required cell of it names a row that does not count."""
        columns = self._scope.register(pattern.records.register)
        asks = key_asks(columns, pattern.asks)
        return list(_blocked_rows(self._keys, columns, [row], asks, "is not complete"))


def _all_of(rows: Sequence[BlockedRow]) -> tuple[Sequence[BlockedRow], int]:
    return rows, len(rows)


def _latest_in_time(
    blocked: _BlockedByName, names: Iterable[object], obligation: Obligation
) -> tuple[Sequence[BlockedRow], int]:
    """The latest of the blocked rows with these names that are not too early for an obligation, and
    how many are not."""
    first_day = obligation.relevant_from
    days = blocked.timing.days
    latest: list[int] = []
    count = 0
    for rows in (blocked.latest.get(name, ()) for name in names):
        in_time, number = _in_time(blocked.timing, rows, first_day, obligation.window)
        latest += in_time
        count += number
    latest.sort(key=lambda row: (-days[row], row))
    return [blocked.rows[row] for row in latest[:_MOST_DESCRIBED]], count


def _in_time(
    timing: Timing, rows: Sequence[int], first_day: int, window: str
) -> tuple[Sequence[int], int]:
    """The latest of these rows that are dated on a day or later, or that name the window, and how
    many there are."""
    days, periods = timing.days, timing.periods
    if periods is None:  # a bisection, because many obligations share many rows
        count = bisect_right(rows, -first_day, key=lambda row: -days[row])
        return rows[: min(count, _MOST_DESCRIBED)], count
    in_time = [
        row
        for row in rows
        if (periods[row] == window if periods[row] is not None else days[row] >= first_day)
    ]
    return in_time[:_MOST_DESCRIBED], len(in_time)


def _blocked_by_name(
    scope: Scope, keys: KeyRows, number: int, member: int
) -> _BlockedByName | None:
    """The rows that fail only conditions on a reference to another row; None where the version has
    no such condition."""
    version = scope.version(number).rule
    columns = scope.register(version.query.register)
    asks = key_asks(columns, own_asks(version, member))
    if not asks:
        return None
    timing = timing_of(scope, number, member)
    meets_others = np.array(timing.days) <= scope.as_of_day
    reference_truth = np.full(len(columns), TRUE)
    for result in evidence_results(columns, version, member):
        if result.key_conditions:
            reference_truth = np.minimum(reference_truth, result.truth)
        else:
            meets_others &= result.truth == TRUE
    candidates = np.flatnonzero(meets_others & (reference_truth == FALSE)).tolist()
    blocked = _blocked_rows(keys, columns, candidates, asks, "does not count")
    rows = {row.ref.row: row for row in blocked}
    is_blocked = np.zeros(len(columns), np.bool_)
    is_blocked[list(rows)] = True
    role, by_name = named_rows(columns, version, is_blocked)
    latest = {
        name: sorted(numbers, key=lambda row: (-timing.days[row], row))
        for name, numbers in by_name.items()
    }
    return _BlockedByName(rows, role, latest, timing)


def _blocked_rows(
    keys: KeyRows, columns: Columns, rows: Sequence[int], asks: Sequence[Condition], result: str
) -> Iterator[BlockedRow]:
    """Those of the rows that name a row that does not count under ``asks``. ``result``: what their
    words say of them, such as 'does not count'."""
    register = columns.table.register
    for row in rows:
        whys: dict[str, str] = {}
        for ask in asks:
            column = key_column(register, ask)
            why = keys.why_not(columns, row, ask)
            if why:
                heading = columns.table.heading(row, column)
                whys.setdefault(column, f"in '{heading}', {why}")
        if whys:
            place = columns.table.place(row)
            words = f"Row {place.row} of {place.sheet} {result}: {listed(list(whys.values()))}."
            yield BlockedRow(ItemRef(register.id, row), tuple(whys), words)
