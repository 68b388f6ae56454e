"""The last check in a ledger, with which the next one is compared."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from engine.assessment import Assessment
from record.ledger.entries import Checked
from record.ledger.entry import fetch_assessment
from record.ledger.ledger import Entry


def last_check(
    ledger: Path, recorded: Sequence[Entry], as_of: datetime.date
) -> tuple[int, Assessment] | None:
    """The number and the assessment of the last check among a ledger's entries that is for no later
    day, and counts all rows; None if there is none or it was pruned. Raises LedgerProblem if it
    cannot be read."""
    for entry in reversed(recorded):
        body = entry.body
        if isinstance(body, Checked) and body.as_of <= as_of and body.known_by is None:
            assessment = fetch_assessment(ledger, entry, body)
            return None if assessment is None else (body.number, assessment)
    return None
