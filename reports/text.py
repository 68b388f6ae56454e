"""The summary: what the office has to do first, then everything else, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.assessment import Assessment, DutyOutcome, FindingShown
from engine.outcome import Status
from reports import view, words
from reports.provided import (
    also_words,
    before_words,
    heading,
    missing_sheets,
    not_assessed,
    provided_lines,
    records_words,
)

#: How many problems and points to check are written out; the page and the workbook list all.
FEW = 3

#: How many duties that are due are listed, the soonest first.
SOON = 10

#: Where a reader finds what the summary only counts.
ELSEWHERE = "in assessment.html"

_NARROWEST = 40


def summary(assessment: Assessment, width: int = 80) -> str:
    """The assessment in plain text, ending in a line break; no line is longer than ``width``
    characters (at least 40 are taken), long single words aside."""
    width = max(width, _NARROWEST)
    blocks = (
        _head(assessment),
        _office(assessment),
        _others(assessment),
        _problems(assessment),
        _findings(assessment),
        _readings(assessment),
        _not_checked(assessment),
        (words.MET_MEANS,),
        (assessment.rulebook.marking,),
    )
    texts = ["\n".join(_wrapped(block, width)) for block in map(list, blocks) if block]
    return "\n\n".join(texts) + "\n"


def _wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Each line cut to the width; what runs on stands two deeper than the line it belongs to."""
    for line in lines:
        margin = " " * (len(line) - len(line.lstrip()))
        yield from words.wrapped(line.lstrip(), width, margin, margin and margin + "  ")


def _head(assessment: Assessment) -> Iterator[str]:
    book = assessment.rulebook
    yield book.marking
    if assessment.program.notice:
        yield f"NOTICE: {assessment.program.notice}"
    yield f"{book.title}, as of {view.as_of_words(assessment)}"
    if begin := records_words(assessment):
        yield f"{begin}."
    yield f"The office: {view.headline(assessment.status.office)}."
    yield from provided_lines(assessment)


def _office(assessment: Assessment) -> Iterator[str]:
    own = view.of_list(assessment, view.OFFICE)
    left = view.outstanding(own)
    for status in (Status.OVERDUE, Status.CANNOT_TELL):
        yield from _group(assessment, words.STATUS[status], [d for d in left if d.status is status])
    yield from _due([duty for duty in left if duty.status is Status.DUE])
    yield from _group(assessment, view.TOO_LATE, view.too_late(own), view.WHAT_TO_DO)
    if waiting := list(_not_assessed(assessment, view.OFFICE)):
        yield from (*waiting, "")
    yield "THE OFFICE'S DUTIES IN NUMBERS"
    yield from _counted(assessment, view.OFFICE)


def _group(
    assessment: Assessment, title: str, duties: Sequence[DutyOutcome], note: str = ""
) -> Iterator[str]:
    if not duties:
        return
    yield f"{title.upper()}: {words.duties(len(duties))}"
    if note:
        yield f"  {note}"
    for duty in duties:
        since = view.overdue_since(assessment.as_of, duty.deadline, duty.days)
        parts = [
            view.duty_words(duty),
            f"deadline {words.day(duty.deadline)}" if duty.deadline else "",
            f"overdue since {words.day(since)}" if since else "",
            f"next due {words.day(duty.next_due)}" if duty.next_due else "",
            f"owner: {duty.owner}" if duty.owner else "no owner recorded",
            view.duty_counts(duty),
            before_words(duty),
        ]
        yield f"  {view.named(duty)} [{duty.id}]"
        yield "    " + "; ".join(part for part in parts if part)
        yield from _corrections(duty)
    yield ""


def _due(duties: Sequence[DutyOutcome]) -> Iterator[str]:
    """The duties that are due, the soonest first, as far as they are listed."""
    if not duties:
        return
    yield f"{words.STATUS[Status.DUE].upper()}: {words.duties(len(duties))}"
    for duty in duties[:SOON]:
        by = f", by {words.day(duty.deadline)}" if duty.deadline and duty.days else ""
        before = f"; {before_words(duty)}" if before_words(duty) else ""
        owner = f"owner: {duty.owner}" if duty.owner else "no owner recorded"
        yield f"  {view.named(duty)}"
        yield f"    {view.duty_words(duty)}{by}{before}; {owner}"
    if len(duties) > SOON:
        yield f"  and {len(duties) - SOON:,} more, {ELSEWHERE}"
    yield ""


