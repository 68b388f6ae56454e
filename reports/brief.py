"""The brief of an assessment: what every report says first, and in which order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    BodyStamp,
    DutyOutcome,
    FindingShown,
    HistoryEntry,
    ItemShown,
    ObligationOutcome,
    WaiverShown,
    WaiverState,
)
from engine.findings.collect import UNDATED
from engine.findings.unknown_name_cells import KIND
from engine.outcome import HistoryOutcome, Status
from engine.proof.phrases import thing_of
from evidence.cells.text import listed, normal_key, quoted
from evidence.sheets.sheet_matching import BECAUSE
from reports import view, words
from reports.ahead.lines import DatedLine, by_last_day
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
#: What the person can do about them who runs the program: with a mapping, and without one.
USE_THEM = "To say what a sheet contains, type: dueregard map."
SET_UP = "To use a sheet with headings of your own, type: dueregard start. Then: dueregard map."
BLANK_WORKBOOK = "For a blank workbook, type: dueregard template new.xlsx."

#: So many duties, or obligations of one duty, are named in a sentence.
_FEW = 3

#: So many overdue duties, and decisions to note, are named at the head of a report.
_NAMED = 6

#: What the records show of an overdue duty, in a word or two.
CAUSE: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.NO_RECORD: "no record",
        Cause.NOT_MET: "record falls short",
        Cause.INCOMPLETE: "record incomplete",
        Cause.UNREADABLE: "record incomplete",
    }
)

#: The same of each of several duties, in a sentence.
_SHOWN: Mapping[frozenset[str], str] = MappingProxyType(
    {
        frozenset({"record falls short"}): "the work was recorded but did not meet the requirement",
        frozenset({"no record"}): "no record shows that it was done",
        frozenset({"record incomplete"}): "the record is incomplete or unreadable",
        frozenset({"no record", "record incomplete"}): "records are missing or unreadable",
    }
)

#: The causes of a duty whose record is there and lacks an entry.
_LACKING = frozenset({Cause.INCOMPLETE, Cause.UNREADABLE})

#: Whom to ask, what is not known, what to show others, and what the page has that its printed copy
#: has not.
QUESTIONS = "Questions about this report go to the"
ASK_SENDER = "Questions about this report go to the person who sent it to you."
NOT_COMPARED = (
    "This report does not say what has changed, because it was not compared with an earlier one."
)
FOR_A_COMMITTEE = "A two-page paper for committees, which names no one, is available from the"
MAKE_PAPER = "To make it, type: dueregard papers."
NAMES_STAFF = "The details below name members of staff. The printed copy uses staff numbers only."
STAFF_NUMBERS = "This printed copy uses staff numbers only."

#: What stands beside what 'met' means where sheets do not say when a row was filled in.
LATE_ENTRY = (
    "The check cannot tell when a row was filled in, so it treats a complete row as being on time."
)

#: Why a waiver has no effect, by its state.
_IDLE: Mapping[str, str] = {
    WaiverState.INCOMPLETE: "incomplete",
    WaiverState.FITS_TWO: "two things that this duty covers share its name",
    WaiverState.MATCHES_NOTHING: "for nothing that this duty covers",
    WaiverState.NO_EFFECT: "this duty cannot be waived",
    WaiverState.DATES_REVERSED: "its end date is before its start date",
}

#: For whom a waiver is that is for all that its duty covers; '' where that is blank.
_FOR_ALL = frozenset({"", "all", "office"})

#: The kinds of the patterns of duties to be done before an event.
_AHEAD = kinds_where(lambda pattern: pattern.ahead)

#: The kind of the pattern of a duty that says what a record of another duty must show.
_PARTS = ("content",)

#: The days within which a duty that is due is listed: the first group and the second.
SOON, NEXT = 30, 90

#: Where many missed periods are listed, and where the readings are.
MISSED_BELOW = "see 'Missed in the last 12 months'"
READINGS_BELOW = "See 'How we read the SOP'"

#: The days for which missed and lapsed periods are listed.
_YEAR = 365

#: Why such a waiver has no effect whose duty is about people.
_TWO_PEOPLE = "two people share this name"

_MET = (HistoryOutcome.MET, HistoryOutcome.MET_LATE)
_MISSED = (HistoryOutcome.MISSED, HistoryOutcome.LAPSED, HistoryOutcome.GAP)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: The kind of finding that records a decision.
DECISION = "Decision to note"

#: The importance of a finding: one that records a decision, that could change the result of its
#: duty, that names no duty, and that leaves every result as it is; and the titles of these.
_DECISION, _CHANGE, _UNKNOWN, _TIDYING = range(4)
_POINTS = ("Decisions to note", "Could change a result", "Effect not known", "Tidying up")
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
    worst of them, and ``recorded`` says each, such as ``no record (1)`` and ``record incomplete
    (1)``, or of a few people each with the days overdue: ``apart`` is then true. ``short`` says the
    causes without the places of the rows."""

    duty: DutyOutcome
    why: str
    step: str
    counted: str
    cause: Cause
    short: str
    recorded: tuple[str, ...] = ()
    apart: bool = False
    several: bool = False

    @property
    def briefly(self) -> str:
        """The causes of several obligations by their cells; of a single one, in words alone."""
        return self.why if self.several else self.short


