"""The assessment as a workbook: a summary, and the lists to sort and filter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.assessment import (
    Assessment,
    DutyOutcome,
    FindingShown,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    Remedy,
)
from evidence.filenames import NO_TEXT
from reports import view, words
from reports.records import before_records
from reports.too_late import too_late_number
from reports.unread import pointer_words, shared_words
from reports.xlsx.bytes import saved
from reports.xlsx.sheet import Link, SheetColumn, Value, add_sheet, new_workbook, table
from reports.xlsx.summary import summary

_DUTIES = (
    SheetColumn("Duty", 26),
    SheetColumn("What it asks", 46),
    SheetColumn("Status", 14),
    SheetColumn("Owner", 22),
    SheetColumn("Deadline", 18),
    SheetColumn("Days left", 9),
    SheetColumn("List", 9),
    SheetColumn("Section", 9),
    SheetColumn("Borne by", 18),
    SheetColumn("Strength", 9),
    SheetColumn("Next due", 18),
    SheetColumn("Last done", 18),
    SheetColumn("Obligations", 30),
    SheetColumn("Cites", 34),
    SheetColumn("Pattern", 24),
    SheetColumn("Rule from", 18),
    SheetColumn("Sheets not provided", 26),
    SheetColumn("Too late to do", 9),
    SheetColumn("Before records began", 9),
)

_OBLIGATIONS = (
    SheetColumn("Duty", 26),
    SheetColumn("Subject", 22),
    SheetColumn("Named", 18),
    SheetColumn("Window", 12),
    SheetColumn("Status", 14),
    SheetColumn("Deadline", 18),
    SheetColumn("Days left", 9),
    SheetColumn("Days late", 9),
    SheetColumn("Opens", 18),
    SheetColumn("Last done", 18),
    SheetColumn("List", 9),
    SheetColumn("How the deadline came to be", 36),
    SheetColumn("Why it is not met", 36),
    SheetColumn("What would meet it", 44),
    SheetColumn("First evidence", 28),
    SheetColumn("All evidence", 44),
    SheetColumn("Listed at", 28),
    SheetColumn("Rows that cannot be read", 36),
    SheetColumn("Decided by", 28),
    SheetColumn("Remarks", 36),
    SheetColumn("Too late to do", 9),
)

_UNREAD = (
    SheetColumn("Duty", 26),
    SheetColumn("Might meet", 44),
    SheetColumn("Row", 34),
    SheetColumn("Cells", 70),
)

_PROBLEMS = (
    SheetColumn("Kind", 18),
    SheetColumn("Register", 18),
    SheetColumn("Place", 34),
    SheetColumn("Column", 18),
    SheetColumn("Found", 24),
    SheetColumn("What is wrong, and what to write", 60),
    SheetColumn("Duties that read it", 40),
)

_FINDINGS = (
    SheetColumn("Kind", 22),
    SheetColumn("Duty", 26),
    SheetColumn("Finding", 70),
    SheetColumn("First place", 36),
    SheetColumn("All places", 48),
)

_READINGS = (
    SheetColumn("Phrase", 40),
    SheetColumn("Read as", 60),
    SheetColumn("By the duties", 60),
)


def to_xlsx(assessment: Assessment, evidence_at: str = "") -> bytes:
    """The workbook's bytes. ``evidence_at`` is the path, with / between its parts, from where the
    workbook will lie to the folder of evidence: '' for the same folder. No cell is a formula."""
    book = new_workbook()
    summary(_sheet(book, assessment, "Summary"), assessment)
    at = quote(os.fsencode(evidence_at.rstrip("/") + "/")) if evidence_at else ""
    duties = assessment.duties
    _table(book, assessment, "Duties", _DUTIES, map(_duty_row, duties), "No duty is in force.")
    obligations = ((d, one) for d in duties for one in view.listed(d, limit=10**9).obligations)
    unread_words = {id_: said for d in duties for id_, said in pointer_words(d).items()}
    rows = (_obligation_row(d, one, at, unread_words) for d, one in obligations)
    _table(book, assessment, "Obligations", _OBLIGATIONS, rows, "There are no obligations.")
    unread = (row for duty in duties for row in _unread_rows(duty, at))
    none = "No row that cannot be read might meet what is not met."
    _table(book, assessment, "Unread rows", _UNREAD, unread, none)
    problems = (_problem_row(problem, at) for problem in assessment.problems)
    none = "All that the rules look at could be read."
    _table(book, assessment, "Problems", _PROBLEMS, problems, none)
    findings = (_finding_row(finding, at) for finding in assessment.findings)
    _table(book, assessment, "Findings", _FINDINGS, findings, "There are no findings.")
    readings = ((r.phrase, r.reading, ", ".join(r.duties)) for r in assessment.readings)
    none = "No reading of a vague phrase was relied on."
    _table(book, assessment, "Readings", _READINGS, readings, none)
    return saved(book, assessment.as_of)


def _sheet(book: Workbook, assessment: Assessment, title: str) -> Worksheet:
    return add_sheet(book, title, assessment.rulebook.marking)


def _table(
    book: Workbook,
    assessment: Assessment,
    title: str,
    columns: tuple[SheetColumn, ...],
    rows: Iterable[tuple[Value, ...]],
    empty: str,
) -> None:
    line = f"{assessment.rulebook.marking}. {title}, as of {words.day(assessment.as_of)}"
    table(_sheet(book, assessment, title), line, columns, rows, empty)


def _duty_row(duty: DutyOutcome) -> tuple[Value, ...]:
    return (
        duty.id,
        duty.title,
        duty.status,
        view.owner_words(duty),
        duty.deadline,
        duty.days,
        duty.answers,
        duty.section,
        duty.bearer,
        duty.strength,
        duty.next_due,
        duty.last_done,
        duty.nothing_to_check or words.counts_words(duty.counts),
        view.citations_words(duty),
        duty.pattern,
        duty.version_from,
        ", ".join(duty.not_given),
        too_late_number(duty) or None,
        before_records(duty) or None,
    )


def _obligation_row(
    duty: DutyOutcome, one: ObligationOutcome, at: str, unread: Mapping[str, str]
) -> tuple[Value, ...]:
    return (
        duty.id,
        one.subject,
        one.subject_name,
        one.window,
        one.status,
        one.deadline,
        one.days,
        one.late_days or None,
        one.opens,
        one.last_done,
        duty.answers,
        one.derivation,
        one.unmet_reason,
        _remedies(one.would_be_met_by),
        _item_link(one.evidence[0], at) if one.evidence else None,
        _items(one.evidence),
        _item_link(one.listed_at, at) if one.listed_at else None,
        "\n".join(
            filter(None, (_items(one.unreadable), *(unread[p.id] for p in one.unread_groups)))
        ),
        view.rule_name(one.rule),
        "\n".join(one.remarks),
        "yes" if one.too_late else None,
    )


def _unread_rows(duty: DutyOutcome, at: str) -> Iterator[tuple[Value, ...]]:
    """The rows that cannot be read and might meet one of the duty's obligations, or several."""
    for one in duty.obligations:
        named = ", ".join(filter(None, (view.subject_words(one), one.window)))
        yield from ((duty.id, named, *_unread_row(item, at)) for item in one.unreadable)
    for group in duty.unread_rows:
        said = shared_words(group)
        yield from ((duty.id, said, *_unread_row(item, at)) for item in group.rows)


