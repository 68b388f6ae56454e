"""Items as reports show them: the place, and the cells that the rule reads."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count as count_from
from itertools import islice

from engine.assessment import ItemShown, RowLook
from engine.columns.arrays import AllColumns, all_columns
from engine.fingerprint import printer
from engine.outcome import ItemRef
from engine.proof.cell_problems import CellProblems
from engine.proof.key_rows import KeyRows
from evidence.cells.text import normal_key, sheet_told
from evidence.links.ambiguous_keys import SharedKeys
from evidence.register import ColumnSpec
from evidence.table import Evidence, Table, Typed
from rules.condition import Condition, columns_of
from rules.model import Version

#: How the rows of a source are shown, and the raw texts of each column (None: it is sensitive).
_Look = tuple[RowLook, Sequence[Sequence[str] | None]]

#: Which rows are asked for that keys may name: of which registers, under which conditions, on D.
_Asked = tuple[tuple[str, ...], tuple[Condition, ...], datetime.date]


#: How the key of a row begins that is proposed.
NEW = "new-"


class CitedRows:
    """The rows of one table, shown with certain of their cells, each made once."""

    def __init__(
        self,
        table: Table,
        looks: Sequence[_Look],
        days: Sequence[Typed] | None,
        print_: Callable[[int], str],
    ) -> None:
        """``looks`` has one for each source, ``days`` the day that dates each row if any does, and
        ``print_`` gives each row its fingerprint."""
        self._table = table
        self._looks = looks
        self._days = days
        self._print = print_
        self._keys = _keys_shown(table)
        self._made: dict[int, ItemShown] = {}

    def row(self, at: int) -> ItemShown:
        """The row of that number in the table."""
        found = self._made.get(at)
        if found is None:
            look, columns = self._looks[self._table.source_of[at]]
            values = tuple([None if raw is None else raw[at] for raw in columns])
            day = self._days[at] if self._days is not None else None
            date = day if isinstance(day, datetime.date) else None
            key, number = self._keys[at] if self._keys else "", self._table.row_of[at]
            found = ItemShown(look, number, date, values, self._print(at), key)
            self._made[at] = found
        return found


class CitationCache:
    """Items shown, each made once; with fingerprints where there is a ``key`` for them."""

    def __init__(self, evidence: Evidence, key: bytes | None = None) -> None:
        self._evidence = evidence
        self._key = key
        self._shown: dict[tuple[str, tuple[str, ...], tuple[str, ...]], CitedRows] = {}
        self._keys: dict[str, frozenset[Typed]] = {}
        self._printers: dict[str, Callable[[int], str]] = {}
        self._shared = SharedKeys(evidence.tables)
        self._columns: dict[datetime.date, AllColumns] = {}
        self._named: dict[datetime.date, KeyRows] = {}
        self._counting: dict[_Asked, tuple[str, ...]] = {}
        self._counted: dict[_Asked, frozenset[str]] = {}

    def table(self, register: str) -> Table:
        """The table of a register."""
        return self._evidence.tables[register]

    @cached_property
    def problems(self) -> CellProblems:
        """What has to be corrected before cells can be read."""
        return CellProblems(self._evidence.problems)

    def new_keys(self, register: str, count: int) -> tuple[str, ...]:
        """So many keys that no row of the register has."""
        there = self._all_keys(register)
        free = (f"{NEW}{at}" for at in count_from(1) if f"{NEW}{at}" not in there)
        return tuple(islice(free, count))

    def _all_keys(self, register: str) -> frozenset[Typed]:
        if register not in self._keys:
            table = self.table(register)
            key = table.register.key
            self._keys[register] = frozenset(table.columns[key].value if key else ())
        return self._keys[register]

    def columns(self, as_of: datetime.date) -> AllColumns:
        """The columns of every table, as they stand on a day."""
        if as_of not in self._columns:
            self._columns[as_of] = all_columns(self._evidence.tables, as_of)
        return self._columns[as_of]

    def key_rows(self, as_of: datetime.date) -> KeyRows:
        """The look-up of rows that keys name, as they stand on a day."""
        if as_of not in self._named:
            self._named[as_of] = KeyRows(self.columns(as_of))
        return self._named[as_of]

    def counting(
        self, spec: ColumnSpec, where: tuple[Condition, ...], as_of: datetime.date
    ) -> tuple[str, ...]:
        """The keys, as they are written, of the rows that a column may name and that count on a
        day, the latest first; none that could name two rows."""
        at = spec.named, where, as_of
        if at not in self._counting:
            found = self.key_rows(as_of).counting(spec, where)
            self._counting[at] = tuple(key for key in found if not self.names_two(spec, key))
        return self._counting[at]

    def counted(
        self, spec: ColumnSpec, where: tuple[Condition, ...], as_of: datetime.date
    ) -> frozenset[str]:
        """The same keys, as keys are compared."""
        at = spec.named, where, as_of
        if at not in self._counted:
            self._counted[at] = frozenset(map(normal_key, self.counting(spec, where, as_of)))
        return self._counted[at]

    def has_key(self, register: str, key: Typed) -> bool:
        """Whether a row of the register has this key."""
        return key in self._all_keys(register)

    def names_two(self, spec: ColumnSpec, value: Typed) -> bool:
        """Whether this value, in a cell of that column, could name either of two rows."""
        return isinstance(value, str) and normal_key(value) in self._shared.of(spec)

    def item(self, ref: ItemRef, columns: tuple[str, ...], *dated: str) -> ItemShown:
        """The item with the cells of these columns; the latest of the days in the columns
        ``dated`` dates it."""
        return self.shown(ref.register, columns, *dated).row(ref.row)

    def shown(self, register: str, columns: tuple[str, ...], *dated: str) -> CitedRows:
        """The rows of a register with the cells of these columns; ``dated`` as in ``item``."""
        key = (register, columns, dated)
        if key not in self._shown:
            table = self.table(register)
            looks = [self._look(table, source, columns) for source in range(len(table.sources))]
            days = _latest([table.columns[name].value for name in dated if name in table.columns])
            self._shown[key] = CitedRows(table, looks, days, self._printer(register))
        return self._shown[key]

    def listing_columns(self, version: Version, *, of_event: bool) -> tuple[str, ...]:
        """The columns of a listed row (an event's, or a subject's) that a version reads."""
        listing = version.events if of_event else version.population
        if listing is None:
            return ()
        named = version.evidence.named_by_subject if version.evidence and not of_event else None
        key = self._evidence.tables[listing.register].register.key
        names = (key, *listing.days, named, *columns_of(listing.asks))
        return tuple(dict.fromkeys(name for name in names if name))

    def _look(self, table: Table, at: int, columns: tuple[str, ...]) -> _Look:
        """How these columns of a source are shown: those that it has, in their order."""
        source = table.sources[at]
        there = tuple(name for name in columns if name in source.letters)
        letters = tuple(source.letters[name] for name in there)
        sensitive = {spec.name for spec in table.register.columns if spec.sensitive}
        texts = [None if name in sensitive else table.columns[name].raw for name in there]
        return RowLook(source.file, source.sheet, table.register.id, letters, there), texts

    def _printer(self, register: str) -> Callable[[int], str]:
        if register not in self._printers:
            key = self._key
            self._printers[register] = _none if key is None else printer(self.table(register), key)
        return self._printers[register]


def sheet_of(table: Table) -> str:
    """What a person calls the sheet of a register: by its own name, where one was given."""
    own = table.sources[0].sheet if table.sources else ""
    return sheet_told(own or table.register.title)


def _latest(columns: Sequence[Sequence[Typed]]) -> Sequence[Typed] | None:
    """The latest day of each row in these columns; None where there is no column."""
    if len(columns) <= 1:
        return columns[0] if columns else None
    days = (
        [each for each in row if isinstance(each, datetime.date)]
        for row in zip(*columns, strict=True)
    )
    return [max(day, default=None) for day in days]


def _keys_shown(table: Table) -> Sequence[str]:
    """The keys of a table's rows; none where their column is sensitive."""
    key = table.register.key
    return table.columns[key].raw if key and not table.register.column(key).sensitive else ()


def _none(_: int) -> str:
    """The fingerprint of a row where there is no key."""
    return ""
