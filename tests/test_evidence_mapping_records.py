"""The records of a register in an office's own sheet, and the lines that are none."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from tests.support.mapped_sheets import (
    Rows,
    cells,
    column,
    messages,
    own_sheet,
    own_sheets,
    raw_sheet,
    records,
    table_of,
)
from tests.support.plain_mapping import MATRIX, PLAIN, READ, ROWS, WIDE, plain

D = datetime.date


# The records of a register --------------------------------------------------------------------


def test_only_rows_where_each_heading_has_one_of_its_words() -> None:
    rows = [
        ["Who", "What", "When", "Org", "Live?"],
        ["7", "awareness", "", "OPCC", "y"],
        ["8", "awareness", "", "opcc ", "N"],
        ["9", "awareness", "", "WCC", "Y"],
        ["10", "awareness", "", "", "Y"],
        ["11", "awareness", "", "PCC", "Yes, part"],
    ]
    gives = plain("only rows where: {Org: [OPCC, PCC], Live?: [Y, Yes…]}")
    assert column(own_sheet(gives, rows), "person") == ["7", "11"]


def test_except_rows_where_any_heading_has_one_of_its_words() -> None:
    rows = [
        ["Who", "What", "When", "Org", "Note"],
        ["7", "awareness", "", "OPCC", ""],
        ["8", "awareness", "", "OPCC", "(planned) later"],
        ["9", "awareness", "", "WCC", ""],
    ]
    gives = plain("except rows where: {Org: [WCC], Note: [(planned) …]}")
    assert column(own_sheet(gives, rows), "person") == ["7"]


@pytest.mark.parametrize("key", ["only rows where", "except rows where"])
@pytest.mark.parametrize("fault", ["errors", "unstored"])
def test_a_cell_that_decides_and_cannot_be_read_is_a_problem_and_no_record(
    key: str, fault: str
) -> None:
    rows = [["Who", "What", "When", "Org"], ["7", "awareness", "", "x"], ["8", "awareness", "", ""]]
    word = "x" if key == "only rows where" else "z"
    places = {(3, 4): "#REF!"} if fault == "errors" else frozenset({(3, 4)})
    sheet = raw_sheet(rows, **{fault: places})
    evidence = own_sheets(plain(f"{key}: {{Org: [{word}]}}"), "", sheet)
    assert column(evidence, "person") == ["7"]
    assert messages(evidence) == [
        "D3: These cells decide whether their rows count, but show errors or contain formulas whose"
        " results are missing, so the rows were not counted. Correct the formulas, or open the"
        " workbook in Excel, save it and run the check again."
    ]


def test_each_wide_column_gives_a_record_of_each_line_with_a_cell_in_it() -> None:
    evidence = own_sheet(WIDE, MATRIX)
    assert records(evidence) == [
        "7 | awareness | 2026-04-01",
        "7 | refresher | 2026-04-02",
        "8 | refresher | 2026-04-03",
    ]
    assert cells(evidence, "done") == ["B2", "D2", "D3"]
    assert cells(evidence, "course") == ["B1", "D1", "D1"]
    assert cells(evidence, "person") == ["A2", "A2", "A3"]


def test_after_takes_every_column_with_a_heading_that_is_not_used_otherwise() -> None:
    rows = [[*row, "", "x"] for row in MATRIX]
    rows[0] = ["Who", "Team", "awareness", "refresher", "", "done by"]
    rows[1] = ["7", "North", "1/4/26", "2/4/26", "5/4/26", "8"]
    rows[2] = ["8", "South", "", "3/4/26", "", ""]
    after = WIDE.replace("{columns: [awareness, refresher]}", "{after: Team}")
    after = after.replace("ref: not kept", "ref: not kept, note: done by")
    assert records(own_sheet(after, rows)) == [
        "7 | awareness | 2026-04-01 | 8",
        "7 | refresher | 2026-04-02 | 8",
        "8 | refresher | 2026-04-03",
    ]


def test_no_column_after_the_heading_is_a_problem() -> None:
    after = WIDE.replace("{columns: [awareness, refresher]}", "{after: refresher}")
    evidence = own_sheet(after, MATRIX)
    assert messages(evidence) == [
        ": The mapping in office.yaml takes every column after the heading 'refresher', but none"
        " follows it, so the sheet was not read. Restore the columns, or correct the mapping."
    ]
    assert not table_of(evidence).found


def test_a_wide_heading_without_a_meaning_is_a_problem_at_the_heading() -> None:
    rows = [["Who", "awareness", "WRAP"], ["7", "1/4/26", "2/4/26"], ["8", "", "3/4/26"]]
    evidence = own_sheet(WIDE.replace("{columns: [awareness, refresher]}", "{after: Who}"), rows)
    assert messages(evidence) == [
        "C1: The mapping in office.yaml does not say what this heading means in 'course'. Add it to"
        " the words of 'course' there, or run dueregard map."
    ]


def test_a_date_with_the_month_first_makes_days_of_every_wide_column_uncertain() -> None:
    rows = [["Who", "awareness", "refresher"], ["7", "03/04/2026", "04/25/2026"], ["8", "20/4/26"]]
    rows += [["9", "05/05/2026", "1 April 2026"]]
    evidence = own_sheet(WIDE, rows)
    assert records(evidence) == [
        "7 | awareness",
        "8 | awareness | 2026-04-20",
        "9 | awareness | 2026-05-05",
        "7 | refresher",
        "9 | refresher | 2026-04-01",
    ]
    assert messages(evidence)[0] == (
        "B2: '03/04/2026' may be 3 April 2026 or 4 March 2026, because C2 has the month first."
        " Enter it with the month in words: 3 April 2026 or 4 March 2026."
    )


def test_a_cell_that_all_wide_columns_share_is_one_problem() -> None:
    rows = [["Who", "awareness", "refresher", "Hrs"], ["7", "1/4/26", "2/4/26", "many"]]
    evidence = own_sheet(WIDE.replace("ref: not kept", "ref: not kept, hours: Hrs"), rows)
    assert [(problem.cells, problem.count) for problem in evidence.problems] == [(("D2",), 1)]


# Which lines are records ----------------------------------------------------------------------


def test_a_merged_cell_has_its_value_in_each_of_its_lines() -> None:
    rows = [ROWS[0], ["7", "awareness", "1/4/26"], ["", "refresher", "2/4/26"]]
    evidence = own_sheet(PLAIN, rows, merged=((2, 1, 3, 1),))
    assert column(evidence, "person") == ["7", "7"]


def test_empty_lines_totals_and_repeated_headings_are_not_records() -> None:
    rows = [
        *ROWS[:2],
        ["", "", ""],
        ["who", "WHAT", "when"],
        ROWS[2],
        ["Total", "", 2],
    ]
    assert records(own_sheet(PLAIN, rows)) == READ


@pytest.mark.parametrize(
    ("line", "is_record"),
    [
        (["Total", 7], False),
        (["TOTALS:", "7%"], False),
        (["Who", "What"], False),
        (["", "", "", "only a note"], False),
        (["7", "awareness", "", "Example  (NOT counted)"], False),
        (["Who"], True),
        (["Total of what", 7], True),
        (["Who", "awareness"], True),
        (["7", "", "", "Note"], True),
        (["7 (EXAMPLE)", "awareness"], True),
    ],
)
def test_which_lines_are_records(line: Sequence[object], is_record: bool) -> None:
    evidence = own_sheet(PLAIN, [[*ROWS[0], "Note"], line, *ROWS[1:]])
    assert len(table_of(evidence)) == 2 + is_record


def test_an_example_is_not_a_record_and_is_noted() -> None:
    example = "EXAMPLE (not counted): 9"
    rows = [ROWS[0], [example, "awareness", "1/4/26"], *ROWS[1:]]
    evidence = own_sheet(PLAIN, rows)
    assert records(evidence) == READ
    left_out = "is marked 'EXAMPLE (not counted)' and was not counted: delete these words if it is"
    assert f"Row 2 {left_out} a real row." in [note.message for note in evidence.notes]
    across = own_sheet(PLAIN, list(zip(*rows, strict=True)), "records: across\nheadings: A")
    assert records(across) == READ
    assert f"Column B {left_out} a real row." in [note.message for note in across.notes]


def test_two_repeated_rows_of_headings_are_not_records() -> None:
    headings = [["Who", "Course", ""], ["", "Name", "Day"]]
    rows = [*headings, ["7", "awareness", "1/4/26"], *headings, ["8", "awareness", "2/4/26"]]
    gives = """
    register: courses
    columns: {ref: not kept, person: Who, course: Course / Name, done: Course / Day}
    """
    merged = ((1, 2, 1, 3), (4, 2, 4, 3))
    evidence = own_sheet(gives, rows, "headings: [1, 2]", merged=merged)
    assert records(evidence) == ["7 | awareness | 2026-04-01", "8 | awareness | 2026-04-02"]


def test_a_line_without_cells_in_the_columns_that_are_used_is_not_a_record() -> None:
    rows: Rows = [
        ["Who", "What", "When", "Other"],
        *([*row, ""] for row in ROWS[1:]),
        ["", "", "", "x"],
    ]
    assert records(own_sheet(PLAIN, rows)) == READ


def test_a_merged_cell_from_above_is_nothing_of_a_line() -> None:
    rows: Rows = [["Who", "Item"], ["7", "first"], ["", "second"]]
    gives = "register: visits\ncolumns: {visitor: Who, 'on': not kept}"
    evidence = own_sheet(gives, rows, merged=((2, 1, 3, 1),))
    assert records(evidence, "visits") == ["7"]
    assert not any("repeats" in note.message for note in evidence.notes)


def test_a_register_of_fixed_cells_alone_has_one_record_of_all_lines() -> None:
    rows = [["Plan 2026", "20/4/26"], ["Ref", "Action"], ["1", "x"], ["2", "y"]]
    gives = "register: visits\ncolumns: {visitor: {cell: A1}, 'on': {cell: B1}}"
    evidence = own_sheet(gives, rows, "headings: 2")
    assert records(evidence, "visits") == ["Plan 2026 | 2026-04-20"]
    assert records(own_sheet(gives, rows[:2], "headings: 2"), "visits") == []


def test_equal_records_are_one_whatever_lines_they_come_from() -> None:
    rows = [*ROWS, ["7", "Awareness", D(2026, 4, 25)]]
    assert records(own_sheet(PLAIN, rows)) == READ


def test_a_record_with_a_formula_without_a_result_is_equal_to_none() -> None:
    rows = [ROWS[0], ["7", "awareness", ""], ["7", "awareness", ""]]
    evidence = own_sheet(PLAIN, rows, unstored=frozenset({(2, 3), (3, 3)}))
    assert len(table_of(evidence)) == 2


def test_a_key_that_is_kept_is_read_and_one_that_is_not_is_made_of_the_record() -> None:
    rows = [["Nr", *ROWS[0]], ["A-1", *ROWS[1]], ["A-2", *ROWS[2]]]
    kept = own_sheet(PLAIN.replace("ref: not kept", "ref: Nr"), rows)
    assert column(kept, "ref") == ["a-1", "a-2"]
    made, again = own_sheet(PLAIN, ROWS), own_sheet(PLAIN, [ROWS[0], ROWS[2], ROWS[1]])
    keys = column(made, "ref")
    assert len(set(keys)) == 2
    assert column(again, "ref") == keys[::-1]
    assert list(table_of(made).columns["ref"].raw) == ["", ""]
