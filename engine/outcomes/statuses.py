"""Counts of statuses, and the worst of several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engine.assessment import Counts
from engine.outcome import WORST_FIRST, Status


def count_statuses(statuses: Iterable[tuple[Status, int]]) -> Counts:
    """The number of each status. Each status comes with the days by which it was met late."""
    with_days = list(statuses)
    tally = Counter(status for status, _ in with_days)
    return Counts(
        total=len(with_days),
        met_late=sum(1 for status, late_days in with_days if status is Status.MET and late_days),
        **{status.value: tally[status] for status in Status},
    )


def worst_status(statuses: Iterable[Status]) -> Status:
    """The worst of the statuses; not applicable if there are none."""
    present = set(statuses)
    return next((status for status in WORST_FIRST if status in present), Status.NOT_APPLICABLE)
