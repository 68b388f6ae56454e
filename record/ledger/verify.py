"""Verifies the ledger: its chain, its details and its store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from record.ledger.chain import details_in, pruned_numbers, readable_bodies, rows_in
from record.ledger.database import SCHEMA, Damaged, reading
from record.ledger.entries import (
    NOTHING_BEFORE,
    Begun,
    Body,
    Checked,
    Row,
    body_of,
    digest,
)
from record.ledger.prune import assessments_named
from record.ledger.rulebooks import named_rulebooks, rulebooks_of, unnamed_rulebooks
from record.ledger.store import faults_in, half_written, store_of, stored

#: The limits of verifying without a head kept elsewhere, in help, pages and reports alike.
LIMITS = (
    "This finds every edit that leaves the chain unrebuilt. Whoever can write the file can also "
    "rebuild the whole chain, or cut entries off its end: that shows only against a head that "
    "was kept elsewhere (dueregard ledger verify --head HASH)."
)

_HEAD_GONE = (
    "No entry of this ledger has the head that was given. Since it was noted, the chain was "
    "rebuilt or its last entries were removed, or it is the head of another ledger."
)


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of verifying. ``faults`` is empty if the ledger is intact; notes are not faults.
    ``sealed`` is the number of the entry whose hash is the given head, or None. ``kept`` and
    ``pruned`` count the assessments in the store and those that pruning removed, and ``rulebooks``
    the rulebooks in theirs."""

    entries: int
    head: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    sealed: int | None
    kept: int
    pruned: int
    rulebooks: int = 0


def verify(ledger: Path, head: str | None = None) -> Verified:
    """Reads everything and finds what was altered (see LIMITS). ``head`` is one that was kept
    elsewhere, in hexadecimal. Raises LedgerProblem only if there is no ledger to read: damage is a
    fault."""
    try:
        with reading(ledger) as connection:
            rows, others = rows_in(connection)
            faults = [
                *_faults_of_file(connection),
                *(f"Entry {number} was altered: it is not text." for number in sorted(others)),
                *faults_of_chain(rows),
                *_faults_of_key(connection, rows),
            ]
            details = details_in(connection)
    except Damaged as problem:
        return Verified(0, "", (str(problem),), (), None, 0, 0)
    bodies = list(readable_bodies(rows))  # the others are reported with the chain
    faults += _faults_of_details(bodies, details)
    kept, gone = assessments_named(bodies)
    gone_words = ", and no pruning removed it"
    faults += faults_in(store_of(ledger), _named_assessments(bodies), "assessment", gone_words)
    faults += faults_in(rulebooks_of(ledger), named_rulebooks(bodies), "rulebook")
    sealed = next((row.number for row in rows if row.hash == head), None)
    if head is not None and sealed is None:
        faults.append(_HEAD_GONE)
    last = rows[-1].hash if rows else ""
    notes = tuple(_notes(ledger, kept, gone, bodies))
    rulebooks = len(named_rulebooks(bodies))
    return Verified(len(rows), last, tuple(faults), notes, sealed, len(kept), len(gone), rulebooks)


def faults_of_chain(rows: Iterable[Row]) -> Iterator[str]:
    """Sentences for everything that is wrong in the chain, by entry: what was altered without
    rebuilding the chain from there on. ``rows`` may contain any text."""
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
        misplaced = isinstance(body, Begun) != (row.number == 0) or body.number != row.number
        written = json.dumps(json.loads(row.body), sort_keys=True, separators=(",", ":"))
    except ValueError:
        yield f"Entry {row.number} is not in the form that this program writes."
        return
    if misplaced or written != row.body:
        yield f"Entry {row.number} is not one that this program writes in that place."
    if body.previous != before:
        yield (
            f"Entry {row.number} does not follow the one before it: one of them was altered, "
            "removed, or put in since."
        )


def _faults_of_file(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield f"The file is damaged: {line}."
    rules = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for name in sorted(rules.keys() ^ SCHEMA.keys()):
        change = "is no longer there" if name in SCHEMA else "was put in"
        yield f"The file's own rules were altered: '{name}' {change}."
    for name in sorted(rules.keys() & SCHEMA.keys()):
        if rules[name] != SCHEMA[name]:
            yield f"The file's own rules were altered: '{name}' was changed."


def _faults_of_key(connection: sqlite3.Connection, rows: list[Row]) -> Iterator[str]:
    secrets = connection.execute("SELECT name, value FROM secret").fetchall()
    first = next(readable_bodies(rows[:1]), None)
    keys = [digest(value) for name, value in secrets if name == "key" and isinstance(value, bytes)]
    if len(secrets) != 1 or keys != [getattr(first, "key", None)]:
        yield "The ledger's key is not the one that it was begun with."


def _faults_of_details(bodies: list[Body], details: dict[int, object]) -> Iterator[str]:
    removed = pruned_numbers(bodies)
    for body in bodies:
        text = details.get(body.number)
        if text is None and body.number not in removed:
            yield f"The details of entry {body.number} are not there, and no pruning removed them."
        elif text is not None and body.number in removed:
            yield f"The details of entry {body.number} are there, though they were pruned."
        elif text is not None and (not isinstance(text, str) or digest(text) != body.details):
            yield f"The details of entry {body.number} were altered."
    for number in sorted(details.keys() - {body.number for body in bodies}):
        yield f"There are details of an entry {number}, which is not there."


def _named_assessments(bodies: list[Body]) -> dict[str, int]:
    """The hash of every assessment that was not pruned, with the first entry that names it."""
    first, removed = dict[str, int](), pruned_numbers(bodies)
    for body in bodies:
        if isinstance(body, Checked) and body.number not in removed:
            first.setdefault(body.assessment, body.number)
    return first


def _notes(ledger: Path, kept: set[str], gone: set[str], bodies: list[Body]) -> Iterator[str]:
    store = store_of(ledger)
    hashes = stored(store)
    if left := len(hashes & gone):
        yield f"Assessments that were pruned and are still there: {left}. Prune again."
    yield from _strays(store, len(hashes - kept - gone))
    yield from _strays(rulebooks_of(ledger), len(unnamed_rulebooks(ledger, bodies)))


def _strays(store: Path, unnamed: int) -> Iterator[str]:
    if strays := unnamed + len(half_written(store)):
        yield (
            f"Files in {store} that belong to no entry: {strays}. A check that was stopped leaves "
            "such; pruning removes them."
        )
