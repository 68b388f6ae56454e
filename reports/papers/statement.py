"""The assurance statement: facts with the rows that show them, and blanks for what a person has to
judge."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.assessment import (
    Assessment,
    DutyOutcome,
    ItemShown,
    ObligationOutcome,
    WaiverShown,
    WaiverState,
)
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.brief import (
    Brief,
    action,
    brief,
    days_after_event,
    event_words,
    finding_words,
    findings_of,
    missed_words,
    subject_words,
)
from reports.papers.fields import (
    DocumentLink,
    DutyFact,
    EvidenceRow,
    StatementFields,
    StatementPart,
)
from reports.papers.shared import (
    abbreviations,
    anonymous,
    caveats,
    deadline_words,
    more,
    notices,
    of_office,
    section_titles,
    source,
    spelled_out,
)
from reports.places import Places
from reports.provided import not_given_words
from rules.papers import StatementContents, StatementSection
from rules.patterns import kinds_where

#: So many rows of one duty are cited, the latest first.
_ROWS = 3

#: How what is older than the year of the statement is marked.
_BEFORE_YEAR = ", before the year"

#: The kinds of the patterns of duties to be done before an event or about a record.
_BEFORE = kinds_where(lambda pattern: pattern.ahead or pattern.stays_met)


def statement_fields(
    assessment: Assessment, contents: StatementContents, sign_offs: Sequence[str]
) -> StatementFields:
    """The fields of the statement. The assessment and the sign-offs are without names."""
    parts, own = brief(assessment), view.of_list(assessment, view.OFFICE)
    annex = list[EvidenceRow]()
    stated = [
        [duty for duty in own if duty.section in one.sections or duty.id in one.duties]
        for one in contents.sections
    ]
    ids = {duty.id for duties in stated for duty in duties}
    covered = [duty for duty in own if duty.id in ids]
    others = [duty for duty in own if duty.id not in ids]
    overdue, others_overdue = (
        tuple(
            _overdue(assessment, duty)
            for duty in view.by_urgency(duties)
            if duty.status is Status.OVERDUE
        )
        for duties in (covered, others)
    )
    year, first, last = _year(assessment, contents.duty)
    draft = [_draft(assessment, last)] if last > assessment.as_of else []
    in_year = _Year(assessment, parts, first, last)
    fields = StatementFields(
        marking=assessment.rulebook.marking,
        title=contents.title + (" (draft)" if draft else ""),
        audience=contents.audience,
        office=of_office(assessment),
        as_of=view.as_of_words(assessment),
        year=year,
        notices=(*draft, *notices(assessment)),
        scope=_scope(assessment, len(covered), len(own), listed_=bool(others_overdue)),
        headline=_counted(covered, in_year),
        overdue=overdue,
        breaches=tuple(
            f"{view.named(duty)}: {text}"
            for duty in covered
            for text in (*in_year.breaches(duty), *map(words.lower_first, in_year.missed(duty)))
        ),
        parts=tuple(
            _part(in_year, (number, section), duties, annex)
            for number, (section, duties) in enumerate(
                zip(contents.sections, stated, strict=True), 1
            )
        ),
        others=_counted(others, in_year),
        others_overdue=others_overdue,
        sign_offs=tuple(sign_offs),
        caveats=tuple(caveats(assessment, replace(parts, late=""))),
        annex=tuple(annex),
        readings=tuple(_readings(assessment, covered)),
        abbreviations="",
        limits=parts.met_means,
        source=source(assessment),
    )
    spelled = spelled_out(assessment, anonymous(fields))
    ends = abbreviations(assessment, fields), section_titles(assessment, fields)
    return replace(spelled, abbreviations=" ".join(filter(None, ends)))


def _year(assessment: Assessment, duty_id: str) -> tuple[str, datetime.date, datetime.date]:
    """``2026/27, 1 April 2026 to 31 March 2027``: the period of the duty to make the statement, or
    the twelve months up to the check; with its first and last day."""
    as_of = assessment.as_of
    of_duty = [one for d in assessment.duties if d.id == duty_id for one in d.obligations]
    for one in sorted(of_duty, key=view.worst_first):
        if one.window and one.opens and one.deadline:
            named = f"{one.window}, {words.days_between(one.opens, one.deadline)}"
            return named, one.opens, one.deadline
    first = _year_before(as_of) + datetime.timedelta(days=1)
    return words.window_days(first, as_of), first, as_of


def _draft(assessment: Assessment, last: datetime.date) -> str:
    """That the year is not over."""
    left = words.count((last - assessment.as_of).days, "day")
    return (
        f"Draft. The statement year ends on {words.day(last)}, {left} after this check. "
        "What is done or missed until then is not in it. Check again after that day, before "
        "anybody signs."
    )


def _overdue(assessment: Assessment, duty: DutyOutcome) -> str:
    """An overdue duty with its deadline and its owner."""
    since = deadline_words(assessment, duty).removeprefix("overdue ")
    parts = (view.duty_words(duty), since, view.owner_words(duty))
    return f"{view.named(duty)}: {', '.join(filter(None, parts))}"


def _year_before(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def _scope(assessment: Assessment, covered: int, total: int, *, listed_: bool) -> str:
    """That the statement is about a part of the office's duties only."""
    called = assessment.rulebook.body.called
    if covered == total:
        return f"This statement covers all {words.duties(total)} of the {called}."
    rest = "The others that are overdue are listed at the end by title."
    none = "None of the others is overdue."
    return (
        f"This statement covers {covered:,} of the {words.duties(total)} of the {called}: those "
        f"that the SOP requires in it. {rest if listed_ else none}"
    )


