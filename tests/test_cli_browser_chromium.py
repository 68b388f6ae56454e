"""The pages in Chromium: from an empty folder to the report, by mouse, by keyboard alone and
without a script; accessible at every width; and nothing asked of any other computer."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, Request

from cli.browser.check_run import CheckRun
from cli.browser.site import Site
from cli.office_folder import office_in
from cli.progress import STEPS
from tests.support.browser import violations
from tests.support.browser_server import served
from tests.support.needs import ROOT
from tests.support.offices import FOLDERS, office_files
from tests.test_cli_browser_sheets import sheets_of
from tests.test_cli_mapping import PEOPLE

DAY = "28 November 2026"
REPORT = "/reports/2026-11-28"
#: Prints what each way to the report took.
SAYS_FIGURES = bool(os.environ.get("DUEREGARD_FIGURES"))
#: The widths at which a page is looked at, in CSS pixels; 320 is 1280 at 400 %.
WIDTHS = (320, 1100)
EXAMPLE = (ROOT / "examples" / "office.xlsx",)
PEOPLE_FILE = FilePayload(name="People.csv", mimeType="text/csv", buffer=PEOPLE.encode())
#: What somebody of the office chooses where nothing is proposed, by the label of the field.
CHOICES = {"passed": "always yes"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The pages of an empty folder."""
    folder = tmp_path / "Office of Anyshire"
    folder.mkdir()
    with served(folder) as one:
        yield one


class Visitor:
    """Somebody at the pages: counts the pages and the fields, and notes what goes wrong."""

    def __init__(self, browser: Browser, site: Site, *, script: bool = True) -> None:
        self.site, self._script = site, script
        self.context = browser.new_context(
            viewport={"width": 1100, "height": 800}, java_script_enabled=script
        )
        self.page: Page = self.context.new_page()
        self.pages, self.fields = 0, 0
        self.wrong: list[str] = []
        self.looked_at: set[str] = set()
        self._begun = time.monotonic()  # later by what looking at the pages takes
        self.page.on("request", self._note_request)
        self.page.on("console", self._note)
        self.page.on("filechooser", lambda _: None)  # from now on, not when the key is pressed
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.goto(site.session.address)
        self.arrive()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(f"http://127.0.0.1:{self.site.session.port}/"):
            self.wrong.append(f"asked for {request.url}")

    def _note(self, message: object) -> None:
        text = str(getattr(message, "text", message))
        if "422" not in text:  # a page with faults, which Chromium calls a failure
            self.wrong.append(text)

    @property
    def path(self) -> str:
        """The path of the page, with what differs between sheets and days left out."""
        path = self.page.url.split("?")[0].removeprefix(f"http://{self.site.session.hosts[0]}")
        return re.sub(r"/[0-9a-f]{16}/\d+$", "/…/questions", re.sub(r"[0-9a-f]{16}/a", "…/a", path))

    def arrive(self) -> None:
        """Counts a page; the first of a kind must be accessible, in every width and in print."""
        self.pages += 1
        kind = self.page.title() if "questions" in self.path else self.path
        if self._script and kind not in self.looked_at and not kind.endswith("assessment.html"):
            self.looked_at.add(kind)
            begun = time.monotonic()
            self.wrong += [f"{kind}: {fault}" for fault in faults_of(self.page)]
            self._begun += time.monotonic() - begun

    def choose_files(self, files: Sequence[Path], *more: FilePayload) -> None:
        """Chooses files to add."""
        self.fields += 1
        payloads = [
            FilePayload(
                name=path.name, mimeType="application/octet-stream", buffer=path.read_bytes()
            )
            for path in files
        ]
        self.page.set_input_files("#added", [*payloads, *more])

    def fill(self, field: Locator, text: str) -> None:
        """Types into a field."""
        self.fields += 1
        field.fill(text)

    def select(self, field: Locator, text: str) -> None:
        """Chooses from a list."""
        self.fields += 1
        field.select_option(text)

    def tick(self, field: Locator) -> None:
        """Chooses a radio button or a box."""
        self.fields += 1
        field.check()

    def press(self, target: Locator) -> None:
        """Follows a link or presses a button, and arrives at another page."""
        with self.page.expect_navigation():
            target.click()
        self.arrive()

    def say_figures(self, name: str) -> None:
        """Prints what the way took, if that is asked for; nothing may have gone wrong on it."""
        seconds = time.monotonic() - self._begun
        if SAYS_FIGURES:
            print(
                f"\n{name}: {self.pages} pages, {self.fields} fields, {seconds:.1f} s; "
                f"{len(self.looked_at)} pages under axe, each at {WIDTHS} and in print"
            )
        assert self.wrong == []
        self.context.close()


