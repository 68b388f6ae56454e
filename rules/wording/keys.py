"""Which rows a key may name where a rule asks that it be filled, in sentences of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.cells.text import listed
from evidence.register import ColumnSpec
from rules.condition import Ask, Condition, RowsOf
from rules.model import Version
from rules.pattern import BeforeEvent, Completeness, Triggered
from rules.subject import FixedList
from rules.wording.words import Registers, column_told, title_of

#: A condition with the id of the register whose row it is asked of.
_Asked = tuple[str, Condition]


def keys_told(version: Version, registers: Registers) -> Iterator[str]:
    """A sentence for each key that a resolved version asks to be filled."""
    seen: set[tuple[str, str]] = set()
    for register, condition in _conditions(version, registers):
        column = _column(register, condition.column, registers)
        if column is None or not condition.filled or (register, column.name) in seen:
            continue
        named = [name for name in column.named if name in registers]
        if named:
            seen.add((register, column.name))
            yield _key_told(column.name, named, registers)


def _key_told(column: str, named: list[str], registers: Registers) -> str:
    titles = listed([title_of(name, registers) for name in named], "or")
    asked = ["can be read"]
    if any(registers[name].cancelled for name in named):
        asked.append("was not cancelled")
    if any(registers[name].dated_by for name in named):
        asked.append("has its day by the day of the check")
    return f"{column_told(column)} must name a row in {titles} that {listed(asked)}."


def _conditions(version: Version, registers: Registers) -> Iterator[_Asked]:
    """Every condition of a version, with those on the rows that its keys name."""
    pattern, query, subjects = version.pattern, version.evidence, version.subjects
    if query is not None:
        yield from _of(query.register, query.asks, registers)
        if isinstance(subjects, FixedList):
            for member in subjects.members:
                yield from _of(query.register, member.where, registers)
    if isinstance(pattern, Completeness):
        yield from _of(pattern.records.register, (*pattern.records.asks, *pattern.asks), registers)
    event = pattern.event if isinstance(pattern, Triggered | BeforeEvent) else None
    for rows in (event, subjects, version.applies):
        if isinstance(rows, RowsOf):
            yield from _of(rows.register, rows.asks, registers)


def _of(register: str, asks: Iterable[Ask], registers: Registers) -> Iterator[_Asked]:
    for ask in asks:
        for condition in (ask,) if isinstance(ask, Condition) else ask.any_of:
            yield register, condition
            column = _column(register, condition.column, registers)
            for named in column.named if column is not None else ():
                yield from _of(named, condition.where, registers)


def _column(register: str, name: str, registers: Registers) -> ColumnSpec | None:
    spec = registers.get(register)
    columns = spec.columns if spec is not None else ()
    return next((column for column in columns if column.name == name), None)
