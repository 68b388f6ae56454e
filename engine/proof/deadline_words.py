"""How each window and deadline came to be, in words: anchor, interval, rule and result."""

from __future__ import annotations

import datetime

from engine.columns.days import add_one, as_date
from engine.obligation import Obligation
from engine.outcome import Answer, Past, Status
from engine.proof.phrases import day_words, place_words
from evidence.table import Evidence
from rules.model import Version
from rules.patterns import (
    BeforeEvent,
    Completeness,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)


def derivation(version: Version, answer: Answer, obligation: Obligation, evidence: Evidence) -> str:
    """A sentence such as 'last done on 3 May 2025 (office.xlsx!Training!E14) + 24 months = 3 May
    2027'; '' where the obligation has no window."""
    if answer.opens is None:
        return ""
    pattern = version.pattern
    if isinstance(pattern, Periodic):
        return _periodic(pattern, answer, obligation)
    if isinstance(pattern, Completeness):
        return _record(pattern, answer, obligation, evidence)
    if isinstance(pattern, Rolling | Standing):
        return _rolling(version, answer, obligation, evidence)
    return _event(version, answer, obligation, evidence)


def _periodic(pattern: Periodic, answer: Answer, obligation: Obligation) -> str:
    what = f"{pattern.part} of financial year" if pattern.part else pattern.period
    name = f"before {what} {answer.key.window}" if pattern.before else f"{what} {answer.key.window}"
    days = f"{day_words(answer.opens)} to {day_words(answer.deadline)}"
    grace = f", {pattern.grace} of grace included" if pattern.grace else ""
    text = f"{name}: {days}{grace}"
    since = as_date(obligation.since)
    if answer.status is Status.OVERDUE and since and since != answer.deadline:
        text += f"; missed since the window that closed on {day_words(since)}"
    return text


def _rolling(version: Version, answer: Answer, obligation: Obligation, evidence: Evidence) -> str:
    pattern = version.pattern
    anchor, day = obligation.anchor, obligation.anchor_day
    if anchor == "version":
        begins = day_words(answer.version)
        if answer.deadline and answer.deadline < answer.version:
            return (
                f"{day_words(answer.deadline)}, under the version before: it had passed when the "
                f"version of {begins} began, which did not move it"
            )
        return f"not before {begins}, the first day of the version that moved it"
    result = f" = {day_words(answer.deadline)}" if answer.deadline else ""
    if isinstance(pattern, Standing):
        if anchor != "end":
            return f"nothing in place since {day_words(day)}, when it was first asked"
        if answer.deadline is None:
            return "in place, with no end"
        return _ends(pattern, answer.deadline, obligation, evidence)
    assert isinstance(pattern, Rolling)
    if anchor == "own day":
        return f"the rule's own first deadline{result}"
    if anchor == "last done":
        at, items, query = "", obligation.met_rows, version.evidence
        if items and query and query.dated:
            place = evidence.tables[query.register].place(items[-1].row, query.dated)
            at = f" ({place_words(place)})"
        return f"last done on {day_words(day)}{at} + {pattern.every}{result}"
    first = pattern.first or pattern.every
    asked = "joined or flagged on" if anchor == "joined" else "in force from"
    where = _listed_at(obligation, version, evidence) if anchor == "joined" else ""
    return f"{asked} {day_words(day)}{where} + {first}{result}"


def _ends(
    pattern: Standing, deadline: datetime.date, obligation: Obligation, evidence: Evidence
) -> str:
    """Until when what stands counts, and what ends it: an end on record, the rule's cap, or the
    next holder of a role."""
    on_record = f"in place until {day_words(deadline)}, the latest end on record"
    if not obligation.met_rows:
        return on_record
    register, row = obligation.met_rows[-1]
    table = evidence.tables[register]
    ends = (name for name in (pattern.ends, pattern.review_by) if name)
    if any(table.columns[name].value[row] == deadline for name in ends):
        return on_record
    begun, cap = table.columns[pattern.begins].value[row], pattern.review_within
    last = f"counts until {day_words(deadline)}"
    if cap and isinstance(begun, datetime.date):
        at = place_words(table.place(row, pattern.begins))
        if as_date(add_one(begun.toordinal(), cap)) == deadline:
            began = f"{cap} after it began on {day_words(begun)} ({at})"
            return f"{last}, {began}, since it has no review"
    if table.register.one_holder_of:
        return f"{last}, the day before the next holder began"
    return on_record


def _listed_at(obligation: Obligation, version: Version, evidence: Evidence) -> str:
    number, subjects = obligation.subject_row, version.population
    if number < 0 or subjects is None:
        return ""
    table = evidence.tables[subjects.register]
    joins = table.columns[subjects.joins].value[number]
    flag = table.columns[subjects.flagged].value[number] if subjects.flagged else None
    column = subjects.joins
    if isinstance(flag, datetime.date) and isinstance(joins, datetime.date) and flag > joins:
        column = subjects.flagged or column
    return f" ({place_words(table.place(number, column))})"


def _event(version: Version, answer: Answer, obligation: Obligation, evidence: Evidence) -> str:
    pattern, day = version.pattern, obligation.event_day
    where = _event_at(version, obligation, evidence)
    if isinstance(pattern, BeforeEvent):
        by = f" - {pattern.by}" if pattern.by else ""
        opens = f"; not before {day_words(answer.opens)}"
        return f"event on {day_words(day)}{where}{by} = {day_words(answer.deadline)}{opens}"
    assert isinstance(pattern, Triggered)
    member = version.member(obligation.member)
    span = (member.within if member else None) or pattern.within
    words = f"event on {day_words(day)}{where} + {span} = {day_words(answer.deadline)}"
    if pattern.accepted_before and answer.opens:
        first = as_date(add_one(day, pattern.accepted_before, -1))
        if first and first < answer.opens:
            words += f"; what was done from {day_words(first)} on counts too"
    return words


def _event_at(version: Version, obligation: Obligation, evidence: Evidence) -> str:
    number, listed = obligation.event_row, version.events
    if number < 0 or listed is None:
        return _listed_at(obligation, version, evidence)
    place = evidence.tables[listed.register].place(number, listed.dated)
    return f" ({place_words(place)})"


def _record(
    pattern: Completeness, answer: Answer, obligation: Obligation, evidence: Evidence
) -> str:
    number = obligation.event_row
    table = evidence.tables[pattern.records.register]
    carried = pattern.deadline
    if carried is None:
        at = place_words(table.place(number, pattern.records.dated))
        day = day_words(obligation.event_day)
        return f"recorded on {day} ({at}) + {pattern.within} = {day_words(answer.deadline)}"
    agreed = obligation.anchor == "re-agreed"
    column = carried.re_agreed_to if agreed and carried.re_agreed_to else carried.due
    words = "re-agreed to" if agreed else "due on"
    return f"{words} {day_words(answer.deadline)} ({place_words(table.place(number, column))})"


def too_late(version: Version, obligation: Obligation, answer: Answer, on_day: int) -> bool:
    """Whether the rule asks for what only the event's own row can show, on the event's own day:
    once that has passed, nothing that is done later meets it (semantics.md, An obligation's status:
    overdue). A duty before an event may be overdue while its day is still to come. To correct a
    wrong row is another thing, and stays possible. ``on_day``: the day of the check."""
    if answer.status is not Status.OVERDUE or answer.past is not Past.CURRENT:
        return False
    query, listed = version.evidence, version.events
    if query is None or listed is None or not query.itself:
        return False
    passed = obligation.event_day < on_day
    return passed and version.dated_by(obligation.member) == listed.dated
