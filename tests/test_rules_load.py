"""A folder of rule files becomes a rulebook whole, or tells all that is wrong with it."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.load import case_files, fingerprint, load_rulebook, read_book
from rules.model import Rulebook
from rules.patterns import Content, Periodic, Rolling
from rules.problem import RuleProblem, Spot, as_json, describe
from rules.resolve import resolve
from tests.support.own_book import book_of

_BASE = Path(__file__).parent / "bad_rules" / "base"
_FILES = {
    path.relative_to(_BASE).as_posix(): path.read_bytes() for path in sorted(_BASE.rglob("*.yaml"))
}


def _told(files: dict[str, bytes]) -> list[str]:
    read = read_book(files)
    assert not isinstance(read, Rulebook)
    return [describe(problem) for problem in read]


def _one(read: Rulebook | tuple[RuleProblem, ...]) -> RuleProblem:
    assert not isinstance(read, Rulebook)
    (problem,) = read
    return problem


def test_a_rulebook() -> None:
    """Duties stand by section and then by id, with their section and file."""
    book = book_of(_FILES)
    assert list(book.duties) == [
        "agreement", "papers", "quarterly", "workshop", "yearly",
        "before-meeting", "contacts", "delivered", "desk-policy", "long-paper", "minuted-paper",
        "per-meeting", "topics", "trained",
    ]  # fmt: skip
    assert book.sections["yearly"] == "1"
    assert book.sections["topics"] == "4.10"
    assert book.sources["topics"] == "2-lists/topics.yaml"
    assert book.registers["training"].column("course").codes == {
        "awareness": ("basic awareness",),
        "refresher": (),
    }
    yearly = book.duties["yearly"]
    assert yearly.in_force_from == datetime.date(2024, 10, 1)
    assert isinstance(yearly.versions[0].pattern, Rolling)
    assert str(yearly.versions[1].pattern.kind) == "rolling"


def test_the_folder_and_its_files_read_the_same() -> None:
    """Reading the folder adds nothing to reading the files."""
    assert load_rulebook(_BASE) == book_of(_FILES)


def test_order_changes_nothing() -> None:
    """semantics.md, What must always hold, 1: the order of rules changes nothing."""
    backwards = dict(reversed(_FILES.items()))
    assert book_of(backwards) == book_of(_FILES)
    assert list(book_of(backwards).duties) == list(book_of(_FILES).duties)


def test_the_fingerprint_knows_every_byte_and_name() -> None:
    """Notes beside the rules do not count; a byte or a name does."""
    first = fingerprint(_FILES)
    assert book_of(_FILES).sha256 == first
    assert len(first) == 64
    assert fingerprint({**_FILES, "README.md": b"a note"}) == first
    name = "2-lists/topics.yaml"
    assert fingerprint({**_FILES, name: _FILES[name] + b"\n"}) != first
    moved = {("x" + key if key == name else key): data for key, data in _FILES.items()}
    assert fingerprint(moved) != first


def test_everything_wrong_is_told_at_once() -> None:
    """Problems of form, keys, names and columns in several files come together, in order."""
    files = dict(_FILES)
    for name, old, new in [
        ("1-office/agreement.yaml", b"end needed: yes", b"end needed: true"),
        ("1-office/workshop.yaml", b"bearer: Office", b"bearrer: Office"),
        ("1-office/yearly.yaml", b"column: topics", b"column: topic"),
        ("1-office/agreement.yaml", b"register: documents", b"register: document"),
        ("2-lists/topics.yaml", b"bearer: Office", b"bearer: Offices"),
    ]:
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    told = _told(files)
    assert [line.split(" (")[0] for line in told] == [
        "1-office/agreement.yaml, line 15",
        "1-office/agreement.yaml, line 19",
        "1-office/workshop.yaml, line 3",
        "1-office/yearly.yaml, line 21",
        "2-lists/topics.yaml, line 3",
    ]


def test_an_empty_rulebook() -> None:
    """A book and registers alone are no rulebook."""
    files = {name: _FILES[name] for name in ("book.yaml", "registers.yaml")}
    assert _told(files) == ["book.yaml: The rulebook contains no duty. Add a duty's file."]
    assert len(_told({})) == 2


def test_the_wrong_folder() -> None:
    """A folder without a book.yaml is told of as such, and its files are not judged."""
    (told,) = _told({"registers.yaml": b"", "notes.txt": b"", "x/y.yaml": b"a: true"})
    assert told.startswith("book.yaml: The rulebook has no such file.")


def test_rules_are_not_judged_by_registers_that_cannot_be_read() -> None:
    """A broken registers.yaml is told alone: no column is called missing for it."""
    broken = _FILES["registers.yaml"].replace(b"type: yes/no", b"type: yesno", 1)
    assert len(_told({**_FILES, "registers.yaml": broken})) == 1


def test_a_register_that_no_rule_reads_is_no_problem() -> None:
    """semantics.md, What must always hold, 4."""
    more = b"""  - id: spare
    title: Spare
    about: Nothing
    sheets: [Spare]
    columns:
      - name: day
        type: day
