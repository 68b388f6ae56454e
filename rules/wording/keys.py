"""Which rows a key may name where a rule asks that it be filled, in sentences of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.cells.text import listed
from evidence.register import ColumnSpec, Registers
from rules.condition import Ask, Condition, conditions_of
from rules.model import Version
from rules.wording.words import column_told, title_of

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
    query, pattern = version.evidence, version.pattern
    if query is not None:
        asks = [*query.asks, *(ask for member in version.members for ask in member.where)]
        yield from _of(query.register, asks, registers)
    if version.events is not None:
        yield from _of(version.events.register, (*version.events.asks, *pattern.asks), registers)
    for rows in (version.population, version.applies):
        if rows is not None:
            yield from _of(rows.register, rows.asks, registers)


def _of(register: str, asks: Iterable[Ask], registers: Registers) -> Iterator[_Asked]:
    for condition in conditions_of(asks):
        yield register, condition
        column = _column(register, condition.column, registers)
        for named in column.named if column is not None else ():
            yield from _of(named, condition.where, registers)


def _column(register: str, name: str, registers: Registers) -> ColumnSpec | None:
    spec = registers.get(register)
    columns = spec.columns if spec is not None else ()
    return next((column for column in columns if column.name == name), None)
