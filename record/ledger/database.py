"""The ledger's file: its tables, opening it to read or to add, and the faults of SQLite in words.

Several checks can add to it at once, also on a network share with working locks: it uses the
rollback journal, because the write-ahead log needs shared memory, which no share has.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

#: The name of the ledger if no other is given.
LEDGER_NAME = "dueregard-ledger.sqlite"

#: How long a check waits while another is adding to the same ledger.
WAIT_SECONDS = 30.0

#: The largest ledger that is opened. A hundred checks of 20,000 people need far less.
LIMIT_BYTES = 4 * 1024**3

#: Mark the file as a ledger of this program ('DRLG'), and its form.
APPLICATION_ID = 0x44524C47
USER_VERSION = 1

_UNCHANGED = "Nothing was entered, and the ledger is unchanged."


class LedgerProblem(Exception):
    """The ledger or its store cannot be used; ``str()`` is the whole message."""


class Damaged(LedgerProblem):
    """The ledger exists and cannot be read."""


class OtherKey(LedgerProblem):
    """The ledger's key is not that of the rows' fingerprints."""


def _refused(name: str, event: str, why: str) -> str:
    """The trigger that refuses an event."""
    return f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{why}'); END"


NO_DELETE_OF_DETAILS = "details_stay"

_REFUSED = (
    (
        "entries_follow",
        "INSERT ON entries WHEN NEW.number <> (SELECT COALESCE(MAX(number) + 1, 0) FROM entries)",
        "entries follow one another",
    ),
    ("entries_unchanged", "UPDATE ON entries", "entries are never changed"),
    ("entries_stay", "DELETE ON entries", "entries are never removed"),
    (
        "details_follow",
        "INSERT ON details WHEN NEW.number IS NOT (SELECT MAX(number) FROM entries)"
        " OR EXISTS (SELECT 1 FROM details WHERE number = NEW.number)",
        "details come with their entry",
    ),
    ("details_unchanged", "UPDATE ON details", "details are never changed"),
    (NO_DELETE_OF_DETAILS, "DELETE ON details", "details are only pruned"),
    ("secret_once", "INSERT ON secret WHEN EXISTS (SELECT 1 FROM secret)", "a ledger has one key"),
    ("secret_unchanged", "UPDATE ON secret", "the key is never changed"),
    ("secret_stays", "DELETE ON secret", "the key is never removed"),
)

#: The statements that make the tables, and the triggers that let nothing in them be changed.
#: Verifying compares the file with them.
SCHEMA: Mapping[str, str] = {
    "entries": "CREATE TABLE entries (number INTEGER PRIMARY KEY, body TEXT NOT NULL,"
    " hash TEXT NOT NULL)",
    "details": "CREATE TABLE details (number INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "secret": "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
} | {name: _refused(name, event, why) for name, event, why in _REFUSED}


def size_of(path: Path) -> int | None:
    """The bytes of the ledger's file; None if there is none. An empty file counts as no ledger. A
    first entry that fails leaves one and does not remove it: another check may have opened it, and
    would then write to a file without a name.

    Raises LedgerProblem if the path cannot be a ledger: SQLite would wait for a pipe, and read a
    device without an end."""
    # SQLite also opens the files that it keeps beside a ledger
    endings = ("", "-journal", "-wal", "-shm")
    size, journal, *_ = [_size(Path(f"{path}{ending}"), path) for ending in endings]
    if size and journal:
        _undo_what_was_cut_short(path)
        return _size(path, path)
    return size


def _undo_what_was_cut_short(path: Path) -> None:
    """A first entry that was killed while it was written leaves a part of the file; SQLite undoes
    it when the file is first read, and then it is empty. Faults are left to the next opening,
    which has words for them."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection,
    ):
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()


