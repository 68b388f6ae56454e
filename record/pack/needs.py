"""The registers that a duty cannot do without: where one was not given, it is not assessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evidence.register import RegisterSpec
from rules.condition import Ask, conditions_of
from rules.model import Rulebook, Version

Registers = Mapping[str, RegisterSpec]
#: Registers of which one must be given.
Group = tuple[str, ...]


def needs(rulebook: Rulebook, version: Version) -> tuple[Group, ...]:
    """The groups of registers of which one must be given (semantics.md, An obligation's status):
    those that list subjects and events, that of the evidence, and that which decides whether the
    duty applies, each alone; then those in which a condition looks up a row. No control sheet is
    needed."""
    registers, rows = rulebook.registers, list(version.rows_asked)
    alone = [(register,) for register, _ in rows]
    looked_up = [
        group for register, asks in rows for group in _looked_up(registers, register, asks)
    ]
    looked_up += [
        (within,)
        for register, column in version.days_asked
        if (within := registers[register].column(column).looks_in) is not None
    ]
    kept = (tuple(e for e in group if not registers[e].control) for group in (*alone, *looked_up))
    return tuple(dict.fromkeys(filter(None, kept)))


def _looked_up(registers: Registers, register: str, asks: Iterable[Ask]) -> Iterator[Group]:
    """The registers in which these conditions look up a row."""
    for asked in conditions_of(asks):
        column = registers[register].column(asked.column)
        if column.looks_in is not None:
            yield (column.looks_in,)
        if asked.filled and column.named:
            yield column.named
            for each in column.named:
                yield from _looked_up(registers, each, asked.where)
