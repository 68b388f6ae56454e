"""What to write in the cells of one row so that it meets conditions: values that fit together.

Nothing is guessed about what was done: where a rule leaves a choice, the first is taken.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain, count

from engine.calendar import add_one
from engine.periods import period_of
from engine.truth import test_of
from evidence.latest import Issues
from evidence.register import ColumnSpec, Latest, RegisterSpec
from evidence.table import CellState, Table, Typed
from rules.condition import AnyOf, Ask, Condition

Values = Mapping[str, Typed]
NO_SUCH_ROW = "Nothing that could be written by now would meet all that is asked of a row here."
#: What stands for words that only the office can know.
_AS_RECORDED = "(as recorded)"


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as it could be written on ``day``: the ``values`` in it, the columns that are
    ``fixed``, and those that are ``blank`` although a value is read there. In the column
    ``distinct`` it has to hold a value that is not ``used`` already."""

    spec: RegisterSpec
    day: datetime.date
    values: Values
    fixed: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    used: Collection[Typed] = ()
    distinct: str = ""

    def put(self, values: Values) -> Draft:
        """The draft with these values in it."""
        blank = self.blank.difference(values)
        return replace(self, values={**self.values, **values}, blank=blank)


def standing_row(table: Table, row: int) -> tuple[dict[str, Typed], frozenset[str]]:
    """The values that can be read in a row of a table, and the columns of blanks that stand for
    a value."""
    read = {
        name: column.value[row]
        for name, column in table.columns.items()
        if column.state[row] == CellState.READ
    }
    return read, frozenset(name for name in read if not table.columns[name].raw[row])


def written(draft: Draft, asks: Sequence[Ask]) -> Draft | None:
    """The draft with what it lacks to meet every one of ``asks``; None where no row could, or
    only one in which a fixed cell were another."""
    several = [ask for ask in asks if isinstance(ask, AnyOf)]
    single = [ask for ask in asks if isinstance(ask, Condition)]
    if not several:
        return _meeting(draft, single)
    first: AnyOf = several[0]
    rest: list[Ask] = [*single, *several[1:]]
    choices = sorted(first.any_of, key=lambda each: not holds(draft, each))  # what holds, first
    tried = (written(draft, [*rest, choice]) for choice in choices)
    return next((each for each in tried if each is not None), None)


def holds(draft: Draft, condition: Condition) -> bool:
    """Whether the row meets the condition as it is."""
    value = draft.values.get(condition.column)
    if condition.filled:
        return _filled(draft, draft.spec.column(condition.column), value)
    if condition.on_or_before is not None:
        return _on_or_before(value, draft.values.get(condition.on_or_before), condition)
    return value is not None and test_of(condition)(value)


def _filled(draft: Draft, spec: ColumnSpec, value: Typed) -> bool:
    """Whether something stands in a cell; a day to come does only where days are planned."""
    if isinstance(value, datetime.date) and not spec.planned:
        return value <= draft.day
    return value is not None and spec.name not in draft.blank


def _on_or_before(day: Typed, other: Typed, condition: Condition) -> bool:
    if not (isinstance(day, datetime.date) and isinstance(other, datetime.date)):
        return False
    span = condition.within
    first = add_one(other.toordinal(), span, -1) if span else 0
    return first <= day.toordinal() <= other.toordinal()


def _meeting(draft: Draft, where: Sequence[Condition]) -> Draft | None:
    for condition in where:
        if not holds(draft, condition):
            changed = _changed(draft, condition, where)
            if changed is None:
                return None
            draft = changed
    return draft if all(holds(draft, each) for each in where) else None


def _changed(draft: Draft, condition: Condition, where: Sequence[Condition]) -> Draft | None:
    """The draft with one condition met that was not, by the first choice there is."""
    if condition.on_or_before is not None:
        return _with_days(draft, condition, condition.on_or_before)
    name = condition.column
    if name in draft.fixed:
        return None
    mine = [each for each in where if each.column == name]
    value = next(choices(draft, draft.spec.column(name), mine), None)
    return None if value is None else draft.put({name: value})


