"""Evidence that could not be read: one problem for each kind in a column, with all its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evidence.raw_cells import cell_address

#: How many of the distinct values in a problem's cells are kept; the others are counted.
MOST_VALUES = 10
#: How many of a problem's ranges of cells a sentence names.
_NAMED = 6


class ProblemKind(StrEnum):
    """The different things that can be missing or unreadable; never mixed with one another."""

    FILE_UNREADABLE = "file unreadable"
    SHEET_MISSING = "sheet missing"
    SHEET_TWICE = "sheet twice"
    NO_HEADINGS = "no headings"
    SECOND_TABLE = "second table"
    COLUMN_MISSING = "column missing"
    COLUMN_TWICE = "column twice"
    CELL_BLANK = "cell blank"
    CELL_UNREADABLE = "cell unreadable"
    EXAMPLE_FILLED = "example filled in"


@dataclass(frozen=True, slots=True)
class UnreadValue:
    """One of several values with the same fault: its cells, as ranges of one column, and the
    message about it alone."""

    cells: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class EvidenceProblem:
    """Something in the evidence that could not be read: a file, a sheet, a column, or all cells of
    one column with the same fault.

    ``message`` says what is wrong and what to enter instead. ``column`` is the register's name of
    the column, and ``heading`` the sheet's own. ``cells`` are ranges of one column, from the top
    ('G2:G4128', 'G4200'), and ``count`` is the number of cells in them. ``values`` are the first
    distinct texts found in them, and ``more_values`` the number of the others; none where the cells
    are blank or their column is sensitive. Where ``message`` is about several values,
    ``each_value`` has the message about each of the first by itself. ``sheets`` are those with
    almost the same name."""

    kind: ProblemKind
    register: str
    file: str
    sheet: str
    message: str
    column: str = ""
    cells: tuple[str, ...] = ()
    count: int = 0
    values: tuple[str, ...] = ()
    more_values: int = 0
    heading: str = ""
    each_value: tuple[UnreadValue, ...] = ()
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """A note on how a file was read that is not a problem, such as an included hidden row.
    ``rename_to``: of a sheet that was not read, the name of the sheet that is probably meant."""

    file: str
    sheet: str
    message: str
    rename_to: str = ""


def cell_ranges(label: str, records: Iterable[int]) -> tuple[str, ...]:
    """The cells of these ascending records in the column with a label (raw_cells.cell_address):
    ``cell_ranges('G', [2, 3, 7])`` is ``('G2:G3', 'G7')``."""
    runs: list[list[int]] = []  # first and last record of each
    for record in records:
        if runs and record == runs[-1][1] + 1:
            runs[-1][1] = record
        else:
            runs.append([record, record])
    ends = (dict.fromkeys(cell_address(label, record) for record in run) for run in runs)
    return tuple(dict.fromkeys(":".join(cells) for cells in ends))  # one cell may serve all records


def cells_words(cells: Sequence[str], count: int) -> str:
    """``G2``, or ``in 4,127 cells: G2:G4128``; of many ranges the first."""
    if count == 1:
        return cells[0]
    more = " and more" if len(cells) > _NAMED else ""
    return f"in {count:,} cells: {', '.join(cells[:_NAMED])}{more}"
