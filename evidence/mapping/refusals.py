"""Why a sheet that the mapping names is not read: the mapping does not fit its columns, or the
sheet says that some of its rows may not count (docs/mapping.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from evidence.cells.merges import cells_of
from evidence.cells.text import listed, quoted, raw_text
from evidence.mapping.cell_parts import find_not_done_words
from evidence.mapping.list_names import ListNames
from evidence.mapping.mapped_register import MappedRegister
from evidence.mapping.model import (
    BLANK,
    Constant,
    UnheadedColumn,
    cells_of_source,
    constant_text,
)
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.sheet_ref import SheetRef
from evidence.sheets.doubt import denies, tells_state
from evidence.sheets.second_table import FirstTable, find_table_below, find_table_beside

_BESIDE = "only columns", "which columns are the table"


def heading_problems(mapped: MappedRegister) -> Iterator[EvidenceProblem]:
    """Yields the problems of headings of the mapping that are not in the sheet, or are there twice;
    and of columns without a heading that have one, or are not there."""
    ref = mapped.ref
    layout = mapped.layout
    register_mapping = mapped.register_mapping
    for heading in register_mapping.headings:
        columns = layout.columns_of(heading)
        if not columns:
            message = (
                f"The mapping in office.yaml uses the heading '{heading}', which is not in this"
                " sheet, so the sheet was not read. Restore the heading, or correct the mapping."
            )
            yield ref.problem(ProblemKind.COLUMN_MISSING, message, heading=heading)
        elif len(columns) > 1:
            cells = listed([layout.heading(column).address for column in columns])
            message = (
                f"The mapping in office.yaml uses the heading '{heading}', which is in this sheet"
                f" {len(columns)} times ({cells}), so the sheet was not read. Rename the others."
            )
            yield ref.problem(ProblemKind.COLUMN_TWICE, message, heading=heading)
    sources = (
        cell for source in register_mapping.columns.values() for cell in cells_of_source(source)
    )
    for cell in dict.fromkeys(source for source in sources if isinstance(source, UnheadedColumn)):
        column = layout.column_index(cell.column)
        in_sheet = "row" if layout.across else "column"
        there = 0 <= column < len(layout.headings)
        if there and not layout.headings[column]:
            continue
        fault = f"has the heading '{layout.headings[column]}'" if there else "is not in this sheet"
        message = (
            f"The mapping in office.yaml uses {in_sheet} {cell.column} without a heading, but it"
            f" {fault}, so the sheet was not read. Correct the mapping."
        )
        yield ref.problem(ProblemKind.COLUMN_MISSING, message)


def list_problems(where: SheetRef, named: Mapping[str, ListNames]) -> Iterator[EvidenceProblem]:
    """Lists whose sheets do not have a heading by which they are matched."""
    for name, rows in named.items():
        if rows.lacking is not None:
            heading, sheet = rows.lacking
            message = (
                f"The mapping in office.yaml finds '{where.register.column(name).usual_heading}' by"
                f" the heading '{heading}' of the list, which is not in the sheet '{sheet}' once,"
                " so this sheet was not read. Restore the heading, or correct the mapping."
            )
            yield where.problem(ProblemKind.COLUMN_MISSING, message)


def column_problems(mapped: MappedRegister) -> Iterator[EvidenceProblem]:
    """The problems of columns that the mapping calls wide or constant, and that may be neither."""
    yield from _wide_problems(mapped)
    yield from _turned_problems(mapped)
    yield from _constant_problems(mapped)


def _wide_problems(mapped: MappedRegister) -> Iterator[EvidenceProblem]:
    """The problem of a sheet without any of the wide columns."""
    if mapped.register_mapping.wide is not None and not mapped.wide_indexes:
        message = (
            "The mapping in office.yaml takes every column after the heading"
            f" '{mapped.register_mapping.wide.after}', but none follows it, so the sheet was not"
            " read. Restore the columns, or correct the mapping."
        )
        yield mapped.ref.problem(ProblemKind.COLUMN_MISSING, message)


def _turned_problems(mapped: MappedRegister) -> Iterator[EvidenceProblem]:
    """The problem of a new wide column, which nobody has named, below whose heading there are
    days on which nothing was done."""
    wide = mapped.register_mapping.wide
    for column in mapped.wide_indexes if wide and wide.after else ():
        heading = mapped.layout.heading(column or 0)
        if words := find_not_done_words(raw_text(heading.value)):
            message = (
                "The mapping in office.yaml takes every column after the heading"
                f" '{wide.after if wide else ''}', and {quoted(raw_text(heading.value))}"
                f" ({heading.address}) may not be what was done, because of {quoted(words[0])}."
                " So the sheet was not read. Name the wide columns under 'columns' in the"
                " mapping, or move this one in front of them."
            )
            yield mapped.ref.problem(ProblemKind.COLUMN_MISSING, message)


def _constant_problems(mapped: MappedRegister) -> Iterator[EvidenceProblem]:
    """The problems of columns that are a constant, although the sheet has a heading of theirs
    that nothing uses: what is below it may say the opposite. Only of one that ends or undoes a
    record may blank cells be wrong."""
    for name, source in mapped.register_mapping.columns.items():
        spec = mapped.register.column(name)
        if not isinstance(source, Constant):
            continue
        if not (spec.ends_or_undoes or constant_text(source)):
            continue
        spelled = (mapped.layout.columns_of(text) for text in (name, *spec.headings))
        for column in sorted(set(chain.from_iterable(spelled)) - mapped.used_indexes):
            heading = mapped.layout.headings[column]
            address = mapped.layout.heading(column).address
            message = (
                f"The mapping in office.yaml says that '{spec.usual_heading}' is always"
                f" {constant_text(source) or BLANK}, but this sheet has the heading '{heading}'"
                f" ({address}), so the sheet was not read. Write '{name}: {heading}' in the"
                " mapping, or rename the heading if it means something else."
            )
            yield mapped.ref.problem(ProblemKind.COLUMN_MISSING, message, heading=heading)


def denied_problems(
    mapped: MappedRegister, record_rows: Collection[int]
) -> Iterator[EvidenceProblem]:
    """The problems of columns that say of a record that it does not count: one that is not
    used, where a column that ends or undoes records is a constant, or of a control sheet, such
    as the decision on a waiver; or one by which rows are left out, with another word."""
    layout, register = mapped.layout, mapped.register
    sources = mapped.register_mapping.columns.items()
    constants = (register.column(to) for to, source in sources if isinstance(source, Constant))
    kinds = {
        spec.type == "yes/no" and spec.name != register.cancelled
        for spec in constants
        if spec.ends_or_undoes
    } | ({True} if register.control else set())
    unused = set(range(len(layout.headings))) - mapped.used_indexes if kinds else ()
    looked_at = {n: kinds for n in unused if tells_state(layout.headings[n])}
    read = set(chain.from_iterable(map(cells_of_source, mapped.register_mapping.columns.values())))
    excepting = (text for text in mapped.register_mapping.except_rows_where if text not in read)
    looked_at |= {layout.columns_of(text)[0]: {False} for text in excepting}
    if not looked_at:
        return
    rows = sorted(record_rows)
    for column, done in sorted(looked_at.items()):
        cells = cells_of([layout.grid.rows[row] for row in rows], column)
        heading = layout.headings[column]
        denied = {
            cell for cell in set(cells) if any(denies(heading, cell, done=kind) for kind in done)
        }
        if denied:
            row = next(row for row, cell in zip(rows, cells, strict=True) if cell in denied)
            cell = quoted(raw_text(layout.cell(row, column)))
            message = (
                f"{cell} below '{heading}' ({layout.address(row, column)}) says that its row"
                " does not count, and the mapping in office.yaml does not use that, so the"
                " sheet was not read. Add the heading and the word to 'except rows where'."
            )
            yield mapped.ref.problem(ProblemKind.COLUMN_MISSING, message, heading=heading)


def second_table_problems(mapped: MappedRegister) -> Iterator[EvidenceProblem]:
    """The problem of a sheet with a second table, below the records or beside them."""
    layout = mapped.layout
    headed = {column for column, text in enumerate(layout.headings) if text}
    table = FirstTable(
        heading_row=layout.heading_row,
        columns=mapped.column_indexes,
        headed=headed,
        last_unread_heading=max(headed - mapped.used_indexes, default=-1),
        is_heading=layout.is_heading,
        bands=mapped.sheet_mapping.bands,
        across=layout.across,
    )
    below = find_table_below(layout.grid, table)
    # A person may have said which columns are one table, and a matrix often has blank columns
    # between its wide columns.
    plain = mapped.column_indexes - set(mapped.wide_indexes)
    beside = (
        None if mapped.sheet_mapping.only_columns else find_table_beside(layout.grid, table, plain)
    )
    if below or beside:
        key, what = ("ends at", "where the table ends") if below else _BESIDE
        message = (
            f"{below or beside}. Nobody can tell whether its rows count, so the sheet was not"
            f" read. Say {what} with '{key}' in the mapping in office.yaml, or move the second"
            " table to another sheet."
        )
        yield mapped.ref.problem(ProblemKind.SECOND_TABLE, message)
