"""Columns that the program fills itself: whether a row names the latest of its kind on its day; and
the search for that latest one, for whoever has to name it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from evidence.register import ColumnSpec, Latest, RegisterSpec
from evidence.table import CellState, Column, Table, Typed

_Cell = tuple[str, Typed, CellState]
_UNREADABLE: _Cell = ("", None, CellState.UNREADABLE)
_NOTHING: _Cell = ("", None, CellState.NOTHING)
_TOLD = (CellState.READ, CellState.NOTHING)


def completed(
    tables: Mapping[str, Table], registers: Mapping[str, RegisterSpec]
) -> dict[str, Table]:
    """The tables as their registers declare them, with the columns that the program fills. Such
    a column stands in no sheet, so it has no letter; what it says follows from other cells."""
    return {name: _completed(tables, table, registers[name]) for name, table in tables.items()}


def _completed(tables: Mapping[str, Table], table: Table, register: RegisterSpec) -> Table:
    made = {spec.name: _made(tables, table, spec) for spec in register.columns if spec.latest}
    if not made:
        return table
    columns = {
        spec.name: made.get(spec.name) or table.columns[spec.name] for spec in register.columns
    }
    return replace(table, register=register, columns=columns)


def _made(tables: Mapping[str, Table], table: Table, spec: ColumnSpec) -> Column:
    latest = spec.latest
    assert latest is not None
    within = tables[latest.within]
    listed = issued_in(within, latest) if within.found else None
    cells = [_cell(table, latest, listed, row) for row in range(len(table))]
    return Column(
        spec.name,
        [raw for raw, _, _ in cells],
        [value for _, value, _ in cells],
        bytearray(state for _, _, state in cells),
    )


class Issue(NamedTuple):
    """A row of the kind that was issued: on which day, its key as it is written, and its key."""

    day: datetime.date
    written: str
    key: str


def issued_in(table: Table, latest: Latest) -> tuple[Issue, ...] | None:
    """The rows of the kind that were issued (one without a day was not). None where a row that may
    be of that kind cannot be read, so that a later one may hide there."""
    names = (table.register.key or "", latest.kind, latest.issued)
    key, kind, issued = (table.columns[name] for name in names)
    found: list[Issue] = []
    for row in range(len(table)):
        told = [table.columns[name].state[row] in _TOLD for name in names]
        if told[1] and kind.value[row] != latest.of:
            continue
        if not all(told):
            return None
        name, day = key.value[row], issued.value[row]
        if isinstance(name, str) and isinstance(day, datetime.date):
            found.append(Issue(day, key.raw[row], name))
    return tuple(found)


def latest_by(issued: Sequence[Issue], day: datetime.date) -> tuple[Issue, ...]:
    """Those of the latest day that is not after ``day``: none, one, or several of one day."""
    last = max((each.day for each in issued if each.day <= day), default=None)
    return tuple(each for each in issued if each.day == last)


def _cell(table: Table, latest: Latest, issued: Sequence[Issue] | None, row: int) -> _Cell:
    if table.columns[latest.key].state[row] == CellState.NOTHING:
        return _NOTHING
    name, day = (table.columns[each].value[row] for each in (latest.key, latest.by))
    if not isinstance(name, str) or not isinstance(day, datetime.date) or issued is None:
        return _UNREADABLE
    best = any(each.key == name for each in latest_by(issued, day))
    return ("yes" if best else "no", best, CellState.READ)
