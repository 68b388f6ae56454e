"""What a spreadsheet shows beside its values: hidden and struck rows, errors, results not stored.

The library that reads the values shows an error cell, and a formula without a stored result, as
an empty cell; and it knows nothing of what is hidden or struck through. Each format's own module
finds them and gives them in the types of this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evidence.raw_cells import Area, ColumnSpan, OpeningCode, RowColumn

ERROR_WORDS: Mapping[int, str] = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Error codes of the binary formats."""

NEWER_ERRORS = ("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!")

ERROR_TEXTS = frozenset(ERROR_WORDS.values()) | frozenset(NEWER_ERRORS)
"""Every text that a spreadsheet shows for an error."""


class OpeningStop(Exception):
    """Stops the opening of one file; ``words`` follow the file's name in the message."""

    def __init__(self, code: OpeningCode, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def damaged(what: str) -> OpeningStop:
    """The stop for a file whose contents are not as its format requires."""
    return OpeningStop(
        OpeningCode.DAMAGED,
        f"is damaged ({what}): open it in Excel, let Excel repair it and save a copy,"
        " or fetch the file again.",
    )


def locked() -> OpeningStop:
    """The stop for a file that opens only with a password."""
    return OpeningStop(
        OpeningCode.PASSWORD,
        "is protected by a password: open it in Excel, remove the password (File, Info, Protect"
        " Workbook) and save a copy.",
    )


@dataclass(slots=True)
class Extent:
    """The rectangle of filled cells, growing as cells are added. Empty until the first one."""

    first_row: int = 0
    first_column: int = 0
    last_row: int = 0
    last_column: int = 0

    def add(self, row: int, column: int) -> None:
        """Adds one cell (both numbers from 1)."""
        if self.last_row == 0:
            self.first_row = self.last_row = row
            self.first_column = self.last_column = column
            return
        self.first_row = min(self.first_row, row)
        self.last_row = max(self.last_row, row)
        self.first_column = min(self.first_column, column)
        self.last_column = max(self.last_column, column)

    def cells(self) -> int:
        """The number of cells in the rectangle, empty ones included."""
        if self.last_row == 0:
            return 0
        rows = self.last_row - self.first_row + 1
        return rows * (self.last_column - self.first_column + 1)


#: A formula that gives the day on which it is worked out, or one a fixed number of days from it.
TODAY_FORMULA = r"(?:TODAY\(\)|NOW\(\)|INT\(NOW\(\)\))(?: ?[+-] ?[0-9]{1,5})?"


@dataclass(slots=True)
class SheetMarks:
    """What was found on one sheet; filled while it is read, and not changed afterwards."""

    name: str = ""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[ColumnSpan] = field(default_factory=list)
    struck_rows: set[int] = field(default_factory=set)
    struck_cells: set[RowColumn] = field(default_factory=set)
    errors: dict[RowColumn, str] = field(default_factory=dict)
    unstored: set[RowColumn] = field(default_factory=set)
    todays: set[RowColumn] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    extent: Extent = field(default_factory=Extent)

    def hide_columns(self, first: int, last: int, most: int) -> None:
        """Notes hidden columns. Stops at more spans than ``most``."""
        self.hidden_columns.append((first, last))
        if len(self.hidden_columns) > most:
            raise damaged("a sheet hides more columns than there are")


@dataclass(frozen=True, slots=True)
class BookMarks:
    """The marks of a workbook: its date system, and one entry a sheet in the file's order."""

    date1904: bool
    sheets: tuple[SheetMarks, ...]
