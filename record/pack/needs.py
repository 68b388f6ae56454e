"""The registers that a duty needs: if one was not provided, it is not assessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evidence.register import RegisterSpec
from rules.condition import Ask, conditions_of
from rules.model import Rulebook, Version

Registers = Mapping[str, RegisterSpec]
#: Registers of which one must be provided.
Group = tuple[str, ...]


def needs(rulebook: Rulebook, version: Version) -> tuple[Group, ...]:
    """The groups of registers of which one must be provided
    (semantics.md: An obligation's status at D): the registers of subjects, events, evidence and the
    duty's own condition, each alone; then those in which a condition looks up a row. No control
    sheet is needed."""
    registers, rows = rulebook.registers, list(version.row_conditions)
    alone = [(register,) for register, _ in rows]
    looked_up = [
        group for register, asks in rows for group in _looked_up(registers, register, asks)
    ]
    looked_up += [
        (within,)
        for register, column in version.date_columns
        if (within := registers[register].column(column).looks_in) is not None
    ]
    groups = (tuple(e for e in group if not registers[e].control) for group in (*alone, *looked_up))
    return tuple(dict.fromkeys(filter(None, groups)))


def _looked_up(registers: Registers, register: str, asks: Iterable[Ask]) -> Iterator[Group]:
    """The registers in which these conditions look up a row."""
    for condition in conditions_of(asks):
        column = registers[register].column(condition.column)
        if column.looks_in is not None:
            yield (column.looks_in,)
        if condition.filled and column.named:
            yield column.named
            for named in column.named:
                yield from _looked_up(registers, named, condition.where)
