"""A row as it could be written: its values, and which conditions it meets."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from engine.columns.conditions import names_rows, test_of
from engine.columns.days import add_one
from engine.proof.citations import CitationCache
from evidence.cells.text import normal_key
from evidence.register import RegisterSpec
from evidence.table import CellState, Table, Typed
from rules.condition import Condition

Values = Mapping[str, Typed]


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row as it could be written on ``day``: the ``values`` in it, the columns that are
    ``fixed``, and those that are ``blank`` although a value is read there. In the column
    ``distinct`` it has to hold a value that is not ``used`` already. ``citations``: where the rows
    are looked up that its keys may name; ``first``: the rows that have to be listed before it,
    because it names them. ``texts``: how the keys are written that stand in the row."""

    spec: RegisterSpec
    day: datetime.date
    citations: CitationCache
    values: Values
    fixed: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    used: Collection[Typed] = ()
    distinct: str = ""
    first: tuple[RowDraft, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def put(self, values: Values) -> RowDraft:
        """The draft with these values in it."""
        blank = self.blank.difference(values)
        return replace(self, values={**self.values, **values}, blank=blank)

    def after(self, *rows: RowDraft) -> RowDraft:
        """The draft with these rows to be listed before it, and those before them."""
        whole = [each for row in rows for each in (*row.first, replace(row, first=()))]
        return replace(self, first=(*self.first, *whole))

    @property
    def key(self) -> str:
        """Its own key, as it is written."""
        return str(self.values[self.spec.key or ""])

    def holds(self, condition: Condition) -> bool:
        """Whether the row meets the condition as it is."""
        value = self.values.get(condition.column)
        if condition.filled:
            return self._filled(condition, value)
        if condition.on_or_before is None:
            return value is not None and test_of(condition)(value)
        other = self.values.get(condition.on_or_before)
        if not (isinstance(value, datetime.date) and isinstance(other, datetime.date)):
            return False
        last, span = other.toordinal(), condition.within
        return (add_one(last, span, -1) if span else 0) <= value.toordinal() <= last

    def _filled(self, condition: Condition, value: Typed) -> bool:
        """Whether the cell says something; a key has to name a row that counts."""
        spec = self.spec.column(condition.column)
        if not names_rows(spec):
            if isinstance(value, datetime.date) and not spec.planned:
                return value <= self.day
            return value is not None and spec.name not in self.blank
        keys = {normal_key(each) for each in texts_in(value)}
        if not keys:
            return False
        there = self.citations.counted(spec, condition.where, self.day)
        return not keys.isdisjoint(there) or any(
            normal_key(each.key) in keys and all(map(each.holds, condition.where))
            for each in self.first
            if each.spec.id in spec.named
        )


def computed(spec: RegisterSpec) -> list[str]:
    """The columns that the program fills itself."""
    return [column.name for column in spec.columns if column.looks_in]


def standing_row(table: Table, row: int) -> tuple[dict[str, Typed], frozenset[str]]:
    """The values that can be read in a row of a table, and the columns of blanks that stand for
    a value."""
    read = {
        name: column.value[row]
        for name, column in table.columns.items()
        if column.state[row] == CellState.READ
    }
    return read, frozenset(name for name in read if not table.columns[name].raw[row])


def texts_in(value: Typed) -> Collection[str]:
    """The keys or codes in a cell."""
    if isinstance(value, frozenset):
        return value
    return (value,) if isinstance(value, str) else ()


def text_of(value: Typed) -> str:
    """A value as it is written in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return "; ".join(sorted(value))
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
