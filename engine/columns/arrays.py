"""The columns of typed evidence as arrays, each made once, when first asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints
from evidence.table import CellState, Table, Typed

States = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]
Array = npt.NDArray[Any]


class Columns:
    """One table's columns as arrays, by row of the table, as they stand on D (``as_of_day``).

    ``others``: the columns of every table of the evidence, in which a key is looked up.
    ``whenever``: the same columns as they stand once every day has come. ``looked`` keeps what was
    looked up in this one, and ``judged`` each row's truth under conditions, for all who ask the
    same."""

    def __init__(
        self,
        table: Table,
        as_of_day: int,
        others: Mapping[str, Columns],
        whenever: Columns | None = None,
    ) -> None:
        self.table = table
        self.as_of_day = as_of_day
        self.others = others
        self.whenever: Columns = whenever or self
        self.looked: dict[Hashable, frozenset[str]] = {}
        self.judged: dict[Hashable, States] = {}
        # What the cells hold is the same on every day.
        self._cells: dict[tuple[str, str], Array] = whenever._cells if whenever else {}

    def __len__(self) -> int:
        return len(self.table)

    def _once(self, what: str, name: str, make: Callable[[], Array]) -> Array:
        if (what, name) not in self._cells:
            self._cells[what, name] = make()
        return self._cells[what, name]

    def state(self, name: str) -> States:
        """How each cell of the column was read (CellState)."""
        states = self.table.columns[name].state
        return self._once("state", name, lambda: np.array(list(states), dtype=np.int8))

    def read(self, name: str) -> Flags:
        """Whether each cell of the column holds a value."""
        return np.asarray(self.state(name) == CellState.READ)

    def blank(self, name: str) -> Flags:
        """Whether nothing stands in each cell, whatever that means."""
        state = self.state(name)
        return np.asarray((state == CellState.NOTHING) | (state == CellState.BLANK))

    def days(self, name: str) -> Ints:
        """The days of a day column; NO_DAY where the cell holds none."""

        def ordinals() -> Ints:
            values = self.table.columns[name].value
            ordinal = {value: _ordinal(value) for value in set(values)}
            return np.array([ordinal[value] for value in values], dtype=np.int64)

        return self._once("days", name, ordinals)

    def days_to_come(self, name: str) -> Flags:
        """Where a day after D stands in a day column: what it dates has not happened."""
        if self.table.register.column(name).type != "day":
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(self.days(name) > self.as_of_day)

    def values(self, name: str) -> Texts:
        """The typed values of the column; None where the cell holds none."""

        def typed() -> Texts:
            values = np.empty(len(self), dtype=object)
            values[:] = list(self.table.columns[name].value)
            return values

        return self._once("values", name, typed)

    def passing(self, name: str, test: Callable[[Typed], bool]) -> Flags:
        """Whether the value of each cell passes a test, which sees each distinct value once."""
        values = self.values(name).tolist()
        passes = {value: test(value) for value in set(values)}
        return np.fromiter((passes[value] for value in values), np.bool_, count=len(values))

    def filled(self, name: str) -> Flags:
        """Whether something stands in each cell, read or not."""
        raw = self.table.columns[name].raw
        return self._once("filled", name, lambda: np.array([bool(text) for text in raw], np.bool_))


def _ordinal(value: Typed) -> int:
    return value.toordinal() if isinstance(value, datetime.date) else NO_DAY


AllColumns = Mapping[str, Columns]


def all_columns(tables: Mapping[str, Table], as_of: datetime.date) -> AllColumns:
    """The columns of every table, as they stand on D."""
    by_now: dict[str, Columns] = {}
    whenever: dict[str, Columns] = {}
    for name, table in tables.items():
        whenever[name] = Columns(table, FOR_EVER, whenever)
        by_now[name] = Columns(table, as_of.toordinal(), by_now, whenever[name])
    return by_now
