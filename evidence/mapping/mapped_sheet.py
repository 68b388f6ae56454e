"""Reads a sheet as its mapping says: the records that it gives, each value with its own cell."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeAlias

from evidence.cells.day_text import month_first_text
from evidence.cells.merges import UNSTORED, Fault, cells_of
from evidence.cells.silence import says_nothing
from evidence.cells.text import (
    column_words,
    is_blank,
    normal_key,
    quoted,
    raw_text,
    row_numbers_text,
    spaced_once,
)
from evidence.cells.types import TypedCells, blank_read, type_cells
from evidence.mapping.cell_parts import counting_word, joined_text, part_of_cell
from evidence.mapping.layout import MappedLayout, PlacedCell, lay_out
from evidence.mapping.list_names import ListNames, ListRow, ListSheets, rows_words
from evidence.mapping.model import (
    NOT_DONE,
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
from evidence.mapping.refusals import (
    MappedRegister,
    column_problems,
    denied_problems,
    heading_problems,
    list_problems,
    second_table_problems,
)
from evidence.mapping.words import Change, ColumnWords, OfficeWords, changed, unchanged
from evidence.problem import EvidenceProblem, ProblemKind, cell_ranges
from evidence.raw_cells import RawSheet, RawValue, column_letters, distinct_keys
from evidence.register import ColumnSpec, RegisterSpec
from evidence.sheet_ref import CellFault, ColumnPlace, UnreadCell, UnreadReason, Where
from evidence.sheets.doubt import doubt_notes
from evidence.sheets.equal_rows import comparable_cell
from evidence.sheets.headings import Layout, UnusedColumn
from evidence.sheets.known_sheet import SheetContents, SheetPart
from evidence.sheets.notes import LEFT_OUT, note, sheet_notes
from evidence.sheets.rows import RowKind, RowsByKind, only_examples
from evidence.table import NO_ROW, Cell, CellState, Column, Source

#: A part of the mapping with a place for each register that it gives, in their order.
PlacedMapping: TypeAlias = tuple[SheetMapping, Sequence[Where]]


def read_mapped_sheet(
    parts: Sequence[PlacedMapping],
    sheet: RawSheet,
    date1904: bool = False,
    lists: ListSheets = (),
) -> Iterator[tuple[Where, Sequence[SheetContents]]]:
    """The records that a sheet gives by all its ``parts``, for each of their registers in turn; one
    reading for each wide column and each band (docs/mapping.md).

    A reading whose part is None cannot be used: a heading of its mapping is gone, or is there
    twice, and a problem says so. ``lists`` are the sheets of the lists whose rows it names by
    name.
    """
    of_parts = [list(_readers(part, sheet, date1904, lists)) for part in parts]
    read_rows: dict[bool, set[int]] = {False: set(), True: set()}  # by whether records are across
    for _, reader in (pair for of_part in of_parts for pair in of_part):
        if isinstance(reader, _RegisterReader):
            read_rows[reader.across].update(reader.read_rows)
    for of_part in of_parts:
        reported: set[str] = set()  # messages and notes
        for where, reader in of_part:
            if isinstance(reader, _RegisterReader):
                readings = list(reader.readings(read_rows[reader.across]))
                notes = tuple(note for note in readings[0].notes if note.message not in reported)
                reported.update(note.message for note in notes)
                yield where, [replace(readings[0], notes=notes), *readings[1:]]
                continue
            new = tuple(problem for problem in reader if problem.message not in reported)
            reported.update(problem.message for problem in new)
            yield where, [SheetContents(None, new)]


def _readers(
    part: PlacedMapping, sheet: RawSheet, date1904: bool, lists: ListSheets
) -> Iterator[tuple[Where, _RegisterReader | list[EvidenceProblem]]]:
    """What reads each register of a table, or the problems for which nothing can."""
    mapping, places = part
    laid_out = lay_out(sheet, mapping)
    for where, item in zip(places, mapping.gives, strict=True):
        named = {
            name: ListNames(lists, where.register.column(name).named, source)
            for name, source in item.columns.items()
            if isinstance(source, MatchedName)
        }
        problems = [*heading_problems(where, laid_out, item), *list_problems(where, named)]
        if problems:
            yield where, problems
            continue
        reader = _RegisterReader(where, laid_out, mapping, item, date1904, named)
        yield where, reader.problems() or reader


@dataclass(frozen=True, slots=True)
class _Section:
    """The rows of records that have the same wide column (None: the sheet has none)."""

    rows: Sequence[int]
    wide: int | None


class _RegisterReader:
    """Reads the records of one register from one sheet."""

    def __init__(
        self,
        where: Where,
        sheet: MappedLayout,
        mapping: SheetMapping,
        item: RegisterMapping,
        date1904: bool,
        named: Mapping[str, ListNames],
    ) -> None:
        self._where, self._sheet, self._item = where, sheet, item
        self._named = named
        self._near_names: dict[str, dict[str, str]] = {name: {} for name in named}
        self._mapping, self._struck = mapping, mapping.struck_through_rows
        self._register, self._date1904 = where.register, date1904
        self._words = {
            name: ColumnWords(
                words,
                several=self._register.column(name).type in ("codes", "keys"),
                counts=self._register.says_what_counts(name),
            )
            for name, words in item.words.items()
        }
        self._cells_of = {
            name: tuple(cells_of_source(source)) for name, source in item.columns.items()
        }
        by_wide = {
            name
            for name, cells in self._cells_of.items()
            if any(isinstance(cell, WideCell) for cell in cells)
        }
        self._by_wide = [spec for spec in self._register.columns if spec.name in by_wide]
        self._for_all = [spec for spec in self._register.columns if spec.name not in by_wide]
        self._texts = {
            spec.name: _CellTexts()
            for spec in self._register.columns
            if spec.name not in (self._register.key, self._register.recorded_on)
        }
        self._banded = any(
            isinstance(cell, BandCell) for cells in self._cells_of.values() for cell in cells
        )
        used = {
            column
            for other in mapping.gives
            for text in other.headings
            for column in sheet.columns_of(text)
        }
        sources = (source for other in mapping.gives for source in other.columns.values())
        used.update(
            sheet.column_index(cell.column)
            for source in sources
            for cell in cells_of_source(source)
            if isinstance(cell, UnheadedColumn)
        )
        self._wide_columns = self._find_wide_columns(used)
        self._used = used.union(column for column in self._wide_columns if column is not None)

    def _find_wide_columns(self, used: Collection[int]) -> list[int | None]:
        """The wide columns, which are none of those ``used``; [None] in a sheet without any."""
        sheet, wide = self._sheet, self._item.wide
        if wide is None:
            return [None]
        if wide.after is None:
            return [sheet.columns_of(text)[0] for text in wide.columns]
        first = sheet.columns_of(wide.after)[0] + 1
        columns = range(first, len(sheet.headings))
        return [column for column in columns if sheet.headings[column] and column not in used]

    def problems(self) -> list[EvidenceProblem]:
        """Why the sheet cannot be read as the mapping says."""
        mapped = MappedRegister(
            self._where, self._sheet, self._mapping, self._item, self._used, self._wide_columns
        )
        return [*column_problems(mapped)] or [
            *second_table_problems(mapped, self._register_columns()),
            *denied_problems(mapped, self._record_rows),
        ]

    @property
    def across(self) -> bool:
        """Whether the records are columns of the sheet."""
        return self._sheet.across

    @cached_property
    def _kinds(self) -> RowsByKind:
        return self._sheet.rows_by_kind(self._register_columns())

    @cached_property
    def _counted(self) -> tuple[list[int], tuple[EvidenceProblem, ...]]:
        return self._counted_rows(self._kinds[RowKind.DATA])

    @cached_property
    def _sections(self) -> list[_Section]:
        rows, _ = self._counted
        return [
            _Section(self._records(rows, wide, self._by_wide), wide) for wide in self._wide_columns
        ]

    @property
    def _record_rows(self) -> set[int]:
        return set().union(*(section.rows for section in self._sections))

    @property
    def read_rows(self) -> set[int]:
        """The rows of the headings and of the records."""
        return {*self._sheet.heading_rows} | self._record_rows

    def readings(self, read_rows: set[int]) -> Iterator[SheetContents]:
        """One reading for each wide column and band, with the notes and the problems of the sheet
        in the first. Of rows that any register of the sheet reads, which are ``read_rows``, no note
        says that they were left out."""
        kinds, (rows, problems), sections = self._kinds, self._counted, self._sections
        counted, begun = read_rows.union(rows), not only_examples(kinds)
        # What does not come from the wide column is read once, for the rows that are records.
        if self._item.wide is not None:
            recorded = self._record_rows
            rows = [row for row in rows if row in recorded]
        common = _Section(rows, None)
        columns = {spec.name: self._column(spec, common) for spec in self._for_all}
        position_of = {row: position for position, row in enumerate(rows)}
        left = {kind: [row for row in kinds[kind] if row not in read_rows] for kind in RowKind}
        above = [row for row in range(self._sheet.heading_row) if row not in read_rows]
        notes = []
        if not self.across:
            notes = self._notes({**left, RowKind.DATA: rows}, above)
        notes += self._left_out({**left, RowKind.DATA: kinds[RowKind.DATA]}, counted)
        month_first_at = {spec.name: self._month_first_at(spec) for spec in self._by_wide}
        for section in sections:
            positions = [position_of[row] for row in section.rows]
            own = {
                spec.name: self._column(spec, section, month_first_at[spec.name])
                for spec in self._by_wide
            }
            own |= {name: _some_typed(column, positions) for name, column in columns.items()}
            typed = {spec.name: own[spec.name] for spec in self._register.columns}
            for records in self._by_band(section.rows):
                reading = self._reading(section, typed, records)
                of_sheet = tuple(map(self._where.note, notes))
                yield replace(reading, problems=problems, notes=of_sheet, begun=begun)
                notes, problems = [], ()

    def _register_columns(self) -> set[int]:
        """The columns of the sheet that the register uses."""
        columns = {
            column
            for cells in self._cells_of.values()
            for cell in cells
            if (column := self._column_of(cell, None)) is not None
        }
        return columns.union(column for column in self._wide_columns if column is not None)

    def _by_band(self, rows: Sequence[int]) -> list[list[int]]:
        """The positions in ``rows`` of the records under each band, where a column comes from it;
        otherwise all of them."""
        if not self._banded:
            return [list(range(len(rows)))]
        bands: dict[int, list[int]] = {}
        for position, row in enumerate(rows):
            bands.setdefault(self._sheet.band_of[row], []).append(position)
        return list(bands.values()) or [[]]

    def _notes(self, kinds: RowsByKind, above: Sequence[int]) -> list[str]:
        """The notes on the sheet under the office's own headings. ``above``: the rows above them
        that nothing reads."""
        sheet, first_wide = self._sheet, self._wide_columns[0]
        columns: dict[str, int] = {}
        for name, cells in self._cells_of.items():
            of_cells = (self._column_of(cell, first_wide) for cell in cells)
            column = next((column for column in of_cells if column is not None), None)
            if column is not None:
                columns[name] = column
        others = (i for i, text in enumerate(sheet.headings) if text and i not in self._used)
        unused = tuple(UnusedColumn(sheet.headings[i], i) for i in others)
        specs = [
            spec.model_copy(
                update={"required": False, "heading": sheet.headings[columns[spec.name]]}
            )
            if spec.name in columns
            else spec.model_copy(update={"required": False})
            for spec in self._register.columns
        ]
        view = self._register.model_copy(update={"columns": tuple(specs)})
        layout = Layout(heading_row=sheet.heading_row, columns=columns, repeated={}, unused=unused)
        grid = sheet.grid
        if self._struck is not None:  # a person has decided what they mean
            grid = replace(grid, sheet=replace(grid.sheet, struck_rows=frozenset()))
        notes = list(sheet_notes(grid, layout, view, kinds, above))
        for heading, words in self._item.except_rows_where.items():
            used = UnusedColumn(heading, sheet.columns_of(heading)[0])
            notes += doubt_notes(grid, [used], kinds[RowKind.DATA], words)
        return notes

    def _left_out(self, kinds: RowsByKind, counted: Collection[int]) -> Iterator[str]:
        """Notes on rows with contents that are no records: a list without them reads as complete,
        so that whoever reads the report can see that nothing else was lost."""
        sheet, bands = self._sheet, self._sheet.band_of
        if sheet.across:  # the other notes on such rows are of sheets with rows alone
            examples = [sheet.grid.number(row) for row in kinds[RowKind.EXAMPLE]]
            predicates = LEFT_OUT[RowKind.EXAMPLE]
            yield from note(self._numbered(examples), len(examples), predicates)
        rows = [row for row in kinds[RowKind.DATA] if row not in counted and bands[row] != row]
        if rows:
            numbers = self._numbered([sheet.grid.number(row) for row in rows])
            yield f"Left out, as the mapping in office.yaml says: {numbers}."
        below = [
            sheet.whole.number(row)
            for row in range(len(sheet.grid.rows), len(sheet.whole.rows))
            if row not in counted and any(not is_blank(cell) for cell in sheet.whole.rows[row])
        ]
        if below:
            yield f"Below the end of the table and not read: {self._numbered(below)}."

    def _numbered(self, rows: Sequence[int]) -> str:
        """The rows by their numbers or, of a sheet read across, the columns by their letters."""
        if self._sheet.across:
            return column_words([column_letters(row) for row in rows])
        return row_numbers_text(rows)

    # Which rows are records ----------------------------------------------------------------------

    def _counted_rows(self, rows: Sequence[int]) -> tuple[list[int], tuple[EvidenceProblem, ...]]:
        """The rows of data that are records as far as no wide column decides, and a problem where a
        cell that decides cannot be read."""
        sheet, item = self._sheet, self._item
        struck = sheet.grid.sheet.struck_rows if self._struck == "left out" else ()
        counted = [
            row
            for row in rows
            if sheet.band_of[row] != row and sheet.grid.number(row) not in struck
        ]
        problems: list[EvidenceProblem] = []
        conditions = [(heading, words, True) for heading, words in item.only_rows_where.items()]
        conditions += [(heading, words, False) for heading, words in item.except_rows_where.items()]
        for heading, texts, kept in conditions:
            column, words = sheet.columns_of(heading)[0], OfficeWords(texts)
            faulty = [row for row in counted if (row, column) in sheet.grid.faults]
            if faulty:
                problems.append(self._undecided(heading, column, faulty))
            cells = cells_of([sheet.grid.rows[row] for row in counted], column)
            keys = distinct_keys(cells)
            named = {
                key: bool(words.matches(raw_text(cell)))
                for key, cell in dict(zip(keys, cells, strict=True)).items()
            }
            undecided = set(faulty)
            counted = [
                row
                for row, key in zip(counted, keys, strict=True)
                if named[key] == kept and row not in undecided
            ]
        return self._records(counted, None, self._for_all), tuple(problems)

    def _undecided(self, heading: str, column: int, rows: Sequence[int]) -> EvidenceProblem:
        """The problem of rows that may be records or not."""
        label = self._sheet.column_label(column)
        numbers = [self._sheet.grid.number(row) for row in rows]
        problem = self._where.problem(
            ProblemKind.CELL_UNREADABLE,
            "These cells decide whether their rows count, but show errors or contain formulas whose"
            " results are missing, so the rows were not counted. Correct the formulas, or open the"
            " workbook in Excel, save it and run the check again.",
            heading=heading,
        )
        return replace(problem, cells=cell_ranges(label, numbers), count=len(rows))

    def _records(
        self, rows: Sequence[int], wide: int | None, specs: Sequence[ColumnSpec]
    ) -> list[int]:
        """The rows that are records in a wide column: its cell is not blank, and no word in the
        columns of ``specs`` means that it is none."""
        sheet, rows = self._sheet, list(rows)
        if wide is not None:
            cells = cells_of([sheet.grid.rows[row] for row in rows], wide)
            faults = sheet.grid.faults
            rows = [
                row
                for row, cell in zip(rows, cells, strict=True)
                if not is_blank(cell) or (row, wide) in faults
            ]
        for spec in specs:
            words = self._words.get(spec.name)
            if words is None or NOT_DONE not in self._item.words[spec.name].values():
                continue
            own = self._own_cells(self._item.columns.get(spec.name, NOT_KEPT), _Section(rows, wide))
            keys = distinct_keys(own)
            undone = {
                key: words.meaning(raw_text(cell)) == NOT_DONE
                for key, cell in dict(zip(keys, own, strict=True)).items()
            }
            rows = [row for row, key in zip(rows, keys, strict=True) if not undone[key]]
        return rows

    # The cells of a column -----------------------------------------------------------------------

    def _column_of(self, cell: CellSource, wide: int | None) -> int | None:
        """The sheet's column from which a cell comes; None if one cell counts for several records
        (_placed)."""
        if isinstance(cell, str):
            return self._sheet.columns_of(cell)[0]
        if isinstance(cell, UnheadedColumn):
            return self._sheet.column_index(cell.column)
        return wide if isinstance(cell, WideCell) and cell.wide == "cell" else None

    def _placed(self, cell: CellSource, section: _Section, row: int) -> PlacedCell:
        """A cell that counts for several records, for the record of one row."""
        if isinstance(cell, BandCell):
            return self._sheet.band_above(row)
        if isinstance(cell, FixedCell):
            return self._sheet.fixed_cell(cell.cell)
        assert section.wide is not None
        return self._sheet.heading(section.wide)

    def _cells(self, cell: CellSource, section: _Section) -> list[RawValue]:
        """The cells from which a column comes, one for each record."""
        sheet, rows = self._sheet, section.rows
        column = self._column_of(cell, section.wide)
        if column is not None:
            return cells_of([sheet.grid.rows[row] for row in rows], column)
        if isinstance(cell, BandCell):
            return [sheet.band_above(row).value for row in rows]
        return [self._placed(cell, section, rows[0]).value] * len(rows) if rows else []

    def _own_cells(self, source: ColumnSource, section: _Section) -> list[RawValue]:
        """The cells of a column before a part is taken and words are replaced."""
        if isinstance(source, MatchedName):
            source = source.from_
        if isinstance(source, PartOfCell):
            source = source.from_
        if isinstance(source, Joined):
            return [joined_text(together) for together in self._together(source, section)]
        if isinstance(source, Constant):
            return [constant_text(source)] * len(section.rows)
        return self._cells(next(cells_of_source(source)), section)

    def _together(self, source: Joined, section: _Section) -> list[tuple[RawValue, ...]]:
        """The cells that are joined, for each record."""
        return list(zip(*(self._cells(cell, section) for cell in source.join), strict=True))

    def _worded_cells(
        self, name: str, source: ColumnSource, own: list[RawValue], section: _Section
    ) -> list[RawValue]:
        """The cells of a column with meanings in place of words; of the others the part that is
        taken. ``own`` itself if there is nothing to change."""
        words = self._words.get(name)
        rest: Change = unchanged
        if isinstance(source, PartOfCell):
            rest = partial(part_of_cell, part=source.part)
            if source.part == "first word" and self._register.says_what_counts(name):
                rest = counting_word
            source = source.from_
        if words is None:
            return own if rest is unchanged else changed(own, rest)
        if isinstance(source, Joined):
            return [words.joined(cells, rest) for cells in self._together(source, section)]
        return changed(own, partial(words.replaced, rest=rest))

    def _month_first_at(self, spec: ColumnSpec) -> str:
        """The address of a date with the month first in any of the wide columns, which give one
        column of the register; '' if there is none."""
        if spec.type != "day":
            return ""
        source, addresses = self._item.columns[spec.name], dict[str, str]()
        for section in self._sections:
            own = self._own_cells(source, section)
            cells = self._worded_cells(spec.name, source, own, section)
            text = month_first_text({cell for cell in cells if isinstance(cell, str)})
            if text is not None:
                place = self._place(spec, section)
                addresses.setdefault(text, f"{place.letters}{place.rows[cells.index(text)]}")
        return addresses[min(addresses)] if addresses else ""

    def _column(self, spec: ColumnSpec, section: _Section, month_first_at: str = "") -> TypedCells:
        """The typed cells of a column, each with the office's own text."""
        source, count = self._item.columns.get(spec.name, NOT_KEPT), len(section.rows)
        if source == NOT_KEPT:
            text, blank, state, _ = blank_read(spec)
            return TypedCells(
                spec.name, [text] * count, [blank] * count, bytearray([state]) * count
            )
        own = self._own_cells(source, section)
        whole = source.from_ if isinstance(source, MatchedName) else source
        cells = self._worded_cells(spec.name, whole, own, section)
        faults = self._faults(spec.name, section)
        place = self._place(spec, section)
        names = self._names(spec.name, own, cells)
        if names:
            cells = [
                found[0].key if (found := names.get(n)) and _is_one(found) else cell
                for n, cell in enumerate(cells)
            ]
        typed = type_cells(spec, cells, faults, self._date1904, place, month_first_at)
        if names:
            typed = self._without_unmatched(spec, typed, names, own)
        if cells is own:
            return typed
        raw = [raw_text(text) if shown else "" for text, shown in zip(own, typed.raw, strict=True)]
        for position in faults:
            raw[position] = typed.raw[position]
        return replace(typed, raw=raw)

    def _names(
        self, name: str, own: Sequence[RawValue], cells: Sequence[RawValue]
    ) -> dict[int, Sequence[ListRow]]:
        """The rows of the list that have each name of a column, by position; none for a cell that
        is blank, says nothing or has a word with a meaning, nor of a column with other cells."""
        rows, words = self._named.get(name), self._words.get(name)
        if rows is None:
            return {}
        found: dict[Hashable, Sequence[ListRow] | None] = {}
        names: dict[int, Sequence[ListRow]] = {}
        pairs = zip(distinct_keys(own), own, cells, strict=True)
        for position, (key, whole, cell) in enumerate(pairs):
            if key not in found:
                text = joined_text([cell])
                meant = words is not None and words.meaning(raw_text(whole)) is not None
                found[key] = None if meant or not text or says_nothing(text) else rows.rows(text)
            rows_of_name = found[key]
            if rows_of_name is not None:
                names[position] = rows_of_name
        return names

    def _without_unmatched(
        self,
        spec: ColumnSpec,
        typed: TypedCells,
        names: Mapping[int, Sequence[ListRow]],
        own: Sequence[RawValue],
    ) -> TypedCells:
        """The cells of a column whose names were looked up: a name on no row is the key of none,
        whatever it reads as, and one on several rows cannot be read."""
        value, state, unread = list(typed.value), bytearray(typed.state), dict(typed.unread)
        near = self._near_names[spec.name]
        for position, rows in names.items():
            if state[position] != CellState.READ or _is_one(rows):
                continue
            text = spaced_once(raw_text(own[position]))
            if not rows:
                value[position] = f"{NO_ROW}{normal_key(text)}"
                if text not in near and len(near) < _MOST_NEAR:
                    near[text] = rows_words(self._named[spec.name].near(text))
                continue
            value[position], state[position] = None, CellState.UNREADABLE
            unread[position] = _name_reason(spec, text, rows)
        return replace(typed, value=value, state=state, unread=dict(sorted(unread.items())))

    def _place(self, spec: ColumnSpec, section: _Section) -> ColumnPlace:
        label, heading = self._label_and_heading(spec.name, section, section.rows)
        numbers = [self._sheet.grid.number(row) for row in section.rows]
        return ColumnPlace(heading or spec.usual_heading, label, numbers, self._where.sheets)

    def _label_and_heading(
        self, name: str, section: _Section, rows: Sequence[int]
    ) -> tuple[str, str]:
        """The label of a column (evidence.raw_cells.cell_address) and its heading, of the first of
        several cells that is there; ('', '') if it is in no cell."""
        for cell in self._cells_of.get(name, ()):
            column = self._column_of(cell, section.wide)
            if column is not None:
                return self._sheet.column_label(column), self._sheet.headings[column]
            address = self._placed(cell, section, rows[0]).address if rows else ""
            if address:
                is_wide = isinstance(cell, WideCell) and section.wide is not None
                return address, self._sheet.headings[section.wide or 0] if is_wide else ""
        return "", ""

    def _faults(self, name: str, section: _Section) -> dict[int, Fault]:
        """The faults of a column's cells, by the positions of their rows."""
        sheet_faults = self._sheet.whole.faults
        faults: dict[int, Fault] = {}
        if not sheet_faults:  # as in nearly every sheet
            return faults
        for cell in self._cells_of.get(name, ()):
            column = self._column_of(cell, section.wide)
            for position, row in enumerate(section.rows):
                if column is not None:
                    fault = self._sheet.grid.faults.get((row, column))
                else:
                    fault = self._placed(cell, section, row).fault
                if fault is not None:
                    faults.setdefault(position, fault)
        return faults

    # Records -------------------------------------------------------------------------------------

    def _reading(
        self, section: _Section, columns: Mapping[str, TypedCells], positions: Sequence[int]
    ) -> SheetContents:
        """The records of a section that are at these positions of the columns."""
        register, grid = self._register, self._sheet.grid
        rows = [section.rows[position] for position in positions]
        numbers = [grid.number(row) for row in rows]
        placed = {name: self._label_and_heading(name, section, rows) for name in columns}
        labels = {name: label for name, (label, _) in placed.items() if label}
        split = self._item.wide is not None or self._banded
        source = Source(
            self._where.file,
            self._where.sheet,
            labels,
            {name: heading for name, (_, heading) in placed.items() if heading},
            ";".join(sorted(set(labels.values()))) if split else "",
            self._near_names,
        )
        part_columns: dict[str, Column] = {
            name: column.some_rows(positions) for name, column in columns.items()
        }
        if register.key and register.key not in source.letters:
            part_columns[register.key] = _made_keys(
                register, part_columns, len(numbers), self._texts
            )
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
        unknown = self._unknown(_Section(rows, section.wide))
        return SheetContents(SheetPart(source, numbers, part_columns, unknown), (), (), unread)

    def _reason(self, name: str, reason: UnreadReason) -> UnreadReason:
        """Why a cell of a column cannot be read: of the heading of a wide column, that the mapping
        does not say what it means."""
        if not any(cell == _WIDE_HEADING for cell in self._cells_of[name]):
            return reason
        column = self._register.column(name).usual_heading
        return reason._replace(
            message="The mapping in office.yaml does not say what this heading means in"
            f" '{column}'. Add it to the words of '{name}' there, or run dueregard map."
        )

    def _unknown(self, section: _Section) -> list[object]:
        """What cannot be known of each row: one with a formula whose result is not stored, in a
        column that is read, is equal to no other."""
        unstored = {
            row
            for name in self._cells_of
            for row, fault in self._faults(name, section).items()
            if fault == UNSTORED
        }
        return [object() if row in unstored else () for row in range(len(section.rows))]


