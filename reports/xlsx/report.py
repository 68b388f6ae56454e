"""The assessment as a workbook: a summary, and the lists to sort and filter."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    Changes,
    ComingObligation,
    ComingVersion,
    DutyOutcome,
    FindingShown,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    ReadingShown,
    TrendPoint,
)
from engine.outcome import Status
from evidence.deterministic import room_for_sheets, save_workbook_bytes
from evidence.raw_cells import cell_address
from reports import trend, view, words
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import Brief, brief
from reports.coming import ending, kind_words
from reports.compare.change_words import cause_words, input_lines, row_change
from reports.examined import UNREAD, pointer_words, shared_words
from reports.next_step import NextStep
from reports.owners.tasks import NO_OWNER, TO_CORRECT, OwnerTasks, owner_tasks
from reports.places import Places
from reports.provided import before_records
from reports.xlsx.sheet import (
    MET_LATE,
    Column,
    Link,
    ReportBook,
    Thing,
    WebLink,
    add_sheet,
    table,
)
from reports.xlsx.summary import summary

#: The sections and titles of duties by their ids, one a line.
Titles: TypeAlias = Callable[[Iterable[str]], str]


class _Check(NamedTuple):
    """An obligation with its duty, the words about its unread rows, and its cause."""

    duty: DutyOutcome
    obligation: ObligationOutcome
    unread: str
    cause: NextStep


class _ChangeLine(NamedTuple):
    """A change: of a row, of what was given, or of an obligation."""

    duty: str
    subject: str
    window: str
    was: str
    now: str
    why: str
    cells: str = ""


class _Coming(NamedTuple):
    """A coming version with one of the obligations that it makes due or overdue, if any; or a duty
    that ends."""

    day: datetime.date
    rule: str
    thing: ComingVersion | DutyOutcome
    what: str
    status: Status | None = None
    status_without: Status | None = None
    obligation: ComingObligation | None = None
    says: str = ""


class _UnreadRow(NamedTuple):
    duty: DutyOutcome
    might_meet: str
    item: ItemShown


class _OwnerRow(NamedTuple):
    """A task of an owner, or a correction with the duties that it affects."""

    owner: OwnerTasks
    group: str
    duties: Sequence[DutyOutcome]
    why: str
    step: str


def _fix(row: _Check) -> str:
    """What to correct before it can be judged, or what would meet the obligation."""
    if row.obligation.status is Status.CANNOT_TELL and row.obligation.to_tell:
        return "\n".join(row.obligation.to_tell)
    possible = any(remedy.possible for remedy in row.obligation.would_be_met_by)
    note = words.RECORD_ONLY if possible else ""
    lines = (view.rows_lines(remedy, row.cause.step) for remedy in row.cause.rows)
    rows = (
        f"{intro} {'; '.join(cells)}." if cells else intro for intro, *cells in filter(None, lines)
    )
    return "\n".join(filter(None, (note, row.cause.step, *rows)))


class _LinkedDocument(NamedTuple):
    """A link to a document in a row that a duty cites."""

    duty: DutyOutcome
    item: ItemShown
    heading: str
    address: str


def _items(items: Iterable[ItemShown], places: Places) -> str:
    return "\n".join(places.row_and_cells(item, "") for item in items)


def _item_link(item: ItemShown | None, places: Places) -> Link | None:
    if item is None:
        return None
    cell = cell_address((*item.look.letters, "A")[0], item.row)
    return Link(places.item(item), item.file, item.sheet, cell)


def _problem_link(problem: ProblemShown, places: Places) -> Link:
    cell = problem.cells[0].partition(":")[0] if problem.cells else "A1"
    return Link(places.problem(problem), problem.file, problem.sheet, cell)


def _finding_link(finding: FindingShown, places: Places) -> Link | None:
    """A link to the first ``file!sheet!cell``; to the file alone where the place has no cell."""
    if not finding.places:
        return None
    place = finding.places[0]
    file, _, rest = place.partition("!")
    sheet, _, cell = rest.rpartition("!")
    return Link(places.text(place), file, sheet, cell if cell.isalnum() else "A1")


# The columns of each list: first those for a lead, which are printed, then those for an auditor.
# 'whose' has the word for each list's duties: the body's own, and those of partners.


def _duty_columns(whose: Mapping[str, str]) -> tuple[Column[DutyOutcome], ...]:
    return (
        ("Section", 9, lambda duty: words.section(duty.section)),
        ("Duty", 40, lambda duty: duty.title),
        ("Status", 14, lambda duty: MET_LATE if view.days_late(duty) else duty.status),
        ("Deadline", 18, lambda duty: duty.deadline),
        ("Days left", 9, lambda duty: duty.days),
        ("Owner", 20, view.owner_words),
        ("What has to be done", 44, lambda duty: duty.in_brief),
        ("Checks", 30, lambda duty: duty.nothing_to_check or words.counts_words(duty.counts)),
        ("Too late to do", 9, lambda duty: view.too_late_number(duty) or None),
        ("Days late", 9, lambda duty: view.days_late(duty) or None),
        ("Next due", 18, lambda duty: duty.next_due),
        ("Last done", 18, lambda duty: duty.last_done),
        ("Sheets not provided", 26, lambda duty: ", ".join(duty.not_given)),
        ("Responsible", 18, lambda duty: duty.bearer),
        ("Duties of", 9, lambda duty: whose[duty.answers]),
        ("Strength", 9, lambda duty: duty.strength),
        ("SOP reference", 34, view.citations_words),
        ("Before records began", 9, lambda duty: before_records(duty) or None),
        ("Rule", 26, lambda duty: duty.id),
        ("Rule from", 18, lambda duty: duty.version_from),
        ("Pattern", 24, lambda duty: duty.pattern),
    )


_CHANGES: tuple[Column[_ChangeLine], ...] = (
    ("Duty", 34, lambda row: row.duty),
    ("Item", 20, lambda row: row.subject),
    ("Period", 11, lambda row: words.period(row.window)),
    ("Was", 18, lambda row: row.was),
    ("Now", 18, lambda row: row.now),
    ("Why", 60, lambda row: row.why),
    ("Cells", 40, lambda row: row.cells),
)

_TREND: tuple[Column[TrendPoint], ...] = (
    ("Report", 18, lambda point: point.as_of),
    *((title, 18, number_of) for title, _, number_of in trend.NUMBERS),
)


def _check_columns(places: Places, whose: Mapping[str, str]) -> tuple[Column[_Check], ...]:
    return (
        ("Section", 9, lambda row: words.section(row.duty.section)),
        ("Duty", 34, lambda row: row.duty.title),
        ("Item", 20, lambda row: places.subject(row.obligation.subject)),
        ("Named", 18, lambda row: row.obligation.subject_name),
        ("Period", 11, lambda row: words.period(row.obligation.window)),
        ("Status", 14, lambda row: MET_LATE if row.obligation.late_days else row.obligation.status),
        ("Deadline", 18, lambda row: row.obligation.deadline),
        ("Days left", 9, lambda row: row.obligation.days),
        ("Days late", 9, lambda row: row.obligation.late_days or None),
        ("Why", 36, lambda row: row.cause.why),
        ("What to do", 44, _fix),
        ("Too late to do", 9, lambda row: "yes" if view.is_past(row.obligation) else None),
        ("Opens", 18, lambda row: row.obligation.opens),
        ("Last done", 18, lambda row: row.obligation.last_done),
        ("Working of the deadline", 36, lambda row: places.text(row.obligation.derivation)),
        ("First evidence", 28, lambda row: _item_link((*row.obligation.evidence, None)[0], places)),
        ("All evidence", 44, lambda row: _items(row.obligation.evidence, places)),
        ("Source", 28, lambda row: _item_link(row.obligation.listed_at, places)),
        (UNREAD, 36, lambda row: row.unread),
        ("Remarks", 36, lambda row: "\n".join(row.obligation.remarks)),
        ("Duties of", 9, lambda row: whose[row.duty.answers]),
        ("Rule", 26, lambda row: row.duty.id),
        ("Decided by", 28, lambda row: view.rule_name(row.obligation.rule)),
    )


def _owner_columns(whose: Mapping[str, str]) -> tuple[Column[_OwnerRow], ...]:
    return (
        ("Owner", 20, lambda row: row.owner.name or NO_OWNER),
        ("What is needed", 14, lambda row: row.group),
        ("Section", 8, lambda row: "\n".join(words.section(duty.section) for duty in row.duties)),
        ("Duty", 28, lambda row: "\n".join(duty.title for duty in row.duties)),
        ("Deadline", 16, lambda row: row.duties[0].deadline if len(row.duties) == 1 else None),
        (
            "Days left",
            12,
            lambda row: words.days_words(row.duties[0].days) if len(row.duties) == 1 else None,
        ),
        ("Why", 28, lambda row: row.why),
        ("What to do", 34, lambda row: row.step),
        ("Duties of", 9, lambda row: "\n".join(whose[duty.answers] for duty in row.duties)),
        ("Rule", 26, lambda row: "\n".join(duty.id for duty in row.duties)),
    )


def _unread_columns(places: Places) -> tuple[Column[_UnreadRow], ...]:
    return (
        ("Section", 9, lambda row: words.section(row.duty.section)),
        ("Duty", 40, lambda row: row.duty.title),
        ("May count for", 44, lambda row: row.might_meet),
        ("Row", 34, lambda row: _item_link(row.item, places)),
        ("Cells", 70, lambda row: places.cells(row.item)),
        ("Rule", 26, lambda row: row.duty.id),
    )


def _linked_columns(places: Places) -> tuple[Column[_LinkedDocument], ...]:
    return (
        ("Section", 9, lambda row: words.section(row.duty.section)),
        ("Duty", 40, lambda row: row.duty.title),
        ("Column", 18, lambda row: row.heading),
        ("Document", 70, lambda row: WebLink(row.address, row.address)),
        ("Row", 34, lambda row: _item_link(row.item, places)),
    )


def _coming(assessment: Assessment) -> Iterator[_Coming]:
    """The versions that begin within a year, and then the duties that end."""
    for version in assessment.coming:
        line = _Coming(version.begins, version.duty, version, kind_words(version))
        for one in version.obligations or (None,):
            told = one or version
            yield line._replace(
                status=told.status,
                status_without=told.status_without,
                obligation=one,
                says=version.rule_words,
            )
    for last, duty in ending(assessment):
        yield _Coming(last, duty.id, duty, "last day of the duty")


def _coming_columns(places: Places) -> tuple[Column[_Coming], ...]:
    return (
        ("Day", 18, lambda row: row.day),
        ("Section", 9, lambda row: words.section(row.thing.section)),
        ("Duty", 34, lambda row: row.thing.title),
        ("What is coming", 20, lambda row: row.what),
        ("Owner, or responsible", 20, lambda row: view.responsible(row.thing)),
        ("Item", 20, lambda row: places.subject(row.obligation.subject) if row.obligation else ""),
        ("Period", 11, lambda row: words.period(row.obligation.window) if row.obligation else ""),
        ("Status", 14, lambda row: row.status),
        ("Deadline", 18, lambda row: row.obligation.deadline if row.obligation else None),
        ("Status without it", 14, lambda row: row.status_without),
        (
            "Deadline without it",
            18,
            lambda row: row.obligation.deadline_without if row.obligation else None,
        ),
        ("What it says", 70, lambda row: row.says),
        ("Rule", 26, lambda row: row.rule),
    )


_AHEAD: tuple[Column[DatedLine], ...] = (
    ("Last day", 18, lambda line: line.date.last_day),
    ("Becomes due", 18, lambda line: line.date.due),
    ("Section", 9, lambda line: words.section(line.duty.section)),
    ("Duty", 34, lambda line: line.duty.title),
    ("Item", 24, lambda line: line.about),
    ("Status now", 14, lambda line: line.date.status),
    ("Owner, or responsible", 20, lambda line: line.responsible),
    ("Depends on a meeting", 12, lambda line: "yes" if line.date.at_meeting else ""),
    ("Rule", 26, lambda line: line.duty_id),
)


def _problem_columns(places: Places, titles: Titles) -> tuple[Column[ProblemShown], ...]:
    return (
        ("Place", 34, lambda row: _problem_link(row, places)),
        ("Column", 18, lambda row: row.heading or row.column),
        ("Found", 24, lambda row: "\n".join(view.values_found(row))),
        ("What is wrong, and what to enter", 60, lambda row: row.message),
        ("Duties that read it", 48, lambda row: titles(row.duties)),
        ("Kind", 18, lambda row: row.kind),
        ("Register", 18, lambda row: row.register),
        ("Rules", 40, lambda row: ", ".join(row.duties)),
    )


def _finding_columns(places: Places, titles: Titles) -> tuple[Column[FindingShown], ...]:
    return (
        ("Point", 70, lambda row: row.message),
        ("About", 26, lambda row: row.subject),
        ("First place", 36, lambda row: _finding_link(row, places)),
        ("Duty", 46, lambda row: titles([row.duty])),
        ("All places", 48, lambda row: "\n".join(map(places.text, row.places))),
        ("Kind", 22, lambda row: row.kind),
        ("Rows", 26, lambda row: "; ".join(row.rows)),
        ("Rule", 26, lambda row: row.duty),
    )


def _acknowledged_columns(
    places: Places, titles: Titles
) -> tuple[Column[AcknowledgedFinding], ...]:
    return (
        ("Point", 70, lambda row: row.finding.message),
        ("About", 26, lambda row: row.finding.subject),
        ("Reason", 36, lambda row: row.reason),
        ("Acknowledged by", 22, lambda row: row.by_post),
        ("Until", 18, lambda row: row.until),
        ("Duty", 46, lambda row: titles([row.finding.duty])),
        ("Acknowledgement", 36, lambda row: places.text(row.place)),
        ("Kind", 22, lambda row: row.finding.kind),
        ("Rows", 26, lambda row: "; ".join(row.finding.rows)),
        ("Rule", 26, lambda row: row.finding.duty),
    )


def _reading_columns(titles: Titles) -> tuple[Column[tuple[int, ReadingShown]], ...]:
    return (
        ("No.", 6, lambda row: row[0]),
        ("Phrase", 40, lambda row: row[1].phrase),
        ("How we read it", 70, lambda row: row[1].reading),
        ("Duties affected", 60, lambda row: titles(row[1].duties)),
        ("Rules", 40, lambda row: ", ".join(row[1].duties)),
    )


@room_for_sheets()
def to_xlsx(assessment: Assessment, evidence_at: str = "") -> bytes:
    """The workbook's bytes. ``evidence_at`` is the path, with / between its parts, from the
    workbook's folder to the folder of evidence: '' for the same folder. No cell is a formula."""
    book, parts = ReportBook(evidence_at), brief(assessment)
    duties, places = view.by_urgency(assessment.duties), parts.places
    marking, day = assessment.rulebook.marking, words.day(assessment.as_of)
    names = view.names(assessment)
    whose = {view.OFFICE: assessment.rulebook.body.called, view.OTHERS: "partners"}

    def titles(ids: Iterable[str]) -> str:
        return "\n".join(names.get(id_, id_) for id_ in ids)

    def add(
        title: str, columns: Sequence[Column[Thing]], things: Iterable[Thing], empty: str
    ) -> None:
        sheet = add_sheet(book, title, marking)
        table(sheet, f"{marking}. {title}, position at {day}", columns, things, empty)

    summary(add_sheet(book, "Summary", marking), assessment, parts)
    add("Duties", _duty_columns(whose), duties, "No duty is in force.")
    add("Checks", _check_columns(places, whose), _checks(duties, parts), "There are no checks.")
    if assessment.changes:
        since = words.day(assessment.changes.since)
        changed = _changes(assessment.changes, places)
        add("Changes", _CHANGES, changed, f"Nothing changed since {since}.")
    if assessment.trend:
        add("Trend", _TREND, assessment.trend, "")
    rows = _owner_rows(assessment, parts)
    add("Owners", _owner_columns(whose), rows, "Nobody has anything to do.")
    if assessment.year_ahead:
        add("Coming up", _AHEAD, by_last_day(assessment), "")
    if coming := list(_coming(assessment)):
        add("Coming", _coming_columns(places), coming, "")
    none = "No record that cannot be read may count for what is not met."
    unread = _unread_rows(duties, whose[view.OFFICE])
    add("Records to correct", _unread_columns(places), unread, none)
    if linked := list(_linked(duties, places)):
        add("Linked documents", _linked_columns(places), linked, "")
    none = "There is nothing that could not be read."
    add("Could not be read", _problem_columns(places, titles), assessment.problems, none)
    findings = [
        replace(finding, duty=duty)
        for points in parts.points
        for finding, duty in zip(points.findings, points.duties, strict=True)
    ]
    none = "There is nothing to check."
    add("Points to check", _finding_columns(places, titles), findings, none)
    none, acknowledged = "Nothing was acknowledged.", assessment.acknowledged
    add("Acknowledged", _acknowledged_columns(places, titles), acknowledged, none)
    none = "No phrase of the SOP had to be interpreted."
    add("How we read the SOP", _reading_columns(titles), enumerate(assessment.readings, 1), none)
    return save_workbook_bytes(book, assessment.as_of)


