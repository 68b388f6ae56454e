"""The brief of an assessment: what every report says first, and in which order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
from engine.proof.phrases import thing_of
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.examined import near_rows
from reports.names import text_begun
from reports.next_step import ONCE_DONE, Cause, NextStep, NextSteps
from reports.places import Places
from reports.provided import MissingSheet, missing_sheets, not_begun_words
from reports.unknown_names import unknown_names_words
from rules.patterns import kinds_where

#: The title of the sheets that were provided and not read, and when a reader is to tell the lead.
NOT_READ = "Sheets that were not read"
HAS_EVIDENCE = "If one of these sheets holds evidence"
#: What the person can do about them who runs the program.
USE_THEM = "To say what a sheet contains, type: dueregard map."
BLANK_WORKBOOK = "For a blank workbook, type: dueregard template new.xlsx."

#: So many duties, or obligations of one duty, are named in a sentence.
_FEW = 3

#: So many overdue duties, and decisions to note, are named at the head of a report.
_NAMED = 6

#: Why a waiver has no effect, by its state.
_IDLE = {
    "incomplete": "incomplete",
    "fits two": "two things that this duty covers share its name",
    "matches nothing": "for nothing that this duty covers",
    "no effect": "this duty cannot be waived",
}

#: The kinds of the patterns of duties to be done before an event.
_AHEAD = kinds_where(lambda pattern: pattern.ahead)

#: The days within which a duty that is due is listed: the first group and the second.
SOON, NEXT = 30, 90

#: Where many missed periods are listed, and how the sentence on the readings begins.
MISSED_BELOW = "see 'Missed in the last 12 months'"
DEPENDS = "What is overdue depends on how we read the SOP:"

#: The days for which missed and lapsed periods are listed.
_YEAR = 365

#: Why such a waiver has no effect whose duty is about people.
_TWO_PEOPLE = "two people share this name"

_MISSED = (HistoryOutcome.MISSED, HistoryOutcome.LAPSED, HistoryOutcome.GAP)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

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
class AlsoDue:
    """What is due of a duty that is overdue: in ``words``, and how many ``people``, ``records`` or
    other ``things`` it is about."""

    words: str
    number: int
    things: str


@dataclass(frozen=True, slots=True)
class MissedPeriod:
    """An earlier period of a duty that was missed or lapsed."""

    duty: DutyOutcome
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class Points:
    """The findings of one importance, each with the id of the duty that it is about or that it
    keeps from being met, '' for none; ``change_results``: whether they could change a result."""

    title: str
    change_results: bool
    findings: tuple[FindingShown, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a brief, in their order. Each list is of the office's duties, except
    ``untold``, ``missing`` and ``missed``, which are of all, and ``partners``. ``soon`` and
    ``next_`` are due within 30 and 90 days, ``later`` and ``partners_later`` after that; a duty of
    which something is due and something else cannot be told is in ``untold`` too. ``also_due``
    says of which overdue duties more is due within 30 days.
    ``not_read`` are the sheets that were provided and not read, with the reason; ``unknown_names``
    says which sheets have rows that name nothing on a list; ``for_head`` are the sentences for
    whoever heads the office, of which the last names the ``readings_used`` for what is overdue, by
    their numbers; ``late`` says what was done too late and by how much, and ``late_named`` without
    that; ``missed_below``: there are too many ``missed`` periods to name them at once;
    ``not_begun`` which sheets have only their example; ``assumptions`` what a person confirmed of
    the office's own sheets that no cell shows."""

    places: Places
    next_steps: NextSteps
    verdict: str
    partners_verdict: str
    late: str
    late_named: str
    not_begun: str
    not_read: tuple[str, ...]
    unknown_names: tuple[str, ...]
    assumptions: tuple[str, ...]
    for_head: tuple[str, ...]
    readings_used: tuple[int, ...]
    overdue: tuple[Action, ...]
    too_late: tuple[DutyOutcome, ...]
    untold: tuple[Untold, ...]
    missing: tuple[MissingSheet, ...]
    soon: tuple[DutyOutcome, ...]
    also_due: tuple[AlsoDue, ...]
    next_: tuple[DutyOutcome, ...]
    later: tuple[DutyOutcome, ...]
    partners: tuple[Action, ...]
    partners_later: tuple[DutyOutcome, ...]
    missed: tuple[MissedPeriod, ...]
    missed_below: bool
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
    missed = tuple(_missed(assessment))
    used = tuple(_readings_used((*(action.duty for action in overdue), *too_late), assessment))
    return Brief(
        places=places,
        next_steps=next_steps,
        verdict=view.verdict(assessment, view.OFFICE),
        partners_verdict=view.verdict(assessment, view.OTHERS) if others else "",
        late=_late_words(assessment, how=True),
        late_named=_late_words(assessment, how=False),
        not_begun=not_begun_words(assessment),
        not_read=tuple(_not_read(assessment, places)),
        unknown_names=tuple(unknown_names_words(assessment, places)),
        assumptions=assessment.mapping.assumptions if assessment.mapping else (),
        for_head=(
            *_for_head(assessment, next_steps, overdue, too_late, missed),
            *_readings_words(assessment, used),
        ),
        readings_used=used,
        overdue=overdue,
        too_late=too_late,
        untold=tuple(_untold(untold)),
        missing=missing_sheets(assessment.duties, assessment.not_begun_sheets),
        soon=tuple(duty for duty in due if _days(duty) <= SOON),
        also_due=tuple(_also_due(assessment, office)),
        next_=tuple(duty for duty in due if SOON < _days(duty) <= NEXT),
        later=tuple(duty for duty in due if _days(duty) > NEXT),
        partners=tuple(action(assessment, d, next_steps) for d in partners if _days(d) <= NEXT),
        partners_later=tuple(duty for duty in partners if _days(duty) > NEXT),
        missed=missed,
        missed_below=len(missed) > _FEW,
        points=tuple(points_of(assessment)),
        limits=limits,
        how_read=how_read,
        abbreviations=assessment.rulebook.abbreviations,
    )