def _corrections(duty: DutyOutcome) -> Iterator[str]:
    """The first thing to correct before the duty can be told, and how many more there are."""
    found = list(
        dict.fromkeys(each for obligation in duty.obligations for each in obligation.to_tell)
    )
    yield from (f"    {each}" for each in found[:1])
    if len(found) > 1:
        yield f"    {words.count(len(found) - 1, 'more correction')}: {ELSEWHERE}"


def _not_assessed(assessment: Assessment, answers: str) -> Iterator[str]:
    """The duties of one list that were not assessed, a line each, by the sheet that they wait
    for."""
    found = not_assessed(view.of_list(assessment, answers))
    if not found:
        return
    yield f"{words.STATUS[Status.NOT_ASSESSED].upper()}: {words.duties(len(found))}"
    for sheet in missing_sheets(assessment.duties):
        listed = [duty for duty in sheet.listed if duty.answers == answers]
        if listed:
            yield f"  {heading(sheet)}:"
        for duty in listed:
            also = also_words(sheet, duty)
            yield f"    {view.named(duty)} [{duty.id}]{f', {also}' if also else ''}"


def _counted(assessment: Assessment, answers: str) -> Iterator[str]:
    office = answers == view.OFFICE
    outcome = assessment.status.office if office else assessment.status.others
    yield f"  Duties: {words.counts_words(outcome.duties) or 'none'}"
    yield f"  Obligations: {words.counts_words(outcome.obligations) or 'none'}"
    if office and assessment.not_in_force:
        yield f"  Not in force on this day: {words.duties(len(assessment.not_in_force))}"


def _others(assessment: Assessment) -> Iterator[str]:
    own = view.of_list(assessment, view.OTHERS)
    if not own:
        return
    yield f"DUTIES OF OTHERS. {words.OTHERS_MEAN}"
    yield from _counted(assessment, view.OTHERS)
    for duty in (*view.outstanding(own), *view.too_late(own)):
        if duty.status is not Status.DUE:
            late = ", too late to do" if view.is_too_late(duty) else ""
            yield f"  {view.named(duty)} [{duty.id}]"
            yield f"    {view.duty_words(duty)}{late}; {duty.bearer}"
    yield from (f"  {line}" for line in _not_assessed(assessment, view.OTHERS))


def _problems(assessment: Assessment) -> Iterator[str]:
    if not assessment.problems:
        return
    yield f"COULD NOT BE READ: {words.count(len(assessment.problems), 'problem')}"
    for problem in assessment.problems[:FEW]:
        column = f"Column '{problem.heading or problem.column}': " if problem.count else ""
        yield f"  {view.problem_place(problem)}: {column}{problem.message}"
    yield from _more(len(assessment.problems))


def _findings(assessment: Assessment) -> Iterator[str]:
    if not assessment.findings:
        return
    yield f"POINTS TO CHECK: {len(assessment.findings):,}"
    names = view.names(assessment)
    for finding in _urgent_findings(assessment)[:FEW]:
        named = ", ".join(filter(None, (names.get(finding.duty, ""), finding.subject)))
        about = f"{named}: " if named else ""
        yield f"  {about}{finding.message} ({', '.join(finding.places) or 'no place'})"
    yield from _more(len(assessment.findings))


def _urgent_findings(assessment: Assessment) -> list[FindingShown]:
    """The findings about what is outstanding first, in the order of their duties."""
    ranks = {duty.id: rank for rank, duty in enumerate(view.outstanding(assessment.duties))}
    return sorted(assessment.findings, key=lambda each: ranks.get(each.duty, len(ranks)))


def _more(number: int) -> Iterator[str]:
    if number > FEW:
        yield f"  and {number - FEW:,} more, {ELSEWHERE}"


def _readings(assessment: Assessment) -> Iterator[str]:
    if number := len(assessment.readings):
        yield f"HOW THE SOP WAS INTERPRETED: {words.count(number, 'phrase')}, {ELSEWHERE}"


def _not_checked(assessment: Assessment) -> Iterator[str]:
    yield "NOT CHECKED"
    yield from (f"  {sentence}" for sentence in assessment.not_checked[:FEW])
    yield from _more(len(assessment.not_checked))
