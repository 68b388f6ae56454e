"""The rows that keys name: which of them count and, in words, why the others do not
(semantics.md: Evidence)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import TRUE, any_of, counting_rows
from engine.proof.phrases import condition_words, day_words
from evidence.cells.text import listed, normal_key, quoted, with_digits
from evidence.register import ColumnSpec, RegisterSpec
from evidence.table import NO_ROW, READ_OR_NOTHING, CellState, Table
from rules.condition import Ask, Condition, conditions_of

RowConditions = tuple[Condition, ...]

#: Why a cell that contains the name of somebody names no row.
A_NAME_IS_THERE = "a name is there, where the reference of the person is needed"

_NOT_ON = "is not on the "

_SILENT = (CellState.NOTHING, CellState.BLANK)


def key_asks(columns: Columns, asks: Sequence[Ask]) -> tuple[Condition, ...]:
    """The conditions that a cell names a row, or a row of a certain day; alternatives are
    included."""
    register = columns.table.register
    return tuple(ask for ask in conditions_of(asks) if key_column(register, ask))


def key_column(register: RegisterSpec, condition: Condition) -> str:
    """The column with the key by which a condition is met: the key has to name a row, or a row of a
    fitting day. '' for other conditions."""
    names = (condition.column, condition.on_or_before)
    for spec in (register.column(name) for name in names if name):
        if spec.day_of:
            return spec.day_of.key
    names_a_row = condition.filled and register.column(condition.column).names_rows
    return condition.column if names_a_row else ""


def naming_cells(columns: Columns, key: str) -> Iterator[str]:
    """The cells of other registers that name a row of this one by its key, in words: ``row 4 of
    Minutes ('Meeting')``. Control sheets and rows dated after D are left out."""
    own = columns.table.register.id
    for name, other in columns.others.items():
        register = other.table.register
        specs = [] if name == own or register.control else register.columns
        for spec in (spec for spec in specs if spec.names_rows and own in spec.named):
            days = _days(other)
            for row, value in enumerate(other.values(spec.name)):
                names = value == key or (isinstance(value, frozenset) and key in value)
                if names and days[row] <= columns.as_of_day:
                    heading = other.table.heading(row, spec.name)
                    yield f"{other.table.place(row).row_words} ('{heading}')"


class KeyRows:
    """The rows that keys name in the ``columns`` of all tables, on D."""

    def __init__(self, columns: AllColumns) -> None:
        self.columns = columns
        self._rows: dict[str, dict[str, list[int]]] = {}
        self._people: dict[str, Collection[str]] = {}
        self._without_key: dict[tuple[str, ...], str] = {}
        self._whys: dict[tuple[tuple[str, ...], RowConditions, str], str] = {}

    def _named(self, spec: ColumnSpec) -> list[Columns]:
        """The columns of the registers that a column may name."""
        return [self.columns[name] for name in spec.named if name in self.columns]

    def counting(self, spec: ColumnSpec, where: RowConditions) -> tuple[str, ...]:
        """The keys, as they are written, of the rows that a column may name and that count, the
        latest first."""
        dated: list[tuple[int, str]] = []
        for columns in self._named(spec):
            key, days = columns.table.register.key, _days(columns)
            keys = columns.table.columns[key].raw if key else ()
            rows = np.flatnonzero(counting_rows(columns, where)).tolist()
            dated += [(days[row], keys[row]) for row in rows]
        return tuple(key for _, key in sorted(dated, reverse=True))

    def unread(
        self, columns: Columns, row: int, condition: Condition
    ) -> Iterator[tuple[Table, int, str]]:
        """The cells that keep the rows from counting that the cell of ``row`` names: each by its
        table, row and column, where that cell cannot be read, or should have a date."""
        spec = columns.table.register.column(
            key_column(columns.table.register, condition) or condition.column
        )
        value = columns.values(spec.name)[row]
        for key in sorted(value) if isinstance(value, frozenset) else [value]:
            for other in self._named(spec) if isinstance(key, str) else ():
                for named in self._index(other).get(key, ()):
                    yield from self._unread_in(other, named, condition.where)

    def _unread_in(
        self, columns: Columns, row: int, where: RowConditions
    ) -> Iterator[tuple[Table, int, str]]:
        register = columns.table.register
        own = [register.cancelled] if register.cancelled else []
        if register.dated_by and not columns.read(register.dated_by)[row]:
            yield columns.table, row, register.dated_by
        doubtful = [ask for ask in where if any_of(columns, ask)[row] != TRUE]
        for name in (*own, *(ask.column for ask in doubtful)):
            if columns.state(name)[row] not in (CellState.READ, *_SILENT):
                yield columns.table, row, name
        for ask in doubtful:
            if ask.filled and register.column(ask.column).names_rows:
                yield from self.unread(columns, row, ask)

    # Why not ------------------------------------------------------------------------------------

    def why_not(self, columns: Columns, row: int, condition: Condition) -> str:
        """The row that the cell of ``row`` names, and why that row does not count, or why its day
        does not fit: ``'SG-9' is not on the Meetings sheet``. '' if the cell names no row, or one
        that counts."""
        register = columns.table.register
        spec = register.column(key_column(register, condition) or condition.column)
        value = columns.values(spec.name)[row]
        keys = sorted(value) if isinstance(value, frozenset) else [value]
        whys: dict[str, str] = {}
        for key in keys:
            if isinstance(key, str):
                why = self.why_no_row(spec, key, condition.where)
                if why.startswith(_NOT_ON) and self.is_name(spec, key):
                    return A_NAME_IS_THERE
                whys[key] = why or _why_day(columns, row, condition)
        if not all(whys.values()):
            return ""
        raw = columns.table.columns[spec.name].raw[row]
        written = {normal_key(part): quoted(part.strip()) for part in raw.split(";")}
        hidden = "the row named there" if spec.sensitive else ""
        shown_keys = {key: key.removeprefix(NO_ROW) for key in whys}
        near = columns.table.nearest_name(row, spec.name)
        nearest = f" (the nearest name is in {near})" if near else ""
        return listed(
            [
                f"{hidden or written.get(shown_keys[key]) or quoted(shown_keys[key])} {why}"
                f"{nearest or self._typing_error(spec, raw, key, why)}"
                for key, why in whys.items()
            ]
        )

    def _typing_error(self, spec: ColumnSpec, raw: str, key: str, why: str) -> str:
        """That a key which is not listed may have a letter for a digit; '' for nothing."""
        of_key = (part.strip() for part in raw.split(";") if normal_key(part) == key)
        if spec.sensitive or not why.startswith(_NOT_ON):
            return ""
        digits, which = self.with_digits(spec, next(of_key, ""))
        if not digits:
            return ""
        if self._is_listed(spec, digits):
            return f", but {quoted(digits)} is, with {which}"
        return f", nor is {quoted(digits)}"

    def with_digits(self, spec: ColumnSpec, written: str) -> tuple[str, str]:
        """What a key would be with digits for letters, as far as a column may name it
        (evidence.cells.text)."""
        return with_digits(written, lambda key: self._is_listed(spec, key))

    def _is_listed(self, spec: ColumnSpec, key: str) -> bool:
        return any(normal_key(key) in self._index(columns) for columns in self._named(spec))

    def without_key(self, spec: ColumnSpec) -> str:
        """The sentence on the only row without a key that a column may name; '' for none. The rows
        are gone through once."""
        if spec.named not in self._without_key:
            lists = [columns.table for columns in self._named(spec)]
            self._without_key[spec.named] = row_without_key(lists)
        return self._without_key[spec.named]

    def is_name(self, spec: ColumnSpec, key: str) -> bool:
        """Whether a key is the name of somebody on the lists of people that a column may name."""
        return any(key in self._people_of(columns.table) for columns in self._named(spec))

    def _people_of(self, table: Table) -> Collection[str]:
        """The names of the people on a list; of each list they are worked out once."""
        if table.register.id not in self._people:
            self._people[table.register.id] = names_of_people(table)
        return self._people[table.register.id]

    def why_no_row(self, spec: ColumnSpec, key: str, where: RowConditions) -> str:
        """Why no row with that key counts: ``is not on the Meetings sheet``; '' if one does. Each
        key is looked up once."""
        cached = spec.named, where, key
        if cached not in self._whys:
            registers = self._named(spec)
            whys = [
                self._why_row(columns, row, where)
                for columns in registers
                for row in self._index(columns).get(key, ())
            ]
            sheets = listed([register.table.title for register in registers], "or")
            self._whys[cached] = min(whys, default=f"{_NOT_ON}{sheets} sheet")
        return self._whys[cached]

    def _index(self, columns: Columns) -> dict[str, list[int]]:
        """The rows of a register by their keys."""
        register = columns.table.register.id
        if register not in self._rows:
            self._rows[register] = columns.table.rows_by_key()
        return self._rows[register]

    def _why_row(self, columns: Columns, row: int, where: RowConditions) -> str:
        """Why a row does not count: ``was cancelled``; '' if it does."""
        register = columns.table.register
        if register.cancelled and columns.values(register.cancelled)[row] is True:
            return "was cancelled"
        if register.cancelled and columns.state(register.cancelled)[row] not in READ_OR_NOTHING:
            return _until_corrected(columns.table, row, register.cancelled)
        dated = register.dated_by
        if dated and not columns.read(dated)[row]:
            if columns.state(dated)[row] not in _SILENT:
                return _until_corrected(columns.table, row, dated)
            return f"has no date in '{columns.table.heading(row, dated)}'"
        if dated and columns.days(dated)[row] > columns.as_of_day:
            day = day_words(int(columns.days(dated)[row]))
            return f"is dated {day}, after the day of the check"
        lacking = next((ask for ask in where if any_of(columns, ask)[row] != TRUE), None)
        return self._why_condition(columns, row, lacking) if lacking else ""

    def _why_condition(self, columns: Columns, row: int, condition: Condition) -> str:
        """How a row fails a condition: ``has 'board' in 'body', but the rule requires that …``."""
        spec = columns.table.register.column(condition.column)
        state = columns.state(spec.name)[row]
        raw = columns.table.columns[spec.name].raw[row]
        heading = columns.table.heading(row, spec.name)
        if condition.filled and spec.names_rows:
            further = self.why_not(columns, row, condition)
            if further:
                return f"names in '{heading}' a row that does not count: {further}"
        if state != CellState.READ and state not in _SILENT:
            return _until_corrected(columns.table, row, spec.name)
        says = "something else" if spec.sensitive else quoted(raw)
        says = "nothing" if state in _SILENT else says
        required = condition_words(columns, condition)
        return f"has {says} in '{heading}', but the rule requires that {required}"


def _until_corrected(table: Table, row: int, column: str) -> str:
    """That a named row does not count because one of its cells cannot be read."""
    place = table.place(row, column)
    if not place.cell:
        return f"cannot be used, because its sheet has no column '{table.heading(row, column)}'"
    return f"cannot be used until {place.cell} of {place.sheet} is corrected"


def names_of_people(table: Table) -> Collection[str]:
    """The names of the people in a list whose keys are personal, as keys are compared."""
    register = table.register
    if not (register.has_personal_keys and register.label):
        return ()
    return set(map(normal_key, table.columns[register.label].raw)) - {""}


def row_without_key(lists: Sequence[Table]) -> str:
    """If exactly one row of the lists has no key, the sentence that it may be meant: `` If row 4,
    whose 'ref' is blank, is meant, fill in A4 of People.``; otherwise ''."""
    blank = [
        (table, row)
        for table in lists
        for row, state in enumerate(table.columns[table.register.key or ""].state)
        if state in (CellState.BLANK, CellState.NOTHING)
    ]
    if len(blank) != 1:
        return ""
    ((table, row),) = blank
    place = table.place(row, table.register.key)
    heading = table.heading(row, table.register.key or "")
    enter = f"fill in {place.cell} of {place.sheet}" if place.cell else "enter the reference there"
    where = f"row {place.row}" if len(lists) == 1 else place.row_words
    return f" If {where}, whose '{heading}' is blank, is meant, {enter}."


def _why_day(columns: Columns, row: int, condition: Condition) -> str:
    """Why the day of the named row does not fit: ``is dated 3 May 2025, but …``; '' if it fits, or
    if no row is named."""
    register = columns.table.register
    names = [name for name in (condition.column, condition.on_or_before) if name]
    name = next((name for name in names if register.column(name).day_of), None)
    if name is None or any_of(columns, condition)[row] == TRUE or not columns.read(name)[row]:
        return ""
    day = day_words(int(columns.days(name)[row]))
    return f"is dated {day}, but the rule requires that {condition_words(columns, condition)}"


def _days(columns: Columns) -> Sequence[int]:
    dated = columns.table.register.dated_by
    return columns.days(dated).tolist() if dated else [0] * len(columns)
