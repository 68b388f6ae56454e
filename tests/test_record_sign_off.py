"""A sign-off states that a report was looked through or seen, and changes no status."""

from __future__ import annotations

import datetime
import queue
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from record.ledger import database
from record.ledger.chain import entries, export_chain
from record.ledger.checks import Entered, enter
from record.ledger.database import LedgerProblem, adding
from record.ledger.entries import digest
from record.ledger.prune import prune
from record.ledger.sign_off import Statement, replaced_by, sign_off, sign_offs_in, sign_offs_of_day
from record.ledger.store import path_in, store_of
from record.ledger.text import list_words, show_words, sign_off_words
from record.ledger.verify import verify
from reports.json import to_json
from tests.support.ledgers import at, in_memory, ledger, made, opened

SHA = digest(to_json(made()))
DAY = made().as_of
SEEN = Statement("chief-executive", "Chief Executive", DAY + datetime.timedelta(days=1), "Noted")
LOOKED = Statement("lead", "Prevent Officer", DAY + datetime.timedelta(days=1), "")
SEEN_WORDS = "Seen by Chief Executive, as Chief Executive, on 25 November 2026: Noted. (entry 2)"


tmp_path = in_memory


def signed(path: Path, statement: Statement = SEEN, day: int = 1) -> Entered:
    return sign_off(path, SHA, statement, at(day))


def changed_check(path: Path, day: int = 2) -> None:
    """A later check of the first day, which found something else."""
    enter(path, replace(made(1), as_of=DAY), at(day))


def words(path: Path) -> list[str]:
    return [sign_off_words(one) for one in sign_offs_in(entries(path), {SHA})]


def test_a_sign_off_changes_nothing_of_the_report(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    before = path_in(store_of(path), SHA).read_bytes()
    entered = signed(path)
    signed(path, LOOKED)
    assert words(path) == [
        SEEN_WORDS,
        "Looked through by Prevent Officer, as lead, on 25 November 2026 (entry 3)",
    ]
    assert (entered.number, path_in(store_of(path), SHA).read_bytes()) == (2, before)
    assert verify(path).faults == ()
    assert b"Chief Executive" not in export_chain(path)


def test_a_sign_off_is_listed_and_shown(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    signed(path)
    found = entries(path)
    check, last = list_words(found).splitlines()[-2:]
    assert f"{SHA[:12]} (1 sign-off); by" in check
    assert last == (
        "    2  2026-11-25 09:00  sign-off  seen on 25 November 2026, in entry 1; by Les Lead"
    )
    assert show_words(path, found[2], found, None).splitlines()[:3] == [
        "Entry 2: sign-off, entered on 25 November 2026 at 09:00 (+00:00) by Les Lead",
        f"  Report: the assessment of SHA-256 {SHA}",
        f"  {SEEN_WORDS}",
    ]
    assert SEEN_WORDS in show_words(path, found[1], found, made()).splitlines()


def test_a_sign_off_of_a_report_that_was_replaced_says_so(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    signed(path)
    changed_check(path)
    replaced = f"{SEEN_WORDS}. That report was replaced by check 3."
    assert words(path) == [replaced]
    assert [sign_off_words(one) for one in sign_offs_of_day(entries(path), DAY, None)] == [replaced]
    assert "in entry 1, replaced by entry 3; by" in list_words(entries(path)).splitlines()[2]
    enter(path, made(), at(3))  # the same as at first
    assert (replaced_by(entries(path), SHA), words(path)) == (None, [SEEN_WORDS])


def test_a_check_of_another_day_replaces_nothing(tmp_path: Path) -> None:
    path = ledger(tmp_path, 2)
    assert replaced_by(entries(path), SHA) is None
    assert replaced_by(entries(path), "0" * 64) is None


def test_a_pruned_sign_off_keeps_its_day_alone(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    signed(path)
    prune(path, at(2).at.date(), at(2))
    assert words(path) == ["Seen by (pruned), as Chief Executive, on 25 November 2026 (entry 2)"]
    assert verify(path).faults == ()


@pytest.mark.parametrize(
    ("body", "details"),
    [('replace(body, "chief-executive", "lead")', "body"), ("body", 'replace(body, "Noted", "-")')],
)
def test_a_sign_off_that_was_altered_is_found(tmp_path: Path, body: str, details: str) -> None:
    path = ledger(tmp_path, 1)
    signed(path)
    with opened(path, bare=True) as connection:
        connection.execute(f"UPDATE entries SET body = {body} WHERE number = 2")
        connection.execute(f"UPDATE details SET body = {details} WHERE number = 2")
    assert len(verify(path).faults) == 1


@pytest.mark.parametrize(
    ("on", "sha256", "says"),
    [
        (2, SHA, "26 November 2026 has not come yet. Give the day of the sign-off."),
        (
            -1,
            SHA,
            "On 23 November 2026 there was no such report: the check was made on 24 November 2026.",
        ),
        (1, "0" * 64, "This report was never entered in the ledger "),
    ],
)
def test_a_sign_off_that_cannot_be(tmp_path: Path, on: int, sha256: str, says: str) -> None:
    path = ledger(tmp_path, 1)
    statement = Statement("lead", "Prevent Officer", DAY + datetime.timedelta(days=on), "")
    with pytest.raises(LedgerProblem) as stop:
        sign_off(path, sha256, statement, at(1))
    assert str(stop.value).startswith(says)
    assert len(entries(path)) == 2


def test_no_ledger_is_begun_for_a_sign_off(tmp_path: Path) -> None:
    with pytest.raises(LedgerProblem, match="There is no ledger"):
        signed(tmp_path / "none.sqlite")
    assert not list(tmp_path.iterdir())


def _sign(path: Path, statement: Statement, outcomes: queue.SimpleQueue[str]) -> None:
    try:
        outcomes.put(str(signed(path, statement).number))
    except LedgerProblem as problem:
        outcomes.put(str(problem))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (LOOKED, {"2", "3"}),
        (SEEN, {"2", "Entry 2 already contains this sign-off. Nothing was entered."}),
    ],
)
def test_two_sign_offs_at_once(tmp_path: Path, other: Statement, expected: set[str]) -> None:
    path = ledger(tmp_path, 1)
    outcomes: queue.SimpleQueue[str] = queue.SimpleQueue()
    both = [threading.Thread(target=_sign, args=(path, one, outcomes)) for one in (SEEN, other)]
    with adding(path):  # so that both wait
        for one in both:
            one.start()
    for one in both:
        one.join()
    assert {outcomes.get(), outcomes.get()} == expected
    assert verify(path).faults == ()


def test_a_sign_off_that_waits_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ledger(tmp_path, 1)
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    with adding(path), pytest.raises(LedgerProblem, match="is being added to by another check"):
        signed(path)
    assert len(entries(path)) == 2
