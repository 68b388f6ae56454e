"""What is coming: the versions that begin within a year, in words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from engine.assessment import Assessment, ComingObligation, ComingVersion, DutyOutcome
from engine.outcome import Status
from evidence.cells.text import listed
from reports import view, words

#: The title of the list, and what its results mean.
COMING = "Coming within a year"
AS_IF = "Each result is that of the first day, as if nothing more were done until then."

#: The number of days within which the end of a duty is coming.
_YEAR = 365

#: So many obligations are named.
_NAMED = 5


def ending(assessment: Assessment) -> list[tuple[datetime.date, DutyOutcome]]:
    """The duties that end within a year after the as-of date, with the last day of each, the first
    ones first."""
    until = ((duty.until, duty) for duty in assessment.duties if duty.until)
    found = [(day, duty) for day, duty in until if (day - assessment.as_of).days < _YEAR]
    return sorted(found, key=lambda each: each[0])


def ending_words(last: datetime.date, duty: DutyOutcome) -> str:
    """``31 March 2027: 6 Review of the procedure (Safety Officer), last day of the duty``."""
    return f"{words.day(last)}: {view.named(duty)} ({view.responsible(duty)}), last day of the duty"


def kind_words(version: ComingVersion) -> str:
    """Whether a duty or a version of one is new."""
    return "new duty" if version.is_new else "new version"


def coming_words(version: ComingVersion, called: str) -> str:
    """What it makes due or overdue: ``On its first day it is due that same day; by the previous
    version, met (deadline 2 December 2027).``"""
    made = version.obligations
    if not made:
        status = words.STATUS[version.status]
        return f"It makes nothing more due or overdue: on its first day the duty is {status}."
    if version.checks == 1:
        without = without_words(made[0])
        before = f"; by the previous version, {without}" if without else ""
        return f"On its first day it is {position_words(made[0])}{before}."
    counted = [
        _counted([one for one in made if one.status is status], called)
        for status in (Status.OVERDUE, Status.DUE)
    ]
    checks = words.count(version.checks, "check")
    return f"Because of it, of {checks} on its first day {listed([*filter(None, counted)])}."


def position_words(one: ComingObligation) -> str:
    """``due by 3 March 2027``; ``due by the end of that day``, where the deadline is the first day;
    ``overdue with the deadline 3 March 2027``."""
    return " ".join(filter(None, (words.STATUS[one.status], _deadline(one))))


def _deadline(one: ComingObligation) -> str:
    if one.deadline is None:
        return ""
    if one.status is Status.OVERDUE:
        return f"with the deadline {words.day(one.deadline)}"
    return f"by {words.day(one.deadline)}" if one.days else "by the end of that day"


def without_words(one: ComingObligation) -> str:
    """Its status and deadline by the previous version: ``met (deadline 2 December 2027)``; '' where
    there is none."""
    if one.status_without is None:
        return ""
    deadline = f" (deadline {words.day(one.deadline_without)})" if one.deadline_without else ""
    return f"{words.STATUS[one.status_without]}{deadline}"


def _counted(obligations: Sequence[ComingObligation], called: str) -> str:
    """``3 are due, the first by 3 March 2027 (S001, S002 and S003)``; '' for none."""
    if not obligations:
        return ""
    number, earliest = len(obligations), min(obligations, key=lambda one: one.days or 0)
    names = [words.check(one.subject, one.window, called) for one in obligations]
    more = [f"{number - _NAMED:,} more"] if number > _NAMED else []
    status = words.STATUS[earliest.status]
    first = _deadline(earliest)
    if number > 1:
        are, first = f"are {status}", f", the first {first}" if first else ""
    else:
        are, first = f"is {status}", f" {first}" if first else ""
    return f"{number:,} {are}{first} ({listed([*names[:_NAMED], *more])})"
