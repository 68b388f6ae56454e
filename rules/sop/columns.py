"""Which columns of the registers the rules read, and which none does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from evidence.register import RegisterSpec
from rules.condition import columns_of
from rules.model import Rulebook, Version
from rules.resolve import resolve

#: A register and one of its columns.
Column = tuple[str, str]


def columns_read(rulebook: Rulebook) -> Mapping[Column, tuple[str, ...]]:
    """The duties that read each column, in the rulebook's order: by any version of theirs, content
    duties by what they cut too. A column that the program fills itself is read with the columns
    that it is filled from."""
    readers: dict[Column, dict[str, None]] = defaultdict(dict)
    for duty in rulebook.duties:
        for resolved in resolve(rulebook, duty).versions:
            for column in _with_sources(_of_version(resolved.version), rulebook.registers):
                readers[column][duty] = None
    return {column: tuple(duties) for column, duties in readers.items()}


def unread_columns(rulebook: Rulebook, also: Iterable[Column] = ()) -> tuple[Column, ...]:
    """The columns that no rule reads, in the order of the registers.

    Read in any case are what a register declares of itself (its key, label and days, what follows
    what, what a row closes), every column of a control sheet, and ``also``, what else the
    program itself reads.
    """
    registers = rulebook.registers.values()
    declared = (column for spec in registers for column in _declared(spec))
    read = {*columns_read(rulebook), *declared, *also}
    return tuple(
        (spec.id, column.name)
        for spec in registers
        if not spec.control
        for column in spec.columns
        if (spec.id, column.name) not in read
    )


def _declared(spec: RegisterSpec) -> Iterator[Column]:
    yield from _columns(spec.id, spec.key, spec.label, spec.dated_by, spec.recorded_on)
    yield from _columns(spec.id, spec.begins, spec.ends)
    if spec.succession is not None:
        yield from _columns(spec.id, spec.succession.kind, spec.succession.year)
        yield from _columns(spec.id, *spec.succession.dated)
    for column in spec.columns:
        if column.closes is not None:
            yield from _columns(spec.id, column.name, column.closes.column)
            yield from _columns(column.refers_to or "", column.closes.fills)


def _of_version(version: Version) -> Iterator[Column]:
    query, events, people = version.evidence, version.events, version.population
    for register, asks in version.rows_asked:
        yield from _columns(register, *columns_of(asks))
    if version.rows is not None:
        remarked = (name for remark in version.remarks for name in columns_of(remark.where))
        yield from _columns(version.rows.register, *version.evidence_columns, *remarked)
    if events is not None:
        yield from _columns(events.register, *events.days, query.needed_from if query else None)
    if people is not None:
        named = query.named_by_subject if query else None
        yield from _columns(people.register, *people.days, named)
    if version.applies is not None:
        yield from _columns(version.applies.register, version.applies.begins, version.applies.ends)


def _columns(register: str, *names: str | None) -> Iterator[Column]:
    yield from ((register, name) for name in names if name is not None)


def _with_sources(
    read: Iterable[Column], registers: Mapping[str, RegisterSpec]
) -> Iterator[Column]:
    for register, name in read:
        yield register, name
        spec = registers[register].column(name)
        if (latest := spec.latest) is not None:
            yield from _columns(register, latest.key, latest.by)
            yield from _columns(latest.within, latest.kind, latest.issued)
        if (day_of := spec.day_of) is not None:
            yield from _columns(register, day_of.key)
            yield from _columns(day_of.within, day_of.day)
