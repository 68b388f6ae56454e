"""What the titles above a table say of all its records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from evidence.cells.day_text import Day, read_day
from evidence.cells.text import spaced_once
from evidence.mapping.cell_parts import part_of_cell
from evidence.mapping.model import FixedCell, PartOfCell
from evidence.mapping.propose.likeness import headings_alike
from evidence.mapping.propose.meanings import key_of_words, spelled_in
from evidence.mapping.propose.proposals import (
    Certainty,
    ColumnProposal,
    ExampleCell,
    WordProposal,
)
from evidence.mapping.propose.tables import SheetTable
from evidence.mapping.propose.values import SheetColumn
from evidence.raw_cells import cell_name
from evidence.register import RegisterSpec
from evidence.sheets.headings import SEARCHED_ROWS

_LEAST_ALIKE = 0.6
_BRACKETED = re.compile(r"\([^)(]*+\)")


def columns_in_titles(
    register: RegisterSpec, columns: Sequence[SheetColumn], found: set[str]
) -> Iterator[tuple[ColumnProposal, WordProposal]]:
    """Required columns of codes that a title above the table names once for all its records."""
    if not columns:
        return
    table = columns[0].table
    titles = [(cell, _BRACKETED.sub("", cell.text)) for cell in titles_above(table)]
    titles = [(cell, text) for cell, text in titles if len(key_of_words([text])) < 2]
    coded = [s for s in register.written.columns if s.type == "code" and s.required]
    sheet = table.laid_out.whole.sheet.name
    for spec in coded:
        if spec.name in found:
            continue
        named = ((cell, codes) for cell, text in titles if (codes := spelled_in(text, spec)))
        for title, codes in named:
            if len(codes) == 1:
                reason = f"The title in {title.address} names '{codes[0]}'."
                example = (ExampleCell(title.address, title.text[:60]),)
                source = FixedCell(cell=title.address)
                # what the rows are, which the name of the sheet says too
                sure = spec is coded[0] and spelled_in(sheet, spec) == codes
                certainty = Certainty.CERTAIN if sure else Certainty.POSSIBLE
                yield (
                    ColumnProposal(spec.name, source, certainty, reason, example),
                    WordProposal(spec.name, title.text, codes[0], certainty, reason, example),
                )
            break


def days_in_titles(
    register: RegisterSpec, columns: Sequence[SheetColumn], found: set[str]
) -> Iterator[ColumnProposal]:
    """Required days that a title gives once for all records, such as 'Agreed on 22 April 2026'."""
    titles = titles_above(columns[0].table) if columns else []
    dated = [(cell, day) for cell in titles if isinstance(day := _day_in(cell.text), str)]
    for spec in register.written.columns:
        if spec.type != "day" or not spec.required or spec.name in found or spec.ends_or_undoes:
            continue
        for title, text in dated:
            if headings_alike(text, spec.headings) >= _LEAST_ALIKE:
                reason = f"The title in {title.address} has one date."
                source = PartOfCell(from_=FixedCell(cell=title.address), part="day")
                example = (ExampleCell(title.address, title.text[:60]),)
                yield ColumnProposal(spec.name, source, Certainty.POSSIBLE, reason, example)
                break


def _day_in(text: str) -> str | None:
    """What a text says before its one date; None if it has none, or several."""
    day = part_of_cell(text, "day")
    if not isinstance(day, str) or day == text or not isinstance(read_day(day), Day):
        return None
    return text.partition(day)[0].strip()


def titles_above(table: SheetTable) -> list[ExampleCell]:
    """The texts above a table, from the nearest."""
    sheet = table.laid_out.whole.sheet
    if table.shape.records == "across":
        first, rows = int((table.shape.only_columns or "1").partition(":")[0]), sheet.rows
        cells = [
            ExampleCell(cell_name(number, sheet.first_row + row), cell)
            for row, line in enumerate(rows[:SEARCHED_ROWS])
            for number, cell in enumerate(line, sheet.first_column)
            if number < first and isinstance(cell, str) and spaced_once(cell)
        ]
        return sorted(cells, key=lambda cell: -int(cell.address.lstrip(ascii_uppercase)))
    top = min(row for row in table.shape.headings if isinstance(row, int)) - sheet.first_row
    return [
        ExampleCell(cell_name(sheet.first_row + row, sheet.first_column + column), cell)
        for row in range(min(top, len(sheet.rows)) - 1, max(top - SEARCHED_ROWS, 0) - 1, -1)
        for column, cell in enumerate(sheet.rows[row])
        if isinstance(cell, str) and spaced_once(cell)
    ]
