"""An office's own sheets are read as docs/mapping.md says: a test for each sentence of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import get_args

import pytest

from evidence.mapping.cell_parts import part_of_cell
from evidence.mapping.model import CellPart, mapping_json, mapping_sha256
from evidence.mapping.words import OfficeWords
from evidence.table import CellState
from tests.support.mapped_sheets import (
    Rows,
    cells,
    column,
    messages,
    own_sheet,
    own_sheets,
    raw_sheet,
    read_mapped,
    records,
    states,
    table_of,
)
from tests.support.offices import mapping_of

D = datetime.date

#: A whole mapping of one register, of which the tests change one thing.
PLAIN = """
register: courses
columns: {ref: not kept, person: Who, course: What, done: When}
"""
ROWS: Rows = [
    ["Who", "What", "When"],
    ["7", "awareness", "25/04/2026"],
    ["8", "refresher", D(2026, 4, 26)],
]
READ = ["7 | awareness | 2026-04-25", "8 | refresher | 2026-04-26"]


def _flow(text: str) -> str:
    """A mapping in block style as one in flow style."""
    return ", ".join(text.strip().splitlines())


def plain(*lines: str) -> str:
    """PLAIN with further keys of the register."""
    return PLAIN + "\n".join(lines)


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
    mapping = f"- {{file: '{named}', sheet: Own, gives: [{{{_flow(PLAIN)}}}]}}"
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
    mapping = f"- {{file: '{named}', sheet: Own, gives: [{{{_flow(PLAIN)}}}]}}"
    assert not table_of(read_mapped(mapping, raw_sheet(ROWS), file=file)).given


def test_the_sheet_is_left_out_for_a_csv_file() -> None:
    mapping = f"- {{file: Own.csv, gives: [{{{_flow(PLAIN)}}}]}}"
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
    assert any("struck through" in each.message for each in evidence.notes) == note
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
def test_a_constant_of_what_undoes_a_record_stands_only_without_a_heading_of_it(
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
    mapping = f"- {{file: Else.xlsx, sheet: Own, gives: [{{{_flow(PLAIN)}}}]}}"
    evidence = read_mapped(mapping, raw_sheet(ROWS))
    assert messages(evidence) == []
    assert "The mapping in office.yaml names 'Else.xlsx', which was not given." in [
        note.message for note in evidence.notes
    ]
    assert not table_of(evidence).given


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


WIDE = """
register: courses
wide: {columns: [awareness, refresher]}
columns: {ref: not kept, person: Who, course: {wide: heading}, done: {wide: cell}}
"""
MATRIX: Rows = [
    ["Who", "awareness", "Team", "refresher"],
    ["7", "1/4/26", "North", "2/4/26"],
    ["8", "", "South", "3/4/26"],
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


# Where a column comes from --------------------------------------------------------------------


def one(source: str, cell: object, words: str = "{}", name: str = "note", **more: object) -> object:
    """What a column reads from one cell under the heading H (D2), with the mapping's source."""
    gives = f"""
    register: courses
    columns: {{ref: not kept, person: Who, course: What, done: When, {name}: {source}}}
    words: {{{name}: {words}}}
    """
    if name == "done":
        gives = gives.replace("done: When, ", "")
    rows = [["Who", "What", "When", "H"], ["7", "awareness", "", cell]]
    evidence = own_sheet(gives, rows, **more)  # type: ignore[arg-type]
    value = column(evidence, name)[0]
    return value if states(evidence, name)[0] != CellState.UNREADABLE else messages(evidence)[0]


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


# Words ----------------------------------------------------------------------------------------


def test_a_word_has_its_meaning_and_another_is_read_as_in_any_sheet() -> None:
    rows = [
        ["Who", "What", "When"],
        ["7", "WRAP", "1/4/26"],
        ["8", " wrap ", "2/4/26"],
        ["9", "refresher", "tbd"],
        ["10", "GDPR", ""],
    ]
    gives = plain("words: {course: {WRAP: awareness}, done: {tbd: blank}}")
    evidence = own_sheet(gives, rows)
    assert column(evidence, "course") == ["awareness", "awareness", "refresher", None]
    assert states(evidence, "done")[2] == CellState.NOTHING
    assert table_of(evidence).columns["course"].raw[0] == "WRAP"


