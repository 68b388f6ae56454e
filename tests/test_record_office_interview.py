"""The questions about an office's own sheets, and the mapping that follows from the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.files.opening import open_file
from evidence.mapping.model import (
    NOT_KEPT,
    BandCell,
    ColumnSource,
    Constant,
    Joined,
    MatchedName,
    PartOfCell,
    SheetMapping,
    UnheadedColumn,
    Wide,
    WideCell,
)
from evidence.mapping.propose.proposals import Certainty, RegisterProposal, WordProposal
from evidence.raw_cells import RawWorkbook
from record.office.interview.columns import own_clause, own_words
from record.office.interview.own_sheets import OwnSheet, mapped_words, own_sheets
from record.office.interview.pages import (
    LATER,
    NO_EVIDENCE,
    AnswerFault,
    MapPage,
    MapQuestion,
    Option,
)
from record.office.interview.sheet_interview import interview, interview_state
from record.office.interview.words import word_question
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


def only_sheet(folder: Path, rows: Rows = SESSIONS) -> OwnSheet:
    """The sheet of training sessions, in a workbook of its own."""
    path = folder / "Own.xlsx"
    path.write_bytes(made.xlsx(sheet("Log", rows)))
    opened_book = open_file(path, path.name)
    assert isinstance(opened_book, RawWorkbook)
    (own,) = own_sheets([opened_book], own_book().registers)
    return own


def plain_answer(question: MapQuestion) -> str:
    """The answer that confirms nothing."""
    answers = [option.answer for option in question.options]
    return "no" if "no" in answers else answers[-1]


Answers = Callable[[MapQuestion], str]


def page_answers(page: MapPage, answer: Answers) -> list[str]:
    """The answers to a page; of one that is asked again, new ones only where there is a fault."""
    again = page.has_faults
    return [q.answer if again and not q.fault else answer(q) for q in page.questions]


def talk(
    own: OwnSheet, answer: Answers = plain_answer
) -> tuple[list[tuple[MapPage, list[str]]], tuple[SheetMapping, ...] | None]:
    """The pages, as often as they were asked, with the answers, and the mapping."""
    pages = interview(own, own_book().registers)
    asked: list[tuple[MapPage, list[str]]] = []
    try:
        page = next(pages)
        while len(asked) < 100:
            asked.append((page, page_answers(page, answer)))
            page = pages.send(asked[-1][1])
    except StopIteration as end:
        return asked, end.value
    raise AssertionError(asked[-1])


def in_turn(answers: Sequence[str]) -> Answers:
    """Each answer once, and after them those that confirm nothing."""
    given = iter(answers)
    return lambda question: next(given, plain_answer(question))


def wrong_in(mapping: Sequence[SheetMapping]) -> list[str]:
    """What the checks of a mapping find."""
    place = YamlNode(YamlFile(NAME, {}, {}))
    return [problem.message for problem in mapping_problems(mapping, own_book().registers, place)]


def test_an_answer_later_leaves_a_sheet_as_it_was(tmp_path: Path) -> None:
    pages, mapping = talk(only_sheet(tmp_path), in_turn([LATER]))
    assert (mapping, len(pages)) == (None, 1)


def test_a_sheet_that_is_no_evidence_is_not_asked_about_again(tmp_path: Path) -> None:
    own = only_sheet(tmp_path)
    _, mapping = talk(own, in_turn([NO_EVIDENCE]))
    assert mapping == (SheetMapping(file="Own.xlsx", sheet="Log", gives=()),)
    assert not list(own_sheets([own.book], own_book().registers, mapping))


def test_nothing_is_mapped_that_was_not_confirmed(tmp_path: Path) -> None:
    """Whoever answers no to every column keeps none, and what undoes a row is blank."""
    _, mapping = talk(only_sheet(tmp_path), in_turn(["training"]))
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
    "Is 'P' in 'passed' a yes": "yes",
    "Does 'P' in 'passed'": "yes",
    "Is 'F' in 'passed' a yes": "no",
    "What does 'Channel chat' mean in 'course'": "Channel",
    "Does 'Channel chat' in 'course' mean": "Channel",
    "Does 'booked' in 'completed on' mean": "not done",
}


def answer_of(question: MapQuestion) -> str:
    """How a person of the office answers."""
    if question.kind == "lists":
        return "training"
    known = (answer for text, answer in ANSWERS.items() if question.text.startswith(text))
    return next(known, plain_answer(question))


def test_a_person_who_knows_the_sheet_maps_it(tmp_path: Path) -> None:
    own = only_sheet(tmp_path)
    _, mapping = talk(own, answer_of)
    assert mapping is not None
    (item,) = mapping[0].gives
    assert item.columns["person"] == "Payroll no"
    assert item.columns["completed on"] == "When"
    assert item.words["passed"] == {"P": "yes", "F": "no"}
    assert item.words["course"]["Channel chat"] == "Channel"
    assert wrong_in(mapping) == []
    read = mapped_words(own, mapping, own_book().registers)
    assert read.lists == ("Training: 3 rows read; 1 cell cannot be read.",)
    assert read.unread == (
        "'When', C4: 'booked' is not a date. Enter the date, such as 25/04/2026, or leave the cell"
        " blank while there is none.",
    )
    assert read.unused == ()
    left = mapping[0].model_copy(update={"gives": (item.model_copy(update={"columns": {}}),)})
    assert mapped_words(own, [left], own_book().registers).unused == (
        "Row 4 was counted, but 'When' (column C), which is not used, may say that it does not"
        " count. If so, move it to another sheet.",
        "Not used: 'Payroll no' (column A; is 'person's ref' meant?), 'Course' (column B; is"
        " 'course' meant?), 'When' (column C) and 'Result' (column D; is 'passed' meant?).",
    )
    nothing = mapping[0].model_copy(update={"gives": ()})
    assert mapped_words(own, [nothing], own_book().registers).unused == (
        "Nothing in the sheet is used.",
    )


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "Answer the question."),
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
    pages = interview(only_sheet(tmp_path), own_book().registers)
    next(pages)
    page = pages.send(["training"])
    answers = [
        answer if question.label == "passed" else plain_answer(question)
        for question in page.questions
    ]
    again = pages.send(answers)
    faults = {question.label: question.fault for question in again.questions if question.fault}
    assert list(faults) == ["passed"]
    assert faults["passed"].startswith(fault)
    assert [question.answer for question in again.questions] == answers
    assert as_at_first(again) == page


def test_yes_names_no_column(tmp_path: Path) -> None:
    pages = interview(only_sheet(tmp_path), own_book().registers)
    next(pages)
    page = pages.send(["training"])
    answers = ["Yes" if q.label == "ref" else plain_answer(q) for q in page.questions]
    faults = {q.label: q.fault for q in pages.send(answers).questions if q.fault}
    assert faults == {"ref": "'yes' does not say which column it is. Type its heading."}


@pytest.mark.parametrize(("heading", "is_asked"), [("Course", True), ("Session", False)])
def test_a_heading_that_is_accepted_is_asked_about_alone(
    tmp_path: Path, heading: str, is_asked: bool
) -> None:
    """Though no cell below it is a word that the program knows, it is not among the columns that
    were not found. What its words mean is asked afterwards."""
    rows: Rows = [
        ["Staff no", heading, "Completed on", "Passed"],
        *([f"S{n}", "Lettings workshop", f"0{n}/04/2026", "yes"] for n in range(1, 7)),
    ]
    pages, _ = talk(only_sheet(tmp_path, rows), in_turn(["training"]))
    columns = next(page for page, _ in pages if page.title == "Columns of Training")
    question = next(q for q in columns.questions if q.label == "course")
    assert (question.kind == "column") is is_asked
    if is_asked:
        (line,) = question.lines
        assert line.certainty == Certainty.POSSIBLE
        assert line.reason == "'Course' is an accepted heading, but its cells are unknown."
        assert [example.text for example in line.examples] == ["Lettings workshop"] * 5
        assert (question.default, question.together) == ("", "")


def as_at_first(page: MapPage) -> MapPage:
    """A page as it was before it was answered."""
    questions = tuple(replace(question, answer="", fault="") for question in page.questions)
    return replace(page, questions=questions)


def test_a_list_that_is_unknown_is_asked_for_again(tmp_path: Path) -> None:
    pages = interview(only_sheet(tmp_path), own_book().registers)
    (question,) = next(pages).questions
    assert question.choices[:2] == ("Documents", "Reviews")
    said = {
        "Trainin": "There is no list 'Trainin'. Did you mean 'Training'?",
        "People, zzz": "There is no list 'zzz'.",
        "no": "Answer 'no evidence', 'later' or names of lists, separated by commas: Documents, ",
    }
    for answer, fault in said.items():
        (again,) = pages.send([answer]).questions
        assert again.fault.startswith(fault)
    assert pages.send(["people, Training ,people"]).title == "Columns of People"


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


@pytest.mark.parametrize(("own_headings", "asked"), [(1, False), (6, True)])
def test_a_sheet_with_the_name_of_a_list_and_most_headings_of_its_own_is_asked_about(
    tmp_path: Path, own_headings: int, asked: bool
) -> None:
    """Without that, a person could not say which of its columns is which."""
    needed = [spec for spec in own_book().registers["actions"].columns if spec.required]
    headings = [spec.usual_heading for spec in needed]
    headings[-own_headings:] = [f"Own {number}" for number in range(own_headings)]
    path = tmp_path / "a.xlsx"
    path.write_bytes(made.xlsx(sheet("Actions", [headings, ["1"] * len(headings)])))
    found = list(own_sheets([open_file(path, path.name)], own_book().registers))
    assert bool(found) == asked


def test_a_sheet_of_a_list_in_which_a_heading_is_like_one_that_is_missing_is_asked_about(
    tmp_path: Path,
) -> None:
    specs = [spec for spec in own_book().registers["people"].columns if spec.required]
    headings = {spec.name: spec.usual_heading for spec in specs} | {"starts": "First day at work"}
    cells = {"starts": "01/04/2024"}
    rows: Rows = [[*headings.values()], [cells.get(name, "1") for name in headings]]
    path = tmp_path / "a.xlsx"
    path.write_bytes(made.xlsx(sheet("People", rows)))
    found = list(own_sheets([open_file(path, path.name)], own_book().registers))
    assert [own.proposal.sheet for own in found] == ["People"]


def test_a_sheet_with_two_headings_for_one_column_is_asked_about(tmp_path: Path) -> None:
    headings = [spec.usual_heading for spec in own_book().registers["actions"].columns]
    path = tmp_path / "a.xlsx"
    path.write_bytes(made.xlsx(sheet("Actions", [[*headings, "Action no"], ["1"] * 9])))
    (own,) = own_sheets([open_file(path, path.name)], own_book().registers)
    assert own.proposal.sheet == "Actions"


#: Offices with lists, a grid, a matrix and several sheets; the long campaign takes all of them.
FEW = ("action-log", "attendance-grid", "training-matrix")


@cache
def office_sheets() -> dict[str, OwnSheet]:
    """The sheets of these offices by name. A proposal takes a second, so that none is made while
    tests are collected."""
    folders = sorted(folder for folder in OFFICES.iterdir() if CAMPAIGN or folder.name in FEW)
    found = (own_sheets(opened(folder), own_book().registers) for folder in folders)
    return {own.name: own for sheets in found for own in sheets}


def matrix() -> OwnSheet:
    """A sheet whose records are its cells."""
    return office_sheets()["the sheet 'Matrix' of 'Training matrix OPCC.xlsx'"]


def actions() -> OwnSheet:
    """A sheet that is one list."""
    file = "Prevent Delivery Plan action log v9.xlsx"
    return office_sheets()[f"the sheet 'Action log 24-26' of '{file}'"]


NAMES = st.deferred(lambda: st.sampled_from(sorted(office_sheets())))
WORDS = st.sampled_from(
    [
        *("yes", "no", "n", "training", "people, meetings", "always yes", "blank", "as it is", "x"),
        *("", "not done", "not kept", "{wide: cell}", "{wide: heading}", "{band: yes}"),
        *("{cell: B}", "{column: 4}", "{from: Date, part: day}", "counted"),
    ]
)


@pytest.mark.campaign
@given(NAMES, st.lists(WORDS, max_size=60))
def test_every_mapping_that_answers_make_is_without_a_fault(name: str, answers: list[str]) -> None:
    _, mapping = talk(office_sheets()[name], in_turn(answers))
    assert wrong_in(mapping or ()) == []


@pytest.mark.campaign
@given(NAMES, st.lists(WORDS, max_size=60), st.integers(0, 20))
def test_the_answers_so_far_give_the_page_to_answer_next(
    name: str, answers: list[str], count: int
) -> None:
    """The interview from the answers that were taken is the one in which they were given; answers
    that could not be taken give their page again, also if the page was another one then."""
    own, registers = office_sheets()[name], own_book().registers
    asked, mapping = talk(own, in_turn(answers))
    following = [page for page, _ in asked[1:]]
    taken: list[tuple[MapPage, list[str]]] = []
    for (page, sent), after in zip_longest(asked, following):
        if after is not None and after.has_faults:
            state = interview_state(own, registers, [*(before for _, before in taken), sent])
            assert state.next_page == after
        else:
            taken.append((as_at_first(page), sent))
    count = min(count, len(taken))
    state = interview_state(own, registers, [sent for _, sent in taken[:count]])
    assert [as_at_first(page) for page in state.answered] == [page for page, _ in taken[:count]]
    assert [[q.answer for q in page.questions] for page in state.answered] == [
        sent for _, sent in taken[:count]
    ]
    if count == len(taken):
        assert (state.next_page, state.mapping) == (None, mapping)
        return
    assert (state.next_page, state.mapping) == (taken[count][0], None)
    other = [sent for _, sent in taken[:count]] + [[*taken[count][1], "yes"]]
    changed = interview_state(own, registers, other)
    assert changed.answered == state.answered
    assert changed.next_page is not None
    assert as_at_first(changed.next_page) == state.next_page
    assert {question.fault for question in changed.next_page.questions} == {
        "The questions of this page have changed. Answer the question again."
    }


def default_answer(question: MapQuestion) -> str:
    """What a form has selected; where that is nothing, the answer that confirms nothing."""
    return question.default or plain_answer(question)


def pages_of(own: OwnSheet, answer: Answers = default_answer) -> dict[str, MapPage]:
    """The pages about a sheet, by their titles."""
    return {page.title: page for page, _ in talk(own, answer)[0]}


def by_label(page: MapPage) -> dict[str, MapQuestion]:
    """The questions of a page by their labels."""
    return {question.label: question for question in page.questions}


def test_a_table_is_asked_about_on_pages_in_order() -> None:
    assert list(pages_of(actions())) == [
        "Which list it is",
        "Columns of Actions",
        "Words of Actions",
        "Rows that count",
    ]
    people = pages_of(
        actions(),
        lambda q: "People, Actions" if q.kind == "lists" else default_answer(q),
    )
    assert list(people)[:3] == ["Which list it is", "Columns of People", "Columns of Actions"]


def test_the_pages_about_one_of_several_tables_say_which_it_is() -> None:
    own = office_sheets()["the sheet 'SWPB' of 'Attendance PSG and SWPB.xlsx'"]
    titles = list(pages_of(own))
    assert titles[:2] == ["Which list it is (table 1 of 2)", "Columns of Meetings (table 1 of 2)"]
    assert "Which list it is (table 2 of 2)" in titles


def test_the_first_page_asks_which_list_it_is() -> None:
    (question,) = pages_of(actions())["Which list it is"].questions
    assert question.text == f"Is {actions().name} your list 'Actions'?"
    assert question.options == (
        Option("yes", "Actions"),
        Option("no evidence", "none: the sheet is no evidence"),
        Option("later", "decide later"),
    )
    assert question.default == "Actions"
    assert question.other == "names of lists, separated by commas"
    assert [(line.proposed, line.certainty) for line in question.lines] == [("Actions", "likely")]


def test_several_lists_are_confirmed_at_once_and_a_possible_one_is_not() -> None:
    (table,) = actions().proposal.tables
    others = (
        RegisterProposal("issues", Certainty.LIKELY, "So."),
        RegisterProposal("people", Certainty.POSSIBLE, "So."),
    )
    several = replace(table, gives=(*table.gives, *others))
    own = replace(actions(), proposal=replace(actions().proposal, tables=(several,)))
    pages = pages_of(own, lambda q: "y" if q.kind == "lists" else default_answer(q))
    (question,) = pages["Which list it is"].questions
    assert question.text == f"Does {own.name} contain your lists 'Actions' and 'Issues'?"
    assert question.default == "Actions, Issues"
    assert "Columns of Issues" in pages
    assert "Columns of People" not in pages
    possible = replace(table, gives=others[1:])
    own = replace(actions(), proposal=replace(actions().proposal, tables=(possible,)))
    (question,) = pages_of(own)["Which list it is"].questions
    assert (question.text, question.default) == (f"Is {own.name} your list 'People'?", "")


def test_each_column_of_the_register_is_a_question() -> None:
    (table,) = actions().proposal.tables
    (item,) = table.gives
    columns = [
        replace(c, certainty=Certainty.LIKELY) if c.column == "owner organisation" else c
        for c in item.columns
    ]
    table = replace(table, gives=(replace(item, columns=tuple(columns)),))
    own = replace(actions(), proposal=replace(actions().proposal, tables=(table,)))
    questions = by_label(pages_of(own)["Columns of Actions"])
    register = own_book().registers["actions"].written
    headings = [spec.usual_heading for spec in register.columns]
    assert list(questions) == [*headings, "Columns of one kind"]
    certain = f"These columns of {actions().name} are certain. Are all of them right?"
    proposed = questions["agreed on"]
    assert proposed.text.startswith("Does 'PSG / Agreed' give 'agreed on' of Actions?")
    assert proposed.together == certain
    assert (proposed.kind, proposed.default) == ("column", "yes")
    assert proposed.choices[:3] == ("Priority", "Action", "Lead / Org")
    assert (questions["owner organisation"].together, questions["owner organisation"].default) == (
        "",
        "yes",
    )
    optional = questions["risk"]
    assert (optional.kind, optional.default) == ("missing", "no")
    assert optional.options == (Option("no", "not in this sheet"),)
    assert optional.note == register.column("risk").note
    assert optional.together == (
        f"Not found in {actions().name}: 'plan', 'risk', 'measure', 'achievable', 'proportionate',"
        " 'new date agreed on', 'recorded on' and columns of one kind. No column of Actions comes"
        " from 'Lead / Contact', 'Outturn / RAG' and 'Latest update' so far. Is it right that it"
        " has none of them?"
    )
    assert questions["Columns of one kind"].together == optional.together
    undoing = questions["cancelled"]
    assert (undoing.default, undoing.together) == ("", "")
    assert undoing.options == (Option("no", "it is always blank"),)


def test_columns_that_were_not_found_are_asked_about_beside_unused_headings(tmp_path: Path) -> None:
    """So that a person sees which heading may give one of them."""
    rows: Rows = [
        ["Payroll no", "Course", "Date completed", "Passed?", "Result letter", "Room"],
        *[["101", "awareness", "03/04/2026", "yes", "x 1", "y 2"]] * 3,
    ]
    questions = by_label(pages_of(grid(tmp_path, rows))["Columns of Training"])
    sentences = {question.together for question in questions.values()}
    (absent,) = (text for text in sentences if text.startswith("Not found"))
    assert "No column of Training comes from 'Result letter' and 'Room' so far. Is it" in absent


def test_a_column_that_was_not_found_is_answered_with_the_number_of_a_heading(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["Payroll no", "Course", "Date completed", "Result letter", "Room"],
        *[["101", "awareness", "03/04/2026", "x 1", "y 2"]] * 3,
    ]

    def answer(question: MapQuestion) -> str:
        if question.kind == "missing" and question.label == "passed":
            assert question.text.endswith(" Not used so far: 1 'Result letter' and 2 'Room'.")
            assert question.other == (
                "the heading or its number; if it is always the same, 'always yes' or 'always no'"
            )
            return "2"
        return default_answer(question) if question.default else "no"

    _, mapping = talk(grid(tmp_path, rows), answer)
    assert mapping is not None
    (item,) = mapping[0].gives
    assert item.columns["passed"] == "Room"


def test_of_a_blank_column_and_of_a_total_is_said_what_they_are(tmp_path: Path) -> None:
    rows: Rows = [
        ["Payroll no", "Course", "Date completed", "Passed?"],
        *[["101", "awareness", "03/04/2026", ""]] * 3,
        ["Total", "3", "", ""],
    ]
    (table,) = grid(tmp_path, rows).proposal.tables
    assert table.end_reason.endswith("row 5, such as 'Total'.")
    reasons = {column.column: column.reason for column in table.gives[0].columns}
    assert reasons["passed"].endswith(", and its cells are blank.")
    assert reasons["course"].endswith(", and 100 % of its cells can be read.")


def test_no_to_a_needed_proposal_does_not_say_that_the_office_keeps_none() -> None:
    """Where the mapping has to name the column, 'no' may mean that it is another one."""
    pages = interview(actions(), own_book().registers)
    next(pages)
    page = pages.send(["yes"])
    refused = ("owner organisation", "new due date")
    again = pages.send(["no" if q.label in refused else default_answer(q) for q in page.questions])
    assert {q.label: q.fault for q in again.questions if q.fault} == {
        "owner organisation": "Then type the right heading, or 'not kept': the office does not keep"
        " it."
    }


def test_wide_columns_need_a_column_in_their_cells() -> None:
    pages = interview(matrix(), own_book().registers)
    next(pages)
    page = pages.send(["yes"])
    answers = {q.label: default_answer(q) for q in page.questions}
    answers |= {"completed on": "not kept", "passed": "always yes"}
    again = pages.send(list(answers.values()))
    fault = "No column comes from the cells below these headings. Type another heading, or 'no'."
    assert {q.label: q.fault for q in again.questions if q.fault} == {
        "course": fault,
        "source": fault,
    }
    answers |= {"course": "not kept", "source": "not kept"}
    again = pages.send(list(answers.values()))
    assert {q.label: q.fault for q in again.questions if q.fault} == {
        "Columns of one kind": "Choose which column is in their cells, or tick none."
    }
    answers["Columns of one kind"] = "no"
    assert pages.send(list(answers.values())).title != "Columns of Training"


def grid(folder: Path, rows: Rows) -> OwnSheet:
    """A sheet with these rows, in a workbook of its own."""
    path = folder / "Own.xlsx"
    path.write_bytes(made.xlsx(sheet("Log", rows)))
    opened_book = open_file(path, path.name)
    (own,) = own_sheets([opened_book], own_book().registers)
    return own


COURSES: Rows = [
    ["Payroll no", "Awareness", "Refresher", "Fire safety; first aid"],
    ["101", "03/04/2026", "", "04/04/2026"],
    ["102", "05/05/2026", "06/06/2026", "booked 07/07/2026"],
]


@pytest.mark.parametrize(
    ("ticked", "columns"),
    [
        ("Awareness; refresher", ("Awareness", "Refresher")),
        ("Awareness; refresher;", ("Awareness", "Refresher")),
        ("Awareness\nFire safety; first aid", ("Awareness", "Fire safety; first aid")),
        ("Fire safety; first aid", ("Fire safety; first aid",)),
    ],
)
def test_any_columns_of_a_sheet_can_be_of_one_kind(
    tmp_path: Path, ticked: str, columns: tuple[str, ...]
) -> None:
    """Whatever is proposed. Words of headings that are not ticked are left out."""
    answers = {
        "person's ref": "Payroll no",
        "course": "the heading of each ticked column",
        "completed on": "the date in each cell of the ticked columns",
        "Columns of one kind": ticked,
        "'Fire safety; first aid'": "other course",
    }

    def answer(question: MapQuestion) -> str:
        if question.kind == "lists":
            return "training"
        return answers.get(question.label, plain_answer(question))

    asked, mapping = talk(grid(tmp_path, COURSES), answer)
    (question,) = (q for page, _ in asked for q in page.questions if q.kind == "wide")
    assert question.choices == tuple(COURSES[0])
    assert mapping is not None
    (item,) = mapping[0].gives
    others = tuple(str(text) for text in COURSES[0] if text not in ("Payroll no", *columns))
    assert item.wide == Wide(columns=columns, other_columns=others)
    assert item.columns["course"] == WideCell(wide="heading")
    assert item.columns["completed on"] == PartOfCell(from_=WideCell(wide="cell"), part="day")
    assert set(item.words.get("course", {})) <= set(columns)
    assert wrong_in(mapping) == []


def test_no_column_comes_from_columns_of_one_kind_without_any(tmp_path: Path) -> None:
    pages = interview(grid(tmp_path, COURSES), own_book().registers)
    next(pages)
    page = pages.send(["training"])
    answers = {q.label: plain_answer(q) for q in page.questions}
    answers |= {"course": "the heading of each ticked column", "Columns of one kind": "yess"}
    again = pages.send(list(answers.values()))
    faults = {q.label: q.fault for q in again.questions if q.fault}
    assert list(faults) == ["Columns of one kind"]
    assert faults["Columns of one kind"].startswith("There is no heading 'yess'. There are: ")
    again = pages.send(list((answers | {"Columns of one kind": "no"}).values()))
    fault = "No columns of one kind were chosen. Choose some, or give another answer."
    assert {q.label: q.fault for q in again.questions if q.fault} == {
        "course": fault,
        "Columns of one kind": fault,  # since they were proposed
    }


def test_a_title_over_rows_and_a_column_without_a_heading_can_be_chosen(tmp_path: Path) -> None:
    """Also where the titles were not proposed as such."""
    rows: Rows = [
        ["", "Line", "What", "Lead", "Agreed", "By"],
        ["", "Priority 1 - local threat", "", "", "", ""],
        ["x", "1.1", "Assess", "OPCC", "04/06/2025", "30/06/2026"],
    ]
    answers = {"ref": "Line", "priority number": "the title above the row", "plan": "column A"}
    answers["'Priority 1 - local threat'"] = "1"

    def answer(question: MapQuestion) -> str:
        if question.kind == "lists":
            return "actions"
        return answers.get(question.label, plain_answer(question))

    asked, mapping = talk(grid(tmp_path, rows), answer)
    labels = {q.label: q.choices for page, _ in asked for q in page.questions}
    assert {"column A", "the title above the row"} <= set(labels["priority number"])
    assert mapping is not None
    assert mapping[0].bands
    assert mapping[0].gives[0].columns["priority"] == BandCell(band=True)
    assert mapping[0].gives[0].columns["plan"] == UnheadedColumn(column="A")
    assert mapping[0].gives[0].words["priority"] == {"Priority 1 - local threat": "1"}
    assert wrong_in(mapping) == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (
            "{wide: cell}",
            "No columns of one kind were chosen. Choose some, or give another answer.",
        ),
        ("{band: yes}", "'passed' comes from a band, and the table has no 'bands: yes'. Add a "),
        ("{from: Rsult, part: first word}", "There is no heading 'Rsult'. Did you mean 'Result'?"),
    ],
)
def test_a_source_that_the_table_does_not_have_is_no_answer(
    tmp_path: Path, answer: str, fault: str
) -> None:
    test_an_answer_that_cannot_be_taken_is_asked_for_again(tmp_path, answer, fault)


def test_words_are_confirmed_together_or_answered_alone() -> None:
    questions = by_label(pages_of(actions())["Words of Actions"])
    together = "Do these words in 'owner organisation' mean that?"
    assert questions["'WPol'"].together == together
    assert questions["'WPol'"].options[0] == Option("yes", "'Warwickshire Police'")
    possible = questions["'WCC + D&Bs'"]
    assert (possible.together, possible.default) == ("", "")
    assert possible.options[0].label == "'Warwickshire County Council'"
    assert "Warwickshire County Council" not in possible.choices
    assert "Warwickshire Police" in possible.choices


def test_one_word_of_a_column_of_yes_and_no_is_confirmed_and_not_answered(tmp_path: Path) -> None:
    """After twenty proposals that are right, a person answers yes to 'No -> no' too."""
    rows: Rows = [
        ["Payroll no", "Course", "Date completed", "Passed?"],
        ["101", "awareness", "03/04/2026", "No"],
        ["102", "refresher", "05/05/2026", ""],
    ]
    questions = by_label(pages_of(grid(tmp_path, rows))["Words of Training"])
    assert questions["'No'"].together == "Do these words in 'passed' mean that?"
    assert questions["'No'"].default == "no"


def test_yes_in_a_column_of_yes_and_no_is_a_meaning() -> None:
    """There, 'yes' cannot also say that a proposal is right."""
    registers = own_book().registers
    proposal = WordProposal("passed", "F", "no", Certainty.LIKELY, "So.")
    asked = word_question("passed", "F", registers, registers["training"].written, proposal)
    assert asked.question.text == "Is 'F' in 'passed' a yes or a no?"
    assert (asked.question.options[:2], asked.question.choices) == (
        (Option("yes"), Option("no")),
        (),
    )
    assert (asked.question.default, asked.read("Y"), asked.read("n")) == ("no", "yes", "no")
    other = replace(proposal, column="course", word="ACT", meaning="awareness")
    asked = word_question("course", "ACT", registers, registers["training"].written, other)
    assert asked.question.text == "Does 'ACT' in 'course' mean 'awareness'?"
    assert (asked.question.default, asked.read("Y")) == ("yes", "awareness")
    assert asked.read("no") == asked.read("") == AnswerFault("Say what 'ACT' means.")
    assert asked.read("zzz") == AnswerFault("'course' does not take 'zzz'.")


def test_a_word_means_several_only_where_a_cell_can_have_several() -> None:
    registers = own_book().registers
    asked = word_question("course", "PREV/WRAP", registers, registers["training"].written)
    assert asked.question.note.startswith(
        "Each row takes one meaning here. Where a word means two, "
    )
    assert asked.read("awareness; referral") == AnswerFault(
        f"'course' takes one of them. {asked.question.note}"
    )
    asked = word_question("topic", "PREV/WRAP", registers, registers["communications"].written)
    assert (asked.question.note, asked.question.several) == ("", True)
    assert asked.read("Prevent; safeguarding") == "Prevent; safeguarding"


def test_a_word_that_is_left_as_it_is_is_not_asked_about_again() -> None:
    def answer(question: MapQuestion) -> str:
        return "as it is" if question.label.startswith("'WCC + D&Bs'") else default_answer(question)

    assert "Words that cannot be read" not in pages_of(actions(), answer)


def test_rows_that_are_struck_through_are_asked_about() -> None:
    (question,) = pages_of(actions())["Rows that count"].questions
    assert question.text == "Rows 9 and 23 are struck through. Left out, or counted?"
    assert (question.kind, question.default) == ("struck", "")
    assert question.options == (Option("left out"), Option("counted"))


def test_where_a_column_comes_from_is_said_in_words() -> None:
    (item,) = matrix().proposal.tables[0].gives
    said = {column.column: own_words(column.source, item.wide) for column in item.columns}
    assert said["person"] == "'Staff / P/No'"
    assert said["course"] == (
        "the heading of 'GOV.UK e-learning / Awareness (L1)', 'GOV.UK e-learning / Refresher (L1)'"
        " and 5 more"
    )


@pytest.mark.parametrize(
    ("source", "words", "comma"),
    [
        ("Who", "'Who'", ""),
        (UnheadedColumn(column="C"), "column C, which has no heading", ","),
        (UnheadedColumn(column=4), "row 4, which has no heading", ","),
        (
            Joined(join=(UnheadedColumn(column="C"), "Who")),
            "column C, which has no heading, and 'Who'",
            "",
        ),
        (
            PartOfCell(from_=UnheadedColumn(column="C"), part="day"),
            "the date in column C, which has no heading",
            ",",
        ),
        (
            MatchedName(from_=UnheadedColumn(column="C"), matched_by="Name"),
            "column C, which has no heading, matched by 'Name' of the list",
            ",",
        ),
    ],
)
def test_a_source_in_words_ends_with_a_comma_only_within_a_sentence(
    source: ColumnSource, words: str, comma: str
) -> None:
    assert (own_words(source), own_clause(source)) == (words, words + comma)