_WIDE_HEADING = WideCell(wide="heading")
#: For so many unknown names of a column a similar name is looked for on the list.
_MOST_NEAR = 50


def _is_one(rows: Sequence[ListRow]) -> bool:
    """Whether these rows of a list, which have a name, leave no doubt which key it means."""
    return len(rows) == 1 and rows[0].key is not None


def _name_reason(spec: ColumnSpec, text: str, rows: Sequence[ListRow]) -> UnreadReason:
    """Why a name that several rows of a list have, or one row without a key, cannot be read."""
    shown = "The text in the cell" if spec.sensitive else quoted(text)
    places = rows_words(rows)
    if len(rows) == 1:
        predicate, what = "are names of rows without a reference", "which has no reference"
        instruction = "Enter the references of these rows."
    else:
        predicate, what = "are names of several rows", "so it is not clear which is meant"
        instruction = (
            "Enter the reference of the one that is meant, or give the name that meaning under"
            f" 'words' of '{spec.name}' in office.yaml."
        )
    fault = CellFault(
        ProblemKind.CELL_UNREADABLE, predicate, instruction, quotes=not spec.sensitive
    )
    return UnreadReason(fault, f"{shown} is the name of {places}, {what}. {instruction}", places)


def _some_typed(column: TypedCells, positions: Sequence[int]) -> TypedCells:
    """The cells at these positions of a column, in their order."""
    if len(positions) == len(column.raw):
        return column
    cells, unread = column.some_rows(positions), column.unread
    reasons = {new: unread[old] for new, old in enumerate(positions) if old in unread}
    return TypedCells(cells.name, cells.raw, cells.value, cells.state, reasons if unread else {})


