"""How each window and deadline was worked out, in words."""

from __future__ import annotations

import datetime
from functools import lru_cache

from engine.columns.days import add_span
from engine.day_number import NO_DAY, as_date
from engine.obligation import Anchor, Obligation
from engine.outcome import Answer, Status
from engine.proof.phrases import day_words, place_words
from evidence.table import Evidence
from rules.model import Version
from rules.patterns import BeforeEvent, Completeness, Periodic, Rolling, Standing, Triggered
from rules.span import Span


def derivation(
    version: Version,
    answer: Answer,
    obligation: Obligation,
    evidence: Evidence,
    current: Version,
) -> str:
    """The working of the deadline, such as 'last completed on 3 May 2025 (office.xlsx!Training!E14)
    + 24 months = 3 May 2027'; '' where the obligation has no window. ``current``: the version on
    the day of the check, which differs from the one that judged it in a transition."""
    if answer.opens is None:
        return ""
    match version.pattern:
        case Periodic() as pattern:
            return _periodic(pattern, answer, obligation)
        case Completeness() as pattern:
            return _record(pattern, answer, obligation, evidence)
        case BeforeEvent() as pattern:
            return _before_event(pattern, version, answer, obligation, evidence)
        case Triggered() as pattern:
            return _triggered(pattern, version, answer, obligation, evidence)
        case Standing() as pattern:
            words = _by_version(version, answer, obligation)
            words = words or _standing(pattern, answer, obligation, evidence)
        case Rolling() as pattern:
            words = _by_version(version, answer, obligation)
            words = words or _rolling(pattern, version, answer, obligation, evidence)
        case other:  # A content duty is judged by the pattern of its base.
            raise TypeError(other)
    return words if version.from_ == current.from_ else _in_transition(words, obligation, current)


def _in_transition(words: str, obligation: Obligation, current: Version) -> str:
    """``words``, the working under the previous version, and why that version still judges the
    obligation. The reason alone if the transition gives the deadline."""
    by_old = (
        f"judged by the previous version until {day_words(current.transition_until)}, because it "
        f"was met on {day_words(current.from_)}"
    )
    return by_old if obligation.anchor is Anchor.TRANSITION else f"{words}; {by_old}"


def _periodic(pattern: Periodic, answer: Answer, obligation: Obligation) -> str:
    """``financial year 2025/26: 1 April 2025 to 28 April 2026, including 28 days of grace``, and
    since when periods were missed."""
    period = f"{pattern.part} of financial year" if pattern.part else pattern.period
    before = "before " if pattern.before else ""
    days = f"{day_words(answer.opens)} to {day_words(answer.deadline)}"
    grace = f", including {pattern.grace} of grace" if pattern.grace else ""
    text = f"{before}{period} {answer.key.window}: {days}{grace}"
    since = as_date(obligation.overdue_since)
    if answer.status is Status.OVERDUE and since and since != answer.deadline:
        text += f"; missed since the one that ended on {day_words(since)}"
    return text


def _record(
    pattern: Completeness, answer: Answer, obligation: Obligation, evidence: Evidence
) -> str:
    """The record's own day plus the time allowed, or the deadline that the record contains:
    ``'Due' 30 September 2026 (office.xlsx!Actions!F7)``."""
    row = obligation.event_row
    register = pattern.records.register
    carried = pattern.deadline
    if carried is None:
        day = _dated(evidence, register, row, pattern.records.dated, obligation.event_day)
        return f"{day}{_plus(pattern.within)} = {day_words(answer.deadline)}"
    agreed = obligation.anchor is Anchor.RE_AGREED
    column = carried.re_agreed_to if agreed and carried.re_agreed_to else carried.due
    deadline = answer.deadline.toordinal() if answer.deadline else NO_DAY
    return _dated(evidence, register, row, column, deadline)


def _by_version(version: Version, answer: Answer, obligation: Obligation) -> str:
    """The deadline where a transition or the first day of a version set it; '' elsewhere."""
    match obligation.anchor:
        case Anchor.TRANSITION:
            return _transition(version, answer)
        case Anchor.VERSION:
            return _change_of_version(answer)
        case _:
            return ""


def _transition(version: Version, answer: Answer) -> str:
    """The last day of the transition, or the deadline under the previous version if that is
    earlier."""
    met = f"because it was met on {day_words(version.from_)}"
    if answer.deadline == version.transition_until:
        return f"the last day of the transition, {met} under the previous version"
    return f"its deadline under the previous version, {met} under that version"


def _change_of_version(answer: Answer) -> str:
    """The first day of a new version, or the deadline under the previous version if that had
    already passed."""
    begins = day_words(answer.version_from)
    if answer.deadline and answer.deadline < answer.version_from:
        return (
            f"{day_words(answer.deadline)}, under the previous version of the rule; it had "
            f"passed when the version of {begins} began, so it did not change"
        )
    return f"not earlier than {begins}, the first day of the version that changed it"


def _standing(pattern: Standing, answer: Answer, obligation: Obligation, evidence: Evidence) -> str:
    """Until when what is in place counts, or since when nothing is in place."""
    if obligation.anchor is not Anchor.END:
        since = day_words(obligation.anchor_day)
        return f"nothing in place since {since}, when it was first required"
    if answer.deadline is None:
        return "in place, with no end date"
    return _end(pattern, answer.deadline, obligation, evidence)


