"""Entering and reading: what an entry holds, what it never holds, and that it stays."""

from __future__ import annotations

import datetime
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.assessment import SopStamp
from record.ledger import database as file
from record.ledger.chain import entries, export_chain, key_of, new_key, writing
from record.ledger.checks import enter
from record.ledger.database import SCHEMA, LedgerProblem
from record.ledger.entries import Pruned, digest
from record.ledger.store import path_in, store_of
from reports.json import to_json
from tests.support.ledgers import (
    AUDITOR,
    LEAD,
    at,
    auditor,
    bodies,
    full,
    in_memory,
    ledger,
    made,
    opened,
    reviewed,
)

HASH = re.compile(r"[0-9a-f]{64}")

#: EXTRA: the file, its journal and the journal's folder are synced at each commit.
SAID = ("PRAGMA synchronous = EXTRA", "BEGIN IMMEDIATE", "COMMIT")


tmp_path = in_memory


# What is entered ---------------------------------------------------------------------------------


def test_an_entry_holds_all_that_an_assessment_follows_from(tmp_path: Path) -> None:
    known, begin = datetime.date(2026, 11, 1), datetime.date(2026, 4, 1)
    asked = replace(
        made(), known_by=known, records_begin=begin, sop=SopStamp("sop.docx", "ef" * 32, "1.0")
    )
    entered = enter(tmp_path / "office.sqlite", asked, at(0))
    (first, body) = bodies(entered.ledger)
    assert (first["kind"], first["number"], first["previous"]) == ("begun", 0, "0" * 64)
    details, previous = body.pop("details"), body.pop("previous")
    assert HASH.fullmatch(str(details))
    assert previous == digest(json.dumps(first, sort_keys=True, separators=(",", ":")))
    assert body == {
        "kind": "check",
        "number": 1,
        "at": "2026-11-24T09:00:00Z",
        "as_of": "2026-11-24",
        "known_by": "2026-11-01",
        "records_begin": "2026-04-01",
        "mapping": None,
        "assessment": digest(to_json(asked)),
        "rulebook": {
            "id": "made-up-office",
            "version": "1.0.0",
            "sha256": "ab" * 32,
            "kept": None,
        },
        "sop": "ef" * 32,
        "sop_versions": [{"version": "1.0", "sha256": "ef" * 32}],
        "evidence": [f"{0:064x}"],
        "program": {
            "version": "0.1.0",
            "engine": "durable-rules and the plain evaluator",
        },
        "position": {"office": "", "overdue": 1, "due": 0, "met": 1, "long_overdue": 0},
    }
    assert (entered.number, entered.first) == (1, True)
    assert entered.head == entries(entered.ledger)[-1].row.hash


def test_the_assessment_is_kept_as_the_bytes_that_its_entry_names(tmp_path: Path) -> None:
    path = ledger(tmp_path, 2)
    for number, body in enumerate(bodies(path)[1:]):
        data = path_in(store_of(path), str(body["assessment"])).read_bytes()
        assert data == to_json(made(number))


def test_an_entry_names_nobody(tmp_path: Path) -> None:
    """Not who entered it, nor whom a review is about, nor what it says: those can be pruned."""
    path = ledger(tmp_path, 1)
    reviewed(path, 0, "disagree")
    text = export_chain(path).decode()
    assert "staff-trained" in text
    for word in (AUDITOR, LEAD, "S-2", "certificate", "registers.xlsx"):
        assert word not in text
    (_, _, view) = entries(path)
    assert view.details is not None
    assert (view.details.by, view.details.subject) == (AUDITOR, "S-2")
    assert view.details.note == "no certificate was shown"


def test_the_same_words_have_another_hash_each_time(tmp_path: Path) -> None:
    """So that nobody finds a name by trying names."""
    path = ledger(tmp_path, 1)
    reviewed(path, 0, "agree")
    reviewed(path, 0, "agree")
    one, two = bodies(path)[-2:]
    assert one["details"] != two["details"]
    assert {**one, "details": 0, "number": 0, "previous": 0} == {
        **two, "details": 0, "number": 0, "previous": 0,
    }  # fmt: skip


