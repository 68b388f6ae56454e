"""Rolling and standing duties, one obligation at a time: each subject has one, judged by the
version in force on the as-of date (semantics.md: Rolling; Standing). What is in place under a
standing duty is worked out in ``standing``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.outcome import Answer, Status
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.duty_as_of import Done, DutyAsOf, LastingState, make_answer, uncovered_answer
from engine.plain.lists import Subject, subject_list, subjects_of
from engine.plain.standing import standing_state
from rules.patterns import Rolling, Standing
from rules.resolve import Resolved


def judge_lasting(duty: DutyAsOf) -> Iterable[Answer]:
    """Every obligation of a duty whose version on the as-of date is rolling or standing."""
    version, population = duty.version, duty.version.rule.population
    for row, _ in subject_list(duty.sheets, population).unclear if population else ():
        yield duty.unread_row_answer(version, population, row)
    applies = applies_on(duty.sheets, version.rule.applies, duty.as_of)
    for subject in subjects_of(duty.sheets, version.rule):
        key = duty.key(subject.key)
        yield _judge(duty, subject) if applies else uncovered_answer(version, key, applies)


def _judge(duty: DutyAsOf, subject: Subject) -> Answer:
    """Met while the last item lasts, more than the notice away from the deadline."""
    version, key, pattern = duty.version, duty.key(subject.key), duty.version.rule.pattern
    assert isinstance(pattern, Rolling | Standing)
    state = _state_under(duty, version, subject)
    if state is None:
        return make_answer(version, key, Status.CANNOT_TELL)
    opens = max(duty.in_force_from, subject.joined)
    deadline = duty.limit_deadline(
        version, state.deadline, lambda other: _deadline_under(duty, other, subject)
    )
    if deadline is not None and not (state.lasts and before(deadline, pattern.notice) > duty.as_of):
        return duty.unmet_answer(version, key, (opens, deadline), state.last_done)
    return make_answer(
        version,
        key,
        Status.MET,
        (opens, deadline),
        # On the first day of the calendar, because lateness of earlier rounds is history.
        done=Done(date.min, duty.finder_of(version).refs(state.items)),
        days=(deadline - duty.as_of).days if deadline else None,
        last_done=state.last_done,
    )


def _deadline_under(duty: DutyAsOf, version: Resolved, subject: Subject) -> date | None:
    """The deadline that a version gives a subject; None where it does not cover the subject."""
    if subject.member:
        same = [member for member in version.rule.members if member.id == subject.key]
        if not same:
            return None
        subject = subject._replace(member=same[0])
    state = _state_under(duty, version, subject)
    return state.deadline if state else None


def _state_under(duty: DutyAsOf, version: Resolved, subject: Subject) -> LastingState | None:
    """A subject's obligation under a version; None where the holder of a role is unknown
    (reading-semantics.md: Rolling and standing)."""
    pattern, finder = version.rule.pattern, duty.finder_of(version)
    if isinstance(pattern, Standing):
        return standing_state(duty, version, pattern, subject)
    assert isinstance(pattern, Rolling)
    items, needed = finder.items(subject), finder.query.needed
    if pattern.first_deadline is not None and subject.joined <= duty.in_force_from:
        first = pattern.first_deadline
    else:
        first = after(max(duty.in_force_from, subject.joined), pattern.first or pattern.every)
    last_done = items[-1][0] if items else None
    if len(items) < needed:
        return LastingState(deadline=first, lasts=False, items=(), last_done=last_done)
    until = after(items[-needed][0], pattern.every)  # since the nth latest
    return LastingState(
        deadline=max(first, until),
        lasts=until >= duty.as_of,
        items=items[-needed:],
        last_done=last_done,
    )
