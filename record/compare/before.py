"""The check in the ledger with which a later one was compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.assessment import Assessment
from record.ledger.entries import Checked
from record.ledger.entry import fetch_assessment
from record.ledger.ledger import Entry


def compared_with(
    ledger: Path, recorded: Sequence[Entry], assessment: Assessment, sha256: str
) -> Assessment | None:
    """The assessment with which one with this SHA-256 was compared; None if it was compared with
    none, or the entries of the ledger do not have it. Raises LedgerProblem if it cannot be read."""
    changes, passed = assessment.changes, False
    for entry in reversed(recorded if changes else ()):
        body = entry.body
        if not isinstance(body, Checked):
            continue
        if passed and changes and body.as_of == changes.since and body.known_by is None:
            before = fetch_assessment(ledger, entry, body)
            if before and before.status.office.duties == changes.counts:
                return before
        passed = passed or body.assessment == sha256
    return None
