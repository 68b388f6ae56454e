"""A row as it could be written: its values, and which conditions it meets."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from engine.columns.conditions import test_of
from engine.columns.days import add_span
from engine.proof.citations import CitationCache
from evidence.cells.text import normal_key
from evidence.register import RegisterSpec
from evidence.table import NO_ROW, CellState, Table, Typed
from rules.condition import Ask, Condition

Values = Mapping[str, Typed]


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row as it could be written on ``day`` to meet ``asks``: the ``values`` in it, the columns
    that are ``fixed``, and those that are ``blank`` although a value is read there. The value in
    the column ``distinct`` has to differ from those in ``used``. ``citations``: where the rows are
    looked up that its keys may name; ``first``: the rows to be listed before it, because it names
    them. ``texts``: how the cells of a row on record are written."""

    spec: RegisterSpec
    day: datetime.date
    citations: CitationCache
    values: Values
    asks: tuple[Ask, ...] = ()
    fixed: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    used: Collection[Typed] = ()
    distinct: str = ""
    first: tuple[RowDraft, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def new(
        cls,
        spec: RegisterSpec,
        day: datetime.date,
        citations: CitationCache,
        values: Values,
        asks: tuple[Ask, ...],
        *,
        distinct: str = "",
        used: Collection[Typed] = (),
    ) -> RowDraft:
        """A new row, in which these values and the columns that the program fills are fixed."""
        fixed = frozenset((*values, *computed(spec)))
        return cls(spec, day, citations, values, asks, fixed, used=used, distinct=distinct)

    def put(self, values: Values) -> RowDraft:
        """The draft with these values in it."""
        blank = self.blank.difference(values)
        return replace(self, values={**self.values, **values}, blank=blank)

    def after(self, *rows: RowDraft) -> RowDraft:
        """The draft with these rows, and those that have to come before them, to be listed before
        it."""
        whole = [draft for row in rows for draft in (*row.first, replace(row, first=()))]
        return replace(self, first=(*self.first, *whole))

    @property
    def key(self) -> str:
        """Its own key, as it is written."""
        return str(self.values[self.spec.key or ""])

    def meets(self, condition: Condition) -> bool:
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
        return (add_span(last, span, sign=-1) if span else 0) <= value.toordinal() <= last

    def _filled(self, condition: Condition, value: Typed) -> bool:
        """Whether the cell says something; a key has to name a row that counts."""
        spec = self.spec.column(condition.column)
        if not spec.names_rows:
            if isinstance(value, datetime.date) and not spec.planned:
                return value <= self.day
            return value is not None and spec.name not in self.blank
        keys = set(map(normal_key, texts_in(value)))
        counted = self.citations.counted(spec, condition.where, self.day)
        return not keys.isdisjoint(counted) or any(
            normal_key(draft.key) in keys and all(map(draft.meets, condition.where))
            for draft in self.first
            if draft.spec.id in spec.named
        )


def computed(spec: RegisterSpec) -> list[str]:
    """The columns that the program fills itself."""
    return [column.name for column in spec.columns if column.looks_in]


def row_on_record(table: Table, row: int) -> tuple[dict[str, Typed], frozenset[str]]:
    """The values that can be read in a row of a table, and the columns of blanks that stand for
    a value. A name that is on no row of a list is to be entered anew."""
    read = {
        name: column.value[row]
        for name, column in table.columns.items()
        if column.state[row] == CellState.READ and not _is_no_row(column.value[row])
    }
    return read, frozenset(name for name in read if not table.columns[name].raw[row])


def _is_no_row(value: Typed) -> bool:
    return isinstance(value, str) and value.startswith(NO_ROW)


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
