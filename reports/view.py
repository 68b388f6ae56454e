"""One view of an assessment for every report: order, places, citations, and the exit code.

Nothing here decides: each status, date and count is the assessment's own.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.assessment import (
    Assessment,
    CellToWrite,
    DutyAside,
    DutyOutcome,
    FindingShown,
    ItemShown,
    ListOutcome,
    ObligationOutcome,
    ProblemShown,
    Remedy,
    RuleFired,
)
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import sheet_told
from evidence.problem import cells_words
from reports import words

OFFICE, OTHERS = "office", "others"

#: What is left to do, in the order in which reports tell it.
OUTSTANDING = (Status.OVERDUE, Status.CANNOT_TELL, Status.DUE)

_SETTLED = (Status.MET, Status.NOT_YET_DUE, Status.WAIVED, Status.NOT_APPLICABLE)

_NOT_IN_ORDER = (Status.OVERDUE, Status.CANNOT_TELL, Status.NOT_ASSESSED)

TOO_LATE = "Too late to do"
WHAT_TO_DO = "Say so in the assurance statement, or record a waiver."

#: What stands over the corrections without which it cannot be told whether something is met.
TO_CORRECT = "What has to be corrected first?"

#: Above this, obligations of one duty that ask nothing of anybody are counted and not listed.
LISTED = 200


@dataclass(frozen=True, slots=True)
class ListedObligations:
    """The obligations of one duty that a report lists, the worst first, and how many of each
    status it leaves out."""

    obligations: tuple[ObligationOutcome, ...]
    left_out: tuple[tuple[Status, int], ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """The duties of one list in one section, counted by status, from the worst."""

    section: str
    title: str
    total: int
    counts: tuple[tuple[Status, int], ...]


def exit_code(assessment: Assessment) -> int:
    """0 where every duty that the office answers for was assessed, nothing of them is overdue and
    nothing cannot be told; otherwise 1.

    The duties of others do not enter it (semantics.md, From obligations to duties).
    """
    office = assessment.status.office
    counted = (office.duties, office.obligations)
    own = {office.status, *(duty.status for duty in of_list(assessment, OFFICE))}
    bad = any(words.number_of(counts, status) for counts in counted for status in _NOT_IN_ORDER)
    return int(bad or not own.isdisjoint(_NOT_IN_ORDER))


def as_of_words(assessment: Assessment) -> str:
    """The day that the check speaks for, and, where rows recorded later were left out, by when
    they were recorded."""
    known = assessment.known_by
    by = f", counting what had been recorded by {words.day(known)}" if known else ""
    return f"{words.day(assessment.as_of)}{by}"


def of_list(assessment: Assessment, answers: str) -> tuple[DutyOutcome, ...]:
    """The duties of the office's own list, or of the others', in the assessment's order."""
    return tuple(duty for duty in assessment.duties if duty.answers == answers)


