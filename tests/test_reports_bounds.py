"""The reports of the example are short: on screen, on paper, and in bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from engine.assessment import Assessment
from evidence.read import read_evidence
from reports import view
from reports.brief import brief
from reports.html.report import to_html
from reports.json import to_json
from reports.text import summary
from tests.support.browser import started
from tests.support.example_offices import assessed, book
from tests.support.html_page import parsed
from tests.support.needs import ROOT

OFFICE = ROOT / "examples" / "office.xlsx"


@pytest.fixture(scope="module")
def office() -> Assessment:
    return assessed(read_evidence([OFFICE], book().registers))


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with started(chromium) as browser:
        yield browser


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


def test_the_summary_fits_120_lines_and_begins_with_what_to_do(office: Assessment) -> None:
    lines = summary(office).splitlines()
    assert len(lines) <= 120
    assert lines.index("FOR THE COMMISSIONER") < lines.index("OVERDUE: 6 duties") <= 24
    assert any(line.startswith("HOW WE READ THE SOP") for line in lines[100:])


def test_the_page_and_the_json_stay_small(office: Assessment) -> None:
    assert len(to_html(office)) <= 900_000
    assert len(to_json(office)) < 1_000_000


def test_the_page_prints_on_14_pages_at_most(
    browser: Browser, pdftoppm: Path, tmp_path: Path, office: Assessment
) -> None:
    printed = pages(browser, pdftoppm, office, tmp_path)
    assert 5 < len(printed) <= 14
    assert "Overdue" in printed[0]
    text = "\n".join(printed)
    assert "Enter awareness in cell D134, if that is meant." in " ".join(text.split())
    assert "Long-term sick leave" not in text
    assert "SHA-256" not in text


def test_an_office_with_two_sheets_prints_on_4_pages_at_most(
    browser: Browser, pdftoppm: Path, tmp_path: Path
) -> None:
    workbook = load_workbook(OFFICE)
    for name in set(workbook.sheetnames) - {"Staff", "Training"}:
        del workbook[name]
    workbook.save(tmp_path / "office.xlsx")
    two = assessed(read_evidence([tmp_path / "office.xlsx"], book().registers))
    assert " 65 were not assessed: no evidence was provided." in view.verdict(two, view.OFFICE)
    assert len(pages(browser, pdftoppm, two, tmp_path)) <= 4


def test_each_overdue_duty_has_its_cause_and_the_next_step(office: Assessment) -> None:
    assert [(action.why, action.step) for action in brief(office).overdue] == [
        (
            "Training record T00226 of 5 March 2026 (Training sheet, cell D134) cannot be read "
            "under Course, where 'Prevnt awarness' is not an option.",
            "Enter awareness in cell D134, if that is meant.",
        ),
        (
            "Review R-45 of 30 June 2026 (Reviews sheet, cell J47) has 'changes needed' under "
            "Outcome, where 'fine' or 'changes made' is needed.",
            "Once it is true, correct cell J47; otherwise record a new review on the Reviews "
            "sheet.",
        ),
        (
            "Review R-48 of 28 July 2026 (Reviews sheet, row 50) was not based on the latest Home "
            "Office assessment (HOA-2).",
            "Once it is true, enter under Assessment the reference of the Home Office assessment "
            "that was taken into account (the latest is HOA-2).",
        ),
        (
            "Communication C-39 of 20 June 2026 (Comms sheet, cell L40) is not in the "
            "communications and engagement plan.",
            "Once it is true, enter yes in cell L40.",
        ),
        (
            "Submission S-30 of 28 September 2026 (Submissions sheet, cell G31) does not include "
            "CTIRU terms under Covers.",
            "Once it is true, correct cell G31; otherwise record a new submission on the "
            "Submissions sheet.",
        ),
        (
            "Privet Imaginary's training record T00137 (Training sheet, cell G143) cannot be read "
            "under Date completed, where 'Sept 2026' has no day of the month.",
            "In cell G143, enter the date, such as 25/04/2026.",
        ),
    ]


def test_the_commissioner_reads_what_is_only_recorded_wrongly(office: Assessment) -> None:
    assert brief(office).commissioner == (
        "5 of the 6 overdue duties are records to correct: the work seems to have been done, but "
        "its record has a fault.",
        "1 is not on record as fully done: 4.6 Refresher training (every 24 months).",
        "No leadership post is empty now, but Prevent Lead was empty from 27 June to 5 July 2026.",
    )


def test_the_page_says_the_same_in_its_first_table_in_the_cards_and_in_the_summary(
    office: Assessment,
) -> None:
    root = parsed(to_html(office))
    (first,) = [t for t in root.all("table") if t.one("caption").text() == "Overdue duties"]
    short = " ".join(summary(office).split())
    for action in brief(office).overdue:
        card = root.one("details", id=f"duty-{action.duty.id}").text()
        for sentence in (action.why, action.step):
            assert sentence in first.text()
            assert sentence in card
            assert sentence in short
