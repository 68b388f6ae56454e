"""A table of an office's own sheet is found as docs/mapping.md says."""

from __future__ import annotations

import datetime

import pytest

from tests.support.mapped_sheets import (
    cells,
    column,
    messages,
    own_sheet,
    raw_sheet,
    read_mapped,
    records,
    table_of,
)
from tests.support.plain_mapping import PLAIN, READ, ROWS, flow, plain

D = datetime.date


# A table of a sheet ---------------------------------------------------------------------------


def test_a_sheet_is_read_under_its_own_headings() -> None:
    evidence = own_sheet(PLAIN, ROWS)
    assert records(evidence) == READ
    assert messages(evidence) == []


@pytest.mark.parametrize(
    ("named", "file"),
    [
        ("Own.xlsx", "Own.xlsx"),
        ("own.XLSX", "2026/Own.xlsx"),
        ("2026/Own.xlsx", "Own.xlsx"),
        ("Own*.xlsx", "Own v9.xlsx"),
        ("*2026*.xlsx", "a 2026 final.xlsx"),
        ("*", "Own.xlsx"),
    ],
)
def test_a_file_may_have_folders_in_front_and_a_star_for_any_text(named: str, file: str) -> None:
    mapping = f"- {{file: '{named}', sheet: Own, gives: [{{{flow(PLAIN)}}}]}}"
    assert records(read_mapped(mapping, raw_sheet(ROWS), file=file)) == READ


@pytest.mark.parametrize(
    ("named", "file"),
    [
        ("Own.xlsx", "Its Own.xlsx"),
        ("*aa*aa.xlsx", "aaa.xlsx"),
        ("2026/Own.xlsx", "2025/Own.xlsx"),
        ("[O]wn.xlsx", "Own.xlsx"),
    ],
)
def test_another_file_is_not_meant(named: str, file: str) -> None:
    mapping = f"- {{file: '{named}', sheet: Own, gives: [{{{flow(PLAIN)}}}]}}"
    assert not table_of(read_mapped(mapping, raw_sheet(ROWS), file=file)).given


def test_the_sheet_is_left_out_for_a_csv_file() -> None:
    mapping = f"- {{file: Own.csv, gives: [{{{flow(PLAIN)}}}]}}"
    sheet = raw_sheet(ROWS[:2], text_is_raw=True)
    assert records(read_mapped(mapping, sheet, file="Own.csv")) == READ[:1]


def test_only_columns_are_those_of_the_table_beside_another() -> None:
    rows = [[*row, "", *other] for row, other in zip(ROWS, [["Who"], ["x"], ["y"]], strict=True)]
    evidence = own_sheet(PLAIN, rows, "only columns: A:C")
    assert records(evidence) == READ
    assert cells(evidence, "done") == ["C2", "C3"]


def test_a_table_that_begins_further_right_keeps_its_addresses() -> None:
    rows = [["Who", "", *row] for row in ROWS]
    assert cells(own_sheet(PLAIN, rows, "only columns: C:E"), "person") == ["C2", "C3"]


def test_records_across_are_columns() -> None:
    across = list(zip(*ROWS, strict=True))
    evidence = own_sheet(PLAIN, across, "records: across\nheadings: A")
    assert records(evidence) == READ
    assert cells(evidence, "done") == ["B3", "C3"]
    assert table_of(evidence).sources[0].headings["done"] == "When"


def test_records_across_have_rows_for_columns_in_every_key() -> None:
    across = [["title", "", "", ""], *([*row, "", "x"] for row in zip(*ROWS, strict=True)), ["Who"]]
    table = "records: across\nheadings: A\nonly columns: '2:4'\nends at: blank line"
    assert records(own_sheet(PLAIN, across, table)) == READ


def test_the_row_of_the_headings_is_the_one_that_is_named() -> None:
    rows = [["Who", "What", "When", "Who"], ["Who", "What", "When"], *ROWS[1:]]
    assert records(own_sheet(PLAIN, rows, "headings: 2")) == READ


def test_without_a_named_row_it_is_the_first_that_has_most_of_the_headings() -> None:
    rows = [["Who", "What"], *ROWS, ["Who", "What", "When"]]
    assert records(own_sheet(PLAIN, rows)) == READ


