"""Cells of one column with one fault are one problem, in words for one cell and for many."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.problem import (
    MOST_VALUES,
    EvidenceProblem,
    UnreadValue,
    cell_ranges,
    cells_words,
)
from evidence.read import read_evidence
from evidence.register import ColumnSpec, RegisterSpec
from tests.support.table_builders import new_book, sheet_of, xlsx

HELD = RegisterSpec(
    id="held",
    title="Held",
    about="What was held.",
    sheets=("Held",),
    key="ref",
    columns=(
        ColumnSpec(name="ref", type="key"),
        ColumnSpec(name="held on", type="day"),
        ColumnSpec(name="body", type="code", codes={"Steering Group": (), "SWPB": ()}),
        ColumnSpec(name="period", type="period", periods=("financial year",)),
        ColumnSpec(name="number", type="number"),
        ColumnSpec(name="agreed", type="yes/no"),
        ColumnSpec(name="topic", type="text"),
        ColumnSpec(name="reason", type="code", codes={"illness": ()}, sensitive=True),
    ),
)
RIGHT = ("2 April 2026", "SWPB", "2025/26", 7, "yes", "all", "illness")
HEADINGS = tuple(column.name for column in HELD.columns if column.name != "ref")


def problems(folder: Path, column: str, *cells: object) -> list[EvidenceProblem]:
    """The problems of a sheet whose rows are right but for these cells of one column."""
    at = HEADINGS.index(column)
    rows = [
        (f"M{number}", *RIGHT[:at], cell, *RIGHT[at + 1 :]) for number, cell in enumerate(cells)
    ]
    path = xlsx(folder / "office.xlsx", {"Held": [("ref", *HEADINGS), *rows]})
    return list(read_evidence([path], {"held": HELD}).problems)


ONE_DATE = "Enter the date, such as 25/04/2026."
SEVERAL: dict[str, list[tuple[tuple[object, ...], str]]] = {
    "held on": [
        (
            ("LTS", "soon", "LTS"),
            f"2 values are not dates: 'LTS' and 'soon'. {ONE_DATE}",
        ),
        (
            ("31/02/2026", "25/25/2026"),
            "2 values are dates that do not exist: '31/02/2026' (February 2026 has 28 days) and"
            f" '25/25/2026' (there is no month 25). {ONE_DATE}",
        ),
        (
            ("04/25/2026", "April 26, 2026"),
            "2 values have the month before the day: '04/25/2026' (25 April 2026?) and"
            " 'April 26, 2026' (26 April 2026?). Enter the day before the month, such as"
            " 25/04/2026.",
        ),
        (
            ("Mon 1 April 2026", "Fri 2 April 2026"),
            "2 values name a weekday that is not the date's: 'Mon 1 April 2026' (1 April 2026 is a"
            " Wednesday) and 'Fri 2 April 2026' (2 April 2026 is a Thursday). Enter the date that"
            " is meant, such as 25/04/2026.",
        ),
        (("tbc", "n/k"), f"2 values are not dates: 'tbc' and 'n/k'. {ONE_DATE}"),
        (
            (7, 46137),
            f"2 values are numbers, not dates: '7' and '46137'. {ONE_DATE}",
        ),
        (
            ("", None),
            f"The cells are blank. {ONE_DATE} If you do not know it yet, delete the row until you"
            " do.",
        ),
    ],
    "body": [
        (
            ("LD", "Stering Group", "WP Digital"),
            "3 values are not options in this column: 'LD', 'Stering Group' (did you mean Steering"
            " Group?) and 'WP Digital'. Enter one of these: Steering Group or SWPB.",
        )
    ],
    "period": [
        (
            ("2025/27", "25/26"),
            "2 values are not financial years: '2025/27' and '25/26' (did you mean"
            " 2025/26?). Enter a financial year such as 2025/26.",
        )
    ],
    "number": [
        (
            ("7.5", "seven"),
            "2 values are not whole numbers: '7.5' and 'seven'. Enter a whole number such as 12.",
        )
    ],
    "agreed": [
        (
            ("perhaps", "x"),
            "2 values are not yes or no: 'perhaps' and 'x'. Enter yes or no.",
        )
    ],
    "topic": [(("tbc", "-"), "2 values say nothing: 'tbc' and '-'. Enter text.")],
}


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [(column, *case) for column, cases in SEVERAL.items() for case in cases],
)
def test_several_values_with_one_fault_are_one_problem(
    column: str, cells: tuple[object, ...], message: str, tmp_path: Path
) -> None:
    (problem,) = problems(tmp_path, column, *cells)
    assert problem.message == message
    assert (problem.column, problem.count) == (column, len(cells))
    letter = "BCDEFGH"[HEADINGS.index(column)]
    assert problem.cells == (f"{letter}2:{letter}{len(cells) + 1}",)


def test_days_that_could_be_either_are_one_problem_with_the_date_that_shows_it(
    tmp_path: Path,
) -> None:
    swapped, either = problems(tmp_path, "held on", "04/25/2026", "03/04/2026", "05/06/2026")
    assert swapped.message.startswith("'04/25/2026' has the month before the day. If 25 April")
    assert (either.cells, either.message) == (
        ("B3:B4",),
        "2 values may each be either of two dates, because B2 has the month first: '03/04/2026' and"
        " '05/06/2026'. Enter each date with its month in words, such as 3 April 2026.",
    )


def test_each_of_several_values_has_its_own_message(tmp_path: Path) -> None:
    (one,) = problems(tmp_path, "held on", "31/02/2026", "31/02/2026", "25/25/2026", "31/02/2026")
    assert one.each_value == (
        UnreadValue(
            ("B2:B3", "B5"),
            f"'31/02/2026' is a date that does not exist: February 2026 has 28 days. {ONE_DATE}",
        ),
        UnreadValue(
            ("B4",),
            f"'25/25/2026' is a date that does not exist: there is no month 25. {ONE_DATE}",
        ),
    )
    (same,) = problems(tmp_path, "held on", "soon", "soon")
    (sensitive,) = problems(tmp_path, "reason", "flu", "cold")
    assert (same.each_value, sensitive.each_value) == ((), ())


def test_one_value_in_many_cells_is_reported_as_precisely_as_in_one(tmp_path: Path) -> None:
    (one,) = problems(tmp_path, "held on", "31/02/2026")
    (many,) = problems(tmp_path, "held on", *["31/02/2026"] * 50)
    assert many.message == one.message
    assert one.message == (
        f"'31/02/2026' is a date that does not exist: February 2026 has 28 days. {ONE_DATE}"
    )
    assert (one.cells, one.count, one.values) == (("B2",), 1, ("31/02/2026",))
    assert (many.cells, many.count, many.values) == (("B2:B51",), 50, ("31/02/2026",))


def test_different_faults_of_a_column_are_reported_by_their_first_rows(tmp_path: Path) -> None:
    reported = problems(tmp_path, "held on", "", "soon", "1 May 2026", "later", "", "tbc")
    assert [(item.kind, item.cells, item.values) for item in reported] == [
        ("cell blank", ("B2", "B6"), ()),
        ("cell unreadable", ("B3", "B5", "B7"), ("soon", "later", "tbc")),
    ]


def test_of_many_values_the_first_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "body", *[f"word {n}" for n in range(4127)])
    assert problem.values == tuple(f"word {n}" for n in range(MOST_VALUES))
    assert (problem.more_values, problem.count) == (4127 - MOST_VALUES, 4127)
    assert problem.message == (
        "4,127 values are not options in this column: 'word 0', 'word 1', 'word 2', 'word 3',"
        " 'word 4', 'word 5' and 4,121 more. Enter one of these: Steering Group or SWPB."
    )
    assert cells_words(problem.cells, problem.count) == "in 4,127 cells: C2:C4128"


def test_of_a_sensitive_column_no_value_is_kept(tmp_path: Path) -> None:
    reported = problems(tmp_path, "reason", "secret one", "secret two", "", "tbc")
    assert [(item.cells, item.message) for item in reported] == [
        (("H2:H3", "H5"), "The cells cannot be read. Enter one of these: illness."),
        (("H4",), "The cell is blank. Enter one of these: illness."),
    ]
    assert "secret" not in str(reported)
    assert {item.values for item in reported} == {()}


def test_cells_with_errors_and_results_that_are_not_stored(tmp_path: Path) -> None:
    book = new_book()
    rows = [("ref", *HEADINGS), *((f"M{number}", *RIGHT) for number in range(4))]
    sheet = sheet_of(book, "Held", rows)
    sheet["B2"], sheet["B3"], sheet["B4"], sheet["B5"] = "#N/A", "#REF!", "=TODAY()", "=TODAY()"
    sheet["B2"].data_type = sheet["B3"].data_type = "e"
    path = tmp_path / "office.xlsx"
    book.save(path)
    reported = read_evidence([path], {"held": HELD}).problems
    assert [(item.cells, item.values, item.message) for item in reported] == [
        (
            ("B2:B3",),
            ("#N/A", "#REF!"),
            "The cells show errors: #N/A and #REF!. Correct their formulas, or enter the date, such"
            " as 25/04/2026.",
        ),
        (
            ("B4:B5",),
            (),
            "The cells contain formulas whose results are missing. Open the workbook in"
            " Excel, save it and run the check again.",
        ),
    ]


def test_ranges_of_cells() -> None:
    assert cell_ranges("G", []) == ()
    assert cell_ranges("G", [2]) == ("G2",)
    assert cell_ranges("AB", [2, 3, 4, 7, 9, 10]) == ("AB2:AB4", "AB7", "AB9:AB10")


def test_of_many_ranges_a_sentence_names_the_first() -> None:
    every_other = cell_ranges("G", range(2, 40_002, 2))
    assert cells_words(every_other, 20_000) == (
        "in 20,000 cells: G2, G4, G6, G8, G10, G12 and more"
    )
