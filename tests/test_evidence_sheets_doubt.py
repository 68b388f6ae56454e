"""A column that is not used and says that a row may not count is named with the row."""

from __future__ import annotations

import datetime

import pytest

from evidence.table import Evidence
from tests.support.mapped_sheets import Rows, own_sheet, records

MAPPING = "\nregister: courses\ncolumns: {ref: not kept, person: Who, course: What, done: When}\n"


def _doubted(evidence: Evidence) -> list[str]:
    return [note.message for note in evidence.notes if "was counted, but" in note.message]


def _rows(heading: str, cell: object) -> Rows:
    return [
        ["Who", "What", "When", heading],
        ["7", "awareness", "25/04/2026", cell],
        ["8", "refresher", "26/04/2026", ""],
    ]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Status", "Cancelled"),
        ("Status", "did not attend"),
        ("State", "Planned"),
        ("Comments", "DNA"),
        ("Withdrawn?", "Y"),
        ("Cancelled", True),
        ("Withdrawn on", datetime.date(2026, 5, 1)),
        ("Attended", "N"),
        ("Held Y/N", "no"),
        ("Valid?", "No"),
        ("Live", False),
        ("Approved", "N"),
        ("Certificate seen", "no"),
        ("Removed", "Y"),
        ("Delete?", "Yes"),
        ("Duplicate", "x"),
        ("No show", 1),
        ("Status", "Rebooked"),
    ],
)
def test_a_row_is_counted_and_named_if_a_column_that_is_not_used_doubts_it(
    heading: str, cell: object
) -> None:
    evidence = own_sheet(MAPPING, _rows(heading, cell))
    assert len(records(evidence)) == 2
    assert _doubted(evidence) == [
        f"Row 2 was counted, but '{heading}' (column D), which is not used, may say that it does"
        " not count. If so, move it to another sheet."
    ]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Status", "Held"),
        ("Withdrawn", "N"),
        ("Withdrawn", "n/a"),
        ("Attended", "Y"),
        ("Planned date", datetime.date(2026, 5, 1)),
        ("Booked", datetime.date(2026, 4, 1)),
        ("Result", "not applicable"),
        ("Approved", "yes"),
        ("Draft", "N"),
        ("Certificate number", "0"),
        ("Test score", "1"),
        ("Comments", "Cancelled the room that we had booked, and used ours"),
        ("", "Cancelled"),
    ],
)
def test_other_cells_of_such_columns_name_no_row(heading: str, cell: object) -> None:
    assert _doubted(own_sheet(MAPPING, _rows(heading, cell))) == []


@pytest.mark.parametrize(
    ("words", "cell", "named"),
    [
        ("[Left]", "Left 3/5/26", True),
        ("[Failed]", "Failing", True),
        ("[Cancelled]", "Held", False),
        ("[Cancelled …]", "Cancelled - snow", False),
    ],
)
def test_a_row_with_nearly_a_word_that_leaves_rows_out_is_named(
    words: str, cell: str, named: bool
) -> None:
    mapping = f"{MAPPING}except rows where: {{Status: {words}}}"
    evidence = own_sheet(mapping, _rows("Status", cell))
    sentence = (
        "Row 2 was counted, but 'Status' (column D) may say that it does not count. If so, add the"
        " words to the mapping."
    )
    assert _doubted(evidence) == ([sentence] if named else [])


def test_a_column_that_is_used_and_a_row_that_is_left_out_are_not_named() -> None:
    rows = _rows("Status", "Cancelled")
    left_out = MAPPING + "except rows where: {Status: [Cancelled]}"
    evidence = own_sheet(left_out, rows)
    assert len(records(evidence)) == 1
    assert _doubted(evidence) == []
