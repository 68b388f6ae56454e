"""The second clock: evidence as it was known on a day, by what its rows say of their recording."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum, auto

from evidence.cells.day_words import long_day
from evidence.cells.types import some_cells
from evidence.problem import ReadingNote
from evidence.register import RegisterSpec
from evidence.sheets.reading import SheetPart, SheetReading
from evidence.table import CellState


class _Row(Enum):
    """What the clock makes of a row; the first two count."""

    ALWAYS = auto()  # its sheet does not say when rows were recorded
    BY_THEN = auto()
    LATER = auto()
    NOT_SAID = auto()


def known_by(read: SheetReading, register: RegisterSpec, day: datetime.date) -> SheetReading:
    """A sheet of a register with those rows alone that were recorded by ``day``, that day included
    (semantics.md, Versions and clocks).

    A row whose 'recorded on' is blank or cannot be read does not count. Rows of a register, or of
    a sheet, without that column always count, and a note says so. What could not be read in a row
    that does not count is no problem any more, unless it is its 'recorded on'. A note says how many
    rows did not count, and why. Reads no file and raises nothing.

    What follows from several rows comes afterwards, from those that count: rows that are equal
    count once, a key may be another row's too, and a document may be the latest of its kind.
    """
    if read.part is None:
        return read
    part, clock = read.part, register.recorded_on
    rows = _rows(part, clock, day)
    kept = [n for n, made in enumerate(rows) if made in (_Row.ALWAYS, _Row.BY_THEN)]
    said = _notes(register, Counter(rows), day)
    notes = (*read.notes, *(ReadingNote(part.source.file, part.source.sheet, s) for s in said))
    if len(kept) == len(rows):
        return replace(read, notes=notes)
    counted = {part.rows[n] for n in kept}
    unread = {
        name: cells if name == clock else [cell for cell in cells if cell.row in counted]
        for name, cells in read.unread.items()
    }
    part = replace(
        part,
        rows=[part.rows[n] for n in kept],
        columns={name: some_cells(cells, kept) for name, cells in part.columns.items()},
        unknown=[part.unknown[n] for n in kept],
    )
    return SheetReading(part, read.problems, notes, unread)


def _rows(part: SheetPart, clock: str | None, day: datetime.date) -> list[_Row]:
    """A column that stands twice is one that the sheet has, and its cells are unread."""
    if clock is None:
        return [_Row.ALWAYS] * len(part.rows)
    cells, has = part.columns[clock], clock in part.source.letters
    rows: list[_Row] = []
    for state, value in zip(cells.state, cells.value, strict=True):
        if not has and state != CellState.UNREADABLE:
            rows.append(_Row.ALWAYS)
        elif isinstance(value, datetime.date):
            rows.append(_Row.BY_THEN if value <= day else _Row.LATER)
        else:
            rows.append(_Row.NOT_SAID)
    return rows


def _notes(register: RegisterSpec, rows: Mapping[_Row, int], day: datetime.date) -> Iterator[str]:
    if rows[_Row.ALWAYS]:
        lacks = f"This sheet has no column '{register.recorded_on}'"
        if register.recorded_on is None:
            lacks = f"The register '{register.title}' has no column for the day on which a row was"
            lacks += " recorded"
        yield f"{lacks}, so all its rows counted, whenever they were recorded."
    later, not_said = rows[_Row.LATER], rows[_Row.NOT_SAID]
    parts = [f"{later} recorded after {long_day(day)}"] if later else []
    if not_said:
        parts.append(f"{not_said} whose date of recording is blank or cannot be read")
    if parts:
        yield f"Rows that did not count: {', and '.join(parts)}."
