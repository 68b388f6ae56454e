"""The assessment as a workbook: a summary, and the lists to sort and filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple

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
from evidence.deterministic import room_for_sheets, save_workbook_bytes
from evidence.raw_cells import cell_address
from reports import trend, view, words
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import Brief, brief
from reports.cause import NextStep
from reports.coming import kind_words
from reports.compare.change_words import cause_words, input_lines, row_change
from reports.examined import UNREAD, pointer_words, shared_words
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


class _Check(NamedTuple):
    """An obligation with its duty, and the words about its unread rows."""

    duty: DutyOutcome
    obligation: ObligationOutcome
    unread: str
    places: Places
    cause: NextStep
    whose: str


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
    """A coming version with one of the obligations that it makes due or overdue, if any."""

    version: ComingVersion
    obligation: ComingObligation | None
    subject: str


class _UnreadRow(NamedTuple):
    duty: DutyOutcome
    might_meet: str
    item: ItemShown
    places: Places


class _OwnerRow(NamedTuple):
    """A task of an owner, or a correction with one of the duties that it affects."""

    owner: OwnerTasks
    group: str
    duty: DutyOutcome
    why: str
    step: str
    whose: str


@dataclass(frozen=True, slots=True)
class _Listed(Generic[Thing]):
    """A thing that belongs to duties, with their sections and titles, one a line."""

    thing: Thing
    duties: str
    places: Places


def _fix(row: _Check) -> str:
    """What to correct before it can be judged, or what would meet the obligation."""
    if row.obligation.to_tell:
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
    places: Places


class _NumberedReading(NamedTuple):
    number: int
    reading: ReadingShown
    duties: str


def _items(items: Iterable[ItemShown], places: Places) -> str:
    return "\n".join(places.row_and_cells(item, "") for item in items)


def _item_link(item: ItemShown | None, places: Places) -> Link | None:
    if item is None:
        return None
    cell = cell_address((*item.look.letters, "A")[0], item.row)
    return Link(places.item(item), item.file, item.sheet, cell)


def _problem_link(row: _Listed[ProblemShown]) -> Link:
    problem = row.thing
    cell = problem.cells[0].partition(":")[0] if problem.cells else "A1"
    return Link(row.places.problem(problem), problem.file, problem.sheet, cell)


def _finding_link(row: _Listed[FindingShown]) -> Link | None:
    """A link to the first ``file!sheet!cell``; to the file alone where the place has no cell."""
    if not row.thing.places:
        return None
    place = row.thing.places[0]
    file, _, rest = place.partition("!")
    sheet, _, cell = rest.rpartition("!")
    return Link(row.places.text(place), file, sheet, cell if cell.isalnum() else "A1")


# The columns of each list: first those for a lead, which are printed, then those for an auditor.
# 'whose' has the word for each list's duties: the body's own, and those of partners.


def _duty_columns(whose: Mapping[str, str]) -> tuple[Column[DutyOutcome], ...]:
    return (
        ("Section", 9, lambda duty: words.section(duty.section)),
        ("Duty", 40, lambda duty: duty.title),
        ("Status", 14, lambda duty: MET_LATE if view.days_late(duty) else duty.status),
        ("Deadline", 18, lambda duty: duty.deadline),
        ("Days left", 9, lambda duty: duty.days),
        ("Owner, or monitored by", 20, view.owner_words),
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

_CHECKS: tuple[Column[_Check], ...] = (
    ("Section", 9, lambda row: words.section(row.duty.section)),
    ("Duty", 34, lambda row: row.duty.title),
    ("Item", 20, lambda row: row.places.subject(row.obligation.subject)),
    ("Named", 18, lambda row: row.obligation.subject_name),
    ("Period", 11, lambda row: words.period(row.obligation.window)),
    ("Status", 14, lambda row: MET_LATE if row.obligation.late_days else row.obligation.status),
    ("Deadline", 18, lambda row: row.obligation.deadline),
    ("Days left", 9, lambda row: row.obligation.days),
    ("Days late", 9, lambda row: row.obligation.late_days or None),
    ("Why", 36, lambda row: row.cause.why),
    ("What to do", 44, _fix),
    ("Too late to do", 9, lambda row: "yes" if row.obligation.too_late else None),
    ("Opens", 18, lambda row: row.obligation.opens),
    ("Last done", 18, lambda row: row.obligation.last_done),
    ("Working of the deadline", 36, lambda row: row.places.text(row.obligation.derivation)),
    ("First evidence", 28, lambda row: _item_link((*row.obligation.evidence, None)[0], row.places)),
    ("All evidence", 44, lambda row: _items(row.obligation.evidence, row.places)),
    ("Source", 28, lambda row: _item_link(row.obligation.listed_at, row.places)),
    (UNREAD, 36, lambda row: row.unread),
    ("Remarks", 36, lambda row: "\n".join(row.obligation.remarks)),
    ("Duties of", 9, lambda row: row.whose),
    ("Rule", 26, lambda row: row.duty.id),
    ("Decided by", 28, lambda row: view.rule_name(row.obligation.rule)),
)

_OWNERS: tuple[Column[_OwnerRow], ...] = (
    ("Owner", 24, lambda row: row.owner.name or NO_OWNER),
    ("What is needed", 18, lambda row: row.group),
    ("Section", 9, lambda row: words.section(row.duty.section)),
    ("Duty", 34, lambda row: row.duty.title),
    ("Deadline", 18, lambda row: row.duty.deadline),
    ("Days left", 9, lambda row: row.duty.days),
    ("Why", 36, lambda row: row.why),
    ("What to do", 44, lambda row: row.step),
    ("Duties of", 9, lambda row: row.whose),
    ("Rule", 26, lambda row: row.duty.id),
)

_UNREAD: tuple[Column[_UnreadRow], ...] = (
    ("Section", 9, lambda row: words.section(row.duty.section)),
    ("Duty", 40, lambda row: row.duty.title),
    ("May count for", 44, lambda row: row.might_meet),
    ("Row", 34, lambda row: _item_link(row.item, row.places)),
    ("Cells", 70, lambda row: row.places.cells(row.item)),
    ("Rule", 26, lambda row: row.duty.id),
)

_LINKED: tuple[Column[_LinkedDocument], ...] = (
    ("Section", 9, lambda row: words.section(row.duty.section)),
    ("Duty", 40, lambda row: row.duty.title),
    ("Column", 18, lambda row: row.heading),
    ("Document", 70, lambda row: WebLink(row.address, row.address)),
    ("Row", 34, lambda row: _item_link(row.item, row.places)),
)

_COMING: tuple[Column[_Coming], ...] = (
    ("First day", 18, lambda row: row.version.begins),
    ("Section", 9, lambda row: words.section(row.version.section)),
    ("Duty", 34, lambda row: row.version.title),
    ("What is new", 12, lambda row: kind_words(row.version)),
    ("Owner, or responsible", 20, lambda row: view.responsible(row.version)),
    ("Item", 20, lambda row: row.subject),
    ("Period", 11, lambda row: words.period(row.obligation.window) if row.obligation else ""),
    ("Status", 14, lambda row: (row.obligation or row.version).status),
    ("Deadline", 18, lambda row: row.obligation.deadline if row.obligation else None),
    ("Status without it", 14, lambda row: (row.obligation or row.version).status_without),
    (
        "Deadline without it",
        18,
        lambda row: row.obligation.deadline_without if row.obligation else None,
    ),
    ("What it says", 70, lambda row: row.version.rule_words),
    ("Rule", 26, lambda row: row.version.duty),
)

_AHEAD: tuple[Column[DatedLine], ...] = (
    ("Last day", 18, lambda line: line.date.last_day),
    ("Turns due", 18, lambda line: line.date.due),
    ("Section", 9, lambda line: words.section(line.duty.section)),
    ("Duty", 34, lambda line: line.duty.title),
    ("Item", 24, lambda line: line.about),
    ("Status now", 14, lambda line: line.date.status),
    ("Owner, or responsible", 20, lambda line: line.responsible),
    ("Hangs on a meeting", 12, lambda line: "yes" if line.date.at_meeting else ""),
    ("Rule", 26, lambda line: line.duty_id),
)

_PROBLEMS: tuple[Column[_Listed[ProblemShown]], ...] = (
    ("Place", 34, _problem_link),
    ("Column", 18, lambda row: row.thing.heading or row.thing.column),
    ("Found", 24, lambda row: "\n".join(view.values_found(row.thing))),
    ("What is wrong, and what to enter", 60, lambda row: row.thing.message),
    ("Duties affected", 48, lambda row: row.duties),
    ("Kind", 18, lambda row: row.thing.kind),
    ("Register", 18, lambda row: row.thing.register),
    ("Rules", 40, lambda row: ", ".join(row.thing.duties)),
)

_FINDINGS: tuple[Column[_Listed[FindingShown]], ...] = (
    ("Point", 70, lambda row: row.thing.message),
    ("About", 26, lambda row: row.thing.subject),
    ("First place", 36, _finding_link),
    ("Duty", 46, lambda row: row.duties),
    ("All places", 48, lambda row: "\n".join(map(row.places.text, row.thing.places))),
    ("Kind", 22, lambda row: row.thing.kind),
    ("Rows", 26, lambda row: "; ".join(row.thing.rows)),
    ("Rule", 26, lambda row: row.thing.duty),
)

_ACKNOWLEDGED: tuple[Column[_Listed[AcknowledgedFinding]], ...] = (
    ("Point", 70, lambda row: row.thing.finding.message),
    ("About", 26, lambda row: row.thing.finding.subject),
    ("Reason", 36, lambda row: row.thing.reason),
    ("Acknowledged by", 22, lambda row: row.thing.by_post),
    ("Until", 18, lambda row: row.thing.until),
    ("Duty", 46, lambda row: row.duties),
    ("Acknowledgement", 36, lambda row: row.places.text(row.thing.place)),
    ("Kind", 22, lambda row: row.thing.finding.kind),
    ("Rows", 26, lambda row: "; ".join(row.thing.finding.rows)),
    ("Rule", 26, lambda row: row.thing.finding.duty),
)

_READINGS: tuple[Column[_NumberedReading], ...] = (
    ("No.", 6, lambda row: row.number),
    ("Phrase", 40, lambda row: row.reading.phrase),
    ("How we read it", 70, lambda row: row.reading.reading),
    ("Duties affected", 60, lambda row: row.duties),
    ("Rules", 40, lambda row: ", ".join(row.reading.duties)),
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

    def listed(thing: Thing, ids: Iterable[str]) -> _Listed[Thing]:
        return _Listed(thing, "\n".join(names.get(id_, id_) for id_ in ids), places)

    def add(
        title: str, columns: Sequence[Column[Thing]], things: Iterable[Thing], empty: str
    ) -> None:
        sheet = add_sheet(book, title, marking)
        table(sheet, f"{marking}. {title}, position at {day}", columns, things, empty)

    summary(add_sheet(book, "Summary", marking), assessment, parts)
    add("Duties", _duty_columns(whose), duties, "No duty is in force.")
    add("Checks", _CHECKS, _checks(duties, parts, whose), "There are no checks.")
    if assessment.changes:
        since = words.day(assessment.changes.since)
        changed = _changes(assessment.changes, places)
        add("Changes", _CHANGES, changed, f"Nothing changed since {since}.")
    if assessment.trend:
        add("Trend", _TREND, assessment.trend, "")
    add("Owners", _OWNERS, _owner_rows(assessment, parts, whose), "Nobody has anything to do.")
    if assessment.year_ahead:
        add("Coming up", _AHEAD, by_last_day(assessment), "")
    if assessment.coming:
        add("Coming", _COMING, _coming(assessment.coming, places), "")
    none = "No record that cannot be read may count for what is not met."
    add("Records to correct", _UNREAD, _unread_rows(duties, places, whose[view.OFFICE]), none)
    if linked := list(_linked(duties, places)):
        add("Linked documents", _LINKED, linked, "")
    problems = [listed(problem, problem.duties) for problem in assessment.problems]
    add("Could not be read", _PROBLEMS, problems, "There is nothing that could not be read.")
    findings = [listed(f, (f.duty,)) for points in parts.points for f in points.findings]
    add("Points to check", _FINDINGS, findings, "There is nothing to check.")
    acknowledged = [listed(one, (one.finding.duty,)) for one in assessment.acknowledged]
    add("Acknowledged", _ACKNOWLEDGED, acknowledged, "Nothing was acknowledged.")
    readings = [
        _NumberedReading(number, reading, listed(reading, reading.duties).duties)
        for number, reading in enumerate(assessment.readings, 1)
    ]
    none = "No phrase of the SOP had to be interpreted."
    add("How we read the SOP", _READINGS, readings, none)
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


def _coming(versions: Iterable[ComingVersion], places: Places) -> Iterator[_Coming]:
    for version in versions:
        for one in version.obligations or (None,):
            yield _Coming(version, one, places.subject(one.subject) if one else "")


def _owner_rows(
    assessment: Assessment, parts: Brief, whose: Mapping[str, str]
) -> Iterator[_OwnerRow]:
    for owner in owner_tasks(assessment, parts.causes):
        for task in owner.tasks:
            duty, of = task.duty, whose[task.duty.answers]
            yield _OwnerRow(owner, task.group, duty, task.why, task.step, of)
        for correction in owner.corrections:
            for duty in correction.duties:
                of = whose[duty.answers]
                yield _OwnerRow(owner, TO_CORRECT, duty, "", correction.words, of)


def _checks(
    duties: Iterable[DutyOutcome], parts: Brief, whose: Mapping[str, str]
) -> Iterator[_Check]:
    places = parts.places
    for duty in duties:
        pointers = pointer_words(duty)
        for obligation in sorted(duty.obligations, key=view.worst_first):
            unread = (
                _items(obligation.unreadable, places),
                *(pointers[group.id] for group in obligation.unread_groups),
            )
            text = "\n".join(filter(None, unread))
            cause = parts.causes.of(obligation)
            yield _Check(duty, obligation, text, places, cause, whose[duty.answers])


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
                        yield _LinkedDocument(duty, item, heading, address, places)


def _unread_rows(
    duties: Iterable[DutyOutcome], places: Places, called: str
) -> Iterator[_UnreadRow]:
    """The rows that cannot be read and might meet one of a duty's obligations, or several."""
    for duty in duties:
        for obligation in duty.obligations:
            subject = view.subject_words(obligation, called)
            name = ", ".join(filter(None, (subject, words.period(obligation.window))))
            yield from (_UnreadRow(duty, name, item, places) for item in obligation.unreadable)
        for group in duty.unread_rows:
            about = shared_words(group)
            yield from (_UnreadRow(duty, about, item, places) for item in group.rows)
