"""Killed, at once, and on a full disk: the ledger holds, and has a whole entry or none."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from record.ledger.chain import entries, writing
from record.ledger.checks import enter
from record.ledger.database import LedgerProblem
from record.ledger.run_file import RUN
from record.ledger.store import store_of
from record.ledger.verify import verify
from tests.killing import run
from tests.support import needs
from tests.support.altered_ledgers import told
from tests.support.desk_office import (
    asked,
    called,
    dueregard,
    limited,
    reports,
    workbook,
)
from tests.support.ledgers import at, checks_of, copied, in_memory, ledger, made

tmp_path = in_memory


# Killed ------------------------------------------------------------------------------------------


@pytest.mark.campaign
@pytest.mark.long
def test_a_check_killed_at_any_moment_leaves_a_whole_entry_or_none() -> None:
    """And each report is the old one or the new one."""
    count = 200 if needs.CAMPAIGN else 8
    tally = run(1, count)
    assert tally.wrong == []
    assert tally.killed == count
    assert tally.while_writing > (count / 8 if needs.CAMPAIGN else 0), "none was killed in time"


# At once -----------------------------------------------------------------------------------------


@pytest.mark.campaign
def test_two_checks_at_once_are_both_entered(tmp_path: Path) -> None:
    (tmp_path / "office.xlsx").write_bytes(workbook())
    outs = ["one", "two"]
    with ThreadPoolExecutor() as pool:
        done = list(
            pool.map(
                lambda out: dueregard(tmp_path, *asked("office.xlsx", out=out, ledger="")), outs
            )
        )
    assert [each.code for each in done] == [0, 0], done
    path = tmp_path / "dueregard-ledger.sqlite"
    assert verify(path).faults == ()
    runs = [json.loads((tmp_path / out / RUN).read_bytes()) for out in outs]
    assert sorted(run["entry"] for run in runs) == [1, 2]
    assert {run["head"] for run in runs} == {each.row.hash for each in checks_of(path)}


_MANY = """
from pathlib import Path
from record.ledger.checks import enter
from tests.support.ledgers import at, made
for number in range(15):
    enter(Path("office.sqlite"), made({first} + number), at(number))
