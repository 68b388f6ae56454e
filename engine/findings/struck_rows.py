"""Rows that are struck through and count all the same."""

from __future__ import annotations

from collections.abc import Iterator

from engine.findings.noted import Noted, cell
from evidence.table import Table


def struck_rows(table: Table) -> Iterator[Noted]:
    """Each row that is struck through on its sheet, unless a mapping says that such rows count."""
    column = table.register.key or table.register.dated_by or ""
    for row, number in enumerate(table.row_of):
        if number in table.sources[table.source_of[row]].struck_rows:
            words = (
                "This row is struck through, but it counts. If it no longer applies, delete it;"
                " otherwise, remove the line through it."
            )
            yield Noted("Row struck through", "", words, cell(table.register.id, row, column))
