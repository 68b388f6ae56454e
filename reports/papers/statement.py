"""The assurance statement: facts with the rows that show them, and blanks for what a person has to
judge."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from engine.assessment import Assessment, DutyOutcome, ItemShown, WaiverShown
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import normal_key
from reports import view, words
from reports.brief import Brief, action, brief, missed_words
from reports.papers.fields import (
    DocumentLink,
    DutyFact,
    EvidenceRow,
    StatementFields,
    StatementPart,
)
from reports.papers.shared import caveats, more, notices, source
from reports.places import Places
from reports.provided import not_given_words
from rules.papers import StatementContents, StatementSection

#: So many rows of one duty are cited, the latest first.
_ROWS = 4


def statement_fields(
    assessment: Assessment, contents: StatementContents, sign_offs: Sequence[str]
) -> StatementFields:
    """The fields of the statement. The assessment and the sign-offs are without names."""
    parts, as_of = brief(assessment), assessment.as_of
    first = _year_before(as_of) + datetime.timedelta(days=1)
    return StatementFields(
        marking=assessment.rulebook.marking,
        title=contents.title,
        audience=contents.audience,
        office=assessment.office,
        as_of=view.as_of_words(assessment),
        year=words.window_days(first, as_of),
        notices=tuple(notices(assessment)),
        headline=tuple(filter(None, (parts.verdict, parts.partners_verdict))),
        parts=tuple(
            _part(assessment, parts, number, section)
            for number, section in enumerate(contents.sections, 1)
        ),
        sign_offs=tuple(sign_offs),
        caveats=tuple(caveats(assessment, parts)),
        limits=words.met_means(assessment.rulebook.body),
        source=source(assessment),
    )


def _year_before(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def _part(
    assessment: Assessment, parts: Brief, number: int, section: StatementSection
) -> StatementPart:
    duties = [
        duty
        for duty in view.of_list(assessment, view.OFFICE)
        if duty.section in section.sections or duty.id in section.duties
    ]
    return StatementPart(
        number=number,
        heading=section.heading,
        counted=_counted(duties),
        not_assessed=_not_assessed(duties),
        facts=tuple(_fact(assessment, parts, duty) for duty in duties),
        judgement=section.judgement,
        readings=tuple(
            dict.fromkeys(words.reading_words(one) for duty in duties for one in duty.readings)
        ),
    )


def _counted(duties: Sequence[DutyOutcome]) -> str:
    """``Of 8 duties, 6 are met and 2 overdue.``"""
    if not duties:
        return "No duty of this section is in force."
    numbers = Counter(duty.status for duty in duties)
    order = (Status.MET, *(status for status in WORST_FIRST if status is not Status.MET))
    counted = [f"{numbers[status]:,} {words.STATUS[status]}" for status in order if numbers[status]]
    return f"{words.duties(len(duties))}: {', '.join(counted)}."


def _not_assessed(duties: Sequence[DutyOutcome]) -> str:
    """That some or all of the duties were not assessed; '' where none was."""
    missing = sum(duty.status is Status.NOT_ASSESSED for duty in duties)
    if not missing:
        return ""
    if missing == len(duties):
        return "None of these duties was assessed, so this section states nothing about them."
    were = "was" if missing == 1 else "were"
    return f"{missing:,} of these {words.duties(len(duties))} {were} not assessed."


def _fact(assessment: Assessment, parts: Brief, duty: DutyOutcome) -> DutyFact:
    rows = _rows(duty)
    counted = view.duty_counts(duty)
    return DutyFact(
        title=view.named(duty),
        requires=duty.in_brief or duty.rule_words,
        status=words.upper_first(view.duty_words(duty)) + (f": {counted}" if counted else ""),
        reasons=tuple(filter(None, _reasons(assessment, parts, duty))),
        evidence=tuple(_evidence(parts.places, item) for item in rows[:_ROWS]),
        more_evidence=more(rows, _ROWS),
    )


def _evidence(places: Places, item: ItemShown) -> EvidenceRow:
    links = [DocumentLink(f"Open {words_}", address) for words_, address in places.links(item)]
    return EvidenceRow(places.row_and_cells(item), tuple(links))


def _rows(duty: DutyOutcome) -> list[ItemShown]:
    """The rows that met its obligations, each once, the latest first."""
    rows = {
        (item.register, item.file, item.sheet, item.row, item.look.part): item
        for obligation in duty.obligations
        for item in obligation.evidence
    }
    first = datetime.date.min
    return sorted(rows.values(), key=lambda item: item.date or first, reverse=True)


def _reasons(assessment: Assessment, parts: Brief, duty: DutyOutcome) -> Iterator[str]:
    """When it was last done, why it is not met, what was missed in the year, and its waivers."""
    outstanding = duty.status in view.OUTSTANDING
    last = f"last done on {words.day(duty.last_done)}" if duty.last_done else ""
    since = view.overdue_since(assessment.as_of, duty.deadline, duty.days)
    deadline = f"deadline {words.day(duty.deadline)}" if duty.deadline and outstanding else ""
    deadline = f"overdue since {words.day(since)}" if since and outstanding else deadline
    if dates := "; ".join(filter(None, (last, deadline))):
        yield f"{words.upper_first(dates)}."
    if outstanding:
        yield view.TOO_LATE + "." if view.is_too_late(duty) else _why(assessment, parts, duty)
    yield duty.nothing_to_check
    yield not_given_words(duty)
    for period in parts.missed:
        if period.duty.id == duty.id:
            yield f"{missed_words(period.entry)}."
    for waiver in assessment.waivers if duty.counts.waived else ():
        if waiver.state == "in force" and normal_key(waiver.duty) in map(
            normal_key, (duty.id, duty.title)
        ):
            yield _waiver(waiver, parts.places)


def _why(assessment: Assessment, parts: Brief, duty: DutyOutcome) -> str:
    return action(assessment, duty, parts.causes).why


def _waiver(waiver: WaiverShown, places: Places) -> str:
    """``Waived for S012 until 31 March 2027 by the Chief Executive (Waivers sheet, row 4).``"""
    whom = f" for {waiver.subject}" if waiver.subject != "office" else ""
    until = f" until {words.day(waiver.until)}" if waiver.until else ""
    return f"Waived{whom}{until}, approved by {waiver.approved_by} ({places.text(waiver.place)})."
