"""Rejected rows: the rows that fail only one condition of an unmet obligation, or meet all but are
not in time. The other rows about the obligation are counted by the first condition that they fail.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from engine.assessment import FailedCount, RejectedRow, RejectedRows
from engine.columns.arrays import RowValues
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, Status
from engine.proof.citations import CitationCache
from engine.proof.phrases import day_words, heading_of
from engine.proof.search import NearestRow, RowsAbout, Search, nil_search_of, search_of
from engine.proof.unread import SuspectRows
from evidence.table import CellState
from rules.condition import Condition
from rules.patterns import Events

#: How many rejected rows of an obligation are shown at most; the others are counted.
MOST_SHOWN = 10

#: The statuses of the obligations whose rejected rows are shown.
SHOWS_REJECTED_ROWS = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)

#: What the rows about one thing depend on: the search, the names that such a row has (None: rows
#: that name nothing), and the suspect rows that are left out.
_AboutKey: TypeAlias = tuple[Search, RowValues | None, tuple[SuspectRows, ...]]


class RejectedFinder:
    """Finds the rejected rows of the obligations of one duty."""

    def __init__(self, scope: Scope, citations: CitationCache) -> None:
        self._scope, self._citations = scope, citations
        self._searches: dict[tuple[int, int], list[Search]] = {}
        self._about: dict[_AboutKey, RowsAbout] = {}
        self._silent: dict[_AboutKey, RejectedRows | None] = {}

    def rows_for(
        self, obligation: Obligation, answer: Answer, suspects: Sequence[SuspectRows]
    ) -> tuple[RejectedRows, ...]:
        """Returns the rejected rows of an obligation in each register that was searched, with the
        number of other rows that fail each condition. It returns none if the obligation is met or
        requires nothing. ``suspects`` are left out, because they are shown elsewhere: the unread
        rows that might have met the obligation."""
        if answer.status not in SHOWS_REJECTED_ROWS or answer.opens is None:
            return ()
        groups: list[RejectedRows | None] = []
        for search in self._searches_for(obligation):
            register = search.columns.table.register.id
            own = [rows for rows in suspects if rows.register == register]
            not_silent = tuple(rows for rows in own if not rows.silent)
            groups.append(self._rows_about(search, obligation, answer, not_silent))
            if search.roles:
                silent = tuple(rows for rows in own if rows.silent)
                groups.append(self._silent_rows(search, silent))
        return tuple(rows for rows in groups if rows is not None)

    def _searches_for(self, obligation: Obligation) -> Sequence[Search]:
        """Returns the search of the register of evidence, and that of the nil returns if they
        count."""
        number, member = obligation.version_number, obligation.member
        if (number, member) not in self._searches:
            both = search_of(self._scope, number, member), nil_search_of(self._scope, number)
            self._searches[number, member] = [search for search in both if search is not None]
        return self._searches[number, member]

    def _rows_about(
        self,
        search: Search,
        obligation: Obligation,
        answer: Answer,
        suspects: tuple[SuspectRows, ...],
    ) -> RejectedRows | None:
        """Returns the rejected rows that name what an obligation is about, without ``suspects``."""
        version = self._scope.version(obligation.version_number).rule
        names = search.names(self._scope, version, obligation)
        key = search, names, suspects
        if key not in self._about:
            self._about[key] = search.rows_about(names, _row_numbers(suspects))
        about = self._about[key]
        nearest = search.nearest(about, answer, MOST_SHOWN)
        counts = about.counts - search.counts(near.row for near in nearest)
        rows = tuple([self._row(search, near, version.events) for near in nearest])
        return _rejected_rows(search, "", rows, counts)

    def _silent_rows(
        self, search: Search, suspects: tuple[SuspectRows, ...]
    ) -> RejectedRows | None:
        """Returns the number of rows that do not say what they are about, without ``suspects``."""
        key = search, None, suspects
        if key not in self._silent:
            counts = search.rows_about(None, _row_numbers(suspects)).counts
            headings = [heading_of(search.columns, name) for name in search.roles.values()]
            self._silent[key] = _rejected_rows(search, " or ".join(headings), (), counts)
        return self._silent[key]

    def _row(self, search: Search, near: NearestRow, events: Events | None) -> RejectedRow:
        """Returns a row as it is shown: with why it is not in time or, if it is, with the condition
        that it fails."""
        row = near.row
        too_early = _done_too_early(search, row, events) if search.own_row and events else ""
        if too_early or near.why:
            return RejectedRow(
                item=self._citations.shown(
                    search.columns.table.register.id, search.dated, *search.dated
                ).row(row),
                why=too_early or near.why,
                column="",
                state="",
                done_too_early=bool(too_early),
            )
        return self._failing_row(search, row)

    def _failing_row(self, search: Search, row: int) -> RejectedRow:
        """Returns a row in time as it is shown, with the condition that it fails."""
        table = search.columns.table
        result = search.results[search.first_failed[row]]
        name = result.column
        key_rows = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        reasons = (key_rows.why_not(search.columns, row, key) for key in result.key_conditions)
        why_key = next(filter(None, reasons), "")
        lacks = result.lacks(search.columns, row, names_no_row=bool(why_key))
        state = CellState(table.columns[name].state[row]) if name else CellState.READ
        columns = (name,) if name else ()
        return RejectedRow(
            item=self._citations.shown(table.register.id, columns, *search.dated).row(row),
            why=": ".join(filter(None, (lacks, why_key))),
            column=table.register.column(name).written_in if name else "",
            state="" if state is CellState.READ else state.name.lower().replace("_", " "),
            other_kind=search.fails_kind(row),
            first=self._corrections_first(search, row, result.key_conditions),
        )

    def _corrections_first(
        self, search: Search, row: int, key_conditions: Sequence[Condition]
    ) -> tuple[str, ...]:
        """Returns what to correct in the rows that a row names, before they can count."""
        key_rows = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        sentences = (
            sentence
            for key in key_conditions
            for cell in key_rows.unread(search.columns, row, key)
            for sentence in self._citations.corrections.sentences_for(*cell)
        )
        return tuple(dict.fromkeys(sentences))


def _done_too_early(search: Search, row: int, events: Events) -> str:
    """Returns the words that a row says that something was done before its own event: ``'answered
    on' (F3, 1 May 2026) is before 'opened on' (C3, 4 June 2026)``. It returns '' if the row does
    not say so."""
    columns, table = search.columns, search.columns.table
    if not columns.read(events.dated)[row]:
        return ""

    def dated(column: str, day: int) -> str:
        cell = table.place(row, column).cell
        return f"'{table.heading(row, column)}' ({cell}, {day_words(day)})"

    event_day = int(columns.days(events.dated)[row])
    for name in search.dated:
        day = int(columns.days(name)[row])
        if columns.read(name)[row] and day < event_day:
            return f"{dated(name, day)} is before {dated(events.dated, event_day)}"
    return ""


def _row_numbers(suspects: Sequence[SuspectRows]) -> set[int]:
    return {row for rows in suspects for row in rows.rows}


def _rejected_rows(
    search: Search, silent: str, rows: tuple[RejectedRow, ...], counts: Counter[str]
) -> RejectedRows | None:
    """Returns the rows as they are shown; None if there are none. ``silent``: the headings under
    which rows should say what they are about, if they do not."""
    most_first = sorted(counts.items(), key=lambda failed: (-failed[1], failed[0]))
    others = tuple([FailedCount(count, words) for words, count in most_first if count > 0])
    if not rows and not others:
        return None
    table = search.columns.table
    return RejectedRows(table.register.id, table.title, silent, rows, others)
