"""The cells of one register, column by column (semantics.md, Words: register, item)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import TypeVar, cast

from evidence.register import ColumnSpec
from evidence.table import CellState, Column, Evidence, Table, Typed

T = TypeVar("T")
Truth = bool | None  # None: a cell that it depends on cannot be read
Keys = tuple[str, ...]

_SPOKEN = ("text", "key", "keys")  # column types in which capitals and spacing mean nothing


def normal(text: str) -> str:
    """Text as it is compared: stripped, single spaces, case folded."""
    return " ".join(text.split()).casefold()


class Memo:
    """Keeps what was worked out once, so that equal questions are worked out once only."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, object] = {}

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        """What ``answer`` gave when this question was first asked."""
        if question not in self._kept:
            self._kept[question] = answer()
        return cast("T", self._kept[question])


class Sheet(Memo):
    """One register's rows, counted from 0. A register without a table has none, and was not
    given; one that was given and not ``found`` cannot be read."""

    def __init__(self, sheets: Sheets, register: str, table: Table | None) -> None:
        super().__init__()
        self.sheets = sheets
        self.register = register
        self.as_of = sheets.as_of
        self.spec = None if table is None else table.register
        self.given = table is not None and table.given
        self.found = table is not None and table.found
        self.size = 0 if table is None else len(table)
        self._table = table

    def column(self, name: str) -> Column:
        """The cells of that column; where there is no such column, cells that cannot be read."""
        if self._table is not None and name in self._table.columns:
            return self._table.columns[name]
        return Column(name, [""] * self.size, [None] * self.size, [CellState.NO_COLUMN] * self.size)

    def column_spec(self, name: str) -> ColumnSpec | None:
        """How the register declares that column, if it does."""
        columns = self.spec.columns if self.spec else ()
        return next((each for each in columns if each.name == name), None)

    def spoken(self, name: str) -> bool:
        """Whether texts in that column are compared without capitals and spacing."""
        return self._type(name) in _SPOKEN

    def _type(self, name: str) -> str:
        spec = self.column_spec(name)
        return spec.type if spec else ""

    def states(self, name: str) -> Sequence[int]:
        """How each cell of that column was read."""
        return self.once(("states", name), lambda: list(self.column(name).state))

    def nothing(self, name: str, row: int) -> bool:
        """Whether that cell is blank where blank means nothing."""
        return self.states(name)[row] == CellState.NOTHING

    def days(self, name: str) -> Sequence[date | None]:
        """The day in each cell of that column; None where none was read."""
        return self.once(("days", name), lambda: self._days(name))

    def _days(self, name: str) -> list[date | None]:
        column = self.column(name)
        return [
            value if state == CellState.READ and isinstance(value, date) else None
            for value, state in zip(column.value, column.state, strict=True)
        ]

    def to_come(self, name: str) -> Sequence[bool]:
        """Whether each cell holds a day after the as-of date, in a column where such a day is no
        plan: what it dates has not happened."""
        spec = self.column_spec(name)
        if spec is None or spec.type != "day" or spec.planned:
            return [False] * self.size
        return [day is not None and day > self.as_of for day in self.days(name)]

    def cancelled(self, name: str | None) -> Sequence[Truth]:
        """Whether each row is marked as cancelled in that yes/no column; without one, none is."""
        if name is None:
            return [False] * self.size
        column = self.column(name)
        return [
            value is True
            if state == CellState.READ
            else (False if state == CellState.NOTHING else None)
            for value, state in zip(column.value, column.state, strict=True)
        ]

    def keys(self, name: str | None) -> Sequence[Keys]:
        """The keys, or codes, that each cell of that column names; () where none was read."""
        return self.once(("keys", name), lambda: self._keys(name))

    def _keys(self, name: str | None) -> list[Keys]:
        if name is None:
            return [()] * self.size
        column, text = self.column(name), self._type(name) == "text"
        return [
            _named(value, text=text) if state == CellState.READ else ()
            for value, state in zip(column.value, column.state, strict=True)
        ]

    def own_keys(self) -> Sequence[Keys]:
        """The key of each row: one, or none where it cannot be read."""
        return self.keys(self.spec.key if self.spec else None)

    def tie(self, row: int) -> Keys:
        """What orders items of one day: the raw text of every cell."""
        if self._table is None:
            return ()
        columns = self._table.columns
        return tuple(columns[each.name].raw[row] for each in self._table.register.columns)


class Sheets(Memo):
    """All registers of one check as of one day, and what was worked out from them."""

    def __init__(self, evidence: Evidence, as_of: date) -> None:
        super().__init__()
        self.as_of = as_of
        self._evidence = evidence

    @property
    def registers(self) -> Sequence[str]:
        """The registers that have a table."""
        return tuple(self._evidence.tables)

    @property
    def for_ever(self) -> Sheets:
        """The same registers on the last day of the calendar, when nothing is still to come."""
        return self.once("for ever", lambda: Sheets(self._evidence, date.max))

    def of(self, register: str) -> Sheet:
        """The rows of that register."""
        table = self._evidence.tables.get(register)
        return self.once(("sheet", register), lambda: Sheet(self, register, table))


def _named(value: Typed, *, text: bool) -> Keys:
    """The names in a cell; keys are normal already, text is not."""
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    return (normal(str(value)) if text else str(value),)
