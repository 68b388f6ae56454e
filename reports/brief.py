"""The brief of an assessment: what every report says first, and in which order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    DutyOutcome,
    FindingShown,
    HistoryEntry,
)
from engine.outcome import HistoryOutcome, Status
from evidence.cells.text import listed, sheet_text
from reports import view, words
from reports.cause import Causes
from reports.places import Places
from reports.provided import MissingSheet, missing_sheets

#: The title of the sentences for the Commissioner.
COMMISSIONER = "For the Commissioner"

#: What to do about sheets that were provided and not used.
USE_THEM = "Say what each contains (dueregard map), unless it is no evidence."

#: So many duties are named in a sentence.
_FEW = 3

#: The days within which a duty that is due is listed: the first group and the second.
SOON, NEXT = 30, 90

#: The days for which missed and lapsed periods are listed.
_YEAR = 365

_MISSED = (HistoryOutcome.MISSED, HistoryOutcome.LAPSED, HistoryOutcome.GAP)

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
        "Acknowledgement incomplete",
        "Acknowledgement is ambiguous",
        "Acknowledgement matches nothing",
        "Acknowledgement expired",
    }
)


@dataclass(frozen=True, slots=True)
class Action:
    """An outstanding duty with the cause and the next step of its most urgent obligation;
    ``counted`` says how many of its checks are outstanding, '' for one. ``faulty``: of each of them
    there is a record, and the record has a fault."""

    duty: DutyOutcome
    why: str
    step: str
    counted: str
    faulty: bool


@dataclass(frozen=True, slots=True)
class Untold:
    """The duties that could not be judged for want of the same corrections."""

    duties: tuple[DutyOutcome, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissedPeriod:
    """An earlier period of a duty that was missed or lapsed."""

    duty: DutyOutcome
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class Points:
    """The findings of one importance: ``decisions`` that were recorded, or ``tidy``, those that
    leave every result as it is."""

    title: str
    decisions: bool
    tidy: bool
    findings: tuple[FindingShown, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a brief, in their order. Each list is of the office's duties, except
    ``untold``, ``missing`` and ``missed``, which are of all, and ``partners``. ``soon`` and
    ``next_`` are due within 30 and 90 days, ``later`` and ``partners_later`` after that. ``unused``
    are the sheets that were provided and not used; ``assumptions`` what a person confirmed of the
    office's own sheets that no cell shows."""

    places: Places
    causes: Causes
    verdict: str
    partners_verdict: str
    unused: tuple[str, ...]
    assumptions: tuple[str, ...]
    commissioner: tuple[str, ...]
    overdue: tuple[Action, ...]
    too_late: tuple[DutyOutcome, ...]
    untold: tuple[Untold, ...]
    missing: tuple[MissingSheet, ...]
    soon: tuple[DutyOutcome, ...]
    next_: tuple[DutyOutcome, ...]
    later: tuple[DutyOutcome, ...]
    partners: tuple[Action, ...]
    partners_later: tuple[DutyOutcome, ...]
    missed: tuple[MissedPeriod, ...]
    points: tuple[Points, ...]
    limits: tuple[str, ...]
    how_read: tuple[str, ...]
    abbreviations: tuple[tuple[str, str], ...]


def brief(assessment: Assessment) -> Brief:
    """The brief of an assessment."""
    places = Places(assessment)
    causes = Causes(assessment, places)
    office = view.outstanding(view.of_list(assessment, view.OFFICE))
    others = view.of_list(assessment, view.OTHERS)
    partners = (*view.too_late(others), *view.outstanding(others))
    due = [duty for duty in office if duty.status is Status.DUE]
    untold = [d for d in (*office, *partners) if d.status is Status.CANNOT_TELL]
    limits, how_read = _not_checked(assessment, places)
    overdue = tuple(_action(d, causes) for d in office if d.status is Status.OVERDUE)
    too_late = view.too_late(view.of_list(assessment, view.OFFICE))
    return Brief(
        places=places,
        causes=causes,
        verdict=view.verdict(assessment, view.OFFICE),
        partners_verdict=view.verdict(assessment, view.OTHERS) if others else "",
        unused=tuple(f"{sheet_text(s.sheet)} ({s.file})" for s in assessment.unused_sheets),
        assumptions=assessment.mapping.assumptions if assessment.mapping else (),
        commissioner=tuple(_commissioner(assessment, overdue, too_late)),
        overdue=overdue,
        too_late=too_late,
        untold=tuple(_untold(untold)),
        missing=missing_sheets(assessment.duties),
        soon=tuple(duty for duty in due if _days(duty) <= SOON),
        next_=tuple(duty for duty in due if SOON < _days(duty) <= NEXT),
        later=tuple(duty for duty in due if _days(duty) > NEXT),
        partners=tuple(_action(d, causes) for d in partners if _days(d) <= NEXT),
        partners_later=tuple(duty for duty in partners if _days(duty) > NEXT),
        missed=tuple(_missed(assessment)),
        points=tuple(_points(assessment)),
        limits=limits,
        how_read=how_read,
        abbreviations=assessment.rulebook.abbreviations,
    )


