"""A sheet's cells with merged areas filled: what stands in a merge applies to each of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from evidence.rawcells import Area, RawSheet, RawValue, RowColumn, cell_name
from evidence.wording import is_blank

#: What is wrong with a cell: the error that it shows (#REF!), or '' where it holds a formula
#: whose result is not stored.
Fault = str


@dataclass(frozen=True, slots=True)
class Grid:
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


def grid_of(sheet: RawSheet) -> Grid:
    """The sheet's cells with every merge filled, errors and results not stored too."""
    faults: dict[RowColumn, Fault] = {}
    for row, column in sheet.unstored:
        faults[row - sheet.first_row, column - sheet.first_column] = ""
    for (row, column), words in sheet.errors.items():
        faults[row - sheet.first_row, column - sheet.first_column] = words
    if not sheet.merged:
        return Grid(sheet, sheet.rows, faults, ())
    return _filled(sheet, faults)


def _filled(sheet: RawSheet, faults: dict[RowColumn, Fault]) -> Grid:
    rows: list[Sequence[RawValue]] = list(sheet.rows)
    width = max((len(row) for row in rows), default=0)
    done: list[Area] = []
    for area in sorted(sheet.merged):
        top, left = area[0] - sheet.first_row, area[1] - sheet.first_column
        bottom = min(area[2] - sheet.first_row, len(rows) - 1)
        right = min(area[3] - sheet.first_column, width - 1)
        if top < 0 or left < 0 or top > bottom or left > right:
            continue  # nothing stands in it
        value, fault = cell_at(rows[top], left), faults.get((top, left))
        if is_blank(value) and fault is None:
            continue
        _fill(rows, faults, (top, left, bottom, right), value)
        done.append((area[0], area[1], bottom + sheet.first_row, right + sheet.first_column))
    return Grid(sheet, rows, faults, tuple(done))


def _fill(
    rows: list[Sequence[RawValue]], faults: dict[RowColumn, Fault], area: Area, value: RawValue
) -> None:
    top, left, bottom, right = area
    fault = faults.get((top, left))
    for i in range(top, bottom + 1):
        row = list(rows[i])
        row.extend([""] * (right + 1 - len(row)))
        row[left : right + 1] = [value] * (right + 1 - left)
        rows[i] = row
        if fault is not None:
            faults.update({(i, j): fault for j in range(left, right + 1)})


def area_name(area: Area) -> str:
    """The area as a spreadsheet shows it: ``C5:C9``."""
    return f"{cell_name(area[0], area[1])}:{cell_name(area[2], area[3])}"
