"""The rows that keys name, one at a time: which of them count and, in words, why the others do not
(semantics.md, Evidence: A key is filled)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import TRUE, Truth, all_of, one
from engine.columns.named_rows import counting_rows, names_rows
from engine.proof.phrases import day_words
from evidence.cells.text import listed, normal_key, quoted
from evidence.register import ColumnSpec, DayOf, RegisterSpec
from evidence.table import CellState
from rules.condition import Ask, Condition
from rules.wording.words import ask_told

Where = tuple[Condition, ...]


def key_asks(columns: Columns, asks: Sequence[Ask]) -> tuple[Condition, ...]:
    """Those of the conditions, alternatives included, by which a cell has to name a row, or one of
    a certain day."""
    single = (each for ask in asks for each in ask.alternatives)
    register = columns.table.register
    return tuple(
        each
        for each in single
        if (each.filled and names_rows(register.column(each.column))) or day_of(register, each)
    )


def day_of(register: RegisterSpec, condition: Condition) -> DayOf | None:
    """How the day follows that a condition is on, where it is the day of a row that a key names."""
    names = (condition.column, condition.on_or_before)
    found = (register.column(name).day_of for name in names if name)
    return next((each for each in found if each), None)


def naming_column(register: RegisterSpec, condition: Condition) -> str:
    """The column of the key on which such a condition rests."""
    of = day_of(register, condition)
    return of.key if of else condition.column


def naming_cells(columns: Columns, key: str) -> Iterator[str]:
    """The cells of other registers that name a row of this one by its key, in words: ``row 4 of
    Minutes``, with the column. Not those of control sheets, nor of rows dated after D."""
    own = columns.table.register.id
    for name, other in columns.others.items():
        register = other.table.register
        specs = [] if name == own or register.control else register.columns
        for spec in (each for each in specs if names_rows(each) and own in each.named):
            days = _days(other)
            for row, value in enumerate(other.values(spec.name)):
                names = value == key or (isinstance(value, frozenset) and key in value)
                if names and days[row] <= columns.as_of:
                    place = other.table.place(row)
                    yield f"row {place.row} of {place.sheet} ('{spec.name}')"


class KeyRows:
    """Looks up the rows that keys name in the columns of all tables, as they stand on D."""

    def __init__(self, columns: AllColumns) -> None:
        self._columns = columns
        self._rows: dict[str, dict[str, list[int]]] = {}
        self._latest: dict[tuple[tuple[str, ...], Where], tuple[str, ...]] = {}
        self._whys: dict[tuple[tuple[str, ...], Where, str], str] = {}
        self._truths: dict[tuple[str, Condition], Truth] = {}

    def named(self, spec: ColumnSpec, key: str) -> Iterator[tuple[Columns, int]]:
        """The rows that have this key in the registers that a column may name."""
        for register in spec.named:
            if register in self._columns:
                columns = self._columns[register]
                yield from ((columns, row) for row in self._of(columns).get(key, ()))

    def _of(self, columns: Columns) -> dict[str, list[int]]:
        register = columns.table.register
        if register.id not in self._rows:
            found: dict[str, list[int]] = {}
            for row, key in enumerate(columns.values(register.key) if register.key else ()):
                if isinstance(key, str):
                    found.setdefault(key, []).append(row)
            self._rows[register.id] = found
        return self._rows[register.id]

    # Which count --------------------------------------------------------------------------------

    def counting(self, spec: ColumnSpec, where: Where) -> tuple[str, ...]:
        """The keys, as they are written, of the rows that a column may name and that count, the
        latest first."""
        at = spec.named, where
        if at not in self._latest:
            found = [
                (int(days[row]), columns.table.columns[columns.table.register.key or ""].raw[row])
                for columns in (self._columns[name] for name in spec.named if name in self._columns)
                for days in (_days(columns),)
                for row in np.flatnonzero(counting_rows(columns, where, all_of)).tolist()
            ]
            self._latest[at] = tuple(key for _, key in sorted(found, reverse=True))
        return self._latest[at]

    # Why not ------------------------------------------------------------------------------------

    def why_not(self, columns: Columns, row: int, condition: Condition) -> str:
        """Which row the cell of ``row`` names, and why that does not count: ``'SG-9' is not listed
        in Meetings``; or why its day does not fit. '' where it names none, or one that counts."""
        register = columns.table.register
        spec = register.column(naming_column(register, condition))
        value = columns.values(spec.name)[row]
        keys = sorted(value) if isinstance(value, frozenset) else [value]
        said = [
            (key, self.why_key(spec, key, condition.where)) for key in keys if isinstance(key, str)
        ]
        of = day_of(register, condition)
        if of is not None:
            said = [
                (key, why or self._of_another_day(columns, row, condition)) for key, why in said
            ]
        if not said or not all(why for _, why in said):
            return ""
        raw = columns.table.columns[spec.name].raw[row]
        written = {normal_key(part): part.strip() for part in raw.split(";")}
        return listed([f"{_shown(spec, written.get(key, key))} {why}" for key, why in said])

    def _of_another_day(self, columns: Columns, row: int, condition: Condition) -> str:
        """That the row that is named is of a day that does not fit; '' where it does."""
        register = columns.table.register
        at = register.id, condition
        if at not in self._truths:
            self._truths[at] = one(columns, condition)
        if self._truths[at][row] == TRUE:
            return ""
        names = (condition.column, condition.on_or_before or "")
        (name, *_) = (each for each in names if each and register.column(each).day_of)
        if not columns.read(name)[row]:
            return ""
        day = day_words(int(columns.days(name)[row]))
        return f"is of {day}, and the rule asks that {ask_told(condition)}"

    def why_key(self, spec: ColumnSpec, key: str, where: Where) -> str:
        """Why no row of that key counts; '' where one does. Looked up once for each key."""
        at = spec.named, where, key
        if at not in self._whys:
            self._whys[at] = self._looked_up(spec, key, where)
        return self._whys[at]

    def _looked_up(self, spec: ColumnSpec, key: str, where: Where) -> str:
        whys = [self._of_row(columns, row, where) for columns, row in self.named(spec, key)]
        if whys:
            return min(whys)
        there = (self._columns[name].table.register for name in spec.named if name in self._columns)
        return f"is not listed in {listed([each.title for each in there], 'or')}"

    def _of_row(self, columns: Columns, row: int, where: Where) -> str:
        register = columns.table.register
        if register.cancelled and columns.values(register.cancelled)[row] is not False:
            if columns.values(register.cancelled)[row] is True:
                return "was cancelled"
            if columns.state(register.cancelled)[row] != CellState.NOTHING:
                return f"cannot be read in '{register.cancelled}'"
        dated = register.dated_by
        if dated and not columns.read(dated)[row]:
            blank = columns.state(dated)[row] in (CellState.NOTHING, CellState.BLANK)
            return f"has no day in '{dated}'" if blank else f"cannot be read in '{dated}'"
        if dated and columns.days(dated)[row] > columns.as_of:
            day = day_words(int(columns.days(dated)[row]))
            return f"is dated {day}, after the day of the check"
        lacking = (each for each in where if one(columns, each)[row] != TRUE)
        first = next(lacking, None)
        return self._lacks(columns, row, first) if first else ""

    def _lacks(self, columns: Columns, row: int, condition: Condition) -> str:
        spec = columns.table.register.column(condition.column)
        state, raw = columns.state(spec.name)[row], columns.table.columns[spec.name].raw[row]
        if condition.filled and names_rows(spec):
            further = self.why_not(columns, row, condition)
            if further:
                return f"names in '{spec.name}' a row that does not count: {further}"
        if state in (CellState.NOTHING, CellState.BLANK):
            return f"has nothing in '{spec.name}', and the rule asks that {ask_told(condition)}"
        if state != CellState.READ:
            return f"cannot be read in '{spec.name}'"
        says = "something else" if spec.sensitive else quoted(raw)
        return f"has {says} in '{spec.name}', and the rule asks that {ask_told(condition)}"


def _shown(spec: ColumnSpec, key: str) -> str:
    return "the row named there" if spec.sensitive else quoted(key)


def _days(columns: Columns) -> Sequence[int]:
    dated = columns.table.register.dated_by
    return columns.days(dated).tolist() if dated else [0] * len(columns)
