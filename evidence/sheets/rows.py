"""The kinds of the rows of a sheet: data, examples, totals, repeated headings, idle and empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum, auto

from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank, normal_heading, normal_key, raw_text, spaced_once
from evidence.cells.types import type_cells
from evidence.raw_cells import RawSheet, RawValue
from evidence.register import BLANK_UNREADABLE, RegisterSpec
from evidence.sheets.headings import Layout, column_by_heading

_TOTAL = re.compile(r"(?:grand |sub ?-?|overall )?totals?(?: ?[:=-]? ?[0-9][0-9.,]*| ?[:=-])?")
_FIGURE = re.compile(r"[-+£]?[0-9][0-9.,]*%?")

#: What a cell of an example row begins with, as the template writes it.
EXAMPLE = "EXAMPLE (not counted)"
_EXAMPLE_KEY = normal_key(EXAMPLE)
#: In fewer cells an office's own row may be equal to the example by chance.
_LEAST = 3


class RowKind(Enum):
    """What a row below the headings is."""

    DATA = auto()
    #: A cell marks it as an example, or all its cells but the key are those of the example.
    EXAMPLE = auto()
    TOTAL = auto()
    REPEAT = auto()  # It repeats the headings.
    IDLE = auto()  # filled, but in no column of the register
    EMPTY = auto()


#: Indexes into the grid's rows, in their order.
RowsByKind = Mapping[RowKind, Sequence[int]]


def rows_by_kind(grid: CellGrid, layout: Layout, register: RegisterSpec) -> RowsByKind:
    """The rows below the heading row, by their kind (semantics.md: Evidence).

    A row that contains only a value merged from above is empty, since the row above has that value.
    If a required column is missing, no row is idle, since its contents may be meant for that
    column.
    """
    rows = _RegisterRows(grid, layout, register)
    return sort_rows(
        grid.sheet,
        layout.heading_row,
        rows.used,
        rows.repeats,
        rows.is_plain,
        rows.is_shipped,
    )


def sort_rows(
    sheet: RawSheet,
    heading_row: int,
    used: Collection[int],
    repeats: Callable[[Sequence[RawValue], Sequence[int]], bool],
    is_plain: Callable[[Sequence[RawValue]], bool] = lambda _: False,
    is_shipped: Callable[[Sequence[RawValue]], bool] = lambda _: False,
) -> RowsByKind:
    """The rows below a heading row (an index) by their kind. ``used``: the indexes of the columns
    that are read. ``repeats``: whether a row, with the indexes of its filled cells, is the headings
    again; ``is_plain``: whether a row without faults is data at first sight; ``is_shipped``:
    whether such a row is the example of the blank workbook, without its mark."""
    kinds: dict[RowKind, list[int]] = {kind: [] for kind in RowKind}
    faults: dict[int, set[int]] = {}  # The values are columns, by row.
    for row, column in (*sheet.errors, *sheet.unstored):
        faults.setdefault(row - sheet.first_row, set()).add(column - sheet.first_column)
    used = frozenset(used)

    def kind_of(cells: Sequence[RawValue], faulty: Collection[int]) -> RowKind:
        if is_example(cells) or (not faulty and is_shipped(cells)):
            return RowKind.EXAMPLE
        if not faulty and is_plain(cells):
            return RowKind.DATA
        # Most blank cells are "", and is_blank takes longer to say so.
        filled = [i for i, cell in enumerate(cells) if cell != "" and not is_blank(cell)]
        if not filled and not faulty:
            return RowKind.EMPTY
        if filled and is_total(cells, filled[0]):
            return RowKind.TOTAL
        if used.isdisjoint(filled) and used.isdisjoint(faulty):
            return RowKind.IDLE
        return RowKind.REPEAT if not faulty and repeats(cells, filled) else RowKind.DATA

    # The sheet's own cells, not the grid's: in the grid, a value merged from above would make an
    # empty row look filled.
    for index in range(heading_row + 1, len(sheet.rows)):
        kinds[kind_of(sheet.rows[index], faults.get(index, ()))].append(index)
    return kinds


def only_examples(kinds: RowsByKind) -> bool:
    """Whether a sheet has an example row and no other row with contents: nobody has begun it."""
    return {kind for kind, rows in kinds.items() if rows} - {RowKind.EMPTY} == {RowKind.EXAMPLE}


class _RegisterRows:
    """Recognises data and repeated headings in the rows of a sheet. ``used`` are the indexes of the
    columns that are read."""

    def __init__(self, grid: CellGrid, layout: Layout, register: RegisterSpec) -> None:
        self.used = layout.recognised
        present = {*layout.columns, *layout.repeated}
        if any(spec.required and spec.name not in present for spec in register.columns):
            self.used = set(range(max(map(len, grid.rows), default=0)))
        # days first, since most rows contain a day and no text
        days = {spec.name for spec in register.columns if spec.type == "day"}
        ordered = sorted(layout.columns, key=lambda name: name not in days)
        self._column_at = {layout.columns[name]: name for name in ordered}
        self._first = next(iter(self._column_at), None)
        self._columns = column_by_heading(register)
        self._example = _ShippedExample(layout, register)

    def is_shipped(self, cells: Sequence[RawValue]) -> bool:
        """Whether the row is the example of the blank workbook, whatever its key is."""
        return self._example.is_in(cells)

    def is_plain(self, cells: Sequence[RawValue]) -> bool:
        """Whether two cells show that the row is data, as nearly every row is. Its first cell is in
        a column of the register and is not a total. The cell of the first day column, or of the
        first column if no column has days, is neither blank nor a text, so it is not a heading."""
        at = self._first
        if at is None or at >= len(cells) or 0 not in self.used:
            return False
        first, day = cells[0], cells[at]
        return not (is_blank(first) or _says_total(first) or isinstance(day, str) or day is None)

    def repeats(self, cells: Sequence[RawValue], _: Sequence[int]) -> bool:
        """Whether every filled cell in a declared column is that column's own heading."""
        headings = 0
        for index, name in self._column_at.items():
            cell = cell_at(cells, index)
            if is_blank(cell):
                continue
            if not isinstance(cell, str) or self._columns.get(normal_heading(cell)) != name:
                return False
            headings += 1
        return headings >= min(2, len(self._column_at))