def _changes(changes: Changes, places: Places) -> Iterator[_ChangeLine]:
    """The rows to look at first, then what was given otherwise, then each obligation or duty."""
    for row in changes.rows:
        yield _ChangeLine("\n".join(row.met), "", "", "", "", row_change(row), row.words)
    for line in input_lines(changes):
        yield _ChangeLine("", "", "", "", "", line)
    for duty in changes.duties:
        if not duty.obligations:
            yield _ChangeLine(duty.title, "", "", duty.was or "new", duty.now or "gone", duty.note)
        for one in duty.obligations:
            now = one.now or (f"{one.became}, in history" if one.became else "gone")
            why = "\n".join(map(cause_words, one.causes))
            subject = places.subject(one.subject)
            yield _ChangeLine(
                duty.title, subject, words.period(one.window), one.was or "new", now, why
            )


def _owner_rows(assessment: Assessment, parts: Brief) -> Iterator[_OwnerRow]:
    for owner in owner_tasks(assessment, parts.next_steps):
        for task in owner.tasks:
            yield _OwnerRow(owner, task.group, (task.duty,), task.why, task.step)
        for correction in owner.corrections:
            why, _, step = correction.words.partition(". ")
            why, step = (f"{why}.", step) if step else ("", why)
            yield _OwnerRow(owner, TO_CORRECT, correction.duties, why, step)


