"""Findings: what was read and asks a person to look. No finding changes a status."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.assessment import FindingShown
from engine.calendar import FOR_EVER, NO_DAY
from engine.columns import AllColumns, Columns
from engine.items import Items
from engine.match import items_of
from engine.nil import REGISTER as NIL_RETURNS
from engine.nil import nil_rows
from engine.outcome import ItemRef
from engine.periods import period_ends, period_starts
from engine.say import day_words, place_words
from engine.shown import events_of
from engine.standing import ends_of
from engine.told import Told
from engine.truth import FALSE, TRUE, UNKNOWN, all_of
from evidence.table import CellState
from rules.model import Version
from rules.pattern import Carried, Completeness, Periodic, Standing
from rules.subject import FixedList


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding before it is shown: ``refs`` are the rows, with the column to point at."""

    kind: str
    duty: str
    message: str
    refs: tuple[tuple[ItemRef, str], ...]


def duty_findings(told: Told, columns: AllColumns) -> list[Noted]:
    """Everything that one duty's evidence asks a person to look at."""
    scope = told.scope
    version = scope.version(scope.current).version
    found: list[Noted] = []
    if version.evidence is not None:
        found += _missing_register(told, version)
        for items in _selections(told, version):
            found += _dated_later(told, items)
            found += _other_period(told, items)
        found += _strays(told)
    found += _remarks(told, version)
    found += _standing(told, version)
    found += _re_agreed(told, version)
    found += _content(told)
    found += _nil_contradicted(told, columns, version)
    return found


def _selections(told: Told, version: Version) -> list[Items]:
    scope = told.scope
    if isinstance(version.subjects, FixedList):
        return [items_of(scope, scope.current, each) for each in version.subjects.members]
    return [items_of(scope, scope.current)]


def _id(told: Told) -> str:
    return told.scope.duty.duty.id


def _missing_register(told: Told, version: Version) -> list[Noted]:
    assert version.evidence is not None
    table = told.scope.register(version.evidence.register).table
    if table.found:
        return []
    words = f"No sheet of the register '{table.register.title}' was given, so nothing in it counts."
    return [Noted("register missing", _id(told), words, ())]


def _dated_later(told: Told, items: Items) -> list[Noted]:
    """An item dated after D does not count, and is a finding (semantics.md, Evidence)."""
    later = np.flatnonzero((items.truth == TRUE) & (items.day > told.scope.as_of))
    return [
        Noted(
            "dated after the check",
            _id(told),
            f"Dated {day_words(int(items.day[row]))}, after the day of the check: it does not "
            "count yet.",
            ((ItemRef(items.register, row), ""),),
        )
        for row in later.tolist()
    ]


def _other_period(told: Told, items: Items) -> list[Noted]:
    """An item that names a period of another kind (semantics.md, Pattern 1)."""
    version = told.scope.version(told.scope.current).version
    query, pattern = version.evidence, version.pattern
    if items.period is None or items.period_read is None or not isinstance(pattern, Periodic):
        return []
    assert query is not None
    rest = all_of(items.columns, query.asks)
    odd = np.flatnonzero((rest == TRUE) & items.period_read & (items.truth == UNKNOWN))
    words = f"Names a period that is no {pattern.period}, so it cannot be read for this duty."
    return [
        Noted("another kind of period", _id(told), words, ((_ref(items, row), query.period or ""),))
        for row in odd.tolist()
    ]


def _ref(items: Items, row: int) -> ItemRef:
    return ItemRef(items.register, row)


def _strays(told: Told) -> list[Noted]:
    words = (
        "It names no period and came after a deadline, before the next window opened: it was "
        "counted for the earlier window, late."
    )
    return [
        Noted("counted for an earlier window", _id(told), words, ((ItemRef(*stray), ""),))
        for stray in told.observed.strays
    ]


def _remarks(told: Told, version: Version) -> list[Noted]:
    """The rule's own remarks on the items that met it."""
    found: list[Noted] = []
    for remark in version.remarks:
        truth = {}
        for ref in sorted({ref for answer in told.answers for ref in answer.met_by}):
            if ref.register not in truth:
                truth[ref.register] = all_of(told.scope.register(ref.register), remark.where)
            if ref.register != NIL_RETURNS and truth[ref.register][ref.row] == TRUE:
                column = remark.where[0].column if remark.where else ""
                found.append(Noted("remark", _id(told), remark.say, ((ref, column),)))
    return found


