"""The questions about an office's own sheets: page after page, back, changed, in two windows, after
the program was killed; and the mapping that results is the one of ``dueregard map``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from html import escape
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

import openpyxl
import pytest

from cli.browser import contents
from cli.browser.kept_answers import NAME, answers_of, kept_answers, key_of
from cli.browser.site import Site
from cli.office_folder import office_in
from evidence.mapping.model import SheetMapping, mapping_sha256
from record.office.interview.own_sheets import OwnSheet
from record.office.interview.pages import LATER, NO_EVIDENCE, MapPage, MapQuestion
from record.office.interview.sheet_interview import interview, interview_state
from record.office.office_file import NAME as OFFICE_FILE
from tests.support import file_builders as made
from tests.support.browser_pages import (
    Answer,
    Fields,
    folder_hashes,
    followed,
    opened_here,
    site_of,
    visit,
)
from tests.support.desk_office import Rows, around
from tests.support.desk_office import sheet as made_sheet
from tests.support.needs import CAMPAIGN
from tests.support.offices import FOLDERS, OFFICES, mapping_in, office_files
from tests.test_cli_browser_office import notices
from tests.test_cli_map import ANSWERS as PERSON
from tests.test_cli_map import asked as asked_in_terminal
from tests.test_cli_mapping import MATRIX, PEOPLE, settings

__all__ = ["settings"]

SHEET = "The sheet 'Matrix' of 'Training matrix OPCC.xlsx'"


class Form(HTMLParser):
    """The form of a page of questions, as a browser sends it: ``fields`` are its values, and
    ``names`` those of all its fields, chosen or not."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self._in_form, self._select = False, ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes in a field."""
        of = dict(attrs)
        if tag == "form":
            self._in_form = "/sheets/" in (of["action"] or "")
        name, value = of.get("name") or "", of.get("value") or ""
        if not self._in_form:
            return
        if name:
            self.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in of:
            self.fields[self._select] = [value]
        elif tag == "input" and (of["type"] in ("hidden", "text") or "checked" in of):
            self.fields.setdefault(name, []).append(value)