@dataclass(frozen=True, slots=True)
class _Year:
    """What was done late or missed in the year of the statement, from its ``first`` to its ``last``
    day, and what before."""

    assessment: Assessment
    parts: Brief
    first: datetime.date
    last: datetime.date

    def has(self, obligation: ObligationOutcome) -> bool:
        """Whether an obligation fell due, or was done late, in the year."""
        deadline = obligation.deadline
        if deadline is None:
            return True
        return deadline + datetime.timedelta(days=obligation.late_days) >= self.first

    def late(self, duty: DutyOutcome) -> tuple[int, int]:
        """How many of its obligations were met late in the year, and how many before."""
        late = [self.has(one) for one in duty.obligations if one.late_days]
        return sum(late), len(late) - sum(late)

    def breaches(self, duty: DutyOutcome, *, before: bool = False) -> Iterator[str]:
        """What was done late in the year, or before: after the event before which it had to be
        done, or after its deadline."""
        late = [one for one in duty.obligations if one.late_days and self.has(one) is not before]
        late.sort(key=lambda one: one.late_days, reverse=True)
        for one in late[:_ROWS]:
            about = subject_words(one, self.assessment)
            if after := days_after_event(one) if duty.pattern in _BEFORE else 0:
                event = event_words(self.parts.places, one.listed_at)
                days = f"{words.count(after, 'day')} after its {event}"
                yield f"{about} was done {days}, so the duty was not kept in time."
            else:
                about = f" for {about}" if duty.counts.total > 1 else ""
                days = words.count(one.late_days, "day")
                yield f"done {days} after the deadline of {words.day(one.deadline)}{about}."
        if rest := late[_ROWS:]:
            by = words.count(rest[0].late_days, "day")
            yield f"{words.count(len(rest), 'more was', 'more were')} done late, by {by} at most."

    def missed(self, duty: DutyOutcome, *, before: bool = False) -> Iterator[str]:
        """What was missed in the year, or in the last 12 months before it."""
        for period in self.parts.missed:
            deadline = period.entry.deadline
            if not deadline or deadline > self.last or (deadline < self.first) is not before:
                continue
            if period.duty.id == duty.id:
                yield f"{missed_words(period.entry)}."

    def marked(self, day: datetime.date | None) -> str:
        """A day, and whether it is before the year."""
        return f"{words.day(day)}{_BEFORE_YEAR if day and day < self.first else ''}"