def _standing(told: Told, version: Version) -> list[Noted]:
    """Several in place at once, and a newer one with an earlier end (semantics.md, Pattern 5)."""
    pattern = version.pattern
    if not isinstance(pattern, Standing) or version.subjects is not None:
        return []
    items = items_of(told.scope, told.scope.current)
    ends = ends_of(pattern, items.columns)
    rows = [
        row for row in items.counting(told.scope.as_of).tolist() if ends[row] >= told.scope.as_of
    ]
    rows.sort(key=lambda row: (int(items.day[row]), int(ends[row])))
    found = []
    for older, newer in pairwise(rows):
        if items.day[older] < items.day[newer] and ends[newer] < ends[older]:
            until = (
                "for good" if ends[older] >= FOR_EVER else f"until {day_words(int(ends[older]))}"
            )
            words = (
                f"The newer one ends on {day_words(int(ends[newer]))}, before the older one, which "
                f"is in place {until}: end the older one if it was replaced."
            )
            refs = ((_ref(items, newer), pattern.begins), (_ref(items, older), pattern.begins))
            found.append(Noted("newer one ends earlier", _id(told), words, refs))
    return found


def _re_agreed(told: Told, version: Version) -> list[Noted]:
    """A re-agreed date without the day it was agreed, or agreed after the old date had passed."""
    pattern = version.pattern
    if not isinstance(pattern, Completeness) or pattern.deadline is None:
        return []
    carried: Carried = pattern.deadline
    if not (carried.re_agreed_to and carried.re_agreed_on):
        return []
    columns = told.scope.register(pattern.records.register)
    rows = sorted({int(row) for row in told.observed.table["event_row"] if row >= 0})
    due = columns.days(carried.due)
    to, on = columns.days(carried.re_agreed_to), columns.days(carried.re_agreed_on)
    filled = columns.state(carried.re_agreed_to) != CellState.NOTHING
    words = (
        "A new date stands here, and not that it was agreed by the old date: the old date stands. "
        f"Fill '{carried.re_agreed_on}' with the day on which it was agreed."
    )
    return [
        Noted(
            "re-agreed date has no effect",
            _id(told),
            words,
            ((ItemRef(pattern.records.register, row), carried.re_agreed_to),),
        )
        for row in rows
        if filled[row] and (to[row] == NO_DAY or on[row] == NO_DAY or on[row] > due[row])
    ]


def _content(told: Told) -> list[Noted]:
    """An item that meets the other duty and not this one (semantics.md, Pattern 7)."""
    resolved = told.scope.version(told.scope.current)
    if not resolved.extra:
        return []
    version = resolved.version
    if version.evidence is None:
        return []
    columns = told.scope.register(version.evidence.register)
    others = [each for each in version.evidence.asks if each not in resolved.extra]
    base, more = all_of(columns, others), all_of(columns, resolved.extra)
    column = resolved.extra[0].column
    words = "Meets the duty that this one adds to, and lacks what this one asks of it."
    dated = version.evidence.dated
    day = columns.days(dated) if dated else np.zeros(len(columns), dtype=np.int64)
    rows = np.flatnonzero((base == TRUE) & (more == FALSE) & (day <= told.scope.as_of))
    return [
        Noted(
            "content lacking",
            _id(told),
            words,
            ((ItemRef(version.evidence.register, row), column),),
        )
        for row in rows.tolist()
    ]


def _nil_contradicted(told: Told, columns: AllColumns, version: Version) -> list[Noted]:
    """A nil return beside a real row of the same period (semantics.md, Nil return)."""
    scope, pattern = told.scope, version.pattern
    listing = events_of(version)
    if isinstance(pattern, Periodic) and pattern.nil_return:
        items = items_of(scope, scope.current)
        nil, days, register = pattern.nil_return, items.day, items.register
        rows = items.counting(scope.as_of).tolist()
    elif listing and listing.nil_return:
        own = scope.register(listing.register)
        nil, days, register = listing.nil_return, own.days(listing.dated), listing.register
        rows = np.flatnonzero((all_of(own, listing.asks) == TRUE) & (days <= scope.as_of)).tolist()
    else:
        return []
    words = "A nil return says that there was nothing in this period, and a row says otherwise."
    return [
        Noted(
            "nil return contradicted",
            _id(told),
            words,
            ((ItemRef(NIL_RETURNS, each.row), "period"), (ItemRef(register, row), "")),
        )
        for each in nil_rows(columns, nil, scope.as_of)
        for row in rows
        if period_starts(each.period) <= days[row] <= period_ends(each.period)
    ]


def shown(noted: Noted, columns: AllColumns) -> FindingShown:
    """The finding with its places in words."""
    places = tuple(
        place_words(_columns(columns, ref).table.place(ref.row, column or None))
        for ref, column in noted.refs
    )
    return FindingShown(noted.kind, noted.duty, noted.message, places)


def _columns(columns: AllColumns, ref: ItemRef) -> Columns:
    return columns[ref.register]