@dataclass(frozen=True, slots=True)
class Untold:
    """The duties that could not be judged for want of the same corrections."""

    duties: tuple[DutyOutcome, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlsoDue:
    """What is due of a ``duty`` that is overdue: in ``words``, the ``first`` deadline, and how many
    ``people``, ``records`` or other ``things`` it is about."""

    duty: DutyOutcome
    words: str
    first: datetime.date
    number: int
    things: str


@dataclass(frozen=True, slots=True)
class DoneLate:
    """The ``duties`` of which the same was done late, and ``how`` late."""

    duties: tuple[DutyOutcome, ...]
    how: str

    @property
    def named(self) -> str:
        """The duties by name."""
        return listed([*map(view.named, self.duties)])


@dataclass(frozen=True, slots=True)
class MissedPeriod:
    """An earlier period of a duty that was missed or lapsed."""

    duty: DutyOutcome
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A ``role`` that another ``post`` holds than the SOP says, with the row and the message that
    say so; the post is '' where no cell is shown."""

    role: str
    post: str
    row: ItemShown | None
    message: str
    acknowledged: bool


#: A sentence with the day of what it is about.
Dated = tuple[datetime.date | None, str]


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
    says of which overdue duties more is due within 30 days, and ``soon_dates`` are the other last
    days within 30 days, such as those of meetings. ``answer`` says first whether all is well,
    ``little_known`` of which sections there is hardly a result, and ``avoidable`` what is booked
    for a day after its deadline.
    ``not_read`` are the sheets that were provided and not read, with the reason; ``unknown_names``
    says which sheets have rows that name nothing on a list; ``for_head`` are the sentences for
    whoever heads the office, the weightiest first; ``late`` says what was done too late and by how
    much, ``late_number`` of how many duties it was, ``late_unmet`` of how many that are not met
    now, and ``longest_late`` the first of it; ``met_means`` says what 'met' means;
    ``missed_below``: there are too many ``missed`` periods to name them at once;
    ``not_begun`` which sheets have only their example; ``assumptions`` what a person confirmed of
    the office's own sheets that no cell shows."""

    places: Places
    next_steps: NextSteps
    answer: str
    verdict: str
    partners_verdict: str
    little_known: str
    avoidable: tuple[str, ...]
    late: str
    late_number: int
    late_unmet: int
    longest_late: str
    not_begun: str
    not_read: tuple[str, ...]
    unknown_names: tuple[str, ...]
    assumptions: tuple[str, ...]
    for_head: tuple[str, ...]
    overdue: tuple[Action, ...]
    too_late: tuple[DutyOutcome, ...]
    untold: tuple[Untold, ...]
    missing: tuple[MissingSheet, ...]
    soon: tuple[DutyOutcome, ...]
    also_due: tuple[AlsoDue, ...]
    soon_dates: tuple[DatedLine, ...]
    next_: tuple[DutyOutcome, ...]
    later: tuple[DutyOutcome, ...]
    later_together: str
    partners: tuple[Action, ...]
    partners_later: tuple[DutyOutcome, ...]
    missed: tuple[MissedPeriod, ...]
    missed_below: bool
    points: tuple[Points, ...]
    met_means: str
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
    overdue = [action(assessment, d, next_steps) for d in office if d.status is Status.OVERDUE]
    overdue.sort(key=by_gravity)
    too_late = view.too_late(view.of_list(assessment, view.OFFICE))
    actions = [*overdue, *(action(assessment, duty, next_steps) for duty in too_late)]
    missed, late = tuple(_missed(assessment)), [*done_late(assessment, places, view.OFFICE)]
    soon = tuple(duty for duty in due if _days(duty) <= SOON)
    return Brief(
        places=places,
        next_steps=next_steps,
        answer=_answer(assessment, actions),
        verdict=view.verdict(assessment, view.OFFICE),
        partners_verdict=view.verdict(assessment, view.OTHERS) if others else "",
        little_known=_little_known(assessment),
        avoidable=tuple(_avoidable(assessment, office, next_steps)),
        late=_late_words(late),
        longest_late=f"{late[0].named} ({late[0].how})" if late else "",
        late_number=sum(len(each.duties) for each in late),
        late_unmet=sum(one.status is not Status.MET for each in late for one in each.duties),
        not_begun=not_begun_words(assessment),
        not_read=tuple(_not_read(assessment, places)),
        unknown_names=tuple(unknown_names_words(assessment, places)),
        assumptions=assessment.mapping.assumptions if assessment.mapping else (),
        for_head=tuple(_for_head(assessment, places, actions, missed, late)),
        overdue=tuple(overdue),
        too_late=too_late,
        untold=tuple(_untold(untold)),
        missing=missing_sheets(assessment.duties, assessment.not_begun_sheets),
        soon=soon,
        also_due=tuple(_also_due(assessment, office)),
        soon_dates=tuple(_soon_dates(assessment, soon)),
        next_=tuple(duty for duty in due if SOON < _days(duty) <= NEXT),
        later=tuple(duty for duty in due if _days(duty) > NEXT),
        later_together=_together([duty for duty in due if _days(duty) > NEXT]),
        partners=tuple(action(assessment, d, next_steps) for d in partners if _days(d) <= NEXT),
        partners_later=tuple(duty for duty in partners if _days(duty) > NEXT),
        missed=missed,
        missed_below=len(missed) > _FEW,
        points=tuple(points_of(assessment)),
        met_means=met_means(assessment),
        limits=tuple(limit for limit in limits if limit != UNDATED),
        how_read=how_read,
        abbreviations=assessment.rulebook.abbreviations,
    )


def by_cause(actions: Iterable[Action]) -> list[tuple[str, list[Action]]]:
    """Overdue duties by the gravest that the records show of each, such as ``No record``."""
    groups = defaultdict[str, list[Action]](list)
    for each in actions:
        groups[words.upper_first(CAUSE[each.cause])].append(each)
    return list(groups.items())


def by_gravity(action: Action) -> int:
    """Sorts overdue duties: first those of which nothing is recorded, then those whose record falls
    short, and last those whose record has an entry that is missing or cannot be read."""
    return -max(action.cause, Cause.INCOMPLETE)


def met_means(assessment: Assessment) -> str:
    """What 'met' means, and what a late entry does to it."""
    means = words.met_means(assessment.rulebook.body)
    return f"{means} {LATE_ENTRY}" if UNDATED in assessment.not_checked else means


def _answer(assessment: Assessment, actions: Sequence[Action]) -> str:
    """How many of the office's duties are overdue, and what the records show of them: ``6 of the
    office's 72 duties are overdue. In 4, the work was recorded but did not meet the requirement; in
    2 (both Training), records are missing or unreadable.``; '' where no duty is in
    force. What was not done or not enough is apart from what was recorded wrongly."""
    counts, called = assessment.status.office.duties, assessment.rulebook.body.called
    if not counts.total:
        return ""
    if not actions:
        unknown = counts.not_assessed + counts.cannot_tell
        if unknown == counts.total:
            return f"No duty of the {called} was assessed."
        some = " that was assessed" if unknown else ""
        return f"No duty of the {called}{some} is overdue."
    whole, number = f"the {called}'s {words.duties(counts.total)}", len(actions)
    overdue = f"{number:,} of {whole} {'is' if number == 1 else 'are'} overdue"
    short = [action for action in actions if action.cause is Cause.NOT_MET]
    others = [action for action in actions if action.cause is not Cause.NOT_MET]
    if not short or not others:
        shown = _SHOWN[frozenset(CAUSE[action.cause] for action in actions)]
        return f"{overdue}: {'' if number == 1 else 'in each, '}{shown}."
    groups = (
        f"in {len(group):,}{_same_section(assessment, group)},"
        f" {_SHOWN[frozenset(CAUSE[action.cause] for action in group)]}"
        for group in (short, others)
    )
    return f"{overdue}. {words.upper_first('; '.join(groups))}."


def _same_section(assessment: Assessment, actions: Sequence[Action]) -> str:
    """`` (both Training)``; '' for a single duty, and for duties of several sections."""
    sections = {action.duty.section for action in actions}
    titles = [one.title for one in assessment.sections if sections == {one.section}]
    if len(actions) < 2 or not titles:
        return ""
    all_ = "both" if len(actions) == 2 else "all"
    return f" ({all_} {titles[0]})"


def _little_known(assessment: Assessment) -> str:
    """The sections of the office's duties most of which have no result: ``Little is known of 4.7
    Venues: no result for 5 of 9 duties.``; '' for none, and where that holds for
    all of its duties together."""
    unknown = (Status.CANNOT_TELL, Status.NOT_ASSESSED)
    found, rows = list[str](), view.section_rows(assessment, view.OFFICE)
    numbers = [sum(number for status, number in row.counts if status in unknown) for row in rows]
    if 2 * sum(numbers) > sum(row.total for row in rows):
        return ""
    for row, number in zip(rows, numbers, strict=True):
        if row.total > _FEW and 2 * number > row.total:
            section = words.under_section(row.section, row.title)
            found.append(f"{section}: no result for {number:,} of {words.duties(row.total)}")
    return f"Little is known of {'; '.join(found)}." if found else ""


def _avoidable(
    assessment: Assessment, office: Iterable[DutyOutcome], next_steps: NextSteps
) -> Iterator[str]:
    """What is booked for a day after its deadline, which is within 30 days: ``S028's record of 4.6
    Training is ...``. Nobody need be late."""
    for duty in office:
        for one in duty.obligations:
            soon = one.status is Status.DUE and (one.days or 0) <= SOON
            planned = next_steps.planned(one) if soon else None
            if not planned or not one.deadline or not planned.item.date:
                continue
            if planned.item.date > one.deadline:
                yield (
                    f"{words.upper_first(subject_words(one, assessment))}: {view.named(duty)} is"
                    f" booked for {words.day(planned.item.date)}, after the deadline of"
                    f" {words.day(one.deadline)}. Bring it forward."
                )


def _together(duties: Sequence[DutyOutcome]) -> str:
    """Which of some duties are about what another one requires, such as parts of a statement: ``3
    of them are parts of 5 Annual assurance statement.``; '' for none."""
    parts = [duty for duty in duties if duty.pattern in _PARTS]
    found = list[str]()
    for whole in duties:
        of = [part for part in parts if f"'{whole.title}'" in part.rule_words]
        if of and whole not in parts:
            are = "is a part" if len(of) == 1 else "are parts"
            found.append(f"{len(of):,} of these {are} of {view.named(whole)}")
    return f"{'; '.join(found)}." if found else ""


def _soon_dates(assessment: Assessment, soon: Sequence[DutyOutcome]) -> Iterator[DatedLine]:
    """The last days within 30 days of what is not listed as due: what is not due yet, such as a
    meeting to attend, and what a duty that is due requires after its first deadline."""
    until = assessment.as_of + datetime.timedelta(days=SOON)
    due = {(duty.id, duty.deadline) for duty in soon}
    overdue = {duty.id for duty in assessment.duties if duty.status is Status.OVERDUE}
    for line in by_last_day(assessment):
        last = line.date.last_day
        if line.duty.answers != view.OFFICE or not last or not assessment.as_of <= last <= until:
            continue
        also_due = line.duty_id in overdue and line.date.status is Status.DUE
        if (line.duty_id, last) not in due and not also_due:
            yield line


def _late_words(late: Sequence[DoneLate]) -> str:
    """What the office did late, and how late; '' for nothing."""
    if not late:
        return ""
    named = [f"{each.named} ({each.how})" for each in late]
    more = [f"{len(late) - _NAMED:,} more"] if len(late) > _NAMED else []
    return f"Done late: {'; '.join([*named[:_NAMED], *more])}."


def done_late(assessment: Assessment, places: Places, answers: str) -> Iterator[DoneLate]:
    """What was done late of the duties of a list, the latest first, with how late it was, such as
    ``DD-029, 7 days after its award date``. A duty that is not met may have parts that were, and
    one late row may be of several duties."""
    late = [duty for duty in view.of_list(assessment, answers) if duty.counts.met_late]
    together = defaultdict[tuple[str, ...], list[DutyOutcome]](list)
    for duty in sorted(late, key=lambda duty: -_late(duty)[0].late_days):
        rows = [one.listed_at for one in _late(duty) if one.listed_at]
        named = rows and not _counts_alone(assessment, duty)
        status = "" if duty.status is Status.MET else f"; now {words.STATUS[duty.status]}"
        how = _how_late(assessment, places, duty) + status
        key = [f"{row.file}!{row.sheet}!{row.row}" for row in rows] if named else [duty.id]
        together[how, *key].append(duty)
    for (how, *_), duties in together.items():
        yield DoneLate(tuple(duties), how)


def _late(duty: DutyOutcome) -> list[ObligationOutcome]:
    """What was done late of a duty, the latest first."""
    late = [one for one in duty.obligations if one.late_days]
    return sorted(late, key=lambda one: one.late_days, reverse=True)


def _counts_alone(assessment: Assessment, duty: DutyOutcome) -> bool:
    """Whether what was late is only counted: people, what is many, and what is of no event."""
    if things_of(assessment, duty) == "people" or duty.counts.met_late > _FEW:
        return True
    return duty.counts.total == 1 and not days_after_event(_late(duty)[0])


def _how_late(assessment: Assessment, places: Places, duty: DutyOutcome) -> str:
    """By how much parts of a duty were late: ``A-15, 44 days late; A-8, 8 days late``."""
    late, number, total = _late(duty), duty.counts.met_late, duty.counts.total
    if not _counts_alone(assessment, duty):
        about = [(subject_words(one, assessment), _after_words(places, one)) for one in late]
        return "; ".join(", ".join(each) for each in about)
    by = f"by {'up to ' if number > 1 else ''}{words.count(late[0].late_days, 'day')}"
    return by if total == 1 else f"{number:,} of {total:,} {things_of(assessment, duty)}, {by}"


def _after_words(places: Places, obligation: ObligationOutcome) -> str:
    """How late it was: by the days after its event and, if its deadline was earlier, after that."""
    after, late = days_after_event(obligation), words.count(obligation.late_days, "day")
    if not after:
        return f"{late} late"
    days = f"{words.count(after, 'day')} after its {event_words(places, obligation.listed_at)}"
    return days if after == obligation.late_days else f"{days}, {late} after its deadline"


def event_words(places: Places, event: ItemShown | None) -> str:
    """What the office's sheet calls the day of an event, such as ``award date``."""
    for cell in event.cells if event and event.date else ():
        if event and event.date and cell.value == event.date.isoformat():
            return words.lower_first(places.heading(event, cell.column))
    return "event"


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
            number, things, first = len(due), things_of(assessment, duty), min(due)
            are = "is due" if number == 1 else "are due, the first"
            more = f"{number:,} more {one_of(things, number)} {are} by {words.day(first)}"
            text = f"{view.named(duty)}: overdue, and {more}"
            yield AlsoDue(duty, text, first, number, things)


def also_due_words(also: Sequence[AlsoDue]) -> str:
    """``1 person for an overdue duty``, or ``3 checks for 2 overdue duties``."""
    number, kinds = sum(each.number for each in also), {each.things for each in also}
    things = one_of(kinds.pop() if len(kinds) == 1 else "checks", number)
    ones = "an overdue duty" if len(also) == 1 else f"{len(also):,} overdue duties"
    return f"{number:,} {things} for {ones}"


def one_of(things: str, number: int) -> str:
    """``people``, or of one ``person``."""
    if number != 1:
        return things
    return "person" if things == "people" else words.lower_first(thing_of(things))


def _not_read(assessment: Assessment, places: Places) -> Iterator[str]:
    """The sheets that were provided and not read, each with the reason."""
    for sheet in assessment.unused_sheets:
        at, meant = places.short(sheet.file, sheet.sheet), quoted(sheet.rename_to)
        _, because, other = sheet.message.partition(BECAUSE)
        if because:
            yield f"{at} (not read{because}{other.partition('. ')[0]}; if it is a copy, delete it)"
            continue
        more = f"; if it is the {meant} sheet, rename it to {meant}" if sheet.rename_to else ""
        yield f"{at} (unknown name{more})"
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
    places: Places,
    actions: Sequence[Action],
    missed: Sequence[MissedPeriod],
    late: Sequence[DoneLate],
) -> Iterator[str]:
    """The weightiest first, since a short report leaves out the last: which leadership posts are
    held by another post or are vacant; what was done after an event that it had to come before;
    what was missed; on which readings depends what is overdue; which other decisions were recorded,
    the latest first; and which posts were vacant."""
    posts = [*_posts(assessment, told=len(missed) <= _FEW)]
    yield from _role_holders(assessment, places)
    yield from (sentence for is_grave, sentence in posts if is_grave)
    yield from (sentence for _, sentence in _latest(_after_their_events(assessment, places, late)))
    if missed:
        yield _missed_sentence(missed)
    yield from _readings_words(assessment, [action.duty for action in actions])
    dated = _latest(_decisions(assessment, places))
    yield from (sentence for _, sentence in dated[:_NAMED])
    if len(dated) > _NAMED:
        more = words.count(len(dated) - _NAMED, "more decision")
        yield f"{more} to note: see 'Points to check'."
    yield from (sentence for is_grave, sentence in posts if not is_grave)


