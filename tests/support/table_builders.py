"""Small registers and small real files for the tests of evidence tables."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import CellState, Evidence, Table, Typed
from tests.support.opened_files import read_here

Rows = Sequence[Sequence[object]]

TRAINING = RegisterSpec(
    id="training",
    title="Training",
    about="Who completed which course.",
    sheets=("Training", "Training record"),
    key="ref",
    recorded_on="recorded on",
    columns=(
        ColumnSpec(name="ref", type="key", spellings=("reference",)),
        ColumnSpec(name="person", type="key", refers_to="people", personal=True),
        ColumnSpec(
            name="course",
            type="code",
            codes={"awareness": ("WRAP", "Prevent awareness"), "referral": (), "refresher": ()},
        ),
        ColumnSpec(name="completed on", type="day", spellings=("date completed",), blank="nothing"),
        ColumnSpec(name="passed", type="yes/no", required=False, blank="no"),
        ColumnSpec(name="reason", type="text", required=False, blank="nothing", sensitive=True),
        ColumnSpec(name="recorded on", type="day", required=False, blank="nothing"),
    ),
)
WAIVERS = RegisterSpec(
    id="waivers",
    title="Waivers",
    about="Approved relief.",
    sheets=("Waivers",),
    control=True,
    columns=(
        ColumnSpec(name="duty", type="text"),
        ColumnSpec(name="from", type="day"),
    ),
)
REGISTERS = {"training": TRAINING, "waivers": WAIVERS}

HEADINGS = ("ref", "person", "course", "completed on")
ROW = ("T-1", "007", "awareness", "25/04/2026")


def sheet_of(book: Workbook, name: str, rows: Rows, first_row: int = 1) -> Worksheet:
    """Adds a sheet with those rows."""
    sheet: Worksheet = book.create_sheet(name)
    for i, row in enumerate(rows, first_row):
        for j, value in enumerate(row, 1):
            if value is not None:
                cell = sheet.cell(i, j)
                cell.value = value  # type: ignore[assignment]
                if isinstance(value, str) and not value.startswith("=FORMULA"):
                    cell.data_type = "s"
    return sheet


def new_book() -> Workbook:
    """A workbook without a sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Writes a workbook with those sheets."""
    book = new_book()
    for name, rows in sheets.items():
        sheet_of(book, name, rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def csv_file(path: Path, rows: Rows) -> Path:
    """Writes a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return path


def read(*paths: Path, known: datetime.date | None = None) -> Evidence:
    """Reads files as evidence of the two small registers, as known by a day if one is given."""
    return read_here(paths, REGISTERS, known)


def training(evidence: Evidence) -> Table:
    """The table of training."""
    return evidence.tables["training"]


def values(table: Table, column: str) -> list[Typed]:
    """The values of a column."""
    return list(table.columns[column].value)


def states(table: Table, column: str) -> list[CellState]:
    """The states of a column's cells."""
    return [CellState(state) for state in table.columns[column].state]


def problems(evidence: Evidence) -> list[tuple[str, str, str]]:
    """Kind, place and message of each problem."""
    return [
        (
            problem.kind.value,
            f"{problem.file}!{problem.sheet}!{', '.join(problem.cells)}",
            problem.message,
        )
        for problem in evidence.problems
    ]


def notes(evidence: Evidence) -> list[str]:
    """The message of each note, and of each sheet that is no register."""
    return [note.message for note in (*evidence.unused, *evidence.notes)]
