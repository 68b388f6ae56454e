"""The rows that a key may name: there, read, not cancelled, and dated by D (semantics.md, Evidence:
A key is filled)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.columns.arrays import Columns, States
from engine.columns.days import Flags
from evidence.register import ColumnSpec
from evidence.table import CellState
from rules.condition import Condition

TRUE = 2
#: The truth of each row of a table under all of several conditions (conditions.all_of).
Judge = Callable[[Columns, Sequence[Condition]], States]


def names_rows(spec: ColumnSpec) -> bool:
    """Whether the cells of a column name rows of a register."""
    return spec.type in ("key", "keys") and bool(spec.named)


def names_one(
    columns: Columns, spec: ColumnSpec, where: tuple[Condition, ...], judge: Judge
) -> Flags:
    """For each row whether its cell names a row that counts, in any register that the column may
    name, and that meets ``where`` for certain."""
    there = [columns.others[name] for name in spec.named if name in columns.others]
    counting = frozenset[str]().union(*(_counting(each, where, judge) for each in there))
    return columns.passing(
        spec.name,
        lambda value: not counting.isdisjoint(value if isinstance(value, frozenset) else (value,)),
    )


def _counting(columns: Columns, where: tuple[Condition, ...], judge: Judge) -> frozenset[str]:
    """The keys of a register's rows that count and meet ``where``, looked up once."""
    if where not in columns.looked:
        key, rows = columns.table.register.key, counting_rows(columns, where, judge)
        columns.looked[where] = frozenset(columns.values(key)[rows].tolist() if key else ())
    return columns.looked[where]


def counting_rows(columns: Columns, where: tuple[Condition, ...], judge: Judge) -> Flags:
    """The rows of a register that count where a key names them, and that meet ``where``."""
    register = columns.table.register
    if register.key is None:
        return np.zeros(len(columns), dtype=np.bool_)
    good = columns.read(register.key) & (judge(columns, where) == TRUE)
    if register.cancelled:
        good &= stands(columns, register.cancelled)
    if register.dated_by:
        good &= columns.read(register.dated_by) & ~_to_come(columns, columns.as_of_day)
    return np.asarray(good)


def stands(columns: Columns, cancelled: str) -> Flags:
    """For each row whether it says that it was not cancelled, or says nothing of it."""
    no = columns.read(cancelled) & columns.passing(cancelled, lambda value: value is False)
    return np.asarray((columns.state(cancelled) == CellState.NOTHING) | no)


def named_anywhere(columns: Columns) -> frozenset[str]:
    """Every key of this register that a row of another one names (control sheets aside). A row
    dated after D says nothing of what was held by then."""
    own = columns.table.register.id
    found: set[str] = set()
    for name, other in columns.others.items():
        if name == own or other.table.register.control:
            continue
        for spec in other.table.register.columns:
            if names_rows(spec) and own in spec.named:
                says = other.read(spec.name) & ~_to_come(other, columns.as_of_day)
                for value in set(other.values(spec.name)[says].tolist()):
                    found.update(value if isinstance(value, frozenset) else (value,))
    return frozenset(found)


def _to_come(columns: Columns, as_of_day: int) -> Flags:
    """The rows that are dated after a day, where their register has a day."""
    dated = columns.table.register.dated_by
    if dated is None:
        return np.zeros(len(columns), dtype=np.bool_)
    return np.asarray(columns.days(dated) > as_of_day)
