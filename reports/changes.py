"""What changed between two assessments: the duties and obligations that have another status, are
new or are gone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome
from engine.obligation_pairs import pairs
from engine.outcome import WORST_FIRST, Status
from reports import view, words


@dataclass(frozen=True, slots=True)
class ObligationChange:
    """One obligation: ``before`` is None for a new one, ``after`` for one that is gone; ``became``
    is then what the new assessment's history says of it (met, missed, lapsed …), if anything.
    ``was`` and ``now`` are its statuses in words. ``window`` is the new one's, where a later window
    took the earlier one's place."""

    subject: str
    window: str
    before: Status | None
    after: Status | None
    was: str
    now: str
    became: str


@dataclass(frozen=True, slots=True)
class DutyChange:
    """One duty that changed, or of which an obligation did. ``before`` is None for a new one,
    ``after`` for one that is gone; ``was`` and ``now`` are these in words. ``note`` says where a
    gone one is not in force any more, or a new one was not in force yet."""

    id: str
    title: str
    answers: str
    bearer: str
    before: Status | None
    after: Status | None
    was: str
    now: str
    note: str
    obligations: tuple[ObligationChange, ...]

    @property
    def status_changed(self) -> bool:
        """Whether the duty itself has another status, is new or is gone."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since an earlier assessment, the worst duties first and those that are gone last.
    ``notes`` are sentences about what makes the two hard to compare."""

    since: datetime.date
    notes: tuple[str, ...]
    duties: tuple[DutyChange, ...]


def changes(old: Assessment, new: Assessment) -> Changes:
    """The differences of ``new`` from ``old``."""
    before = {duty.id: duty for duty in old.duties}
    after = {duty.id: duty for duty in new.duties}
    asides = {aside.id: aside.words for aside in (*old.not_in_force, *new.not_in_force)}
    differences = [_duty(before.get(id_), duty, asides.get(id_, "")) for id_, duty in after.items()]
    differences += [
        _duty(before[id_], None, asides.get(id_, "")) for id_ in before if id_ not in after
    ]
    changed = [duty for duty in differences if duty.status_changed or duty.obligations]
    changed.sort(key=lambda change: (not change.status_changed, _rank(change.after)))
    return Changes(old.as_of, tuple(_notes(old, new)), tuple(changed))


def _rank(status: Status | None) -> int:
    return len(WORST_FIRST) if status is None else WORST_FIRST.index(status)


def _notes(old: Assessment, new: Assessment) -> Iterator[str]:
    if old.as_of > new.as_of:
        yield "The assessment given as the earlier one speaks for a later day than this one."
    if old.records_begin != new.records_begin:
        yield (
            f"Records begin {_on(new.records_begin)} in this assessment and "
            f"{_on(old.records_begin)} in the earlier one, so an obligation from before then may "
            "count in one of them alone."
        )
    if _mapping(old) != _mapping(new):
        yield (
            f"The mapping of the {new.rulebook.body.called}'s own sheets changed, so a status may "
            "differ because a sheet is read in another way."
        )
    if old.rulebook.id != new.rulebook.id:
        yield f"The earlier assessment used another rulebook, {old.rulebook.title}."
    elif old.rulebook.sha256 != new.rulebook.sha256:
        yield (
            f"The rulebook itself changed (version {old.rulebook.version}, "
            f"now {new.rulebook.version}), so a status may differ because a rule does."
        )


def _mapping(assessment: Assessment) -> str:
    return assessment.mapping.sha256 if assessment.mapping else ""


def _on(day: datetime.date | None) -> str:
    return f"on {words.day(day)}" if day else "on no given day"


def _duty(old: DutyOutcome | None, new: DutyOutcome | None, note: str) -> DutyChange:
    shown = new or old
    assert shown is not None, "a duty is in at least one of the two"
    changed = _obligations(old, new) if old and new else ()
    return DutyChange(
        id=shown.id,
        title=view.named(shown),
        answers=shown.answers,
        bearer=shown.bearer,
        before=old.status if old else None,
        after=new.status if new else None,
        was=view.duty_words(old) if old else "",
        now=view.duty_words(new) if new else "",
        note="" if old and new else note,
        obligations=tuple(
            sorted(changed, key=lambda change: (_rank(change.after), change.subject, change.window))
        ),
    )


def _obligations(old: DutyOutcome, new: DutyOutcome) -> Iterator[ObligationChange]:
    became = {(entry.subject, entry.window): entry.outcome for entry in new.history}
    for pair in pairs(old, new):
        before = pair.before.status if pair.before else None
        after = pair.after.status if pair.after else None
        if before is not after:
            obligation = pair.shown
            history = "" if after else became.get((obligation.subject, obligation.window), "")
            yield ObligationChange(
                obligation.subject,
                obligation.window,
                before,
                after,
                view.obligation_words(pair.before) if pair.before else "",
                view.obligation_words(pair.after) if pair.after else "",
                history,
            )
