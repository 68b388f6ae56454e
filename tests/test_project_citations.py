"""Citations of the definitions have one form, and name what docs/semantics.md has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.needs import ROOT
from tests.test_project_quality import PACKAGES

_PAGE = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
#: The headings of the page, and the terms that it defines in bold.
_NAMES = {
    *re.findall(r"^##+ (.+)$", _PAGE, re.MULTILINE),
    *(" ".join(term.split()) for term in re.findall(r"\*\*([^*]+)\*\*", _PAGE)),
}
_PROMISE = re.compile(r"What must always hold, [1-8]")
#: A citation, which a line's end and the mark of a comment may interrupt.
_CITATION = re.compile(r"\(semantics\.md\b(.*?)\)", re.DOTALL)


def _citations(text: str) -> Iterator[str]:
    for match in _CITATION.finditer(text):
        yield re.sub(r"\s*\n\s*(?:#:?\s*)?", " ", match[1])


def _wrong(citation: str) -> list[str]:
    form, _, names = citation.partition(": ")
    if form:
        return [citation]
    return [
        name for name in names.split("; ") if name not in _NAMES and not _PROMISE.fullmatch(name)
    ]


def test_each_citation_names_a_heading_or_a_term_of_the_definitions() -> None:
    wrong, count = {}, 0
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for citation in _citations(path.read_text(encoding="utf-8")):
                count += 1
                if names := _wrong(citation):
                    wrong[f"{path.relative_to(ROOT)}: {citation}"] = names
    assert wrong == {}
    assert count > 80


@pytest.mark.parametrize(
    "citation",
    [", Patterns, 2", ": Rolling duties", ": What must always hold, 9", ": Subjects, Lapse"],
)
def test_another_form_and_another_name_are_found(citation: str) -> None:
    assert _wrong(citation)
    assert not _wrong(": Rolling; What must always hold, 8")
