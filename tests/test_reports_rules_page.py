"""The page of rules: all of each rule, an example that the engine accepts, nothing that acts."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Dialog, Page

from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.rows import empty_tables, evidence_of
from engine.outcome import Status
from engine.outcomes.statuses import worst_status
from engine.plain.evaluate import evaluate_duty
from evidence.register import Declared
from evidence.table import CellState
from reports.rulebook.example import Example, examples
from reports.rulebook.page import rules_html
from rules.model import Duty, Rulebook, Version
from rules.patterns import BeforeEvent, EvidenceQuery
from rules.wording.duty import EVENTS, ITSELF, RECORDS, SHOWS, version_texts
from tests.support.browser import violations
from tests.support.case_generator import case
from tests.support.evidence_generator import REGISTERS
from tests.support.hostile_texts import MARKUP
from tests.support.html_page import Element, parsed
from tests.support.needs import ROOT
from tests.support.own_book import book_in, book_of, own_book
from tests.support.sop_builders import versions_files

#: 1280 CSS pixels at 400 %.
NARROW = 320


OWN = own_book()
SMALL = book_in(ROOT / "tests" / "bad_rules" / "base")
OWNERS = {"it-filter-assurance": "IT Manager"}

# Examples ---------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def as_case(duty: str, example: Example, without: Sequence[str] = ()) -> bytes:
    """A case file with the rows of the example and no others, but for those of some roles."""
    rows: dict[str, list[str]] = {table.register: [] for table in example.tables}
    for table in example.tables:
        for texts in table.rows:
            cells = dict(zip(table.columns, texts, strict=True))
            written = ", ".join(f"{quoted(n)}: {quoted(c)}" for n, c in cells.items() if c)
            if table.role not in without:
                rows[table.register].append(f"        - {{{written}}}\n")
    sheets = "".join(f"      {name}:\n{''.join(held)}" for name, held in rows.items() if held)
    evidence = f"    evidence:\n{sheets}" if sheets else ""
    return (
        f"duty: {duty}\ncases:\n  - name: an example\n    as of: {example.as_of}\n{evidence}"
        "    expect: {status: met}\n"
    ).encode()


def placed(book: Rulebook, without: Sequence[str] = ()) -> list[PlacedCase]:
    """The example of each version of each duty of a rulebook."""
    cases = []
    for duty in book.duties:
        for example in examples(book, duty):
            (read,) = read_cases(f"{duty}.yaml", as_case(duty, example, without), book)
            assert isinstance(read, PlacedCase), read
            cases.append(read)
    return cases


def statuses(book: Rulebook, cases: Sequence[PlacedCase]) -> list[tuple[str, Status]]:
    """What each case comes to, by the plain evaluator."""
    empty, found = empty_tables(book.registers), []
    for each in cases:
        answers = evaluate_duty(book, evidence_of(each, empty), each.case.as_of, each.duty)
        found.append((each.duty, worst_status(one.status for one in answers if one.is_current)))
    return found


@pytest.fixture(scope="module")
def own_cases() -> list[PlacedCase]:
    """The examples of the program's own rulebook."""
    return placed(OWN)


@pytest.mark.parametrize("book", [OWN, SMALL], ids=["own", "small"])
def test_the_rows_of_an_example_and_no_others_meet_the_duty(
    book: Rulebook, own_cases: list[PlacedCase]
) -> None:
    found = statuses(book, own_cases if book is OWN else placed(book))
    assert [each for each in found if each[1] is not Status.MET] == []
    assert {duty for duty, _ in found} == set(book.duties)


def test_without_the_rows_that_show_it_no_duty_is_met() -> None:
    """So it is the rows shown that meet it. A list without its rows, which may be fair, is no
    matter here: what is left out is never the list alone."""
    shown = [
        duty
        for duty in OWN.duties
        if any(table.role == SHOWS for table in examples(OWN, duty)[0].tables)
    ]
    found = dict(statuses(OWN, placed(OWN, without=[SHOWS])))
    assert [duty for duty in shown if found[duty] is Status.MET] == []
    assert len(shown) > 60


