"""Ledgers for the tests: small assessments entered in them at stated moments by made-up people."""

from __future__ import annotations

import atexit
import datetime
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from engine.assessment import Assessment, EvidenceStamp
from engine.outcome import Status
from record.ledger.chain import Entry, Stamp, entries
from record.ledger.checks import Entered, enter
from record.ledger.database import SCHEMA
from record.ledger.prune import prune
from record.ledger.review import View, review
from record.ledger.store import store_of
from tests.support.assessment_builders import AS_OF, assessment, duty, item, obligation

AUDITOR = "Ann Auditor"
LEAD = "Les Lead"

_IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@contextmanager
def memory() -> Iterator[Path]:
    """A folder in memory where the system has such a disk: each entry waits for the disk, and the
    tests make many."""
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY, prefix="dueregard-") as name:
        yield Path(name)


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """Such a folder for one test, in place of pytest's own: ``tmp_path = in_memory``."""
    with memory() as folder:
        yield folder


def at(day: int, hour: int = 9) -> Stamp:
    """The lead's stamp, so many days after 24 November 2026."""
    moment = datetime.datetime(2026, 11, 24, hour, tzinfo=datetime.UTC)
    return Stamp(moment + datetime.timedelta(days=day), LEAD)


def auditor(day: int) -> Stamp:
    """The auditor's."""
    return replace(at(day, 15), by=AUDITOR)


def made(number: int = 0) -> Assessment:
    """A small assessment, with S-1 trained and S-2 not; each number gives another."""
    met = obligation(
        Status.MET, 100 - number, subject="S-1", subject_name="One",
        evidence=(item(row=14, person="S-1", completed_on="2026-10-14"),),
    )  # fmt: skip
    late = obligation(Status.OVERDUE, -2 - number, subject="S-2", subject_name="Two")
    desk = obligation(Status.MET, 127)
    return assessment(
        (duty("staff-trained", "Train staff", met, late), duty("desk", "Look at the desk", desk)),
        as_of=AS_OF + datetime.timedelta(days=number),
        evidence=(EvidenceStamp("registers.xlsx", f"{number:064x}"),),
    )


def ledger(folder: Path, checks: int = 3) -> Path:
    """A ledger with so many checks, a day apart."""
    return copied(_ledger(checks), folder)


@cache
def _ledger(checks: int) -> Path:
    """Made once, since each entry waits for the disk; it goes when the tests end."""
    path = _folder() / "office.sqlite"
    for number in range(checks):
        enter(path, made(number), at(number))
    return path


def full(folder: Path, checks: int = 12) -> Path:
    """A ledger with all there can be in one: checks, reviews of some, and what was pruned."""
    return copied(_full(checks), folder)


@cache
def _full(checks: int) -> Path:
    path = copied(_ledger(checks), _folder())
    for number in range(0, checks, 3):
        reviewed(path, number, "agree" if number % 2 else "disagree", day=checks + number)
    prune(path, at(checks // 4).at.date(), at(2 * checks))
    for number in range(checks, checks + 2):
        enter(path, made(number), at(2 * checks + number))
    return path


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(dir=_IN_MEMORY, prefix="dueregard-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def copied(path: Path, folder: Path) -> Path:
    """A copy of a ledger with its store, in a folder that is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / path.name)
    if store_of(path).is_dir():
        shutil.copytree(store_of(path), folder / store_of(path).name)
    return folder / path.name


def reviewed(path: Path, number: int, verdict: str, subject: str = "S-2", day: int = 30) -> Entered:
    """A view of the assessment of that number entered by the auditor."""
    sha256 = next(
        entry.body.assessment
        for entry in entries(path)
        if entry.body.kind == "check" and entry.body.as_of == made(number).as_of
    )
    view = View("staff-trained", subject, verdict, "no certificate was shown")  # type: ignore[arg-type]
    return review(path, made(number), sha256, view, auditor(day))


def bodies(path: Path) -> list[dict[str, object]]:
    """What stands in each entry, as JSON."""
    return [json.loads(entry.row.body) for entry in entries(path)]


def checks_of(path: Path) -> list[Entry]:
    """The entries that are checks."""
    return [entry for entry in entries(path) if entry.body.kind == "check"]


@contextmanager
def opened(path: Path, *, bare: bool = False) -> Iterator[sqlite3.Connection]:
    """The file itself; with ``bare`` its triggers are dropped first, and made again at the end."""
    connection = sqlite3.connect(path)
    triggers = {name: sql for name, sql in SCHEMA.items() if sql.startswith("CREATE TRIGGER")}
    try:
        if bare:
            for name in triggers:
                connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        yield connection
        if bare:
            for sql in triggers.values():
                connection.execute(sql)
        connection.commit()
    finally:
        connection.close()
