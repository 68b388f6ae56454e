"""What python-calamine reads of a workbook, sheet by sheet. Nothing else is asked of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from evidence.raw_cells import RawValue

Read = TypeVar("Read")
Rows = Sequence[Sequence[RawValue]]
Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ValueSheet:
    """A sheet's values. ``index`` is its place among all that the workbook lists, of which there
    are ``count``; rows and columns count from 0, as the library counts them."""

    index: int
    count: int
    name: str
    hidden: bool
    start: Corner
    merged: tuple[tuple[Corner, Corner], ...] | None
    rows: Rows


class ReadingFailed(Exception):
    """The library gave up: what could not be read, and the sheet's index where it was a sheet."""

    def __init__(self, what: str, index: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.index = index


def read_values(data: bytes) -> Iterator[ValueSheet]:
    """Every sheet of cells, in the workbook's order, chart and dialog sheets left out. Raises
    :class:`ReadingFailed`, and nothing else, for whatever goes wrong in the library."""
    book = guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)), "its list of sheets")
    listed = book.sheets_metadata
    for index, sheet in enumerate(listed):
        if sheet.typ == SheetTypeEnum.WorkSheet and not is_outside(sheet.name):
            hidden = sheet.visible != SheetVisibleEnum.Visible
            yield _read(book, index, len(listed), sheet.name, hidden)


def _read(book: CalamineWorkbook, index: int, count: int, name: str, hidden: bool) -> ValueSheet:
    what = f"its sheet '{name}'"
    sheet: CalamineSheet = guarded(lambda: book.get_sheet_by_index(index), what, index)
    rows: Rows = guarded(sheet.to_python, what, index)
    found = sheet.merged_cell_ranges
    merged = None if found is None else tuple(found)
    return ValueSheet(index, count, name, hidden, sheet.start or (0, 0), merged, rows)


def is_outside(sheet: str) -> bool:
    """Whether a sheet's name tells that it is a kept copy of another file's cells, in an .ods:
    ``'file:///home/a/b.ods'#$Sheet1``."""
    scheme, _, rest = sheet[1:].partition(":")
    named = scheme.isascii() and scheme.isalpha() and scheme.islower()
    return sheet.startswith("'") and named and "'#$" in rest


def guarded(read: Callable[[], Read], what: str, index: int | None = None) -> Read:
    """What ``read`` gives; whatever goes wrong in the library is one error."""
    try:
        return read()
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise ReadingFailed(what, index) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a failure inside the library comes out
            raise
        raise ReadingFailed(what, index) from error
