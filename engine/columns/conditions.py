"""The conditions of a rule, judged on whole columns: false, unknown or true for each row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import numpy.typing as npt

from engine.columns.arrays import Columns
from engine.columns.days import Flags, add
from engine.columns.named_rows import names_one, names_rows
from evidence.table import CellState, Typed
from rules.condition import Ask, Condition

Truth = npt.NDArray[np.int8]
FALSE, UNKNOWN, TRUE = 0, 1, 2


def all_of(columns: Columns, where: Sequence[Ask]) -> Truth:
    """Each row's truth under every condition: false if any is false, else unknown if any is.

    A row with a condition that cannot be read is neither in nor out (semantics.md, An
    obligation's status at D: 'and what can be read does not leave it out already'). What was
    judged once is kept, and cannot be written into."""
    if len(where) == 1:
        return any_of(columns, where[0])
    return _once(columns, tuple(where), lambda: _least(columns, where))


def _once(columns: Columns, asked: Hashable, judge: Callable[[], Truth]) -> Truth:
    """What these columns are judged to be: one judges whole columns, and is asked row by row."""
    found = columns.judged.get(asked)
    if found is None:
        found = columns.judged[asked] = judge()
        found.flags.writeable = False
    return found


def _least(columns: Columns, where: Sequence[Ask]) -> Truth:
    result: Truth = np.full(len(columns), TRUE, dtype=np.int8)
    for ask in where:
        np.minimum(result, any_of(columns, ask), out=result)
    return result


def listed(columns: Columns, where: Sequence[Ask]) -> Truth:
    """Each row's truth as a row of a list: a list holds what is still to come, so a day after D
    fills a cell there (semantics.md, Pattern 6: a record dated after D is not yet due)."""
    return all_of(columns.whenever, where)


def any_of(columns: Columns, ask: Ask) -> Truth:
    """Each row's truth under one condition, or under the best of several."""
    if isinstance(ask, Condition):
        return one(columns, ask)
    return _once(columns, ask, lambda: _best(columns, ask.any_of))


def _best(columns: Columns, conditions: Sequence[Condition]) -> Truth:
    result: Truth = np.full(len(columns), FALSE, dtype=np.int8)
    for condition in conditions:
        np.maximum(result, one(columns, condition), out=result)
    return result


def one(columns: Columns, condition: Condition) -> Truth:
    """Each row's truth under one condition."""
    return _once(columns, condition, lambda: _one(columns, condition))


def _one(columns: Columns, condition: Condition) -> Truth:
    if condition.operator == "filled":
        return _filled(columns, condition)
    if condition.operator == "on or before":
        return _on_or_before(columns, condition)
    values = columns.values(condition.column)
    return known(columns, condition.column, _tested(values, test_of(condition)))


def known(columns: Columns, name: str, passed: Flags) -> Truth:
    """Truth of a test on one column: where the cell was read, whether it passed; false where
    blank means nothing; unknown elsewhere."""
    state = columns.state(name)
    result: Truth = np.full(len(columns), UNKNOWN, dtype=np.int8)
    result[state == CellState.NOTHING] = FALSE
    result[state == CellState.READ] = np.where(passed, TRUE, FALSE)[state == CellState.READ]
    return result


def _tested(values: npt.NDArray[np.object_], test: Callable[[Typed], bool]) -> Flags:
    verdict = {value: test(value) for value in set(values)}
    return np.fromiter((verdict[value] for value in values), dtype=np.bool_, count=len(values))


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
    spec, state = columns.table.register.column(name), columns.state(name)
    result: Truth = np.full(len(columns), UNKNOWN, dtype=np.int8)
    result[(state == CellState.NOTHING) | (state == CellState.BLANK)] = FALSE
    result[state == CellState.READ] = TRUE
    result[(state == CellState.READ) & ~columns.filled(name)] = FALSE
    if not spec.planned:
        result[columns.days_to_come(name)] = FALSE
    if names_rows(spec):
        named = names_one(columns, spec, condition.where, all_of)
        result[(state == CellState.READ) & ~named] = FALSE
    return result


def _on_or_before(columns: Columns, condition: Condition) -> Truth:
    other = condition.on_or_before or ""
    first, second = columns.days(condition.column), columns.days(other)
    passed = first <= second
    if condition.within is not None:
        passed = passed & (first >= add(second, condition.within, -1))
    either_nothing = (columns.state(condition.column) == CellState.NOTHING) | (
        columns.state(other) == CellState.NOTHING
    )
    both_read = columns.read(condition.column) & columns.read(other)
    result: Truth = np.full(len(columns), UNKNOWN, dtype=np.int8)
    result[either_nothing] = FALSE
    result[both_read] = np.where(passed, TRUE, FALSE)[both_read]
    return result
