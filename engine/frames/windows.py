"""What the patterns share: spans by version, deadlines that a new version would move, and how an
obligation about an event, or about what lasts, stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints, add
from engine.frames.items import Nth, meet
from engine.frames.schema import FOUND, MET, Anchor, ints, made
from engine.frames.scope import Editions
from engine.obligation import SubjectState
from rules.patterns import Rolling, Standing
from rules.span import Span

_YEAR = Span(12, "months")


class Matches(NamedTuple):
    """The obligations of a pattern with what was found for each (a frame MATCHED), and the items
    that met them (a frame MET)."""

    frame: pd.DataFrame
    met: pd.DataFrame


def with_found(obligations: pd.DataFrame, **said: object) -> pd.DataFrame:
    """Obligations with what was found of them (a frame MATCHED)."""
    found = made(FOUND, len(obligations), **said).set_axis(obligations.index)
    return pd.concat([obligations, found], axis="columns")


def unmatched(obligations: pd.DataFrame, _: Editions) -> Matches:
    """Obligations about which nothing was looked up."""
    return Matches(with_found(obligations), made(MET, 0))


def untold(found: Matches, which: Flags, state: SubjectState = SubjectState.UNREAD) -> Matches:
    """What was found, where nothing can be told of some obligations."""
    if not which.any():
        return found
    instead = {"state": int(state), "opens": NO_DAY, "deadline": NO_DAY}
    told = {name: np.where(which, it, ints(found.frame, name)) for name, it in instead.items()}
    return found._replace(frame=found.frame.assign(**told))


def add_each(days: Ints, of: Ints, spans: Sequence[Span | None], sign: int = 1) -> Ints:
    """Each day plus the span (``sign`` -1: minus it) at the place beside it; the day itself where
    none stands there. Each distinct span is added once."""
    result = days.copy()
    for span in dict.fromkeys(spans[each] for each in np.unique(of).tolist()):
        if span is not None:
            mine = np.array([each == span for each in spans], dtype=np.bool_)[of]
            result[mine] = add(days[mine], span, sign)
    return result


#: The deadlines of obligations by the version of each (its ``edition``).
Reckon = Callable[[pd.DataFrame], Ints]


def clamped(
    obligations: pd.DataFrame, editions: Editions, deadline: Ints, reckon: Reckon
) -> tuple[Ints, Flags]:
    """Each deadline, reckoned by the version of each; where it would lie before that version's
    first day, that day, or the deadline under the version before if it had already passed
    (semantics.md, Versions and clocks); and where that is so. A version asks the one before it only
    about such deadlines."""
    edition = ints(obligations, "edition")
    early = (deadline < editions.begins[edition]) & (deadline != NO_DAY)
    early &= editions.number[edition] > 0
    if not early.any():
        return deadline, early
    moved = editions.begins[edition[early]]
    older, asked = _as_asked_before(obligations[early], editions)
    older = older[asked]
    before = clamped(older, editions, reckon(older), reckon)[0]
    moved[asked] = np.minimum(moved[asked], before)
    deadline = deadline.copy()
    deadline[early] = moved
    return deadline, early


def _as_asked_before(obligations: pd.DataFrame, editions: Editions) -> tuple[pd.DataFrame, Flags]:
    """The obligations as the versions before list them, and which of them they ask at all: the
    members of a fixed list go by their names, wherever they stand in it."""
    edition = ints(obligations, "edition")
    member, asked = ints(obligations, "member").copy(), np.ones(len(edition), dtype=np.bool_)
    for each, mine in editions.parts(edition):
        now, then = editions.version[each], editions.version[each - 1]
        if type(now.pattern) is not type(then.pattern):  # refused by rules.lint.versions
            asked[mine] = False
        elif then.members:
            places = {one.id: place for place, one in enumerate(then.members)}
            moved = np.array([places.get(member.id, -1) for member in now.members] or [-1])
            member[mine] = moved[member[mine]]
            asked[mine] = member[mine] >= 0
        else:
            asked[mine] = (now.population is None) == (then.population is None)
    return obligations.assign(edition=edition - 1, member=member), asked


# About events -----------------------------------------------------------------------------------


def by_items(
    obligations: pd.DataFrame, editions: Editions, window: tuple[Ints, Ints], since: Ints
) -> Matches:
    """How obligations about events stand, by the items dated ``since`` a day or later."""
    needed = _needed(obligations, editions)
    meeting = meet(obligations, editions)
    done = meeting.earliest(since, np.maximum(needed, 1))
    found = of_event(obligations, editions, window, done, meeting.last_days())
    return untold(found, needed < 1)


def _needed(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """How many items each obligation takes; 0 where its event's row should say and does not."""
    needed = np.ones(len(obligations), dtype=np.int64)
    for edition, mine in editions.parts(ints(obligations, "edition")):
        query, listed = editions.version[edition].query, editions.version[edition].events
        if query.needed_from is None or listed is None:
            needed[mine] = query.needed
            continue
        values = editions.columns[listed.register].values(query.needed_from)
        said = values[ints(obligations, "event_row")[mine]].tolist()
        needed[mine] = [each if isinstance(each, int) and each > 0 else 0 for each in said]
    return needed


