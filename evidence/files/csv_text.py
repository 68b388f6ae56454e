"""CSV: bytes to text, and text to rows whose numbers are those that a spreadsheet shows.

UTF-8 with or without its mark, otherwise Windows-1252; separated by commas, semicolons or tabs. A
cell may contain line breaks between quotation marks: it is one row all the same.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import getincrementaldecoder
from collections import Counter
from contextlib import suppress
from itertools import islice

from evidence.book_marks import ERROR_TEXTS, OpeningStop
from evidence.limits import Tally, passed
from evidence.raw_cells import OpeningCode, RawSheet, RowColumn

#: What another program has put in place of a letter that it could not write.
_LOST = "\ufffd"
_LOST_BYTES = _LOST.encode()
_MARK = b"\xef\xbb\xbf"
_SEPARATORS = (",", ";", "\t")  # of two that fit as well, the earlier
_LOOKED_AT = 100  # rows that decide on the separator
_NAMED_SEPARATOR = re.compile(r"sep=([,;\t])(?:\r?\n|\r|\Z)", re.IGNORECASE)
_NAMES_SEPARATOR = len("sep=;\r\n")  # letters
_LONGEST_CELL = 1_000_000
_PIECE = 1024 * 1024
_SAVE_AGAIN = "open it in Excel and save a copy as CSV UTF-8 (comma delimited), or as .xlsx."


def read_csv(data: bytes, name: str, tally: Tally) -> RawSheet:
    """The one sheet of a CSV file, named ``name``: rows of texts, from row 1, column 1. A first
    line ``sep=;`` names the separator and is not a row, as in Excel.

    Stops (:class:`OpeningStop`) at bytes that are not text, at too much, and at a quotation mark
    that is not closed where its cell ends, since it would swallow what follows.
    """
    csv.field_size_limit(_LONGEST_CELL)
    text = Text(data)
    if len(data) > tally.limits.text:  # a letter takes a byte or more
        tally.add_text(sum(map(len, text.lines())))
    lines = text.lines()
    separator_line = _NAMED_SEPARATOR.match(text.lines().read(_NAMES_SEPARATOR))
    if separator_line:
        lines.readline()
    separator = separator_line[1] if separator_line else find_separator(text)
    rows = _rows(lines, separator, 2 if separator_line else 1, tally)
    errors: dict[RowColumn, str] = {}
    for number, row in enumerate(rows if b"#" in data else (), 1):
        for column, cell in enumerate(row, 1):
            if "#" in cell and cell.strip() in ERROR_TEXTS:
                errors[number, column] = cell.strip()
                tally.add("faults")
    lost = _LOST_BYTES in data and any(_LOST in cell for row in rows for cell in row)
    return RawSheet(name, False, 1, 1, rows, errors=errors, text_is_raw=True, has_lost_letters=lost)


class Text:
    """The text of a CSV file, read line by line: as a whole it may take four times the memory."""

    def __init__(self, data: bytes) -> None:
        """Stops where the bytes are neither UTF-8 nor Windows-1252."""
        self._encoding = _encoding(data)
        self._data = data

    def lines(self) -> io.TextIOWrapper:
        """All of it from its beginning, with unchanged line ends."""
        return io.TextIOWrapper(io.BytesIO(self._data), encoding=self._encoding, newline="")


def _encoding(data: bytes) -> str:
    """The encoding of a text file: UTF-8, with or without its mark, or Windows-1252. Stops
    (OpeningStop) if it is none of these."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        words = f"is saved as 'Unicode text', which cannot be read: {_SAVE_AGAIN}"
        raise OpeningStop(OpeningCode.NOT_TEXT, words)
    if b"\x00" in data:
        raise OpeningStop(OpeningCode.NOT_TEXT, f"is not a text file: {_SAVE_AGAIN}")
    marked = data.startswith(_MARK)
    wrong = _undecoded(data, "utf-8")
    if wrong is None:
        return "utf-8-sig" if marked else "utf-8"
    if not marked:
        wrong = _undecoded(data, "cp1252")
        if wrong is None:
            return "cp1252"
    line = data.count(b"\n", 0, wrong) + 1
    raise OpeningStop(
        OpeningCode.NOT_TEXT,
        f"contains a byte on line {line} that is not a character in"
        f" {'UTF-8' if marked else 'UTF-8 or Windows-1252'} (hexadecimal {data[wrong]:02X}):"
        f" {_SAVE_AGAIN}",
    )


def _undecoded(data: bytes, encoding: str) -> int | None:
    """The index of the first byte that the encoding cannot decode; None if there is none."""
    decoder = getincrementaldecoder(encoding)()
    pending = 0  # bytes of an incomplete character
    for start in range(0, len(data), _PIECE):
        try:
            decoder.decode(data[start : start + _PIECE], start + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
        pending = len(decoder.getstate()[0])
    return None


def find_separator(text: Text) -> str:
    """Comma, semicolon or tab: the one that splits most of the first 100 rows into the same number
    of cells, two or more; then the one that gives more cells; then the first of them."""

    def fit(separator: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        reader = csv.reader(text.lines(), delimiter=separator)
        with suppress(csv.Error):  # reported with its line when all rows are read
            widths.update(len(row) for row in islice(reader, _LOOKED_AT) if len(row) > 1)
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    return max(_SEPARATORS, key=fit)


def _rows(lines: io.TextIOBase, separator: str, first_line: int, tally: Tally) -> list[list[str]]:
    """All rows; a line with nothing on it is a row without cells."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[list[str]] = []
    begins = first_line
    cells = 0
    try:
        for row in reader:
            rows.append(row)
            cells += len(row)
            begins = first_line + reader.line_num
            if len(rows) > tally.limits.csv_rows:
                raise passed("csv_rows", tally.limits)
            if cells > tally.limits.cells:
                raise OpeningStop(
                    OpeningCode.TOO_MANY_CELLS,
                    f"has more than {tally.limits.cells:,} cells: save a copy that contains"
                    " only the registers.",
                )
    except csv.Error as error:
        raise OpeningStop(
            OpeningCode.OPEN_QUOTE,
            f'has a cell on line {begins} with a quotation mark (") that is not closed where the'
            f" cell ends: correct it, or {_SAVE_AGAIN}",
        ) from error
    return rows
