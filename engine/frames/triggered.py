"""Triggered: within the rule's span of each event or joining (semantics.md: Triggered); and what
all duties about events share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Ints, add, add_each
from engine.frames.items import Nth, match_items
from engine.frames.matches import Matches, cannot_tell, limit_deadlines, with_results
from engine.frames.schema import Anchor, ints
from engine.frames.scope import VersionTable
from rules.patterns import Triggered
from rules.span import Span

_YEAR = Span(12, "months")


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """The obligations with their items, each by the version that judges its event."""
    early = versions.spans(Triggered, lambda pattern: pattern.early)
    opens = add_each(ints(obligations, "event_day"), ints(obligations, "version_index"), early, -1)
    deadline, _ = limit_deadlines(
        obligations,
        versions,
        _deadline(obligations, versions),
        lambda older: _deadline(older, versions),
    )
    first_day = _accepted(obligations, versions, opens)
    return match_events(obligations, versions, (opens, deadline), first_day)


def _accepted(obligations: pd.DataFrame, versions: VersionTable, opens: Ints) -> Ints:
    """The first day on which an item counts, also before the window where accepted."""
    before = versions.spans(Triggered, lambda pattern: pattern.accepted_before)
    event, index = ints(obligations, "event_day"), ints(obligations, "version_index")
    return np.minimum(opens, add_each(event, index, before, -1))


def _deadline(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """Each event's day plus the rule's span, or the member's own where the fixed list gives one."""
    spans: list[Span | None] = []  # of each version, followed by those of its members
    firsts = []
    within = versions.spans(Triggered, lambda pattern: pattern.within)
    for rule, span in zip(versions.rules, within, strict=True):
        firsts.append(len(spans))
        spans += [span, *(member.within or span for member in rule.members)]
    position = np.array(firsts, dtype=np.int64)[ints(obligations, "version_index")]
    position = position + ints(obligations, "member") + 1
    return add_each(ints(obligations, "event_day"), position, spans)


# About events, for this pattern and two others --------------------------------------------------


def match_events(
    obligations: pd.DataFrame, versions: VersionTable, window: tuple[Ints, Ints], first_day: Ints
) -> Matches:
    """Obligations about events, by the items dated on ``first_day`` or later."""
    needed = _needed(obligations, versions)
    items = match_items(obligations, versions)
    done = items.earliest(first_day, np.maximum(needed, 1))
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
        first_missed=deadline,
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
