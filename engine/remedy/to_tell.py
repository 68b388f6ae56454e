"""What to correct before an obligation can be told that cannot be told now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, all_of, any_of
from engine.decision.observations import ListState
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.lists import list_state
from engine.needs import group_title
from engine.obligation import Obligation, SubjectState
from engine.outcome import Answer, Status
from engine.proof.cell_problems import CellProblems
from engine.proof.citations import sheet_of
from engine.proof.role_words import role_of
from evidence.cells.text import listed, rows_told
from evidence.table import CellState, Table
from rules.condition import Applies, Ask, Listing
from rules.model import Version
from rules.patterns import Completeness, Events
from rules.subject import Population

#: So many corrections of one obligation are told at the most.
_MOST = 5


class Corrections:
    """Says of the obligations of one duty that cannot be told what has to be corrected first."""

    def __init__(self, duty: EvaluatedDuty, problems: CellProblems) -> None:
        self._duty = duty
        self._scope = duty.scope
        self._problems = problems

    def of(self, obligation: Obligation, answer: Answer) -> tuple[str, ...]:
        """What to correct, each as a sentence or two that name the place; () where it can be
        told."""
        if answer.status is not Status.CANNOT_TELL:
            return ()
        version = self._scope.version(obligation.version).version
        said = list(dict.fromkeys(self._said(version, obligation, answer)))
        more = len(said) - _MOST
        return (*said[:_MOST], f"The same is so of {more} more.") if more > 0 else tuple(said)

    def _said(self, version: Version, obligation: Obligation, answer: Answer) -> Iterator[str]:
        expansion = self._duty.observed.expansion
        if expansion.list_state == ListState.SHEET_UNREADABLE:
            yield from self._sheets(expansion.lacking)
        elif expansion.list_state == ListState.EMPTY:
            yield from self._empty(version)
        elif obligation.state == SubjectState.UNCLEAR_HOLDER:
            yield from self._holder(version, obligation)
        elif obligation.state == SubjectState.CLAIMED_TWICE:
            yield from self._twice(version, answer)
        elif obligation.state == SubjectState.UNREAD:
            yield from self._row(version, obligation, answer)
        elif version.applies is not None:
            yield from self._condition(version.applies)

    # Sheets and lists ---------------------------------------------------------------------------

    def _sheets(self, lacking: Iterable[tuple[str, ...]]) -> Iterator[str]:
        specs = {name: each.table.register for name, each in self._scope.columns.items()}
        for group in lacking:
            told = [words for name in group for words in self._problems.of_sheets(name)]
            yield from told or [f"Provide a '{group_title(group, specs)}' sheet that can be read."]

    def _empty(self, version: Version) -> Iterator[str]:
        for listing in _listings(version):
            if list_state(self._scope, listing) != ListState.EMPTY:
                continue
            table = self._scope.register(listing.register).table
            row = f"Add a row to {sheet_of(table)}, which lists nothing of this kind"
            if listing.nil_return is None:
                yield f"{row}."
                continue
            control = self._scope.columns.get("nil returns")
            sheet = sheet_of(control.table) if control else "Nil returns"
            yield (
                f"{row}. If there was nothing, add a nil return on {listing.nil_return.list} to "
                f"{sheet}."
            )

    # Rows ---------------------------------------------------------------------------------------

    def _row(self, version: Version, obligation: Obligation, answer: Answer) -> Iterator[str]:
        """The cells that decide of the row that lists it, and that cannot be read."""
        for listing in _listings(version):
            row = _row_of(version, listing, obligation, answer)
            if row < 0:
                continue
            columns = self._scope.register(listing.register)
            names = [columns.table.register.key or "", *listing.deciding_days, *_carried(version)]
            cancelled = listing.cancelled if isinstance(listing, Events) else None
            if cancelled and columns.state(cancelled)[row] != CellState.NOTHING:
                names.append(cancelled)
            needed = version.evidence.needed_from if version.evidence else None
            if needed and listing is version.events and not columns.values(needed)[row]:
                said = self._problems.correction(columns.table, row, needed)
                how_many = " Enter how many items it needs, such as 1."
                yield f"{said}{how_many if columns.read(needed)[row] else ''}"
            yield from self._cells(columns, [*names, *_doubtful(columns, listing.asks, row)], row)

    def _cells(self, columns: Columns, names: Iterable[str], row: int) -> Iterator[str]:
        for name in names:
            day_of = columns.table.register.column(name).day_of
            if columns.read(name)[row]:
                continue
            yield self._problems.correction(columns.table, row, day_of.key if day_of else name)

    def _twice(self, version: Version, answer: Answer) -> Iterator[str]:
        """The rows that claim one key."""
        for listing in _listings(version):
            columns = self._scope.register(listing.register)
            key = columns.table.register.key
            if listing.register != answer.key.window or not key or answer.key.row < 0:
                continue
            values = columns.values(key)
            mine = values[answer.key.row]
            rows = [row for row, value in enumerate(values.tolist()) if value == mine]
            yield _one_of(columns.table, rows, f"a key of its own in '{key}'")

    def _condition(self, applies: Applies) -> Iterator[str]:
        """The cells on which the duty's condition depends."""
        columns = self._scope.register(applies.register)
        truth = all_of(columns, applies.asks)
        unread = truth == UNKNOWN
        if applies.begins:
            unread |= (truth != FALSE) & ~columns.read(applies.begins)
        for row in np.flatnonzero(unread).tolist():
            begins = [applies.begins] if applies.begins else []
            names = [*_doubtful(columns, applies.asks, row), *begins]
            for name in names:
                if not columns.read(name)[row]:
                    yield self._problems.correction(columns.table, row, name)

    def _holder(self, version: Version, obligation: Obligation) -> Iterator[str]:
        role = role_of(self._scope, version, obligation.version, obligation.member)
        if role is None:
            return
        table, turns, begins = role.columns.table, role.turns, role.begins
        for row in np.flatnonzero(turns.beginless).tolist():
            yield self._problems.correction(table, row, begins)
        shared = np.flatnonzero(turns.shared).tolist()
        if shared:
            yield _one_of(table, shared, f"another day in '{begins}'")
        for row in np.flatnonzero(turns.rivals).tolist():
            yield self._problems.correction(table, row, table.register.one_holder_of or "")


