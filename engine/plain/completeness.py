"""Completeness (semantics.md, Patterns, 6): each record carries what it must, by its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.outcome import Answer, ItemRef, Status
from engine.plain.case import Case, Done, cannot_tell, owed, settle, unasked
from engine.plain.conditions import applies_on, truths
from engine.plain.days import after
from engine.plain.lists import Event
from engine.plain.sheet import Sheet, Truth
from rules.patterns import Carried, Completeness
from rules.resolve import Resolved
from rules.span import Span


@dataclass(frozen=True, slots=True)
class Records:
    """What a version asks of every record, looked up once: whether each row carries it all, and
    the days that must be there."""

    case: Case
    version: Resolved
    register: str
    whole: Sequence[Truth]
    done_on: tuple[Sequence[date | None], ...]


def records_of(case: Case, version: Resolved, pattern: Completeness) -> Records:
    """What a version, whose pattern that is, asks of the rows of its register."""
    sheet = case.sheets.of(pattern.records.register)
    days = tuple(sheet.days(name) for name in pattern.done_on)
    return Records(case, version, sheet.register, truths(sheet, pattern.asks), days)


def judge_record(asked_of: Records, record: Event) -> Answer:
    """The obligation about one record. Done on the latest of the dates that it must carry, also
    before it opens; a record dated after the as-of date is not yet due."""
    case, version = asked_of.case, asked_of.version
    key = case.key(event=record.key)
    asked = applies_on(case.sheets, version.version.applies, record.day)
    if not asked:
        return unasked(version, key, asked)
    deadline = case.held(version, lambda each: _deadline(case, each, record))
    if deadline is None:
        return cannot_tell(version, key)
    window = record.day, deadline
    done = _done(asked_of, record)
    last_done = done.when if done else None
    if done is None and record.day > case.as_of:
        return owed(case, version, key, Status.NOT_YET_DUE, window, last_done)
    return settle(case, version, key, window, done, last_done)


def _deadline(case: Case, version: Resolved, record: Event) -> date | None:
    """A grace after the record's own day, or the day that the record carries; None where that
    day cannot be read, or the version is not about records."""
    pattern = version.version.pattern
    if not isinstance(pattern, Completeness):
        return None
    if pattern.deadline is not None:
        sheet = case.sheets.of(pattern.records.register)
        return _carried(case, sheet, pattern.deadline, record.row)
    return after(record.day, pattern.within or Span(0, "days"))


def _carried(case: Case, sheet: Sheet, carried: Carried, row: int) -> date | None:
    """The day that the record carries, or a re-agreed one from the day on which it was agreed,
    where that day is given and is not after the old date."""
    due = sheet.days(carried.due)[row]
    if due is None or carried.re_agreed_to is None or carried.re_agreed_on is None:
        return due
    to, on = sheet.days(carried.re_agreed_to)[row], sheet.days(carried.re_agreed_on)[row]
    if to is None or on is None:
        return due
    return to if on <= min(due, case.as_of) else due


def _done(asked_of: Records, record: Event) -> Done | None:
    """When the record was complete, by the as-of date; with no dates that it must carry, on its
    own day."""
    if asked_of.whole[record.row] is not True:
        return None
    days = [column[record.row] for column in asked_of.done_on]
    carried = [day for day in days if day is not None]
    when = max(carried, default=record.day)
    if len(carried) < len(days) or when > asked_of.case.as_of:
        return None
    return Done(when, (ItemRef(asked_of.register, record.row),))
