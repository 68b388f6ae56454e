"""A mapped sheet with a second table is not read, by the program and the verifier alike."""

from __future__ import annotations

import datetime
import textwrap

import pytest

from evidence.raw_cells import RawValue
from evidence.table import Evidence
from tests.support.mapped_sheets import (
    Rows,
    messages,
    own_sheet,
    own_sheets,
    raw_sheet,
    records,
    table_of,
)

COURSES = """
register: courses
columns: {ref: not kept, person: Who, course: What, done: When}
"""
HEADINGS = ["Who", "What", "When", "Room"]
ANN, BEN = ["7", "awareness", "25/04/2026", "A"], ["8", "refresher", "26/04/2026", "B"]
TO_END = (
    "Nobody can tell whether its rows count, so the sheet was not read. Say where the table ends"
    " with 'ends at' in the mapping in office.yaml, or move the second table to another sheet."
)


def said(evidence: Evidence) -> list[str]:
    """The messages of problems with the whole sheet."""
    return [message.removeprefix(": ") for message in messages(evidence)]


def across(rows: Rows) -> Rows:
    """The rows as columns."""
    width = max(map(len, rows))
    return list(zip(*([*row, *[""] * (width - len(row))] for row in rows), strict=True))


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([["Not attended"], HEADINGS], "'Not attended' in A3 is the title of a second table"),
        ([[], ["", "Team B"], [], HEADINGS], "'Team B' in B4 is the title of a second table"),
        ([["Booked"]], "'Booked' in A3 is the title of the rows below it"),
        ([["- Provisional -"]], "'- Provisional -' in A3 is the title of the rows below it"),
        ([["Next year"]], "'Next year' in A3 is the title of the rows below it"),
        ([["Staff booked"]], "'Staff booked' in A3 is the title of the rows below it"),
        (
            [["Who", "What", "Booked for"]],
            "Row 3 contains other headings than row 1, so that a second table begins there",
        ),
    ],
)
def test_a_second_table_below_is_not_read(rows: Rows, where: str) -> None:
    evidence = own_sheet(COURSES, [HEADINGS, ANN, *rows, BEN])
    assert not table_of(evidence).found
    assert said(evidence) == [f"{where}. {TO_END}"]


def test_a_second_table_in_a_sheet_read_across_is_not_read() -> None:
    evidence = own_sheet(
        COURSES, across([HEADINGS, ANN, ["Not attended"], HEADINGS, BEN]), "records: across"
    )
    assert said(evidence) == [f"'Not attended' in C1 is the title of a second table. {TO_END}"]
    evidence = own_sheet(COURSES, across([HEADINGS, ANN, ["Who", "What", "x"]]), "records: across")
    assert said(evidence) == [
        f"Column C contains other headings than column A, so that a second table begins there."
        f" {TO_END}"
    ]


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        ([["Not attended"], HEADINGS], "ends at: Not attended"),
        ([[], ["Not attended"], HEADINGS], "ends at: blank line"),
        ([["Team B"], HEADINGS], "bands: yes"),
        ([["2026/27"], HEADINGS], ""),
        ([HEADINGS], ""),
        ([["", "", "", "not booked"]], ""),
        ([["Total"], HEADINGS], ""),
        ([["EXAMPLE (not counted)"], HEADINGS], ""),
    ],
)
def test_a_table_that_ends_or_goes_on_is_read(rows: Rows, table: str) -> None:
    evidence = own_sheet(COURSES, [HEADINGS, ANN, *rows, BEN], table)
    assert table_of(evidence).found
    lines = records(evidence)
    assert lines[0] == "7 | awareness | 2026-04-25"
    assert ("8 | refresher | 2026-04-26" in lines) == (not table.startswith("ends"))


def test_a_band_that_says_that_its_rows_do_not_count_is_a_second_table() -> None:
    rows = [HEADINGS, ["Team A"], ANN, ["Not attended"], BEN]
    (message,) = said(own_sheet(COURSES, rows, "bands: yes"))
    assert message.startswith("'Not attended' in A4 is the title of the rows below it. ")


def test_a_title_below_one_whose_rows_do_not_count_may_be_its_subtitle() -> None:
    """Nobody can tell whether Ben did not attend or belongs to Team B."""
    rows = [HEADINGS, ["Attended"], ANN, ["Not attended"], ["Team B"], BEN]
    for table in ("bands: yes", ""):
        (message,) = said(own_sheet(COURSES, rows, table))
        assert message.startswith("'Not attended' in A4 may be the title of the rows below it. ")
    (message,) = said(own_sheet(COURSES, [*rows[:5], ["Booked"], BEN]))
    assert message.startswith("'Booked' in A6 is the title of the rows below it. ")
    assert table_of(own_sheet(COURSES, rows[:5], "bands: yes")).found


def test_a_first_band_that_says_that_its_rows_do_not_count_is_a_second_table() -> None:
    rows = [HEADINGS, ["Not attended"], ANN, ["Team A"], BEN]
    for table in ("bands: yes", ""):
        (message,) = said(own_sheet(COURSES, rows, table))
        assert message.startswith("'Not attended' in A2 is the title of the rows below it. ")
    (message,) = said(own_sheet(COURSES, across(rows), "records: across"))
    assert message.startswith("'Not attended' in B1 is the title of the rows below it. ")
    assert table_of(own_sheet(COURSES, rows[:3])).found


