"""Findings about the rows that one duty reads: single rows, and rows that contradict others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import AllColumns, Columns
from engine.columns.conditions import (
    FALSE,
    TRUE,
    UNKNOWN,
    all_of,
    any_of,
    listed,
    named_anywhere,
)
from engine.columns.days import Flags, Ints
from engine.columns.nil_returns import nil_rows
from engine.columns.periods import period_ends, period_kind, period_starts
from engine.day_number import FOR_EVER, NO_DAY
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.noted import Noted, cell
from engine.frames.content import rows_without_extra
from engine.frames.items import Items
from engine.frames.lists import planned_without_day
from engine.frames.observe import items_of
from engine.frames.periodic import raw_cells
from engine.frames.scope import Scope
from engine.frames.standing import ends_of
from engine.obligation import NO_MEMBER
from engine.outcome import ItemRef
from engine.proof.phrases import day_words, failure_words, thing_of
from engine.proof.role_words import Role, role_of
from evidence.cells.text import listed as listed_words
from evidence.cells.text import spaced_once
from evidence.register import NIL_RETURNS
from evidence.table import CellState, Table
from rules.condition import Condition, conditions_of
from rules.model import Version
from rules.patterns import Completeness, Events, Standing

#: A row without a reference has no more entries than a heading or a note.
_FEW_ENTRIES = 2


def duty_findings(duty: EvaluatedDuty, columns: AllColumns) -> Iterator[Noted]:
    """The findings about the rows that one duty reads."""
    scope = duty.scope
    version = scope.version(scope.version_number).rule
    selections = _selections(scope, version)
    listed_rows = sorted({obligation.event_row for obligation in duty.observed.obligations} - {-1})
    for member, items in selections.items():
        dated = version.dated_by(member)
        certain = np.asarray(items.truth == TRUE)
        yield from _dated_later(duty, items.columns, dated, items.day, certain)
        yield from _other_period(duty, version, items)
    yield from _between_periods(duty)
    if isinstance(version.pattern, Completeness):
        records = scope.register(version.pattern.records.register)
        of_duty = np.isin(np.arange(len(records)), listed_rows)
        for name in version.pattern.done_on:
            yield from _dated_later(duty, records, name, records.days(name), of_duty)
    yield from _remarks(duty, version)
    if isinstance(version.pattern, Standing) and version.population is None:
        for member, items in selections.items():
            role = role_of(scope, scope.version_number, member)
            if role is None:
                yield from _ending_earlier(duty, version.pattern, items)
            elif version.pattern.ends:
                yield from _not_ended(duty, role, version.pattern.ends)
    yield from _re_agreed(duty, version, listed_rows)
    yield from _content(duty)
    yield from _nil_contradicted(duty, columns, version)


def _selections(scope: Scope, version: Version) -> dict[int, Items]:
    """The items of the version in force, by member of the fixed list."""
    if version.evidence is None:
        return {}
    members = enumerate(version.members) if version.members else [(NO_MEMBER, None)]
    return {number: items_of(scope, scope.version_number, member) for number, member in members}


def _between_periods(duty: EvaluatedDuty) -> Iterator[Noted]:
    """The items that are dated between two periods and name neither."""
    for register, row in duty.observed.windows.between:
        table = duty.scope.register(register).table
        day = table.day(row, table.register.dated_by)
        beginning = f"Dated {day_words(day)}, between" if day else "Between"
        words = (
            f"{beginning} two periods and names neither. It was counted as late for the earlier"
            " one."
        )
        yield Noted("Counted for an earlier period", duty.id, words, cell(register, row, ""))


def _dated_later(
    duty: EvaluatedDuty, columns: Columns, dated: str, days: Ints, rows: Flags
) -> Iterator[Noted]:
    """The ``rows`` dated after D, which do not count (semantics.md: Evidence); none where the
    register expects days to come, such as those of planned meetings."""
    spec = columns.table.register
    if spec.column(dated).planned:
        return
    for row in np.flatnonzero(rows & (days > duty.scope.as_of_day)).tolist():
        day = day_words(int(days[row]))
        words = f"Dated {day}, after the day of the check. It does not count yet."
        yield Noted("Dated after the check", duty.id, words, cell(spec.id, row, dated))


def _other_period(duty: EvaluatedDuty, version: Version, items: Items) -> Iterator[Noted]:
    """The items that name a period of another kind, whatever other cells cannot be read
    (semantics.md: Patterns)."""
    query = version.query
    kind = version.pattern.period_kind
    if items.period is None or items.period_read is None or kind is None:
        return
    rest = all_of(items.columns, query.asks)
    other = [isinstance(label, str) and period_kind(label) != kind for label in items.period]
    unknown = (rest == TRUE) & (items.truth == UNKNOWN)
    rows = np.flatnonzero(unknown & items.period_read & np.array(other, dtype=np.bool_))
    words = f"Its period is not a {kind}, so it does not count for this duty. Enter a {kind}."
    for row in rows.tolist():
        place = cell(items.register, row, query.period or "")
        yield Noted("Another kind of period", duty.id, words, place)


def _remarks(duty: EvaluatedDuty, version: Version) -> Iterator[Noted]:
    """The rule's own remarks on the items that met it."""
    refs = sorted({ref for answer in duty.answers for ref in answer.met_by})
    registers = {ref.register for ref in refs} - {NIL_RETURNS}
    for remark in version.remarks:
        column = remark.where[0].column if remark.where else ""
        truths = {name: all_of(duty.scope.register(name), remark.where) for name in registers}
        for register, row in refs:
            if register in truths and truths[register][row] == TRUE:
                words = remark.say + _chosen(duty.scope.register(register), row, remark.where)
                yield Noted("Decision to note", duty.id, words, cell(register, row, column))