def _late_words(assessment: Assessment, *, how: bool) -> str:
    """Which of the office's duties were met late, and ``how`` much; '' for none."""
    late = [*late_duties(assessment, view.OFFICE)]
    if not late:
        return ""
    named = [f"{view.named(duty)} ({words_})" if how else view.named(duty) for duty, words_ in late]
    more = [f"{len(late) - _NAMED:,} more"] if len(late) > _NAMED else []
    return f"Met late: {'; '.join([*named[:_NAMED], *more])}."


def late_duties(assessment: Assessment, answers: str) -> Iterator[tuple[DutyOutcome, str]]:
    """Each duty of a list that was met late, the latest first, with how late it was, such as
    ``DD-029, 7 days after its event``."""
    late = [duty for duty in view.of_list(assessment, answers) if any(_lates(duty))]
    for duty in sorted(late, key=lambda duty: max(_lates(duty)), reverse=True):
        days = view.duty_words(duty).removeprefix("met late").strip(" ()")
        yield duty, _after_events(assessment, duty) or days


def _lates(duty: DutyOutcome) -> Iterator[int]:
    """By how many days a met duty was late, and by how many after its events."""
    yield view.days_late(duty)
    if duty.pattern in _AHEAD:
        yield from map(days_after_event, duty.obligations)


def _after_events(assessment: Assessment, duty: DutyOutcome) -> str:
    """The events of a duty that came before what they had to wait for."""
    if duty.pattern not in _AHEAD:
        return ""
    late = [
        f"{subject_words(one, assessment)}, {_after_words(after, one.late_days)}"
        for one in duty.obligations
        if (after := days_after_event(one)) > 0
    ]
    more = [f"{len(late) - _FEW:,} more"] if len(late) > _FEW else []
    return "; ".join([*late[:_FEW], *more])


def _after_words(after: int, late_days: int) -> str:
    """How late it was: by the days after its event and, if its deadline was earlier, after that."""
    days = f"{words.count(after, 'day')} after its event"
    return (
        days
        if after == late_days
        else f"{days}, {words.count(late_days, 'day')} after its deadline"
    )


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


def _also_due(assessment: Assessment, office: Iterable[DutyOutcome]) -> Iterator[AlsoDue]:
    """``4 Gas checks: overdue, and 2 more checks are due, the first by 3 September 2026``, for each
    overdue duty of which something else is due within 30 days."""
    for duty in office:
        due = [
            one.deadline
            for one in duty.obligations
            if one.status is Status.DUE and one.deadline and one.days is not None
            if one.days <= SOON
        ]
        if due and duty.status is Status.OVERDUE:
            number, things = len(due), _things(assessment, duty)
            are = "is due" if number == 1 else "are due, the first"
            more = f"{number:,} more {one_of(things, number)} {are} by {words.day(min(due))}"
            yield AlsoDue(f"{view.named(duty)}: overdue, and {more}", number, things)


