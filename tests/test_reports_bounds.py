"""The reports of the example are short: on screen, on paper, and in bytes."""

from __future__ import annotations

import datetime
import math
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.outcome import Status
from evidence.read import read_evidence
from examples.office.made import AS_OF
from reports import view
from reports.brief import brief, needed
from reports.by_post import post_tasks
from reports.compare.changes import compared
from reports.examined import near_rows, reject_words
from reports.html.report import to_html
from reports.json import to_json
from reports.places import Places
from reports.text import summary
from reports.trend import with_trend
from tests.support.example_offices import assessed
from tests.support.html_page import parsed
from tests.support.needs import ROOT
from tests.support.own_book import own_book
from tests.support.trend_points import points

PROGRAM = Program("dueregard", "0", "", "")
OFFICE = ROOT / "examples" / "office.xlsx"


@pytest.fixture(scope="module")
def office() -> Assessment:
    return assessed(read_evidence([OFFICE], own_book().registers))


@pytest.fixture(scope="module")
def whole() -> Assessment:
    """The same with the year ahead."""
    evidence = read_evidence([OFFICE], own_book().registers)
    return assess(CheckRequest(own_book(), evidence, AS_OF, PROGRAM, None))


def pages(browser: Browser, pdftoppm: Path, assessment: Assessment, folder: Path) -> list[str]:
    """The text of each printed page."""
    (folder / "a.html").write_bytes(to_html(assessment))
    page = browser.new_page()
    page.goto((folder / "a.html").as_uri())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.pdf(path=folder / "a.pdf", prefer_css_page_size=True)
    page.close()
    program: list[str | Path] = [pdftoppm.with_name("pdftotext"), folder / "a.pdf", "-"]
    text = subprocess.run(program, check=True, capture_output=True, timeout=60).stdout.decode()
    return text.split("\f")[:-1]


def grown(limit: int) -> int:
    """A limit that was set for 104 duties, for as many as there are now."""
    return math.ceil(limit * max(1, len(own_book().duties) / 104))


def names_of_people(office: Assessment) -> set[str]:
    """The names on the list of staff."""
    return {
        one.subject_name
        for duty in office.duties
        for one in duty.obligations
        if one.listed_at and one.listed_at.register == "people" and one.subject_name
    }


def test_the_summary_fits_120_lines_and_begins_with_what_to_do(whole: Assessment) -> None:
    lines = summary(whole).splitlines()
    assert len(lines) <= grown(120)
    assert next(n for n, line in enumerate(lines) if line.startswith("COULD NOT BE READ: 17 ")) < 14
    assert lines.index("OVERDUE: 6 duties") < 20
    assert lines.index("OVERDUE: 6 duties") < lines.index("FOR THE COMMISSIONER")
    assert any(line.startswith("HOW WE READ THE SOP") for line in lines[100:])
    assert "Also: correct the Issue log sheet." in " ".join(" ".join(lines).split())


def test_the_page_and_the_json_stay_small(office: Assessment) -> None:
    assert len(to_html(office)) <= grown(900_000)
    assert len(to_json(office)) < grown(1_000_000)


def test_the_page_prints_on_14_pages_at_most(
    browser: Browser, pdftoppm: Path, tmp_path: Path, whole: Assessment
) -> None:
    printed = pages(browser, pdftoppm, whole, tmp_path)
    assert 5 < len(printed) <= grown(14)
    assert "Overdue" in printed[0]
    text = "\n".join(printed)
    assert "T00226: enter 'awareness' in cell D134 of Training, if that is meant." in " ".join(
        text.split()
    )
    assert "Long-term sick leave" not in text
    assert [name for name in names_of_people(whole) if name in text] == []
    assert "SHA-256" in text
    assert "▶" not in text
    assert "See Cannot tell" not in text


@pytest.fixture(scope="module")
def second() -> Assessment:
    """The second month of the office, with what has changed and a trend."""
    evidence = read_evidence([OFFICE], own_book().registers)
    request = CheckRequest(own_book(), evidence, AS_OF, PROGRAM, None, key=b"of a ledger")
    old = assess(replace(request, as_of=datetime.date(2026, 10, 24), ahead=False))
    return with_trend(compared(old, assess(request)), points(35))


@pytest.mark.campaign
def test_a_second_month_with_changes_and_a_trend_stays_as_short(second: Assessment) -> None:
    lines = summary(second).splitlines()
    assert len(lines) <= grown(120)
    assert lines.index("OVERDUE: 6 duties") < 30
    start = next(n for n, line in enumerate(lines) if line.startswith("CHANGED SINCE"))
    assert "Why: the" in "\n".join(lines[start : start + 4])
    assert len(to_html(second)) <= grown(900_000)