def matters(assessment: Assessment, places: Places) -> Iterator[str]:
    """What whoever heads the office decides: on leadership posts that are vacant, and the other
    decisions that were recorded, the latest first."""
    yield from (sentence for is_grave, sentence in _posts(assessment, told=True) if is_grave)
    yield from (sentence for _, sentence in _latest(_decisions(assessment, places)))


def _latest(sentences: Iterable[Dated]) -> list[Dated]:
    """Sentences with their days, the latest first."""
    return sorted(sentences, key=lambda each: each[0] or datetime.date.min, reverse=True)


def _after_their_events(
    assessment: Assessment, places: Places, late: Iterable[DoneLate]
) -> Iterator[Dated]:
    """What was done only after the event that it had to come before, with the day of the event."""
    for each in late:
        if not any(duty.pattern in _AHEAD for duty in each.duties):
            continue
        for one in _late(each.duties[0])[:_FEW]:
            if after := days_after_event(one):
                event, row = event_words(places, one.listed_at), one.listed_at
                days = f"{words.count(after, 'day')} after its {event}"
                of = f" of {words.day(row.date)}" if row else ""
                about = subject_words(one, assessment)
                thing = f"{thing_of(row.register)} " if row and about == row.key else ""
                about = words.upper_first(f"{thing}{about}")
                yield row.date if row else None, f"{about} was done {days}{of}: {each.named}."


