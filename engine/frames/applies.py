"""Whether a duty applies on a day: at least one row of a register is in place on it."""

from __future__ import annotations

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, all_of
from engine.columns.days import FOR_EVER, NO_DAY, Ints
from rules.condition import Applies


def applies_on(columns: AllColumns, applies: Applies | None, days: Ints) -> Ints:
    """For each day: 2 the duty applies, 0 it does not, 1 that cannot be told (semantics.md,
    Subjects: a condition on an event's duty is judged on the event's day; otherwise on D)."""
    if applies is None:
        return np.full(len(days), TRUE, dtype=np.int64)
    register = columns[applies.register]
    if not register.table.found:
        return np.full(len(days), UNKNOWN, dtype=np.int64)
    answers = {day: _on(register, applies, day) for day in set(days.tolist())}
    return np.array([answers[day] for day in days.tolist()], dtype=np.int64)


def _on(register: Columns, applies: Applies, day: int) -> int:
    truth = all_of(register, applies.asks).copy()
    if applies.ends:
        ends = register.days(applies.ends)
        truth[np.where(ends == NO_DAY, FOR_EVER, ends) <= day] = FALSE
    if applies.begins:
        read, begins = register.read(applies.begins), register.days(applies.begins)
        truth[read & (begins > day)] = FALSE
        truth[~read] = np.minimum(truth[~read], UNKNOWN)
    return int(truth.max(initial=FALSE))
