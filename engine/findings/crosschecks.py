"""Findings across registers: rows that name others which say something else.

Nothing here changes a status. Each finding shows both places.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.findings.evidence import Noted
from engine.outcome import ItemRef
from engine.proof.phrases import day_words
from evidence.register import ColumnSpec
from evidence.table import CellState, Table, Typed

Tables = Mapping[str, Table]
Ref = tuple[ItemRef, str]
Rows = dict[str, list[int]]  # of one register, by their keys
Keys = Mapping[str, Rows]
#: The rows of a register by kind and year, each with the day on which it was issued.
Issues = dict[tuple[Typed, Typed], list[tuple[datetime.date, int]]]


@dataclass(frozen=True, slots=True)
class Naming:
    """A cell that names a row of another register: where it stands and what it names."""

    table: Table
    spec: ColumnSpec
    row: int
    key: str

    @property
    def at(self) -> Ref:
        """The cell."""
        return ItemRef(self.table.register.id, self.row), self.spec.name


def cross_findings(tables: Tables, as_of: datetime.date, told: Collection[Ref] = ()) -> list[Noted]:
    """What rows that name one another ask a person to look at, by D. ``told``: the cells of which
    an obligation says already that they name no row."""
    found: list[Noted] = []
    keys = {name: _by_key(table) for name, table in tables.items()}
    issues = {name: _issues(table) for name, table in tables.items() if table.register.succession}
    for naming in _namings(tables, keys):
        named = list(_named(naming.spec, naming.key, keys))
        if not named and naming.at not in told:
            found += _not_listed(naming, tables)
        for register, row in named:
            if len(keys[register][naming.key]) == 1:  # of several rows others may say otherwise
                found += _not_there(naming, tables[register], row)
            if register in issues:
                found += _superseded(naming, tables[register], row, as_of, issues[register])
            found += _still_open(naming, tables[register], row)
    return found


def _by_key(table: Table) -> Rows:
    """The rows of each key that can be read."""
    rows: Rows = {}
    key = table.register.key
    for row, value in enumerate(table.columns[key].value if key else ()):
        if isinstance(value, str):
            rows.setdefault(value, []).append(row)
    return rows


def _namings(tables: Tables, keys: Keys) -> Iterator[Naming]:
    """The cells that name a row, but those of which nothing can be said."""
    for table in tables.values():
        for spec in table.register.columns:
            if spec.named:
                yield from _of_column(table, spec, tables, keys)


def _of_column(table: Table, spec: ColumnSpec, tables: Tables, keys: Keys) -> Iterator[Naming]:
    told: dict[str, bool] = {}  # many cells name the same row
    for row, value in enumerate(table.columns[spec.name].value):
        names: Iterable[str] = sorted(value) if isinstance(value, frozenset) else ()
        if isinstance(value, str):
            names = (value,)
        for name in names:
            if name not in told:
                told[name] = _may_be_told(spec, list(_named(spec, name, keys)), tables)
            if told[name]:
                yield Naming(table, spec, row, name)


def _may_be_told(spec: ColumnSpec, named: Sequence[tuple[str, int]], tables: Tables) -> bool:
    """Whether anything can be said of a cell that names these rows, whatever else stands beside it:
    there are none, or one has ended, may have been replaced, or should have been closed."""
    if not named or spec.closes is not None:
        return True
    registers = [(tables[register], row) for register, row in named]
    return any(
        table.register.succession is not None or _day(table, row, table.register.ends) is not None
        for table, row in registers
    )


def _named(spec: ColumnSpec, key: str, keys: Keys) -> Iterator[tuple[str, int]]:
    for register in spec.named:
        for row in keys[register].get(key, ()):
            yield register, row


def _not_listed(naming: Naming, tables: Tables) -> list[Noted]:
    """It names a row that no register it may name has; not where one of those is missing."""
    targets = [tables[name] for name in naming.spec.named]
    if not all(table.found for table in targets):
        return []
    titles = " or ".join(f"'{table.register.title}'" for table in targets)
    raw = naming.table.columns[naming.spec.name].raw[naming.row]
    shown = "what stands here" if naming.spec.sensitive else f"'{raw}'"
    words = f"No row of {titles} has {shown} as its key: correct the cell, or add the row."
    return [Noted("names a row that is not listed", "", words, (naming.at,))]


def _day(table: Table, row: int, name: str | None) -> datetime.date | None:
    value = table.columns[name].value[row] if name else None
    return value if isinstance(value, datetime.date) else None


def _not_there(naming: Naming, named: Table, row: int) -> list[Noted]:
    """Something about a person, or a venue, on a day on which they were not there (any more)."""
    register = named.register
    day = _day(naming.table, naming.row, naming.table.register.dated_by)
    left = _day(named, row, register.ends)
    if day is None or left is None or day < left:
        return []
    words = f"Dated {day_words(day)}, and by the other row that ended on {day_words(left)}."
    refs = (naming.at, (ItemRef(register.id, row), register.ends or ""))
    return [Noted("after the other row ended", "", words, refs)]


def _superseded(
    naming: Naming, named: Table, row: int, as_of: datetime.date, issues: Issues
) -> list[Noted]:
    """It names a version that another had replaced by its own day."""
    day = _day(naming.table, naming.row, naming.table.register.dated_by)
    own = _issued(named, row)
    if own is None or day is None or day > as_of:
        return []
    same = issues[_issue_of(named, row)]
    begun, later = same[bisect_right(same, (day, len(named))) - 1]  # the latest by then
    if not own < begun <= day:
        return []
    words = (
        f"By {day_words(day)} a later one had taken its place ({day_words(begun)}): "
        "name that one, if it is meant."
    )
    register = named.register.id
    refs = (naming.at, (ItemRef(register, later), named.register.key or ""))
    return [Noted("names a version that was replaced", "", words, refs)]


def _issues(table: Table) -> Issues:
    """The rows of each kind and year, in the order in which they were issued."""
    found: Issues = {}
    for row in range(len(table)):
        issued = _issued(table, row)
        if issued is not None:
            found.setdefault(_issue_of(table, row), []).append((issued, row))
    return {of: sorted(rows) for of, rows in found.items()}


def _issue_of(table: Table, row: int) -> tuple[Typed, Typed]:
    succession = table.register.succession
    assert succession is not None
    kind, year = (table.columns[name].value[row] for name in (succession.kind, succession.year))
    return kind, year


def _issued(table: Table, row: int) -> datetime.date | None:
    """The day on which a row of a known kind was issued."""
    succession = table.register.succession
    if succession is None or table.columns[succession.kind].value[row] is None:
        return None
    days = (_day(table, row, name) for name in succession.dated)
    return next((day for day in days if day is not None), None)


def _still_open(naming: Naming, named: Table, row: int) -> list[Noted]:
    """It says that the other row is over, and that row does not."""
    closes = naming.spec.closes
    if closes is None or naming.table.columns[closes.column].value[naming.row] != closes.code:
        return []
    if named.columns[closes.fills].state[row] != CellState.NOTHING:
        return []
    words = f"This row says that it is {closes.code}, and '{closes.fills}' is blank in the other."
    refs = (naming.at, (ItemRef(named.register.id, row), closes.fills))
    return [Noted("closed here and open there", "", words, refs)]
