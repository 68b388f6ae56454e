"""Entries added to the ledger, and read from it."""

from __future__ import annotations

import datetime
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar

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
    details_of,
    digest,
)

_SALT_BYTES = 32
KEY_BYTES = 32
_Part = TypeVar("_Part")
_LAST = 2**63 - 1  # the largest number that SQLite gives an entry


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something is entered (with its offset from UTC), and who does it."""

    at: datetime.datetime
    by: str


#: Makes an entry from its number, the hash of the one before it, and the hash of its details.
Make = Callable[[int, str, str], Body]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, read. ``details`` is None where they were pruned, with ``pruned`` True."""

    row: Row
    body: Body
    details: Details | None
    pruned: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """A ledger that is being added to."""

    connection: sqlite3.Connection

    def add(self, make: Make, stamp: Stamp, subject: str = "", note: str = "") -> Row:
        """Adds an entry with its details and returns it; it is durable when the ledger's
        transaction has ended."""
        salt = secrets.token_hex(_SALT_BYTES)
        details = canonical(Details(salt=salt, by=stamp.by, subject=subject, note=note))
        number, before = _next(self.connection)
        body = make(number, before, digest(details))
        text = canonical(body)
        row = Row(body.number, text, digest(text))
        insert = self.connection.execute
        insert("INSERT INTO entries (number, body, hash) VALUES (?, ?, ?)", astuple(row))
        insert("INSERT INTO details (number, body) VALUES (?, ?)", (row.number, details))
        return row


def _next(connection: sqlite3.Connection) -> tuple[int, str]:
    """The number of the next entry, and the hash of the one before it."""
    last = connection.execute(
        "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if not last:
        return 0, NOTHING_BEFORE
    number, hash_ = last
    whole = isinstance(hash_, str) and re.fullmatch("[0-9a-f]{64}", hash_)
    if not (whole and isinstance(number, int) and 0 <= number < _LAST):
        raise LedgerProblem(_unreadable(number))
    return number + 1, hash_


@contextmanager
def writing(path: Path, stamp: Stamp, key: bytes | None = None) -> Iterator[Writer]:
    """A ledger to be added to, begun if it is not there yet, with ``key`` as its key or a new one.
    Raises LedgerProblem where it cannot be added to, OtherKey where its key is not ``key``."""
    with adding(path) as connection:
        writer = Writer(connection)
        if _next(connection)[0] == 0:
            own = key or new_key()
            connection.execute("INSERT INTO secret (name, value) VALUES ('key', ?)", (own,))
            writer.add(maker(Begun, stamp, key=digest(own)), stamp)
        elif key is not None:
            found = _key_in(connection)
            if found is None:
                raise LedgerProblem(f"The ledger {path} has lost its key: fetch it from a backup.")
            if found != key:
                raise OtherKey(
                    f"The ledger {path} was begun anew while this was checked, with another key. "
                    "Nothing was entered. Check again."
                )
        yield writer


def maker(kind: type[Body], stamp: Stamp, **fields: object) -> Make:
    """What makes an entry of a kind, with these fields of its own, when its place is known."""

    def make(number: int, previous: str, details: str) -> Body:
        place = {"number": number, "previous": previous, "at": stamp.at, "details": details}
        return kind.model_validate(place | fields)

    return make


def new_key() -> bytes:
    """A key for a new ledger: random, and told to nobody."""
    return secrets.token_bytes(KEY_BYTES)


def key_of(path: Path) -> bytes | None:
    """The ledger's key, under which rows are given fingerprints that nobody without it can find
    by trying; None where the ledger is not begun. Raises LedgerProblem where it cannot be read."""
    if not size_of(path):
        return None
    with reading(path) as connection:
        return _key_in(connection)


def _key_in(connection: sqlite3.Connection) -> bytes | None:
    found = connection.execute("SELECT value FROM secret WHERE name = 'key'").fetchone()
    return bytes(found[0]) if found and isinstance(found[0], bytes) else None


def rows_in(connection: sqlite3.Connection) -> list[Row]:
    """All rows as they stand, in the order of their numbers. Raises LedgerProblem where one is
    not even of text."""
    found = connection.execute("SELECT number, body, hash FROM entries ORDER BY number").fetchall()
    for number, body, hash_ in found:
        if not (isinstance(body, str) and isinstance(hash_, str)):
            raise LedgerProblem(_unreadable(number))
    return [Row(*each) for each in found]


def exported(ledger: Path) -> bytes:
    """The chain as a text file, for whoever checks it without this program. A line is an entry, the
    very bytes that its hash is of: the SHA-256 of a line, without its line break, is the
    ``previous`` of the next line, and that of the last line is the head. It holds no details and
    no key, so it names nobody. Raises LedgerProblem where the ledger cannot be read."""
    with reading(ledger) as connection:
        rows = rows_in(connection)
    return "".join(f"{row.body}\n" for row in rows).encode()


def details_in(connection: sqlite3.Connection) -> dict[int, str]:
    """The details of each entry that has any, as they stand."""
    return {
        number: str(body) for number, body in connection.execute("SELECT number, body FROM details")
    }


def entries(path: Path) -> list[Entry]:
    """Every entry of a ledger, in order. Raises LedgerProblem where one cannot be read, with
    nothing said of whether any was altered: see record.ledger.verify."""
    with reading(path) as connection:
        rows, details = rows_in(connection), details_in(connection)
    bodies = [_parsed(body_of, row.body, row.number) for row in rows]
    gone = pruned(bodies)
    own = {
        row.number: _parsed(details_of, details[row.number], row.number)
        for row in rows
        if row.number in details
    }
    return [
        Entry(row, body, own.get(row.number), row.number in gone)
        for row, body in zip(rows, bodies, strict=True)
    ]


def _parsed(parse: Callable[[str], _Part], text: str, number: int) -> _Part:
    try:
        return parse(text)
    except ValueError:
        raise LedgerProblem(_unreadable(number)) from None


def pruned(bodies: list[Body]) -> set[int]:
    """The numbers of the entries that a later one says were pruned."""
    gone: set[int] = set()
    before = datetime.date.min
    for body in reversed(bodies):
        if body.at.date() < before:
            gone.add(body.number)
        if isinstance(body, Pruned):
            before = max(before, body.before)
    return gone


def _unreadable(number: int) -> str:
    return (
        f"Entry {number} of the ledger cannot be read: somebody has altered it. 'dueregard ledger "
        "verify' reports what is still intact."
    )


def entry_of(found: list[Entry], number: int) -> Entry:
    """The entry of that number. Raises LedgerProblem where there is none."""
    entry = next((each for each in found if each.row.number == number), None)
    if entry is None:
        last = found[-1].row.number if found else 0
        raise LedgerProblem(f"There is no entry {number}: the last of this ledger is {last}.")
    return entry


def check_of(found: list[Entry], number: int) -> tuple[Entry, Checked]:
    """The check that was entered under that number. Raises LedgerProblem where there is none."""
    entry = entry_of(found, number)
    if not isinstance(entry.body, Checked):
        raise LedgerProblem(
            f"Entry {number} is no check ({entry.body.kind}): 'dueregard ledger list' shows which "
            "entries are checks."
        )
    return entry, entry.body
