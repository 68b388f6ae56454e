"""Columns that the program fills itself: whether a row names the latest of its kind on its day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    listed = _issued(tables[latest.within], latest)
    cells = [_cell(table, latest, listed, row) for row in range(len(table))]
    return Column(
        spec.name,
        [raw for raw, _, _ in cells],
        [value for _, value, _ in cells],
        bytearray(state for _, _, state in cells),
    )


@dataclass(frozen=True, slots=True)
class _Issued:
    """The rows of the kind that were issued, each by its key and its day; ``odd`` says whether the
    register is missing, or a row that may be of that kind cannot be read, so that a later one may
    hide there."""

    rows: frozenset[tuple[str, datetime.date]]
    odd: bool


def _issued(table: Table, latest: Latest) -> _Issued:
    """The rows of the kind; one without a day has not been issued."""
    names = (table.register.key or "", latest.kind, latest.issued)
    found: set[tuple[str, datetime.date]] = set()
    odd = not table.found
    for row in range(len(table)):
        name, kind, issued = (table.columns[each].value[row] for each in names)
        read = [table.columns[each].state[row] in _TOLD for each in names]
        if read[1] and kind != latest.of:
            continue
        odd |= not all(read)
        if isinstance(name, str) and isinstance(issued, datetime.date):
            found.add((name, issued))
    return _Issued(frozenset(found), odd)


def _cell(table: Table, latest: Latest, issued: _Issued, row: int) -> _Cell:
    if table.columns[latest.key].state[row] == CellState.NOTHING:
        return _NOTHING
    name, day = (table.columns[each].value[row] for each in (latest.key, latest.by))
    if not isinstance(name, str) or not isinstance(day, datetime.date) or issued.odd:
        return _UNREADABLE
    last = max((each for _, each in issued.rows if each <= day), default=None)
    best = (name, last) in issued.rows
    return ("yes" if best else "no", best, CellState.READ)
