"""The cells of one register, column by column (semantics.md: Words)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import TypeVar, cast

from evidence.register import RegisterSpec
from evidence.table import CellState, Column, Evidence, Table, Typed

T = TypeVar("T")
Truth = bool | None  # None: a cell that it depends on cannot be read
Keys = tuple[str, ...]

_WITHOUT_CASE = ("text", "key", "keys")  # column types in which capitals and spacing mean nothing


def normal(text: str) -> str:
    """Text as it is compared: stripped, single spaces, case folded."""
    return " ".join(text.split()).casefold()


class Memo:
    """Results by their keys, each worked out once."""

    def __init__(self) -> None:
        self._results: dict[Hashable, object] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result of ``make`` when this key was first used."""
        if key not in self._results:
            self._results[key] = make()
        return cast("T", self._results[key])


class Sheet(Memo):
    """One register's rows, counted from 0."""

    def __init__(self, sheets: Sheets, table: Table) -> None:
        super().__init__()
        self.sheets = sheets
        self.as_of = sheets.as_of
        self.table = table
        self.spec = table.register
        self.specs = {column.name: column for column in self.spec.columns}
        self.size = len(table)

    def column(self, name: str) -> Column:
        """The cells of that column; where there is no such column, cells that cannot be read."""
        if name in self.table.columns:
            return self.table.columns[name]
        return Column(name, [""] * self.size, [None] * self.size, [CellState.NO_COLUMN] * self.size)

    def ignores_case(self, name: str) -> bool:
        """Whether texts in that column are compared without capitals and spacing."""
        return name in self.specs and self.specs[name].type in _WITHOUT_CASE

    def is_nothing(self, name: str, row: int) -> bool:
        """Whether that cell is blank where blank means nothing."""
        return self.column(name).state[row] == CellState.NOTHING

    def days(self, name: str | None) -> Sequence[date | None]:
        """The day in each cell of that column; None where none was read."""
        if name in self.specs and self.specs[name].type == "day":
            return cast("Sequence[date | None]", self.column(name).value)
        return [None] * self.size

    def keys(self, name: str | None) -> Sequence[Keys]:
        """The keys, or codes, that each cell of that column names; () where none was read."""
        if self.sheets.for_ever is not self.sheets:  # the same on each day
            return self.sheets.for_ever.of(self.spec.id).keys(name)
        return self.once(("keys", name), lambda: self._keys(name or ""))

    def _keys(self, name: str) -> list[Keys]:
        text = name in self.specs and self.specs[name].type == "text"
        values = self.column(name).value
        return [() if value is None else _named(value, text=text) for value in values]

    def tie(self, row: int) -> Keys:
        """The raw text of every cell, which orders items of one day."""
        return tuple(self.table.columns[name].raw[row] for name in self.specs)


class Sheets(Memo):
    """All registers of one check as of one day, and results that were worked out from them."""

    def __init__(self, evidence: Evidence, as_of: date, for_ever: Sheets | None = None) -> None:
        """``for_ever``: the same registers on the last day of the calendar, when nothing is still
        to come; it also has what is the same on each day."""
        super().__init__()
        self.evidence = evidence
        self.as_of = as_of
        self.for_ever: Sheets = for_ever or (
            self if as_of == date.max else Sheets(evidence, date.max)
        )

    def on(self, day: date) -> Sheets:
        """The same registers as of another day."""
        return self.once(("on", day), lambda: Sheets(self.evidence, day, self.for_ever))

    def of(self, register: str) -> Sheet:
        """The rows of that register; none where it has no table."""
        return self.once(("sheet", register), lambda: Sheet(self, self._table(register)))

    def _table(self, register: str) -> Table:
        if register in self.evidence.tables:
            return self.evidence.tables[register]
        bare = RegisterSpec(id=register, title="", about="", sheets=(), columns=())
        return Table(bare, False, (), (), (), {}, given=False)


def _named(value: Typed, *, text: bool) -> Keys:
    """The names in a cell. Keys are in normal form already, texts are not."""
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    return (normal(str(value)) if text else str(value),)
