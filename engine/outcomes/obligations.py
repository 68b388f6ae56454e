"""From answers to the outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from engine.assessment import HistoryEntry, ObligationOutcome, Remedy, RuleFired, UnreadRows
from engine.decision.judge import Verdict
from engine.evaluated_duty import EvaluatedDuty
from engine.obligation import Obligation
from engine.outcome import BEFORE_RECORDS, Answer, ItemRef, Past, Status
from engine.outcomes.context import OutcomeContext
from engine.proof.deadline_words import derivation, too_late
from engine.proof.phrases import day_words
from engine.proof.rejected import Rejected
from engine.proof.succession import gaps, successor
from engine.proof.unmet_words import MOST_TOLD, UnmetWords
from engine.proof.unread import Unread, UnreadSet, UnreadShown
from engine.proof.version_rows import VersionRows
from engine.remedy.build import UnmetObligation
from engine.remedy.remedies import remedies
from engine.remedy.repairs import Repairs
from engine.remedy.smallest_fix import Fixer, ProposedFix
from engine.remedy.to_tell import Corrections

_UNMET = (Status.DUE, Status.OVERDUE)

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


class Obligations(NamedTuple):
    """The current obligations of a duty with their proof, its history, and the unread rows that
    might have met several of them."""

    current: tuple[ObligationOutcome, ...]
    history: tuple[HistoryEntry, ...]
    unread_rows: tuple[UnreadRows, ...]


def obligations(duty: EvaluatedDuty, context: OutcomeContext) -> Obligations:
    """The duty's obligations, current and past."""
    scope = duty.scope
    versions = [VersionRows(version.version, context.citations) for version in scope.duty.versions]
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
    history.sort(key=lambda each: (each.deadline or datetime.date.min, each.subject))
    unread = Unread(scope)
    sets = {at: unread.sets_for(one.obligation) for at, one in enumerate(judged) if one.unmet}
    shown = UnreadShown(duty.id, sets.values(), context.citations)
    current = tuple(_current(duty, context, judged, sets, shown))
    return Obligations(current, tuple(history), shown.groups)


def _current(
    duty: EvaluatedDuty,
    context: OutcomeContext,
    judged: Sequence[JudgedObligation],
    unread: Mapping[int, Sequence[UnreadSet]],
    shown: UnreadShown,
) -> Iterator[ObligationOutcome]:
    once = {id(verdict): verdict for verdict in duty.verdicts}  # many share one
    fired = {at: _rule(verdict) for at, verdict in once.items()}
    fixes = _fixes(duty, context, judged)
    rejected = Rejected(duty.scope, context.citations)
    corrections = Corrections(duty, context.citations.problems)
    words = UnmetWords(duty, context.citations.key_rows(context.as_of))
    for at, one in enumerate(judged):
        version_rows, obligation, answer, verdict = one
        if answer.past is not Past.CURRENT:
            continue
        version = version_rows.version
        outcome = ObligationOutcome(
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
        )
        if answer.status is Status.MET:
            yield outcome
            continue
        missing = unread.get(at, ())
        refs = (ItemRef(each.register, row) for each in missing for row in each.rows)
        yield replace(
            outcome,
            unmet_reason=words.reason(obligation, answer, list(islice(refs, MOST_TOLD))),
            would_be_met_by=fixes.get(at, ()),
            to_tell=corrections.of(obligation, answer),
            unreadable=shown.rows(missing),
            unread_groups=shown.pointers(missing),
            rejected=rejected.of(obligation, answer, missing) if context.explained else (),
            remarks=tuple(_successor(duty, one)),
            too_late=too_late(version, obligation, answer, duty.scope.as_of_day),
        )


def _fixes(
    duty: EvaluatedDuty, context: OutcomeContext, judged: Sequence[JudgedObligation]
) -> dict[int, tuple[Remedy, ...]]:
    """What would meet each obligation that is unmet, by its place among them."""
    unmet: dict[int, ProposedFix] = {}
    repairs = Repairs(duty.scope)
    for at, (version_rows, obligation, answer, _) in enumerate(judged):
        if judged[at].unmet:
            subject = version_rows.subject(answer.key, obligation)
            tried = UnmetObligation(
                version_rows.version,
                obligation,
                context.citations,
                context.as_of,
                duty.scope.duty.duty.in_brief or f"Carry out: {duty.scope.duty.duty.title}",
                "" if subject == "office" else subject,
            )
            mended = repairs.of(tried) if context.explained else ()
            unmet[at] = ProposedFix(answer, obligation, remedies(tried), mended)
    if context.explained and unmet:
        fixer = Fixer(duty.scope, context.evidence, context.rulebook)
        return dict(zip(unmet, fixer.fixes(list(unmet.values())), strict=True))
    return {at: each.remedies for at, each in unmet.items()}


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _successor(duty: EvaluatedDuty, one: JudgedObligation) -> Iterator[str]:
    """That a successor is on record already."""
    version, answer = one.version_rows.version, one.answer
    if not version.pattern.in_place or answer.status is not Status.DUE:
        return
    query = version.evidence
    if answer.deadline is None or query is None or query.named_by_subject:
        return  # the subject's own row names one alone
    member = version.member(one.obligation.member)
    person = answer.key.subject if version.population else None
    following = successor(duty.scope, member, answer.deadline, person)
    if following:
        yield f"A successor is recorded from {day_words(following)}."


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