@pytest.mark.campaign
def test_a_second_month_prints_on_as_few_pages(
    browser: Browser, pdftoppm: Path, tmp_path: Path, second: Assessment
) -> None:
    assert len(pages(browser, pdftoppm, second, tmp_path)) <= grown(14)


@pytest.mark.campaign
def test_an_office_with_two_sheets_prints_on_4_pages_at_most(
    browser: Browser, pdftoppm: Path, tmp_path: Path
) -> None:
    workbook = load_workbook(OFFICE)
    for name in set(workbook.sheetnames) - {"Staff", "Training"}:
        del workbook[name]
    workbook.save(tmp_path / "office.xlsx")
    two = assessed(read_evidence([tmp_path / "office.xlsx"], own_book().registers))
    left = two.status.office.duties.not_assessed
    assert f" {left} were not assessed: no sheet was provided." in view.verdict(two, view.OFFICE)
    assert len(pages(browser, pdftoppm, two, tmp_path)) <= grown(4)


def test_each_overdue_duty_has_its_cause_and_the_next_step(office: Assessment) -> None:
    assert [(action.why, action.step) for action in brief(office).overdue] == [
        (
            "2 of 54 people are overdue: S022 (G143 of Training cannot be read) and S024 (last "
            "completed on 29 October 2024). The waiver for S024 ran out on 31 October 2026, and "
            "this was still not done.",
            "S022: in cell G143 of Training, enter the date that its record shows. Until then, it "
            "counts as overdue, although any day in September 2026 is in time. S024: first "
            "fill in B147 of Training. If that does not show it, S024 still has to do it; "
            "then add a row to the Training sheet.",
        ),
        (
            "Review R-45 of 30 June 2026 (Reviews sheet, cell J47) was in time, but found faults "
            "that are not shown as corrected: it has 'changes needed' under Outcome.",
            "Ask the Data Protection Officer which faults of review R-45 are still open. Correct "
            "them, then add a new review to the Reviews sheet.",
        ),
        (
            "Review R-48 of 28 July 2026 (Reviews sheet, cell I50) was not based on the latest "
            "Home Office assessment (HOA-2): it has 'HOA-1' under Assessment.",
            "If the review was based on the latest Home Office assessment (HOA-2), correct cell "
            "I50 of Reviews. If not, repeat the review using HOA-2, then record it.",
        ),
        (
            "Communication C-39 of 20 June 2026 (Comms sheet, cell L40) is not in the "
            "communications and engagement plan: it has 'No' under On plan.",
            "If the communication is in the communications and engagement plan, enter yes in cell "
            "L40 of Comms. If not, add it, then enter yes.",
        ),
        (
            "Submission S-30 of 28 September 2026 (Submissions sheet, cell G31) does not include "
            "CTIRU terms under Covers. A waiver of this duty has no effect: Waivers sheet, row 9 "
            "(incomplete).",
            "If the submission did include CTIRU terms, correct cell G31 of Submissions. If not, "
            "obtain one that includes CTIRU terms, then record a new submission on the Submissions "
            "sheet. Or, if the waiver was approved, fill in 'Approved by' (Waivers sheet, row 9).",
        ),
        (
            "3 of 99 records of the last 12 months have been incomplete for too long; for 1 the "
            "records cannot tell: T00226 (D134 of Training cannot be read), T00227 (B147 of "
            "Training is blank) "
            "and T00229 (B212 of Training: 'S9O4' is not on the Staff sheet, nor is 'S904'). "
            "Cannot tell: row 143 of Training, because it has no deadline without its date.",
            "T00226: enter 'awareness' in cell D134 of Training, if that is meant. T00227: enter "
            "in cell B147 of Training the reference of the person trained (often the staff "
            "number). T00229: check cell B212 of Training for a typing error ('S904' would have a "
            "zero for the letter O). If it has none, add the person to Staff.",
        ),
    ]


