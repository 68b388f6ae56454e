"""Where a mapping takes the value of a column from, and cells with errors."""

from __future__ import annotations

import datetime
from typing import get_args

import pytest

from evidence.mapping.model import CellPart
from evidence.table import CellState
from tests.support.mapped_sheets import (
    Rows,
    cells,
    column,
    messages,
    own_sheet,
    own_sheets,
    raw_sheet,
    records,
    states,
    table_of,
)
from tests.support.plain_mapping import MATRIX, PLAIN, READ, ROWS, WIDE, one

D = datetime.date


# Where a column comes from --------------------------------------------------------------------


def test_a_column_without_a_heading_is_named_by_its_letters() -> None:
    rows = [["Who", "What", ""], *ROWS[1:]]
    evidence = own_sheet(PLAIN.replace("When", "{column: C}"), rows)
    assert records(evidence) == READ
    assert cells(evidence, "done") == ["C2", "C3"]


def test_a_row_without_a_heading_is_named_by_its_number_where_records_are_across() -> None:
    across = list(zip(*[["Who", "What", ""], *ROWS[1:]], strict=True))
    gives = PLAIN.replace("When", "{column: 3}")
    evidence = own_sheet(gives, across, "records: across\nheadings: A")
    assert records(evidence) == READ
    assert cells(evidence, "done") == ["B3", "C3"]


@pytest.mark.parametrize(
    ("letters", "fault"), [("C", "has the heading 'When'"), ("F", "is not in this sheet")]
)
def test_a_column_used_without_a_heading_that_has_one_or_is_gone_is_a_problem(
    letters: str, fault: str
) -> None:
    gives = PLAIN.replace("When", f"{{column: {letters}}}")
    evidence = own_sheet(
        gives, ROWS, verify=letters != "F"
    )  # a pack does not say where a sheet ends
    assert messages(evidence) == [
        f": The mapping in office.yaml uses column {letters} without a heading, but it {fault}, so"
        " the sheet was not read. Correct the mapping."
    ]
    assert not table_of(evidence).found


def test_one_cell_of_the_sheet_counts_for_all_records() -> None:
    rows = [["", "Staff"], *ROWS]
    evidence = own_sheet(PLAIN.replace("ref: not kept", "ref: not kept, note: {cell: b1}"), rows)
    assert column(evidence, "note") == ["Staff", "Staff"]
    assert cells(evidence, "note") == ["B1", "B1"]


def test_one_cell_that_cannot_be_read_is_one_problem_with_one_cell() -> None:
    rows = [["", "many"], *ROWS]
    evidence = own_sheet(PLAIN.replace("ref: not kept", "ref: not kept, hours: {cell: B1}"), rows)
    assert [(problem.cells, problem.count) for problem in evidence.problems] == [(("B1",), 1)]


def test_a_cell_beside_the_columns_of_the_table_may_be_used() -> None:
    rows = [["Staff", *row] for row in ROWS]
    gives = PLAIN.replace("ref: not kept", "ref: not kept, note: {cell: A1}")
    assert column(own_sheet(gives, rows, "only columns: B:D"), "note") == ["Staff", "Staff"]


def test_a_cell_outside_the_sheet_is_blank() -> None:
    gives = PLAIN.replace("ref: not kept", "ref: not kept, note: {cell: Z99}")
    assert column(own_sheet(gives, ROWS), "note") == [None, None]


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("passed", "yes", True),
        ("passed", "no", False),
        ("hours", "7", 7),
        ("note", "by hand", "by hand"),
        ("topics", "Prevent; safeguarding", frozenset({"Prevent", "safeguarding"})),
    ],
)
def test_a_constant_is_read_as_if_it_were_typed_and_has_no_cell(
    name: str, value: str, read: object
) -> None:
    gives = PLAIN.replace("ref: not kept", f"ref: not kept, {name}: {{always: {value}}}")
    evidence = own_sheet(gives, ROWS)
    assert column(evidence, name) == [read, read]
    assert cells(evidence, name) == ["", ""]
    assert list(table_of(evidence).columns[name].raw) == [value, value]


def test_always_blank_and_not_kept_are_blank_cells() -> None:
    always = own_sheet(PLAIN.replace("done: When", "done: {always: blank}"), ROWS)
    not_kept = own_sheet(PLAIN.replace("done: When", "done: not kept"), ROWS)
    assert states(always, "done") == states(not_kept, "done") == [CellState.NOTHING] * 2
    required = own_sheet(PLAIN.replace("course: What", "course: not kept"), ROWS)
    assert states(required, "course") == [CellState.BLANK] * 2


