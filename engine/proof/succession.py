"""What stood before, and what comes after: gaps between holders, and a recorded successor."""

from __future__ import annotations

import datetime

import numpy as np

from engine.assessment import HistoryEntry
from engine.columns.conditions import TRUE
from engine.columns.days import as_date
from engine.frames.observe import items_of
from engine.frames.scope import Scope
from rules.subject import Member


def _spells(
    scope: Scope, member: Member | None, subject: str | None = None
) -> list[tuple[int, int]]:
    """From when until when each row is in place, in order; none for other patterns."""
    if not scope.version(scope.current).version.pattern.in_place:
        return []
    items = items_of(scope, scope.current, member)
    assert items.until is not None
    rows = np.flatnonzero(items.truth == TRUE)
    if subject is not None and items.subject is not None:
        rows = rows[[items.subject[row] == subject for row in rows]]
    return sorted(zip(items.day[rows].tolist(), items.until[rows].tolist(), strict=True))


def gaps(scope: Scope) -> list[HistoryEntry]:
    """The days, since the in-force day and before D, on which nothing stood between two that did
    (semantics.md, Pattern 5: gaps between holders are history with their dates)."""
    version = scope.version(scope.current).version
    if version.population is not None:
        return []
    found: list[HistoryEntry] = []
    for member in version.members or (None,):
        covered: int | None = None
        for begins, ends in _spells(scope, member):
            if begins > scope.as_of_day:
                break
            if covered is not None and (first := max(covered + 1, scope.in_force)) < begins:
                name, last = member.title if member else "office", as_date(begins - 1)
                found.append(HistoryEntry(name, "", "gap", as_date(first), last, 0, ()))
            covered = ends if covered is None else max(covered, ends)
    return found


def successor(
    scope: Scope, member: Member | None, deadline: datetime.date, person: str | None
) -> int | None:
    """The day on which one is recorded to begin, after D and without a gap; None if none is.
    ``person``: the key of whom it has to be about, if it is about a person."""
    last, spells = deadline.toordinal() + 1, _spells(scope, member, person)
    return min((begins for begins, _ in spells if scope.as_of_day < begins <= last), default=None)
