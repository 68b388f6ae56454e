"""Rolling duties (semantics.md, Patterns, 2), and what standing ones share with them: one
obligation for each subject, judged by the version that holds on the as-of date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.outcome import Answer, Status
from engine.plain.case import Case, Done, answer, unmet, untold
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.lists import Subject, roll_of, subjects_of
from engine.plain.standing import Reckoned, reckon_standing
from rules.patterns import Rolling, Standing
from rules.resolve import Resolved


def judge_ongoing(case: Case) -> Iterable[Answer]:
    """Every obligation of a duty whose version on the as-of date is rolling or standing."""
    version, people = case.now, case.now.version.population
    for row, _ in roll_of(case.sheets, people).unclear if people else ():
        yield case.untold_row(version, people, row)
    asked = applies_on(case.sheets, version.version.applies, case.as_of)
    for subject in subjects_of(case.sheets, version.version):
        yield _judge(case, subject) if asked else untold(version, case.key(subject.key), asked)


def _judge(case: Case, subject: Subject) -> Answer:
    """Met while what was done holds and the deadline is more than the notice away; otherwise due
    until the deadline, overdue after it. It opens on the later of in force and joining."""
    version, key, pattern = case.now, case.key(subject.key), case.now.version.pattern
    assert isinstance(pattern, Rolling | Standing)
    found = _reckon(case, version, subject)
    if found is None:
        return untold(version, key)
    opens = max(case.in_force, subject.since)
    deadline = case.held(version, found.deadline, lambda each: _deadline_under(case, each, subject))
    if deadline is not None and not (found.holds and before(deadline, pattern.notice) > case.as_of):
        return unmet(case, version, key, (opens, deadline), found.last_done)
    left = (deadline - case.as_of).days if deadline else None
    done = Done(date.min, case.finders[version.begins].refs(found.by))  # never late
    window, last_done = (opens, deadline), found.last_done
    return answer(version, key, Status.MET, window, done=done, days=left, last_done=last_done)


def _deadline_under(case: Case, version: Resolved, subject: Subject) -> date | None:
    """The deadline that a version gives a subject; None where it does not ask the subject."""
    if subject.member:
        same = [member for member in version.version.members if member.id == subject.key]
        if not same:
            return None
        subject = subject._replace(member=same[0])
    found = _reckon(case, version, subject)
    return found.deadline if found else None


def _reckon(case: Case, version: Resolved, subject: Subject) -> Reckoned | None:
    """How a subject stands under a version; None where it cannot be told who holds a role."""
    pattern, finder = version.version.pattern, case.finders[version.begins]
    if isinstance(pattern, Standing):
        return reckon_standing(case, version, pattern, subject)
    assert isinstance(pattern, Rolling)
    items, needed = finder.items(subject), finder.query.needed
    if pattern.first_deadline is not None and subject.since <= case.in_force:
        first = pattern.first_deadline
    else:
        first = after(max(case.in_force, subject.since), pattern.first or pattern.every)
    last_done = items[-1][0] if items else None
    if len(items) < needed:
        return Reckoned(first, False, (), last_done)
    lasts_to = after(items[-needed][0], pattern.every)  # since the nth latest
    return Reckoned(max(first, lasts_to), lasts_to >= case.as_of, items[-needed:], last_done)
