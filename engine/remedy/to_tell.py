"""Corrections without which the status of an obligation cannot be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, UNKNOWN, all_of, any_of
from engine.decision.codes import ListState
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.lists import list_state
from engine.needs import group_title
from engine.obligation import Obligation, SubjectState
from engine.outcome import Answer, Status
from engine.proof.cell_problems import CellProblems
from engine.proof.phrases import count_words
from engine.proof.role_words import role_of
from evidence.cells.text import listed, row_numbers_text
from evidence.register import NIL_RETURNS
from evidence.table import CellState, Table
from rules.condition import Applies, Ask, conditions_of
from rules.model import Version
from rules.patterns import Completeness, Events
from rules.subject import Population

#: At most this many corrections of one obligation are listed.
_MOST = 5


class Corrections:
    """Lists the corrections for those obligations of a duty that have the status cannot tell."""

    def __init__(self, duty: EvaluatedDuty, problems: CellProblems) -> None:
        self._expansion = duty.observed.expansion
        self._scope = duty.scope
        self._problems = problems

    def corrections_for(self, obligation: Obligation, answer: Answer) -> tuple[str, ...]:
        """The corrections, each in a sentence or two that name the place; () unless the status is
        cannot tell."""
        if answer.status is not Status.CANNOT_TELL:
            return ()
        version = self._scope.version(obligation.version_number).rule
        corrections = list(dict.fromkeys(self._corrections(version, obligation, answer)))
        more = len(corrections) - _MOST
        further = f"{count_words(more, 'more correction is', 'more corrections are')} needed."
        return (*corrections[:_MOST], further) if more > 0 else tuple(corrections)

    def _corrections(
        self, version: Version, obligation: Obligation, answer: Answer
    ) -> Iterator[str]:
        """What to correct before an obligation can be judged, by what its answer lacks: a sheet,
        rows of a list, the holder of a role, a row of its own, or the duty's condition."""
        list_state = self._expansion.list_state
        state = obligation.state
        if list_state == ListState.SHEET_UNREADABLE:
            yield from self._sheets()
        elif list_state == ListState.EMPTY:
            yield from self._empty(version)
        elif state == SubjectState.UNCLEAR_HOLDER:
            yield from self._holder(obligation)
        elif state == SubjectState.CLAIMED_TWICE:
            yield from self._twice(version, answer)
        elif state == SubjectState.UNREAD:
            for listing in _listings(version):
                row = _row_of(version, listing, obligation, answer)
                if row >= 0:
                    yield from self._row(version, listing, row)
        elif version.applies is not None:
            yield from self._condition(version.applies)

    # Sheets and lists ---------------------------------------------------------------------------

    def _sheets(self) -> Iterator[str]:
        tables = {name: columns.table for name, columns in self._scope.columns.items()}
        for group in self._expansion.lacking:
            problems = [words for name in group for words in self._problems.of_sheets(name)]
            yield from problems or [
                f"Provide a '{group_title(group, tables)}' sheet that can be read."
            ]

    def _empty(self, version: Version) -> Iterator[str]:
        control = self._scope.columns.get(NIL_RETURNS)
        sheet = control.table.title if control else "Nil returns"
        for listing in _listings(version):
            if list_state(self._scope, listing) == ListState.EMPTY:
                table = self._scope.register(listing.register).table
                nil = listing.nil_return
                row = f"Add a row to {table.title}, which has none for this duty yet."
                if nil:
                    row = f"If there was something to record, {row[:1].lower()}{row[1:]}"
                    row += f" If there was nothing, add a nil return for {nil.list} to {sheet}."
                yield row

    # Rows ---------------------------------------------------------------------------------------

    def _row(self, version: Version, listing: Population | Events, row: int) -> Iterator[str]:
        """Corrections of the unreadable cells that decide about it, in the row that lists it."""
        columns = self._scope.register(listing.register)
        pattern = version.pattern
        names = [columns.table.register.key or "", *listing.deciding_days]
        if isinstance(pattern, Completeness) and pattern.deadline:
            names.append(pattern.deadline.due)
        cancelled = listing.cancelled if isinstance(listing, Events) else None
        if cancelled and columns.state(cancelled)[row] != CellState.NOTHING:
            names.append(cancelled)
        needed = version.evidence.needed_from if version.evidence else None
        if needed and listing is version.events and not columns.values(needed)[row]:
            how_many = " Enter how many items it needs, such as 1."
            correction = self._problems.correction(columns.table, row, needed)
            yield f"{correction}{how_many if columns.read(needed)[row] else ''}"
        yield from self._cells(columns, [*names, *_doubtful(columns, listing.asks, row)], row)

    def _cells(self, columns: Columns, names: Iterable[str], row: int) -> Iterator[str]:
        """The cells that cannot be read; for a day that follows from a key, the key."""
        for name in names:
            if not columns.read(name)[row]:
                day_of = columns.table.register.column(name).day_of
                yield self._problems.correction(columns.table, row, day_of.key if day_of else name)

    def _twice(self, version: Version, answer: Answer) -> Iterator[str]:
        """The correction of rows that have the same key."""
        for listing in _listings(version):
            columns = self._scope.register(listing.register)
            key = columns.table.register.key
            if listing.register == answer.key.register and key and answer.key.row >= 0:
                values = columns.values(key)
                rows = np.flatnonzero(values == values[answer.key.row]).tolist()
                yield _one_of(columns.table, rows, key, "a reference of its own")

    def _condition(self, applies: Applies) -> Iterator[str]:
        """The cells on which the duty's condition depends."""
        columns = self._scope.register(applies.register)
        truth = all_of(columns, applies.asks)
        unread = truth == UNKNOWN
        begins = [applies.begins] if applies.begins else []
        for name in begins:
            unread |= (truth != FALSE) & ~columns.read(name)
        for row in np.flatnonzero(unread).tolist():
            for name in (*_doubtful(columns, applies.asks, row), *begins):
                if not columns.read(name)[row]:
                    yield self._problems.correction(columns.table, row, name)

    def _holder(self, obligation: Obligation) -> Iterator[str]:
        role = role_of(self._scope, obligation.version_number, obligation.member)
        if role is None:
            return
        table = role.columns.table
        turns = role.turns
        begins = role.begins_column
        for row in np.flatnonzero(turns.undated).tolist():
            yield self._problems.correction(table, row, begins)
        shared = np.flatnonzero(turns.shared).tolist()
        if shared:
            yield _one_of(table, shared, begins, "another date")
        for row in np.flatnonzero(turns.rivals).tolist():
            yield self._problems.correction(table, row, table.register.one_holder_of or "")


