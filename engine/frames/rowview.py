"""The rows of a table, each looked at where it stands: no copy of its cells is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.frames.grid import Grid

Cells = Mapping[str, Sequence[object]]


class RowView(Mapping[str, object]):
    """One row of a table's columns, by their names."""

    __slots__ = ("_at", "_columns")

    def __init__(self, columns: Cells, at: int) -> None:
        self._columns = columns
        self._at = at

    def __getitem__(self, name: str) -> object:
        return self._columns[name][self._at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def rows(table: Grid) -> Iterator[RowView]:
    """Each row of a table by its columns, in the table's order."""
    columns = {name: table.cells(name) for name in table.names}
    return (RowView(columns, at) for at in range(len(table)))
