"""Entries added to the ledger, and read from it."""

from __future__ import annotations

import datetime
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from record.ledger.database import LedgerProblem, OtherKey, adding, reading, size_of
from record.ledger.entries import (
    NOTHING_BEFORE,
    Begun,
    Body,
    Checked,
    Details,
    Pruned,
    Row,
    body_of,
    canonical,
    digest,
)

_SALT_BYTES = 32
KEY_BYTES = 32
_LAST = 2**63 - 1  # the largest number that SQLite gives an entry


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time of an entry (with its offset from UTC), and its author."""

    at: datetime.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, read. ``details`` is None if they were pruned; then ``pruned`` is True."""

    row: Row
    body: Body
    details: Details | None
    pruned: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """A ledger that is being added to."""

    connection: sqlite3.Connection

    def add(
        self, kind: type[Body], stamp: Stamp, subject: str = "", note: str = "", **fields: object
    ) -> Row:
        """Adds an entry of a kind, with its own fields and its details, and returns it. It is
        durable when the ledger's transaction has ended."""
        salt = secrets.token_hex(_SALT_BYTES)
        details = canonical(Details(salt=salt, by=stamp.by, subject=subject, note=note))
        number, previous = _next(self.connection)
        place = {"number": number, "previous": previous, "at": stamp.at, "details": digest(details)}
        text = canonical(kind.model_validate(place | fields))
        row = Row(number, text, digest(text))
        insert = self.connection.execute
        insert("INSERT INTO entries (number, body, hash) VALUES (?, ?, ?)", astuple(row))
        insert("INSERT INTO details (number, body) VALUES (?, ?)", (number, details))
        return row

    def chain(self) -> bytes:
        """The chain as text, as :func:`export_chain` gives it, with what was added."""
        return _chain(self.connection)