def _checks(duties: Iterable[DutyOutcome], parts: Brief) -> Iterator[_Check]:
    for duty in duties:
        pointers = pointer_words(duty)
        for obligation in sorted(duty.obligations, key=view.worst_first):
            unread = (
                _items(obligation.unreadable, parts.places),
                *(pointers[group.id] for group in obligation.unread_groups),
            )
            text = "\n".join(filter(None, unread))
            yield _Check(duty, obligation, text, parts.next_steps.of(obligation))


def _linked(duties: Iterable[DutyOutcome], places: Places) -> Iterator[_LinkedDocument]:
    """The links in the rows that each duty cites, each once."""
    for duty in duties:
        seen = set()
        for one in duty.obligations:
            listed_at = (one.listed_at,) if one.listed_at else ()
            for item in (*one.evidence, *listed_at, *one.unreadable):
                for heading, address in places.links(item):
                    key = (item.file, item.sheet, item.row, heading)
                    if key not in seen:
                        seen.add(key)
                        yield _LinkedDocument(duty, item, heading, address)


def _unread_rows(duties: Iterable[DutyOutcome], called: str) -> Iterator[_UnreadRow]:
    """The rows that cannot be read and might meet one of a duty's obligations, or several."""
    for duty in duties:
        for obligation in duty.obligations:
            subject = view.subject_words(obligation, called)
            name = ", ".join(filter(None, (subject, words.period(obligation.window))))
            yield from (_UnreadRow(duty, name, item) for item in obligation.unreadable)
        for group in duty.unread_rows:
            about = shared_words(group)
            yield from (_UnreadRow(duty, about, item) for item in group.rows)
