"""The rows of an example that another row's key has to name, where a rule asks for such a key."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence

from engine.needs import asked
from evidence.register import RegisterSpec
from reports.rulebook.cells import Cells, Registers, key_of, meeting, typed
from rules.condition import Condition
from rules.model import Version

#: A register and the cells of a row in it.
Row = tuple[str, Cells]


def with_named(
    row: Row, version: Version, day: datetime.date, registers: Registers, taken: Sequence[Row]
) -> Iterator[Row]:
    """The rows that the keys of a row must name, and then the row with those keys. A row of
    ``taken``, those that the example has in any case, is named where it will do."""
    register, cells = row
    conditions = [each for name, each in _conditions(version) if name == register]
    yield from _named((register, cells), conditions, day, registers, taken)
    yield row


def _conditions(version: Version) -> Iterator[tuple[str, Condition]]:
    for register, asks in asked(version):
        for ask in asks:
            yield register, ask.alternatives[0]


def _named(
    row: Row,
    conditions: Iterable[Condition],
    day: datetime.date,
    registers: Registers,
    taken: Sequence[Row],
) -> Iterator[Row]:
    """The rows that these conditions call for; the keys of ``row`` are changed to theirs."""
    register, cells = row
    made: list[Row] = []
    for condition in conditions:
        spec = registers[register].column(condition.column)
        if condition.filled is None or not spec.named or spec.name not in cells:
            continue
        within = registers[spec.named[0]]
        there = [*taken, *made]
        fits = meeting(within, condition.where, day, registers)
        held = _serving(within, fits, there)
        if held is None:
            number = 1 + sum(1 for name, _ in there if name == within.id)
            held = key_of(within, number)
            dated = {within.dated_by: typed(day)} if within.dated_by else {}
            fresh = {within.key or "": held} | dated | fits
            made += _named((within.id, fresh), condition.where, day, registers, there)
            made.append((within.id, fresh))
        cells[spec.name] = held
    yield from made


def _serving(within: RegisterSpec, fits: Cells, there: Sequence[Row]) -> str | None:
    """The key of a row that is there already and meets what is asked of the one named."""
    for name, cells in there:
        if name == within.id and fits.items() <= cells.items() and within.key in cells:
            return cells[within.key]
    return None