def _rolling(
    pattern: Rolling, version: Version, answer: Answer, obligation: Obligation, evidence: Evidence
) -> str:
    """The day from which the time runs, the time, and the deadline: ``last completed on 3 May 2025
    (office.xlsx!Training!E14) + 24 months = 3 May 2027``."""
    day = obligation.anchor_day
    result = f" = {day_words(answer.deadline)}" if answer.deadline else ""
    match obligation.anchor:
        case Anchor.OWN_DAY:
            return f"the first deadline, set by the rule{result}"
        case Anchor.LAST_DONE:
            cell = _last_done_cell(version, obligation, evidence)
            return f"last completed on {day_words(day)}{cell} + {pattern.every}{result}"
        case Anchor.JOINED:
            start = _covered_from(obligation, version, evidence, day)
        case _:
            start = f"in force from {day_words(day)}"
    return f"{start}{_plus(pattern.first or pattern.every)}{result}"


def _last_done_cell(version: Version, obligation: Obligation, evidence: Evidence) -> str:
    """The place of the day on which an obligation was last done, in brackets; '' if no row gives
    it."""
    query = version.evidence
    items = obligation.met_rows
    if not items or query is None or not query.dated:
        return ""
    return _cell(evidence, query.register, items[-1].row, query.dated)


def _end(
    pattern: Standing, deadline: datetime.date, obligation: Obligation, evidence: Evidence
) -> str:
    """The end of a standing item in words: an end on record, the rule's cap, or the next holder."""
    on_record = f"in place until {day_words(deadline)}, the latest end date on record"
    if not obligation.met_rows:
        return on_record
    register, row = obligation.met_rows[-1]
    table = evidence.tables[register]
    if any(table.columns[name].value[row] == deadline for name in pattern.last_days):
        return on_record
    begun = table.columns[pattern.begins].value[row]
    cap = pattern.review_within
    last = f"counts until {day_words(deadline)}"
    if cap and isinstance(begun, datetime.date) and _shifted(begun.toordinal(), cap) == deadline:
        cell = _cell(evidence, register, row, pattern.begins)
        return f"{last}, {cap} after it began on {day_words(begun)}{cell}, because it has no review"
    if table.register.one_holder_of:
        return f"{last}, the day before the next holder began"
    return on_record


def _before_event(
    pattern: BeforeEvent,
    version: Version,
    answer: Answer,
    obligation: Obligation,
    evidence: Evidence,
) -> str:
    """``'Date held' 10 November 2026 (office.xlsx!Meetings!C21) - 14 days = 27 October 2026; not
    earlier than 12 August 2026``."""
    event = _event_day(version, obligation, evidence)
    by = f" - {pattern.by}" if pattern.by and pattern.by.count else ""
    opens = f"; not earlier than {day_words(answer.opens)}"
    return f"{event}{by} = {day_words(answer.deadline)}{opens}"


def _triggered(
    pattern: Triggered,
    version: Version,
    answer: Answer,
    obligation: Obligation,
    evidence: Evidence,
) -> str:
    """``'Start date' 5 January 2026 (office.xlsx!Staff!D9) + 28 days = 2 February 2026``, and from
    when an earlier item counts too."""
    member = version.member(obligation.member)
    span = (member.within if member else None) or pattern.within
    event = _event_day(version, obligation, evidence)
    words = f"{event}{_plus(span)} = {day_words(answer.deadline)}"
    if pattern.accepted_before and answer.opens:
        first = _shifted(obligation.event_day, pattern.accepted_before, sign=-1)
        if first and first < answer.opens:
            words += f"; anything done from {day_words(first)} counts too"
    return words


def _event_day(version: Version, obligation: Obligation, evidence: Evidence) -> str:
    """The event's own day with its cell, or the day of joining."""
    events = version.events
    if obligation.event_row < 0 or events is None:
        return _covered_from(obligation, version, evidence, obligation.event_day)
    row, day = obligation.event_row, obligation.event_day
    return _dated(evidence, events.register, row, events.dated, day)


def _covered_from(obligation: Obligation, version: Version, evidence: Evidence, day: int) -> str:
    """The day from which the duty covers the subject, with its cell if a row has it."""
    row = obligation.subject_row
    subjects = version.population
    if row < 0 or subjects is None:
        return f"in force from {day_words(day)}"
    column = subjects.joins
    if subjects.flagged:
        columns = evidence.tables[subjects.register].columns
        joins = columns[column].value[row]
        flag = columns[subjects.flagged].value[row]
        if isinstance(flag, datetime.date) and isinstance(joins, datetime.date) and flag > joins:
            column = subjects.flagged
    return _dated(evidence, subjects.register, row, column, day)


def _plus(span: Span | None) -> str:
    """' + 28 days'; '' for no days."""
    return f" + {span}" if span and span.count else ""


def _dated(evidence: Evidence, register: str, row: int, column: str, day: int) -> str:
    """A day under the heading of its cell: ``'Date held' 10 November 2026 (a.xlsx!Meetings!C21)``.
    If the cell has an earlier day, the duty was not in force then: ``in force from ...``."""
    table = evidence.tables[register]
    value = table.columns[column].value[row]
    heading = f"'{table.heading(row, column)}'"
    place = place_words(table.place(row, column))
    if isinstance(value, datetime.date) and value.toordinal() < day:
        return f"in force from {day_words(day)} ({heading} {day_words(value)}, {place})"
    return f"{heading} {day_words(day)} ({place})"


def _cell(evidence: Evidence, register: str, row: int, column: str) -> str:
    """The place of a cell in brackets, with a space before it."""
    return f" ({place_words(evidence.tables[register].place(row, column))})"


@lru_cache(maxsize=8192)  # many obligations are about events of few days
def _shifted(day: int, span: Span, *, sign: int = 1) -> datetime.date | None:
    """A day plus the span, or minus it with ``sign=-1``."""
    return as_date(add_span(day, span, sign=sign))
