"""Reads a sheet as its mapping says: the records that it gives, each value with its own cell."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evidence.cells.merges import Fault, cell_at, cells_of
from evidence.cells.text import is_blank, listed, normal_key, raw_text
from evidence.cells.types import TypedCells, blank_read, type_cells
from evidence.mapping.cell_parts import joined_text, part_of_cell
from evidence.mapping.lines import MappedSheet, lay_out
from evidence.mapping.model import (
    BLANK,
    NOT_DONE,
    NOT_KEPT,
    BandCell,
    ColumnSource,
    Constant,
    FixedCell,
    Joined,
    PartOfCell,
    RegisterMapping,
    SheetMapping,
    WideCell,
    cells_of_source,
)
from evidence.mapping.words import ColumnWords
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.raw_cells import RawSheet, RawValue
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheet_ref import ColumnPlace, UnreadCell, Where
from evidence.sheets.equal_rows import row_readings
from evidence.sheets.headings import Layout, UnusedColumn
from evidence.sheets.notes import sheet_notes
from evidence.sheets.reading import SheetPart, SheetReading
from evidence.sheets.rows import RowKind, data_rows
from evidence.table import CellState, Column, Source

_Cell = str | FixedCell | BandCell | WideCell


def read_mapped_sheet(
    places: Sequence[Where], sheet: RawSheet, mapping: SheetMapping, date1904: bool = False
) -> Iterator[tuple[Where, SheetReading]]:
    """The records that a sheet gives, for each register of ``places`` in turn, which are those of
    ``mapping.gives``; one reading for each wide column and each band (docs/mapping.md).

    A reading whose part is None cannot be used: a heading of its mapping is gone, or is there
    twice, and a problem says so.
    """
    laid_out = lay_out(sheet, mapping)
    reported: set[str] = set()
    for where, item in zip(places, mapping.gives, strict=True):
        problems = list(_heading_problems(where, laid_out, item))
        if problems:
            new = tuple(problem for problem in problems if problem.message not in reported)
            reported.update(problem.message for problem in new)
            yield where, SheetReading(None, new)
            continue
        reader = _RegisterReader(where, laid_out, mapping, item, date1904)
        yield from ((where, reading) for reading in reader.readings())


def _heading_problems(
    where: Where, sheet: MappedSheet, item: RegisterMapping
) -> Iterator[EvidenceProblem]:
    """Headings of the mapping that are not in the sheet, or are there twice."""
    for heading in item.headings:
        indexes = sheet.indexes(heading)
        if not indexes:
            message = (
                f"The mapping in office.yaml uses the heading '{heading}', which is not in this"
                " sheet, so the sheet was not read. Restore the heading, or correct the mapping."
            )
            yield where.problem(ProblemKind.COLUMN_MISSING, message, heading=heading)
        elif len(indexes) > 1:
            cells = listed([sheet.address(sheet.heading_row, index) for index in indexes])
            message = (
                f"The mapping in office.yaml uses the heading '{heading}', which is in this sheet"
                f" {len(indexes)} times ({cells}), so the sheet was not read. Rename the others."
            )
            yield where.problem(ProblemKind.COLUMN_TWICE, message, heading=heading)


@dataclass(frozen=True, slots=True)
class _Section:
    """Records that have the same wide column (None: the sheet has none) and the same band."""

    rows: Sequence[int]
    wide: int | None

    def cell(self, sheet: MappedSheet, source: _Cell) -> int | None:
        """The index of the sheet's column from which a cell comes; None if all records have the
        same cell."""
        if isinstance(source, str):
            return sheet.indexes(source)[0]
        return self.wide if isinstance(source, WideCell) and source.wide == "cell" else None


class _RegisterReader:
    """Reads the records of one register from one sheet."""

    def __init__(
        self,
        where: Where,
        sheet: MappedSheet,
        mapping: SheetMapping,
        item: RegisterMapping,
        date1904: bool,
    ) -> None:
        self._where, self._register, self._item = where, where.register, item
        self._sheet, self._mapping, self._date1904 = sheet, mapping, date1904
        self._words = {
            name: ColumnWords(words, several=self._register.column(name).type in ("codes", "keys"))
            for name, words in item.words.items()
        }
        self._undone = [name for name, words in item.words.items() if NOT_DONE in words.values()]
        self._only = {
            sheet.indexes(text)[0]: set(map(normal_key, words))
            for text, words in item.only_rows_where.items()
        }
        self._used = {
            index
            for other in mapping.gives
            for text in other.headings
            for index in sheet.indexes(text)
        }

    def readings(self) -> Iterator[SheetReading]:
        """One reading for each section, with the notes on the sheet in the first."""
        wide_columns = self._wide_columns()
        self._used.update(index for index in wide_columns if index is not None)
        notes_given = False
        for wide in wide_columns:
            layout, view = self._layout(wide)
            kinds = data_rows(self._sheet.grid, layout, view)
            rows = [row for row in kinds[RowKind.DATA] if self._is_record(row, wide)]
            columns = {spec.name: self._column(spec, _Section(rows, wide)) for spec in view.columns}
            notes: tuple[str, ...] = ()
            if not notes_given and not self._sheet.across:
                notes = tuple(sheet_notes(self._sheet.grid, layout, view, kinds))
            for positions in self._by_band(rows):
                section = _Section([rows[position] for position in positions], wide)
                yield self._reading(section, columns, positions, notes)
                notes, notes_given = (), True

    def _wide_columns(self) -> list[int | None]:
        """The indexes of the wide columns; [None] of a sheet without any."""
        sheet, wide = self._sheet, self._item.wide
        if wide is None:
            return [None]
        if wide.after is None:
            return [sheet.indexes(text)[0] for text in wide.columns]
        first = sheet.indexes(wide.after)[0] + 1
        indexes = range(first, len(sheet.headings))
        return [i for i in indexes if sheet.headings[i] and i not in self._used]

    def _by_band(self, rows: Sequence[int]) -> list[list[int]]:
        """The positions in ``rows`` of the records under each band, where a column comes from it;
        otherwise all of them."""
        cells = (cell for source in self._item.columns.values() for cell in cells_of_source(source))
        if not any(isinstance(cell, BandCell) for cell in cells):
            return [list(range(len(rows)))]
        bands: dict[int, list[int]] = {}
        for position, row in enumerate(rows):
            bands.setdefault(self._sheet.band_of[row], []).append(position)
        return list(bands.values()) or [[]]

    def _layout(self, wide: int | None) -> tuple[Layout, RegisterSpec]:
        """The layout of the sheet, and the register under the office's own headings."""
        sheet, section = self._sheet, _Section((), wide)
        indexes: dict[str, int] = {}
        for name, source in self._item.columns.items():
            index = next((section.cell(sheet, cell) for cell in cells_of_source(source)), None)
            if index is not None:
                indexes[name] = index
        others = (i for i, text in enumerate(sheet.headings) if text and i not in self._used)
        unused = tuple(UnusedColumn(sheet.headings[i], i) for i in others)
        specs = [
            spec.model_copy(
                update={"required": False, "heading": sheet.headings[indexes[spec.name]]}
            )
            if spec.name in indexes
            else spec.model_copy(update={"required": False})
            for spec in self._register.columns
        ]
        view = self._register.model_copy(update={"columns": tuple(specs)})
        return Layout(sheet.heading_row, indexes, {}, unused), view

    def _is_record(self, row: int, wide: int | None) -> bool:
        """Whether a line of data is a record of the register."""
        grid, cells = self._sheet.grid, self._sheet.grid.rows[row]
        if self._sheet.band_of[row] == row:
            return False
        if wide is not None and is_blank(cell_at(cells, wide)) and (row, wide) not in grid.faults:
            return False
        for index, words in self._only.items():
            if normal_key(raw_text(cell_at(cells, index))) not in words:
                return False
        section = _Section([row], wide)
        return not any(
            self._words[name].meaning(raw_text(self._own_cells(source, section)[0])) == NOT_DONE
            for name in self._undone
            if (source := self._item.columns.get(name, NOT_KEPT)) != NOT_KEPT
        )

    # The cells of a column -----------------------------------------------------------------------

    def _cells(self, cell: _Cell, section: _Section) -> list[RawValue]:
        """The cells from which a column comes, one for each record."""
        sheet, rows = self._sheet, section.rows
        index = section.cell(sheet, cell)
        if index is not None:
            return cells_of([sheet.grid.rows[row] for row in rows], index)
        if isinstance(cell, BandCell):
            return [sheet.band(row)[0] for row in rows]
        if isinstance(cell, FixedCell):
            return [sheet.fixed_cell(cell.cell)] * len(rows)
        assert section.wide is not None
        return [sheet.heading(section.wide)] * len(rows)

    def _own_cells(self, source: ColumnSource, section: _Section) -> list[RawValue]:
        """The cells of a column before a part is taken and words are replaced."""
        if isinstance(source, Joined):
            cells = zip(*(self._cells(cell, section) for cell in source.join), strict=True)
            return [joined_text(together) for together in cells]
        if isinstance(source, Constant):
            return ["" if source.always == BLANK else source.always] * len(section.rows)
        return self._cells(next(cells_of_source(source)), section)

    def _column(self, spec: ColumnSpec, section: _Section) -> TypedCells:
        """The typed cells of a column, each with the office's own text."""
        source, count = self._item.columns.get(spec.name, NOT_KEPT), len(section.rows)
        if source == NOT_KEPT:
            text, blank, state, _ = blank_read(spec)
            return TypedCells(
                spec.name, [text] * count, [blank] * count, bytearray([state]) * count
            )
        own = self._own_cells(source, section)
        cells = self._words[spec.name].replaced(own) if spec.name in self._words else own
        if isinstance(source, PartOfCell):
            cells = [
                part_of_cell(cell, source.part) if cell is text else cell
                for cell, text in zip(cells, own, strict=True)
            ]
        typed = type_cells(
            spec, cells, self._faults(source, section), self._date1904, self._place(spec, section)
        )
        if isinstance(source, Constant):
            return replace(typed, raw=[""] * count)  # it is in no cell
        if cells is own:
            return typed
        raw = [
            raw_text(text) if state == CellState.READ and shown else shown
            for text, shown, state in zip(own, typed.raw, typed.state, strict=True)
        ]
        return replace(typed, raw=raw)

    def _place(self, spec: ColumnSpec, section: _Section) -> ColumnPlace:
        line, heading = self._line(spec.name, section)
        numbers = [self._sheet.grid.number(row) for row in section.rows]
        return ColumnPlace(heading or spec.usual_heading, line, numbers, self._where.sheets)

    def _line(self, name: str, section: _Section) -> tuple[str, str]:
        """The line of a column's cells (evidence.raw_cells.cell_address) and its heading, of the
        first cell of several; ('', '') if it is in no cell."""
        sheet = self._sheet
        for cell in cells_of_source(self._item.columns.get(name, NOT_KEPT)):
            index = section.cell(sheet, cell)
            if index is not None:
                return sheet.line(index), sheet.headings[index]
            if isinstance(cell, FixedCell):
                return cell.cell.upper(), ""
            if isinstance(cell, WideCell) and section.wide is not None:
                return sheet.address(sheet.heading_row, section.wide), sheet.headings[section.wide]
            return (sheet.band(section.rows[0])[1] if section.rows else ""), ""
        return "", ""

    def _faults(self, source: ColumnSource, section: _Section) -> dict[int, Fault]:
        """The faults of a column's cells, by the positions of their rows."""
        faults = self._sheet.grid.faults
        cells = [section.cell(self._sheet, cell) for cell in cells_of_source(source)]
        return {
            position: faults[row, index]
            for position, row in enumerate(section.rows if faults else ())
            for index in cells
            if index is not None and (row, index) in faults
        }

    # Records -------------------------------------------------------------------------------------

    def _reading(
        self,
        section: _Section,
        columns: Mapping[str, TypedCells],
        positions: Sequence[int],
        notes: Sequence[str],
    ) -> SheetReading:
        """The records of a section, which are at these positions of the columns."""
        register, grid = self._register, self._sheet.grid
        numbers = [grid.number(row) for row in section.rows]
        lines = {name: self._line(name, section) for name in columns}
        lines = {name: line for name, line in lines.items() if line[0]}
        source = Source(
            self._where.file,
            self._where.sheet,
            {name: line for name, (line, _) in lines.items()},
            {name: heading for name, (_, heading) in lines.items() if heading},
        )
        part_columns: dict[str, Column] = {
            name: column.some_rows(positions) for name, column in columns.items()
        }
        if register.key and register.key not in source.letters:
            part_columns[register.key] = _made_keys(register, part_columns, len(numbers))
        unread: dict[str, list[UnreadCell]] = {}
        for name, line in source.letters.items():
            column = columns[name]
            cells = [
                UnreadCell(number, column.raw[position], column.unread[position])
                for number, position in zip(numbers, positions, strict=True)
                if position in column.unread
            ]
            # one cell that serves all records is one problem
            one = not (line.isalpha() or line.isdecimal())
            if cells:
                unread[name] = cells[:1] if one else cells
        part = SheetPart(source, numbers, part_columns, self._unknown(section))
        return SheetReading(part, (), tuple(map(self._where.note, notes)), unread)

    def _unknown(self, section: _Section) -> list[object]:
        """What cannot be known of each row: one with a formula whose result is not stored, in a
        column that is read, is equal to no other."""
        faults: list[Mapping[int, Fault]] = [
            self._faults(source, section) for source in self._item.columns.values()
        ]
        unstored = {row for column in faults for row, words in column.items() if words == ""}
        return [object() if row in unstored else () for row in range(len(section.rows))]


def _made_keys(register: RegisterSpec, columns: Mapping[str, Column], count: int) -> TypedCells:
    """Keys for records without one, equal for equal records alone. They are in no cell, and no
    text is shown for them."""
    assert register.key is not None
    states = bytearray([CellState.NOTHING]) * count
    blank = Column(register.key, [""] * count, [None] * count, states)
    readings = row_readings(register, {**columns, register.key: blank})
    keys = [f"row {hashlib.sha256(_framed(r).encode()).hexdigest()}" for r in readings]
    return TypedCells(register.key, [""] * count, keys, bytearray([CellState.READ]) * count)


def _framed(reading: Hashable) -> str:
    """A text that is equal for equal readings alone; sets in one order."""
    if isinstance(reading, tuple):
        return f"({','.join(map(_framed, reading))})"
    return repr(sorted(reading) if isinstance(reading, frozenset) else reading)
