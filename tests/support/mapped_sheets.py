"""Small sheets read through a mapping, without a file: by the program, and again by the verifier,
which must give the same records from the same cells."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain

from evidence.mapping.model import OfficeMapping, mapping_json
from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.read import read_books
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import CellState, Evidence, Table, Typed
from record.pack.cells import cells_of
from record.recheck import recheck
from record.recheck import recheck_mapping as mapped
from tests.support.engine_builders import rulebook
from tests.support.offices import mapping_of, text_of
from tests.support.verifier import Told, packed_book, plainly, tables_of

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
#: A register with a column that can undo a record.
EXAMS = RegisterSpec(
    id="exams",
    title="Exams",
    about="Who passed.",
    sheets=("Exams",),
    key="ref",
    columns=(
        ColumnSpec(name="ref", type="key"),
        ColumnSpec(name="person", type="key"),
        ColumnSpec(name="sat", type="day"),
        ColumnSpec(name="passed", type="yes/no", spellings=("pass",), ends_or_undoes=True),
    ),
)
REGISTERS: Mapping[str, RegisterSpec] = {"courses": COURSES, "visits": VISITS, "exams": EXAMS}
#: A rulebook of these registers, as the verifier reads it from a pack.
RULES = packed_book(rulebook(REGISTERS.values()))


def raw_sheet(rows: Rows, **more: object) -> RawSheet:
    """A sheet Own with these rows from A1, unless ``more`` says otherwise."""
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    usual: dict[str, object] = {"name": "Own", "hidden": False, "first_row": 1, "first_column": 1}
    return RawSheet(rows=padded, **{**usual, **more})  # type: ignore[arg-type]


def read_mapped(
    mapping: str, *sheets: RawSheet, file: str = "Own.xlsx", verify: bool = True
) -> Evidence:
    """The sheets of a file, read with a mapping: the YAML below ``mapping``."""
    parts = mapping_of(f"mapping:\n{textwrap.indent(textwrap.dedent(mapping), '  ')}")
    book = RawWorkbook(file, "0" * 64, file.rpartition(".")[2], sheets)
    evidence = read_books([book], REGISTERS, mapping=parts)
    if verify:
        must_agree(evidence, [book], parts)
    return evidence


def must_agree(
    evidence: Evidence,
    books: Sequence[RawWorkbook],
    mapping: OfficeMapping,
    rules: recheck.Json = RULES,
) -> None:
    """Fails unless the verifier makes the same of the cells of these files: the records and where
    each stands, the cells that cannot be read, and the sheets with only an example."""
    pack = object.__new__(recheck.Pack)  # one without files but these
    pack.differences, pack.book = [], rules
    pack.mapping, pack.mapping_part = json.loads(mapping_json(mapping)), mapped
    registers = {id_: table.register for id_, table in evidence.tables.items()}
    lines, cells = cells_of(books, registers, mapping)
    pack.files = {"evidence/sheets.csv": lines, "evidence/cells.csv": cells}
    problems = [asdict(problem) for problem in evidence.problems if problem.cells]
    pack.assessment = {"evidence": [{"file": book.file} for book in books], "problems": problems}
    sheets = recheck.read_sheets(pack, pack.read_csv("evidence/cells.csv"))
    sheets = recheck.match_names(pack, sheets, recheck.FOR_GOOD)
    tables, unreadable = recheck.read_registers(pack.book, sheets)
    recheck.compare_problems(pack, unreadable)
    assert pack.differences == []
    assert _comparable(tables) == _comparable(tables_of(evidence, pack.book))
    for id_, rows in tables.items():
        for n, row in enumerate(rows or ()):
            for name in row.letters:
                place = evidence.tables[id_].place(n, name)
                assert row.place(name) == f"{place.file}!{place.sheet}!{place.cell}"


def _comparable(tables: recheck.Tables) -> dict[str, list[Told] | None]:
    """The rows of each table; where the office keeps no key, each side makes one in its own way."""
    for row in chain.from_iterable(rows or () for rows in tables.values()):
        key = row.register["key"]
        row.own_key = False
        if key and row.cells[key].state == recheck.READ and not row.cells[key].text:
            row.cells[key] = recheck.Cell(recheck.READ)
    return plainly(tables)


def own_sheet(
    gives: str, rows: Rows, table: str = "", *, verify: bool = True, **more: object
) -> Evidence:
    """The sheet Own of the file Own.xlsx, read with one table. ``gives`` is the YAML of what it
    gives of one register, and ``table`` has other keys of the table."""
    return own_sheets(gives, table, raw_sheet(rows, **more), verify=verify)


def own_sheets(gives: str, table: str, *sheets: RawSheet, verify: bool = True) -> Evidence:
    """The same for the sheets of a file."""
    item = textwrap.indent(textwrap.dedent(gives).strip(), "      ")
    keys = textwrap.indent(textwrap.dedent(table).strip(), "  ")
    mapping = f"- file: Own.xlsx\n  sheet: Own\n{keys}\n  gives:\n    - {item.lstrip()}\n"
    return read_mapped(mapping, *sheets, verify=verify)


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
