"""Findings about the rows that one duty reads: single items, and rows seen beside one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import FALSE, TRUE, UNKNOWN, all_of, listed, named_anywhere
from engine.columns.days import FOR_EVER, NO_DAY, Flags, Ints
from engine.columns.nil_returns import REGISTER as NIL_RETURNS
from engine.columns.nil_returns import nil_rows
from engine.columns.periods import period_ends, period_kind, period_starts
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.noted import Noted, at
from engine.frames.content import lacking
from engine.frames.items import Items, evidence_register
from engine.frames.lists import planned_without_day
from engine.frames.observe import items_of
from engine.frames.periodic import raw_cells
from engine.frames.scope import Scope
from engine.frames.standing import ends_of
from engine.outcome import ItemRef
from engine.proof.phrases import day_words
from engine.proof.role_words import Role, role_of
from evidence.table import CellState
from rules.model import Version
from rules.patterns import Completeness, Events, Standing


def duty_findings(duty: EvaluatedDuty, columns: AllColumns) -> Iterator[Noted]:
    """What the rows that one duty reads ask a person to look at."""
    version = duty.scope.version(duty.scope.current).version
    if version.evidence is not None:
        for member, items in _selections(duty, version):
            dated, certain = version.dated_by(member), np.asarray(items.truth == TRUE)
            yield from _dated_later(duty, items.columns, dated, items.day, certain)
            yield from _other_period(duty, version, items)
        words = (
            "This row names no period, and its date is after one deadline and before the next "
            "period begins. It was counted for the earlier period, as late."
        )
        for stray in duty.observed.windows.between:
            yield Noted("counted for an earlier window", duty.id, words, at(*stray, ""))
    if isinstance(version.pattern, Completeness):
        records = duty.scope.register(version.pattern.records.register)
        mine = np.isin(np.arange(len(records)), _listed_rows(duty))
        for name in version.pattern.done_on:
            yield from _dated_later(duty, records, name, records.days(name), mine)
    yield from _remarks(duty, version)
    yield from _standing(duty, version)
    yield from _re_agreed(duty, version)
    yield from _content(duty)
    yield from _nil_contradicted(duty, columns, version)


def _selections(duty: EvaluatedDuty, version: Version) -> list[tuple[int, Items]]:
    """The evidence selected, by member of the fixed list (-1 without one)."""
    scope = duty.scope
    members = enumerate(version.members) if version.members else [(-1, None)]
    return [(number, items_of(scope, scope.current, each)) for number, each in members]


def _listed_rows(duty: EvaluatedDuty) -> list[int]:
    """The rows that list the events or records that the duty's obligations are about."""
    return sorted({obligation.event_row for obligation in duty.observed.obligations} - {-1})


def _dated_later(
    duty: EvaluatedDuty, columns: Columns, dated: str, days: Ints, rows: Flags
) -> Iterator[Noted]:
    """An item dated after D does not count, and is a finding (semantics.md, Evidence); not where
    the register expects days to come, such as those of planned meetings."""
    spec = columns.table.register
    if spec.column(dated).planned:
        return
    for row in np.flatnonzero(rows & (days > duty.scope.as_of_day)).tolist():
        day = day_words(int(days[row]))
        words = f"Dated {day}, after the day of the check. It does not count yet."
        yield Noted("dated after the check", duty.id, words, at(spec.id, row, dated))


def _other_period(duty: EvaluatedDuty, version: Version, items: Items) -> Iterator[Noted]:
    """An item that names a period of another kind (semantics.md, Pattern 1), whatever else of it
    cannot be read."""
    query, kind = version.query, version.pattern.period_kind
    if items.period is None or items.period_read is None or kind is None:
        return
    rest = all_of(items.columns, query.asks)
    other = [isinstance(label, str) and period_kind(label) != kind for label in items.period]
    unknown = (rest == TRUE) & (items.truth == UNKNOWN)
    odd = np.flatnonzero(unknown & items.period_read & np.array(other, dtype=np.bool_))
    words = f"The period here is not a {kind}, so this duty cannot use the row. Enter a {kind}."
    for row in odd.tolist():
        place = at(items.register, row, query.period or "")
        yield Noted("another kind of period", duty.id, words, place)