def test_every_cell_of_an_example_can_be_read(own_cases: list[PlacedCase]) -> None:
    empty, unread = empty_tables(OWN.registers), []
    for each in own_cases:
        for table in evidence_of(each, empty).tables.values():
            for name, column in table.columns.items():
                odd = [state for state in column.state if state not in _READABLE]
                unread += [(each.duty, table.register.id, name) for _ in odd]
    assert unread == []


_READABLE = (CellState.READ, CellState.NOTHING)

#: Words for the columns of codes that the made-up registers leave without any.
WORDS: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "group", "board", "OPCC", "plan", "one", "two", "three", "staff", "other", "awareness",
        "refresher", "lead", "deputy", "agreement", "things",
    ),
    (),
)  # fmt: skip


def made_up(seed: int) -> Rulebook:
    """A made-up rulebook whose registers can be read from text."""
    book = case(seed).rulebook
    registers = {
        name: spec.model_copy(
            update={
                "columns": tuple(
                    column.model_copy(update={"codes": WORDS})
                    if column.type in ("code", "codes")
                    else column
                    for column in spec.columns
                )
            }
        )
        for name, spec in book.registers.items()
    }
    return book.model_copy(update={"registers": registers})


def can_be_met(duty: Duty) -> bool:
    """Whether a made-up duty is one that a rulebook could hold (rules.lint refuses the others)."""
    for version in duty.versions:
        pattern, query = version.pattern, version.evidence
        ends = (getattr(pattern, "ends", None), getattr(pattern, "review_by", None))
        if getattr(pattern, "end_needed", False) and ends == (None, None):
            return False
        if query is not None and query.itself and (query.needed > 1 or _never(version)):
            return False
        if query is not None and query.event and query.event in _names_latest(query):
            return False  # one cell cannot name both a document and the event
        if getattr(pattern, "part", None) == "Q1" and len(duty.versions) > 1:
            return False  # a version that ends before its first quarter has come
    where = [each for version in duty.versions for each in getattr(version.pattern, "where", ())]
    # two courses in one cell; a day to come in a column that is not for planned ones
    return not any(each.column in ("course", "review by") for each in where)


def _names_latest(query: EvidenceQuery) -> list[str]:
    """The columns in which its evidence names the latest document of a kind."""
    register = next(each for each in REGISTERS if each.id == query.register)
    columns = {column.name: column.latest for column in register.columns}
    latest = [columns.get(each.column) for each in query.where]
    return [each.key for each in latest if each is not None]


def _never(version: Version) -> bool:
    """Whether the day of the event itself would have to lie before it."""
    pattern, query = version.pattern, version.evidence
    if not isinstance(pattern, BeforeEvent) or query is None or pattern.by is None:
        return False
    return pattern.by.count > 0 and query.dated == pattern.event.dated


@pytest.mark.one_in(4)
@pytest.mark.parametrize("first", [0, 35, 70, 105])
def test_made_up_duties_are_met_by_their_examples(first: int) -> None:
    """Every pattern, with people, events, members and conditions that no rulebook here joins."""
    met = 0
    for seed in range(first, first + 35):
        book = made_up(seed)
        if not all(can_be_met(duty) for duty in book.duties.values()):
            continue
        found = statuses(book, placed(book))
        assert {status for _, status in found} == {Status.MET}, seed
        met += len(found)
    assert met > 30


# What the page says -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_page() -> bytes:
    """The page of the program's own rulebook."""
    return rules_html(OWN, OWNERS)


@pytest.fixture(scope="module")
def root(own_page: bytes) -> Element:
    return parsed(own_page)


def facts(block: Element) -> dict[str, list[str]]:
    """What stands beside each name in a duty's list of facts."""
    found: dict[str, list[str]] = {}
    for one in block.one("dl").all("div"):
        found.setdefault(one.one("dt").text(), []).append(one.one("dd").text())
    return found


