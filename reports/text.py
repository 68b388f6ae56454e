"""The summary for a terminal: what the office has to do first, then everything else, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.assessment import Assessment, DutyOutcome
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

#: How many problems and findings are told in full; all of them are in the other reports.
FEW = 3

_NARROWEST = 40


def summary(assessment: Assessment, width: int = 80, *, brief: bool = False) -> str:
    """The assessment in plain text, ending in a line break; no line is longer than ``width``
    characters (at least 40 are taken), long single words aside. ``brief``: for a terminal, where
    readings and notes on files are counted, since the reports that go with it list them."""
    width = max(width, _NARROWEST)
    blocks = (
        _head(assessment),
        _office(assessment),
        _others(assessment),
        _problems(assessment),
        _findings(assessment),
        _readings(assessment, brief),
        _not_checked(assessment, brief),
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
    for status in view.OUTSTANDING:
        yield from _group(assessment, words.STATUS[status], [d for d in left if d.status is status])
    yield from _group(assessment, view.TOO_LATE, view.too_late(own), view.WHAT_TO_DO)
    if waiting := list(_not_assessed(assessment, view.OFFICE)):
        yield from (*waiting, "")
    yield "THE OFFICE'S DUTIES, COUNTED"
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
            before_words(duty),
            f"owner: {duty.owner}" if duty.owner else "no owner recorded",
        ]
        yield f"  {view.named(duty)} [{duty.id}]"
        yield "    " + "; ".join(part for part in parts if part)
        if counts := view.duty_counts(duty):
            yield f"    {counts}"
        yield from _corrections(duty)
    yield ""


def _corrections(duty: DutyOutcome) -> Iterator[str]:
    """What to correct before the duty can be told."""
    found = list(dict.fromkeys(each for one in duty.obligations for each in one.to_tell))
    yield from (f"    {each}" for each in found[:FEW])
    if len(found) > FEW:
        yield f"    {words.count(len(found) - FEW, 'more correction')}, in the other reports"


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
        late = ", too late to do" if view.is_too_late(duty) else ""
        yield f"  {view.named(duty)} [{duty.id}]"
        yield f"    {view.duty_words(duty)}{late}; {duty.bearer}"
    yield from (f"  {line}" for line in _not_assessed(assessment, view.OTHERS))


def _problems(assessment: Assessment) -> Iterator[str]:
    if not assessment.problems:
        return
    yield f"COULD NOT BE READ: {words.count(len(assessment.problems), 'problem')}"
    for problem in assessment.problems[:FEW]:
        column = f"Column {problem.column}: " if problem.count > 1 else ""
        yield f"  {view.problem_place(problem)}: {column}{problem.message}"
    yield from _more(len(assessment.problems))


def _findings(assessment: Assessment) -> Iterator[str]:
    if not assessment.findings:
        return
    yield f"POINTS TO CHECK: {len(assessment.findings):,}"
    for finding in assessment.findings[:FEW]:
        named = ", ".join(filter(None, (finding.duty, finding.subject)))
        about = f"{named}: " if named else ""
        yield f"  {about}{finding.message} ({', '.join(finding.places) or 'no place'})"
    yield from _more(len(assessment.findings))


def _more(number: int) -> Iterator[str]:
    if number > FEW:
        yield f"  and {number - FEW:,} more, in the other reports"


def _readings(assessment: Assessment, brief: bool) -> Iterator[str]:
    readings = assessment.readings
    if readings:
        listed = ", listed in the other reports" if brief else ""
        yield f"HOW THE SOP WAS INTERPRETED: {words.count(len(readings), 'phrase')}{listed}"
    for reading in () if brief else readings:
        yield f"  '{reading.phrase}' is interpreted as: {reading.reading}"


def _not_checked(assessment: Assessment, brief: bool) -> Iterator[str]:
    yield "NOT CHECKED"
    sentences = assessment.not_checked
    yield from (f"  {sentence}" for sentence in sentences[: FEW if brief else None])
    yield from _more(len(sentences) if brief else 0)
