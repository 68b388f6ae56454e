"""papers.yaml of a rulebook: its mistakes, and that it decides no status."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from rules.papers import PAPER, PapersFile, read_papers, template_of
from rules.problem import describe
from tests.support.desk_office import BOOK, called
from tests.support.expected import case_table
from tests.support.own_book import book_in

STATEMENT = """\
statement:
  title: Yearly statement
  audience: council
  sections:
    - heading: The desk
      {}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the small rulebook."""
    return shutil.copytree(BOOK, tmp_path / "book")


def problems(book: Path, text: str) -> list[str]:
    """What is wrong in a papers.yaml with this text."""
    (book / "papers.yaml").write_text(text, encoding="utf-8")
    rulebook = book_in(book)
    found = read_papers(book, rulebook)
    return [describe(problem) for problem in found] if isinstance(found, tuple) else []


@pytest.mark.parametrize(("sections", "problem"), case_table("statement_mistakes"))
def test_a_mistake_in_the_statement(book: Path, sections: str, problem: str) -> None:
    found = problems(book, STATEMENT.format(sections))
    assert [text.startswith(problem) for text in found] == ([True] if problem else []), found


def test_the_duty_to_make_the_statement_is_one_of_the_rulebook(book: Path) -> None:
    text = STATEMENT.format('sections: ["4.10"]').replace(
        "  sections:", "  duty: lost\n  sections:", 1
    )
    (found,) = problems(book, text)
    assert found.startswith(
        "papers.yaml, line 4 (statement > duty): The rulebook has no duty 'lost'."
    )


def test_rules_check_reports_it(book: Path) -> None:
    (book / "papers.yaml").write_text("papr: {}\n", encoding="utf-8")
    ended = called(book.parent, "rules", "check", "book")
    assert ended.code == 2
    assert ended.out.startswith("papers.yaml, line 1 (papr): There is no key 'papr' here.")


def test_a_rulebook_needs_no_papers(book: Path) -> None:
    rulebook = book_in(book)
    assert read_papers(book, rulebook) == PapersFile()


def test_the_papers_are_no_part_of_the_rulebook(book: Path) -> None:
    before = load_rulebook(book)
    (book / "papers.yaml").write_text("paper: {title: Other}\n", encoding="utf-8")
    (book / "papers").mkdir()
    (book / "papers" / PAPER).write_bytes(b"a template")
    after = load_rulebook(book)
    assert isinstance(before, Rulebook)
    assert isinstance(after, Rulebook)
    assert (after.sha256, after.files) == (before.sha256, before.files)
    (book / "papers" / "lost.yaml").write_text("id: lost\n", encoding="utf-8")
    assert isinstance(load_rulebook(book), tuple), "a duty there is not passed over"


def test_a_template_is_that_of_the_office_the_rulebook_or_the_program(
    book: Path, tmp_path: Path
) -> None:
    own = OWN_BOOK / "papers" / PAPER
    assert template_of(PAPER, tmp_path, book) == template_of(PAPER, None, None) == own
    for folder in (book, tmp_path):
        (folder / "papers").mkdir()
        (folder / "papers" / PAPER).write_bytes(b"")
        assert template_of(PAPER, tmp_path, book) == folder / "papers" / PAPER
