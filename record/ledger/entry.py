"""A check entered in the ledger: its assessment in the store first, and then its entry. And its
assessment fetched from there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from engine.assessment import Assessment
from record.ledger.entries import Checked, ProgramRef, RulebookRef, digest
from record.ledger.ledger import Entry, Stamp, writing
from record.ledger.store import get, path_in, put, store_of
from record.problem import LedgerProblem
from reports.json import from_json, to_json


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of entering something: its number in the ledger, when, and the ledger's new
    head, which seals all that stands in it. ``first``: it is the ledger's first."""

    ledger: Path
    number: int
    at: datetime.datetime
    head: str
    assessment: str
    first: bool


def enter(
    ledger: Path,
    assessment: Assessment,
    stamp: Stamp,
    key: bytes | None = None,
    made: bytes | None = None,
) -> Entered:
    """Enters a check, in a ledger that is begun where there is none. ``key`` is the key under which
    the assessment's rows were given fingerprints, where they were: a ledger of another key is not
    added to. ``made`` is what to_json makes of the assessment, where that was done already.

    When this returns, the entry and its assessment are on the disk; when it raises (LedgerProblem),
    or the process dies within it, the ledger is as it was, and at most a file that no entry names
    lies in the store.
    """
    data = made or to_json(assessment)
    book, program = assessment.rulebook, assessment.program
    with writing(ledger, stamp, key) as writer:
        sha256 = put(store_of(ledger), data)
        row = writer.add(
            lambda number, previous, details: Checked(
                number=number,
                previous=previous,
                at=stamp.at,
                details=details,
                as_of=assessment.as_of,
                known_by=assessment.known_by,
                records_begin=assessment.records_begin,
                assessment=sha256,
                rulebook=RulebookRef(id=book.id, version=book.version, sha256=book.sha256),
                sop=assessment.sop.sha256 if assessment.sop else None,
                evidence=tuple(each.sha256 for each in assessment.evidence),
                program=ProgramRef(version=program.version, engine=program.engine),
            ),
            stamp,
        )
    return Entered(ledger, row.number, stamp.at, row.hash, sha256, row.number == 1)


def kept(ledger: Path, entry: Entry, body: Checked) -> Assessment | None:
    """The assessment of a check, as it was entered; None where it was pruned. Raises LedgerProblem
    where it is gone and was not pruned, is not what was entered, or is of another form."""
    store = store_of(ledger)
    data = get(store, body.assessment)
    where = path_in(store, body.assessment)
    if data is None:
        if entry.pruned:
            return None
        wrong = (
            f" is not at {where}, and no pruning removed it. Keep the folder of assessments beside "
            "its ledger."
        )
    elif digest(data) != body.assessment:
        wrong = f" was altered after it was entered: {where}."
    elif isinstance(found := from_json(data), str):
        wrong = f", {where}: {found}"
    else:
        return found
    raise LedgerProblem(f"The assessment of entry {body.number}{wrong}")
