"""What is said about how a sheet was read: hidden, merged, left out. No cell is quoted."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.cells.merges import CellGrid, area_name
from evidence.cells.text import columns_told, is_blank, nearest, rows_told, some_of
from evidence.raw_cells import Area, column_letters
from evidence.register import RegisterSpec
from evidence.sheets.headings import Layout, UnknownHeading
from evidence.sheets.rows import DataRows, RowKind

#: How many merged areas are named one by one.
_NAMED_MERGES = 10
#: How many columns that are not used are compared with those that are missing.
COMPARED = 50

_HIDDEN = "is hidden and was included"

_LEFT_OUT = (
    (RowKind.TOTAL, "looks like a total and was ignored"),
    (RowKind.REPEAT, "repeats the headings and was ignored"),
    (RowKind.IDLE, "is blank in the register's columns and was ignored"),
)

_PLURALS = {
    "is hidden": "are hidden",
    "is blank": "are blank",
    "looks like a total": "look like totals",
    "repeats": "repeat",
    "and was": "and were",
}


def sheet_notes(
    grid: CellGrid, layout: Layout, register: RegisterSpec, kinds: DataRows
) -> Iterator[str]:
    """The notes on one sheet, in a fixed order."""
    if grid.sheet.hidden:
        yield "The sheet is hidden and was included."
    if any(not is_blank(cell) for row in grid.rows[: layout.row] for cell in row):
        row = grid.number(layout.row)
        yield f"Headings found in row {row}. Rows above it were ignored."
    above = grid.sheet.first_row
    numbers = {kind: [above + index for index in kinds[kind]] for kind in RowKind}
    used = {grid.sheet.first_column + index for index in layout.used}
    hidden = sorted(grid.sheet.hidden_rows.intersection(numbers[RowKind.DATA]))
    columns = [column_letters(column) for column in sorted(used) if grid.sheet.hides(column)]
    for subject, count, predicate in (
        (rows_told(hidden), len(hidden), _HIDDEN),
        *(
            (rows_told(numbers[kind]), len(numbers[kind]), predicate)
            for kind, predicate in _LEFT_OUT
        ),
        (columns_told(columns), len(columns), _HIDDEN),
    ):
        if count:
            yield _sentence(subject, count, predicate)
    read = {grid.number(layout.row), *numbers[RowKind.DATA]} if grid.merged else set()
    merges = [_merge(area) for area in grid.merged if _touches(area, read, used)]
    yield from merges[:_NAMED_MERGES]
    if (more := len(merges) - _NAMED_MERGES) > 0:
        areas = "area was" if more == 1 else "areas were"
        yield f"{more} more merged {areas} read in the same way."
    if layout.unused:
        headings = [
            _unused(heading, grid, layout, register) for heading in layout.unused[:COMPARED]
        ]
        headings += [heading.text for heading in layout.unused[COMPARED:]]  # counted, not shown
        yield f"Not used: {some_of(headings, 12)}."


def _sentence(subject: str, count: int, predicate: str) -> str:
    """The sentence about one row or column, or put in the plural about several."""
    if count > 1:
        for singular, plural in _PLURALS.items():
            predicate = predicate.replace(singular, plural)
    return f"{subject[:1].upper()}{subject[1:]} {predicate}."


def _touches(area: Area, rows: set[int], columns: set[int]) -> bool:
    """Whether the area gives something to a further cell that is read."""
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


def _unused(heading: UnknownHeading, grid: CellGrid, layout: Layout, register: RegisterSpec) -> str:
    letters = column_letters(grid.sheet.first_column + heading.index)
    if not heading.text:
        return f"column {letters} (no heading)"
    near = near_column(heading.text, layout, register)
    hint = f"; is '{near}' meant?" if near else ""
    return f"'{heading.text}' (column {letters}{hint})"


def near_column(text: str, layout: Layout, register: RegisterSpec) -> str | None:
    """The declared column, of those that the sheet lacks, that the heading is most like."""
    lacking = {
        spelling: column.name
        for column in register.columns
        if column.name not in layout.columns and column.name not in layout.twice
        for spelling in (column.name, *column.spellings)
    }
    near = nearest(text, lacking)
    return lacking[near] if near else None
