"""What is coming: the versions that begin within a year, in words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from engine.assessment import Assessment, ComingObligation, ComingVersion, DutyOutcome
from engine.outcome import Status
from evidence.cells.text import listed
from reports import view, words
from reports.brief import things_of

#: The title of the list, and what its results mean.
COMING = "Coming within a year"
AS_IF = "Each result is that of the first day, as if nothing more were done until then."

#: The number of days within which the end of a duty is coming.
_YEAR = 365

#: So many obligations are named, and parts of a rule that changes.
_NAMED, _NAMED_PARTS = 5, 3

#: Where a part of the sentences on a rule ends.
_PART_ENDS = re.compile(r"[,;:.] (?:and )?")


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


def coming_words(version: ComingVersion, assessment: Assessment) -> str:
    """What it makes due or overdue, and what it changes in the rule: ``On its first day it is due
    by the end of that day; by the previous version, met (deadline 2 December 2027). From then: at
    most 12 months after the last time. Until then: at most 24 months after the last time.``"""
    return f"{_made_words(version, assessment)} {rule_change(version, assessment)}".strip()


def rule_change(version: ComingVersion, assessment: Assessment) -> str:
    """The parts of the sentences on a rule that a version changes: ``From then: at most 12 months
    after the last time. Until then: at most 24 months after the last time.``; '' where it changes
    none, or many."""
    before = next((duty for duty in assessment.duties if duty.id == version.duty), None)
    earlier = [
        one.rule_words
        for one in assessment.coming
        if one.duty == version.duty and one.begins < version.begins
    ]
    rules = "\n".join([*([before.rule_words] if before else []), *earlier]).splitlines()
    if version.is_new or not rules:
        return ""
    old, new = _parts(rules[-1]), _parts(version.rule_words)
    begins = words.day(version.begins)  # what a rule says of it is no change
    added = [part for part in new if part not in old and begins not in part]
    gone = [part for part in old if part not in new]
    if max(len(gone), len(added)) > _NAMED_PARTS:
        return ""
    changes = (("From then", added), ("Until then", gone))
    return " ".join(f"{when}: {'; '.join(parts)}." for when, parts in changes if parts)


def _parts(rule: str) -> list[str]:
    """The parts of the sentences on a rule, after the day on which it begins: ``From 1 April 2027:
    ...``."""
    sentences = rule.partition(": ")[2].removesuffix(".")
    return [words.lower_first(part) for part in _PART_ENDS.split(sentences)]


def _made_words(version: ComingVersion, assessment: Assessment) -> str:
    """What it makes due or overdue."""
    made, called = version.obligations, assessment.rulebook.body.called
    if not made:
        status = f"is {words.STATUS[version.status]}"
        if version.status is Status.CANNOT_TELL:
            status = "cannot be assessed"
        return f"It makes nothing more due or overdue: on its first day the duty {status}."
    if version.checks == 1:
        without = without_words(made[0])
        before = f"; by the previous version, {without}" if without else ""
        return f"On its first day it is {position_words(made[0])}{before}."
    duty = next((duty for duty in assessment.duties if duty.id == version.duty), None)
    things = things_of(assessment, duty) if duty else ""
    of = " ".join(filter(None, (f"of {version.checks:,}", "" if things == "checks" else things)))
    counted = list[str]()
    for status in (Status.OVERDUE, Status.DUE):
        ones = [one for one in made if one.status is status]
        if ones:
            counted.append(_counted(ones, called, "" if counted else f" {of}"))
    return f"Because of it, on its first day {listed(counted)}."


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


def _counted(obligations: Sequence[ComingObligation], called: str, of: str) -> str:
    """``3 of 54 people are due, the first by 3 March 2027 (S001, S002 and S003)``."""
    number, earliest = len(obligations), min(obligations, key=lambda one: one.days or 0)
    names = [words.check(one.subject, one.window, called) for one in obligations]
    more = [f"{number - _NAMED:,} more"] if number > _NAMED else []
    status = words.STATUS[earliest.status]
    first = _deadline(earliest)
    if number > 1:
        are, first = f"are {status}", f", the first {first}" if first else ""
    else:
        are, first = f"is {status}", f" {first}" if first else ""
    return f"{number:,}{of} {are}{first} ({listed([*names[:_NAMED], *more])})"