def _commissioner(
    assessment: Assessment, overdue: Sequence[Action], too_late: Sequence[DutyOutcome]
) -> Iterator[str]:
    """What the overdue duties come to, and whether a leadership post is empty or was."""
    faulty = sum(action.faulty for action in overdue)
    missing = [view.named(action.duty) for action in overdue if not action.faulty]
    missing += map(view.named, too_late)
    total = words.count(len(overdue) + len(too_late), "overdue duty", "overdue duties")
    if not overdue and not too_late:
        some = assessment.status.office.duties.not_assessed
        yield f"No duty of the office{' that could be assessed' if some else ''} is overdue."
    if faulty:
        are = "is a record" if faulty == 1 else "are records"
        yield (
            f"{faulty:,} of the {total} {are} to correct: the work seems to have been done, but "
            "its record has a fault."
        )
    if missing:
        are = "is" if len(missing) == 1 else "are"
        which = f": {listed(missing)}" if len(missing) <= _FEW else ""
        yield f"{len(missing):,} {are} not on record as fully done{which}."
    yield from _posts(assessment)


def _posts(assessment: Assessment) -> Iterator[str]:
    """Which of the office's leadership posts are empty, and which were in the last twelve
    months."""
    office = view.of_list(assessment, view.OFFICE)
    duties = [duty for duty in office if duty.roles and duty.status is not Status.NOT_ASSESSED]
    empty, unclear, past = list[str](), list[str](), list[str]()
    for duty in duties:
        for obligation in duty.obligations:
            post = _post(duty, obligation.subject)
            if obligation.vacant:
                empty.append(post)
            if obligation.status is Status.CANNOT_TELL:
                unclear.append(post)
        for entry in duty.history:
            if entry.outcome is HistoryOutcome.GAP and _is_recent(assessment, entry):
                days = words.days_between(entry.opens, entry.deadline)
                past.append(f"{_post(duty, entry.subject)} was empty from {days}")
    if empty:
        yield f"Leadership posts that are empty: {listed(empty)}."
    if unclear:
        yield f"It is not known whether a leadership post is empty: {listed(unclear)}."
    if duties and not empty and not unclear:
        yield f"No leadership post is empty now{', but ' if past else ''}{listed(past)}."
    elif past:
        yield f"In the last 12 months, {listed(past)}."


def _post(duty: DutyOutcome, subject: str) -> str:
    """The role that an obligation or a gap of a duty is about."""
    return duty.roles[0] if subject == "office" else subject


def _is_recent(assessment: Assessment, entry: HistoryEntry) -> bool:
    """Whether an earlier period ended in the last twelve months."""
    first = assessment.as_of - datetime.timedelta(days=_YEAR)
    return entry.deadline is not None and entry.deadline >= first


def _days(duty: DutyOutcome) -> int:
    return duty.days or 0


def _action(duty: DutyOutcome, causes: Causes) -> Action:
    """A duty's most urgent obligation, with its cause and next step."""
    outstanding = [o for o in duty.obligations if o.status is duty.status]
    outstanding.sort(key=lambda obligation: (obligation.too_late, *view.worst_first(obligation)))
    if not outstanding:
        return Action(duty, "", "", "", faulty=False)
    found = [causes.of(obligation) for obligation in outstanding]
    counted = _counted(duty, len(outstanding))
    return Action(duty, found[0].why, found[0].step, counted, all(one.faulty for one in found))


