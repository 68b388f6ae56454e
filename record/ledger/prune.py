"""Prunes the ledger: removes what names people, and leaves the chain complete."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from record.ledger.chain import Stamp, details_in, pruned_numbers, read_rows, writing
from record.ledger.database import NO_DELETE_OF_DETAILS, SCHEMA, LedgerProblem, adding, size_of
from record.ledger.entries import Body, Checked, Pruned
from record.ledger.rulebooks import rulebooks_of, unnamed_rulebooks
from record.ledger.store import half_written, path_in, remove, store_of, stored


@dataclass(frozen=True, slots=True)
class Pruning:
    """What was removed: the numbers of details, of assessments, and of files that no entry names.
    ``number`` and ``head`` are None if no entry lost anything, so that nothing was entered."""

    entries: int
    assessments: int
    strays: int
    number: int | None
    head: str | None


def prune(ledger: Path, before: datetime.date, stamp: Stamp) -> Pruning:
    """Removes the details of every entry made before a day, and every assessment that only such
    entries name, and enters the pruning. The day is that of the entry's own clock.

    The entry is durable before any assessment is removed, so that none is ever missing without an
    explanation. Assessments left by an interrupted pruning are removed by the next. Raises
    LedgerProblem if there is no ledger, or a file cannot be removed.
    """
    size = size_of(ledger)
    if not size:
        empty = "" if size is None else ": the file is empty"
        raise LedgerProblem(f"There is no ledger {ledger}{empty}, so there is nothing to prune.")
    number = head = None
    with writing(ledger, stamp) as writer:
        connection = writer.connection
        numbers = details_in(connection).keys()
        old = [body.number for _, body in read_rows(connection) if body.at.date() < before]
        removed = [(number,) for number in old if number in numbers]
        if removed:
            row = writer.add(Pruned, stamp, before=before)
            number, head = row.number, row.hash
            connection.execute(f"DROP TRIGGER {NO_DELETE_OF_DETAILS}")
            connection.executemany("DELETE FROM details WHERE number = ?", removed)
            connection.execute(SCHEMA[NO_DELETE_OF_DETAILS])
    return Pruning(len(removed), *_sweep(ledger), number, head)


def _sweep(ledger: Path) -> tuple[int, int]:
    """Removes files that no unpruned entry names, while no check can add one. Returns the numbers
    of assessments and of strays."""
    store, rulebooks = store_of(ledger), rulebooks_of(ledger)
    with adding(ledger) as connection:
        bodies = [body for _, body in read_rows(connection)]
        kept, gone = assessments_named(bodies)
        unnamed = stored(store) - kept
        others = [
            *(path_in(rulebooks, sha256) for sha256 in unnamed_rulebooks(ledger, bodies)),
            *half_written(store),
            *half_written(rulebooks),
        ]
        for path in (*(path_in(store, sha256) for sha256 in sorted(unnamed)), *others):
            remove(path)
    return len(unnamed & gone), len(unnamed - gone) + len(others)


def assessments_named(bodies: list[Body]) -> tuple[set[str], set[str]]:
    """The assessments of entries that were not pruned, and those of pruned entries alone."""
    numbers = pruned_numbers(bodies)
    checks = [body for body in bodies if isinstance(body, Checked)]
    kept = {check.assessment for check in checks if check.number not in numbers}
    return kept, {check.assessment for check in checks} - kept