def test_a_column_that_is_not_in_the_mapping_is_blank() -> None:
    rows = [["Who", "What", "When", "note"], ["7", "awareness", "", "text"]]
    assert column(own_sheet(PLAIN, rows), "note") == [None]


@pytest.mark.parametrize(
    ("part", "text", "read"),
    [
        ("day", "MF 20/4/26", D(2026, 4, 20)),
        ("day", "20.04.2026, MF", D(2026, 4, 20)),
        ("day", "on 2026-04-20 (MF)", D(2026, 4, 20)),
        ("day", "MF 20th April 2026", D(2026, 4, 20)),
        ("day", D(2026, 4, 20), D(2026, 4, 20)),
        ("first day", "26/4/26 and 20/4/26", D(2026, 4, 20)),
        ("last day", "26/4/26 and 20/4/26", D(2026, 4, 26)),
        ("first day", "20/4/26", D(2026, 4, 20)),
        ("last dated line", "20/4/26 sent\n26/4/26 done\nno more", D(2026, 4, 26)),
        ("month first", "04/20/2026", D(2026, 4, 20)),
        ("month first", "04/05/2026", D(2026, 4, 5)),
        ("month first", "04\u201305\u20132026", D(2026, 4, 5)),
        ("month first", "04 / 05 / 2026", D(2026, 4, 5)),
        ("month first", "Sun 04/05/2026 at 9:30 am", D(2026, 4, 5)),
    ],
)
def test_a_day_is_taken_out_of_a_cell(part: str, text: object, read: object) -> None:
    assert one(f"{{from: H, part: {part}}}", text, name="done") == read


@pytest.mark.parametrize(
    ("part", "text", "read"),
    [
        ("who", "MF 20/4/26", "MF"),
        ("who", "20/4/26 - Mary F.", "Mary F."),
        ("who", "MF", "MF"),
        ("who", D(2026, 4, 20), None),
        ("first word", "1.2 Map contacts", "1.2"),
        ("first word", "3. Training", "3"),
        ("first word", "3) Training", "3"),
        ("first word", "Training.", "Training."),
        ("first word", 7, "7"),
    ],
)
def test_a_text_is_taken_out_of_a_cell(part: str, text: object, read: object) -> None:
    assert one(f"{{from: H, part: {part}}}", text) == read


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("day", "MF 31/2/26"),
        ("day", "3, 10 and 17/3/26"),
        ("day", "20/4/26 and 26/4/26"),
        ("first day", "31/2/26 and 20/4/26"),
        ("first day", "soon"),
        ("last day", "soon"),
        ("last day", "Q1: 20/4/26"),
        ("last dated line", "done 20/4/26"),
        ("month first", "soon"),
    ],
)
def test_a_day_that_is_not_certain_is_a_problem(part: str, text: str) -> None:
    message = one(f"{{from: H, part: {part}}}", text, name="done")
    assert isinstance(message, str)
    assert message.startswith("D2: '")


#: Cells of which a part is to be taken, and where it is certain only for some parts.
CELLS = [
    "MF 20/4/26", "20.04.2026", "2026-04-20 ok", "20th April 2026, MF", "on 20 Apr 26.",
    "April 20, 2026 (FD)", "MF", "31/4/26", "4/20/26", "20/4/26/7",
    "20/4/26 and 21/4/26", "20/4/26 (1st)", "20/4", D(2026, 4, 20), 46132, "20/4/26", "13/05/2026",
    "MF 20/4/26 21/4/26", "MF 31/4/26", 7, "21/4/26, 20/4/26",
    "19/4/26 / 20/4/26", "soon", "20/4/26 3 times", "1/4/26 asked\n20/4/26 agreed\nall fine",
    "20/4/26 asked 3 times\nagreed 21/4/26", "31/4/26 asked", "asked\nagreed", "agreed 20/4/26",
    "April 20 2026", "2026-04-20", "1.2 Map contacts", "3. Training", "3.", "3) x",
    "20/4/26 booked", "expires 20/4/26", "20/4/26?", "No 20/4/26", "no concerns 20/4/26",
    "20/4/26 / not yet", "14/4/26; due 20/4/26", "20/4/26 boo\u200bked",
    "20/4/26 \uff24\uff35\uff25", "_due_ 20/4/26",
    "MF 20\u20134\u201326", "20\u20134\u201326", "MF 20\u20444\u204426", "MF 2026/04/20",
    "MF 20 of April 2026", "20, April 2026 MF", "MF 20 Sept '26", "MF 20  April 2026",
    "MF 20\u00a0April\u00a02026", "seen by MF (20/4/26), late", "MF/20/4/26", "[20/4/26]",
    "03\u201304\u20132026", "03 / 04 / 2026", "Wed 03/04/2026", "03/04/2026 at 9:30 am", "03/04.26",
    "20/4/26 in week \u00b2", "31/2/26 x\n20/4/26 y", "20/4/26 x\n31/2/26 y",
]  # fmt: skip


