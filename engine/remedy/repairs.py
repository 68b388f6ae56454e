"""Repairs of rows of evidence: cells that cannot be read or are blank, filled so that the row
counts. Readable cells stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from engine.assessment import Remedy
from engine.columns.conditions import FALSE, any_of
from engine.frames.observe import items_of
from engine.frames.scope import Scope
from engine.outcome import ItemRef
from engine.proof.conditions import own_asks
from engine.proof.naming import NamedRows, name_of, named_rows
from engine.remedy.build import UnmetObligation, ahead
from engine.remedy.row_draft import row_on_record
from evidence.cells.text import listed
from evidence.table import CellState, Table, Typed
from rules.condition import Ask, Condition, conditions_of
from rules.patterns import EvidenceQuery, Standing

#: How the words end about a row of what is only booked.
ONLY_BOOKED = "is only booked."
#: At most this many repairs of one obligation are tried, those with the fewest cells first.
_MOST = 3
#: At most this many rows are considered for one obligation, the latest first.
_CONSIDERED = 20


class Repair(NamedTuple):
    """The change to the row ``ref`` that may meet an obligation."""

    ref: ItemRef
    remedy: Remedy


class Repairs:
    """Finds the rows of one duty's evidence that would count with some of their cells filled."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._may_be_repaired = cache(partial(_may_be_repaired, scope))

    def repairs_for(self, unmet: UnmetObligation) -> tuple[Repair, ...]:
        """Repairs that may meet an obligation, the fewest cells first."""
        query = unmet.version.evidence
        if query is None or query.itself:  # completing its own row is its fix already
            return ()
        if unmet.table(query.register).register.one_holder_of:
            return ()
        repairs = (_repair(unmet, query, row) for row in self._rows(unmet, query))
        by_cells = sorted(filter(None, repairs), key=lambda repair: len(repair.remedy.cells))
        return tuple(by_cells[:_MOST])

    def _rows(self, unmet: UnmetObligation, query: EvidenceQuery) -> Sequence[int]:
        """The rows about an obligation that are not too early for it, the latest first."""
        obligation = unmet.obligation
        candidates = self._may_be_repaired(obligation.version_number, obligation.member)
        name = name_of(self._scope, unmet.version, candidates.role, obligation)
        rows = candidates.rows.get(name, ()) if name is not None or not candidates.role else ()
        day = self._scope.register(query.register).days(unmet.dated)
        in_time = [row for row in rows if not day[row] or day[row] >= obligation.relevant_from]
        in_time.sort(key=lambda row: (-int(day[row] or self._scope.as_of_day), row))
        return in_time[:_CONSIDERED]


def _may_be_repaired(scope: Scope, number: int, member: int) -> NamedRows:
    """The rows that no readable cell keeps from counting."""
    version = scope.version(number).rule
    items = items_of(scope, number, version.member(member))
    columns, query = items.columns, version.query
    still_to_come = items.day > scope.as_of_day
    not_done = (items.day == 0) | still_to_come
    says_no = np.zeros_like(not_done)
    flags = np.ones_like(not_done)
    for ask in own_asks(version, member):
        read = [
            columns.state(alternative.column) == CellState.READ for alternative in ask.alternatives
        ]
        still_open = (any_of(columns, ask) != FALSE) | ~np.logical_and.reduce(read)
        if _needs_yes(ask):  # what is only booked says no until it is done
            says_no |= ~still_open
            still_open |= not_done
        flags &= still_open
    flags &= ~still_to_come | says_no
    for name in (query.event, query.subject):
        if name:
            flags &= columns.read(name)
    return named_rows(columns, version, flags)


def _repair(unmet: UnmetObligation, query: EvidenceQuery, row: int) -> Repair | None:
    """The repair that fills the open cells of the row; None if that is not enough."""
    table = unmet.table(query.register)
    read, blank = row_on_record(table, row)
    new = dict(_days(unmet, table, row))
    not_yet = _not_yet(unmet, table, row)
    if not_yet:
        new |= {unmet.dated: unmet.as_of} | dict.fromkeys(not_yet, True)
    filled = (name for name in read if name not in blank and name not in not_yet)
    kept = (*filled, *new, query.event, query.subject, *_blank_matters(unmet, table, row))
    whole = unmet.complete_row(unmet.draft_of(table, row, new, kept, unmet.asks))
    if isinstance(whole, Remedy) or whole.first:
        return None
    change = unmet.changed(whole, row)
    if not _may_mean(unmet, table, row, change):
        return None
    letters = table.sources[table.source_of[row]].letters
    names = [cell.column for cell in change.cells]
    if not names or any(name not in letters for name in names):
        return None
    words = _booked_words(unmet, table, row, change) if not_yet else _words(table, row, names)
    return Repair(ItemRef(query.register, row), replace(change, words=words))