@pytest.fixture(autouse=True)
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opens the office's files in this process, which is quicker."""
    monkeypatch.setattr(contents, "opened", opened_here)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of an office with a training matrix, a list of its people and nothing mapped."""
    folder = tmp_path / "office"
    folder.mkdir()
    shutil.copy(OFFICES / "training-matrix" / MATRIX, folder)
    (folder / "People.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / OFFICE_FILE).write_text(
        "# Ours\nversion: 1\nevidence:\n  - People.csv  # from HR\n", encoding="utf-8"
    )
    return folder


def sheets_of(site: Site) -> list[OwnSheet]:
    """The sheets to ask about."""
    return list(site.contents(site.office()).own_sheets)


def path_of(own: OwnSheet, number: int | str) -> str:
    """The address of a page about a sheet."""
    return f"/sheets/{key_of(own)}/{number}"


def answer_fields(question: MapQuestion, index: int, answer: str) -> dict[str, str | list[str]]:
    """The fields in which a person gives an answer on the page."""
    offered = [*(option.answer for option in question.options), *question.choices]
    if question.kind == "lists" and answer not in [o.answer for o in question.options]:
        return {f"q{index}": "lists", f"q{index}-list": answer.split(", ")}
    if question.kind == "wide":
        ticked = question.default if answer == "yes" else answer
        return {} if ticked == "no" else {f"q{index}": ticked.split("\n")}
    return {f"q{index}" if answer in offered else f"q{index}-typed": answer}


#: How somebody answers a question.
Person = Callable[[MapQuestion], str]


def send(site: Site, path: str, page: MapPage, answers: list[str]) -> Answer:
    """Opens a page of questions, and sends its form with these answers."""
    shown = visit(site, "GET", path)
    assert shown.status == 200, shown.words
    for question in page.questions:
        labels = [" ".join(text.split()) for text in (question.label, question.text)]
        assert question.kind == "lists" or any(label in shown.words for label in labels)
    return visit(site, "POST", path, filled(shown.text, page, answers))


def filled(text: str, page: MapPage, answers: list[str]) -> Fields:
    """The fields of the form on a page of questions, with these answers."""
    form = Form(text)
    fields: dict[str, str | list[str]] = {"page": form.fields["page"]}
    for index, (question, answer) in enumerate(zip(page.questions, answers, strict=True)):
        given = answer_fields(question, index, answer)
        assert set(given) <= form.names
        fields |= given
    return fields


def answered(
    site: Site, own: OwnSheet, person: Person
) -> tuple[tuple[SheetMapping, ...] | None, int]:
    """The mapping that follows from a person's answers, given on the pages, and how many pages it
    took. The interview itself is asked the same beside it."""
    registers = site.rulebook(site.office()).registers
    pages, number, count = interview(own, registers), 1, 0
    page = next(pages)
    while True:
        count += 1
        assert count < 200
        answers = [
            question.answer if page.has_faults and not question.fault else person(question)
            for question in page.questions
        ]
        answer = send(site, path_of(own, number), page, answers)
        try:
            page = pages.send(answers)
        except StopIteration as end:
            mapping: tuple[SheetMapping, ...] | None = end.value
            assert answer.goes_to == ("/sheets" if mapping is None else path_of(own, "answers"))
            return mapping, count
        if page.has_faults:
            assert answer.status == 422
            assert "<title>Error: " in answer.text
            for question in page.questions:
                assert " ".join(question.fault.split()) in answer.words
        else:
            number += 1
            assert answer.goes_to == path_of(own, number)


def first_proposal(question: MapQuestion) -> str:
    """What is selected when a page opens; where nothing is, what confirms nothing."""
    if question.default:
        return question.default
    answers = [option.answer for option in question.options if option.answer != LATER]
    return "no" if "no" in answers else answers[-1]


def any_answer(seed: int) -> Person:
    """Answers by chance, of those that a page offers; never to ask later."""
    random = Random(seed)

    def answer(question: MapQuestion) -> str:
        offered = [option.answer for option in question.options if option.answer != LATER]
        if question.kind == "lists":
            return question.default or random.choice(question.choices)
        proposed = [question.default] * 3 if question.default else []
        return random.choice([*proposed, *offered, *question.choices])

    return answer


# The mapping ------------------------------------------------------------------------------------


@pytest.mark.one_in(24)
@pytest.mark.parametrize("name", sorted(folder.name for folder in OFFICES.iterdir()))
@pytest.mark.parametrize("seed", [0, 1], ids=["proposed", "random"])
def test_what_is_answered_on_the_pages_is_saved_as_the_interview_gives_it(
    tmp_path: Path, name: str, seed: int
) -> None:
    """For every sheet of the offices: the mapping in office.yaml is the interview's own."""
    folder = tmp_path / "office"
    folder.mkdir()
    for path in office_files(FOLDERS[name]):
        shutil.copy(path, folder)
    site, person = site_of(folder), any_answer(seed) if seed else first_proposal
    expected: list[SheetMapping] = []
    for own in sheets_of(site):
        mapping, _ = answered(site, own, person)
        if mapping is not None:
            expected += mapping
            assert visit(site, "GET", path_of(own, "answers")).status == 200
            saved = visit(site, "POST", path_of(own, "answers"))
            assert saved.goes_to in ("/", "/sheets"), saved.words
    office = office_in(folder)
    assert expected
    assert office is not None
    assert list(office.file.mapping) == expected
    assert mapping_in(folder) == tuple(expected)


def person_of(answers: Mapping[str, str]) -> Person:
    """The person who answers the questions of a terminal, at the pages: where the terminal has one
    question for several columns, each has the answer that the page proposes."""

    def answer(question: MapQuestion) -> str:
        given = next((a for text, a in answers.items() if text in question.text), "yes")
        options = [option.answer for option in question.options]
        if question.kind == "lists":
            return question.default
        full = next((option for option in options if option[:1] == given[:1]), given)
        return question.default or (full if full in options else given)

    return answer


