"""The assessment as a workbook: a summary, and the lists to sort and filter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from engine.assessment import (
    Assessment,
    DutyOutcome,
    FindingShown,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    ReadingShown,
    Remedy,
)
from evidence.deterministic import save_workbook_bytes
from evidence.filenames import NO_TEXT
from reports import view, words
from reports.records import before_records
from reports.too_late import too_late_number
from reports.unread import pointer_words, shared_words
from reports.xlsx.sheet import Link, SheetColumn, Value, add_sheet, new_workbook, table
from reports.xlsx.summary import summary

Thing = TypeVar("Thing")

#: A column of a list: its heading, its width, and what stands in it of each thing listed.
_Column = tuple[str, int, Callable[[Thing], Value]]


@dataclass(frozen=True, slots=True)
class _Obligation:
    """An obligation with its duty, where the evidence is, and what is said of unread rows."""

    duty: DutyOutcome
    one: ObligationOutcome
    at: str
    unread: Mapping[str, str]


_DUTIES: tuple[_Column[DutyOutcome], ...] = (
    ("Duty", 26, lambda duty: duty.id),
    ("What it asks", 46, lambda duty: duty.title),
    ("Status", 14, lambda duty: duty.status),
    ("Owner", 22, view.owner_words),
    ("Deadline", 18, lambda duty: duty.deadline),
    ("Days left", 9, lambda duty: duty.days),
    ("List", 9, lambda duty: duty.answers),
    ("Section", 9, lambda duty: duty.section),
    ("Borne by", 18, lambda duty: duty.bearer),
    ("Strength", 9, lambda duty: duty.strength),
    ("Next due", 18, lambda duty: duty.next_due),
    ("Last done", 18, lambda duty: duty.last_done),
    ("Obligations", 30, lambda duty: duty.nothing_to_check or words.counts_words(duty.counts)),
    ("Cites", 34, view.citations_words),
    ("Pattern", 24, lambda duty: duty.pattern),
    ("Rule from", 18, lambda duty: duty.version_from),
    ("Sheets not provided", 26, lambda duty: ", ".join(duty.not_given)),
    ("Too late to do", 9, lambda duty: too_late_number(duty) or None),
    ("Before records began", 9, lambda duty: before_records(duty) or None),
)

_OBLIGATIONS: tuple[_Column[_Obligation], ...] = (
    ("Duty", 26, lambda row: row.duty.id),
    ("Subject", 22, lambda row: row.one.subject),
    ("Named", 18, lambda row: row.one.subject_name),
    ("Window", 12, lambda row: row.one.window),
    ("Status", 14, lambda row: row.one.status),
    ("Deadline", 18, lambda row: row.one.deadline),
    ("Days left", 9, lambda row: row.one.days),
    ("Days late", 9, lambda row: row.one.late_days or None),
    ("Opens", 18, lambda row: row.one.opens),
    ("Last done", 18, lambda row: row.one.last_done),
    ("List", 9, lambda row: row.duty.answers),
    ("How the deadline came to be", 36, lambda row: row.one.derivation),
    ("Why it is not met", 36, lambda row: row.one.unmet_reason),
    ("What would meet it", 44, lambda row: _fix(row.one)),
    ("First evidence", 28, lambda row: _item_link(next(iter(row.one.evidence), None), row.at)),
    ("All evidence", 44, lambda row: _items(row.one.evidence)),
    ("Listed at", 28, lambda row: _item_link(row.one.listed_at, row.at)),
    ("Rows that cannot be read", 36, lambda row: _unread(row.one, row.unread)),
    ("Decided by", 28, lambda row: view.rule_name(row.one.rule)),
    ("Remarks", 36, lambda row: "\n".join(row.one.remarks)),
    ("Too late to do", 9, lambda row: "yes" if row.one.too_late else None),
)

_UNREAD: tuple[_Column[tuple[DutyOutcome, str, ItemShown, str]], ...] = (
    ("Duty", 26, lambda row: row[0].id),
    ("Might meet", 44, lambda row: row[1]),
    ("Row", 34, lambda row: _item_link(*row[2:])),
    ("Cells", 70, lambda row: view.cell_words(row[2])),
)

_PROBLEMS: tuple[_Column[tuple[ProblemShown, str]], ...] = (
    ("Kind", 18, lambda row: row[0].kind),
    ("Register", 18, lambda row: row[0].register),
    ("Place", 34, lambda row: _problem_link(*row)),
    ("Column", 18, lambda row: row[0].column),
    ("Found", 24, lambda row: "\n".join(view.values_found(row[0]))),
    ("What is wrong, and what to write", 60, lambda row: row[0].message),
    ("Duties that read it", 40, lambda row: ", ".join(row[0].duties)),
)

_FINDINGS: tuple[_Column[tuple[FindingShown, str]], ...] = (
    ("Kind", 22, lambda row: row[0].kind),
    ("Duty", 26, lambda row: row[0].duty),
    ("Finding", 70, lambda row: row[0].message),
    ("First place", 36, lambda row: _place_link(next(iter(row[0].places), ""), row[1])),
    ("All places", 48, lambda row: "\n".join(row[0].places)),
    ("About", 26, lambda row: row[0].subject),
)

_READINGS: tuple[_Column[ReadingShown], ...] = (
    ("Phrase", 40, lambda reading: reading.phrase),
    ("Read as", 60, lambda reading: reading.reading),
    ("By the duties", 60, lambda reading: ", ".join(reading.duties)),
)


def to_xlsx(assessment: Assessment, evidence_at: str = "") -> bytes:
    """The workbook's bytes. ``evidence_at`` is the path, with / between its parts, from where the
    workbook will lie to the folder of evidence: '' for the same folder. No cell is a formula."""
    book, duties = new_workbook(), assessment.duties
    marking, day = assessment.rulebook.marking, words.day(assessment.as_of)
    at = quote(os.fsencode(evidence_at.rstrip("/") + "/")) if evidence_at else ""

    def add(
        title: str, columns: Sequence[_Column[Thing]], things: Iterable[Thing], empty: str
    ) -> None:
        heads = [SheetColumn(name, width) for name, width, _ in columns]
        parts = [part for _, _, part in columns]
        rows = (tuple(part(thing) for part in parts) for thing in things)
        line = f"{marking}. {title}, as of {day}"
        table(add_sheet(book, title, marking), line, heads, rows, empty)

    summary(add_sheet(book, "Summary", marking), assessment)
    add("Duties", _DUTIES, duties, "No duty is in force.")
    unread = {id_: said for duty in duties for id_, said in pointer_words(duty).items()}
    obligations = (
        _Obligation(duty, one, at, unread)
        for duty in duties
        for one in view.listed(duty, limit=10**9).obligations
    )
    add("Obligations", _OBLIGATIONS, obligations, "There are no obligations.")
    none = "No row that cannot be read might meet what is not met."
    add("Unread rows", _UNREAD, _unread_rows(duties, at), none)
    problems = ((problem, at) for problem in assessment.problems)
    add("Problems", _PROBLEMS, problems, "All that the rules look at could be read.")
    findings = ((finding, at) for finding in assessment.findings)
    add("Findings", _FINDINGS, findings, "There are no findings.")
    none = "No reading of a vague phrase was relied on."
    add("Readings", _READINGS, assessment.readings, none)
    return save_workbook_bytes(book, assessment.as_of)


def _unread_rows(
    duties: Iterable[DutyOutcome], at: str
) -> Iterator[tuple[DutyOutcome, str, ItemShown, str]]:
    """The rows that cannot be read and might meet one of a duty's obligations, or several."""
    for duty in duties:
        for one in duty.obligations:
            named = ", ".join(filter(None, (view.subject_words(one), one.window)))
            yield from ((duty, named, item, at) for item in one.unreadable)
        for group in duty.unread_rows:
            said = shared_words(group)
            yield from ((duty, said, item, at) for item in group.rows)