def _remarks(duty: EvaluatedDuty, version: Version) -> Iterator[Noted]:
    """The rule's own remarks on the items that met it."""
    refs = sorted({ref for answer in duty.answers for ref in answer.met_by})
    registers = {ref.register for ref in refs} - {NIL_RETURNS}
    for remark in version.remarks:
        column = remark.where[0].column if remark.where else ""
        truths = {name: all_of(duty.scope.register(name), remark.where) for name in registers}
        for register, row in refs:
            if register in truths and truths[register][row] == TRUE:
                yield Noted("remark", duty.id, remark.say, at(register, row, column))


# Rows beside one another ------------------------------------------------------------------------


def undated_events(duties: Iterable[EvaluatedDuty]) -> list[Noted]:
    """Planned events without a day, of which no other row says that they were held, once for each
    row (semantics.md, Evidence: A planned event)."""
    found: dict[ItemRef, Noted] = {}
    for duty in duties:
        events = duty.scope.version(duty.scope.current).version.events
        if events is None or duty.observed.expansion.lacking:
            continue
        words = (
            f"This row has no date yet, so nothing is required. Enter its date in '{events.dated}'."
        )
        for row in _undated(duty.scope.register(events.register), events):
            ref = ItemRef(events.register, row)
            found[ref] = Noted("planned without a day", "", words, at(*ref, events.dated))
    return [found[ref] for ref in sorted(found)]


def _undated(columns: Columns, events: Events) -> list[int]:
    odd = planned_without_day(columns, events)
    if not odd.any():
        return []
    named, key = named_anywhere(columns), columns.values(columns.table.register.key or "")
    cancelled = columns.values(events.cancelled) if events.cancelled else [None] * len(columns)
    taken = listed(columns, events.asks) != FALSE
    return [
        row
        for row in np.flatnonzero(odd & taken).tolist()
        if cancelled[row] is not True and key[row] not in named
    ]


def _standing(duty: EvaluatedDuty, version: Version) -> Iterator[Noted]:
    """Several in place at once, and a newer one with an earlier end; of a role, a holder who did
    not end before the next began (semantics.md, Pattern 5)."""
    pattern = version.pattern
    if not isinstance(pattern, Standing) or version.population is not None:
        return
    for member, items in _selections(duty, version):
        role = role_of(duty.scope, version, duty.scope.current, member)
        if role is None:
            yield from _ending_earlier(duty, pattern, items)
        elif pattern.ends:
            yield from _not_ended(duty, role, pattern.ends)


def _not_ended(duty: EvaluatedDuty, role: Role, ends: str) -> Iterator[Noted]:
    """Each holder whose end is missing, or not before the day on which the next began."""
    columns, begins = role.columns, role.turns.begins
    state, end = columns.state(ends), columns.days(ends)
    rows = np.flatnonzero(role.turns.turn).tolist()
    for row in rows:
        following = min(
            (int(begins[each]) for each in rows if begins[each] > begins[row]), default=0
        )
        blank = state[row] == CellState.NOTHING
        if not following or not (blank or end[row] >= following):
            continue
        says = "has no end date" if blank else f"ends on {day_words(int(end[row]))}"
        words = (
            f"The next holder began on {day_words(following)}, but this row {says}. It counts "
            f"until {day_words(following - 1)}. Enter that date in '{ends}'."
        )
        place = at(columns.table.register.id, row, ends)
        yield Noted("holder not ended", duty.id, words, place)


