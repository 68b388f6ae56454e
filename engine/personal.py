"""The texts in columns that the registers declare personal, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.assessment import Person, Personal
from engine.outcomes.owners import REGISTER as OWNERS
from evidence.cells.text import normal_key, spaced_once
from evidence.register import ColumnSpec, Registers
from evidence.table import Table
from rules.model import Rulebook

_PEOPLE = "people"


def personal_texts(tables: Iterable[Table], rulebook: Rulebook) -> Personal:
    """Every text in a personal column of the evidence. A post that the rulebook knows is nobody's
    name, so an owner given as one is left out."""
    registers = rulebook.registers
    tables = list(tables)
    texts = {table.register.id: list(_texts(table, registers)) for table in tables}
    people: dict[str, dict[str, None]] = {}  # the texts of each, in the order of the sheet
    by_text: dict[str, str] = {}
    for row in texts.get(_PEOPLE, ()):
        first = normal_key(row[0]) if row else ""
        people.setdefault(first, {}).update(dict.fromkeys(row))
        for text in row:
            by_text.setdefault(normal_key(text), first)
    posts = {normal_key(word) for word in _code_words(registers)}
    owners: dict[str, None] = {}
    others: dict[str, None] = {}
    for register, rows in texts.items():
        for text in (text for row in rows for text in row if register != _PEOPLE):
            key = normal_key(text)
            if key in by_text:
                people[by_text[key]][text] = None
            elif register != OWNERS or "@" in text:
                others[text] = None
            elif key not in posts:
                owners[text] = None
    return Personal(
        columns=tuple(
            (register.id, spec.name)
            for register in registers.values()
            for spec in register.columns
            if is_personal(spec, registers)
        ),
        people=(
            *(Person("staff", tuple(texts)) for texts in people.values() if texts),
            *(Person("owner", (text,)) for text in owners),
            *(Person("other", (text,)) for text in others),
        ),
    )


def is_personal(spec: ColumnSpec, registers: Registers) -> bool:
    """Whether a column says something about a person, or names a row by a personal key."""
    return spec.personal or any(registers[name].has_personal_keys for name in spec.named)


def _texts(table: Table, registers: Registers) -> Iterator[list[str]]:
    """The personal texts of each row, of equal ones once; of a cell both what is written and what
    was read."""
    columns = [
        table.columns[spec.name]
        for spec in table.register.columns
        if is_personal(spec, registers) and spec.name in table.columns
    ]
    cells = [zip(column.raw, column.value, strict=True) for column in columns]
    for row in dict.fromkeys(zip(*cells, strict=True)):
        texts: list[str] = []
        for raw, value in row:
            read = sorted(value) if isinstance(value, frozenset) else [value]
            texts += [text for text in (spaced_once(raw), *read) if isinstance(text, str)]
        yield list(dict.fromkeys(text for text in texts if text.strip("\0 ")))


def _code_words(registers: Registers) -> Iterator[str]:
    for register in registers.values():
        for spec in register.columns:
            for code, others in spec.codes.items():
                yield from (code, *others)