def _counted(duty: DutyOutcome, number: int) -> str:
    """``3 of 99 checks, 1 could not be judged``; '' where only one is outstanding."""
    if number == 1:
        return ""
    unclear = words.number_of(duty.counts, Status.CANNOT_TELL)
    also = f", {unclear:,} could not be judged" if unclear else ""
    return f"{number:,} of {duty.counts.total:,} checks{also}"


def _untold(duties: Iterable[DutyOutcome]) -> Iterator[Untold]:
    """The duties that could not be judged, those with the same corrections together."""
    groups = defaultdict[tuple[str, ...], list[DutyOutcome]](list)
    for duty in duties:
        unclear = [o for o in duty.obligations if o.status is Status.CANNOT_TELL]
        corrections = dict.fromkeys(
            text for o in unclear for text in o.to_tell or (o.unmet_reason,)
        )
        groups[tuple(filter(None, corrections))].append(duty)
    for corrections_, together in groups.items():
        yield Untold(tuple(together), corrections_)


def untold_counts(groups: Iterable[Untold]) -> str:
    """``1 duty of the office, 2 of partners``."""
    duties = [duty for group in groups for duty in group.duties]
    own = sum(duty.answers == view.OFFICE for duty in duties)
    others = len(duties) - own
    if not own:
        return f"{words.duties(others)} of partners"
    office = f"{words.duties(own)} of the office"
    return f"{office}, {others:,} of partners" if others else office


def _missed(assessment: Assessment) -> Iterator[MissedPeriod]:
    """The periods missed or lapsed in the last twelve months, the latest first."""
    periods = [
        MissedPeriod(duty, entry)
        for duty in assessment.duties
        for entry in duty.history
        if entry.outcome in _MISSED and _is_recent(assessment, entry)
    ]
    periods.sort(key=lambda period: period.entry.deadline or datetime.date.min, reverse=True)
    yield from periods


def _points(assessment: Assessment) -> Iterator[Points]:
    """The findings in the order of their importance, those about concerns first, then
    those about urgent duties."""
    ranks = {duty.id: rank for rank, duty in enumerate(view.by_urgency(assessment.duties))}
    findings = sorted(
        assessment.findings,
        key=lambda f: ("concern" not in f.message, ranks.get(f.duty, len(ranks))),
    )
    titles = ("Decisions to note", "Could change a result", "Tidying up")
    for number, title in enumerate(titles):
        of_title = tuple(finding for finding in findings if _importance(finding) == number)
        if of_title:
            yield Points(title, number == _DECISION, number == _TIDYING, of_title)


def _importance(finding: FindingShown) -> int:
    if finding.kind == "Decision to note":
        return _DECISION
    return _TIDYING if finding.kind in _TIDY else _CHANGE


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
    about = f"{finding.subject}: " if finding.subject else ""
    cells = "; ".join(map(places.text, finding.places))
    return f"{about}{finding.message}{f' ({cells})' if cells else ''}"


def acknowledged_words(acknowledged: AcknowledgedFinding, places: Places) -> str:
    """A finding with the post that acknowledged it, until when, and why."""
    finding = finding_words(acknowledged.finding, places)
    by = f"Acknowledged by {acknowledged.by_post} until {words.day(acknowledged.until)}"
    return f"{finding}. {by}: {acknowledged.reason}"


def missed_words(entry: HistoryEntry) -> str:
    """What was missed in an earlier period: ``2025/26 Q3 was missed (1 October to ...)``."""
    about = ", ".join(filter(None, (entry.subject.removeprefix("office"), entry.window)))
    period = words.days_between(entry.opens, entry.deadline)
    if entry.outcome is HistoryOutcome.GAP:
        said = f"not in place from {period}" if entry.opens and entry.deadline else "not in place"
        return f"{about}: {said}" if about else f"N{said[1:]}"
    missed = entry.outcome is HistoryOutcome.MISSED
    said = "was missed" if missed else "lapsed without being done"
    period = f" ({period})" if period and not entry.window else ""
    return f"{about or 'The period'} {said}{period}"