def _chosen(columns: Columns, row: int, where: Sequence[Condition]) -> str:
    """The value of a cell if the remark says only which value it is not, or that it has a code:
    ``: Policy Officer``; '' if the value is personal or sensitive."""
    register = columns.table.register
    for condition in where:
        spec = register.column(condition.column)
        if not (condition.none_of or (condition.filled and spec.type == "code")):
            continue
        if not (spec.personal or spec.sensitive):
            return f": {spaced_once(columns.table.columns[spec.name].raw[row])}"
    return ""


# Rows that contradict others ----------------------------------------------------------------------


def undated_events(duties: Iterable[EvaluatedDuty]) -> list[Noted]:
    """Planned events without a day that no other row names as held, once for each row
    (semantics.md: Evidence)."""
    findings: dict[ItemRef, Noted] = {}
    for duty in duties:
        events = duty.scope.version(duty.scope.version_number).rule.events
        if events is None or duty.observed.expansion.lacking:
            continue
        columns = duty.scope.register(events.register)
        table = columns.table
        for row in _undated(columns, events):
            heading = table.heading(row, events.dated)
            ref, thing = ItemRef(events.register, row), thing_of(events.register)
            if table.register.cancelled:  # an event, which may be planned and then called off
                kind = f"Planned {thing.lower()} has no date"
                words = f"Has no date yet, so nothing is required. Enter its date in '{heading}'."
            else:
                kind = f"{thing} has no date"
                unread = table.columns[events.dated].state[row] == CellState.UNREADABLE
                lacks = "cannot be read" if unread else "is blank"
                words = f"'{heading}' {lacks}, so no duty follows from it. Enter the date."
                doubtful = [
                    c.column for c in conditions_of(events.asks) if not columns.read(c.column)[row]
                ]
                if doubtful:
                    other = table.heading(row, doubtful[0])
                    words = (
                        f"'{heading}' {lacks}, and '{other}' cannot be read, so nothing shows"
                        f" whether a duty follows from it. First correct '{other}'."
                    )
            findings[ref] = Noted(kind, "", words, cell(*ref, events.dated))
    return [findings[ref] for ref in sorted(findings)]


def _undated(columns: Columns, events: Events) -> list[int]:
    undated = planned_without_day(columns, events)
    if not undated.any():
        return []
    named = named_anywhere(columns)
    key = columns.values(columns.table.register.key or "")
    undated &= listed(columns, events.asks) != FALSE
    if events.cancelled:
        undated &= ~columns.passing(events.cancelled, lambda value: value is True)
    rows = [row for row in np.flatnonzero(undated).tolist() if key[row] not in named]
    return [row for row in rows if not _is_note(columns.table, row)]


def _is_note(table: Table, row: int) -> bool:
    """Whether a row has so few entries that what is wrong with it is a problem of the sheet
    (evidence.sheets.lone_entries), such as a note below a table."""
    filled = sum(bool(column.raw[row].strip()) for column in table.columns.values())
    named = table.columns[table.register.key or ""].state[row] == CellState.READ
    return not named and filled <= _FEW_ENTRIES


def _not_ended(duty: EvaluatedDuty, role: Role, ends: str) -> Iterator[Noted]:
    """Each holder of a role with no end, or with an end that is not before the day on which the
    next holder began."""
    columns = role.columns
    begin_days = role.turns.begin_days
    state, end = columns.state(ends), columns.days(ends)
    rows = np.flatnonzero(role.turns.begun).tolist()
    for row in rows:
        later = [int(begin_days[next_]) for next_ in rows if begin_days[next_] > begin_days[row]]
        blank = state[row] == CellState.NOTHING
        if not later or not (blank or end[row] >= min(later)):
            continue
        says = "has no end date" if blank else f"ends on {day_words(int(end[row]))}"
        words = (
            f"The next holder began on {day_words(min(later))}, but this row {says}. It counts "
            f"until {day_words(min(later) - 1)}. Enter that date in "
            f"'{columns.table.heading(row, ends)}'."
        )
        place = cell(columns.table.register.id, row, ends)
        yield Noted("Role still held", duty.id, words, place)