def shipped_example(register: RegisterSpec) -> dict[str, str]:
    """What the example row of the blank workbook has in each column of a register but its key; none
    if it has no such row, or one with too few cells to be known by them."""
    columns = register.written.columns
    lacks_one = any(spec.blank == BLANK_UNREADABLE and not spec.example for spec in columns)
    texts = {c.name: c.example for c in columns if c.example and c.name != register.key}
    return texts if register.key and not lacks_one and len(texts) >= _LEAST else {}


class _ShippedExample:
    """Recognises the example row of the blank workbook without its mark, in a sheet."""

    def __init__(self, layout: Layout, register: RegisterSpec) -> None:
        example, known = shipped_example(register), layout.columns
        days = {spec.name for spec in register.columns if spec.type == "day"}
        self._texts = {known[n]: t.casefold() for n, t in example.items() if n in known}
        self._days = {
            known[name]: type_cells(register.column(name), [text]).value[0]
            for name, text in example.items()
            if name in known and name in days
        }
        self._specs = {known[name]: register.column(name) for name in example if name in known}
        others = {*example, register.key}
        self._blank = [index for name, index in known.items() if name not in others]
        self._is_whole = bool(example) and set(example) <= set(known)
        plain = (index for index in self._texts if index not in self._days)
        self._first = next(plain, None)

    def is_in(self, cells: Sequence[RawValue]) -> bool:
        """Whether the cells of a row, but for its key, are those of the example."""
        if not self._is_whole or self._first is None or not self._has(cells, self._first):
            return False
        return all(self._has(cells, index) for index in self._texts) and all(
            is_blank(cell_at(cells, index)) for index in self._blank
        )

    def _has(self, cells: Sequence[RawValue], index: int) -> bool:
        cell = cell_at(cells, index)
        if index in self._days:
            return type_cells(self._specs[index], [cell]).value[0] == self._days[index]
        return spaced_once(raw_text(cell)).casefold() == self._texts[index]


def is_example(cells: Iterable[RawValue]) -> bool:
    """Whether a cell of a row begins with the mark of an example, with any capitals and spaces."""
    for cell in cells:
        # few cells have a bracket, and to normalise a text takes longer than to find one
        if isinstance(cell, str) and "(" in cell and normal_key(cell).startswith(_EXAMPLE_KEY):
            return True
    return False


def is_total(cells: Sequence[RawValue], first: int) -> bool:
    """Whether a row has the word total in its first filled cell (an index), and only figures."""
    return _says_total(cells[first]) and all(map(_is_of_total, cells))


def _is_of_total(cell: RawValue) -> bool:
    if not isinstance(cell, str):
        return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))
    return is_blank(cell) or _says_total(cell) or bool(_FIGURE.fullmatch(spaced_once(cell)))


def _says_total(cell: RawValue) -> bool:
    if not isinstance(cell, str) or (cell.isascii() and "total" not in cell.casefold()):
        return False
    return bool(_TOTAL.fullmatch(spaced_once(cell).casefold()))