def _missed_sentence(missed: Sequence[MissedPeriod]) -> str:
    """Which periods were missed, and what the duties are now."""
    were = "was" if len(missed) == 1 else "were"
    period = words.count(len(missed), "period")
    of_duty, duties = defaultdict[str, list[str]](list), {one.duty.id: one.duty for one in missed}
    for one in missed:
        of_duty[view.named(one.duty)].append(missed_period(one.entry))
    named_ = [f"{title} ({listed(which_)})" for title, which_ in of_duty.items()]
    which = f": {listed(named_)}." if len(missed) <= _FEW else f" ({MISSED_BELOW})."
    now = ""
    if all(duty.status is Status.MET for duty in duties.values()):
        all_ = {1: "The duty is", 2: "Both duties are"}.get(len(duties))
        now = f" {all_ or f'All {len(duties):,} duties are'} met now."
    return f"{period} in the last 12 months {were} missed or not covered{which}{now}"


def _readings_words(assessment: Assessment, overdue: Iterable[DutyOutcome]) -> Iterator[str]:
    """That what is overdue depends on readings of the SOP, with the first of them."""
    duties = [*overdue]
    number = len(readings_of(assessment, duties))
    first = next((reading for duty in duties for reading in duty.readings), None)
    if number and first:
        reading = words.lower_first(first.reading).removesuffix(".").partition(", ")[0]
        reads = f"'{first.phrase}' is {reading}"
        if number == 1:
            yield f"What is overdue depends on 1 reading of the SOP: {reads}. {READINGS_BELOW}."
        else:
            such = f"{number:,} readings of the SOP, such as that {reads}"
            yield f"What is overdue depends on {such}. {READINGS_BELOW}."


