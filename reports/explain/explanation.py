"""Why a duty has its status: all that the assessment keeps of it, put together for one reader."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.assessment import (
    Assessment,
    DutyOutcome,
    FindingShown,
    ObligationOutcome,
    ReadingShown,
    RejectedRows,
    Remedy,
    RuleFired,
    UnreadRows,
)
from engine.outcome import WORST_FIRST
from evidence.cells.text import nearest_names, normal_key
from reports import view
from reports.quoting import Quoted, quoted
from reports.rejected import silent_groups

FORMAT = "dueregard-explanation-2"

#: How many names are offered where one is not known.
_NEAR = 5


@dataclass(frozen=True, slots=True)
class NotFound:
    """A duty or a subject that the assessment does not have: ``kind`` is which of the two, and
    ``nearest`` are the names that are most like it."""

    kind: str
    name: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One duty explained: ``obligations`` are those asked about, the worst first, and ``second``
    what the second evaluator said of them. ``unread_rows`` are those that they point to, and
    ``silent_rows`` those examined for them that do not say what they are about. ``traced``: with
    the rule that decided and what it saw."""

    as_of: datetime.date
    known_by: datetime.date | None
    records_begin: datetime.date | None
    marking: str
    duty: DutyOutcome
    quotes: tuple[Quoted, ...]
    readings: tuple[ReadingShown, ...]
    findings: tuple[FindingShown, ...]
    second: str
    obligations: tuple[ObligationOutcome, ...]
    not_shown: int
    unread_rows: tuple[UnreadRows, ...]
    silent_rows: tuple[RejectedRows, ...]
    traced: bool


def explain(
    assessment: Assessment,
    duty_id: str,
    subject: str = "",
    most: int | None = None,
    *,
    traced: bool = False,
) -> Explanation | NotFound:
    """The explanation of a duty: of the one obligation or those of the one subject where it is
    named; otherwise of all that are outstanding or, where none is, of all. ``most``: so many of
    them at the most. ``traced``: with the rule of the engine that decided each, and the whole
    numbers that it saw."""
    duty = _duty(assessment, duty_id)
    if isinstance(duty, NotFound):
        return duty
    chosen = _of_subject(duty, subject) if subject else _outstanding(duty)
    if isinstance(chosen, NotFound):
        return chosen
    shown = chosen[:most]
    return Explanation(
        as_of=assessment.as_of,
        known_by=assessment.known_by,
        records_begin=assessment.records_begin,
        marking=assessment.rulebook.marking,
        duty=duty,
        quotes=tuple(quoted(duty)),
        readings=duty.readings,
        findings=tuple(each for each in assessment.findings if each.duty == duty.id),
        second=second_words(assessment),
        obligations=tuple(shown if traced else map(_untraced, shown)),
        not_shown=len(duty.obligations) - len(shown),
        unread_rows=_pointed_to(duty, shown),
        silent_rows=silent_groups(shown),
        traced=traced,
    )


def second_words(assessment: Assessment) -> str:
    """What the second evaluator said: a check of which the two disagree is never reported."""
    if assessment.program.engine.endswith("alone"):
        return f"decided alone. {assessment.program.notice}".strip()
    return "agreed, on its status, window, deadline, days and items"


def fix_of(one: ObligationOutcome) -> tuple[Remedy, ...]:
    """What would meet it; () where it cannot be made good, or asks nothing."""
    return tuple(each for each in one.would_be_met_by if each.possible)


def _pointed_to(duty: DutyOutcome, shown: Iterable[ObligationOutcome]) -> tuple[UnreadRows, ...]:
    ids = {pointer.id for one in shown for pointer in one.unread_groups}
    return tuple(each for each in duty.unread_rows if each.id in ids)


# Which ------------------------------------------------------------------------------------------


def _duty(assessment: Assessment, duty_id: str) -> DutyOutcome | NotFound:
    known = {duty.id: duty for duty in assessment.duties}
    if duty_id in known:
        return known[duty_id]
    titles = {normal_key(duty.title): duty.id for duty in assessment.duties}
    named = titles.get(normal_key(duty_id))
    return (
        known[named] if named else NotFound("duty", duty_id, nearest_names(duty_id, known, _NEAR))
    )


def _of_subject(duty: DutyOutcome, subject: str) -> list[ObligationOutcome] | NotFound:
    asked = normal_key(subject)
    for names in (_whole, _any):
        found = [one for one in duty.obligations if asked in names(one)]
        if found:
            return sorted(found, key=_worst_first)
    every = {name: None for one in duty.obligations for name in (one.subject, one.subject_name)}
    return NotFound("subject", subject, nearest_names(subject, every, _NEAR))


def _whole(one: ObligationOutcome) -> set[str]:
    return {normal_key(one.subject)}


def _any(one: ObligationOutcome) -> set[str]:
    """Its name, its window, and each part of what a person calls it."""
    parts = {normal_key(each) for each in one.subject.split(", ")}
    return parts | {normal_key(each) for each in (one.subject_name, one.window) if each}


def _outstanding(duty: DutyOutcome) -> list[ObligationOutcome]:
    left = [one for one in duty.obligations if one.status in view.OUTSTANDING]
    return sorted(left or duty.obligations, key=_worst_first)


def _worst_first(one: ObligationOutcome) -> tuple[int, datetime.date, str, str]:
    rank = WORST_FIRST.index(one.status)
    return rank, one.deadline or datetime.date.max, one.subject, one.window


def _untraced(one: ObligationOutcome) -> ObligationOutcome:
    return replace(one, rule=RuleFired("", {}))
