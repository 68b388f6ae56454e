"""Columns that the program fills itself: whether a row names the latest of its kind on its day, and
the day of the row that it names; and the search for that latest one, for whoever has to name it."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from evidence.register import ColumnSpec, DayOf, Latest, RegisterSpec
from evidence.table import CellState, Column, Table, Typed

_Cell = tuple[str, Typed, CellState]
_UNREADABLE: _Cell = ("", None, CellState.UNREADABLE)
_NOTHING: _Cell = ("", None, CellState.NOTHING)
_SURE = (CellState.READ, CellState.NOTHING)
_SILENT = (CellState.NOTHING, CellState.BLANK)


def completed(
    tables: Mapping[str, Table], registers: Mapping[str, RegisterSpec]
) -> dict[str, Table]:
    """The tables as their registers declare them, with the columns that the program fills. Such
    a column stands in no sheet, so it has no letter; what it says follows from other cells."""
    made: dict[str, Table] = {}
    for name, table in tables.items():
        register = registers[name]
        filled = {
            spec.name: _filled(tables, table, spec) for spec in register.columns if spec.looks_in
        }
        columns = {
            spec.name: filled.get(spec.name) or table.columns[spec.name]
            for spec in register.columns
        }
        made[name] = replace(table, register=register, columns=columns) if filled else table
    return made


def _filled(tables: Mapping[str, Table], table: Table, spec: ColumnSpec) -> Column:
    if spec.day_of is not None:
        cells = list(_days(tables, table, spec.day_of))
    else:
        assert spec.latest is not None
        within = tables[spec.latest.within]
        issues = Issues(within, spec.latest) if within.found else None
        cells = [_cell(table, spec.latest, issues, row) for row in range(len(table))]
    return Column(
        spec.name,
        [raw for raw, _, _ in cells],
        [value for _, value, _ in cells],
        bytearray(state for _, _, state in cells),
    )


def _days(tables: Mapping[str, Table], table: Table, of: DayOf) -> Iterator[_Cell]:
    """The day of the row that each row names."""
    named, key = days_by_key(tables[of.within], of.day), table.columns[of.key]
    for state, value in zip(key.state, key.value, strict=True):
        if state == CellState.READ:
            yield named.get(str(value), _NOTHING)
        else:
            yield _NOTHING if state == CellState.NOTHING else _UNREADABLE


def days_by_key(within: Table, day: str) -> dict[str, _Cell]:
    """The day of each row by its key; nothing for one that was cancelled, or has no day."""
    register, days = within.register, within.columns[day]
    keys = within.columns[register.key or ""]
    cancelled = within.columns[register.cancelled] if register.cancelled else None
    found: dict[str, _Cell] = {}
    for row, (key, state) in enumerate(zip(keys.value, days.state, strict=True)):
        off = cancelled is not None and cancelled.value[row] is True
        unsure = cancelled is not None and cancelled.state[row] not in _SURE
        if off or (state in _SILENT and not unsure):
            cell = _NOTHING
        elif unsure or state != CellState.READ:
            cell = _UNREADABLE
        else:
            cell = (days.raw[row], days.value[row], CellState.READ)
        if isinstance(key, str):
            found[key] = cell
    return found


class Issue(NamedTuple):
    """A row of the kind that was issued: on which day, its key as it is written, and its key."""

    day: datetime.date
    written: str
    key: str


class Issues:
    """The rows of a register that are of one kind, or may be, by the day on which they were issued
    (semantics.md, Evidence: Latest of its kind). One that was never issued is none, nor is one of
    another kind."""

    def __init__(self, table: Table, latest: Latest) -> None:
        names = (table.register.key or "", latest.kind, latest.issued)
        columns = [table.columns[name] for name in names]
        self._issued: list[Issue] = []
        self._days: list[datetime.date] = []  # of those that are of the kind for certain
        self._doubtful: list[datetime.date] = []  # of those that may be of it
        self._undated = 0  # those of which it cannot be told when they were issued
        #: The rows that cannot be read and may be the latest, with the day where it is known; and
        #: those of the kind for certain whose key cannot be read, so that nothing can name them.
        self._unread: list[tuple[datetime.date | None, int]] = []
        self._keyless: list[tuple[datetime.date | None, int]] = []
        self._named: dict[str, _Named] = {}
        for row in range(len(table)):
            self._add(columns, row, latest.of)
        self._days.sort()
        self._doubtful.sort()

    def _add(self, columns: list[Column], row: int, of: str) -> None:
        key, kind, issued = (column.value[row] for column in columns)
        _, kind_state, issued_state = (column.state[row] for column in columns)
        certain = kind_state == CellState.READ
        other = kind_state == CellState.NOTHING or (certain and kind != of)
        never = issued_state == CellState.NOTHING
        day = issued if isinstance(issued, datetime.date) else None
        if isinstance(key, str):
            self._named[key] = _Named(
                None if not certain and not other else not other, never, day, row
            )
        if other or never:
            return
        if day is None or not certain:
            self._unread.append((day, row))
        if day is None:
            self._undated += 1
        elif not certain:
            self._doubtful.append(day)
        else:
            self._days.append(day)
            if isinstance(key, str):
                self._issued.append(Issue(day, columns[0].raw[row], key))
            else:
                self._keyless.append((day, row))

    def is_latest(self, key: str, by: datetime.date) -> bool | None:
        """Whether the row of that key is the latest by a day; None where that cannot be told."""
        named = self._named.get(key)
        if named is None or named.of_kind is False or named.never:
            return False
        if named.day is None:
            return None
        if named.day > by or _between(self._days, named.day, by):
            return False
        doubt = self._undated or _between(self._doubtful, named.day, by)
        return None if doubt or named.of_kind is None else True

    def unread_for(self, key: str, by: datetime.date) -> tuple[int, ...]:
        """The rows because of which it cannot be told whether that of a key is the latest."""
        if self.is_latest(key, by) is not None:
            return ()
        named = self._named[key]
        own = {named.row} if named.of_kind is None else set()
        return tuple(sorted(own.union(_later(self._unread, named.day, by))))

    def unread_by(self, by: datetime.date) -> tuple[int, ...]:
        """The rows because of which it cannot be told which is the latest by a day."""
        last = max((each.day for each in self._issued if each.day <= by), default=None)
        return tuple(sorted({*_later(self._unread, last, by), *_later(self._keyless, last, by)}))

    def latest_by(self, day: datetime.date) -> tuple[Issue, ...] | None:
        """Those of the latest day that is not after ``day``: none, one, or several of one day. None
        where it cannot be told whether a later one is there."""
        last = max((each.day for each in self._issued if each.day <= day), default=None)
        unnamed = max((each for each in self._days if each <= day), default=None)
        doubtful = _between(self._doubtful, last or datetime.date.min, day)
        if self._undated or doubtful or unnamed != last:
            return None
        return tuple(each for each in self._issued if each.day == last)


class _Named(NamedTuple):
    """A row by its key: whether it is of the kind (None: that cannot be told), whether it was
    ``never`` issued, the day on which it was, if that can be read, and the row itself."""

    of_kind: bool | None
    never: bool
    day: datetime.date | None
    row: int


def _later(
    listed: list[tuple[datetime.date | None, int]],
    after: datetime.date | None,
    by: datetime.date,
) -> Iterator[int]:
    """The rows that were issued after one day and by another, or may have been."""
    for day, row in listed:
        if day is None or (day <= by and (after is None or day > after)):
            yield row


def _between(days: list[datetime.date], after: datetime.date, to: datetime.date) -> bool:
    """Whether any of the sorted days is later than one and not later than another."""
    at = bisect_right(days, after)
    return at < len(days) and days[at] <= to


def _cell(table: Table, latest: Latest, issues: Issues | None, row: int) -> _Cell:
    if table.columns[latest.key].state[row] == CellState.NOTHING:
        return _NOTHING
    name, day = (table.columns[each].value[row] for each in (latest.key, latest.by))
    if not isinstance(name, str) or not isinstance(day, datetime.date) or issues is None:
        return _UNREADABLE
    best = issues.is_latest(name, day)
    return _UNREADABLE if best is None else ("yes" if best else "no", best, CellState.READ)
