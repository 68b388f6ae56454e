"""The outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from engine.assessment import HistoryEntry, ObligationOutcome, Remedy, RuleFired, UnreadRows
from engine.decision.judge import Verdict
from engine.evaluated_duty import EvaluatedDuty, too_late
from engine.obligation import NO_MEMBER, Obligation
from engine.outcome import Answer, HistoryOutcome, HistoryReason, ItemRef, Status
from engine.outcomes.context import OutcomeContext
from engine.proof.deadline_words import derivation
from engine.proof.phrases import day_words
from engine.proof.rejected import Rejected
from engine.proof.role_words import gaps, role_of, successor
from engine.proof.unmet_words import MOST_TOLD, UnmetWords
from engine.proof.unread import Unread, UnreadSet, UnreadShown
from engine.proof.version_rows import VersionRows
from engine.remedy.build import UnmetObligation
from engine.remedy.remedies import remedies
from engine.remedy.repairs import Repairs
from engine.remedy.smallest_fix import Fixer, ProposedFix
from engine.remedy.to_tell import Corrections

#: Every reason is listed: one without an entry raises KeyError, so that none counts as met unseen.
_OUTCOME_IN_HISTORY = {
    HistoryReason.MET: HistoryOutcome.MET,
    HistoryReason.SETTLED: HistoryOutcome.MET,
    HistoryReason.MISSED: HistoryOutcome.MISSED,
    HistoryReason.LAPSED: HistoryOutcome.LAPSED,
    HistoryReason.BEFORE_RECORDS: HistoryOutcome.BEFORE_RECORDS,
}


class JudgedObligation(NamedTuple):
    """One obligation with its answer and verdict (None if the rules engine did not decide). All
    obligations that a version judges share its ``version_rows``."""

    version_rows: VersionRows
    obligation: Obligation
    answer: Answer
    verdict: Verdict | None

    @property
    def subject(self) -> str:
        """What a person calls the subject."""
        return self.version_rows.subject(self.answer.key, self.obligation)


class DutyObligations(NamedTuple):
    """The current obligations of a duty with their proof, its history, and the unread rows that
    might have met several obligations."""

    current: tuple[ObligationOutcome, ...]
    history: tuple[HistoryEntry, ...]
    unread_rows: tuple[UnreadRows, ...]


class _Unread(NamedTuple):
    """The unread rows that might have met an obligation, and what to correct ``first``."""

    sets: Sequence[UnreadSet]
    first: tuple[str, ...]


def obligation_outcomes(duty: EvaluatedDuty, context: OutcomeContext) -> DutyObligations:
    """The outcome of each obligation of a duty, current and in history."""
    versions = duty.scope.resolved.versions
    rows_of = [VersionRows(version.rule, context.citations) for version in versions]
    all_judged = [
        JudgedObligation(rows_of[obligation.version_number], obligation, answer, verdict)
        for obligation, answer, verdict in zip(
            duty.observed.obligations, duty.answers, duty.verdicts, strict=True
        )
    ]
    current = [judged for judged in all_judged if judged.answer.is_current]
    unmet = {number: judged for number, judged in enumerate(current) if judged.answer.is_unmet}
    unread = Unread(duty.scope, context.citations.corrections)
    unread_of = {
        number: _Unread(
            unread.sets_for(judged.obligation),
            unread.corrections(judged.obligation, judged.answer) if context.explained else (),
        )
        for number, judged in unmet.items()
    }
    shown = UnreadShown(duty.id, (own.sets for own in unread_of.values()), context.citations)
    outcomes = _outcomes(duty, context, current, _fixes(duty, context, unmet), unread_of, shown)
    past = [judged for judged in all_judged if not judged.answer.is_current]
    history = _history(duty, rows_of, past)
    return DutyObligations(tuple(outcomes), tuple(history), shown.groups)


def _history(
    duty: EvaluatedDuty, rows_of: Sequence[VersionRows], past: Iterable[JudgedObligation]
) -> list[HistoryEntry]:
    """The ``past`` obligations, the earlier windows and the gaps, by their deadlines."""
    scope = duty.scope
    entries = [
        _history_entry(
            judged.version_rows,
            judged.answer,
            subject=judged.subject,
            member=judged.obligation.member,
        )
        for judged in past
    ]
    for answer in duty.earlier:
        version_rows = rows_of[scope.version_at(answer.version_from.toordinal())]
        window = answer.key.window
        entries.append(_history_entry(version_rows, answer, subject="office", window=window))
    entries += gaps(scope)
    entries.sort(key=lambda entry: (entry.deadline or datetime.date.min, entry.subject))
    return entries


def _outcomes(
    duty: EvaluatedDuty,
    context: OutcomeContext,
    current: Sequence[JudgedObligation],
    fixes: Mapping[int, tuple[Remedy, ...]],
    unread: Mapping[int, _Unread],
    shown: UnreadShown,
) -> Iterator[ObligationOutcome]:
    """The outcome of each current obligation. The keys of ``fixes`` and ``unread`` are positions in
    ``current``."""
    # By identity: many obligations share a verdict, and comparing situations would take longer.
    verdicts = {id(verdict): verdict for verdict in duty.verdicts}
    fired = {identity: _rule(verdict) for identity, verdict in verdicts.items()}
    rejected = Rejected(duty.scope, context.citations)
    corrections = Corrections(duty, context.citations.problems)
    latest = duty.scope.version(duty.scope.version_number).rule
    words = UnmetWords(duty, context.citations.key_rows(context.as_of))
    for number, judged in enumerate(current):
        version_rows, obligation, answer, verdict = judged
        version = version_rows.version
        outcome = partial(
            ObligationOutcome,
            subject=judged.subject,
            subject_name=version_rows.name(obligation),
            window=answer.key.window,
            status=answer.status,
            late_days=answer.late_days,
            opens=answer.opens,
            deadline=answer.deadline,
            days=answer.days,
            last_done=answer.last_done,
            version_from=answer.version_from,
            derivation=derivation(version, answer, obligation, context.evidence, latest),
            rule=fired[id(verdict)],
            listed_at=version_rows.listed_at(obligation),
            evidence=version_rows.evidence(answer.met_by, obligation.member),
        )
        if answer.status is Status.MET:
            yield outcome()
            continue
        unread_sets, first = unread.get(number, _Unread((), ()))
        refs = (ItemRef(rows.register, row) for rows in unread_sets for row in rows.rows)
        yield outcome(
            unmet_reason=words.reason(obligation, answer, list(islice(refs, MOST_TOLD))),
            would_be_met_by=fixes.get(number, ()),
            to_tell=first or corrections.of(obligation, answer),
            unreadable=shown.rows(unread_sets),
            unread_groups=shown.pointers(unread_sets),
            rejected=rejected.of(obligation, answer, unread_sets) if context.explained else (),
            remarks=_successor(duty, judged),
            too_late=too_late(version, obligation, answer, duty.scope.as_of_day),
            vacant=answer.is_unmet and _is_vacant(duty, judged),
        )


def _fixes(
    duty: EvaluatedDuty, context: OutcomeContext, unmet: Mapping[int, JudgedObligation]
) -> dict[int, tuple[Remedy, ...]]:
    """What would meet each unmet obligation, by its position.

    Its remedies are the rows to add and the cells to change, as the rule requires them. In an
    explained outcome they are also tried on a copy of the evidence, after the repairs of rows that
    are there already: the first repair that meets the obligation is its fix, or else the parts of
    its remedies that are needed to meet it.
    """
    proposed: dict[int, ProposedFix] = {}
    repairs = Repairs(duty.scope)
    rule_file = duty.scope.resolved.duty
    in_brief = rule_file.to_do or rule_file.in_brief or f"Carry out: {rule_file.title}"
    for number, judged in unmet.items():
        unmet_obligation = UnmetObligation(
            version=judged.version_rows.version,
            obligation=judged.obligation,
            citations=context.citations,
            as_of=context.as_of,
            in_brief=in_brief,
            about="" if judged.subject == "office" else judged.subject,
            is_next_step=bool(rule_file.to_do),
        )
        proposed[number] = ProposedFix(
            judged.answer,
            judged.obligation,
            remedies(unmet_obligation),
            repairs.of(unmet_obligation) if context.explained else (),
        )
    if not context.explained or not proposed:
        return {number: fix.remedies for number, fix in proposed.items()}
    fixer = Fixer(duty.scope, context.evidence, context.rulebook)
    return dict(zip(proposed, fixer.fixes(list(proposed.values())), strict=True))


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _is_vacant(duty: EvaluatedDuty, judged: JudgedObligation) -> bool:
    """Whether nobody holds the role that an obligation is about."""
    role = role_of(duty.scope, judged.obligation.version_number, judged.obligation.member)
    return role is not None and role.vacant


def _successor(duty: EvaluatedDuty, judged: JudgedObligation) -> tuple[str, ...]:
    """A remark with the day from which a successor is recorded; none if there is no successor."""
    version = judged.version_rows.version
    answer = judged.answer
    if not version.pattern.in_place or answer.status is not Status.DUE:
        return ()
    query = version.evidence
    if answer.deadline is None or query is None or query.named_by_subject:
        return ()  # the subject's own row names only one item
    member = version.member(judged.obligation.member)
    person = answer.key.subject if version.population else None
    begins = successor(duty.scope, member, answer.deadline, person)
    return (f"A successor is recorded from {day_words(begins)}.",) if begins else ()


def _history_entry(
    version_rows: VersionRows,
    answer: Answer,
    *,
    subject: str,
    window: str = "",
    member: int = NO_MEMBER,
) -> HistoryEntry:
    """An obligation in history: of a ``member`` of a fixed list by its position, or an earlier
    ``window`` of a periodic duty."""
    outcome = _OUTCOME_IN_HISTORY[answer.history_reason]
    if outcome is HistoryOutcome.MET and answer.late_days:
        outcome = HistoryOutcome.MET_LATE
    return HistoryEntry(
        subject=subject,
        window=window,
        outcome=outcome,
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=version_rows.evidence(answer.met_by, member),
    )
