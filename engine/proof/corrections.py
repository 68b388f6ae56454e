"""What to correct before a cell can be read, also where the program fills the cell from rows that
another cell names."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from engine.proof.cell_problems import CellProblems
from evidence.keys.latest import IssuedRows
from evidence.register import DayOf, Latest
from evidence.table import READ_OR_NOTHING, CellState, Table

#: At most this many rows are named that may be the latest of their kind.
_MOST = 3


class CellCorrections:
    """The corrections of the cells of an office's tables, each as a sentence with its place."""

    def __init__(self, table_of: Callable[[str], Table], problems: CellProblems) -> None:
        self._table_of, self._problems = table_of, problems
        self._issues: dict[Latest, IssuedRows] = {}

    def sentences_for(self, table: Table, row: int, column: str) -> Iterator[str]:
        """What to correct: ``Correct G143 of Training: 'LTS' is not a date. Enter the date.``"""
        spec = table.register.column(column)
        if spec.day_of is not None:
            yield from self._of_day(table, row, spec.day_of)
        elif spec.latest is not None:
            yield from self._of_latest(table, row, spec.latest)
        else:
            yield self._problems.correction(table, row, column)

    def _of_day(self, table: Table, row: int, of: DayOf) -> Iterator[str]:
        """The key or, where that can be read, the cells of the row that it names."""
        key = table.columns[of.key].value[row]
        within = self._table_of(of.within)
        named = within.rows_by_key().get(key, ()) if isinstance(key, str) else ()
        cancelled = within.register.cancelled
        cells = [
            (other, name)
            for other in named
            for name in (of.day, *((cancelled,) if cancelled else ()))
            if within.columns[name].state[other] not in READ_OR_NOTHING
        ]
        for other, name in cells:
            yield self._problems.correction(within, other, name)
        if not cells:
            yield self._problems.correction(table, row, of.key)

    def _of_latest(self, table: Table, row: int, latest: Latest) -> Iterator[str]:
        """The key and the day of the row or, where these can be read, the cells that leave open
        which row is the latest."""
        own = [name for name in (latest.key, latest.by) if not _is_read(table, row, name)]
        for name in own:
            yield self._problems.correction(table, row, name)
        key, by = (table.columns[name].value[row] for name in (latest.key, latest.by))
        if own or not isinstance(key, str) or not isinstance(by, datetime.date):
            return
        within = self._table_of(latest.within)
        if latest not in self._issues:
            self._issues[latest] = IssuedRows(within, latest)
        names = [name for name in (within.register.key, latest.kind, latest.issued) if name]
        for other in self._issues[latest].unread_for(key, by)[:_MOST]:
            for name in names:
                if within.columns[name].state[other] not in READ_OR_NOTHING:
                    yield self._problems.correction(within, other, name)


def _is_read(table: Table, row: int, column: str) -> bool:
    return table.columns[column].state[row] == CellState.READ