class KeyboardVisitor(Visitor):
    """Somebody who has no mouse: Tab, Space, Enter, the arrows, and letters."""

    def _focus(self, field: Locator) -> None:
        """Goes to an element with Tab alone, from wherever the focus is."""
        for _ in range(400):
            if field.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        assert field.evaluate("element => element === document.activeElement"), field
        style = field.evaluate("element => getComputedStyle(element).outlineStyle")
        assert style == "solid"  # what has the focus can be seen

    def choose_files(self, files: Sequence[Path], *more: FilePayload) -> None:
        """Opens the system's own window to choose files with Space."""
        self.fields += 1
        self._focus(self.page.locator("#added"))
        with self.page.expect_file_chooser() as window:
            self.page.keyboard.press("Space")
        payloads = [
            FilePayload(
                name=path.name, mimeType="application/octet-stream", buffer=path.read_bytes()
            )
            for path in files
        ]
        window.value.set_files([*payloads, *more])

    def fill(self, field: Locator, text: str) -> None:
        """Types over what is in a field."""
        self.fields += 1
        self._focus(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def select(self, field: Locator, text: str) -> None:
        """Goes to the choice with the arrows."""
        self.fields += 1
        self._focus(field)
        options = field.locator("option").all_inner_texts()
        for _ in range(options.index(text)):
            self.page.keyboard.press("ArrowDown")
        assert field.evaluate("element => element.selectedOptions[0].text") == text

    def tick(self, field: Locator) -> None:
        """Chooses the first button of its group with Space, and another with the arrows."""
        self.fields += 1
        group = self.page.locator(f"input[name='{field.get_attribute('name')}']")
        self._focus(group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count() - 1):
            if not field.is_checked():
                self.page.keyboard.press("ArrowDown")
        assert field.is_checked()

    def press(self, target: Locator) -> None:
        """Presses Enter on a link or a button."""
        self._focus(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrive()


def faults_of(page: Page) -> list[str]:
    """What axe-core finds wrong at each width and in print, and whether it scrolls sideways."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        faults += [f"{width}: {fault}" for fault in violations(page, 10)]
        if (widest := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{width}: scrolls sideways, to {widest}")
    page.emulate_media(media="print")
    faults += [f"print: {fault}" for fault in violations(page, 5)]
    page.emulate_media(media="screen")
    return faults


def button(visitor: Visitor, text: str) -> Locator:
    """The button with a text."""
    return visitor.page.get_by_role("button", name=text, exact=True)


def link(visitor: Visitor, text: str) -> Locator:
    """The first link on the page itself with a text."""
    return visitor.page.locator("main").get_by_role("link", name=text).first


def go_from_files_to_report(
    visitor: Visitor, files: Sequence[Path], more: Sequence[FilePayload] = ()
) -> None:
    """Adds the files, describes the office, answers what is asked, checks and opens the report."""
    page = visitor.page
    visitor.press(link(visitor, "Add your spreadsheets"))
    visitor.choose_files(files, *more)
    visitor.press(button(visitor, "Add the files"))
    visitor.press(button(visitor, "Save and continue"))
    visitor.fill(page.locator("#office"), "Office of Anyshire")
    visitor.fill(page.locator("#records_begin"), "1 April 2025")
    visitor.press(button(visitor, "Save and continue"))
    if visitor.path == "/":
        visitor.press(link(visitor, "Say which sheet is what"))
    while (sheets := page.locator(".tasks a[href^='/sheets/']")).count():
        visitor.press(sheets.first)
        answer_as_proposed(visitor)
        visitor.press(button(visitor, "Save these answers"))
        if visitor.path == "/":
            visitor.press(link(visitor, "Say which sheet is what"))
    visitor.press(page.get_by_role("link", name="Check", exact=True))
    visitor.fill(page.locator("#as_of"), DAY)
    visitor.press(button(visitor, "Check now"))
    page.wait_for_url(f"**{REPORT}", timeout=120_000)
    visitor.arrive()
    visitor.press(page.locator("a[href$='assessment.html']").first)


def answer_as_proposed(visitor: Visitor, choices: Mapping[str, str] = CHOICES) -> None:
    """Answers every page about a sheet: what is selected, and where nothing is, a choice."""
    page = visitor.page
    while not visitor.path.endswith("/answers"):
        names = {
            name
            for field in page.locator("main input[type=radio]").all()
            if (name := str(field.get_attribute("name")))
        }
        for name in sorted(names):
            if not page.locator(f"input[name={name}]:checked").count():
                radios = page.locator(f"input[type=radio][name={name}]:not([value=later])")
                visitor.tick(radios.last)
        for field in page.locator("main select").all():
            if field.input_value() == "":
                label = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
                options = field.locator("option").all_inner_texts()
                chosen = next((text for name, text in choices.items() if name in label), "")
                visitor.select(field, chosen if chosen in options else options[1])
        visitor.press(button(visitor, "Continue"))


def must_be_reported(site: Site, page: Page, files: int) -> None:
    """The report is open, and the folder has what it needs and nothing that was left behind."""
    assert page.title()
    assert page.locator("details.duty").count() > 50
    office = office_in(site.folder)
    assert office is not None
    assert len(office.file.evidence) == files
    assert office.file.office == "Office of Anyshire"
    assert sheets_of(site) == []


@pytest.mark.campaign
def test_from_an_empty_folder_to_the_report_without_a_script(browser: Browser, site: Site) -> None:
    visitor = Visitor(browser, site, script=False)
    go_from_files_to_report(visitor, EXAMPLE)
    must_be_reported(site, visitor.page, 1)
    visitor.say_figures("The example, without a script")


@pytest.mark.campaign
def test_from_an_empty_folder_to_the_report_by_keyboard(browser: Browser, site: Site) -> None:
    visitor = KeyboardVisitor(browser, site)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Skip to the contents"
    go_from_files_to_report(visitor, office_files(FOLDERS["training-matrix"]), [PEOPLE_FILE])
    must_be_reported(site, visitor.page, 2)
    visitor.say_figures("The training matrix, by keyboard alone")


@pytest.mark.campaign
def test_from_an_empty_folder_to_the_report_by_mouse(browser: Browser, site: Site) -> None:
    visitor = Visitor(browser, site)
    go_from_files_to_report(visitor, office_files(FOLDERS["policy-register"]))
    must_be_reported(site, visitor.page, 1)
    visitor.say_figures("The policy register, by mouse")


# One page at a time -----------------------------------------------------------------------------


def test_files_are_dropped_on_the_page(browser: Browser, site: Site) -> None:
    visitor = Visitor(browser, site)
    page = visitor.page
    page.goto(page.url + "files")
    transfer = page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer();
          for (const name of ["One.csv", "Two.csv"]) {
            transfer.items.add(new File(["a,b\\n1,2\\n"], name));
          }
          return transfer;
        }"""
    )
    for event in ("dragenter", "dragover"):
        page.dispatch_event("form.drop", event, {"dataTransfer": transfer})
    assert page.locator("form.drop.over").count() == 1
    with page.expect_navigation():
        page.dispatch_event("form.drop", "drop", {"dataTransfer": transfer})
    visitor.arrive()
    assert page.locator(".said").all_inner_texts() == [
        "'One.csv' was added.",
        "'Two.csv' was added.",
    ]
    assert {path.name for path in site.folder.glob("*.csv")} == {"One.csv", "Two.csv"}
    visitor.say_figures("Two files dropped")


@pytest.mark.campaign
def test_a_page_with_faults_is_accessible(browser: Browser, site: Site) -> None:
    """Each form that says what is wrong, and a page that is not there."""
    (site.folder / "Own.csv").write_text("Payroll,Course\n101,WRAP\n", encoding="utf-8")
    visitor = Visitor(browser, site)
    page, address = visitor.page, visitor.page.url
    page.goto(f"{address}office")
    page.fill("#office", "x" * 200)
    page.fill("#records_begin", "soon")
    visitor.press(button(visitor, "Save and continue"))
    assert page.title().startswith("Error: ")
    described = page.locator("#records_begin").get_attribute("aria-describedby") or ""
    assert "fault-records_begin" in described
    for name in described.split():
        assert page.locator(f"#{name}").count() == 1
    page.goto(f"{address}files")
    page.check("#file-1")
    button(visitor, "Save and continue").click()
    page.goto(f"{address}check")
    page.fill("#as_of", "soon")
    visitor.looked_at.clear()
    visitor.press(button(visitor, "Check now"))
    assert page.title().startswith("Error: ")
    page.goto(f"{address}sheets")
    page.locator(".tasks a[href^='/sheets/']").first.click()
    page.locator("input[value=lists]").check()
    for box in page.locator(".lists input:checked").all():
        box.uncheck()
    visitor.press(button(visitor, "Continue"))
    assert page.title().startswith("Error: ")
    fault = page.locator(".notice a").first
    fault.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "q0"
    page.goto(f"{address}nothing")
    visitor.wrong = [text for text in visitor.wrong if "404" not in text]
    visitor.arrive()
    visitor.say_figures("Pages with faults")


class HalfWay(CheckRun):
    """A check that has come half way, and stays there."""

    def __init__(self) -> None:
        self.as_of, self.month, self._messages = "2026-11-28", False, []
        self._steps, self._step = STEPS, STEPS[3]

    @property
    def ended(self) -> bool:
        """It never does."""
        return False

    def stop(self) -> None:
        """There is no process."""


@pytest.mark.campaign
def test_the_page_of_a_check_that_runs_is_accessible(browser: Browser, site: Site) -> None:
    visitor = Visitor(browser, site)
    site.check_run = HalfWay()
    address = f"{visitor.page.url}check"
    text = visitor.page.request.get(address).text()
    refresh = '<meta http-equiv="refresh" content="1">'
    assert refresh in text
    body = text.replace(refresh, "")  # it would go on while it is looked at
    visitor.page.route(address, lambda route: route.fulfill(body=body, content_type="text/html"))
    visitor.page.goto(address)
    visitor.arrive()
    states = visitor.page.locator(".steps .state").all_inner_texts()
    assert states == ["done"] * 3 + ["now"] + ["to come"] * (len(STEPS) - 4)
    visitor.say_figures("A check that runs")


def test_the_back_button_and_a_reload_send_no_form_again(browser: Browser, site: Site) -> None:
    visitor = Visitor(browser, site)
    page = visitor.page
    page.goto(page.url + "office")
    page.fill("#office", "Ours")
    button(visitor, "Save and continue").click()
    page.wait_for_url("**/")
    saved = (site.folder / "office.yaml").read_bytes()
    page.reload()
    assert page.locator(".said").count() == 0
    page.go_back()
    assert page.input_value("#office") == "Ours"
    page.go_forward()
    assert (site.folder / "office.yaml").read_bytes() == saved
    visitor.say_figures("Back and reload")


@pytest.mark.campaign
def test_closing_the_program_says_that_the_window_can_be_closed(
    browser: Browser, site: Site
) -> None:
    visitor = Visitor(browser, site)
    visitor.press(button(visitor, "Close the program"))
    assert visitor.page.locator("h1").inner_text() == "The program is closed"
    assert site.stopping
    visitor.say_figures("Closed")


@pytest.mark.campaign
def test_another_browser_is_shown_nothing(browser: Browser, site: Site) -> None:
    """A window without the cookie, as of another person at this computer."""
    Visitor(browser, site).context.close()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{site.session.port}/")
    assert page.locator("body").inner_text().startswith("This address is not valid any more")
    context.close()