def also_due_words(also: Sequence[AlsoDue]) -> str:
    """``1 further person for an overdue duty``, or ``3 further checks for 2 overdue duties``."""
    number, kinds = sum(each.number for each in also), {each.things for each in also}
    things = one_of(kinds.pop() if len(kinds) == 1 else "checks", number)
    ones = "an overdue duty" if len(also) == 1 else f"{len(also):,} overdue duties"
    return f"{number:,} further {things} for {ones}"


def one_of(things: str, number: int) -> str:
    """``people``, or of one ``person``."""
    if number != 1:
        return things
    return "person" if things == "people" else words.lower_first(thing_of(things))


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
    missed: Sequence[MissedPeriod],
) -> Iterator[str]:
    """What the overdue duties come to, what was missed, which leadership posts are empty, were
    empty, or are held by another post, and which other decisions were recorded."""
    actions = [*overdue, *(action(assessment, duty, next_steps) for duty in too_late)]
    kinds = {cause: [a.duty for a in actions if a.cause is cause] for cause in Cause}
    if not actions:
        counts, own = assessment.status.office.duties, f"the {assessment.rulebook.body.called}"
        some = " that was assessed" if counts.not_assessed or counts.cannot_tell else ""
        yield f"No duty of {own}{some} is overdue."
        if counts.cannot_tell:
            yield f"{words.duties(counts.cannot_tell)} could not be assessed."
    of = f" of the {words.count(len(actions), 'overdue duty', 'overdue duties')}"
    for cause, duties in kinds.items():
        if duties:
            all_ = len(duties) == len(actions)
            number = _all_overdue(len(duties)) if all_ else f"{len(duties):,}{of}"
            yield _cause_words(assessment, cause, duties, number)
            of = ""
    if missed:
        were = "was" if len(missed) == 1 else "were"
        period = words.count(len(missed), "period")
        of_duty = defaultdict[str, list[str]](list)
        for one in missed:
            of_duty[view.named(one.duty)].append(missed_period(one.entry))
        named_ = [f"{title} ({listed(which_)})" for title, which_ in of_duty.items()]
        which = f" ({MISSED_BELOW})."
        if len(missed) <= _FEW:
            which = f": {listed(named_)}. No total includes {'it' if len(missed) == 1 else 'them'}."
        yield f"{period} in the last 12 months {were} missed or not covered{which}"
    yield from _posts(assessment)
    yield from _decisions(assessment, next_steps.places)


def _readings_used(duties: Iterable[DutyOutcome], assessment: Assessment) -> Iterator[int]:
    """The numbers of the readings of these duties."""
    ids = {duty.id for duty in duties}
    for number, reading in enumerate(assessment.readings, 1):
        if not ids.isdisjoint(reading.duties):
            yield number


def _readings_words(assessment: Assessment, used: Sequence[int]) -> Iterator[str]:
    """That what is overdue depends on readings of the SOP."""
    if used:
        few = len(used) <= _FEW
        phrases = [assessment.readings[number - 1].phrase for number in used]
        named = [
            f"{n} ('{phrase}')" if few else str(n) for n, phrase in zip(used, phrases, strict=True)
        ]
        yield f"{DEPENDS} reading{'s' if len(used) > 1 else ''} {listed(named)}."


def _all_overdue(number: int) -> str:
    """The overdue duties, where one cause is that of all."""
    if number == 1:
        return "The overdue duty"
    return f"{'Both' if number == 2 else f'All {number:,}'} overdue duties"


def _cause_words(
    assessment: Assessment, cause: Cause, duties: Sequence[DutyOutcome], number: str
) -> str:
    """Which overdue duties have a cause: ``number`` says how many they are, and of how many."""
    one = len(duties) == 1
    which = f": {listed([*map(view.named, duties)])}" if len(duties) <= _FEW else ""
    are = "is" if one else "are"
    if cause is Cause.NO_RECORD:
        if which:
            which = f": {listed([_lacking(assessment, duty) for duty in duties])}"
        if any(duty.counts.total > 1 for duty in duties):
            lacks = "has gaps in its records" if one else "have gaps in their records"
        else:
            lacks = "lacks a record" if one else "lack records"
        return f"{number} {lacks}{which}."
    if cause is Cause.UNREADABLE:
        each = "It is" if one else "Each is"
        return (
            f"{number} {are} overdue because an entry cannot be read{which}. {each} met only if "
            "the correct entry shows it."
        )
    return (
        f"{number} {are} on record, but the record falls short{which}. Find out which is wrong, "
        "the work or the record."
    )


