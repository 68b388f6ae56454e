"""Columns that the program fills: whether a row names the latest document of its kind on its day,
and the day of the row that it names."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from evidence.keys.ambiguous_keys import refuse_ambiguous_keys
from evidence.register import ColumnSpec, DayOf, Latest, RegisterSpec
from evidence.table import READ_OR_NOTHING, Cell, CellState, Column, Evidence, Table, Typed

_UNREADABLE: Cell = ("", None, CellState.UNREADABLE)
_NOTHING: Cell = ("", None, CellState.NOTHING)
_SILENT = (CellState.NOTHING, CellState.BLANK)


def finish_evidence(evidence: Evidence, registers: Mapping[str, RegisterSpec]) -> Evidence:
    """The evidence as both evaluators take it: without cells that could name either of two rows,
    and with the columns that the program fills."""
    tables, problems = refuse_ambiguous_keys(evidence.tables)
    return replace(
        evidence, tables=fill_columns(tables, registers), problems=(*evidence.problems, *problems)
    )


def fill_columns(
    tables: Mapping[str, Table], registers: Mapping[str, RegisterSpec]
) -> dict[str, Table]:
    """The tables as their registers declare them, with the columns that the program fills. Such a
    column is in no sheet and has no letters."""
    results: dict[str, Table] = {}
    for name, table in tables.items():
        register = registers[name]
        filled = {
            spec.name: _filled_column(tables, table, spec)
            for spec in register.columns
            if spec.looks_in
        }
        columns = {
            spec.name: filled.get(spec.name) or table.columns[spec.name]
            for spec in register.columns
        }
        results[name] = replace(table, register=register, columns=columns) if filled else table
    return results


def _filled_column(tables: Mapping[str, Table], table: Table, spec: ColumnSpec) -> Column:
    if spec.day_of is not None:
        cells = list(_day_cells(tables, table, spec.day_of))
    else:
        assert spec.latest is not None
        within = tables[spec.latest.within]
        issues = IssuedRows(within, spec.latest) if within.found else None
        cells = [_latest_cell(table, spec.latest, issues, row) for row in range(len(table))]
    return Column.of(spec.name, cells)


def _latest_cell(table: Table, latest: Latest, issues: IssuedRows | None, row: int) -> Cell:
    if table.columns[latest.key].state[row] == CellState.NOTHING:
        return _NOTHING
    name, day = (table.columns[column].value[row] for column in (latest.key, latest.by))
    if not isinstance(name, str) or not isinstance(day, datetime.date) or issues is None:
        return _UNREADABLE
    best = issues.is_latest(name, day)
    return _UNREADABLE if best is None else ("yes" if best else "no", best, CellState.READ)


def _day_cells(tables: Mapping[str, Table], table: Table, of: DayOf) -> Iterator[Cell]:
    """The day of the row that each row names, as a cell."""
    days = days_by_key(tables[of.within], of.day)
    key = table.columns[of.key]
    for state, value in zip(key.state, key.value, strict=True):
        if state == CellState.READ:
            yield days.get(str(value), _NOTHING)
        else:
            yield _NOTHING if state == CellState.NOTHING else _UNREADABLE


def days_by_key(within: Table, day: str) -> dict[str, Cell]:
    """The day of each row by its key; nothing for one that was cancelled, or has no day."""
    register, days = within.register, within.columns[day]
    keys = within.columns[register.key or ""]
    cancelled = within.columns[register.cancelled] if register.cancelled else None
    result: dict[str, Cell] = {}
    for row, (key, state) in enumerate(zip(keys.value, days.state, strict=True)):
        off = cancelled is not None and cancelled.value[row] is True
        unsure = cancelled is not None and cancelled.state[row] not in READ_OR_NOTHING
        if off or (state in _SILENT and not unsure):
            cell = _NOTHING
        elif unsure or state != CellState.READ:
            cell = _UNREADABLE
        else:
            cell = (days.raw[row], days.value[row], CellState.READ)
        if isinstance(key, str):
            result[key] = cell
    return result


class Issue(NamedTuple):
    """A row of the kind that was issued: the day of issue, its key as written, and its key."""

    day: datetime.date
    written: str
    key: str


class _Dated(NamedTuple):
    """A row that is of the kind (or may be, unless ``certain``) and was issued on ``day`` (or may
    have been, if None)."""

    day: datetime.date | None
    certain: bool
    row: int


class IssuedRows:
    """The rows of a register that are of one kind, or may be, by their day of issue
    (semantics.md: Evidence)."""

    def __init__(self, table: Table, latest: Latest) -> None:
        names = (table.register.key or "", latest.kind, latest.issued)
        key, kind, issued = (table.columns[name] for name in names)
        self._by_key: dict[Typed, _Dated | None] = {}
        self._issues: list[Issue] = []  # those of the kind that have a key
        self._keyless: list[_Dated] = []
        self._unread: list[_Dated] = []  # those that cannot be read and may be the latest
        days: list[datetime.date] = []
        for row, (name, day) in enumerate(zip(key.value, issued.value, strict=True)):
            certain = kind.state[row] == CellState.READ
            dated = _Dated(day if isinstance(day, datetime.date) else None, certain, row)
            never = CellState.NOTHING in (kind.state[row], issued.state[row])
            if never or (certain and kind.value[row] != latest.of):
                self._by_key[name] = None
                continue
            self._by_key[name] = dated
            if dated.day is None or not certain:
                self._unread.append(dated)
                continue
            days.append(dated.day)
            if isinstance(name, str):
                self._issues.append(Issue(dated.day, key.raw[row], name))
            else:
                self._keyless.append(dated)
        self._days = sorted(days)
        self._doubtful = sorted(dated.day for dated in self._unread if dated.day is not None)
        self._undated = len(self._doubtful) < len(self._unread)

    def is_latest(self, key: str, by: datetime.date) -> bool | None:
        """Whether the row of that key is the latest by a day; None if not known."""
        issue = self._by_key.get(key)
        if issue is None:
            return False
        if issue.day is None:
            return None
        if issue.day > by or _between(self._days, issue.day, by):
            return False
        doubt = self._undated or _between(self._doubtful, issue.day, by)
        return None if doubt or not issue.certain else True

    def unread_for(self, key: str, by: datetime.date) -> tuple[int, ...]:
        """The rows that leave open whether the row with a key is the latest."""
        issue = self._by_key.get(key)
        if issue is None or self.is_latest(key, by) is not None:
            return ()
        doubtful = set() if issue.certain else {issue.row}
        return tuple(sorted(doubtful.union(_later(self._unread, issue.day, by))))

    def unread_by(self, by: datetime.date) -> tuple[int, ...]:
        """The rows that leave open which row is the latest by a day: they cannot be read and may be
        later, or they have no key, so that nothing can name them."""
        last = self._last_by(by)
        return tuple(sorted({*_later(self._unread, last, by), *_later(self._keyless, last, by)}))

    def latest_by(self, day: datetime.date) -> tuple[Issue, ...] | None:
        """The rows issued on the latest day up to ``day``, which may be none or several. None if a
        row that cannot be read, or has no key, may be later."""
        last = self._last_by(day)
        if self.unread_by(day):
            return None
        return tuple(issue for issue in self._issues if issue.day == last)

    def _last_by(self, day: datetime.date) -> datetime.date | None:
        return max((issue.day for issue in self._issues if issue.day <= day), default=None)


def _later(rows: Iterable[_Dated], after: datetime.date | None, by: datetime.date) -> Iterator[int]:
    """The rows that were issued after one day and by another, or whose day is not known."""
    for day, _, row in rows:
        if day is None or (day <= by and (after is None or day > after)):
            yield row


def _between(days: list[datetime.date], after: datetime.date, to: datetime.date) -> bool:
    """Whether any of the sorted days is later than ``after`` and not later than ``to``."""
    index = bisect_right(days, after)
    return index < len(days) and days[index] <= to