@pytest.mark.parametrize("part", get_args(CellPart))
def test_the_verifier_takes_the_same_part_of_a_cell(part: str) -> None:
    """``own_sheet`` compares the two; what is right is in the tests above."""
    name = "note" if part in ("who", "first word") else "done"
    gives = PLAIN.replace(", done: When", f", {name}: {{from: When, part: {part}}}")
    for cell in CELLS:
        rows = [ROWS[0], ["7", "awareness", cell], ["8", "awareness", "#REF!"]]
        assert len(table_of(own_sheet(gives, rows, errors={(3, 3): "#REF!"}))) == 2, cell


def test_who_of_a_text_that_is_not_certain_is_the_whole_text() -> None:
    assert one("{from: H, part: who}", "MF 20/4/26, KO 26/4/26") == "MF 20/4/26, KO 26/4/26"


def test_joined_texts_have_dates_written_alike() -> None:
    rows: Rows = [
        ["Who", "What", "When", "Body"],
        ["7", "awareness", D(2026, 4, 20), " Board  A"],
        ["8", "awareness", "20/4/26", "Board A"],
        ["9", "awareness", "", "Board A"],
    ]
    gives = PLAIN.replace("ref: not kept", "ref: not kept, note: {join: [Body, When]}")
    evidence = own_sheet(gives, rows)
    joined = ["Board A 2026-04-20", "Board A 2026-04-20", "Board A"]
    assert column(evidence, "note") == joined
    assert cells(evidence, "note") == ["D2", "D3", "D4"]
    assert list(table_of(evidence).columns["note"].raw) == joined


def test_a_part_is_taken_of_a_joined_text_after_each_cell_was_looked_up() -> None:
    rows = [
        ["Who", "What", "Q1", "Q2", "Q3"],
        ["7", "awareness", "G", "C 20/4/26", "C"],
        ["8", "awareness", "G", "G", ""],
        ["9", "awareness", "C 20/4/26", "C 26/4/26", "C"],
    ]
    gives = """
    register: courses
    columns:
      ref: not kept
      person: Who
      course: What
      done: {from: {join: [Q1, Q2, Q3]}, part: day}
    words: {done: {G: blank, C: blank}}
    """
    evidence = own_sheet(gives, rows)
    assert column(evidence, "done") == [D(2026, 4, 20), None, None]
    assert states(evidence, "done")[1:] == [CellState.NOTHING, CellState.UNREADABLE]
    assert cells(evidence, "done")[0] == "C2"
    assert table_of(evidence).columns["done"].raw[0] == "G C 20/4/26 C"


def test_a_joined_text_with_a_meaning_is_not_looked_up_by_its_cells() -> None:
    rows = [
        ["Who", "What", "a", "b"],
        ["7", "x", "P", "A"],
        ["8", "x", "A", "A"],
        ["9", "x", "", ""],
    ]
    gives = """
    register: courses
    columns:
      ref: not kept
      person: Who
      course: {always: awareness}
      passed: {join: [a, b]}
    words: {passed: {P …: yes, A P: yes, A A: no, A: not done}}
    """
    evidence = own_sheet(gives, rows)
    assert column(evidence, "passed") == [True, False, False]
    assert column(evidence, "person") == ["7", "8", "9"]


# Cells that show errors or have no result -----------------------------------------------------


@pytest.mark.parametrize("source", ["{cell: A1}", "{band: yes}", "Note", "{join: [Who, Note]}"])
@pytest.mark.parametrize("fault", ["errors", "unstored"])
def test_the_value_of_a_cell_with_a_fault_is_never_used(source: str, fault: str) -> None:
    rows = [["stale"], ["Who", "What", "When", "Note"], ["stale"], ["7", "awareness", "", "stale"]]
    places = [(1, 1), (3, 1), (4, 4)]
    faults = dict.fromkeys(places, "#REF!") if fault == "errors" else frozenset(places)
    gives = PLAIN.replace("ref: not kept", f"ref: not kept, note: {source}")
    sheet = raw_sheet(rows, **{fault: faults})
    evidence = own_sheets(gives, "bands: yes\nheadings: 2", sheet)
    assert states(evidence, "note") == [CellState.UNREADABLE]
    assert column(evidence, "note") == [None]


def test_a_wide_cell_with_a_fault_is_a_record_that_cannot_be_read() -> None:
    evidence = own_sheet(WIDE, MATRIX, errors={(3, 2): "#N/A"})
    assert states(evidence, "done")[:2] == [CellState.READ, CellState.UNREADABLE]
