"""The values of a workbook's cells, as python-calamine reads them, laid on the marks."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from evidence.marks import (
    ERROR_WORDS,
    BookMarks,
    Extent,
    OpeningStop,
    SheetMarks,
    check_extent,
    damaged,
)
from evidence.odsmarks import is_outside
from evidence.rawcells import Area, OpeningCode, RawSheet, RawValue, RowColumn, cell_name

Read = TypeVar("Read")
Rows = Sequence[Sequence[RawValue]]


def read_sheets(data: bytes, marks: BookMarks) -> Iterator[RawSheet]:
    """Every sheet of cells, in the file's order, chart and dialog sheets left out.

    Stops (:class:`evidence.marks.OpeningStop`) when a sheet fills too many cells or cannot be
    read. Where the marks are not those of the same sheets, none are laid on.
    """
    for its_marks in marks.sheets:
        check_extent(its_marks.name, its_marks.extent)
    book = guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)), "its list of sheets")
    listed = book.sheets_metadata
    looked = len(listed) == len(marks.sheets)
    for index, sheet in enumerate(listed):
        if sheet.typ != SheetTypeEnum.WorkSheet or is_outside(sheet.name):
            continue
        laid_on = marks.sheets[index] if looked else SheetMarks()
        yield _read_sheet(book, index, sheet, laid_on, looked)


def _read_sheet(
    book: CalamineWorkbook, index: int, listed: SheetMetadata, marks: SheetMarks, looked: bool
) -> RawSheet:
    try:
        sheet = guarded(lambda: book.get_sheet_by_index(index), f"its sheet '{listed.name}'")
        rows: Rows = guarded(sheet.to_python, f"its sheet '{listed.name}'")
    except OpeningStop as stop:
        raise _unknown_error_cell(listed.name, marks) or stop from stop
    row, column = sheet.start or (0, 0)
    rows, (row, column) = pad(rows, (row + 1, column + 1), [*marks.errors, *marks.unstored])
    return RawSheet(
        name=listed.name,
        hidden=listed.visible != SheetVisibleEnum.Visible,
        first_row=row,
        first_column=column,
        rows=rows,
        hidden_rows=frozenset(marks.hidden_rows),
        hidden_columns=tuple(marks.hidden_columns),
        merged=_merged(sheet, marks),
        errors=marks.errors,
        unstored=frozenset(marks.unstored),
        looked_for_hidden=looked,
    )


def guarded(read: Callable[[], Read], what: str) -> Read:
    """What ``read`` gives; whatever goes wrong in the library stops with a sentence."""
    try:
        with _silence():
            return read()
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged(f"{what} cannot be read") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a failure inside the library comes out
            raise
        raise damaged(f"{what} cannot be read") from error


@contextmanager
def _silence() -> Iterator[None]:
    """Keeps the library from writing about its own failures on the user's screen: it writes to
    the process's error output itself, past Python."""
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # a program without an error output
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _unknown_error_cell(sheet: str, marks: SheetMarks) -> OpeningStop | None:
    """The library gives up a whole sheet for one error cell whose word it does not know."""
    known = set(ERROR_WORDS.values())
    unknown = sorted(place for place, word in marks.errors.items() if word not in known)
    if not unknown:
        return None
    word = marks.errors[unknown[0]]
    return OpeningStop(
        OpeningCode.UNKNOWN_ERROR_CELL,
        f"cannot be read, since cell {cell_name(*unknown[0])} of the sheet '{sheet}' shows {word}:"
        " correct the formula there and save the file.",
    )


def _merged(sheet: CalamineSheet, marks: SheetMarks) -> tuple[Area, ...]:
    found = sheet.merged_cell_ranges
    if found is None:
        return tuple(marks.merged)
    return tuple((top + 1, left + 1, end + 1, right + 1) for (top, left), (end, right) in found)


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
