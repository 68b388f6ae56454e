"""Finds a second table on a sheet, below the first or beside it.

What the rows of the second one mean is in its title or its own headings ('Not attended', 'Booked
for'), so that they must not count as rows of the first (docs/evidence-states.md).
"""

from __future__ import annotations

import re
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
_LONGEST_TITLE = 40


def second_table(grid: CellGrid, layout: Layout, register: RegisterSpec) -> str | None:
    """Where a second table begins on the sheet, in words; None if there is none."""
    return _beside(grid, layout) or _below(grid, layout, register)


def _below(grid: CellGrid, layout: Layout, register: RegisterSpec) -> str | None:
    sheet, columns = grid.sheet, column_by_heading(register)
    faulty = {row - sheet.first_row for row, _ in (*sheet.errors, *sheet.unstored)}
    name_at = {index: name for name, index in layout.columns.items()}
    headings = [normal_heading(raw_text(cell)) for cell in grid.rows[layout.heading_row]]
    above = chain.from_iterable(grid.rows[: layout.heading_row])
    known = {spaced_once(raw_text(cell)).casefold() for cell in above}

    def is_heading(index: int, cell: RawValue) -> bool:
        text = normal_heading(raw_text(cell))
        own = index < len(headings) and text == headings[index]
        return own or (index in name_at and columns.get(text) == name_at[index])

    title, title_cell, undone, data = "", "", "", False
    for row in range(layout.heading_row + 1, len(sheet.rows)):
        cells = sheet.rows[row]
        filled = [(i, cell) for i, cell in enumerate(cells) if cell != "" and not is_blank(cell)]
        if is_example(cells) or not (filled or row in faulty):
            continue
        texts = row not in faulty and all(isinstance(cell, str) for _, cell in filled)
        declared = [(i, cell) for i, cell in filled if i in layout.recognised]
        repeated = sum(is_heading(i, cell) for i, cell in declared) if texts else 0
        if texts and len(filled) == 1:
            first = cell_name(grid.number(row), sheet.first_column + filled[0][0])
            if is_total(cells, filled[0][0]):
                continue
            title, title_cell = spaced_once(raw_text(filled[0][1])), first
            if data and filled[0][0] in layout.recognised and _says_not_these(title):
                undone = f"{quoted(title)} in {first} is the title of the rows below it"
        elif repeated >= 2 and repeated == len(declared):
            if title and title.casefold() not in known and not _SAME_TABLE.fullmatch(title):
                return f"{quoted(title)} in {title_cell} is the title of a second table"
        elif repeated >= 2 and 2 * repeated >= len(declared):
            return f"Row {grid.number(row)} contains other headings than row" + (
                f" {grid.number(layout.heading_row)}, so that a second table begins there"
            )
        elif undone:
            return undone
        else:
            title, data = "", True
    return None


def _says_not_these(title: str) -> bool:
    return len(title) <= _LONGEST_TITLE and undone_or_to_come(title.casefold())


def _beside(grid: CellGrid, layout: Layout) -> str | None:
    """A second table to the right of a blank column, which has a further column that the register
    does not have. Without one it may be a part of the same table."""
    headed, top = layout.columns.values(), layout.heading_row
    further = max((column.index for column in layout.unused if column.heading), default=-1)
    known = {*layout.recognised, *(column.index for column in layout.unused)}
    for index in range(min(headed, default=0), max(headed, default=0)):
        if index in known or index > further:  # as in nearly every sheet
            continue
        filled = any((row, index) in grid.faults for row in range(top, len(grid.rows)))
        if not filled and all(is_blank(cell_at(cells, index)) for cells in grid.rows[top:]):
            letters = column_letters(grid.sheet.first_column + index)
            return f"Column {letters} is blank, so that a second table begins to its right"
    return None