"""
    book = book_of({**_FILES, "registers.yaml": _FILES["registers.yaml"] + more})
    assert "spare" in book.registers


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A wrong name is a problem, not an error."""
    problem = _one(load_rulebook(tmp_path / "none"))
    assert "There is no such folder of rules." in describe(problem)


def test_hidden_files_are_passed_over_and_others_are_told(tmp_path: Path) -> None:
    """What a computer leaves behind is no rule; what looks like one and is not read is told."""
    _written(tmp_path)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x.txt").write_text("x")
    (tmp_path / "1-office" / ".DS_Store").write_bytes(b"\x00")
    (tmp_path / "README.md").write_text("notes")
    assert isinstance(load_rulebook(tmp_path), Rulebook)
    (tmp_path / "1-office" / "draft.yaml.txt").write_text("id: draft")
    problem = _one(load_rulebook(tmp_path))
    assert problem.spot == Spot("1-office/draft.yaml.txt", 0)


def _written(folder: Path) -> Path:
    for name, data in _FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return folder


def test_a_case_file_is_no_rule(tmp_path: Path) -> None:
    """Whatever is in it, it changes nothing in the rulebook, not even the fingerprint."""
    (_written(tmp_path) / "2-lists" / "topics.cases.yaml").write_bytes(b"\tcases: [")
    assert load_rulebook(tmp_path) == book_of(_FILES)
    assert book_of({**_FILES, "2-lists/topics.cases.yaml": b"\tcases: ["}) == book_of(_FILES)
    assert [path.name for path in case_files(tmp_path)] == [
        "yearly.cases.yaml",
        "topics.cases.yaml",
    ]


def test_a_case_file_without_its_rule_is_told(tmp_path: Path) -> None:
    """It may be a duty under a wrong name, which would be left out without a word."""
    _written(tmp_path)
    (tmp_path / "2-lists" / "topics.yaml").rename(tmp_path / "2-lists" / "topics.cases.yaml")
    assert describe(_one(load_rulebook(tmp_path))) == (
        "2-lists/topics.cases.yaml: There is no rule topics.yaml beside this case file. Move it"
        " beside its rule, or rename it if it is a rule: .cases.yaml is only for cases."
    )
    (tmp_path / "book.yaml").unlink()
    assert "book.yaml: The rulebook has no such file." in describe(_one(load_rulebook(tmp_path)))


def test_case_files_count_as_files_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rules.load.FOLDER_FILES", len(_FILES))
    assert isinstance(load_rulebook(_written(tmp_path)), Rulebook)
    (tmp_path / "2-lists" / "topics.cases.yaml").touch()
    assert "The folder contains more than" in describe(_one(load_rulebook(tmp_path)))


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program holds is a problem, not an error."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "book.yaml").write_text("id: x")
    monkeypatch.setattr(os, "open", refuse)
    problem = _one(load_rulebook(tmp_path))
    assert describe(problem) == (
        "book.yaml: The file cannot be read (Permission denied): close it if it is open in another"
        " program, or ask for permission to read it. No rule was read from it."
    )


def test_a_problem_as_text_and_as_json() -> None:
    """Both forms hold the same, and the other place of a disagreement too."""
    problem = RuleProblem(
        "a.yaml", 3, "id", "It is taken.", "Choose another.", (Spot("b.yaml", 1),)
    )
    assert describe(problem) == (
        "a.yaml, line 3 (id): It is taken. Choose another. See also b.yaml, line 1."
    )
    assert json.loads(json.dumps(as_json(problem))) == {
        "file": "a.yaml", "line": 3, "where": "id", "message": "It is taken.",
        "instead": "Choose another.", "also": [{"file": "b.yaml", "line": 1}],
    }  # fmt: skip


def test_a_content_duty_resolves_to_the_one_that_it_cuts() -> None:
    """semantics.md, Pattern 7: the same windows, one condition more, by versions of both."""
    resolved = resolve(book_of(_FILES), "long-paper")
    assert [version.begins.year for version in resolved.versions] == [2024, 2026]
    first = resolved.versions[0].rule
    assert not isinstance(first.pattern, Content)
    assert first.evidence is not None
    assert first.evidence.where[-1] == resolved.versions[0].extra[0]
    quarterly = resolve(book_of(_FILES), "minuted-paper").versions[0].rule
    assert isinstance(quarterly.pattern, Periodic)


_LINES = [(name, i) for name, data in _FILES.items() for i in range(data.count(b"\n"))]


@given(
    st.sampled_from(_LINES),
    st.sampled_from(
        [b"", b"x: y", b"- x", b"    - 5", b"      kind: content", b"where: [a, {b: c}]"]
    ),
)
def test_no_line_can_break_the_loader(place: tuple[str, int], line: bytes) -> None:
    """Whatever line is put in the place of another, the book is read or problems are told."""
    name, index = place
    lines = _FILES[name].split(b"\n")
    lines[index] = line
    read = read_book({**_FILES, name: b"\n".join(lines)})
    if not isinstance(read, Rulebook):
        assert read
        assert all(problem.message.endswith(".") for problem in read)
        assert all(problem.instead.endswith(".") for problem in read)
