"""The brief of an assessment: what every report says first, and in which order."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.assessment import (
    Assessment,
    DutyOutcome,
    FindingShown,
    HistoryEntry,
    ObligationOutcome,
)
from engine.outcome import Status
from reports import view, words
from reports.examined import near_rows
from reports.places import Places
from reports.provided import MissingSheet, missing_sheets

#: The days within which a duty that is due is listed: the first group and the second.
SOON, NEXT = 30, 90

#: The days for which missed and lapsed periods are listed.
_YEAR = 365

_SPELT_OUT = re.compile(r"((?:[A-Z][\w'-]+ )+)\(([A-Z]{2,6})\)")

_MISSED = ("missed", "lapsed", "gap")

#: The kinds of finding that record a decision, and those that leave every result as it is.
_DECISION, _CHANGE, _TIDYING = 0, 1, 2
_TIDY = frozenset(
    {
        "Dates conflict",
        "Role still held",
        "Rows conflict",
        "Older version named",
        "Dated after the other row ended",
        "Reference not found",
        "Planned meeting has no date",
    }
)


@dataclass(frozen=True, slots=True)
class Action:
    """An outstanding duty with the cause and the next step of its most urgent obligation; ``more``
    is the number of its other obligations that are as urgent."""

    duty: DutyOutcome
    cause: str
    step: str
    more: int

    @property
    def text(self) -> str:
        """The cause and the next step in one line."""
        more = f"{words.count(self.more, 'more check')} of this duty." if self.more else ""
        return " ".join(filter(None, (self.cause, self.step, more)))


@dataclass(frozen=True, slots=True)
class Untold:
    """The duties that cannot be told for the same corrections."""

    duties: tuple[DutyOutcome, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissedPeriod:
    """An earlier period of a duty that was missed or lapsed."""

    duty: DutyOutcome
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class Points:
    """The findings of one importance; ``tidy``: those that leave every result as it is."""

    title: str
    tidy: bool
    findings: tuple[FindingShown, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a brief, in their order. Each list is of the office's duties, except
    ``untold``, ``missing`` and ``missed``, which are of all, and ``partners``. ``soon`` and
    ``next_`` are due within 30 and 90 days, ``later`` and ``partners_later`` are counted."""

    places: Places
    verdict: str
    partners_verdict: str
    overdue: tuple[Action, ...]
    too_late: tuple[DutyOutcome, ...]
    untold: tuple[Untold, ...]
    missing: tuple[MissingSheet, ...]
    soon: tuple[DutyOutcome, ...]
    next_: tuple[DutyOutcome, ...]
    later: int
    partners: tuple[Action, ...]
    partners_later: int
    missed: tuple[MissedPeriod, ...]
    points: tuple[Points, ...]
    limits: tuple[str, ...]
    how_read: tuple[str, ...]
    abbreviations: tuple[tuple[str, str], ...]


def brief(assessment: Assessment) -> Brief:
    """The brief of an assessment."""
    places = Places(assessment)
    office = view.outstanding(view.of_list(assessment, view.OFFICE))
    others = view.of_list(assessment, view.OTHERS)
    partners = (*view.too_late(others), *view.outstanding(others))
    due = [duty for duty in office if duty.status is Status.DUE]
    untold = [d for d in (*office, *partners) if d.status is Status.CANNOT_TELL]
    limits, how_read = _not_checked(assessment, places)
    return Brief(
        places=places,
        verdict=view.verdict(assessment, view.OFFICE),
        partners_verdict=view.verdict(assessment, view.OTHERS) if others else "",
        overdue=tuple(_action(d, places) for d in office if d.status is Status.OVERDUE),
        too_late=view.too_late(view.of_list(assessment, view.OFFICE)),
        untold=tuple(_untold(untold)),
        missing=missing_sheets(assessment.duties),
        soon=tuple(duty for duty in due if _days(duty) <= SOON),
        next_=tuple(duty for duty in due if SOON < _days(duty) <= NEXT),
        later=sum(_days(duty) > NEXT for duty in due),
        partners=tuple(_action(d, places) for d in partners if _days(d) <= NEXT),
        partners_later=sum(_days(duty) > NEXT for duty in partners),
        missed=tuple(_missed(assessment)),
        points=tuple(_points(assessment)),
        limits=limits,
        how_read=how_read,
        abbreviations=tuple(sorted(_abbreviations(assessment))),
    )


def _days(duty: DutyOutcome) -> int:
    return duty.days or 0


def _action(duty: DutyOutcome, places: Places) -> Action:
    """A duty's most urgent obligation, with its cause and next step."""
    outstanding = [o for o in duty.obligations if o.status is duty.status]
    outstanding.sort(key=lambda obligation: (obligation.too_late, *view.worst_first(obligation)))
    if not outstanding:
        return Action(duty, "", "", 0)
    first = outstanding[0]
    step = view.WHAT_TO_DO if first.too_late else _step(first)
    return Action(duty, _cause(first, places), step, len(outstanding) - 1)


