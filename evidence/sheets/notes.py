"""Notes on how a sheet was read: what is hidden, struck through, merged or left out. No cell is
quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from evidence.cells.merges import CellGrid, area_name
from evidence.cells.text import (
    column_words,
    is_blank,
    nearest,
    raw_text,
    row_numbers_text,
    some_of,
)
from evidence.raw_cells import Area, RawValue, column_letters
from evidence.register import RegisterSpec
from evidence.sheets.doubt import doubt_notes
from evidence.sheets.headings import Layout, UnusedColumn
from evidence.sheets.rows import EXAMPLE, RowKind, is_example

#: How many merged areas are named one by one.
_NAMED_MERGES = 10
#: How many unused columns are compared with those that are missing.
COMPARED = 50

#: What the line above the headings begins with in the template.
ABOUT_LINE = "About this sheet: "

_HIDDEN = "is hidden and was included", "are hidden and were included"
_STRUCK = (
    "is struck through and was still counted: delete it if it no longer applies",
    "are struck through and were still counted: delete them if they no longer apply",
)
#: What is said of the rows of a kind that were left out, of one and of several.
LEFT_OUT = {
    RowKind.EXAMPLE: (
        f"is marked '{EXAMPLE}' and was not counted: delete these words if it is a real row",
        f"are marked '{EXAMPLE}' and were not counted: delete these words where a row is real",
    ),
    RowKind.TOTAL: (
        "looks like a total and was ignored",
        "look like totals and were ignored",
    ),
    RowKind.REPEAT: (
        "repeats the headings and was ignored",
        "repeat the headings and were ignored",
    ),
    RowKind.IDLE: (
        "has nothing in the columns that are read and was ignored",
        "have nothing in the columns that are read and were ignored",
    ),
}


def sheet_notes(
    grid: CellGrid,
    layout: Layout,
    register: RegisterSpec,
    kinds: Mapping[RowKind, Sequence[int]],
    above: Sequence[int] | None = None,
) -> Iterator[str]:
    """Yields the notes on one sheet, in a fixed order. ``above`` are the rows above the headings
    that were ignored; None for all of them."""
    if grid.sheet.hidden:
        yield "The sheet is hidden and was included."
    if grid.sheet.has_lost_letters:
        yield (
            "Some letters in this file were lost when it was saved, and \ufffd is there in their"
            " place. Open the original in Excel and save it as CSV UTF-8 (comma delimited), or as"
            " .xlsx."
        )
    ignored = range(layout.heading_row) if above is None else above
    if any(map(_is_above, chain.from_iterable(grid.rows[row] for row in ignored))):
        row = grid.number(layout.heading_row)
        yield f"Headings found in row {row}. Rows above it were ignored."
    numbers = {kind: list(map(grid.number, kinds[kind])) for kind in RowKind}
    marked_rows = (row for row in kinds[RowKind.EXAMPLE] if is_example(grid.rows[row]))
    numbers[RowKind.EXAMPLE] = list(map(grid.number, marked_rows))  # a problem names the others
    used = {grid.sheet.first_column + index for index in layout.recognised}
    for marked, predicates in (
        (grid.sheet.hidden_rows, _HIDDEN),
        (grid.sheet.struck_rows, _STRUCK),
    ):
        rows = sorted(marked.intersection(numbers[RowKind.DATA]))
        yield from note(row_numbers_text(rows), len(rows), predicates)
    for kind, predicates in LEFT_OUT.items():
        yield from note(row_numbers_text(numbers[kind]), len(numbers[kind]), predicates)
    columns = [column_letters(column) for column in sorted(used) if grid.sheet.hides(column)]
    yield from note(column_words(columns), len(columns), _HIDDEN)
    read = {grid.number(layout.heading_row), *numbers[RowKind.DATA]} if grid.merged else set()
    merges = [_merge(area) for area in grid.merged if _touches(area, read, used)]
    yield from merges[:_NAMED_MERGES]
    if (more := len(merges) - _NAMED_MERGES) > 0:
        areas = "area was" if more == 1 else "areas were"
        yield f"{more} more merged {areas} read in the same way."
    yield from doubt_notes(grid, layout.unused[:COMPARED], kinds[RowKind.DATA])
    if layout.unused:
        headings = [_unused(column, grid, layout, register) for column in layout.unused[:COMPARED]]
        headings += [column.heading for column in layout.unused[COMPARED:]]  # counted, not shown
        yield f"Not used: {some_of(headings, 12)}."


def _is_above(cell: RawValue) -> bool:
    """Whether a cell above the headings says anything that the template did not write."""
    return not is_blank(cell) and not raw_text(cell).startswith(ABOUT_LINE)


def note(subject: str, count: int, predicates: tuple[str, str]) -> Iterator[str]:
    """Yields a sentence about ``count`` rows or columns; nothing if there are none."""
    if count:
        yield f"{subject[:1].upper()}{subject[1:]} {predicates[count > 1]}."


def _touches(area: Area, rows: set[int], columns: set[int]) -> bool:
    """Whether the area fills a further cell that is read."""
    top, left, bottom, right = area
    further = rows.intersection(range(top + 1, bottom + 1)) or (right > left and top in rows)
    return bool(further) and not columns.isdisjoint(range(left, right + 1))


def _merge(area: Area) -> str:
    top, left, bottom, right = area
    used_for = "each of its cells"
    if left == right:
        used_for = f"rows {top} to {bottom}"
    elif top == bottom:
        used_for = f"columns {column_letters(left)} to {column_letters(right)}"
    return f"Merged cell {area_name(area)}: its value was used for {used_for}."


def _unused(column: UnusedColumn, grid: CellGrid, layout: Layout, register: RegisterSpec) -> str:
    letters = column_letters(grid.sheet.first_column + column.index)
    if not column.heading:
        return f"column {letters} (no heading)"
    meant = nearest_column(column.heading, layout, register)
    hint = f"; is '{register.column(meant).usual_heading}' meant?" if meant else ""
    return f"'{column.heading}' (column {letters}{hint})"


def nearest_column(text: str, layout: Layout, register: RegisterSpec) -> str | None:
    """The declared column without a heading in the sheet that the text is most like."""
    lacking = {
        heading: column.name
        for column in register.columns
        if column.name not in layout.columns and column.name not in layout.repeated
        for heading in column.headings
    }
    heading = nearest(text, lacking)
    return lacking[heading] if heading else None
