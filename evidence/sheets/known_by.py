"""The second clock: the evidence that was known by a day, as each row's 'recorded on' gives it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evidence.cells.day_words import long_day
from evidence.problem import EvidenceNote
from evidence.register import RegisterSpec
from evidence.sheets.sheet_contents import SheetContents, SheetPart
from evidence.table import CellState


def known_by(contents: SheetContents, register: RegisterSpec, day: datetime.date) -> SheetContents:
    """A sheet of a register with only the rows that were recorded by ``day``, that day included
    (semantics.md: Versions and clocks).

    A row whose 'recorded on' is blank or cannot be read does not count. Rows of a register, or of
    a sheet, without that column always count, and a note says so. A cell that cannot be read,
    in a row that does not count, is not a problem, unless it is the 'recorded on' cell. A
    note says how many rows did not count, and why.

    Equal rows, shared keys and the latest document of a kind are worked out afterwards, from the
    rows that count.
    """
    if contents.part is None:
        return contents
    part, recorded_on = contents.part, register.recorded_on
    days = _days_of_recording(part, recorded_on)
    kept = [row for row, recorded in enumerate(days) if recorded <= day]
    messages = _messages(register, days, day)
    source = part.source
    notes = (*contents.notes, *(EvidenceNote(source.file, source.sheet, text) for text in messages))
    if len(kept) == len(part.rows):
        return replace(contents, notes=notes)
    counted = {part.rows[row] for row in kept}
    unread = {
        name: cells if name == recorded_on else [cell for cell in cells if cell.row in counted]
        for name, cells in contents.unread.items()
    }
    part = replace(
        part,
        rows=[part.rows[row] for row in kept],
        columns={name: column.some_rows(kept) for name, column in part.columns.items()},
        unknown=[part.unknown[row] for row in kept],
    )
    return SheetContents(part=part, problems=contents.problems, notes=notes, unread=unread)


#: In place of a day of recording. A row that always counts has one before every day, and a row
#: whose cell is blank or cannot be read one after every day, so that it never counts.
_ALWAYS = datetime.date.min
_NOT_GIVEN = datetime.date.max


def _days_of_recording(part: SheetPart, recorded_on: str | None) -> list[datetime.date]:
    """The day of recording of each row, from the column of that name; _ALWAYS where the register,
    or the sheet, has no such column, and _NOT_GIVEN where the cell has no day."""
    if recorded_on is None:
        return [_ALWAYS] * len(part.rows)
    column = part.columns[recorded_on]
    # A column with a repeated heading is not in ``letters`` either, but its cells are unreadable.
    if recorded_on not in part.source.letters and CellState.UNREADABLE not in column.state:
        return [_ALWAYS] * len(part.rows)
    return [day if isinstance(day, datetime.date) else _NOT_GIVEN for day in column.value]


def _messages(
    register: RegisterSpec, days: Sequence[datetime.date], day: datetime.date
) -> Iterator[str]:
    """Which rows of a sheet did not count because they were recorded after ``day``, or on an
    unknown day, in sentences. ``days`` are those of recording."""
    if _ALWAYS in days:
        lacks = f"This sheet has no column '{register.recorded_on}'"
        if register.recorded_on is None:
            lacks = f"The register '{register.title}' has no column for the day on which a row was"
            lacks += " recorded"
        yield f"{lacks}, so all its rows counted, whenever they were recorded."
    not_given = days.count(_NOT_GIVEN)
    later = sum(recorded > day for recorded in days) - not_given
    reasons = [f"{later} recorded after {long_day(day)}"] if later else []
    if not_given:
        reasons.append(f"{not_given} whose date of recording is blank or cannot be read")
    if reasons:
        yield f"Rows that did not count: {', and '.join(reasons)}."
