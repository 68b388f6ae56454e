"""The registers that a duty needs, as its rule says (reading-semantics.md: Which sheets a duty
needs)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evidence.register import RegisterSpec
from evidence.table import Table
from rules.condition import Condition, conditions_of
from rules.model import Version

Registers = Mapping[str, RegisterSpec]
#: Registers that may replace each other: one of them is needed. Most groups have only one.
Group = tuple[str, ...]


def needed_registers(versions: Sequence[Version], registers: Registers) -> tuple[Group, ...]:
    """The registers that any of these resolved versions needs: those of its subjects, its events or
    records, its evidence and its condition, and then those in which its conditions look up a row.
    Control registers are left out. So are alternatives, if one of them is needed in any case."""
    groups: dict[Group, None] = dict.fromkeys((name,) for name in registers_read(versions))
    for version in versions:
        groups.update(dict.fromkeys(looked_up(version, registers)))
    needed = dict.fromkeys(
        tuple(name for name in group if name not in registers or not registers[name].control)
        for group in groups
    )
    single = {group[0] for group in needed if len(group) == 1}
    return tuple(
        group for group in needed if len(group) == 1 or (group and single.isdisjoint(group))
    )


def not_given(groups: Iterable[Group], tables: Mapping[str, Table]) -> tuple[Group, ...]:
    """The groups of which no register was given."""
    return tuple(
        group
        for group in groups
        if not any(name in tables and tables[name].given for name in group)
    )


def not_readable(groups: Iterable[Group], tables: Mapping[str, Table]) -> tuple[Group, ...]:
    """The groups of which a register was given, but none that can be read."""
    return tuple(
        group
        for group in groups
        if not not_given([group], tables)
        and not any(name in tables and tables[name].found for name in group)
    )


def group_title(group: Group, tables: Mapping[str, Table]) -> str:
    """What the office calls the registers: 'Meetings or Board minutes'."""
    return " or ".join(tables[register].title for register in group)


def registers_read(versions: Sequence[Version]) -> Iterator[str]:
    """The registers whose rows the versions read, in the order in which a duty needs them."""
    read = (
        (version.population, version.events, version.evidence, version.applies)
        for version in versions
    )
    for lists in zip(*read, strict=True):
        yield from (rows.register for rows in lists if rows is not None)


def looked_up(version: Version, registers: Registers) -> Iterator[Group]:
    """The registers in which conditions of the version look up rows, group by group."""
    for register, asks in version.row_conditions:
        for condition in conditions_of(asks):
            yield from _of_condition(condition, register, registers)
    for register, column in version.date_columns:
        within = registers[register].column(column).looks_in if register in registers else None
        if within is not None:
            yield (within,)


def _of_condition(condition: Condition, register: str, registers: Registers) -> Iterator[Group]:
    """The registers in which a condition on a row of ``register`` looks up a row."""
    if register not in registers:
        return
    spec = registers[register].column(condition.column)
    if spec.looks_in is not None:
        yield (spec.looks_in,)
    if condition.filled is None or not spec.named:
        return
    yield spec.named
    for further in condition.where:
        for named in spec.named:
            yield from _of_condition(further, named, registers)