def _lacking(assessment: Assessment, duty: DutyOutcome) -> str:
    """An overdue duty with the number of people, or of other things, for which it is overdue."""
    if duty.counts.total == 1:
        return view.named(duty)
    things = _things(assessment, duty)
    return f"{view.named(duty)} ({duty.counts.overdue:,} of {duty.counts.total:,} {things})"


def _posts(assessment: Assessment) -> Iterator[str]:
    """Which of the office's leadership posts are empty, and which were in the last twelve
    months. One for which there is a waiver may be empty."""
    office = view.of_list(assessment, view.OFFICE)
    duties = [duty for duty in office if duty.roles and duty.status is not Status.NOT_ASSESSED]
    checks = [(_post(duty, one.subject), one) for duty in duties for one in duty.obligations]
    empty = [post for post, one in checks if one.vacant]
    unclear = [post for post, one in checks if one.status is Status.CANNOT_TELL]
    waived = [post for post, one in checks if one.status is Status.WAIVED]
    past = [
        f"{_post(duty, entry.subject)} was vacant from"
        f" {words.days_between(entry.opens, entry.deadline)}"
        for duty in duties
        for entry in duty.history
        if entry.outcome is HistoryOutcome.GAP and _is_recent(assessment, entry)
    ]
    if empty:
        yield f"Leadership posts that are vacant: {listed(empty)}."
    if unclear:
        yield f"It is not known whether a leadership post is vacant: {listed(unclear)}."
    if waived:
        yield f"Leadership posts that need not be filled now, by a waiver: {listed(waived)}."
    if duties and not empty and not unclear and not waived:
        yield f"No leadership post is vacant now{', but ' if past else ''}{listed(past)}."
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
        why = f"{_counted(assessment, duty, number)}: {reasons}.{_unclear(assessment, duty)}"
        step = " ".join(_steps(found, assessment))
    idle = list(
        _idle_waivers(assessment, duty, {one.subject for one in outstanding}, next_steps.places)
    )
    if idle:
        why += (
            f" {_idle_words(len(idle), len(waivers_in_force(assessment, duty)))}: {listed(idle)}."
        )
    why, step = (text_begun(next_steps.places.without_names(text)) for text in (why, step))
    return Action(duty, why, step, counted, max(next_.cause for _, next_ in found))


def needed(assessment: Assessment, duty: DutyOutcome, next_steps: NextSteps) -> str:
    """What to do about a duty that is due, and first why where a record falls short."""
    found = action(assessment, duty, next_steps)
    return found.step if found.cause is Cause.NO_RECORD else f"{found.why} {found.step}".strip()


def _unclear(assessment: Assessment, duty: DutyOutcome) -> str:
    """What else of an overdue duty is unclear, where that is not much."""
    unclear = [one for one in duty.obligations if one.status is Status.CANNOT_TELL]
    if duty.status is not Status.OVERDUE or not 0 < len(unclear) <= _FEW:
        return ""
    return f" Unclear: {listed([subject_words(one, assessment) for one in unclear])}."


def _steps(
    found: Iterable[tuple[ObligationOutcome, NextStep]], assessment: Assessment
) -> Iterator[str]:
    """The next step of each obligation, which begins with what it is about."""
    for obligation, next_ in found:
        subject = subject_words(obligation, assessment)
        of = obligation.listed_at.register if obligation.listed_at else ""
        if of in assessment.rulebook.people and next_.short_step.startswith(ONCE_DONE):
            yield f"Once {subject} has done it{next_.short_step.removeprefix(ONCE_DONE)}"
        elif step := next_.short_step or next_.step:
            yield f"{subject}: {words.lower_first(step)}"


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
    people = _things(assessment, duty) == "people"
    for waiver in assessment.waivers:
        reason = _IDLE.get(waiver.state, "")
        if people and waiver.state == "fits two":
            reason = _TWO_PEOPLE
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
    """The findings in the order of their importance, those about concerns first, then those about
    urgent duties. One about a row that keeps a duty from being met is of that duty."""
    ranks = {duty.id: rank for rank, duty in enumerate(view.by_urgency(assessment.duties))}
    unmet = _rows_of_unmet(assessment)
    found = [(finding, *_duty_of(finding, unmet)) for finding in assessment.findings]
    found.sort(key=lambda f: ("concern" not in f[0].message, ranks.get(f[1], len(ranks))))
    titles = ("Decisions to note", "Could change a result", "Tidying up")
    for number, title in enumerate(titles):
        of_title = [(finding, duty) for finding, duty, importance in found if importance == number]
        if of_title:
            findings, duties = zip(*of_title, strict=True)
            yield Points(title, number == _CHANGE, findings, duties)


