"""The positions of earlier checks, kept in the ledger's entries: reading the assessments of three
years would take longer than a check, and they may have been pruned."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path

from engine.assessment import Assessment, TrendPoint
from record.ledger.chain import readable_bodies, rows_in
from record.ledger.database import reading, size_of
from record.ledger.entries import Checked, PositionRef
from reports.trend import point_of


def position_of(assessment: Assessment) -> PositionRef:
    """What the entry of a check keeps of its position."""
    numbers = asdict(point_of(assessment))
    del numbers["as_of"]
    return PositionRef(office=assessment.office, **numbers)


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
