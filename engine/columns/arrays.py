"""The columns of typed evidence as arrays, each made once, when first asked for."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from engine.columns.days import FOR_EVER, NO_DAY, Ints
from evidence.table import CellState, Table, Typed

States = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]


class Columns:
    """One table's columns as arrays, by row of the table, as they stand on D (``as_of``).

    ``others``: the columns of every table of the evidence, in which a key is looked up. ``looked``
    keeps what was looked up in this one, and ``judged`` each row's truth under conditions, for all
    who ask the same."""

    def __init__(
        self, table: Table, as_of: int, others: Mapping[str, Columns] | None = None
    ) -> None:
        self.table = table
        self.as_of = as_of
        self.others: Mapping[str, Columns] = {} if others is None else others
        self.looked: dict[Hashable, frozenset[str]] = {}
        self.judged: dict[Hashable, npt.NDArray[np.int8]] = {}
        self._filled: dict[str, npt.NDArray[np.bool_]] = {}
        self._whenever: Columns | None = None
        self._states: dict[str, States] = {}
        self._days: dict[str, Ints] = {}
        self._values: dict[str, Texts] = {}

    def __len__(self) -> int:
        return len(self.table)

    @property
    def whenever(self) -> Columns:
        """The same columns as they stand once every day has come."""
        if self.as_of >= FOR_EVER:
            return self
        if self._whenever is None:
            made = Columns(self.table, FOR_EVER, _Whenever(self.others))
            made._states, made._days, made._values = self._states, self._days, self._values
            self._whenever = made
        return self._whenever

    def state(self, name: str) -> States:
        """How each cell of the column was read (CellState)."""
        if name not in self._states:
            self._states[name] = np.array(list(self.table.columns[name].state), dtype=np.int8)
        return self._states[name]

    def read(self, name: str) -> npt.NDArray[np.bool_]:
        """Whether each cell of the column holds a value."""
        return np.asarray(self.state(name) == CellState.READ)

    def days(self, name: str) -> Ints:
        """The days of a day column; NO_DAY where the cell holds none."""
        if name not in self._days:
            values = self.table.columns[name].value
            ordinal = {value: _ordinal(value) for value in set(values)}
            self._days[name] = np.array([ordinal[value] for value in values], dtype=np.int64)
        return self._days[name]

    def days_to_come(self, name: str) -> npt.NDArray[np.bool_]:
        """Where a day after D stands in a day column: what it dates has not happened."""
        if self.table.register.column(name).type != "day":
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(self.days(name) > self.as_of)

    def values(self, name: str) -> Texts:
        """The typed values of the column; None where the cell holds none."""
        if name not in self._values:
            made = np.empty(len(self), dtype=object)
            made[:] = list(self.table.columns[name].value)
            self._values[name] = made
        return self._values[name]

    def filled(self, name: str) -> npt.NDArray[np.bool_]:
        """Whether something stands in each cell, read or not."""
        if name not in self._filled:
            raw = self.table.columns[name].raw
            self._filled[name] = np.array([bool(text) for text in raw], dtype=np.bool_)
        return self._filled[name]


class _Whenever(Mapping[str, Columns]):
    """Columns as they stand once every day has come, each when it is asked for."""

    def __init__(self, now: Mapping[str, Columns]) -> None:
        self._now = now

    def __getitem__(self, name: str) -> Columns:
        return self._now[name].whenever

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)


def _ordinal(value: Typed) -> int:
    return value.toordinal() if isinstance(value, datetime.date) else NO_DAY


AllColumns = Mapping[str, Columns]


def all_columns(tables: Mapping[str, Table], as_of: datetime.date) -> AllColumns:
    """The columns of every table, as they stand on D."""
    made: dict[str, Columns] = {}
    for name, table in tables.items():
        made[name] = Columns(table, as_of.toordinal(), made)
    return made
