"""The registers that a duty cannot do without: where one was not given, it is not assessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evidence.register import RegisterSpec
from rules.condition import Ask, Condition, RowsOf
from rules.model import Rulebook, Version
from rules.pattern import Completeness, Events
from rules.subject import FixedList, Population

Registers = Mapping[str, RegisterSpec]
#: Registers of which one must be given.
Group = tuple[str, ...]


def needs(rulebook: Rulebook, version: Version) -> tuple[Group, ...]:
    """The groups of registers of which one must be given (semantics.md, An obligation's status):
    those that list subjects and events, that of the evidence, and that which decides whether the
    duty applies, each alone; then those in which a condition looks up a row. No control sheet is
    needed."""
    registers, rows = rulebook.registers, list(_rows(version))
    alone = [(register,) for register, _ in rows]
    looked_up = [
        group for register, asks in rows for group in _looked_up(registers, register, asks)
    ]
    looked_up += [
        (within,)
        for register, column in _dated(version)
        if (within := registers[register].column(column).looks_in) is not None
    ]
    kept = (tuple(e for e in group if not registers[e].control) for group in (*alone, *looked_up))
    return tuple(dict.fromkeys(filter(None, kept)))


def _dated(version: Version) -> Iterator[tuple[str, str]]:
    """The columns that date its events and its evidence, which the program may fill itself."""
    pattern, query = version.pattern, version.evidence
    listed = getattr(pattern, "records", None) or getattr(pattern, "event", None)
    if isinstance(listed, Events):
        yield listed.register, listed.dated
    if query is not None and query.dated is not None:
        yield query.register, query.dated


def _rows(version: Version) -> Iterator[tuple[str, tuple[Ask, ...]]]:
    """Each register from which it takes rows, with what is asked of them."""
    pattern, people = version.pattern, version.subjects
    listed = getattr(pattern, "records", None) or getattr(pattern, "event", None)
    lists = (people if isinstance(people, Population) else None, listed)
    for each in lists:
        if isinstance(each, Population | Events):
            yield each.register, each.asks
    of_members = (
        tuple(ask for each in people.members for ask in each.where)
        if isinstance(people, FixedList)
        else ()
    )
    if isinstance(pattern, Completeness):
        yield pattern.records.register, pattern.asks + of_members
    elif version.evidence is not None:
        yield version.evidence.register, version.evidence.asks + of_members
    if isinstance(version.applies, RowsOf):
        yield version.applies.register, version.applies.asks


def _looked_up(registers: Registers, register: str, asks: Iterable[Ask]) -> Iterator[Group]:
    """The registers in which these conditions look up a row."""
    for ask in asks:
        for each in ask.alternatives:
            yield from _by_one(registers, register, each)


def _by_one(registers: Registers, register: str, asked: Condition) -> Iterator[Group]:
    column = registers[register].column(asked.column)
    if column.looks_in is not None:
        yield (column.looks_in,)
    if asked.filled and column.named:
        yield column.named
        for each in column.named:
            yield from _looked_up(registers, each, asked.where)
