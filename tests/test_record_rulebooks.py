"""The rulebooks that a ledger keeps: once, found again, and verified."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest

from record.ledger.chain import entries
from record.ledger.database import LEDGER_NAME as LEDGER
from record.ledger.database import LedgerProblem
from record.ledger.entries import Checked, RulebookRef, digest
from record.ledger.prune import prune
from record.ledger.rulebooks import fetch_rulebook, rulebooks_of
from record.ledger.store import stored
from record.ledger.verify import verify
from tests.support.desk_office import BOOK, called, workbook
from tests.support.ledgers import at, ledger


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of two checks by one rulebook, and of one by another."""
    folder = tmp_path_factory.mktemp("checked")
    shutil.copytree(BOOK, folder / "rules")
    (folder / "registers.xlsx").write_bytes(workbook())
    command = ("check", "registers.xlsx", "--rulebook", "rules", "--formats", "json", "--as-of")
    for as_of in ("2026-11-23", "2026-11-24"):
        assert called(folder, *command, as_of, "--out", "report").code == 0
    rule = folder / "rules" / "1-desk" / "desk-checked.yaml"
    rule.write_text(rule.read_text().replace("12 months", "13 months"))
    assert called(folder, *command, "2026-11-24", "--out", "report").code == 0
    return folder


@pytest.fixture
def folder(checked: Path, tmp_path: Path) -> Path:
    """A copy of that folder, which a test may change."""
    return shutil.copytree(checked, tmp_path, dirs_exist_ok=True)


def kept(folder: Path, number: int = 1) -> Path:
    """The file of an entry's rulebook."""
    body = entries(folder / LEDGER)[number].body
    assert isinstance(body, Checked)
    return rulebooks_of(folder / LEDGER) / f"{body.rulebook.kept}.json"


def faults(folder: Path) -> tuple[str, ...]:
    return verify(folder / LEDGER).faults


def test_a_rulebook_is_kept_once_for_all_its_checks(folder: Path) -> None:
    assert kept(folder, 1) == kept(folder, 2) != kept(folder, 3)
    assert len(stored(rulebooks_of(folder / LEDGER))) == 2
    assert verify(folder / LEDGER).rulebooks == 2
    assert faults(folder) == ()
    shown = called(folder, "ledger", "show", "1").out
    path = f"dueregard-ledger.rulebooks/{kept(folder).name}"
    assert f", kept as {path}\n" in shown


def test_the_rulebook_of_a_check_is_written_again(folder: Path) -> None:
    done = called(folder, "ledger", "show", "1", "--rulebook", "then")
    assert done.out.endswith("\nSaved: then\n")
    names = [path.relative_to(BOOK) for path in sorted(BOOK.rglob("*.yaml"))]
    assert [p.relative_to(folder / "then") for p in sorted((folder / "then").rglob("*.yaml"))] == [
        name for name in names if ".cases" not in name.name
    ]
    for path in (folder / "then").rglob("*.yaml"):
        assert path.read_bytes() == (BOOK / path.relative_to(folder / "then")).read_bytes()
    again = called(folder, "ledger", "show", "1", "--rulebook", "then")
    assert again.err == "then already exists and was not changed: give another name.\n"
    none = called(folder, "ledger", "show", "0", "--rulebook", "other")
    assert none.err == "--rulebook: entry 0 names no rulebook.\n"


def test_a_rulebook_that_is_missing_or_altered_is_a_fault(folder: Path) -> None:
    one, other = kept(folder, 1), kept(folder, 3)
    other.write_bytes(one.read_bytes())
    one.unlink()
    assert faults(folder) == (
        f"The rulebook of entry 1 is not at {one}.",
        f"The rulebook of entry 3 was altered after it was entered: {other}.",
    )
    missing = called(folder, "ledger", "show", "1", "--rulebook", "then").err
    store = "dueregard-ledger.rulebooks"
    assert missing == (
        f"The rulebook of entry 1 is not at {store}/{one.name}. Keep the folder of rulebooks beside"
        " its ledger.\n"
    )
    altered = called(folder, "ledger", "show", "3", "--rulebook", "then").err
    assert altered == (
        f"The rulebook of entry 3 was altered after it was entered: {store}/{other.name}.\n"
    )
    assert not (folder / "then").exists()


def test_an_older_entry_kept_no_rulebook(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    assert verify(path).faults == ()
    assert verify(path).rulebooks == 0
    ref = RulebookRef(id="a", version="1.0.0", sha256="0" * 64)
    with pytest.raises(LedgerProblem, match=r"^Entry 1 was made without keeping its rulebook\.$"):
        fetch_rulebook(path, 1, ref)


@pytest.mark.parametrize(
    "content",
    ['{"../book.yaml": ""}', '{"/book.yaml": ""}', '{"a//b.yaml": ""}', '{"a:b.yaml": ""}',
     '{"..\\\\b.yaml": ""}', "[]", "{", '{"a.yaml": 1}', '{"a.yaml": "\\ud800"}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_rulebook_writes_nothing(tmp_path: Path, content: str) -> None:
    """Even if the ledger itself was made up around it."""
    path = tmp_path / "office.sqlite"
    sha256 = digest(content)
    rulebooks_of(path).mkdir()
    (rulebooks_of(path) / f"{sha256}.json").write_text(content)
    ref = RulebookRef(id="a", version="1.0.0", sha256="0" * 64, kept=sha256)
    with pytest.raises(LedgerProblem, match="was altered after it was entered"):
        fetch_rulebook(path, 1, ref)


def test_pruning_leaves_rulebooks_and_removes_what_no_entry_names(folder: Path) -> None:
    store = rulebooks_of(folder / LEDGER)
    before = stored(store)
    (store / f"{'0' * 64}.json").write_text("{}")
    assert verify(folder / LEDGER).notes == (
        f"Files in {store} that belong to no entry: 1. A check that was stopped leaves such; "
        "pruning removes them.",
    )
    pruning = prune(folder / LEDGER, datetime.date(2099, 1, 1), at(0))
    assert (pruning.assessments, pruning.strays) == (3, 1)
    assert stored(store) == before
    assert json.loads(kept(folder).read_bytes()).keys() >= {"book.yaml", "registers.yaml"}
