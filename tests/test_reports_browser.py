"""The HTML report in a browser: accessible whole, filtered, magnified and printed; no network."""

import re
import subprocess
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from engine.assessment import Assessment
from engine.outcome import Status
from reports.compare.changes import compared
from reports.html.report import to_html
from reports.trend import with_trend
from tests.support.assessment_builders import MARKING, assessment, days, duty, item, obligation
from tests.support.assessment_sample import sample
from tests.support.assessment_states import from_april, late, two_sheets
from tests.support.browser import violations
from tests.support.hostile_texts import MARKUP, everywhere
from tests.support.trend_points import points

#: 1280 CSS pixels at 400 %.
NARROW = 320


class Opened:
    """A report opened as a file, and all that the page asked for, said or failed at."""

    def __init__(
        self, browser: Browser, path: Path, made: Assessment, *, script: bool = True
    ) -> None:
        made = with_trend(compared(sample(as_of=days(-60)), made), points(11))
        path.write_bytes(to_html(made))
        self.context = browser.new_context(
            viewport={"width": 1100, "height": 800}, java_script_enabled=script
        )
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("console", lambda one: self.said.append(one.text))
        self.page.on("pageerror", lambda one: self.said.append(str(one)))
        self.page.on("dialog", self.dialog)
        self._address = path.as_uri()
        self.open()

    def open(self) -> None:
        """Opens the report as if for the first time."""
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": 1100, "height": 800})
        self.page.emulate_media(media="null")
        self.asked.clear()
        self.page.goto(self._address)
        assert self.asked == [self._address]
        assert self.said == []

    def dialog(self, one: Dialog) -> None:
        """Notes that the page asked something, and sends it away."""
        self.said.append(one.message)
        one.dismiss()

    def violations(self) -> list[str]:
        """What axe-core finds wrong, all of its rules on."""
        return violations(self.page, 20)

    def widest(self) -> int:
        """How wide the page is, in CSS pixels; more than its window, it scrolls sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def shown(self) -> list[str]:
        """The duties that can be seen, by their ids."""
        found = self.page.locator("details.duty:visible")
        return [str(one.get_attribute("id")) for one in found.all()]

    def active(self) -> str:
        """The text of what has the focus."""
        return str(self.page.evaluate("document.activeElement.textContent"))


@pytest.fixture(scope="module")
def cleared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """One report for all filters: each test begins and ends with none of them used."""
    one = Opened(browser, tmp_path_factory.mktemp("cleared") / "a.html", sample("A notice."))
    yield one
    one.context.close()


@pytest.fixture
def opened(cleared: Opened) -> Opened:
    """The same report, opened anew: another window takes three times as long as a page."""
    cleared.open()
    return cleared


@pytest.mark.campaign
def test_it_is_accessible_as_it_opens(opened: Opened) -> None:
    assert opened.violations() == []


@pytest.mark.campaign
def test_it_is_accessible_with_every_duty_unfolded(opened: Opened) -> None:
    opened.page.click("[aria-labelledby=trend] summary")
    opened.page.click("#unfold")
    folded = opened.page.locator("main details:not([open])").count()
    sections = (f"[aria-labelledby={name}]" for name in ("changes", "ahead", "coming"))
    others = f"section:is({', '.join(sections)}) details"
    assert folded == opened.page.locator(others).count()
    assert opened.violations() == []


@pytest.mark.campaign
def test_it_is_accessible_with_the_filters_used(opened: Opened) -> None:
    opened.page.select_option("#filter-status", "overdue")
    opened.page.click("#unfold")
    assert len(opened.shown()) == 3
    assert opened.violations() == []


def test_it_is_accessible_and_never_scrolls_sideways_at_400_percent(opened: Opened) -> None:
    opened.page.click("#unfold")
    opened.page.set_viewport_size({"width": NARROW, "height": 256})
    assert opened.widest() == NARROW
    assert opened.violations() == []


@pytest.mark.campaign
def test_it_is_accessible_in_print(opened: Opened) -> None:
    opened.page.click("#unfold")
    opened.page.emulate_media(media="print")
    assert opened.violations() == []


@pytest.mark.one_in(3)
@pytest.mark.parametrize("made", [two_sheets(), late(), from_april()])
def test_what_a_page_sets_apart_is_accessible_too(
    browser: Browser, tmp_path: Path, made: Assessment
) -> None:
    opened = Opened(browser, tmp_path / "a.html", made)
    assert opened.violations() == []
    opened.page.click("#unfold")
    opened.page.set_viewport_size({"width": NARROW, "height": 256})
    assert opened.widest() == NARROW
    assert opened.violations() == []


@pytest.mark.one_in(2)
@pytest.mark.parametrize("width", [NARROW, 1100])
def test_long_words_never_make_the_page_scroll_sideways(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    made = everywhere(sample("A notice."), lambda was: was + "x" * 300)
    opened = Opened(browser, tmp_path / "a.html", made)
    opened.page.click("#unfold")
    opened.page.set_viewport_size({"width": width, "height": 800})
    assert opened.widest() == width
    opened.context.close()


def test_a_narrow_table_keeps_each_cell_with_its_heading(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": NARROW, "height": 800})
    row = opened.page.locator("table.overdue tbody tr:not(.cause)").first
    before = row.evaluate("e => [...e.children].map(c => getComputedStyle(c, '::before').content)")
    assert before == ['"Section"', '"Duty"', '"Owner"', '"Deadline"', '"Why and what to do"']
    assert row.evaluate("e => e.scrollWidth <= e.clientWidth")


FILTERS = [
    ({"status": "cannot_tell"}, ["duty-award-due-diligence"]),
    ({"bearer": "Channel Chair"}, ["duty-channel-update"]),
    ({"owner": ""}, ["duty-referrals-reviewed", "duty-channel-update"]),
    ({"section": "4.8", "status": "met"}, ["duty-staff-update-annual"]),
    ({"section": "4.6", "status": "met"}, []),
]


@pytest.mark.parametrize(("asked", "left"), FILTERS)
def test_the_filters_leave_what_they_ask_for_and_announce_how_many(
    cleared: Opened, asked: dict[str, str], left: list[str]
) -> None:
    opened = cleared
    opened.page.click("#clear")
    count = opened.page.get_by_role("status")
    assert count.get_attribute("aria-live") == "polite"
    assert count.text_content() == "Showing 11 of 11 duties."
    for name, value in asked.items():
        opened.page.select_option(f"#filter-{name}", value)
    assert opened.shown() == left
    assert count.text_content() == f"Showing {len(left)} of 11 duties."
    opened.page.click("#clear")
    assert count.text_content() == "Showing 11 of 11 duties."


def test_the_filters_act_on_every_list(opened: Opened) -> None:
    page = opened.page
    rows = page.locator("table.overdue tbody tr:not(.cause):visible")
    assert rows.count() == 2
    page.select_option("#filter-owner", "Head of People")
    assert [row.locator("th").inner_text() for row in rows.all()] == [
        "Refresh each member of staff's Prevent training at set intervals"
    ]
    assert page.locator("table.due tbody tr:visible").count() == 0
    assert page.locator("table.findings tbody tr:visible").count() == 1
    assert page.locator(".owner:visible h3").all_inner_texts() == ["Head of People"]
    page.click("#clear")
    assert page.locator(".owner:visible").count() > 1
    assert rows.count() == 2


def test_the_address_keeps_the_filters(opened: Opened) -> None:
    page = opened.page
    page.select_option("#filter-owner", "Head of People")
    page.fill("#filter-text", "p-014")
    address = page.evaluate("location.href")
    assert address.endswith("#filter?owner=Head+of+People&search=p-014")
    page.click("#clear")
    assert page.evaluate("location.href").endswith("a.html#")
    page.goto(address)
    page.reload()
    assert opened.shown() == ["duty-refresher-training"]
    assert page.input_value("#filter-text") == "p-014"
    page.goto(address.replace("Head+of+People", "Nobody"))
    assert page.input_value("#filter-owner") == "*"


@pytest.mark.campaign
def test_it_is_accessible_when_a_tile_has_set_the_filter(opened: Opened) -> None:
    opened.page.locator(".tiles a").first.click()
    opened.page.wait_for_function("document.activeElement.id === 'filters'")
    assert opened.violations() == []


def test_a_tile_sets_the_filter_and_the_way_back_clears_it(opened: Opened) -> None:
    page = opened.page
    tiles = page.locator(".tiles a")
    for tile in tiles.all():
        duties = tile.inner_text().split()[0]
        tile.focus()
        page.keyboard.press("Enter")
        page.get_by_text(f"Showing {duties} of 11 duties.").wait_for()  # it is done in its own time
        assert "#filter?list=office&status=" in page.evaluate("location.href")
        assert page.evaluate("document.activeElement.id") == "filters"
        page.go_back()
        page.get_by_text("Showing 11 of 11 duties.").wait_for()


def test_a_filter_leaves_no_empty_section_and_a_link_to_one_clears_it(opened: Opened) -> None:
    page = opened.page
    page.click(".tiles .tag-met")
    page.get_by_text("Showing 2 of 11 duties.").wait_for()
    for hidden in ("#overdue", "#due", "#others"):
        assert not page.locator(hidden).is_visible()
    page.click("nav a[href='#due']")
    page.get_by_text("Showing 11 of 11 duties.").wait_for()
    assert page.locator("#due").is_visible()


def test_words_are_looked_for_in_all_that_a_duty_says(opened: Opened) -> None:
    opened.page.fill("#filter-text", "p-014 CASEWORKER")
    assert opened.shown() == ["duty-refresher-training"]
    assert opened.page.locator("h3:visible", has_text="4.8").count() == 0


def test_all_of_it_works_by_keyboard(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    assert opened.active() == "Skip to the report"
    assert page.locator(".skip").evaluate("e => e.getBoundingClientRect().left") == 0
    page.locator("table.overdue a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#duty-referrals-reviewed[open]").wait_for()  # a link is followed in its own time
    first = page.locator("#duty-referrals-reviewed")
    assert opened.active().startswith("147 days overdue")
    page.keyboard.press("Space")
    assert first.get_attribute("open") is None
    page.locator("#filter-status").focus()
    page.keyboard.type("due")
    assert opened.shown() == ["duty-pathway-available"]
    page.keyboard.press("Tab")
    page.keyboard.type("nowhere")
    assert opened.shown() == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert len(opened.shown()) == 11


def test_an_address_of_a_duty_that_is_filtered_out_brings_it_back(opened: Opened) -> None:
    opened.page.select_option("#filter-status", "met")
    opened.page.evaluate("location.hash = 'duty-referrals-reviewed'")
    opened.page.locator("#duty-referrals-reviewed[open]").wait_for()
    assert "duty-referrals-reviewed" in opened.shown()


def test_what_has_the_focus_can_be_seen(opened: Opened) -> None:
    for place in ("table.overdue a", "details.duty summary", "#filter-text", "#clear"):
        opened.page.locator(place).first.focus()
        opened.page.keyboard.press("Shift+Tab")
        opened.page.keyboard.press("Tab")
        style = opened.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 3px" in style


def test_without_a_script_it_can_be_read_and_unfolded(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path / "a.html", sample(), script=False)
    assert not opened.page.locator("#filters").is_visible()
    block = opened.page.locator("#duty-staff-update-annual")
    block.locator("summary").first.click()
    block.locator(".how summary").click()
    assert block.get_by_text("Evidence:").is_visible()
    assert len(opened.shown()) == 11
    opened.context.close()


def test_hostile_text_does_nothing_and_asks_for_nothing(browser: Browser, tmp_path: Path) -> None:
    """Each field has another of the texts, and none is passed over."""
    texts = cycle(MARKUP)
    made = everywhere(sample("A notice."), lambda was: next(texts) + was)
    opened = Opened(browser, tmp_path / "a.html", made)
    opened.page.click("#unfold")
    opened.page.fill("#filter-text", "registers")
    opened.page.emulate_media(media="print")
    opened.page.pdf()
    assert opened.asked == [(tmp_path / "a.html").as_uri()]
    assert opened.said == []
    opened.context.close()


def program_text(pdftoppm: Path, program: str, *arguments: str | Path) -> str:
    """What a program that came with pdftoppm prints."""
    order: list[str | Path] = [pdftoppm.with_name(program), *arguments]
    return subprocess.run(order, check=True, capture_output=True, timeout=60).stdout.decode()


def long_report() -> Assessment:
    """A report of several printed pages."""
    people = [
        obligation(Status.MET, subject=f"P-{n}", evidence=(item(row=n, person=f"P-{n}"),))
        for n in range(1, 90)
    ]
    return assessment((duty("own", "t", *people),))


def test_it_prints_on_a4_with_the_marking_and_the_page_on_every_page(
    browser: Browser, pdftoppm: Path, tmp_path: Path
) -> None:
    opened = Opened(browser, tmp_path / "a.html", long_report())
    opened.page.click("#unfold")
    opened.page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    pages = program_text(pdftoppm, "pdftotext", tmp_path / "a.pdf", "-").split("\f")[:-1]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert page.count(MARKING) >= 2
        assert f"{number} of {len(pages)}" in page
    assert "(A4)" in program_text(pdftoppm, "pdfinfo", tmp_path / "a.pdf")
    opened.context.close()


def test_where_a_browser_fills_no_margins_the_marking_is_still_on_every_page(
    browser: Browser, pdftoppm: Path, tmp_path: Path
) -> None:
    """Played by taking the margins' content away and turning the other browser's style on."""
    text = to_html(long_report()).decode()
    text = re.sub(r"@(top|bottom)-\w+ \{[^}]*\}|<meta http-equiv[^>]*>", "", text)
    text = text.replace("@supports (-moz-appearance: none)", "@supports (color: red)")
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "a.html").as_uri())
    page.click("#unfold")
    page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    pages = program_text(pdftoppm, "pdftotext", tmp_path / "a.pdf", "-").split("\f")[:-1]
    assert len(pages) > 3
    assert [page.count(MARKING) for page in pages] == [2] * len(pages)
    page.close()
