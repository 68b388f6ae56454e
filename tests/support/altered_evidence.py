"""Evidence with rows in another order, fewer rows, one more, or other cells: for the promises.

A table is never changed in place. Answers about the changed evidence name rows by their new
numbers; ``renumbered`` gives them their old ones back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from engine.outcome import Answer, ItemRef
from evidence.cells.types import type_cells
from evidence.register import ColumnSpec
from evidence.table import CellState, Column, Evidence, Source, Table, Typed
from tests.support import engine_builders as make

#: One cell: its raw text, its value and how it was read.
Read = tuple[str, Typed, int]
#: For each register, the old number of each row that the changed table has.
Kept = Mapping[str, Sequence[int]]


def with_table(evidence: Evidence, *tables: Table) -> Evidence:
    """The evidence with these tables in place of those of the same registers."""
    return replace(
        evidence, tables={**evidence.tables, **{table.register.id: table for table in tables}}
    )


def kept(table: Table, rows: Sequence[int]) -> Table:
    """The table of these rows, in this order."""
    columns = {
        name: Column(
            name,
            [column.raw[row] for row in rows],
            [column.value[row] for row in rows],
            [column.state[row] for row in rows],
        )
        for name, column in table.columns.items()
    }
    return replace(
        table,
        source_of=[table.source_of[row] for row in rows],
        row_of=[table.row_of[row] for row in rows],
        columns=columns,
    )


def keeping(evidence: Evidence, rows: Kept) -> Evidence:
    """The evidence with only these rows of the registers named."""
    return with_table(evidence, *(kept(evidence.tables[name], rows[name]) for name in rows))


def without(evidence: Evidence, register: str, row: int) -> tuple[Evidence, Kept]:
    """The evidence without one row, and which rows the register keeps."""
    rows = {register: [each for each in range(len(evidence.tables[register])) if each != row]}
    return keeping(evidence, rows), rows


def with_row(table: Table, cells: Mapping[str, Read]) -> Table:
    """The table with one more row, the last; a column that is not named is blank there. A register
    that was missing is there then."""
    made = {
        name: cells.get(name) or read(table.register.column(name), "") for name in table.columns
    }
    columns = {
        name: Column(
            name,
            [*column.raw, made[name][0]],
            [*column.value, made[name][1]],
            [*column.state, made[name][2]],
        )
        for name, column in table.columns.items()
    }
    letters = {name: chr(ord("A") + at % 26) for at, name in enumerate(table.columns)}
    return Table(
        table.register,
        True,
        (*table.sources, Source("added.csv", table.register.id, letters)),
        [*table.source_of, len(table.sources)],
        [*table.row_of, len(table) + 2],
        columns,
    )


def with_cells(table: Table, row: int, cells: Mapping[str, Read]) -> Table:
    """The table with other cells in one row."""
    columns = {
        name: _put(column, row, cells[name]) if name in cells else column
        for name, column in table.columns.items()
    }
    return replace(table, columns=columns)


def _put(column: Column, row: int, cell: Read) -> Column:
    raw, value, state = list(column.raw), list(column.value), list(column.state)
    raw[row], value[row], state[row] = cell
    return Column(column.name, raw, value, state)


def read(spec: ColumnSpec, text: str) -> Read:
    """A text as the cell of a column, read as evidence is. Codes and periods of the made-up
    registers are not declared: there any word will do."""
    if text and spec.type == "codes" and not spec.codes:
        return text, frozenset(each.strip() for each in text.split(";")), CellState.READ
    free = (spec.type == "code" and not spec.codes) or (spec.type == "period" and not spec.periods)
    if text and free:
        return text, text, CellState.READ
    typed = type_cells(spec, [text])
    return typed.raw[0], typed.value[0], typed.state[0]


def odd(state: CellState) -> Read:
    """A cell that holds no value, in that state."""
    return ("tbc" if state == CellState.UNREADABLE else ""), None, state


def row_of(table: Table, row: int) -> dict[str, Read]:
    """The cells of a row."""
    return {
        name: (column.raw[row], column.value[row], column.state[row])
        for name, column in table.columns.items()
    }


def renumbered(answers: Iterable[Answer], rows: Kept) -> list[Answer]:
    """The answers with each row by its old number, in the order of their keys."""

    def old(register: str, row: int) -> int:
        return rows[register][row] if row >= 0 and register in rows else row

    found = [_renumbered(answer, old) for answer in answers]
    return sorted(found, key=lambda answer: (answer.key, answer.history_reason))


def _renumbered(answer: Answer, old: Callable[[str, int], int]) -> Answer:
    key = answer.key
    refs = sorted(ItemRef(ref.register, old(ref.register, ref.row)) for ref in answer.met_by)
    return answer._replace(key=key._replace(row=old(key.register, key.row)), met_by=tuple(refs))


def typed(spec: ColumnSpec, cell: make.Cell) -> Read:
    """A cell written as the builders write one."""
    column = make.table(make.register("one", spec, key=None), {spec.name: cell}).columns[spec.name]
    return column.raw[0], column.value[0], column.state[0]


def shuffled(chance: random.Random, evidence: Evidence) -> tuple[Evidence, Kept]:
    """The evidence with its registers, its sheets and the rows of each in another order."""
    orders = {}
    for name, table in evidence.tables.items():
        rows = list(range(len(table)))
        chance.shuffle(rows)
        orders[name] = rows
    mixed = keeping(evidence, orders)
    names = list(mixed.tables)
    chance.shuffle(names)
    return replace(
        mixed, tables={name: _sheets_turned(mixed.tables[name]) for name in names}
    ), orders


def _sheets_turned(table: Table) -> Table:
    """The table as if its sheets had been given in the opposite order."""
    last = len(table.sources) - 1
    return replace(
        table,
        sources=tuple(reversed(table.sources)),
        source_of=[last - number for number in table.source_of],
    )


def in_two_sheets(evidence: Evidence) -> Evidence:
    """The same rows, every other one from a second sheet."""
    tables = {
        name: replace(
            table,
            sources=(*table.sources, replace(table.sources[0], file="second.csv")),
            source_of=[row % 2 for row in range(len(table))],
        )
        for name, table in evidence.tables.items()
        if table.found
    }
    return replace(evidence, tables={**evidence.tables, **tables})
