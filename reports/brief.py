"""The brief of an assessment: what every report says first, and in which order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    BodyStamp,
    DutyOutcome,
    FindingShown,
    HistoryEntry,
    ObligationOutcome,
    WaiverShown,
)
from engine.outcome import HistoryOutcome, Status
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.next_step import Cause, NextStep, NextSteps
from reports.places import Places
from reports.provided import MissingSheet, missing_sheets, not_begun_words
from reports.unknown_names import unknown_names_words
from rules.patterns import kinds_where

#: The title of the sheets that were provided and not read, and when a reader is to tell the lead.
NOT_READ = "Sheets that were not read"
HAS_EVIDENCE = "If one of these sheets holds evidence"
#: What the person can do about them who runs the program.
USE_THEM = "To say what a sheet contains, type: dueregard map."

#: So many duties, or obligations of one duty, are named in a sentence.
_FEW = 3

#: So many overdue duties, and decisions to note, are named at the head of a report.
_NAMED = 6

#: Why a waiver has no effect, by its state.
_IDLE = {
    "incomplete": "incomplete",
    "fits two": "may mean two people or events",
    "matches nothing": "for nothing that this duty covers",
    "no effect": "this duty cannot be waived",
}

#: The kinds of the patterns of duties to be done before an event.
_AHEAD = kinds_where(lambda pattern: pattern.ahead)

#: The days within which a duty that is due is listed: the first group and the second.
SOON, NEXT = 30, 90

#: The days for which missed and lapsed periods are listed.
_YEAR = 365

_MISSED = (HistoryOutcome.MISSED, HistoryOutcome.LAPSED, HistoryOutcome.GAP)

#: The kind of finding that records a decision.
DECISION = "Decision to note"

#: The kinds of finding that record a decision, and those that leave every result as it is.
_DECISION, _CHANGE, _TIDYING = 0, 1, 2
_TIDY = frozenset(
    {
        "Role still held",
        "Rows conflict",
        "Older version named",
        "Dated after the other row ended",
        "Reference not found",
        "Acknowledgement incomplete",
        "Acknowledgement is ambiguous",
        "Acknowledgement matches nothing",
        "Acknowledgement expired",
    }
)


@dataclass(frozen=True, slots=True)
class Action:
    """An outstanding duty with the causes and the next steps of its obligations or, of many, of the
    most urgent one; ``counted`` says how many could not be judged, '' for one. ``cause`` is the
    worst of them."""

    duty: DutyOutcome
    why: str
    step: str
    counted: str
    cause: Cause


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
    """The findings of one importance; ``change_results``: whether they could change a result."""

    title: str
    change_results: bool
    findings: tuple[FindingShown, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a brief, in their order. Each list is of the office's duties, except
    ``untold``, ``missing`` and ``missed``, which are of all, and ``partners``. ``soon`` and
    ``next_`` are due within 30 and 90 days, ``later`` and ``partners_later`` after that; a duty of
    which something is due and something else cannot be told is in ``untold`` too. ``also_due``
    says which overdue duties have more that falls due within 30 days.
    ``not_read`` are the sheets that were provided and not read, with the reason; ``unknown_names``
    says which sheets have rows that name nothing on a list; ``for_head`` are the sentences for
    whoever heads the office; ``late`` says what was done too late; ``not_begun`` which sheets have
    only their example; ``overdue_named`` are the overdue duties, where they are few enough to be
    named at once; ``assumptions`` what a person confirmed of the office's own sheets that no cell
    shows."""

    places: Places
    next_steps: NextSteps
    verdict: str
    partners_verdict: str
    late: str
    not_begun: str
    overdue_named: tuple[DutyOutcome, ...]
    not_read: tuple[str, ...]
    unknown_names: tuple[str, ...]
    assumptions: tuple[str, ...]
    for_head: tuple[str, ...]
    overdue: tuple[Action, ...]
    too_late: tuple[DutyOutcome, ...]
    untold: tuple[Untold, ...]
    missing: tuple[MissingSheet, ...]
    soon: tuple[DutyOutcome, ...]
    also_due: tuple[str, ...]
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
    next_steps = NextSteps(assessment, places)
    office = view.outstanding(view.of_list(assessment, view.OFFICE))
    others = view.of_list(assessment, view.OTHERS)
    partners = (*view.too_late(others), *view.outstanding(others))
    due = sorted(_due(office), key=lambda duty: (_days(duty), duty.id))
    untold = [d for d in (*office, *partners) if d.status is Status.CANNOT_TELL]
    limits, how_read = _not_checked(assessment, places)
    overdue = tuple(action(assessment, d, next_steps) for d in office if d.status is Status.OVERDUE)
    too_late = view.too_late(view.of_list(assessment, view.OFFICE))
    named = (*(action.duty for action in overdue), *too_late)
    missed = tuple(_missed(assessment))
    return Brief(
        places=places,
        next_steps=next_steps,
        verdict=view.verdict(assessment, view.OFFICE),
        partners_verdict=view.verdict(assessment, view.OTHERS) if others else "",
        late=_late_words(assessment),
        not_begun=not_begun_words(assessment),
        overdue_named=named if len(named) <= _NAMED else (),
        not_read=tuple(_not_read(assessment, places)),
        unknown_names=tuple(unknown_names_words(assessment, places)),
        assumptions=assessment.mapping.assumptions if assessment.mapping else (),
        for_head=tuple(_for_head(assessment, next_steps, overdue, too_late, len(missed))),
        overdue=overdue,
        too_late=too_late,
        untold=tuple(_untold(untold)),
        missing=missing_sheets(assessment.duties, assessment.not_begun_sheets),
        soon=tuple(duty for duty in due if _days(duty) <= SOON),
        also_due=tuple(_also_due(office)),
        next_=tuple(duty for duty in due if SOON < _days(duty) <= NEXT),
        later=tuple(duty for duty in due if _days(duty) > NEXT),
        partners=tuple(action(assessment, d, next_steps) for d in partners if _days(d) <= NEXT),
        partners_later=tuple(duty for duty in partners if _days(duty) > NEXT),
        missed=missed,
        points=tuple(points_of(assessment)),
        limits=limits,
        how_read=how_read,
        abbreviations=assessment.rulebook.abbreviations,
    )


