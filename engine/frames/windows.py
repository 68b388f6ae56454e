"""What the patterns share: spans by version, deadlines that a new version would move, and the
results for obligations about an event and for rolling and standing ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints, add
from engine.frames.items import Nth, match_items
from engine.frames.schema import MET, RESULTS, Anchor, ints, make_frame
from engine.frames.scope import VersionTable
from engine.obligation import SubjectState
from rules.patterns import Rolling, Standing
from rules.span import Span

_YEAR = Span(12, "months")


class Matches(NamedTuple):
    """The obligations of a pattern with their results (a frame MATCHED), and the items that met
    them (a frame MET)."""

    frame: pd.DataFrame
    met: pd.DataFrame


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


def add_each(days: Ints, indexes: Ints, spans: Sequence[Span | None], sign: int = 1) -> Ints:
    """Each day plus the span at its index in ``spans`` (``sign`` -1: minus it); the day itself
    where that is None. NO_DAY and FOR_EVER stay the same. Each distinct span is added once."""
    result = days.copy()
    for span in dict.fromkeys(spans[index] for index in np.unique(indexes).tolist()):
        if span is not None:
            rows = np.array([other == span for other in spans], dtype=np.bool_)[indexes]
            result[rows] = add(days[rows], span, sign)
    return result


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


# About events -----------------------------------------------------------------------------------


def match_events(
    obligations: pd.DataFrame, versions: VersionTable, window: tuple[Ints, Ints], since: Ints
) -> Matches:
    """Obligations about events, by the items dated ``since`` a day or later."""
    needed = _needed(obligations, versions)
    items = match_items(obligations, versions)
    done = items.earliest(since, np.maximum(needed, 1))
    matches = event_results(obligations, versions, window, done, items.last_days())
    return cannot_tell(matches, needed < 1)


def _needed(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The number of items that each obligation needs; 0 where its event's row lacks it
    (reading-semantics.md: Events)."""
    needed = np.ones(len(obligations), dtype=np.int64)
    for index, rows in versions.rows_by_version(ints(obligations, "version_index")):
        query, events = versions.rules[index].query, versions.rules[index].events
        if query.needed_from is None or events is None:
            needed[rows] = query.needed
            continue
        values = versions.columns[events.register].values(query.needed_from)
        numbers = values[ints(obligations, "event_row")[rows]].tolist()
        needed[rows] = [n if isinstance(n, int) and n > 0 else 0 for n in numbers]
    return needed


def event_results(
    obligations: pd.DataFrame,
    versions: VersionTable,
    window: tuple[Ints, Ints],
    done: Nth,
    last_done: Ints,
    anchor: Ints | Anchor = Anchor.EVENT,
) -> Matches:
    """The results for obligations about events: of their ``window`` (opens, deadline), when they
    were ``done``, and the last day on which any item was done for them."""
    opens, deadline = window
    index, person = ints(obligations, "version_index"), ints(obligations, "subject_row") >= 0
    enough = done.day != NO_DAY
    unkept = (deadline < versions.records_begin) & (deadline != NO_DAY) & ~person
    lapses = [rule.lapse for rule in versions.rules]
    lapse_over = add_each(deadline, index, lapses) < versions.as_of_day
    carries = versions.flags(lambda rule: rule.pattern.carries_deadline)
    frame = with_results(
        obligations,
        opens=opens,
        deadline=deadline,
        since=deadline,
        enough_in_time=enough & (done.day <= deadline),
        enough_late=enough,
        late_days=np.where(enough, np.maximum(done.day - deadline, 0), 0),
        before_records=unkept & ~carries[index],
        lapse_over=lapse_over & versions.flags(lambda rule: rule.lapse)[index],
        year_over=~person & (add(np.maximum(done.day, deadline), _YEAR) < versions.as_of_day),
        anchor=anchor,
        anchor_day=ints(obligations, "event_day"),
        last_done=last_done,
        ever_done=last_done != NO_DAY,
    )
    return Matches(frame, done.met)


# Rolling and standing ---------------------------------------------------------------------------


class LastingItems(NamedTuple):
    """The items of rolling or standing obligations: the ``first`` deadline without any, ``until``
    when the items last (NO_DAY without any), the deadline's ``anchor`` and its day, the day of the
    latest item, and the items (a frame MET); ``unclear``: where a role's holder is unknown (None:
    nowhere)."""

    first: Ints
    until: Ints
    anchor: Ints
    anchor_day: Ints
    last_done: Ints
    met: pd.DataFrame
    unclear: Flags | None = None

    @property
    def deadline(self) -> Ints:
        """The end of the items, and no earlier than the first deadline."""
        return np.maximum(self.first, self.until)


def opening(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The later of in force and the subject's joining."""
    in_force = versions.in_force[ints(obligations, "version_index")]
    return np.maximum(ints(obligations, "joined"), in_force)


def match_lasting(
    obligations: pd.DataFrame,
    versions: VersionTable,
    items_of: Callable[[pd.DataFrame], LastingItems],
) -> Matches:
    """Rolling or standing obligations; ``items_of`` gives the items of some of them."""
    items = items_of(obligations)
    deadline, limited = limit_deadlines(
        obligations, versions, items.deadline, lambda older: items_of(older).deadline
    )
    patterns = (rule.pattern for rule in versions.rules)
    notice = [
        pattern.notice if isinstance(pattern, Rolling | Standing) else None for pattern in patterns
    ]
    notice_from = add_each(deadline, ints(obligations, "version_index"), notice, -1)
    lasts = (items.until != NO_DAY) & (items.until >= versions.as_of_day)
    frame = with_results(
        obligations,
        opens=opening(obligations, versions),
        deadline=deadline,
        since=deadline,
        next_deadline=deadline,
        still_lasts=lasts,
        within_notice=notice_from <= versions.as_of_day,
        ever_done=items.last_done != NO_DAY,
        last_done=items.last_done,
        anchor=np.where(limited, Anchor.VERSION, items.anchor),
        anchor_day=items.anchor_day,
    )
    matches = Matches(frame, items.met)
    if items.unclear is None:
        return matches
    return cannot_tell(matches, items.unclear, SubjectState.UNCLEAR_HOLDER)
