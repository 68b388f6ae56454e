"""Lint of a version's evidence: what dates an item, and what it is about."""

from __future__ import annotations

from evidence.register import Registers
from rules.lint.condition import lint_column
from rules.lint.rows import lint_rows, register_of
from rules.lint.subject import lint_link, lint_subject_link
from rules.model import Version
from rules.patterns import Events, EvidenceQuery, Pattern
from rules.patterns.rows import EVENT_KEYS
from rules.problem import Problems
from rules.yaml.source import At

_SINGLE = ("number", "code", "text", "key", "period", "day", "yes/no")


def lint_evidence(at: At, version: Version, registers: Registers) -> Problems:
    """What is wrong with a version's evidence; ``at`` is the version's place."""
    here, query, pattern = at / "evidence", version.evidence, version.pattern
    if not pattern.takes:
        if query is not None:
            message = f"A duty of the kind '{pattern.kind}' has no evidence of its own."
            yield here.problem(message, "Leave 'evidence' out.")
        return
    if query is None:
        message = "Nothing says what shows that the duty was done."
        yield at.problem(message, "Add 'evidence:' with a register.")
        return
    yield from lint_rows(here, query, registers)
    yield from _lint_keys(here, query, pattern)
    yield from _lint_dated(here, query, version)
    yield from _lint_columns(here, query, version, registers)
    yield from lint_subject_link(here, query, version, registers)
    yield from _lint_event_link(here, query, version, registers)


def _lint_keys(at: At, query: EvidenceQuery, pattern: Pattern) -> Problems:
    fields = type(query).model_fields
    for key in (*EVENT_KEYS, "period"):
        given = getattr(query, key)
        if given != fields[key].default and key not in pattern.takes:
            words = key.replace("_", " ")
            message = (
                f"'{words}' means nothing in the evidence of a duty of the kind '{pattern.kind}'."
            )
            yield (at / words).problem(message, "Leave it out.")
    if query.needed < 1:
        yield (at / "needed").problem("At least one item is needed.", "Write 1 or more.")
    if query.needed_from is not None and query.needed != 1:
        message = "'needed' and 'needed from' both say how many items it takes."
        yield (at / "needed from").problem(message, "Keep one of them.", at / "needed")
    if query.distinct is not None and query.needed_from is None and query.needed <= 1:
        message = "One item is enough, so there are no two that would have to differ."
        instead = "Add 'needed:' or 'needed from:', or leave 'distinct' out."
        yield (at / "distinct").problem(message, instead)


def _lint_dated(at: At, query: EvidenceQuery, version: Version) -> Problems:
    if query.dated is not None or "dated" not in version.pattern.takes:
        return
    if version.members and all(member.dated for member in version.members):
        return
    message = "Nothing says on which day an item was done."
    yield at.problem(message, "Add 'dated:' with a day column.")


def _lint_columns(at: At, query: EvidenceQuery, version: Version, registers: Registers) -> Problems:
    spec = register_of(query, registers)
    if spec is None:
        return
    if query.dated is not None:
        yield from lint_column(at / "dated", spec, query.dated, "day")
    if query.distinct is not None:
        yield from lint_column(at / "distinct", spec, query.distinct, *_SINGLE)
    period = version.pattern.period_kind
    if query.period is None or period is None:
        return
    yield from lint_column(at / "period", spec, query.period, "period")
    kinds = [kind for c in spec.columns if c.name == query.period for kind in c.periods]
    if kinds and period not in kinds:
        message = f"The column '{query.period}' of '{spec.id}' holds no {period}."
        yield (at / "period").problem(message, f"It holds: {', '.join(kinds)}.")


def _lint_event_link(
    at: At, query: EvidenceQuery, version: Version, registers: Registers
) -> Problems:
    pattern = version.pattern
    if pattern.by_joining:
        for key in ("event", "itself", "needed_from"):
            if getattr(query, key):
                words = key.replace("_", " ")
                message = f"'{words}' is for events in a register; joining is none."
                yield (at / words).problem(message, "Leave it out.")
        return
    if pattern.events is not None:
        yield from _lint_event_row(at, query, pattern.events, registers)
        yield from _lint_own_day(at, query, version, pattern.events)


def _lint_event_row(at: At, query: EvidenceQuery, events: Events, registers: Registers) -> Problems:
    spec, listed = register_of(query, registers), register_of(events, registers)
    if query.itself and query.event is not None:
        message = "The event's own row is the evidence, so no column needs to name it."
        yield (at / "event").problem(message, "Keep one of 'event' and 'itself'.", at / "itself")
    for key in ("needed", "needed_from"):
        if query.itself and getattr(query, key) not in (1, None):
            words = key.replace("_", " ")
            instead = f"Leave '{words}' out."
            yield (at / words).problem("The event has one row of its own.", instead)
    if listed is not None and query.needed_from is not None:
        yield from lint_column(at / "needed from", listed, query.needed_from, "number")
    if query.itself and query.register != events.register:
        message = f"The event's own row stands in '{events.register}', not in '{query.register}'."
        yield (at / "register").problem(message, f"Write 'register: {events.register}'.")
    elif spec is not None and listed is not None and query.event is not None:
        yield from lint_link(at / "event", spec, query.event, listed)


def _lint_own_day(at: At, query: EvidenceQuery, version: Version, events: Events) -> Problems:
    """That the event's own row shows more than that there was an event."""
    if not query.itself or query.dated != events.dated:
        return
    if version.pattern.ahead:
        message = "The event's own day does not show what was done before it."
        yield (at / "dated").problem(message, "Name the column with the day it was done.")
    elif not query.asks and not (version.members and all(m.where for m in version.members)):
        message = "Each event would meet the duty by having taken place."
        yield (at / "dated").problem(message, "Add 'where:', or name the day it was done.")
