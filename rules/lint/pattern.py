"""Lint of each pattern: spans that fit each other, columns that exist, parts that go together."""

from __future__ import annotations

from rules.draft import Problems, Registers
from rules.lint.condition import lint_any_of, lint_column, lint_where
from rules.lint.rows import (
    lint_apart,
    lint_listing,
    lint_needed,
    lint_nil_return,
    register_of,
)
from rules.model import Version
from rules.pattern import (
    BeforeEvent,
    Carried,
    Completeness,
    Events,
    Joining,
    Periodic,
    Rolling,
    Standing,
    Triggered,
)
from rules.span import Span
from rules.subject import FixedList, Population
from rules.yaml.source import At

_SHORTEST = {"financial year": 365, "calendar year": 365, "quarter": 90, "month": 28}


def lint_pattern(at: At, version: Version, registers: Registers) -> Problems:
    """What is wrong with a version's pattern; ``at`` is the version's place."""
    pattern, here = version.pattern, at / "pattern"
    match pattern:
        case Periodic():
            yield from _lint_periodic(here, pattern, version, registers)
        case Rolling():
            yield from _lint_rolling(here, pattern)
        case Triggered():
            yield from _lint_triggered(here, pattern, version, registers)
        case BeforeEvent():
            yield from _lint_before(here, pattern, registers)
        case Standing():
            yield from _lint_standing(here, pattern, version, registers)
        case Completeness():
            yield from _lint_completeness(here, pattern, registers)
        case _:
            return  # content: rules.lint.content
    if version.lapse is not None and not isinstance(
        pattern, Triggered | BeforeEvent | Completeness
    ):
        message = f"A duty of the kind '{pattern.kind}' does not lapse: it is not about an event."
        yield (at / "lapse").problem(message, "Leave 'lapse' out.")


def _lint_periodic(at: At, pattern: Periodic, version: Version, registers: Registers) -> Problems:
    if pattern.part is not None:
        yield from _lint_part(at, pattern)
    names_period = version.evidence is not None and version.evidence.period is not None
    for key in ("grace", "early", "nil_return"):
        if getattr(pattern, key) and not names_period:
            yield (at / key.replace("_", " ")).problem(
                f"'{key.replace('_', ' ')}' is for items that name their period.",
                "Add 'period:' to the evidence, or leave it out.",
            )
    if pattern.grace is not None and _longest(pattern.grace) >= _SHORTEST[pattern.period]:
        message = f"A grace of {pattern.grace} is not shorter than the period."
        yield (at / "grace").problem(message, f"Write less than one {pattern.period}.")
    if pattern.nil_return is None:
        return
    yield from lint_nil_return(at / "nil return", pattern.nil_return, registers)
    if pattern.nil_return.each != pattern.period:
        message = "The nil return is given for another kind of period than the duty's."
        yield (at / "nil return" / "each").problem(message, f"Write 'each: {pattern.period}'.")
    if pattern.grace is None:
        message = "A nil return is given on or after the period's last day, so it needs a grace."
        yield (at / "nil return").problem(message, "Add 'grace:', such as 28 days.")
    if pattern.before:
        message = (
            "A nil return is given when its period is over; this duty is due before it begins."
        )
        instead = "Keep one of 'before' and 'nil return'."
        yield (at / "nil return").problem(message, instead, at / "before")


def _lint_part(at: At, pattern: Periodic) -> Problems:
    if pattern.period != "financial year":
        message = f"Only a financial year has a part {pattern.part}."
        yield (at / "part").problem(message, "Write period: financial year, or leave 'part' out.")
    if pattern.before:
        message = "A duty before a period takes the whole period before; it has no part."
        yield (at / "part").problem(message, "Keep one of 'part' and 'before'.", at / "before")
    if pattern.grace is not None:
        message = "A duty in a part of the year has no grace."
        yield (at / "grace").problem(message, "Keep one of 'part' and 'grace'.", at / "part")


def _longest(span: Span) -> int:
    return span.count * (31 if span.unit == "months" else 1)


def _lint_rolling(at: At, pattern: Rolling) -> Problems:
    if pattern.every.count == 0:
        yield (at / "every").problem("An interval of nothing never ends.", "Write 12 months, say.")
    if pattern.notice.least_days >= pattern.every.least_days:
        yield (at / "notice").problem(
            f"The notice of {pattern.notice} is not shorter than the interval of {pattern.every}, "
            "so the duty would never be met.",
            "Write a shorter 'notice:' (a month counts as 28 days).",
        )
    if pattern.first is not None and pattern.first.least_days > pattern.every.least_days:
        message = (
            f"The first span of {pattern.first} is longer than the interval of {pattern.every}."
        )
        yield (at / "first").problem(message, "Write a shorter one, or leave 'first' out.")


def _lint_triggered(at: At, pattern: Triggered, version: Version, registers: Registers) -> Problems:
    subjects = version.subjects
    if isinstance(pattern.event, Events):
        yield from _lint_events(at / "event", pattern.event, registers)
        if pattern.already_there:
            message = "'already there' is about subjects who joined before the duty."
            yield (at / "already there").problem(message, "Leave it out, or use 'joining: yes'.")
    elif not isinstance(subjects, Population):
        message = "Joining is an event of subjects, and the duty has no population."
        yield (at / "event").problem(message, "Add 'subjects:' of the kind population.")
    if pattern.accepted_before is not None:
        yield from _lint_accepted(at, pattern, pattern.accepted_before)
    if pattern.within is None:
        of_members = isinstance(subjects, FixedList) and all(m.within for m in subjects.members)
        if not of_members:
            message = "Nothing says how long after the event it may be done."
            yield at.problem(message, "Add 'within:', such as 28 days (0 days: on the day).")


