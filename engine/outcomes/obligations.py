"""From answers to the outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.assessment import HistoryEntry, ObligationOutcome, Remedy, RuleFired
from engine.decision.judge import Verdict
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.rowview import RowView, rows
from engine.outcome import Answer, Past, Status
from engine.outcomes.context import OutcomeContext
from engine.proof.deadline_words import derivation
from engine.proof.latest_words import LatestWords
from engine.proof.near_rows import NearRows
from engine.proof.phrases import day_words
from engine.proof.succession import gaps, successor
from engine.proof.too_late import too_late
from engine.proof.unmet_words import reason
from engine.proof.unread import Unread, suspects, unread_for
from engine.proof.version_rows import VersionRows, whole
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
    """One obligation: what is alike in all that its version judged, what was found of it, its
    answer and verdict."""

    alike: VersionRows
    row: RowView
    answer: Answer
    verdict: Verdict | None


class _Shortfall(NamedTuple):
    """Of an obligation that is not met: why, what would meet it, and the unread rows that might
    have."""

    reason: str
    fix: tuple[Remedy, ...]
    unread: Unread


def obligations(
    duty: EvaluatedDuty, context: OutcomeContext
) -> tuple[list[ObligationOutcome], list[HistoryEntry]]:
    """The duty's current obligations with their proof, and its history."""
    current: list[ObligationOutcome] = []
    history: list[HistoryEntry] = []
    numbers = range(len(duty.scope.duty.versions))
    unread = [suspects(duty.scope, n) for n in numbers]
    alike = [VersionRows(duty.scope.version(n).version, context.citations) for n in numbers]
    judged = [
        JudgedObligation(alike[whole(row["version"])], row, answer, verdict)
        for row, answer, verdict in _observed(duty)
    ]
    once = {id(each): each for each in duty.verdicts}  # many share one
    fired = {at: _rule(verdict) for at, verdict in once.items()}
    fixes = _fixes(duty, context, judged)
    near = NearRows(duty.scope, context.citations.key_rows(context.as_of))
    latest = LatestWords(duty.scope)
    for at, one in enumerate(judged):
        if one.answer.past is not Past.CURRENT:
            history.append(_history(one))
            continue
        missing = (
            unread_for(duty.scope, unread[whole(one.row["version"])], one.row)
            if one.answer.status in _UNMET
            else Unread()
        )
        rule = fired[id(one.verdict)]
        version = one.alike.version
        why = reason(duty, version, one.answer, one.row, near)
        why = " ".join(filter(None, (why, latest.unclear(version, missing.named))))
        current.append(
            _obligation(duty, context, one, rule, _Shortfall(why, fixes.get(at, ()), missing))
        )
    history += [_window(duty, alike, answer) for answer in duty.earlier]
    history += gaps(duty.scope)
    return current, sorted(history, key=_by_deadline)


def _observed(duty: EvaluatedDuty) -> Iterable[tuple[RowView, Answer, Verdict | None]]:
    return zip(rows(duty.observed.table), duty.answers, duty.verdicts, strict=True)


def _fixes(
    duty: EvaluatedDuty, context: OutcomeContext, judged: Sequence[JudgedObligation]
) -> dict[int, tuple[Remedy, ...]]:
    """What would meet each line that is due or overdue, by its place among them."""
    places = [
        at
        for at, one in enumerate(judged)
        if one.answer.status in _UNMET and one.answer.past is Past.CURRENT
    ]
    unmet = [
        ProposedFix(judged[at].answer, judged[at].row, remedies(_asked(context, judged[at])))
        for at in places
    ]
    if context.explained and unmet:
        fixer = Fixer(duty.scope, context.evidence, context.rulebook)
        return dict(zip(places, fixer.fixes(unmet), strict=True))
    return {at: each.remedies for at, each in zip(places, unmet, strict=True)}


def _asked(context: OutcomeContext, one: JudgedObligation) -> UnmetObligation:
    return UnmetObligation(one.alike.version, one.row, context.citations, context.as_of)


def _by_deadline(entry: HistoryEntry) -> tuple[datetime.date, str]:
    return entry.deadline or datetime.date.min, entry.subject


def _obligation(
    duty: EvaluatedDuty,
    context: OutcomeContext,
    one: JudgedObligation,
    rule: RuleFired,
    unmet: _Shortfall,
) -> ObligationOutcome:
    alike, row, answer, _ = one
    version = alike.version
    return ObligationOutcome(
        subject=alike.subject(answer.key, row),
        subject_name=alike.name(row),
        window=answer.key.window if answer.key.row < 0 else "",
        status=answer.status,
        late_days=answer.late_days,
        opens=answer.opens,
        deadline=answer.deadline,
        days=answer.days,
        last_done=answer.last_done,
        version_from=answer.version,
        derivation=derivation(version, answer, row, context.evidence),
        rule=rule,
        listed_at=alike.listed_at(row),
        evidence=alike.evidence(answer.met_by, whole(row["member"])),
        unmet_reason=unmet.reason,
        would_be_met_by=unmet.fix,
        unreadable=alike.unreadable(unmet.unread.named),
        remarks=(*_remarks(duty, context, one), *_more_unread(duty, unmet.unread)),
        too_late=too_late(version, answer),
    )


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _remarks(
    duty: EvaluatedDuty, context: OutcomeContext, one: JudgedObligation
) -> tuple[str, ...]:
    """What is said beside the status: a successor already on record."""
    version, answer = one.alike.version, one.answer
    if not isinstance(version.pattern, Standing) or answer.status is not Status.DUE:
        return ()
    if answer.deadline is None or isinstance(version.subjects, Population):
        return ()
    member = _asked(context, one).member
    following = successor(duty.scope, member, answer.deadline.toordinal())
    return (f"A successor is recorded to begin on {day_words(following)}.",) if following else ()


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
    alike, row, answer, _ = one
    return HistoryEntry(
        subject=alike.subject(answer.key, row),
        window="",
        outcome=_outcome(answer),
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=alike.evidence(answer.met_by, whole(row["member"])),
    )


def _outcome(answer: Answer) -> str:
    """What became of it, in the words of a history."""
    return _UNMET_IN_HISTORY.get(answer.past) or ("met late" if answer.late_days else "met")


def _window(duty: EvaluatedDuty, alike: Sequence[VersionRows], answer: Answer) -> HistoryEntry:
    """An earlier window of a periodic duty."""
    number = duty.scope.version_at(answer.version.toordinal())
    return HistoryEntry(
        "office",
        answer.key.window,
        _outcome(answer),
        answer.opens,
        answer.deadline,
        answer.late_days,
        alike[number].evidence(answer.met_by, -1),
    )
