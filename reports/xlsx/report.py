"""The assessment as a workbook: a summary, and the lists to sort and filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple

from engine.assessment import (
    Assessment,
    DutyOutcome,
    FindingShown,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    ReadingShown,
)
from evidence.deterministic import save_workbook_bytes
from reports import view, words
from reports.examined import pointer_words, shared_words
from reports.provided import before_records
from reports.xlsx.sheet import Column, Link, ReportBook, Thing, add_sheet, table
from reports.xlsx.summary import summary


class _Obligation(NamedTuple):
    """An obligation with its duty, and what is said of unread rows."""

    duty: DutyOutcome
    one: ObligationOutcome
    unread: str


@dataclass(frozen=True, slots=True)
class _Listed(Generic[Thing]):
    """A thing that belongs to duties, with their sections and titles, one a line."""

    thing: Thing
    duties: str


class _UnreadRow(NamedTuple):
    duty: DutyOutcome
    might_meet: str
    item: ItemShown


def _fix(one: ObligationOutcome) -> str:
    """What to correct before it can be told, or what would meet it."""
    possible = any(remedy.possible for remedy in one.would_be_met_by)
    remedies = map(view.remedy_words, one.would_be_met_by)
    return "\n".join((*one.to_tell, *([words.RECORD_ONLY] if possible else []), *remedies))


def _items(items: Iterable[ItemShown]) -> str:
    return "\n".join(f"{view.item_place(item)}: {view.cell_words(item)}" for item in items)


def _item_link(item: ItemShown | None) -> Link | None:
    if item is None:
        return None
    cell = item.cells[0].cell if item.cells else f"A{item.row}"
    return Link(view.item_place(item), item.file, item.sheet, cell)


def _problem_link(problem: ProblemShown) -> Link:
    cell = problem.cells[0].partition(":")[0] if problem.cells else "A1"
    return Link(view.problem_place(problem), problem.file, problem.sheet, cell)


def _place_link(place: str) -> Link | None:
    """A link to ``file!sheet!cell``; to the file alone where the place says no cell."""
    if not place:
        return None
    file, _, rest = place.partition("!")
    sheet, _, cell = rest.rpartition("!")
    return Link(place, file, sheet, cell if cell.isalnum() else "A1")


# What a lead needs first, then what an auditor needs.
_DUTIES: tuple[Column[DutyOutcome], ...] = (
    ("Duty", 46, view.named),
    ("Status", 14, lambda duty: duty.status),
    ("Deadline", 18, lambda duty: duty.deadline),
    ("Days left", 9, lambda duty: duty.days),
    ("Owner", 22, view.owner_words),
    ("Obligations", 30, lambda duty: duty.nothing_to_check or words.counts_words(duty.counts)),
    ("Too late to do", 9, lambda duty: view.too_late_number(duty) or None),
    ("Next due", 18, lambda duty: duty.next_due),
    ("Last done", 18, lambda duty: duty.last_done),
    ("Sheets not provided", 26, lambda duty: ", ".join(duty.not_given)),
    ("Responsible", 18, lambda duty: duty.bearer),
    ("List", 9, lambda duty: duty.answers),
    ("Section", 9, lambda duty: duty.section),
    ("Strength", 9, lambda duty: duty.strength),
    ("Cites", 34, view.citations_words),
    ("Before records began", 9, lambda duty: before_records(duty) or None),
    ("Rule", 26, lambda duty: duty.id),
    ("Rule from", 18, lambda duty: duty.version_from),
    ("Pattern", 24, lambda duty: duty.pattern),
)

_OBLIGATIONS: tuple[Column[_Obligation], ...] = (
    ("Duty", 46, lambda row: view.named(row.duty)),
    ("Subject", 22, lambda row: row.one.subject),
    ("Named", 18, lambda row: row.one.subject_name),
    ("Window", 12, lambda row: row.one.window),
    ("Status", 14, lambda row: row.one.status),
    ("Deadline", 18, lambda row: row.one.deadline),
    ("Days left", 9, lambda row: row.one.days),
    ("Days late", 9, lambda row: row.one.late_days or None),
    ("Why is it not met?", 36, lambda row: row.one.unmet_reason),
    ("What would meet it?", 44, lambda row: _fix(row.one)),
    ("Too late to do", 9, lambda row: "yes" if row.one.too_late else None),
    ("Opens", 18, lambda row: row.one.opens),
    ("Last done", 18, lambda row: row.one.last_done),
    ("How was the deadline worked out?", 36, lambda row: row.one.derivation),
    ("First evidence", 28, lambda row: _item_link(next(iter(row.one.evidence), None))),
    ("All evidence", 44, lambda row: _items(row.one.evidence)),
    ("Listed at", 28, lambda row: _item_link(row.one.listed_at)),
    ("Rows that cannot be read", 36, lambda row: row.unread),
    ("Remarks", 36, lambda row: "\n".join(row.one.remarks)),
    ("List", 9, lambda row: row.duty.answers),
    ("Rule", 26, lambda row: row.duty.id),
    ("Decided by", 28, lambda row: view.rule_name(row.one.rule)),
)

_UNREAD: tuple[Column[_UnreadRow], ...] = (
    ("Duty", 46, lambda row: view.named(row.duty)),
    ("Might meet", 44, lambda row: row.might_meet),
    ("Row", 34, lambda row: _item_link(row.item)),
    ("Cells", 70, lambda row: view.cell_words(row.item)),
    ("Rule", 26, lambda row: row.duty.id),
)

_PROBLEMS: tuple[Column[_Listed[ProblemShown]], ...] = (
    ("Kind", 18, lambda row: row.thing.kind),
    ("Register", 18, lambda row: row.thing.register),
    ("Place", 34, lambda row: _problem_link(row.thing)),
    ("Column", 18, lambda row: row.thing.heading or row.thing.column),
    ("Found", 24, lambda row: "\n".join(view.values_found(row.thing))),
    ("What is wrong, and what to enter", 60, lambda row: row.thing.message),
    ("Duties that read it", 60, lambda row: row.duties),
    ("Rules", 40, lambda row: ", ".join(row.thing.duties)),
)

_FINDINGS: tuple[Column[_Listed[FindingShown]], ...] = (
    ("Duty", 46, lambda row: row.duties),
    ("About", 26, lambda row: row.thing.subject),
    ("Finding", 70, lambda row: row.thing.message),
    ("First place", 36, lambda row: _place_link(next(iter(row.thing.places), ""))),
    ("All places", 48, lambda row: "\n".join(row.thing.places)),
    ("Kind", 22, lambda row: row.thing.kind),
    ("Rule", 26, lambda row: row.thing.duty),
)

_READINGS: tuple[Column[_Listed[ReadingShown]], ...] = (
    ("Phrase", 40, lambda row: row.thing.phrase),
    ("Interpreted as", 60, lambda row: row.thing.reading),
    ("For the duties", 60, lambda row: row.duties),
    ("Rules", 40, lambda row: ", ".join(row.thing.duties)),
)


def to_xlsx(assessment: Assessment, evidence_at: str = "") -> bytes:
    """The workbook's bytes. ``evidence_at`` is the path, with / between its parts, from where the
    workbook will lie to the folder of evidence: '' for the same folder. No cell is a formula."""
    book, duties = ReportBook(evidence_at), view.by_urgency(assessment.duties)
    marking, day = assessment.rulebook.marking, words.day(assessment.as_of)
    names = view.names(assessment)

    def listed(thing: Thing, ids: Iterable[str]) -> _Listed[Thing]:
        return _Listed(thing, "\n".join(names.get(id_, id_) for id_ in ids))

    def add(
        title: str, columns: Sequence[Column[Thing]], things: Iterable[Thing], empty: str
    ) -> None:
        sheet = add_sheet(book, title, marking)
        table(sheet, f"{marking}. {title}, as of {day}", columns, things, empty)

    summary(add_sheet(book, "Summary", marking), assessment)
    add("Duties", _DUTIES, duties, "No duty is in force.")
    add("Obligations", _OBLIGATIONS, _obligations(duties), "There are no obligations.")
    none = "No row that cannot be read might meet what is not met."
    add("Unread rows", _UNREAD, _unread_rows(duties), none)
    none = "All that the rules look at could be read."
    problems = [listed(problem, problem.duties) for problem in assessment.problems]
    add("Problems", _PROBLEMS, problems, none)
    findings = [listed(finding, (finding.duty,)) for finding in assessment.findings]
    add("Findings", _FINDINGS, findings, "There is nothing to check.")
    none = "No vague phrase of the SOP had to be interpreted."
    add(
        "Readings",
        _READINGS,
        [listed(reading, reading.duties) for reading in assessment.readings],
        none,
    )
    return save_workbook_bytes(book, assessment.as_of)


def _obligations(duties: Iterable[DutyOutcome]) -> Iterator[_Obligation]:
    for duty in duties:
        said = pointer_words(duty)
        for obligation in sorted(duty.obligations, key=view.worst_first):
            unread = (
                _items(obligation.unreadable),
                *(said[group.id] for group in obligation.unread_groups),
            )
            yield _Obligation(duty, obligation, "\n".join(filter(None, unread)))


def _unread_rows(duties: Iterable[DutyOutcome]) -> Iterator[_UnreadRow]:
    """The rows that cannot be read and might meet one of a duty's obligations, or several."""
    for duty in duties:
        for obligation in duty.obligations:
            named = ", ".join(filter(None, (view.subject_words(obligation), obligation.window)))
            yield from (_UnreadRow(duty, named, item) for item in obligation.unreadable)
        for group in duty.unread_rows:
            said = shared_words(group)
            yield from (_UnreadRow(duty, said, item) for item in group.rows)
