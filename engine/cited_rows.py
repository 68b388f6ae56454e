"""The rows that an assessment cites."""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment import Assessment, DutyOutcome, ItemShown, ObligationOutcome


def rows_of(outcome: ObligationOutcome) -> tuple[ItemShown, ...]:
    """Every row that an obligation is based on: the rows that met it, the unreadable rows that
    might have met only this obligation, and the row that lists it."""
    listing = (outcome.listed_at,) if outcome.listed_at else ()
    return (*outcome.evidence, *outcome.unreadable, *listing)


def cited_rows(assessment: Assessment) -> Iterator[tuple[DutyOutcome, ItemShown]]:
    """Every row, each time that a duty cites it."""
    for duty in assessment.duties:
        yield from ((duty, item) for outcome in duty.obligations for item in rows_of(outcome))
        yield from ((duty, item) for group in duty.unread_rows for item in group.rows)
        yield from ((duty, item) for entry in duty.history for item in entry.evidence)