def _lint_accepted(at: At, pattern: Triggered, accepted: Span) -> Problems:
    """That something done before the window opens is accepted."""
    if accepted.count == 0:
        message = f"Nothing is done in the {accepted} before the window opens."
        instead = "Write a longer span, such as 24 months, or leave it out."
        yield (at / "accepted before").problem(message, instead)
    elif pattern.early is not None and _longest(accepted) <= pattern.early.least_days:
        message = f"The window opens {pattern.early} before the event, which accepts it already."
        instead = "Write a longer span, or leave 'accepted before' out."
        yield (at / "accepted before").problem(message, instead, at / "early")


def _lint_events(at: At, events: Events, registers: Registers) -> Problems:
    yield from lint_listing(at, events, registers)
    spec = register_of(events, registers)
    if spec is None:
        return
    yield from lint_column(at / "dated", spec, events.dated, "day")
    if events.cancelled is not None:
        yield from lint_column(at / "cancelled", spec, events.cancelled, "yes/no")


def _lint_before(at: At, pattern: BeforeEvent, registers: Registers) -> Problems:
    yield from _lint_events(at / "event", pattern.event, registers)
    if pattern.since_previous and pattern.no_earlier is not None:
        message = "'no earlier' and 'since previous' both say when the window opens."
        yield (at / "since previous").problem(message, "Keep one of them.", at / "no earlier")
    by, earliest = pattern.by, pattern.no_earlier
    if by is not None and earliest is not None and earliest.least_days < by.least_days:
        message = f"The window would open {earliest} before the event and close {by} before it."
        yield (at / "no earlier").problem(message, "Write a longer 'no earlier'.", at / "by")


def _lint_standing(at: At, pattern: Standing, version: Version, registers: Registers) -> Problems:
    spec = register_of(version.evidence, registers) if version.evidence is not None else None
    for key in ("begins", "ends", "review_by"):
        name = getattr(pattern, key)
        if spec is not None and name is not None:
            yield from lint_column(at / key.replace("_", " "), spec, name, "day")
        if spec is not None and name is not None and key != "begins":
            harm = "everything would hold for good"
            yield from lint_needed(at / key.replace("_", " "), spec, name, harm)
    yield from lint_apart(at, pattern, "begins", "ends", "review_by")
    if pattern.end_needed and pattern.ends is None and pattern.review_by is None:
        message = "An end is needed, and no column says when anything ends."
        yield (at / "end needed").problem(message, "Add 'ends:' or 'review by:'.")
    if pattern.review_within is not None:
        yield from _lint_review(at / "review within", pattern, pattern.review_within)


def _lint_review(at: At, pattern: Standing, within: Span) -> Problems:
    if pattern.review_by is None:
        yield at.problem("No column says by when it is to be reviewed.", "Add 'review by:'.")
    if within.least_days <= pattern.notice.least_days:
        message = (
            f"The cap of {within} is not longer than the notice of {pattern.notice}, "
            "so the duty would never be met."
        )
        yield at.problem(message, "Write a longer cap or a shorter 'notice:'.")


def _lint_completeness(at: At, pattern: Completeness, registers: Registers) -> Problems:
    yield from _lint_events(at / "records", pattern.records, registers)
    if not pattern.asks and not pattern.done_on:
        message = "Nothing says what each record must carry."
        yield at.problem(message, "Add 'must:' with conditions, or 'done on:' with day columns.")
    if (pattern.within is None) == (pattern.deadline is None):
        message = "A record's deadline is either so long after its day, or carried by the record."
        yield at.problem(message, "Write one of 'within:' and 'deadline:'.")
    spec = register_of(pattern.records, registers)
    if spec is None:
        return
    yield from lint_where(at / "must", spec, pattern.must, registers)
    yield from lint_any_of(at / "must any", spec, pattern.must_any, pattern.must, registers)
    for index, name in enumerate(pattern.done_on):
        yield from lint_column(at / "done on" / index, spec, name, "day")
    if pattern.deadline is None:
        return
    for key in ("due", "re_agreed_to", "re_agreed_on"):
        name = getattr(pattern.deadline, key)
        if name is not None:
            yield from lint_column(at / "deadline" / key.replace("_", " "), spec, name, "day")
    yield from _lint_re_agreed(at / "deadline", pattern.deadline)
    yield from lint_apart(at / "deadline", pattern.deadline, "due", "re_agreed_to", "re_agreed_on")


def _lint_re_agreed(at: At, deadline: Carried) -> Problems:
    if (deadline.re_agreed_to is None) != (deadline.re_agreed_on is None):
        message = "A re-agreed date counts from the day it was agreed, so both columns are needed."
        yield at.problem(message, "Write both 're agreed to:' and 're agreed on:', or neither.")


def is_joining(version: Version) -> bool:
    """Whether each subject's joining is the event."""
    return isinstance(version.pattern, Triggered) and isinstance(version.pattern.event, Joining)
