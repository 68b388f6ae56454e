"""Citations of the definitions have one form, and name what docs/semantics.md or
docs/reading-semantics.md has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.needs import ROOT
from tests.test_project_quality import PACKAGES

PAGES = ("semantics.md", "reading-semantics.md")


def _names(page: str) -> set[str]:
    """The headings of a page, and the terms that it defines in bold."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {
        *re.findall(r"^##+ (.+)$", text, re.MULTILINE),
        *(" ".join(term.split()) for term in re.findall(r"\*\*([^*]+)\*\*", text)),
    }


_NAMES = {page: _names(page) for page in PAGES}
_PROMISE = re.compile(r"What must always hold, [1-8]")
#: A citation, which a line's end and the mark of a comment may interrupt.
_CITATION = re.compile(r"\(((?:reading-)?semantics\.md)\b(.*?)\)", re.DOTALL)


def _citations(text: str) -> Iterator[tuple[str, str]]:
    """The page and the rest of each citation."""
    for page, rest in _CITATION.findall(text):
        yield page, re.sub(r"\s*\n\s*(?:#:?\s*)?", " ", rest)


def _wrong(citation: str, page: str = PAGES[0]) -> list[str]:
    form, _, names = citation.partition(": ")
    if form:
        return [citation]
    known = _NAMES[page]
    return [
        name for name in names.split("; ") if name not in known and not _PROMISE.fullmatch(name)
    ]


def test_each_citation_names_a_heading_or_a_term_of_the_definitions() -> None:
    wrong, count = {}, 0
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for page, citation in _citations(path.read_text(encoding="utf-8")):
                count += 1
                if names := _wrong(citation, page):
                    wrong[f"{path.relative_to(ROOT)}: {page}{citation}"] = names
    assert wrong == {}
    assert count > 120


@pytest.mark.parametrize(
    "citation",
    [", Patterns, 2", ": Rolling duties", ": What must always hold, 9", ": Subjects, Lapse"],
)
def test_another_form_and_another_name_are_found(citation: str) -> None:
    assert _wrong(citation)
    assert not _wrong(": Rolling; What must always hold, 8")


def test_a_name_of_the_other_page_is_found() -> None:
    assert _wrong(": Which version judges")
    assert not _wrong(": Which version judges; Rolling and standing", PAGES[1])
