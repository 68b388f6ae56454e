"""The conditions of a rule, judged on whole columns: false, unknown or true for each row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from engine.columns.arrays import Columns, States
from engine.columns.days import Flags, add
from engine.columns.named_rows import names_one, names_rows
from evidence.table import CellState, Typed
from rules.condition import Ask, Condition

Truth = States
FALSE, UNKNOWN, TRUE = 0, 1, 2


def all_of(columns: Columns, where: Sequence[Ask]) -> Truth:
    """Each row's truth under every condition: false if any is false, else unknown if any is.

    A row with a condition that cannot be read is neither in nor out (semantics.md, An
    obligation's status at D: 'and what can be read does not leave it out already'). What was
    judged once is kept, and cannot be written into."""
    if len(where) == 1:
        return any_of(columns, where[0])
    return _once(columns, tuple(where), lambda: _folded(np.minimum, columns, where, TRUE))


def listed(columns: Columns, where: Sequence[Ask]) -> Truth:
    """Each row's truth as a row of a list: a list holds what is still to come, so a day after D
    fills a cell there (semantics.md, Pattern 6: a record dated after D is not yet due)."""
    return all_of(columns.whenever, where)


def any_of(columns: Columns, ask: Ask) -> Truth:
    """Each row's truth under one condition, or under the best of several."""
    if isinstance(ask, Condition):
        return one(columns, ask)
    return _once(columns, ask, lambda: _folded(np.maximum, columns, ask.any_of, FALSE))


def one(columns: Columns, condition: Condition) -> Truth:
    """Each row's truth under one condition."""
    return _once(columns, condition, lambda: _one(columns, condition))


def _once(columns: Columns, asked: Hashable, judge: Callable[[], Truth]) -> Truth:
    """What these columns are judged to be: one judges whole columns, and is asked row by row."""
    found = columns.judged.get(asked)
    if found is None:
        found = columns.judged[asked] = judge()
        found.flags.writeable = False
    return found


def _folded(fold: np.ufunc, columns: Columns, asks: Sequence[Ask], start: int) -> Truth:
    """The least, or the best, of what the rows are under several conditions."""
    result: Truth = np.full(len(columns), start, dtype=np.int8)
    for ask in asks:
        fold(result, any_of(columns, ask), out=result)
    return result


def _one(columns: Columns, condition: Condition) -> Truth:
    if condition.operator == "filled":
        return _filled(columns, condition)
    if condition.operator == "on or before":
        return _on_or_before(columns, condition)
    passed = columns.passing(condition.column, test_of(condition))
    return known(columns, condition.column, passed)


def known(columns: Columns, name: str, passed: Flags) -> Truth:
    """Truth of a test on one column: where the cell was read, whether it passed; false where
    blank means nothing; unknown elsewhere."""
    return _truth(columns.read(name), passed, columns.state(name) == CellState.NOTHING)


def _truth(read: Flags, passed: Flags, false: Flags) -> Truth:
    """Where cells were read, whether they passed; elsewhere false where said, otherwise unknown."""
    unread = np.where(false, FALSE, UNKNOWN)
    return np.where(read, np.where(passed, TRUE, FALSE), unread).astype(np.int8)


def test_of(condition: Condition) -> Callable[[Typed], bool]:
    """The test that a condition makes of a cell that was read ('filled' and 'on or before' ask
    for more than its value)."""
    operator = condition.operator
    if operator == "equals":
        return _among((condition.equals,))
    if operator == "one of":
        return _among(condition.one_of or ())
    if operator == "none of":
        among = _among(condition.none_of or ())
        return lambda value: not among(value)
    if operator == "includes":
        asked = frozenset(condition.includes or ())
        return lambda value: isinstance(value, frozenset) and asked <= value
    if operator == "is":
        return lambda value: value is condition.is_
    least = condition.at_least or 0
    return lambda value: isinstance(value, int) and value >= least


def _among(texts: Sequence[str | None]) -> Callable[[Typed], bool]:
    asked = {plain(text) for text in texts if text is not None}
    return lambda value: isinstance(value, str) and plain(value) in asked


def plain(text: str) -> str:
    """A text as it is compared: no case, single spaces, none at the ends."""
    return " ".join(text.split()).casefold()


def _filled(columns: Columns, condition: Condition) -> Truth:
    """Something stands there; a key also names a row that counts (semantics.md, Evidence: A cell is
    filled, A key is filled)."""
    name = condition.column
    spec = columns.table.register.column(name)
    passed, false = columns.filled(name), columns.blank(name)
    if names_rows(spec):
        passed = passed & names_one(columns, spec, condition.where, all_of)
    if not spec.planned:
        to_come = columns.days_to_come(name)
        passed, false = passed & ~to_come, false | to_come
    return _truth(columns.read(name), passed, false)


def _on_or_before(columns: Columns, condition: Condition) -> Truth:
    name, other = condition.column, condition.on_or_before or ""
    first, second = columns.days(name), columns.days(other)
    passed = first <= second
    if condition.within is not None:
        passed = passed & (first >= add(second, condition.within, -1))
    nothing = [columns.state(each) == CellState.NOTHING for each in (name, other)]
    return _truth(columns.read(name) & columns.read(other), passed, nothing[0] | nothing[1])