"""


@pytest.mark.campaign
def test_many_at_once_are_all_entered_and_one_begins_the_ledger(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(needs.ROOT)!r})"
             + _MANY.format(first=100 * number)],
            cwd=tmp_path,
        )
        for number in range(4)
    ]  # fmt: skip
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    path = tmp_path / "office.sqlite"
    found = verify(path)
    assert (found.faults, found.entries, found.kept) == ((), 61, 60)
    assert [each.row.number for each in checks_of(path)] == list(range(1, 61))


# A full disk -------------------------------------------------------------------------------------


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


FULL = {
    "The ledger …/office.sqlite could not be read or written (is the disk full, or the share"
    " gone?). Nothing was entered, and the ledger is unchanged. Make room, or give"
    " another place with --ledger.",
    "The assessment could not be kept in …/office.assessments (File too large), so nothing was"
    " entered in the ledger. Make room, or give another place with --ledger.",
}


def entered_with(size: int, path: Path) -> str:
    """What is said where one more check is entered with so much room; '' where it is entered."""
    try:
        with room(size):
            enter(path, made(50), at(50))
    except LedgerProblem as problem:
        return str(problem).replace(str(path.parent), "…")
    return ""


@pytest.mark.long
def test_a_ledger_with_any_room_has_all_of_an_entry_or_nothing(tmp_path: Path) -> None:
    whole = ledger(tmp_path / "whole", 40)
    before = [entry.row for entry in entries(whole)]
    sizes = range(0, whole.stat().st_size + 60_000, 509 if needs.CAMPAIGN else 4001)
    said = []
    for size in sizes:
        path = copied(whole, tmp_path / str(size))
        said.append(entered_with(size, path))
        assert verify(path).faults == ()
        assert len(checks_of(path)) == (40 if said[-1] else 41)
        assert [entry.row for entry in entries(path)[:41]] == before
        assert list(path.parent.rglob("*.new")) == []
    assert {*said} == {*FULL, ""}
    assert said[-1] == "", "there was room in the end"


@pytest.mark.long
def test_a_new_ledger_with_any_room_is_begun_or_is_not(tmp_path: Path) -> None:
    said = []
    for size in range(0, 60_000, 509 if needs.CAMPAIGN else 2003):
        path = tmp_path / str(size) / "office.sqlite"
        said.append(entered_with(size, path))
        assert not said[-1] or path.stat().st_size == 0
        assert not list(path.parent.glob("*-journal"))
        assert said[-1] or verify(path).entries == 2
    left = " The file …/office.sqlite was made and is empty: it counts as no ledger, and the next"
    assert {*said} == {*(f"{each}{left} check begins one in it." for each in FULL), ""}
    assert said[-1] == "", "there was room in the end"


def test_a_check_on_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "office.xlsx").write_bytes(workbook())
    assert called(tmp_path, *asked("office.xlsx", as_of="2026-11-20", ledger="")).code == 0
    path = tmp_path / "dueregard-ledger.sqlite"
    before, old = told(path), reports(tmp_path / "out")
    done = limited(tmp_path, 4096, asked("office.xlsx", ledger=""))
    assert done.code == 2
    assert done.err == (
        "The assessment could not be kept in dueregard-ledger.assessments (File too large), so"
        " nothing was entered in the ledger. Make room, or give another place with --ledger.\n"
        "No report was written. Old reports are unchanged. With --ledger none the check is reported"
        " and not recorded.\n"
    )
    assert (told(path), reports(tmp_path / "out")) == (before, old)
    assert verify(path).faults == ()
    assert len(entries(path)) == 2
    assert len(list(store_of(path).iterdir())) == 1


@pytest.mark.one_in(2)
@pytest.mark.parametrize(
    ("size", "why"),
    [
        (
            0,
            "The ledger dueregard-ledger.sqlite could not be read or written (is the disk full, or"
            " the share gone?). Nothing was entered, and the ledger is unchanged. Make room,"
            " or give another place with --ledger.",
        ),
        (
            4096,
            "The assessment could not be kept in dueregard-ledger.assessments (File too large), so"
            " nothing was entered in the ledger. Make room, or give another place with --ledger.",
        ),
    ],
)
def test_a_first_check_on_a_full_disk_says_that_it_leaves_no_ledger(
    size: int, why: str, tmp_path: Path
) -> None:
    """In a process of its own; the empty file that it leaves is no ledger to any command."""
    (tmp_path / "office.xlsx").write_bytes(workbook())
    check = asked("office.xlsx", ledger="")
    done = limited(tmp_path, size, check)
    assert done.code == 2
    assert done.err == (
        f"{why} The file dueregard-ledger.sqlite was made and is empty: it counts as no ledger, and"
        " the next check begins one in it.\nNo report was written. Old reports are unchanged."
        " With --ledger none the check is reported and not recorded.\n"
    )
    path = tmp_path / "dueregard-ledger.sqlite"
    for command in (["list"], ["verify"], ["prune", "--before", "2024-01-01"]):
        told_so = called(tmp_path, "ledger", *command)
        assert told_so.code == 2
        assert "There is no ledger dueregard-ledger.sqlite: the file is empty" in told_so.err
    assert path.stat().st_size == 0
    again = called(tmp_path, *check)
    assert again.code == 0
    assert "Check logged as number 1 in the new ledger dueregard-ledger.sqlite" in again.out
    assert (verify(path).faults, verify(path).entries) == ((), 2)


_WAITS = f"""
import sqlite3, sys
from pathlib import Path
sys.path.insert(0, {str(needs.ROOT)!r})
from record.ledger.checks import enter
from tests.support.ledgers import at, made
connect = sqlite3.connect
def connected(*given, **more):
    found = connect(*given, **more)
    print("opened", flush=True)
    return found
sqlite3.connect = connected
enter(Path("office.sqlite"), made(2), at(2))
"""


def test_a_first_entry_that_fails_takes_no_ledger_from_one_that_waits(tmp_path: Path) -> None:
    """One that has the file open, and waits for its turn, enters itself in the file that is found
    there afterwards."""

    def fails() -> None:
        with writing(path, at(1)):
            started.append(
                subprocess.Popen(
                    [sys.executable, "-c", _WAITS], cwd=tmp_path, stdout=subprocess.PIPE
                )
            )
            assert started[0].stdout is not None
            assert started[0].stdout.readline() == b"opened\n"
            raise LedgerProblem("no room")

    path = tmp_path / "office.sqlite"
    started: list[subprocess.Popen[bytes]] = []
    # The other may have entered itself before the file is looked at: then it is not empty.
    with pytest.raises(LedgerProblem, match=r"^no room( The file .* was made and is empty.*)?$"):
        fails()
    with started[0] as other:
        assert other.wait(60) == 0
    assert (verify(path).faults, verify(path).entries) == ((), 2)