def _ending_earlier(duty: EvaluatedDuty, pattern: Standing, items: Items) -> Iterator[Noted]:
    """Each one that ends before the one in place longest of those begun before it."""
    ends, as_of_day = ends_of(pattern, items.columns), duty.scope.as_of_day
    rows = [row for row in items.counting(as_of_day).tolist() if ends[row] >= as_of_day]
    rows.sort(key=lambda row: (int(items.day[row]), raw_cells(items.columns, row)))
    for newer in rows:
        begun = [row for row in rows if items.day[row] < items.day[newer]]
        older = max(begun, key=lambda row: int(ends[row]), default=newer)
        last = int(ends[older])
        if ends[newer] >= last:
            continue
        until = "indefinitely" if last >= FOR_EVER else f"until {day_words(last)}"
        words = (
            f"The newer row ends on {day_words(int(ends[newer]))}, before the older row, which "
            f"is in place {until}. End the older row if it was replaced."
        )
        refs = tuple((ItemRef(items.register, row), pattern.begins) for row in (newer, older))
        yield Noted("newer one ends earlier", duty.id, words, refs)


def _re_agreed(duty: EvaluatedDuty, version: Version) -> Iterator[Noted]:
    """A re-agreed date without the day it was agreed, or agreed after the old date had passed."""
    pattern = version.pattern
    carried = pattern.deadline if isinstance(pattern, Completeness) else None
    if not (version.events and carried and carried.re_agreed_to and carried.re_agreed_on):
        return
    columns = duty.scope.register(version.events.register)
    due, to, on = map(columns.days, (carried.due, carried.re_agreed_to, carried.re_agreed_on))
    filled = columns.state(carried.re_agreed_to) != CellState.NOTHING
    odd = filled & (due != NO_DAY) & ((to == NO_DAY) | (on == NO_DAY) | (on > due))
    words = (
        "There is a new date here, but nothing shows that it was agreed by the old date, so the "
        f"old date still applies. Enter the date of the agreement in '{carried.re_agreed_on}'."
    )
    for row in _listed_rows(duty):
        if odd[row]:
            place = at(version.events.register, row, carried.re_agreed_to)
            yield Noted("re-agreed date has no effect", duty.id, words, place)


def _content(duty: EvaluatedDuty) -> Iterator[Noted]:
    """An item that meets the other duty and not this one (semantics.md, Pattern 7)."""
    resolved = duty.scope.version(duty.scope.current)
    words = "This row meets the duty that this one adds to, but not what this one requires as well."
    column = resolved.extra[0].column if resolved.extra else ""
    for row in lacking(duty.scope).tolist():
        place = at(evidence_register(resolved.version), row, column)
        yield Noted("content lacking", duty.id, words, place)


def _nil_contradicted(
    duty: EvaluatedDuty, columns: AllColumns, version: Version
) -> Iterator[Noted]:
    """A nil return beside a real row of the same period (semantics.md, Nil return)."""
    scope, done, listing = duty.scope, version.pattern.nil, version.events
    if done is not None:
        nil, real = done, _named_periods(items_of(scope, scope.current), scope.as_of_day)
    elif listing and listing.nil_return:
        nil, real = listing.nil_return, _dated_rows(scope, listing)
    else:
        return
    words = "A nil return says that there was nothing in this period, but a row says otherwise."
    for row in nil_rows(columns, nil, scope.as_of_day):
        begins, ends = period_starts(row.period), period_ends(row.period)
        for ref, first, last in real:
            if begins <= first <= last <= ends:
                refs = ((ItemRef(NIL_RETURNS, row.row), "period"), (ref, ""))
                yield Noted("nil return contradicted", duty.id, words, refs)


def _named_periods(items: Items, as_of_day: int) -> list[tuple[ItemRef, int, int]]:
    """The qualifying items that name their period, each with its first and last day."""
    if items.period is None or items.period_read is None:
        return []
    rows = [row for row in items.counting(as_of_day).tolist() if items.period_read[row]]
    named = [(ItemRef(items.register, row), str(items.period[row])) for row in rows]
    return [(ref, period_starts(label), period_ends(label)) for ref, label in named]


def _dated_rows(scope: Scope, listing: Events) -> list[tuple[ItemRef, int, int]]:
    """The listed rows that happened by D, each with its day."""
    columns = scope.register(listing.register)
    days = columns.days(listing.dated)
    rows = np.flatnonzero(
        (all_of(columns, listing.asks) == TRUE) & (days <= scope.as_of_day)
    ).tolist()
    return [(ItemRef(listing.register, row), int(days[row]), int(days[row])) for row in rows]