def _cause(obligation: ObligationOutcome, places: Places) -> str:
    """Whether a record has to be corrected, and which, or nothing that counts is recorded."""
    if obligation.too_late:
        return "It can no longer be done."
    if obligation.to_tell or any(fix.possible and fix.row for fix in obligation.would_be_met_by):
        return "A record needs correcting."
    since = f" since {words.day(obligation.last_done)}" if obligation.last_done else ""
    row = next(iter(near_rows(obligation)), None)
    opens = obligation.opens or datetime.date.min
    if row and row.column and row.item.date and row.item.date >= opens:
        why = row.why.replace(row.column, places.heading(row.item.sheet, row.column))
        return f"A record does not count: {why} ({places.item(row.item)})."
    return f"Nothing that counts is recorded{since}."


def _step(obligation: ObligationOutcome) -> str:
    """The first correction, or the first thing that would meet the obligation."""
    if obligation.to_tell:
        return obligation.to_tell[0]
    fix = next((fix for fix in obligation.would_be_met_by if fix.possible), None)
    if fix is None:
        return obligation.unmet_reason
    if not fix.row:
        return fix.words
    cells = ", ".join(cell.heading or cell.column for cell in fix.cells)
    words = fix.words.replace("the row", f"row {fix.row} of {fix.sheet}", 1)
    return f"{words.removesuffix('.')} ({cells})."


def _untold(duties: Iterable[DutyOutcome]) -> Iterator[Untold]:
    """The duties that cannot be told, those with the same corrections together."""
    groups = defaultdict[tuple[str, ...], list[DutyOutcome]](list)
    for duty in duties:
        unclear = [o for o in duty.obligations if o.status is Status.CANNOT_TELL]
        corrections = dict.fromkeys(
            text for o in unclear for text in o.to_tell or (o.unmet_reason,)
        )
        groups[tuple(filter(None, corrections))].append(duty)
    for corrections_, together in groups.items():
        yield Untold(tuple(together), corrections_)


def _missed(assessment: Assessment) -> Iterator[MissedPeriod]:
    """The periods missed or lapsed in the last twelve months, the latest first."""
    first = assessment.as_of - datetime.timedelta(days=_YEAR)
    periods = [
        MissedPeriod(duty, entry)
        for duty in assessment.duties
        for entry in duty.history
        if entry.outcome in _MISSED and entry.deadline and entry.deadline >= first
    ]
    periods.sort(key=lambda period: period.entry.deadline or first, reverse=True)
    yield from periods


def _points(assessment: Assessment) -> Iterator[Points]:
    """The findings in the order of their importance, those about urgent duties first."""
    ranks = {duty.id: rank for rank, duty in enumerate(view.by_urgency(assessment.duties))}
    findings = sorted(assessment.findings, key=lambda f: ranks.get(f.duty, len(ranks)))
    titles = ("Decisions to note", "Could change a result", "Tidying up")
    for number, title in enumerate(titles):
        of_title = tuple(finding for finding in findings if _importance(finding) == number)
        if of_title:
            yield Points(title, number == _TIDYING, of_title)


def _importance(finding: FindingShown) -> int:
    if finding.kind == "Decision to note":
        return _DECISION
    return _TIDYING if finding.kind in _TIDY else _CHANGE


def _abbreviations(assessment: Assessment) -> set[tuple[str, str]]:
    """The abbreviations that the duties spell out, such as 'Home Office Prevent Advisor (HOPA)',
    each with its words."""
    return {
        (match[2], match[1].strip())
        for duty in assessment.duties
        for match in _SPELT_OUT.finditer(duty.in_brief)
    }


def _not_checked(assessment: Assessment, places: Places) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The limits of the report, and how the spreadsheets were read: the sheets for which the same
    is to be said together."""
    limits: list[str] = []
    sheets = defaultdict[str, list[str]](list)
    files = [stamp.file for stamp in assessment.evidence]
    for sentence in assessment.not_checked:
        file = next((f for f in files if sentence.startswith((f"{f}: ", f"{f}, "))), None)
        place, _, message = sentence.partition(": ")
        if file is None:
            limits.append(sentence)
        else:
            sheet = place.removeprefix(file).removeprefix(", ")
            sheets[message].append(places.place(file, sheet) if sheet else file)
    together = tuple(f"{', '.join(names)}: {message}" for message, names in sheets.items())
    return tuple(limits), together


def finding_words(finding: FindingShown, places: Places) -> str:
    """A finding with its subject before it and its places after it."""
    subject = finding_subject(finding)
    about = f"{subject}: " if subject else ""
    cells = "; ".join(map(places.text, finding.places))
    return f"{about}{finding.message}{f' ({cells})' if cells else ''}"


def finding_subject(finding: FindingShown) -> str:
    """The subject of a finding without the id of its duty, which has a title."""
    return finding.subject.removeprefix(f"{finding.duty}, ")


def missed_words(entry: HistoryEntry) -> str:
    """An earlier period of a duty: ``office, 2025/26 Q3: missed (1 October to ...)``."""
    name = ", ".join(filter(None, (entry.subject, entry.window)))
    period = words.window_days(entry.opens, entry.deadline)
    return f"{name}: {words.history_words(entry)}{f' ({period})' if period else ''}"
