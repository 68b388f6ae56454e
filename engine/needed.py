"""Which registers a duty needs, by its rule alone (semantics.md, An obligation's status: not
assessed)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.shown import events_of
from evidence.register import RegisterSpec
from rules.condition import AnyOf, Applies, Ask, Condition, Listing
from rules.model import Version
from rules.pattern import Completeness
from rules.subject import FixedList

Registers = Mapping[str, RegisterSpec]
#: Registers of which one is needed; most often there is one alone.
Group = tuple[str, ...]


def needed(registers: Registers, versions: Sequence[Version]) -> list[Group]:
    """The groups of registers that these versions of a duty need, each group once; one that holds
    a register that is needed on its own is left out, and control sheets are never needed."""
    asked = (group for version in versions for group in _of_version(registers, version))
    kept = (tuple(name for name in group if not _control(registers, name)) for group in asked)
    found = list(dict.fromkeys(group for group in kept if group))
    alone = {group[0] for group in found if len(group) == 1}
    return [group for group in found if len(group) == 1 or alone.isdisjoint(group)]


def _control(registers: Registers, name: str) -> bool:
    return name in registers and registers[name].control


def _of_version(registers: Registers, version: Version) -> Iterator[Group]:
    for register, asks in _reads(version):
        yield (register,)
        for ask in asks:
            yield from _looked_up(registers, register, ask)


def _reads(version: Version) -> Iterator[tuple[str, Sequence[Ask]]]:
    """The registers that a version reads, each with the conditions on its rows."""
    subjects, pattern, query = version.subjects, version.pattern, version.evidence
    for rows in (subjects, events_of(version), version.applies):
        if isinstance(rows, Listing | Applies):
            yield rows.register, rows.asks
    if isinstance(pattern, Completeness):
        yield pattern.records.register, pattern.asks
    if query is not None:
        yield query.register, query.asks
        for member in subjects.members if isinstance(subjects, FixedList) else ():
            yield query.register, member.where


def _looked_up(registers: Registers, register: str, ask: Ask) -> Iterator[Group]:
    """The registers in which a condition on a row of this one looks up a row, and those in which
    the conditions on that row do."""
    if isinstance(ask, AnyOf):
        for each in ask.any_of:
            yield from _looked_up(registers, register, each)
    elif register in registers:
        yield from _named_by(registers, registers[register], ask)


def _named_by(registers: Registers, register: RegisterSpec, asked: Condition) -> Iterator[Group]:
    spec = register.column(asked.column)
    if spec.looks_in:
        yield (spec.looks_in,)
    if asked.filled and spec.type in ("key", "keys") and spec.named:
        yield spec.named
        for name in spec.named:
            for each in asked.where:
                yield from _looked_up(registers, name, each)