def test_a_row_that_is_not_done_is_not_a_record() -> None:
    rows = [["Who", "awareness", "refresher"], ["7", "LTS", "1/4/26"], ["8", "Booked 3/5", "n/a"]]
    gives = WIDE + "words: {done: {LTS: not done, Booked …: not done, n/a: not done}}"
    assert records(own_sheet(gives, rows)) == ["7 | refresher | 2026-04-01"]


def test_yes_and_no_are_meanings() -> None:
    assert one("H", "Y", "{Y: yes, N: no}", "passed") is True
    assert one("H", "N", "{Y: yes, N: no}", "passed") is False


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["Booked …"], "booked  14/12", ["booked …"]),
        (["Booked …"], "Booked", ["booked …"]),
        (["Booked …"], "Bookedness", []),
        (["Booked…"], "Bookedness", ["booked…"]),
        (["1.1 …"], "1.1 Plan", ["1.1 …"]),
        (["1.1 …"], "1.1, plan", ["1.1 …"]),
        (["1.1 …"], "1.10 Plan", []),
        (["… PO …"], "3/7/25 PO ok", ["… po …"]),
        (["… PO …"], "PO", ["… po …"]),
        (["… PO …"], "report", []),
        (["… ok"], "3/7/25 PO OK", ["… ok"]),
        (["… ok"], "book", []),
        (["…ok"], "book", ["…ok"]),
        (["…"], "anything", ["…"]),
        (["…"], "", []),
        (["...", "x"], "y", ["…"]),
        (["a …", "a b …"], "a b c", ["a b …"]),
        (["a …", "a"], "a", ["a"]),
        (["a …", "… b"], "a b", ["a …", "… b"]),
    ],
)
def test_three_dots_stand_for_any_text(words: list[str], text: str, found: list[str]) -> None:
    assert OfficeWords(words).matches(text) == found


@pytest.mark.parametrize(
    ("words", "texts", "read"),
    [
        ("{C e X: chief, C: x}", [" c  e x ", "CEX", "C", "CEX."], ["chief", "CEX", "x", "CEX."]),
        ("{N/A: blank, n.d.: not done, '1': one}", ["n/a", "N.D.", "1"], [None, "one"]),
        ("{Booked …: not done}", ["Booked 14/12", "booked", "Bookedx"], ["Bookedx"]),
        ("{Booked…: not done}", ["Bookedx", "x Booked"], ["x Booked"]),
        ("{1.1 …: a}", ["1.1, plan", "1.10 plan"], ["a", "1.10 plan"]),
        ("{… PO …: a}", ["with PO and BM", "POL, PO", "POL"], ["a", "a", "POL"]),
        ("{… CANC: a}", ["9/7/25 / CANC", "CANC then"], ["a", "CANC then"]),
        ("{…Stopped…: a}", ["xstoppedx", "xx"], ["a", "xx"]),
        ("{Y …: a, Y fb: b, Y fb …: d, …: c}", ["Y fb", "Y fb due", "Y", "Z", ""], list("bdac")),
        ("{ab …: a, … cd: b}", ["ab cd", "ab c", "b cd"], ["ab cd", "a", "b"]),
        ("{'2026-04-20': a}", [D(2026, 4, 20), "20/4/26"], ["a", "20/4/26"]),
    ],
)
def test_the_meanings_of_words(words: str, texts: Sequence[object], read: list[object]) -> None:
    rows: Rows = [["Who", "H"], *([str(n), text] for n, text in enumerate(texts))]
    gives = f"""
    register: courses
    columns: {{ref: not kept, person: Who, course: {{always: awareness}}, note: H}}
    words: {{note: {words}}}
    """
    found = column(own_sheet(gives, rows), "note")
    assert found == read + [None] * (len(found) - len(read))


def test_of_two_equally_long_words_with_different_meanings_neither_is_used() -> None:
    message = one("H", "a b", "{a …: yes, … b: no}", "passed")
    assert message == "D2: 'a b' is not yes or no. Enter yes or no."
    assert one("H", "a b", "{a …: yes, … b: yes}", "passed") is True


