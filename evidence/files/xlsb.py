"""What is hidden, error cells, merged cells and the date system of .xlsb, from its records.

A formula in an .xlsb always has a stored result, so nothing is unstored there.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence

from evidence.book_marks import ERROR_WORDS, BookMarks, SheetMarks, damaged
from evidence.containers.package import Package, main_part, related
from evidence.limits import Tally

_ROW = 0
_BLANK = 1
_ERROR = 3
_ERROR_FORMULA = 11
_SHARED = 7  # a cell with a shared text
_TEXT = 19  # a shared text
_TEXTS = "xl/sharedStrings.bin"
_BESIDE = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.bin.rels",
    "xl/styles.bin",
    _TEXTS,
)  # what the reading library reads besides the sheets
_LAST_CELL = 11  # records 1 to 11 are cells
_COLUMNS = 60
_BOOK = 153
_SHEET = 156
_MERGED = 176
# Bits of the records of rows and of columns.
_HIDDEN = 0x10
_HIDDEN_COLUMNS = 0x01


def book_marks(package: Package, tally: Tally) -> tuple[BookMarks, list[str]]:
    """The marks of every sheet of an .xlsb, in the workbook's order, and the parts with its cells.
    Stops (:class:`OpeningStop`) if a part is missing or damaged, or contains too much."""
    part = main_part(package, "xl/workbook.bin", tally)
    parts = related(package, part, tally)
    date1904 = False
    sheets: list[tuple[str, str, str]] = []
    try:
        for kind, raw in _records(package.keep(part), tally):
            if kind == _BOOK:
                date1904 = bool(raw[0] & 1)
            elif kind == _SHEET:
                relation = _text(raw, 8)
                name = _text(raw, 12 + 2 * len(relation))
                sheets.append((name, *parts.get(relation, ("", "?"))))
                tally.add("sheets")
        targets = [target for _, kind, target in sheets if kind == "worksheet"]
        if len({target.lower() for target in targets}) < len(targets):
            raise damaged("two of its sheets are the same part")
        texts = _texts(package, tally)
        marks = tuple(
            _sheet_marks(package.keep(target), name, tally, texts)
            if kind == "worksheet"
            else SheetMarks(name)
            for name, kind, target in sheets
        )
    except (struct.error, IndexError) as error:
        raise damaged("its records are incomplete") from error
    return BookMarks(date1904, marks), [*_BESIDE, part, *targets]


def _texts(package: Package, tally: Tally) -> Sequence[int]:
    """The lengths of the shared texts."""
    if _TEXTS not in package:
        return ()
    number = struct.Struct("<I").unpack_from
    records = _records(package.keep(_TEXTS), tally)
    return array("L", (number(raw, 1)[0] for kind, raw in records if kind == _TEXT))


def _text(raw: bytes, position: int) -> str:
    length = struct.unpack_from("<I", raw, position)[0]
    return raw[position + 4 : position + 4 + 2 * length].decode("utf-16-le", "replace")


def _records(raw: bytes, tally: Tally) -> Iterator[tuple[int, bytes]]:
    """Type and contents of each record. Type and length have seven bits to a byte, the lowest
    first; the top bit says that another byte follows."""
    position = 0
    while position < len(raw):
        kind = raw[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | (raw[position] & 0x7F) << 7
            position += 1
        length = shift = 0
        while True:
            byte = raw[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift == 28:
                break
        if position + length > len(raw):
            raise IndexError(position)
        tally.add("records")
        yield kind, raw[position : position + length]
        position += length


def _sheet_marks(raw: bytes, name: str, tally: Tally, texts: Sequence[int]) -> SheetMarks:
    """The marks of one sheet: hidden rows and columns, errors, merged cells and the last filled
    cell. ``texts`` are the lengths of the shared texts."""
    marks = SheetMarks(name)
    number = struct.Struct("<I").unpack_from
    row = 0
    for kind, record in _records(raw, tally):
        if kind == _ROW:
            row = number(record)[0] + 1
            if record[11] & _HIDDEN and row <= tally.limits.rows:
                marks.hidden_rows.add(row)
        elif _BLANK < kind <= _LAST_CELL:
            column = number(record)[0] + 1
            marks.extent.add(row, column)
            if kind in (_ERROR, _ERROR_FORMULA):
                marks.errors[row, column] = ERROR_WORDS.get(record[8], "an error")
                tally.add("faults")
            elif kind == _SHARED:
                tally.add_text(texts[number(record, 8)[0]])
        elif kind == _COLUMNS:
            first, last, width, _, flags = struct.unpack_from("<4IH", record)
            if flags & _HIDDEN_COLUMNS or not width:
                marks.hide_columns(first + 1, last + 1, tally.limits.columns)
        elif kind == _MERGED:
            first_row, last_row, first_column, last_column = struct.unpack("<4I", record)
            marks.merged.append((first_row + 1, first_column + 1, last_row + 1, last_column + 1))
    tally.add_rectangle(name, marks.extent)
    return marks
