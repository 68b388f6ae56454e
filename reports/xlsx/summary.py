"""The first sheet of the workbook report: the brief, the counts, and the limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpyxl.worksheet.worksheet import Worksheet

from engine.assessment import Assessment, DutyOutcome
from reports import view, words
from reports.brief import NEXT, SOON, Action, Brief, missed_words
from reports.explain.explanation import second_words
from reports.provided import also_words, assessed_words, heading, records_words
from reports.xlsx.sheet import Value, put

#: The columns of the sheet, and their widths in characters.
_COLUMNS, _WIDTHS = "ABCDE", (26, 22, 22, 22, 22)


def summary(sheet: Worksheet, assessment: Assessment, parts: Brief) -> None:
    """Writes the sheet that says what is to be done first, and what was not checked."""
    for letter, width in zip(_COLUMNS, _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    row = 0
    for row, (style, text) in enumerate(_head(assessment, parts), 1):
        _across(sheet, row, text, style)
    for title, lines in _lists(assessment, parts):
        row = _section(sheet, row, title, lines)
    row += 1
    for values in _counts(assessment):
        row += 1
        for number, value in enumerate(values, 1):
            put(sheet, row, number, value, "head" if values[0] == "Status" else "plain")
    for title, lines in _foot(assessment, parts):
        row = _section(sheet, row, title, lines)


def _section(sheet: Worksheet, row: int, title: str, lines: Iterable[str]) -> int:
    """Writes a title and its lines below ``row``; returns the last row. Nothing is written where
    there are no lines."""
    lines = list(lines)
    if lines:
        row += 2
        _across(sheet, row, title, "marking")
    for text in lines:
        row += 1
        _across(sheet, row, text, "plain")
    return row


def _across(sheet: Worksheet, row: int, text: str, style: str) -> None:
    """A line of text over all columns, with the height that its length needs."""
    for column in range(1, len(_COLUMNS) + 1):
        put(sheet, row, column, text if column == 1 else None, style)
    sheet.merged_cells.add(f"A{row}:E{row}")  # merge_cells would work out the borders again
    if style == "plain":
        sheet.row_dimensions[row].height = 15 * (1 + len(text) // 130)
    if style == "title":
        sheet.row_dimensions[row].height = 24


def _head(assessment: Assessment, parts: Brief) -> Iterator[tuple[str, str]]:
    """Each line above the lists, with its style."""
    yield "marking", assessment.rulebook.marking
    if assessment.program.notice:
        yield "plain", f"NOTICE: {assessment.program.notice}"
    yield "title", assessment.rulebook.title
    yield "marking", f"Position at {view.as_of_words(assessment)}"
    yield "plain", parts.verdict
    if parts.partners_verdict:
        yield "plain", parts.partners_verdict
    if begin := records_words(assessment):
        yield "plain", f"{begin}."
    yield "plain", words.MET_MEANS


def _lists(assessment: Assessment, parts: Brief) -> Iterator[tuple[str, Iterable[str]]]:
    """The lists of the brief, in its order."""
    yield "Overdue", map(_action, parts.overdue)
    if parts.too_late:
        yield view.TOO_LATE, [view.WHAT_TO_DO, *map(_duty, parts.too_late)]
    for untold in parts.untold:
        duties = words.duties(len(untold.duties))
        lines = [*map(_duty, untold.duties), *untold.corrections]
        yield f"Cannot tell: {duties}", lines
    yield "Not assessed", filter(None, [assessed_words(assessment)])
    for sheet in parts.missing:
        yield (
            heading(sheet),
            [
                ", ".join(filter(None, (view.named(duty), also_words(sheet, duty))))
                for duty in sheet.listed
            ],
        )
    yield f"Due within {SOON} days", map(_duty, parts.soon)
    yield f"Due within {NEXT} days", map(_duty, parts.next_)
    yield f"Partners' duties. {words.PARTNERS_MEAN}", map(_action, parts.partners)
    missed = (f"{view.named(period.duty)}: {missed_words(period.entry)}" for period in parts.missed)
    yield "Missed earlier (in the last 12 months, not counted)", missed


def _duty(duty: DutyOutcome) -> str:
    """A duty with its status, its deadline and the person or partner who has to act."""
    deadline = f", deadline {words.day(duty.deadline)}" if duty.deadline else ""
    owner = view.owner_words(duty) if duty.answers == view.OFFICE else duty.bearer
    return f"{view.named(duty)}: {view.duty_words(duty)}{deadline}; {owner}"


def _action(action: Action) -> str:
    return f"{_duty(action.duty)}. {action.text}"


def _counts(assessment: Assessment) -> Iterator[tuple[Value, ...]]:
    """The rows of the table of the counts of both lists."""
    both = assessment.status.office, assessment.status.others
    columns = [counts for outcome in both for counts in (outcome.duties, outcome.obligations)]
    yield "Status", "Office: duties", "Office: checks", "Partners: duties", "Partners: checks"
    for status in words.STATUS:
        yield status, *(words.number_of(counts, status) for counts in columns)
    yield "met, of them late", *(counts.met_late for counts in columns)
    yield "all", *(counts.total for counts in columns)


def _foot(assessment: Assessment, parts: Brief) -> Iterator[tuple[str, Iterable[str]]]:
    """The lists below the counts."""
    yield "Limits of this report. It does not check:", parts.limits
    aside = (f"{view.named(duty)}: {duty.words}" for duty in assessment.not_in_force)
    yield "Duties not in force, in no count", aside
    yield "Abbreviations", (f"{short}: {long}" for short, long in parts.abbreviations)
    yield "How the spreadsheets were read", parts.how_read
    book, program = assessment.rulebook, assessment.program
    files = [*([assessment.sop] if assessment.sop else []), *assessment.evidence]
    yield (
        "About this report",
        [
            second_words(assessment),
            f"{program.name} {program.version}; {program.engine}",
            f"Rulebook {book.id} {book.version}, from {book.sop}; SHA-256 {book.sha256}",
            *(f"{file.file}; SHA-256 {file.sha256}" for file in files),
        ],
    )
