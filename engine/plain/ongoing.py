"""Rolling and standing duties (semantics.md, Patterns, 2 and 5): one obligation for each subject,
judged by the version that holds on the as-of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from engine.outcome import Answer, ObligationKey, Past, Status
from engine.plain.applies import applies_on
from engine.plain.case import Case, cannot_tell, unasked, unmet
from engine.plain.days import after, before
from engine.plain.items import Finder, Item
from engine.plain.lists import Subject, roll_of, subjects_of
from engine.plain.roles import Holders, holders_of
from rules.pattern import Rolling, Standing
from rules.resolve import Resolved
from rules.span import Span
from rules.subject import FixedList, Population


class Reckoned(NamedTuple):
    """How a subject stands under one version: its ``deadline`` (None: in place for good), whether
    what was done still ``holds`` on the as-of date, by which items, and when it was last done."""

    deadline: date | None
    holds: bool
    by: Sequence[Item]
    last_done: date | None


def judge_ongoing(case: Case) -> Iterable[Answer]:
    """Every obligation of a duty whose version on the as-of date is rolling or standing."""
    version = case.now
    subjects = version.version.subjects
    if isinstance(subjects, Population):
        for each in roll_of(case.sheets, subjects).unclear:
            yield cannot_tell(version, case.key_of_row(subjects.register, each.row))
    asked = applies_on(case.sheets, version.version.applies, case.as_of)
    finders = {each.begins: Finder(case, each) for each in case.versions}
    for subject in subjects_of(case.sheets, subjects):
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
    rule = version.version
    items = finder.items(subject)
    if isinstance(rule.pattern, Rolling):
        needed = rule.evidence.needed if rule.evidence else 1
        return _rolling(case, rule.pattern, items, needed, subject)
    if isinstance(rule.pattern, Standing):
        roles = holders_of(case.sheets, version, subject)
        if roles and roles.unclear:
            return None
        terms = [_term(rule.pattern, finder, item, roles) for item in items]
        begun = [term for term in terms if term is not None]
        return _standing(case, begun, subject)
    raise TypeError(f"a duty that is {rule.pattern.kind} is judged elsewhere")


def _deadline_under(case: Case, version: Resolved, finder: Finder, subject: Subject) -> date | None:
    """The deadline that a version gives a subject; None where it gives the subject none."""
    asked = _as_asked_by(version, subject)
    if asked is None or version.version.pattern.kind != case.now.version.pattern.kind:
        return None
    found = _reckon(case, version, finder, asked)
    return found.deadline if found else None


def _as_asked_by(version: Resolved, subject: Subject) -> Subject | None:
    """The subject as another version of the duty asks it; None if it does not."""
    subjects = version.version.subjects
    if isinstance(subjects, FixedList):
        same = [member for member in subjects.members if member.id == subject.key]
        return Subject(subject.key, member=same[0]) if same else None
    return subject if subject.person == isinstance(subjects, Population) else None


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


class _Term(NamedTuple):
    """Something that has begun: whether it is in place ``for_good``, otherwise its last day."""

    for_good: bool
    end: date
    item: Item

    @property
    def latest(self) -> tuple[bool, date, date]:
        """What puts one before another: the later end, then the later beginning."""
        return self.for_good, self.end, self.item[0]


def _standing(case: Case, terms: Sequence[_Term], subject: Subject) -> Reckoned:
    """Pattern 5. The deadline is the latest end, but not before the day from which the subject is
    asked; with nothing in place or past, that day."""
    begins = max(case.in_force, subject.since)
    if not terms:
        return Reckoned(begins, False, (), None)
    last_done = max(term.item[0] for term in terms)
    last = sorted(terms, key=lambda term: term.latest)[-1]  # items are in order already
    deadline = None if last.for_good else max(begins, last.end)
    in_place = last.for_good or last.end >= case.as_of
    return Reckoned(deadline, in_place, (last.item,), last_done)


def _term(pattern: Standing, finder: Finder, item: Item, roles: Holders | None) -> _Term | None:
    """How long an item is in place; None if that cannot be read, or it has no end and needs one.

    It lasts to the earliest of its end, its review-by day, the rule's cap after its beginning,
    and the day before another holder of its role began.
    """
    sheet, (begins, row) = finder.sheet(), item
    ends = [(name, sheet.days(name)[row]) for name in (pattern.ends, pattern.review_by) if name]
    if any(day is None and not sheet.nothing(name, row) for name, day in ends):
        return None
    days = [day for _, day in ends if day is not None]
    if pattern.end_needed and not days:
        return None
    if pattern.review_within:
        days.append(after(begins, pattern.review_within))
    if roles and row in roles.until:
        days.append(roles.until[row])
    return _Term(not days, min(days, default=date.max), item)
