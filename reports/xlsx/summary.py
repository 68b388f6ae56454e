"""The first sheet of the workbook report: the brief, the counts, and the limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.assessment import Assessment
from reports import text, view, words
from reports.brief import Brief
from reports.explain.explanation import second_words
from reports.xlsx.sheet import ReportSheet, Value

#: The widths of the sheet's columns, A to E, in characters.
_WIDTHS = 26, 22, 22, 22, 22

#: So many letters fit a line across them all.
_LETTERS = 130


def summary(sheet: ReportSheet, assessment: Assessment, parts: Brief) -> None:
    """Writes the sheet that says what is to be done first, and what was not checked."""
    sheet.set_columns(_WIDTHS)
    row, every = 0, len(assessment.unapproved)
    for row, (style, line) in enumerate(text.head(assessment, every), 1):
        _across(sheet, row, line, style)
    verdict, *lists = text.blocks(assessment, parts, text.Room(commands=False))
    for line in verdict:
        row += 1
        _across(sheet, row, line, "plain")
    sheet.add_row([])
    row += 1
    for values in _counts(assessment):
        row += 1
        sheet.add_row(values, "head" if values[0] == "Status" else "plain")
    for title, *lines in (*lists, *_foot(assessment, parts)):
        row = _section(sheet, row, title, lines)


def _section(sheet: ReportSheet, row: int, title: str, lines: Sequence[str]) -> int:
    """Writes a title and its lines below ``row``, and returns the last row. A title does not wrap:
    of one that is longer than a line, what follows the colon is the first line."""
    if len(title) > _LETTERS:
        title, _, rest = title.partition(": ")
        lines = [words.upper_first(rest), *lines] if rest else lines
    sheet.add_row([])
    row += 2
    _across(sheet, row, title, "marking")
    for line in lines:
        row += 1
        _across(sheet, row, line.strip(), "plain")
    return row


def _across(sheet: ReportSheet, row: int, text: str, style: str) -> None:
    """A line of text over all columns, with the height that its length needs."""
    sheet.merged_cells.add(f"A{row}:E{row}")
    if style == "plain":
        sheet.row_dimensions[row].height = 15 * (1 + len(text) // _LETTERS)
    if style == "title":
        sheet.row_dimensions[row].height = 24
    sheet.add_row([text], style)


def _counts(assessment: Assessment) -> Iterator[tuple[Value, ...]]:
    """The rows of the table of the counts of both lists."""
    both = assessment.status.office, assessment.status.others
    columns = [counts for outcome in both for counts in (outcome.duties, outcome.obligations)]
    own = words.upper_first(assessment.rulebook.body.called)
    yield "Status", f"{own}: duties", f"{own}: checks", "Partners: duties", "Partners: checks"
    for status in words.STATUS:
        yield status, *(words.number_of(counts, status) for counts in columns)
    yield "met, of them late", *(counts.met_late for counts in columns)
    yield "all", *(counts.total for counts in columns)


def _foot(assessment: Assessment, parts: Brief) -> Iterator[list[str]]:
    """The lists at the end, each with its title first."""
    aside = [f"{view.named(duty)}: {duty.words}" for duty in assessment.not_in_force]
    abbreviations = [f"{short}: {long}" for short, long in parts.abbreviations]
    for title, lines in (
        ("DUTIES NOT IN FORCE, in no count", aside),
        ("ABBREVIATIONS", abbreviations),
        ("HOW THE SPREADSHEETS WERE READ", parts.how_read),
    ):
        if lines:
            yield [title, *lines]
    book, program = assessment.rulebook, assessment.program
    yield [
        "ABOUT THIS REPORT",
        second_words(assessment),
        f"{program.name} {program.version}; {program.engine}",
        f"Rulebook {book.id} {book.version}, from {book.sop}; SHA-256 {book.sha256}",
        *(f"{view.sop_words(stamp)}; SHA-256 {stamp.sha256}" for stamp in assessment.sop_files),
        *(f"{file.file}; SHA-256 {file.sha256}" for file in assessment.evidence),
    ]
