"""Notes on how a mapped sheet was read: what is hidden, left out or not used. No cell is quoted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from evidence.cells.text import column_words, is_blank, row_numbers_text
from evidence.mapping.layout import MappedLayout
from evidence.mapping.mapped_register import MappedRegister
from evidence.raw_cells import column_letters
from evidence.sheets.doubt import doubt_notes
from evidence.sheets.headings import Layout, UnusedColumn
from evidence.sheets.notes import LEFT_OUT, note, sheet_notes
from evidence.sheets.rows import RowKind, RowsByKind


def mapped_sheet_notes(
    mapped: MappedRegister, kinds: RowsByKind, above: Sequence[int]
) -> Iterator[str]:
    """The notes on a sheet under the office's own headings. ``above``: the rows above them that
    nothing reads."""
    layout = mapped.layout
    first_wide = mapped.wide_indexes[0]
    columns: dict[str, int] = {}
    for name, sources in mapped.sources_by_column.items():
        indexes = (mapped.index_of(source, first_wide) for source in sources)
        column = next((index for index in indexes if index is not None), None)
        if column is not None:
            columns[name] = column
    others = (i for i, text in enumerate(layout.headings) if text and i not in mapped.used_indexes)
    unused = tuple(UnusedColumn(layout.headings[i], i) for i in others)
    specs = []
    for spec in mapped.register.columns:
        update: dict[str, object] = {"required": False}
        if spec.name in columns:
            update["heading"] = layout.headings[columns[spec.name]]
        specs.append(spec.model_copy(update=update))
    view = mapped.register.model_copy(update={"columns": tuple(specs)})
    known_layout = Layout(
        heading_row=layout.heading_row, columns=columns, repeated={}, unused=unused
    )
    grid = layout.grid
    if mapped.sheet_mapping.struck_through_rows is not None:  # A person has said what they mean.
        grid = replace(grid, sheet=replace(grid.sheet, struck_rows=frozenset()))
    yield from sheet_notes(grid, known_layout, view, kinds, above)
    for heading, words in mapped.register_mapping.except_rows_where.items():
        used = UnusedColumn(heading, layout.columns_of(heading)[0])
        yield from doubt_notes(grid, [used], kinds[RowKind.DATA], words)


def left_out_notes(
    sheet: MappedLayout, kinds: RowsByKind, counted: Collection[int]
) -> Iterator[str]:
    """Notes on rows with contents that are not records: a list without them reads as complete, so
    that whoever reads the report can see that nothing else was lost."""
    if sheet.across:  # The other notes on such rows are only on sheets that are read down.
        examples = [sheet.grid.number(row) for row in kinds[RowKind.EXAMPLE]]
        yield from note(_numbered(sheet, examples), len(examples), LEFT_OUT[RowKind.EXAMPLE])
    rows = [row for row in kinds[RowKind.DATA] if row not in counted and not sheet.is_band(row)]
    if rows:
        numbers = _numbered(sheet, [sheet.grid.number(row) for row in rows])
        yield f"Left out, as the mapping in office.yaml says: {numbers}."
    below = [
        sheet.whole.number(row)
        for row in range(len(sheet.grid.rows), len(sheet.whole.rows))
        if row not in counted and any(not is_blank(cell) for cell in sheet.whole.rows[row])
    ]
    if below:
        yield f"Below the end of the table and not read: {_numbered(sheet, below)}."


def _numbered(sheet: MappedLayout, rows: Sequence[int]) -> str:
    """The rows by their numbers or, of a sheet read across, the columns by their letters."""
    if sheet.across:
        return column_words([column_letters(row) for row in rows])
    return row_numbers_text(rows)
