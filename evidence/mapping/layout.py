"""The layout of a mapped sheet: its rows of headings, its bands, and where its records end.

A band is a row below the headings with one filled cell, a title such as 'Quarter 1' over the
records below it. Where the records of a sheet are columns of it (``across``), rows and columns
change places first, so in this module each row may be a record, and each column has one heading.
Addresses and labels are still those of the sheet.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from evidence.cells.merges import CellGrid, Fault, cell_at, cell_grid
from evidence.cells.text import (
    is_blank,
    normal_heading,
    normal_key,
    quoted,
    raw_text,
    some_of,
    spaced_once,
)
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
from evidence.sheets.rows import RowsByKind, sort_rows

#: Between the texts of two rows of headings that are read as one.
HEADING_SEPARATOR = " / "
#: In place of the index of a band, for a row that has none above it.
NO_BAND = -1
#: The span of every column.
_ALL_COLUMNS: ColumnSpan = (1, 1_000_000_000)
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_SPAN = re.compile(r"([A-Za-z]{1,3}|[0-9]{1,7}):([A-Za-z]{1,3}|[0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A heading, a band or a fixed cell, which counts for several records: its value, its address
    in the sheet ('' of a band that is not there), and what is wrong with it."""

    value: RawValue = ""
    address: str = ""
    fault: Fault | None = None


@dataclass(frozen=True)
class MappedLayout:
    """A sheet as its mapping reads it. Rows and columns are given by their indexes in ``grid``. A
    cell that shows an error, or whose result is not stored, is blank there and has a fault."""

    #: The cells to the end of the records, within the columns of the table.
    grid: CellGrid
    #: The rows of headings: one, or two that are read as one; none in an empty sheet.
    heading_rows: Sequence[int]
    #: The heading of each column.
    headings: Sequence[str]
    #: The band above each row (NO_BAND: none). A band is its own.
    band_of: Sequence[int]
    #: Whether rows and columns are swapped, because the records are columns of the sheet.
    across: bool
    #: All cells of the sheet, before the end of the records and the columns of the table were cut.
    whole: CellGrid

    @property
    def heading_row(self) -> int:
        """The last row of headings. Without any it is row 0, which is then never a record."""
        return max(self.heading_rows, default=0)

    @cached_property
    def _columns_by_heading(self) -> Mapping[str, Sequence[int]]:
        columns: dict[str, list[int]] = {}
        for column, text in enumerate(self.headings):
            columns.setdefault(normal_heading(text), []).append(column)
        return columns

    def columns_of(self, heading: str) -> Sequence[int]:
        """The columns with this heading."""
        return self._columns_by_heading.get(normal_heading(heading), ())

    def column_index(self, label: str | int) -> int:
        """The column with a label: its letters, or its row number where the records are across.
        Negative if the table begins after it."""
        number = column_number(label) if isinstance(label, str) and label.isalpha() else int(label)
        return number - self.grid.sheet.first_column

    def column_label(self, column: int) -> str:
        """The letters of a column, or its row number where the records are across."""
        number = self.grid.sheet.first_column + column
        return str(number) if self.across else column_letters(number)

    def address(self, row: int, column: int) -> str:
        """The address of one cell in the sheet."""
        row_number = self.grid.number(row)
        column_number_ = self.grid.sheet.first_column + column
        if self.across:
            row_number, column_number_ = column_number_, row_number
        return cell_name(row_number, column_number_)

    def cell(self, row: int, column: int) -> RawValue:
        """The value of one cell."""
        return cell_at(self.grid.rows[row], column)

    def heading(self, column: int) -> PlacedCell:
        """The heading of a column as a cell. A date stays a date unless its text is joined to that
        of another row of headings."""
        row, text = self.heading_row, self.headings[column]
        cell = cell_at(self.grid.rows[row], column)
        value = cell if heading_text(cell) == text else text
        return PlacedCell(value, self.address(row, column), self.grid.faults.get((row, column)))

    def fixed_cell(self, address: str) -> PlacedCell:
        """The cell at an address of the sheet; blank if the sheet has none there, or if the text is
        no address."""
        match = _CELL.fullmatch(address)
        if match is None:
            return PlacedCell()
        row, column = int(match[2]), column_number(match[1])
        if self.across:
            row, column = column, row
        sheet = self.whole.sheet
        row = row - sheet.first_row
        column = column - sheet.first_column
        if not 0 <= row < len(self.whole.rows) or column < 0:
            return PlacedCell("", address.upper())
        value = cell_at(self.whole.rows[row], column)
        return PlacedCell(value, address.upper(), self.whole.faults.get((row, column)))

    @cached_property
    def _band_cells(self) -> Mapping[int, PlacedCell]:
        return {band: self._band_cell(band) for band in set(self.band_of) if band != NO_BAND}

    def _band_cell(self, band: int) -> PlacedCell:
        for column, cell in enumerate(self.grid.rows[band]):
            fault = self.grid.faults.get((band, column))
            if fault is not None or not is_blank(cell):
                return PlacedCell(cell, self.address(band, column), fault)
        return PlacedCell()

    def is_band(self, row: int) -> bool:
        """Whether a row is a band: a row with one filled cell, where the table has bands."""
        return self.band_of[row] == row

    def band_above(self, row: int) -> PlacedCell:
        """The cell of the band above a row; blank if there is none."""
        return self._band_cells.get(self.band_of[row], PlacedCell())

    def rows_by_kind(self, used: Collection[int]) -> RowsByKind:
        """The rows below the headings, by their kind, for a register that uses these columns; if it
        uses none, each filled row may be a record.

        A row that contains only a value merged from above is empty, since the row above has it.
        """
        columns = frozenset(used) or frozenset(range(len(self.headings)))
        return sort_rows(
            self.grid.sheet,
            self.heading_row,
            columns,
            lambda cells, filled: self._repeats_headings(cells, columns.intersection(filled)),
        )

    def _repeats_headings(self, cells: Sequence[RawValue], columns: Collection[int]) -> bool:
        """Whether the cells of a row in these columns, two or more, are the headings there, each in
        either row of headings where there are two."""
        if len(columns) < min(2, sum(map(bool, self.headings))):
            return False
        return all(self.is_heading(column, cells[column]) for column in columns)

    def is_heading(self, column: int, cell: RawValue) -> bool:
        """Whether a cell is the heading of its column, in either row where there are two."""
        rows = (self.grid.rows[row] for row in self.heading_rows)
        headings = (heading_text(cell_at(row, column)) for row in rows)
        return normal_heading(heading_text(cell)) in map(normal_heading, headings)


