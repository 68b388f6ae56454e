"""The sheets of the lists whose rows a mapping finds by name, with all their columns."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from evidence.cells.merges import CellGrid, cell_grid, cells_of
from evidence.cells.text import normal_heading
from evidence.mapping.layout import heading_text, lay_out
from evidence.mapping.list_names import ListSheet
from evidence.mapping.mapped_sheet import read_mapped_sheet
from evidence.mapping.model import MatchedName, OfficeMapping
from evidence.raw_cells import Book, RawValue, RawWorkbook
from evidence.register import RegisterSpec
from evidence.sheet_ref import SheetRef
from evidence.sheets.headings import find_layout
from evidence.sheets.known_by import known_by
from evidence.sheets.sheet_contents import SheetContents, read_sheet
from evidence.sheets.sheet_matching import MappedMatch, SheetMatch, match_sheets


def matched_lists(mapping: OfficeMapping, registers: Mapping[str, RegisterSpec]) -> frozenset[str]:
    """The registers whose rows the mapping finds by name."""
    return frozenset(
        named
        for part in mapping
        for register_mapping in part.gives
        for name, source in register_mapping.columns.items()
        if isinstance(source, MatchedName)
        for named in registers[register_mapping.register_id].column(name).named
    )


def named_lists(registers: Mapping[str, RegisterSpec]) -> frozenset[str]:
    """The registers whose rows a mapping may find by name, since columns of others name them."""
    columns = (column for spec in registers.values() for column in spec.columns)
    return frozenset(named for column in columns if column.type == "key" for named in column.named)


def list_sheets(
    book: Book,
    registers: Mapping[str, RegisterSpec],
    mapping: OfficeMapping,
    wanted: frozenset[str],
    known: datetime.date | None = None,
) -> Iterator[ListSheet]:
    """The sheets of a file that give one of the ``wanted`` registers, with the rows that were
    recorded by ``known``, if it is given. Registers are as sheets have them
    (RegisterSpec.written)."""
    if not wanted or not isinstance(book, RawWorkbook):
        return
    for match in match_sheets(book, registers, mapping):
        if isinstance(match, SheetMatch):
            if match.problem is None and match.where.register.id in wanted:
                content = read_sheet(match.where, match.sheet, book.date1904)
                grid = cell_grid(match.sheet)
                layout = find_layout(grid, match.where.register)
                if layout is not None and content.part is not None:
                    headings = [heading_text(cell) for cell in grid.rows[layout.heading_row]]
                    yield from _list_sheet(match.where, [content], grid, headings, known)
        elif isinstance(match, MappedMatch):
            for part, places in match.parts:
                if wanted.isdisjoint(where.register.id for where in places):
                    continue
                laid_out = lay_out(match.sheet, part)
                for where, contents in read_mapped_sheet(
                    [(part, places)], match.sheet, book.date1904
                ):
                    if where.register.id in wanted:
                        yield from _list_sheet(
                            where, contents, laid_out.grid, laid_out.headings, known
                        )


def _list_sheet(
    where: SheetRef,
    contents: Sequence[SheetContents],
    grid: CellGrid,
    headings: Sequence[str],
    known: datetime.date | None,
) -> Iterator[ListSheet]:
    """The rows of one sheet of a list with their keys, and the cells of each heading, by which
    names are found; nothing if no row counts. A repeated heading finds nobody."""
    rows: list[int] = []
    keys: list[str | None] = []
    register = where.register
    for content in contents:
        counted = known_by(content, register, known) if known is not None else content
        part = counted.part
        if part is None or not counted.begun or register.key is None:
            continue
        rows += part.rows
        # A key that is in no cell was made by the program, and no name finds it.
        is_in_sheet = register.key in part.source.letters
        values = part.columns[register.key].value if is_in_sheet else [None] * len(part.rows)
        keys += [value if isinstance(value, str) else None for value in values]
    lines = [grid.rows[row - grid.sheet.first_row] for row in rows]
    cells: dict[str, Sequence[RawValue]] = {}
    written: dict[str, str] = {}
    repeated: set[str] = set()
    for column, heading in enumerate(headings):
        name = normal_heading(heading)
        if name in cells:
            repeated.add(name)
        elif name:
            written[name] = heading
            faulty = {line for line, place in grid.faults if place == column}
            cells[name] = [
                "" if row - grid.sheet.first_row in faulty else cell
                for row, cell in zip(rows, cells_of(lines, column), strict=True)
            ]
    if rows:
        yield ListSheet(register.id, where.file, where.sheet, rows, keys, cells, written, repeated)
