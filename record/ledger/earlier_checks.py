"""Earlier checks in a ledger: the last one, the one with which a report was compared, and the
positions of all. Positions are kept in the entries: reading the assessments of three years would
take longer than a check, and they may have been pruned."""

from __future__ import annotations

import datetime
from collections.abc import Container, Sequence
from pathlib import Path

from engine.assessment import Assessment, TrendPoint
from record.ledger.chain import Entry, checks_in, entries, readable_bodies, rows_in
from record.ledger.checks import fetch_assessment
from record.ledger.database import reading, size_of
from record.ledger.entries import Checked


def last_check(
    ledger: Path, as_of: datetime.date, among: Container[str] | None = None
) -> tuple[int, Assessment] | None:
    """The number and the assessment of the last check entered that is for no later day, and counts
    all rows, ``among`` those whose assessments have these hashes; None if there is none or it was
    pruned. Raises LedgerProblem if it cannot be read."""
    recorded = entries(ledger) if size_of(ledger) else []
    for entry, check in reversed(checks_in(recorded)):
        wanted = among is None or check.assessment in among
        if wanted and check.as_of <= as_of and check.known_by is None:
            assessment = fetch_assessment(ledger, entry, check)
            return None if assessment is None else (check.number, assessment)
    return None


def compared_with(
    ledger: Path, recorded: Sequence[Entry], assessment: Assessment, sha256: str
) -> Assessment | None:
    """The assessment with which one with this SHA-256 was compared; None if it was compared with
    none, or the entries of the ledger do not have it. Raises LedgerProblem if it cannot be read."""
    changes, passed = assessment.changes, False
    for entry, check in reversed(checks_in(recorded)):
        if passed and changes and check.as_of == changes.since and check.known_by is None:
            before = fetch_assessment(ledger, entry, check)
            if before and before.status.office.duties == changes.counts:
                return before
        passed = passed or check.assessment == sha256
    return None


def earlier_points(
    ledger: Path, rulebook: str, office: str, as_of: datetime.date
) -> tuple[TrendPoint, ...]:
    """The positions of an office by a rulebook on the days before one, the earliest first: of each
    day the last check entered, among those that count all rows. An entry that cannot be read is
    left out. Raises LedgerProblem if the ledger cannot be read."""
    points: dict[datetime.date, TrendPoint] = {}
    if not size_of(ledger):
        return ()
    with reading(ledger) as connection:
        rows, _ = rows_in(connection)
    for body in readable_bodies(rows):
        if not isinstance(body, Checked) or body.known_by or body.as_of >= as_of:
            continue
        found = body.position
        if found and (body.rulebook.id, found.office) == (rulebook, office):
            points[body.as_of] = TrendPoint(body.as_of, **found.model_dump(exclude={"office"}))
    return tuple(points[day] for day in sorted(points))