def _listings(version: Version) -> list[Population | Events]:
    return [listing for listing in (version.population, version.events) if listing is not None]


def _row_of(
    version: Version, listing: Population | Events, obligation: Obligation, answer: Answer
) -> int:
    """The row of a list that an obligation is about; -1 where there is none."""
    if answer.key.row >= 0:
        return answer.key.row if listing.register == answer.key.register else -1
    return obligation.event_row if listing is version.events else obligation.subject_row


def _doubtful(columns: Columns, asks: Iterable[Ask], row: int) -> list[str]:
    """The columns of the conditions that a row may meet and that cannot be read."""
    doubtful = [ask for ask in asks if any_of(columns, ask)[row] == UNKNOWN]
    return [condition.column for condition in conditions_of(doubtful)]


def _one_of(table: Table, rows: Iterable[int], column: str, instead: str) -> str:
    """The sentence that says to change or delete all but one of some rows; ``instead``: what to
    enter."""
    numbers = sorted(table.row_of[row] for row in rows)
    heading = table.heading_of(column)
    if len(numbers) < 2:
        return f"Give {row_numbers_text(numbers)} of {table.title} {instead} in '{heading}'."
    last = "both" if len(numbers) == 2 else "all"
    some = listed([f"row {number}" for number in numbers[:4]])
    return (
        f"Correct {some} of {table.title}: {last} have the same entry in '{heading}'. Give one "
        f"{instead}, or delete the duplicate."
    )
