"""Unread rows of evidence, which might have met an unmet obligation, and how a duty shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

import numpy as np

from engine.assessment import ItemShown, UnreadPointer, UnreadRows
from engine.columns.arrays import Columns
from engine.columns.conditions import UNKNOWN, all_of, any_of
from engine.columns.days import Flags
from engine.frames.observe import items_of
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer
from engine.proof.citations import CitationCache
from engine.proof.conditions import ConditionResult, condition_results
from engine.proof.corrections import CellCorrections
from engine.proof.naming import ITSELF, NamedRows, name_of, named_rows, naming_columns
from engine.proof.search import timing_of
from evidence.cells.text import listed, normal_key
from evidence.sheets.lone_entries import TAKE_OUT
from evidence.table import CellState
from rules.condition import Ask, conditions_of
from rules.model import Version
from rules.patterns import Completeness

#: The corrections of how many rows are listed of one obligation at most.
_MOST = 2
#: How many rows are considered for them at most, the latest first.
_CONSIDERED = 50


@dataclass(frozen=True, slots=True, eq=False)
class SuspectRows:
    """Unread rows of a register that might have met the same obligations, which share this object.
    ``own``: there is one row, which is the event's or record's own. ``silent``: the column that
    should name what a row is about, if none of the rows names it; '' otherwise. The columns
    ``columns`` are shown, and the columns ``dated`` date the rows."""

    register: str
    rows: tuple[int, ...]
    own: bool
    silent: str
    columns: tuple[str, ...]
    dated: tuple[str, ...]


class UnreadFinder:
    """Finds the unread rows that might have met the obligations of one duty."""

    def __init__(self, scope: Scope, corrections: CellCorrections) -> None:
        self._scope, self._corrections = scope, corrections
        self._results = cache(self._condition_results)
        self._timing = cache(partial(timing_of, scope))
        self._of_row = cache(self._row_corrections)
        self._latest_first: dict[tuple[SuspectRows, int, int], Sequence[int]] = {}
        self._suspects = cache(partial(_suspects, scope))
        self._shared: dict[tuple[object, ...], SuspectRows] = {}
        self._by_name: dict[tuple[int, int, object], SuspectRows] = {}

    def suspects_for(self, obligation: Obligation) -> tuple[SuspectRows, ...]:
        """The unread rows that might have met the obligation: those that name what it is about,
        and those that name nothing."""
        number = obligation.version_number
        member = obligation.member
        version = self._scope.version(number).rule
        role = self._suspects(number, member).role
        names = dict.fromkeys((name_of(self._scope, version, role, obligation), None))
        suspects = [self._named(number, member, name) for name in names]
        return tuple(rows for rows in suspects if rows.rows)

    def corrections_for(self, obligation: Obligation, answer: Answer) -> tuple[str, ...]:
        """What to correct before the latest of its suspect rows can count for an unmet obligation;
        () if all of them are too early for it."""
        number = obligation.version_number
        member = obligation.member
        sentences: dict[str, None] = {}
        for rows in self.suspects_for(obligation):
            in_time = self._in_time(rows, obligation, answer)
            for row in islice(in_time, _MOST):
                row_sentences = self._of_row(number, member, row)
                if rows.own or not any(TAKE_OUT in sentence for sentence in row_sentences):
                    sentences |= dict.fromkeys(row_sentences)
        return tuple(sentences)

    def _in_time(self, rows: SuspectRows, obligation: Obligation, answer: Answer) -> Iterator[int]:
        """The obligation's own row, or the rows that are not too early, as far as their cells can
        be read."""
        number = obligation.version_number
        member = obligation.member
        if rows.own or answer.opens is None:
            yield from rows.rows
            return
        timing = self._timing(number, member)
        days, periods = timing.days, timing.periods
        cached = rows, number, member
        if cached not in self._latest_first:
            self._latest_first[cached] = sorted(
                rows.rows, key=lambda row: (bool(days[row]), -days[row], row)
            )[:_CONSIDERED]
        for row in self._latest_first[cached]:
            named = periods[row] if periods is not None else None
            if (
                named == obligation.window
                if named is not None
                else (not days[row] or days[row] >= obligation.relevant_from)
            ):
                yield row

    def _condition_results(self, number: int, member: int) -> Sequence[ConditionResult]:
        version = self._scope.version(number).rule
        columns = self._scope.register(version.evidence_register)
        return condition_results(columns, version, member)

    def _row_corrections(self, number: int, member: int, row: int) -> tuple[str, ...]:
        """What to correct in the cells that leave open whether a row counts."""
        columns = self._scope.register(self._scope.version(number).rule.evidence_register)
        names: dict[str, None] = {}
        for result in self._results(number, member):
            if result.truth[row] == UNKNOWN:
                unread = [
                    name
                    for name in result.named or (result.column,)
                    if name and not columns.read(name)[row]
                ]
                filled = [n for n in unread if columns.state(n)[row] != CellState.NOTHING]
                names |= dict.fromkeys(filled or unread)
        sentences = (self._corrections.sentences_for(columns.table, row, name) for name in names)
        return tuple([sentence for several in sentences for sentence in several])

    def _named(self, number: int, member: int, name: object) -> SuspectRows:
        """The unread rows with this name (None: that name nothing)."""
        cached = number, member, name
        if cached not in self._by_name:
            version = self._scope.version(number).rule
            suspects = self._suspects(number, member)
            register = version.evidence_register
            role = suspects.role
            roles = naming_columns(self._scope.register(register), version)
            silent = roles.get(role, "") if name is None and role != "key" else ""
            rows = tuple(suspects.rows.get(name, ()))
            own = role == ITSELF
            key = register, rows, own, silent, version.evidence_columns, version.dating_columns()
            self._by_name[cached] = self._shared.setdefault(key, SuspectRows(*key))
        return self._by_name[cached]


def _suspects(scope: Scope, number: int, member: int) -> NamedRows:
    """The rows that may count; of records, those in which required cells cannot be read."""
    version = scope.version(number).rule
    pattern = version.pattern
    if isinstance(pattern, Completeness):
        columns = scope.register(pattern.records.register)
        which = all_of(columns, pattern.asks) == UNKNOWN
        for name in pattern.done_on:
            which |= ~columns.read(name) & (columns.state(name) != CellState.NOTHING)
        return named_rows(columns, version, which)
    items = items_of(scope, number, version.member(member))
    dated: Flags = (items.day == 0) | (items.day <= scope.as_of_day)
    named = named_rows(items.columns, version, np.asarray((items.truth == UNKNOWN) & dated))
    return _by_shared_keys(scope, items.columns, version, named)


def _by_shared_keys(
    scope: Scope, columns: Columns, version: Version, named: NamedRows
) -> NamedRows:
    """The rows with those that name nothing, because two rows have the key that they name, under
    that key: they are about one of these two and about nothing else."""
    column, unnamed = naming_columns(columns, version).get(named.role), named.rows.get(None, ())
    registers = columns.table.register.column(column).named if column else ()
    tables = [scope.register(name).table for name in registers if name in scope.columns]
    if not column or not unnamed or not tables:
        return named
    known = {key for table in tables for key in table.rows_by_key()}
    rows = {name: [*several] for name, several in named.rows.items() if name is not None}
    for row in unnamed:
        key = normal_key(columns.table.columns[column].raw[row])
        rows.setdefault(key if key in known else None, []).append(row)
    return NamedRows(named.role, rows)


def correct_first(columns: Columns, asks: Sequence[Ask], row: int) -> str:
    """The sentence that the unread cells of a row are to be corrected first; '' if its other cells
    already decide whether the row meets ``asks``."""
    if all_of(columns, asks)[row] != UNKNOWN:
        return ""
    doubtful = [ask for ask in asks if any_of(columns, ask)[row] == UNKNOWN]
    conditions = [ask for ask in conditions_of(doubtful) if any_of(columns, ask)[row] == UNKNOWN]
    names = dict.fromkeys(ask.column for ask in conditions)
    cells = listed([f"'{columns.table.heading(row, name)}'" for name in names])
    return f"First correct {cells} in {columns.table.place(row).row_words}, which cannot be read."


# How suspect rows are shown -----------------------------------------------------------------------


class SuspectCitations:
    """The suspect rows of one duty as its outcome shows them. Rows that might have met only one
    obligation are shown with it. Rows that might have met several are shown once, in ``groups`` of
    the duty to which these obligations point, in the order in which they first point to them."""

    def __init__(
        self, duty: str, suspects: Iterable[Sequence[SuspectRows]], citations: CitationCache
    ) -> None:
        """``suspects``: those of each obligation that is not met."""
        self._citations = citations
        counts = Counter(rows for several in suspects for rows in several)
        shared = [rows for rows, count in counts.items() if count > 1 and not rows.own]
        groups = {
            rows: UnreadRows(
                id=f"{duty}-unread-{number}",
                register=rows.register,
                title=citations.table(rows.register).title,
                column=rows.silent,
                rows=tuple(self._row(rows, row) for row in rows.rows),
            )
            for number, rows in enumerate(shared, 1)
        }
        self.groups = tuple(groups.values())
        self._pointers = {
            rows: UnreadPointer(group.id, len(rows.rows)) for rows, group in groups.items()
        }

    def pointers(self, suspects: Sequence[SuspectRows]) -> tuple[UnreadPointer, ...]:
        """The pointers to the rows that are shown with the duty."""
        return tuple(self._pointers[rows] for rows in suspects if rows in self._pointers)

    def rows(self, suspects: Sequence[SuspectRows]) -> tuple[ItemShown, ...]:
        """The rows that are shown with the obligation, in the order of the register."""
        unshared = [
            (row, rows) for rows in suspects if rows not in self._pointers for row in rows.rows
        ]
        return tuple(
            self._row(rows, row) for row, rows in sorted(unshared, key=lambda pair: pair[0])
        )

    def _row(self, rows: SuspectRows, row: int) -> ItemShown:
        return self._citations.shown(rows.register, rows.columns, *rows.dated).row(row)
