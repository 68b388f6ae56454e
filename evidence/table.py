"""Typed evidence: the tables that both evaluators read, each value with its raw text and place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import NamedTuple

from evidence.cells.text import sheet_text, spaced_once
from evidence.problem import EvidenceNote, EvidenceProblem
from evidence.raw_cells import cell_address
from evidence.register import RegisterSpec

#: day: date; period: its canonical label ('2025/26', '2025/26 Q3', '2025', '2025-07'); code and
#: text: str; codes and keys: frozenset; yes/no: bool; number: int; key: normalised str.
Typed = datetime.date | str | int | bool | frozenset[str] | None

#: Before the value of a cell with a name that no row of a list has (docs/mapping.md: Names in place
#: of references). No key begins with it, so that the cell names no row whatever it reads as.
NO_ROW = "\0"

#: One cell of a column: its raw text, its value and its :class:`CellState`.
Cell = tuple[str, Typed, int]


class CellState(IntEnum):
    """How one cell was read; only ``READ`` cells have a value."""

    READ = 0
    NOTHING = 1  # blank, and the register says that blank means nothing
    BLANK = 2  # blank where that cannot be read
    UNREADABLE = 3  # neither blank nor readable
    NO_COLUMN = 4  # the sheet lacks the required column


#: The states of a cell that leave nothing unknown.
READ_OR_NOTHING = (CellState.READ, CellState.NOTHING)


class MergedCells(NamedTuple):
    """A merged area of a sheet: its name, such as D3:D5, its first and last row, and the columns of
    the table that it fills."""

    area: str
    first: int
    last: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet of one file that a table's rows came from, or a part of one.

    ``letters`` gives the label of each column (evidence.raw_cells.cell_address): the letters of the
    sheet's column or, in a sheet that a mapping reads, one of the other three forms.
    ``headings`` gives the sheet's own heading of each column. ``nearest_names`` has, for
    each column that names rows of a list by their names, the unknown names in it, each with the
    rows of the most similar name in words ('' if no name is similar). ``part`` tells apart the
    parts of a sheet one row of which gives several rows of the table, such as the columns of a wide
    sheet; '' otherwise. ``struck_rows``: the numbers of the rows that are struck through and count
    all the same, although nobody has said that they do; ``struck_cells``: the cells of other rows
    that are struck through, at least in part, by row number and label. ``merged``: the merged areas
    whose value was used for several rows, in a sheet without a mapping. ``marked``: the references
    of rows that are marked as examples, each with the number of its row."""

    file: str
    sheet: str
    letters: Mapping[str, str]
    headings: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    nearest_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    struck_rows: frozenset[int] = frozenset()
    struck_cells: frozenset[tuple[int, str]] = frozenset()
    merged: tuple[MergedCells, ...] = ()
    marked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one declared column, by row of the table; three sequences of one length."""

    name: str
    raw: Sequence[str]
    value: Sequence[Typed]
    state: Sequence[int]  # CellState

    @classmethod
    def of(cls, name: str, cells: Sequence[Cell]) -> Column:
        """The column of these cells."""
        raw = [cell[0] for cell in cells]
        value = [cell[1] for cell in cells]
        return cls(name, raw, value, bytearray(cell[2] for cell in cells))

    def some_rows(self, rows: Sequence[int]) -> Column:
        """The cells of these rows (from 0), in this order; the column itself for all rows."""
        if len(rows) == len(self.raw):
            return self
        raw = map(self.raw.__getitem__, rows)
        value = map(self.value.__getitem__, rows)
        return Column(self.name, [*raw], [*value], bytearray(map(self.state.__getitem__, rows)))


class Place(NamedTuple):
    """A row of a sheet, and the address of a cell such as F14 ('' for the whole row)."""

    file: str
    sheet: str
    row: int
    cell: str

    @property
    def row_words(self) -> str:
        """The row in a sentence: ``row 14 of Training``."""
        return f"row {self.row} of {self.sheet}"


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one register, over all its files and sheets; equal rows are in it once.

    ``given`` is False if no sheet of the register was provided, or none has been begun: duties that
    need it are not assessed. ``found`` is False if it is not given, or one of its sheets cannot be
    read (semantics.md: Evidence): then the table has no rows, and ``unread_sheet`` is the name of
    that sheet. Every declared column is in ``columns``, even one that no sheet has (all
    NO_COLUMN or NOTHING).
    """

    register: RegisterSpec
    found: bool
    sources: tuple[Source, ...]
    source_of: Sequence[int]
    row_of: Sequence[int]  # the sheet's own row number, from 1; or the column's, if read across
    columns: Mapping[str, Column]
    given: bool = True
    unread_sheet: str = ""

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def title(self) -> str:
        """What a person calls the sheet: its own name, where one was provided."""
        own = self.sources[0].sheet if self.sources else self.unread_sheet
        return sheet_text(own or self.register.title)

    def place(self, row: int, column: str | None = None) -> Place:
        """The place of a row of the table (from 0), and of its cell in ``column``, if any."""
        source = self.sources[self.source_of[row]]
        line = source.letters.get(column, "") if column else ""
        number = self.row_of[row]
        return Place(source.file, source.sheet, number, cell_address(line, number))

    def rows_by_key(self) -> dict[str, list[int]]:
        """The rows (from 0) of each key that can be read; none in a register without keys."""
        key, rows = self.register.key, dict[str, list[int]]()
        for row, value in enumerate(self.columns[key].value if key else ()):
            if isinstance(value, str):
                rows.setdefault(value, []).append(row)
        return rows

    def day(self, row: int, column: str | None) -> datetime.date | None:
        """The day in a column of a row (from 0); None where there is none, or no column."""
        value = self.columns[column].value[row] if column else None
        return value if isinstance(value, datetime.date) else None

    def rows_by_sheet(self) -> dict[tuple[str, str], list[int]]:
        """The rows (from 0) by their file and sheet."""
        rows: dict[tuple[str, str], list[int]] = {}
        for row, number in enumerate(self.source_of):
            source = self.sources[number]
            rows.setdefault((source.file, source.sheet), []).append(row)
        return rows

    def heading(self, row: int, column: str) -> str:
        """The heading of a column on the sheet of a row (from 0), or its usual one there."""
        own = self.sources[self.source_of[row]].headings.get(column)
        return own or self.register.column(column).usual_heading

    def nearest_name(self, row: int, column: str) -> str | None:
        """Where the list has a name similar to an unknown one in the cell of a row, in words; ''
        where it has none, and None in a column that is not matched by names."""
        names = self.sources[self.source_of[row]].nearest_names.get(column)
        if names is None:
            return None
        return names.get(spaced_once(self.columns[column].raw[row]), "")

    def heading_of(self, column: str) -> str:
        """The heading of a column on the first sheet that has it, or its usual one. Where several
        columns of the sheet give it, such as the courses of a training matrix, it has no one
        heading."""
        usual = self.register.column(column).usual_heading
        having = [source for source in self.sources if source.headings.get(column)]
        own = {
            source.headings[column]
            for source in having
            if (source.file, source.sheet) == (having[0].file, having[0].sheet)
        }
        return own.pop() if len(own) == 1 else usual

    def some_rows(self, rows: Sequence[int]) -> Table:
        """The table of these rows (from 0), in this order; the table itself for all rows."""
        if len(rows) == len(self):
            return self
        return replace(
            self,
            source_of=[self.source_of[row] for row in rows],
            row_of=[self.row_of[row] for row in rows],
            columns={name: column.some_rows(rows) for name, column in self.columns.items()},
        )


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that was read: its name relative to the folder of all files, and its SHA-256."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SheetNotBegun:
    """A sheet that has an example row and no other, and so counts as not provided."""

    file: str
    sheet: str


