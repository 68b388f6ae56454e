"""Rows that came near an obligation, and those that were examined for it and counted: in words."""

from __future__ import annotations

from collections.abc import Iterable

from engine.assessment import ObligationOutcome, RejectedRow, RejectedRows
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
    day = words.day(row.item.date)
    dated = f", {day}" if day and day not in row.why else ""
    seen = f" ({_seen_words(row)})" if row.column else ""
    return f"{view.item_place(row.item)}{dated}: {row.why}{seen}"


def _seen_words(row: RejectedRow) -> str:
    """``F19 says 'no'``: what stands in the cell that decided."""
    cell = next((cell for cell in row.item.cells if cell.column == row.column), None)
    if cell is None or row.state == "no column":
        return f"the sheet has no column '{row.column}'"
    if row.state in ("nothing", "blank") or cell.value == "":
        if cell.value:
            return f"{cell.cell} says '{cell.value}', which says nothing"
        return f"{cell.cell} is blank{', or says nothing' if cell.value is None else ''}"
    value = words.SENSITIVE if cell.value is None else f"'{cell.value}'"
    verb = "cannot be read:" if row.state == "unreadable" else "says"
    return f"{cell.cell} {verb} {value}"


def others_words(one: ObligationOutcome) -> tuple[str, ...]:
    """``Training: 31 other rows: 'from' is not Warwickshire Police``, for what fails the same."""
    near = {group.register for group in one.rejected if group.rows}
    return tuple(
        f"{group.title}: "
        f"{words.count(failed.count, 'other row' if group.register in near else 'row')}: "
        f"{failed.failed or 'not in time'}"
        for group in one.rejected
        if not group.silent
        for failed in group.others
    )


def silent_groups(obligations: Iterable[ObligationOutcome]) -> tuple[RejectedRows, ...]:
    """The rows that do not say what they are about, each group once."""
    groups = [group for one in obligations for group in one.rejected if group.silent]
    return tuple({id(group): group for group in groups}.values())


def silent_words(group: RejectedRows) -> str:
    """``Training: 4,127 rows with nothing to read in 'person'``."""
    number = words.count(sum(failed.count for failed in group.others), "row")
    return f"{group.title}: {number} with nothing to read in '{group.silent}'"
