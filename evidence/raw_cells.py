"""Raw cells: the contents of a file, before they are given a meaning.

A :class:`RawWorkbook` contains the sheets of one file with the sheet's own coordinates, so that a
later message can name the cell. Nothing is converted here: a number stays a number, a text
stays a text. Rows and columns count from 1, as a spreadsheet shows them.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

FORMATS = ("xlsx", "xlsm", "xls", "xlsb", "ods", "csv")
"""The endings of the names of files that are read, without the dot."""

RawValue = (
    str
    | int
    | float
    | bool
    | datetime.date
    | datetime.datetime
    | datetime.time
    | datetime.timedelta
    | None
)
"""One cell as read. An empty cell is ``""`` (or None). A cell with a date format is a ``date``,
or a ``datetime`` with a time of day too; with a time format only, a ``time`` (a number
below 1) or a ``timedelta``. A date-formatted cell with 0 or less is ``time(0, 0)``: it is
not a day."""

_NUMBERS = frozenset((bool, int, float))

RowColumn = tuple[int, int]
"""Row and column, both from 1."""

ColumnSpan = tuple[int, int]
"""First and last column, both from 1 and included."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 1 and included."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as it is in the file.

    ``rows[i][j]`` is the cell at row ``first_row + i`` and column ``first_column + j``; only rows
    of a CSV file may differ in length. Every cell in ``errors`` or ``unstored`` is inside ``rows``,
    and its value there must not be used.
    """

    name: str
    hidden: bool
    first_row: int
    first_column: int
    rows: Sequence[Sequence[RawValue]]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[ColumnSpan, ...] = ()
    struck_rows: frozenset[int] = frozenset()
    """Rows of an .xlsx or .xlsm in which each text and each date is struck through. Empty for the
    other formats, which are not searched for them."""
    struck_cells: frozenset[RowColumn] = frozenset()
    """Cells of the other rows that are struck through, at least in part: the first thousand."""
    merged: tuple[Area, ...] = ()
    errors: Mapping[RowColumn, str] = field(default_factory=dict)
    """Cells that show an error, with its words: ``#REF!``, ``#N/A`` and the like."""
    unstored: frozenset[RowColumn] = frozenset()
    """Cells with a formula whose result is not in the file: another program than Excel wrote it,
    and Excel has not saved it since."""
    todays: frozenset[RowColumn] = frozenset()
    """Those of them with the formula ``=TODAY()`` or ``=NOW()``, whose stored result changes."""
    looked_for_hidden: bool = True
    """False where the file could not be searched for hidden rows and columns, struck rows, errors
    and unstored results; a CSV file has none of them, so for it this is True."""
    text_is_raw: bool = False
    """True for a CSV file, where every cell is text."""
    has_lost_letters: bool = False
    """Whether a CSV file has the mark that stands for a letter which another program has lost."""

    @property
    def struck_labels(self) -> frozenset[tuple[int, str]]:
        """The struck cells, each by its row and the letters of its column."""
        return frozenset((row, column_letters(column)) for row, column in self.struck_cells)

    def hides(self, column: int) -> bool:
        """Whether the column of that number, from 1, is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """One opened file: its name, the SHA-256 of its bytes, its format (an ending of ``FORMATS``)
    and its sheets in the file's order, without chart sheets. ``date1904``: its numbers count days
    from 1904; dates in ``rows`` are right already."""

    file: str
    sha256: str
    format: str
    sheets: tuple[RawSheet, ...]
    date1904: bool = False


class OpeningCode(StrEnum):
    """Why a file could not be opened."""

    NOT_FOUND = "not-found"
    FOLDER = "folder"
    NOT_PERMITTED = "not-permitted"
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY_CELLS = "too-many-cells"
    TOO_MUCH_TEXT = "too-much-text"
    TOO_MUCH_MEMORY = "too-much-memory"
    UNKNOWN_KIND = "unknown-kind"
    NOT_A_WORKBOOK = "not-a-workbook"
    PASSWORD = "password"
    DAMAGED = "damaged"
    NOT_TEXT = "not-text"
    OPEN_QUOTE = "open-quote"
    UNKNOWN_ERROR_CELL = "unknown-error-cell"


@dataclass(frozen=True, slots=True)
class Unopened:
    """A file that could not be opened, with a sentence that names it, what is wrong and what to
    do."""

    file: str
    code: OpeningCode
    message: str


Book = RawWorkbook | Unopened
"""The result of opening a file."""


def distinct_keys(cells: Sequence[RawValue]) -> Sequence[Hashable]:
    """A key for each cell, equal for equal cells of one type only: the cells themselves, or pairs
    with their types if there are numbers of several types, since True, 1 and 1.0 are equal."""
    kinds = set(map(type, cells))
    return cells if len(kinds & _NUMBERS) < 2 else list(zip(map(type, cells), cells, strict=True))


class CodedColumn(NamedTuple):
    """The cells of a column as its distinct cells, and the number of the one in each row."""

    distinct: Sequence[RawValue]
    codes: Sequence[int]

    @classmethod
    def of(cls, cells: Sequence[RawValue]) -> CodedColumn:
        """The column of these cells."""
        keys = distinct_keys(cells)
        distinct = dict(zip(keys, cells, strict=True))
        codes = dict(zip(distinct, range(len(distinct)), strict=True))
        return cls(list(distinct.values()), array("I", map(codes.__getitem__, keys)))

    def cells(self) -> list[RawValue]:
        """The cell in each row; equal ones are one object."""
        return list(map(self.distinct.__getitem__, self.codes))


def column_letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_name(row: int, column: int) -> str:
    """The address of a cell as a spreadsheet shows it: row 14 of column 6 is F14."""
    return f"{column_letters(column)}{row}"


def cell_address(label: str, record: int) -> str:
    """The address of a record's cell in a column. The column has a label of one of four forms: its
    letters (``F``, and 14 is a row: F14); the number of a row, in a sheet whose records are columns
    (``5``, and 6 is column F: F5); an address (``F4``), where one cell counts for every record; and
    '' where no cell does."""
    if label.isalpha():
        return f"{label}{record}"
    return f"{column_letters(record)}{label}" if label.isdecimal() else label