def test_a_blank_cell_has_no_word() -> None:
    assert one("H", "", "{…: yes}", "passed") is False
    assert one("H", "x", "{…: yes}", "passed") is True


def test_a_date_is_looked_up_as_year_month_day_and_a_number_without_a_point() -> None:
    assert one("H", D(2026, 4, 20), "{2026-04-20: first}") == "first"
    assert one("H", 7.0, "{'7': seven}") == "seven"


def test_a_word_is_looked_up_in_the_whole_cell_and_then_no_part_is_taken() -> None:
    part = "{from: H, part: who}"
    assert one(part, "MF 20/4/26", "{MF 20/4/26: Mary F 7}") == "Mary F 7"
    assert one(part, "MF 20/4/26", "{MF: Mary}") == "MF"
    assert one("{from: H, part: first word}", "1 x", "{1 …: two words}") == "two words"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("P", {"Prevent"}),
        ("P, Safe", {"Prevent", "safeguarding"}),
        ("P; exploitation", {"Prevent", "exploitation"}),
        ("P\nSafe", {"Prevent", "safeguarding"}),
        ("both", {"Prevent", "safeguarding"}),
        ("P, Other", {"Prevent"}),
        ("Other; Other", None),
    ],
)
def test_in_a_column_of_several_words_each_is_looked_up(text: str, read: set[str] | None) -> None:
    words = "{P: Prevent, Safe: safeguarding, both: Prevent; safeguarding, Other: blank}"
    assert one("H", text, words, "topics") == read


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


# What a report shows --------------------------------------------------------------------------


def test_the_text_of_a_value_is_the_offices_own() -> None:
    rows = [["Who", "What", "When"], ["7", "WRAP", "MF 20/4/26"]]
    gives = """
    register: courses
    columns: {ref: not kept, person: Who, course: What, done: {from: When, part: day}}
    words: {course: {WRAP: awareness}}
    """
    evidence = own_sheet(gives, rows)
    raw = {name: cells.raw[0] for name, cells in table_of(evidence).columns.items()}
    assert (raw["course"], raw["done"]) == ("WRAP", "MF 20/4/26")
    assert (cells(evidence, "course"), cells(evidence, "done")) == (["B2"], ["C2"])


#: A table of one sheet, and two of another.
TABLES = (("A", False), ("B", False), ("B", True))


def test_the_mapping_is_named_by_the_hash_of_its_json_without_defaults() -> None:
    first = mapping_of(f"mapping:\n- {{file: a.xlsx, sheet: Own, gives: [{{{_flow(PLAIN)}}}]}}")
    other = mapping_of(
        f"mapping:\n- gives: [{{{_flow(PLAIN)}}}]\n  bands: no\n  sheet: Own\n  file: a.xlsx"
    )
    assert mapping_sha256(first) == mapping_sha256(other)
    assert json.loads(mapping_json(first)) == [
        {
            "file": "a.xlsx",
            "gives": [
                {
                    "columns": {
                        "course": "What",
                        "done": "When",
                        "person": "Who",
                        "ref": "not kept",
                    },
                    "register": "courses",
                }
            ],
            "sheet": "Own",
        }
    ]
    parts = [first[0].model_copy(update={"sheet": name, "bands": bands}) for name, bands in TABLES]
    assert mapping_sha256(parts) == mapping_sha256(parts[1:] + parts[:1])
    assert mapping_sha256(parts) != mapping_sha256([parts[0], *parts[:0:-1]])  # of one sheet
    changed = mapping_of(f"mapping:\n- {{file: a.xlsx, sheet: Else, gives: [{{{_flow(PLAIN)}}}]}}")
    assert mapping_sha256(changed) != mapping_sha256(first)


def test_reports_state_what_the_mapping_assumes() -> None:
    gives = """
    register: courses
    only rows where: {Org: [OPCC, …]}
    except rows where: {Org: [WCC]}
    columns: {ref: not kept, person: Who, course: {always: awareness}, done: {always: blank}}
    """
    rows = [["Who", "Org"], ["7", "OPCC"]]
    used = own_sheet(gives, rows, "struck through rows: left out").mapping
    assert used is not None
    assert used.assumptions == (
        "Courses from the sheet 'Own': only rows with 'OPCC' or any entry under 'Org' count, rows"
        " with 'WCC' under 'Org' do not count, 'ref' is not kept, 'course' is always awareness and"
        " 'done' is always blank.",
        "The sheet 'Own': rows struck through are left out.",
    )


