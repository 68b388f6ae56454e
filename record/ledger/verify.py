"""The ledger verified: its chain, its details and its store, and what that can and cannot show."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from record.ledger.database import SCHEMA, Damaged, reading
from record.ledger.entries import (
    NOTHING_BEFORE,
    Begun,
    Body,
    Checked,
    Row,
    body_of,
    digest,
    is_canonical,
)
from record.ledger.ledger import pruned
from record.ledger.prune import named
from record.ledger.store import get, half_written, path_in, store_of, stored

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
            faults = [*_faults_of_file(connection), *loose, *faults_of_chain(rows)]
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
    return good, [f"Entry {number} was altered: it is not text." for number in sorted(odd)]


def faults_of_chain(rows: Iterable[Row]) -> Iterator[str]:
    """Everything that is wrong in the chain, in sentences, by entry: what was altered without
    the chain's being rebuilt from there on. Rows come as they stand, whatever stands in them."""
    before, number = NOTHING_BEFORE, 0
    for row in rows:
        if row.number < number:
            yield f"Entry {row.number} is out of order."
        elif row.number == number + 1:
            yield f"Entry {number} cannot be found."
        elif row.number > number:
            yield f"Entries {number} to {row.number - 1} cannot be found."
        yield from _faults_of_row(row, before)
        before, number = row.hash, row.number + 1
    if not number:
        yield "The ledger has no entry, and not even its beginning."


def _faults_of_row(row: Row, before: str) -> Iterator[str]:
    if digest(row.body) != row.hash:
        yield f"Entry {row.number} was altered: its hash does not match its content."
        return
    try:
        body = body_of(row.body)
        odd = not is_canonical(row.body) or isinstance(body, Begun) != (row.number == 0)
    except ValueError:
        yield f"Entry {row.number} is none that this program writes."
        return
    if odd or body.number != row.number:
        yield f"Entry {row.number} is none that this program writes in that place."
    if body.previous != before:
        yield (
            f"Entry {row.number} does not follow the one before it: one of them was altered, "
            "removed, or put in since."
        )


def _bodies(rows: list[Row]) -> Iterator[Body]:
    for row in rows:
        with suppress(ValueError):  # the chain's faults name it
            yield body_of(row.body)


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

    def whole(sha256: str) -> bool | None:
        data = get(store, sha256)
        return None if data is None else digest(data) == sha256

    # Reading and hashing leave the others of these threads their turn: most of the time goes there.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        states = pool.map(whole, entry_of)
        for (sha256, number), state in zip(entry_of.items(), states, strict=True):
            place = path_in(store, sha256)
            if state is None:
                yield (
                    f"The assessment of entry {number} is not at {place}, and no pruning removed "
                    "it."
                )
            elif not state:
                yield f"The assessment of entry {number} was altered after it was entered: {place}."


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
