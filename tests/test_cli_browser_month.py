"""The month in the pages: one button, and a page with all that was written and what to do next."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cli.browser.site import Site
from tests.support.browser import violations
from tests.support.browser_pages import Answer, folder_hashes, followed, site_of, visit
from tests.support.browser_server import served
from tests.support.desk_office import called, rulebook, workbook
from tests.support.needs import ROOT

pytestmark = pytest.mark.usefixtures("no_year_ahead")

FIRST, SECOND = "2026-10-24", "2026-11-24"
HERE = f"/reports/{SECOND}/month"
OFFICE = "version: 1\noffice: OPCC Anyshire\nevidence:\n  - office.xlsx\n"


def small_office(folder: Path) -> Path:
    """The folder of a small office."""
    rulebook(folder / "rules")
    (folder / "desk.xlsx").write_bytes(workbook())
    text = "version: 1\nrulebook: rules\nevidence:\n  - desk.xlsx\n"
    (folder / "office.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_office(tmp_path)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pages of the example office's folder once two months were prepared."""
    folder = tmp_path_factory.mktemp("month") / "office"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "office.xlsx", folder)
    (folder / "office.yaml").write_text(OFFICE, encoding="utf-8")
    for day in (FIRST, SECOND):
        assert called(folder, "month", "--as-of", day).code == 1
    return site_of(folder)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The same of a small office; the tests leave it as it is."""
    folder = small_office(tmp_path_factory.mktemp("small"))
    for day in (FIRST, SECOND):
        assert called(folder, "month", "--as-of", day).code == 0
    return site_of(folder)


def ended(site: Site, answer: Answer) -> Answer:
    """The page to which a month leads once it has ended."""
    assert answer.goes_to == "/check"
    while site.check_run and not site.check_run.ended:
        page = visit(site, "GET", "/check")
        if page.goes_to:  # it ended meanwhile
            return page
        assert "Preparing the month" in page.words
        time.sleep(0.1)
    return visit(site, "GET", "/check")


def in_order(page: str, steps: Sequence[str]) -> None:
    """Fails where the page does not have all of these, one after the other."""
    places = [page.find(step) for step in steps]
    assert -1 not in places, dict(zip(steps, places, strict=True))
    assert places == sorted(places)


def test_the_page_says_what_to_do_next_in_order(prepared: Site) -> None:
    steps = (
        "Prepared for 24 November 2026",
        "Nothing was sent.",
        "Read what changed since 24 October 2026, and why.",
        "Import the calendar.",
        "Send the paper. The paper for a meeting names no people.",
        "Sign off the report.",
        "Every file",
        "The report: what changed and why, what is overdue, who does what assessment.html",
        "The paper for a meeting paper.docx",
        "The pack for an auditor pack.zip",
    )
    in_order(visit(prepared, "GET", HERE).words, steps)
    assert f'<a href="{HERE}">24 November 2026</a>' in visit(prepared, "GET", "/").text
    assert (
        "The mails, the papers and what to do next"
        in visit(prepared, "GET", f"/reports/{SECOND}").words
    )


@pytest.mark.campaign
def test_the_page_says_whom_to_write_to(example: Site) -> None:
    steps = (
        "Prepared for 24 November 2026",
        "Nothing was sent.",
        "Read what changed since 24 October 2026, and why. 7 overdue, now 6;",
        "Send the mails. 8 owners have something to do.",
        "Business Manager",
        "HR Officer",
        "Import the calendar.",
        "Send the paper. The paper for a meeting names no people.",
        "Sign off the report.",
        "Every file",
        "The report: what changed and why, what is overdue, who does what assessment.html",
        "A draft of a mail for each owner owners/business-manager.eml",
        "The paper for a meeting paper.docx",
        "The pack for an auditor pack.zip",
    )
    in_order(visit(example, "GET", HERE).words, steps)


@pytest.mark.parametrize(
    "name", ["run.json", "month.json", "../2026-10-24/pack.zip", "..%2f..%2foffice.yaml", "", "a"]
)
def test_only_what_was_written_is_sent(prepared: Site, name: str) -> None:
    assert visit(prepared, "GET", f"{HERE}/{name}").status == 404
    assert visit(prepared, "GET", "/reports/2026-10-25/month").status == 404


def test_a_form_of_another_page_starts_no_month(prepared: Site) -> None:
    before = folder_hashes(prepared.folder)
    for headers, token in (({"origin": "http://example.com"}, None), ({}, "")):
        assert visit(prepared, "POST", "/month", {}, headers=headers, token=token).status == 403
    assert prepared.check_run is None
    assert folder_hashes(prepared.folder) == before


def test_a_day_that_is_none_is_refused_in_the_form(small: Path) -> None:
    site = site_of(small)
    answer = visit(site, "POST", "/month", {"as_of": "31 November", "by": ""})
    assert answer.status == 422
    assert "<details open>" in answer.text
    assert "31 November" in answer.words
    assert site.check_run is None


@pytest.mark.usefixtures("light_checks")
def test_a_month_that_stopped_says_why_on_the_first_page(small: Path) -> None:
    site = site_of(small)
    (small / "desk.xlsx").write_bytes(b"no workbook")
    page = followed(site, ended(site, visit(site, "POST", "/month", {"as_of": SECOND})))
    assert "Nothing was checked, because this file could not be read:" in page.words
    assert "Prepare this month" in page.words
    assert not (small / "reports").exists()


@pytest.mark.campaign
def test_the_button_prepares_a_month(small: Path) -> None:
    site = site_of(small)
    answer = ended(site, visit(site, "POST", "/month", {"as_of": SECOND}))
    assert answer.goes_to == HERE
    assert "Prepared for 24 November 2026" in followed(site, answer).words


def test_a_day_that_was_checked_again_since_is_said(small: Path) -> None:
    assert called(small, "month", "--as-of", SECOND).code == 0
    site = site_of(small)
    again = "This day was checked again since."
    assert again not in visit(site, "GET", HERE).words
    assert "There was no check before this one to compare with." in visit(site, "GET", HERE).words
    assert called(small, "check", "--as-of", SECOND, "--records-begin", "2026-02-01").code < 2
    assert again in visit(site, "GET", HERE).words


# Last, since no page can be asked for in this process while a browser is open -------------------


@pytest.mark.campaign
def test_one_button_leads_to_all_that_was_written(small: Path, browser: Browser) -> None:
    assert called(small, "month", "--as-of", FIRST).code == 0
    with served(small) as site:
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.goto(site.session.address)
        page.get_by_text("For another day").click()
        page.get_by_label("For which day?").fill("24 November 2026")
        page.get_by_role("button", name="Prepare this month").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Preparing the month"
        page.wait_for_url(f"**{HERE}", timeout=30_000)
        page.set_viewport_size({"width": 320, "height": 900})
        assert violations(page, 10) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        for name in ("The dates of the next 12 months", "pack.zip"):
            with page.expect_download() as download:
                page.get_by_role("link", name=name).first.click()
            data = download.value.path().read_bytes()
            short = download.value.suggested_filename.removeprefix(f"{SECOND} ")
            assert data == (small / "reports" / SECOND / short).read_bytes()
        page.get_by_role("link", name="Read the report").click()
        assert page.url.endswith("assessment.html#changes")
        page.close()