def readings_of(assessment: Assessment, duties: Iterable[DutyOutcome]) -> list[int]:
    """The numbers of the readings on which some duties depend."""
    ids = {duty.id for duty in duties}
    readings = enumerate(assessment.readings, 1)
    return [number for number, one in readings if not ids.isdisjoint(one.duties)]


def _posts(assessment: Assessment, *, told: bool) -> Iterator[tuple[bool, str]]:
    """Which of the office's leadership posts are empty, and which were in the last twelve months,
    unless that was ``told``; each sentence after whether a post is or may be empty now. One for
    which there is a waiver may be empty."""
    office = view.of_list(assessment, view.OFFICE)
    duties = [duty for duty in office if duty.roles and duty.status is not Status.NOT_ASSESSED]
    checks = [(_post(duty, one.subject), one) for duty in duties for one in duty.obligations]
    empty = [post for post, one in checks if one.vacant]
    unclear = [post for post, one in checks if one.status is Status.CANNOT_TELL]
    waived = [post for post, one in checks if one.status is Status.WAIVED]
    past = [
        f"{_post(duty, entry.subject)} was vacant from"
        f" {words.days_between(entry.opens, entry.deadline)}"
        for duty in (() if told else duties)
        for entry in duty.history
        if entry.outcome is HistoryOutcome.GAP and _is_recent(assessment, entry)
    ]
    if empty:
        yield True, f"Leadership posts that are vacant: {listed(empty)}."
    if unclear:
        yield True, f"It is not known whether a leadership post is vacant: {listed(unclear)}."
    if waived:
        yield True, f"Leadership posts that need not be filled now, by a waiver: {listed(waived)}."
    if past:
        yield False, f"In the last 12 months, {listed(past)}."


