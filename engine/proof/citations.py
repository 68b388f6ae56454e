"""Rows as reports show them: the place, and the cells that the rule reads."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import count as count_from
from itertools import islice
from types import MappingProxyType

from engine.assessment import ItemShown, RowLook
from engine.columns.arrays import AllColumns, all_columns
from engine.proof.cell_problems import CellProblems
from engine.proof.corrections import CellCorrections
from engine.proof.key_rows import KeyRows
from engine.proof.phrases import NEW
from evidence.cells.text import normal_key
from evidence.keys.ambiguous_keys import SharedKeys
from evidence.register import ColumnSpec
from evidence.table import Evidence, Table, Typed
from rules.condition import Condition, columns_of
from rules.model import Rulebook, Version
from rules.wording.office_names import OfficeNames


class CitedRows:
    """The rows of one table with certain of their cells, each row made once."""

    def __init__(
        self,
        table: Table,
        columns: tuple[str, ...],
        days: Sequence[Typed] | None,
        fingerprints: Sequence[str],
    ) -> None:
        """``days`` date the rows, if any do. ``fingerprints``: of each row; () where there are
        none."""
        self._row_of = table.row_of
        self._source_of = table.source_of
        links = (spec.name for spec in table.register.columns if spec.type == "link")
        written = (table.register.column(name).written_in for name in columns)
        columns = tuple(dict.fromkeys((*written, *links)))  # A link says where the evidence is.
        # For each source how its rows are shown, and the texts of each column (None: sensitive).
        self._looks: list[tuple[RowLook, list[Sequence[str] | None]]] = []
        for source in table.sources:
            names = tuple(name for name in columns if name in source.letters)
            letters = tuple(source.letters[name] for name in names)
            look = RowLook(
                source.file, source.sheet, table.register.id, letters, names, source.part
            )
            texts = [texts_shown(table, name) or None for name in names]
            self._looks.append((look, texts))
        self._days = days
        self._fingerprints = fingerprints
        self._keys = texts_shown(table, table.register.key)
        self._items: dict[int, ItemShown] = {}

    def row(self, row: int) -> ItemShown:
        """The row of that number in the table, from 0."""
        item = self._items.get(row)
        if item is None:
            look, columns = self._looks[self._source_of[row]]
            values = tuple([None if texts is None else texts[row] for texts in columns])
            day = self._days[row] if self._days is not None else None
            item = self._items[row] = ItemShown(
                look,
                self._row_of[row],
                day if isinstance(day, datetime.date) else None,
                values,
                self._fingerprints[row] if self._fingerprints else "",
                self._keys[row] if self._keys else "",
            )
        return item


class CitationCache:
    """Rows of the evidence as reports show them, and look-ups of keys, each made once. The rows
    have the fingerprints ``prints``, by register, if any."""

    def __init__(
        self, evidence: Evidence, prints: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> None:
        self._evidence = evidence
        self._prints = prints
        self._shown: dict[tuple[str, tuple[str, ...], tuple[str, ...]], CitedRows] = {}
        self._keys: dict[str, frozenset[Typed]] = {}
        self._shared = SharedKeys(evidence.tables)
        self._key_rows: dict[datetime.date, KeyRows] = {}
        self._counting: dict[object, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._office_rulebooks: dict[str, Rulebook] = {}

    def table(self, register: str) -> Table:
        """The table of a register."""
        return self._evidence.tables[register]

    @cached_property
    def problems(self) -> CellProblems:
        """What has to be corrected before cells can be read."""
        return CellProblems(self._evidence.problems)

    @cached_property
    def corrections(self) -> CellCorrections:
        """What has to be corrected before cells can be read, also those that the program fills."""
        return CellCorrections(self.table, self.problems)

    @cached_property
    def names(self) -> OfficeNames:
        """What the office calls its sheets and columns."""
        return OfficeNames(self._evidence.tables)

    def office_rulebook(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook with the office's own headings and names of sheets."""
        if rulebook.sha256 not in self._office_rulebooks:
            self._office_rulebooks[rulebook.sha256] = self.names.rulebook(rulebook)
        return self._office_rulebooks[rulebook.sha256]

    def new_keys(self, register: str, count: int) -> tuple[str, ...]:
        """This number of keys that no row of the register has."""
        keys = (f"{NEW}{number}" for number in count_from(1))
        return tuple(islice((key for key in keys if not self.has_key(register, key)), count))

    def has_key(self, register: str, key: Typed) -> bool:
        """Whether a row of the register has this key."""
        if register not in self._keys:
            table = self.table(register)
            column = table.register.key
            self._keys[register] = frozenset(table.columns[column].value if column else ())
        return key in self._keys[register]

    def columns(self, as_of: datetime.date) -> AllColumns:
        """The columns of every table on a day."""
        return self.key_rows(as_of).columns

    def key_rows(self, as_of: datetime.date) -> KeyRows:
        """The rows that keys name on a day."""
        if as_of not in self._key_rows:
            self._key_rows[as_of] = KeyRows(all_columns(self._evidence.tables, as_of))
        return self._key_rows[as_of]

    def counting(
        self, spec: ColumnSpec, where: tuple[Condition, ...], as_of: datetime.date
    ) -> tuple[str, ...]:
        """The keys, as they are written, of the rows that a column may name and that count on a
        day, the latest first; none that could name two rows."""
        return self._counting_keys(spec, where, as_of)[0]

    def counted(
        self, spec: ColumnSpec, where: tuple[Condition, ...], as_of: datetime.date
    ) -> frozenset[str]:
        """The same keys, as keys are compared."""
        return self._counting_keys(spec, where, as_of)[1]

    def _counting_keys(
        self, spec: ColumnSpec, where: tuple[Condition, ...], as_of: datetime.date
    ) -> tuple[tuple[str, ...], frozenset[str]]:
        cached = spec.named, where, as_of
        if cached not in self._counting:
            counting = self.key_rows(as_of).counting(spec, where)
            keys = tuple(key for key in counting if not self.names_two(spec, key))
            self._counting[cached] = keys, frozenset(map(normal_key, keys))
        return self._counting[cached]

    def names_two(self, spec: ColumnSpec, value: Typed) -> bool:
        """Whether this value, in a cell of that column, could name either of two rows."""
        return isinstance(value, str) and normal_key(value) in self._shared.of(spec)

    def shown(self, register: str, columns: tuple[str, ...], *dated: str) -> CitedRows:
        """The rows of a register with the cells of these columns. The latest of the days in the
        columns ``dated`` dates a row."""
        cached = (register, columns, dated)
        if cached not in self._shown:
            table = self.table(register)
            days = _latest([table.columns[name].value for name in dated if name in table.columns])
            self._shown[cached] = CitedRows(table, columns, days, self._prints.get(register, ()))
        return self._shown[cached]

    def listing_columns(self, version: Version, *, of_event: bool) -> tuple[str, ...]:
        """The columns of a listed row (an event's, or a subject's) that a version reads."""
        listing = version.events if of_event else version.population
        if listing is None:
            return ()
        named = version.evidence.named_by_subject if version.evidence and not of_event else None
        key = self._evidence.tables[listing.register].register.key
        names = (key, *listing.days, named, *columns_of(listing.asks))
        return tuple(dict.fromkeys(name for name in names if name))


def _latest(columns: Sequence[Sequence[Typed]]) -> Sequence[Typed] | None:
    """The latest day of each row in these columns; None where there is no column."""
    if len(columns) <= 1:
        return columns[0] if columns else None
    days = (
        [day for day in row if isinstance(day, datetime.date)] for row in zip(*columns, strict=True)
    )
    return [max(of_row, default=None) for of_row in days]


def texts_shown(table: Table, column: str | None) -> Sequence[str]:
    """The raw texts of a column; () where there is none, or it is sensitive."""
    if not column or table.register.column(column).sensitive:
        return ()
    return table.columns[column].raw
