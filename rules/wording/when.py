"""When a duty asks for what it asks: the first half of its sentence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evidence.register import PeriodKind
from rules.model import Version
from rules.pattern import BeforeEvent, Completeness, Events, Periodic, Rolling, Standing, Triggered
from rules.subject import Population
from rules.wording.words import Registers, column_told, day_told

#: The days of each whole period and of each part of a financial year.
_DAYS: Mapping[str, str] = MappingProxyType(
    {
        "financial year": ", between 1 April and 31 March",
        "calendar year": ", between 1 January and 31 December",
        "quarter": " (April to June, July to September, October to December, January to March)",
        "month": ", between its first day and its last",
        "Q1": ", between 1 April and 30 June",
        "Q2": ", between 1 July and 30 September",
        "Q3": ", between 1 October and 31 December",
        "Q4": ", between 1 January and 31 March",
    }
)
_BEFORE: Mapping[PeriodKind, str] = MappingProxyType(
    {
        "financial year": "for 2027/28 from 1 April 2026 to 31 March 2027",
        "calendar year": "for 2027 from 1 January to 31 December 2026",
        "quarter": "for July to September from 1 April to 30 June",
        "month": "for July from 1 to 30 June",
    }
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One version that is being told: the version, its first day, the day on which its duty came
    into force, the registers it names, and 'must' or 'should'."""

    version: Version
    begins: datetime.date
    in_force: datetime.date
    registers: Registers
    must: str


def when_told(telling: Telling) -> str:
    """When it is to be done, as the beginning of a sentence without its capital. 'Its' is of the
    event or record that the sentence speaks of."""
    pattern = telling.version.pattern
    if isinstance(pattern, Periodic):
        return _periodic(pattern)
    if isinstance(pattern, Rolling):
        return _rolling(pattern, telling)
    if isinstance(pattern, Triggered):
        return _triggered(pattern)
    if isinstance(pattern, BeforeEvent):
        return _before(pattern)
    if isinstance(pattern, Standing):
        return "at all times"
    assert isinstance(pattern, Completeness)
    return _record(pattern)


def _periodic(pattern: Periodic) -> str:
    if pattern.before:
        return (
            f"before every {pattern.period} begins, in the {pattern.period} before it "
            f"({_BEFORE[pattern.period]})"
        )
    return f"once in every {pattern.period}{_DAYS[pattern.part or pattern.period]}"


def _rolling(pattern: Rolling, telling: Telling) -> str:
    joins = isinstance(telling.version.subjects, Population)
    span = pattern.first or pattern.every
    in_force = day_told(telling.in_force)
    later = telling.begins > telling.in_force  # a version moves no deadline to before its own day
    moved = f", or by {day_told(telling.begins)} if that is later" if later else ""
    if pattern.first_deadline is None:
        first = f"within {span} after {'joining' if joins else in_force}{moved}"
    else:
        first = f"by {day_told(max(pattern.first_deadline, telling.begins))}"
        if joins:
            first = f"within {span} after joining{moved} ({first} for those there on {in_force})"
    return f"at most {pattern.every} after the last time, and the first time {first}"


def _triggered(pattern: Triggered) -> str:
    event = pattern.event
    day = _day_of(event) if isinstance(event, Events) else "the day of joining"
    if pattern.within is None:
        return f"within a time of its own after {day}"
    return f"within {pattern.within} after {day}" if pattern.within.count else f"on {day}"


def _day_of(events: Events) -> str:
    return f"the day in its {column_told(events.dated)}"


def _before(pattern: BeforeEvent) -> str:
    until = f"at least {pattern.by} before" if pattern.by and pattern.by.count else "by"
    said = [f"{until} {_day_of(pattern.event)}"]
    if pattern.no_earlier is not None:
        said.append(f"no earlier than {pattern.no_earlier} before it")
    if pattern.since_previous:
        said.append("after the day of the one before it")
    return ", and ".join(said)


def _record(pattern: Completeness) -> str:
    if pattern.deadline is not None:
        return f"by the day in its {column_told(pattern.deadline.due)}"
    day, span = _day_of(pattern.records), pattern.within
    return f"within {span} after {day}" if span is not None and span.count else f"by {day}"