def _ending_earlier(duty: EvaluatedDuty, pattern: Standing, items: Items) -> Iterator[Noted]:
    """Each row in place that ends before a row that began earlier. It is compared with the row that
    is in place longest of these (semantics.md: Patterns)."""
    ends = ends_of(pattern, items.columns)
    as_of_day = duty.scope.as_of_day
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
            f"The newer record ends on {day_words(int(ends[newer]))}, before the older one, which "
            f"is in place {until}. End the older one if it was replaced."
        )
        refs = tuple((ItemRef(items.register, row), pattern.begins) for row in (newer, older))
        yield Noted("Dates conflict", duty.id, words, refs)


def _re_agreed(
    duty: EvaluatedDuty, version: Version, listed_rows: Sequence[int]
) -> Iterator[Noted]:
    """A re-agreed date without the day it was agreed, or agreed after the old date had passed."""
    pattern = version.pattern
    carried = pattern.deadline if isinstance(pattern, Completeness) else None
    if not (version.events and carried and carried.re_agreed_to and carried.re_agreed_on):
        return
    columns = duty.scope.register(version.events.register)
    due, to, on = map(columns.days, (carried.due, carried.re_agreed_to, carried.re_agreed_on))
    filled = columns.state(carried.re_agreed_to) != CellState.NOTHING
    unagreed = filled & (due != NO_DAY) & ((to == NO_DAY) | (on == NO_DAY) | (on > due))
    for row in listed_rows:
        if unagreed[row]:
            agreed, old = int(on[row]), int(due[row])
            heading = columns.table.heading(row, carried.re_agreed_on)
            words = (
                "Nothing shows that the new date was agreed by the old one, so the old one still "
                f"applies. If it was agreed in time, enter the day of the agreement in '{heading}'."
            )
            if to[row] != NO_DAY and agreed != NO_DAY:
                words = (
                    f"The new date was agreed on {day_words(agreed)}, after the old one of "
                    f"{day_words(old)}, which therefore still applies."
                )
            place = cell(version.events.register, row, carried.re_agreed_to)
            yield Noted("New date has no effect", duty.id, words, place)


def _content(duty: EvaluatedDuty) -> Iterator[Noted]:
    """The items that meet the other duty but not this one (semantics.md: Patterns)."""
    resolved = duty.scope.version(duty.scope.version_number)
    register = resolved.rule.evidence_register
    columns = duty.scope.register(register)
    for row in rows_without_extra(duty.scope).tolist():
        lacks = [ask for ask in resolved.extra if any_of(columns, ask)[row] == FALSE]
        failed = listed_words([failure_words(columns, ask) for ask in lacks])
        words = f"Does not count for this duty: {failed}. Correct the row, if it is wrong."
        place = cell(register, row, lacks[0].column)
        yield Noted("Record incomplete", duty.id, words, place)


class CoveredDays(NamedTuple):
    """A row with the first and the last day that it is about."""

    ref: ItemRef
    first: int
    last: int


def _nil_contradicted(
    duty: EvaluatedDuty, columns: AllColumns, version: Version
) -> Iterator[Noted]:
    """Each nil return with a row of the same period (semantics.md: Nil return)."""
    scope = duty.scope
    events = version.events
    rows: list[CoveredDays] = []
    if nil := version.pattern.nil:
        rows += _items_by_period(scope)
    elif events and (nil := events.nil_return):
        rows += _events_by_day(scope, events)
    if nil is None:
        return
    words = "It says that there was nothing in this period, but there is a row for the period."
    for nil_row in nil_rows(columns, nil, scope.as_of_day):
        begins = period_starts(nil_row.period)
        ends = period_ends(nil_row.period)
        for ref, first, last in rows:
            if begins <= first <= last <= ends:
                refs = ((ItemRef(NIL_RETURNS, nil_row.row), "period"), (ref, ""))
                yield Noted("Nil return contradicted", duty.id, words, refs)


def _items_by_period(scope: Scope) -> Iterator[CoveredDays]:
    """The items that name a period, each with the first and the last day of that period."""
    items = items_of(scope, scope.version_number)
    if items.period is None or items.period_read is None:
        return
    for row in items.counting(scope.as_of_day).tolist():
        if items.period_read[row]:
            label = str(items.period[row])
            ref = ItemRef(items.register, row)
            yield CoveredDays(ref, period_starts(label), period_ends(label))


def _events_by_day(scope: Scope, events: Events) -> Iterator[CoveredDays]:
    """The events that happened by D and were not cancelled, each with its day as the first and as
    the last day."""
    columns = scope.register(events.register)
    days = columns.days(events.dated)
    happened = (all_of(columns, events.asks) == TRUE) & (days <= scope.as_of_day)
    if events.cancelled:
        happened &= ~columns.passing(events.cancelled, lambda value: value is True)
    for row in np.flatnonzero(happened).tolist():
        day = int(days[row])
        yield CoveredDays(ItemRef(events.register, row), first=day, last=day)
