"""Small sheets read through a mapping, without a file."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.read import read_books
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import CellState, Evidence, Table, Typed
from tests.support.offices import mapping_of, text_of

Rows = Sequence[Sequence[object]]

#: A register with a column of each kind that a mapping treats in its own way.
COURSES = RegisterSpec(
    id="courses",
    title="Courses",
    about="Who completed which course.",
    sheets=("Courses",),
    key="ref",
    recorded_on="recorded on",
    columns=(
        ColumnSpec(name="ref", type="key"),
        ColumnSpec(name="person", type="key"),
        ColumnSpec(name="course", type="code", codes={"awareness": (), "refresher": ()}),
        ColumnSpec(name="done", type="day", blank="nothing"),
        ColumnSpec(name="passed", type="yes/no", required=False, blank="no"),
        ColumnSpec(
            name="topics",
            type="codes",
            required=False,
            blank="nothing",
            codes={"Prevent": (), "safeguarding": (), "exploitation": ()},
        ),
        ColumnSpec(name="hours", type="number", required=False, blank="nothing"),
        ColumnSpec(name="note", type="text", required=False, blank="nothing"),
        ColumnSpec(name="recorded on", type="day", required=False, blank="nothing"),
    ),
)
VISITS = RegisterSpec(
    id="visits",
    title="Visits",
    about="Who came.",
    sheets=("Visits",),
    columns=(
        ColumnSpec(name="visitor", type="text"),
        ColumnSpec(name="on", type="day", blank="nothing"),
    ),
)
REGISTERS: Mapping[str, RegisterSpec] = {"courses": COURSES, "visits": VISITS}


def raw_sheet(rows: Rows, **more: object) -> RawSheet:
    """A sheet Own with these rows from A1, unless ``more`` says otherwise."""
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    usual: dict[str, object] = {"name": "Own", "hidden": False, "first_row": 1, "first_column": 1}
    return RawSheet(rows=padded, **{**usual, **more})  # type: ignore[arg-type]


def read_mapped(mapping: str, *sheets: RawSheet, file: str = "Own.xlsx") -> Evidence:
    """The sheets of a file, read with a mapping: the YAML below ``mapping``."""
    parts = mapping_of(f"mapping:\n{textwrap.indent(textwrap.dedent(mapping), '  ')}")
    book = RawWorkbook(file, "0" * 64, file.rpartition(".")[2], sheets)
    return read_books([book], REGISTERS, mapping=parts)


def own_sheet(gives: str, rows: Rows, table: str = "", **more: object) -> Evidence:
    """The sheet Own of the file Own.xlsx, read with one table. ``gives`` is the YAML of what it
    gives of one register, and ``table`` has other keys of the table."""
    return own_sheets(gives, table, raw_sheet(rows, **more))


def own_sheets(gives: str, table: str, *sheets: RawSheet) -> Evidence:
    """The same for the sheets of a file."""
    item = textwrap.indent(textwrap.dedent(gives).strip(), "      ")
    keys = textwrap.indent(textwrap.dedent(table).strip(), "  ")
    mapping = f"- file: Own.xlsx\n  sheet: Own\n{keys}\n  gives:\n    - {item.lstrip()}\n"
    return read_mapped(mapping, *sheets)


def table_of(evidence: Evidence, register: str = "courses") -> Table:
    """The table of a register."""
    return evidence.tables[register]


def column(evidence: Evidence, name: str, register: str = "courses") -> list[Typed]:
    """The values of a column."""
    return list(table_of(evidence, register).columns[name].value)


def records(evidence: Evidence, register: str = "courses") -> list[str]:
    """Each record as its values, in the order of the columns, without blanks and made keys."""
    table, lines = table_of(evidence, register), []
    for row in range(len(table)):
        values = [
            text_of(value)
            for name, cells in table.columns.items()
            if (value := cells.value[row]) is not None
            and (cells.raw[row] or name not in ("ref", "passed"))
        ]
        lines.append(" | ".join(values))
    return lines


def states(evidence: Evidence, name: str, register: str = "courses") -> list[CellState]:
    """The states of a column's cells."""
    return [CellState(state) for state in table_of(evidence, register).columns[name].state]


def cells(evidence: Evidence, name: str, register: str = "courses") -> list[str]:
    """The address of each cell of a column."""
    table = table_of(evidence, register)
    return [table.place(row, name).cell for row in range(len(table))]


def messages(evidence: Evidence) -> list[str]:
    """The cells and the message of each problem."""
    return [f"{', '.join(p.cells)}: {p.message}" for p in evidence.problems]
