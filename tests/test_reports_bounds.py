"""The reports of the example are short: on screen, on paper, and in bytes."""

from __future__ import annotations

import datetime
import math
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from evidence.read import read_evidence
from examples.office.made import AS_OF
from reports import view
from reports.brief import brief
from reports.compare.changes import compared
from reports.html.report import to_html
from reports.json import to_json
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


def test_the_summary_fits_120_lines_and_begins_with_what_to_do(office: Assessment) -> None:
    lines = summary(office).splitlines()
    assert len(lines) <= grown(120)
    assert lines.index("OVERDUE: 6 duties") < 20
    assert lines.index("OVERDUE: 6 duties") < lines.index("FOR THE COMMISSIONER")
    assert any(line.startswith("HOW WE READ THE SOP") for line in lines[100:])


def test_the_page_and_the_json_stay_small(office: Assessment) -> None:
    assert len(to_html(office)) <= grown(900_000)
    assert len(to_json(office)) < grown(1_000_000)


def test_the_page_prints_on_14_pages_at_most(
    browser: Browser, pdftoppm: Path, tmp_path: Path, office: Assessment
) -> None:
    printed = pages(browser, pdftoppm, office, tmp_path)
    assert 5 < len(printed) <= grown(14)
    assert "Overdue" in printed[0]
    text = "\n".join(printed)
    assert "T00226: enter 'awareness' in cell D134, if that is meant." in " ".join(text.split())
    assert "Long-term sick leave" not in text
    assert [name for name in names_of_people(office) if name in text] == []
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
            "3 of 99 records are overdue and 1 is unclear: T00226 (D134 of Training cannot be "
            "read), T00227 (B147 of Training is blank) and T00229 (B212 of Training: 'S9O4' is not "
            "on the Staff sheet). Unclear: row 143 of Training.",
            "T00226: enter 'awareness' in cell D134, if that is meant. T00227: enter in cell B147 "
            "the reference of the person trained (often the staff number). T00229: check row 212 "
            "of Training for a typing error, or add the person to Staff.",
        ),
        (
            "Review R-45 of 30 June 2026 (Reviews sheet, cell J47) found faults, and no correction "
            "is on record: it has 'changes needed' under Outcome, where 'satisfactory' or 'changes "
            "made' is needed.",
            "Correct the faults, then add a new review to the Reviews sheet.",
        ),
        (
            "Review R-48 of 28 July 2026 (Reviews sheet, row 50) was not based on the latest Home "
            "Office assessment (HOA-2).",
            "If the review was based on the latest Home Office assessment, correct 'Assessment' in "
            "row 50. If not, repeat the review and record it.",
        ),
        (
            "Communication C-39 of 20 June 2026 (Comms sheet, cell L40) is not in the "
            "communications and engagement plan.",
            "If the communication is in the communications and engagement plan, correct cell L40. "
            "If not, put that right and record it.",
        ),
        (
            "Submission S-30 of 28 September 2026 (Submissions sheet, cell G31) does not include "
            "CTIRU terms under Covers. A waiver of this duty has no effect: Waivers sheet, row 9 "
            "(incomplete).",
            "If the submission did include CTIRU terms, correct cell G31. If not, complete it and "
            "record a new submission on the Submissions sheet.",
        ),
        (
            "2 of 54 people are overdue: S022 (G143 of Training cannot be read) and S024 (last "
            "completed on 29 October 2024). 2 of the 3 waivers of this duty have no effect: "
            "Waivers sheet, row 6 (ended on 31 October 2026) and Waivers sheet, row 8 (two people "
            "share this name).",
            "S022: in cell G143, enter the date that its record shows. Once S024 has done it, add "
            "a row to the Training sheet.",
        ),
    ]


def test_the_commissioner_reads_what_the_records_say_and_no_more(office: Assessment) -> None:
    assert brief(office).for_head == (
        "4 of the 6 overdue duties are on record, but the record falls short. Find out which is "
        "wrong, the work or the record.",
        "2 have gaps in their records: 4.6 Training record complete (3 of 99 records) and 4.6 "
        "Refresher training (every 24 months) (2 of 54 people).",
        "2 periods in the last 12 months were missed or not covered: 3 Designated senior lead for "
        "Prevent (27 June to 5 July 2026) and 4.1 Contribution to the Steering Group (2025/26 Q3). "
        "No total includes them.",
        "No leadership post is vacant now, but Prevent Lead was vacant from 27 June to 5 July "
        "2026.",
        "Prevent Lead: the SOP gives this role to the Head of Policy and Partnerships. It is held "
        "by another post: Chief Executive.",
        "Decisions: a deputy stood in for the Prevent Lead (meeting SG-2026-2); the check raised a "
        "concern about extremism, and a decision was recorded (check DD-032); the referral was "
        "judged not to be proportionate (case CASE-07).",
        "What is overdue depends on how we read the SOP: readings 86, 93, 102, 127, 128, 138, 143 "
        "and 144.",
    )


def test_what_was_done_only_after_its_event_is_said_with_the_verdict(office: Assessment) -> None:
    assert brief(office).late == (
        "Met late: 4.6 Prevent training for all staff (1 of 54, by 28 days); 4.2 Q4 CTLP workshop "
        "(by 14 days); 4.6 Induction training for new starters (1 of 12, by 11 days); 4.7 Due "
        "diligence before awards (DD-029, 7 days after its event); 4.7 Awards to extremist bodies "
        "excluded (1 of 16, by 7 days)."
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
        several = " are overdue" in action.why  # a card has them one by one
        for sentence in (action.why.partition(" A waiver")[0], action.step):
            assert sentence in first.text()
            assert several or sentence in card
            assert sentence in short
