"""Keys for records of a register whose sheet has none."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping

from evidence.cells.types import TypedCells
from evidence.register import RegisterSpec
from evidence.sheets.equal_rows import comparable_cell
from evidence.table import Cell, CellState, Column


class MadeKeys:
    """Makes keys that are equal only for equal records (evidence.sheets.equal_rows). They are in no
    cell, and no text is shown for them."""

    def __init__(self, register: RegisterSpec) -> None:
        assert register.key is not None
        self._key = register.key
        #: The text of each cell, by column, since sections of a sheet have many cells in common.
        self._texts = {
            spec.name: _CellTexts()
            for spec in register.columns
            if spec.name not in (register.key, register.recorded_on)
        }

    def column(self, columns: Mapping[str, Column], count: int) -> TypedCells:
        """The key of each of ``count`` records, from their other columns."""
        parts = []
        for name, texts in self._texts.items():
            cells = zip(columns[name].raw, columns[name].value, columns[name].state, strict=True)
            parts.append([texts[cell] for cell in cells])
        records = map(",".join, zip(*parts, strict=True))
        keys = [f"row {hashlib.sha256(record.encode()).hexdigest()}" for record in records]
        return TypedCells(self._key, [""] * count, keys, bytearray([CellState.READ]) * count)


class _CellTexts(dict[Cell, str]):
    """A text for each cell of a column, equal only for cells that read the same."""

    def __missing__(self, cell: Cell) -> str:
        text = self[cell] = _text_of(comparable_cell(*cell))
        return text


def _text_of(value: Hashable) -> str:
    """A text that is equal only for equal values; sets in one order."""
    if isinstance(value, tuple):
        return f"({','.join(map(_text_of, value))})"
    return repr(sorted(value) if isinstance(value, frozenset) else value)