def _with_days(draft: Draft, condition: Condition, other: str) -> Draft | None:
    """One of the two days, or both, written as the draft's own day, or as one another."""
    name, day = condition.column, draft.day
    tried: tuple[dict[str, Typed], ...] = (
        {name: day},
        {name: draft.values.get(other)},
        {other: day},
        {name: day, other: day},
    )
    possible = (draft.put(each) for each in tried if not draft.fixed.intersection(each))
    return next((each for each in possible if holds(each, condition)), None)


def choices(draft: Draft, spec: ColumnSpec, where: Sequence[Condition]) -> Iterator[Typed]:
    """The values of a column that meet all of ``where`` (none of which compares days), and that
    are not used already where they have to differ; there may be no end of them."""
    tests: list[Callable[[Typed], bool]] = [test_of(each) for each in where if not each.filled]
    used = draft.used if spec.name == draft.distinct else ()
    return (
        value
        for value in _candidates(draft, spec, where)
        if value not in used and all(test(value) for test in tests)
    )


def _candidates(draft: Draft, spec: ColumnSpec, where: Sequence[Condition]) -> Iterator[Typed]:
    if spec.type == "day":
        return iter((draft.day,))
    if spec.type == "yes/no":
        return iter((True, False))
    if spec.type == "number":
        return count(max((each.at_least or 1 for each in where), default=1))
    if spec.type in ("codes", "keys"):
        return iter((_set(draft, spec, where),))
    if spec.type == "period":
        kind = spec.periods[0] if spec.periods else "financial year"
        return chain(_named(where), (period_of(kind, draft.day.toordinal()),))
    return chain(_named(where), spec.codes or _words(draft))


def _named(where: Sequence[Condition]) -> Iterator[str]:
    """The words that conditions name themselves."""
    for condition in where:
        yield from condition.one_of or ()
        if condition.equals is not None:
            yield condition.equals


def _words(draft: Draft) -> Iterator[str]:
    """Words that only say that something was recorded, as many different ones as may be needed."""
    yield _AS_RECORDED
    yield from (f"(as recorded, {number})" for number in range(2, 3 + len(draft.used)))


def _set(draft: Draft, spec: ColumnSpec, where: Sequence[Condition]) -> frozenset[str]:
    """What stands in the cell already, and all that conditions want in it."""
    now = draft.values.get(spec.name)
    asked = frozenset(code for each in where for code in each.includes or ())
    found = asked | (now if isinstance(now, frozenset) else frozenset())
    return found or frozenset([next(iter(spec.codes), _AS_RECORDED)])


def latest_linked(
    draft: Draft, asks: Sequence[Ask], table: Callable[[str], Table]
) -> tuple[Draft, tuple[Ask, ...]] | str:
    """The draft with the key of the latest row wherever a column that the program fills is to say
    so, and what else is asked; where no row can be named, why not, as a sentence. ``table`` finds a
    register's."""
    rest: list[Ask] = []
    for ask in asks:
        latest = draft.spec.column(ask.column).latest if isinstance(ask, Condition) else None
        if latest is None or not isinstance(ask, Condition) or holds(draft, ask):
            rest += [ask] if latest is None else []
            continue
        listed, by = table(latest.within), draft.values.get(latest.by, draft.day)
        key = _latest_key(listed, latest, by)
        if not isinstance(key, str):
            return key.value.format(listed.register.title)
        if not ask.is_:
            return NO_SUCH_ROW
        draft = draft.put({latest.key: key, latest.by: by})
    return draft, tuple(rest)


class _NoLatest(Enum):
    """Why no row of a register can be named as the latest of its kind."""

    MISSING = "The register '{}' is missing, and would say which is the latest: give it first."
    UNREAD = (
        "A row of the register '{}' that may be the latest cannot be read: put that right first."
    )
    NONE = "The register '{}' has none that had been issued by then, and one has to be named here."


def _latest_key(table: Table, latest: Latest, by: Typed) -> str | _NoLatest:
    """The key, as written, of the latest row of the kind that was issued by a day."""
    if not table.found:
        return _NoLatest.MISSING
    last = Issues(table, latest).latest_by(by) if isinstance(by, datetime.date) else ()
    if last is None:
        return _NoLatest.UNREAD
    return max(each.written for each in last) if last else _NoLatest.NONE


def text_of(value: Typed) -> str:
    """A value as it is written in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return "; ".join(sorted(value))
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