def of_event(
    obligations: pd.DataFrame,
    editions: Editions,
    window: tuple[Ints, Ints],
    done: Nth,
    last_done: Ints,
    anchor: Ints | Anchor = Anchor.EVENT,
) -> Matches:
    """How obligations about events stand: their ``window`` (opens, deadline), when they were done,
    and when anything was done for them last."""
    opens, deadline = window
    edition, person = ints(obligations, "edition"), ints(obligations, "subject_row") >= 0
    ever = done.day != NO_DAY
    passed = (deadline < editions.records_begin) & (deadline != NO_DAY) & ~person
    lapses = [version.lapse for version in editions.version]
    lapsed = add_each(deadline, edition, lapses) < editions.as_of_day
    carries = editions.which(lambda version: version.pattern.carries_deadline)
    frame = with_found(
        obligations,
        opens=opens,
        deadline=deadline,
        since=deadline,
        enough_in_time=ever & (done.day <= deadline),
        enough_late=ever,
        late_days=np.where(ever, np.maximum(done.day - deadline, 0), 0),
        before_records=passed & ~carries[edition],
        lapse_over=lapsed & editions.which(lambda version: version.lapse)[edition],
        year_over=~person & (add(np.maximum(done.day, deadline), _YEAR) < editions.as_of_day),
        anchor=anchor,
        anchor_day=ints(obligations, "event_day"),
        last_done=last_done,
        ever_done=last_done != NO_DAY,
    )
    return Matches(frame, done.met)


# About what lasts -------------------------------------------------------------------------------


class Lasting(NamedTuple):
    """What is known of obligations without windows: the ``first`` day by which something had to be
    in place, ``until`` when what was found lasts (NO_DAY if nothing was), and the deadline's
    ``anchor`` and its day; the day on which it was done last, and the items (a frame MET);
    ``unclear``: where it cannot be told who holds the role."""

    first: Ints
    until: Ints
    anchor: Ints
    anchor_day: Ints
    last_done: Ints
    met: pd.DataFrame
    unclear: Flags

    @property
    def deadline(self) -> Ints:
        """The end of what was found, and no earlier than the first deadline."""
        return np.maximum(self.first, self.until)


def opening(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """The later of in force and the subject's joining."""
    return np.maximum(ints(obligations, "joined"), editions.in_force[ints(obligations, "edition")])


def lasting(
    obligations: pd.DataFrame, editions: Editions, look: Callable[[pd.DataFrame], Lasting]
) -> Matches:
    """How obligations without windows stand; ``look`` finds what is known of some of them."""
    found = look(obligations)
    deadline, moved = clamped(
        obligations, editions, found.deadline, lambda older: look(older).deadline
    )
    patterns = (version.pattern for version in editions.version)
    notice = [
        pattern.notice if isinstance(pattern, Rolling | Standing) else None for pattern in patterns
    ]
    notice_from = add_each(deadline, ints(obligations, "edition"), notice, -1)
    done = (found.until != NO_DAY) & (found.until >= editions.as_of_day)
    frame = with_found(
        obligations,
        opens=opening(obligations, editions),
        deadline=deadline,
        since=deadline,
        next_deadline=deadline,
        enough_in_time=done,
        enough_late=done,
        within_notice=notice_from <= editions.as_of_day,
        ever_done=found.last_done != NO_DAY,
        last_done=found.last_done,
        anchor=np.where(moved, Anchor.VERSION, found.anchor),
        anchor_day=found.anchor_day,
    )
    return untold(Matches(frame, found.met), found.unclear, SubjectState.UNCLEAR_HOLDER)