def cells(table: Element) -> list[list[str]]:
    return [
        [cell.text() for cell in row.inside if isinstance(cell, Element)] for row in table.all("tr")
    ]


def test_it_is_a_page_in_british_english_that_says_what_it_was_made_from(root: Element) -> None:
    assert root.one("html").attributes == {"lang": "en-GB"}
    title = f"{OWN.book.title}: the rules"
    assert (root.one("title").text(), root.one("h1").text()) == (title, title)
    assert [band.text() for band in root.all("p", class_="marking")] == ["OFFICIAL", "OFFICIAL"]
    assert OWN.sha256 in root.one("main").text()
    office = sum(duty.bearer in _OFFICE for duty in OWN.duties.values())
    lead = f"{office} duties that the office answers for, and {len(OWN.duties) - office} duties"
    assert root.one("p", class_="lead").text() == f"{lead} of others that it watches."


_OFFICE = {bearer.name for bearer in OWN.book.bearers if bearer.list == "office"}


def test_each_section_has_its_duties_in_order_and_each_is_linked_to(root: Element) -> None:
    blocks = [block.attributes["id"] for block in root.all("article")]
    assert blocks == [f"duty-{duty}" for duty in OWN.duties]
    linked = [link.attributes["href"] for link in root.one("nav").all("a")]
    assert [link for link in linked if link.startswith("#duty-")] == [f"#{id_}" for id_ in blocks]
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in linked} <= set(ids)
    for section in OWN.book.sections:
        (found,) = [
            one for one in root.all("section") if one.one("h2").text() == _heading(section.number)
        ]
        own = [duty for duty in OWN.duties if OWN.sections[duty] == section.number]
        assert [one.attributes["id"] for one in found.all("article")] == [f"duty-{d}" for d in own]


def _heading(number: str) -> str:
    title = next(section.title for section in OWN.book.sections if section.number == number)
    return f"{number} {title}"


def test_each_duty_has_everything_that_its_rule_says(root: Element) -> None:
    blocks = {block.attributes["id"]: block for block in root.all("article")}
    for duty in OWN.duties.values():
        block = blocks[f"duty-{duty.id}"]
        text = block.text()
        assert block.one("h3").text() == duty.title
        assert block.all("p")[0].text() == duty.in_brief
        named = facts(block)
        assert named["Responsible"][0].startswith(f"{duty.bearer} ({duty.strength}); the office ")
        assert named["Where does the SOP require it?"] == [
            f"{citation.section}, at '{citation.phrase}'" for citation in duty.citations
        ]
        assert named["Rule"] == [f"{duty.id}, in {OWN.sources[duty.id]}"]
        for told in version_texts(OWN, duty.id):
            assert " ".join(told.sentence.split()) in text
            assert all(each in text for each in (*told.also, *told.remarks))
        for version in duty.versions:
            for reading in version.readings:
                words = " ".join(reading.reading.split())
                assert f"We took '{reading.phrase}' to mean {words}." in text


def test_a_duty_word_for_word() -> None:
    """As it began: a later version stands under a heading of its own."""
    name = "it-filter-assurance"
    first = OWN.duties[name].model_copy(update={"versions": OWN.duties[name].versions[:1]})
    book = OWN.model_copy(update={"duties": {name: first}})
    page = parsed(rules_html(book, OWNERS))
    block = page.one("article", id=f"duty-{name}")
    assert facts(block) == {
        "Responsible": ["OPCC (must); the office answers for it"],
        "Owner": ["IT Manager"],
        "Where does the SOP require it?": [
            "4.7 IT Policies, at 'appropriate assurances are received'",
            "4.7 IT Policies, at 'IT firewalls and filters'",
        ],
        "In force": ["from 1 October 2024"],
        "Rule": ["it-filter-assurance, in 4.7-permissive-environments/it-filter-assurance.yaml"],
    }
    assert [one.text() for one in block.all("h4")] == [
        "How we read the SOP",
        "Where it is read from, and rows that meet it on 15 January 2025",
    ]
    table = block.one("table")
    assert table.one("caption").text() == "Submissions: shows that it was done"
    needed = "this duty does not read it, but it may not be blank"
    assert cells(table) == [
        ["Column", "What must stand there", "Example"],
        ["ref", "a short name of its own for the row", "S-8"],
        ["kind", needed, "assurance statement"],
        ["from", "is Warwickshire Police", "Warwickshire Police"],
        ["to", "is OPCC", "OPCC"],
        ["given on", "the date that counts", "15/01/2025"],
        ["covers", "includes IT filters and CTIRU terms", "CTIRU terms; IT filters"],
        ["reviewed on", "is on or before 'given on' and at most 12 months before it", "15/01/2025"],
    ]