def test_the_pages_and_the_terminal_save_the_same(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(office, other)
    assert asked_in_terminal(other, PERSON, monkeypatch).code == 0
    site = site_of(office)
    (own,) = sheets_of(site)
    answered(site, own, person_of(PERSON))
    page = followed(site, visit(site, "POST", path_of(own, "answers")))
    assert notices(page) == [f"What you said about {own.name} was saved."]
    assert (office / OFFICE_FILE).read_bytes() == (other / OFFICE_FILE).read_bytes()


# Page after page --------------------------------------------------------------------------------


@pytest.fixture
def site(office: Path) -> Site:
    return site_of(office)


@pytest.fixture
def own(site: Site) -> OwnSheet:
    (sheet,) = sheets_of(site)
    return sheet


def answer_pages(site: Site, own: OwnSheet, most: int) -> int:
    """Answers up to so many pages as proposed; how many there are by then."""
    registers = site.rulebook(site.office()).registers
    for number in range(1, most + 1):
        state = interview_state(own, registers, kept_answers(site.folder).get(key_of(own), ()))
        if state.next_page is None:
            return number - 1
        answers = [first_proposal(question) for question in state.next_page.questions]
        assert send(site, path_of(own, number), state.next_page, answers).status == 303
    return most


def test_each_page_shows_the_sheet_the_question_and_its_columns(site: Site, own: OwnSheet) -> None:
    shown = visit(site, "GET", path_of(own, 1))
    assert f"{SHEET} Which list it is" in shown.words
    assert "The sheet's own columns" in shown.words
    assert "P/No" in shown.words
    assert Form(shown.text).fields["q0"] == ["lists"]
    assert Form(shown.text).fields["q0-list"] == ["Training"]


def test_what_cannot_be_taken_is_shown_again_with_its_fault(site: Site, own: OwnSheet) -> None:
    page = Form(visit(site, "GET", path_of(own, 1)).text).fields["page"]
    for fields, words in (
        ({}, "Answer 'no evidence', 'later' or names of lists, separated by commas"),
        ({"q0": "lists"}, "Answer 'no evidence', 'later' or names of lists"),
        ({"q0": "lists", "q0-list": "Trainings"}, "There is no list 'Trainings'. Did you mean"),
        ({"q0": "<b>bold</b>"}, "There is no list '<b>bold</b>'."),
    ):
        answer = visit(site, "POST", path_of(own, 1), {"page": page, **fields})
        assert answer.status == 422
        assert "There is a problem" in answer.words
        assert words in answer.words
        assert "<b>" not in answer.text
    assert kept_answers(site.folder) == {}


TALKS: Rows = [
    ["Ref", "Kind", "Sent", "For", "Topic"],
    ["C1", "Talk", "25/04/2026", "All", "PREV/CSE"],
]


def test_a_word_with_several_meanings_has_boxes_to_tick(office: Path) -> None:
    (office / MATRIX).unlink()
    (office / "Talks.xlsx").write_bytes(made.xlsx(made_sheet("Talks", TALKS)))
    site = site_of(office)
    (own,) = sheets_of(site)
    page = Form(visit(site, "GET", path_of(own, 1)).text).fields["page"]
    fields: Fields = {"page": page, "q0-list": "Communications"}
    assert visit(site, "POST", path_of(own, 1), fields).status == 303
    number = 2
    while "'PREV/CSE'" not in (shown := visit(site, "GET", path_of(own, number))).words:
        questions = next_page(site, own).questions
        answers = ["Topic" if q.label == "topic" else first_proposal(q) for q in questions]
        assert send(site, path_of(own, number), next_page(site, own), answers).status == 303
        number += 1
    form = Form(shown.text)
    name = next(name for name in form.names if name.endswith("-list"))
    fields = form.fields | {name: ["Prevent", "exploitation"]}
    fields |= {other: ["as it is"] for other in form.names if re.fullmatch(r"q[0-9]+", other)}
    sent = visit(site, "POST", path_of(own, number), fields)
    assert sent.status == 303, sent.words
    assert "Prevent; exploitation" in str(kept_answers(site.folder)[key_of(own)])
    again = Form(visit(site, "GET", path_of(own, number)).text).fields
    assert again[name] == ["Prevent", "exploitation"]


def test_columns_of_one_kind_are_ticked_beside_their_cells(site: Site, own: OwnSheet) -> None:
    """Any of the sheet's columns, whatever was proposed."""
    answer_pages(site, own, 1)
    shown = visit(site, "GET", path_of(own, 2))
    (wide,) = (q for q in next_page(site, own).questions if q.kind == "wide")
    assert all(f'value="{escape(heading)}"' in shown.text for heading in wide.choices)
    answers = [q.default or first_proposal(q) for q in next_page(site, own).questions]
    ticked = [*wide.default.split("\n"), "Staff / Post"]
    answers[-1] = "\n".join(ticked)
    assert send(site, path_of(own, 2), next_page(site, own), answers).status == 303
    again = Form(visit(site, "GET", path_of(own, 2)).text).fields
    assert set(again[f"q{len(answers) - 1}"]) == set(ticked)


def next_page(site: Site, own: OwnSheet) -> MapPage:
    """The page about a sheet that is not answered yet."""
    registers = site.rulebook(site.office()).registers
    page = interview_state(own, registers, kept_answers(site.folder)[key_of(own)]).next_page
    assert page is not None
    return page


def test_a_page_that_was_not_reached_leads_to_the_next_one(site: Site, own: OwnSheet) -> None:
    assert visit(site, "GET", path_of(own, 3)).goes_to == path_of(own, 1)
    assert visit(site, "GET", path_of(own, "answers")).goes_to == path_of(own, 1)
    assert followed(site, visit(site, "POST", path_of(own, "answers"))).goes_to == path_of(own, 1)
    for number in ("0", "-1", "1000", "x", "1.5", "%D9%A1"):
        assert visit(site, "GET", path_of(own, number)).status == 404
    assert visit(site, "GET", "/sheets/0123456789abcdef/1").goes_to == "/sheets"


def test_a_sheet_that_was_saved_has_no_questions_any_more(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 50)
    visit(site, "POST", path_of(own, "answers"))
    for path in (path_of(own, 1), path_of(own, "answers")):
        for method in ("GET", "POST"):
            answer = visit(site, method, path)
            assert answer.goes_to == "/sheets"
            words = "Nothing is left to answer about this sheet."
            assert words in notices(followed(site, answer))


def test_going_back_shows_what_was_answered(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 2)
    kept = kept_answers(site.folder)[key_of(own)]
    again = visit(site, "GET", path_of(own, 2))
    assert f'href="{path_of(own, 1)}"' in again.text
    assert Form(again.text).fields["q0"] == [kept[1][0]]
    assert Form(visit(site, "GET", path_of(own, 1)).text).fields["q0-list"] == ["Training"]
    assert kept_answers(site.folder)[key_of(own)] == kept


def test_the_same_answers_again_lose_none_of_the_later(site: Site, own: OwnSheet) -> None:
    """As when a page is reloaded after its form was sent."""
    answer_pages(site, own, 50)
    kept = kept_answers(site.folder)
    registers = site.rulebook(site.office()).registers
    state = interview_state(own, registers, kept[key_of(own)])
    for number, page in enumerate(state.answered, 1):
        send(site, path_of(own, number), page, answers_of(page))
        assert kept_answers(site.folder) == kept


def test_a_changed_answer_keeps_the_answers_to_the_same_questions(
    site: Site, own: OwnSheet
) -> None:
    count = answer_pages(site, own, 50)
    kept = [list(page) for page in kept_answers(site.folder)[key_of(own)]]
    registers = site.rulebook(site.office()).registers
    state = interview_state(own, registers, kept)
    number, page = next(
        (number, page)
        for number, page in enumerate(state.answered, 1)
        if page.questions[0].kind == "struck"
    )
    other = "counted" if page.questions[0].answer == "left out" else "left out"
    answers = visit(site, "GET", path_of(own, "answers"))
    assert f"{path_of(own, number)}?then=check" in answers.text
    fields = {"page": Form(visit(site, "GET", path_of(own, number)).text).fields["page"]}
    changed = visit(site, "POST", path_of(own, number), {**fields, "q0": other, "then": "check"})
    assert changed.goes_to == path_of(own, "answers")
    kept[number - 1] = [other]
    assert kept_answers(site.folder)[key_of(own)] == kept
    assert len(kept) == count


def test_a_change_that_leads_to_other_questions_asks_them(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 50)
    fields = {"page": Form(visit(site, "GET", path_of(own, 1)).text).fields["page"]}
    lists = {"q0": "lists", "q0-list": ["Meetings"], "then": "check"}
    changed = visit(site, "POST", path_of(own, 1), {**fields, **lists})
    assert changed.goes_to == f"{path_of(own, 2)}?then=check"
    page = followed(site, changed)
    assert page.status == 200
    assert f'href="{path_of(own, "answers")}"' in page.text
    assert len(kept_answers(site.folder)[key_of(own)]) == 1


def test_decide_later_forgets_the_answers_and_saves_nothing(site: Site, own: OwnSheet) -> None:
    before = (site.folder / OFFICE_FILE).read_bytes()
    answer_pages(site, own, 2)
    page = Form(visit(site, "GET", path_of(own, 1)).text).fields["page"]
    answer = visit(site, "POST", path_of(own, 1), {"page": page, "q0": LATER})
    assert notices(followed(site, answer)) == [f"{SHEET} is left for later."]
    assert kept_answers(site.folder) == {}
    assert (site.folder / OFFICE_FILE).read_bytes() == before


def test_a_sheet_that_is_no_evidence_is_not_asked_about_again(site: Site, own: OwnSheet) -> None:
    mapping, _ = answered(site, own, lambda _: NO_EVIDENCE)
    assert mapping is not None
    page = followed(site, visit(site, "POST", path_of(own, "answers")))
    assert page.status == 200
    assert sheets_of(site) == []
    shown = visit(site, "GET", "/sheets").words
    assert "Every sheet is known." in shown
    assert f"{SHEET} no evidence" in shown


def test_answer_again_forgets_a_mapping_and_nothing_else(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 50)
    visit(site, "POST", path_of(own, "answers"))
    saved = site.office()
    assert saved is not None
    fields = {"part": "0", "file": MATRIX, "sheet": "Matrix"}
    for wrong in ({"part": "1"}, {"part": "-1"}, {"part": "x"}, {"part": ""}):
        assert visit(site, "POST", "/sheets/forget", {**fields, **wrong}).status == 404
    stale = followed(site, visit(site, "POST", "/sheets/forget", {**fields, "sheet": "Other"}))
    assert "office.yaml was changed since the page was shown. Choose again." in notices(stale)
    assert site.office() == saved
    page = followed(site, visit(site, "POST", "/sheets/forget", fields))
    assert notices(page) == [
        "What was said about the sheet 'Matrix' of 'Training matrix OPCC.xlsx' is not used any "
        "more. You can answer again."
    ]
    now = site.office()
    assert now is not None
    assert now.file == saved.file.model_copy(update={"mapping": ()})
    assert "# Ours" in (site.folder / OFFICE_FILE).read_text(encoding="utf-8")
    assert [one.name for one in sheets_of(site)] == [own.name]


# Two windows ------------------------------------------------------------------------------------


def test_a_page_that_is_out_of_date_is_refused_with_words(site: Site, own: OwnSheet) -> None:
    """A window still shows the second page when another has said that it is another list."""
    answer_pages(site, own, 1)
    old = Form(visit(site, "GET", path_of(own, 2)).text).fields
    first = {"page": Form(visit(site, "GET", path_of(own, 1)).text).fields["page"]}
    lists = {"q0": "lists", "q0-list": ["Meetings"]}
    visit(site, "POST", path_of(own, 1), {**first, **lists})
    kept = kept_answers(site.folder)
    answer = visit(site, "POST", path_of(own, 2), old)
    assert answer.goes_to == path_of(own, 2)
    assert notices(followed(site, answer)) == [
        "The questions have changed since the page was shown. Answer them again."
    ]
    assert kept_answers(site.folder) == kept


def test_a_page_out_of_reach_is_refused_with_words(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 3)
    old = Form(visit(site, "GET", path_of(own, 3)).text).fields
    first = {"page": Form(visit(site, "GET", path_of(own, 1)).text).fields["page"]}
    visit(site, "POST", path_of(own, 1), {**first, "q0": LATER})
    answer = visit(site, "POST", path_of(own, 3), old)
    assert "The questions have changed" in followed(site, answer).words


def test_two_windows_about_two_sheets_keep_both(site: Site, own: OwnSheet) -> None:
    shutil.copy(OFFICES / "it-assurance-emails" / "ICT assurance e-mails.xlsx", site.folder)
    first, second = sheets_of(site)
    for number in (1, 2):
        for sheet in (first, second):
            registers = site.rulebook(site.office()).registers
            kept = kept_answers(site.folder).get(key_of(sheet), ())
            page = interview_state(sheet, registers, kept).next_page
            assert page is not None
            send(site, path_of(sheet, number), page, [first_proposal(q) for q in page.questions])
    assert {len(pages) for pages in kept_answers(site.folder).values()} == {2}


def test_saving_twice_saves_once(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 50)
    visit(site, "POST", path_of(own, "answers"))
    saved = (site.folder / OFFICE_FILE).read_bytes()
    page = followed(site, visit(site, "POST", path_of(own, "answers")))
    assert notices(page) == [
        f"What you said about {own.name} was saved.",
        "Nothing is left to answer about this sheet.",
    ]
    assert (site.folder / OFFICE_FILE).read_bytes() == saved


def test_a_workbook_that_changed_meanwhile_asks_what_is_new(site: Site, own: OwnSheet) -> None:
    """The sheet is another one now: its answers are not taken for those to other questions."""
    answer_pages(site, own, 50)
    shutil.copy(
        OFFICES / "it-assurance-emails" / "ICT assurance e-mails.xlsx", site.folder / MATRIX
    )
    assert visit(site, "GET", path_of(own, "answers")).goes_to == "/sheets"
    assert [one.proposal.sheet for one in sheets_of(site)] == ["E-mail log"]


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format": "dueregard-answers-1", "sheets": 3}',
        b'{"format": "dueregard-answers-1", "sheets": {"KEY": [["a", "b", "c"], [1]]}}',
        b'{"format": "dueregard-answers-1", "sheets": {"KEY": [["a", "b", "c"]]}}',
        b'{"format": "dueregard-answers-1", "sheets": {"KEY": [[]]}}',
        b'{"format": "other", "sheets": {"KEY": [["Training"]]}}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_kept_answers_that_cannot_be_used_are_asked_again(
    site: Site, own: OwnSheet, data: bytes
) -> None:
    (site.folder / NAME).write_bytes(data.replace(b"KEY", key_of(own).encode()))
    assert visit(site, "GET", "/sheets").status == 200
    assert visit(site, "GET", path_of(own, 1)).status == 200
    answer_pages(site, own, 1)
    assert len(kept_answers(site.folder)[key_of(own)]) == 1


