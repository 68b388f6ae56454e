"""Rolling duties, and what standing duties have in common with them (semantics.md: Rolling;
Standing).

Under both patterns each subject has one obligation, which is met while something lasts: the last
completion for an interval, or an item for as long as it is in place. The version in force on the
as-of date judges it, or for a time the one before (semantics.md: Transition). ``judge_lasting``
makes the answers for both patterns. It is given the state of an obligation by ``_rolling_state``
here, or by ``standing_state`` in the module ``standing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.outcome import Answer, ItemRef, Status
from engine.plain.conditions import applies_on
from engine.plain.days import after, before
from engine.plain.duty_as_of import (
    DutyAsOf,
    LastingState,
    WindowBounds,
    make_answer,
    uncovered_answer,
)
from engine.plain.lists import Subject, subject_list, subjects_of
from engine.plain.standing import standing_state
from rules.patterns import Rolling, Standing
from rules.resolve import Resolved


def judge_lasting(duty: DutyAsOf) -> Iterable[Answer]:
    """Every obligation of a duty whose version on the as-of date is rolling or standing."""
    version = duty.version
    population = version.rule.population
    for row, _ in subject_list(duty.sheets, population).unclear if population else ():
        yield duty.unread_row_answer(version, population, row)
    applies = applies_on(duty.sheets, version.rule.applies, duty.as_of)
    for subject in subjects_of(duty.sheets, version.rule):
        key = duty.key(subject.key)
        yield _judge(duty, subject) if applies else uncovered_answer(version, key, applies)


def _judge(duty: DutyAsOf, subject: Subject) -> Answer:
    """The answer for one subject: met while the last item lasts and the notice has not begun."""
    version = duty.version
    key = duty.key(subject.key)
    state = _state_under(duty, version, subject)
    if state is None:
        return make_answer(version, key, Status.CANNOT_TELL)
    if _is_met(duty, version, state):
        return _met_answer(duty, version, subject, state, duty.finder_of(version).refs(state.items))
    transition_end = duty.transition_until(version, subject.key)
    earlier = _met_before(duty, subject, transition_end) if transition_end else None
    if earlier:
        return earlier

    def deadline_under(other: Resolved) -> date | None:
        """The deadline under another version; None if that does not cover the subject."""
        other_state = _state_under(duty, other, subject)
        return other_state.deadline if other_state else None

    deadline = duty.limit_deadline(version, state.deadline, deadline_under, subject.key)
    assert deadline is not None  # What is in place for good is met.
    window = WindowBounds(_opens(duty, subject), deadline)
    return duty.unmet_answer(version, key, window, state.last_done)


def _met_before(duty: DutyAsOf, subject: Subject, transition_end: date) -> Answer | None:
    """The answer of the previous version, if that still finds the obligation met in the transition.
    The last day of the transition is then the latest deadline. None if that version does not
    find it met (semantics.md: Transition)."""
    if duty.as_of > transition_end:
        return None
    older = duty.version_before(duty.version)
    state = _state_under(duty, older, subject)
    if state is None:
        return None
    state = state._replace(deadline=min(state.deadline or transition_end, transition_end))
    if not _is_met(duty, older, state):
        return None
    on_first_day = duty.met_before[duty.version.begins][subject.key]
    met_by = {*on_first_day, *duty.finder_of(older).refs(state.items)}
    return _met_answer(duty, older, subject, state, tuple(sorted(met_by)))


def _is_met(duty: DutyAsOf, version: Resolved, state: LastingState) -> bool:
    """Whether a version finds an obligation met in this state."""
    pattern = version.rule.pattern
    assert isinstance(pattern, Rolling | Standing)
    deadline = state.deadline
    within_notice = deadline is not None and before(deadline, pattern.notice) <= duty.as_of
    return state.lasts and not within_notice


def _met_answer(
    duty: DutyAsOf,
    version: Resolved,
    subject: Subject,
    state: LastingState,
    met_by: tuple[ItemRef, ...],
) -> Answer:
    """The answer on an obligation that a version finds met. It is never late, because the lateness
    of earlier rounds is history."""
    return Answer(
        key=duty.key(subject.key),
        version_from=version.begins,
        status=Status.MET,
        opens=_opens(duty, subject),
        deadline=state.deadline,
        days=(state.deadline - duty.as_of).days if state.deadline else None,
        met_by=met_by,
        last_done=state.last_done,
    )


def _opens(duty: DutyAsOf, subject: Subject) -> date:
    """The day from which the duty covers a subject."""
    return max(duty.in_force_from, subject.joined)


def _state_under(duty: DutyAsOf, version: Resolved, subject: Subject) -> LastingState | None:
    """The state of a subject's obligation under a version; None if the holder of a role is unknown
    (reading-semantics.md: Rolling and standing), or if the version does not cover the subject."""
    if subject.member:
        members = {member.id: member for member in version.rule.members}
        if subject.key not in members:
            return None
        subject = subject._replace(member=members[subject.key])
    match version.rule.pattern:
        case Rolling() as pattern:
            return _rolling_state(duty, version, pattern, subject)
        case Standing() as pattern:
            return standing_state(duty, version, pattern, subject)
        case other:
            raise TypeError(other)


# Rolling duties alone (semantics.md: Rolling) ----------------------------------------------------


def _rolling_state(
    duty: DutyAsOf, version: Resolved, pattern: Rolling, subject: Subject
) -> LastingState:
    """The state of a subject's obligation under a version of a rolling duty.

    One course every 24 months, the last one on 3 May 2025, gives on 1 June 2026::

        LastingState(
            deadline=date(2027, 5, 3),
            lasts=True,
            items=[EvidenceItem(date(2025, 5, 3), row)],
            last_done=date(2025, 5, 3),
        )
    """
    finder = duty.finder_of(version)
    items = finder.items(subject)
    needed = finder.query.needed
    first_deadline = _first_deadline(duty, pattern, subject)
    last_done = items[-1].day if items else None
    if len(items) < needed:
        return LastingState(deadline=first_deadline, lasts=False, items=(), last_done=last_done)
    latest = items[-needed:]
    # When the earliest of them ends, too few are left.
    last_day = after(latest[0].day, pattern.every)
    return LastingState(
        deadline=max(first_deadline, last_day),
        lasts=last_day >= duty.as_of,
        items=latest,
        last_done=last_done,
    )


def _first_deadline(duty: DutyAsOf, pattern: Rolling, subject: Subject) -> date:
    """The deadline before anything was done. The rule's own 'first deadline' applies only to
    subjects who were already there when the duty came into force."""
    if pattern.first_deadline is not None and subject.joined <= duty.in_force_from:
        return pattern.first_deadline
    return after(_opens(duty, subject), pattern.first or pattern.every)