class _CellTexts(dict[Cell, str]):
    """A text for each cell of a column, equal for cells that read the same alone."""

    def __missing__(self, cell: Cell) -> str:
        text = self[cell] = _framed(comparable_cell(*cell))
        return text


def _made_keys(
    register: RegisterSpec,
    columns: Mapping[str, Column],
    count: int,
    texts: Mapping[str, _CellTexts],
) -> TypedCells:
    """Keys for records without one, equal for equal records alone (evidence.sheets.equal_rows).
    They are in no cell, and no text is shown for them. ``texts`` are those of the cells so far, by
    column."""
    assert register.key is not None
    parts = []
    for name, known in texts.items():
        cells = zip(columns[name].raw, columns[name].value, columns[name].state, strict=True)
        parts.append(list(map(known.__getitem__, cells)))
    rows = map(",".join, zip(*parts, strict=True))
    keys = [f"row {hashlib.sha256(row.encode()).hexdigest()}" for row in rows]
    return TypedCells(register.key, [""] * count, keys, bytearray([CellState.READ]) * count)


def _framed(reading: Hashable) -> str:
    """A text that is equal for equal readings alone; sets in one order."""
    if isinstance(reading, tuple):
        return f"({','.join(map(_framed, reading))})"
    return repr(sorted(reading) if isinstance(reading, frozenset) else reading)
