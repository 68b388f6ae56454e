"""Content: another duty with one condition more (semantics.md: Content).

rules.resolve adds that condition to the other duty, so that the vectorised evaluator evaluates a
version of the other's pattern.
"""

from __future__ import annotations

import numpy as np

from engine.columns.conditions import FALSE, TRUE, all_of
from engine.columns.days import Ints
from engine.day_number import NO_DAY
from engine.frames.scope import Scope


def rows_without_extra(scope: Scope) -> Ints:
    """The rows of evidence by D that meet the other duty but not the condition that this duty adds.
    Empty for duties of other patterns."""
    resolved = scope.version(scope.version_number)
    query = resolved.rule.evidence
    if not resolved.extra or query is None:
        return np.zeros(0, dtype=np.int64)
    columns = scope.register(query.register)
    others = [condition for condition in query.asks if condition not in resolved.extra]
    dated = resolved.rule.dated_by()
    day = columns.days(dated) if dated else np.ones(len(columns), dtype=np.int64)
    done = (day != NO_DAY) & (day <= scope.as_of_day)
    met = (all_of(columns, others) == TRUE) & (all_of(columns, resolved.extra) == FALSE)
    return np.flatnonzero(met & done).astype(np.int64)
