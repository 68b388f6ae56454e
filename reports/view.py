"""One view of an assessment for every report: order, places, citations, and the exit code.

Nothing here decides: each status, date and count is the assessment's own.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from engine.assessment import (
    LISTS,
    Assessment,
    CellToWrite,
    ComingVersion,
    Counts,
    DutyAside,
    DutyOutcome,
    ObligationOutcome,
    ProblemShown,
    ReadingShown,
    RejectedRow,
    Remedy,
    RuleFired,
    SopStamp,
    UnapprovedVersion,
)
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import listed as in_words
from reports import words
from reports.provided import not_assessed, sheets_to_add

OFFICE, OTHERS = LISTS

#: In place of the owner of a duty that has none.
NO_OWNER = "no owner recorded"

#: The statuses of a duty that is not finished, from the most urgent.
OUTSTANDING = (Status.OVERDUE, Status.CANNOT_TELL, Status.DUE)

_SETTLED = (Status.MET, Status.NOT_YET_DUE, Status.WAIVED, Status.NOT_APPLICABLE)

_NOT_IN_ORDER = (Status.OVERDUE, Status.CANNOT_TELL, Status.NOT_ASSESSED)

#: The statuses of a verdict after the duties that are met, without those that were not assessed.
_VERDICT = (
    Status.OVERDUE,
    Status.DUE,
    Status.NOT_YET_DUE,
    Status.WAIVED,
    Status.NOT_APPLICABLE,
)

#: What the reason says of an obligation that a sheet leaves unclear.
SHEET_NOT_READ = "provided but cannot be read"

TOO_LATE = "Too late to do"
WHAT_TO_DO = "Say so in the assurance statement, or record a waiver."

#: Why the records cannot tell of duties, by the kind of what could not be read.
_CAUSES = {
    "file unreadable": "a file cannot be read",
    "no headings": "a sheet has no headings",
    "second table": "a sheet has a second table",
    "sheet twice": "two sheets have almost the same name",
}

#: The heading of the corrections without which a duty cannot be assessed.
TO_CORRECT = "What to correct first"
#: The same of what keeps no duty from being met.
TO_CORRECT_TOO = "What to correct"

#: So many corrections at most stand above what is overdue.
FEW_CORRECTIONS = 5

#: Above this, the settled obligations of one duty are counted and not listed.
LISTED = 200


@dataclass(frozen=True, slots=True)
class ListedObligations:
    """The obligations of one duty that a report lists, the worst first, and the number of each
    status that it leaves out."""

    obligations: tuple[ObligationOutcome, ...]
    left_out: tuple[tuple[Status, int], ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """The duties of one list in one section, counted by status, from the worst."""

    section: str
    title: str
    total: int
    counts: tuple[tuple[Status, int], ...]


def corrections_title(assessment: Assessment) -> str:
    """The title of what could not be read: whether a duty that is outstanding depends on it."""
    left = {duty.id for duty in assessment.duties if duty.status in OUTSTANDING}
    urgent = any(not left.isdisjoint(problem.duties) for problem in assessment.problems)
    return TO_CORRECT if urgent else TO_CORRECT_TOO


def not_read_words(assessment: Assessment) -> str:
    """How many things could not be read, and how many of those could change a result: ``17 things
    in the spreadsheets could not be read; 12 of them could change a result``."""
    number, left = len(assessment.problems), _could_change(assessment)
    of = f"; {left:,} of them could change a result" if 0 < left < number else ""
    return f"{words.not_read_count(number)} could not be read{of}"


def could_change_words(assessment: Assessment) -> str:
    """`` (12 could change a result)``; '' where that holds for all or none."""
    number, left = len(assessment.problems), _could_change(assessment)
    return f" ({left:,} could change a result)" if 0 < left < number else ""


def _could_change(assessment: Assessment) -> int:
    """How many problems are of sheets that a duty without a final result reads."""
    open_ = (*OUTSTANDING, Status.NOT_ASSESSED, Status.NOT_YET_DUE)
    left = {
        duty.id for duty in assessment.duties if duty.status in open_ or duty.counts.cannot_tell
    }
    return sum(not left.isdisjoint(problem.duties) for problem in assessment.problems)


def exit_code(assessment: Assessment) -> int:
    """0 where every duty of the office was assessed and none is overdue or 'cannot tell';
    otherwise 1. The duties of partners do not affect it."""
    office = assessment.status.office
    counted = (office.duties, office.obligations)
    own = {office.status, *(duty.status for duty in of_list(assessment, OFFICE))}
    bad = any(words.number_of(counts, status) for counts in counted for status in _NOT_IN_ORDER)
    return int(bad or not own.isdisjoint(_NOT_IN_ORDER))


def as_of_words(assessment: Assessment) -> str:
    """The day of the check, with the last day of recording where rows recorded later did not
    count."""
    known = assessment.known_by
    by = f", counting what had been recorded by {words.day(known)}" if known else ""
    return f"{words.day(assessment.as_of)}{by}"


def of_list(assessment: Assessment, answers: str) -> tuple[DutyOutcome, ...]:
    """The duties of the office, or those of partners, in the assessment's order."""
    return tuple(duty for duty in assessment.duties if duty.answers == answers)