def _late_words(assessment: Assessment) -> str:
    """Which of the office's events came before what they had to wait for; '' for none."""
    late = [
        f"{view.named(duty)} "
        f"({subject_words(one, assessment)}, {_after_words(after, one.late_days)})"
        for duty in view.of_list(assessment, view.OFFICE)
        if duty.pattern in _AHEAD
        for one in duty.obligations
        if (after := days_after_event(one)) > 0
    ]
    if not late:
        return ""
    named = listed([*late[:_FEW], f"{len(late) - _FEW:,} more"] if len(late) > _FEW else late)
    return f"Met late, after its event: {named}."


def _after_words(after: int, late_days: int) -> str:
    """How late it was: by the days after its event and, if its deadline was earlier, after that."""
    days = words.count(after, "day")
    if after == late_days:
        return days
    return f"{days} after its event, {words.count(late_days, 'day')} after its deadline"


def days_after_event(obligation: ObligationOutcome) -> int:
    """The number of days after its event that an obligation was met late; 0 for none."""
    event = obligation.listed_at.date if obligation.listed_at else None
    if not obligation.late_days or not event or not obligation.deadline:
        return 0
    done = obligation.deadline + datetime.timedelta(days=obligation.late_days)
    return max(0, (done - event).days) if obligation.deadline <= event else 0


def _due(office: Iterable[DutyOutcome]) -> Iterator[DutyOutcome]:
    """The duties that are due; one of which something else cannot be told, with the deadline of
    what is due first."""
    for duty in office:
        if duty.status is Status.DUE:
            yield duty
        elif duty.status is Status.CANNOT_TELL:
            due = [one for one in duty.obligations if one.status is Status.DUE]
            if due:
                first = min(due, key=view.worst_first)
                yield replace(duty, deadline=first.deadline, days=first.days)


