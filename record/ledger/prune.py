"""The store pruned: what names people is removed, and the chain stays whole."""

from __future__ import annotations

import datetime
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from record.ledger.database import NO_DELETE_OF_DETAILS, SCHEMA, LedgerProblem, adding, size_of
from record.ledger.entries import Body, Checked, Pruned, body_of
from record.ledger.ledger import Stamp, details_in, maker, pruned, rows_in, writing
from record.ledger.store import half_written, path_in, remove, store_of, stored


@dataclass(frozen=True, slots=True)
class Pruning:
    """What was removed: the details of so many entries, so many assessments, and so many files
    that no entry names. ``number`` and ``head`` are None where no entry was made of it, since no
    entry lost anything."""

    entries: int
    assessments: int
    strays: int
    number: int | None
    head: str | None


def prune(ledger: Path, before: datetime.date, stamp: Stamp) -> Pruning:
    """Removes the details of every entry made before that day, and every assessment that only
    such entries name, and enters that it was done. The day is that of the entry's own clock.

    The entry is durable before any assessment goes, so that none is ever missing unexplained; one
    that is left because this was stopped is removed by the next pruning. Raises LedgerProblem
    where there is no ledger, or a file cannot be removed.
    """
    size = size_of(ledger)
    if not size:
        empty = "" if size is None else ": the file is empty"
        raise LedgerProblem(f"There is no ledger {ledger}{empty}, so there is nothing to prune.")
    number = head = None
    with writing(ledger, stamp) as writer:
        connection = writer.connection
        have = details_in(connection).keys()
        old = [body.number for body in _bodies(connection) if body.at.date() < before]
        going = [(each,) for each in old if each in have]
        if going:
            row = writer.add(maker(Pruned, stamp, before=before), stamp)
            number, head = row.number, row.hash
            connection.execute(f"DROP TRIGGER {NO_DELETE_OF_DETAILS}")
            connection.executemany("DELETE FROM details WHERE number = ?", going)
            connection.execute(SCHEMA[NO_DELETE_OF_DETAILS])
    return Pruning(len(going), *_sweep(ledger), number, head)


def _sweep(ledger: Path) -> tuple[int, int]:
    """Removes what no entry names that was not pruned, while nobody can add to the ledger, so
    that it is nothing that a check is just about to enter. How many assessments, and strays."""
    store = store_of(ledger)
    with adding(ledger) as connection:
        kept, gone = named(_bodies(connection))
        going = stored(store) - kept
        left = half_written(store)
        for path in (*(path_in(store, sha256) for sha256 in sorted(going)), *left):
            remove(path)
    return len(going & gone), len(going - gone) + len(left)


def named(bodies: list[Body]) -> tuple[set[str], set[str]]:
    """The assessments that entries name which were not pruned, and those of the others."""
    out = pruned(bodies)
    checks = [body for body in bodies if isinstance(body, Checked)]
    kept = {check.assessment for check in checks if check.number not in out}
    return kept, {check.assessment for check in checks} - kept


def _bodies(connection: sqlite3.Connection) -> list[Body]:
    try:
        return [body_of(row.body) for row in rows_in(connection)]
    except ValueError:
        raise LedgerProblem(
            "An entry of the ledger cannot be read: somebody has altered it, and nothing was "
            "pruned. 'dueregard ledger verify' reports what is still intact."
        ) from None