def _next(connection: sqlite3.Connection) -> tuple[int, str]:
    """The number of the next entry, and the hash of the entry before it."""
    last = connection.execute(
        "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if not last:
        return 0, NOTHING_BEFORE
    number, hash_ = last
    is_hash = isinstance(hash_, str) and re.fullmatch("[0-9a-f]{64}", hash_)
    if not (is_hash and isinstance(number, int) and 0 <= number < _LAST):
        raise unreadable(number)
    return number + 1, hash_


@contextmanager
def writing(path: Path, stamp: Stamp, key: bytes | None = None) -> Iterator[Writer]:
    """Opens a ledger to add to it, and begins one, with ``key`` or a new key, if there is none.
    Raises LedgerProblem if nothing can be added, OtherKey if its key is not ``key``."""
    with adding(path) as connection:
        writer = Writer(connection)
        if _next(connection)[0] == 0:
            key = key or new_key()
            connection.execute("INSERT INTO secret (name, value) VALUES ('key', ?)", (key,))
            writer.add(Begun, stamp, key=digest(key))
        elif key is not None:
            own_key = _key_in(connection)
            if own_key is None:
                raise LedgerProblem(f"The ledger {path} has lost its key: fetch it from a backup.")
            if own_key != key:
                raise OtherKey(
                    f"The ledger {path} was begun anew while this was checked, with another key. "
                    "Nothing was entered. Check again."
                )
        yield writer


def new_key() -> bytes:
    """A random key for a new ledger."""
    return secrets.token_bytes(KEY_BYTES)


def key_of(path: Path) -> bytes | None:
    """The ledger's key, with which rows are given fingerprints that cannot be found by trying;
    None if the ledger does not exist. Raises LedgerProblem if it cannot be read."""
    if not size_of(path):
        return None
    with reading(path) as connection:
        return _key_in(connection)


def _key_in(connection: sqlite3.Connection) -> bytes | None:
    row = connection.execute("SELECT value FROM secret WHERE name = 'key'").fetchone()
    return bytes(row[0]) if row and isinstance(row[0], bytes) else None


def rows_in(connection: sqlite3.Connection) -> tuple[list[Row], list[int]]:
    """All rows of text in the order of their numbers, and the numbers of rows that are not text."""
    rows, others = [], []
    query = "SELECT number, body, hash FROM entries ORDER BY number"
    for number, body, hash_ in connection.execute(query):
        if isinstance(body, str) and isinstance(hash_, str):
            rows.append(Row(number, body, hash_))
        else:
            others.append(number)
    return rows, others


def read_rows(connection: sqlite3.Connection) -> list[tuple[Row, Body]]:
    """Every row with its entry. Raises LedgerProblem if one cannot be read."""
    parsed = []
    for row in _text_rows(connection):
        try:
            parsed.append((row, body_of(row.body)))
        except ValueError:
            raise unreadable(row.number) from None
    return parsed


def _text_rows(connection: sqlite3.Connection) -> list[Row]:
    rows, others = rows_in(connection)
    for number in others:
        raise unreadable(number)
    return rows


def readable_bodies(rows: Iterable[Row]) -> Iterator[Body]:
    """The entries in those of the rows that can be read."""
    for row in rows:
        with suppress(ValueError):
            yield body_of(row.body)


def export_chain(ledger: Path) -> bytes:
    """The chain as text, to be checked without this program: each line is an entry, and the SHA-256
    of a line without its line break is the ``previous`` of the next line, that of the last line the
    head. It contains no details and no key. Raises LedgerProblem if the ledger cannot be read."""
    with reading(ledger) as connection:
        return _chain(connection)


def _chain(connection: sqlite3.Connection) -> bytes:
    return "".join(f"{row.body}\n" for row in _text_rows(connection)).encode()


def details_in(connection: sqlite3.Connection) -> dict[int, object]:
    """The details of each entry that has any, as they are in the file."""
    return dict(connection.execute("SELECT number, body FROM details"))


def entries(path: Path) -> list[Entry]:
    """Every entry of a ledger, in order. Raises LedgerProblem if one cannot be read. Whether any
    was altered is found by record.ledger.verify."""
    with reading(path) as connection:
        rows, details = read_rows(connection), details_in(connection)
    removed = pruned_numbers([body for _, body in rows])
    return [
        Entry(row, body, _details(details, row.number), row.number in removed) for row, body in rows
    ]


def checks_in(ledger: Iterable[Entry]) -> list[tuple[Entry, Checked]]:
    """The checks among the entries of a ledger."""
    return [(entry, entry.body) for entry in ledger if isinstance(entry.body, Checked)]


def _details(details: dict[int, object], number: int) -> Details | None:
    try:
        return Details.model_validate_json(str(details[number])) if number in details else None
    except ValueError:
        raise unreadable(number) from None


def pruned_numbers(bodies: list[Body]) -> set[int]:
    """The numbers of the entries that a later entry reports as pruned."""
    numbers: set[int] = set()
    before = datetime.date.min
    for body in reversed(bodies):
        if body.at.date() < before:
            numbers.add(body.number)
        if isinstance(body, Pruned):
            before = max(before, body.before)
    return numbers


def unreadable(number: int) -> LedgerProblem:
    """The problem of an entry that cannot be read."""
    return LedgerProblem(
        f"Entry {number} of the ledger cannot be read: somebody has altered it. 'dueregard ledger "
        "verify' reports what is still intact."
    )


def entry_of(ledger: list[Entry], number: int) -> Entry:
    """The entry with a number. Raises LedgerProblem if there is none."""
    entry = next((entry for entry in ledger if entry.row.number == number), None)
    if entry is None:
        last = ledger[-1].row.number if ledger else 0
        raise LedgerProblem(f"There is no entry {number}: the last of this ledger is {last}.")
    return entry


def check_of(ledger: list[Entry], number: int) -> tuple[Entry, Checked]:
    """The check entered with a number. Raises LedgerProblem if there is none."""
    entry = entry_of(ledger, number)
    if not isinstance(entry.body, Checked):
        raise LedgerProblem(
            f"Entry {number} is not a check ({entry.body.kind}): 'dueregard ledger list' shows "
            "which entries are checks."
        )
    return entry, entry.body
