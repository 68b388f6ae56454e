"""Hidden rows and columns, error cells and the date system of .xls, from its records.

A formula in an .xls always has a stored result, so nothing is unstored there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from evidence.book_marks import ERROR_WORDS, BookMarks, Extent, SheetMarks, damaged, locked
from evidence.containers.compound import Compound
from evidence.limits import Tally

_FORMULA = 0x06
_END = 0x0A
_DATE_SYSTEM = 0x22
_LOCKED = 0x2F
_SHEET = 0x85
_MANY_NUMBERS = 0xBD
_SIZE = 0x200
_ERROR = 0x205
_ROW = 0x208
_COLUMNS = 0x7D
_HIDDEN_COLUMNS = 0x01
_SHARED = 0xFC
_CONTINUE = 0x3C
_SHARED_TEXT = 0xFD
_NUMBER = 6  # bytes of one of many numbers
_BEGIN = frozenset((0x09, 0x209, 0x409, 0x809))
_CELLS = frozenset((_FORMULA, _MANY_NUMBERS, _ERROR, 0xD6, _SHARED_TEXT, 0x203, 0x204, 0x27E))
_WORKSHEET = 0

_Record = tuple[int, int, int, int]
"""Type, where its contents begin, their length, how deep it lies."""


def book_marks(container: Compound, tally: Tally) -> BookMarks:
    """The marks of every sheet of an .xls, in the workbook's order. Stops (:class:`OpeningStop`) at
    a password, broken records, and too many.

    Shared text is not counted here; ``tally.unsure`` gets an upper bound, as if each cell that
    shows one showed the whole list.
    """
    name = stream_name(container)
    try:
        return _XlsReader(container.stream(name), tally).marks(newer=name == "Workbook")
    except (struct.error, IndexError) as error:
        raise damaged("its records are incomplete") from error


def stream_name(container: Compound) -> str:
    """The name of the stream of records: Book before Excel 97."""
    return "Workbook" if "Workbook" in container.names else "Book"


class _XlsReader:
    """Follows the records of a workbook and its sheets."""

    def __init__(self, stream: bytes, tally: Tally) -> None:
        self._stream = stream
        self._tally = tally
        self._texts = 0  # bytes of the list of shared texts

    def marks(self, newer: bool) -> BookMarks:
        """The marks of every sheet."""
        stream = self._stream
        date1904 = shared = False
        sheets: list[tuple[str, int, int]] = []
        for kind, start, length, _ in self._substream(0):
            if kind == _LOCKED:
                raise locked()
            if kind == _DATE_SYSTEM:
                date1904 = stream[start : start + length] == b"\x01\x00"
            elif kind == _SHEET:
                offset, _, sheet_kind = struct.unpack_from("<IBB", stream, start)
                sheets.append((_name(stream, start + 6, newer), offset, sheet_kind))
                self._tally.add("sheets")
            shared = kind == _SHARED or (shared and kind == _CONTINUE)
            self._texts += length if shared else 0
        if len({offset for _, offset, _ in sheets}) < len(sheets):
            raise damaged("two of its sheets begin at the same place")
        return BookMarks(date1904, tuple(self._sheet_marks(*sheet) for sheet in sheets))

    def _substream(self, start: int) -> Iterator[_Record]:
        """The records from a beginning to its end, with their depth: those of a nested chart are
        deeper than 1."""
        stream = self._stream
        header = struct.Struct("<HH").unpack_from
        position = start
        depth = 0
        while True:
            kind, length = header(stream, position)
            position += 4
            if kind in _BEGIN:
                depth += 1
            elif not depth:
                raise damaged("a sheet does not begin where it should")
            elif kind == _END:
                depth -= 1
                if depth == 0:
                    return
            else:
                yield kind, position, length, depth
            position += length
            self._tally.add("records")

    def _sheet_marks(self, name: str, start: int, sheet_kind: int) -> SheetMarks:
        """The marks of one sheet; none of a chart. The reading library reads charts and what is
        nested too, so all of their cells count."""
        stream = self._stream
        marks, size = SheetMarks(name), Extent()
        numbers = struct.Struct("<HH").unpack_from
        for kind, position, length, depth in self._substream(start):
            if kind in _CELLS:
                row, column = numbers(stream, position)
                size.add(row + 1, column + 1)
                if kind == _MANY_NUMBERS:
                    size.add(row + 1, column + max(length // _NUMBER, 1))
                elif kind == _SHARED_TEXT:
                    self._tally.unsure += self._texts
                if depth == 1:
                    self._note_cell(marks, kind, position)
            elif kind == _SIZE:
                self._tally.unsure += _check_size(stream[position : position + length])
            elif kind == _COLUMNS and depth == 1:
                first, last, width, _, flags = struct.unpack_from("<5H", stream, position)
                if flags & _HIDDEN_COLUMNS or not width:
                    marks.hidden_columns.append((first + 1, last + 1))
            elif kind == _ROW and depth == 1 and stream[position + 12] & 0x20:
                marks.hidden_rows.add(numbers(stream, position)[0] + 1)
        self._tally.add_rectangle(name, size)
        return marks if sheet_kind == _WORKSHEET else SheetMarks(name)

    def _note_cell(self, marks: SheetMarks, kind: int, position: int) -> None:
        row, column = struct.unpack_from("<HH", self._stream, position)
        marks.extent.add(row + 1, column + 1)
        code = _error_code(kind, self._stream, position)
        if code is not None:
            marks.errors[row + 1, column + 1] = ERROR_WORDS.get(code, "an error")
            self._tally.add("faults")


def _name(stream: bytes, position: int, newer: bool) -> str:
    """A sheet's name: its length, in newer files whether letters take two bytes, its letters."""
    length = stream[position]
    if not newer:
        return stream[position + 1 : position + 1 + length].decode("cp1252", "replace")
    wide = stream[position + 1] & 1
    letters = stream[position + 2 : position + 2 + length * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1", "replace")


def _check_size(record: bytes) -> int:
    """The number of cells that a sheet says it has. Stops at a size that no .xls can have: the
    reading library would reserve that much memory."""
    layout = "<IIHH" if len(record) >= 14 else "<HHHH"
    size: tuple[int, int, int, int] = struct.unpack_from(layout, record)
    first_row, end_row, first_column, end_column = size
    if not (first_row <= end_row <= 65536 and first_column <= end_column <= 256):
        raise damaged("a sheet gives an impossible size")
    return (end_row - first_row) * (end_column - first_column)


def _error_code(kind: int, stream: bytes, position: int) -> int | None:
    """The error that a cell's record shows, or None."""
    if kind == _ERROR and stream[position + 7]:
        return stream[position + 6]
    # a formula's result is a number unless its last two bytes are all ones; 2 is an error
    if (
        kind == _FORMULA
        and stream[position + 12 : position + 14] == b"\xff\xff"
        and stream[position + 6] == 2
    ):
        return stream[position + 8]
    return None
