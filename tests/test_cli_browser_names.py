"""The pages about names in place of references: the question, and what a report says first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.browser.kept_answers import keep_answers, key_of
from record.office.interview.own_sheets import lists_first
from record.office.interview.sheet_interview import interview_state
from tests.support import file_builders as made
from tests.support.browser_pages import site_of, visit
from tests.support.desk_office import Rows, called, sheet
from tests.support.file_builders import Cell

DAY = datetime.date(2025, 1, 6)


def _person(number: int) -> Sequence[Cell]:
    return [f"S{number}", f"Ann Person{number}", "staff", DAY]


def _course(number: int) -> Sequence[Cell]:
    return [f"T{number}", f"Ann Person{number}", "refresher", "gov.uk", DAY, "yes"]


STAFF: Rows = [
    ["Ref", "Name", "Kind", "Starts", "Ends", "Likely to refer from", "Higher level from",
     "Manages bookings from"],
    *map(_person, range(5)),
]  # fmt: skip
LOG: Rows = [
    ["Ref", "Person's ref", "Course", "Source", "Completed on", "Passed"],
    *map(_course, range(5)),
]
#: The same staff, under a heading and a name that are the office's own.
OWN_STAFF: Rows = [["Pay no", *STAFF[0][1:]], *STAFF[1:]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of an office."""
    path = tmp_path / "office"
    path.mkdir()
    (path / "office.yaml").write_text("version: 1\nevidence: [own.xlsx]\n", encoding="utf-8")
    return path


def test_the_page_of_a_report_says_which_sheets_name_nobody(folder: Path) -> None:
    (folder / "own.xlsx").write_bytes(made.xlsx(sheet("Staff", STAFF), sheet("Training", LOG)))
    assert called(folder, "check", "--as-of", "2026-11-24").code == 1
    page = visit(site_of(folder), "GET", "/reports/2026-11-24").text
    assert "Training: 5 of 5 rows name nobody on the Staff list" in page
    assert page.index("References that were not found") < page.index("<h2>Overdue</h2>")


def test_a_page_asks_whether_names_are_matched(folder: Path) -> None:
    (folder / "own.xlsx").write_bytes(made.xlsx(sheet("Staff", STAFF), sheet("Log", LOG)))
    site = site_of(folder)
    (own,) = site.contents(site.office()).own_sheets
    registers = site.rulebook(site.office()).registers
    answers: list[list[str]] = []
    state = interview_state(own, registers, answers)
    while state.next_page is not None and "Names" not in state.next_page.title:
        questions = state.next_page.questions
        answers.append([q.default or q.options[0].answer for q in questions])
        state = interview_state(own, registers, answers)
        assert len(state.answered) == len(answers)
    keep_answers(site.folder, key_of(own), answers)
    page = visit(site, "GET", f"/sheets/{key_of(own)}/{len(answers) + 1}")
    assert page.status == 200
    assert "Match by name?" in page.words
    assert "Of 5 different names, 5 are on the list once" in page.words
    done = interview_state(own, registers, [*answers, ["yes"]])
    while done.next_page is not None:
        answers_left = [q.default for q in done.next_page.questions]
        done = interview_state(own, registers, [*answers, ["yes"], answers_left])
    assert done.mapping is not None
    assert "matched by" in str(done.mapping[0].gives[0].model_dump(by_alias=True))


def test_what_may_be_a_list_is_asked_about_first(folder: Path) -> None:
    sheets = sheet("A log", LOG), sheet("Our people", OWN_STAFF)
    (folder / "own.xlsx").write_bytes(made.xlsx(*sheets))
    site = site_of(folder)
    own = site.contents(site.office()).own_sheets
    assert [one.sheet.name for one in own] == ["Our people", "A log"]
    assert lists_first(reversed(own), site.rulebook(site.office()).registers) == list(own)
