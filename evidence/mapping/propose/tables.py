"""Finds the tables of a sheet: their headings, bands, and where their records end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evidence.cells.merges import CellGrid, cell_at, cell_grid
from evidence.cells.text import is_blank, normal_heading, normal_key, quoted, raw_text, spaced_once
from evidence.mapping.layout import MappedLayout, lay_out
from evidence.mapping.model import BLANK_LINE, RegisterMapping, SheetMapping
from evidence.mapping.propose.across import (
    cells_below,
    columns_of_times,
    is_across,
    is_label,
)
from evidence.mapping.propose.kinds import SAMPLE, Kind, is_year, kind_of, spread
from evidence.raw_cells import RawSheet, RawValue, column_letters
from evidence.sheets.headings import SEARCHED_ROWS

#: Columns of a table that are looked at, from its first. A wider table is cut here.
MOST_COLUMNS = 200
_TOTAL_WORDS = re.compile(
    r"(?:grand |sub ?-?|overall )?(?:totals?|counts?|sum|average|mean|number of|open|closed|cost)\b"
    r"|[0-9]+ [a-z]+$|%"
)
#: The first filled cells of a line show whether it repeats the headings.
_FIRST_CELLS = 4
_HEADING_LENGTH = 60  # characters


@dataclass(frozen=True, slots=True)
class TableShape:
    """Where a table is in a sheet, as in evidence.mapping.model.SheetMapping. ``left_out`` are the
    lines after its records."""

    headings: tuple[int | str, ...]
    only_columns: str | None = None
    records: Literal["down", "across"] = "down"
    ends_at: str | None = None
    bands: bool = False
    left_out: tuple[int, ...] = ()

    def mapping(self) -> SheetMapping:
        """A mapping with this shape and no columns, to lay the sheet out by."""
        return SheetMapping(
            file="",
            only_columns=self.only_columns,
            records=self.records,
            headings=self.headings if len(self.headings) > 1 else self.headings[0],
            ends_at=self.ends_at,
            bands=self.bands,
            gives=(RegisterMapping(register_id=""),),
        )


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table of a sheet, laid out as the mapping reads it. ``lines`` are the indexes of its
    records; ``around`` are the texts above and below them, such as titles and keys. ``notes`` are
    the first and last indexes of cells merged over three columns or more, by line: such a cell is a
    note, not a value of each column."""

    shape: TableShape
    laid_out: MappedLayout
    lines: Sequence[int]
    around: Sequence[str]
    notes: Mapping[int, Sequence[tuple[int, int]]]

    def cells(self, index: int) -> list[tuple[int, RawValue]]:
        """The filled cells of a column, each with the index of its line."""
        rows, notes = self.laid_out.grid.rows, self.notes
        cells = [(line, cell_at(rows[line], index)) for line in self.lines]
        # Most blank cells are "", and is_blank takes longer.
        filled = [(line, cell) for line, cell in cells if cell != "" and not is_blank(cell)]
        if not notes:
            return filled
        return [
            (line, cell)
            for line, cell in filled
            if not any(a <= index <= b for a, b in notes.get(line, ()))
        ]


def find_tables(sheet: RawSheet) -> list[SheetTable]:
    """The tables of a sheet, from the top; none if it has no row of headings."""
    return next(find_layouts(sheet), [])


def find_layouts(sheet: RawSheet) -> Iterator[list[SheetTable]]:
    """The tables of a sheet, from the top, in each way in which they may be laid out: where the
    headings are days or months, the records may be rows or columns."""
    if not sheet.rows:
        return
    grid = cell_grid(sheet)
    first = _heading_rows(grid, 0, min(len(grid.rows), SEARCHED_ROWS))
    if not first:
        return
    times = columns_of_times(grid, first[-1])
    if not is_across(grid, first):
        yield [_table(sheet, shape) for shape in _down(sheet, grid, first)]
    if times or is_across(grid, first):
        yield [_table(sheet, shape) for shape in _across(sheet, grid, first, times)]


# Headings ----------------------------------------------------------------------------------------


def _width(grid: CellGrid) -> int:
    return max(map(len, grid.rows), default=0)