def role_holders(assessment: Assessment) -> Iterator[RoleHolder]:
    """The office's roles that another post holds than the SOP says, as the points to check say."""
    duties = {duty.id: duty for duty in view.of_list(assessment, view.OFFICE) if duty.roles}
    acknowledged = [one.finding for one in assessment.acknowledged]
    for finding in (*assessment.findings, *acknowledged):
        duty = duties.get(finding.duty)
        if finding.kind != DECISION or not duty:
            continue
        role = finding.subject.rpartition(", ")[2]
        row = _row_cited(_rows_of(duty), finding)
        cells = row.cells if row else ()
        post = [cell.value for cell in cells if finding.places[0].endswith(f"!{cell.cell}")]
        yield RoleHolder(
            role=role if role in duty.roles else finding.subject,
            post=post[0] or "" if post else "",
            row=row,
            message=finding.message.removesuffix("."),
            acknowledged=finding in acknowledged,
        )


def _role_holders(assessment: Assessment, places: Places) -> Iterator[str]:
    head = assessment.rulebook.body.head
    for holder in role_holders(assessment):
        row = holder.row
        since = f" since {words.day(row.date)}" if row and row.date else ""
        if holder.acknowledged or not holder.post:
            where = f" ({places.item(row)})" if row else ""
            confirm = "" if holder.acknowledged else f" The {head} is asked to confirm this."
            message = words.lower_first(holder.message)
            yield f"{holder.role}: {message}{since and f',{since}'}{where}.{confirm}"
            continue
        where = f"Row {row.row} of {places.short(row.file, row.sheet)}" if row else "The evidence"
        sop = holder.message.partition(". ")[0]
        names = f"{where} names the {holder.post} as {holder.role}{since}. {sop}."
        yield f"{names} The {head} is asked to say which is right."


def questions(assessment: Assessment) -> str:
    """To whom questions about the report go. Where the records give the lead's role to another
    post, this may not be the lead, so the sender is."""
    lead = assessment.rulebook.body.lead
    if any(holder.role == lead and not holder.acknowledged for holder in role_holders(assessment)):
        return ASK_SENDER
    return f"{QUESTIONS} {lead}."


def _decisions(assessment: Assessment, places: Places) -> Iterator[Dated]:
    """The other decisions to note that were not acknowledged, with what they are about and the day
    of that."""
    duties = {duty.id: duty for duty in assessment.duties}
    rows = dict[str, Mapping[str, ItemShown]]()
    for finding in assessment.findings:
        duty = duties.get(finding.duty)
        if finding.kind != DECISION or (duty and duty.roles and duty.answers == view.OFFICE):
            continue
        if duty and duty.id not in rows:
            rows[duty.id] = _rows_of(duty)
        row = _row_cited(rows.get(finding.duty, {}), finding)
        day = row.date if row else None
        dated = f"{event_words(places, row)} {words.day(day)}".removeprefix("event ") if day else ""
        about = ", ".join(filter(None, (words.lower_first(finding.subject), dated)))
        what, end, more = finding.message.partition(". ")  # more: who decided on it
        what = f"{what.removesuffix('.')} ({about})" if about else what.removesuffix(".")
        by, colon, post = more.removesuffix(".").partition(" by: ")  # a column, and its cell
        more = f"It is recorded as {words.lower_first(by)} by the {post}" if colon else by
        note = "" if more else " For information."
        yield day, places.without_names(f"{what}{end}{more}.{note}".replace("..", "."))


def _rows_of(duty: DutyOutcome) -> Mapping[str, ItemShown]:
    """The rows of a duty by their places; of one that lists an event, as it does that."""
    rows = [item for entry in duty.history for item in entry.evidence]
    rows += [item for one in duty.obligations for item in one.evidence]
    rows += [one.listed_at for one in duty.obligations if one.listed_at]
    return {f"{row.file}!{row.sheet}!{row.row}": row for row in rows}


def _row_cited(rows: Mapping[str, ItemShown], finding: FindingShown) -> ItemShown | None:
    """The row at which a finding points first, if it is among these."""
    return next((rows[row] for row in map(_row_of, finding.places) if row in rows), None)


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
    outstanding.sort(
        key=lambda obligation: (view.is_past(obligation), *view.worst_first(obligation))
    )
    if not outstanding:
        return Action(duty, "", "", "", Cause.NO_RECORD, "")
    found = [(obligation, next_steps.of(obligation)) for obligation in outstanding]
    number, counted, causes = len(outstanding), "", {next_.cause for _, next_ in found}
    why, step = found[0][1].why, found[0][1].step
    short = next_steps.places.without_places(why)
    if number > 1 and duty.status is Status.CANNOT_TELL:
        counted = f"cannot tell for {number:,} of {duty.counts.total:,}"
        counted = f"{counted} {things_of(assessment, duty)}"
    elif number > _FEW:
        short = f"{_counted(assessment, duty, number, causes)}."
        why = f"{short} The most urgent: {why}"
        step = f"{''.join(_steps(found[:1], assessment))} The other {number - 1:,} need action too."
    elif number > 1:
        reasons = listed([f"{subject_words(o, assessment)} ({next_.short})" for o, next_ in found])
        short = f"{_counted(assessment, duty, number, causes)}."
        why = f"{short[:-1]}: {reasons}.{_unclear(assessment, duty)}"
        common = {next_.first for _, next_ in found}
        first = common.pop() if len(common) == 1 else ""
        if first and any(next_.short_step for _, next_ in found):
            first += " If that does not show it:"
        step = " ".join(filter(None, (first, *_steps(found, assessment, first))))
    idle = [*_idle_waivers(assessment, duty, outstanding)]
    if idle:
        have = "has" if len(idle) == 1 else "have"
        waivers = "A waiver" if len(idle) == 1 else f"{len(idle):,} waivers"
        without = f"{waivers} of this duty {have} no effect"
        at = [(next_steps.places.text(waiver.place), reason) for waiver, reason in idle]
        why += f" {without}: {listed([f'{place} ({reason})' for place, reason in at])}."
        short += f" {without} ({'; '.join(reason for _, reason in at)})."
        step += "".join(_fill_in(next_steps.places, waiver) for waiver, _ in idle)
    ended = "".join(_ended_waivers(assessment, duty, {one.subject for one in outstanding}))
    why, short = why + ended, short + ended
    why, step, short = (
        text_begun(next_steps.places.without_names(text)) for text in (why, step, short)
    )
    shown = {CAUSE[cause] for cause in causes}
    apart = len(shown) > 1 and number <= _FEW and duty.status is Status.OVERDUE
    recorded = tuple(_apart(found, assessment) if apart else _recorded(found))
    return Action(duty, why, step, counted, max(causes), short, recorded, apart, number > 1)


