"""One register that a mapping reads from a table (evidence/mapping/mapped_register.py)."""

from __future__ import annotations

import textwrap

from evidence.mapping.layout import lay_out
from evidence.mapping.mapped_register import MappedRegister, RecordSection
from evidence.sheet_ref import SheetRef
from tests.support.mapped_sheets import COURSES, Rows, raw_sheet
from tests.support.offices import mapping_of


def mapped(columns: str, rows: Rows, table: str = "", **sheet: object) -> MappedRegister:
    """The courses that the sheet Own gives. ``columns`` is the YAML of its columns and words, and
    ``table`` has other keys of the table."""
    gives = textwrap.indent(textwrap.dedent(columns).strip(), "      ")
    keys = textwrap.indent(textwrap.dedent(table).strip(), "  ")
    (mapping,) = mapping_of(
        f"mapping:\n- file: Own.xlsx\n  sheet: Own\n{keys}\n  gives:\n"
        f"    - register: courses\n{gives}\n"
    )
    ref = SheetRef(COURSES, "Own.xlsx", "Own")
    layout = lay_out(raw_sheet(rows, **sheet), mapping)
    return MappedRegister(ref, layout, mapping, mapping.gives[0])


ROWS: Rows = [
    ["Trainer", "Ms Oak", "", "", ""],
    ["Who", "First aid", "Prevent", "Remark", ""],
    ["Ann", "03/05/2026", "", "yes - resit needed", 2],
    ["Ben", "", "04/05/2026", "no, away", 3],
]
WIDE = """
    wide: {columns: [First aid, Prevent]}
    columns:
      ref: not kept
      person: Who
      course: {wide: heading}
      done: {wide: cell}
      note: {cell: B1}
      passed: {always: yes}
      hours: {column: E}
    """
BOTH = RecordSection([2, 3], 2)


def test_the_indexes_of_the_columns_that_a_register_uses() -> None:
    courses = mapped(WIDE, ROWS, "headings: 2")
    assert courses.wide_indexes == [1, 2]
    assert courses.column_indexes == courses.used_indexes == {0, 1, 2, 4}
    assert [spec.name for spec in courses.wide_specs] == ["course", "done"]
    assert [courses.index_of(source, 2) for source in courses.sources_by_column["done"]] == [2]
    assert courses.sources_by_column["passed"] == courses.sources_by_column["ref"] == ()


def test_each_source_gives_one_cell_for_each_record() -> None:
    courses = mapped(WIDE, ROWS, "headings: 2")
    assert {
        name: courses.office_cells(name, BOTH)
        for name in ("person", "course", "done", "note", "hours", "passed")
    } == {
        "person": ["Ann", "Ben"],
        "course": ["Prevent", "Prevent"],
        "done": ["", "04/05/2026"],
        "note": ["Ms Oak", "Ms Oak"],
        "hours": [2, 3],
        "passed": ["yes", "yes"],
    }
    assert courses.office_cells("note", RecordSection([], 2)) == []


def test_the_label_and_the_heading_of_a_column() -> None:
    """A column has a letter and its heading; a cell for several records its own address, and a
    heading only if it is one."""
    courses = mapped(WIDE, ROWS, "headings: 2")
    assert {
        name: courses.label_and_heading(name, BOTH)
        for name in ("person", "course", "done", "note", "hours", "passed")
    } == {
        "person": ("A", "Who"),
        "course": ("C2", "Prevent"),
        "done": ("C", "Prevent"),
        "note": ("B1", ""),
        "hours": ("E", ""),
        "passed": ("", ""),
    }
    joined = mapped("columns: {ref: not kept, note: {join: [{band: yes}, Remark]}}", ROWS[1:])
    assert joined.label_and_heading("note", RecordSection([1], None)) == ("D", "Remark")


def test_faults_are_found_by_the_positions_of_their_rows() -> None:
    errors = {(4, 3): "#REF!", (1, 2): "#N/A"}
    courses = mapped(WIDE, ROWS, "headings: 2", errors=errors)
    assert courses.faults("done", BOTH) == {1: "#REF!"}
    assert courses.faults("done", RecordSection([2, 3], 1)) == {}
    assert courses.faults("note", BOTH) == {0: "#N/A", 1: "#N/A"}
    assert courses.faults("passed", BOTH) == {}
    assert mapped(WIDE, ROWS, "headings: 2").faults("done", BOTH) == {}


def test_the_first_fault_of_joined_cells_is_that_of_their_record() -> None:
    columns = "columns: {ref: not kept, note: {join: [Who, Remark]}}"
    errors = {(3, 1): "#REF!", (3, 4): "#N/A", (4, 4): "#VALUE!"}
    courses = mapped(columns, ROWS, "headings: 2", errors=errors)
    assert courses.faults("note", RecordSection([2, 3], None)) == {0: "#REF!", 1: "#VALUE!"}


def test_words_take_the_place_of_cells_and_the_others_keep_their_part() -> None:
    columns = """
        columns:
          ref: not kept
          person: Who
          passed: {from: Remark, part: first word}
          note: {join: [Who, Remark]}
        words:
          note: {"Ben no, away": absent}
        """
    courses = mapped(columns, ROWS, "headings: 2")
    section = RecordSection([2, 3], None)

    def worded(name: str) -> list[object]:
        return list(courses.worded_cells(name, courses.office_cells(name, section), section))

    assert courses.office_cells("passed", section) == ["yes - resit needed", "no, away"]
    assert worded("passed") == ["yes - resit needed", "no"]  # A resit takes the yes back.
    assert worded("note") == ["Ann yes - resit needed", "absent"]
    people = courses.office_cells("person", section)
    assert courses.worded_cells("person", people, section) is people