def _also_due(office: Iterable[DutyOutcome]) -> Iterator[str]:
    """``4 Gas checks: overdue, and 2 more due, the first by 3 September 2026``, for each overdue
    duty of which something else falls due within 30 days."""
    for duty in office:
        due = [
            one.deadline
            for one in duty.obligations
            if one.status is Status.DUE and one.deadline and one.days is not None
            if one.days <= SOON
        ]
        if due and duty.status is Status.OVERDUE:
            first = ", the first" if len(due) > 1 else ""
            more = f"{len(due):,} more due{first} by {words.day(min(due))}"
            yield f"{view.named(duty)}: overdue, and {more}"


def _not_read(assessment: Assessment, places: Places) -> Iterator[str]:
    """The sheets that were provided and not read, each with the reason."""
    for sheet in assessment.unused_sheets:
        yield f"{places.short(sheet.file, sheet.sheet)} (unknown name)"
    for problem in assessment.problems:
        if problem.kind == "file unreadable":
            yield f"{problem.file} (the file could not be read)"
        if problem.kind == "no headings":
            yield f"{places.short(problem.file, problem.sheet)} (no headings found)"
        if problem.kind == "second table":
            yield f"{places.short(problem.file, problem.sheet)} (a second table found)"
        if problem.kind == "sheet twice":
            names = listed([f"'{name}'" for name in problem.sheets or (problem.sheet,)])
            yield f"{names} (almost the same name)"


def _for_head(
    assessment: Assessment,
    next_steps: NextSteps,
    overdue: Sequence[Action],
    too_late: Sequence[DutyOutcome],
    missed: int,
) -> Iterator[str]:
    """What the overdue duties come to, what was missed, which leadership posts are empty, were
    empty, or are held by another post, and which other decisions were recorded."""
    actions = [*overdue, *(action(assessment, duty, next_steps) for duty in too_late)]
    kinds = {cause: [a.duty for a in actions if a.cause is cause] for cause in Cause}
    if not actions:
        counts, own = assessment.status.office.duties, f"the {assessment.rulebook.body.called}"
        judged = " that was judged" if counts.not_assessed or counts.cannot_tell else ""
        yield f"No duty of {own}{judged} is overdue."
        if counts.cannot_tell:
            yield f"{words.duties(counts.cannot_tell)} could not be judged."
    of = f" of the {words.count(len(actions), 'overdue duty', 'overdue duties')}"
    for cause, duties in kinds.items():
        if duties:
            yield _cause_words(cause, duties, of)
            of = ""
    if missed:
        were = "was" if missed == 1 else "were"
        periods = f"{words.count(missed, 'period')} of the last 12 months"
        yield f"{periods} {were} missed or not covered (listed below)."
    yield from _posts(assessment)
    yield from _decisions(assessment, next_steps.places)
    ids = {action.duty.id for action in actions}
    used = [
        pair for pair in enumerate(assessment.readings, 1) if not ids.isdisjoint(pair[1].duties)
    ]
    if used:
        few = len(used) <= _FEW
        named = [f"{number} ('{one.phrase}')" if few else str(number) for number, one in used]
        readings = f"reading{'s' if len(used) > 1 else ''} {listed(named)}"
        yield f"What is overdue depends on how we read the SOP: {readings}."


def _cause_words(cause: Cause, duties: Sequence[DutyOutcome], of: str) -> str:
    """How many overdue duties have a cause, and which: ``of`` says of how many."""
    one = len(duties) == 1
    which = f": {listed([*map(view.named, duties)])}" if len(duties) <= _FEW else ""
    number, are = f"{len(duties):,}{of}", "is" if one else "are"
    if cause is Cause.NO_RECORD:
        return f"{number} {are} not on record as fully done{which}."
    if cause is Cause.UNREADABLE:
        each = "It is" if one else "Each is"
        return (
            f"{number} {are} overdue because an entry cannot be read{which}. {each} met only if "
            "the correct entry shows it."
        )
    return (
        f"{number} {are} recorded as incomplete or not good enough{which}. Find out which is "
        "wrong, the work or the record."
    )


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