def _recorded(found: Sequence[tuple[ObligationOutcome, NextStep]]) -> Iterator[str]:
    """What the records show of a duty, the gravest first: ``no record (1, 26 days overdue)`` and
    ``record incomplete (9, up to 33 days overdue)``; the cause alone where it is the same of
    each."""
    groups = defaultdict[str, list[int]](list)
    for obligation, next_ in sorted(found, key=lambda each: -each[1].cause):
        groups[CAUSE[next_.cause]].append(obligation.days or 0)
    for cause, days in groups.items():
        up_to = "up to " if len(days) > 1 else ""
        oldest = f", {up_to}{words.days_words(min(days))}" if min(days) < 0 else ""
        yield cause if len(groups) == 1 else f"{cause} ({len(days):,}{oldest})"


def _apart(
    found: Sequence[tuple[ObligationOutcome, NextStep]], assessment: Assessment
) -> Iterator[str]:
    """What the records show of each of a few, the gravest first: ``S024: no record, 26 days
    overdue``."""
    for obligation, next_ in sorted(found, key=lambda each: -each[1].cause):
        days = words.days_words(obligation.days)
        shown = ", ".join(filter(None, (CAUSE[next_.cause], days)))
        yield f"{subject_words(obligation, assessment)}: {shown}"


def needed(assessment: Assessment, duty: DutyOutcome, next_steps: NextSteps) -> str:
    """What to do about a duty that is due, and first why where a record falls short."""
    found = action(assessment, duty, next_steps)
    return f"{found.why} {found.step}".strip() if says_why(found.cause) else found.step


def says_why(cause: Cause) -> bool:
    """Whether a record says other than what is needed, so that what to do does not say all."""
    return cause in (Cause.UNREADABLE, Cause.NOT_MET)


def _unclear(assessment: Assessment, duty: DutyOutcome) -> str:
    """What else of an overdue duty is unclear, where that is not much."""
    unclear = [one for one in duty.obligations if one.status is Status.CANNOT_TELL]
    if duty.status is not Status.OVERDUE or not 0 < len(unclear) <= _FEW:
        return ""
    subjects = listed([subject_words(one, assessment) for one in unclear])
    undated = len(unclear) == 1 and unclear[0].deadline is None
    because = ", because it has no deadline without its date" if undated else ""
    return f" Cannot tell: {subjects}{because}."


def _steps(
    found: Sequence[tuple[ObligationOutcome, NextStep]], assessment: Assessment, told: str = ""
) -> Iterator[str]:
    """The next step of each obligation, which begins with what it is about. ``told``: what is to
    be corrected first, where that is told already."""
    for obligation, next_ in found:
        subject = subject_words(obligation, assessment)
        of = obligation.listed_at.register if obligation.listed_at else ""
        step = next_.short_step or next_.after
        if of in assessment.rulebook.people and next_.short_step.startswith(ONCE_DONE):
            rest = next_.short_step.removeprefix(ONCE_DONE).removeprefix(", ")
            step = f"Once {subject} has done it, {rest}"
            if next_.first or told:
                step = f"{subject} still has to do it; then {rest}"
            subject = ""
        if next_.first and not told:
            but = "If that does not show it, " if next_.short_step else ""
            first = next_.first if len(found) == 1 else next_.first_briefly
            step = f"{first} {but}{words.lower_first(step) if but else step}".strip()
            subject = subject or subject_words(obligation, assessment)
        if step and not subject:
            yield step
        elif step:
            yield f"{subject}: {words.lower_first(step)}"


def subject_words(obligation: ObligationOutcome, assessment: Assessment) -> str:
    """What an obligation is about, without a person's name: a staff number, a reference or, for the
    office, the period."""
    named = words.check(obligation.subject, obligation.window)
    return named or f"the {assessment.rulebook.body.called}"


def things_of(assessment: Assessment, duty: DutyOutcome) -> str:
    """What its obligations are about, in the plural: people, records, meetings; otherwise
    checks."""
    registers = {one.listed_at.register if one.listed_at else "" for one in duty.obligations}
    register = registers.pop() if len(registers) == 1 else ""
    if not register or any(", " in one.subject for one in duty.obligations):
        return "checks"
    if register in assessment.rulebook.people:
        return "people"
    return register if register.endswith("s") else "records"


