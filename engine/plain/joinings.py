"""Whose joining, or being flagged, asks something (semantics.md, Patterns, 3; Subjects)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from engine.outcome import Answer
from engine.plain.case import Case, cannot_tell
from engine.plain.lists import Roll, Subject, roll_of
from rules.pattern import Joining, Triggered
from rules.resolve import Resolved
from rules.subject import Population

Joined = tuple[Resolved, date, Subject]  # the version that judges it, its day, and who


def joinings_asked(case: Case) -> tuple[list[Joined], list[Answer]]:
    """The people who are asked about their joining, and an answer for each row of which nothing
    can be told. Each is asked by the version of the day on which they joined."""
    joined: list[Joined] = []
    unclear: list[Answer] = []
    for version in case.versions:
        for subject in _roll(case, version).asked:
            day = _joining_day(case, version, subject.since)
            if day is not None:
                joined.append((version, day, subject))
        for each in _roll(case, version).unclear:
            unknown = each.day is None and version is case.now
            if unknown or (each.day and _joining_day(case, version, each.day)):
                unclear.append(_unclear(case, version, each.row))
    counts = Counter(subject.key for _, _, subject in joined)
    for version, _, subject in joined:
        if counts[subject.key] > 1:  # two versions whose populations differ both claim them
            unclear.append(_unclear(case, version, subject.row))
    return [each for each in joined if counts[each[2].key] == 1], unclear


def _unclear(case: Case, version: Resolved, row: int) -> Answer:
    subjects = version.version.subjects
    register = subjects.register if isinstance(subjects, Population) else ""
    return cannot_tell(version, case.key_of_row(register, row))


def _roll(case: Case, version: Resolved) -> Roll:
    """The population that a version asks about its joining; nobody where it asks nothing such."""
    pattern, subjects = version.version.pattern, version.version.subjects
    joining = isinstance(pattern, Triggered) and isinstance(pattern.event, Joining)
    if joining and isinstance(subjects, Population):
        return roll_of(case.sheets, subjects)
    return Roll((), ())


def _joining_day(case: Case, version: Resolved, since: date) -> date | None:
    """The day on which someone counts as joining; None where that version is not the one that
    asks, or they were there before the duty was in force and the rule does not count them."""
    pattern = version.version.pattern
    day = max(since, case.in_force)
    if case.version_on(day).begins != version.begins or not isinstance(pattern, Triggered):
        return None
    return day if day == since or pattern.already_there else None
