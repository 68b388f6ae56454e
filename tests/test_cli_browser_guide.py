"""The guide: its pages lead to each other, its pictures are described, and its glossary has the
words of the reports."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from cli.browser import guidebook
from cli.browser.guidebook import GuidePage
from engine.outcome import HistoryOutcome
from reports.words import STATUS
from tests import guide
from tests.guide import DOCS, PICTURES, RENEW, guide_files, saved
from tests.support.browser_pages import site_of, visit

PAGES = guidebook.guide_pages()
NAMES = sorted(saved())


def test_each_picture_is_shown_once_and_described() -> None:
    shown = [name for page in PAGES for name in page.pictures]
    assert sorted(shown) == [f"{name}.png" for name in NAMES]
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(shown)
    for page in PAGES:
        for words in page.pictures.values():
            assert re.fullmatch(r"[A-Z].{40,300}\.", words), words


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_small_and_of_one_width(name: str) -> None:
    data = (PICTURES / f"{name}.png").read_bytes()
    assert len(data) < 60_000
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert width == guide.WIDTH
    assert height <= 1_200


def test_the_words_that_a_picture_is_said_to_show_are_in_it() -> None:
    """What stands between quotation marks in the words for a picture."""
    for page in PAGES:
        for name, words in page.pictures.items():
            shown = "\n".join(saved()[name.removesuffix(".png")].words)
            for quoted in re.findall(r"(?<!\w)'([^']+)'(?!\w)", words):
                assert quoted in shown, (name, quoted)


def test_the_guide_in_docs_is_the_one_of_the_program() -> None:
    files = {path.name for path in DOCS.iterdir() if path.is_file()}
    assert files == set(guide_files()), RENEW
    for name, text in guide_files().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, RENEW
    pictures = {path.name: path.read_bytes() for path in PICTURES.iterdir()}
    assert {p.name: p.read_bytes() for p in (DOCS / "pictures").iterdir()} == pictures, RENEW


def test_each_link_of_the_guide_leads_to_a_page_and_a_word() -> None:
    anchors = {guidebook.anchor(word) for word in guidebook.glossary()}
    addresses = {page.address for page in PAGES}
    assert len(addresses) == len(PAGES)
    assert len(anchors) == len(guidebook.glossary())
    for page in PAGES:
        for link in re.findall(r'href="([^"]*)"', page.text):
            address, _, word = link.partition("#")
            assert address in addresses, link
            assert not word or word in anchors, link


def test_next_leads_through_all_steps_to_the_glossary() -> None:
    address, followed = next(page.address for page in PAGES if page.part), list[str]()
    while address not in followed:
        followed.append(address)
        text = (DOCS / address).read_text(encoding="utf-8")
        assert "<script" not in text
        if following := re.search(r'href="([^"]*)">Next: ', text):
            address = following[1]
    assert followed == [*(page.address for page in PAGES if page.part), "glossary.html"]


def test_the_glossary_has_each_status_of_the_reports_in_one_sentence() -> None:
    glossary = guidebook.glossary()
    statuses = {*STATUS.values(), *(outcome.value for outcome in HistoryOutcome)}
    assert statuses <= set(glossary)
    assert list(glossary) == sorted(glossary, key=str.casefold)
    for sentence in glossary.values():
        assert re.fullmatch(r"[A-Z][^!?]*[^.]\.", sentence), sentence


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_the_program_shows_each_page_of_the_guide(page: GuidePage, tmp_path: Path) -> None:
    """In a folder in which nothing is set up."""
    site = site_of(tmp_path)
    shown = visit(site, "GET", f"/guide/{page.address}")
    assert shown.status == 200
    assert page.title in shown.words
    assert page.text in shown.text
    for name in page.pictures:
        picture = visit(site, "GET", f"/guide/pictures/{name}")
        assert picture.headers["content-type"] == "image/png"
        assert picture.data == (PICTURES / name).read_bytes()


def test_the_menu_leads_to_the_guide(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    assert '<a href="/guide">Guide</a>' in visit(site, "GET", "/").text
    assert visit(site, "GET", "/guide").goes_to == "/guide/index.html"


@pytest.mark.parametrize(
    "path",
    ["guide.html", "guide.md", "glossary.yaml", "pictures/none.png", "pictures/..%2fguide.md"],
)
def test_the_guide_has_no_other_page(path: str, tmp_path: Path) -> None:
    assert visit(site_of(tmp_path), "GET", f"/guide/{path}").status == 404
