"""The rows that came near an obligation that is not met: they fail one condition alone, or meet all
and are not in time. The other rows about it are counted by what they fail."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from engine.assessment import FailedCount, RejectedRow, RejectedRows
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, Status
from engine.proof.citations import CitationCache
from engine.proof.search import AlikeRows, Search, nil_search_of, search_of
from engine.proof.unread import UnreadSet
from evidence.table import CellState

#: So many rows are shown of an obligation at the most.
MOST = 10

#: Of what has these statuses rejected rows are shown.
NOT_MET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)


class Rejected:
    """The rejected rows of the obligations of one duty; each search is made when it is needed."""

    def __init__(self, scope: Scope, citations: CitationCache) -> None:
        self._scope, self._citations = scope, citations
        self._searches: dict[tuple[int, int], list[Search]] = {}
        self._alike: dict[object, AlikeRows] = {}
        self._silent: dict[object, RejectedRows | None] = {}

    def of(
        self, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> tuple[RejectedRows, ...]:
        """The rows that came near an obligation, and how many others were examined; none where it
        is met, or nothing is asked. ``missing``: the unread rows
        that might have met it, which are shown elsewhere."""
        if answer.status not in NOT_MET or answer.opens is None:
            return ()
        number, member = at = obligation.version, obligation.member
        if at not in self._searches:
            both = search_of(self._scope, number, member), nil_search_of(self._scope, number)
            self._searches[at] = [each for each in both if each is not None]
        found = (
            rows
            for search in self._searches[at]
            for rows in self._in_search(search, obligation, answer, missing)
        )
        return tuple(each for each in found if each is not None)

    def _in_search(
        self, search: Search, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> Iterator[RejectedRows | None]:
        """The rows about an obligation, and those that do not say what they are about. What
        obligations with the same unread rows share is made once."""
        register = search.columns.table.register.id
        unread = [each for each in missing if each.register == register]
        about = [each for each in unread if not each.silent]
        names = search.names(
            self._scope, self._scope.version(obligation.version).version, obligation
        )
        key = search, names, *about
        if key not in self._alike:
            self._alike[key] = search.alike(names, _rows_in(about))
        alike = self._alike[key]
        met = {row for name, row in answer.met_by if name == register}
        nearest = search.nearest(alike, answer, met, MOST)
        counts = alike.counts - search.counts([*met, *(row for row, _ in nearest)])
        yield _shown(search, "", tuple([self._row(search, *each) for each in nearest]), counts)
        if search.roles:
            silent = [each for each in unread if each.silent]
            key = search, *silent
            if key not in self._silent:
                counts = search.alike(None, _rows_in(silent)).counts
                column = " or ".join(search.roles.values())
                self._silent[key] = _shown(search, column, (), counts)
            yield self._silent[key]

    def _row(self, search: Search, row: int, why: str) -> RejectedRow:
        """A row as it is shown: ``why`` it is not in time or, if '', what it fails."""
        table, dated = search.columns.table, search.dated
        if why:
            shown = self._citations.shown(table.register.id, dated, *dated)
            return RejectedRow(shown.row(row), why, "", "")
        result = search.results[search.first[row]]
        name, columns = result.column, (result.column,) if result.column else ()
        keys = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of_day))
        whys = (keys.why_not(search.columns, row, key) for key in result.keys)
        named = [why for why in whys if why]
        state = CellState(table.columns[name].state[row]) if name else CellState.READ
        return RejectedRow(
            item=self._citations.shown(table.register.id, columns, *dated).row(row),
            why=": ".join((result.failed, *named[:1])),
            column=name,
            state="" if state is CellState.READ else state.name.lower().replace("_", " "),
        )


def _rows_in(unread: Sequence[UnreadSet]) -> set[int]:
    return {row for each in unread for row in each.rows}


def _shown(
    search: Search, silent: str, rows: tuple[RejectedRow, ...], counts: Counter[str]
) -> RejectedRows | None:
    """The rows as they are shown; None where there are none."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    failed = tuple([FailedCount(count, words) for words, count in ordered if count > 0])
    if not rows and not failed:
        return None
    register = search.columns.table.register
    return RejectedRows(register.id, register.title, silent, rows, failed)
