"""Examined rows in words: those that came near an obligation, that did not count, and that cannot
be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from engine.assessment import (
    DutyOutcome,
    ItemShown,
    ObligationOutcome,
    RejectedRow,
    RejectedRows,
    UnreadRows,
)
from reports import words
from reports.places import Places, place_words

#: The heading of the rows that came near, and of the others where none did.
NEAR, NONE_NEAR = "Closest records", "Records that did not count"
#: The heading of the rows that do not name a subject.
SILENT = "Records that do not say who or what they are about"
#: The heading of the rows that cannot be read and might have met an obligation.
UNREAD = "Records that may count once corrected"

#: An obligation repeats the cells of rows that it shares up to this number of ranges.
_FEW = 3


def near_rows(obligation: ObligationOutcome) -> tuple[RejectedRow, ...]:
    """The rows that came near an obligation, the nearest first."""
    return tuple(row for group in obligation.rejected for row in group.rows)


def reject_words(row: RejectedRow, places: Places) -> str:
    """``Training sheet, row 14, 2 May 2026: 'Passed?' is not yes (F14 says 'n')``."""
    day = words.day(row.item.date)
    dated = f", {day}" if day and day not in row.why else ""
    heading = places.heading(row.item, row.column)
    cell = f" ({_cell_words(row, heading)})" if row.column else ""
    return f"{places.item(row.item)}{dated}: {row.why}{cell}"


def _cell_words(row: RejectedRow, heading: str) -> str:
    """``F19 says 'no'``, for the cell that decided."""
    cell = next((cell for cell in row.item.cells if cell.column == row.column), None)
    if cell is None or row.state == "no column":
        return f"the sheet has no column '{heading}'"
    if row.state in ("nothing", "blank") or cell.value == "":
        if cell.value:
            return f"{cell.cell} says '{cell.value}', which says nothing"
        return f"{cell.cell} is blank{', or says nothing' if cell.value is None else ''}"
    value = words.SENSITIVE if cell.value is None else f"'{words.cell_value(cell.value)}'"
    verb = "cannot be read:" if row.state == "unreadable" else "says"
    return f"{cell.cell} {verb} {value}"


def others_words(obligation: ObligationOutcome) -> tuple[str, ...]:
    """``Training: 31 other rows: 'from' is not the supplier``, a line for each reason."""
    near = {group.register for group in obligation.rejected if group.rows}
    return tuple(
        f"{group.title}: "
        f"{words.count(failed.count, 'other row' if group.register in near else 'row')}: "
        f"{failed.failed or 'not in time'}"
        for group in obligation.rejected
        if not group.silent
        for failed in group.others
    )


def silent_groups(obligations: Iterable[ObligationOutcome]) -> tuple[RejectedRows, ...]:
    """The rows that do not say what they are about, each group once."""
    groups = [group for obligation in obligations for group in obligation.rejected if group.silent]
    return tuple({id(group): group for group in groups}.values())


def silent_words(group: RejectedRows) -> str:
    """``Training: 4,127 rows with nothing to read in 'person'``."""
    number = words.count(sum(failed.count for failed in group.others), "row")
    return f"{group.title}: {number} with nothing to read in '{group.silent}'"


def shared_words(rows: UnreadRows) -> str:
    """``4,127 rows of Training do not say who or what they are about``; or that they cannot be
    read, where they say it."""
    single = len(rows.rows) == 1
    number = f"{words.count(len(rows.rows), 'row')} of {rows.title}"
    if not rows.column:
        return f"{number} cannot be read"
    verb, they = ("does", "it is") if single else ("do", "they are")
    cells = (cell for item in rows.rows for cell in item.cells if cell.column == rows.column)
    filled = any(cell.value != "" for cell in cells)  # such as with a reference that two rows have
    return f"{number} {verb} not say{' clearly' if filled else ''} who or what {they} about"


def pointer_words(duty: DutyOutcome) -> Mapping[str, str]:
    """The sentence with which an obligation points to unread rows of its duty, by their id: with
    their cells where these are few ranges; otherwise they are listed once, for the duty."""
    return {
        row.id: f"{shared_words(row)} and might meet this: {_where(row)}"
        for row in duty.unread_rows
    }


def unread_places(rows: Sequence[ItemShown], column: str, places: Places) -> str:
    """The sheets of the rows with their cells: ``Training sheet: C2:C4128, C4130`` where a cell of
    the column is shown, otherwise ``rows 2 to 4128, 4130``."""
    return "; ".join(
        f"{places.place(file, sheet)}: {', '.join(_ranges(own, column))}"
        for (file, sheet), own in _by_sheet(rows).items()
    )


def rows_words(rows: Sequence[ItemShown]) -> str:
    """``registers.xlsx, Training sheet, row 52``: the places of all the rows."""
    return "; ".join(
        place_words(file, sheet, ", ".join(_ranges(own, "")))
        for (file, sheet), own in _by_sheet(rows).items()
    )


def _by_sheet(rows: Iterable[ItemShown]) -> Mapping[tuple[str, str], list[ItemShown]]:
    sheets: dict[tuple[str, str], list[ItemShown]] = {}
    for item in rows:
        sheets.setdefault((item.file, item.sheet), []).append(item)
    return sheets


def _where(rows: UnreadRows) -> str:
    ranges = list(_ranges(rows.rows, rows.column))
    if len(ranges) <= _FEW and len({(item.file, item.sheet) for item in rows.rows}) == 1:
        return ", ".join(ranges)
    return "they are listed once, for this duty"


def _ranges(rows: Iterable[ItemShown], column: str) -> Iterator[str]:
    """The rows of one sheet by their cells in the column, those in succession together."""
    cells, rows_alone = sorted({(_letters(item, column), item.row) for item in rows}), list[str]()
    # the rows of a run are as far from one another as their places in the list
    for (letters, _), run in groupby(
        enumerate(cells), lambda place: (place[1][0], place[1][1] - place[0])
    ):
        numbers = [row for _, (_, row) in run]
        first, last = numbers[0], numbers[-1]
        if letters:
            yield f"{letters}{first}" + (f":{letters}{last}" if last > first else "")
        else:
            rows_alone.append(f"{first} to {last}" if last > first else str(first))
    if rows_alone:
        single = len(rows_alone) == 1 and rows_alone[0].isdigit()
        yield f"{'row' if single else 'rows'} {', '.join(rows_alone)}"


def _letters(item: ItemShown, column: str) -> str:
    cell = next((cell.cell for cell in item.cells if cell.column == column), "")
    return cell.removesuffix(str(item.row))
