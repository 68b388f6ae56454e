"""A check entered in the ledger: its assessment in the store first, then its entry, and then
run.json beside the reports, which says where their check stands. And its assessment fetched."""

from __future__ import annotations

import datetime
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.assessment import Assessment
from evidence.output_file import write_file
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.ledger.database import LedgerProblem
from record.ledger.entries import Checked, ProgramRef, RulebookRef, digest
from record.ledger.ledger import Entry, Stamp, maker, writing
from record.ledger.store import get, path_in, put, store_of
from reports.json import from_json, to_json

#: The file beside the reports.
RUN = "run.json"
_RUN_FORMAT = "dueregard-run-1"


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
        checked = maker(
            Checked,
            stamp,
            as_of=assessment.as_of,
            known_by=assessment.known_by,
            records_begin=assessment.records_begin,
            assessment=sha256,
            rulebook=RulebookRef(id=book.id, version=book.version, sha256=book.sha256),
            sop=assessment.sop.sha256 if assessment.sop else None,
            evidence=tuple(each.sha256 for each in assessment.evidence),
            program=ProgramRef(version=program.version, engine=program.engine),
        )
        row = writer.add(checked, stamp)
    return Entered(ledger, row.number, stamp.at, row.hash, sha256, row.number == 1)


def kept(ledger: Path, found: Entry, body: Checked) -> Assessment | None:
    """The assessment of a check, as it was entered; None where it was pruned. Raises LedgerProblem
    where it is gone and was not pruned, is not what was entered, or is of another form."""
    store = store_of(ledger)
    data = get(store, body.assessment)
    where = path_in(store, body.assessment)
    if data is None:
        if found.pruned:
            return None
        wrong = (
            f" is not at {where}, and no pruning removed it. Keep the folder of assessments beside "
            "its ledger."
        )
    elif digest(data) != body.assessment:
        wrong = f" was altered after it was entered: {where}."
    elif isinstance(assessment := from_json(data), str):
        wrong = f", {where}: {assessment}"
    else:
        return assessment
    raise LedgerProblem(f"The assessment of entry {body.number}{wrong}")


def write_run(folder: Path, entered: Entered) -> Path:
    """Writes run.json into the folder of the reports, whole or not at all, and returns its path.
    Raises OSError where it cannot; an older one is then unchanged."""
    try:
        ledger = Path(os.path.relpath(entered.ledger, folder)).as_posix()
    except ValueError:  # on a drive of its own
        ledger = entered.ledger.absolute().as_posix()
    said = {
        "format": _RUN_FORMAT,
        "ledger": ledger,
        "entry": entered.number,
        "head": entered.head,
        "assessment": entered.assessment,
        "entered_at": entered.at.isoformat(),
    }
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    path = folder / RUN
    # a path's bytes that are no text are written as \udcff
    write_file(path, text.encode(errors="backslashreplace"), durable=True)
    return path


def forget_run(folder: Path) -> None:
    """Removes a run.json that speaks of reports whose place others have taken."""
    with suppress(OSError):
        if _read(folder).get("format") == _RUN_FORMAT:
            (folder / RUN).unlink()


def ledger_of(folder: Path) -> Path | None:
    """The ledger that run.json in a folder of reports names; None where there is no such file."""
    named = _read(folder).get("ledger")
    return Path(os.path.normpath(folder / named)) if isinstance(named, str) else None


def _read(folder: Path) -> dict[str, object]:
    """What run.json in a folder says; nothing where there is none, or it cannot be read."""
    with suppress(FileStop, ValueError, RecursionError):
        found = json.loads(read_regular(folder / RUN, MEGABYTE))
        return found if isinstance(found, dict) else {}
    return {}
