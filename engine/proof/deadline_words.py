"""How each window and deadline came to be, in words: anchor, interval, rule and result."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from engine.columns.days import add_one, as_date
from engine.outcome import Answer, Status
from engine.proof.phrases import day_words, place_words
from evidence.table import Evidence, Typed
from rules.model import Version
from rules.patterns import (
    BeforeEvent,
    Completeness,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)

Row = Mapping[str, object]


def derivation(version: Version, answer: Answer, row: Row, evidence: Evidence) -> str:
    """A sentence such as 'last done on 3 May 2025 (office.xlsx!Training!E14) + 24 months = 3 May
    2027'; '' where the obligation has no window. ``row`` is what was found (frames.match)."""
    if answer.opens is None:
        return ""
    pattern = version.pattern
    if isinstance(pattern, Periodic):
        return _periodic(pattern, answer, row)
    if isinstance(pattern, Completeness):
        return _record(pattern, answer, row, evidence)
    if isinstance(pattern, Rolling | Standing):
        return _rolling(version, answer, row, evidence)
    return _event(version, answer, row, evidence)


def _periodic(pattern: Periodic, answer: Answer, row: Row) -> str:
    what = f"{pattern.part} of financial year" if pattern.part else pattern.period
    name = f"before {what} {answer.key.window}" if pattern.before else f"{what} {answer.key.window}"
    days = f"{_said(answer.opens)} to {_said(answer.deadline)}"
    grace = f", {pattern.grace} of grace included" if pattern.grace else ""
    text = f"{name}: {days}{grace}"
    since = as_date(_whole(row["since"]))
    if answer.status is Status.OVERDUE and since and since != answer.deadline:
        text += f"; missed since the window that closed on {day_words(since)}"
    return text


def _rolling(version: Version, answer: Answer, row: Row, evidence: Evidence) -> str:
    pattern = version.pattern
    anchor, day = str(row["anchor"]), _whole(row["anchor_day"])
    if anchor == "version":
        begins = day_words(answer.version)
        return f"not before {begins}, the first day of the version that moved it"
    result = f" = {_said(answer.deadline)}" if answer.deadline else ""
    if isinstance(pattern, Standing):
        if anchor != "end":
            return f"nothing in place since {day_words(day)}, when it was first asked"
        if answer.deadline is None:
            return "in place, with no end"
        return _ends(version, pattern, answer.deadline, row, evidence)
    assert isinstance(pattern, Rolling)
    if anchor == "own day":
        return f"the rule's own first deadline{result}"
    if anchor == "last done":
        at = _met_at(row, version, evidence)
        return f"last done on {day_words(day)}{at} + {pattern.every}{result}"
    first = pattern.first or pattern.every
    asked = "joined or flagged on" if anchor == "joined" else "in force from"
    where = _listed_at(row, version, evidence) if anchor == "joined" else ""
    return f"{asked} {day_words(day)}{where} + {first}{result}"


def _ends(
    version: Version, pattern: Standing, deadline: datetime.date, row: Row, evidence: Evidence
) -> str:
    """Until when what stands counts, and what ends it: an end on record, the rule's cap, or the
    next holder of a role."""
    rows, query = row["met_rows"], version.evidence
    on_record = f"in place until {_said(deadline)}, the latest end on record"
    if not rows or query is None:
        return on_record
    assert isinstance(rows, tuple)
    table = evidence.tables[query.register]
    own = [table.columns[name].value[rows[-1]] for name in _end_columns(pattern)]
    if deadline in own:
        return on_record
    begun, cap = table.columns[pattern.begins].value[rows[-1]], pattern.review_within
    last = f"counts until {_said(deadline)}"
    begins = begun.toordinal() if isinstance(begun, datetime.date) else 0
    if cap and begins and as_date(add_one(begins, cap)) == deadline:
        at = place_words(table.place(rows[-1], pattern.begins))
        return f"{last}, {cap} after it began on {day_words(begins)} ({at}), since it has no review"
    if table.register.one_holder_of:
        return f"{last}, the day before the next holder began"
    return on_record


def _end_columns(pattern: Standing) -> list[str]:
    return [name for name in (pattern.ends, pattern.review_by) if name]


def _met_at(row: Row, version: Version, evidence: Evidence) -> str:
    rows = row["met_rows"]
    query = version.evidence
    if not rows or query is None or not query.dated:
        return ""
    assert isinstance(rows, tuple)
    place = evidence.tables[query.register].place(rows[-1], query.dated)
    return f" ({place_words(place)})"


def _listed_at(row: Row, version: Version, evidence: Evidence) -> str:
    number, subjects = _whole(row["subject_row"]), version.population
    if number < 0 or subjects is None:
        return ""
    table = evidence.tables[subjects.register]
    joins = table.columns[subjects.joins].value[number]
    flagged = subjects.flagged
    later = flagged is not None and _is_later(table.columns[flagged].value[number], joins)
    return f" ({place_words(table.place(number, flagged if later else subjects.joins))})"


def _is_later(one: Typed, other: Typed) -> bool:
    return isinstance(one, datetime.date) and isinstance(other, datetime.date) and one > other


def _event(version: Version, answer: Answer, row: Row, evidence: Evidence) -> str:
    pattern, day = version.pattern, _whole(row["event_day"])
    where = _event_at(version, row, evidence)
    if isinstance(pattern, BeforeEvent):
        by = f" - {pattern.by}" if pattern.by else ""
        opens = f"; not before {_said(answer.opens)}"
        return f"event on {day_words(day)}{where}{by} = {_said(answer.deadline)}{opens}"
    assert isinstance(pattern, Triggered)
    member = version.member(_whole(row["member"]))
    span = (member.within if member else None) or pattern.within
    words = f"event on {day_words(day)}{where} + {span} = {_said(answer.deadline)}"
    if pattern.accepted_before and answer.opens:
        first = as_date(add_one(day, pattern.accepted_before, -1))
        if first and first < answer.opens:
            words += f"; what was done from {_said(first)} on counts too"
    return words


def _event_at(version: Version, row: Row, evidence: Evidence) -> str:
    number, listed = _whole(row["event_row"]), version.events
    if number < 0 or listed is None:
        return _listed_at(row, version, evidence)
    place = evidence.tables[listed.register].place(number, listed.dated)
    return f" ({place_words(place)})"


def _record(pattern: Completeness, answer: Answer, row: Row, evidence: Evidence) -> str:
    number = _whole(row["event_row"])
    table = evidence.tables[pattern.records.register]
    carried = pattern.deadline
    if carried is None:
        at = place_words(table.place(number, pattern.records.dated))
        day = day_words(_whole(row["event_day"]))
        return f"recorded on {day} ({at}) + {pattern.within} = {_said(answer.deadline)}"
    agreed = row["anchor"] == "re-agreed"
    column = carried.re_agreed_to if agreed and carried.re_agreed_to else carried.due
    words = "re-agreed to" if agreed else "due on"
    return f"{words} {_said(answer.deadline)} ({place_words(table.place(number, column))})"


def _said(day: datetime.date | None) -> str:
    return day_words(day) if day is not None else "no day"


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