def _unread(one: ObligationOutcome, said: Mapping[str, str]) -> str:
    return "\n".join(
        filter(None, (_items(one.unreadable), *(said[group.id] for group in one.unread_groups)))
    )


def _fix(one: ObligationOutcome) -> str:
    """What to correct before it can be told, or what would meet it."""
    return "\n".join(filter(None, (*one.to_tell, _remedies(one.would_be_met_by))))


def _remedies(remedies: tuple[Remedy, ...]) -> str:
    lines = [view.remedy_words(remedy) for remedy in remedies]
    if any(remedy.possible for remedy in remedies):
        lines.insert(0, words.RECORD_ONLY)
    return "\n".join(lines)


def _items(items: tuple[ItemShown, ...]) -> str:
    return "\n".join(f"{view.item_place(item)}: {view.cell_words(item)}" for item in items)


def _item_link(item: ItemShown | None, at: str) -> Link | None:
    if item is None:
        return None
    cell = item.cells[0].cell if item.cells else f"A{item.row}"
    return Link(view.item_place(item), _file(item.file, at), item.sheet, cell)


def _problem_link(problem: ProblemShown, at: str) -> Link:
    cell = problem.cells[0].partition(":")[0] if problem.cells else "A1"
    return Link(view.problem_place(problem), _file(problem.file, at), problem.sheet, cell)


def _place_link(place: str, at: str) -> Link | None:
    """A link to ``file!sheet!cell``; to the file alone where the place says no cell."""
    if not place:
        return None
    file, _, rest = place.partition("!")
    sheet, _, cell = rest.rpartition("!")
    return Link(place, _file(file, at), sheet, cell if cell.isalnum() else "A1")


def _file(name: str, at: str) -> str:
    """Where a link leads; nowhere, where no file is meant, or one whose name is no text."""
    return at + quote(name) if name and NO_TEXT not in name else ""
