"""The last check in a ledger, with which the next one is compared."""

from __future__ import annotations

import datetime
from collections.abc import Container
from pathlib import Path

from engine.assessment import Assessment
from record.ledger.database import size_of
from record.ledger.entries import Checked
from record.ledger.entry import fetch_assessment
from record.ledger.ledger import entries


def last_check(
    ledger: Path, as_of: datetime.date, among: Container[str] | None = None
) -> tuple[int, Assessment] | None:
    """The number and the assessment of the last check entered that is for no later day, and counts
    all rows, ``among`` those whose assessments have these hashes; None if there is none or it was
    pruned. Raises LedgerProblem if it cannot be read."""
    if not size_of(ledger):
        return None
    for entry in reversed(entries(ledger)):
        body = entry.body
        if (
            isinstance(body, Checked)
            and body.as_of <= as_of
            and body.known_by is None
            and (among is None or body.assessment in among)
        ):
            assessment = fetch_assessment(ledger, entry, body)
            return None if assessment is None else (body.number, assessment)
    return None
