"""The first sheet of the workbook report: what 'met' means, the counts, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.worksheet import Worksheet

from engine.assessment import Assessment, DutyAside, DutyOutcome, EvidenceStamp
from reports import view, words
from reports.provided import also_words, heading, missing_sheets, provided_lines, records_words
from reports.xlsx.sheet import Value, put


def summary(sheet: Worksheet, assessment: Assessment) -> None:
    """Writes the sheet that says what the check found as a whole, and what it did not look at."""
    for letter, width in zip("ABCDE", (26, 22, 22, 22, 22), strict=True):
        sheet.column_dimensions[letter].width = width
    row = 0
    for row, (style, text) in enumerate(_head(assessment), 1):
        _across(sheet, row, text, style)
    row += 1
    for values in _counts(assessment):
        row += 1
        for number, value in enumerate(values, 1):
            put(sheet, row, number, value, "head" if values[0] == "Status" else "plain")
    for title, lines in _foot(assessment):
        row += 2
        _across(sheet, row, title, "marking")
        for text in lines:
            row += 1
            _across(sheet, row, text, "plain")


def _across(sheet: Worksheet, row: int, text: str, style: str) -> None:
    """A line of text over all columns, with the height that its length needs."""
    for column in range(1, 6):
        put(sheet, row, column, text if column == 1 else None, style)
    sheet.merged_cells.add(f"A{row}:E{row}")  # merge_cells works out borders, which stand already
    if style == "plain":
        sheet.row_dimensions[row].height = 15 * (1 + len(text) // 110)
    if style == "title":
        sheet.row_dimensions[row].height = 24


def _head(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Each line above the counts, with its style."""
    yield "marking", assessment.rulebook.marking
    if assessment.program.notice:
        yield "plain", f"NOTICE: {assessment.program.notice}"
    yield "title", assessment.rulebook.title
    yield "marking", f"As of {view.as_of_words(assessment)}"
    if begin := records_words(assessment):
        yield "plain", f"{begin}."
    yield "plain", f"The office: {view.headline(assessment.status.office)}."
    yield from (("plain", line) for line in provided_lines(assessment))
    others = view.headline(assessment.status.others)
    yield "plain", f"Duties of others: {others}. {words.OTHERS_MEAN}"
    yield "plain", words.MET_MEANS


def _counts(assessment: Assessment) -> Iterator[tuple[Value, ...]]:
    """The rows of the table of the counts of both lists."""
    both = assessment.status.office, assessment.status.others
    counted = [counts for one in both for counts in (one.duties, one.obligations)]
    yield "Status", "Office: duties", "Office: obligations", "Others: duties", "Others: obligations"
    for status in words.STATUS:
        yield status, *(words.number_of(counts, status) for counts in counted)
    yield "met, of them late", *(counts.met_late for counts in counted)
    yield "all", *(counts.total for counts in counted)


def _foot(assessment: Assessment) -> Iterator[tuple[str, list[str]]]:
    """Each list below the counts: its title and its lines."""
    if late := view.too_late(assessment.duties):
        listed = [f"{_named(one)}: {view.duty_words(one)}" for one in late]
        yield view.TOO_LATE, [view.WHAT_TO_DO, *listed]
    for sheet in missing_sheets(assessment.duties):
        if sheet.listed:
            waiting = (filter(None, (_named(one), also_words(sheet, one))) for one in sheet.listed)
            yield f"Not assessed. {heading(sheet)}", list(map(", ".join, waiting))
    yield "Not checked", list(assessment.not_checked)
    aside = [f"{_named(one)}: {one.words}" for one in assessment.not_in_force]
    yield "Not in force, and in no count", aside or ["None."]
    book, program = assessment.rulebook, assessment.program
    made_from = [
        f"{program.name} {program.version}; {program.engine}",
        f"Rulebook {book.id} {book.version}, after {book.sop}; SHA-256 {book.sha256}",
    ]
    if assessment.sop:
        made_from.append(f"The SOP: {_stamp(assessment.sop)}")
    yield "Made from", [*made_from, *map(_stamp, assessment.evidence)]


def _named(duty: DutyOutcome | DutyAside) -> str:
    return f"{view.named(duty)} ({duty.id})"


def _stamp(file: EvidenceStamp) -> str:
    return f"{file.file}; SHA-256 {file.sha256}"
