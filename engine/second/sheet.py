"""The cells of one register, column by column, and what conditions say of each row.

The truth of a condition has three values: True, False, and None where a cell that it depends on
cannot be read (semantics.md, An obligation's status at D, Evidence).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import TypeVar, cast

from engine.second.days import before
from evidence.table import CellState, Column, Evidence, Table, Typed
from rules.condition import Ask, Condition
from rules.span import Span

T = TypeVar("T")
Truth = bool | None
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


class Sheet:
    """One register's rows, counted from 0. A register without a table has none."""

    def __init__(self, register: str, table: Table | None, as_of: date) -> None:
        self.register = register
        self.as_of = as_of
        self.found = table is not None and table.found
        self.size = 0 if table is None else len(table)
        self._table = table
        self._memo = Memo()

    def column(self, name: str) -> Column:
        """The cells of that column; where there is no such column, cells that cannot be read."""
        if self._table is not None and name in self._table.columns:
            return self._table.columns[name]
        return Column(name, [""] * self.size, [None] * self.size, [CellState.NO_COLUMN] * self.size)

    def spoken(self, name: str) -> bool:
        """Whether texts in that column are compared without capitals and spacing."""
        return self._type(name) in _SPOKEN

    def _type(self, name: str) -> str:
        columns = self._table.register.columns if self._table else ()
        return next((each.type for each in columns if each.name == name), "")

    def states(self, name: str) -> Sequence[int]:
        """How each cell of that column was read."""
        return self._memo.once(("states", name), lambda: list(self.column(name).state))

    def nothing(self, name: str, row: int) -> bool:
        """Whether that cell is blank where blank means nothing."""
        return self.states(name)[row] == CellState.NOTHING

    def days(self, name: str) -> Sequence[date | None]:
        """The day in each cell of that column; None where none was read."""
        return self._memo.once(("days", name), lambda: self._days(name))

    def _days(self, name: str) -> list[date | None]:
        column = self.column(name)
        return [
            value if state == CellState.READ and isinstance(value, date) else None
            for value, state in zip(column.value, column.state, strict=True)
        ]

    def to_come(self, name: str) -> Sequence[bool]:
        """Whether each cell holds a day after the as-of date, in a column where such a day is no
        plan: what it dates has not happened."""
        columns = self._table.register.columns if self._table else ()
        if not any(
            each.name == name and each.type == "day" and not each.planned for each in columns
        ):
            return [False] * self.size
        return [day is not None and day > self.as_of for day in self.days(name)]

    def keys(self, name: str | None) -> Sequence[Keys]:
        """The keys, or codes, that each cell of that column names; () where none was read."""
        return self._memo.once(("keys", name), lambda: self._keys(name))

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
        return self.keys(self._table.register.key if self._table else None)

    def tie(self, row: int) -> Keys:
        """What orders items of one day: the raw text of every cell."""
        if self._table is None:
            return ()
        columns = self._table.columns
        return tuple(columns[each.name].raw[row] for each in self._table.register.columns)

    def listed(self, where: tuple[Ask, ...]) -> Sequence[Truth]:
        """The same for rows of a list: it holds what is still to come, so a later day fills a cell
        there (semantics.md, Patterns, 6: a record dated after D is not yet due)."""
        later = self._memo.once(("listed",), lambda: Sheet(self.register, self._table, date.max))
        return later.truths(where)

    def truths(self, where: tuple[Ask, ...]) -> Sequence[Truth]:
        """For each row: False if any condition is false, else None if any cannot be told."""
        return self._memo.once(("truths", where), lambda: self._truths(where))

    def _truths(self, where: tuple[Ask, ...]) -> Sequence[Truth]:
        if not where:
            return [True] * self.size
        told = self._told(where[-1])
        if len(where) == 1:
            return told
        return [_both(a, b) for a, b in zip(self.truths(where[:-1]), told, strict=True)]

    def true_rows(self, where: tuple[Ask, ...]) -> Sequence[int]:
        """The rows that meet every condition, for certain."""
        return self._memo.once(("true", where), lambda: self._true_rows(where))

    def _true_rows(self, where: tuple[Ask, ...]) -> Sequence[int]:
        if not where:
            return range(self.size)
        told = self._told(where[-1])
        return [row for row in self.true_rows(where[:-1]) if told[row]]

    def _told(self, ask: Ask) -> Sequence[Truth]:
        if isinstance(ask, Condition):
            return self._memo.once(("told", ask), lambda: _tell(self, ask))
        told = [self._told(each) for each in ask.any_of]
        return [_either(truths) for truths in zip(*told, strict=True)]


