"""Matches: the obligations of a pattern with their windows, their results and the items that met
them. A deadline in them is never before the first day of the version that moved it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints
from engine.frames.schema import MET, RESULTS, ints, make_frame
from engine.frames.scope import VersionTable
from engine.obligation import SubjectState


class Matches(NamedTuple):
    """The obligations of a pattern with their results (a frame MATCHED), and the items that met
    them (a frame MET)."""

    frame: pd.DataFrame
    met: pd.DataFrame


class WindowDays(NamedTuple):
    """The first and the last day of each obligation's window; NO_DAY where that is unknown."""

    opens: Ints
    deadline: Ints


def with_results(obligations: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Obligations with their results (a frame MATCHED)."""
    results = make_frame(RESULTS, len(obligations), **columns).set_axis(obligations.index)
    return pd.concat([obligations, results], axis="columns")


def match_nothing(obligations: pd.DataFrame, _: VersionTable) -> Matches:
    """Obligations for which no evidence is looked up."""
    return Matches(with_results(obligations), make_frame(MET, 0))


def cannot_tell(
    matches: Matches, unclear: Flags, state: SubjectState = SubjectState.UNREAD
) -> Matches:
    """The matches, with no window and this state where the result is unclear."""
    if not unclear.any():
        return matches
    values = {"state": int(state), "opens": NO_DAY, "deadline": NO_DAY}
    columns = {n: np.where(unclear, v, ints(matches.frame, n)) for n, v in values.items()}
    return matches._replace(frame=matches.frame.assign(**columns))


# Deadlines under a new version ------------------------------------------------------------------

#: The deadlines of obligations by the version of each (its ``version_index``).
DeadlinesOf = Callable[[pd.DataFrame], Ints]


def limit_deadlines(
    obligations: pd.DataFrame, versions: VersionTable, deadline: Ints, deadlines_of: DeadlinesOf
) -> tuple[Ints, Flags]:
    """The deadlines, limited by the first day of the version that gives them (semantics.md:
    Versions and clocks), and a mask of those that were limited. A ``deadline`` that a version would
    move to before its own first day is replaced by that day, or by the deadline under the version
    before where that had passed by then. ``deadlines_of`` gives the deadlines under a version."""
    index = ints(obligations, "version_index")
    early = (deadline < versions.begins[index]) & (deadline != NO_DAY)
    early &= versions.number[index] > 0
    if not early.any():
        return deadline, early
    limited = versions.begins[index[early]]
    older, listed = _under_version_before(obligations[early], versions)
    older = older[listed]
    before = limit_deadlines(older, versions, deadlines_of(older), deadlines_of)[0]
    # NO_DAY is less than any day, and a version that gave no deadline limits none.
    limited[listed] = np.where(
        before == NO_DAY, limited[listed], np.minimum(limited[listed], before)
    )
    deadline = deadline.copy()
    deadline[early] = limited
    return deadline, early


def _under_version_before(
    obligations: pd.DataFrame, versions: VersionTable
) -> tuple[pd.DataFrame, Flags]:
    """The obligations as the versions before list them, and which they list at all."""
    index = ints(obligations, "version_index")
    member, listed = ints(obligations, "member").copy(), np.ones(len(index), dtype=np.bool_)
    for newer, rows in versions.rows_by_version(index):
        now, then = versions.rules[newer], versions.rules[newer - 1]
        if type(now.pattern) is not type(then.pattern):  # refused by rules.lint.duty
            listed[rows] = False
        elif then.members:
            positions = {other.id: position for position, other in enumerate(then.members)}
            moved = np.array([positions.get(member.id, -1) for member in now.members] or [-1])
            member[rows] = moved[member[rows]]
            listed[rows] = member[rows] >= 0
        else:
            listed[rows] = (now.population is None) == (then.population is None)
    return obligations.assign(version_index=index - 1, member=member), listed
