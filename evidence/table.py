"""Typed evidence: the tables that both evaluators read, each value with its raw text and place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from evidence.problem import EvidenceProblem, ReadingNote
from evidence.register import RegisterSpec

#: day: date; period: its canonical label ('2025/26', '2025/26 Q3', '2025', '2025-07'); code and
#: text: str; codes and keys: frozenset; yes/no: bool; number: int; key: normalised str.
Typed = datetime.date | str | int | bool | frozenset[str] | None


class CellState(IntEnum):
    """How one cell was read; only ``READ`` cells hold a value."""

    READ = 0
    NOTHING = 1  # blank, and the register says that blank means nothing
    BLANK = 2  # blank where that cannot be read
    UNREADABLE = 3  # something stands there that cannot be read
    NO_COLUMN = 4  # the sheet lacks the required column


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet of one file that a table's rows came from; ``letters`` gives each column's, and
    ``headings`` how the sheet heads it."""

    file: str
    sheet: str
    letters: Mapping[str, str]
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one declared column, by row of the table; three sequences of one length."""

    name: str
    raw: Sequence[str]
    value: Sequence[Typed]
    state: Sequence[int]  # CellState


class Place(NamedTuple):
    """Where a cell stands: ``cell`` is an address such as F14, or '' where there is no column."""

    file: str
    sheet: str
    row: int
    cell: str


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one register, over all its files and sheets; equal rows stand in it once.

    ``given`` is False where no sheet of that register was given: what needs it is not assessed.
    ``found`` is False where none was given, or one that was cannot be read as this register
    (semantics.md, Evidence): then the table has no rows.
    Every declared column is in ``columns``, also one that no sheet has (all NO_COLUMN or NOTHING).
    """

    register: RegisterSpec
    found: bool
    sources: tuple[Source, ...]
    source_of: Sequence[int]
    row_of: Sequence[int]  # the sheet's own row number, from 1
    columns: Mapping[str, Column]
    given: bool = True

    def __len__(self) -> int:
        return len(self.row_of)

    def place(self, row: int, column: str | None = None) -> Place:
        """The place of a row of the table (from 0), and of its cell in ``column`` if given."""
        source = self.sources[self.source_of[row]]
        letter = source.letters.get(column, "") if column else ""
        number = self.row_of[row]
        return Place(source.file, source.sheet, number, f"{letter}{number}" if letter else "")


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that was read: its name relative to where the evidence lies, and its SHA-256."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything read for one check. ``tables`` has one for every register of the rulebook.

    ``fatal`` lists files that could not be read at all: with any of them the check stops.
    """

    tables: Mapping[str, Table]
    files: tuple[EvidenceFile, ...]
    problems: tuple[EvidenceProblem, ...]
    notes: tuple[ReadingNote, ...]
    fatal: tuple[EvidenceProblem, ...] = ()
