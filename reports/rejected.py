"""Rows that came near an obligation, and those that were examined for it and counted: in words."""

from __future__ import annotations

from collections.abc import Iterable

from engine.assessment import CellShown, ObligationOutcome, RejectedRow, RejectedRows
from reports import view, words

#: What stands over the rows that came near.
TITLE = "Rows that came near"

#: What stands over the others where none came near.
NONE_NEAR = "Rows that did not count"

#: What stands over the rows that many obligations share.
SILENT = "Rows that do not say who or what they are about"


def near_rows(one: ObligationOutcome) -> tuple[RejectedRow, ...]:
    """The rows that came near an obligation, the nearest first."""
    return tuple(row for group in one.rejected for row in group.rows)


def row_words(row: RejectedRow) -> str:
    """``training.xlsx, sheet Training, row 14, 2 May 2026: 'passed' is not yes (F14 says 'n')``."""
    item = row.item
    day = words.day(item.date)
    dated = f", {day}" if day and day not in row.why else ""
    seen = _seen_words(row)
    return f"{view.item_place(item)}{dated}: {row.why}{f' ({seen})' if seen else ''}"


def _seen_words(row: RejectedRow) -> str:
    """``F19 says 'no'``: what stands in the cell that decided."""
    if not row.column:
        return ""
    cell = next((cell for cell in row.item.cells if cell.column == row.column), None)
    if cell is None or row.state == "no column":
        return f"the sheet has no column '{row.column}'"
    if row.state in ("nothing", "blank") or cell.value == "":
        return _blank_words(cell)
    value = words.SENSITIVE if cell.value is None else f"'{cell.value}'"
    verb = "cannot be read:" if row.state == "unreadable" else "says"
    return f"{cell.cell} {verb} {value}"


def _blank_words(cell: CellShown) -> str:
    if cell.value is None:
        return f"{cell.cell} is blank, or says nothing"
    return (
        f"{cell.cell} says '{cell.value}', which says nothing"
        if cell.value
        else (f"{cell.cell} is blank")
    )


def others_words(one: ObligationOutcome) -> tuple[str, ...]:
    """``Training: 31 other rows: 'from' is not Warwickshire Police``, for what fails the same."""
    near = {group.register for group in one.rejected if group.rows}
    return tuple(
        f"{group.title}: {_count(failed.count, other=group.register in near)}: "
        f"{failed.failed or 'not in time'}"
        for group in one.rejected
        if not group.silent
        for failed in group.others
    )


def _count(number: int, *, other: bool) -> str:
    return words.count(number, "other row" if other else "row")


def silent_groups(obligations: Iterable[ObligationOutcome]) -> tuple[RejectedRows, ...]:
    """The rows that do not say what they are about, each group once."""
    groups = [group for one in obligations for group in one.rejected if group.silent]
    return tuple({id(group): group for group in groups}.values())


def silent_words(group: RejectedRows) -> str:
    """``Training: 4,127 rows with nothing to read in 'person'``."""
    number = words.count(sum(failed.count for failed in group.others), "row")
    return f"{group.title}: {number} with nothing to read in '{group.silent}'"