def test_what_is_due_says_what_to_do_by_when_and_where_to_record_it(office: Assessment) -> None:
    """What the records say already comes first: a minute that says that it is done, and a course
    that is booked for too late a day."""
    told = brief(office)
    steps = {duty.id: needed(office, duty, told.next_steps) for duty in (*told.soon, *told.next_)}
    assert steps["guidance-accessible"] == (
        "Review or reissue the Prevent guidance by 14 December 2026; then add a row to the "
        "Documents sheet."
    )
    assert steps["office-briefed"] == (
        "Give the briefing (for SG-2026-4, Deputy PCC) by 8 December 2026; then add a row to the "
        "Comms sheet."
    )
    assert steps["referrals-reviewed"] == (
        "Review the office's own referrals (or make a nil return) by 28 January 2027; then add a "
        "row to the Reviews sheet; or, if there was nothing in the whole quarter, to the Nil "
        "returns sheet."
    )
    assert steps["opcc-actions-delivered"] == (
        "Minute SG-2026-4/17 says 'completed' (Minutes sheet, cell J114). If that is right, enter "
        "the date in cell M17 of Action log. If not, complete the action (for A-13) by 18 December "
        "2026, and correct Minute SG-2026-4/17."
    )
    (course,) = (
        told.next_steps.of(one)
        for duty in office.duties
        for one in duty.obligations
        if (duty.id, one.subject) == ("refresher-training", "S028")
    )
    assert (course.why, course.step) == (
        "S028 last completed this on 10 December 2024, and it is needed again by 10 December 2026. "
        "Training record T00225 of 19 January 2027 (Training sheet, row 230) is still to come, "
        "after the deadline. A row that may show it does not count until B147 of Training is "
        "corrected.",
        "First fill in B147 of Training, which is blank: enter the ref of the person trained "
        "(often the staff number), as on the Staff sheet. If that does not show it: "
        "move what is planned for 19 January 2027 to 10 December 2026 or earlier, and correct its "
        "date. Otherwise, arrange an awareness or refresher course, and see that it is "
        "passed (for S028) by 10 December 2026; then add a row to the Training sheet.",
    )


def test_a_row_that_names_an_older_document_is_shown_with_the_cell_that_names_it(
    office: Assessment,
) -> None:
    """The program fills in whether it is the latest one; the office has no such column."""
    (late,) = (
        one
        for duty in office.duties
        for one in duty.obligations
        if duty.id == "sop-review-uses-assessment" and one.status is Status.OVERDUE
    )
    (near,) = near_rows(late)
    assert reject_words(near, Places(office)) == (
        "Reviews sheet, row 50, 28 July 2026: was not based on the latest Home Office assessment "
        "(HOA-2) (I50 says 'HOA-1')"
    )


def test_two_causes_of_one_gap_are_both_told(office: Assessment) -> None:
    assert (
        "For 1 the records cannot tell because two sheets have almost the same name and a sheet "
        "has no headings." in brief(office).verdict
    )


def test_the_sheet_of_acknowledgements_has_the_name_that_the_office_gave_it(
    office: Assessment,
) -> None:
    assert Places(office).sheet_of("acknowledgements") == "Acknowledged"
    assert Places(office).sheet_of("nothing") == "Nothing"
    text = parsed(to_html(office)).text()
    assert "on the Acknowledged sheet, enter its kind" in text
    assert "Acknowledgements sheet" not in text


def test_the_commissioner_reads_what_the_records_say_and_no_more(office: Assessment) -> None:
    assert brief(office).for_head == (
        "Row 9 of Roles names the Chief Executive as Prevent Lead since 6 July 2026. The SOP gives "
        "this role to the Head of Policy and Partnerships. The Commissioner is asked to say which "
        "is right.",
        "Check DD-029 was done 7 days after its award date of 16 March 2026: 4.7 Due diligence "
        "before awards and 4.7 Extremism checks before awards.",
        "2 periods in the last 12 months were missed or not covered: 3 Designated senior lead for "
        "Prevent (27 June to 5 July 2026) and 4.1 Contribution to the Steering Group (2025/26 Q3). "
        "Both duties are met now.",
        "What is overdue depends on 8 readings of the SOP, such as that 'at appropriate intervals' "
        "is at least every 24 months. See 'How we read the SOP'.",
        "A check before an award raised a concern about extremism (check DD-032, award date 20 "
        "July 2026). It is recorded as decided by the Chief Executive.",
        "A referral was judged not to be proportionate (case CASE-07, opened on 21 May 2026). For "
        "information.",
        "A deputy stood in for the Prevent Lead (meeting SG-2026-2, date held 28 April 2026). For "
        "information.",
    )


def test_the_first_sentence_and_the_verdict_of_the_example(whole: Assessment) -> None:
    parts = brief(whole)
    assert parts.answer == (
        "6 of the office's 72 duties are overdue. In 4, the work was recorded but did not meet the "
        "requirement; in 2 (both Training), records are missing or unreadable."
    )
    assert parts.verdict == (
        "67 of the office's 72 duties were assessed: 47 are met (5 late), 6 are overdue, 13 are "
        "due between 8 December 2026 and 31 March 2027 and 1 does not apply. For 1 the records "
        "cannot tell because two sheets have almost the same name and a sheet has no headings. 4 "
        "were not assessed: no 'Venues' sheet was provided."
    )
    assert parts.little_known == (
        "Little is known of 4.7 Permissive environments: no result for 5 of 9 duties."
    )
    assert parts.avoidable == (
        "S028: 4.6 Refresher training (every 24 months) is booked for 19 January 2027, after the "
        "deadline of 10 December 2026. Bring it forward.",
    )
    assert parts.later_together == "3 of these are parts of 5 Annual assurance statement."
    short = " ".join(summary(whole).split())
    front = " ".join(parsed(to_html(whole)).text().partition(" Overdue ")[0].split())
    for sentence in (parts.little_known, *parts.avoidable):
        assert sentence in short
        assert sentence in front
    assert parts.later_together in short
    assert parts.met_means.endswith(
        "The check cannot tell when a row was filled in, so it treats a complete row as being on "
        "time."
    )


