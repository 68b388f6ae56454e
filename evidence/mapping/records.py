"""The rows of a mapped sheet that are records (docs/mapping.md: Which lines are records)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.cells.merges import cells_of
from evidence.cells.text import is_blank, raw_text
from evidence.mapping.mapped_register import MappedRegister, RecordSection
from evidence.mapping.model import NOT_DONE
from evidence.mapping.words import OfficeWords
from evidence.problem import EvidenceProblem, ProblemKind, cell_ranges
from evidence.raw_cells import distinct_keys
from evidence.register import ColumnSpec


def counted_rows(
    mapped: MappedRegister, rows: Sequence[int]
) -> tuple[list[int], list[EvidenceProblem]]:
    """The rows of data that are records as far as no wide column decides, and a problem where a
    cell that decides cannot be read."""
    sheet, gives = mapped.sheet, mapped.gives
    left_out = mapped.mapping.struck_through_rows == "left out"
    struck = sheet.grid.sheet.struck_rows if left_out else ()
    counted = [
        row for row in rows if sheet.band_of[row] != row and sheet.grid.number(row) not in struck
    ]
    problems: list[EvidenceProblem] = []
    conditions = [(heading, words, True) for heading, words in gives.only_rows_where.items()]
    conditions += [(heading, words, False) for heading, words in gives.except_rows_where.items()]
    for heading, texts, kept in conditions:
        column, words = sheet.columns_of(heading)[0], OfficeWords(texts)
        faulty = {row for row in counted if (row, column) in sheet.grid.faults}
        if faulty:
            problems.append(_undecided_rows(mapped, heading, column, sorted(faulty)))
        cells = cells_of([sheet.grid.rows[row] for row in counted], column)
        keys = distinct_keys(cells)
        has_word = {
            key: bool(words.matches(raw_text(cell)))
            for key, cell in dict(zip(keys, cells, strict=True)).items()
        }
        counted = [
            row
            for row, key in zip(counted, keys, strict=True)
            if has_word[key] == kept and row not in faulty
        ]
    return record_rows(mapped, counted, None, mapped.other_specs), problems


def _undecided_rows(
    mapped: MappedRegister, heading: str, column: int, rows: Sequence[int]
) -> EvidenceProblem:
    """The problem of rows whose cell in a column should decide whether they are records."""
    label = mapped.sheet.column_label(column)
    numbers = [mapped.sheet.grid.number(row) for row in rows]
    problem = mapped.where.problem(
        ProblemKind.CELL_UNREADABLE,
        "These cells decide whether their rows count, but show errors or contain formulas whose"
        " results are missing, so the rows were not counted. Correct the formulas, or open the"
        " workbook in Excel, save it and run the check again.",
        heading=heading,
    )
    return replace(problem, cells=cell_ranges(label, numbers), count=len(rows))


def record_rows(
    mapped: MappedRegister, rows: Sequence[int], wide: int | None, specs: Sequence[ColumnSpec]
) -> list[int]:
    """The rows that are records in a wide column: its cell is not blank, and no word in the columns
    of ``specs`` means 'not done'."""
    grid, rows = mapped.sheet.grid, list(rows)
    if wide is not None:
        cells = cells_of([grid.rows[row] for row in rows], wide)
        rows = [
            row
            for row, cell in zip(rows, cells, strict=True)
            if not is_blank(cell) or (row, wide) in grid.faults
        ]
    for spec in specs:
        words = mapped.words.get(spec.name)
        if words is None or NOT_DONE not in mapped.gives.words[spec.name].values():
            continue
        cells = mapped.office_cells(spec.name, RecordSection(rows, wide))
        keys = distinct_keys(cells)
        is_undone = {
            key: words.meaning(raw_text(cell)) == NOT_DONE
            for key, cell in dict(zip(keys, cells, strict=True)).items()
        }
        rows = [row for row, key in zip(rows, keys, strict=True) if not is_undone[key]]
    return rows