def _heading_rows(grid: CellGrid, start: int, stop: int) -> tuple[int, ...]:
    """The indexes of the one or two rows of headings between two rows; none if there are none."""
    counts = [_heading_count(grid.rows[row]) for row in range(start, stop)]
    best = max(counts, default=0)
    if best < 2:
        return ()
    row = start + next(i for i, count in enumerate(counts) if count >= max(2, best * 0.55))
    if row + 1 < stop and _is_second(grid, row):
        return row, row + 1
    return (row,)


def _heading_count(row: Sequence[RawValue]) -> int:
    """How many cells of a row can be headings; 0 if they all are one title."""
    texts = [spaced_once(raw_text(cell)) for cell in row if not is_blank(cell)]
    short = [text for text in texts if len(text) <= _HEADING_LENGTH]
    return len(short) if len(set(short)) > 1 else 0


def _is_second(grid: CellGrid, row: int) -> bool:
    """Whether the row below a row of headings completes it: its texts are below headings that are
    merged over several columns, or below none."""
    sheet, below = grid.sheet, grid.rows[row + 1]
    number, left = grid.number(row), sheet.first_column
    wide: set[int] = set()
    for top, first, bottom, last in grid.merged:
        if top <= number <= bottom and last > first:
            wide.update(range(first - left, last - left + 1))
    if not wide or any(
        bottom > number
        for top, first, bottom, last in grid.merged
        if top <= number and last > first and first - left in wide
    ):
        return False
    filled = [index for index, cell in enumerate(sheet.rows[row + 1]) if not is_blank(cell)]
    if wide.issuperset(filled) and all(is_year(raw_text(below[i])) for i in filled):
        headings = [(raw_text(grid.rows[row][i]), raw_text(below[i])) for i in filled]
        return len(filled) > 1 and len(set(headings)) == len(filled)
    if len(filled) < 2 or any(_is_value(sheet.rows[row + 1][index]) for index in filled):
        return False
    free = {i for i in filled if i in wide or is_blank(cell_at(grid.rows[row], i))}
    texts = [normal_heading(raw_text(below[i])) for i in filled]
    return len(free) * 2 >= len(filled) and len(set(texts)) * 3 >= len(texts) * 2


def _is_value(cell: RawValue) -> bool:
    return kind_of(cell) in ("day", "number") or len(raw_text(cell)) > _HEADING_LENGTH


# Records in rows ---------------------------------------------------------------------------------


def _down(sheet: RawSheet, grid: CellGrid, headings: Sequence[int]) -> Iterator[TableShape]:
    """The shape of each table whose records are rows."""
    for left, right in _blocks(grid, headings):
        span = None
        if (left, right) != (0, _width(grid) - 1):
            start = sheet.first_column
            span = f"{column_letters(start + left)}:{column_letters(start + right)}"
        yield _shape(grid, headings, span, left, right)


