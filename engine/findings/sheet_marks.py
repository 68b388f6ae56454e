"""How a sheet is marked: rows that are struck through and count all the same, and merged cells
whose value was used for several rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from engine.findings.noted import Noted, cell
from engine.outcome import ItemRef
from evidence.cells.text import listed, some_of
from evidence.table import CellState, MergedCells, Table

#: So many merged areas of a column are named, and the others counted.
_NAMED = 3


def struck_rows(table: Table) -> Iterator[Noted]:
    """Each row that is struck through on its sheet, wholly or in cells that are read, unless a
    mapping says that such rows count."""
    column = table.register.key or table.register.dated_by or ""
    for row, number in enumerate(table.row_of):
        source = table.sources[table.source_of[row]]
        struck = [
            name
            for name, label in source.letters.items()
            if (number, label) in source.struck_cells
            and table.columns[name].state[row] == CellState.READ
        ]
        if struck:
            is_are, it_counts, it_applies = (
                ("is", "all of it counts", "it no longer applies")
                if len(struck) == 1
                else ("are", "all of them count", "one no longer applies")
            )
            headings = listed([f"'{table.heading(row, name)}'" for name in struck])
            words = (
                f"{headings} {is_are} struck through, at least in part, but {it_counts}."
                f" If {it_applies}, delete it; otherwise, remove the line through it."
            )
            refs = tuple((ItemRef(table.register.id, row), name) for name in struck)
            yield Noted("Row struck through", "", words, refs)
        if number in source.struck_rows:
            words = (
                "This row is struck through, but it counts. If it no longer applies, delete it;"
                " otherwise, remove the line through it."
            )
            yield Noted("Row struck through", "", words, cell(table.register.id, row, column))


def merged_cells(table: Table) -> Iterator[Noted]:
    """The merged areas of each column of a sheet that give several rows a date, an option or
    whatever else decides what the rows count for. A merged text, such as a note, decides
    nothing."""
    if not any(source.merged for source in table.sources):
        return
    rows = {
        (source, number): row
        for row, (source, number) in enumerate(zip(table.source_of, table.row_of, strict=True))
    }
    for number, source in enumerate(table.sources):
        areas = defaultdict[str, list[tuple[MergedCells, list[int]]]](list)
        for merged in source.merged:
            lines = range(merged.first, merged.last + 1)
            own = [rows[number, line] for line in lines if (number, line) in rows]
            column = next((name for name in merged.columns if _is_used(table, name, own)), None)
            if column is not None:
                areas[column].append((merged, own))
        for column, merges in areas.items():
            refs = [
                (ItemRef(table.register.id, own[at]), column) for _, own in merges for at in (0, -1)
            ][:2]
            yield Noted("Cells merged", "", _words([merged for merged, _ in merges]), tuple(refs))


def _is_used(table: Table, column: str, rows: Sequence[int]) -> bool:
    """Whether each of several rows has a value in a column of more than text."""
    state = table.columns[column].state
    spec = table.register.column(column)
    return (
        len(rows) > 1
        and spec.type not in ("text", "link")
        and all(state[row] == CellState.READ for row in rows)
    )


def _words(areas: Sequence[MergedCells]) -> str:
    """``D3:D5 is one merged cell: its value was used for rows 3 to 5. …``"""
    if len(areas) > 1:
        cells = some_of([area.area for area in areas], _NAMED)
        fact = f"{cells} are merged cells: the value of each was used for all its rows."
    else:
        (area,) = areas
        fact = (
            f"{area.area} is one merged cell: its value was used for rows {area.first} to"
            f" {area.last}."
        )
    return f"{fact} If a row needs another value, unmerge the cell, and enter one in each row."
