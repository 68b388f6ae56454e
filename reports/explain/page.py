"""The rows that were looked at for a duty, as its place on a page shows them: not all of them, and
first those that nearly counted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from engine.assessment import DutyOutcome, ExaminedRow, ExaminedSheet, ObligationOutcome
from engine.outcome import Status
from reports import view
from reports.explain.rows import (
    ExplainedRow,
    Place,
    about_another,
    ends_with,
    failed_words,
    place_of,
    told,
    why_not,
)


@dataclass(frozen=True, slots=True)
class ListedRows:
    """The rows to show of a duty by their sheets, in each those that come nearest first; how many
    are left out; and how many were looked at."""

    sheets: tuple[tuple[str, tuple[ExplainedRow, ...]], ...]
    left_out: int
    looked: int


#: How many rows a page shows for a duty.
SHOWN = 60


def rows_of(duty: DutyOutcome, as_of: datetime.date, most: int = SHOWN) -> ListedRows:
    """Rows that were looked at for any of the duty's obligations: first those that nearly counted
    (no more than one condition is failed), then those that counted, then the others."""
    counted: dict[Place, list[str]] = {}
    for one in duty.obligations:
        for item in one.evidence:
            counted.setdefault(place_of(item), []).append(one.subject)
    every = [(look, row) for look in duty.looked_at for row in look.rows]
    total = len(every) + sum(look.left_out for look in duty.looked_at)

    def rank(pair: tuple[ExaminedSheet, ExaminedRow]) -> int:
        look, row = pair
        if (look.register, look.file, look.sheet, row.row) in counted:
            return 1
        return 0 if row.fails <= 1 else 2

    chosen = sorted(every, key=rank)[:most]
    say = _saying(duty, as_of, counted)
    place = cache(lambda file, sheet: view.place_words(file, sheet, 0))
    sheets: dict[str, list[ExplainedRow]] = {}
    for look, row in chosen:
        sheets.setdefault(place(look.file, look.sheet), []).append(say(look, row))
    by_sheet = tuple((place, tuple(rows)) for place, rows in sheets.items())
    return ListedRows(by_sheet, total - len(chosen), total)


def _saying(
    duty: DutyOutcome, as_of: datetime.date, counted: Mapping[Place, list[str]]
) -> Callable[[ExaminedSheet, ExaminedRow], ExplainedRow]:
    """Tells a row as it bears on the duty's only obligation, or on the worst one that it is
    about."""
    single = len(duty.obligations) == 1
    worst = sorted(duty.obligations, key=lambda one: one.status is Status.MET)

    def why(look: ExaminedSheet, row: ExaminedRow) -> str:
        if single:
            only = worst[0]
            return about_another(look, row, only) or why_not(look, row, only, as_of)
        return failed_words(row) or _of_its_own(worst, look, row, as_of)

    def say(look: ExaminedSheet, row: ExaminedRow) -> ExplainedRow:
        place = (look.register, look.file, look.sheet, row.row)
        met = counted.get(place)
        said = _for(met, single=single) if met else why(look, row)
        return told(look, row, said, counted=bool(met), about=True)

    return say


def _for(subjects: list[str], *, single: bool) -> str:
    if single:
        return "counted"
    named = ", ".join(subjects) if len(subjects) <= 3 else f"{len(subjects):,} of them"
    return f"counted for {named}"


def _of_its_own(
    worst: list[ObligationOutcome], look: ExaminedSheet, row: ExaminedRow, as_of: datetime.date
) -> str:
    """Why a row that meets every condition met nothing, by an obligation that it is about."""
    for one in worst:
        asked = one.opens is not None and one.version_from == look.version_from
        mine = not look.member or ends_with(one.subject, look.member)
        if asked and mine and not about_another(look, row, one):
            return f"{one.subject}: {why_not(look, row, one, as_of)}"
    return "about nothing that is asked now"