def lay_out(sheet: RawSheet, mapping: SheetMapping) -> MappedLayout:
    """The sheet as its mapping reads it. A missing heading is left to the caller to report."""
    across = mapping.records == "across"
    upright = _without_faulty_values(_transposed(sheet) if across else sheet)
    whole = cell_grid(upright)
    table, grid = upright, whole
    if mapping.only_columns is not None:
        table = _columns_of(upright, span_of(mapping.only_columns))
        grid = cell_grid(table)
    heading_rows = _heading_rows(grid, mapping)
    headings = _joined_headings(grid, heading_rows)
    heading_row = max(heading_rows, default=0)
    if mapping.ends_at is not None:
        grid = cell_grid(_rows_until(table, _end(grid, heading_row, mapping.ends_at)))
    return MappedLayout(
        grid=grid,
        heading_rows=heading_rows,
        headings=headings,
        band_of=_bands_above(grid, heading_row) if mapping.bands else [NO_BAND] * len(grid.rows),
        across=across,
        whole=whole,
    )


def new_columns(sheet: RawSheet, mapping: SheetMapping) -> list[str]:
    """The headings of a table with wide columns that nothing in it uses, and that were not in the
    sheet when a person chose the columns."""
    wide = [part.wide for part in mapping.gives if part.wide is not None]
    has_choice = any(columns.other_columns is not None for columns in wide)
    if not has_choice or any(columns.after for columns in wide):
        return []
    known = {normal_heading(text) for part in mapping.gives for text in part.headings}
    known.update(normal_heading(text) for columns in wide for text in columns.other_columns or ())
    headings = lay_out(sheet, mapping).headings
    return [text for text in headings if text and normal_heading(text) not in known]


def new_columns_words(headings: Sequence[str], sheet: str) -> str:
    """A sentence about the new columns of a sheet."""
    count = "1 column" if len(headings) == 1 else f"{len(headings)} columns"
    names = some_of([quoted(heading) for heading in headings], 5)
    are, were = ("is", "was") if len(headings) == 1 else ("are", "were")
    return f"{count} of {quoted(sheet)} {are} new, and {were} not read: {names}."


def _joined_headings(grid: CellGrid, heading_rows: Sequence[int]) -> list[str]:
    """The heading of each column: the texts of the rows of headings, each once."""
    rows = [grid.rows[row] for row in heading_rows]
    width = max(map(len, grid.rows), default=0)
    texts = ([heading_text(cell_at(row, column)) for row in rows] for column in range(width))
    return [HEADING_SEPARATOR.join(dict.fromkeys(filter(None, parts))) for parts in texts]


def heading_text(cell: RawValue) -> str:
    """The text of a heading as it is written in a mapping; a date as 20/04/2026."""
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    return spaced_once(raw_text(cell))