def _size(path: Path, ledger: Path) -> int | None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        why = "no file can have this name"
    except OSError as error:
        why = error.strerror or "no reason given"
    else:
        if not stat.S_ISREG(status.st_mode):
            kind = "folder" if stat.S_ISDIR(status.st_mode) else "device or a pipe"
            why = f"{path.name} is a {kind}, not a file"
        elif status.st_size <= LIMIT_BYTES:
            return status.st_size
        else:
            why = f"it is larger than {LIMIT_BYTES // 1024**3} GB"
    raise LedgerProblem(_no_place(ledger, why, "Nothing was read or entered."))


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Opens the ledger to read it, as it is at one moment. Raises LedgerProblem if there is none or
    it cannot be read."""
    size = size_of(path)
    if size == 0:
        raise LedgerProblem(
            f"There is no ledger {path}: the file is empty, as a first entry that fails leaves it. "
            "A check begins one in it; where the ledger lies elsewhere, give it with --ledger."
        )
    if size is None:
        raise LedgerProblem(
            f"There is no ledger {path}. A check begins one beside its folder of reports; where "
            "it lies elsewhere, give it with --ledger."
        )
    with _opened(path, "Nothing was read.") as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        _must_be_ours(connection, path)
        yield connection


@contextmanager
def adding(path: Path) -> Iterator[sqlite3.Connection]:
    """Opens the ledger for one transaction, during which no other process can add to it. At its end
    either all changes are durable, or none was made. A new or empty file is given its tables.
    Raises LedgerProblem if that is not possible."""
    size_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerProblem(_no_place(path, error.strerror or str(error), _UNCHANGED)) from None
    with _empty_file_noted(path), _opened(path, _UNCHANGED) as connection:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "delete":
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
                _must_be_ours(connection, path)
            else:
                for statement in SCHEMA.values():
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {USER_VERSION}")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # some faults have already rolled back
                connection.execute("ROLLBACK")
            raise


@contextmanager
def _empty_file_noted(path: Path) -> Iterator[None]:
    """Adds a note to a LedgerProblem when an empty file was left behind."""
    new = False
    with suppress(OSError):
        new = not path.exists()
    try:
        yield
    except LedgerProblem as problem:
        if not (new and size_of(path) == 0):
            raise
        raise type(problem)(
            f"{problem} The file {path} was made and is empty: it counts as no ledger, and the "
            "next check begins one in it."
        ) from problem


def _must_be_ours(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LedgerProblem(_not_ours(path))
    form = connection.execute("PRAGMA user_version").fetchone()[0]
    if form != USER_VERSION:
        raise LedgerProblem(
            f"{path} is a ledger of form {form}, and this program knows form {USER_VERSION}: use "
            "the program that wrote it, or a newer one."
        )


@contextmanager
def _opened(path: Path, then: str) -> Iterator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a damaged name has no encoding
        words = _words(path, getattr(error, "sqlite_errorcode", 0), then)
        if words:
            raise LedgerProblem(words) from error
        raise Damaged(
            f"The ledger {path} is damaged ({error}). {then} Keep the damaged file, fetch the "
            "ledger from a backup, and see with 'dueregard ledger verify --head' which head it "
            "still holds."
        ) from error


def _words(path: Path, code: int, then: str) -> str:
    """The message for an error code of SQLite; '' if the file is damaged."""
    kind = code & 0xFF
    if kind == sqlite3.SQLITE_NOTADB:
        return _not_ours(path)
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return (
            f"The ledger {path} is being added to by another check, and still was after "
            f"{WAIT_SECONDS:.0f} seconds. {then} Try again when that is done."
        )
    if kind == sqlite3.SQLITE_CANTOPEN:
        return _no_place(path, "it cannot be opened", then)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return (
            f"The ledger {path} is read-only here, and a check that was killed has left a change "
            f"to be undone in {path}-journal. Copy both to where you may write, and read the copy."
        )
    if kind == sqlite3.SQLITE_READONLY:
        return _no_place(path, "it is read-only here", then)
    if kind in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return (
            f"The ledger {path} could not be read or written (is the disk full, or the share "
            f"gone?). {then} Make room, or give another place with --ledger."
        )
    return ""


def _not_ours(path: Path) -> str:
    return (
        f"{path} is not a ledger of this program, and was left as it is: give another name with "
        "--ledger."
    )


def _no_place(path: Path, why: str, then: str) -> str:
    return f"The ledger {path} cannot be used ({why}). {then} Give another place with --ledger."
