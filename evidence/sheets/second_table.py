"""Finds a second table on a sheet, below the first or beside it (docs/evidence-states.md).

    Who     | What      | Done
    Ann     | awareness | 3 May 2026
    Not attended
    Ben     | awareness | 4 May 2026

Only the title 'Not attended', or headings such as 'Booked for', say what the rows of the second
table mean, so these rows must not count as rows of the first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain

from evidence.cells.day_words import MONTH_PATTERN
from evidence.cells.merges import CellGrid, cell_at, cells_of
from evidence.cells.text import is_blank, normal_heading, quoted, raw_text, spaced_once
from evidence.cells.undone import undone_or_to_come
from evidence.raw_cells import RawValue, cell_name, column_letters
from evidence.register import RegisterSpec
from evidence.sheets.headings import Layout, column_by_heading
from evidence.sheets.rows import is_example, is_total

#: Titles below which the same table goes on: of a page, or of a period.
_SAME_TABLE = re.compile(
    rf"""
    page\b.*
    | .*\bcont(?:inued|'?d)?\b.*
    | (?: (?:financial|calendar)[ ]year | fy | q[1-4] | quarter[ ][1-4]
        | {MONTH_PATTERN} | [ ,:-] )*
      (?: 20[0-9]{{2}} )?
      (?: [ ]?[/-][ ]?[0-9]{{2,4}} )?
    """,
    re.IGNORECASE | re.VERBOSE,
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
    last_unread_heading: int
    #: Whether a cell is the heading of its column.
    is_heading: Callable[[int, RawValue], bool]
    #: Titles are bands over the records below them, so that a table may go on below one.
    bands: bool = False
    across: bool = False
    #: All headings of the register, normalised; none for a sheet that a mapping reads.
    names: Collection[str] = ()

    def may_have_title(self, column: int) -> bool:
        """Returns whether a text that is alone in its row may be a title: it is in a column that is
        read, or to the left of all of them. Elsewhere it is a remark."""
        return column in self.columns or column < min(self.columns, default=0)


def find_second_table(grid: CellGrid, layout: Layout, register: RegisterSpec) -> str | None:
    """Returns words on where a second table begins on a register's own sheet; None if there is
    none."""
    names = column_by_heading(register)
    name_at = {index: name for name, index in layout.columns.items()}
    headings = [normal_heading(raw_text(cell)) for cell in grid.rows[layout.heading_row]]

    def is_heading(index: int, cell: RawValue) -> bool:
        text = normal_heading(raw_text(cell))
        is_same = index < len(headings) and text == headings[index]
        return is_same or (index in name_at and names.get(text) == name_at[index])

    unread = [column.index for column in layout.unused if column.heading]
    table = FirstTable(
        heading_row=layout.heading_row,
        columns=layout.recognised,
        headed=layout.recognised.union(unread),
        last_unread_heading=max(unread, default=-1),
        is_heading=is_heading,
        names=names.keys(),
    )
    beside = find_table_beside(grid, table, layout.columns.values())
    return beside or find_table_below(grid, table)


@dataclass(slots=True)
class _NegatingTitle:
    """A title that says that the rows below it do not count, such as 'Not attended'."""

    text: str
    address: str
    #: Right below the headings it may be a remark on them.
    may_be_remark: bool
    #: Whether another title is between it and the rows, so that it may be over those or not:
    #: 'Not attended', 'Team B', 'Ben' may be a title, its subtitle and a row.
    has_other_below: bool = False

    @property
    def words(self) -> str:
        verb = "may be" if self.has_other_below else "is"
        return f"{quoted(self.text)} in {self.address} {verb} the title of the rows below it"


def find_table_below(grid: CellGrid, table: FirstTable) -> str | None:
    """Returns words on where a second table begins below the first one; None if there is none.

    It begins at a title that says that the rows below it do not count ('Not attended'), at the same
    headings below another title, or at other headings. On the sheet at the head of this module, the
    rows below the headings are a record, a title and another record. The title is kept until the
    second record, which shows that it has rows::

        RECORD  Ann
        TITLE   Not attended
        RECORD  Ben           returns "'Not attended' in A3 is the title of the rows below it"
    """
    above = chain.from_iterable(grid.rows[: table.heading_row])
    titles_above = {spaced_once(raw_text(cell)).casefold() for cell in above}
    title, address, has_records = "", "", False
    negating: _NegatingTitle | None = None
    for row, kind, cells in _rows_below(grid, table):
        if kind is _LineKind.TITLE:
            if negating and negating.may_be_remark and has_records:
                return negating.words  # Titles and records alternate, so it is not a remark.
            ((index, cell),) = cells.items()
            title = spaced_once(raw_text(cell))
            address = _address(grid, row, index, table)
            if not table.may_have_title(index):
                continue
            if _says_rows_do_not_count(title):
                may_be_remark = not has_records and not table.bands
                negating = _NegatingTitle(title, address, may_be_remark)
            elif negating:
                negating.has_other_below = True
        elif kind is _LineKind.SAME_HEADINGS:
            is_new = title.casefold() not in titles_above and not _SAME_TABLE.fullmatch(title)
            if title and is_new and not table.bands:
                return f"{quoted(title)} in {address} is the title of a second table"
        elif kind is _LineKind.OTHER_HEADINGS:
            place, headings = (_line(grid, line, table) for line in (row, table.heading_row))
            return (
                f"{place[0].upper()}{place[1:]} contains other headings than {headings}, so that a"
                " second table begins there"
            )
        elif kind is _LineKind.NEW_HEADINGS:
            place = _line(grid, row, table)
            return f"{place[0].upper()}{place[1:]} looks like the start of another table"
        elif negating and not negating.may_be_remark:
            return negating.words
        else:
            title, has_records = "", True
    return None


class _LineKind(Enum):
    """What a row below the headings may be. Examples and totals are none of these."""

    #: The row has one text and no other filled cell.
    TITLE = auto()
    SAME_HEADINGS = auto()
    #: The row has some headings of the first table, and others.
    OTHER_HEADINGS = auto()
    #: The row is below a gap, and has headings in other columns than the first table.
    NEW_HEADINGS = auto()
    RECORD = auto()


def _rows_below(
    grid: CellGrid, table: FirstTable
) -> Iterator[tuple[int, _LineKind, Mapping[int, RawValue]]]:
    """Yields each filled row below the headings, with its kind and its filled cells if it is a
    title. A row in which a cell shows an error, or has no stored result, is a record."""
    sheet = grid.sheet
    repeated = _repeated_headings(grid, table)
    faulty = Counter(row - sheet.first_row for row, _ in (*sheet.errors, *sheet.unstored))
    for row in range(table.heading_row + 1, len(sheet.rows)):
        cells = sheet.rows[row]
        if is_example(cells):
            continue
        if row in faulty:
            yield row, _LineKind.RECORD, {}
        elif repeated[row] > 1:
            yield row, _kind_of_headings(cells, table, repeated[row]), {}
        elif not all(isinstance(cell, str | None) for cell in cells):
            # Nearly every row ends here, because it has a date: its texts need not be looked at.
            yield row, _LineKind.RECORD, {}
        elif filled := {i: cell for i, cell in enumerate(cells) if not is_blank(cell)}:
            if len(filled) > 1:
                is_new = _are_new_headings(grid, table, row, filled, faulty)
                yield row, _LineKind.NEW_HEADINGS if is_new else _LineKind.RECORD, {}
            elif not is_total(cells, next(iter(filled))):
                yield row, _LineKind.TITLE, filled


def _are_new_headings(
    grid: CellGrid,
    table: FirstTable,
    row: int,
    filled: Mapping[int, RawValue],
    faulty: Mapping[int, int],
) -> bool:
    """Whether these texts of a row are the headings of another table: below a blank row or a title,
    and above a row, they are short and without a figure, and one of them is a heading of the first
    table. A record would have a reference or a date. ``faulty``: how many cells of each row show an
    error or have no stored result."""
    texts = [raw_text(cell) for cell in filled.values()]
    if not table.names or any(len(t) > _LONGEST_TITLE or any(map(str.isdigit, t)) for t in texts):
        return False

    def cells_in(index: int) -> int:
        cells = chain.from_iterable(grid.sheet.rows[index : index + 1])
        return sum(not is_blank(cell) for cell in cells) + faulty.get(index, 0)

    if row - 1 <= table.heading_row or cells_in(row - 1) > 1 or not cells_in(row + 1):
        return False
    own = {normal_heading(raw_text(cell)) for cell in grid.rows[table.heading_row]}
    return not own.union(table.names).isdisjoint(map(normal_heading, texts))


def _repeated_headings(grid: CellGrid, table: FirstTable) -> Counter[int]:
    """Returns how many headings each row repeats, each in its own column, of those that are read.

    One is not enough for a row of headings, so the first column, in which each row often has a text
    of its own, is looked at only if another repeats its heading.
    """
    repeated: Counter[int] = Counter()
    rows = grid.sheet.rows[table.heading_row + 1 :]
    for index in sorted(table.columns, reverse=True):
        if index == min(table.columns) and not repeated:
            break
        cells = cells_of(rows, index)
        headings = {c for c in set(cells) if table.is_heading(index, c) and not is_blank(c)}
        if headings:
            below = enumerate(cells, table.heading_row + 1)
            repeated.update(row for row, cell in below if cell in headings)
    return repeated


def _kind_of_headings(cells: Sequence[RawValue], table: FirstTable, repeated: int) -> _LineKind:
    """Returns the kind of a row that repeats at least two headings, of any type: a heading may be a
    date.

    One match may be chance, as where 'Attended' is written below the heading 'Attended'. Headings
    of a second table repeat two or more of the first table's, and at least half of those in its
    columns. So where only one column is read, no row is taken for headings.
    """
    read = sum(not is_blank(cell_at(cells, index)) for index in table.columns)
    if 2 * repeated < read:
        return _LineKind.RECORD
    return _LineKind.SAME_HEADINGS if repeated == read else _LineKind.OTHER_HEADINGS


def _says_rows_do_not_count(title: str) -> bool:
    """Returns whether a title is short and says that the rows below it are not done, or not yet."""
    return len(title) <= _LONGEST_TITLE and undone_or_to_come(title.casefold())


def find_table_beside(grid: CellGrid, table: FirstTable, columns: Collection[int]) -> str | None:
    """Returns words on where a second table begins to the right of a blank column between two of
    these columns; None if there is none. A column to the right of the blank one has a heading and
    is not read: otherwise the columns there may be a part of the first table."""
    top = table.heading_row
    for index in range(min(columns, default=0), max(columns, default=0)):
        # In nearly every sheet this excludes all columns, so that no cell has to be looked at.
        if index in table.headed or index > table.last_unread_heading:
            continue
        filled = any((row, index) in grid.faults for row in range(top, len(grid.rows)))
        if not filled and all(is_blank(cell_at(cells, index)) for cells in grid.rows[top:]):
            number = grid.sheet.first_column + index
            where = f"Row {number}" if table.across else f"Column {column_letters(number)}"
            side = "below it" if table.across else "to its right"
            return f"{where} is blank, so that a second table begins {side}"
    return None


def _address(grid: CellGrid, row: int, index: int, table: FirstTable) -> str:
    number = grid.number(row)
    column = grid.sheet.first_column + index
    return cell_name(column, number) if table.across else cell_name(number, column)


def _line(grid: CellGrid, row: int, table: FirstTable) -> str:
    number = grid.number(row)
    return f"column {column_letters(number)}" if table.across else f"row {number}"
