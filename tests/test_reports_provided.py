"""Sheets that were not provided: how each report says it, and that nothing reads as overdue."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment, ProblemShown
from engine.outcome import Status
from evidence.table import SheetNotBegun
from reports import provided, view
from reports.explain.explanation import Explanation, explain
from reports.explain.json import explain_json
from reports.explain.text import explain_text
from reports.html.report import to_html
from reports.json import from_json, outline_from_json, to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from rules.patterns import EvidenceQuery, Periodic
from tests.support import engine_builders as make
from tests.support.assessment_builders import assessment, duty, obligation
from tests.support.assessment_states import two_sheets, waiting
from tests.support.engine_builders import Row
from tests.support.html_page import Element, parsed
from tests.support.small_check import assessed

NOT_ASSESSED = (
    "4 were not assessed: no sheet was provided. Provide first: Meetings (2 duties) and Reviews "
    "(1)."
)


def page(made: Assessment) -> Element:
    return parsed(to_html(made))


def explained(made: Assessment, duty_id: str) -> Explanation:
    found = explain(made, duty_id)
    assert isinstance(found, Explanation)
    return found


def summary_cells(made: Assessment) -> list[str]:
    sheet = load_workbook(io.BytesIO(to_xlsx(made)))["Summary"]
    return [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]


# The words --------------------------------------------------------------------------------------


def test_the_sheets_that_were_not_provided_that_most_duties_need_first() -> None:
    assert view.verdict(two_sheets(), view.OFFICE).endswith(NOT_ASSESSED)
    assert [provided.heading(sheet) for sheet in provided.missing_sheets(two_sheets().duties)] == [
        "No 'Meetings' sheet was provided (for 4 duties, 1 of them partners'; Head of People)",
        "No 'Minutes' sheet was provided (for 2 duties, 1 of them partners'; Head of People)",
        "No 'Reviews' sheet was provided (for 1 duty; Head of People)",
    ]
    several = [replace(one, owner=one.id) for one in two_sheets().duties]
    (sheet, *_) = provided.missing_sheets(several)
    assert (
        provided.heading(sheet)
        == "No 'Meetings' sheet was provided (for 4 duties, 1 of them partners')"
    )


def test_where_an_empty_sheet_is_an_answer_the_report_says_so() -> None:
    needs = waiting("own", "t", "Venues")
    fair = replace(needs, rule_words="Each row. If Venues has no such row, nothing is required.")
    unknown = "If Venues has no such row, there is not enough information."
    both = replace(fair, rule_words=f"{fair.rule_words} {unknown}")
    for one, words in (
        (needs, ""),
        (both, ""),
        (fair, "confirm that with an empty 'Venues' sheet: its headings alone."),
    ):
        (sheet,) = provided.missing_sheets([one])
        assert provided.nothing_to_record(sheet).endswith(words)
        assert bool(provided.nothing_to_record(sheet)) is bool(words)
    assert "If there are no venues to record, confirm" in summary(assessment((fair,)), 100)
    assert "If there are no venues to record, confirm" in page(assessment((fair,))).text()


def test_a_sheet_with_only_its_example_is_not_said_to_be_absent() -> None:
    begun = [SheetNotBegun("a.xlsx", "MINUTES")]
    sheets = provided.missing_sheets(two_sheets().duties, begun)
    assert [provided.heading(sheet) for sheet in sheets] == [
        "No 'Meetings' sheet was provided (for 4 duties, 1 of them partners'; Head of People)",
        "'Minutes' has no row that counts (for 2 duties, 1 of them partners'; Head of People)",
        "No 'Reviews' sheet was provided (for 1 duty; Head of People)",
    ]


def test_one_duty_is_told_in_the_singular() -> None:
    made = assessment((waiting("own", "t", "Meetings or Reviews"),))
    assert view.verdict(made, view.OFFICE) == (
        "0 of the office's 1 duty were assessed. 1 was not assessed: no 'Meetings or "
        "Reviews' sheet was provided."
    )


def test_a_waived_duty_waits_for_no_sheet() -> None:
    waived = duty("own", "t", obligation(Status.WAIVED), not_given=("Reviews",))
    assert provided.missing_sheets((waived,)) == ()
    assert provided.not_given_words(waived) == ""


def test_a_waived_duty_whose_sheet_was_not_provided_could_not_be_assessed() -> None:
    waived = duty("own", "t", obligation(Status.WAIVED), not_given=("Reviews",))
    met = duty("met", "t", obligation(Status.MET))
    assert provided.waived_words(assessment((waived, met))) == (
        "1 duty of the office is waived, and a sheet that it needs was not provided."
    )
    both = (waived, replace(waived, id="too"), met, waiting("more", "t", "Reviews"))
    assert provided.waived_words(assessment(both)) == (
        "2 duties of the office are waived, and a sheet that they need was not provided."
    )
    others = replace(waived, answers="others")
    assert provided.waived_words(assessment((others, met))) == ""


def test_a_check_of_a_duty_that_is_waived_without_its_sheet_says_so() -> None:
    waiver: Row = {
        "duty": "the-duty",
        "subject": "all",
        "reason": "long leave",
        "approved by": "Chief Executive",
        "from": "2026-01-01",
        "until": "2027-01-01",
    }
    query = EvidenceQuery(register="reviews", dated="reviewed on")
    pattern = Periodic(kind="periodic", period="financial year")
    asked = make.duty(make.version(pattern, evidence=query))
    made = assessed(
        asked,
        on="2026-05-20",
        given=(make.missing(make.REVIEWS), make.table(make.WAIVERS, waiver)),
    )
    assert [each.status for each in made.duties] == [Status.WAIVED]
    assert provided.waived_words(made) == (
        "1 duty of the organisation is waived, and a sheet that it needs was not provided."
    )


def test_each_duty_is_listed_once_under_the_first_sheet_that_it_waits_for() -> None:
    listed = [
        (sheet.title, [one.id for one in sheet.listed])
        for sheet in provided.missing_sheets(two_sheets().duties)
    ]
    assert listed == [
        ("Meetings", ["spr-contribution", "board-attendance", "group-minutes", "channel-update"]),
        ("Minutes", []),
        ("Reviews", ["model-review"]),
    ]


def not_begun(*sheets: str) -> Assessment:
    """A check of workbooks with these sheets not begun, each as its file and its name."""
    names = tuple(SheetNotBegun(*sheet.split("/")) for sheet in sheets)
    return assessment((waiting("own", "t", "Reviews"),), not_begun_sheets=names)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ((), ""),
        (
            ("a.xlsx/Reviews", "b.xlsx/Reviews"),
            "Not begun: 'Reviews' has only its example. It counts as not provided. If there is"
            " nothing to record, delete the example row.",
        ),
        (
            ("a.xlsx/Reviews", "a.xlsx/Venues", "a.xlsx/Issues"),
            "Not begun: 'Reviews', 'Venues' and 'Issues' have only their example. They count as not"
            " provided. If there is nothing to record, delete the example row.",
        ),
        (
            ("a.xlsx/Reviews", "a.xlsx/Venues", "a.xlsx/Issues", "a.xlsx/Cases"),
            "Not begun: 'Reviews', 'Venues' and 2 more have only their example. They count as not"
            " provided. If there is nothing to record, delete the example row.",
        ),
    ],
)
def test_sheets_that_have_not_been_begun_are_one_sentence(
    sheets: tuple[str, ...], words: str
) -> None:
    assert provided.not_begun_words(not_begun(*sheets)) == words


def test_a_sheet_whose_example_may_be_a_real_row_is_not_said_to_have_only_its_example() -> None:
    """Its problem says what to do, and it is not to delete the row."""
    made = not_begun("a.xlsx/Reviews")
    place = "example filled in", "reviews", "a.xlsx", "Reviews"
    real = ProblemShown(*place, "", (), 0, (), 0, "Row 3 does not count.", ())
    assert provided.not_begun_words(replace(made, problems=(real,))) == ""
    other = replace(real, sheet="Venues")
    assert provided.not_begun_words(replace(made, problems=(other,))) != ""


# Each report ------------------------------------------------------------------------------------


def test_the_terminal_lists_the_duties_of_each_sheet_in_a_line() -> None:
    text = summary(two_sheets(), 200)
    lines = text.splitlines()
    start = lines.index("NOT ASSESSED")
    assert lines[start : start + 5] == [
        "NOT ASSESSED",
        "  No 'Meetings' sheet was provided (for 4 duties, 1 of them partners'; Head of People):",
        "    3 SPR contribution; 3 Board attendance; 4.2 Steering Group minutes, also needs Minutes"
        "; 4.2 Channel update, Channel Chair, also needs Minutes",
        "  No 'Reviews' sheet was provided (for 1 duty; Head of People):",
        "    3 Annual review of the SOP",
    ]
    assert "OVERDUE" not in text


def test_the_terminal_counts_the_duties_of_a_sheet_that_many_need() -> None:
    many = [waiting(f"d{number}", f"Duty {number}", "Reviews") for number in range(11)]
    lines = summary(assessment(tuple(many)), 100).splitlines()
    said = "No 'Reviews' sheet was provided (for 11 duties; Head of People)"
    assert f"NOT ASSESSED. {said}" in lines
    assert not any("Duty 3" in line for line in lines)


def test_the_page_says_it_once_in_a_section() -> None:
    root = page(two_sheets())
    (section,) = [s for s in root.all("section") if s.attributes == {"aria-labelledby": "untold"}]
    assert section.one("h2").text() == "Not assessed"
    assert root.text().count(NOT_ASSESSED) == 1
    assert [head.text() for head in section.all("h3")] == [
        "No 'Meetings' sheet was provided (for 4 duties, 1 of them partners'; Head of People)",
        "No 'Reviews' sheet was provided (for 1 duty; Head of People)",
    ]
    assert [one.text() for one in section.all("li")] == [
        "3 SPR contribution (Head of People)",
        "3 Board attendance (Head of People)",
        "4.2 Steering Group minutes (Head of People); also needs Minutes",
        "4.2 Channel update (Channel Chair); also needs Minutes",
        "3 Annual review of the SOP (Head of People)",
    ]


def test_each_report_names_the_sheets_that_have_not_been_begun() -> None:
    made = not_begun("a.xlsx/Reviews")
    words = provided.not_begun_words(made)
    assert words in summary(made, 200).splitlines()
    assert [line.text() for line in page(made).all("p")].count(words) == 1
    assert words in summary_cells(made)
    for again in (from_json(to_json(made)), outline_from_json(to_json(made))):
        assert isinstance(again, Assessment)
        assert again.not_begun_sheets == made.not_begun_sheets


def test_a_page_of_an_office_that_gave_all_sheets_has_no_such_section() -> None:
    root = page(assessment((duty("own", "t", obligation(Status.MET)),)))
    assert "#untold" not in [link.attributes["href"] for link in root.one("nav").all("a")]


def test_a_duty_of_the_page_says_which_sheets_it_waits_for() -> None:
    block = page(two_sheets()).one("details", id="duty-group-minutes")
    assert block.all("strong")[0].text() == "not assessed"
    assert block.all("strong")[0].attributes["class"] == "tag tag-not_assessed"
    sheets = "No 'Meetings' sheet was provided. No 'Minutes' sheet was provided."
    assert block.all("p")[0].text() == sheets


def test_the_workbook_says_it_on_its_first_sheet_and_beside_each_duty() -> None:
    made = two_sheets()
    cells = summary_cells(made)
    start = cells.index("NOT ASSESSED")
    assert cells[start + 1 : start + 4] == [
        "No 'Meetings' sheet was provided (for 4 duties, 1 of them partners'; Head of People):",
        "3 SPR contribution; 3 Board attendance; 4.2 Steering Group minutes, also needs Minutes; "
        "4.2 Channel update, Channel Chair, also needs Minutes",
        "No 'Reviews' sheet was provided (for 1 duty; Head of People):",
    ]
    duties = load_workbook(io.BytesIO(to_xlsx(made)))["Duties"]
    heads, *rows = duties.iter_rows(min_row=2, values_only=True)
    at = heads.index("Sheets not provided")
    assert [(*row[:3], row[at]) for row in rows][:5] == [
        ("3", "Board attendance", "not assessed", "Meetings"),
        ("4.2", "Steering Group minutes", "not assessed", "Meetings, Minutes"),
        ("3", "Annual review of the SOP", "not assessed", "Reviews"),
        ("3", "SPR contribution", "not assessed", "Meetings"),
        ("4.2", "Channel update", "not assessed", "Meetings, Minutes"),
    ]


def test_the_json_carries_the_titles_and_the_counts() -> None:
    made = two_sheets()
    assert from_json(to_json(made)) == made
    told = json.loads(to_json(made))
    assert told["duties"][5]["not_given"] == ["Meetings", "Minutes"]
    assert told["status"]["office"]["duties"]["not_assessed"] == 4


def test_an_explanation_says_why_it_was_not_assessed() -> None:
    found = explained(two_sheets(), "group-minutes")
    assert explain_text(found, 100).splitlines()[1:3] == [
        "4.2 Steering Group minutes [group-minutes]: not assessed, as of 24 November 2026",
        "├─ No 'Meetings' sheet was provided. No 'Minutes' sheet was provided.",
    ]
    assert "Why:" not in explain_text(found, 100)
    told = json.loads(explain_json(found))
    assert (told["status"], told["not_given"]) == ("not_assessed", ["Meetings", "Minutes"])


# The exit code ----------------------------------------------------------------------------------


def test_a_duty_of_the_office_that_was_not_assessed_is_exit_code_1() -> None:
    own = waiting("own", "t", "Reviews")
    assert view.exit_code(assessment((own,))) == 1
    assert view.exit_code(assessment((replace(own, answers="others"),))) == 0
