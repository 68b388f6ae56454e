"""Reads a sheet as its mapping says: the records that it gives, each value with its own cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from evidence.cells.day_text import month_first_text
from evidence.cells.merges import UNKNOWN_RESULT
from evidence.cells.text import raw_text
from evidence.cells.types import TypedCells, blank_read, type_cells
from evidence.mapping.layout import lay_out
from evidence.mapping.list_names import ListNames, ListSheets
from evidence.mapping.made_keys import MadeKeys
from evidence.mapping.mapped_register import MappedRegister, RecordSection
from evidence.mapping.model import NOT_KEPT, MatchedName, SheetMapping, WideCell
from evidence.mapping.name_lookup import (
    NamedRows,
    find_nearest_names,
    mark_unmatched,
    named_rows,
    with_keys,
)
from evidence.mapping.notes import left_out_notes, mapped_sheet_notes
from evidence.mapping.records import counted_rows, record_section
from evidence.mapping.refusals import (
    column_problems,
    denied_problems,
    heading_problems,
    list_problems,
    second_table_problems,
)
from evidence.problem import EvidenceProblem
from evidence.raw_cells import RawSheet
from evidence.register import ColumnSpec
from evidence.sheet_ref import ColumnPlace, SheetRef, UnreadCell, UnreadReason
from evidence.sheets.equal_rows import never_equal
from evidence.sheets.lone_entries import report_lone_entries_once
from evidence.sheets.rows import RowKind, RowsByKind, only_examples
from evidence.sheets.sheet_contents import SheetContents, SheetPart
from evidence.table import Column, Source

#: A part of the mapping with a place for each register that it gives, in their order.
PlacedMapping: TypeAlias = tuple[SheetMapping, Sequence[SheetRef]]

_WIDE_HEADING = WideCell(wide="heading")


def read_mapped_sheet(
    parts: Sequence[PlacedMapping],
    sheet: RawSheet,
    date1904: bool = False,
    lists: ListSheets = (),
) -> Iterator[tuple[SheetRef, Sequence[SheetContents]]]:
    """Yields the records that a sheet gives of each register of its ``parts``, in their order.

    A wide sheet gives one part of the contents for each wide column, here two::

        Who | Awareness  | Refresher        person | course    | completed on
        Ann | 03/05/2026 | 04/05/2026       ann    | awareness | 2026-05-03
                                            ann    | refresher | 2026-05-04

    It may also give one for each band. If the sheet cannot be read as the mapping says, its
    contents have no records, and a problem says why. ``lists`` are the sheets of the lists whose
    rows it names (docs/mapping.md).
    """
    tables: list[list[_RegisterReader]] = []
    rows_read: dict[bool, set[int]] = defaultdict(set)  # The key is whether records are across.
    for mapping, places in parts:
        layout = lay_out(sheet, mapping)
        registers = [
            MappedRegister(ref, layout, mapping, register_mapping)
            for ref, register_mapping in zip(places, mapping.gives, strict=True)
        ]
        readers = [_RegisterReader(mapped, date1904, lists) for mapped in registers]
        tables.append(readers)
        for reader in readers:
            rows_read[layout.across] |= reader.rows_read
    for readers in tables:
        reported_messages: set[str] = set()
        for reader in readers:
            first, *others = reader.contents(rows_read[reader.across])
            problems = first.problems
            if first.part is None:
                problems = tuple(p for p in problems if p.message not in reported_messages)
            notes = tuple(note for note in first.notes if note.message not in reported_messages)
            reported_messages.update(problem.message for problem in problems)
            reported_messages.update(note.message for note in notes)
            yield reader.ref, [replace(first, problems=problems, notes=notes), *others]


class _RegisterReader:
    """Reads the records of one register from one sheet."""

    def __init__(self, mapped: MappedRegister, date1904: bool, lists: ListSheets) -> None:
        self._mapped, self._date1904 = mapped, date1904
        self._list_names = {
            name: ListNames(lists, mapped.register.column(name).named, source)
            for name, source in mapped.register_mapping.columns.items()
            if isinstance(source, MatchedName)
        }
        self._made_keys = MadeKeys(mapped.register) if mapped.register.key else None

    @property
    def ref(self) -> SheetRef:
        """The sheet and the register."""
        return self._mapped.ref

    @property
    def across(self) -> bool:
        """Whether the records are columns of the sheet."""
        return self._mapped.layout.across

    @cached_property
    def _problems(self) -> list[EvidenceProblem]:
        """Why the sheet cannot be read as the mapping says."""
        mapped = self._mapped
        return (
            [*heading_problems(mapped), *list_problems(mapped.ref, self._list_names)]
            or [*column_problems(mapped)]
            or [
                *second_table_problems(mapped),
                *denied_problems(mapped, self._record_rows),
            ]
        )

    @cached_property
    def _kinds(self) -> RowsByKind:
        return self._mapped.layout.rows_by_kind(self._mapped.column_indexes)

    @cached_property
    def _counted(self) -> tuple[list[int], list[EvidenceProblem]]:
        return counted_rows(self._mapped, self._kinds[RowKind.DATA])

    @cached_property
    def _sections(self) -> list[RecordSection]:
        mapped, (rows, _) = self._mapped, self._counted
        return [record_section(mapped, rows, wide) for wide in mapped.wide_indexes]

    @property
    def _record_rows(self) -> set[int]:
        return set().union(*(section.rows for section in self._sections))

    @property
    def rows_read(self) -> set[int]:
        """The rows of the headings and of the records; none if the sheet cannot be read."""
        return set() if self._problems else {*self._mapped.layout.heading_rows} | self._record_rows

    def contents(self, rows_read: Collection[int]) -> list[SheetContents]:
        """The records of each wide column and band, with the notes and the problems of the sheet in
        the first. Of the ``rows_read`` by any register of the sheet, no note says that they were
        left out."""
        if self._problems:
            return [SheetContents(None, tuple(self._problems))]
        mapped, (rows, problems) = self._mapped, self._counted
        if mapped.register_mapping.wide is not None:
            recorded = self._record_rows
            rows = [row for row in rows if row in recorded]
        # What does not come from the wide column is read once, for the rows that are records.
        common = RecordSection(rows, None)
        columns = {spec.name: self._column(spec, common) for spec in mapped.other_specs}
        position_of = {row: position for position, row in enumerate(rows)}
        month_first_at = {spec.name: self._month_first_at(spec) for spec in mapped.wide_specs}
        begun = not only_examples(self._kinds)
        contents = list[SheetContents]()
        for section in self._sections:
            positions = [position_of[row] for row in section.rows]
            typed = {name: _some_typed(column, positions) for name, column in columns.items()}
            for spec in mapped.wide_specs:
                typed[spec.name] = self._column(spec, section, month_first_at[spec.name])
            typed = {spec.name: typed[spec.name] for spec in mapped.register.columns}
            for records in self._by_band(section.rows):
                contents.append(replace(self._records(section, typed, records), begun=begun))
        notes = tuple(map(mapped.ref.note, self._notes(rows, rows_read)))
        contents[0] = replace(contents[0], problems=tuple(problems), notes=notes)
        return contents

    def _notes(self, rows: Sequence[int], rows_read: Collection[int]) -> Iterator[str]:
        """The notes on the sheet. ``rows`` are those that may be records."""
        layout = self._mapped.layout
        data = self._kinds[RowKind.DATA]
        unread = {
            kind: [row for row in self._kinds[kind] if row not in rows_read] for kind in RowKind
        }
        above = [row for row in range(layout.heading_row) if row not in rows_read]
        if not self.across:
            yield from mapped_sheet_notes(self._mapped, {**unread, RowKind.DATA: rows}, above)
        counted = {*rows_read, *self._counted[0]}
        yield from left_out_notes(layout, {**unread, RowKind.DATA: data}, counted)

    def _by_band(self, rows: Sequence[int]) -> list[list[int]]:
        """The positions in ``rows`` of the records under each band, where a column comes from it;
        otherwise all of them."""
        if not self._mapped.has_bands:
            return [list(range(len(rows)))]
        bands: dict[int, list[int]] = {}
        for position, row in enumerate(rows):
            bands.setdefault(self._mapped.layout.band_of[row], []).append(position)
        return list(bands.values()) or [[]]

    def _column(
        self, spec: ColumnSpec, section: RecordSection, month_first_at: str = ""
    ) -> TypedCells:
        """The typed cells of a column, each with the office's own text."""
        mapped = self._mapped
        name = spec.name
        count = len(section.rows)
        if mapped.source(name) == NOT_KEPT:
            text, blank, state, _ = blank_read(spec)
            return TypedCells(name, [text] * count, [blank] * count, bytearray([state]) * count)
        office_cells = mapped.office_cells(name, section)
        cells = mapped.worded_cells(name, office_cells, section)
        faults = mapped.faults(name, section)
        place = self._place(spec, section)
        named: NamedRows = {}
        if name in self._list_names:
            words = mapped.words.get(name)
            named = named_rows(self._list_names[name], words, office_cells, cells)
            cells = with_keys(cells, named)
        typed = type_cells(spec, cells, faults, self._date1904, place, month_first_at)
        if named:
            typed = mark_unmatched(spec, typed, named, office_cells)
        if cells is office_cells:
            return typed
        pairs = zip(office_cells, typed.raw, strict=True)
        raw = [raw_text(cell) if shown else "" for cell, shown in pairs]
        for position in faults:
            raw[position] = typed.raw[position]
        return replace(typed, raw=raw)

    def _month_first_at(self, spec: ColumnSpec) -> str:
        """The address of a date with the month first in the first wide column that has one; '' if
        none has. The wide columns together give one column of the register."""
        if spec.type != "day":
            return ""
        for section in self._sections:
            office_cells = self._mapped.office_cells(spec.name, section)
            cells = self._mapped.worded_cells(spec.name, office_cells, section)
            text = month_first_text({cell for cell in cells if isinstance(cell, str)})
            if text is not None:
                place = self._place(spec, section)
                return f"{place.letters}{place.rows[cells.index(text)]}"
        return ""

    def _place(self, spec: ColumnSpec, section: RecordSection) -> ColumnPlace:
        label, heading = self._mapped.label_and_heading(spec.name, section)
        numbers = [self._mapped.layout.grid.number(row) for row in section.rows]
        return ColumnPlace(heading or spec.usual_heading, label, numbers, self.ref.sheets)

    def _records(
        self, section: RecordSection, columns: Mapping[str, TypedCells], positions: Sequence[int]
    ) -> SheetContents:
        """The records of a section that are at these positions of the columns."""
        mapped = self._mapped
        chosen = RecordSection([section.rows[position] for position in positions], section.wide)
        numbers = [mapped.layout.grid.number(row) for row in chosen.rows]
        records: dict[str, Column] = {
            name: column.some_rows(positions) for name, column in columns.items()
        }
        source = self._source(chosen, records)
        key = mapped.register.key
        if self._made_keys and key and key not in source.letters:
            records[key] = self._made_keys.column(records, len(numbers))
        unread: dict[str, list[UnreadCell]] = {}
        for name in source.letters:
            column = columns[name]
            cells = [
                UnreadCell(
                    number, column.raw[position], self._reason(name, column.unread[position])
                )
                for number, position in zip(numbers, positions, strict=True)
                if position in column.unread
            ]
            if cells:
                unread[name] = cells
        part = SheetPart(source, numbers, records, self._unknown(chosen))
        unread_cells = report_lone_entries_once(mapped.register, source, numbers, records, unread)
        return SheetContents(part, (), (), unread_cells)

    def _source(self, section: RecordSection, records: Mapping[str, Column]) -> Source:
        """The place of the records of a section, which are all under one band."""
        mapped = self._mapped
        placed = {name: mapped.label_and_heading(name, section) for name in records}
        labels = {name: label for name, (label, _) in placed.items() if label}
        is_split = mapped.register_mapping.wide is not None or mapped.has_bands
        return Source(
            mapped.ref.file,
            mapped.ref.sheet,
            labels,
            {name: heading for name, (_, heading) in placed.items() if heading},
            ";".join(sorted(set(labels.values()))) if is_split else "",
            {
                name: find_nearest_names(names, records[name])
                for name, names in self._list_names.items()
            },
            mapped.layout.grid.sheet.struck_rows
            if mapped.sheet_mapping.struck_through_rows is None
            else frozenset(),
            mapped.layout.grid.sheet.struck_labels
            if mapped.sheet_mapping.struck_through_rows != "counted" and not self.across
            else frozenset(),
        )

    def _reason(self, name: str, reason: UnreadReason) -> UnreadReason:
        """Why a cell of a column cannot be read: of the heading of a wide column, that the mapping
        does not say what it means."""
        if _WIDE_HEADING not in self._mapped.sources_by_column[name]:
            return reason
        column = self._mapped.register.column(name).usual_heading
        return reason._replace(
            message="The mapping in office.yaml does not say what this heading means in"
            f" '{column}'. Add it to the words of '{name}' there, or run dueregard map."
        )

    def _unknown(self, section: RecordSection) -> list[object]:
        """What cannot be known of each row: one with a formula whose result is not stored, in a
        column that is read, is equal to no other."""
        unstored = {
            row
            for name in self._mapped.sources_by_column
            for row, fault in self._mapped.faults(name, section).items()
            if fault in UNKNOWN_RESULT
        }
        return [never_equal() if row in unstored else () for row in range(len(section.rows))]


def _some_typed(column: TypedCells, positions: Sequence[int]) -> TypedCells:
    """The cells at these positions of a column, in their order."""
    if len(positions) == len(column.raw):
        return column
    cells = column.some_rows(positions)
    unread = column.unread
    reasons = {new: unread[old] for new, old in enumerate(positions) if old in unread}
    return TypedCells(cells.name, cells.raw, cells.value, cells.state, reasons if unread else {})
