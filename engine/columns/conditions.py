"""The conditions of a rule, judged on whole columns: false, unknown or true for each row
(reading-semantics.md: What a cell can say; What fills a key)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from engine.columns.arrays import Columns, States
from engine.columns.days import Flags, add
from evidence.register import ColumnSpec
from evidence.table import CellState, Typed
from rules.condition import Ask, Condition

Truth = States
#: In this order the minimum of truths is 'and', and their maximum 'or', with no table of cases.
FALSE = 0
UNKNOWN = 1
TRUE = 2


def all_of(columns: Columns, where: Sequence[Ask]) -> Truth:
    """Whether each row meets all of the conditions. A row is FALSE if any condition is false, and
    otherwise UNKNOWN if any is unknown, because a row with a condition that cannot be read is
    neither in nor out. The array is read-only."""
    if len(where) == 1:
        return any_of(columns, where[0])
    return _once(columns, tuple(where), lambda: _folded(np.minimum, columns, where, TRUE))


def listed(columns: Columns, where: Sequence[Ask]) -> Truth:
    """Whether each row of a list meets all of the conditions. A list contains what is still to
    come, so a day after D fills a cell there (semantics.md: Completeness)."""
    return all_of(columns.whenever, where)


def any_of(columns: Columns, ask: Ask) -> Truth:
    """Whether each row meets the condition or, if there are alternatives, one of them."""
    if isinstance(ask, Condition):
        return _once(columns, ask, lambda: _one(columns, ask))
    return _once(columns, ask, lambda: _folded(np.maximum, columns, ask.any_of, FALSE))


def _once(columns: Columns, condition: Hashable, judge: Callable[[], Truth]) -> Truth:
    truth = columns.truths.get(condition)
    if truth is None:
        truth = columns.truths[condition] = judge()
        # Every rule with the condition gets this array: one that wrote to it would change others.
        truth.flags.writeable = False
    return truth


def _folded(fold: np.ufunc, columns: Columns, asks: Sequence[Ask], start: int) -> Truth:
    """The least, or the best, of each row's truths under several conditions."""
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
    """The truth of a test on one column: whether the cell ``passed`` if it was read, FALSE if it is
    blank and a blank means nothing, and UNKNOWN otherwise."""
    return _truth(columns.read(name), passed, columns.state(name) == CellState.NOTHING)


def _truth(read: Flags, passed: Flags, false: Flags) -> Truth:
    """Where cells were read, whether they passed; elsewhere false or unknown."""
    otherwise = np.where(false, FALSE, UNKNOWN)
    return np.where(read, np.where(passed, TRUE, FALSE), otherwise).astype(np.int8)


def test_of(condition: Condition) -> Callable[[Typed], bool]:
    """The test that a condition makes of the value of a cell. The operators 'filled' and 'on or
    before' have no such test, because they need more than the value."""
    operator = condition.operator
    if operator == "equals":
        return _among((condition.equals,))
    if operator == "one of":
        return _among(condition.one_of or ())
    if operator == "none of":
        among = _among(condition.none_of or ())
        return lambda value: not among(value)
    if operator == "includes":
        codes = frozenset(condition.includes or ())
        return lambda value: isinstance(value, frozenset) and codes <= value
    if operator == "is":
        return lambda value: value is condition.is_
    least = condition.at_least or 0
    return lambda value: isinstance(value, int) and value >= least


def _among(texts: Sequence[str | None]) -> Callable[[Typed], bool]:
    words = {comparable_text(text) for text in texts if text is not None}
    return lambda value: isinstance(value, str) and comparable_text(value) in words


def comparable_text(text: str) -> str:
    """A text as it is compared: no case, single spaces, none at the ends."""
    return " ".join(text.split()).casefold()


def _filled(columns: Columns, condition: Condition) -> Truth:
    """Whether each cell is filled; a key also names a row that counts (semantics.md: Evidence)."""
    name = condition.column
    spec = columns.table.register.column(name)
    passed = columns.filled(name)
    false = columns.blank(name)
    if spec.names_rows:
        passed = passed & names_one(columns, spec, condition.where)
    if spec.type == "day" and not spec.planned:  # a day after D: it has not happened
        to_come = np.asarray(columns.days(name) > columns.as_of_day)
        passed, false = passed & ~to_come, false | to_come
    return _truth(columns.read(name), passed, false)


def _on_or_before(columns: Columns, condition: Condition) -> Truth:
    name = condition.column
    other = condition.on_or_before or ""
    day, bound = columns.days(name), columns.days(other)
    passed = day <= bound
    if condition.within is not None:
        passed = passed & (day >= add(bound, condition.within, sign=-1))
    nothing = [columns.state(column) == CellState.NOTHING for column in (name, other)]
    return _truth(columns.read(name) & columns.read(other), passed, nothing[0] | nothing[1])


# The rows that a key may name: there, read, not cancelled, dated by D (semantics.md: Evidence) ----


def names_one(columns: Columns, spec: ColumnSpec, where: tuple[Condition, ...]) -> Flags:
    """Whether the cell of each row names a row that counts and certainly meets ``where``, in any
    register that the column may name."""
    registers = [columns.others[name] for name in spec.named if name in columns.others]
    keys = frozenset[str]().union(*(_counting_keys(register, where) for register in registers))
    return columns.passing(spec.name, lambda value: not keys.isdisjoint(_keys_in(value)))


def _keys_in(value: Typed) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset((value,))  # type: ignore[arg-type]


def _counting_keys(columns: Columns, where: tuple[Condition, ...]) -> frozenset[str]:
    """The keys of a register's rows that count and meet ``where``, looked up once."""
    if where not in columns.counting_keys:
        key = columns.table.register.key
        rows = counting_rows(columns, where)
        columns.counting_keys[where] = frozenset(columns.values(key)[rows].tolist() if key else ())
    return columns.counting_keys[where]


def counting_rows(columns: Columns, where: tuple[Condition, ...]) -> Flags:
    """The rows of a register that count where a key names them, and that meet ``where``."""
    register = columns.table.register
    if register.key is None:
        return np.zeros(len(columns), dtype=np.bool_)
    counts = columns.read(register.key) & (all_of(columns, where) == TRUE)
    if register.cancelled:
        counts &= not_cancelled(columns, register.cancelled)
    if register.dated_by:
        counts &= columns.read(register.dated_by) & ~_to_come(columns)
    return np.asarray(counts)


def not_cancelled(columns: Columns, cancelled: str) -> Flags:
    """For each row whether this column says that it was not cancelled, or is blank."""
    no = columns.read(cancelled) & columns.passing(cancelled, lambda value: value is False)
    return np.asarray((columns.state(cancelled) == CellState.NOTHING) | no)


def named_anywhere(columns: Columns) -> frozenset[str]:
    """Every key of this register in a row of another one that is dated by D (control sheets
    aside)."""
    own = columns.table.register.id
    keys: set[str] = set()
    for name, other in columns.others.items():
        if name == own or other.table.register.control:
            continue
        for spec in other.table.register.columns:
            if spec.names_rows and own in spec.named:
                rows = other.read(spec.name) & ~_to_come(other)
                keys = keys.union(*map(_keys_in, set(other.values(spec.name)[rows].tolist())))
    return frozenset(keys)


def _to_come(columns: Columns) -> Flags:
    """The rows that are dated after D, where their register has a day."""
    dated = columns.table.register.dated_by
    if dated is None:
        return np.zeros(len(columns), dtype=np.bool_)
    return np.asarray(columns.days(dated) > columns.as_of_day)