# Killed in the middle ---------------------------------------------------------------------------


def test_a_new_column_of_a_sheet_is_said_on_the_first_page(site: Site, own: OwnSheet) -> None:
    answer_pages(site, own, 50)
    visit(site, "POST", path_of(own, "answers"))
    assert "is new" not in visit(site, "GET", "/").words
    path = site.folder / MATRIX
    book = openpyxl.load_workbook(path)
    (part,) = mapping_in(site.folder)
    rows = part.headings if isinstance(part.headings, tuple) else (part.headings,)
    book["Matrix"].cell(int(rows[-1] or 0), 30, "Jan 27")
    book.save(path)
    new = "1 column of 'Matrix' is new, and was not read: 'Jan 27'."
    assert f"{new} Answer about the sheet again" in visit(site, "GET", "/").words
    assert f"{new} Answer again to say what is in them." in visit(site, "GET", "/sheets").words


def test_the_same_answers_again_are_the_same_mapping(office: Path) -> None:
    """Whatever sheet was answered again: otherwise no pack could be made of an earlier check."""
    (office / "Talks.xlsx").write_bytes(made.xlsx(made_sheet("Talks", TALKS)))
    site = site_of(office)
    first, second = sheets_of(site)
    for own in (first, second):
        answer_pages(site, own, 50)
        visit(site, "POST", path_of(own, "answers"))
    before = mapping_in(office)
    part = before[0]
    fields = {"part": "0", "file": part.file, "sheet": part.sheet or ""}
    visit(site, "POST", "/sheets/forget", fields)
    assert mapping_in(office) == before[1:]
    assert visit(site, "POST", path_of(first, "answers")).goes_to == "/"
    assert mapping_in(office) == (*before[1:], part)
    assert mapping_sha256(mapping_in(office)) == mapping_sha256(before)


