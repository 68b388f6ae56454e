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
    assert lines.index("OVERDUE: 6 duties") < 20
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
    assert "In row 134 of Training, enter: Course" in " ".join(text.split())
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
    assert view.verdict(two, view.OFFICE).endswith("65 are not assessed.")
    assert len(pages(browser, pdftoppm, two, tmp_path)) <= 4


def test_each_overdue_duty_has_the_value_found_and_the_next_step(office: Assessment) -> None:
    assert [action.text for action in brief(office).overdue] == [
        "3 of 99 checks are overdue and 1 could not be judged. The most urgent: In Course, 'Prevnt "
        "awarness' is not an option (Training sheet, cell D134). Enter awareness, if that is "
        "meant.",
        "The record of 30 June 2026 (Reviews sheet, row 47) has 'changes needed' under Outcome, "
        "where fine or changes made is needed. Correct that row once it is true, or add a new one.",
        "The record of 28 July 2026 (Reviews sheet, row 50) does not have what is needed under "
        "Assessment. Once it is true, enter under Assessment: the reference of the Home Office "
        "assessment that was taken into account (the latest is HOA-2).",
        "The record of 20 June 2026 (Comms sheet, row 40) has 'No' under On plan, where yes is "
        "needed. Once it is true, enter under On plan: yes.",
        "The record of 28 September 2026 (Submissions sheet, row 31) does not include CTIRU terms "
        "under Covers. Correct that row once it is true, or add a new one.",
        "2 of 54 checks are overdue. The most urgent: In Date completed, 'Sept 2026' has no day of "
        "the month (Training sheet, cell G143). Enter the date, such as 25/04/2026, or leave the "
        "cell blank.",
    ]
