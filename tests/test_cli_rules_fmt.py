"""dueregard rules fmt changes the files that are not in the usual layout: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, STOPPED
from tests.support.desk_office import called

NEAT, LOOSE = "a:\n  - b: 1\n", "a:\n- b: 1\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "book" / "1").mkdir(parents=True)
    (tmp_path / "book" / "book.yaml").write_text(NEAT, encoding="utf-8")
    (tmp_path / "book" / "1" / "duty.cases.yaml").write_text(LOOSE, encoding="utf-8")
    (tmp_path / "book" / "1" / "notes.md").write_text(LOOSE, encoding="utf-8")
    return tmp_path


def test_a_folder_is_laid_out(book: Path) -> None:
    loose = Path("book") / "1" / "duty.cases.yaml"
    ended = called(book, "rules", "fmt", "book", "--check")
    assert (ended.code, ended.out) == (OUTSTANDING, f"Would change: {loose}\n")
    assert (book / loose).read_text(encoding="utf-8") == LOOSE
    ended = called(book, "rules", "fmt", "book")
    assert (ended.code, ended.out) == (NOTHING_OUTSTANDING, f"Changed: {loose}\n")
    assert (book / loose).read_text(encoding="utf-8") == NEAT
    ended = called(book, "rules", "fmt", "book", "--check")
    assert (ended.code, ended.out) == (
        NOTHING_OUTSTANDING,
        "Already in the usual layout: 2 files.\n",
    )
    assert (book / "book" / "1" / "notes.md").read_text(encoding="utf-8") == LOOSE


def test_one_file_is_laid_out(book: Path) -> None:
    ended = called(book, "rules", "fmt", "book/book.yaml")
    assert (ended.code, ended.out) == (
        NOTHING_OUTSTANDING,
        "Already in the usual layout: 1 file.\n",
    )


def test_with_an_error_of_form_no_file_is_changed(book: Path) -> None:
    (book / "book" / "z.yaml").write_text("a: b: c\n", encoding="utf-8")
    ended = called(book, "rules", "fmt", "book")
    assert ended.code == STOPPED
    assert ended.out.startswith(f"{Path('book') / 'z.yaml'}, line 1: There is a second colon")
    assert ended.out.endswith("Nothing was changed.\n")
    assert (book / "book" / "1" / "duty.cases.yaml").read_text(encoding="utf-8") == LOOSE


def test_a_file_that_is_not_there(book: Path) -> None:
    ended = called(book, "rules", "fmt", "other.yaml")
    assert ended.code == STOPPED
    assert "other.yaml" in ended.err


def test_the_schemas_are_copied_and_named(book: Path) -> None:
    ended = called(book, "rules", "fmt", "book", "--schemas")
    assert ended.code == NOTHING_OUTSTANDING
    named = {"book.yaml": ".schemas/book", "1/duty.cases.yaml": "../.schemas/cases"}
    for name, schema in named.items():
        path = book / "book" / name
        line = f"# yaml-language-server: $schema={schema}.schema.json"
        assert path.read_text(encoding="utf-8") == f"{line}\n{NEAT}"
        assert (path.parent / line.partition("=")[2]).is_file()
    ended = called(book, "rules", "fmt", "book", "--schemas", "--check")
    assert (ended.code, ended.out) == (
        NOTHING_OUTSTANDING,
        "Already in the usual layout: 2 files.\n",
    )


def test_the_schemas_need_a_folder(book: Path) -> None:
    for arguments in (["book/book.yaml"], []):
        ended = called(book, "rules", "fmt", *arguments, "--schemas")
        assert (ended.code, ended.err) == (STOPPED, "--schemas needs the folder of a rulebook.\n")
