"""The first sheet of the workbook report: what 'met' means, the counts, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.worksheet import Worksheet

from engine.assessment import Assessment, DutyOutcome, EvidenceStamp
from reports import view, words
from reports.provided import MissingSheet, also_words, heading, missing_sheets, provided_lines
from reports.records import records_words
from reports.xlsx.sheet import put


def summary(sheet: Worksheet, assessment: Assessment) -> None:
    """Writes the sheet that says what the check found as a whole, and what it did not look at."""
    sheet.column_dimensions["A"].width = 26
    for letter in "BCDE":
        sheet.column_dimensions[letter].width = 22
    row = 0
    for style, text in _summary_head(assessment):
        row += 1
        _across(sheet, row, text, style)
    row = _summary_counts(sheet, assessment, row + 2)
    for title, lines in _summary_foot(assessment):
        row += 2
        _across(sheet, row, title, "marking")
        for text in lines:
            row += 1
            _across(sheet, row, text, "plain")


def _across(sheet: Worksheet, row: int, text: str, style: str) -> None:
    """A line of text over all columns, with the height that its length needs."""
    put(sheet, row, 1, text, style)
    for column in range(2, 6):
        put(sheet, row, column, None, style)
    sheet.merged_cells.add(f"A{row}:E{row}")  # merge_cells works out borders, which stand already
    if style == "plain":
        sheet.row_dimensions[row].height = 15 * (1 + len(text) // 110)
    if style == "title":
        sheet.row_dimensions[row].height = 24


def _summary_head(assessment: Assessment) -> Iterator[tuple[str, str]]:
    yield "marking", assessment.rulebook.marking
    if assessment.program.notice:
        yield "plain", f"NOTICE: {assessment.program.notice}"
    yield "title", assessment.rulebook.title
    yield "marking", f"As of {view.as_of_words(assessment)}"
    if begin := records_words(assessment):
        yield "plain", f"{begin}."
    yield "plain", f"The office: {view.headline(assessment.status.office)}."
    yield from (("plain", line) for line in provided_lines(assessment))
    yield (
        "plain",
        f"Duties of others: {view.headline(assessment.status.others)}. " + (words.OTHERS_MEAN),
    )
    yield "plain", words.MET_MEANS


def _summary_counts(sheet: Worksheet, assessment: Assessment, row: int) -> int:
    """The counts of both lists, from ``row`` down; returns the last row used."""
    both = assessment.status.office, assessment.status.others
    counted = [counts for one in both for counts in (one.duties, one.obligations)]
    heads = ("Office: duties", "Office: obligations", "Others: duties", "Others: obligations")
    for number, head in enumerate(("Status", *heads), 1):
        put(sheet, row, number, head, "head")
    for status in words.STATUS:
        row += 1
        put(sheet, row, 1, status)
        for number, counts in enumerate(counted, 2):
            put(sheet, row, number, words.number_of(counts, status))
    for word, numbers in (
        ("met, of them late", [counts.met_late for counts in counted]),
        ("all", [counts.total for counts in counted]),
    ):
        row += 1
        put(sheet, row, 1, word)
        for number, value in enumerate(numbers, 2):
            put(sheet, row, number, value)
    return row


def _summary_foot(assessment: Assessment) -> Iterator[tuple[str, list[str]]]:
    late = [
        f"{one.title} ({one.id}): {view.duty_words(one)}"
        for one in view.too_late(assessment.duties)
    ]
    if late:
        yield view.TOO_LATE, [view.WHAT_TO_DO, *late]
    for sheet in missing_sheets(assessment.duties):
        if sheet.listed:
            yield f"Not assessed. {heading(sheet)}", [_waiting(sheet, one) for one in sheet.listed]
    yield "Not checked", list(assessment.not_checked)
    aside = [f"{one.title} ({one.id}): {one.words}" for one in assessment.not_in_force]
    yield "Not in force, and in no count", aside or ["None."]
    book, program = assessment.rulebook, assessment.program
    yield (
        "Made from",
        [
            f"{program.name} {program.version}; {program.engine}",
            f"Rulebook {book.id} {book.version}, after {book.sop}; SHA-256 {book.sha256}",
            *([f"The SOP: {_stamp(assessment.sop)}"] if assessment.sop else []),
            *(_stamp(file) for file in assessment.evidence),
        ],
    )


def _waiting(sheet: MissingSheet, duty: DutyOutcome) -> str:
    also = also_words(sheet, duty)
    return f"{duty.title} ({duty.id}){f', {also}' if also else ''}"


def _stamp(file: EvidenceStamp) -> str:
    return f"{file.file}; SHA-256 {file.sha256}"