def _listings(version: Version) -> list[Population | Events]:
    return [each for each in (version.population, version.events) if each is not None]


def _row_of(version: Version, listing: Listing, obligation: Obligation, answer: Answer) -> int:
    """The row of a list that an obligation is about; -1 where there is none."""
    if answer.key.row >= 0:
        return answer.key.row if listing.register == answer.key.window else -1
    return obligation.event_row if listing is version.events else obligation.subject_row


def _carried(version: Version) -> list[str]:
    """The column of the deadline that a record carries."""
    pattern = version.pattern
    carried = pattern.deadline if isinstance(pattern, Completeness) else None
    return [carried.due] if carried else []


def _doubtful(columns: Columns, asks: Iterable[Ask], row: int) -> list[str]:
    """The columns in which a row may meet what is asked and cannot be read."""
    return [
        each.column
        for ask in asks
        if any_of(columns, ask)[row] not in (TRUE, FALSE)
        for each in ask.alternatives
    ]


def _one_of(table: Table, rows: Iterable[int], what: str) -> str:
    """That all but one of some rows are to be changed or deleted."""
    numbers = sorted(table.row_of[row] for row in rows)
    if len(numbers) < 2:
        return f"Give {rows_told(numbers)} of {sheet_of(table)} {what}."
    last = "both" if len(numbers) == 2 else "all"
    told = listed([f"row {number}" for number in numbers[:4]])
    return (
        f"Correct {told} of {sheet_of(table)}: {last} make the same claim. Give one {what}, or "
        "delete what is there twice."
    )
