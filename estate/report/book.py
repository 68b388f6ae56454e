"""The report on an estate as a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from engine.outcome import Status
from estate.report import say
from estate.report.content import (
    NOT_SHOWN,
    EstateContent,
    ShownBody,
    ShownChange,
    ShownDuty,
    ShownProblem,
)
from estate.report.position import BodyPosition
from evidence.deterministic import save_workbook_bytes
from reports import words
from reports.xlsx.sheet import Column, ReportBook, ReportSheet, Tag, Value, add_sheet, table

#: The colour of each position.
_COLOURS = {
    BodyPosition.NONE_OVERDUE: Status.MET,
    BodyPosition.NOT_JUDGED: Status.CANNOT_TELL,
    BodyPosition.FEW_OVERDUE: Status.DUE,
    BodyPosition.MANY_OVERDUE: Status.OVERDUE,
    BodyPosition.NOT_CHECKED: Status.NOT_ASSESSED,
}


def _number(value: int | None) -> Value:
    return NOT_SHOWN if value is None else value


def _tag(position: BodyPosition | None, text: str) -> Value:
    return text if position is None else Tag(_COLOURS[position], text)


_DUTIES: tuple[Column[ShownDuty], ...] = (
    ("Section", 9, lambda duty: words.section(duty.section)),
    ("Duty", 60, lambda duty: duty.title),
    ("Bodies where it is overdue", 16, lambda duty: _number(duty.overdue)),
    ("Bodies where it applies", 16, lambda duty: _number(duty.applies)),
    ("Per cent", 10, lambda duty: _number(duty.share)),
    ("Overdue checks", 12, lambda duty: _number(duty.checks)),
    ("Rulebook", 40, lambda duty: duty.rulebook),
)

_PROBLEMS: tuple[Column[ShownProblem], ...] = (
    ("Problem", 30, lambda problem: words.upper_first(problem.kind)),
    ("Sheet", 40, lambda problem: problem.sheet or "(no sheet)"),
    ("Bodies", 14, lambda problem: _number(problem.bodies)),
)

_FAILURES: tuple[Column[tuple[str, int | None]], ...] = (
    ("Reason", 30, lambda failure: say.reason(failure[0])),
    ("Bodies", 14, lambda failure: _number(failure[1])),
    ("What to do", 90, lambda failure: say.what_to_do(failure[0])),
)

_MOVES: tuple[Column[ShownChange], ...] = (
    ("Before", 34, lambda move: words.upper_first(move.before)),
    ("Now", 34, lambda move: words.upper_first(move.now)),
    ("Bodies", 14, lambda move: move.bodies),
)

_POSITION: Column[ShownBody] = (
    "Status",
    32,
    lambda body: _tag(body.position, words.upper_first(body.now)),
)
_BEFORE: Column[ShownBody] = ("Before", 32, lambda body: words.upper_first(body.before))

_NAMED: tuple[Column[ShownBody], ...] = (
    ("Body", 34, lambda body: body.body),
    _POSITION,
    ("Overdue duties", 10, lambda body: body.overdue),
    ("Not judged", 10, lambda body: body.not_judged),
    _BEFORE,
    ("Overdue then", 10, lambda body: body.overdue_before),
    ("Change", 22, lambda body: words.upper_first(body.change)),
    ("Why not checked", 26, lambda body: say.reason(body.failure)),
    ("What is wrong, and what to do", 70, lambda body: body.failure_words),
    ("Name in office.yaml", 34, lambda body: body.name),
)

_PSEUDONYMOUS: tuple[Column[ShownBody], ...] = (
    ("Pseudonym", 24, lambda body: body.body),
    _POSITION,
    _BEFORE,
)


def estate_xlsx(content: EstateContent, marking: str) -> bytes:
    """The workbook, with the same numbers as the page and every row of each list."""
    book = ReportBook("")
    line = f"Estate report, position at {words.day(content.as_of)}"
    _summary(add_sheet(book, "Summary", marking), content, marking, line)
    sheet = add_sheet(book, "Duties", marking)
    table(sheet, f"{line}: duties", _DUTIES, content.duties, "No duty was checked.")
    sheet = add_sheet(book, "Problems", marking)
    table(sheet, f"{line}: problems", _PROBLEMS, content.problems, "All sheets could be read.")
    if content.since:
        sheet = add_sheet(book, "Change", marking)
        since = f"{line}: change since {words.day(content.since)}"
        table(sheet, since, _MOVES, content.moves, "No change is shown.")
    sheet = add_sheet(book, "Not checked", marking)
    failures = list(content.failures.items())
    none = say.NO_REASONS if say.may_have_failed(content) else "Every body was checked."
    table(sheet, f"{line}: not checked", _FAILURES, failures, none)
    if content.bodies:
        sheet = add_sheet(book, "Bodies", marking)
        columns = _NAMED if content.by_name else _PSEUDONYMOUS
        table(sheet, f"{line}: bodies", columns, content.bodies, "")
    return save_workbook_bytes(book)


def _summary(sheet: ReportSheet, content: EstateContent, marking: str, line: str) -> None:
    sheet.set_columns((34, 20, 20, 50))
    rows: list[tuple[str, tuple[Value, ...]]] = [
        ("marking", (marking,)),
        ("title", (line,)),
        *(("sentence", (sentence,)) for sentence in say.headline(content)),
        *_positions(content),
        *_changes(content),
        ("plain", ()),
        ("marking", ("About this report",)),
        *(("sentence", (sentence,)) for sentence in (say.JUDGED, *say.about(content))),
    ]
    for number, (style, values) in enumerate(rows, 1):
        if values and style in ("marking", "title", "sentence"):
            sheet.merged_cells.add(f"A{number}:D{number}")
            lines = 1 + len(str(values[0])) // 140
            sheet.row_dimensions[number].height = 24 if style == "title" else 15 * lines
    for style, values in rows:
        sheet.add_row(values, "plain" if style == "sentence" else style)


def _positions(content: EstateContent) -> Iterator[tuple[str, tuple[Value, ...]]]:
    since = [words.day(content.since)] if content.since else []
    yield "plain", ()
    yield "head", ("Bodies by status", words.day(content.as_of), *since)
    for position, number in content.positions.items():
        before = [_number(content.before[position])] if since else []
        yield "plain", (_tag(position, words.upper_first(position.words)), _number(number), *before)
    total_before = [_number(content.total_before)] if since else []
    yield "plain", ("All bodies", _number(content.total), *total_before)


def _changes(content: EstateContent) -> Iterator[tuple[str, tuple[Value, ...]]]:
    if content.changes:
        yield "plain", ()
        yield "head", (f"Change since {words.day(content.since)}", "Bodies", "Meaning")
    for change, number in content.changes.items():
        yield "plain", (words.upper_first(change), number, say.CHANGE_WORDS[change])
