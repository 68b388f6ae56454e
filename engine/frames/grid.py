"""A table of obligations: arrays of one length under their names, one obligation a row.

A check makes several for each duty, most of them with a few rows only: what making one takes counts
for as much as what is done with all its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.columns.days import Flags, Ints

Texts = npt.NDArray[np.object_]
Array = Ints | Flags | Texts


class Grid:
    """Columns of one length, in an order, that are never changed: each method makes another grid,
    which shares the arrays that stay as they are."""

    __slots__ = ("_columns", "_count")

    def __init__(self, count: int, columns: Mapping[str, object]) -> None:
        """``columns``: for each either one value, which then stands in all ``count`` rows, or an
        array with one value a row."""
        self._columns = {name: _array(value, count) for name, value in columns.items()}
        self._count = count

    def __len__(self) -> int:
        return self._count

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(self._columns)

    def __getitem__(self, name: str) -> Array:
        return self._columns[name]

    def ints(self, name: str) -> Ints:
        """A column of whole numbers or days; yes is 1."""
        return self._columns[name].astype(np.int64, copy=False)

    def cells(self, name: str) -> list[object]:
        """A column's values as Python's own: int, str, bool or tuple."""
        found: list[object] = self._columns[name].tolist()
        return found

    def put(self, columns: Mapping[str, object]) -> Grid:
        """The same with these columns set, each to one value or to one value a row."""
        return Grid(self._count, {**self._columns, **columns})

    def only(self, which: Flags | Ints) -> Grid:
        """The rows that are flagged, or those of these numbers in their order."""
        rows = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return Grid(len(rows), {name: column[rows] for name, column in self._columns.items()})


def joined(grids: Sequence[Grid]) -> Grid:
    """The rows of several grids that have the same columns, one after another."""
    if len(grids) == 1:
        return grids[0]
    together = {name: np.concatenate([each[name] for each in grids]) for name in grids[0].names}
    return Grid(sum(map(len, grids)), together)


def _array(value: object, count: int) -> Array:
    if isinstance(value, np.ndarray):
        # whole numbers are of one width, whatever they were made from
        kept = value.dtype in (np.bool_, np.object_)
        found: Array = value if kept else value.astype(np.int64, copy=False)
        return found
    if isinstance(value, bool):
        return np.full(count, value, dtype=np.bool_)
    if isinstance(value, int):
        return np.full(count, value, dtype=np.int64)
    return same(value, count)


def same(value: object, count: int) -> Texts:
    """A column in which this value stands so many times."""
    found: Texts = np.empty(count, dtype=object)
    found.fill(value)
    return found
