"""The guide in Chromium: its pictures show the pages as they are now, axe-core finds nothing in its
own pages, and these work without the program and without a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page

from cli.browser import guidebook
from cli.browser.guidebook import GuidePage
from tests import guide
from tests.guide import DOCS, RENEW, Depicted, depicted, saved, walk
from tests.support.browser import violations
from tests.support.browser_server import served

PAGES = guidebook.guide_pages()
STEPS = [page for page in PAGES if page.part]
NAMES = sorted(saved())


@pytest.fixture(scope="module")
def now(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Depicted]:
    """What each picture would show if it were taken now."""
    folder = tmp_path_factory.mktemp("office") / "Prevent"
    folder.mkdir()
    page = browser.new_page(viewport={"width": guide.WIDTH, "height": 900})
    try:
        return {one.name: depicted(page, one, folder) for one in walk(page, folder)}
    finally:
        page.close()


@pytest.mark.campaign
def test_each_step_of_the_guide_can_be_taken(now: Mapping[str, Depicted]) -> None:
    assert sorted(now) == NAMES, RENEW


@pytest.mark.campaign
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_its_page_as_it_is_now(name: str, now: Mapping[str, Depicted]) -> None:
    assert now[name].words == saved()[name].words, RENEW
    assert now[name].style == saved()[name].style, RENEW


@pytest.mark.campaign
def test_next_leads_through_all_steps_to_the_glossary_without_a_script(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((DOCS / "index.html").as_uri())
    page.get_by_role("link", name=STEPS[0].title).click()
    for step in STEPS:
        assert page.title() == f"{step.title} – Guide – Due Regard"
        page.wait_for_load_state()  # the title comes before the pictures
        pictures = page.locator("img").evaluate_all("all => all.map((one) => one.naturalWidth)")
        assert pictures == [guide.WIDTH] * len(step.pictures)
        page.get_by_role("link", name="Next").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Glossary"
    context.close()


@pytest.fixture(scope="module")
def in_program(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of the program, in a folder in which nothing is set up."""
    with served(tmp_path_factory.mktemp("empty")) as site:
        page = browser.new_page()
        page.goto(site.session.address)
        yield page
        page.close()


@pytest.mark.one_in(26)
@pytest.mark.parametrize("width", [320, 1100, 0])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    page: GuidePage, width: int, in_program: Page
) -> None:
    """On a phone, on a desk and, for 0, in print."""
    in_program.emulate_media(media="screen" if width else "print")
    in_program.set_viewport_size({"width": width or 794, "height": 1000})
    in_program.goto(in_program.url.split("/guide")[0].rstrip("/") + f"/guide/{page.address}")
    assert violations(in_program, passes=15) == []
    assert in_program.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (in_program.get_by_role("navigation").count() > 0) == (width > 0)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("page", [PAGES[0], STEPS[0], PAGES[-1]], ids=lambda page: page.address)
def test_axe_finds_nothing_in_the_guide_of_docs(page: GuidePage, browser: Browser) -> None:
    alone = browser.new_page(viewport={"width": 320, "height": 800})
    alone.goto((DOCS / page.address).as_uri())
    assert violations(alone, passes=15) == []
    assert alone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    alone.close()
