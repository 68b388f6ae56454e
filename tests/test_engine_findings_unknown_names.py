"""Rows that name nothing on a list: counted by sheet, and said first where they are many."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.assessment import Assessment, MappingStamp, UnknownNames
from evidence.read import read_evidence
from reports.brief import brief
from reports.names import PersonNames
from reports.places import Places
from reports.text import summary
from reports.unknown_names import MATCH_THEM, unknown_names_words
from tests.support.altered_evidence import keeping
from tests.support.example_offices import assessed
from tests.support.own_book import own_book

STAFF = ["Ref", "Name", "Kind", "Starts", "Ends", "Likely to refer from", "Higher level from",
         "Manages bookings from"]  # fmt: skip
TRAINING = ["Ref", "Person's ref", "Course", "Source", "Completed on", "Passed"]


def _checked(
    folder: Path, staff: list[tuple[str, str]], trained: list[str], course: str = "refresher"
) -> Assessment:
    """The assessment of an office with these people, by number and name, and a ``course`` for each
    of the names in the training sheet."""
    book = Workbook()
    people = book.active
    assert people is not None
    people.title = "Staff"
    people.append(STAFF)
    for number, name in staff:
        people.append([number, name, "staff", datetime.date(2024, 10, 1)])
    training = book.create_sheet("Training")
    training.append(TRAINING)
    for row, name in enumerate(trained, 1):
        day = datetime.date(2026, 4, 20)
        training.append([f"T-{row}", name, course, "gov.uk", day, "yes"])
    book.save(folder / "own.xlsx")
    return assessed(read_evidence([folder / "own.xlsx"], own_book().registers))


PEOPLE = [(f"S{number:03}", f"Person {number}") for number in range(20)]


def _only(made: Assessment) -> UnknownNames:
    (sheet,) = made.unknown_names
    return sheet


def test_a_sheet_of_unknown_names_comes_first_with_the_overdue_duties(tmp_path: Path) -> None:
    assessment = _checked(tmp_path, PEOPLE, [f"Jones, Ann {letter}" for letter in "abcdefghij"])
    sheet = _only(assessment)
    assert (sheet.sheet, sheet.column, sheet.rows, sheet.unknown) == ("Training", "person", 10, 10)
    assert (sheet.cell, sheet.value, sheet.lists) == ("B2", "Jones, Ann a", ("Staff",))
    assert sheet.people
    assert sheet.at_head
    (sentence,) = brief(assessment).unknown_names
    assert sentence.startswith(
        "Training: 10 of 10 rows name nobody on the Staff list ('Jones, Ann a' in B2). Once they "
        "are corrected, these rows may count for "
    )
    assert "4.6 Refresher training (every 24 months) (overdue for 20 people)" in sentence
    text = summary(assessment)
    assert text.index("REFERENCES THAT WERE NOT FOUND") < text.index("\nOVERDUE:")
    assert MATCH_THEM not in " ".join(summary(assessment, commands=True).split())
    mapped = replace(assessment, mapping=MappingStamp("0" * 64, ()))
    assert "in another way, tell the Prevent Lead." in " ".join(summary(mapped).split())
    assert MATCH_THEM in " ".join(summary(mapped, commands=True).split())


def test_the_cell_shown_is_the_first_of_its_sheet_in_any_order_of_the_rows(tmp_path: Path) -> None:
    _checked(tmp_path, PEOPLE, ["S000", "S001", *(f"X{row}" for row in range(8, 18))])
    evidence = read_evidence([tmp_path / "own.xlsx"], own_book().registers)
    rows = len(evidence.tables["training"])
    turned = keeping(evidence, {"training": list(reversed(range(rows)))})
    sheet = _only(assessed(turned))
    assert (sheet.cell, sheet.value) == ("B4", "X8")


def test_the_name_of_somebody_on_the_list_is_not_shown(tmp_path: Path) -> None:
    assessment = _checked(tmp_path, PEOPLE, [name for _, name in PEOPLE])
    assert " (a name in B2)." in brief(assessment).unknown_names[0]
    assert not any("Person 0" in sentence for sentence in brief(assessment).unknown_names)


def test_a_name_in_place_of_a_reference_is_called_a_name_and_no_number_is_made_up(
    tmp_path: Path,
) -> None:
    assessment = _checked(tmp_path, PEOPLE, ["S000", "Person 1"])
    (sentence,) = brief(assessment).unknown_names
    assert sentence.startswith(
        "Training B3: This cell contains a name. On Staff the person is S001: enter that. Once it"
        " is corrected, this row may count for 4.6 Refresher training (every 24 months)."
    )
    names = PersonNames(assessment)
    assert names.without("For Person 1: 'Person 1' is not an option.") == (
        "For S001: a name is not an option."
    )
    assert names.without("'Person 1' is not an option.") == "A name is not an option."
    assert (names.cell_value("Person 1"), names.cell_value("Hall")) == ("a name", "Hall")


def test_one_unknown_reference_is_named_with_its_cell(tmp_path: Path) -> None:
    assessment = _checked(tmp_path, PEOPLE, ["S000", "X9"])
    (sentence,) = brief(assessment).unknown_names
    assert sentence.startswith(
        "Training B3: 'X9' is not on Staff. Correct it, or add its row. Once it is corrected, this"
        " row may count for 4.6 Refresher training (every 24 months)."
    )
    assert not list(unknown_names_words(assessment, Places(assessment), cells=True))[1:]


def test_no_duty_is_named_that_the_row_could_not_meet(tmp_path: Path) -> None:
    assessment = _checked(tmp_path, PEOPLE, ["X9"], course="venue hire")
    assert any(duty.status == "overdue" for duty in assessment.duties)
    (sentence,) = brief(assessment).unknown_names
    assert sentence == "Training B2: 'X9' is not on Staff. Correct it, or add its row."


def test_the_papers_name_only_sheets_that_are_to_be_said_first(tmp_path: Path) -> None:
    assessment = _checked(tmp_path, PEOPLE, [*(number for number, _ in PEOPLE), "X9"])
    assert len(list(unknown_names_words(assessment, Places(assessment)))) == 1
    assert not list(unknown_names_words(assessment, Places(assessment), cells=False))


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("known", "unknown", "at_head"),
    [
        pytest.param(20, 1, False, id="a typing error"),
        pytest.param(9, 10, True, id="more than half"),
        pytest.param(16, 4, True, id="as many as are overdue"),
        pytest.param(17, 2, False, id="fewer than are overdue"),
    ],
)
def test_few_unknown_names_are_listed_by_cell_without_what_is_overdue(
    tmp_path: Path, known: int, unknown: int, at_head: bool
) -> None:
    names = [number for number, _ in PEOPLE[:known]] + [f"X{row}" for row in range(unknown)]
    assessment = _checked(tmp_path, PEOPLE, names)
    assert (_only(assessment).rows, _only(assessment).unknown) == (known + unknown, unknown)
    assert _only(assessment).at_head == at_head
    words = " ".join(brief(assessment).unknown_names)
    assert ("may count for 4.6 Refresher training" in words) == at_head
    assert ("Training B" in words) == (unknown <= 3)


def test_a_sheet_whose_names_are_known_is_not_among_them(tmp_path: Path) -> None:
    assessment = _checked(tmp_path, PEOPLE, ["S000", "S001"])
    assert assessment.unknown_names == ()
