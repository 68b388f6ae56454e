"""Which cells have to be read first to tell which row is the latest of its kind, in words
(semantics.md, Evidence: Latest of its kind)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from engine.frames.scope import Scope
from engine.outcome import ItemRef
from evidence.cells.text import listed
from evidence.links.latest import Issues
from evidence.register import Latest
from evidence.table import CellState, Table
from rules.condition import Ask
from rules.model import Version
from rules.pattern import Completeness
from rules.subject import FixedList

_UNCLEAR = (CellState.UNREADABLE, CellState.BLANK, CellState.NO_COLUMN)
#: So many rows are told of at the most; the others can be put right after these.
MOST_TOLD = 3


def unread_cells(table: Table, latest: Latest, rows: Sequence[int]) -> str:
    """The cells of these rows that cannot be read: ``'issued on' in row 4 of Documents``."""
    names = [name for name in (table.register.key, latest.kind, latest.issued) if name]
    cells: list[str] = []
    for row in rows[:MOST_TOLD]:
        odd = [f"'{name}'" for name in names if table.columns[name].state[row] in _UNCLEAR]
        place = table.place(row)
        cells.append(f"{listed(odd)} in row {place.row} of {place.sheet}")
    return listed(cells)


class LatestWords:
    """Says of the rows that might have met an obligation of one duty why it cannot be told whether
    they name the latest of its kind."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._issues: dict[Latest, Issues] = {}

    def unclear(self, version: Version, refs: Sequence[ItemRef]) -> str:
        """Which cells to correct first; '' where that is not why they do not count."""
        names = list(dict.fromkeys(_columns_asked(version))) if refs else []
        said = (self._words(name, ref) for name in names for ref in refs[:MOST_TOLD])
        return " ".join(dict.fromkeys(each for each in said if each))

    def _words(self, name: str, ref: ItemRef) -> str:
        table = self._scope.register(ref.register).table
        specs = (each for each in table.register.columns if each.name == name)
        latest = next((each.latest for each in specs), None)
        if latest is None or table.columns[name].state[ref.row] != CellState.UNREADABLE:
            return ""
        cells = self._in_the_way(table, latest, ref.row)
        place = table.place(ref.row)
        words = f"row {place.row} of {place.sheet} names the latest in '{latest.key}'"
        return (
            f"It cannot be told whether {words}: first correct {cells}, which cannot be read."
            if cells
            else ""
        )

    def _in_the_way(self, table: Table, latest: Latest, row: int) -> str:
        key, by = (table.columns[name].value[row] for name in (latest.key, latest.by))
        if not isinstance(key, str) or not isinstance(by, datetime.date):
            return ""
        within = self._scope.register(latest.within).table
        if latest not in self._issues:
            self._issues[latest] = Issues(within, latest)
        return unread_cells(within, latest, self._issues[latest].unread_for(key, by))


def _columns_asked(version: Version) -> Iterator[str]:
    """Every column on which the rule puts a condition to a row of evidence, or to a record."""
    asks: list[Ask] = list(version.evidence.asks) if version.evidence else []
    if isinstance(version.pattern, Completeness):
        asks += version.pattern.asks
    if isinstance(version.subjects, FixedList):
        asks += [ask for member in version.subjects.members for ask in member.where]
    for ask in asks:
        yield from (each.column for each in ask.alternatives)
