"""CSV: bytes to text, and text to rows whose numbers are those that a spreadsheet shows.

UTF-8 with or without its mark, otherwise Windows-1252; parted by commas, semicolons or tabs. A
cell may hold line breaks between quotation marks: it is one row all the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from evidence.marks import ERROR_TEXTS, MAX_CELLS, OpeningStop
from evidence.rawcells import OpeningCode, RawSheet, RowColumn

_MARK = b"\xef\xbb\xbf"
_SEPARATORS = (",", ";", "\t")  # of two that fit as well, the earlier
_LOOKED_AT = 100  # rows that decide on the separator
_NAMED_SEPARATOR = re.compile(r"sep=([,;\t])(?:\r?\n|\r|\Z)", re.IGNORECASE)
_LONGEST_CELL = 1_000_000
_SAVE_AGAIN = "open it in Excel and save a copy as CSV UTF-8 (comma delimited), or as .xlsx."


def read_csv(data: bytes, name: str) -> RawSheet:
    """The one sheet of a CSV file, named ``name``: rows of texts, from row 1, column 1.

    A first line ``sep=;`` names the separator and is no row, as in Excel. Stops
    (:class:`evidence.marks.OpeningStop`) at bytes that are no text, and at a quotation mark that
    is not closed where its cell ends, since what follows it would be swallowed.
    """
    csv.field_size_limit(_LONGEST_CELL)
    text = decode(data)
    named = _NAMED_SEPARATOR.match(text)
    body = text[named.end() :] if named else text
    separator = named[1] if named else find_separator(body)
    rows = _rows(body, separator, 2 if named else 1)
    cells = sum(map(len, rows))
    if cells > MAX_CELLS:
        raise OpeningStop(
            OpeningCode.TOO_MANY_CELLS,
            f"has {cells:,} cells, more than {MAX_CELLS:,}: save only what is evidence in a copy.",
        )
    errors = _errors(rows) if "#" in body else {}
    return RawSheet(
        name=name,
        hidden=False,
        first_row=1,
        first_column=1,
        rows=rows,
        errors=errors,
        text_is_raw=True,
    )


def decode(data: bytes) -> str:
    """The text of the bytes. Stops where they are neither UTF-8 nor Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise OpeningStop(
            OpeningCode.NOT_TEXT, f"is not text in UTF-8 or Windows-1252: {_SAVE_AGAIN}"
        )
    marked = data.startswith(_MARK)
    try:
        return data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        if marked:
            raise _undecodable(data, error.start + len(_MARK), "UTF-8") from error
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, "UTF-8 or Windows-1252") from error


def _undecodable(data: bytes, at: int, encoding: str) -> OpeningStop:
    line = data.count(b"\n", 0, at) + 1
    return OpeningStop(
        OpeningCode.NOT_TEXT,
        f"holds a byte on line {line} that is no letter in {encoding} (hexadecimal"
        f" {data[at]:02X}): {_SAVE_AGAIN}",
    )


def find_separator(text: str) -> str:
    """Comma, semicolon or tab: the one that parts the most of the first 100 rows into one same
    number of cells, two or more; then the one that gives more cells; then the one named first
    here."""
    return max(_SEPARATORS, key=lambda separator: _fit(text, separator))


def _fit(text: str, separator: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    with suppress(csv.Error):  # told when all rows are read, with its line
        widths.update(len(row) for row in islice(reader, _LOOKED_AT) if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _rows(text: str, separator: str, first_line: int) -> list[list[str]]:
    """All rows; a line with nothing on it is a row without cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    begins = first_line
    try:
        for row in reader:
            rows.append(row)
            begins = first_line + reader.line_num
    except csv.Error as error:
        raise _open_quote(begins) from error
    return rows


def _open_quote(line: int) -> OpeningStop:
    return OpeningStop(
        OpeningCode.OPEN_QUOTE,
        f'has a cell on line {line} with a quotation mark (") that is not closed where the cell'
        f" ends: correct it, or {_SAVE_AGAIN}",
    )


def _errors(rows: list[list[str]]) -> dict[RowColumn, str]:
    return dict(_error_cells(rows))


def _error_cells(rows: list[list[str]]) -> Iterator[tuple[RowColumn, str]]:
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if "#" in text and text.strip() in ERROR_TEXTS:
                yield (number, column), text.strip()