def test_two_checks_with_one_answer_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    first, second = enter(path, made(), at(0)), enter(path, made(), at(1))
    assert first.assessment == second.assessment
    assert len(list(store_of(path).iterdir())) == 1
    assert (first.first, second.first) == (True, False)


def test_an_export_is_a_chain_that_anybody_can_check(tmp_path: Path) -> None:
    path = full(tmp_path)
    lines = export_chain(path).decode().splitlines()
    before = "0" * 64
    for number, line in enumerate(lines):
        said = json.loads(line)
        assert (said["number"], said["previous"]) == (number, before)
        before = digest(line)
    assert before == entries(path)[-1].row.hash


# The key -----------------------------------------------------------------------------------------


def test_a_ledger_has_a_key_that_leaves_it_never(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    assert key_of(path) is None
    key = new_key()
    enter(path, made(), at(0), key)
    enter(path, made(1), at(1), key)
    assert key_of(path) == key
    assert bodies(path)[0]["key"] == digest(key)
    assert key.hex() not in export_chain(path).decode()


def test_a_ledger_that_has_lost_its_key_is_not_added_to(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with sqlite3.connect(path) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM secret")
    connection.close()
    with pytest.raises(LedgerProblem) as stop:
        enter(path, made(1), at(1), new_key())
    assert str(stop.value) == f"The ledger {path} has lost its key: fetch it from a backup."
    assert len(entries(path)) == 2


def test_a_ledger_of_another_key_is_not_added_to(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with pytest.raises(LedgerProblem) as stop:
        enter(path, made(1), at(1), new_key())
    assert str(stop.value) == (
        f"The ledger {path} was begun anew while this was checked, with another key. Nothing was"
        " entered. Check again."
    )
    assert len(entries(path)) == 2


# It stays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET body = '{}' WHERE number = 1",
        "UPDATE entries SET hash = '' WHERE number = 1",
        "UPDATE entries SET number = 9 WHERE number = 1",
        "DELETE FROM entries WHERE number = 2",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries VALUES (1, '{}', '')",
        "INSERT INTO entries VALUES (7, '{}', '')",
        "REPLACE INTO details VALUES (1, '{}')",
        "INSERT INTO details VALUES (9, '{}')",
        "UPDATE details SET body = '{}'",
        "DELETE FROM details",
        "UPDATE secret SET value = x'00'",
        "DELETE FROM secret",
        "INSERT INTO secret VALUES ('other', x'00')",
        "REPLACE INTO secret VALUES ('key', x'00')",
    ],
)
def test_the_file_itself_forbids_every_change(statement: str, tmp_path: Path) -> None:
    path = ledger(tmp_path)
    before = path.read_bytes()
    with opened(path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert path.read_bytes() == before


def test_what_is_entered_is_on_the_disk_before_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this order: the assessment's bytes, its name, its folder; then the entry is committed."""
    done: list[str] = []
    path = ledger(tmp_path, 1)
    fsync, replaced, connect = os.fsync, Path.replace, sqlite3.connect

    def synced(handle: int) -> None:
        done.append("file" if stat.S_ISREG(os.fstat(handle).st_mode) else "folder")
        fsync(handle)

    def named(fresh: Path, target: Path) -> Path:
        done.append("name")
        return replaced(fresh, target)

    def watched(*given: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)
        connection.set_trace_callback(lambda sql: done.append(sql) if sql in SAID else None)
        return connection

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", named)
    monkeypatch.setattr(sqlite3, "connect", watched)
    enter(path, made(1), at(1))
    assert done == [*SAID[:2], "file", "name", "folder", SAID[2]]
    with opened(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_a_ledger_that_was_set_to_the_other_journal_is_set_back(tmp_path: Path) -> None:
    """The write-ahead log is not safe on a network share."""
    path = ledger(tmp_path, 1)
    with opened(path) as connection:
        assert connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
    enter(path, made(1), at(1))
    with opened(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_when_the_entry_fails_the_ledger_is_as_it_was(tmp_path: Path) -> None:
    def fails() -> None:
        with writing(path, at(1)) as writer:
            writer.add(Pruned, at(1), before=at(1).at.date())
            assert writer.connection.execute("SELECT MAX(number) FROM entries").fetchone() == (2,)
            raise RuntimeError

    path = ledger(tmp_path, 1)
    before = path.read_bytes()
    with pytest.raises(RuntimeError):
        fails()
    assert path.read_bytes() == before


# What is wrong with it ---------------------------------------------------------------------------


def _problem(call: Callable[[], object]) -> str:
    with pytest.raises(LedgerProblem) as stop:
        call()
    return str(stop.value)


def test_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite"
    assert _problem(lambda: entries(path)) == (
        f"There is no ledger {path}. A check begins one beside its folder of reports; where it lies"
        " elsewhere, give it with --ledger."
    )
    assert not path.exists()


def test_an_empty_file_is_no_ledger_until_something_is_entered(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    path.touch()
    assert _problem(lambda: entries(path)) == (
        f"There is no ledger {path}: the file is empty, as a first entry that fails leaves it. A"
        " check begins one in it; where the ledger lies elsewhere, give it with --ledger."
    )
    assert key_of(path) is None
    assert path.stat().st_size == 0
    assert enter(path, made(), at(0)).first


#: Writes a part of a first entry into the file itself, before the entry is whole, and dies.
_KILLED = """
import os, sqlite3
connection = sqlite3.connect("office.sqlite", isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY, body TEXT)")
for number in range(20):
    connection.execute("INSERT INTO entries VALUES (?, ?)", (number, "x" * 4000))
os._exit(9)
"""


def test_a_first_entry_killed_half_way_leaves_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    assert (
        subprocess.run([sys.executable, "-c", _KILLED], cwd=tmp_path, check=False).returncode == 9
    )
    assert path.stat().st_size > 0
    assert "the file is empty, as a first entry that fails leaves it" in _problem(
        lambda: entries(path)
    )
    assert key_of(path) is None
    assert enter(path, made(), at(0)).first


def test_of_a_file_that_was_there_and_empty_nobody_says_that_it_was_made(tmp_path: Path) -> None:
    def fails() -> None:
        with writing(path, at(0)):
            raise LedgerProblem("no room")

    path = tmp_path / "office.sqlite"
    path.touch()
    assert _problem(fails) == "no room"
    path.unlink()
    assert _problem(fails) == (
        f"no room The file {path} was made and is empty: it counts as no ledger, and the next check"
        " begins one in it."
    )


@pytest.mark.parametrize("what", ["text", "another database"])
def test_a_file_that_is_no_ledger_is_left_as_it_is(what: str, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    if what == "text":
        path.write_text("these are words, and no ledger; " * 40, encoding="utf-8")
    else:
        with opened(path) as connection:
            connection.execute("CREATE TABLE t (a)")
    before = path.read_bytes()
    says = (
        f"{path} is not a ledger of this program, and was left as it is: give another name with"
        " --ledger."
    )
    assert _problem(lambda: entries(path)) == says
    assert _problem(lambda: enter(path, made(), at(0))) == says
    assert path.read_bytes() == before
    assert not store_of(path).exists()


def test_a_ledger_of_a_later_program(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with opened(path) as connection:
        connection.execute("PRAGMA user_version = 2")
    assert _problem(lambda: enter(path, made(1), at(1))) == (
        f"{path} is a ledger of form 2, and this program knows form 1: use the program that wrote"
        " it, or a newer one."
    )


def test_a_ledger_that_another_is_adding_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "WAIT_SECONDS", 0.1)
    path = ledger(tmp_path, 1)
    with opened(path) as other:
        other.execute("BEGIN IMMEDIATE")
        assert _problem(lambda: enter(path, made(1), at(1))) == (
            f"The ledger {path} is being added to by another check, and still was after 0 seconds."
            " Nothing was entered, and the ledger is unchanged. Try again when that is done."
        )
        assert len(entries(path)) == 2, "it can be read meanwhile"


def test_a_ledger_that_cannot_be_where_it_is_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "office.sqlite"
    assert _problem(lambda: enter(path, made(), at(0))) == (
        f"The ledger {path} cannot be used (File exists). Nothing was entered, and the ledger is "
        "unchanged. Give another place with --ledger."
    )
    folder = tmp_path / "folder.sqlite"
    folder.mkdir()
    assert _problem(lambda: enter(folder, made(), at(0))) == (
        f"The ledger {folder} cannot be used (folder.sqlite is a folder, not a file). Nothing was"
        " read or entered. Give another place with --ledger."
    )


def test_a_store_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    kept = store_of(path)
    for each in kept.iterdir():
        each.unlink()
    kept.rmdir()
    kept.touch()
    assert _problem(lambda: enter(path, made(1), at(1))) == (
        f"The assessment could not be kept in {kept} (File exists), so nothing was entered in the"
        " ledger. Make room, or give another place with --ledger."
    )
    assert len(entries(path)) == 2


def test_a_disk_that_fills_under_the_store_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(file: int) -> None:
        raise OSError(28, "No space left on device")

    path = ledger(tmp_path, 1)
    monkeypatch.setattr(os, "fsync", full_disk)
    kept = store_of(path)
    before = sorted(kept.iterdir())
    assert _problem(lambda: enter(path, made(1), at(1))) == (
        f"The assessment could not be kept in {kept} (No space left on device), so nothing was"
        " entered in the ledger. Make room, or give another place with --ledger."
    )
    assert sorted(kept.iterdir()) == before
    assert len(entries(path)) == 2


def test_an_entry_that_was_altered_beyond_reading(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    with opened(path, bare=True) as connection:
        connection.execute("UPDATE entries SET body = 'x' WHERE number = 2")
    assert _problem(lambda: entries(path)) == (
        "Entry 2 of the ledger cannot be read: somebody has altered it. 'dueregard ledger verify'"
        " reports what is still intact."
    )


@pytest.mark.parametrize(
    "edit",
    [
        "hash = replace(hash, substr(hash, 20, 3), 'U-\x01')",
        "hash = substr(hash, 2)",
        "hash = upper(hash) || 'A'",
        "hash = CAST(hash AS BLOB)",
        f"number = {2**63 - 1}",
    ],
)
def test_nothing_is_entered_after_an_entry_whose_hash_or_number_is_none(
    edit: str, tmp_path: Path
) -> None:
    path = ledger(tmp_path)
    with opened(path, bare=True) as connection:
        (last,) = connection.execute("SELECT MAX(number) FROM entries").fetchone()
        connection.execute(f"UPDATE entries SET {edit} WHERE number = {last}")
    before = path.read_bytes()
    with pytest.raises(LedgerProblem, match=r"^Entry \d+ of the ledger cannot be read: somebody"):
        enter(path, made(7), at(7))
    with pytest.raises(LedgerProblem, match="cannot be read: somebody has altered it"):
        reviewed(path, 1, "agree")
    assert path.read_bytes() == before


def test_a_damaged_file(tmp_path: Path) -> None:
    path = ledger(tmp_path, 40)
    data = bytearray(path.read_bytes())
    data[4096 + 8 : 8192] = bytes(4096 - 8)
    path.write_bytes(data)
    assert _problem(lambda: entries(path)).startswith(f"The ledger {path} is damaged (")


def test_the_tables_are_as_they_are_said_to_be(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with opened(path) as connection:
        found = dict(connection.execute("SELECT name, sql FROM sqlite_master"))
    assert found == dict(SCHEMA)


def test_a_moment_keeps_the_offset_of_the_place_where_it_was(tmp_path: Path) -> None:
    summer = datetime.timezone(datetime.timedelta(hours=1))
    moment = datetime.datetime(2026, 7, 1, 0, 30, tzinfo=summer)
    enter(tmp_path / "office.sqlite", made(), replace(auditor(0), at=moment))
    assert bodies(tmp_path / "office.sqlite")[1]["at"] == "2026-07-01T00:30:00+01:00"
    assert entries(tmp_path / "office.sqlite")[1].body.at.date() == datetime.date(2026, 7, 1)