class Browser:
    """A browser with a cookie, at the pages of a program that was started as a person starts it."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-P", "-m", "cli.main", "open", str(folder), "--no-browser"]
        self.process = subprocess.Popen(
            command, env=around(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self.process.stdout is not None
        words = ""
        while not (found := re.search(r"http://\S+", words)):
            line = self.process.stdout.readline()
            assert line, words
            words += line
        self._address = urlsplit(found[0])
        entered = self.send("GET", f"{self._address.path}?{self._address.query}")
        (self._cookie,) = SimpleCookie(entered[1]["set-cookie"]).values()

    def send(
        self, method: str, path: str, body: str = "", timeout: float = 30
    ) -> tuple[int, Mapping[str, str], str]:
        """The status, the headers and the text of an answer."""
        connection = HTTPConnection("127.0.0.1", self._address.port or 0, timeout=timeout)
        headers = {"Connection": "close"}
        if hasattr(self, "_cookie"):
            headers["Cookie"] = f"{self._cookie.key}={self._cookie.value}"
        if method == "POST":
            headers["Origin"] = f"http://{self._address.netloc}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode()
        connection.close()
        return answer.status, names, text

    def send_form(self, own: OwnSheet, number: int, page: MapPage) -> Mapping[str, str]:
        """Answers a page of questions as it is proposed; the headers of what comes back."""
        text = self.send("GET", path_of(own, number))[2]
        action = re.search(r'action="(/sheets/[^"]*)"', text)
        assert action, text
        fields = filled(text, page, [first_proposal(question) for question in page.questions])
        return self.send("POST", action[1], urlencode(fields, doseq=True))[1]

    def kill(self) -> None:
        """Ends the program as a power failure does."""
        self.process.kill()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.mark.campaign
def test_a_program_that_is_killed_loses_no_answer(office: Path) -> None:
    """Killed after each page, and started again: each answer is there, and office.yaml as it
    was."""
    site = site_of(office)
    (own,) = sheets_of(site)
    before = (office / OFFICE_FILE).read_bytes()
    for number in (1, 2):
        kept = kept_answers(office).get(key_of(own), ())
        page = interview_state(own, site.rulebook(site.office()).registers, kept).next_page
        assert page is not None
        browser = Browser(office)
        try:
            assert ("not begun" in browser.send("GET", "/sheets")[2]) == (number == 1)
            headers = browser.send_form(own, number, page)
        finally:
            browser.kill()
        assert headers["location"] == path_of(own, number + 1)
        assert len(kept_answers(office)[key_of(own)]) == number
        assert (office / OFFICE_FILE).read_bytes() == before


@pytest.mark.campaign
@pytest.mark.long
def test_office_yaml_is_whole_whenever_the_program_is_killed(office: Path) -> None:
    """While the answers are being saved, at several moments of it."""
    site = site_of(office)
    (own,) = sheets_of(site)
    answer_pages(site, own, 50)
    visit(site, "GET", path_of(own, "answers"))
    before = (office / OFFICE_FILE).read_bytes()
    kept = (office / NAME).read_bytes()
    for milliseconds in (0, 2, 10, 50) if CAMPAIGN else (2,):
        (office / OFFICE_FILE).write_bytes(before)
        (office / NAME).write_bytes(kept)
        browser = Browser(office)
        text = browser.send("GET", path_of(own, "answers"))[2]
        action = re.search(r'action="(/sheets/[^"]*)"', text)
        assert action
        killer = subprocess.Popen(
            [sys.executable, "-c", _KILL, str(browser.process.pid), str(milliseconds / 1000)]
        )
        with suppress(OSError, HTTPException):
            browser.send("POST", action[1])
        killer.wait(30)
        browser.kill()
        file = office_in(office)
        assert file is not None
        assert file.file.evidence
        assert file.file.mapping or kept_answers(office)[key_of(own)]
        assert set(folder_hashes(office)) >= {OFFICE_FILE, MATRIX, "People.csv"}


#: Kills a process after so many seconds.
_KILL = "import os, sys, time; time.sleep(float(sys.argv[2])); os.kill(int(sys.argv[1]), 9)"
