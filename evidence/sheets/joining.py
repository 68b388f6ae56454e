"""The sheets of one register joined into its table; equal rows count once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from evidence.cells.text import normal_key
from evidence.cells.types import some_cells
from evidence.problem import ReadingNote
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheets.equal_rows import reading, row_readings
from evidence.sheets.reading import SheetPart
from evidence.table import Column, Table

#: How many repeated rows of a sheet are named one by one.
_NAMED_REPEATS = 20

#: A row: which of the sheets, and which of its rows (both from 0).
_RowAt = tuple[int, int]


def missing_table(register: RegisterSpec, *, given: bool = False) -> Table:
    """The table, without rows, of a register that was not ``given``, or whose sheet cannot be
    read."""
    columns = {spec.name: Column(spec.name, [], [], bytearray()) for spec in register.columns}
    return Table(register, False, (), [], [], columns, given)


def join_parts(
    register: RegisterSpec, parts: Sequence[SheetPart]
) -> tuple[Table, tuple[ReadingNote, ...]]:
    """The register's table from its sheets, in their order.

    Of rows that are equal (sheets.equal_rows) one is kept, and a note names the others: the one
    that was recorded first, so that copies are known from that day on; else the first of them.
    """
    repeats = _repeats(register, parts)
    gone = {number for number, _ in repeats}
    kept = [
        [row for row in range(len(part.rows)) if (number, row) not in repeats]
        if number in gone
        else range(len(part.rows))
        for number, part in enumerate(parts)
    ]
    table = Table(
        register=register,
        found=True,
        sources=tuple(part.source for part in parts),
        source_of=[number for number, rows in enumerate(kept) for _ in rows],
        row_of=[part.rows[row] for part, rows in zip(parts, kept, strict=True) for row in rows],
        columns={spec.name: _column(spec, parts, kept) for spec in register.columns},
    )
    return table, tuple(_notes(parts, repeats))


def _repeats(register: RegisterSpec, parts: Sequence[SheetPart]) -> dict[_RowAt, _RowAt]:
    """Each row that is left out, with the equal one that is kept."""
    if _all_differ(parts, register.key):
        return {}

    def order(at: _RowAt) -> tuple[datetime.date, _RowAt]:
        """When a row was recorded, or the last day there is; then where it stands."""
        clock = register.recorded_on
        day = parts[at[0]].columns[clock].value[at[1]] if clock else None
        return day if isinstance(day, datetime.date) else datetime.date.max, at

    equal: dict[object, list[_RowAt]] = {}
    for number, part in enumerate(parts):
        said = zip(row_readings(register, part.columns), part.unknown, strict=True)
        for row, key in enumerate(said):
            equal.setdefault(key, []).append((number, row))
    found: dict[_RowAt, _RowAt] = {}
    for rows in equal.values():
        if len(rows) > 1:
            kept = min(rows, key=order)
            found.update({at: kept for at in rows if at != kept})
    return dict(sorted(found.items()))


def _all_differ(parts: Sequence[SheetPart], key: str | None) -> bool:
    """Whether no two rows have keys that read the same: then none repeats another."""
    columns = [part.columns[key] for part in parts] if key else []
    keys = [
        normal_key(value) if isinstance(value, str) else reading(state, raw, value)
        for cells in columns
        for state, raw, value in zip(cells.state, cells.raw, cells.value, strict=True)
    ]
    return bool(keys) and len(set(keys)) == len(keys)


def _column(spec: ColumnSpec, parts: Sequence[SheetPart], kept: Sequence[Sequence[int]]) -> Column:
    pieces = [
        some_cells(part.columns[spec.name], rows) for part, rows in zip(parts, kept, strict=True)
    ]
    if len(pieces) == 1:
        return Column(spec.name, pieces[0].raw, pieces[0].value, pieces[0].state)
    return Column(
        spec.name,
        [text for piece in pieces for text in piece.raw],
        [value for piece in pieces for value in piece.value],
        bytearray(state for piece in pieces for state in piece.state),
    )


def _notes(parts: Sequence[SheetPart], repeats: Mapping[_RowAt, _RowAt]) -> Iterator[ReadingNote]:
    for number, part in enumerate(parts):
        source = part.source
        told: list[str] = []
        for (_, row), (first, other) in ((a, b) for a, b in repeats.items() if a[0] == number):
            earlier, of = parts[first].source, ""
            if earlier.file != source.file:
                of = f" of the sheet '{earlier.sheet}' in {earlier.file}"
            elif number != first:
                of = f" of the sheet '{earlier.sheet}'"
            rows = f"Row {part.rows[row]} repeats row {parts[first].rows[other]}"
            told.append(f"{rows}{of}: counted once.")
        if len(told) > _NAMED_REPEATS + 1:
            more = len(told) - _NAMED_REPEATS
            told[_NAMED_REPEATS:] = [f"{more} more rows repeat earlier rows: each counted once."]
        for message in told:
            yield ReadingNote(source.file, source.sheet, message)