def _needs_yes(ask: Ask) -> bool:
    """Whether a condition is that a cell says yes."""
    return isinstance(ask, Condition) and ask.is_ is True


def _not_yet(unmet: UnmetObligation, table: Table, row: int) -> list[str]:
    """The columns that say no in a row without a date, or with a date that is still to come, where
    the rule requires yes: it is only booked."""
    dated = table.columns[unmet.dated]
    day = table.day(row, unmet.dated)
    if not (
        dated.state[row] in (CellState.BLANK, CellState.NOTHING) or (day and day > unmet.as_of)
    ):
        return []
    columns = [condition.column for condition in conditions_of(filter(_needs_yes, unmet.asks))]
    return [name for name in columns if table.columns[name].value[row] is False]


def _booked_words(unmet: UnmetObligation, table: Table, row: int, change: Remedy) -> str:
    """What to enter in a row of what is only booked, once it is done."""
    of, place = table.place(row), table.place
    enter = [
        f"{'the date' if cell.column == unmet.dated else cell.says or cell.value} in"
        f" {place(row, cell.column).cell}"
        for cell in sorted(change.cells, key=lambda cell: cell.column != unmet.dated)
    ]
    return f"Once it is done, enter {listed(enter)} of {of.sheet}: row {of.row} {ONLY_BOOKED}"


def _blank_matters(unmet: UnmetObligation, table: Table, row: int) -> Iterator[str]:
    """The columns that say what a row is about and are blank in this row: it may be about
    anything, so nobody is told to write there what would count."""
    names = [ask.column for ask in conditions_of(unmet.asks) if ask.includes]
    for name in (*_deciding(unmet), *names):
        if table.columns[name].state[row] in (CellState.BLANK, CellState.NOTHING):
            yield name


def _deciding(unmet: UnmetObligation) -> Iterator[str]:
    """The columns that say of what kind a row is, and which member of a fixed list it is about."""
    yield from (a.column for a in conditions_of(unmet.asks[:1]) if a.equals or a.one_of)
    if unmet.member and unmet.version.named_in:
        yield unmet.version.named_in


def _may_mean(unmet: UnmetObligation, table: Table, row: int, change: Remedy) -> bool:
    """Whether the text of each unreadable cell that says of what kind a row is may mean what would
    count: it is near to that. Another text may mean anything."""
    deciding = set(_deciding(unmet))
    return all(
        f"Did you mean {cell.value}?"
        in unmet.citations.problems.correction(table, row, cell.column)
        for cell in change.cells
        if cell.column in deciding
        if table.columns[cell.column].state[row] == CellState.UNREADABLE
    )


def _days(unmet: UnmetObligation, table: Table, row: int) -> Iterator[tuple[str, Typed]]:
    """The days to write into the row: when it was done, and the last days on which it counts."""
    state = {name: column.state[row] for name, column in table.columns.items()}
    if state[unmet.dated] != CellState.READ:
        yield unmet.dated, unmet.as_of
    pattern = unmet.version.pattern
    if isinstance(pattern, Standing):
        for name in pattern.last_days:
            if state[name] in (CellState.UNREADABLE, CellState.BLANK):
                yield name, ahead(pattern, unmet.as_of)


def _words(table: Table, row: int, names: Sequence[str]) -> str:
    """What to do with the cells of a row."""
    places = {name: table.place(row, name).cell for name in names}
    wrong = [places[n] for n in names if table.columns[n].state[row] == CellState.UNREADABLE]
    blank = [cell for cell in places.values() if cell not in wrong]
    cannot = f"{listed(wrong)} cannot be read" if wrong else ""
    lacks = f"{listed(blank)} {'is' if len(blank) == 1 else 'are'} blank" if blank else ""
    if len(names) > 1:
        return f"Complete the row: {listed([part for part in (cannot, lacks) if part])}."
    if wrong:
        return f"Correct {wrong[0]}, which cannot be read."
    return f"Fill in {blank[0]}, which is blank."