def findings_of(assessment: Assessment) -> Mapping[str, Sequence[FindingShown]]:
    """The findings of each duty by its id, in their order."""
    unmet, found = _rows_of_unmet(assessment), defaultdict[str, list[FindingShown]](list)
    for finding in assessment.findings:
        found[_duty_of(finding, unmet)[0]].append(finding)
    return found


def _rows_of_unmet(assessment: Assessment) -> Mapping[str, str]:
    """The duty, by its id, that is not met and refers to a row of the evidence, by the place of the
    row as ``file!sheet!14``; of several the most urgent."""
    rows = dict[str, str]()
    for duty in view.by_urgency(assessment.duties):
        for one in duty.obligations if duty.status in view.OUTSTANDING else ():
            if one.status not in view.OUTSTANDING:
                continue
            own = [*((one.listed_at,) if one.listed_at else ()), *one.unreadable]
            if one.status is Status.OVERDUE:
                own += (row.item for row in near_rows(one))
            for item in own:
                rows.setdefault(f"{item.file}!{item.sheet}!{item.row}", duty.id)
    return rows


def _duty_of(finding: FindingShown, unmet: Mapping[str, str]) -> tuple[str, int]:
    """The duty of a finding or, if it names none, that which one of its rows keeps from being met;
    and its importance."""
    if finding.kind == DECISION:
        return finding.duty, _DECISION
    cited = [unmet[row] for row in map(_row_of, finding.places) if row in unmet]
    if finding.duty in cited or (cited and not finding.duty):
        return finding.duty or cited[0], _CHANGE
    return finding.duty, _TIDYING if finding.kind in _TIDY else _CHANGE


def _row_of(place: str) -> str:
    """The row of a place: ``file!sheet!14`` of ``file!sheet!F14`` and of ``file!sheet!row 14``."""
    before, _, cell = place.rpartition("!")
    return f"{before}!{cell.removeprefix('row ').lstrip(_LETTERS)}"


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


def acknowledged_elsewhere(assessment: Assessment, finding: FindingShown) -> str:
    """Under which other duty the same point was acknowledged: `` It was acknowledged for ... until
    31 January 2027.``; '' for none."""
    for one in assessment.acknowledged:
        same = (one.finding.kind, one.finding.places) == (finding.kind, finding.places)
        if same and one.finding.duty != finding.duty:
            title = view.names(assessment).get(one.finding.duty, one.finding.duty)
            return f" It was acknowledged for {title} alone, until {words.day(one.until)}."
    return ""


def waiver_state(assessment: Assessment, waiver: WaiverShown) -> str:
    """The state of a waiver in words."""
    people = any(
        _is_of(waiver, duty) and _things(assessment, duty) == "people" for duty in assessment.duties
    )
    if people and waiver.state == "fits two":
        return _TWO_PEOPLE
    return words.WAIVER.get(waiver.state, waiver.state)


def acknowledged_words(acknowledged: AcknowledgedFinding, places: Places) -> str:
    """A finding with the post that acknowledged it, until when, and why."""
    finding = finding_words(acknowledged.finding, places)
    by = f"Acknowledged by {acknowledged.by_post} until {words.day(acknowledged.until)}"
    return f"{finding}. {by}: {acknowledged.reason}"


def missed_period(entry: HistoryEntry) -> str:
    """Which period was missed, and for what: ``2025/26 Q3``, ``27 June to 5 July 2026``."""
    period = "" if entry.window else words.days_between(entry.opens, entry.deadline)
    return ", ".join(filter(None, (words.check(entry.subject, entry.window), period)))


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
