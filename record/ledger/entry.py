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
    with writing(ledger, stamp, key) as writer:
        sha256 = put(store_of(ledger), data)

        def checked(number: int, previous: str, details: str) -> Checked:
            return Checked(
                number=number,
                previous=previous,
                at=stamp.at,
                details=details,
                as_of=assessment.as_of,
                known_by=assessment.known_by,
                records_begin=assessment.records_begin,
                assessment=sha256,
                rulebook=_rulebook(assessment),
                sop=assessment.sop.sha256 if assessment.sop else None,
                evidence=tuple(each.sha256 for each in assessment.evidence),
                program=ProgramRef(
                    version=assessment.program.version, engine=assessment.program.engine
                ),
            )

        row = writer.add(checked, stamp)
    return Entered(ledger, row.number, stamp.at, row.hash, sha256, row.number == 1)


def _rulebook(assessment: Assessment) -> RulebookRef:
    stamp = assessment.rulebook
    return RulebookRef(id=stamp.id, version=stamp.version, sha256=stamp.sha256)


def kept(ledger: Path, entry: Entry, body: Checked) -> Assessment | None:
    """The assessment of a check, as it was entered; None where it was pruned. Raises LedgerProblem
    where it is gone and was not pruned, is not what was entered, or is of another form."""
    store = store_of(ledger)
    data = get(store, body.assessment)
    where = path_in(store, body.assessment)
    if data is None and entry.pruned:
        return None
    if data is None:
        raise LedgerProblem(
            f"The assessment of entry {body.number} is not at {where}, and no pruning removed it. "
            "Keep the folder of assessments beside its ledger."
        )
    if digest(data) != body.assessment:
        raise LedgerProblem(
            f"The assessment of entry {body.number} was altered after it was entered: {where}."
        )
    found = from_json(data)
    if isinstance(found, str):
        raise LedgerProblem(f"The assessment of entry {body.number}, {where}: {found}")
    return found
