"""Rolling duties (semantics.md, Patterns, 2), and what standing ones share with them: one
obligation for each subject, judged by the version that holds on the as-of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.outcome import Answer, ObligationKey, Past, Status
from engine.plain.case import Case, cannot_tell, unasked, unmet
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.items import Finder, Item
from engine.plain.lists import Subject, roll_of, subjects_of
from engine.plain.standing import Reckoned, reckon_standing
from rules.patterns import Rolling, Standing
from rules.resolve import Resolved
from rules.span import Span


def judge_ongoing(case: Case) -> Iterable[Answer]:
    """Every obligation of a duty whose version on the as-of date is rolling or standing."""
    version, people = case.now, case.now.version.population
    if people is not None:
        for each in roll_of(case.sheets, people).unclear:
            yield cannot_tell(version, case.key_of_row(people.register, each.row))
    asked = applies_on(case.sheets, version.version.applies, case.as_of)
    finders = {each.begins: Finder(case, each) for each in case.versions}
    for subject in subjects_of(case.sheets, version.version):
        case.tick()
        key = case.key(subject.key)
        if asked:
            yield _judge(case, finders, subject, key)
        else:
            yield unasked(version, key, asked)


def _judge(case: Case, finders: dict[date, Finder], subject: Subject, key: ObligationKey) -> Answer:
    """Met while what was done holds and the deadline is more than the notice away; otherwise due
    until the deadline, overdue after it. It opens on the later of in force and joining."""
    version, finder = case.now, finders[case.now.begins]
    found = _reckon(case, version, finder, subject)
    if found is None:
        return cannot_tell(version, key)
    opens, deadline = max(case.in_force, subject.since), found.deadline
    if deadline is not None and deadline < version.begins:
        deadline = case.held(
            version, lambda each: _deadline_under(case, each, finders[each.begins], subject)
        )
    if deadline is None or (found.holds and before(deadline, _notice(version)) > case.as_of):
        left = None if deadline is None else (deadline - case.as_of).days
        return Answer(
            key,
            version.begins,
            Status.MET,
            Past.CURRENT,
            opens,
            deadline,
            left,
            0,
            finder.refs(found.by),
            found.last_done,
        )
    return unmet(case, version, key, (opens, deadline), found.last_done)


def _notice(version: Resolved) -> Span:
    pattern = version.version.pattern
    return pattern.notice if isinstance(pattern, Rolling | Standing) else Span(0, "days")


def _reckon(case: Case, version: Resolved, finder: Finder, subject: Subject) -> Reckoned | None:
    """How a subject stands under a version that is rolling or standing; None where it cannot be
    told who holds a role."""
    pattern = version.version.pattern
    if isinstance(pattern, Rolling):
        return _rolling(case, pattern, finder.items(subject), finder.needed, subject)
    if isinstance(pattern, Standing):
        return reckon_standing(case, version, pattern, finder, subject)
    raise TypeError(f"a duty that is {pattern.kind} is judged elsewhere")


def _deadline_under(case: Case, version: Resolved, finder: Finder, subject: Subject) -> date | None:
    """The deadline that a version gives a subject; None where it gives the subject none."""
    asked = _as_asked_by(version, subject)
    if asked is None or version.version.pattern.kind != case.now.version.pattern.kind:
        return None
    found = _reckon(case, version, finder, asked)
    return found.deadline if found else None


def _as_asked_by(version: Resolved, subject: Subject) -> Subject | None:
    """The subject as another version of the duty asks it; None if it does not."""
    if version.version.members:
        same = [member for member in version.version.members if member.id == subject.key]
        return Subject(subject.key, member=same[0]) if same else None
    return subject if subject.person == (version.version.population is not None) else None


def _rolling(
    case: Case, pattern: Rolling, items: Sequence[Item], needed: int, subject: Subject
) -> Reckoned:
    """Pattern 2. The deadline is the later of the first deadline and the last date + interval;
    'last' is the nth latest date, where the rule asks for n items."""
    begins = max(case.in_force, subject.since)
    if pattern.first_deadline is not None and subject.since <= case.in_force:
        first = pattern.first_deadline
    else:
        first = after(begins, pattern.first or pattern.every)
    last_done = items[-1][0] if items else None
    if len(items) < needed:
        return Reckoned(first, False, (), last_done)
    lasts_to = after(items[-needed][0], pattern.every)
    return Reckoned(max(first, lasts_to), lasts_to >= case.as_of, items[-needed:], last_done)
