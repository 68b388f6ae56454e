"""Completeness: each record contains what the rule requires, by its deadline (semantics.md:
Completeness)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engine.outcome import Answer, ItemRef, ObligationKey, Status
from engine.plain.conditions import applies_on, truths
from engine.plain.days import after
from engine.plain.duty_as_of import Done, DutyAsOf, WindowBounds, make_answer, uncovered_answer
from engine.plain.lists import Event
from rules.patterns import Completeness
from rules.resolve import Resolved


class _Records:
    """The requirements of a version on every record: the cells to fill, and the deadline."""

    def __init__(self, duty: DutyAsOf, version: Resolved) -> None:
        pattern = version.rule.pattern
        assert isinstance(pattern, Completeness)
        sheet = duty.sheets.of(pattern.records.register)
        carried = pattern.deadline
        self._as_of = duty.as_of
        self._register = pattern.records.register
        self._within = pattern.within
        self._complete = truths(sheet, pattern.asks)
        self._done_on = [sheet.days(name) for name in pattern.done_on]
        self._due = sheet.days(carried.due) if carried else None
        self._re_agreed_to = sheet.days(carried.re_agreed_to if carried else None)
        self._re_agreed_on = sheet.days(carried.re_agreed_on if carried else None)

    def deadline(self, record: Event) -> date | None:
        """The deadline of a record; None if the record should give it and it cannot be read. A
        re-agreed deadline replaces the old one if it was agreed by the as-of date, and no later
        than the old one (reading-semantics.md: Records)."""
        if self._due is None:
            return after(record.day, self._within)
        due = self._due[record.row]
        agreed_to = self._re_agreed_to[record.row]
        agreed_on = self._re_agreed_on[record.row]
        if due and agreed_to and agreed_on and agreed_on <= min(due, self._as_of):
            return agreed_to
        return due

    def done(self, record: Event) -> Done | None:
        """When the record was complete, by the as-of date: on the latest of the dates that it must
        carry, also before it opens; with no such dates, on its own day."""
        if self._complete[record.row] is not True:
            return None
        carried = [day for column in self._done_on if (day := column[record.row]) is not None]
        when = max(carried, default=record.day)
        if len(carried) < len(self._done_on) or when > self._as_of:
            return None
        return Done(when, (ItemRef(self._register, record.row),))


def judge_records(duty: DutyAsOf, complete: Mapping[ObligationKey, Answer]) -> Iterable[Answer]:
    """Every obligation about a record. ``complete``: answers that stay as they are."""
    events, unclear = duty.covered_events()
    yield from unclear
    records = {version.begins: _Records(duty, version) for version in duty.versions}
    for version, record in events:
        key = duty.key(event=record.key)
        yield complete.get(key) or _judge(duty, records, version, record, key)


def _judge(
    duty: DutyAsOf,
    records: Mapping[date, _Records],
    version: Resolved,
    record: Event,
    key: ObligationKey,
) -> Answer:
    """The answer for one record. A record dated after the as-of date is not yet due."""
    applies = applies_on(duty.sheets, version.rule.applies, record.day)
    if not applies:
        return uncovered_answer(version, key, applies)
    deadline = duty.limit_deadline(
        version,
        records[version.begins].deadline(record),
        lambda other: records[other.begins].deadline(record),
    )
    if deadline is None:
        return make_answer(version, key, Status.CANNOT_TELL)
    window = WindowBounds(record.day, deadline)
    done = records[version.begins].done(record)
    if done is None and record.day > duty.as_of:
        days_left = (deadline - duty.as_of).days
        return make_answer(version, key, Status.NOT_YET_DUE, window, days=days_left)
    return duty.event_answer(version, key, window, done, last_done=done.day if done else None)