def _blocks(grid: CellGrid, headings: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last index of the columns of each table beside another: there is a column
    without any cell between them, and both have one of the headings."""
    width, last = _width(grid), headings[-1]
    texts = [normal_heading(raw_text(cell_at(grid.rows[last], i))) for i in range(width)]
    repeated = {text for text in texts if text and texts.count(text) > 1} if width < 200 else set()
    if not repeated:
        return [(0, width - 1)]
    filled = {
        index
        for row in grid.sheet.rows[last:]
        for index, cell in enumerate(row)
        if not is_blank(cell)
    }
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for index in range(width + 1):
        if index in filled:
            start = index if start is None else start
        elif start is not None:
            blocks.append((start, index - 1))
            start = None
    shared = all(repeated & set(texts[left : right + 1]) for left, right in blocks)
    return blocks if len(blocks) > 1 and shared else [(0, width - 1)]


def _shape(
    grid: CellGrid, headings: Sequence[int], span: str | None, left: int, right: int
) -> TableShape:
    """The shape of the table with these rows of headings and columns."""
    right = min(right, left + MOST_COLUMNS - 1)
    rows = [row[left : right + 1] for row in grid.sheet.rows]
    upper = {raw_text(cell) for cell in grid.rows[headings[0]][left : right + 1]} - {""}
    if len(upper) == 1:  # it is the title of the table
        headings = headings[-1:]
    head = tuple(grid.number(row) for row in headings)
    counts = [sum(cell != "" and not is_blank(cell) for cell in row) for row in rows]
    end = _first_after(rows, counts, headings[-1])
    left_out = tuple(grid.number(row) for row in range(end, len(rows)) if counts[row])
    ends_at = _ends_at(rows, counts, headings[-1], end) if left_out else None
    bands = _has_bands(grid, rows, counts, headings[-1], end)
    return TableShape(head, span, "down", ends_at, bands, left_out)


def _first_after(rows: Sequence[Sequence[RawValue]], counts: Sequence[int], heading: int) -> int:
    """The index of the first line after the records: below it, nothing looks like one. ``counts``
    are the numbers of filled cells."""
    body = spread([count for count in counts[heading + 1 :] if count > 1])
    usual = sorted(body)[len(body) // 2] if body else 0
    kinds = _column_kinds(rows, heading)
    end = len(rows)
    while end > heading + 1 and _is_after(rows, counts, end - 1, usual, kinds):
        end -= 1
    return end


def _column_kinds(rows: Sequence[Sequence[RawValue]], heading: int) -> list[Kind]:
    """The usual kind of the cells of each column."""
    sample = spread(rows[heading + 1 :])
    kinds: list[Kind] = []
    for index in range(max(map(len, rows), default=0)):
        counts = Counter(kind_of(cell_at(row, index)) for row in sample)
        del counts["blank"]
        kinds.append(max(sorted(counts), key=counts.__getitem__) if counts else "blank")
    return kinds


def _is_after(
    rows: Sequence[Sequence[RawValue]],
    counts: Sequence[int],
    row: int,
    usual: int,
    kinds: Sequence[Kind],
) -> bool:
    """Whether a line is not a record, if no record follows it: it is blank, a total or unlike the
    records."""
    filled = [(i, cell) for i, cell in enumerate(rows[row]) if not is_blank(cell)]
    if not filled:
        return True
    first = normal_heading(raw_text(filled[0][1]))
    if _TOTAL_WORDS.match(first) and len(filled) * 2 <= max(usual, 2):
        return True
    if len(filled) == 1:
        return usual > 2
    unlike = sum(kind_of(cell) != kinds[i] for i, cell in filled)
    return unlike * 2 >= len(filled) and (
        counts[row - 1] == 0 or bool(_TOTAL_WORDS.match(first)) or unlike == len(filled) - 1
    )


def _ends_at(
    rows: Sequence[Sequence[RawValue]], counts: Sequence[int], heading: int, end: int
) -> str | None:
    """What a mapping says of the first line after the records: that it is the first blank one, or
    its text."""
    blank = next((i for i in range(heading + 1, len(rows)) if not counts[i]), len(rows))
    if blank == end:
        return BLANK_LINE
    line = next((i for i in range(end, len(rows)) if counts[i]), None)
    if line is None:
        return None
    texts = [_first_text(row) for row in rows[: line + 1]]
    start = " ".join(texts[line].split(" ")[:6])
    earlier = any(
        normal_key(text).startswith(normal_key(start)) for text in texts[heading + 1 : end]
    )
    return None if earlier else start


def _first_text(row: Sequence[RawValue]) -> str:
    """The text of the first filled cell of a row."""
    return next((spaced_once(raw_text(cell)) for cell in row if not is_blank(cell)), "")


def _has_bands(
    grid: CellGrid,
    rows: Sequence[Sequence[RawValue]],
    counts: Sequence[int],
    heading: int,
    end: int,
) -> bool:
    """Whether lines with one filled cell are titles over records. Two of them, or one that is
    merged over several columns, are; one of a table with two columns is not."""
    wide = {top for top, first, bottom, last in grid.merged if last - first >= 2}
    lines = [row for row in range(heading + 1, end) if counts[row] == 1]
    merged = [row for row in lines if grid.number(row) in wide]
    usual = sum(count > 2 for count in spread(counts[heading + 1 : end]))
    firsts = [not is_blank(cell_at(rows[row], 0)) for row in lines]
    return bool(merged) or (len(lines) > 1 and all(firsts) and usual > len(lines))


# Records in columns ------------------------------------------------------------------------------


def _across(
    sheet: RawSheet, grid: CellGrid, headings: Sequence[int], times: Sequence[int]
) -> Iterator[TableShape]:
    """The shape of a table whose records are columns: from its first line with several cells to
    the line before the first blank one after it. The headings are in its first column, or in the
    last two before the days."""
    counts = [sum(not is_blank(cell) for cell in row) for row in grid.rows]
    start = next(i for i, row in enumerate(grid.rows) if _heading_count(row) > 1)
    stop = next((i for i in range(start, len(counts)) if counts[i] == 0), len(counts))
    labels = [0]
    if times:
        start = headings[0]
        labels = [i for i in range(times[0]) if is_label(grid, i, headings[-1] + 1, stop)][-2:]
    span = f"{grid.number(start)}:{grid.number(stop - 1)}"
    letters = tuple(column_letters(sheet.first_column + index) for index in labels or [0])
    after = times[-1] + 1 if times else _width(grid)
    end = next((cell for cell in map(raw_text, cells_below(grid, after, start)) if cell), None)
    yield TableShape(letters, span, "across", spaced_once(end) if end else None)
    below = _heading_rows(grid, stop, min(len(grid.rows), stop + SEARCHED_ROWS))
    if below and below[-1] + 1 < len(grid.rows) and _heading_count(grid.rows[below[-1]]) > 2:
        yield _shape(grid, below, None, 0, _width(grid) - 1)


# Both --------------------------------------------------------------------------------------------


def _table(sheet: RawSheet, shape: TableShape) -> SheetTable:
    """The table of that shape, laid out, with its records and what is written around it."""
    laid_out = lay_out(sheet, shape.mapping())
    rows = laid_out.grid.sheet.rows
    known = {normal_heading(text.rpartition(" / ")[2]) for text in laid_out.headings if text}
    lines = []
    for line in range(laid_out.heading_row + 1, len(rows)):
        filled = [cell for cell in rows[line] if cell != "" and not is_blank(cell)]
        band = shape.bands and laid_out.is_band(line)
        begin = filled[:_FIRST_CELLS]
        again = sum(normal_heading(raw_text(cell)) in known for cell in begin)
        if filled and not band and again * 2 <= len(begin):
            lines.append(line)
    numbers = [row for row in shape.headings if isinstance(row, int)]
    top = min(numbers) - sheet.first_row if numbers else 0
    left_out = {number - sheet.first_row for number in shape.left_out}
    if shape.records == "across" and shape.only_columns:
        start, _, end = shape.only_columns.partition(":")
        top = int(start) - sheet.first_row
        left_out = set(range(int(end) + 1 - sheet.first_row, len(sheet.rows)))
    around = [
        spaced_once(raw_text(cell))
        for index, row in enumerate(sheet.rows)
        if index < top or index in left_out
        for cell in row
        if isinstance(cell, str) and not is_blank(cell)
    ]
    inner = laid_out.grid.sheet
    notes: dict[int, list[tuple[int, int]]] = {}
    for first_row, first, last_row, last in inner.merged:
        if last - first >= 2:
            span = (first - inner.first_column, last - inner.first_column)
            for number in range(first_row, last_row + 1):
                notes.setdefault(number - inner.first_row, []).append(span)
    return SheetTable(shape, laid_out, lines, around[:SAMPLE], notes)


def end_reason(table: SheetTable) -> str:
    """The lines after the records, in words; '' if there are none."""
    lines = table.shape.left_out
    if not lines:
        return ""
    texts = (text for text in reversed(table.around) if any(map(str.isalpha, text)))
    such_as = f", such as {quoted(text)}" if (text := next(texts, "")) else ""
    rows = f"row {lines[0]}" if len(lines) == 1 else f"rows {lines[0]} to {lines[-1]}"
    return f"Left out, as they are below the records: {rows}{such_as}."
