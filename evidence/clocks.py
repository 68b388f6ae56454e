"""The second clock: evidence as it was known on a day, by what its rows say of their recording."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from evidence.daywords import long_day
from evidence.problem import EvidenceProblem, ReadingNote
from evidence.subset import some_rows
from evidence.table import CellState, Evidence, Table


class _Row(Enum):
    """What the clock makes of a row; the first two count."""

    ALWAYS = auto()  # its sheet does not say when rows were recorded
    BY_THEN = auto()
    LATER = auto()
    NOT_SAID = auto()


_COUNT = (_Row.ALWAYS, _Row.BY_THEN)
_Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class _Sifted:
    """A table, and what the clock makes of each of its rows."""

    table: Table
    rows: Sequence[_Row]


def known_by(evidence: Evidence, day: datetime.date) -> Evidence:
    """The evidence with those rows alone that were recorded by ``day``, that day included
    (semantics.md, Versions and clocks).

    A row whose 'recorded on' is blank or cannot be read does not count. Rows of a register, or of
    a sheet, without that column always count, and a note names the sheet. What could not be read
    in a row that does not count is no problem any more, unless it is its 'recorded on'. A note says
    of each sheet how many of its rows did not count, and why. Reads no file and raises nothing.

    What follows from several rows is for evidence.finishing, afterwards: a row that was not
    recorded by then shares no key with another, and is no later version of one.
    """
    sifted = [_sifted(table, day) for table in evidence.tables.values()]
    tables = {each.table.register.id: _counting(each) for each in sifted}
    clocks = {name: table.register.recorded_on for name, table in tables.items()}
    out = {place for each in sifted for place in _out(each)}
    return replace(
        evidence,
        tables=tables,
        problems=tuple(each for each in evidence.problems if _stays(each, out, clocks)),
        notes=(*evidence.notes, *(note for each in sifted for note in _notes(each, day))),
    )


# Rows -------------------------------------------------------------------------------------------


def _sifted(table: Table, day: datetime.date) -> _Sifted:
    name = table.register.recorded_on
    if name is None:
        return _Sifted(table, [_Row.ALWAYS] * len(table))
    column = table.columns[name]
    has = [name in source.letters for source in table.sources]
    return _Sifted(
        table,
        [
            _row(has[source], state, value, day)
            for source, state, value in zip(
                table.source_of, column.state, column.value, strict=True
            )
        ],
    )


def _row(has: bool, state: int, value: object, day: datetime.date) -> _Row:
    """``has`` is whether the sheet has the column; a column that stands twice counts as had, and
    its cells as unread."""
    if not has and state != CellState.UNREADABLE:
        return _Row.ALWAYS
    if state != CellState.READ or not isinstance(value, datetime.date):
        return _Row.NOT_SAID
    return _Row.BY_THEN if value <= day else _Row.LATER


def _counting(sifted: _Sifted) -> Table:
    """The table of the rows that count."""
    return some_rows(sifted.table, [n for n, made in enumerate(sifted.rows) if made in _COUNT])


# What is said of them ---------------------------------------------------------------------------


def _out(sifted: _Sifted) -> Iterator[_Place]:
    """Where the rows stand that do not count."""
    table = sifted.table
    for row, made in enumerate(sifted.rows):
        if made not in _COUNT:
            source = table.sources[table.source_of[row]]
            yield source.file, source.sheet, table.row_of[row]


def _stays(problem: EvidenceProblem, out: set[_Place], clocks: Mapping[str, str | None]) -> bool:
    place = (problem.file, problem.sheet, problem.row)
    return place not in out or problem.column == clocks.get(problem.register)


def _notes(sifted: _Sifted, day: datetime.date) -> Iterator[ReadingNote]:
    made = Counter(zip(sifted.table.source_of, sifted.rows, strict=True))
    for number, source in enumerate(sifted.table.sources):
        if made[number, _Row.ALWAYS]:
            yield ReadingNote(source.file, source.sheet, _always(sifted.table))
        later, not_said = made[number, _Row.LATER], made[number, _Row.NOT_SAID]
        if later or not_said:
            words = _not_counted(later, not_said, day)
            yield ReadingNote(source.file, source.sheet, words)


def _always(table: Table) -> str:
    name, title = table.register.recorded_on, table.register.title
    lacks = (
        f"The register '{title}' has no column for the day on which a row was recorded"
        if name is None
        else f"This sheet has no column '{name}'"
    )
    return f"{lacks}, so all its rows counted, whenever they were recorded."


def _not_counted(later: int, not_said: int, day: datetime.date) -> str:
    parts = [
        f"{later} recorded after {long_day(day)}" if later else "",
        f"{not_said} whose day of recording is blank or cannot be read" if not_said else "",
    ]
    return f"Rows that did not count: {', and '.join(part for part in parts if part)}."