def _readings(assessment: Assessment, covered: Sequence[DutyOutcome]) -> Iterator[str]:
    """How the phrases were interpreted that the duties depend on, a text for each section."""
    seen = set[str]()
    for section in assessment.sections:
        own = [
            f"'{one.phrase}' means {words.lower_first(one.reading).removesuffix('.')}"
            for duty in covered
            if duty.section == section.section
            for one in duty.readings
        ]
        if new := [text for text in dict.fromkeys(own) if text not in seen]:
            seen.update(new)
            title = words.under_section(section.section, section.title)
            yield f"{title}: {'; '.join(new)}."


def _part(
    year: _Year,
    section: tuple[int, StatementSection],
    duties: Sequence[DutyOutcome],
    annex: list[EvidenceRow],
) -> StatementPart:
    """A section; the rows that show its duties are added to the annex."""
    number, contents = section
    return StatementPart(
        number=number,
        heading=contents.heading,
        counted=_counted(duties, year) or "No duty of this section is in force.",
        not_assessed=_not_assessed(duties),
        facts=tuple(_fact(year, duty, annex) for duty in duties),
        judgement=contents.judgement,
    )


def _counted(duties: Sequence[DutyOutcome], year: _Year) -> str:
    """``8 duties: 6 met (1 late), 2 overdue.``; '' for no duty."""
    if not duties:
        return ""
    numbers = Counter(duty.status for duty in duties)
    order = (Status.MET, *(status for status in WORST_FIRST if status is not Status.MET))
    counted = [f"{numbers[status]:,} {words.STATUS[status]}" for status in order if numbers[status]]
    late = [duty for duty in duties if view.days_late(duty)]
    if late:
        number, all_ = f"{len(late):,}", len(late) == numbers[Status.MET]
        if all_ and len(late) > 1:
            number = "both" if len(late) == 2 else f"all {number}"
        before = sum(not year.late(duty)[0] for duty in late)
        of = f", {before:,} of them" if before < len(late) else ","
        month = words.day(year.first).removeprefix("1 ")
        counted[0] += f" ({number} late{f'{of} before {month}' if before else ''})"
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


def _fact(year: _Year, duty: DutyOutcome, annex: list[EvidenceRow]) -> DutyFact:
    assessment, parts = year.assessment, year.parts
    rows = _rows(duty)
    numbers = [_number(parts.places, item, annex, year) for item in rows[:_ROWS]]
    counted = view.duty_counts(duty)
    status = view.duty_words(duty)
    if counted and view.days_late(duty):
        status, counted = "met late", _counted_late(duty)
    elif counted and duty.counts.met == duty.counts.total:
        status, counted = f"{status} ({duty.counts.met:,} of {duty.counts.total:,})", ""
    findings = (  # a message goes on with its places
        replace(finding, message=finding.message.removesuffix("."))
        for finding in findings_of(assessment).get(duty.id, ())
    )
    points = [f"To check: {finding_words(finding, parts.places)}." for finding in findings]
    return DutyFact(
        title=view.named(duty),
        requires=duty.in_brief or duty.rule_words,
        status=words.upper_first(status) + (f": {counted}" if counted else ""),
        reasons=(
            *map(words.upper_first, year.breaches(duty)),
            *(f"Before the year: {text}" for text in year.breaches(duty, before=True)),
            *filter(None, _reasons(year, duty)),
        ),
        points=(*points[:_ROWS], *filter(None, [more(points, _ROWS)])),
        evidence=_numbers(numbers, len(rows)),
    )


