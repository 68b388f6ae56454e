"""The columns of typed evidence as arrays, each made once, when first used."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns.days import Flags, Ints
from engine.day_number import FOR_EVER, NO_DAY
from evidence.table import CellState, Table, Typed

States = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]
Array = npt.NDArray[Any]
#: The values of a row in some columns, which say what it is about.
RowValues = tuple[object, ...]


class Columns:
    """One table's columns as arrays, by row of the table, as of D (``as_of_day``).

    ``others``: the columns of every table of the evidence, in which a key is looked up.
    ``whenever``: the same columns as of a day after all others, when nothing is still to come. Two
    caches are filled by engine.columns.conditions: ``counting_keys``, the keys of the rows that
    count and meet certain conditions, and ``truths``, each row's truth under conditions.
    """

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
        self.counting_keys: dict[Hashable, frozenset[str]] = {}
        self.truths: dict[Hashable, States] = {}
        # The contents of cells are the same on every day.
        self._cells: dict[tuple[str, str], Array] = whenever._cells if whenever else {}
        self._rows_by: dict[tuple[str, ...], Mapping[RowValues | None, Sequence[int]]] = {}

    def __len__(self) -> int:
        return len(self.table)

    def _once(self, kind: str, name: str, make: Callable[[], Array]) -> Array:
        if (kind, name) not in self._cells:
            self._cells[kind, name] = make()
        return self._cells[kind, name]

    def state(self, name: str) -> States:
        """How each cell of the column was read (CellState)."""
        states = self.table.columns[name].state
        return self._once("state", name, lambda: np.array(list(states), dtype=np.int8))

    def read(self, name: str) -> Flags:
        """Whether each cell of the column has a value."""
        return np.asarray(self.state(name) == CellState.READ)

    def blank(self, name: str) -> Flags:
        """Whether each cell is blank, whatever a blank means in this column."""
        state = self.state(name)
        return np.asarray((state == CellState.NOTHING) | (state == CellState.BLANK))

    def days(self, name: str) -> Ints:
        """The days of a day column; NO_DAY where the cell has none."""

        def ordinals() -> Ints:
            values = self.table.columns[name].value
            ordinal = {
                value: value.toordinal() if isinstance(value, datetime.date) else NO_DAY
                for value in set(values)
            }
            return np.array([ordinal[value] for value in values], dtype=np.int64)

        return self._once("days", name, ordinals)

    def values(self, name: str) -> Texts:
        """The typed values of the column; None where the cell has none."""

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

    def rows_by(self, names: tuple[str, ...]) -> Mapping[RowValues | None, Sequence[int]]:
        """The rows by their values in these columns. Rows without a value in one of them are under
        None."""
        if names not in self._rows_by:
            by_values: dict[RowValues | None, list[int]] = defaultdict(list)
            columns = [self.values(name).tolist() for name in names]
            rows = zip(*columns, strict=True) if columns else repeat((), len(self))
            for row, values in enumerate(rows):
                by_values[None if None in values else values].append(row)
            self._rows_by[names] = dict(by_values)
        return self._rows_by[names]

    def filled(self, name: str) -> Flags:
        """Whether each cell contains text, read or not."""
        raw = self.table.columns[name].raw
        return self._once("filled", name, lambda: np.array([bool(text) for text in raw], np.bool_))


AllColumns = Mapping[str, Columns]


def all_columns(tables: Mapping[str, Table], as_of: datetime.date) -> AllColumns:
    """The columns of every table, as of D."""
    on_day: dict[str, Columns] = {}
    whenever: dict[str, Columns] = {}
    for name, table in tables.items():
        whenever[name] = Columns(table, FOR_EVER, whenever)
        on_day[name] = Columns(table, as_of.toordinal(), on_day, whenever[name])
    return on_day
