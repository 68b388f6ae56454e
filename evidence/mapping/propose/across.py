"""Finds out whether the records of a small sheet are its columns."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank
from evidence.mapping.propose.kinds import Kind, is_time, kind_of, spread
from evidence.raw_cells import RawValue

#: Lines of a sheet that may be columns of records.
_MOST_ACROSS = 60
#: Columns before the days of such a sheet.
_MOST_LABELS = 3


def is_across(grid: CellGrid, headings: Sequence[int]) -> bool:
    """Whether the records of a small sheet are its columns: the cells of a row are of one kind
    much more often than those of a column, and the first column has texts."""
    rows = grid.rows[headings[0] :]
    width = max(map(len, grid.rows), default=0)
    if not 3 <= len(rows) <= _MOST_ACROSS or width < 3:
        return False
    labels = [cell_at(row, 0) for row in rows]
    if sum(kind_of(cell) == "text" for cell in labels) < 3:
        return False
    sample = spread(range(1, width), 40)
    by_row = [[kind_of(cell_at(row, i)) for i in sample] for row in rows]
    across = _alike(by_row)
    down = _alike([list(column) for column in zip(*by_row[len(headings) :], strict=True)])
    return across > 0.9 and across > down + 0.1


def columns_of_times(grid: CellGrid, row: int) -> Sequence[int]:
    """The columns of a small sheet that have a day or a month in the row of headings, if there are
    three or more of them side by side, with texts to their left."""
    cells = grid.rows[row]
    times = [index for index, cell in enumerate(cells) if not is_blank(cell) and is_time(cell)]
    few = len(grid.rows) <= _MOST_ACROSS and len(times) > 2 and 0 < times[0] <= _MOST_LABELS
    if not few or times[-1] - times[0] >= len(times):
        return ()
    labels = [kind_of(cell_at(line, times[0] - 1)) for line in grid.rows[row + 1 :]]
    return times if labels.count("text") > 1 else ()


def _alike(lines: Sequence[Sequence[Kind]]) -> float:
    """The share of the filled cells that are of the usual kind of their line."""
    same = total = 0
    for line in lines:
        kinds = [kind for kind in line if kind != "blank"]
        if len(kinds) > 1:
            same += max(map(kinds.count, set(kinds)))
            total += len(kinds)
    return same / total if total else 0.0


def cells_below(grid: CellGrid, index: int, start: int) -> list[RawValue]:
    """The cells of a column from a row on."""
    return [cell_at(row, index) for row in grid.rows[start:]]


def is_label(grid: CellGrid, index: int, start: int, stop: int) -> bool:
    """Whether a column has a text in most of these rows."""
    kinds = [kind_of(cell_at(row, index)) for row in grid.rows[start:stop]]
    return kinds.count("text") * 2 > len(kinds)
