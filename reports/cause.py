"""The cause of an obligation that is not met, and the next step, each in a sentence or two."""

from __future__ import annotations

import datetime
import re

from engine.assessment import (
    Assessment,
    CellShown,
    CellToWrite,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    RejectedRow,
    Remedy,
)
from reports import view, words
from reports.examined import near_rows
from reports.places import Places

#: What a condition requires, in the words for a row that fails it: 'is not yes'. Not 'is not a
#: date' or 'is not filled in', which require no value.
_REQUIRED = re.compile(r"is not (?!a |an |on or |before |filled |at )(.+)")

_MEANT = re.compile(r"Did you mean (.+?)\?")


class Causes:
    """The causes and next steps of the obligations of one assessment."""

    def __init__(self, assessment: Assessment, places: Places) -> None:
        self._places = places
        self._problems = assessment.problems

    def of(self, obligation: ObligationOutcome) -> tuple[str, str]:
        """The cause and the next step of an outstanding obligation."""
        if obligation.too_late:
            return "It can no longer be done.", view.WHAT_TO_DO
        if obligation.to_tell:
            return "", obligation.to_tell[0]
        fix = next((fix for fix in obligation.would_be_met_by if fix.possible), None)
        if fix and fix.row:
            return self._row_to_change(obligation, fix)
        since = f" since {words.day(obligation.last_done)}" if obligation.last_done else ""
        nothing = f"No record{since} meets this duty."
        if fix is None:
            return nothing, obligation.unmet_reason
        near = next(iter(near_rows(obligation)), None)
        if near is None or not near.column or not _recent(near, obligation):
            return nothing, fix.words
        if near.item.register != fix.register:  # the fix says what is wrong with a reference
            return "", fix.words
        return self._fails(near), "Correct that row once it is true, or add a new one."

    def _row_to_change(self, obligation: ObligationOutcome, fix: Remedy) -> tuple[str, str]:
        """What is wrong in the cells of a row, and what to enter there."""
        near = [row for row in near_rows(obligation) if row.item.row == fix.row]
        items = [*(row.item for row in near), *obligation.unreadable, obligation.listed_at]
        items_ = [item for item in items if item and _is_row(item, fix)]
        day = next((item.date for item in items_ if item.date), None)
        dated = f" of {words.day(day)}" if day else ""
        causes, steps = list[str](), list[str]()
        for cell in fix.cells:
            shown = next(filter(None, (_cell(item, cell.column) for item in items_)), None)
            cause, step = self._cell_to_change(fix, cell, shown, dated)
            causes.append(cause)
            steps.append(step)
        failing = next((row for row in near if row.column in {c.column for c in fix.cells}), None)
        if failing and not failing.state and len(causes) == 1:
            causes = [self._fails(failing)]
        if not causes:
            return obligation.unmet_reason, fix.words
        return " ".join(causes), " ".join(steps)

    def _cell_to_change(
        self, fix: Remedy, cell: CellToWrite, shown: CellShown | None, dated: str
    ) -> tuple[str, str]:
        heading, at = (
            cell.heading or cell.column,
            f"cell {shown.cell}" if shown else f"row {fix.row}",
        )
        place = self._places.place(fix.file, fix.sheet, at)
        entry = cell.says or words.cell_value(cell.value)
        entry = f"Once it is true, enter under {heading}: {entry}."
        problem = self._problem(fix, shown.cell) if shown and shown.value else None
        if problem:
            fault, _, rest = problem.message.partition(". ")
            fault = fault.removesuffix(" in this column").removesuffix(".")
            meant = _MEANT.match(rest)
            step = f"Enter {meant[1]}, if that is meant." if meant else rest or entry
            return f"In {heading}, {words.lower_first(fault)} ({place}).", step
        if shown and shown.value == "":
            return f"{heading} is blank ({place}).", entry
        record = f"The record{dated} ({place})"
        return f"{record} does not have what is needed under {heading}.", entry

    def _problem(self, fix: Remedy, cell: str) -> ProblemShown | None:
        """The problem of a cell of the row."""
        return next(
            (
                problem
                for problem in self._problems
                if (problem.file, problem.sheet) == (fix.file, fix.sheet)
                and any(_covers(cells, cell, fix.row) for cells in problem.cells)
            ),
            None,
        )

    def _fails(self, row: RejectedRow) -> str:
        """Which condition a record fails, with the value found."""
        item, heading = row.item, self._places.heading(row.item.sheet, row.column)
        dated = f" of {words.day(item.date)}" if item.date else ""
        record = f"The record{dated} ({self._places.item(item)})"
        cell = _cell(item, row.column)
        why = row.why.removeprefix(f"'{row.column}' ")
        required = _REQUIRED.fullmatch(why)
        if cell and cell.value and not row.state and required:
            found = words.cell_value(cell.value)
            return f"{record} has '{found}' under {heading}, where {required[1]} is needed."
        if cell and cell.value == "":
            return f"{record} has nothing under {heading}."
        if why.startswith(("does not include", "does not name")):
            return f"{record} {why} under {heading}."
        if why == row.why:
            return f"{record} does not count: {why}."
        return f"{record} does not count: {heading} {why}."


def _recent(row: RejectedRow, obligation: ObligationOutcome) -> bool:
    return bool(row.item.date and row.item.date >= (obligation.opens or datetime.date.min))


def _covers(cells: str, cell: str, row: int) -> bool:
    """Whether a range of one column, such as G2:G4128, covers a cell of a row."""
    if cells == cell:
        return True
    match = re.fullmatch(r"([A-Z]+)(\d+):\1(\d+)", cells)
    return bool(match and cell == f"{match[1]}{row}" and int(match[2]) <= row <= int(match[3]))


def _is_row(item: ItemShown, fix: Remedy) -> bool:
    return (item.file, item.sheet, item.row) == (fix.file, fix.sheet, fix.row)


def _cell(item: ItemShown, column: str) -> CellShown | None:
    return next((cell for cell in item.cells if cell.column == column and cell.cell), None)
