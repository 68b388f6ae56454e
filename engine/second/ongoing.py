"""Rolling and standing duties (semantics.md, Patterns, 2 and 5): one obligation for each subject,
judged by the version that holds on the as-of date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from engine.outcome import Answer, ObligationKey, Past, Status
from engine.second.applies import applies_on
from engine.second.case import Case, cannot_tell, is_waived, not_applicable, unmet
from engine.second.days import after, before
from engine.second.items import Finder, Item
from engine.second.lists import Subject, roll_of
from rules.pattern import Rolling, Standing
from rules.resolve import Resolved
from rules.span import Span
from rules.subject import FixedList, Population


def judge_ongoing(case: Case) -> Iterable[Answer]:
    """Every obligation of a duty whose version on the as-of date is rolling or standing."""
    version = case.now
    subjects = version.version.subjects
    if isinstance(subjects, Population):
        for row in roll_of(case.sheets, subjects).unclear:
            yield cannot_tell(case, version, case.key(row=row.row))
    asked = applies_on(case.sheets, version.version.applies, case.as_of)
    judge = _judge_with(case)
    for subject in subjects_of(case, version):
        case.tick()
        key = case.key(subject.key)
        if asked:
            yield judge(subject, key)
        else:
            leave_out = cannot_tell if asked is None else not_applicable
            yield leave_out(case, version, key)


def subjects_of(case: Case, version: Resolved) -> Sequence[Subject]:
    """Whom a version asks on the as-of date: the office, the members of a list, or a population."""
    subjects = version.version.subjects
    if isinstance(subjects, Population):
        return roll_of(case.sheets, subjects).asked
    if isinstance(subjects, FixedList):
        return [Subject(member.id, member=member) for member in subjects.members]
    return [Subject()]


def _judge_with(case: Case) -> Callable[[Subject, ObligationKey], Answer]:
    finders = {version.begins: Finder(case, version) for version in case.versions}
    ...