def test_an_example_of_several_rows_has_a_column_for_each() -> None:
    """And a table for the meeting that its minutes name."""
    block = parsed(rules_html(SMALL)).one("article", id="duty-yearly")
    heads = [cells(table)[0] for table in block.all("table")]
    assert heads == [
        ["Column", "What must stand there", "Example, row 1", "Example, row 2"],
        ["Column", "Example"],
        ["Column", "What must stand there", "Example"],
        ["Column", "Example"],
    ]


def test_each_version_stands_under_its_first_day_and_the_end_is_said() -> None:
    block = parsed(rules_html(SMALL)).one("article", id="duty-yearly")
    assert [one.text() for one in block.all("h4")] == ["From 1 October 2024", "From 1 April 2026"]
    sentences = [one.text() for one in block.all("p", class_="asks")]
    assert [sentence[:17] for sentence in sentences] == ["First by 31 March", "First within 6 mo"]
    named = facts(block)
    assert named["In force"] == [
        "from 1 October 2024. It applies up to and including 31 March 2030."
    ]
    assert named["Called before"] == ["old-yearly"]
    assert "Owner" not in named


def test_what_the_examples_only_name_stands_last(root: Element) -> None:
    block = root.one("article", id="duty-sop-review-uses-assessment")
    tables = {one.one("caption").text(): cells(one) for one in block.all("table")}
    assert list(tables) == [
        "Reviews: contains the records, and shows what they lack",
        "Documents: is named there",
    ]
    reviews, documents = tables.values()
    assert ["kind", "Home Office assessment"] in documents
    (named,) = [row[2] for row in reviews if row[0] == "assessment"]
    assert ["ref", named] in documents
    (computed,) = [row for row in reviews if row[0] == "latest assessment"]
    assert computed[2] == "(blank)"


def test_the_same_rulebook_gives_the_same_bytes(own_page: bytes) -> None:
    assert own_page == rules_html(book_in(ROOT / "rules" / "prevent-opcc"), OWNERS)


def test_every_role_is_one_that_the_page_explains() -> None:
    roles = {
        table.role
        for duty in OWN.duties
        for example in examples(OWN, duty)
        for table in example.tables
    }
    assert {SHOWS, EVENTS, ITSELF, RECORDS} <= roles


# Nothing in it acts -----------------------------------------------------------------------------

_T = TypeVar("_T")
_HOSTILE_FIELDS = ("title", "say", "phrase", "reading", "equals", "marking", "version")


def hostile(value: _T, texts: Iterator[str]) -> _T:
    """The rulebook with another hostile text in each field that a page shows."""
    if isinstance(value, Declared):
        changed = {}
        for name in type(value).model_fields:
            held = getattr(value, name)
            if isinstance(held, str) and name in _HOSTILE_FIELDS:
                changed[name] = next(texts) + held
            elif name not in ("sections", "sources", "sha256", "pins", "columns"):
                changed[name] = hostile(held, texts)
        return value.model_copy(update=changed)
    if isinstance(value, tuple):
        return tuple(hostile(each, texts) for each in value)  # type: ignore[return-value]
    if isinstance(value, dict):
        return {key: hostile(each, texts) for key, each in value.items()}  # type: ignore[return-value]
    return value


