"""Notes on counted rows that may not count, because a column that is not used says so: 'Cancelled'
below the heading 'Status' of a comms log."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.cells.merges import CellGrid, cells_of
from evidence.cells.text import is_blank, normal_heading, raw_text, row_numbers_text
from evidence.cells.undone import gone, undone, undone_or_not_yet
from evidence.raw_cells import RawValue, column_letters
from evidence.sheets.headings import UnusedColumn

#: What is still to come, as a whole text.
_TO_COME = frozenset(
    {
        "planned",
        "provisional",
        "booked",
        "draft",
        "scheduled",
        "proposed",
        "to do",
        "requested",
        "open",
        "ongoing",
        "in progress",
        "outstanding",
        "overdue",
        "pending",
        "awaiting",
        "awaited",
        "rebooked",
        "rescheduled",
        "on hold",
        "incomplete",
        "unconfirmed",
        "unapproved",
    }
)
#: Headings of the state of a row.
_STATE = re.compile(r"\b(?:status|state|outcome|results?|decision|attend(?:ed|ance)|held)\b")
#: What has to have happened if the row is to count, as a whole heading.
_DONE = re.compile(
    r"(?:was it |were they )?(?:attended|held|took place|happened|went ahead|delivered|completed?"
    r"|done|finished|sent|issued|reviewed|passed|pass|signed in|present)(?: y ?/ ?n)?"
)
#: What a row has to be, or what must have been seen of it, if it is to count, as a whole heading.
_MUST_BE = re.compile(
    r"(?:is it )?(?:valid|live|active|current|approved|verified|validated|confirmed|count(?:s|ed)?"
    r"|include[ds]?|certificate(?: (?:seen|received))?|evidence (?:seen|received))(?: y ?/ ?n)?"
)
#: What a row may not be, as a whole heading.
_MUST_NOT_BE = re.compile(
    r"(?:removed?|deleted?|draft|duplicate|expired|lapsed|ignored?|excluded?|error|test)"
    r"(?: row)?(?: y ?/ ?n)?"
)
_YES = frozenset({"y", "yes", "true", "x", "1", "\u2713", "\u2714"})
_NO = frozenset({"n", "no", "false", "\u2717", "\u2718", "0%"})
_SEVERAL = "were", "they do", "them"
_LONGEST = 30  # characters of a state; a longer text is a remark


def doubt_notes(
    grid: CellGrid,
    columns: Sequence[UnusedColumn],
    rows: Sequence[int],
    used: Sequence[str] = (),
) -> list[str]:
    """Returns a note for each of the ``columns`` whose cells say that some of the counted ``rows``
    (indexes) may not count. ``used``: the words by which a mapping leaves rows out by these
    columns; () for columns that are not used."""
    notes, data = [], [grid.rows[row] for row in rows]
    unused = "" if used else ", which is not used,"
    for column in columns:
        heading = normal_heading(column.heading)
        cells = cells_of(data, column.index)
        says = {cell: bool(heading) and _says(heading, cell, used) for cell in set(cells)}
        doubtful = [grid.number(row) for row, cell in zip(rows, cells, strict=True) if says[cell]]
        if doubtful:
            numbers = row_numbers_text(doubtful)
            were, they_do, them = ("was", "it does", "it") if len(doubtful) == 1 else _SEVERAL
            instead = "add the words to the mapping" if used else f"move {them} to another sheet"
            letters = column_letters(grid.sheet.first_column + column.index)
            notes.append(
                f"{numbers[:1].upper()}{numbers[1:]} {were} counted, but '{column.heading}' (column"
                f" {letters}){unused} may say that {they_do} not count. If so, {instead}."
            )
    return notes


def tells_state(heading: str) -> bool:
    """Whether a column with this heading says in which state its rows are: held, cancelled or
    passed."""
    text = normal_heading(heading)
    return bool(_STATE.search(text) or _DONE.fullmatch(text))


def denies(heading: str, cell: RawValue, *, done: bool) -> bool:
    """Whether a cell of a column that tells states says that its row does not count. ``done``: the
    row counts only if something was done, such as a course passed; otherwise, unless it was
    cancelled or came to an end."""
    text = normal_heading(raw_text(cell))
    if len(text) > _LONGEST:
        return False
    if not done:
        return gone(text)
    no = text in _NO and _DONE.fullmatch(normal_heading(heading)) is not None
    return no or undone_or_not_yet(text)


def _says(heading: str, cell: RawValue, used: Sequence[str]) -> bool:
    """Whether a cell below a heading says that its row may not count, or begins with one of the
    ``used`` words, by which other rows are left out."""
    if is_blank(cell):
        return False
    text = normal_heading(raw_text(cell))
    if text.startswith(tuple(filter(None, map(normal_heading, used)))):
        return True
    if undone(heading) or _MUST_NOT_BE.fullmatch(heading):
        return text in _YES or not isinstance(cell, str | bool | int | float)
    if (_DONE.fullmatch(heading) or _MUST_BE.fullmatch(heading)) and text in {*_NO, "0"}:
        return True
    return text in _TO_COME or (len(text) <= _LONGEST and undone(text))
