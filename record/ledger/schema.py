"""The tables of the ledger's file, and the triggers that let nothing in them be changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Marks the file as a ledger of ours ('DRLG'), and which form of it.
APPLICATION_ID = 0x44524C47
USER_VERSION = 1

NO_DELETE_OF_DETAILS = "details_stay"

#: What the file holds, in the words in which it is made and must still stand there.
SCHEMA: Mapping[str, str] = MappingProxyType(
    {
        "entries": (
            "CREATE TABLE entries (number INTEGER PRIMARY KEY, body TEXT NOT NULL,"
            " hash TEXT NOT NULL)"
        ),
        "details": "CREATE TABLE details (number INTEGER PRIMARY KEY, body TEXT NOT NULL)",
        "secret": "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        "entries_follow": (
            "CREATE TRIGGER entries_follow BEFORE INSERT ON entries"
            " WHEN NEW.number <> (SELECT COALESCE(MAX(number) + 1, 0) FROM entries)"
            " BEGIN SELECT RAISE(ABORT, 'entries follow one another'); END"
        ),
        "entries_unchanged": (
            "CREATE TRIGGER entries_unchanged BEFORE UPDATE ON entries"
            " BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
        ),
        "entries_stay": (
            "CREATE TRIGGER entries_stay BEFORE DELETE ON entries"
            " BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END"
        ),
        "details_follow": (
            "CREATE TRIGGER details_follow BEFORE INSERT ON details"
            " WHEN NEW.number IS NOT (SELECT MAX(number) FROM entries)"
            " OR EXISTS (SELECT 1 FROM details WHERE number = NEW.number)"
            " BEGIN SELECT RAISE(ABORT, 'details come with their entry'); END"
        ),
        "details_unchanged": (
            "CREATE TRIGGER details_unchanged BEFORE UPDATE ON details"
            " BEGIN SELECT RAISE(ABORT, 'details are never changed'); END"
        ),
        NO_DELETE_OF_DETAILS: (
            "CREATE TRIGGER details_stay BEFORE DELETE ON details"
            " BEGIN SELECT RAISE(ABORT, 'details are only pruned'); END"
        ),
        "secret_once": (
            "CREATE TRIGGER secret_once BEFORE INSERT ON secret"
            " WHEN EXISTS (SELECT 1 FROM secret)"
            " BEGIN SELECT RAISE(ABORT, 'a ledger has one key'); END"
        ),
        "secret_unchanged": (
            "CREATE TRIGGER secret_unchanged BEFORE UPDATE ON secret"
            " BEGIN SELECT RAISE(ABORT, 'the key is never changed'); END"
        ),
        "secret_stays": (
            "CREATE TRIGGER secret_stays BEFORE DELETE ON secret"
            " BEGIN SELECT RAISE(ABORT, 'the key is never removed'); END"
        ),
    }
)
