"""Content: another duty with one condition more (semantics.md, Pattern 7).

What is evaluated is the other duty with that condition added (rules.resolve): by here it is of the
other's pattern.
"""

from __future__ import annotations

import numpy as np

from engine.columns.conditions import FALSE, TRUE, all_of
from engine.columns.days import NO_DAY, Ints
from engine.frames.scope import Scope


def lacking(scope: Scope) -> Ints:
    """The rows of evidence by D that meet the duty that this one adds to, and lack what this one
    asks of them; none for other patterns."""
    resolved = scope.version(scope.current)
    query = resolved.version.evidence
    if not resolved.extra or query is None:
        return np.zeros(0, dtype=np.int64)
    columns = scope.register(query.register)
    others = [each for each in query.asks if each not in resolved.extra]
    dated = resolved.version.dated_by()
    day = columns.days(dated) if dated else np.ones(len(columns), dtype=np.int64)
    done = (day != NO_DAY) & (day <= scope.as_of_day)
    met = (all_of(columns, others) == TRUE) & (all_of(columns, resolved.extra) == FALSE)
    return np.flatnonzero(met & done).astype(np.int64)
