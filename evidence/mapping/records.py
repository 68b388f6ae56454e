"""The rows of a mapped sheet that are records (docs/mapping.md: Which lines are records)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from evidence.cells.merges import cells_of
from evidence.cells.text import is_blank, raw_text
from evidence.mapping.mapped_register import MappedRegister, RecordSection
from evidence.mapping.model import NOT_DONE
from evidence.mapping.words import OfficeWords
from evidence.problem import EvidenceProblem, ProblemKind, cell_ranges
from evidence.raw_cells import RawValue, distinct_keys
from evidence.register import ColumnSpec

T = TypeVar("T")


def counted_rows(
    mapped: MappedRegister, rows: Sequence[int]
) -> tuple[list[int], list[EvidenceProblem]]:
    """The data rows that count, whatever their cells in wide columns say, and a problem for each
    condition of the mapping whose cells cannot all be read.

    A row does not count if it is a band, is struck through where the mapping leaves such rows out,
    fails 'only rows where' or 'except rows where', or has a word that means 'not done'.
    """
    layout = mapped.layout
    register_mapping = mapped.register_mapping
    left_out = mapped.sheet_mapping.struck_through_rows == "left out"
    struck = layout.grid.sheet.struck_rows if left_out else ()
    counted = [
        row for row in rows if not layout.is_band(row) and layout.grid.number(row) not in struck
    ]
    problems: list[EvidenceProblem] = []
    conditions = [
        (heading, words, True) for heading, words in register_mapping.only_rows_where.items()
    ]
    conditions += [
        (heading, words, False) for heading, words in register_mapping.except_rows_where.items()
    ]
    for heading, texts, kept in conditions:
        column = layout.columns_of(heading)[0]
        words = OfficeWords(texts)
        faulty = {row for row in counted if (row, column) in layout.grid.faults}
        if faulty:
            problems.append(_undecided_rows(mapped, heading, column, sorted(faulty)))
        cells = cells_of([layout.grid.rows[row] for row in counted], column)
        matches = _of_each_text(cells, words.matches)
        counted = [
            row
            for row, matched in zip(counted, matches, strict=True)
            if bool(matched) == kept and row not in faulty
        ]
    return _done_rows(mapped, RecordSection(counted, None), mapped.other_specs), problems


def _undecided_rows(
    mapped: MappedRegister, heading: str, column: int, rows: Sequence[int]
) -> EvidenceProblem:
    """The problem of rows whose cell in a column should decide whether they are records."""
    label = mapped.layout.column_label(column)
    numbers = [mapped.layout.grid.number(row) for row in rows]
    problem = mapped.ref.problem(
        ProblemKind.CELL_UNREADABLE,
        "These cells decide whether their rows count, but show errors or contain formulas whose"
        " results are missing, so the rows were not counted. Correct the formulas, or open the"
        " workbook in Excel, save it and run the check again.",
        heading=heading,
    )
    return replace(problem, cells=cell_ranges(label, numbers), count=len(rows))


def record_section(mapped: MappedRegister, rows: Sequence[int], wide: int | None) -> RecordSection:
    """The rows that are records in a wide column: those whose cell in it is not blank, without a
    word that means 'not done'. All of the rows if the register has no wide column (None)."""
    if wide is None:
        return RecordSection(list(rows), None)
    grid = mapped.layout.grid
    cells = cells_of([grid.rows[row] for row in rows], wide)
    filled = [  # A cell with an error is blank in the grid, but somebody filled it in.
        row
        for row, cell in zip(rows, cells, strict=True)
        if not is_blank(cell) or (row, wide) in grid.faults
    ]
    return RecordSection(_done_rows(mapped, RecordSection(filled, wide), mapped.wide_specs), wide)


def _done_rows(
    mapped: MappedRegister, section: RecordSection, specs: Sequence[ColumnSpec]
) -> list[int]:
    """The rows of a section without a word that means 'not done' in the columns of ``specs``."""
    rows = list(section.rows)
    for spec in specs:
        words = mapped.words.get(spec.name)
        if words is None or NOT_DONE not in mapped.register_mapping.words[spec.name].values():
            continue
        cells = mapped.office_cells(spec.name, RecordSection(rows, section.wide))
        meanings = _of_each_text(cells, words.meaning)
        rows = [row for row, word in zip(rows, meanings, strict=True) if word != NOT_DONE]
    return rows


def _of_each_text(cells: Sequence[RawValue], function: Callable[[str], T]) -> list[T]:
    """The result of a function for the text of each cell. Equal cells are looked up once, since the
    same few words recur in a column."""
    keys = distinct_keys(cells)
    results = {
        key: function(raw_text(cell)) for key, cell in dict(zip(keys, cells, strict=True)).items()
    }
    return [results[key] for key in keys]