def test_a_joined_text_without_a_band_is_in_the_next_of_its_cells() -> None:
    """So that a problem of it has a place."""
    gives = PLAIN.replace("done: When", "done: {join: [{band: yes}, When]}")
    assert cells(own_sheet(gives, ROWS, "bands: yes"), "done") == ["C2", "C3"]


@pytest.mark.parametrize(
    "text",
    [
        "Booked 14/3/26",
        "14/3/26 failed",
        "did not attend 14.03.2026",
        "DNA 14/3/26",
        "14/3/26 (CANX)",
        "14/3/26 D.N.A.",
        "expires 14/3/26",
        "Valid until 14/3/26",
        "rebooked 14/3/26",
        "sched. 14/3/26",
        "To attend 14/3/26",
        "waiting list 14/3/26",
        "invite sent 14/3/26",
        "hasn\u2019t passed 14/3/26",
        "No - 14/3/26",
        "14/3/26?",
        "14/3/26 half done",
        "absent 14/3/26",
        "exempt 14/3/26",
        "Extended to 14/3/26",
        "withdrawn 14/3/26",
        "N/A 14/3/26",
        "14/3/26 boo\u200bked",
        "14/3/26 can\u00adcelled",
        "14/3/26 \uff22\uff2f\uff2f\uff2b\uff25\uff24",
        "14/3/26 _booked_",
        "by 14/3/26",
        "to be done by: 14/3/26",
        "by Friday 14/3/26",
        "by the end of 14/3/26",
        "before 14/3/26",
        "no later than 14/3/26",
        "from 14/3/26",
        "valid from 14/3/26",
        "since 14/3/26",
        "was 14/3/26",
        "moved to 14/3/26",
        "rearranged 14/3/26",
        "pencilled in 14/3/26",
        "poss 14/3/26",
        "cancellation 14/3/26",
        "postponement 14/3/26",
        "None 14/3/26",
        "14/3/26 apologies",
        "must complete 14/3/26",
        "w/c 14/3/26",
        "x 14/3/26",
        "14/3/26 \u2717",
        "resit 14/3/26",
        "14/3/26 resit",
        "redo 14/3/26",
        "part-completed 14/3/26",
        "erbyn 14/3/26",
        "wedi'i ganslo 14/3/26",
        "gohiriwyd 14/3/26",
        "14/3/26 absennol",
        "heb fynychu 14/3/26",
        "i'w gwblhau 14/3/26",
        "methodd 14/3/26",
    ],
)
def test_a_date_beside_words_for_not_done_is_not_read(text: str) -> None:
    """A new 'booked' in next month's sheet must not count as done, whatever was confirmed."""
    parts: list[CellPart] = ["day", "first day", "last day", "last dated line"]
    assert [part_of_cell(text, part) for part in parts] == [text] * 4


@pytest.mark.parametrize(
    "text",
    [
        "MF 14/3/26",
        "14/3/26 (resit)",
        "Nil MF 14/3/26",
        "14/3/26 (by MF)",
        "seen by MF 14/3/26",
        "passed 14/3/26",
        "certificate from MF 14/3/26",
        "Max 14/3/26",
        "wedi pasio 14/3/26",
        "Nott, A 14/3/26",
        "no concerns 14/3/26",
        "Expo team 14/3/26",
        "NA 14/3/26",
        "Will Hope 14/3/26",
        "half day 14/3/26",
        "Minuted, and noted 14/3/26",
    ],
)
def test_other_words_beside_a_date_leave_its_day(text: str) -> None:
    assert part_of_cell(text, "day") == "14/3/26"


def test_a_word_beside_one_of_two_things_is_about_that_one() -> None:
    """The day of a meeting, and of its minutes."""
    assert part_of_cell("14/10/26 / not yet", "first day") == "14/10/26"
    assert part_of_cell("14/10/26; due 28/10/26", "first day") == "14/10/26"
    assert part_of_cell("14/10/26; due 28/10/26", "last day") == "14/10/26; due 28/10/26"
    assert part_of_cell("14/10/26 / not yet", "day") == "14/10/26 / not yet"


