"""Pruning: what names people goes, what stays is a whole chain that says so."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from record.ledger import prune as pruning
from record.ledger.chain import check_of, entries
from record.ledger.checks import enter, fetch_assessment
from record.ledger.database import LedgerProblem
from record.ledger.prune import Pruning, prune
from record.ledger.store import store_of, stored
from record.ledger.text import list_words
from record.ledger.verify import verify
from tests.support.ledgers import AUDITOR, LEAD, at, bodies, in_memory, ledger, made, reviewed

tmp_path = in_memory


def day(number: int) -> datetime.date:
    """So many days after 24 November 2026."""
    return at(number).at.date()


def test_what_was_entered_before_the_day_goes(tmp_path: Path) -> None:
    """The second of three checks was made on 25 November, so 'before 26 November' takes two."""
    path = ledger(tmp_path)
    before = [entry.row for entry in entries(path)]
    done = prune(path, day(2), at(9))
    after = entries(path)
    assert done == Pruning(3, 2, 0, 4, after[-1].row.hash)
    assert [each.row for each in after[:-1]] == before, "the entries themselves are untouched"
    assert [each.pruned for each in after] == [True, True, True, False, False]
    assert [each.details is None for each in after] == [True, True, True, False, False]
    assert stored(store_of(path)) == {str(bodies(path)[3]["assessment"])}
    assert fetch_assessment(path, *check_of(after, 1)) is None
    assert fetch_assessment(path, *check_of(after, 3)) == made(2)
    assert verify(path).faults == ()
    assert (
        list_words(after).splitlines()[1:]
        == [
            "    1  2026-11-24 09:00  check     as of 24 November 2026; made-up-office 1.0.0;"
            f" {bodies(path)[1]['assessment'][:12]}; by (pruned)",  # type: ignore[index]
            "    2  2026-11-25 09:00  check     as of 25 November 2026; made-up-office 1.0.0;"
            f" {bodies(path)[2]['assessment'][:12]}; by (pruned)",  # type: ignore[index]
            "    3  2026-11-26 09:00  check     as of 26 November 2026; made-up-office 1.0.0;"
            f" {bodies(path)[3]['assessment'][:12]}; by {LEAD}",  # type: ignore[index]
            "    4  2026-12-03 09:00  prune     what was entered before 26 November 2026;"
            f" by {LEAD}",
        ]
    )


def test_nothing_of_a_pruned_name_is_left_in_the_file(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    reviewed(path, 0, "disagree", day=1)
    assert AUDITOR.encode() in path.read_bytes()
    prune(path, day(2), at(2))
    data = path.read_bytes()
    assert AUDITOR.encode() not in data
    assert b"certificate" not in data
    assert list(tmp_path.glob("*-journal")) == []


def test_an_assessment_that_a_later_check_shares_stays(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    enter(path, made(), at(0))
    enter(path, made(), at(5))
    assert prune(path, day(5), at(6)).assessments == 0
    found = entries(path)
    assert (
        fetch_assessment(path, *check_of(found, 1))
        == fetch_assessment(path, *check_of(found, 2))
        == made()
    )
    assert verify(path).faults == ()
    assert prune(path, day(6), at(6)).assessments == 1
    assert stored(store_of(path)) == set()
    assert verify(path).faults == ()


def test_what_comes_back_after_pruning_is_there_again(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    prune(path, day(1), at(1))
    enter(path, made(), at(2))
    assert [entry.pruned for entry in entries(path)] == [True, True, False, False]
    assert verify(path).faults == ()


def test_pruning_twice_does_nothing_more(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    prune(path, day(2), at(9))
    before = path.read_bytes()
    assert prune(path, day(2), at(9)) == Pruning(0, 0, 0, None, None)
    assert path.read_bytes() == before


def test_a_pruning_that_was_stopped_is_ended_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is made before any assessment goes, so none is ever missing unexplained."""

    def stopped(path: Path) -> None:
        raise KeyboardInterrupt

    path = ledger(tmp_path)
    monkeypatch.setattr(pruning, "remove", stopped)
    with pytest.raises(KeyboardInterrupt):
        prune(path, day(2), at(9))
    monkeypatch.undo()
    assert len(stored(store_of(path))) == 3
    assert verify(path).faults == ()
    assert prune(path, day(2), at(9)) == Pruning(0, 2, 0, None, None)
    assert len(stored(store_of(path))) == 1


def test_what_stopped_checks_left_goes_too(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    store = store_of(path)
    (store / f"{'0' * 64}.json").write_bytes(b"{")
    (store / f".dueregard-{'1' * 16}.new").write_bytes(b"{")
    (store / "notes.txt").write_bytes(b"ours")
    assert prune(path, day(0), at(9)) == Pruning(0, 0, 2, None, None)
    assert (store / "notes.txt").is_file()
    assert len(stored(store)) == 3


def test_there_is_nothing_to_prune_where_there_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    with pytest.raises(LedgerProblem) as stop:
        prune(path, day(0), at(0))
    assert str(stop.value) == f"There is no ledger {path}, so there is nothing to prune."
    assert not path.exists()


def test_pruning_begins_no_ledger_in_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    path.touch()
    with pytest.raises(LedgerProblem) as stop:
        prune(path, day(0), at(0))
    assert str(stop.value) == (
        f"There is no ledger {path}: the file is empty, so there is nothing to prune."
    )
    assert path.stat().st_size == 0


def test_the_day_is_that_of_the_place_where_it_was_entered(tmp_path: Path) -> None:
    summer = datetime.timezone(datetime.timedelta(hours=1))
    moment = datetime.datetime(2026, 7, 1, 0, 30, tzinfo=summer)  # 30 June in UTC
    path = tmp_path / "office.sqlite"
    enter(path, made(), type(at(0))(moment, LEAD))
    assert prune(path, datetime.date(2026, 7, 1), at(0)).entries == 0
    assert prune(path, datetime.date(2026, 7, 2), at(0)).entries == 2