def _unread_row(item: ItemShown, at: str) -> tuple[Value, Value]:
    return _item_link(item, at), view.cell_words(item)


def _remedies(remedies: tuple[Remedy, ...]) -> str:
    lines = [view.remedy_words(remedy) for remedy in remedies]
    if any(remedy.possible for remedy in remedies):
        lines.insert(0, words.RECORD_ONLY)
    return "\n".join(lines)


def _items(items: tuple[ItemShown, ...]) -> str:
    return "\n".join(f"{view.item_place(item)}: {view.cell_words(item)}" for item in items)


def _item_link(item: ItemShown, at: str) -> Link:
    cell = item.cells[0].cell if item.cells else f"A{item.row}"
    return Link(view.item_place(item), _file(item.file, at), item.sheet, cell)


def _problem_row(problem: ProblemShown, at: str) -> tuple[Value, ...]:
    cell = problem.cell or (f"A{problem.row}" if problem.row else "A1")
    return (
        problem.kind,
        problem.register,
        Link(view.problem_place(problem), _file(problem.file, at), problem.sheet, cell),
        problem.column,
        problem.found,
        problem.message,
        ", ".join(problem.duties),
    )


def _finding_row(finding: FindingShown, at: str) -> tuple[Value, ...]:
    return (
        finding.kind,
        finding.duty,
        finding.message,
        _place_link(finding.places[0], at) if finding.places else None,
        "\n".join(finding.places),
    )


def _place_link(place: str, at: str) -> Link:
    """A link to ``file!sheet!cell``; to the file alone where the place says no cell."""
    file, _, rest = place.partition("!")
    sheet, _, cell = rest.rpartition("!")
    return Link(place, _file(file, at), sheet, cell if cell.isalnum() else "A1")


def _file(name: str, at: str) -> str:
    """Where a link leads; nowhere, where no file is meant, or one whose name is no text."""
    return at + quote(name) if name and NO_TEXT not in name else ""
