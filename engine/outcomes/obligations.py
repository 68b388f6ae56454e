"""The outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from engine.assessment import (
    OFFICE,
    HistoryEntry,
    ObligationOutcome,
    Remedy,
    RuleFired,
    UnreadRows,
)
from engine.decision.judge import Verdict
from engine.evaluated_duty import EvaluatedDuty, too_late
from engine.findings.unknown_names import MisnamedRow, MisnamedRows, with_misnamed
from engine.obligation import NO_MEMBER, Obligation
from engine.outcome import Answer, HistoryOutcome, HistoryReason, ItemRef, Status
from engine.outcomes.context import OutcomeContext
from engine.proof.deadline_words import derivation
from engine.proof.phrases import day_words
from engine.proof.rejected import RejectedFinder
from engine.proof.role_words import gaps, role_of, successor
from engine.proof.unmet_words import UnmetWords
from engine.proof.unread import SuspectCitations, SuspectRows, UnreadFinder
from engine.proof.version_rows import VersionRows
from engine.remedy.build import UnmetObligation
from engine.remedy.remedies import remedies
from engine.remedy.repairs import Repairs
from engine.remedy.smallest_fix import ProposedFix, SmallestFixes
from engine.remedy.to_tell import Corrections

#: Every reason but NONE, which is that of current obligations. A reason without an entry raises
#: KeyError, so that none counts as met by accident.
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


@dataclass(frozen=True, slots=True)
class _UnmetDetails:
    """What would meet an unmet obligation, the suspect rows (the unread rows that might have met
    it), what to correct in these before anything else, and the rows with an unknown name that might
    have met it."""

    remedies: tuple[Remedy, ...] = ()
    suspects: tuple[SuspectRows, ...] = ()
    corrections_first: tuple[str, ...] = ()
    misnamed: Sequence[MisnamedRow] = ()


_NO_DETAILS = _UnmetDetails()


def obligation_outcomes(duty: EvaluatedDuty, context: OutcomeContext) -> DutyObligations:
    """Returns the outcome of each obligation of a duty, current and in history."""
    versions = duty.scope.resolved.versions
    rows_of = [VersionRows(version.rule, context.citations) for version in versions]
    all_judged = [
        JudgedObligation(rows_of[obligation.version_number], obligation, answer, verdict)
        for obligation, answer, verdict in zip(
            duty.observed.obligations, duty.answers, duty.verdicts, strict=True
        )
    ]
    current = [judged for judged in all_judged if judged.answer.is_current]
    details = _unmet_details(duty, context, current)
    suspects = (unmet.suspects for unmet in details.values())
    suspect_citations = SuspectCitations(duty.id, suspects, context.citations)
    outcomes = _outcomes(duty, context, current, details, suspect_citations)
    past = [judged for judged in all_judged if not judged.answer.is_current]
    history = _history(duty, rows_of, past)
    return DutyObligations(tuple(outcomes), tuple(history), suspect_citations.groups)


def _unmet_details(
    duty: EvaluatedDuty, context: OutcomeContext, current: Sequence[JudgedObligation]
) -> dict[int, _UnmetDetails]:
    """Returns the details of each unmet obligation, by its position in ``current``."""
    unmet = {position: judged for position, judged in enumerate(current) if judged.answer.is_unmet}
    remedies_of_each = _remedies(duty, context, list(unmet.values()))
    finder = UnreadFinder(duty.scope, context.citations.corrections)
    misnamed_rows = MisnamedRows(duty.scope, context.citations)
    details: dict[int, _UnmetDetails] = {}
    for (position, judged), own_remedies in zip(unmet.items(), remedies_of_each, strict=True):
        obligation, answer = judged.obligation, judged.answer
        misnamed = misnamed_rows.rows_for(obligation) if context.explained else ()
        first = finder.corrections_for(obligation, answer) if context.explained else ()
        details[position] = _UnmetDetails(
            remedies=own_remedies,
            suspects=finder.suspects_for(obligation),
            corrections_first=(*first, *(row.correction for row in misnamed)),
            misnamed=misnamed,
        )
    return details


def _history(
    duty: EvaluatedDuty, rows_of: Sequence[VersionRows], past: Iterable[JudgedObligation]
) -> list[HistoryEntry]:
    """Returns the ``past`` obligations, the earlier windows and the gaps, by their deadlines."""
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
        entries.append(_history_entry(version_rows, answer, subject=OFFICE, window=window))
    entries += gaps(scope)
    entries.sort(key=lambda entry: (entry.deadline or datetime.date.min, entry.subject))
    return entries


def _outcomes(
    duty: EvaluatedDuty,
    context: OutcomeContext,
    current: Sequence[JudgedObligation],
    details: Mapping[int, _UnmetDetails],
    suspect_citations: SuspectCitations,
) -> Iterator[ObligationOutcome]:
    """Yields the outcome of each current obligation. The keys of ``details`` are the positions of
    the unmet ones in ``current``."""
    # The keys are identities, because many obligations share a verdict and it would take longer to
    # compare situations.
    rules_fired: dict[int, RuleFired] = {}
    rejected = RejectedFinder(duty.scope, context.citations)
    corrections = Corrections(duty, context.citations.problems)
    latest = duty.scope.version(duty.scope.version_number).rule
    words = UnmetWords(duty, context.citations.key_rows(context.as_of))
    for position, judged in enumerate(current):
        version_rows, obligation, answer, verdict = judged
        version = version_rows.version
        if id(verdict) not in rules_fired:
            rules_fired[id(verdict)] = _rule_fired(verdict)
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
            rule=rules_fired[id(verdict)],
            listed_at=version_rows.listed_at(obligation),
            evidence=version_rows.evidence(answer.met_by, obligation.member),
        )
        if answer.status is Status.MET:
            yield outcome()
            continue
        unmet = details.get(position, _NO_DETAILS)
        suspects = unmet.suspects
        refs = (ItemRef(rows.register, row) for rows in suspects for row in rows.rows)
        yield outcome(
            unmet_reason=words.reason(obligation, answer, refs),
            would_be_met_by=unmet.remedies,
            to_tell=unmet.corrections_first or corrections.corrections_for(obligation, answer),
            unreadable=suspect_citations.rows(suspects),
            unread_groups=suspect_citations.pointers(suspects),
            rejected=with_misnamed(
                rejected.rows_for(obligation, answer, suspects) if context.explained else (),
                unmet.misnamed,
                duty.scope,
            ),
            remarks=_successor(duty, judged),
            too_late=too_late(version, obligation, answer, duty.scope.as_of_day),
            vacant=answer.is_unmet and _is_vacant(duty, judged),
        )


def _remedies(
    duty: EvaluatedDuty, context: OutcomeContext, unmet: Sequence[JudgedObligation]
) -> list[tuple[Remedy, ...]]:
    """Returns what would meet each unmet obligation.

    Its remedies are the rows to add and the cells to change, as the rule requires them. In an
    explained outcome they are also tried on a copy of the evidence, after the repairs of rows that
    are there already: the first repair that meets the obligation is its fix, or else the parts of
    its remedies that are needed to meet it.
    """
    proposed = list(_proposed_fixes(duty, context, unmet))
    if not context.explained or not proposed:
        return [fix.remedies for fix in proposed]
    return SmallestFixes(duty.scope, context.evidence, context.rulebook).of(proposed)


def _proposed_fixes(
    duty: EvaluatedDuty, context: OutcomeContext, unmet: Iterable[JudgedObligation]
) -> Iterator[ProposedFix]:
    """Yields the remedies of each unmet obligation and, for an explained outcome, its repairs."""
    repairs = Repairs(duty.scope)
    rule_file = duty.scope.resolved.duty
    in_brief = rule_file.to_do or rule_file.in_brief or f"Carry out: {rule_file.title}"
    for judged in unmet:
        unmet_obligation = UnmetObligation(
            version=judged.version_rows.version,
            obligation=judged.obligation,
            citations=context.citations,
            as_of=context.as_of,
            in_brief=in_brief,
            about="" if judged.subject == OFFICE else judged.subject,
            is_next_step=bool(rule_file.to_do),
        )
        yield ProposedFix(
            judged.answer,
            judged.obligation,
            remedies(unmet_obligation),
            repairs.repairs_for(unmet_obligation) if context.explained else (),
        )


def _rule_fired(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _is_vacant(duty: EvaluatedDuty, judged: JudgedObligation) -> bool:
    """Returns whether nobody holds the role that an obligation is about."""
    role = role_of(duty.scope, judged.obligation.version_number, judged.obligation.member)
    return role is not None and role.vacant


def _successor(duty: EvaluatedDuty, judged: JudgedObligation) -> tuple[str, ...]:
    """Returns a remark with the day from which a successor is recorded. It returns none if there
    is no successor, or if the obligation is not a standing one that is due."""
    version = judged.version_rows.version
    answer = judged.answer
    if not version.pattern.in_place or answer.status is not Status.DUE:
        return ()
    query = version.evidence
    if answer.deadline is None or query is None or query.named_by_subject:
        return ()  # The subject's own row names only one item.
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
    """Returns an obligation as an entry in history: that of a ``member`` of a fixed list, by its
    position, or an earlier ``window`` of a periodic duty."""
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
