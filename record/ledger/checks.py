"""Enters a check in the ledger, with its assessment in the store, and fetches the assessment of an
entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.assessment import Assessment
from record.ledger.chain import Entry, Stamp, Writer, writing
from record.ledger.database import LedgerProblem
from record.ledger.entries import Checked, PositionRef, ProgramRef, RulebookRef, SopRef, digest
from record.ledger.rulebooks import keep
from record.ledger.store import get, path_in, put, store_of
from reports.json import from_json, to_json
from reports.trend import point_of


@dataclass(frozen=True, slots=True)
class Entered:
    """The result of an entry: its number in the ledger, its time, and the ledger's new head, which
    seals all entries."""

    ledger: Path
    number: int
    at: datetime.datetime
    head: str
    assessment: str

    @property
    def first(self) -> bool:
        """Whether the ledger was begun with it."""
        return self.number == 1


def enter(
    ledger: Path,
    assessment: Assessment,
    stamp: Stamp,
    key: bytes | None = None,
    data: bytes | None = None,
    files: Mapping[str, str] | None = None,
) -> Entered:
    """Enters a check, and begins the ledger if there is none. ``key`` is the key with which the
    assessment's rows were given fingerprints; nothing is added to a ledger with another key.
    ``data`` is the assessment as JSON, if that was already made. ``files`` are those of the
    rulebook, which is kept too.

    On return the entry and its assessment are on the disk. If this raises LedgerProblem, or the
    process is killed, the ledger is unchanged, and at most a file without an entry is in the store.
    """
    with entering(ledger, assessment, stamp, key, data, files) as (entered, _):
        return entered


@contextmanager
def entering(
    ledger: Path,
    assessment: Assessment,
    stamp: Stamp,
    key: bytes | None = None,
    data: bytes | None = None,
    files: Mapping[str, str] | None = None,
) -> Iterator[tuple[Entered, Writer]]:
    """Enters a check, as :func:`enter` does, when the block ends, and not if it raises. Yields what
    the entry will be, and the ledger with it. Nobody else can add to the ledger meanwhile."""
    data = data or to_json(assessment)
    book, program = assessment.rulebook, assessment.program
    path = path_in(store_of(ledger), digest(data))
    position = asdict(point_of(assessment))
    del position["as_of"]
    with writing(ledger, stamp, key) as writer:
        new = not path.exists()
        try:
            sha256 = put(store_of(ledger), data)
            row = writer.add(
                Checked,
                stamp,
                as_of=assessment.as_of,
                known_by=assessment.known_by,
                records_begin=assessment.records_begin,
                assessment=sha256,
                rulebook=RulebookRef(
                    id=book.id,
                    version=book.version,
                    sha256=book.sha256,
                    kept=keep(ledger, files or {}),
                ),
                sop=assessment.sop.sha256 if assessment.sop else None,
                sop_versions=tuple(
                    SopRef(version=stamp.version, sha256=stamp.sha256)
                    for stamp in assessment.sop_files
                    if stamp.version
                ),
                evidence=tuple(stamp.sha256 for stamp in assessment.evidence),
                mapping=assessment.mapping.sha256 if assessment.mapping else None,
                program=ProgramRef(version=program.version, engine=program.engine),
                position=PositionRef(office=assessment.office, **position),
            )
            entered = Entered(ledger, row.number, stamp.at, row.hash, sha256)
            yield entered, writer
        except BaseException:
            if new:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise


def fetch_assessment(ledger: Path, entry: Entry, body: Checked) -> Assessment | None:
    """The assessment of a check, as it was entered; None if it was pruned. Raises LedgerProblem if
    it is missing without having been pruned, was altered, or has another form."""
    data = fetch_data(ledger, entry, body)
    if data is None:
        return None
    assessment = from_json(data)
    if isinstance(assessment, str):
        path = path_in(store_of(ledger), body.assessment)
        raise LedgerProblem(f"The assessment of entry {body.number}, {path}: {assessment}")
    return assessment


def fetch_data(ledger: Path, entry: Entry, body: Checked) -> bytes | None:
    """The bytes of a check's assessment; None if it was pruned. Raises LedgerProblem if it is
    missing without having been pruned, or was altered."""
    store = store_of(ledger)
    data, path = get(store, body.assessment), path_in(store, body.assessment)
    if data is None and not entry.pruned:
        raise LedgerProblem(
            f"The assessment of entry {body.number} is not at {path}, and no pruning removed it. "
            "Keep the folder of assessments beside its ledger."
        )
    if data is not None and digest(data) != body.assessment:
        raise LedgerProblem(
            f"The assessment of entry {body.number} was altered after it was entered: {path}."
        )
    return data