def test_each_post_reads_what_it_has_to_do_within_30_days(whole: Assessment) -> None:
    """A meeting to attend is in no list of what is due."""
    assert [(each.name, each.words) for each in post_tasks(whole, brief(whole))] == [
        ("Business Manager", "4 not assessed (no 'Venues' sheet)"),
        (
            "Chief Executive (also Prevent Lead)",
            "3 cannot tell (2 of them of partners); by 8 December 2026: 4.1 Briefing after each "
            "Steering Group; by 10 December 2026: 4.1 PCC and Chief Executive at SWPB (at a "
            "meeting); by 14 December 2026: 3 Prevent guidance available to staff; confirm who is "
            "Prevent Lead; "
            "3 waivers approved by this post have no effect",
        ),
        (
            "Communications Officer",
            "1 overdue (4.8 Engagement recorded on the plan); by 16 December 2026: 4.8 Toolkit use "
            "recorded and reported",
        ),
        (
            "Data Protection Officer",
            "1 overdue (5 Annual data protection check of Prevent records)",
        ),
        (
            "Head of Policy and Partnerships",
            "1 overdue (5 Latest Home Office assessment in SOP and model reviews); by 10 December "
            "2026: 4.1 Chair or Prevent Officer at SWPB (a partner's duty)",
        ),
        (
            "HR Officer",
            "2 overdue (4.6 Refresher training (every 24 months); 4.6 Training record complete); "
            "by 10 December 2026: 4.6 Refresher training (every 24 months) (1 more person)",
        ),
        ("IT Manager", "1 overdue (4.7 Annual IT filter assurance)"),
        ("Policy Officer", "by 18 December 2026: 4.3 OPCC actions delivered on time"),
    ]
    lines = summary(whole).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("DUE WITHIN 30 DAYS"))
    assert lines[start : start + 2] == [
        "DUE WITHIN 30 DAYS: 4 duties; also 1 meeting and 1 person for an overdue duty",
        "  Chief Executive (also Prevent Lead): 3 cannot tell (2 of them of partners); by",
    ]


def test_what_was_done_late_is_said_once_with_what_is_due_again(office: Assessment) -> None:
    assert brief(office).late == (
        "Done late: 4.3 OPCC actions delivered on time (A-15, 44 days late; A-8, 8 days late; now "
        "due); 4.6 Prevent training for all staff (1 of 54 people, by 28 days); 4.2 Q4 CTLP "
        "workshop (by 14 days); 4.6 Induction training for new starters (1 of 12 people, by 11 "
        "days); 4.7 Due diligence before awards and 4.7 Extremism checks before awards "
        "(DD-029, 7 days after its award date)."
    )
    assert "DONE LATE: 6 duties (5 now met, 1 not); the longest delay: 4.3 OPCC actions" in (
        summary(office)
    )


def test_no_person_is_named_in_the_summary_nor_outside_the_cards(office: Assessment) -> None:
    names = names_of_people(office)
    assert len(names) > 40
    root = parsed(to_html(office))
    texts = [
        each.text()
        for each in (root.one("main").all("section") + root.all("div", class_="box"))
        if "cards" not in each.attributes.get("class", "")
    ]
    texts += [summary(office), summary(office, commands=True)]
    assert len(texts) > 10
    assert [name for name in names for text in texts if name in text] == []
    assert "Study leave" not in root.text()


def test_the_command_is_only_for_the_person_who_runs_the_program(office: Assessment) -> None:
    assert "dueregard map" not in summary(office)
    assert "dueregard map" in summary(office, commands=True)


def test_the_page_says_the_same_in_its_first_table_in_the_cards_and_in_the_summary(
    office: Assessment,
) -> None:
    root = parsed(to_html(office))
    (first,) = [t for t in root.all("table") if t.one("caption").text() == "Overdue duties"]
    short = " ".join(summary(office).split())
    for action in brief(office).overdue:
        card = root.one("details", id=f"duty-{action.duty.id}").text()
        several = re.match(r"\d+ of \d+ ", action.why)  # a card has them one by one
        assert action.briefly in first.text()
        assert action.step in first.text()
        ended = re.split(r" (?:A|The) waiver", action.why)[0]
        for sentence in (ended, action.step.partition(" Or, if")[0]):
            assert several or sentence in card
        assert action.short in short
        assert action.step in short
