"""The lines of a mapped sheet: its headings, its bands, and where its records end."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from evidence.cells.merges import CellGrid, Fault, cell_at, cell_grid
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
from evidence.sheets.rows import RowKind, RowsByKind, is_total

#: Between the texts of two rows of headings that are read as one.
BETWEEN = " / "
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_SPAN = re.compile(r"([A-Za-z]{1,3}|[0-9]{1,7}):([A-Za-z]{1,3}|[0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell that counts for several records: its value, its address, and what is wrong with it.
    A cell that is not there is blank and has no address."""

    value: RawValue = ""
    address: str = ""
    fault: Fault | None = None


@dataclass(frozen=True)
class MappedSheet:
    """A sheet as its mapping reads it: its cells to the end of its records, the indexes of the rows
    of headings, the heading at each index, and for each line the index of the band above it (-1:
    none; a band's own is its own). In a sheet whose records are columns (``across``), rows and
    columns have changed places. ``whole`` is the grid before it was cut. Cells that show an error,
    or whose result is not stored, are blank in it, with a fault."""

    grid: CellGrid
    heading_rows: Sequence[int]
    headings: Sequence[str]
    band_of: Sequence[int]
    across: bool
    whole: CellGrid

    @property
    def heading_row(self) -> int:
        """The index of the last row of headings."""
        return self.heading_rows[-1] if self.heading_rows else 0

    @cached_property
    def _indexes(self) -> Mapping[str, Sequence[int]]:
        indexes: dict[str, list[int]] = {}
        for index, text in enumerate(self.headings):
            indexes.setdefault(normal_heading(text), []).append(index)
        return indexes

    def indexes(self, heading: str) -> Sequence[int]:
        """The indexes at which this heading is."""
        return self._indexes.get(normal_heading(heading), ())

    def index_of_line(self, line: str | int) -> int:
        """The index of a column by its letters, or of a row of records across by its number;
        negative if the table begins after it."""
        number = column_number(line) if isinstance(line, str) and line.isalpha() else int(line)
        return number - self.grid.sheet.first_column

    def line(self, index: int) -> str:
        """The line of the cells at an index (evidence.raw_cells.cell_address)."""
        number = self.grid.sheet.first_column + index
        return str(number) if self.across else column_letters(number)

    def address(self, row: int, index: int) -> str:
        """The address of one cell, by indexes."""
        number, column = self.grid.number(row), self.grid.sheet.first_column + index
        return cell_name(column, number) if self.across else cell_name(number, column)

    def heading(self, index: int) -> PlacedCell:
        """The heading at an index as a cell; a date stays one unless two rows are read as one."""
        row = self.heading_row
        cell = cell_at(self.grid.rows[row], index)
        value = cell if heading_text(cell) == self.headings[index] else self.headings[index]
        return PlacedCell(value, self.address(row, index), self.grid.faults.get((row, index)))

    def fixed_cell(self, address: str) -> PlacedCell:
        """The cell at an address of the sheet; blank if the sheet has none there."""
        match = _CELL.fullmatch(address)
        if match is None:
            return PlacedCell()
        row, column = int(match[2]), column_number(match[1])
        row, column = (column, row) if self.across else (row, column)
        sheet = self.whole.sheet
        row, column = row - sheet.first_row, column - sheet.first_column
        if not 0 <= row < len(self.whole.rows) or column < 0:
            return PlacedCell("", address.upper())
        value = cell_at(self.whole.rows[row], column)
        return PlacedCell(value, address.upper(), self.whole.faults.get((row, column)))

    @cached_property
    def _bands(self) -> Mapping[int, PlacedCell]:
        return {band: self._band_cell(band) for band in set(self.band_of) if band >= 0}

    def _band_cell(self, band: int) -> PlacedCell:
        for index, cell in enumerate(self.grid.rows[band]):
            fault = self.grid.faults.get((band, index))
            if fault is not None or not is_blank(cell):
                return PlacedCell(cell, self.address(band, index), fault)
        return PlacedCell()

    def band(self, row: int) -> PlacedCell:
        """The cell of the band above a line; blank if there is none."""
        return self._bands.get(self.band_of[row], PlacedCell())

    def kinds(self, used: Collection[int]) -> RowsByKind:
        """The lines below the headings, by their kind, for a register that uses the columns at
        these indexes; if it uses none, each filled line may be a record.

        A line that contains only a value merged from above is empty, since the line above has it.
        """
        sheet, kinds = self.grid.sheet, {kind: list[int]() for kind in RowKind}
        used = frozenset(used) or frozenset(range(len(self.headings)))
        faulty: dict[int, set[int]] = {}  # of each line's own cells
        for row, column in (*sheet.errors, *sheet.unstored):
            faulty.setdefault(row - sheet.first_row, set()).add(column - sheet.first_column)
        for index in range(self.heading_row + 1, len(sheet.rows)):
            cells, faults = sheet.rows[index], faulty.get(index, set())
            filled = [i for i, cell in enumerate(cells) if not (cell == "" or is_blank(cell))]
            kind = RowKind.DATA
            if not filled and not faults:
                kind = RowKind.EMPTY
            elif filled and is_total(cells, filled[0]):
                kind = RowKind.TOTAL
            elif used.isdisjoint(filled) and used.isdisjoint(faults):
                kind = RowKind.IDLE
            elif not faults and self._repeats_headings(cells, [i for i in filled if i in used]):
                kind = RowKind.REPEAT
            kinds[kind].append(index)
        return kinds

    def _repeats_headings(self, cells: Sequence[RawValue], used: Sequence[int]) -> bool:
        """Whether the cells at these indexes, two or more, are the headings there, or are those of
        one of two rows of headings."""
        if len(used) < min(2, sum(map(bool, self.headings))):
            return False
        rows = [self.grid.rows[row] for row in self.heading_rows]
        for index in used:
            cell = cells[index]
            if not isinstance(cell, str | datetime.date):
                return False
            text = normal_heading(heading_text(cell))
            if text not in (normal_heading(heading_text(cell_at(row, index))) for row in rows):
                return False
        return True


