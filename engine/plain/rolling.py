"""Rolling and standing duties, one obligation at a time: each subject has one, judged by the
version in force on the as-of date (semantics.md: Rolling; Standing), or for a time by the one
before (semantics.md: Transition). What is in place under a standing duty is worked out in
``standing``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.outcome import Answer, ItemRef, ObligationKey, Status
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
    version, key = duty.version, duty.key(subject.key)
    state = _state_under(duty, version, subject)
    if state is None:
        return make_answer(version, key, Status.CANNOT_TELL)
    opens = max(duty.in_force_from, subject.joined)
    if _is_met(duty, version, state, state.deadline):
        met_by = duty.finder_of(version).refs(state.items)
        return _met_answer(duty, version, key, (opens, state.deadline), met_by, state.last_done)
    until = duty.transition_until(version, subject.key)
    earlier = _met_before(duty, subject, opens, until) if until else None
    if earlier:
        return earlier
    deadline = duty.limit_deadline(
        version, state.deadline, lambda other: _deadline_under(duty, other, subject), subject.key
    )
    assert deadline is not None  # what is in place for good is met
    return duty.unmet_answer(version, key, (opens, deadline), state.last_done)


def _is_met(duty: DutyAsOf, version: Resolved, state: LastingState, deadline: date | None) -> bool:
    """Whether a version finds an obligation met, by that deadline."""
    pattern = version.rule.pattern
    assert isinstance(pattern, Rolling | Standing)
    within_notice = deadline is not None and before(deadline, pattern.notice) <= duty.as_of
    return state.lasts and not within_notice


def _met_answer(
    duty: DutyAsOf,
    version: Resolved,
    key: ObligationKey,
    window: tuple[date, date | None],
    met_by: tuple[ItemRef, ...],
    last_done: date | None,
) -> Answer:
    deadline = window[1]
    return make_answer(
        version,
        key,
        Status.MET,
        window,
        # On the first day of the calendar, because lateness of earlier rounds is history.
        done=Done(date.min, met_by),
        days=(deadline - duty.as_of).days if deadline else None,
        last_done=last_done,
    )


def _met_before(duty: DutyAsOf, subject: Subject, opens: date, until: date) -> Answer | None:
    """The answer of the version before where, up to the last day of the transition (``until``), it
    still finds the obligation met, with that day as the latest deadline
    (semantics.md: Transition)."""
    older = duty.version_before(duty.version)
    state = _state_under(duty, older, subject)
    if state is None or duty.as_of > until:
        return None
    deadline = min(state.deadline or until, until)
    if not _is_met(duty, older, state, deadline):
        return None
    on_first_day = duty.met_before[duty.version.begins][subject.key]
    met_by = {*on_first_day, *duty.finder_of(older).refs(state.items)}
    window = (opens, deadline)
    return _met_answer(
        duty, older, duty.key(subject.key), window, tuple(sorted(met_by)), state.last_done
    )


def _deadline_under(duty: DutyAsOf, version: Resolved, subject: Subject) -> date | None:
    """The deadline that a version gives a subject; None where it does not cover the subject."""
    state = _state_under(duty, version, subject)
    return state.deadline if state else None


def _state_under(duty: DutyAsOf, version: Resolved, subject: Subject) -> LastingState | None:
    """A subject's obligation under a version; None where the holder of a role is unknown
    (reading-semantics.md: Rolling and standing), or the version does not cover the subject."""
    if subject.member:
        same = [member for member in version.rule.members if member.id == subject.key]
        if not same:
            return None
        subject = subject._replace(member=same[0])
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