def span_of(text: str) -> ColumnSpan:
    """The first and the last column of 'A:F', or of '3:9' where the records are across. A text of
    another form means all columns: then the headings of the mapping say which columns count."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return _ALL_COLUMNS
    first, last = (int(end) if end.isdecimal() else column_number(end) for end in match.groups())
    return first, last


def _heading_rows(grid: CellGrid, mapping: SheetMapping) -> list[int]:
    """The rows of headings that the mapping names, if they are in the sheet. If it names none, the
    first of the rows that have most of the headings that it uses; none in an empty sheet."""
    named_rows = mapping.headings
    if named_rows is None:
        used = {normal_heading(text) for part in mapping.gives for text in part.headings}
        counts = [
            len(used.intersection(normal_heading(heading_text(cell)) for cell in row))
            for row in grid.rows[:SEARCHED_ROWS]
        ]
        return [counts.index(max(counts))] if counts else []
    labels = named_rows if isinstance(named_rows, tuple) else (named_rows,)
    # Where the records are across, a row of headings is a column of the sheet, named by letters.
    numbers = (column_number(label) if isinstance(label, str) else label for label in labels)
    rows = (number - grid.sheet.first_row for number in sorted(numbers))
    return [row for row in rows if 0 <= row < len(grid.rows)]


def _end(grid: CellGrid, heading_row: int, ends_at: str) -> int:
    """The first row after the records. Where they end at a blank row, those between the headings
    and the first record are skipped."""
    faulty = {row for row, _ in grid.faults}
    begun = False
    normal_end = normal_key(ends_at)
    for row in range(heading_row + 1, len(grid.rows)):
        first = next((cell for cell in grid.rows[row] if not is_blank(cell)), None)
        blank = first is None and row not in faulty
        if ends_at == BLANK_LINE:
            if blank and begun:
                return row
        elif first is not None and normal_key(raw_text(first)).startswith(normal_end):
            return row
        begun = begun or not blank
    return len(grid.rows)


def _bands_above(grid: CellGrid, heading_row: int) -> list[int]:
    """The band above each row (NO_BAND: none): the last row so far with one filled cell. A merged
    cell counts once in each of its rows, however many columns it covers."""
    sheet = grid.sheet
    # Most cells are "", and is_blank takes longer to say so.
    filled = [sum(cell != "" and not is_blank(cell) for cell in row) for row in sheet.rows]
    for row_number, _ in (*sheet.errors, *sheet.unstored):
        filled[row_number - sheet.first_row] += 1
    for top, _, bottom, _ in grid.merged:
        for row_number in range(top + 1, bottom + 1):  # The top row has the cell itself.
            filled[row_number - sheet.first_row] += 1
    band, band_of = NO_BAND, []
    for row, count in enumerate(filled):
        if row > heading_row and count == 1:
            band = row
        band_of.append(band)
    return band_of


def _without_faulty_values(sheet: RawSheet) -> RawSheet:
    """The sheet with blank cells where the value must not be used."""
    if not sheet.errors and not sheet.unstored:
        return sheet
    rows = list(sheet.rows)
    faulty: dict[int, list[int]] = {}  # the columns of each row
    for row_number, column in (*sheet.errors, *sheet.unstored):
        faulty.setdefault(row_number - sheet.first_row, []).append(column - sheet.first_column)
    for row, columns in faulty.items():
        cells = list(rows[row])
        for column in columns:
            cells[column] = ""
        rows[row] = cells
    return replace(sheet, rows=rows)


def _rows_until(sheet: RawSheet, end: int) -> RawSheet:
    """The sheet without the rows from ``end`` on."""
    beyond = sheet.first_row + end
    return _only_faults_in(replace(sheet, rows=sheet.rows[:end]), lambda row, _: row < beyond)


def _columns_of(sheet: RawSheet, span: ColumnSpan) -> RawSheet:
    """The sheet with only the columns of a span."""
    first, last = max(span[0], sheet.first_column), span[1]
    start = first - sheet.first_column
    stop = max(last + 1 - sheet.first_column, 0)
    rows = [row[start:stop] for row in sheet.rows]
    narrow = replace(sheet, first_column=first, rows=rows)
    return _only_faults_in(narrow, lambda _, column: first <= column <= last)


def _only_faults_in(sheet: RawSheet, inside: Callable[[int, int], bool]) -> RawSheet:
    """A sheet that was cut, with the faults of the cells that are still there. Merged areas are
    left as they are: cell_grid cuts them at the bottom and on the right, and ignores those that
    begin to the left of the sheet."""
    return replace(
        sheet,
        errors={place: words for place, words in sheet.errors.items() if inside(*place)},
        unstored=frozenset(place for place in sheet.unstored if inside(*place)),
    )


def _transposed(sheet: RawSheet) -> RawSheet:
    """The sheet with its rows as columns. Hidden rows and columns, and rows that are struck
    through, are not carried over."""

    def swapped(place: RowColumn) -> RowColumn:
        return place[1], place[0]

    return RawSheet(
        name=sheet.name,
        hidden=sheet.hidden,
        first_row=sheet.first_column,
        first_column=sheet.first_row,
        rows=list(zip_longest(*sheet.rows, fillvalue="")),
        merged=tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merged),
        errors={swapped(place): words for place, words in sheet.errors.items()},
        unstored=frozenset(map(swapped, sheet.unstored)),
        todays=frozenset(map(swapped, sheet.todays)),
        looked_for_hidden=sheet.looked_for_hidden,
        text_is_raw=sheet.text_is_raw,
    )
