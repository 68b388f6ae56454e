"""Evidence that could not be read: values with a place, what was found and what to write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """The different things that can be missing or unreadable; never mixed with one another."""

    FILE_UNREADABLE = "file unreadable"
    SHEET_MISSING = "sheet missing"
    SHEET_TWICE = "sheet twice"
    NO_HEADINGS = "no headings"
    COLUMN_MISSING = "column missing"
    COLUMN_TWICE = "column twice"
    CELL_BLANK = "cell blank"
    CELL_UNREADABLE = "cell unreadable"


@dataclass(frozen=True, slots=True)
class EvidenceProblem:
    """Something in the evidence that could not be read.

    ``found`` is the cell's text, '' where there is none or its column is sensitive; ``message``
    says what is wrong and what to write instead, in one or two sentences. ``row`` and ``cell``
    are 0 and '' where the problem is with a whole file, sheet or column.
    """

    kind: ProblemKind
    register: str
    file: str
    sheet: str
    row: int
    cell: str
    column: str
    found: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """Something said about how a file was read that is no problem (a hidden row that was read)."""

    file: str
    sheet: str
    message: str
