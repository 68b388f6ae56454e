"""Repairs of rows of evidence that are there: cells that cannot be read or are blank, written so
that the row counts. What can be read of a row stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.assessment import Remedy
from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, any_of
from engine.columns.days import Flags
from engine.frames.evaluate import items_of
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import ItemRef
from engine.proof.conditions import own_asks
from engine.proof.unread import Suspects, by_name, of_its_own
from engine.remedy.build import UnmetObligation, asks_of, changed, changed_values, complete_row
from engine.remedy.new_rows import ahead
from engine.remedy.row_drafts import RowDraft, computed, standing_row
from evidence.cells.text import listed
from evidence.table import CellState, Table, Typed
from rules.model import Version
from rules.patterns import EvidenceQuery, Standing

#: So many repairs of one obligation are tried at the most, those with the fewest cells first.
_MOST = 3
#: So many rows are considered for one obligation at the most, the latest first.
_CONSIDERED = 20


@dataclass(frozen=True, slots=True)
class Repair:
    """The change to the row ``ref`` that may meet an obligation."""

    ref: ItemRef
    remedy: Remedy


class Repairs:
    """Finds the rows of one duty's evidence that would count once some of their cells are
    written, each selection when it is asked for."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._found: dict[tuple[int, int], Suspects] = {}

    def of(self, unmet: UnmetObligation) -> tuple[Repair, ...]:
        """What may meet an obligation, the fewest cells first; () where no row comes near it."""
        query = unmet.version.evidence
        if query is None or query.itself:  # what its own row lacks is its fix already
            return ()
        if unmet.citations.table(query.register).register.one_holder_of:
            return ()
        made = (self._repair(unmet, query, row) for row in self._rows(unmet, query))
        found = [each for each in made if each is not None]
        return tuple(sorted(found, key=lambda each: len(each.remedy.cells))[:_MOST])

    # Which rows ---------------------------------------------------------------------------------

    def _rows(self, unmet: UnmetObligation, query: EvidenceQuery) -> Sequence[int]:
        """The rows that may be repaired for an obligation, the latest first: those that name what
        it is about; where rows of that register name nothing, all of them."""
        obligation = unmet.obligation
        at = obligation.version, obligation.member
        if at not in self._found:
            self._found[at] = self._selected(unmet.version, obligation)
        rows = self._found[at]
        mine = of_its_own(self._scope, rows, obligation) if rows.names else rows.unnamed
        columns = self._scope.register(query.register)
        day, first = columns.days(unmet.dated), _first_day(obligation)
        in_time = [row for row in mine if not day[row] or day[row] >= first]
        in_time.sort(key=lambda row: (-int(day[row] or self._scope.as_of), row))
        return in_time[:_CONSIDERED]

    def _selected(self, version: Version, obligation: Obligation) -> Suspects:
        """The rows of which nothing that can be read says that they do not count, and that do not
        count as they are, or no longer."""
        number, member = obligation.version, obligation.member
        query = version.query
        items = items_of(self._scope, number, version.member(member))
        columns = items.columns
        which = np.ones(len(columns), dtype=np.bool_)
        for ask in own_asks(version, member):
            which &= (any_of(columns, ask) != FALSE) | _open(
                columns, [each.column for each in ask.alternatives]
            )
        for name in (query.event, query.subject):
            if name:
                which &= columns.read(name)
        which &= items.day <= self._scope.as_of
        return by_name(items, np.asarray(which))

    # What to write ------------------------------------------------------------------------------

    def _repair(self, unmet: UnmetObligation, query: EvidenceQuery, row: int) -> Repair | None:
        """The row with its open cells written; None where that is not enough."""
        table = unmet.citations.table(query.register)
        before, blank = standing_row(table, row)
        new = dict(_days(unmet, table, row))
        kept = {name for name in before if name not in blank}
        names = {table.register.key, query.event, query.subject, *computed(table.register)}
        fixed = frozenset({*kept, *new, *(name for name in names if name)})
        draft = RowDraft(table.register, unmet.as_of, unmet.citations, before, fixed, blank)
        made = complete_row(unmet, draft.put(new), asks_of(unmet, query))
        if isinstance(made, Remedy) or made.first:
            return None
        cells = changed_values(made, before, blank)
        letters = table.sources[table.source_of[row]].letters
        if not cells or any(name not in letters for name in cells):
            return None
        words = _words(table, row, list(cells))
        return Repair(
            ItemRef(query.register, row), changed(unmet, query.register, row, words, cells)
        )


def _open(columns: Columns, names: Sequence[str]) -> Flags:
    """Which rows have a cell in one of these columns that is still to be written, or corrected."""
    found = np.zeros(len(columns), dtype=np.bool_)
    for name in names:
        found |= columns.state(name) != CellState.READ
    return found


def _first_day(obligation: Obligation) -> int:
    """Before which day a row would be too early for it."""
    rolls = obligation.anchor not in ("event", "")
    return obligation.last_done if rolls and obligation.last_done else obligation.opens


def _days(unmet: UnmetObligation, table: Table, row: int) -> Iterator[tuple[str, Typed]]:
    """The days of the row that are to be written: when it was done, and until when it stands."""
    state = {name: column.state[row] for name, column in table.columns.items()}
    if state[unmet.dated] != CellState.READ:
        yield unmet.dated, unmet.as_of
    pattern = unmet.version.pattern
    if isinstance(pattern, Standing):
        odd = (CellState.UNREADABLE, CellState.BLANK)
        for name in (pattern.ends, pattern.review_by):
            if name and state[name] in odd:
                yield name, ahead(pattern, unmet.as_of)


def _words(table: Table, row: int, names: Sequence[str]) -> str:
    """What to do with the cells of a row."""
    places = {name: table.place(row, name) for name in names}
    sheet, number = table.place(row).sheet, table.place(row).row
    odd = [places[n].cell for n in names if table.columns[n].state[row] == CellState.UNREADABLE]
    blank = [each.cell for each in places.values() if each.cell not in odd]
    cannot = f"{listed(odd)} cannot be read" if odd else ""
    lacks = f"{listed(blank)} {'is' if len(blank) == 1 else 'are'} blank" if blank else ""
    if len(names) > 1:
        return f"Complete row {number} of {sheet}: {listed([p for p in (cannot, lacks) if p])}."
    if odd:
        return f"Correct {odd[0]} of {sheet}, which cannot be read."
    return f"Fill in {blank[0]} of {sheet}, which is blank."