def _counted_late(duty: DutyOutcome) -> str:
    """``15 of 16 done, one of them 7 days late; 1 not yet due``."""
    counts, late = duty.counts, duty.counts.met_late
    of_them = "one of them" if late == 1 else f"{late:,} of them up to"
    days = words.count(view.days_late(duty), "day")
    rest = [
        f"{words.number_of(counts, status):,} {word}"
        for status, word in words.STATUS.items()
        if status is not Status.MET and words.number_of(counts, status)
    ]
    done = f"{counts.met:,} of {counts.total:,} done, {of_them} {days} late"
    return "; ".join([done, *([", ".join(rest)] if rest else [])])


def _numbers(numbers: Sequence[int], rows: int) -> str:
    """``Evidence 4 to 6 in the annex (the latest 3 of 15 rows)``; '' for none."""
    if not numbers:
        return ""
    of = f" (the latest {len(numbers):,} of {rows:,} rows)" if rows > len(numbers) else ""
    first, *others = numbers
    if len(others) > 1 and numbers == list(range(first, first + len(numbers))):
        return f"Evidence {first:,} to {numbers[-1]:,} in the annex{of}"
    return f"Evidence {listed([f'{number:,}' for number in numbers])} in the annex{of}"


def _number(places: Places, item: ItemShown, annex: list[EvidenceRow], year: _Year) -> int:
    """The number of a row in the annex, to which it is added unless it is there already."""
    row = _evidence(places, item, len(annex) + 1)
    if item.date and item.date < year.first:
        row = replace(row, words=f"{row.words} (before the year)")
    for other in annex:
        if (other.words, other.links) == (row.words, row.links):
            return other.number
    annex.append(row)
    return row.number


def _evidence(places: Places, item: ItemShown, number: int) -> EvidenceRow:
    links = [DocumentLink(f"Open {words_}", address) for words_, address in places.links(item)]
    return EvidenceRow(number, places.row_and_cells(item), tuple(links))


def _rows(duty: DutyOutcome) -> list[ItemShown]:
    """The rows that met its obligations, each once, the latest first."""
    rows = {
        (item.register, item.file, item.sheet, item.row, item.look.part): item
        for obligation in duty.obligations
        for item in obligation.evidence
    }
    first = datetime.date.min
    return sorted(rows.values(), key=lambda item: item.date or first, reverse=True)


def _reasons(year: _Year, duty: DutyOutcome) -> Iterator[str]:
    """When it was last done, why it is not met, what was missed, and its waivers."""
    assessment, parts = year.assessment, year.parts
    outstanding = duty.status in view.OUTSTANDING
    # What was done last may be about another person or meeting than what is outstanding.
    one = duty.counts.total == 1 or not outstanding
    last = f"last done on {year.marked(duty.last_done)}" if duty.last_done and one else ""
    deadline = deadline_words(assessment, duty)
    why = ""
    if outstanding:
        why = action(assessment, duty, parts.next_steps).why
        why = f"{view.TOO_LATE}." if view.is_too_late(duty) else why
    if why.startswith("Last completed"):  # which says both days
        last = deadline = ""
    if dates := "; ".join(filter(None, (last, deadline))):
        yield f"{words.upper_first(dates)}."
    yield why
    yield duty.nothing_to_check
    yield not_given_words(duty)
    yield from year.missed(duty)
    for text in year.missed(duty, before=True):
        yield f"Before the year: {text}"
    for waiver in assessment.waivers if duty.counts.waived else ():
        if waiver.state == WaiverState.IN_FORCE and normal_key(waiver.duty) in map(
            normal_key, (duty.id, duty.title)
        ):
            yield _waiver(waiver, parts.places)


def _waiver(waiver: WaiverShown, places: Places) -> str:
    """``Waived for S012 until 31 March 2027 by the Chief Executive (Waivers sheet, row 4).``"""
    whom = f" for {waiver.subject}" if waiver.subject != "office" else ""
    until = f" until {words.day(waiver.until)}" if waiver.until else ""
    return f"Waived{whom}{until}, approved by {waiver.approved_by} ({places.text(waiver.place)})."
