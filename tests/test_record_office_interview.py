"""The questions about an office's own sheets, and the mapping that follows from the answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.files.opening import open_file
from evidence.mapping.model import NOT_KEPT, Constant, SheetMapping
from evidence.raw_cells import RawWorkbook
from record.office.interview import (
    LATER,
    NO_EVIDENCE,
    MapQuestion,
    OwnSheet,
    interview,
    mapped_words,
    own_sheets,
    own_words,
)
from record.office.mapping_checks import mapping_problems
from record.office.office_file import NAME
from rules.yaml.source import YamlFile, YamlNode
from tests.support import file_builders as made
from tests.support.desk_office import Rows, sheet
from tests.support.needs import CAMPAIGN
from tests.support.offices import OFFICES, office_files
from tests.support.own_book import own_book

SESSIONS: Rows = [
    ["Payroll no", "Course", "When", "Result"],
    ["101", "Awareness", "03/04/2026", "P"],
    ["102", "Channel chat", "05/05/2026", "F"],
    ["103", "Awareness", "booked", "P"],
]


def opened(folder: Path) -> list[RawWorkbook]:
    """The workbooks of an office."""
    books = [open_file(path, path.name) for path in office_files(folder)]
    assert all(isinstance(book, RawWorkbook) for book in books)
    return [book for book in books if isinstance(book, RawWorkbook)]


def only_sheet(folder: Path) -> OwnSheet:
    """The sheet of training sessions, in a workbook of its own."""
    path = folder / "Own.xlsx"
    path.write_bytes(made.xlsx(sheet("Log", SESSIONS)))
    opened_book = open_file(path, path.name)
    assert isinstance(opened_book, RawWorkbook)
    (own,) = own_sheets([opened_book], own_book().registers)
    return own


def plain_answer(question: MapQuestion) -> str:
    """The answer that confirms nothing."""
    return "no" if "no" in question.options else question.options[-1]


def talk(
    own: OwnSheet, answers: Sequence[str]
) -> tuple[list[MapQuestion], tuple[SheetMapping, ...] | None]:
    """The questions, and the mapping after these answers; every further answer is 'no', or leaves
    the word or the sheet as it is."""
    questions = interview(own, own_book().registers)
    asked: list[MapQuestion] = []
    given = iter(answers)
    try:
        question = next(questions)
        while len(asked) < 300:
            asked.append(question)
            question = questions.send(next(given, plain_answer(question)))
    except StopIteration as end:
        return asked, end.value
    raise AssertionError(asked[-1])


def wrong_in(mapping: Sequence[SheetMapping]) -> list[str]:
    """What the checks of a mapping find."""
    place = YamlNode(YamlFile(NAME, {}, {}))
    return [problem.message for problem in mapping_problems(mapping, own_book().registers, place)]


def test_an_answer_later_leaves_a_sheet_as_it_was(tmp_path: Path) -> None:
    asked, mapping = talk(only_sheet(tmp_path), [LATER])
    assert mapping is None
    assert len(asked) == 1


def test_a_sheet_that_is_no_evidence_is_not_asked_about_again(tmp_path: Path) -> None:
    own = only_sheet(tmp_path)
    answers = ["no", NO_EVIDENCE] if own.proposal.tables[0].gives else [NO_EVIDENCE]
    _, mapping = talk(own, answers)
    assert mapping == (SheetMapping(file="Own.xlsx", sheet="Log", gives=()),)
    assert not list(own_sheets([own.book], own_book().registers, mapping))


def test_nothing_is_mapped_that_was_not_confirmed(tmp_path: Path) -> None:
    """Whoever answers no to every column keeps none, and what undoes a row is blank."""
    own = only_sheet(tmp_path)
    first = ["no", "training"] if own.proposal.tables[0].gives else ["training"]
    _, mapping = talk(own, first)
    assert mapping is not None
    (item,) = mapping[0].gives
    assert set(item.columns.values()) == {NOT_KEPT, Constant(always="blank")}
    assert item.columns["passed"] == Constant(always="blank")
    assert (item.words, item.wide) == ({}, None)
    assert wrong_in(mapping) == []


#: Questions that begin so, and how a person of the office answers them.
ANSWERS = {
    "Does 'Payroll no' give": "yes",
    "Which column of the sheet 'Log' of 'Own.xlsx' is 'person'": "payroll NO",
    "Does 'Course' give 'course'": "yes",
    "Which column of the sheet 'Log' of 'Own.xlsx' is 'course'": "Course",
    "Which column of the sheet 'Log' of 'Own.xlsx' is 'completed on'": "When",
    "Does 'When' give 'completed on'": "yes",
    "Which column of the sheet 'Log' of 'Own.xlsx' is 'passed'": "Result",
    "Does 'Result' give 'passed'": "yes",
    "What does 'P' mean in 'passed'": "yes",
    "Does 'P' in 'passed'": "yes",
    "What does 'F' mean in 'passed'": "no",
    "What does 'Channel chat' mean in 'course'": "Channel",
    "Does 'Channel chat' in 'course' mean": "Channel",
    "Does 'booked' in 'completed on' mean": "not done",
}


def answer_of(question: MapQuestion) -> str:
    """How a person of the office answers."""
    if question.kind == "sheet":
        return "yes" if "'Training'" in question.text else "no"
    if question.kind == "list":
        return "training"
    known = (answer for text, answer in ANSWERS.items() if question.text.startswith(text))
    return next(known, plain_answer(question))


def test_a_person_who_knows_the_sheet_maps_it(tmp_path: Path) -> None:
    own = only_sheet(tmp_path)
    questions = interview(own, own_book().registers)
    question = next(questions)
    mapping = None
    try:
        for _ in range(100):
            question = questions.send(answer_of(question))
    except StopIteration as end:
        mapping = end.value
    assert mapping is not None, question
    (item,) = mapping[0].gives
    assert item.columns["person"] == "Payroll no"
    assert item.columns["completed on"] == "When"
    assert item.words["passed"] == {"P": "yes", "F": "no"}
    assert item.words["course"]["Channel chat"] == "Channel"
    assert wrong_in(mapping) == []
    assert mapped_words(own, mapping, own_book().registers)[0].startswith("Training: ")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "Answer the question, or type stop."),
        ("Payrol no", "There is no heading 'Payrol no'. Did you mean 'Payroll no'?"),
        (
            "zzz",
            "There is no heading 'zzz'. There are: Payroll no, Course, When and Result.",
        ),
        ("always maybe", "'passed' cannot be 'maybe'."),
        ("{alway: yes}", "'source' cannot be keys of its own. Write a heading, not kept,"),
        ("{from: Result, part: dya}", "'part' cannot be 'dya'. Write 'day' if that is what"),
        ("{from: [", "This line is neither 'key: value' nor an item of a list."),
    ],
)
def test_an_answer_that_cannot_be_taken_is_asked_for_again(
    tmp_path: Path, answer: str, fault: str
) -> None:
    own = only_sheet(tmp_path)
    questions = interview(own, own_book().registers)
    question = next(questions)
    for _ in range(50):
        if "is 'passed' of Training" in question.text:
            break
        question = questions.send("training" if question.kind == "list" else plain_answer(question))
    again = questions.send(answer)
    assert again.fault.startswith(fault)
    assert (again.text, again.kind) == (question.text, question.kind)


def test_a_list_that_is_unknown_is_asked_for_again(tmp_path: Path) -> None:
    own = only_sheet(tmp_path)
    questions = interview(own, own_book().registers)
    question = next(questions)
    if question.kind == "sheet":
        assert questions.send("perhaps").fault == "Answer 'yes', 'no' or 'later'."
        question = questions.send("n")
    assert question.kind == "list"
    assert questions.send("Trainin").fault == (
        "There is no list 'Trainin'. Did you mean 'Training'?"
    )


def test_a_sheet_with_an_accepted_name_and_headings_is_not_asked_about(tmp_path: Path) -> None:
    headings = [spec.usual_heading for spec in own_book().registers["people"].columns]
    path = tmp_path / "a.xlsx"
    path.write_bytes(made.xlsx(sheet("People", [headings, ["101"]]), sheet("Notes", [["x", "y"]])))
    opened_book = open_file(path, path.name)
    found = list(own_sheets([opened_book], own_book().registers))
    assert [own.proposal.sheet for own in found] == ["Notes"]
    path.write_bytes(made.xlsx(sheet("People", [["Number", "Joined"], ["101", "x"]])))
    found = list(own_sheets([open_file(path, path.name)], own_book().registers))
    assert [own.proposal.sheet for own in found] == ["People"]


#: Offices with lists, a grid, a matrix and several sheets; the long campaign takes all of them.
FEW = ("action-log", "attendance-grid", "comms-log", "training-matrix")


@cache
def office_sheets() -> dict[str, OwnSheet]:
    """The sheets of these offices by name. A proposal takes a second, so that none is made while
    tests are collected."""
    folders = sorted(folder for folder in OFFICES.iterdir() if CAMPAIGN or folder.name in FEW)
    found = (own_sheets(opened(folder), own_book().registers) for folder in folders)
    return {own.name: own for sheets in found for own in sheets}


NAMES = st.deferred(lambda: st.sampled_from(sorted(office_sheets())))
WORDS = st.sampled_from(
    ["yes", "no", "n", "training", "meetings", "always yes", "blank", "as it is", "not done", "x"]
)


@given(NAMES, st.lists(WORDS, max_size=30))
def test_every_mapping_that_answers_make_is_without_a_fault(name: str, answers: list[str]) -> None:
    _, mapping = talk(office_sheets()[name], answers)
    assert wrong_in(mapping or ()) == []


def test_where_a_column_comes_from_is_said_in_words() -> None:
    own = office_sheets()["the sheet 'Matrix' of 'Training matrix OPCC.xlsx'"]
    (item,) = own.proposal.tables[0].gives
    said = {column.column: own_words(column.source, item.wide) for column in item.columns}
    assert said["person"] == "'Staff / P/No'"
    assert said["course"] == (
        "the heading of 'GOV.UK e-learning / Awareness (L1)', 'GOV.UK e-learning / Refresher (L1)'"
        " and 5 more"
    )