def _decisions(assessment: Assessment, places: Places) -> Iterator[str]:
    """The decisions to note: those about who holds a role, such as another post than the SOP gives
    it to, even where they were acknowledged; and then the others."""
    roles = {duty.id: duty.roles for duty in view.of_list(assessment, view.OFFICE) if duty.roles}
    acknowledged = [one.finding for one in assessment.acknowledged]
    others = list[str]()
    for finding in (*assessment.findings, *acknowledged):
        if finding.kind != DECISION:
            continue
        message = words.lower_first(finding.message.removesuffix("."))
        if finding.duty in roles:
            role = finding.subject.rpartition(", ")[2]
            yield f"{role if role in roles[finding.duty] else finding.subject}: {message}."
        elif finding not in acknowledged:
            about = words.lower_first(finding.subject)
            others.append(places.without_names(f"{message} ({about})" if about else message))
    more = [f"{len(others) - _NAMED:,} more"] if len(others) > _NAMED else []
    if others:
        yield f"Decisions: {'; '.join([*others[:_NAMED], *more])}."


def _post(duty: DutyOutcome, subject: str) -> str:
    """The role that an obligation or a gap of a duty is about."""
    return duty.roles[0] if subject == "office" else subject


def _is_recent(assessment: Assessment, entry: HistoryEntry) -> bool:
    """Whether an earlier period ended in the last twelve months."""
    first = assessment.as_of - datetime.timedelta(days=_YEAR)
    return entry.deadline is not None and entry.deadline >= first


def _days(duty: DutyOutcome) -> int:
    return duty.days or 0


def action(assessment: Assessment, duty: DutyOutcome, next_steps: NextSteps) -> Action:
    """A duty with the causes and the next steps of its outstanding obligations."""
    outstanding = [o for o in duty.obligations if o.status is duty.status]
    outstanding.sort(key=lambda obligation: (obligation.too_late, *view.worst_first(obligation)))
    if not outstanding:
        return Action(duty, "", "", "", Cause.NO_RECORD)
    found = [(obligation, next_steps.of(obligation)) for obligation in outstanding]
    number, counted = len(outstanding), ""
    why, step = found[0][1].why, found[0][1].step
    if number > 1 and duty.status is Status.CANNOT_TELL:
        counted = f"{number:,} of {duty.counts.total:,} {_things(assessment, duty)} unclear"
    elif number > _FEW:
        why = f"{_counted(assessment, duty, number)}. The most urgent: {why}"
        step = f"{''.join(_steps(found[:1], assessment))} The other {number - 1:,} need action too."
    elif number > 1:
        reasons = listed([f"{subject_words(o, assessment)} ({next_.short})" for o, next_ in found])
        why = f"{_counted(assessment, duty, number)}: {reasons}."
        step = " ".join(_steps(found, assessment))
    idle = list(
        _idle_waivers(assessment, duty, {one.subject for one in outstanding}, next_steps.places)
    )
    if idle:
        why += (
            f" {_idle_words(len(idle), len(waivers_in_force(assessment, duty)))}: {listed(idle)}."
        )
    why, step = map(next_steps.places.without_names, (why, step))
    return Action(duty, why, step, counted, max(next_.cause for _, next_ in found))


def _steps(
    found: Iterable[tuple[ObligationOutcome, NextStep]], assessment: Assessment
) -> Iterator[str]:
    """The next step of each obligation, which begins with what it is about."""
    for obligation, next_ in found:
        if step := next_.short_step or next_.step:
            yield f"{subject_words(obligation, assessment)}: {words.lower_first(step)}"


def subject_words(obligation: ObligationOutcome, assessment: Assessment) -> str:
    """What an obligation is about, without a person's name: a staff number, a reference or, for the
    office, the period."""
    named = words.check(obligation.subject, obligation.window)
    return named or f"the {assessment.rulebook.body.called}"


