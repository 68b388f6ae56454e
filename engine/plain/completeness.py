"""Completeness (semantics.md, Patterns, 6): each record carries what it must, by its deadline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engine.outcome import Answer, ItemRef, Status
from engine.plain.case import Case, Done, answer, events_asked, settle, untold
from engine.plain.conditions import applies_on, truths
from engine.plain.days import after
from engine.plain.lists import Event
from rules.patterns import Completeness
from rules.resolve import Resolved


class _Records:
    """What a version asks of every record: whether each row carries it all, the days that must be
    there, and its deadline, so long after its own day or as it carries it."""

    def __init__(self, case: Case, version: Resolved) -> None:
        pattern = version.version.pattern
        assert isinstance(pattern, Completeness)
        sheet, carried = case.sheets.of(pattern.records.register), pattern.deadline
        self._as_of = case.as_of
        self._register, self._within = pattern.records.register, pattern.within
        self._whole = truths(sheet, pattern.asks)
        self._done_on = [sheet.days(name) for name in pattern.done_on]
        self._due = sheet.days(carried.due) if carried else None
        self._re_agreed_to = sheet.days(carried.re_agreed_to if carried else None)
        self._re_agreed_on = sheet.days(carried.re_agreed_on if carried else None)

    def deadline(self, record: Event) -> date | None:
        """The deadline of a record; None where the day that it carries cannot be read. A re-agreed
        one replaces it from the day on which it was agreed, where that is not after the old."""
        if self._due is None:
            return after(record.day, self._within)
        due, to = self._due[record.row], self._re_agreed_to[record.row]
        on = self._re_agreed_on[record.row]
        return to if due and to and on and on <= min(due, self._as_of) else due

    def done(self, record: Event) -> Done | None:
        """When the record was complete, by the as-of date: on the latest of the dates that it must
        carry, also before it opens; with no such dates, on its own day."""
        if self._whole[record.row] is not True:
            return None
        days = [column[record.row] for column in self._done_on]
        carried = [day for day in days if day is not None]
        when = max(carried, default=record.day)
        if len(carried) < len(days) or when > self._as_of:
            return None
        return Done(when, (ItemRef(self._register, record.row),))


def judge_records(case: Case) -> Iterable[Answer]:
    """Every obligation about a record."""
    events, unclear = events_asked(case)
    yield from unclear
    records = {version.begins: _Records(case, version) for version in case.versions}
    for version, record in events:
        yield _judge(case, records, version, record)


def _judge(
    case: Case, records: Mapping[date, _Records], version: Resolved, record: Event
) -> Answer:
    """A record dated after the as-of date is not yet due."""
    key = case.key(event=record.key)
    asked = applies_on(case.sheets, version.version.applies, record.day)
    if not asked:
        return untold(version, key, asked)
    asked_of = records[version.begins]
    deadline = case.held(
        version,
        asked_of.deadline(record),
        lambda each: records[each.begins].deadline(record),
    )
    if deadline is None:
        return untold(version, key)
    window, done = (record.day, deadline), asked_of.done(record)
    if done is None and record.day > case.as_of:
        left = (deadline - case.as_of).days
        return answer(version, key, Status.NOT_YET_DUE, window, days=left)
    return settle(case, version, key, window, done, done and done.when)
