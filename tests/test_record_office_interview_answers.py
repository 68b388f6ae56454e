"""The answers about a sheet in words, as they are shown before they are saved."""

from __future__ import annotations

import json
from collections.abc import Mapping

from evidence.mapping.model import SheetMapping
from record.office.interview.answers import answers_in_words
from tests.support.own_book import own_book

MATRIX = {
    "file": "Training.xlsx",
    "sheet": "Matrix",
    "only columns": "A:F",
    "headings": [3, 4],
    "ends at": "blank line",
    "bands": True,
    "struck through rows": "left out",
    "gives": [
        {
            "register": "training",
            "only rows where": {"Status": ["Current"]},
            "wide": {"columns": ["Awareness", "Referral"]},
            "columns": {
                "ref": "not kept",
                "person": "Staff no",
                "course": {"wide": "heading"},
                "completed on": {"from": {"wide": "cell"}, "part": "day"},
                "source": "not kept",
                "passed": {"always": True},
            },
            "words": {
                "course": {"Referral": "referral"},
                "completed on": {"booked": "not done", "-": "blank"},
            },
        }
    ],
}


def _words(*parts: Mapping[str, object]) -> list[str]:
    mapping = [SheetMapping.model_validate_json(json.dumps(part)) for part in parts]
    return answers_in_words(mapping, own_book().registers)


def test_a_line_that_begins_with_a_date_is_named_as_people_write_it() -> None:
    words = _words({**MATRIX, "ends at": "2025-03-12"})
    assert "The rows end before the row that begins with '12/03/2025'." in words


def test_everything_that_a_mapping_says_has_a_line() -> None:
    assert _words(MATRIX) == [
        "Training:",
        "  'Staff no' gives 'person's ref'",
        "  the heading of 'Awareness' and 'Referral' gives 'course'",
        "  the date in each cell of 'Awareness' and 'Referral' gives 'completed on'",
        "  each filled cell of 'Awareness' and 'Referral' is a row of its own",
        "  'Referral' in 'course' means referral",
        "  'booked' in 'completed on' means not done, so its row is left out",
        "  '-' in 'completed on' means nothing",
        "The headings are in rows 3 and 4.",
        "Only A:F is read.",
        "The rows end at the first blank row.",
        "A row with one filled cell is a title over the rows below it.",
        "Training from the sheet 'Matrix': only rows with 'Current' under 'Status' count, 'ref' and"
        " 'source' are not kept and 'passed' is always yes.",
        "The sheet 'Matrix': rows struck through are left out.",
    ]


def test_a_sheet_that_is_read_across_says_so() -> None:
    across = {
        "file": "Training.csv",
        "records": "across",
        "headings": "B",
        "ends at": "% done",
        "gives": [
            {
                "register": "training",
                "wide": {"after": "Name"},
                "columns": {"person": "Staff no", "course": {"wide": "heading"}},
            }
        ],
    }
    assert _words(across) == [
        "Training:",
        "  'Staff no' gives 'person's ref'",
        "  the heading of each column after 'Name' gives 'course'",
        "  each filled cell of the columns after 'Name' is a row of its own",
        "The headings are in column B.",
        "The rows end before the column that begins with '% done'.",
        "The sheet 'Training.csv' is read across: its columns are the rows of this report, so row 6"
        " is column F.",
    ]


def test_a_sheet_that_is_no_evidence_says_so() -> None:
    assert _words({"file": "Budget.xlsx", "sheet": "2026", "gives": []}) == [
        "No evidence, as a person confirmed: '2026'."
    ]