@dataclass(frozen=True, slots=True)
class MappingUsed:
    """The mapping with which sheets were read: its SHA-256, and what a person confirmed in it that
    no cell shows, as sentences (docs/mapping.md). ``not_kept`` are the columns that the office does
    not keep, each after its sheet and its register, and ``not_mapped`` those that no sheet of their
    register has. ``registers``: the SHA-256 of what it says of each register."""

    sha256: str
    assumptions: tuple[str, ...]
    not_kept: tuple[tuple[str, str, str], ...] = ()
    registers: tuple[tuple[str, str], ...] = ()
    not_mapped: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything read for one check, with a table for every register of the rulebook. ``fatal``
    are the files that could not be read at all: any of them stops the check. ``mapping`` is None
    if the office has none. ``unused`` are the sheets with contents that no register has.
    ``not_begun`` are sheets of registers of which no sheet has been begun, without control sheets.
    """

    tables: Mapping[str, Table]
    files: tuple[EvidenceFile, ...]
    problems: tuple[EvidenceProblem, ...]
    notes: tuple[EvidenceNote, ...]
    fatal: tuple[EvidenceProblem, ...] = ()
    mapping: MappingUsed | None = None
    unused: tuple[EvidenceNote, ...] = ()
    not_begun: tuple[SheetNotBegun, ...] = ()
