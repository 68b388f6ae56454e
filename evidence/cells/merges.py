"""A sheet's cells with merged areas filled: what stands in a merge applies to each of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from evidence.cells.text import is_blank
from evidence.raw_cells import Area, RawSheet, RawValue, RowColumn, cell_name

#: What is wrong with a cell: the error that it shows (#REF!), or '' where it holds a formula
#: whose result is not stored.
Fault = str


@dataclass(frozen=True, slots=True)
class CellGrid:
    """The cells of a sheet by index (0 is ``sheet.first_row`` and ``sheet.first_column``).

    ``rows`` has merges filled; ``merged`` are the areas that were, clipped to the cells that the
    sheet holds, in the sheet's coordinates.
    """

    sheet: RawSheet
    rows: Sequence[Sequence[RawValue]]
    faults: Mapping[RowColumn, Fault]
    merged: tuple[Area, ...]

    def number(self, index: int) -> int:
        """The sheet's own number of the row at that index."""
        return self.sheet.first_row + index


def cell_at(row: Sequence[RawValue], index: int) -> RawValue:
    """The cell at that index, blank where the row (of a CSV file) is shorter."""
    return row[index] if index < len(row) else ""


def cells_of(rows: Sequence[Sequence[RawValue]], index: int) -> list[RawValue]:
    """The cells at that index, one of each row."""
    try:
        return list(map(itemgetter(index), rows))
    except IndexError:  # rows of a CSV file differ in length
        return [cell_at(row, index) for row in rows]


def cell_grid(sheet: RawSheet) -> CellGrid:
    """The sheet's cells with every merge filled, errors and results not stored too."""
    faults: dict[RowColumn, Fault] = {}
    for row, column in sheet.unstored:
        faults[row - sheet.first_row, column - sheet.first_column] = ""
    for (row, column), words in sheet.errors.items():
        faults[row - sheet.first_row, column - sheet.first_column] = words
    if not sheet.merged:
        return CellGrid(sheet, sheet.rows, faults, ())
    return _filled(sheet, faults)


def _filled(sheet: RawSheet, faults: dict[RowColumn, Fault]) -> CellGrid:
    filling = _Filling(sheet, faults)
    done = [clipped for area in sorted(sheet.merged) if (clipped := filling.fill(area))]
    return CellGrid(sheet, filling.rows, faults, tuple(done))


class _Filling:
    """Rows with merges filled one after another. A row is copied once, however many there are."""

    def __init__(self, sheet: RawSheet, faults: dict[RowColumn, Fault]) -> None:
        self.rows: list[Sequence[RawValue]] = list(sheet.rows)
        self._sheet = sheet
        self._faults = faults
        self._width = max((len(row) for row in self.rows), default=0)
        self._copies: dict[int, list[RawValue]] = {}

    def fill(self, area: Area) -> Area | None:
        """Fill the cells of an area; gives those that were, None where nothing stands in it."""
        above, before = self._sheet.first_row, self._sheet.first_column
        top, left = area[0] - above, area[1] - before
        bottom = min(area[2] - above, len(self.rows) - 1)
        right = min(area[3] - before, self._width - 1)
        if top < 0 or left < 0 or top > bottom or left > right:
            return None
        value, fault = cell_at(self.rows[top], left), self._faults.get((top, left))
        if is_blank(value) and fault is None:
            return None
        for index in range(top, bottom + 1):
            row = self._copy(index)
            row.extend([""] * (right + 1 - len(row)))
            row[left : right + 1] = [value] * (right + 1 - left)
            if fault is not None:
                self._faults.update({(index, j): fault for j in range(left, right + 1)})
        return area[0], area[1], bottom + above, right + before

    def _copy(self, index: int) -> list[RawValue]:
        if index not in self._copies:
            self.rows[index] = self._copies[index] = list(self.rows[index])
        return self._copies[index]


def area_name(area: Area) -> str:
    """The area as a spreadsheet shows it: ``C5:C9``."""
    return f"{cell_name(area[0], area[1])}:{cell_name(area[2], area[3])}"
