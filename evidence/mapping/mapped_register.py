"""A register as a mapping finds it in a sheet: which cells give each of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

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
    """The rows of records that have the same wide column (None: the sheet has none)."""

    rows: Sequence[int]
    wide: int | None


@dataclass(frozen=True)
class MappedRegister:
    """A register that a table of a sheet gives. ``register_mapping`` is what the mapping says of
    it, and ``mapping`` what it says of the table. Names are those of columns of the register, and
    numbers are indexes of the sheet's columns and rows. All headings of the mapping must be in the
    sheet.
    """

    where: SheetRef
    sheet: MappedLayout
    mapping: SheetMapping
    register_mapping: RegisterMapping

    @property
    def register(self) -> RegisterSpec:
        """The register, as sheets have it (RegisterSpec.written)."""
        return self.where.register

    # Columns -------------------------------------------------------------------------------------

    def source(self, name: str) -> ColumnSource:
        """Where a column comes from."""
        return self.register_mapping.columns.get(name, NOT_KEPT)

    @cached_property
    def cells_of(self) -> dict[str, tuple[CellSource, ...]]:
        """The cells that each column comes from; none for a constant."""
        return {
            name: tuple(cells_of_source(cell))
            for name, cell in self.register_mapping.columns.items()
        }

    def _has(self, name: str, kind: type[BandCell | WideCell]) -> bool:
        return any(isinstance(cell, kind) for cell in self.cells_of.get(name, ()))

    @cached_property
    def wide_specs(self) -> list[ColumnSpec]:
        """The columns that a wide column gives."""
        return [spec for spec in self.register.columns if self._has(spec.name, WideCell)]

    @cached_property
    def other_specs(self) -> list[ColumnSpec]:
        """The columns that no wide column gives."""
        return [spec for spec in self.register.columns if not self._has(spec.name, WideCell)]

    @cached_property
    def has_bands(self) -> bool:
        """Whether a column comes from the band above each record."""
        return any(self._has(name, BandCell) for name in self.cells_of)

    @cached_property
    def _named_columns(self) -> set[int]:
        """The columns of the sheet that any register of the table uses by a heading or a letter."""
        sheet = self.sheet
        columns = {
            column
            for register_mapping in self.mapping.gives
            for text in register_mapping.headings
            for column in sheet.columns_of(text)
        }
        sources = (
            source
            for register_mapping in self.mapping.gives
            for source in register_mapping.columns.values()
        )
        cells = (cell for source in sources for cell in cells_of_source(source))
        return columns | {
            sheet.column_index(cell.column) for cell in cells if isinstance(cell, UnheadedColumn)
        }

    @cached_property
    def wide_columns(self) -> list[int | None]:
        """The wide columns; [None] in a sheet without any."""
        sheet, wide = self.sheet, self.register_mapping.wide
        if wide is None:
            return [None]
        if wide.after is None:
            return [sheet.columns_of(text)[0] for text in wide.columns]
        right = range(sheet.columns_of(wide.after)[0] + 1, len(sheet.headings))
        return [i for i in right if sheet.headings[i] and i not in self._named_columns]

    @cached_property
    def used(self) -> set[int]:
        """The columns of the sheet that any register of the table uses, and the wide ones."""
        return self._named_columns.union(i for i in self.wide_columns if i is not None)

    @cached_property
    def columns(self) -> set[int]:
        """The columns of the sheet that the register uses."""
        cells = (cell for cells in self.cells_of.values() for cell in cells)
        columns = {*(self.column_of(cell, None) for cell in cells), *self.wide_columns}
        return {column for column in columns if column is not None}

    def column_of(self, cell: CellSource, wide: int | None) -> int | None:
        """The sheet's column from which a cell comes; None if one cell counts for several
        records."""
        if isinstance(cell, str):
            return self.sheet.columns_of(cell)[0]
        if isinstance(cell, UnheadedColumn):
            return self.sheet.column_index(cell.column)
        return wide if isinstance(cell, WideCell) and cell.wide == "cell" else None

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

    def office_cells(self, name: str, section: RecordSection) -> list[RawValue]:
        """The cells of a column, one for each record, before a part is taken and words are
        replaced."""
        source = self.source(name)
        if isinstance(source, MatchedName):
            source = source.from_
        if isinstance(source, PartOfCell):
            source = source.from_
        if isinstance(source, Joined):
            return [joined_text(cells) for cells in self._joined_cells(source, section)]
        if isinstance(source, Constant):
            return [constant_text(source)] * len(section.rows)
        return self._cells(next(cells_of_source(source)), section)

    def _joined_cells(self, source: Joined, section: RecordSection) -> list[tuple[RawValue, ...]]:
        """The cells that are joined, for each record."""
        return list(zip(*(self._cells(cell, section) for cell in source.join), strict=True))

    def _cells(self, cell: CellSource, section: RecordSection) -> list[RawValue]:
        column = self.column_of(cell, section.wide)
        rows = section.rows
        if column is not None:
            return cells_of([self.sheet.grid.rows[row] for row in rows], column)
        if isinstance(cell, BandCell):
            return [self.sheet.band_above(row).value for row in rows]
        return [self._placed(cell, section, rows[0]).value] * len(rows) if rows else []

    def _placed(self, cell: CellSource, section: RecordSection, row: int) -> PlacedCell:
        """A cell that counts for several records, for the record of one row."""
        if isinstance(cell, BandCell):
            return self.sheet.band_above(row)
        if isinstance(cell, FixedCell):
            return self.sheet.fixed_cell(cell.cell)
        assert section.wide is not None
        return self.sheet.heading(section.wide)

    def worded_cells(
        self, name: str, office_cells: list[RawValue], section: RecordSection
    ) -> list[RawValue]:
        """The cells of a column with meanings in place of words; of the others the part that is
        taken. ``office_cells`` themselves if there is nothing to change."""
        words, source = self.words.get(name), self.source(name)
        if isinstance(source, MatchedName):
            source = source.from_
        change: Change = unchanged
        if isinstance(source, PartOfCell):
            change = partial(part_of_cell, part=source.part)
            if source.part == "first word" and self.register.says_what_counts(name):
                change = counting_word
            source = source.from_
        if words is None:
            return office_cells if change is unchanged else changed(office_cells, change)
        if isinstance(source, Joined):
            return [words.joined(cells, change) for cells in self._joined_cells(source, section)]
        return changed(office_cells, partial(words.replaced, rest=change))

    def faults(self, name: str, section: RecordSection) -> dict[int, Fault]:
        """The faults of a column's cells, by the positions of their rows."""
        faults: dict[int, Fault] = {}
        if not self.sheet.whole.faults:  # as in nearly every sheet
            return faults
        for cell in self.cells_of.get(name, ()):
            column = self.column_of(cell, section.wide)
            for position, row in enumerate(section.rows):
                if column is not None:
                    fault = self.sheet.grid.faults.get((row, column))
                else:
                    fault = self._placed(cell, section, row).fault
                if fault is not None:
                    faults.setdefault(position, fault)
        return faults

    def label_and_heading(self, name: str, section: RecordSection) -> tuple[str, str]:
        """The label of a column (evidence.raw_cells.cell_address) and its heading, of the first of
        several cells that is there; ('', '') if it is in no cell."""
        rows = section.rows
        for cell in self.cells_of.get(name, ()):
            column = self.column_of(cell, section.wide)
            if column is not None:
                return self.sheet.column_label(column), self.sheet.headings[column]
            address = self._placed(cell, section, rows[0]).address if rows else ""
            if address:
                is_wide = isinstance(cell, WideCell) and section.wide is not None
                return address, self.sheet.headings[section.wide or 0] if is_wide else ""
        return "", ""