def _counted(assessment: Assessment, duty: DutyOutcome, number: int, causes: Set[Cause]) -> str:
    """``2 of 54 people are overdue; for 1 the records cannot tell``. Records that lack an entry,
    and nothing else, ``have been incomplete for too long``."""
    unclear = words.number_of(duty.counts, Status.CANNOT_TELL)
    also = f"; for {unclear:,} the records cannot tell" if unclear else ""
    things = f" {things_of(assessment, duty)}".removesuffix(" checks")  # a check is another thing
    things += _of_the_year(assessment, duty)
    counted = f"{number:,} of {duty.counts.total:,}{things}"
    if duty.status is Status.OVERDUE and causes <= _LACKING and " people" not in things:
        return f"{counted} have been incomplete for too long{also}"
    return f"{counted} are {words.STATUS[duty.status]}{also}"


def _of_the_year(assessment: Assessment, duty: DutyOutcome) -> str:
    """That older ones are not counted, where older ones were met and none of these is as old."""
    first = assessment.as_of - datetime.timedelta(days=_YEAR)
    last = [max(filter(None, (o.deadline, o.last_done)), default=None) for o in duty.obligations]
    old = any(entry.outcome in _MET for entry in duty.history)
    recent = all(day is None or day >= first for day in last)
    return " of the last 12 months" if old and recent else ""


def _idle_waivers(
    assessment: Assessment, duty: DutyOutcome, outstanding: Iterable[ObligationOutcome]
) -> Iterator[tuple[WaiverShown, str]]:
    """The waivers of an outstanding duty that have no effect, with the reason. One for somebody
    whose obligation is met is no cause."""
    ones = {name for one in outstanding for name in (one.subject, one.subject_name)}
    others = {name for one in duty.obligations for name in (one.subject, one.subject_name)} - ones
    people = things_of(assessment, duty) == "people"
    for waiver in assessment.waivers:
        reason = _IDLE.get(waiver.state, "")
        if people and waiver.state == WaiverState.FITS_TWO:
            reason = _TWO_PEOPLE
        of_another = waiver.subject in others - _FOR_ALL
        if reason and _is_of(waiver, duty) and not of_another:
            yield waiver, reason


def _ended_waivers(assessment: Assessment, duty: DutyOutcome, subjects: Set[str]) -> Iterator[str]:
    """That a waiver of what is outstanding has run out."""
    for waiver in assessment.waivers:
        if waiver.state != WaiverState.EXPIRED or not waiver.until or not _is_of(waiver, duty):
            continue
        if waiver.subject in _FOR_ALL | subjects:
            of = "" if waiver.subject in _FOR_ALL else f" for {waiver.subject}"
            until = words.day(waiver.until)
            yield f" The waiver{of} ran out on {until}, and this was still not done."


def _fill_in(places: Places, waiver: WaiverShown) -> str:
    """What would make an incomplete waiver whole: `` Or, if the waiver was approved, fill in
    'Approved by' (Waivers sheet, row 9).``; '' for another."""
    blank = [
        f"'{places.heading_at(waiver.place, column)}'"
        for column, value in (
            ("subject", waiver.subject),
            ("reason", waiver.reason),
            ("approved by", waiver.approved_by),
            ("from", waiver.from_),
            ("until", waiver.until),
        )
        if not value
    ]
    if waiver.state != WaiverState.INCOMPLETE or not blank:
        return ""
    return (
        f" Or, if the waiver was approved, fill in {listed(blank)} ({places.text(waiver.place)})."
    )


def waivers_without_effect(assessment: Assessment) -> list[WaiverShown]:
    """The waivers as recorded that have no effect, other than those that have ended."""
    return [waiver for waiver in assessment.waivers if waiver.state in _IDLE]


def waivers_in_force(assessment: Assessment, duty: DutyOutcome) -> list[WaiverShown]:
    """The waivers of a duty that have effect."""
    return [w for w in assessment.waivers if w.state == WaiverState.IN_FORCE and _is_of(w, duty)]


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
    for number, title in enumerate(_POINTS):
        of_title = [(finding, duty) for finding, duty, importance in found if importance == number]
        if of_title:
            findings, duties = zip(*of_title, strict=True)
            yield Points(title, number in (_CHANGE, _UNKNOWN), findings, duties)


def findings_of(assessment: Assessment) -> Mapping[str, Sequence[FindingShown]]:
    """The findings of each duty by its id, in their order, without the references that were not
    found of which a reason of the duty says so."""
    unmet, found = _rows_of_unmet(assessment), defaultdict[str, list[FindingShown]](list)
    reasons = {
        duty.id: " ".join(one.unmet_reason for one in duty.obligations)
        for duty in assessment.duties
    }
    for finding in assessment.findings:
        duty = _duty_of(finding, unmet)[0]
        reference = finding.message.partition(" is not on ")[0]
        if finding.kind != KIND or f"{reference} is not on " not in reasons.get(duty, ""):
            found[duty].append(finding)
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
                own += (row.item for row in near_rows(one) if not row.other_kind)
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
    if finding.kind in _TIDY:
        return finding.duty, _TIDYING
    return finding.duty, _CHANGE if finding.duty else _UNKNOWN


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
        _is_of(waiver, duty) and things_of(assessment, duty) == "people"
        for duty in assessment.duties
    )
    if people and waiver.state == WaiverState.FITS_TWO:
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
