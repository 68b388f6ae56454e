"""What the patterns share: spans by version, deadlines that a new version would move, and how an
obligation about an event stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints, add
from engine.frames.items import Nth
from engine.frames.schema import MATCHED, MET, OBLIGATIONS, Anchor, Names, ints, made
from engine.frames.scope import Editions
from engine.obligation import SubjectState
from rules.patterns import Completeness, Rolling, Standing
from rules.span import Span
from rules.subject import FixedList, Population

P = TypeVar("P")
_YEAR = Span(12, "months")
_WINDOW = ("opens", "deadline")


class Matches(NamedTuple):
    """The obligations of a pattern with what was found for each (a frame MATCHED), and the items
    that met them (a frame MET)."""

    frame: pd.DataFrame
    met: pd.DataFrame


def with_found(obligations: pd.DataFrame, **said: object) -> pd.DataFrame:
    """Obligations with what was found of them (a frame MATCHED)."""
    columns = {name: obligations[name].to_numpy() for name in OBLIGATIONS}
    return made(MATCHED, len(obligations), **columns, **said)


def unmatched(obligations: pd.DataFrame, _: Editions, __: Names) -> Matches:
    """Obligations about which nothing was looked up."""
    return Matches(with_found(obligations), made(MET, 0))


def spans_of(
    editions: Editions, kind: type[P], get: Callable[[P], Span | None]
) -> list[Span | None]:
    """A span of the pattern of each edition; None for those of other patterns."""
    patterns = (version.pattern for version in editions.version)
    return [get(each) if isinstance(each, kind) else None for each in patterns]


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
    begins = editions.begins[edition[early]]
    older, asked = _as_asked_before(obligations[early], editions)
    moved = begins.copy()
    if asked.any():
        older = older[asked]
        before = clamped(older, editions, reckon(older), reckon)[0]
        moved[asked] = np.minimum(begins[asked], before)
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
        subjects, before = now.subjects, then.subjects
        if type(now.pattern) is not type(then.pattern):  # refused by rules.lint.versions
            asked[mine] = False
        elif isinstance(before, FixedList):
            places = {one.id: place for place, one in enumerate(before.members)}
            of = subjects.members if isinstance(subjects, FixedList) else ()
            moved = np.array([places.get(one.id, -1) for one in of] or [-1], dtype=np.int64)
            member[mine] = moved[member[mine]]
            asked[mine] = member[mine] >= 0
        else:
            asked[mine] = isinstance(subjects, Population) == isinstance(before, Population)
    return obligations.assign(edition=edition - 1, member=member), asked


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
    lapses = [each.lapse for each in editions.version]
    may_lapse = np.array([each is not None for each in lapses], dtype=np.bool_)[edition]
    lapse_over = may_lapse & (add_each(deadline, edition, lapses) < editions.as_of)
    carries = [
        isinstance(each.pattern, Completeness) and each.pattern.deadline is not None
        for each in editions.version
    ]
    frame = with_found(
        obligations,
        opens=opens,
        deadline=deadline,
        since=deadline,
        enough_in_time=ever & (done.day <= deadline),
        enough_late=ever,
        late_days=np.where(ever, np.maximum(done.day - deadline, 0), 0),
        before_records=passed & ~np.array(carries, dtype=np.bool_)[edition],
        lapse_over=lapse_over,
        year_over=~person & (add(np.maximum(done.day, deadline), _YEAR) < editions.as_of),
        anchor=anchor,
        anchor_day=ints(obligations, "event_day"),
        last_done=last_done,
        ever_done=last_done != NO_DAY,
    )
    return Matches(frame, done.met)


def within_notice(obligations: pd.DataFrame, editions: Editions, deadline: Ints) -> Flags:
    """Whether D is no longer before each deadline than the notice of its version."""
    patterns = (version.pattern for version in editions.version)
    notice = [each.notice if isinstance(each, Rolling | Standing) else None for each in patterns]
    first = add_each(deadline, ints(obligations, "edition"), notice, -1)
    return np.asarray(first <= editions.as_of)


def needed_of(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """How many items each obligation takes; 0 where its event's row should say and does not."""
    needed = np.ones(len(obligations), dtype=np.int64)
    for edition, mine in editions.parts(ints(obligations, "edition")):
        version = editions.version[edition]
        query, listed = version.evidence, version.events
        if query is None or query.needed_from is None or listed is None:
            needed[mine] = query.needed if query else 1
            continue
        values = editions.columns[listed.register].values(query.needed_from)
        said = values[ints(obligations, "event_row")[mine]].tolist()
        needed[mine] = [each if isinstance(each, int) and each > 0 else 0 for each in said]
    return needed


def untold(found: Matches, which: Flags, state: SubjectState = SubjectState.UNREAD) -> Matches:
    """What was found, where nothing can be told of some obligations."""
    if not which.any():
        return found
    days = {name: np.where(which, NO_DAY, ints(found.frame, name)) for name in _WINDOW}
    told = np.where(which, state, ints(found.frame, "state")).astype(np.int8)
    return found._replace(frame=found.frame.assign(state=told, **days))
