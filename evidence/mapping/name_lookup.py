"""Names in place of references: the key of the row of a list that each cell names.

Staff    | Payroll no | Name         Course list | Who          | person
         | 7          | Ann Madeup               | Ann Madeup   | 7
         | 8          | Ben Example              | Bent Example | (the key of no row)
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from evidence.cells.silence import says_nothing
from evidence.cells.text import normal_key, quoted, raw_text, spaced_once
from evidence.cells.types import TypedCells
from evidence.mapping.cell_parts import joined_text
from evidence.mapping.list_names import ListNames, ListRow, rows_words
from evidence.mapping.words import ColumnWords
from evidence.problem import ProblemKind
from evidence.raw_cells import RawValue, distinct_keys
from evidence.register import ColumnSpec
from evidence.sheet_ref import CellFault, UnreadReason
from evidence.table import NO_ROW, CellState, Column

#: For so many unknown names of a column a similar name is looked for on the list.
_MOST_COMPARED = 50

#: The rows of a list that have the name in a cell of a column, by the position of the cell.
NamedRows: TypeAlias = Mapping[int, Sequence[ListRow]]


def named_rows(
    names: ListNames,
    words: ColumnWords | None,
    office_cells: Sequence[RawValue],
    cells: Sequence[RawValue],
) -> NamedRows:
    """The rows of the list that each cell of a column names, which may be none or several. Without
    the cells that are blank, say nothing, or have a word with a meaning. ``cells`` are the
    ``office_cells`` with words replaced."""
    rows_by_cell: dict[Hashable, Sequence[ListRow] | None] = {}
    named: dict[int, Sequence[ListRow]] = {}
    pairs = zip(distinct_keys(office_cells), office_cells, cells, strict=True)
    for position, (key, office_cell, cell) in enumerate(pairs):
        if key not in rows_by_cell:
            text = joined_text([cell])
            has_meaning = words is not None and words.meaning(raw_text(office_cell)) is not None
            is_name = text and not has_meaning and not says_nothing(text)
            rows_by_cell[key] = names.rows(text) if is_name else None
        rows = rows_by_cell[key]
        if rows is not None:
            named[position] = rows
    return named


def with_keys(cells: Sequence[RawValue], named: NamedRows) -> list[RawValue]:
    """The cells with the key of the row in place of each name that is unambiguous."""
    return [
        rows[0].key if (rows := named.get(n, ())) and _is_unambiguous(rows) else cell
        for n, cell in enumerate(cells)
    ]


def _is_unambiguous(rows: Sequence[ListRow]) -> bool:
    """Whether a name matches exactly one row, and that row has a key."""
    return len(rows) == 1 and rows[0].key is not None


def mark_unmatched(
    spec: ColumnSpec, typed: TypedCells, named: NamedRows, office_cells: Sequence[RawValue]
) -> TypedCells:
    """The typed cells of a column whose names were looked up. A name that is on no row becomes a
    key that matches nothing, and a name on several rows cannot be read."""
    value = list(typed.value)
    state = bytearray(typed.state)
    unread = dict(typed.unread)
    for position, rows in named.items():
        if state[position] != CellState.READ or _is_unambiguous(rows):
            continue
        text = spaced_once(raw_text(office_cells[position]))
        if not rows:
            value[position] = f"{NO_ROW}{normal_key(text)}"
            continue
        value[position], state[position] = None, CellState.UNREADABLE
        unread[position] = _ambiguous_reason(spec, text, rows)
    return replace(typed, value=value, state=state, unread=dict(sorted(unread.items())))


def _ambiguous_reason(spec: ColumnSpec, text: str, rows: Sequence[ListRow]) -> UnreadReason:
    """Why a name that several rows of a list have, or one row without a key, cannot be read."""
    shown = "The text in the cell" if spec.sensitive else quoted(text)
    places = rows_words(rows)
    if len(rows) == 1:
        predicate = "are names of rows without a reference"
        what = "which has no reference"
        instruction = "Enter the references of these rows."
    else:
        predicate = "are names of several rows"
        what = "so it is not clear which is meant"
        instruction = (
            "Enter the reference of the one that is meant, or give the name that meaning under"
            f" 'words' of '{spec.name}' in office.yaml."
        )
    fault = CellFault(
        ProblemKind.CELL_UNREADABLE, predicate, instruction, quotes=not spec.sensitive
    )
    return UnreadReason(fault, f"{shown} is the name of {places}, {what}. {instruction}", places)


def find_nearest_names(names: ListNames, column: Column) -> dict[str, str]:
    """The first names in a column that are on no row of the list, each with the rows that have the
    most similar name, in words; '' if no name is similar."""
    unknown = (
        spaced_once(raw)
        for raw, value in zip(column.raw, column.value, strict=True)
        if raw and isinstance(value, str) and value.startswith(NO_ROW)
    )
    first = list(dict.fromkeys(unknown))[:_MOST_COMPARED]
    return {name: rows_words(names.nearest(name)) for name in first}
