"""A sheet's cells with merged areas filled: a merge's value applies to each of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from evidence.cells.text import is_blank
from evidence.raw_cells import Area, RawSheet, RawValue, RowColumn, cell_name

#: What is wrong with a cell: the error that it shows (#REF!), UNSTORED or TODAY.
Fault = str
#: The fault of a cell with a formula whose result is not stored.
UNSTORED: Fault = ""
#: The fault of a cell with the formula =TODAY(), whose stored result is the day of the last saving.
TODAY: Fault = "TODAY"
#: The faults of a formula that may have any result.
UNKNOWN_RESULT = frozenset((UNSTORED, TODAY))


@dataclass(frozen=True, slots=True)
class CellGrid:
    """The cells of a sheet by index (0 is ``sheet.first_row`` and ``sheet.first_column``), with
    merges filled. ``merged`` are the filled areas, within the sheet's cells, in its coordinates."""

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
    above, before = sheet.first_row, sheet.first_column
    unstored = {place: TODAY if place in sheet.todays else UNSTORED for place in sheet.unstored}
    cells = {**unstored, **sheet.errors}
    faults = {(row - above, column - before): words for (row, column), words in cells.items()}
    if not sheet.merged:
        return CellGrid(sheet, sheet.rows, faults, ())
    rows = list(sheet.rows)
    width = max(map(len, rows), default=0)
    copies: dict[int, list[RawValue]] = {}  # a row is copied once, however many merges there are
    filled: list[Area] = []
    for area in sorted(sheet.merged):
        top, left = area[0] - above, area[1] - before
        bottom = min(area[2] - above, len(rows) - 1)
        right = min(area[3] - before, width - 1)
        if top < 0 or left < 0 or top > bottom or left > right:
            continue
        value = cell_at(rows[top], left)
        fault = faults.get((top, left))
        if is_blank(value) and fault is None:
            continue
        for index in range(top, bottom + 1):
            if index not in copies:
                rows[index] = copies[index] = list(rows[index])
            row = copies[index]
            row.extend([""] * (right + 1 - len(row)))
            row[left : right + 1] = [value] * (right + 1 - left)
            if fault is not None:
                faults.update({(index, column): fault for column in range(left, right + 1)})
        filled.append((area[0], area[1], bottom + above, right + before))
    return CellGrid(sheet, rows, faults, tuple(filled))


def area_name(area: Area) -> str:
    """The area as a spreadsheet shows it: ``C5:C9``."""
    return f"{cell_name(area[0], area[1])}:{cell_name(area[2], area[3])}"