def _things(assessment: Assessment, duty: DutyOutcome) -> str:
    """What its obligations are about, in the plural: people, records, meetings; otherwise
    checks."""
    registers = {one.listed_at.register if one.listed_at else "" for one in duty.obligations}
    register = registers.pop() if len(registers) == 1 else ""
    if not register or any(", " in one.subject for one in duty.obligations):
        return "checks"
    if register in assessment.rulebook.people:
        return "people"
    return register if register.endswith("s") else "records"


def _counted(assessment: Assessment, duty: DutyOutcome, number: int) -> str:
    """``3 of 99 records are overdue and 1 is unclear``."""
    unclear = words.number_of(duty.counts, Status.CANNOT_TELL)
    also = f" and {unclear:,} {'is' if unclear == 1 else 'are'} unclear" if unclear else ""
    counted = f"{number:,} of {duty.counts.total:,} {_things(assessment, duty)}"
    return f"{counted} are {words.STATUS[duty.status]}{also}"


def _idle_waivers(
    assessment: Assessment, duty: DutyOutcome, subjects: Set[str], places: Places
) -> Iterator[str]:
    """The waivers of an outstanding duty that have no effect, or that have ended, with the
    reason."""
    for waiver in assessment.waivers:
        reason = _IDLE.get(waiver.state, "")
        if waiver.state == "expired" and waiver.until and waiver.subject in {"all", *subjects}:
            reason = f"ended on {words.day(waiver.until)}"
        if reason and _is_of(waiver, duty):
            yield f"{places.text(waiver.place)} ({reason})"


def _idle_words(idle: int, in_force: int) -> str:
    """How many waivers of a duty have no effect, and of how many where another one has."""
    have = "has" if idle == 1 else "have"
    if in_force:
        return f"{idle:,} of the {idle + in_force:,} waivers of this duty {have} no effect"
    return f"{'A waiver' if idle == 1 else f'{idle:,} waivers'} of this duty {have} no effect"


def waivers_in_force(assessment: Assessment, duty: DutyOutcome) -> list[WaiverShown]:
    """The waivers of a duty that have effect."""
    return [w for w in assessment.waivers if w.state == "in force" and _is_of(w, duty)]


def _is_of(waiver: WaiverShown, duty: DutyOutcome) -> bool:
    return normal_key(waiver.duty) in map(normal_key, (duty.id, duty.title))


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


def untold_counts(groups: Iterable[Untold], body: BodyStamp) -> str:
    """``1 duty of the office, 2 of partners``."""
    duties = [duty for group in groups for duty in group.duties]
    own = sum(duty.answers == view.OFFICE for duty in duties)
    others = len(duties) - own
    if not own:
        return f"{words.duties(others)} of partners"
    counted = f"{words.duties(own)} of the {body.called}"
    return f"{counted}, {others:,} of partners" if others else counted


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


def points_of(assessment: Assessment) -> Iterator[Points]:
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
            yield Points(title, number == _CHANGE, of_title)


def _importance(finding: FindingShown) -> int:
    if finding.kind == DECISION:
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
    return f"{places.without_names(about + finding.message)}{f' ({cells})' if cells else ''}"


def acknowledged_words(acknowledged: AcknowledgedFinding, places: Places) -> str:
    """A finding with the post that acknowledged it, until when, and why."""
    finding = finding_words(acknowledged.finding, places)
    by = f"Acknowledged by {acknowledged.by_post} until {words.day(acknowledged.until)}"
    return f"{finding}. {by}: {acknowledged.reason}"


def missed_words(entry: HistoryEntry) -> str:
    """What was missed in an earlier period: ``2025/26 Q3 was missed (1 October to ...)``."""
    about = words.check(entry.subject, entry.window)
    period = words.days_between(entry.opens, entry.deadline)
    if entry.outcome is HistoryOutcome.GAP:
        said = f"not in place from {period}" if entry.opens and entry.deadline else "not in place"
        return f"{about}: {said}" if about else f"N{said[1:]}"
    missed = entry.outcome is HistoryOutcome.MISSED
    said = "was missed" if missed else "lapsed without being done"
    period = f" ({period})" if period and not entry.window else ""
    return f"{about or 'The period'} {said}{period}"
