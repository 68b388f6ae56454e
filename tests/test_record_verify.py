"""What verifying says: that all holds, what does not, and what it cannot show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench import ledger as timed
from record.ledger.chain import entries
from record.ledger.checks import enter, fetch_assessment
from record.ledger.database import LedgerProblem
from record.ledger.entries import body_of, canonical, digest
from record.ledger.prune import prune
from record.ledger.store import path_in, store_of
from record.ledger.text import verify_words
from record.ledger.verify import LIMITS, verify
from reports.json import to_json
from tests.support.expected import case_table
from tests.support.ledgers import (
    at,
    bodies,
    checks_of,
    copied,
    full,
    in_memory,
    ledger,
    made,
    opened,
)

HEAD_GONE = (
    "No entry of this ledger has the head that was given. Since it was noted, the chain was rebuilt"
    " or its last entries were removed, or it is the head of another ledger."
)


tmp_path = in_memory


def head(path: Path) -> str:
    """The hash of the last entry."""
    return entries(path)[-1].row.hash


def faults(path: Path, given: str | None = None) -> list[str]:
    """What verifying finds."""
    return list(verify(path, given).faults)


# All holds ---------------------------------------------------------------------------------------


def test_a_ledger_that_was_never_touched_holds(tmp_path: Path) -> None:
    path = full(tmp_path)
    found = verify(path)
    assert (found.faults, found.notes) == ((), ())
    assert (found.entries, found.head) == (20, head(path))
    assert (found.kept, found.pruned) == (11, 3)
    assert verify_words(found, path) == (
        f"The ledger {path} is intact: its chain of 20 entries is complete.\n"
        f"Head: {head(path)}\n"
        "Assessments: 11 kept and unaltered, 3 pruned.\n"
        "This finds every edit that leaves the chain unrebuilt. Whoever can write the file can also"
        " rebuild the whole chain, or cut entries off its end: that shows only against a head that"
        " was kept elsewhere (dueregard ledger verify --head HASH)."
    )


def test_a_head_that_was_kept_seals_what_stood_before_it(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    noted = head(path)
    enter(path, made(7), at(7))
    found = verify(path, noted)
    assert (found.faults, found.sealed) == ((), 3)
    assert verify_words(found, path).splitlines()[3:] == [
        "The head given is that of entry 3: up to it nothing was altered, removed or put in since"
        " it was noted. Of what was entered later it says nothing.",
        LIMITS,
    ]


def test_there_is_nothing_to_verify_where_there_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerProblem, match="There is no ledger"):
        verify(tmp_path / "office.sqlite")


# What a head alone shows -------------------------------------------------------------------------


def test_a_tail_that_was_cut_shows_only_against_a_head(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    noted = head(path)
    with opened(path, bare=True) as connection:
        connection.execute("DELETE FROM entries WHERE number = 3")
        connection.execute("DELETE FROM details WHERE number = 3")
    assert faults(path) == []
    assert faults(path, noted) == [HEAD_GONE]


def test_an_older_copy_put_back_shows_only_against_a_head(tmp_path: Path) -> None:
    path = ledger(tmp_path, 2)
    older = copied(path, tmp_path / "older")
    enter(path, made(5), at(5))
    noted = head(path)
    path.write_bytes(older.read_bytes())
    assert faults(path) == []
    assert faults(path, noted) == [HEAD_GONE]


def rebuild(path: Path, number: int, **changes: object) -> None:
    """Alters an entry and rebuilds the chain from there on, as one can who knows how."""
    with opened(path, bare=True) as connection:
        found = connection.execute("SELECT number, body FROM entries ORDER BY number").fetchall()
        before = "0" * 64
        for each, text in found:
            altered = {"previous": before, **(changes if each == number else {})}
            body = canonical(body_of(text).model_copy(update=altered))
            before = digest(body)
            connection.execute(
                "UPDATE entries SET body = ?, hash = ? WHERE number = ?", (body, before, each)
            )


def test_a_rebuilt_chain_shows_only_against_a_head(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    noted, before = head(path), bodies(path)
    rebuild(path, 2, as_of=made(9).as_of)
    assert bodies(path)[2]["as_of"] == "2026-12-03" != before[2]["as_of"]
    assert faults(path) == []
    assert faults(path, noted) == [HEAD_GONE]


# What shows without one --------------------------------------------------------------------------


@pytest.mark.parametrize(("statement", "says"), case_table("ledger_edits"))
def test_an_edit_that_leaves_the_chain_unrebuilt_shows(
    statement: str, says: list[str], tmp_path: Path
) -> None:
    path = ledger(tmp_path)
    with opened(path, bare=True) as connection:
        connection.execute(statement)
    assert faults(path) == says


def test_an_entry_made_to_fit_its_own_hash_breaks_the_chain_after_it(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    body = entries(path)[2].body.model_copy(update={"as_of": made(9).as_of})
    with opened(path, bare=True) as connection:
        connection.execute(
            "UPDATE entries SET body = ?, hash = ? WHERE number = 2",
            (canonical(body), digest(canonical(body))),
        )
    assert faults(path) == [
        "Entry 3 does not follow the one before it: one of them was altered, removed, or put in"
        " since."
    ]


def test_an_entry_of_another_kind_or_writing_is_none_of_ours(tmp_path: Path) -> None:
    """With the chain rebuilt round it, so that nothing else shows."""
    for number, text in enumerate(('{"kind":"check"}', "[]", "x", '{"number": 1}')):
        path = ledger(tmp_path / str(number), 1)
        with opened(path, bare=True) as connection:
            connection.execute("UPDATE entries SET body = ?, hash = ? WHERE number = 1",
                               (text, digest(text)))  # fmt: skip
        assert faults(path)[0] == "Entry 1 is not in the form that this program writes."
    path = ledger(tmp_path / "spaced", 1)
    text = canonical(entries(path)[1].body).replace(",", ", ", 1)
    with opened(path, bare=True) as connection:
        connection.execute("UPDATE entries SET body = ?, hash = ? WHERE number = 1",
                           (text, digest(text)))  # fmt: skip
    assert faults(path) == ["Entry 1 is not one that this program writes in that place."]


def test_the_files_own_rules_altered(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with opened(path) as connection:
        connection.execute("DROP TRIGGER entries_stay")
        connection.execute("DROP TRIGGER details_unchanged")
        connection.execute(
            "CREATE TRIGGER details_unchanged BEFORE UPDATE ON details BEGIN SELECT 1; END"
        )
        connection.execute("CREATE TABLE notes (a)")
    assert faults(path) == [
        "The file's own rules were altered: 'entries_stay' is no longer there.",
        "The file's own rules were altered: 'notes' was put in.",
        "The file's own rules were altered: 'details_unchanged' was changed.",
    ]


def test_a_ledger_emptied(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    with opened(path, bare=True) as connection:
        connection.execute("DELETE FROM entries")
        connection.execute("DELETE FROM details")
    assert faults(path) == [
        "The ledger has no entry, and not even its beginning.",
        "The ledger's key is not the one that it was begun with.",
    ]


# The store ---------------------------------------------------------------------------------------


def test_an_assessment_altered_swapped_or_gone(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    one, two, three = (
        path_in(store_of(path), str(body["assessment"])) for body in bodies(path)[1:]
    )
    one.write_bytes(one.read_bytes().replace(b'"overdue"', b'"met"', 1))
    two.unlink()
    three.write_bytes(one.read_bytes())
    assert faults(path) == [
        f"The assessment of entry 1 was altered after it was entered: {one}.",
        f"The assessment of entry 2 is not at {two}, and no pruning removed it.",
        f"The assessment of entry 3 was altered after it was entered: {three}.",
    ]


def test_what_a_stopped_check_left_is_no_fault(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    kept = store_of(path)
    (kept / f"{'0' * 64}.json").write_bytes(b"{")
    (kept / f".dueregard-{'1' * 16}.new").write_bytes(b"{")
    (kept / "Thumbs.db").write_bytes(b"")
    found = verify(path)
    assert found.faults == ()
    assert found.notes == (
        f"Files in {kept} that belong to no entry: 2. A check that was stopped leaves such; pruning"
        " removes them.",
    )
    assert found.notes[0] in verify_words(found, path)


def test_a_pruned_assessment_put_back_is_named(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    kept = store_of(path)
    before = {each: each.read_bytes() for each in kept.iterdir()}
    prune(path, at(2).at.date(), at(3))
    for each, data in before.items():
        each.write_bytes(data)
    found = verify(path)
    assert found.faults == ()
    assert found.notes == ("Assessments that were pruned and are still there: 2. Prune again.",)
    assert (prune(path, at(2).at.date(), at(4)).assessments, verify(path).notes) == (2, ())


def test_many_faults_are_counted(tmp_path: Path) -> None:
    path = ledger(tmp_path, 30)
    for each in store_of(path).iterdir():
        each.unlink()
    lines = verify_words(verify(path), path).splitlines()
    assert lines[0] == f"The ledger {path} is not intact: 30 faults."
    assert lines[-2:] == ["  and 10 more", LIMITS]
    assert len(lines) == 23


def test_the_ledger_that_is_timed_is_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed, "_assessment", lambda _: to_json(made()))
    path = tmp_path / "office.sqlite"
    timed.build(str(path), 20, 5)
    found = verify(path)
    assert (found.faults, found.notes, found.entries, found.kept) == ((), (), 22, 5)
    found_checks = checks_of(path)
    assert fetch_assessment(path, found_checks[-1], found_checks[-1].body) == replace(  # type: ignore[arg-type]
        made(), as_of=found_checks[-1].body.at.date()
    )
