"""From answers to the outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.assessment import HistoryEntry, ObligationOutcome, Remedy, RuleFired
from engine.decision.judge import Verdict
from engine.evaluated_duty import EvaluatedDuty
from engine.obligation import Obligation, member_of
from engine.outcome import Answer, Past, Status
from engine.outcomes.context import OutcomeContext
from engine.proof.deadline_words import derivation
from engine.proof.phrases import day_words
from engine.proof.succession import gaps, successor
from engine.proof.too_late import too_late
from engine.proof.unmet_words import UnmetWords
from engine.proof.unread import Unread, suspects, unread_for
from engine.proof.version_rows import VersionRows
from engine.remedy.build import UnmetObligation
from engine.remedy.remedies import remedies
from engine.remedy.smallest_fix import Fixer, ProposedFix
from rules.pattern import Standing
from rules.subject import Population

_UNMET = (Status.DUE, Status.OVERDUE)

#: What history says of an unmet obligation whose deadline lies before the day records begin.
BEFORE_RECORDS = "before records began"

_UNMET_IN_HISTORY = {
    Past.MISSED: "missed",
    Past.LAPSED: "lapsed",
    Past.BEFORE_RECORDS: BEFORE_RECORDS,
}


class JudgedObligation(NamedTuple):
    """One obligation with its answer and verdict, and what all that its version judges share."""

    version_rows: VersionRows
    obligation: Obligation
    answer: Answer
    verdict: Verdict | None

    @property
    def unmet(self) -> bool:
        """Whether it is to be met now, and is not."""
        return self.answer.status in _UNMET and self.answer.past is Past.CURRENT


def obligations(
    duty: EvaluatedDuty, context: OutcomeContext
) -> tuple[list[ObligationOutcome], list[HistoryEntry]]:
    """The duty's current obligations with their proof, and its history."""
    scope = duty.scope
    versions = [VersionRows(each.version, context.citations) for each in scope.duty.versions]
    judged = [
        JudgedObligation(versions[obligation.version], obligation, answer, verdict)
        for obligation, answer, verdict in zip(
            duty.observed.obligations, duty.answers, duty.verdicts, strict=True
        )
    ]
    history = [_history(one) for one in judged if one.answer.past is not Past.CURRENT]
    history += [
        _window(versions[scope.version_at(answer.version.toordinal())], answer)
        for answer in duty.earlier
    ]
    history += gaps(scope)
    return list(_current(duty, context, judged)), sorted(history, key=_by_deadline)


def _by_deadline(entry: HistoryEntry) -> tuple[datetime.date, str]:
    return entry.deadline or datetime.date.min, entry.subject


def _current(
    duty: EvaluatedDuty, context: OutcomeContext, judged: Sequence[JudgedObligation]
) -> Iterator[ObligationOutcome]:
    once = {id(each): each for each in duty.verdicts}  # many share one
    fired = {at: _rule(verdict) for at, verdict in once.items()}
    fixes = _fixes(duty, context, judged)
    words = UnmetWords(duty, context.citations.key_rows(context.as_of))
    unread = [suspects(duty.scope, number) for number in range(len(duty.scope.duty.versions))]
    for at, one in enumerate(judged):
        version_rows, obligation, answer, verdict = one
        if answer.past is not Past.CURRENT:
            continue
        version = version_rows.version
        missing = (
            unread_for(duty.scope, unread[obligation.version], obligation)
            if one.unmet
            else Unread()
        )
        yield ObligationOutcome(
            subject=version_rows.subject(answer.key, obligation),
            subject_name=version_rows.name(obligation),
            window=answer.key.window if answer.key.row < 0 else "",
            status=answer.status,
            late_days=answer.late_days,
            opens=answer.opens,
            deadline=answer.deadline,
            days=answer.days,
            last_done=answer.last_done,
            version_from=answer.version,
            derivation=derivation(version, answer, obligation, context.evidence),
            rule=fired[id(verdict)],
            listed_at=version_rows.listed_at(obligation),
            evidence=version_rows.evidence(answer.met_by, obligation.member),
            unmet_reason=words.reason(obligation, answer, missing.named),
            would_be_met_by=fixes.get(at, ()),
            unreadable=version_rows.unreadable(missing.named),
            remarks=(*_successor(duty, one), *_more_unread(duty, missing)),
            too_late=too_late(version, answer, obligation.member),
        )


def _fixes(
    duty: EvaluatedDuty, context: OutcomeContext, judged: Sequence[JudgedObligation]
) -> dict[int, tuple[Remedy, ...]]:
    """What would meet each obligation that is unmet, by its place among them."""
    unmet: dict[int, ProposedFix] = {}
    for at, (version_rows, obligation, answer, _) in enumerate(judged):
        if judged[at].unmet:
            tried = UnmetObligation(
                version_rows.version, obligation, context.citations, context.as_of
            )
            unmet[at] = ProposedFix(answer, obligation, remedies(tried))
    if context.explained and unmet:
        fixer = Fixer(duty.scope, context.evidence, context.rulebook)
        return dict(zip(unmet, fixer.fixes(list(unmet.values())), strict=True))
    return {at: each.remedies for at, each in unmet.items()}


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _successor(duty: EvaluatedDuty, one: JudgedObligation) -> Iterator[str]:
    """That a successor is on record already."""
    version, answer = one.version_rows.version, one.answer
    if not isinstance(version.pattern, Standing) or answer.status is not Status.DUE:
        return
    if answer.deadline is None or isinstance(version.subjects, Population):
        return
    member = member_of(version, one.obligation.member)
    following = successor(duty.scope, member, answer.deadline)
    if following:
        yield f"A successor is recorded to begin on {day_words(following)}."


def _more_unread(duty: EvaluatedDuty, unread: Unread) -> Iterator[str]:
    """How many rows that cannot be read might have met it too and are not named with it: each of
    them stands among the problems."""
    if unread.more:
        title = duty.scope.register(unread.named[0].register).table.register.title
        rows = "row" if unread.more == 1 else "rows"
        yield (
            f"{unread.more:,} more {rows} of {title} cannot be read and might have met it: "
            "the problems list them."
        )


def _history(one: JudgedObligation) -> HistoryEntry:
    version_rows, obligation, answer, _ = one
    return HistoryEntry(
        subject=version_rows.subject(answer.key, obligation),
        window="",
        outcome=_outcome(answer),
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=version_rows.evidence(answer.met_by, obligation.member),
    )


def _window(version_rows: VersionRows, answer: Answer) -> HistoryEntry:
    """An earlier window of a periodic duty."""
    return HistoryEntry(
        subject="office",
        window=answer.key.window,
        outcome=_outcome(answer),
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=version_rows.evidence(answer.met_by, -1),
    )


def _outcome(answer: Answer) -> str:
    """What became of it, in the words of a history."""
    return _UNMET_IN_HISTORY.get(answer.past) or ("met late" if answer.late_days else "met")