def lay_out(sheet: RawSheet, mapping: SheetMapping) -> MappedSheet:
    """The sheet as its mapping reads it. A heading that is not there is noticed by its user."""
    across = mapping.records == "across"
    sheet = _without_faulty_values(_transposed(sheet) if across else sheet)
    whole = grid = cell_grid(sheet)
    if mapping.only_columns is not None:
        sheet = _columns_of(sheet, span_of(mapping.only_columns))
        grid = cell_grid(sheet)
    rows = _heading_rows(grid, mapping)
    width = max(map(len, grid.rows), default=0)
    texts = [[heading_text(cell_at(grid.rows[row], i)) for row in rows] for i in range(width)]
    headings = [BETWEEN.join(dict.fromkeys(text for text in column if text)) for column in texts]
    heading_row = rows[-1] if rows else 0
    if mapping.ends_at is not None:
        grid = cell_grid(_rows_until(sheet, _end(grid, heading_row, mapping.ends_at)))
    bands = _bands(grid, heading_row) if mapping.bands else [-1] * len(grid.rows)
    return MappedSheet(grid, rows, headings, bands, across, whole)


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


def _end(grid: CellGrid, heading_row: int, ends_at: str) -> int:
    """The index of the first line after the records; a blank line directly below the headings is
    not."""
    faulty, begun, normal_end = {row for row, _ in grid.faults}, False, normal_key(ends_at)
    for index in range(heading_row + 1, len(grid.rows)):
        first = next((cell for cell in grid.rows[index] if not is_blank(cell)), None)
        blank = first is None and index not in faulty
        if ends_at == BLANK_LINE:
            if blank and begun:
                return index
        elif first is not None and normal_key(raw_text(first)).startswith(normal_end):
            return index
        begun = begun or not blank
    return len(grid.rows)


def _bands(grid: CellGrid, heading_row: int) -> list[int]:
    """For each line the index of the band above it. A merged cell is one cell of each of its
    lines."""
    sheet = grid.sheet
    counts = [sum(not (cell == "" or is_blank(cell)) for cell in row) for row in sheet.rows]
    for row, _ in (*sheet.errors, *sheet.unstored):
        counts[row - sheet.first_row] += 1
    for top, _, bottom, _ in grid.merged:
        for row in range(top + 1, bottom + 1):
            counts[row - sheet.first_row] += 1
    band, bands = -1, []
    for index, count in enumerate(counts):
        if index > heading_row and count == 1:
            band = index
        bands.append(band)
    return bands


def _without_faulty_values(sheet: RawSheet) -> RawSheet:
    """The sheet with blank cells where the value must not be used."""
    if not sheet.errors and not sheet.unstored:
        return sheet
    rows = list(sheet.rows)
    by_row: dict[int, list[int]] = {}
    for row, column in (*sheet.errors, *sheet.unstored):
        by_row.setdefault(row - sheet.first_row, []).append(column - sheet.first_column)
    for index, columns in by_row.items():
        cells = list(rows[index])
        for column in columns:
            cells[column] = ""
        rows[index] = cells
    return replace(sheet, rows=rows)


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
