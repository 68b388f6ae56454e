"""Rolling: at most an interval since the last time (semantics.md, Pattern 2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Ints
from engine.frames.items import Nth, meet
from engine.frames.schema import Anchor, Names, ints
from engine.frames.scope import Editions
from engine.frames.windows import Matches, add_each, clamped, spans_of, with_found, within_notice
from rules.patterns import Rolling


def match(obligations: pd.DataFrame, editions: Editions, names: Names) -> Matches:
    """What was found for each obligation at D."""
    edition = ints(obligations, "edition")
    base = _base(obligations, editions)
    first, anchor = _first(obligations, editions)
    last, last_done = _last(obligations, editions, names)
    until = _until(edition, editions, last.day)
    again = (last.day != NO_DAY) & (until >= first)
    deadline, moved = clamped(
        obligations,
        editions,
        np.maximum(first, until),
        lambda older: _deadline(older, editions, names),
    )
    anchor = np.where(again, Anchor.LAST_DONE, anchor)
    done = (until != NO_DAY) & (until >= editions.as_of)
    frame = with_found(
        obligations,
        opens=base,
        deadline=deadline,
        since=deadline,
        next_deadline=deadline,
        enough_in_time=done,
        enough_late=done,
        within_notice=within_notice(obligations, editions, deadline),
        ever_done=last_done != NO_DAY,
        last_done=last_done,
        anchor=np.where(moved, Anchor.VERSION, anchor),
        anchor_day=np.where(again, last.day, base),
    )
    return Matches(frame, last.met)


def _deadline(obligations: pd.DataFrame, editions: Editions, names: Names) -> Ints:
    """The later of the first deadline and the last time plus the interval."""
    last = _last(obligations, editions, names)[0]
    until = _until(ints(obligations, "edition"), editions, last.day)
    return np.maximum(_first(obligations, editions)[0], until)


def _base(obligations: pd.DataFrame, editions: Editions) -> Ints:
    """The later of in force and the subject's joining."""
    in_force = editions.in_force[ints(obligations, "edition")]
    return np.maximum(ints(obligations, "joined"), in_force)


def _last(obligations: pd.DataFrame, editions: Editions, names: Names) -> tuple[Nth, Ints]:
    """The last time that counts, and the last of all."""
    needed = [each.evidence.needed if each.evidence else 1 for each in editions.version]
    meeting = meet(obligations, editions, names)
    of = np.array(needed, dtype=np.int64)[ints(obligations, "edition")]
    return meeting.latest(of), meeting.last_days()


def _until(edition: Ints, editions: Editions, last: Ints) -> Ints:
    """Until when the last time holds; NO_DAY if it never was done."""
    every = spans_of(editions, Rolling, lambda pattern: pattern.every)
    return np.where(last == NO_DAY, NO_DAY, add_each(last, edition, every))


def _first(obligations: pd.DataFrame, editions: Editions) -> tuple[Ints, Ints]:
    """Each first deadline, and from what it is reckoned (an Anchor)."""
    edition, joined = ints(obligations, "edition"), ints(obligations, "joined")
    in_force, base = editions.in_force[edition], _base(obligations, editions)
    first_spans = spans_of(editions, Rolling, lambda pattern: pattern.first or pattern.every)
    first = add_each(base, edition, first_spans)
    anchor = np.where(base > in_force, Anchor.JOINED, Anchor.IN_FORCE)
    patterns = (each.pattern for each in editions.version)
    own = [
        each.first_deadline.toordinal() if isinstance(each, Rolling) and each.first_deadline else 0
        for each in patterns
    ]
    own_day = np.array(own, dtype=np.int64)[edition]
    there = (own_day != NO_DAY) & (joined <= in_force)
    return np.where(there, own_day, first), np.where(there, Anchor.OWN_DAY, anchor)
