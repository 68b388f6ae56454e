"""The rows that came near an obligation that is not met: they fail one condition alone, or meet all
and are not in time. The other rows about it are counted by what they fail."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import NamedTuple

from engine.assessment import FailedCount, RejectedRow, RejectedRows
from engine.columns.nil_returns import REGISTER as NIL
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, Status
from engine.proof.citations import CitationCache
from engine.proof.naming import name_of
from engine.proof.search import Names, Search, nil_search_of, search_of
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
        self._groups: dict[tuple[int, int], list[_Group]] = {}

    def of(
        self, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> tuple[RejectedRows, ...]:
        """The rows that came near an obligation, and how many others were examined; none where it
        is met, or nothing is asked. ``missing``: the unread rows
        that might have met it, which are shown elsewhere."""
        if answer.status not in NOT_MET or answer.opens is None:
            return ()
        number, member = at = obligation.version, obligation.member
        if at not in self._groups:
            dated = self._scope.version(number).version.dating_columns(member)
            searches = (
                (search_of(self._scope, number, member), dated),
                (nil_search_of(self._scope, number, NIL), ("given on",)),
            )
            self._groups[at] = [
                _Group(self._scope, self._citations, search, number, dated)
                for search, dated in searches
                if search is not None
            ]
        groups = (each.of(obligation, answer, missing) for each in self._groups[at])
        return tuple(chain.from_iterable(groups))


class _AlikeRows(NamedTuple):
    """Rows that are about the same, without those that are shown as unread: ``near`` fail one
    condition, ``undated`` those of them that have no day, ``whole`` none; the nearest first.
    ``counts``: by what they fail."""

    near: Sequence[int]
    undated: Sequence[int]
    whole: Sequence[int]
    counts: Counter[str]


class _Group:
    """The rows of one search, by what they are about."""

    def __init__(
        self,
        scope: Scope,
        citations: CitationCache,
        search: Search,
        number: int,
        dated: tuple[str, ...],
    ) -> None:
        self._scope, self._citations, self._search, self._dated = scope, citations, search, dated
        self._version = scope.version(number).version
        self._register = search.columns.table.register
        query = self._version.evidence  # whether only the event's or record's own row counts
        self._itself = (query is None or query.itself) and self._register.id != NIL
        self._alike: dict[object, _AlikeRows] = {}
        self._silent: dict[tuple[int, ...], RejectedRows | None] = {}

    def of(
        self, obligation: Obligation, answer: Answer, missing: Sequence[UnreadSet]
    ) -> Iterator[RejectedRows]:
        """The rows about an obligation, and those that do not say what they are about."""
        unread = [each for each in missing if each.register == self._register.id]
        about = [each for each in unread if not each.silent]
        roles, own = self._search.roles, obligation.event_row if self._itself else None
        names = tuple([name_of(self._scope, self._version, role, obligation) for role in roles])
        key = (own, names, *map(id, about))  # all obligations with the same unread rows share these
        if key not in self._alike:
            self._alike[key] = self._alike_rows(self._about(own, names), about)
        found = self._near(self._alike[key], answer), self._silent_rows(unread)
        yield from (each for each in found if each is not None)

    def _about(self, own: int | None, names: Names) -> Sequence[int]:
        if own is None:
            return self._search.by_names.get(names, ())
        return [own] if own >= 0 else []

    def _alike_rows(self, rows: Iterable[int], unread: Sequence[UnreadSet]) -> _AlikeRows:
        left_out = {row for each in unread for row in each.rows}
        kept = [row for row in rows if row not in left_out]
        fails, days = self._search.fails, self._search.timing.days
        ordered = self._search.nearest_first
        return _AlikeRows(
            near=ordered(row for row in kept if fails[row] == 1 and days[row]),
            undated=ordered(row for row in kept if fails[row] == 1 and not days[row]),
            whole=ordered(row for row in kept if not fails[row]),
            counts=self._search.counts(kept),
        )

    # What is said of them -----------------------------------------------------------------------

    def _near(self, alike: _AlikeRows, answer: Answer) -> RejectedRows | None:
        """The nearest rows, and how many of the others fail what."""
        met = {row for register, row in answer.met_by if register == self._register.id}
        nearest = [*self._in_time(alike, answer), *self._not_in_time(alike, answer, met)]
        days = self._search.timing.days
        shown = sorted(nearest, key=lambda each: -days[each[0]])[:MOST]
        counts = alike.counts - self._search.counts([*met, *(row for row, _ in shown)])
        return self._rows("", tuple([self._row(*each) for each in shown]), counts)

    def _until_now(self, rows: Sequence[int]) -> int:
        """Where those begin that are dated by the day of the check."""
        timing = self._search.timing
        return bisect_left(rows, -timing.as_of, key=lambda row: -timing.days[row])

    def _in_time(self, alike: _AlikeRows, answer: Answer) -> Iterator[tuple[int, str]]:
        """The nearest of the rows that are in time and fail one condition."""
        timing = self._search.timing
        dated = islice(alike.near, self._until_now(alike.near), None)

        def fits(row: int) -> bool:
            return not timing.why_not(row, answer)

        fitting = (takewhile if timing.ordered else filter)(fits, dated)
        yield from ((row, "") for row in islice(chain(fitting, alike.undated), MOST))

    def _not_in_time(
        self, alike: _AlikeRows, answer: Answer, met: set[int]
    ) -> Iterator[tuple[int, str]]:
        """The nearest of the rows that meet every condition and are not in time or not enough."""
        timing, start = self._search.timing, self._until_now(alike.whole)
        for row in islice(alike.whole, max(0, start - MOST), start + MOST + len(met)):
            why = timing.why_not(row, answer) or timing.not_enough(row)
            if row not in met and why:
                yield row, why

    def _row(self, row: int, why: str) -> RejectedRow:
        """A row as it is shown: ``why`` it is not in time or, if '', what it fails."""
        if why:
            shown = self._citations.shown(self._register.id, self._dated, *self._dated)
            return RejectedRow(shown.row(row), why, "", "")
        search = self._search
        result = search.results[search.first[row]]
        name, columns = result.column, (result.column,) if result.column else ()
        keys = self._citations.key_rows(datetime.date.fromordinal(self._scope.as_of))
        whys = (keys.why_not(search.columns, row, each) for each in result.keys)
        named = [why for why in whys if why]
        state = CellState(search.columns.table.columns[name].state[row]) if name else CellState.READ
        return RejectedRow(
            item=self._citations.shown(self._register.id, columns, *self._dated).row(row),
            why=": ".join((result.failed, *named[:1])),
            column=name,
            state="" if state is CellState.READ else state.name.lower().replace("_", " "),
        )

    def _silent_rows(self, unread: Sequence[UnreadSet]) -> RejectedRows | None:
        """The rows that do not say what they are about: the same for all obligations."""
        if not self._search.roles:
            return None
        sets = [each for each in unread if each.silent]
        key = tuple(map(id, sets))
        if key not in self._silent:
            alike = self._alike_rows(self._search.by_names.get(None, ()), sets)
            column = " or ".join(self._search.roles.values())
            self._silent[key] = self._rows(column, (), alike.counts)
        return self._silent[key]

    def _rows(
        self, silent: str, rows: tuple[RejectedRow, ...], counts: Counter[str]
    ) -> RejectedRows | None:
        """The rows as they are shown; None where there are none."""
        ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        failed = tuple([FailedCount(count, words) for words, count in ordered if count > 0])
        if not rows and not failed:
            return None
        return RejectedRows(self._register.id, self._register.title, silent, rows, failed)
