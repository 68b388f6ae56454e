"""One register that a mapping reads from a table on a sheet: the cells that give its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain

from evidence.cells.merges import Fault, cells_of
from evidence.mapping.cell_parts import counting_word, joined_text, part_of_cell
from evidence.mapping.layout import MappedLayout, PlacedCell
from evidence.mapping.model import (
    NOT_KEPT,
    BandCell,
    CellSource,
    ColumnSource,
    Constant,
    FixedCell,
    Joined,
    MatchedName,
    PartOfCell,
    RegisterMapping,
    SheetMapping,
    UnheadedColumn,
    WideCell,
    cells_of_source,
    constant_text,
)
from evidence.mapping.words import Change, ColumnWords, changed, unchanged
from evidence.raw_cells import RawValue
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheet_ref import SheetRef


@dataclass(frozen=True, slots=True)
class RecordSection:
    """The rows of records that have the same wide column. ``wide``: its index; None if the table
    has no wide columns."""

    rows: Sequence[int]
    wide: int | None


@dataclass(frozen=True)
class MappedRegister:
    """One register that is read from a table on a sheet. ``sheet_mapping`` is the mapping of the
    table, and ``register_mapping`` the part of it on this register.

    Names are those of the register's columns, and indexes are those of the table's columns and
    rows. A source is a cell of each record. All headings of the mapping must be in the sheet.
    """

    ref: SheetRef
    layout: MappedLayout
    sheet_mapping: SheetMapping
    register_mapping: RegisterMapping

    @property
    def register(self) -> RegisterSpec:
        """The register, without the columns that the program fills in (RegisterSpec.written)."""
        return self.ref.register

    # Columns -------------------------------------------------------------------------------------

    def source(self, name: str) -> ColumnSource:
        """The source of a column, which may be a constant, or a part of other cells."""
        return self.register_mapping.columns.get(name, NOT_KEPT)

    @cached_property
    def sources_by_column(self) -> dict[str, tuple[CellSource, ...]]:
        """The sources of the cells that give each column; none for a constant."""
        return {
            name: tuple(cells_of_source(source))
            for name, source in self.register_mapping.columns.items()
        }

    def _has(self, name: str, kind: type[BandCell | WideCell]) -> bool:
        return any(isinstance(source, kind) for source in self.sources_by_column.get(name, ()))

    @cached_property
    def wide_specs(self) -> list[ColumnSpec]:
        """The columns of the register that wide columns give."""
        return [spec for spec in self.register.columns if self._has(spec.name, WideCell)]

    @cached_property
    def other_specs(self) -> list[ColumnSpec]:
        """The columns of the register that no wide column gives."""
        return [spec for spec in self.register.columns if not self._has(spec.name, WideCell)]

    @cached_property
    def has_bands(self) -> bool:
        """Whether a column comes from the band above each record."""
        return any(self._has(name, BandCell) for name in self.sources_by_column)

    @cached_property
    def _named_indexes(self) -> set[int]:
        """The indexes of the columns that any register of the table uses by a heading or a
        letter."""
        layout = self.layout
        registers = self.sheet_mapping.gives
        headings = chain.from_iterable(register.headings for register in registers)
        sources = chain.from_iterable(
            cells_of_source(source)
            for register in registers
            for source in register.columns.values()
        )
        return {
            *chain.from_iterable(layout.columns_of(heading) for heading in headings),
            *(
                layout.column_index(source.column)
                for source in sources
                if isinstance(source, UnheadedColumn)
            ),
        }

    @cached_property
    def wide_indexes(self) -> list[int | None]:
        """The indexes of the wide columns; [None] in a table without any."""
        layout, wide = self.layout, self.register_mapping.wide
        if wide is None:
            return [None]
        if wide.after is None:
            return [layout.columns_of(heading)[0] for heading in wide.columns]
        right = range(layout.columns_of(wide.after)[0] + 1, len(layout.headings))
        return [i for i in right if layout.headings[i] and i not in self._named_indexes]

    @cached_property
    def used_indexes(self) -> set[int]:
        """The indexes of the columns that any register of the table uses, and of the wide ones."""
        return self._named_indexes.union(i for i in self.wide_indexes if i is not None)

    @cached_property
    def column_indexes(self) -> set[int]:
        """The indexes of the columns that this register uses."""
        sources = chain.from_iterable(self.sources_by_column.values())
        indexes = {*(self.index_of(source, None) for source in sources), *self.wide_indexes}
        return {index for index in indexes if index is not None}

    def index_of(self, source: CellSource, wide: int | None) -> int | None:
        """The index of the column with the cells of a source, in the section of the wide column
        ``wide``; None if one cell counts for several records."""
        if isinstance(source, str):
            return self.layout.columns_of(source)[0]
        if isinstance(source, UnheadedColumn):
            return self.layout.column_index(source.column)
        return wide if isinstance(source, WideCell) and source.wide == "cell" else None

    # Cells ---------------------------------------------------------------------------------------

    @cached_property
    def words(self) -> dict[str, ColumnWords]:
        """The office's own words of each column that has any."""
        register = self.register
        return {
            name: ColumnWords(
                words,
                several=register.column(name).type in ("codes", "keys"),
                counts=register.says_what_counts(name),
            )
            for name, words in self.register_mapping.words.items()
        }

    def _whole_source(self, name: str) -> tuple[ColumnSource, Change]:
        """The source of the whole cells of a column, and the change that takes the part of each
        cell that the column has."""
        source = self.source(name)
        if isinstance(source, MatchedName):
            source = source.from_
        if not isinstance(source, PartOfCell):
            return source, unchanged
        if source.part == "first word" and self.register.says_what_counts(name):
            return source.from_, counting_word
        return source.from_, partial(part_of_cell, part=source.part)

    def office_cells(self, name: str, section: RecordSection) -> list[RawValue]:
        """The whole cells of a column, one for each record, with the office's own words."""
        source, _ = self._whole_source(name)
        match source:
            case Joined():
                return [joined_text(cells) for cells in self._joined_cells(source, section)]
            case Constant():
                return [constant_text(source)] * len(section.rows)
            case _:
                return self._cells(next(cells_of_source(source)), section)

    def _joined_cells(self, source: Joined, section: RecordSection) -> list[tuple[RawValue, ...]]:
        """The cells that are joined, for each record."""
        return list(zip(*(self._cells(part, section) for part in source.join), strict=True))

    def _cells(self, source: CellSource, section: RecordSection) -> list[RawValue]:
        """The cells of a source, one for each record."""
        index = self.index_of(source, section.wide)
        rows = section.rows
        if index is not None:
            return cells_of([self.layout.grid.rows[row] for row in rows], index)
        if isinstance(source, BandCell):
            return [self.layout.band_above(row).value for row in rows]
        return [self._shared_cell(source, section, rows[0]).value] * len(rows) if rows else []

    def _shared_cell(self, source: CellSource, section: RecordSection, row: int) -> PlacedCell:
        """The cell that counts for the record of a row, and for other records as well."""
        match source:
            case BandCell():
                return self.layout.band_above(row)
            case FixedCell(cell=address):
                return self.layout.fixed_cell(address)
            case _:
                assert section.wide is not None
                return self.layout.heading(section.wide)

    def worded_cells(
        self, name: str, office_cells: list[RawValue], section: RecordSection
    ) -> list[RawValue]:
        """The cells of a column with the meanings of the office's words. A cell without such a word
        keeps the part that the column has. ``office_cells`` themselves are returned if there is
        nothing to change."""
        words = self.words.get(name)
        source, change = self._whole_source(name)
        if words is None:
            return office_cells if change is unchanged else changed(office_cells, change)
        if isinstance(source, Joined):
            return [words.joined(cells, change) for cells in self._joined_cells(source, section)]
        return changed(office_cells, partial(words.replaced, rest=change))

    def faults(self, name: str, section: RecordSection) -> dict[int, Fault]:
        """The faults of a column's cells, by the positions of their rows in the section."""
        faults: dict[int, Fault] = {}
        if not self.layout.whole.faults:  # few sheets have any, so the search is worth avoiding
            return faults
        for source in self.sources_by_column.get(name, ()):
            index = self.index_of(source, section.wide)
            for position, row in enumerate(section.rows):
                if index is not None:
                    fault = self.layout.grid.faults.get((row, index))
                else:
                    fault = self._shared_cell(source, section, row).fault
                if fault is not None:
                    faults.setdefault(position, fault)
        return faults

    def label_and_heading(self, name: str, section: RecordSection) -> tuple[str, str]:
        """The label of a column (evidence.raw_cells.cell_address) and its heading. If several cells
        give the column, they are those of the first one that is in the sheet; ('', '') if none
        is."""
        rows = section.rows
        for source in self.sources_by_column.get(name, ()):
            index = self.index_of(source, section.wide)
            if index is not None:
                return self.layout.column_label(index), self.layout.headings[index]
            address = self._shared_cell(source, section, rows[0]).address if rows else ""
            if address:
                is_wide = isinstance(source, WideCell) and section.wide is not None
                return address, self.layout.headings[section.wide or 0] if is_wide else ""
        return "", ""
