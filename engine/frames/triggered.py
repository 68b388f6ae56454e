"""Triggered: within the rule's span of each event or joining (semantics.md: Triggered).

The second half serves every pattern about events: ``before_event`` calls :func:`match_events` too,
and ``completeness`` calls :func:`event_results`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns.days import Ints, add, add_each, subtract_each
from engine.day_number import NO_DAY
from engine.frames.items import Nth, match_items
from engine.frames.matches import Matches, WindowDays, cannot_tell, limit_deadlines, with_results
from engine.frames.schema import ints
from engine.frames.scope import VersionTable
from engine.obligation import Anchor
from rules.patterns import Triggered
from rules.span import Span

#: How long after the later of its deadline and its date a met obligation is current
#: (semantics.md: From obligations to duties, sections and the whole).
_STAYS_CURRENT = Span(12, "months")
#: In place of the number of items needed, if the event's row should give it and does not.
_NOT_GIVEN = 0


def match(obligations: pd.DataFrame, versions: VersionTable) -> Matches:
    """Match each obligation to its items, under the version that judges its event."""
    opens_before = versions.spans(Triggered, lambda pattern: pattern.early)
    index = ints(obligations, "version_index")
    opens = subtract_each(ints(obligations, "event_day"), index, opens_before)
    deadline, _ = limit_deadlines(obligations, versions, lambda rows: _deadline(rows, versions))
    first_accepted_day = _first_accepted_day(obligations, versions, opens)
    return match_events(obligations, versions, WindowDays(opens, deadline), first_accepted_day)


def _first_accepted_day(obligations: pd.DataFrame, versions: VersionTable, opens: Ints) -> Ints:
    """The first day on which an item counts: the day on which the window opens, or an earlier one
    where the rule accepts what was done before the window."""
    accepted_before = versions.spans(Triggered, lambda pattern: pattern.accepted_before)
    event_day = ints(obligations, "event_day")
    index = ints(obligations, "version_index")
    # Without such a span this is the event's own day, and the window opens no later than that.
    return np.minimum(opens, subtract_each(event_day, index, accepted_before))


def _deadline(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """Each event's day plus the rule's span, or the member's own where the fixed list gives one."""
    spans: list[Span | None] = []  # of each version, followed by those of its members
    version_positions = []  # where the span of each version is in ``spans``
    within = versions.spans(Triggered, lambda pattern: pattern.within)
    for rule, span in zip(versions.rules, within, strict=True):
        version_positions.append(len(spans))
        spans += [span, *(member.within or span for member in rule.members)]
    version_position = np.array(version_positions, dtype=np.int64)
    # The first member's span comes after the version's own. No member is -1: the version's own.
    position = version_position[ints(obligations, "version_index")]
    position = position + 1 + ints(obligations, "member")
    return add_each(ints(obligations, "event_day"), position, spans)


# Obligations about events: triggered, before event and completeness -----------------------------


def match_events(
    obligations: pd.DataFrame, versions: VersionTable, window: WindowDays, first_accepted_day: Ints
) -> Matches:
    """Match obligations about events to the items dated on ``first_accepted_day`` or later."""
    needed = _needed(obligations, versions)
    items = match_items(obligations, versions)
    # If the number is not given, one item is looked for, and the result is not used.
    done = items.nth_earliest(first_accepted_day, np.maximum(needed, 1))
    matches = event_results(obligations, versions, window, done, items.last_days())
    return cannot_tell(matches, needed == _NOT_GIVEN)


def _needed(obligations: pd.DataFrame, versions: VersionTable) -> Ints:
    """The number of items that each obligation needs; _NOT_GIVEN where the event's row should give
    it, and the cell is blank, unreadable or not above zero (reading-semantics.md: Events)."""
    needed = np.ones(len(obligations), dtype=np.int64)
    for index, rows in versions.rows_by_version(ints(obligations, "version_index")):
        query = versions.rules[index].query
        events = versions.rules[index].events
        if query.needed_from is None or events is None:
            needed[rows] = query.needed
            continue
        values = versions.columns[events.register].values(query.needed_from)
        cells = values[ints(obligations, "event_row")[rows]].tolist()
        needed[rows] = [
            cell if isinstance(cell, int) and cell > 0 else _NOT_GIVEN for cell in cells
        ]
    return needed


def event_results(
    obligations: pd.DataFrame,
    versions: VersionTable,
    window: WindowDays,
    done: Nth,
    last_done: Ints,
    *,
    anchor: Ints | Anchor = Anchor.EVENT,
) -> Matches:
    """The results of obligations about events.

    ``done`` is the item that completed each, and ``last_done`` the day of its latest item. The
    deadlines count from ``anchor``: one Anchor for all obligations, or one for each.

    A deadline of NO_DAY (one that the record should give and that cannot be read) is before every
    day. The caller marks such an obligation as cannot tell, and its other results are not used.
    """
    opens, deadline = window
    index = ints(obligations, "version_index")
    # A subject of a population stays current as long as it is there (semantics.md: Records begin).
    of_population = ints(obligations, "subject_row") >= 0
    enough_by_d = done.day != NO_DAY
    due_before_records = deadline < versions.records_begin  # never, where that is NO_DAY
    deadline_in_row = versions.flags(lambda rule: rule.pattern.carries_deadline)[index]
    lapses = [rule.lapse for rule in versions.rules]
    has_lapse = versions.flags(lambda rule: rule.lapse)[index]
    stays_current_to = add(np.maximum(done.day, deadline), _STAYS_CURRENT)
    frame = with_results(
        obligations,
        opens=opens,
        deadline=deadline,
        overdue_since=deadline,
        enough_in_time=enough_by_d & (done.day <= deadline),
        enough_late=enough_by_d,
        late_days=np.where(enough_by_d, np.maximum(done.day - deadline, 0), 0),
        before_records=due_before_records & ~of_population & ~deadline_in_row,
        # Without a lapse add_each gives the deadline itself, so has_lapse decides.
        lapse_over=has_lapse & (add_each(deadline, index, lapses) < versions.as_of_day),
        year_over=~of_population & (stays_current_to < versions.as_of_day),
        anchor=anchor,
        anchor_day=ints(obligations, "event_day"),
        last_done=last_done,
        ever_done=last_done != NO_DAY,
    )
    return Matches(frame, done.met)
