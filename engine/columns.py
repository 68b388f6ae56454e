"""The columns of typed evidence as arrays, each made once, when first asked for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engine.calendar import FOR_EVER, NO_DAY, Ints
from evidence.table import CellState, Table, Typed

States = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]


class Columns:
    """One table's columns as arrays, by row of the table, as they stand on D (``as_of``)."""

    def __init__(self, table: Table, as_of: int) -> None:
        self.table = table
        self.as_of = as_of
        self._states: dict[str, States] = {}
        self._days: dict[str, Ints] = {}
        self._values: dict[str, Texts] = {}

    def __len__(self) -> int:
        return len(self.table)

    @property
    def whenever(self) -> Columns:
        """The same columns as they stand once every day has come."""
        return self if self.as_of >= FOR_EVER else Columns(self.table, FOR_EVER)

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
        return np.array([bool(text) for text in self.table.columns[name].raw], dtype=np.bool_)


def _ordinal(value: Typed) -> int:
    return value.toordinal() if isinstance(value, datetime.date) else NO_DAY


AllColumns = Mapping[str, Columns]


def all_columns(tables: Mapping[str, Table], as_of: datetime.date) -> AllColumns:
    """The columns of every table, as they stand on D."""
    return {name: Columns(table, as_of.toordinal()) for name, table in tables.items()}