def test_a_title_before_the_columns_that_are_read_is_one() -> None:
    rows = [["No", *HEADINGS], ["1", *ANN], ["Booked"], ["2", *BEN]]
    (message,) = said(own_sheet(COURSES, rows))
    assert message.startswith("'Booked' in A3 is the title of the rows below it. ")


def test_titles_repeated_above_the_headings_and_two_rows_of_headings_go_on() -> None:
    top = [["Team A", "", ""], ["", "", "Done"], ["Who", "What", "When"]]
    mapped = COURSES.replace("done: When", "done: Done / When")
    rows = [*top, ANN[:3], ["Team A"], *top[1:], BEN[:3]]
    lines = records(own_sheet(mapped, rows, "headings: [2, 3]"))
    assert (lines[0], lines[-1]) == ("7 | awareness | 2026-04-25", "8 | refresher | 2026-04-26")


@pytest.mark.parametrize("other", [datetime.date(2026, 1, 5), 2026, True])
def test_headings_are_repeated_whatever_their_types(other: RawValue) -> None:
    headings: list[object] = ["Who", "What", "When", other]
    rows: Rows = [headings, ANN, ["Team B"], headings, BEN]
    (message,) = said(own_sheet(COURSES, rows))
    assert message.startswith("'Team B' in A3 is the title of a second table. ")
    assert len(records(own_sheet(COURSES, rows, "bands: yes"))) == 2
    (message,) = said(own_sheet(COURSES, [*rows[:3], ["Who", "What", "Booked for", other], BEN]))
    assert message.startswith("Row 4 contains other headings than row 1, ")


def test_wide_headings_that_are_dates_or_numbers_are_repeated() -> None:
    mapped = """
        register: visits
        wide: {after: Who}
        columns: {visitor: Who, on: {wide: cell}}
        """
    headings: list[object] = ["Who", datetime.date(2026, 1, 5), 2026]
    rows: Rows = [
        headings,
        ["Ann", "25/04/2026", ""],
        ["Team B"],
        headings,
        ["Ben", "", "26/04/2026"],
    ]
    (message,) = said(own_sheet(mapped, rows))
    assert message.startswith("'Team B' in A3 is the title of a second table. ")
    lines = records(own_sheet(mapped, rows, "bands: yes"), "visits")
    assert lines == ["Ann | 2026-04-25", "Ben | 2026-04-26"]


def test_one_repeated_heading_may_be_chance() -> None:
    evidence = own_sheet(COURSES, [HEADINGS, ANN, ["Who", "refresher", "26/04/2026", 3]])
    assert records(evidence)[-1] == "who | refresher | 2026-04-26"


LONGEST = "Not attended in the first half of spring"


def test_a_title_has_at_most_forty_characters_and_a_longer_text_is_a_remark() -> None:
    assert len(LONGEST) == 40
    (message,) = said(own_sheet(COURSES, [HEADINGS, ANN, [LONGEST], BEN]))
    assert message.startswith(f"'{LONGEST}' in A3 is the title of the rows below it. ")
    assert len(records(own_sheet(COURSES, [HEADINGS, ANN, [f"{LONGEST}s"], BEN]))) == 3


@pytest.mark.parametrize(
    "fault", [{"errors": {(3, 4): "#REF!"}}, {"unstored": frozenset({(3, 4)})}], ids=str
)
def test_a_text_in_a_row_with_a_cell_that_shows_an_error_is_no_title(
    fault: dict[str, object],
) -> None:
    """The row has another cell, so that it may be a record."""
    rows = [HEADINGS, ANN, ["Booked", "", "", ""], BEN]
    assert table_of(own_sheets(COURSES, "", raw_sheet(rows, **fault))).found
    assert not table_of(own_sheet(COURSES, rows)).found


def test_a_title_with_records_below_it_is_not_the_title_of_later_headings() -> None:
    rows = [HEADINGS, ANN, ["Team B"], BEN, HEADINGS, ANN]
    assert table_of(own_sheet(COURSES, rows)).found
    assert not table_of(own_sheet(COURSES, [HEADINGS, ANN, ["Team B"], HEADINGS, BEN])).found


BESIDE = [["Who", "What", "", "Site", "When"], ["7", "awareness", "", "North", "25/04/2026"]]


def test_a_second_table_beside_is_not_read() -> None:
    assert said(own_sheet(COURSES, BESIDE)) == [
        "Column C is blank, so that a second table begins to its right. Nobody can tell whether its"
        " rows count, so the sheet was not read. Say which columns are the table with 'only"
        " columns' in the mapping in office.yaml, or move the second table to another sheet."
    ]
    (message,) = said(own_sheet(COURSES, across(BESIDE), "records: across"))
    assert message.startswith("Row 3 is blank, so that a second table begins below it. ")


def test_blank_columns_within_one_table_are_allowed() -> None:
    assert len(records(own_sheet(COURSES, BESIDE, "only columns: A:E"))) == 1
    assert len(records(own_sheet(COURSES, [[*row[:3], "", row[4]] for row in BESIDE]))) == 1
    filled = [BESIDE[0], [*BESIDE[1][:2], "x", *BESIDE[1][3:]]]
    assert len(records(own_sheet(COURSES, filled))) == 1
    wide = textwrap.dedent("""
        register: courses
        wide: {columns: [awareness, refresher]}
        columns: {ref: not kept, person: Who, course: {wide: heading}, done: {wide: cell}}
        """)
    matrix = [["Who", "", "awareness", "", "First aid", "refresher"]]
    matrix += [["7", "", "25/04/2026", "", "x", "26/04/2026"]]
    assert len(records(own_sheet(wide, matrix))) == 2
