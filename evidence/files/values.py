"""The values of a workbook's cells, as python-calamine reads them, laid on the marks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from evidence.book_marks import ERROR_WORDS, BookMarks, Extent, OpeningStop, SheetMarks, damaged
from evidence.limits import Tally, passed
from evidence.raw_cells import OpeningCode, RawSheet, RawValue, RowColumn, cell_name

Rows = Sequence[Sequence[RawValue]]

_FAILURES = (CalamineError, OSError, ValueError, OverflowError)


def read_sheets(data: bytes, marks: BookMarks, tally: Tally) -> Iterator[RawSheet]:
    """Every sheet of cells, in the file's order, without chart and dialog sheets. Stops
    (:class:`OpeningStop`) if a sheet cannot be read or contains too much. Marks of other sheets are
    not applied."""
    left = tally.limits.text
    counts = len(data) + tally.text + tally.unsure > left  # a letter takes a byte or more
    with failures_as_stops("its list of sheets"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = book.sheets_metadata
    fits = len(sheets) == len(marks.sheets)
    for index, about in enumerate(sheets):
        if about.typ != SheetTypeEnum.WorkSheet or _is_outside(about.name):
            continue
        with failures_as_stops(f"its sheet '{about.name}'", marks.sheets[index : index + 1]):
            sheet = book.get_sheet_by_index(index)
            rows = sheet.to_python()
        if counts:
            left -= sum(len(cell) for row in rows for cell in row if type(cell) is str)
        if left < 0:
            raise passed("text", tally.limits)
        hidden = about.visible != SheetVisibleEnum.Visible
        yield _laid_on(sheet, rows, hidden, marks.sheets[index] if fits else None, tally)


def _is_outside(sheet: str) -> bool:
    """Whether a sheet is a copy of another file's cells, in an .ods:
    ``'file:///home/a/b.ods'#$Sheet1``."""
    scheme, _, rest = sheet[1:].partition(":")
    has_scheme = scheme.isascii() and scheme.isalpha() and scheme.islower()
    return sheet.startswith("'") and has_scheme and "'#$" in rest


@contextmanager
def failures_as_stops(what: str, marked: Sequence[SheetMarks] = ()) -> Iterator[None]:
    """Turns whatever goes wrong in the library into a stop."""
    try:
        yield
    except BaseException as error:
        # a failure inside the library is a PanicException, which is not an Exception
        if not isinstance(error, _FAILURES) and type(error).__name__ != "PanicException":
            raise
        raise _stop(what, marked) from error


def _stop(what: str, marked: Sequence[SheetMarks]) -> OpeningStop:
    """Returns the stop for a file that the library cannot read. It refuses a whole sheet for one
    error cell whose word it does not know, so the message names such a cell."""
    known = set(ERROR_WORDS.values())
    for marks in marked:
        for place in sorted(marks.errors):
            if marks.errors[place] not in known:
                return OpeningStop(
                    OpeningCode.UNKNOWN_ERROR_CELL,
                    f"cannot be read, because cell {cell_name(*place)} of the sheet '{marks.name}'"
                    f" shows {marks.errors[place]}: correct the formula there and save the file.",
                )
    return damaged(f"{what} cannot be read")


def _laid_on(
    sheet: CalamineSheet, values: Rows, hidden: bool, sheet_marks: SheetMarks | None, tally: Tally
) -> RawSheet:
    """Returns a sheet of the library, whose rows and columns count from 0, with its marks.
    ``sheet_marks`` is None if the file could not be searched for them."""
    marks = SheetMarks() if sheet_marks is None else sheet_marks
    top, left = sheet.start or (0, 0)
    rows, (row, column) = _padded(values, (top + 1, left + 1), [*marks.errors, *marks.unstored])
    ranges = sheet.merged_cell_ranges
    merged = tuple(
        marks.merged
        if ranges is None
        else ((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in ranges)
    )
    filled = Extent(row, column, row + len(rows) - 1, column + len(rows[0]) - 1) if rows else None
    tally.add_merges(sheet.name, merged, filled or Extent())
    return RawSheet(
        name=sheet.name,
        hidden=hidden,
        first_row=row,
        first_column=column,
        rows=rows,
        hidden_rows=frozenset(marks.hidden_rows),
        hidden_columns=tuple(marks.hidden_columns),
        struck_rows=frozenset(marks.struck_rows),
        struck_cells=frozenset(marks.struck_cells),
        merged=merged,
        errors=marks.errors,
        unstored=frozenset(marks.unstored | marks.todays),
        todays=frozenset(marks.todays - marks.unstored),
        looked_for_hidden=sheet_marks is not None,
    )


def _padded(rows: Rows, first: RowColumn, places: Iterable[RowColumn]) -> tuple[Rows, RowColumn]:
    """The rows padded with empty cells to include ``places``, and the row and column of their first
    cell. The library leaves out what it sees as empty."""
    extent = Extent()
    for place in places:
        extent.add(*place)
    if extent.cells() == 0:
        return rows, first
    if rows:
        extent.add(*first)
        extent.add(first[0] + len(rows) - 1, first[1] + len(rows[0]) - 1)
    else:
        first = extent.first_row, extent.first_column
    width = extent.last_column - extent.first_column + 1
    before: list[RawValue] = [""] * (first[1] - extent.first_column)
    after: list[RawValue] = [""] * (width - len(before) - (len(rows[0]) if rows else 0))
    above = [[""] * width for _ in range(first[0] - extent.first_row)]
    below = [[""] * width for _ in range(extent.last_row + 1 - first[0] - len(rows))]
    if before or after:
        rows = [[*before, *row, *after] for row in rows]
    return [*above, *rows, *below], (extent.first_row, extent.first_column)
