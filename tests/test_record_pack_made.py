"""A pack holds all that it needs, the same bytes each time, and only what belongs to it."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from cli.commands.record import pack as command
from cli.exits import NOTHING_OUTSTANDING, Stop
from record.ledger.chain import export_chain
from record.ledger.checks import enter
from record.ledger.database import LedgerProblem
from record.pack import pack as packing
from record.pack.book import plain_book
from reports.json import to_json
from rules.load import OWN_BOOK
from rules.patterns import Completeness, EvidenceQuery
from rules.resolve import resolve
from rules.subject import FixedList
from tests.support.desk_office import BOOK, ended, workbook
from tests.support.desk_office import rulebook as altered_book
from tests.support.ledgers import at as stamp
from tests.support.needs import ROOT
from tests.support.own_book import own_book
from tests.support.verifier import AS_OF, OFFICE, assessed, files_in, rechecked
from tests.test_record_recheck_sheets import people


def checked(folder: Path, data: bytes | None = None) -> tuple[Path, Path]:
    """A check of a small workbook: its assessment and the workbook."""
    book = folder / "office.xlsx"
    book.write_bytes(workbook() if data is None else data)
    (folder / "assessment.json").write_bytes(to_json(assessed([book], folder=BOOK)))
    return folder / "assessment.json", book


def run(*arguments: str | Path) -> int:
    """The command with these arguments."""
    parser = argparse.ArgumentParser()
    command.add_to(parser.add_subparsers())
    asked = parser.parse_args(["pack", *map(str, arguments)])
    return int(asked.run(asked))


def refused(*arguments: str | Path) -> str:
    """What the command says when it refuses; nothing is then written."""
    out = Path(str(arguments[0]))
    before = out.read_bytes() if out.exists() else None
    with pytest.raises(Stop) as stop:
        run(*arguments)
    assert (out.read_bytes() if out.exists() else None) == before
    assert not list(out.parent.glob(".*"))
    return str(stop.value)


def test_it_holds_all_that_it_needs(tmp_path: Path) -> None:
    told, book = checked(tmp_path)
    ledger, sop = tmp_path / "ledger.sqlite", tmp_path / "the SOP (1).txt"
    sop.write_bytes(b"The desk is looked at yearly.")
    enter(ledger, assessed([book], folder=BOOK), stamp(0))
    files = files_in(packing.pack(told, (book,), BOOK, (sop,), ledger))
    rules = {f"rulebook/{path.relative_to(BOOK).as_posix()}" for path in BOOK.rglob("*.yaml")}
    assert set(files) == rules | {
        "README.txt", "assessment.json", "evidence/cells.csv", "evidence/files/1-office.xlsx",
        "evidence/sheets.csv", "ledger.txt", "manifest.json", "recheck.py", "rulebook.json",
        "sop/the SOP _1_.txt",
    }  # fmt: skip
    assert files["assessment.json"] == told.read_bytes()
    assert files["evidence/files/1-office.xlsx"] == book.read_bytes()
    assert files["recheck.py"] == packing.RECHECK.read_bytes()
    assert files["ledger.txt"] == export_chain(ledger)
    assert files["sop/the SOP _1_.txt"] == sop.read_bytes()
    manifest = json.loads(files["manifest.json"])
    assert manifest["evidence"] == {"office.xlsx": "evidence/files/1-office.xlsx"}
    others = files.keys() - {"manifest.json"}
    assert manifest["files"] == {n: hashlib.sha256(files[n]).hexdigest() for n in others}
    page = files["README.txt"].decode()
    assert "A small rulebook (version 1.0.0), as of 2026-11-24" in page
    assert all(f"\n  {name}\n" in page for name in others - {"README.txt"})


def test_case_files_are_not_packed(tmp_path: Path) -> None:
    """They decide no status: with and without them the rulebook and the pack are the same."""
    told, book = checked(tmp_path)
    rules = altered_book(tmp_path / "rules")
    (rule,) = rules.rglob("desk-checked.yaml")
    rule.with_suffix(".cases.yaml").write_text("duty: desk-checked\ncases: []\n")
    assert run(tmp_path / "one.zip", told, "--evidence", book, "--rulebook", BOOK) == 0
    assert run(tmp_path / "two.zip", told, "--evidence", book, "--rulebook", rules) == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_made_twice_it_is_the_same_to_the_last_byte(tmp_path: Path) -> None:
    told, book = checked(tmp_path)
    assert run(tmp_path / "one.zip", told, "--evidence", book, "--rulebook", BOOK) == 0
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "copy of it.xlsx"
    copy.write_bytes(book.read_bytes())
    assert run(tmp_path / "two.zip", told, "--evidence", copy, "--rulebook", BOOK) == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.campaign
def test_the_plain_rulebook_is_the_same_in_every_process() -> None:
    """Sets of words are in another order in each."""
    code = (
        "import json; from record.pack.book import plain_book; from rules.load import *;"
        " print(json.dumps(plain_book(load_rulebook(OWN_BOOK))))"
    )
    one, two = (
        ended([sys.executable, "-c", code], ROOT, PYTHONHASHSEED=seed) for seed in ("1", "2")
    )
    assert one == two
    assert (one.code, one.out != "") == (0, True)


@pytest.mark.campaign
def test_the_office_is_packed_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told, out = tmp_path / "assessment.json", tmp_path / "pack.zip"
    told.write_bytes(to_json(assessed([OFFICE], AS_OF)))
    assert run(out, told, "--evidence", OFFICE) == NOTHING_OUTSTANDING
    said = capsys.readouterr().out
    assert said.startswith(f"Saved: {out}\n")
    assert hashlib.sha256(out.read_bytes()).hexdigest() in said
    assert rechecked(out).code == 0


def test_without_evidence_nothing_can_be_rechecked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told, _ = checked(tmp_path)
    out = tmp_path / "pack.zip"
    assert run(out, told, "--rulebook", BOOK) == 0
    assert "The pack contains no evidence" in capsys.readouterr().out
    ended = rechecked(out)
    assert ended.code == 2
    assert "without the evidence file office.xlsx" in ended.out


def test_other_evidence_is_refused(tmp_path: Path) -> None:
    told, book = checked(tmp_path)
    out = tmp_path / "pack.zip"
    changed = tmp_path / "later" / "office.xlsx"
    changed.parent.mkdir()
    changed.write_bytes(book.read_bytes() + b"0")
    said = refused(out, told, "--evidence", changed, "--rulebook", BOOK)
    assert said == (
        f"Nothing was packed.\n  {changed} is not the file that was checked as office.xlsx: its "
        "SHA-256 differs. Give the file as it was then, or check again."
    )
    said = refused(out, told, "--evidence", book, changed, "--rulebook", BOOK)
    assert said == f"Nothing was packed.\n  {changed} is not a file of this assessment."
    said = refused(out, told, "--evidence", BOOK / "book.yaml", "--rulebook", BOOK)
    assert "office.xlsx is named in the assessment and was not given." in said


def test_one_file_of_two_is_refused(tmp_path: Path) -> None:
    paths = [tmp_path / "people.csv", tmp_path / "checks.csv"]
    paths[0].write_bytes(b"ref,name,starts\np1,One,5/1/2026\n")
    paths[1].write_bytes(b"ref,person,done on,kind\n")
    told = tmp_path / "assessment.json"
    told.write_bytes(to_json(assessed(paths, folder=BOOK)))
    said = refused(tmp_path / "p.zip", told, "--evidence", paths[0], "--rulebook", BOOK)
    assert said.splitlines()[1:] == ["  checks.csv is named in the assessment and was not given."]


def test_two_files_of_one_content_are_both_packed(tmp_path: Path) -> None:
    paths = [tmp_path / name / "people.csv" for name in ("east", "west")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(b"ref,name,starts\np1,One,5/1/2026\n")
    told = tmp_path / "assessment.json"
    told.write_bytes(to_json(assessed(paths, folder=BOOK)))
    data = packing.pack(told, tuple(paths), BOOK)
    (tmp_path / "pack.zip").write_bytes(data)
    manifest = json.loads(files_in(data)["manifest.json"])
    assert manifest["evidence"] == {
        "east/people.csv": "evidence/files/1-people.csv",
        "west/people.csv": "evidence/files/2-people.csv",
    }
    assert rechecked(tmp_path / "pack.zip").code == 0


def test_another_rulebook_is_refused(tmp_path: Path) -> None:
    told, book = checked(tmp_path)
    out = tmp_path / "pack.zip"
    said = refused(out, told, "--evidence", book)
    assert f"{OWN_BOOK} is not the rulebook that the assessment was made with" in said
    other = altered_book(tmp_path / "other", {"book.yaml": ("1.0.0", "1.0.1")})
    assert "its files differ" in refused(out, told, "--evidence", book, "--rulebook", other)
    broken = altered_book(tmp_path / "broken", {"book.yaml": ("marking", "markings")})
    assert "'dueregard rules check'" in refused(out, told, "--rulebook", broken)
    words = refused(out, told, "--rulebook", tmp_path / "none")
    assert "run 'dueregard rules check' to list them" in words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.json", "none.json was not found: check its name and its folder."),
        ("office.xlsx", "It is not JSON."),
        ("other.json", "It is JSON, but no assessment."),
    ],
)
def test_what_is_no_assessment_is_refused(name: str, words: str, tmp_path: Path) -> None:
    checked(tmp_path)
    (tmp_path / "other.json").write_bytes(b"{}")
    assert words in refused(tmp_path / "pack.zip", tmp_path / name, "--rulebook", BOOK)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    told, book = checked(tmp_path)
    said = refused(book, told, "--evidence", book, "--rulebook", BOOK)
    assert said.endswith("already exists and was not changed: give another name.")
    nowhere = tmp_path / "nowhere" / "pack.zip"
    assert "could not be written" in refused(nowhere, told, "--evidence", book, "--rulebook", BOOK)


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    told, book = checked(tmp_path)
    with pytest.raises(LedgerProblem):
        packing.pack(told, (book,), BOOK, (), book)
    more = ("--evidence", book, "--rulebook", BOOK, "--ledger", tmp_path / "none.sqlite")
    assert "There is no ledger" in refused(tmp_path / "pack.zip", told, *more)


def test_no_text_of_a_cell_can_run_as_a_formula(tmp_path: Path) -> None:
    risky = ["=1+1", "+1", "-1", "@a", "\ttab", "'quoted", "''", "plain"]
    cells = {(1, n): name for n, name in enumerate(("ref", "name", "starts"), 1)}
    told, book = checked(
        tmp_path, people({**cells, **{(n, 2): text for n, text in enumerate(risky, 2)}})
    )
    files = files_in(packing.pack(told, (book,), BOOK))
    text = files["evidence/cells.csv"].decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    shown = [line[6] for line in lines if line[1:2] + line[3:4] == ["People", "B"]][1:]
    assert shown == [f"'{text}" for text in risky[:-1]] + ["plain"]
    assert [text.removeprefix("'") for text in shown] == risky


def test_cells_of_hidden_rows_and_columns_are_marked(tmp_path: Path) -> None:
    cells = {(1, n): name for n, name in enumerate(("ref", "name", "starts"), 1)}
    more = {(2, 1): "p1", (2, 2): "One", (3, 1): "p2", (3, 2): "Two"}
    hidden = people({**cells, **more}, hidden_rows=frozenset({3}), hidden_columns=frozenset({2}))
    told, book = checked(tmp_path, hidden)
    files = files_in(packing.pack(told, (book,), BOOK))
    lines = csv.DictReader(io.StringIO(files["evidence/cells.csv"].decode("utf-8-sig")))
    marked = {
        line["letters"] + line["row"]: line["hidden"] for line in lines if line["sheet"] == "People"
    }
    assert marked == {
        "A1": "", "B1": "yes", "C1": "", "A2": "", "B2": "yes", "A3": "yes", "B3": "yes",
    }  # fmt: skip


def test_the_plain_rules_are_the_whole_rulebook() -> None:
    rulebook = own_book()
    book = json.loads(json.dumps(plain_book(rulebook)))
    assert [each["id"] for each in book["duties"]] == list(rulebook.duties)
    assert list(book["registers"]) == list(rulebook.registers)
    kinds = {version["kind"] for each in book["duties"] for version in each["versions"]}
    assert {each["pattern"] for each in book["duties"]} - kinds == {"content"}
    for duty in book["duties"]:
        versions = resolve(rulebook, duty["id"]).versions
        assert [each["begins"] for each in duty["versions"]] == [str(e.begins) for e in versions]
        for told, each in zip(duty["versions"], versions, strict=True):
            subjects, asks = each.rule.subjects, list(told["asked"].values())
            members = subjects.members if isinstance(subjects, FixedList) else (None,)
            assert list(told["asked"]) == [member.id if member else "" for member in members]
            evidence = asks[0]["evidence"]
            given = {name for name, said in _fields(each.rule.pattern) if said}
            assert given <= told.keys() | evidence.keys() | set(ELSEWHERE)
            asked = each.rule.evidence or each.rule.pattern
            assert isinstance(asked, EvidenceQuery | Completeness)
            for member, ask in zip(members, asks, strict=True):
                named = isinstance(subjects, FixedList) and subjects.named_in is not None
                own = len(member.where) + named if member else 0
                assert len(ask["evidence"]["where"]) == len(asked.asks) + own
            given = {name for name, said in _fields(asked) if said}
            assert given <= told.keys() | evidence.keys() | set(ELSEWHERE)


#: What a rule says of a pattern or of evidence, and what the plain rules say in other words:
#: ``events``, ``joining``, ``dated``, ``where``, ``within``, ``early``, and of evidence the two
#: columns of ``event`` and of ``subject``.
ELSEWHERE = (
    "event", "records", "begins", "done on", "must", "must any", "any of", "by", "no earlier",
    "itself", "named by subject",
)  # fmt: skip


def _fields(declared: BaseModel) -> Iterator[tuple[str, object]]:
    """What a rule file may say of it, and what it says."""
    for name, each in type(declared).model_fields.items():
        yield each.alias or name, getattr(declared, name)
