"""Rejected rows: the rows that fail only one condition of an unmet obligation, or meet all but are
not in time. The other rows about the obligation are counted by the first condition that they fail.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from engine.assessment import FailedCount, RejectedRow, RejectedRows
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, Status
from engine.proof.citations import CitationCache
from engine.proof.phrases import day_words, heading_of
from engine.proof.search import NearestRow, RowsAbout, Search, nil_search_of, search_of
from engine.proof.unread import UnreadSet
from evidence.table import CellState
from rules.condition import Condition

#: How many rejected rows of an obligation are shown at most; the others are counted.
MOST_SHOWN = 10
#: How a failed condition ends that a cell is filled in.
_NOT_FILLED_IN = "is not filled in"

#: Between two dates of a row that cannot both be right.
IS_BEFORE = ") is before '"

#: The statuses with which rejected rows are shown.
NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)


class Rejected:
    """Finds the rejected rows of the obligations of one duty."""

    def __init__(self, scope: Scope, citations: CitationCache) -> None:
        self._scope, self._citations = scope, citations
        self._searches: dict[tuple[int, int], list[Search]] = {}
        self._about: dict[object, RowsAbout] = {}
        self._silent: dict[object, RejectedRows | None] = {}

    def of(
        self, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> tuple[RejectedRows, ...]:
        """The rejected rows of an obligation in each register that was searched, and how many other
        rows fail each condition; none if it is met or requires nothing. ``missing``: the unread
        rows that might have met it, which are shown elsewhere."""
        if answer.status not in NOT_MET or answer.opens is None:
            return ()
        groups: list[RejectedRows | None] = []
        for search in self._searches_for(obligation):
            register = search.columns.table.register.id
            unread = [rows for rows in missing if rows.register == register]
            named = [rows for rows in unread if not rows.silent]
            groups.append(self._rows_about(search, obligation, answer, named))
            if search.roles:
                silent = [rows for rows in unread if rows.silent]
                groups.append(self._silent_rows(search, silent))
        return tuple(rows for rows in groups if rows is not None)

    def _searches_for(self, obligation: Obligation) -> Sequence[Search]:
        """The searches of the register of evidence, and of the nil returns if they count."""
        number, member = cached = obligation.version_number, obligation.member
        if cached not in self._searches:
            both = search_of(self._scope, number, member), nil_search_of(self._scope, number)
            self._searches[cached] = [search for search in both if search is not None]
        return self._searches[cached]

    def _rows_about(
        self, search: Search, obligation: Obligation, answer: Answer, unread: Sequence[UnreadSet]
    ) -> RejectedRows | None:
        """The rejected rows that name what an obligation is about, without the ``unread`` ones."""
        version = self._scope.version(obligation.version_number).rule
        names = search.names(self._scope, version, obligation)
        key = search, names, *unread
        if key not in self._about:
            self._about[key] = search.rows_about(names, _rows_in(unread))
        about = self._about[key]
        register = search.columns.table.register.id
        met = {row for name, row in answer.met_by if name == register}
        nearest = search.nearest(about, answer, met, MOST_SHOWN)
        counts = about.counts - search.counts([*met, *(near.row for near in nearest)])
        events = version.events
        if search.own_row and events is not None:
            own = events.dated
            nearest = [
                near._replace(why=_done_first(search, near.row, own) or near.why)
                for near in nearest
            ]
        rows = tuple([self._row(search, near) for near in nearest])
        return _shown(search, "", rows, counts)

    def _silent_rows(self, search: Search, unread: Sequence[UnreadSet]) -> RejectedRows | None:
        """The number of rows that do not say what they are about, without the ``unread`` ones."""
        key = search, *unread
        if key not in self._silent:
            counts = search.rows_about(None, _rows_in(unread)).counts
            headings = [heading_of(search.columns, name) for name in search.roles.values()]
            self._silent[key] = _shown(search, " or ".join(headings), (), counts)
        return self._silent[key]

    def _row(self, search: Search, near: NearestRow) -> RejectedRow:
        """A row as it is shown, with the condition that it fails if it is in time."""
        row, why = near
        table, dated = search.columns.table, search.dated
        if why:
            shown = self._citations.shown(table.register.id, dated, *dated)
            return RejectedRow(shown.row(row), why, "", "")
        result = search.results[search.first_failed[row]]
        name = result.column
        columns = (result.column,) if result.column else ()
        keys = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        named = filter(None, (keys.why_not(search.columns, row, key) for key in result.keys))
        lacks = result.lacks(search.columns, row)
        why_key = next(named, "")
        if why_key and lacks.endswith(_NOT_FILLED_IN):  # it is filled in, but names no row
            lacks = f"{lacks.removesuffix(_NOT_FILLED_IN)}names no row that counts"
        state = CellState(table.columns[name].state[row]) if name else CellState.READ
        written = table.register.column(name).written_in if name else ""
        return RejectedRow(
            item=self._citations.shown(table.register.id, columns, *dated).row(row),
            why=": ".join(filter(None, (lacks, why_key))),
            column=written,
            state="" if state is CellState.READ else state.name.lower().replace("_", " "),
            other_kind=search.first_failed[row] == 0 and not search.own_row,
            first=self._first(search, row, result.keys),
        )

    def _first(self, search: Search, row: int, keys: Sequence[Condition]) -> tuple[str, ...]:
        """What to correct in the rows that a row names, before they can count."""
        named = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        sentences = (
            sentence
            for key in keys
            for cell in named.unread(search.columns, row, key)
            for sentence in self._citations.corrections.of(*cell)
        )
        return tuple(dict.fromkeys(sentences))


def _done_first(search: Search, row: int, event_dated: str) -> str:
    """That a row says that it was done before its own event: ``'answered on' (F3, 1 May 2026) is
    before 'opened on' (C3, 4 June 2026)``; '' where it does not."""
    columns, table = search.columns, search.columns.table
    event_day = int(columns.days(event_dated)[row])
    for name in search.dated:
        day = int(columns.days(name)[row])
        if columns.read(name)[row] and columns.read(event_dated)[row] and day < event_day:
            first, second = (
                f"{table.heading(row, column)}' ({table.place(row, column).cell},"
                f" {day_words(number)}"
                for column, number in ((name, day), (event_dated, event_day))
            )
            return f"'{first}{IS_BEFORE}{second})"
    return ""


def _rows_in(unread: Sequence[UnreadSet]) -> set[int]:
    return {row for rows in unread for row in rows.rows}


def _shown(
    search: Search, silent: str, rows: tuple[RejectedRow, ...], counts: Counter[str]
) -> RejectedRows | None:
    """The rows as they are shown; None where there are none. ``silent``: the headings under which
    rows should say what they are about, if they do not."""
    ordered = sorted((-count, words) for words, count in counts.items() if count > 0)
    failed = tuple([FailedCount(-negative, words) for negative, words in ordered])
    if not rows and not failed:
        return None
    table = search.columns.table
    return RejectedRows(table.register.id, table.title, silent, rows, failed)