class Sheets(Memo):
    """All registers of one check as of one day, and what was worked out from them."""

    def __init__(self, evidence: Evidence, as_of: date) -> None:
        super().__init__()
        self.as_of = as_of
        self._tables: Mapping[str, Table] = evidence.tables

    def of(self, register: str) -> Sheet:
        """The rows of that register."""
        return self.once(("sheet", register), lambda: self._sheet(register))

    def _sheet(self, register: str) -> Sheet:
        return Sheet(register, self._tables.get(register), self.as_of)


def _named(value: Typed, *, text: bool) -> Keys:
    """The names in a cell; keys are normal already, text is not."""
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    return (normal(str(value)) if text else str(value),)


def _both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(truths: Sequence[Truth]) -> Truth:
    if any(truths):
        return True
    return None if any(each is None for each in truths) else False


def _tell(sheet: Sheet, condition: Condition) -> list[Truth]:
    """What one condition says of each row (rules.condition says what the operators mean)."""
    if condition.on_or_before is not None:
        return _on_or_before(sheet, condition.column, condition.on_or_before, condition.within)
    column = sheet.column(condition.column)
    if condition.filled:
        stands = [_filled(raw, state) for raw, state in zip(column.raw, column.state, strict=True)]
        to_come = sheet.to_come(condition.column)
        return [told and not later for told, later in zip(stands, to_come, strict=True)]
    holds = _test(condition, spoken=sheet.spoken(condition.column))
    cells = list(zip(column.value, column.state, strict=True))
    said: dict[tuple[Typed, int], Truth] = {
        (value, state): holds(value)
        if state == CellState.READ
        else (False if state == CellState.NOTHING else None)
        for value, state in set(cells)  # few are different
    }
    return [said[cell] for cell in cells]


def _filled(raw: str, state: int) -> Truth:
    """Whether something stands in a cell; a blank is blank also where it stands for a code."""
    if state == CellState.READ:
        return bool(raw.strip())
    return False if state in (CellState.NOTHING, CellState.BLANK) else None


def _test(condition: Condition, *, spoken: bool) -> Callable[[Typed], bool]:
    """The test that a condition makes of a cell that was read."""
    if condition.is_ is not None:
        wanted = condition.is_
        return lambda value: value is wanted
    if condition.at_least is not None:
        least = condition.at_least
        return lambda value: isinstance(value, int) and value >= least
    alike: Callable[[str], str] = normal if spoken else str
    if condition.includes is not None:
        asked = frozenset(alike(each) for each in condition.includes)
        return lambda value: isinstance(value, frozenset) and asked <= value
    if condition.none_of is not None:
        refused = frozenset(alike(each) for each in condition.none_of)
        return lambda value: isinstance(value, str) and alike(value) not in refused
    some = (condition.equals,) if condition.one_of is None else condition.one_of
    options = frozenset(alike(each) for each in some if each is not None)
    return lambda value: isinstance(value, str) and alike(value) in options


def _on_or_before(sheet: Sheet, name: str, other: str, within: Span | None) -> list[Truth]:
    told: list[Truth] = []
    states = zip(sheet.states(name), sheet.states(other), strict=True)
    for day, bound, pair in zip(sheet.days(name), sheet.days(other), states, strict=True):
        if day is None or bound is None:
            told.append(False if CellState.NOTHING in pair else None)
        else:
            told.append(day <= bound and (within is None or day >= before(bound, within)))
    return told
