"""Finds a second table on a sheet, below the first or beside it.

What the rows of the second one mean is in its title or its own headings ('Not attended', 'Booked
for'), so that they must not count as rows of the first (docs/evidence-states.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain

from evidence.cells.day_words import MONTH_PATTERN
from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank, normal_heading, quoted, raw_text, spaced_once
from evidence.cells.undone import undone_or_to_come
from evidence.raw_cells import RawValue, cell_name, column_letters
from evidence.register import RegisterSpec
from evidence.sheets.headings import Layout, column_by_heading
from evidence.sheets.rows import is_example, is_total

#: Titles below which the same table goes on: of a page, or of a period.
_SAME_TABLE = re.compile(
    r"page\b.*|.*\bcont(?:inued|'?d)?\b.*"
    rf"|(?:(?:financial|calendar) year|fy|q[1-4]|quarter [1-4]|{MONTH_PATTERN}|[ ,:-])*"
    r"(?:20[0-9]{2})?(?: ?[/-] ?[0-9]{2,4})?",
    re.IGNORECASE,
)
#: A longer text is a remark, which says nothing of the rows below it.
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class FirstTable:
    """The table of a sheet that is read, by indexes of its grid. In a sheet read across, rows and
    columns have changed places there."""

    heading_row: int
    #: The columns that are read, and all that have a heading.
    columns: Collection[int]
    headed: Collection[int]
    #: The last column with a heading that is not read; -1 if there is none.
    further: int
    #: Whether a cell is the heading of its column.
    is_heading: Callable[[int, RawValue], bool]
    #: Titles are bands over the records below them, so that a table may go on below one.
    bands: bool = False
    across: bool = False

    def may_have_title(self, column: int) -> bool:
        """Whether a text alone in a row is the title of rows there. To the right of the table, or
        in a column of it that is not read, it is a remark."""
        return column in self.columns or column < min(self.columns, default=0)


def second_table(grid: CellGrid, layout: Layout, register: RegisterSpec) -> str | None:
    """Where a second table begins on a register's own sheet, in words; None if there is none."""
    names = column_by_heading(register)
    name_at = {index: name for name, index in layout.columns.items()}
    headings = [normal_heading(raw_text(cell)) for cell in grid.rows[layout.heading_row]]

    def is_heading(index: int, cell: RawValue) -> bool:
        text = normal_heading(raw_text(cell))
        own = index < len(headings) and text == headings[index]
        return own or (index in name_at and names.get(text) == name_at[index])

    read, others = layout.recognised, [each.index for each in layout.unused if each.heading]
    further = max(others, default=-1)
    first = FirstTable(layout.heading_row, read, {*read, *others}, further, is_heading)
    return table_beside(grid, first, layout.columns.values()) or table_below(grid, first)


def table_below(grid: CellGrid, first: FirstTable) -> str | None:
    """Where a second table begins below the first one."""
    above = chain.from_iterable(grid.rows[: first.heading_row])
    known = {spaced_once(raw_text(cell)).casefold() for cell in above}
    title, title_cell, turned_by, has_records = "", "", "", False
    on_top = ""  # a title right below the headings may be a remark on them
    for row, kind, filled in _rows_below(grid, first):
        if kind is _LineKind.TITLE:
            ((index, cell),) = filled.items()
            title, title_cell = spaced_once(raw_text(cell)), _address(grid, row, index, first)
            if has_records and on_top:
                return on_top
            if first.may_have_title(index) and _says_not_these(title):
                words = f"{quoted(title)} in {title_cell} is the title of the rows below it"
                if has_records or first.bands:
                    turned_by = words
                else:
                    on_top = words
        elif kind is _LineKind.SAME_HEADINGS:
            another = title.casefold() not in known and not _SAME_TABLE.fullmatch(title)
            if title and another and not first.bands:
                return f"{quoted(title)} in {title_cell} is the title of a second table"
        elif kind is _LineKind.OTHER_HEADINGS:
            place, headings = (_line(grid, line, first) for line in (row, first.heading_row))
            return (
                f"{place[0].upper()}{place[1:]} contains other headings than {headings}, so that a"
                " second table begins there"
            )
        elif turned_by:
            return turned_by
        else:
            title, has_records = "", True
    return None


class _LineKind(Enum):
    """What a row below the headings may be. Examples and totals are none of these."""

    TITLE = auto()  # one text alone
    SAME_HEADINGS = auto()
    OTHER_HEADINGS = auto()  # some of the first table's, and others
    RECORD = auto()


def _rows_below(
    grid: CellGrid, first: FirstTable
) -> Iterator[tuple[int, _LineKind, Mapping[int, RawValue]]]:
    """Each filled row below the headings, with its kind and its filled cells."""
    sheet = grid.sheet
    faulty = {row - sheet.first_row for row, _ in (*sheet.errors, *sheet.unstored)}
    for row in range(first.heading_row + 1, len(sheet.rows)):
        cells = sheet.rows[row]
        if is_example(cells):
            continue
        if row in faulty or not all(isinstance(cell, str | None) for cell in cells):
            yield row, _LineKind.RECORD, {}  # as nearly every row; its cells make no difference
            continue
        filled = {i: cell for i, cell in enumerate(cells) if not is_blank(cell)}
        if not filled:
            continue
        if len(filled) > 1:
            yield row, _kind_of_texts(filled, first), filled
        elif not is_total(cells, next(iter(filled))):
            yield row, _LineKind.TITLE, filled


def _kind_of_texts(filled: Mapping[int, RawValue], first: FirstTable) -> _LineKind:
    """The kind of a row of several texts. One may be a heading by chance; of headings of another
    table half are those of the first."""
    read = [index for index in filled if index in first.columns]
    repeated = sum(first.is_heading(index, filled[index]) for index in read)
    if repeated < 2 or 2 * repeated < len(read):
        return _LineKind.RECORD
    return _LineKind.SAME_HEADINGS if repeated == len(read) else _LineKind.OTHER_HEADINGS


def _says_not_these(title: str) -> bool:
    return len(title) <= _LONGEST_TITLE and undone_or_to_come(title.casefold())


def table_beside(grid: CellGrid, first: FirstTable, columns: Collection[int]) -> str | None:
    """Where a second table begins to the right of a blank column between two of these columns. It
    has a further column that is not read: without one it may be a part of the same table."""
    top = first.heading_row
    for index in range(min(columns, default=0), max(columns, default=0)):
        if index in first.headed or index > first.further:  # as in nearly every sheet
            continue
        filled = any((row, index) in grid.faults for row in range(top, len(grid.rows)))
        if not filled and all(is_blank(cell_at(cells, index)) for cells in grid.rows[top:]):
            number = grid.sheet.first_column + index
            where = f"Row {number}" if first.across else f"Column {column_letters(number)}"
            side = "below it" if first.across else "to its right"
            return f"{where} is blank, so that a second table begins {side}"
    return None


def _address(grid: CellGrid, row: int, index: int, first: FirstTable) -> str:
    number, column = grid.number(row), grid.sheet.first_column + index
    return cell_name(column, number) if first.across else cell_name(number, column)


def _line(grid: CellGrid, row: int, first: FirstTable) -> str:
    number = grid.number(row)
    return f"column {column_letters(number)}" if first.across else f"row {number}"
