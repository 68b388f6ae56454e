"""The sheets of one register joined into its table; equal rows count once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from evidence.problem import EvidenceNote
from evidence.register import RegisterSpec
from evidence.sheets.equal_rows import comparable_cell, comparable_rows
from evidence.sheets.sheet_contents import SheetPart
from evidence.table import Column, Table

#: How many repeated rows of a sheet are named one by one.
_NAMED_REPEATS = 20

#: A row: the position of its part, and of the row in that part (both from 0).
_Row = tuple[int, int]


def missing_table(register: RegisterSpec, *, given: bool = False) -> Table:
    """The table, without rows, of a register that was not provided or, if ``given``, of one with
    a sheet that cannot be read."""
    columns = {spec.name: Column.of(spec.name, ()) for spec in register.columns}
    return Table(register, False, (), (), (), columns, given)


def join_parts(
    register: RegisterSpec, parts: Sequence[SheetPart]
) -> tuple[Table, tuple[EvidenceNote, ...]]:
    """The register's table from its sheets, in their order, and the notes on repeated rows.

    Of equal rows (sheets.equal_rows) one is kept, and a note names the others. The one that was
    recorded first is kept, so that copies are known from that day on; else the first of them.
    """
    repeats = _repeats(register, parts)
    kept = [
        [row for row in range(len(part.rows)) if (sheet, row) not in repeats]
        for sheet, part in enumerate(parts)
    ]
    table = Table(
        register=register,
        found=True,
        sources=tuple(part.source for part in parts),
        source_of=[sheet for sheet, rows in enumerate(kept) for _ in rows],
        row_of=[part.rows[row] for part, rows in zip(parts, kept, strict=True) for row in rows],
        columns={spec.name: _joined(spec.name, parts, kept) for spec in register.columns},
    )
    return table, tuple(_notes(parts, repeats))


def _repeats(register: RegisterSpec, parts: Sequence[SheetPart]) -> dict[_Row, _Row]:
    """Each row that is left out, with the equal one that is kept."""
    if _all_differ(parts, register.key):
        return {}

    def order(row: _Row) -> tuple[datetime.date, _Row]:
        """The day on which a row was recorded, or the last possible date; then the row's place."""
        part, position = row
        recorded_on = register.recorded_on
        day = parts[part].columns[recorded_on].value[position] if recorded_on else None
        return day if isinstance(day, datetime.date) else datetime.date.max, row

    equal: dict[object, list[_Row]] = {}
    for sheet, part in enumerate(parts):
        comparable = zip(comparable_rows(register, part.columns), part.unknown, strict=True)
        for row, cells in enumerate(comparable):
            equal.setdefault(cells, []).append((sheet, row))
    repeats: dict[_Row, _Row] = {}
    for rows in equal.values():
        if len(rows) > 1:
            kept = min(rows, key=order)
            repeats.update({row: kept for row in rows if row != kept})
    return dict(sorted(repeats.items()))


def _all_differ(parts: Sequence[SheetPart], key: str | None) -> bool:
    """Whether all rows have different keys: then none repeats another, and none is compared."""
    columns = [part.columns[key] for part in parts] if key else []
    keys = [
        comparable_cell(*cell)
        for column in columns
        for cell in zip(column.raw, column.value, column.state, strict=True)
    ]
    return bool(keys) and len(set(keys)) == len(keys)


def _joined(name: str, parts: Sequence[SheetPart], kept: Sequence[Sequence[int]]) -> Column:
    columns = [part.columns[name].some_rows(rows) for part, rows in zip(parts, kept, strict=True)]
    if len(columns) == 1:
        return Column(name, columns[0].raw, columns[0].value, columns[0].state)
    return Column(
        name,
        list(chain.from_iterable(column.raw for column in columns)),
        list(chain.from_iterable(column.value for column in columns)),
        bytearray(chain.from_iterable(column.state for column in columns)),
    )


def _notes(parts: Sequence[SheetPart], repeats: Mapping[_Row, _Row]) -> Iterator[EvidenceNote]:
    """A note on each row that repeats another, such as 'Row 7 repeats row 4: counted once.'; of
    many in one sheet, one note on the rest."""
    messages: list[list[str]] = [[] for _ in parts]
    for (sheet, row), (kept_sheet, kept_row) in repeats.items():
        source = parts[sheet].source
        kept_source = parts[kept_sheet].source
        other_sheet = ""
        if sheet != kept_sheet:
            other_sheet = f" of the sheet '{kept_source.sheet}'"
            if kept_source.file != source.file:
                other_sheet += f" in {kept_source.file}"
        rows = f"Row {parts[sheet].rows[row]} repeats row {parts[kept_sheet].rows[kept_row]}"
        messages[sheet].append(f"{rows}{other_sheet}: counted once.")
    for part, part_messages in zip(parts, messages, strict=True):
        more = len(part_messages) - _NAMED_REPEATS
        if more > 1:
            part_messages[_NAMED_REPEATS:] = [
                f"{more} more rows repeat earlier rows: each counted once."
            ]
        for message in part_messages:
            yield EvidenceNote(part.source.file, part.source.sheet, message)