def hostile_page() -> bytes:
    book = hostile(SMALL, cycle(MARKUP))
    return rules_html(book, dict.fromkeys(SMALL.duties, MARKUP[0]))


def test_hostile_text_stays_text() -> None:
    root = parsed(hostile_page())
    assert {one.tag for one in root.all()} & {"script", "img", "svg", "iframe"} == set()
    assert all(not name.startswith("on") for one in root.all() for name in one.attributes)
    assert MARKUP[0] in root.one("article", id="duty-yearly").text()


def test_the_page_may_use_its_own_style_and_nothing_else() -> None:
    for page in (rules_html(SMALL), hostile_page()):
        text = page.decode()
        (css,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        (policy,) = [
            one.attributes["content"]
            for one in parsed(page).all("meta", http_equiv="Content-Security-Policy")
        ]
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


# In a browser -----------------------------------------------------------------------------------


def opened(browser: Browser, path: Path, page: bytes) -> tuple[Page, list[str]]:
    """The page opened as a file, and what it asked for or said."""
    path.write_bytes(page)
    one, heard = browser.new_page(viewport={"width": 1100, "height": 800}), []

    def asked(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    one.on("request", lambda request: heard.append(request.url))
    one.on("console", lambda said: heard.append(said.text))
    one.on("pageerror", lambda error: heard.append(str(error)))
    one.on("dialog", asked)
    one.goto(path.as_uri())
    return one, heard


def some() -> Rulebook:
    """A few duties that have among them everything that the page has."""
    kept = ("yearly", "contacts", "trained", "long-paper", "delivered")
    duties = {duty: SMALL.duties[duty] for duty in kept}
    return SMALL.model_copy(update={"duties": duties})


@pytest.mark.parametrize(
    "printed", [False, pytest.param(True, marks=pytest.mark.campaign)], ids=["shown", "printed"]
)
def test_it_is_accessible(browser: Browser, tmp_path: Path, *, printed: bool) -> None:
    page, heard = opened(browser, tmp_path / "rules.html", rules_html(some(), {"yearly": "A post"}))
    if printed:
        page.set_viewport_size({"width": NARROW, "height": 256})
        page.emulate_media(media="print")
    assert violations(page, 15) == []
    assert heard == [(tmp_path / "rules.html").as_uri()]
    page.close()


def test_the_whole_rulebook_fits_a_narrow_window_and_a_printed_page(
    browser: Browser, pdftoppm: Path, tmp_path: Path, own_page: bytes
) -> None:
    page, heard = opened(browser, tmp_path / "rules.html", own_page)
    page.set_viewport_size({"width": NARROW, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
    page.pdf(path=tmp_path / "rules.pdf", prefer_css_page_size=True)
    order: list[str | Path] = [pdftoppm.with_name("pdftotext"), tmp_path / "rules.pdf", "-"]
    printed = subprocess.run(order, check=True, capture_output=True, timeout=60).stdout.decode()
    pages = printed.split("\f")[:-1]
    assert len(pages) > 30
    assert all(OWN.book.marking in page for page in pages)
    assert heard == [(tmp_path / "rules.html").as_uri()]
    page.close()


def test_hostile_text_does_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    page, heard = opened(browser, tmp_path / "rules.html", hostile_page())
    page.emulate_media(media="print")
    page.pdf()
    assert heard == [(tmp_path / "rules.html").as_uri()]
    page.set_viewport_size({"width": NARROW, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
    page.close()


def test_the_citations_of_a_later_version_and_the_versions_of_the_sop() -> None:
    page = parsed(rules_html(book_of(versions_files())))
    caption = "version 2.0, in force from 1 October 2024; version 2.1, in force from 1 January 2027"
    assert caption in page.text()
    block = page.one("article", id="duty-list-gone-through")
    named = facts(block)
    assert named["Where does the SOP require it?"] == ["4.1, at 'at least yearly'"]
    assert named["Where, from 1 January 2027?"] == ["4.1, at 'every six months'"]
