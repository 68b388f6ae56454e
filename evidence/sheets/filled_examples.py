"""Example rows of the blank workbook that were typed over without their mark: real rows, maybe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from evidence.cells.merges import CellGrid, cell_at
from evidence.cells.text import is_blank, normal_key, raw_text
from evidence.cells.types import type_cells
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.raw_cells import RawValue, cell_name
from evidence.register import ColumnSpec
from evidence.sheet_ref import SheetRef
from evidence.sheets.headings import Layout
from evidence.sheets.rows import EXAMPLE, is_example

#: The template has an example row only where several columns have an example.
_LEAST = 3
#: In so many cells a row differs from the example, so that an older example is not taken for one.
_DIFFERENT = 2
_MARK = re.compile(rf"\s*{re.escape(EXAMPLE)}[\s:;,.\u2013-]*", re.IGNORECASE)


def filled_examples(
    where: SheetRef, grid: CellGrid, layout: Layout, rows: Sequence[int]
) -> Iterator[EvidenceProblem]:
    """A problem for each of these example ``rows`` whose other cells are not those of the
    example: it does not count, and may be a real one. Another for each without its mark."""
    specs = {
        layout.columns[spec.name]: spec
        for spec in where.register.columns
        if spec.name in layout.columns
    }
    if sum(bool(spec.example) for spec in specs.values()) < _LEAST:
        return
    for row in rows:
        cells = grid.rows[row]
        number = grid.number(row)
        if not is_example(cells):
            yield where.problem(
                ProblemKind.EXAMPLE_FILLED,
                f"Row {number} does not count, because all its cells but the reference are those of"
                " the example row. Enter your own details in them, or delete the row.",
            )
            continue
        filled = [index for index in specs if not is_blank(cell_at(cells, index))]
        own = [index for index in filled if not is_example([cell_at(cells, index)])]
        different = [index for index in own if _differs(specs[index], cell_at(cells, index))]
        if len(different) < min(_DIFFERENT, max(1, len(own))):
            continue
        at = next(index for index, cell in enumerate(cells) if is_example([cell]))
        cell = cell_name(number, grid.sheet.first_column + at)
        mark, rest = _mark(raw_text(cells[at]))
        enter = "delete these words"
        if rest:
            enter = f"delete '{mark}' from {cell} and leave the rest"
        elif at in specs:
            enter = f"enter '{specs[at].usual_heading}' there instead"
        yield where.problem(
            ProblemKind.EXAMPLE_FILLED,
            f"Row {number} does not count, because {cell} begins with '{EXAMPLE}', but its other"
            f" entries are not those of the example. If it is a real row, {enter}.",
        )


def marked_keys(
    where: SheetRef, grid: CellGrid, layout: Layout, rows: Sequence[int]
) -> Mapping[str, int]:
    """The references behind the mark of these example ``rows``, each with the number of its row."""
    index = layout.columns.get(where.register.key or "", -1)
    cells = {row: cell_at(grid.rows[row], index) for row in rows if index >= 0}
    keys = {row: _mark(raw_text(cell))[1] for row, cell in cells.items() if is_example([cell])}
    return {normal_key(key): grid.number(row) for row, key in keys.items() if key}


def _mark(text: str) -> tuple[str, str]:
    """The mark at the start of a text, with what separates it from the rest, and the rest."""
    match = _MARK.match(text)
    end = match.end() if match else 0
    return text[:end], text[end:]


def _differs(spec: ColumnSpec, cell: RawValue) -> bool:
    """Whether a cell says something else than the example of its column."""
    (own, example) = type_cells(spec, [cell, spec.example]).value
    return own is None or own != example