def outstanding(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """What can still be done: overdue ones (the longest over first), those that cannot be told,
    then those due by their deadlines."""
    left = [duty for duty in duties if duty.status in OUTSTANDING and not is_too_late(duty)]
    return tuple(sorted(left, key=_urgency))


def named(duty: DutyOutcome | DutyAside) -> str:
    """The duty's title after the number of its section, as every list of duties shows it."""
    return f"{words.section(duty.section)} {duty.title}"


def names(assessment: Assessment) -> dict[str, str]:
    """The section and title of each duty, by its id."""
    found = {duty.id: named(duty) for duty in assessment.duties}
    return found | {aside.id: named(aside) for aside in assessment.not_in_force}


def by_urgency(duties: Iterable[DutyOutcome]) -> list[DutyOutcome]:
    """All duties, the worst first; of one status, the office's own before those of others."""
    return sorted(
        duties,
        key=lambda duty: (WORST_FIRST.index(duty.status), duty.answers != OFFICE, *_urgency(duty)),
    )


def settled(duties: Iterable[DutyOutcome]) -> list[DutyOutcome]:
    """The duties for which there is nothing to do on this day."""
    return [duty for duty in duties if duty.status in _SETTLED]


def is_too_late(duty: DutyOutcome) -> bool:
    """Whether a duty is overdue and nothing that it still asks can be done: every obligation that
    is outstanding is too late to do."""
    left = [
        obligation.too_late for obligation in duty.obligations if obligation.status in OUTSTANDING
    ]
    return duty.status is Status.OVERDUE and bool(left) and all(left)


def too_late_number(duty: DutyOutcome) -> int:
    """How many of its overdue obligations can no longer be done."""
    return sum(obligation.too_late for obligation in duty.obligations)


def too_late(duties: Iterable[DutyOutcome]) -> tuple[DutyOutcome, ...]:
    """What is overdue and can no longer be done, the longest over first."""
    return tuple(sorted(filter(is_too_late, duties), key=_urgency))


def _urgency(duty: DutyOutcome) -> tuple[int, int, datetime.date, str]:
    days = duty.days if duty.days is not None else 0
    return WORST_FIRST.index(duty.status), days, duty.deadline or datetime.date.max, duty.id


def listed(duty: DutyOutcome, limit: int = LISTED) -> ListedObligations:
    """All obligations of a duty that are outstanding; and, for each other status, all that have
    it where they are no more than ``limit``."""
    numbers = Counter(obligation.status for obligation in duty.obligations)
    out = {s for s, number in numbers.items() if s not in OUTSTANDING and number > limit}
    kept = sorted((o for o in duty.obligations if o.status not in out), key=worst_first)
    left_out = tuple((status, numbers[status]) for status in WORST_FIRST if status in out)
    return ListedObligations(tuple(kept), left_out)


def worst_first(one: ObligationOutcome) -> tuple[int, datetime.date, str, str]:
    """Sorts obligations: the worst first, then by their deadlines."""
    rank = WORST_FIRST.index(one.status)
    return rank, one.deadline or datetime.date.max, one.subject, one.window


def overdue_since(
    as_of: datetime.date, deadline: datetime.date | None, days: int | None
) -> datetime.date | None:
    """The deadline from which the days over count, where it is not the one shown: that of the
    first of a run of missed windows (semantics.md, 1. Periodic); otherwise None."""
    if days is None or days >= 0:
        return None
    since = as_of + datetime.timedelta(days=days)
    return None if since == deadline else since


def duty_words(duty: DutyOutcome) -> str:
    """A duty's status in words, with its days, and beside a met one how many were late."""
    if duty.nothing_to_check:
        return f"{words.STATUS[duty.status]}, nothing to check"
    if duty.status is Status.MET and duty.counts.met_late:
        if len(duty.obligations) == 1:
            return words.status_words(duty.status, None, duty.obligations[0].late_days)
        return f"met, {duty.counts.met_late:,} late"
    return words.status_words(duty.status, duty.days)


def obligation_words(one: ObligationOutcome) -> str:
    """An obligation's status in words, with its days."""
    return words.status_words(one.status, one.days, one.late_days)


def unmet_words(one: ObligationOutcome) -> str:
    """Why an obligation is not met; '' for one that was not assessed, of which its duty says it."""
    return "" if one.status is Status.NOT_ASSESSED else one.unmet_reason


def duty_counts(duty: DutyOutcome) -> str:
    """``57 of 60 met, 2 due, 1 overdue``; '' for a duty with a single obligation."""
    if duty.counts.total <= 1:
        return ""
    return words.counts_words(duty.counts, too_late_number(duty))


def headline(outcome: ListOutcome) -> str:
    """The outstanding duties of one list in a sentence without its end."""
    if not outcome.duties.total:
        return "no duty is in force"
    told = [
        f"{words.number_of(outcome.duties, status):,} {words.STATUS[status]}"
        for status in (Status.OVERDUE, Status.CANNOT_TELL, Status.NOT_ASSESSED, Status.DUE)
        if words.number_of(outcome.duties, status)
    ]
    if not any(words.number_of(outcome.duties, status) for status in OUTSTANDING):
        told.insert(0, "nothing overdue or due")
    return ", ".join([*told, f"of {words.duties(outcome.duties.total)}"])


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
    return tuple((each, statuses.count(each)) for each in WORST_FIRST if each in statuses)


def owner_words(duty: DutyOutcome) -> str:
    """The duty's owner, or that the register of owners names none."""
    return duty.owner or "no owner recorded"


def citations_words(duty: DutyOutcome) -> str:
    """``4.6, 'train its staff'; 5, 'a record of'``."""
    return "; ".join(f"{c.section}, '{c.phrase}'" for c in duty.citations)


def subject_words(one: ObligationOutcome) -> str:
    """What a person calls the subject, with its row's label beside it where there is one."""
    return f"{one.subject} ({one.subject_name})" if one.subject_name else one.subject


def place_words(file: str, sheet: str, row: int) -> str:
    """``training.xlsx, sheet Training, row 14``, with what there is of it."""
    parts = [file, f"sheet {sheet_told(sheet)}" if sheet else "", f"row {row}" if row else ""]
    return ", ".join(part for part in parts if part)


def problem_place(problem: ProblemShown) -> str:
    """``training.xlsx, sheet Training, in 3 cells: F14:F15, F18``, with what there is of it; the
    name of the register where a whole register is missing."""
    place = place_words(problem.file, problem.sheet, 0)
    if not place:
        return f"register {problem.register}"
    return f"{place}, {cells_words(problem.cells, problem.count)}" if problem.count else place


def values_found(problem: ProblemShown) -> tuple[str, ...]:
    """The distinct values found in the cells of a problem, and how many more there are."""
    more = (f"and {problem.more_values:,} more",) if problem.more_values else ()
    return (*problem.values, *more)


def item_place(item: ItemShown) -> str:
    """Where an item stands: ``training.xlsx, sheet Training, row 14``."""
    return place_words(item.file, item.sheet, item.row)


def cell_words(item: ItemShown, blank: str = "") -> str:
    """The cells of an item that decided: ``F14 completed on: 2 May 2026``; ``blank`` is what a
    blank one says."""
    return "; ".join(
        f"{cell.cell} {cell.column}: "
        f"{words.SENSITIVE if cell.value is None else cell.value or blank}"
        for cell in item.cells
    )


def finding_words(finding: FindingShown) -> str:
    """A finding with what it is about before it and its places after it."""
    about = f"{finding.subject}: " if finding.subject else ""
    places = f" ({', '.join(finding.places)})" if finding.places else ""
    return f"{about}{finding.message}{places}"


def remedy_words(remedy: Remedy) -> str:
    """What would meet an obligation, in a sentence or two with the cells to write."""
    if not remedy.cells:
        return remedy.words
    cells = "; ".join(map(to_write, remedy.cells))
    return f"{remedy.words} {remedy_place(remedy)}: {cells}."


def to_write(cell: CellToWrite) -> str:
    """A cell to write, under the office's own heading: ``Date done: the day it was done``."""
    return f"{cell.heading or cell.column}: {cell.says or cell.value}"


def remedy_place(remedy: Remedy) -> str:
    """Where a remedy is written: a new row of a register, or the row that stands there."""
    where = place_words(remedy.file, remedy.sheet, remedy.row)
    return f"In {where}" if remedy.row else f"In a new row of {remedy.sheet or remedy.register}"


def rule_name(rule: RuleFired) -> str:
    """The engine's rule that decided."""
    return rule.name or "the second evaluator alone"
