"""The questions about columns that name people by name, and the mapping that follows."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.files.opening import open_file
from evidence.mapping.list_names import ListSheet
from evidence.mapping.model import Joined, MatchedName, SheetMapping
from evidence.mapping.propose.list_names import NameProposals
from evidence.mapping.propose.proposals import Certainty
from evidence.raw_cells import RawWorkbook
from record.office.interview.own_sheets import OwnSheet, known_lists, own_sheets
from record.office.interview.pages import AS_IT_IS, MapPage, MapQuestion
from record.office.interview.sheet_interview import interview
from tests.support import file_builders as made
from tests.support.desk_office import Rows, sheet
from tests.support.own_book import own_book

DAY = datetime.date(2025, 1, 6)
STAFF: Rows = [
    ["Ref", "Name", "Kind", "Starts", "Ends", "Likely to refer from", "Higher level from",
     "Manages bookings from"],
    ["S1", "Ann Jones", "staff", DAY],
    ["S2", "Bo Fay", "staff", DAY],
    ["S3", "Cy Gray", "staff", DAY],
    ["S4", "Di Hall", "staff", DAY],
    ["S5", "Di Hall", "staff", DAY],
    ["S6", "Ed Inn", "staff", DAY],
    ["S7", "Flo Jay", "staff", DAY],
]  # fmt: skip
LOG: Rows = [
    ["Colleague", "Course", "When", "Passed"],
    ["Jones, Ann", "Awareness", "03/04/2026", "yes"],
    ["Fay, Bo", "Awareness", "03/04/2026", "yes"],
    ["Gray, Cy", "Awareness", "05/05/2026", "no"],
    ["Inn, Ed", "Awareness", "05/05/2026", "yes"],
    ["Jay, Flo", "Awareness", "05/05/2026", "yes"],
    ["Hall, Di", "Awareness", "06/05/2026", "yes"],
    ["Jonse, Ann", "Awareness", "07/05/2026", "yes"],
]


def _log(folder: Path, log: Rows = LOG) -> OwnSheet:
    """The log of courses, beside the staff list."""
    path = folder / "Own.xlsx"
    path.write_bytes(made.xlsx(sheet("Staff", STAFF), sheet("Log", log)))
    book = open_file(path, path.name)
    assert isinstance(book, RawWorkbook)
    (own,) = own_sheets([book], own_book().registers)
    return replace(own, lists=known_lists([book], own_book().registers))


def _talk(
    own: OwnSheet, answers: Mapping[str, str]
) -> tuple[list[MapPage], tuple[SheetMapping, ...] | None]:
    """The pages and the mapping: ``answers`` by the labels of the questions, and otherwise what is
    selected, or what confirms nothing."""

    def answer(question: MapQuestion) -> str:
        if question.fault:
            return AS_IT_IS
        usual = question.default or [option.answer for option in question.options][-1]
        return answers.get(question.label, "Training" if question.kind == "lists" else usual)

    pages: list[MapPage] = []
    talk = interview(own, own_book().registers)
    try:
        page = next(talk)
        while len(pages) < 30:
            pages.append(page)
            page = talk.send([answer(question) for question in page.questions])
    except StopIteration as end:
        return pages, end.value
    raise AssertionError(pages[-1])


def _titled(pages: Sequence[MapPage], title: str) -> MapPage:
    (page,) = (page for page in pages if page.title == title)
    return page


NAMES, LEFT = "Names in place of references", "Names that the list does not have once"


def test_names_are_proposed_and_asked_about_on_a_page_of_their_own(tmp_path: Path) -> None:
    pages, mapping = _talk(_log(tmp_path), {"'Hall, Di'": "s5"})
    (question,) = _titled(pages, NAMES).questions
    assert question.text == (
        "Training seems to have names under 'Colleague', where references of 'Staff' are expected."
        " That list has names under 'Name'. Match by name, reading 'Jones, Ann' as 'Ann Jones'?"
    )
    (line,) = question.lines
    assert line.reason == (
        "Of 7 different names, 5 are on the list once, 1 more than once, and 1 not at all."
    )
    assert [cell.text for cell in line.examples] == [row[0] for row in LOG[1:6]]
    twice, unknown = _titled(pages, LEFT).questions
    assert twice.note == "It is the name of rows 5 and 6 of the sheet 'Staff'."
    assert unknown.note == (
        "It is not on the list. The nearest name is in row 2 of the sheet 'Staff'."
    )
    assert mapping is not None
    (item,) = mapping[0].gives
    assert item.columns["person"] == MatchedName(
        from_="Colleague", matched_by="Name", surname_first=True
    )
    assert item.words["person"] == {"Hall, Di": "s5"}


def test_without_yes_the_column_is_left_as_it_is(tmp_path: Path) -> None:
    pages, mapping = _talk(_log(tmp_path), {"person's ref, by name": "no"})
    assert LEFT not in [page.title for page in pages]
    assert mapping is not None
    assert not isinstance(mapping[0].gives[0].columns["person"], MatchedName)


def test_a_reference_that_the_list_does_not_have_is_refused(tmp_path: Path) -> None:
    pages, _ = _talk(_log(tmp_path), {"'Hall, Di'": "S99"})
    faults = [question.fault for page in pages for question in page.questions if question.fault]
    assert faults == ["The list has no reference 'S99'."]


def test_references_are_not_taken_for_names(tmp_path: Path) -> None:
    log = [LOG[0], *([f"S{number}", *row[1:]] for number, row in enumerate(LOG[1:], 1))]
    pages, _ = _talk(_log(tmp_path, log), {})
    assert NAMES not in [page.title for page in pages]


def _list(names: Sequence[tuple[str, str]]) -> ListSheet:
    """A list of people with these forenames and surnames."""
    numbers = range(len(names))
    forenames, surnames = zip(*names, strict=True)
    cells = {
        "no": [f"S{n}" for n in numbers],
        "forename": list(forenames),
        "surname": list(surnames),
        "team": ["Policy"] * len(names),
    }
    headings = {name: name.capitalize() for name in cells}
    keys = [f"s{n}" for n in numbers]
    return ListSheet("people", "a.xlsx", "Staff", list(numbers), keys, cells, headings, ())


PEOPLE = [("Ann", "Jones"), ("Bo", "Fay"), ("Cy", "Van Gray"), ("Di", "Hall"), ("Di", "Hall")]


@pytest.mark.parametrize(
    ("names", "matched_by", "surname_first"),
    [
        (["Ann Jones", "Bo Fay", "Cy Van Gray"], ("Forename", "Surname"), False),
        (["Jones Ann", "Fay Bo", "Van Gray Cy"], ("Surname", "Forename"), False),
        (["Jones, Ann", "FAY, Bo", "Van  Gray, Cy"], ("Forename", "Surname"), True),
        (["Jones", "Fay", "Van Gray", "Hall"], "Surname", False),
    ],
)
def test_two_headings_of_the_list_may_be_proposed(
    names: list[str], matched_by: str | tuple[str, ...], surname_first: bool
) -> None:
    found = NameProposals([_list(PEOPLE)], ("people",)).propose(names)
    assert found is not None
    by = matched_by if isinstance(matched_by, str) else Joined(join=matched_by)
    assert found.source == MatchedName(from_="", matched_by=by, surname_first=surname_first)
    assert found.certainty == Certainty.LIKELY


@pytest.mark.parametrize(
    "names", [["S0", "S1"], ["Zoe Young", "Yan Xu"], ["Policy", "Policy"], ["n/a"], []]
)
def test_nothing_is_proposed_for_what_the_list_does_not_have(names: list[str]) -> None:
    assert NameProposals([_list(PEOPLE)], ("people",)).propose(names) is None


def test_many_names_are_compared_in_a_time_in_proportion() -> None:
    def seconds(number: int) -> float:
        people = [(f"First{n}", f"Last{n}") for n in range(number)]
        started = time.process_time()
        found = NameProposals([_list(people)], ("people",)).propose(map(" ".join, people))
        assert found is not None
        assert found.once == number
        return time.process_time() - started

    seconds(100)
    assert seconds(8000) < 8 * seconds(1000) * 3
