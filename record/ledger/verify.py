"""The ledger verified: its chain, its details and its store, and what that can and cannot show."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from record.ledger import chain
from record.ledger.chain import Row
from record.ledger.database import reading
from record.ledger.entries import Body, Checked, body_of, digest
from record.ledger.ledger import pruned
from record.ledger.prune import named
from record.ledger.schema import SCHEMA
from record.ledger.store import get, half_written, path_in, store_of, stored
from record.problem import Damaged

#: What verifying without a head kept elsewhere cannot show, in help, pages and reports alike.
LIMITS = (
    "This finds every edit that leaves the chain unrebuilt. Whoever can write the file can also "
    "rebuild the whole chain, or cut entries off its end: that shows only against a head that "
    "was kept elsewhere (dueregard ledger verify --head HASH)."
)

#: So many assessments are read at once.
_AT_ONCE = 4

_HEAD_GONE = (
    "The head given is the hash of no entry here: since it was noted, the chain was rebuilt or its "
    "tail was cut off; or it is the head of another ledger."
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found. ``faults`` is empty where the ledger holds; ``notes`` are no faults.
    ``sealed`` is the number of the entry whose hash is the head that was given, if any is. ``kept``
    and ``pruned`` count the assessments in the store and those that pruning removed."""

    entries: int
    head: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    sealed: int | None
    kept: int
    pruned: int


def verify(ledger: Path, head: str | None = None) -> Verified:
    """Reads everything and finds what was altered (see LIMITS). ``head`` is one that was kept
    elsewhere, in hexadecimal. Raises LedgerProblem only where there is no ledger to read: a
    damaged one is a fault found."""
    try:
        with reading(ledger) as connection:
            rows, loose = _rows(connection)
            faults = [*_faults_of_file(connection), *loose, *chain.faults(rows)]
            faults += _faults_of_key(connection, rows)
            details = dict(connection.execute("SELECT number, body FROM details"))
    except Damaged as problem:
        return Verified(0, "", (str(problem),), (), None, 0, 0)
    bodies = list(_bodies(rows))
    faults += _faults_of_details(bodies, details)
    kept, gone = named(bodies)
    faults += _faults_of_store(ledger, bodies)
    sealed = next((row.number for row in rows if row.hash == head), None)
    if head is not None and sealed is None:
        faults.append(_HEAD_GONE)
    last = rows[-1].hash if rows else ""
    notes = tuple(_notes(ledger, kept, gone))
    return Verified(len(rows), last, tuple(faults), notes, sealed, len(kept), len(gone))


def _rows(connection: sqlite3.Connection) -> tuple[list[Row], list[str]]:
    """The rows of text, and a sentence for each that is of something else."""
    found = connection.execute("SELECT number, body, hash FROM entries ORDER BY number").fetchall()
    good = [Row(*each) for each in found if isinstance(each[1], str) and isinstance(each[2], str)]
    odd = {each[0] for each in found} - {row.number for row in good}
    return good, [f"Entry {number} was altered: it is no text." for number in sorted(odd)]


def _bodies(rows: list[Row]) -> Iterator[Body]:
    for row in rows:
        try:
            yield body_of(row.body)
        except ValueError:
            continue  # the chain's faults name it


def _faults_of_file(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield f"The file is damaged: {line}."
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for name in sorted(found.keys() ^ SCHEMA.keys()):
        what = "is no longer there" if name in SCHEMA else "was put in"
        yield f"The file's own rules were altered: '{name}' {what}."
    for name in sorted(found.keys() & SCHEMA.keys()):
        if found[name] != SCHEMA[name]:
            yield f"The file's own rules were altered: '{name}' is another."


def _faults_of_key(connection: sqlite3.Connection, rows: list[Row]) -> Iterator[str]:
    found = connection.execute("SELECT name, value FROM secret").fetchall()
    first = next(_bodies(rows[:1]), None)
    expected = getattr(first, "key", None)
    held = [digest(value) for name, value in found if name == "key" and isinstance(value, bytes)]
    if len(found) != 1 or held != [expected]:
        yield "The ledger's key is not the one that it was begun with."


def _faults_of_details(bodies: list[Body], details: dict[int, object]) -> Iterator[str]:
    out = pruned(bodies)
    for body in bodies:
        text = details.get(body.number)
        if text is None and body.number not in out:
            yield f"The details of entry {body.number} are not there, and no pruning removed them."
        elif text is not None and body.number in out:
            yield f"The details of entry {body.number} are there, though they were pruned."
        elif text is not None and (not isinstance(text, str) or digest(text) != body.details):
            yield f"The details of entry {body.number} were altered."
    for number in sorted(details.keys() - {body.number for body in bodies}):
        yield f"There are details of an entry {number}, which is not there."


def _faults_of_store(ledger: Path, bodies: list[Body]) -> Iterator[str]:
    """Each assessment that should be there and is not, or is not what it was; with the earliest
    entry that names it and was not pruned."""
    store, out = store_of(ledger), pruned(bodies)
    entry_of: dict[str, int] = {}
    for body in bodies:
        if isinstance(body, Checked) and body.number not in out:
            entry_of.setdefault(body.assessment, body.number)
    # Reading and hashing leave the others of these threads their turn: most of the time goes there.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        states = pool.map(partial(_is_whole, store), entry_of)
        for (sha256, number), whole in zip(entry_of.items(), states, strict=True):
            if whole is None:
                yield (
                    f"The assessment of entry {number} is not at {path_in(store, sha256)}, and no "
                    "pruning removed it."
                )
            elif not whole:
                yield (
                    f"The assessment of entry {number} was altered after it was entered: "
                    f"{path_in(store, sha256)}."
                )


def _is_whole(store: Path, sha256: str) -> bool | None:
    """Whether what stands under a hash has it; None where nothing stands there."""
    data = get(store, sha256)
    return None if data is None else digest(data) == sha256


def _notes(ledger: Path, kept: set[str], gone: set[str]) -> Iterator[str]:
    store = store_of(ledger)
    there = stored(store)
    if left := len(there & gone):
        yield f"Assessments that were pruned and are still there: {left}. Prune again."
    if strays := len(there - kept - gone) + len(half_written(store)):
        yield (
            f"Files in {store} that belong to no entry: {strays}. A check that was stopped leaves "
            "such; pruning removes them."
        )