@pytest.mark.parametrize("text", ["21/4/26, 20/4/26 MF", "4/20/26 MF", "20/4 26", "tbc"])
def test_a_text_that_is_not_one_date_keeps_its_figures_in_their_order(text: str) -> None:
    assert part_of_cell(text, "month first") == text


def test_rows_that_are_left_out_and_rows_below_the_end_are_named() -> None:
    """Otherwise a row lost to a blank line or to a new word in a filter would go unseen."""
    rows = [*ROWS, [], ["P9", "awareness", "25/04/2026"]]
    evidence = own_sheet(PLAIN, rows, "ends at: blank line")
    assert f"Below the end of the table and not read: row {len(rows)}." in [
        note.message for note in evidence.notes
    ]
    first = ROWS[1][0]
    filtered = own_sheet(PLAIN + f"only rows where: {{Who: ['{first}']}}\n", ROWS)
    assert "Left out, as the mapping in office.yaml says: row 3." in [
        note.message for note in filtered.notes
    ]


@pytest.mark.parametrize(
    ("others", "new"),
    [
        (", other columns: [Job, Awareness]", ["1 column of 'Own' is new, and was", "'Jan 27'."]),
        (", other columns: []", ["2 columns of 'Own' are new, and were", "'Job' and 'Jan 27'."]),
        (", other columns: [job, jan 27, Gone]", []),
        ("", []),
    ],
)
def test_a_column_that_is_new_beside_wide_ones_is_named_at_the_head(
    others: str, new: list[str]
) -> None:
    """Without that, a month that was added would go unseen."""
    gives = f"""
        register: courses
        wide: {{columns: [Dec 26]{others}}}
        columns:
          ref: not kept
          person: Who
          course: {{always: awareness}}
          done: {{wide: cell}}
          passed: {{always: yes}}
    """
    evidence = own_sheet(gives, [["Who", "Job", "Dec 26", "Jan 27"], ["101", "", "", "03/01/2027"]])
    assert evidence.mapping is not None
    said = [line.partition(" Answer")[0] for line in evidence.mapping.assumptions]
    assert said[:-1] == ([" not read: ".join(new)] if new else [])


COURSE = "columns: {ref: not kept, person: Who, course: Course, done: Done, passed: {always: yes}}"
VISIT = "columns: {visitor: Visitor, on: Day}"


def noted(mapping: str, *rows: Sequence[object]) -> list[str]:
    """The notes on a sheet that a mapping reads."""
    return [note.message for note in read_mapped(mapping, raw_sheet(list(rows))).notes]


def test_no_note_says_that_a_row_was_ignored_which_another_list_of_the_table_reads() -> None:
    mapping = f"""
        - file: Own.xlsx
          sheet: Own
          headings: 1
          gives:
            - register: courses
              {COURSE}
            - register: visits
              {VISIT}
    """
    said = noted(
        mapping,
        ["Who", "Course", "Done", "Visitor", "Day", "Remark"],
        ["101", "awareness", "25/04/2026", "", "", ""],
        ["", "", "", "Nott", "26/04/2026", ""],
        ["", "", "", "", "", "Ask again"],
    )
    ignored = "Row 4 has nothing in the columns that are read and was ignored."
    assert said == [ignored, "Not used: 'Remark' (column F)."]


def test_no_note_says_that_a_row_was_ignored_which_another_table_reads() -> None:
    mapping = f"""
        - file: Own.xlsx
          sheet: Own
          headings: 2
          ends at: blank line
          gives:
            - register: courses
              {COURSE}
        - file: Own.xlsx
          sheet: Own
          headings: 6
          gives:
            - register: visits
              {VISIT}
    """
    table = [
        ["Who", "Course", "Done"],
        ["101", "awareness", "25/04/2026"],
        [],
        ["Visits"],
        ["Visitor", "Day"],
        ["Nott", "26/04/2026"],
    ]
    assert noted(mapping, ["Training"], *table) == [
        "Headings found in row 2. Rows above it were ignored.",
        "Below the end of the table and not read: row 5.",
        "Headings found in row 6. Rows above it were ignored.",
    ]
    assert noted(mapping, [], *table[:3], [], *table[4:]) == []