def test_the_headings_are_looked_for_in_the_first_30_rows() -> None:
    assert records(own_sheet(PLAIN, [*[["x"]] * 29, *ROWS])) == READ
    assert not table_of(own_sheet(PLAIN, [*[["x"]] * 30, *ROWS])).found


def test_records_end_at_the_first_blank_line_below_a_filled_one() -> None:
    rows = [ROWS[0], ["", "", ""], *ROWS[1:], ["", "", ""], ["Key", "", ""]]
    assert records(own_sheet(PLAIN, rows, "ends at: blank line")) == READ


def test_records_end_at_the_text_with_which_a_line_begins() -> None:
    rows = [*ROWS, ["", "COUNT of people", 2], ["9", "awareness", ""]]
    assert records(own_sheet(PLAIN, rows, "ends at: count")) == READ


def test_a_band_is_a_line_with_one_filled_cell_and_no_record() -> None:
    rows = [ROWS[0], ["North", "", ""], ROWS[1], ["", "South", ""], ROWS[2]]
    banded = PLAIN.replace("ref: not kept", "ref: not kept, note: {band: yes}")
    evidence = own_sheet(banded, rows, "bands: yes")
    assert column(evidence, "note") == ["North", "South"]
    assert cells(evidence, "note") == ["A2", "B4"]


def test_above_the_first_band_the_band_is_blank() -> None:
    rows = [*ROWS, ["South", "", ""], ["9", "awareness", ""]]
    banded = PLAIN.replace("ref: not kept", "ref: not kept, note: {band: yes}")
    evidence = own_sheet(banded, rows, "bands: yes")
    assert column(evidence, "note") == [None, None, "South"]


def test_a_merged_cell_is_one_cell_of_each_of_its_lines() -> None:
    """The second line of a merged block has a cell of its own and the merged one: it is no band."""
    rows = [ROWS[0], ["7", "awareness", ""], ["", "refresher", ""], ["South", "", ""]]
    evidence = own_sheet(PLAIN, rows, "bands: yes", merged=((2, 1, 3, 1), (4, 1, 4, 3)))
    assert records(evidence) == ["7 | awareness", "7 | refresher"]


def test_an_error_cell_is_a_filled_one_of_a_band() -> None:
    rows = [ROWS[0], ["7", "", ""]]
    evidence = own_sheet(PLAIN, rows, "bands: yes", errors={(2, 2): "#REF!"})
    assert records(evidence) == ["7"]


@pytest.mark.parametrize(
    ("key", "count", "note"),
    [
        ("struck through rows: left out", 1, False),
        ("struck through rows: counted", 2, False),
        ("", 2, True),
    ],
)
def test_rows_struck_through_are_left_out_or_counted_or_noted(
    key: str, count: int, note: bool
) -> None:
    evidence = own_sheet(PLAIN, ROWS, key, struck_rows=frozenset({2}))
    assert len(table_of(evidence)) == count
    assert any("struck through" in shown.message for shown in evidence.notes) == note
    sources = table_of(evidence).sources
    assert any(source.struck_rows for source in sources) == note


def test_two_rows_of_headings_are_one_and_a_text_of_both_stands_once() -> None:
    rows = [["Who", "Course", "", "Done"], ["Who", "Name", "Day", ""], ["7", "awareness", "1/4/26"]]
    gives = """
    register: courses
    columns: {ref: not kept, person: Who, course: Course / Name, done: Course / Day}
    """
    evidence = own_sheet(gives, rows, "headings: [1, 2]", merged=((1, 2, 1, 3), (1, 4, 2, 4)))
    assert records(evidence) == ["7 | awareness | 2026-04-01"]


def test_a_heading_that_is_a_date_is_written_day_month_year() -> None:
    rows = [["Who", "What", D(2026, 4, 20)], *ROWS[1:]]
    assert records(own_sheet(PLAIN.replace("When", "20/04/2026"), rows)) == READ


def test_capitals_spaces_hyphens_and_a_mark_at_the_end_make_no_difference() -> None:
    rows = [["  WHO:", "wh-at", "When  ?"], *ROWS[1:]]
    assert records(own_sheet(PLAIN.replace("What", "wh at"), rows)) == READ


def test_a_missing_heading_is_a_problem_and_leaves_the_register_unread() -> None:
    evidence = own_sheet(PLAIN, [["Who", "What", "Day"], *ROWS[1:]])
    assert messages(evidence) == [
        ": The mapping in office.yaml uses the heading 'When', which is not in this sheet, so the"
        " sheet was not read. Restore the heading, or correct the mapping."
    ]
    assert table_of(evidence).given
    assert not table_of(evidence).found


