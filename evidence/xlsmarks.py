"""Hidden rows and columns, error cells and the date system of .xls, from its records.

A formula in an .xls always has a stored result, so nothing is unstored there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from evidence.compound import Compound
from evidence.marks import ERROR_WORDS, BookMarks, SheetMarks, damaged, locked

_FORMULA, _END, _DATE_SYSTEM, _LOCKED, _SHEET = 0x06, 0x0A, 0x22, 0x2F, 0x85
_MANY_NUMBERS, _SIZE, _ERROR, _ROW = 0xBD, 0x200, 0x205, 0x208
_COLUMNS, _HIDDEN_COLUMNS = 0x7D, 0x01
_BEGIN = frozenset((0x09, 0x209, 0x409, 0x809))
_CELLS = frozenset((_FORMULA, _MANY_NUMBERS, _ERROR, 0xD6, 0xFD, 0x203, 0x204, 0x27E))
_WORKSHEET = 0

_Record = tuple[int, int, int]
"""Type, where its contents begin, their length."""


def book_marks(container: Compound) -> BookMarks:
    """The marks of every sheet of an .xls, in the workbook's order.

    Stops (:class:`evidence.marks.OpeningStop`) at a password and where records are broken.
    """
    name = stream_name(container)
    stream = container.stream(name)
    date1904 = False
    sheets: list[tuple[str, int, int]] = []
    try:
        for kind, at, length in _substream(stream, 0):
            if kind == _LOCKED:
                raise locked()
            if kind == _DATE_SYSTEM:
                date1904 = stream[at : at + length] == b"\x01\x00"
            elif kind == _SHEET:
                start, _, sheet_kind = struct.unpack_from("<IBB", stream, at)
                sheets.append((_name(stream, at + 6, name == "Workbook"), start, sheet_kind))
        marks = tuple(
            _sheet_marks(stream, start, name) if kind == _WORKSHEET else SheetMarks(name)
            for name, start, kind in sheets
        )
    except (struct.error, IndexError) as error:
        raise damaged("its records break off") from error
    return BookMarks(date1904, marks)


def stream_name(container: Compound) -> str:
    """The name of the stream that holds the records: Book before Excel 97."""
    return "Workbook" if "Workbook" in container.names else "Book"


def _substream(stream: bytes, start: int) -> Iterator[_Record]:
    """The records from a beginning to its end, without those of charts nested in it."""
    header = struct.Struct("<HH").unpack_from
    at = start
    depth = 0
    while True:
        kind, length = header(stream, at)
        at += 4
        if kind in _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, at, length
        at += length


def _name(stream: bytes, at: int, newer: bool) -> str:
    """A sheet's name: its length, in newer files whether letters take two bytes, its letters."""
    length = stream[at]
    if not newer:
        return stream[at + 1 : at + 1 + length].decode("cp1252", "replace")
    wide = stream[at + 1] & 1
    letters = stream[at + 2 : at + 2 + length * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1", "replace")


def _sheet_marks(stream: bytes, start: int, name: str) -> SheetMarks:
    marks = SheetMarks(name)
    numbers = struct.Struct("<HH").unpack_from
    for kind, at, length in _substream(stream, start):
        if kind in _CELLS:
            row, column = numbers(stream, at)
            marks.extent.add(row + 1, column + 1)
            code = _error_code(kind, stream, at)
            if code is not None:
                marks.errors[row + 1, column + 1] = ERROR_WORDS.get(code, "an error")
        elif kind == _SIZE:
            _check_size(stream[at : at + length])
        elif kind == _COLUMNS:
            first, last, width, _, flags = struct.unpack_from("<5H", stream, at)
            if flags & _HIDDEN_COLUMNS or not width:
                marks.hidden_columns.append((first + 1, last + 1))
        elif kind == _ROW and stream[at + 12] & 0x20:
            marks.hidden_rows.add(numbers(stream, at)[0] + 1)
    return marks


def _check_size(record: bytes) -> None:
    """Stop at a sheet that says it is larger than an .xls can be: the reading library would set
    that much memory aside, and end the program where there is less."""
    layout = "<IIHH" if len(record) >= 14 else "<HHHH"
    first_row, end_row, first_column, end_column = struct.unpack_from(layout, record)
    if not (first_row <= end_row <= 65536 and first_column <= end_column <= 256):
        raise damaged("a sheet gives a size that cannot be")


def _error_code(kind: int, stream: bytes, at: int) -> int | None:
    """The error that a cell's record shows, or None."""
    if kind == _ERROR and stream[at + 7]:
        return stream[at + 6]
    # a formula's result is a number unless its last two bytes are all ones; 2 is an error
    if kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        return stream[at + 8]
    return None
