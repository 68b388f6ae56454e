"""The values of a workbook's cells, as python-calamine reads them, laid on the marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.book_marks import (
    ERROR_WORDS,
    BookMarks,
    Extent,
    OpeningStop,
    SheetMarks,
    damaged,
)
from evidence.files.library import ReadingFailed, Rows, ValueSheet, read_values
from evidence.limits import Tally, too_much_text
from evidence.raw_cells import Area, OpeningCode, RawSheet, RawValue, RowColumn, cell_name


def read_sheets(data: bytes, marks: BookMarks, tally: Tally) -> Iterator[RawSheet]:
    """Every sheet of cells, in the file's order, chart and dialog sheets left out.

    Stops (:class:`evidence.book_marks.OpeningStop`) when a sheet cannot be read or holds too much.
    Where the marks are not those of the same sheets, none are laid on.
    """
    left = tally.limits.text
    counts = len(data) + tally.text + tally.unsure > left  # a letter takes a byte or more
    try:
        for sheet in read_values(data):
            left -= _characters(sheet.rows) if counts else 0
            if left < 0:
                raise too_much_text(tally.limits)
            looked = sheet.count == len(marks.sheets)
            yield _laid_on(sheet, marks if looked else None, tally)
    except ReadingFailed as failed:
        marked = marks.sheets[failed.index : failed.index + 1] if failed.index is not None else ()
        stops = (_unknown_error_cell(each) for each in marked)
        raise next(stops, None) or damaged(f"{failed.what} cannot be read") from failed


def _characters(rows: Rows) -> int:
    """How many characters the texts of these rows have."""
    return sum(len(cell) for row in rows for cell in row if type(cell) is str)


def _laid_on(sheet: ValueSheet, book: BookMarks | None, tally: Tally) -> RawSheet:
    marks = SheetMarks() if book is None else book.sheets[sheet.index]
    first = sheet.start[0] + 1, sheet.start[1] + 1
    rows, (row, column) = pad(sheet.rows, first, [*marks.errors, *marks.unstored])
    merged = tuple(marks.merged) if sheet.merged is None else _areas(sheet.merged)
    tally.add_merges(sheet.name, merged, _extent(rows, row, column))
    return RawSheet(
        name=sheet.name,
        hidden=sheet.hidden,
        first_row=row,
        first_column=column,
        rows=rows,
        hidden_rows=frozenset(marks.hidden_rows),
        hidden_columns=tuple(marks.hidden_columns),
        merged=merged,
        errors=marks.errors,
        unstored=frozenset(marks.unstored),
        looked_for_hidden=book is not None,
    )


def _areas(merged: Iterable[tuple[RowColumn, RowColumn]]) -> tuple[Area, ...]:
    return tuple((top + 1, left + 1, end + 1, right + 1) for (top, left), (end, right) in merged)


def _extent(rows: Rows, row: int, column: int) -> Extent:
    """The rectangle that the rows fill, from their first cell on."""
    if not rows:
        return Extent()
    return Extent(row, column, row + len(rows) - 1, column + len(rows[0]) - 1)


def _unknown_error_cell(marks: SheetMarks) -> OpeningStop | None:
    """The library gives up a whole sheet for one error cell whose word it does not know."""
    known = set(ERROR_WORDS.values())
    unknown = sorted(place for place, word in marks.errors.items() if word not in known)
    if not unknown:
        return None
    word = marks.errors[unknown[0]]
    return OpeningStop(
        OpeningCode.UNKNOWN_ERROR_CELL,
        f"cannot be read, since cell {cell_name(*unknown[0])} of the sheet '{marks.name}' shows"
        f" {word}: correct the formula there and save the file.",
    )


def pad(rows: Rows, first: RowColumn, places: Iterable[RowColumn]) -> tuple[Rows, RowColumn]:
    """The rows with empty cells around them, so that every one of ``places`` lies inside; and
    the row and column of their first cell. The library leaves out what it sees as empty."""
    held = Extent()
    for place in places:
        held.add(*place)
    if held.cells() == 0:
        return rows, first
    if rows:
        held.add(*first)
        held.add(first[0] + len(rows) - 1, first[1] + len(rows[0]) - 1)
    else:
        first = held.first_row, held.first_column
    width = held.last_column - held.first_column + 1
    before: list[RawValue] = [""] * (first[1] - held.first_column)
    after: list[RawValue] = [""] * (width - len(before) - (len(rows[0]) if rows else 0))
    above = [[""] * width for _ in range(first[0] - held.first_row)]
    below = [[""] * width for _ in range(held.last_row + 1 - first[0] - len(rows))]
    if before or after:
        rows = [[*before, *row, *after] for row in rows]
    return [*above, *rows, *below], (held.first_row, held.first_column)