def outstanding(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """The duties that can still be done: overdue ones (the longest overdue first), those that
    could not be judged, then those due by their deadlines."""
    left = [duty for duty in duties if duty.status in OUTSTANDING and not is_too_late(duty)]
    return tuple(sorted(left, key=_urgency))


def named(duty: DutyOutcome | DutyAside | ComingVersion | UnapprovedVersion) -> str:
    """The duty's title after the number of its section, such as ``4.6 Refresher training``."""
    return words.under_section(duty.section, duty.title)


def unapproved_count(assessment: Assessment) -> str:
    """``2 versions of duties behind this report. This changes no status.``"""
    number = len(assessment.unapproved)
    versions = "1 version of a duty" if number == 1 else f"{number:,} versions of duties"
    return f"{versions} behind this report. This changes no status."


def unapproved_version(version: UnapprovedVersion) -> str:
    """``4.6 Refresher training, the version from 1 October 2024``, and whether it was edited since
    it was approved."""
    edited = " (edited since it was approved)" if version.edited else ""
    return f"{named(version)}, the version from {words.day(version.version_from)}{edited}"


def unapproved_line(assessment: Assessment, most: int) -> str:
    """The versions that are not approved in one line, at most so many of them; '' for none."""
    if not assessment.unapproved:
        return ""
    shown = [unapproved_version(version) for version in assessment.unapproved[:most]]
    left = len(assessment.unapproved) - len(shown)
    more = f"; and {left:,} more" if left else ""
    return f"NOT APPROVED: {unapproved_count(assessment)} {'; '.join(shown)}{more}."


def names(assessment: Assessment) -> dict[str, str]:
    """The section and title of each duty, by its id."""
    titles = {duty.id: named(duty) for duty in assessment.duties}
    return titles | {aside.id: named(aside) for aside in assessment.not_in_force}


def by_urgency(duties: Iterable[DutyOutcome]) -> list[DutyOutcome]:
    """All duties, the worst first; of one status, the office's before those of partners."""
    return sorted(
        duties,
        key=lambda duty: (WORST_FIRST.index(duty.status), duty.answers != OFFICE, *_urgency(duty)),
    )


def settled(duties: Iterable[DutyOutcome]) -> list[DutyOutcome]:
    """The duties that need no action on the day of the check."""
    return [duty for duty in duties if duty.status in _SETTLED]


def is_past(obligation: ObligationOutcome) -> bool:
    """Whether an obligation is overdue and can no longer be done. One of an event whose row cannot
    be read is not, nor one whose row lacks an entry: the row may show that it was done."""
    return obligation.too_late and not obligation.unreadable and not blank_in_own_row(obligation)


def blank_in_own_row(obligation: ObligationOutcome) -> RejectedRow | None:
    """The row of an obligation's event or record, if the only cell that keeps it from counting is
    one that nobody has filled in."""
    own = obligation.listed_at
    rows = (row for group in obligation.rejected for row in group.rows)
    return next(
        (
            row
            for row in rows
            if own
            and (row.item.file, row.item.sheet, row.item.row) == (own.file, own.sheet, own.row)
            and row.state in ("blank", "nothing")
            and row.column in row.item.look.columns
        ),
        None,
    )


def is_too_late(duty: DutyOutcome) -> bool:
    """Whether a duty is overdue and every obligation that is outstanding is too late to do."""
    left = [is_past(one) for one in duty.obligations if one.status in OUTSTANDING]
    return duty.status is Status.OVERDUE and bool(left) and all(left)


def too_late_number(duty: DutyOutcome) -> int:
    """The number of its overdue obligations that can no longer be done."""
    return sum(map(is_past, duty.obligations))


def too_late(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """The duties that are overdue and can no longer be done, the longest overdue first."""
    return tuple(sorted(filter(is_too_late, duties), key=_urgency))


def _urgency(duty: DutyOutcome) -> tuple[int, int, datetime.date, str]:
    days = duty.days if duty.days is not None else 0
    return WORST_FIRST.index(duty.status), days, duty.deadline or datetime.date.max, duty.id


def listed(duty: DutyOutcome, limit: int = LISTED) -> ListedObligations:
    """All obligations of a duty that are outstanding; and, for each other status, all that have
    it where they are no more than ``limit``."""
    numbers = Counter(obligation.status for obligation in duty.obligations)
    out = {s for s, number in numbers.items() if s not in OUTSTANDING and number > limit}
    obligations = sorted((o for o in duty.obligations if o.status not in out), key=worst_first)
    left_out = tuple((status, numbers[status]) for status in WORST_FIRST if status in out)
    return ListedObligations(tuple(obligations), left_out)


def worst_first(obligation: ObligationOutcome) -> tuple[int, datetime.date, str, str]:
    """Sorts obligations: the worst first, then by their deadlines."""
    rank = WORST_FIRST.index(obligation.status)
    deadline = obligation.deadline or datetime.date.max
    return rank, deadline, obligation.subject, obligation.window


def overdue_since(
    as_of: datetime.date, deadline: datetime.date | None, days: int | None
) -> datetime.date | None:
    """The deadline from which the days overdue count, where it is not the one shown: that of the
    first of a run of missed windows (semantics.md: Periodic); otherwise None."""
    if days is None or days >= 0:
        return None
    since = as_of + datetime.timedelta(days=days)
    return None if since == deadline else since


def duty_words(duty: DutyOutcome) -> str:
    """A duty's status in words, with its days. A met one says how many of its obligations were met
    late, and by how much: ``met late (2 of 16, by up to 7 days)``."""
    late = days_late(duty)
    if not late or duty.counts.total == 1:
        return words.status_words(duty.status, duty.days, late)
    number = duty.counts.met_late
    by = f"by {'up to ' if number > 1 else ''}{words.count(late, 'day')}"
    return f"met late ({number:,} of {duty.counts.total:,}, {by})"


def days_late(duty: DutyOutcome) -> int:
    """The most days by which an obligation of a met duty was late; 0 where none was."""
    if duty.status is not Status.MET:
        return 0
    return max((obligation.late_days for obligation in duty.obligations), default=0)


def obligation_words(obligation: ObligationOutcome) -> str:
    """An obligation's status in words, with its days."""
    return words.status_words(obligation.status, obligation.days, obligation.late_days)


def unmet_words(obligation: ObligationOutcome) -> str:
    """Why an obligation is not met; '' for one that was not assessed, whose duty gives the reason
    once."""
    return "" if obligation.status is Status.NOT_ASSESSED else obligation.unmet_reason


def duty_counts(duty: DutyOutcome) -> str:
    """``57 of 60 met, 2 due, 1 overdue``; '' for a duty with a single obligation."""
    if duty.counts.total <= 1:
        return ""
    return words.counts_words(duty.counts, too_late_number(duty))


def verdict(assessment: Assessment, answers: str) -> str:
    """The duties of the office, or of partners, counted by status in a sentence or two:
    ``47 of the office's 72 duties are met, 5 of them late. 6 are overdue and 13 are due between
    8 December 2026 and 31 March 2027.`` Where some were not assessed, those that were are
    counted first, and the sheets to provide are named."""
    office, called = answers == OFFICE, assessment.rulebook.body.called
    counts = (assessment.status.office if office else assessment.status.others).duties
    if not counts.total:
        return f"No duty of {f'the {called}' if office else 'a partner'} is in force."
    duties = words.duties(counts.total)
    whole = f"the {called}'s {duties}" if office else f"the {duties} of partners"
    own = of_list(assessment, answers)
    if counts.not_assessed or counts.cannot_tell:
        return " ".join(_assessed(assessment, counts, whole, own, add_next=office))
    late = f", {counts.met_late:,} of them late" if counts.met_late else ""
    rest = in_words([_are(counts, s, own) for s in _VERDICT if words.number_of(counts, s)])
    are = "is" if counts.met == 1 else "are"
    return f"{counts.met:,} of {whole} {are} met{late}." + (f" {rest}." if rest else "")


def _assessed(
    assessment: Assessment,
    counts: Counts,
    whole: str,
    duties: Sequence[DutyOutcome],
    *,
    add_next: bool,
) -> Iterator[str]:
    """The sentences of a verdict where some duties were not assessed: ``7 of the office's 72 duties
    were assessed: 3 are met and 4 are overdue. 65 were not assessed: no sheet was provided. Provide
    first: Documents (21 duties), Reviews (19) and Minutes (18).``"""
    statuses = [s for s in (Status.MET, *_VERDICT) if words.number_of(counts, s)]
    shown = [_are(counts, status, duties) for status in statuses]
    if counts.met_late:
        shown[0] += f" ({counts.met_late:,} late)"
    number = counts.total - counts.not_assessed - counts.cannot_tell
    assessed = f": {in_words(shown)}" if shown else ""
    yield f"{number:,} of {whole} {'was' if number == 1 else 'were'} assessed{assessed}."
    if unclear := counts.cannot_tell:
        cause = untold_cause(assessment, duties)
        yield f"For {unclear:,} the records cannot tell{f' because {cause}' if cause else ''}."
    missing = [duty.not_given for duty in not_assessed(duties)]
    sheets = {*chain.from_iterable(missing)}
    if counts.not_assessed:
        were = "was" if counts.not_assessed == 1 else "were"
        sheet = f"'{min(sheets)}' sheet" if len(sheets) == 1 else "sheet"
        yield f"{counts.not_assessed:,} {were} not assessed: no {sheet} was provided."
    if len(sheets) > 1 and add_next:
        next_ = [
            f"{title} ({words.duties(number) if n == 0 else number})"
            for n, (title, number) in enumerate(sheets_to_add(missing))
        ]
        yield f"Provide first: {in_words(next_)}."


def untold_cause(assessment: Assessment, duties: Iterable[DutyOutcome]) -> str:
    """Why the records cannot tell of duties, if all for the same reasons: ``two sheets have almost
    the same name``; otherwise ''."""
    unclear = [
        one
        for duty in duties
        if duty.status is Status.CANNOT_TELL
        for one in duty.obligations
        if one.status is Status.CANNOT_TELL
    ]
    # Thousands of obligations may be unclear for a few reasons.
    reasons = {(one.to_tell or ("",), SHEET_NOT_READ in one.unmet_reason) for one in unclear}
    causes = {
        tuple(dict.fromkeys(filter(None, (_cause(assessment, text, sheet) for text in texts))))
        for texts, sheet in reasons
    }
    return in_words(causes.pop()) if len(causes) == 1 else ""


def _cause(assessment: Assessment, correction: str, in_unread_sheet: bool) -> str:
    """Why obligations are unclear of which this is to be corrected first."""
    kind = next((p.kind for p in assessment.problems if p.message in correction), "")
    if kind.startswith("cell "):
        return "an entry cannot be read"
    return _CAUSES.get(kind, "a sheet cannot be read" if in_unread_sheet else "")


def _are(counts: Counts, status: Status, duties: Iterable[DutyOutcome]) -> str:
    """How many duties have a status: ``6 are overdue``, ``13 are due between 8 December 2026
    and 31 March 2027``."""
    number = words.number_of(counts, status)
    if status is Status.NOT_APPLICABLE:
        return f"{number:,} {'does' if number == 1 else 'do'} not apply"
    are = "is" if number == 1 else "are"
    if status is Status.DUE:
        deadlines = [duty.deadline for duty in duties if duty.status is status]
        dated = [deadline for deadline in deadlines if deadline]
        if dated and len(dated) == len(deadlines):
            first, last = words.day(min(dated)), words.day(max(dated))
            when = f"by {last}" if first == last else f"between {first} and {last}"
            return f"{number:,} {are} due {when}"
    return f"{number:,} {are} {words.STATUS[status]}"


def section_rows(assessment: Assessment, answers: str) -> tuple[SectionRow, ...]:
    """The duties of one list by section, in the order of sections; empty sections left out."""
    statuses = defaultdict[str, list[Status]](list)
    for duty in of_list(assessment, answers):
        statuses[duty.section].append(duty.status)
    return tuple(
        SectionRow(section.section, section.title, len(own), _counts(own))
        for section in assessment.sections
        if (own := statuses[section.section])
    )


def _counts(statuses: Sequence[Status]) -> tuple[tuple[Status, int], ...]:
    return tuple((s, statuses.count(s)) for s in WORST_FIRST if s in statuses)


def owner_words(duty: DutyOutcome) -> str:
    """The duty's owner, or that the sheet of owners names none."""
    return duty.owner or NO_OWNER


def responsible(duty: DutyOutcome | ComingVersion) -> str:
    """The owner of a duty or of a coming version, or the partner that is responsible for it."""
    return (duty.owner or NO_OWNER) if duty.answers == OFFICE else duty.bearer


def numbered_readings(
    assessment: Assessment, duty: DutyOutcome
) -> tuple[tuple[int, ReadingShown], ...]:
    """The readings of a duty, each with its number among all, from 1 in the order of the SOP's
    sections."""
    return tuple(
        (number, reading)
        for number, reading in enumerate(assessment.readings, 1)
        if duty.id in reading.duties
    )


def readings_by_section(assessment: Assessment) -> list[tuple[str, str]]:
    """Each section with the numbers of the readings of its duties, as ``2–4``; a reading of several
    sections is under the first."""
    sections = {duty.id: duty.section for duty in assessment.duties}
    numbers: dict[str, list[int]] = {}
    for number, reading in enumerate(assessment.readings, 1):
        numbers.setdefault(sections[reading.duties[0]], []).append(number)
    return [
        (section, f"{own[0]}–{own[-1]}" if len(own) > 1 else str(own[0]))
        for section, own in numbers.items()
    ]


def citations_words(duty: DutyOutcome) -> str:
    """``4.6, 'train its staff'; 5, 'a record of' (version 1.0)``."""
    return "; ".join(
        f"{c.section}, '{c.phrase}'{f' (version {c.sop_version})' if c.sop_version else ''}"
        for c in duty.citations
    )


def sop_words(stamp: SopStamp) -> str:
    """A document of the SOP with its version: ``SOP.docx (SOP, version 1.0)``."""
    return f"{stamp.file} (SOP, version {stamp.version})" if stamp.version else stamp.file


def subject_words(obligation: ObligationOutcome, called: str) -> str:
    """What a person calls the subject, with its row's label beside it where there is one;
    ``called`` is the word for the body."""
    name = obligation.subject_name
    return f"{obligation.subject} ({name})" if name else words.subject(obligation.subject, called)


def values_found(problem: ProblemShown) -> tuple[str, ...]:
    """The distinct values in the cells of a problem, and the number of further values."""
    more = (f"and {problem.more_values:,} more",) if problem.more_values else ()
    return (*problem.values, *more)


def remedy_lines(remedy: Remedy) -> list[str]:
    """What would meet an obligation in a sentence or two, and then a line for each cell to fill in.
    The row or the sheet is left out where the remedy's own words name the sheet."""
    if not remedy.cells:
        return [remedy.words]
    sheet = remedy.sheet or remedy.register
    named = sheet in remedy.words
    if not remedy.row:
        where = f"Add a row{'' if named else f' to {sheet}'} with:"
    else:
        where = "Enter:" if named else f"In row {remedy.row} of {sheet}, enter:"
    return [f"{remedy.words} {where}", *map(to_write, remedy.cells)]


def rows_lines(remedy: Remedy, step: str) -> list[str]:
    """The lines of a remedy below the step to which it belongs: only its cells, where the step says
    the rest."""
    if not remedy.cells:
        return [] if remedy.words in step else [remedy.words]
    if remedy.words.removesuffix(".") not in step and remedy.row:
        return remedy_lines(remedy)
    sheet = remedy.sheet or remedy.register
    where = "" if sheet in step else f" of {sheet}"
    row = f"Row {remedy.row}{where} would need" if remedy.row else f"The new row{where}"
    return [f"{row}:", *map(to_write, remedy.cells)]


def to_write(cell: CellToWrite) -> str:
    """A cell to fill in, under the office's own heading: ``Date done: the day it was done``."""
    return f"{cell.heading or cell.column}: {cell.says or words.cell_value(cell.value)}"


def rule_name(rule: RuleFired) -> str:
    """The rule of the rules engine that decided."""
    return rule.name or "the plain evaluator alone"
