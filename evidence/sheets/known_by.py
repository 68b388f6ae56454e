"""The second clock: evidence as it was known on a day, by what its rows say of their recording."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
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


_COUNT = (_Row.ALWAYS, _Row.BY_THEN)


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
    clock = register.recorded_on
    rows = _rows(read.part, clock, day)
    out = {read.part.rows[n] for n, made in enumerate(rows) if made not in _COUNT}
    unread = {
        name: cells if name == clock else [cell for cell in cells if cell.row not in out]
        for name, cells in read.unread.items()
    }
    return SheetReading(
        _counting(read.part, rows) if out else read.part,
        read.problems,
        (*read.notes, *_notes(read.part, register, rows, day)),
        unread,
    )


def _rows(part: SheetPart, clock: str | None, day: datetime.date) -> list[_Row]:
    if clock is None:
        return [_Row.ALWAYS] * len(part.rows)
    cells, has = part.columns[clock], clock in part.source.letters
    return [
        _row(has, state, value, day) for state, value in zip(cells.state, cells.value, strict=True)
    ]


def _row(has: bool, state: int, value: object, day: datetime.date) -> _Row:
    """``has`` is whether the sheet has the column; a column that stands twice counts as had, and
    its cells as unread."""
    if not has and state != CellState.UNREADABLE:
        return _Row.ALWAYS
    if state != CellState.READ or not isinstance(value, datetime.date):
        return _Row.NOT_SAID
    return _Row.BY_THEN if value <= day else _Row.LATER


def _counting(part: SheetPart, rows: Sequence[_Row]) -> SheetPart:
    """The rows that count, and what cannot be read in them."""
    kept = [n for n, made in enumerate(rows) if made in _COUNT]
    return replace(
        part,
        rows=[part.rows[n] for n in kept],
        columns={name: some_cells(cells, kept) for name, cells in part.columns.items()},
        unknown=[part.unknown[n] for n in kept],
    )


def _notes(
    part: SheetPart, register: RegisterSpec, rows: Sequence[_Row], day: datetime.date
) -> list[ReadingNote]:
    made = Counter(rows)
    said = [_always(register)] if made[_Row.ALWAYS] else []
    if made[_Row.LATER] or made[_Row.NOT_SAID]:
        said.append(_not_counted(made, day))
    return [ReadingNote(part.source.file, part.source.sheet, words) for words in said]


def _always(register: RegisterSpec) -> str:
    name, title = register.recorded_on, register.title
    lacks = (
        f"The register '{title}' has no column for the day on which a row was recorded"
        if name is None
        else f"This sheet has no column '{name}'"
    )
    return f"{lacks}, so all its rows counted, whenever they were recorded."


def _not_counted(made: Mapping[_Row, int], day: datetime.date) -> str:
    later, not_said = made[_Row.LATER], made[_Row.NOT_SAID]
    parts = [
        f"{later} recorded after {long_day(day)}" if later else "",
        f"{not_said} whose day of recording is blank or cannot be read" if not_said else "",
    ]
    return f"Rows that did not count: {', and '.join(part for part in parts if part)}."
