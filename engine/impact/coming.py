"""The versions that begin soon, and what each makes due or overdue on its first day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from engine.assessment import ComingObligation, ComingVersion, DutyOutcome
from engine.impact.evaluation import DutyEvaluation, cuts
from engine.obligation_pairs import pairs
from engine.outcome import UNMET
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import version_words
from rules.model import Rulebook
from rules.resolve import resolve

#: The days within which a version is coming.
_YEAR = 365


def coming_versions(
    evaluation: DutyEvaluation, context: OutcomeContext
) -> tuple[ComingVersion, ...]:
    """The versions of duties that begin within a year after the as-of date, by their first days and
    then in the order of the rulebook. Each is evaluated as of its first day over the same evidence,
    as a check of that day would be. Raises EngineFault where the two evaluators disagree."""
    rulebook = context.rulebook
    by_day: dict[datetime.date, list[str]] = {}
    for duty_id in rulebook.duties:
        resolved = resolve(rulebook, duty_id)
        for version in resolved.versions:
            soon = 0 < (version.begins - context.as_of).days <= _YEAR
            if soon and resolved.holds(version.begins):
                by_day.setdefault(version.begins, []).append(duty_id)
    return tuple(
        version
        for day in sorted(by_day)
        for version in _of_day(evaluation, context, day, by_day[day])
    )


def _of_day(
    evaluation: DutyEvaluation, context: OutcomeContext, begins: datetime.date, ids: list[str]
) -> list[ComingVersion]:
    """The versions of these duties that begin on one day, each judged on that day by the new
    version and by the rules without it."""
    rulebook = context.rulebook
    earlier = _before(rulebook, begins)
    by_rules = evaluation.on_day(rulebook, begins, ids)
    without = evaluation.on_day(earlier, begins, ids)
    versions = []
    for id_ in ids:
        duty = rulebook.duties[id_]
        outcome = by_rules.outcome(id_)
        other = without.outcome(id_)
        assert outcome is not None, "the duty is in force on the version's first day"
        versions.append(
            ComingVersion(
                duty=id_,
                title=duty.title,
                section=rulebook.sections[id_],
                bearer=duty.bearer,
                answers=rulebook.book.list_of(duty.bearer),
                owner=context.owners.get(id_, ""),
                begins=begins,
                is_new=id_ not in earlier.duties,
                status=outcome.status,
                checks=outcome.counts.total,
                rule_words=version_words(context, id_, begins),
                status_without=other.status if other else None,
                obligations=tuple(_made_outstanding(other, outcome)),
            )
        )
    return versions


def _made_outstanding(
    without: DutyOutcome | None, outcome: DutyOutcome
) -> Iterator[ComingObligation]:
    """The obligations that are due or overdue, and not so by the same deadline without the
    version."""
    for pair in pairs(without, outcome):
        before, after = pair.before, pair.after
        if after is None or after.status not in UNMET:
            continue
        if before and (before.status, before.deadline) == (after.status, after.deadline):
            continue
        yield ComingObligation(
            subject=after.subject,
            window=after.window,
            status=after.status,
            deadline=after.deadline,
            days=after.days,
            status_without=before.status if before else None,
            deadline_without=before.deadline if before else None,
        )


def _before(rulebook: Rulebook, day: datetime.date) -> Rulebook:
    """The rulebook with only the versions that begin before a day."""
    duties = {}
    for id_, duty in rulebook.duties.items():
        versions = tuple(version for version in duty.versions if version.from_ < day)
        if versions:
            duties[id_] = duty.model_copy(update={"versions": versions})
    earlier = rulebook.model_copy(update={"duties": duties})
    whole = {id_ for id_ in duties if all(cut in duties for cut in cuts(earlier, id_))}
    return earlier.model_copy(
        update={"duties": {id_: duty for id_, duty in duties.items() if id_ in whole}}
    )
