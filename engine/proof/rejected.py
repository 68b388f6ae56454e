"""Rejected rows: those that fail only one condition of an unmet obligation, or meet all but are
not in time. The other rows about the obligation are counted by the condition that they fail."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from engine.assessment import FailedCount, RejectedRow, RejectedRows
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, Status
from engine.proof.citations import CitationCache
from engine.proof.phrases import heading_of
from engine.proof.search import AlikeRows, Search, nil_search_of, search_of
from engine.proof.unread import UnreadSet
from evidence.table import CellState

#: How many rows are shown of an obligation at most.
MOST = 10

#: The statuses with which rejected rows are shown.
NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)


class Rejected:
    """The rejected rows of the obligations of one duty."""

    def __init__(self, scope: Scope, citations: CitationCache) -> None:
        self._scope, self._citations = scope, citations
        self._searches: dict[tuple[int, int], list[Search]] = {}
        self._alike: dict[object, AlikeRows] = {}
        self._silent: dict[object, RejectedRows | None] = {}

    def of(
        self, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> tuple[RejectedRows, ...]:
        """The rejected rows, and how many others were examined; none where the obligation is met,
        or requires nothing. ``missing``: the unread rows that might have met it, which are shown
        elsewhere."""
        if answer.status not in NOT_MET or answer.opens is None:
            return ()
        number, member = cached = obligation.version_number, obligation.member
        if cached not in self._searches:
            both = search_of(self._scope, number, member), nil_search_of(self._scope, number)
            self._searches[cached] = [search for search in both if search is not None]
        groups = (
            rows
            for search in self._searches[cached]
            for rows in self._in_search(search, obligation, answer, missing)
        )
        return tuple(rows for rows in groups if rows is not None)

    def _in_search(
        self, search: Search, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> Iterator[RejectedRows | None]:
        """The rows about an obligation, and those that do not say what they are about. Obligations
        with the same unread rows share them."""
        register = search.columns.table.register.id
        unread = [rows for rows in missing if rows.register == register]
        about = [rows for rows in unread if not rows.silent]
        version = self._scope.version(obligation.version_number).rule
        names = search.names(self._scope, version, obligation)
        key = search, names, *about
        if key not in self._alike:
            self._alike[key] = search.alike(names, _rows_in(about))
        alike = self._alike[key]
        met = {row for name, row in answer.met_by if name == register}
        nearest = search.nearest(alike, answer, met, MOST)
        counts = alike.counts - search.counts([*met, *(row for row, _ in nearest)])
        yield _shown(
            search, "", tuple([self._row(search, *near_row) for near_row in nearest]), counts
        )
        if search.roles:
            silent = [rows for rows in unread if rows.silent]
            key = search, *silent
            if key not in self._silent:
                counts = search.alike(None, _rows_in(silent)).counts
                headings = [heading_of(search.columns, name) for name in search.roles.values()]
                column = " or ".join(headings)
                self._silent[key] = _shown(search, column, (), counts)
            yield self._silent[key]

    def _row(self, search: Search, row: int, why: str) -> RejectedRow:
        """A row as it is shown: ``why`` it is not in time or, if '', which condition it fails."""
        table, dated = search.columns.table, search.dated
        if why:
            shown = self._citations.shown(table.register.id, dated, *dated)
            return RejectedRow(shown.row(row), why, "", "")
        result = search.results[search.first[row]]
        name, columns = result.column, (result.column,) if result.column else ()
        keys = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        whys = filter(None, (keys.why_not(search.columns, row, key) for key in result.keys))
        state = CellState(table.columns[name].state[row]) if name else CellState.READ
        return RejectedRow(
            item=self._citations.shown(table.register.id, columns, *dated).row(row),
            why=": ".join((result.lacks(search.columns, row), *islice(whys, 1))),
            column=name,
            state="" if state is CellState.READ else state.name.lower().replace("_", " "),
            other_kind=search.first[row] == 0 and not search.own_row,
        )


def _rows_in(unread: Sequence[UnreadSet]) -> set[int]:
    return {row for rows in unread for row in rows.rows}


def _shown(
    search: Search, silent: str, rows: tuple[RejectedRow, ...], counts: Counter[str]
) -> RejectedRows | None:
    """The rows as they are shown; None where there are none."""
    ordered = sorted((-count, words) for words, count in counts.items() if count > 0)
    failed = tuple([FailedCount(-negative, words) for negative, words in ordered])
    if not rows and not failed:
        return None
    table = search.columns.table
    return RejectedRows(table.register.id, table.title, silent, rows, failed)
