"""An altered pack is found out: each kind of edit at least once, hundreds in the long campaign."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from record.ledger.checks import enter
from record.pack import pack as packing
from record.recheck import recheck
from reports.json import to_json
from rules.load import OWN_BOOK
from tests.support import needs
from tests.support.altered_packs import NOT_FOUND, SEALED, UNSEALED, Files, edited
from tests.support.ledgers import at as stamp
from tests.support.rulebook_part import part_of_book
from tests.support.verifier import (
    AS_OF,
    OFFICE,
    assessed,
    files_in,
    rechecked_files,
    sealed,
)

SEED = 20_268_000
ROUNDS = 11 if needs.CAMPAIGN else 1


#: Folders and files of the rulebook by which the ordinary run edits: a third of the duties, what
#: two of them count on, and three whose history holds what is not met. They leave out training.
PART = (
    *("4.7-permissive-environments", "4.8-communications"),
    *("assurance-statement.yaml", "situational-assessment-agreed.yaml"),
    *("designated-lead.yaml", "board-attendance.yaml", "steering-group-contribution.yaml"),
)
TRAINING = ("Training", "Training records")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The pack of a check of the office, its ledger with it: in the long campaign of the whole
    office, in an ordinary run of the duties of PART, which has as much to edit of every kind and is
    rechecked in a third of the time."""
    folder = tmp_path_factory.mktemp("office")
    evidence, rulebook = OFFICE, OWN_BOOK
    if not needs.CAMPAIGN:
        book = openpyxl.load_workbook(OFFICE)
        for sheet in TRAINING:
            del book[sheet]
        evidence, rulebook = folder / "office.xlsx", part_of_book(folder / "rules", PART)
        book.save(evidence)
    told, ledger = assessed([evidence], AS_OF, folder=rulebook), folder / "ledger.sqlite"
    (folder / "assessment.json").write_bytes(to_json(told))
    enter(ledger, told, stamp(0))
    return files_in(packing.pack(folder / "assessment.json", (evidence,), rulebook, (), ledger))


@pytest.fixture(scope="module")
def claimed(office: Files) -> Files:
    """The same without the ledger, which would give away each edit."""
    return sealed({name: data for name, data in office.items() if name != "ledger.txt"})


def ends(files: Files, name: str, folder: Path, rounds: int = ROUNDS) -> Counter[int]:
    """How the rechecks of so many edits of a kind ended."""
    made: Counter[int] = Counter()
    for n in range(rounds):
        altered = edited(files, name, random.Random(f"{SEED + n} {name}"))
        if altered is not None:
            made[rechecked_files(altered, folder / "pack.zip").code] += 1
    return made


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without openpyxl."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)


@pytest.mark.one_in(4)
@pytest.mark.long
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("name", SEALED)
def test_an_edit_of_a_claim_is_found(
    office: Files, claimed: Files, name: str, tmp_path: Path
) -> None:
    made = ends(office if name.startswith("ledger") else claimed, name, tmp_path)
    assert made[0] == 0
    assert made.total() >= max(1, ROUNDS - 3)


@pytest.mark.one_in(2)
@pytest.mark.long
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("name", UNSEALED)
def test_an_edit_that_leaves_the_manifest_is_found(
    claimed: Files, name: str, tmp_path: Path
) -> None:
    made = ends(claimed, name, tmp_path)
    assert made[0] == 0
    assert made.total() >= ROUNDS


@pytest.mark.one_in(3)
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("name", NOT_FOUND)
def test_what_is_not_found_by_design_is_still_not_found(
    claimed: Files, name: str, tmp_path: Path
) -> None:
    """docs/recheck.md lists these; where one is found after all, the page is to say so."""
    assert ends(claimed, name, tmp_path, 1) == Counter({0: 1})


def test_unaltered_it_is_confirmed(office: Files, tmp_path: Path) -> None:
    ended = rechecked_files(office, tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    assert "office.xlsx was compared with cells.csv." in ended.out
    assert "The ledger names this assessment in entry 1." in ended.out


def test_the_ledger_gives_away_whatever_else_was_edited(office: Files, tmp_path: Path) -> None:
    altered = edited(office, "why it is not met", random.Random(SEED))
    assert altered is not None
    ended = rechecked_files(altered, tmp_path / "pack.zip")
    assert ended.code == 1
    assert ended.differences == ["ledger.txt: this assessment was not recorded in it."]


def test_an_entry_that_says_something_else_of_the_check_is_found(
    office: Files, tmp_path: Path
) -> None:
    *lines, last = office["ledger.txt"].decode().splitlines()
    other = last.replace('"as_of":"2026-11-24"', '"as_of":"2026-11-20"')
    altered = sealed(office | {"ledger.txt": "\n".join([*lines, other]).encode()})
    ended = rechecked_files(altered, tmp_path / "pack.zip")
    says = "ledger.txt: entry 1: its as_of is not the assessment's."
    assert (ended.code, ended.differences) == (1, [says])


def test_a_file_that_nobody_checked_is_found(office: Files, tmp_path: Path) -> None:
    more = {"evidence/files/2-more.csv": b"more", "note.txt": b"Seen and found right."}
    ended = rechecked_files(sealed(office | more), tmp_path / "pack.zip")
    assert (ended.code, ended.differences) == (
        1,
        [f"{name}: it is not a file of this pack." for name in sorted(more)],
    )


def test_a_view_in_the_ledger_is_not_an_entry_of_the_check(office: Files, tmp_path: Path) -> None:
    """Whether the view itself is of something that was entered is not looked at."""
    lines = office["ledger.txt"].decode().splitlines()[:-1]
    said = {"number": len(lines), "previous": recheck.sha256(lines[-1].encode())}
    said |= {"kind": "review", "duty": "training-record-kept", "verdict": "disagree"}
    said |= {"assessment": recheck.sha256(office["assessment.json"])}
    altered = sealed(office | {"ledger.txt": "\n".join([*lines, json.dumps(said)]).encode()})
    ended = rechecked_files(altered, tmp_path / "pack.zip")
    never = "ledger.txt: this assessment was not recorded in it."
    assert (ended.code, ended.differences) == (1, [never])