@pytest.mark.parametrize(
    "more",
    [
        "only rows where: {Gone: [x]}",
        "except rows where: {Gone: [x]}",
        "wide: {columns: [Gone]}",
        "wide: {after: Gone}",
    ],
)
def test_each_heading_that_a_register_uses_must_be_there(more: str) -> None:
    joined = PLAIN.replace("When", "{from: {join: [When, Gone]}, part: day}")
    for gives in (plain(more), joined):
        evidence = own_sheet(gives, ROWS)
        assert "uses the heading 'Gone', which is not in this sheet" in messages(evidence)[0]
        assert not table_of(evidence).found


def test_a_heading_that_is_there_twice_is_a_problem_and_nothing_is_read() -> None:
    evidence = own_sheet(PLAIN, [["Who", "What", "When", "When:"], *ROWS[1:]])
    assert messages(evidence) == [
        ": The mapping in office.yaml uses the heading 'When', which is in this sheet 2 times (C1"
        " and D1), so the sheet was not read. Rename the others."
    ]
    assert len(table_of(evidence)) == 0


#: PLAIN of a sheet without a column 'passed', which can undo a record.
UNDONE = """
register: exams
columns: {ref: not kept, person: Who, sat: When, passed: {always: yes}}
"""


@pytest.mark.parametrize("heading", ["passed", "PASS:"])
def test_a_constant_for_what_undoes_a_record_counts_only_without_such_a_heading(
    heading: str,
) -> None:
    """A column 'passed' that is added later has who failed, and is not overlooked."""
    assert column(own_sheet(UNDONE, ROWS), "passed", "exams") == [True, True]
    rows = [[*ROWS[0], heading], [*ROWS[1], "no"], ROWS[2]]
    evidence = own_sheet(UNDONE, rows)
    assert messages(evidence) == [
        ": The mapping in office.yaml says that 'passed' is always yes, but this sheet has the"
        f" heading '{heading}' (D1), so the sheet was not read. Write 'passed: {heading}' in the"
        " mapping, or rename the heading if it means something else."
    ]
    assert not table_of(evidence, "exams").found
    named = UNDONE.replace("{always: yes}", "pass")
    read = own_sheet(named, [[*ROWS[0], "pass"], [*ROWS[1], "no"]])
    assert column(read, "passed", "exams") == [False]


@pytest.mark.parametrize("more", ["except rows where: {pass: ['no']}", "wide: {columns: [pass]}"])
def test_a_heading_that_the_mapping_uses_otherwise_leaves_the_constant(more: str) -> None:
    gives = UNDONE.replace("When", "{wide: cell}") if "wide" in more else UNDONE
    rows = [[*ROWS[0], "pass"], [*ROWS[1], D(2026, 5, 1)]]
    assert messages(own_sheet(gives + more, rows)) == []


def test_another_register_of_the_same_sheet_is_still_read() -> None:
    mapping = """
    - file: Own.xlsx
      sheet: Own
      gives:
      - register: courses
        columns: {ref: not kept, person: Who, course: Gone, done: When}
      - register: visits
        columns: {visitor: Who, 'on': When}
    """
    evidence = read_mapped(mapping, raw_sheet(ROWS))
    assert not table_of(evidence).found
    assert records(evidence, "visits") == ["7 | 2026-04-25", "8 | 2026-04-26"]


def test_a_sheet_that_is_gone_is_a_problem_and_a_file_that_was_not_given_is_noted() -> None:
    gone = own_sheet(PLAIN, ROWS, name="Other")
    assert messages(gone) == [
        ": The mapping in office.yaml names the sheet 'Own', which is not in this file. Give the"
        " sheet that name again, or correct the mapping."
    ]
    assert table_of(gone).given
    assert not table_of(gone).found
    mapping = f"- {{file: Else.xlsx, sheet: Own, gives: [{{{flow(PLAIN)}}}]}}"
    evidence = read_mapped(mapping, raw_sheet(ROWS))
    assert messages(evidence) == []
    assert "The mapping in office.yaml names 'Else.xlsx', which was not given." in [
        note.message for note in evidence.notes
    ]
    assert not table_of(evidence).given
