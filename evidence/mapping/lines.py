"""The lines of a mapped sheet: its headings, its bands, and where its records end."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from evidence.cells.merges import CellGrid, cell_at, cell_grid
from evidence.cells.text import is_blank, normal_heading, normal_key, raw_text, spaced_once
from evidence.mapping.model import BLANK_LINE, SheetMapping
from evidence.raw_cells import (
    ColumnSpan,
    RawSheet,
    RawValue,
    RowColumn,
    cell_name,
    column_letters,
    column_number,
)
from evidence.sheets.headings import SEARCHED_ROWS

#: Between the texts of two rows of headings that are read as one.
BETWEEN = " / "
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_SPAN = re.compile(r"([A-Za-z]{1,3}|[0-9]{1,7}):([A-Za-z]{1,3}|[0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class MappedSheet:
    """A sheet as its mapping reads it: its cells to the end of its records, the index of the (last)
    row of headings, the heading at each index, and for each line the index of the band above it
    (-1: none; a band's own is its own). In a sheet whose records are columns (``across``), rows and
    columns have changed places. ``whole`` is the grid before it was cut."""

    grid: CellGrid
    heading_row: int
    headings: Sequence[str]
    band_of: Sequence[int]
    across: bool
    whole: CellGrid

    def indexes(self, heading: str) -> list[int]:
        """The indexes at which this heading is."""
        normal = normal_heading(heading)
        return [i for i, text in enumerate(self.headings) if normal_heading(text) == normal]

    def line(self, index: int) -> str:
        """The line of the cells at an index (evidence.raw_cells.cell_address)."""
        number = self.grid.sheet.first_column + index
        return str(number) if self.across else column_letters(number)

    def address(self, row: int, index: int) -> str:
        """The address of one cell, by indexes."""
        number, column = self.grid.number(row), self.grid.sheet.first_column + index
        return cell_name(column, number) if self.across else cell_name(number, column)

    def heading(self, index: int) -> RawValue:
        """The heading at an index as a cell; a date stays one unless two rows are read as one."""
        cell = cell_at(self.grid.rows[self.heading_row], index)
        return cell if heading_text(cell) == self.headings[index] else self.headings[index]

    def fixed_cell(self, address: str) -> RawValue:
        """The cell at an address of the sheet; '' if the sheet has none there."""
        match = _CELL.fullmatch(address)
        if match is None:
            return ""
        row, column = int(match[2]), column_number(match[1])
        row, column = (column, row) if self.across else (row, column)
        sheet = self.whole.sheet
        row, column = row - sheet.first_row, column - sheet.first_column
        inside = 0 <= row < len(self.whole.rows) and column >= 0
        return cell_at(self.whole.rows[row], column) if inside else ""

    def band(self, row: int) -> tuple[RawValue, str]:
        """The cell of the band above a line, and its address; blank if there is none."""
        band = self.band_of[row]
        cells = self.grid.sheet.rows[band] if band >= 0 else ()
        for index, cell in enumerate(cells):
            if not is_blank(cell):
                return cell, self.address(band, index)
        return "", ""


def lay_out(sheet: RawSheet, mapping: SheetMapping) -> MappedSheet:
    """The sheet as its mapping reads it. A heading that is not there is noticed by its user."""
    across = mapping.records == "across"
    sheet = _transposed(sheet) if across else sheet
    whole = cell_grid(sheet)
    if mapping.only_columns is not None:
        sheet = _columns_of(sheet, span_of(mapping.only_columns))
    grid = cell_grid(sheet)
    rows = _heading_rows(grid, mapping)
    width = max(map(len, grid.rows), default=0)
    texts = [[heading_text(cell_at(grid.rows[row], i)) for row in rows] for i in range(width)]
    headings = [BETWEEN.join(dict.fromkeys(text for text in column if text)) for column in texts]
    heading_row = rows[-1] if rows else 0
    grid = cell_grid(_rows_until(sheet, _end(grid, heading_row, mapping.ends_at)))
    bands = _bands(grid, heading_row) if mapping.bands else [-1] * len(grid.rows)
    return MappedSheet(grid, heading_row, headings, bands, across, whole)


def heading_text(cell: RawValue) -> str:
    """The text of a heading as it is written in a mapping; a date as 20/04/2026."""
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    return spaced_once(raw_text(cell))


def span_of(text: str) -> ColumnSpan:
    """The first and the last column of 'A:F', or row of '3:9'; all columns for another text."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return 1, 1_000_000_000
    first, last = (int(end) if end.isdecimal() else column_number(end) for end in match.groups())
    return first, last


def _heading_rows(grid: CellGrid, mapping: SheetMapping) -> list[int]:
    """The indexes of the rows of headings, within the sheet: those that the mapping names, or the
    first of the rows that have most of its headings; none of an empty sheet."""
    if mapping.headings is None:
        headings = {normal_heading(text) for item in mapping.gives for text in item.headings}
        counts = [
            len(headings.intersection(normal_heading(heading_text(cell)) for cell in row))
            for row in grid.rows[:SEARCHED_ROWS]
        ]
        return [counts.index(max(counts))] if counts else []
    named = mapping.headings if isinstance(mapping.headings, tuple) else (mapping.headings,)
    numbers = (column_number(row) if isinstance(row, str) else row for row in named)
    indexes = (number - grid.sheet.first_row for number in sorted(numbers))
    return [index for index in indexes if 0 <= index < len(grid.rows)]


def _end(grid: CellGrid, heading_row: int, ends_at: str | None) -> int:
    """The index of the first line after the records."""
    if ends_at is None:
        return len(grid.rows)
    faulty = {row for row, _ in grid.faults}
    for index in range(heading_row + 1, len(grid.rows)):
        first = next((cell for cell in grid.rows[index] if not is_blank(cell)), None)
        if ends_at == BLANK_LINE:
            if first is None and index not in faulty:
                return index
        elif first is not None and normal_key(raw_text(first)).startswith(normal_key(ends_at)):
            return index
    return len(grid.rows)


def _bands(grid: CellGrid, heading_row: int) -> list[int]:
    """For each line the index of the band above it."""
    band, bands = -1, []
    for index, row in enumerate(grid.sheet.rows):
        if index > heading_row and sum(not is_blank(cell) for cell in row) == 1:
            band = index
        bands.append(band)
    return bands


def _rows_until(sheet: RawSheet, end: int) -> RawSheet:
    """The sheet without the lines from ``end`` on (an index)."""
    beyond = sheet.first_row + end
    return replace(
        sheet,
        rows=sheet.rows[:end],
        errors={place: words for place, words in sheet.errors.items() if place[0] < beyond},
        unstored=frozenset(place for place in sheet.unstored if place[0] < beyond),
    )


def _columns_of(sheet: RawSheet, span: ColumnSpan) -> RawSheet:
    """The sheet with the columns of a span alone."""
    first, last = max(span[0], sheet.first_column), span[1]
    start, stop = first - sheet.first_column, max(last + 1 - sheet.first_column, 0)
    return replace(
        sheet,
        first_column=first,
        rows=[row[start:stop] for row in sheet.rows],
        errors={place: words for place, words in sheet.errors.items() if first <= place[1] <= last},
        unstored=frozenset(place for place in sheet.unstored if first <= place[1] <= last),
    )


def _transposed(sheet: RawSheet) -> RawSheet:
    """The sheet with its rows as columns. What is hidden or struck through is not carried over."""

    def turned(place: RowColumn) -> RowColumn:
        return place[1], place[0]

    return RawSheet(
        name=sheet.name,
        hidden=sheet.hidden,
        first_row=sheet.first_column,
        first_column=sheet.first_row,
        rows=list(zip_longest(*sheet.rows, fillvalue="")),
        merged=tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merged),
        errors={turned(place): words for place, words in sheet.errors.items()},
        unstored=frozenset(map(turned, sheet.unstored)),
        looked_for_hidden=sheet.looked_for_hidden,
        text_is_raw=sheet.text_is_raw,
    )
