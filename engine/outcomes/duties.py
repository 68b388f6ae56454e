"""The outcome of one duty as reports show it: its status, its counts, the deadline to show, and why
there is nothing to check."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from engine.assessment import (
    CitationShown,
    DutyOutcome,
    HistoryEntry,
    ObligationOutcome,
    ReadingShown,
)
from engine.decision.codes import ListState
from engine.evaluated_duty import EvaluatedDuty
from engine.needs import group_title, needed_registers
from engine.obligation import LeftOut
from engine.outcome import UNMET, HistoryOutcome, Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.outcomes.statuses import count_statuses
from engine.proof.phrases import day_words
from engine.proof.role_words import role_names
from rules.model import Citation, SopVersion, Version
from rules.sop.resolve import Quote, section_in
from rules.wording.duty import version_texts

_NO_QUOTE = Quote("", 0, 0)
_MET_IN_HISTORY = (HistoryOutcome.MET, HistoryOutcome.MET_LATE)


def duty_outcome(evaluated: EvaluatedDuty, context: OutcomeContext, status: Status) -> DutyOutcome:
    """The outcome of one duty. Its ``status`` is the worst of its current obligations, which
    outcomes.totals works out and the rules engine confirms."""
    scope = evaluated.scope
    duty = scope.resolved.duty
    version = scope.version(scope.version_number)
    current, history, unread_rows = obligation_outcomes(evaluated, context)
    deadline, days_left, next_due = _shown_deadline(current, context.as_of)
    judging = _judging_versions(evaluated)
    nothing_to_check: list[str] = []
    if not current:
        left_out = evaluated.observed.expansion.left_out
        nothing_to_check.append(_why_nothing_to_check(left_out, history))
        nothing_to_check.extend(_find_missing_columns(version.rule, context))
    return DutyOutcome(
        id=duty.id,
        title=duty.title,
        in_brief=duty.in_brief,
        section=context.rulebook.sections[duty.id],
        bearer=duty.bearer,
        answers=context.rulebook.book.list_of(duty.bearer),
        strength=duty.strength,
        owner=context.owners.get(duty.id, ""),
        status=status,
        counts=count_statuses((outcome.status, outcome.late_days) for outcome in current),
        deadline=deadline,
        days=days_left,
        next_due=next_due,
        last_done=max((day for outcome in current if (day := outcome.last_done)), default=None),
        citations=tuple(_citations(evaluated, judging, context)),
        version_from=version.begins,
        # Not the pattern of ``version``: a content duty has that of the duty that it cuts there.
        pattern=duty.versions[-1].pattern.kind,
        nothing_to_check=" ".join(nothing_to_check),
        readings=tuple(
            ReadingShown(reading.phrase, reading.reading, (duty.id,))
            for reading in version.rule.readings
        ),
        obligations=current,
        history=history,
        rule_words=_rule_words(evaluated, judging, context) if context.explained else "",
        not_given=tuple(_not_given(evaluated, context)),
        unread_rows=unread_rows,
        reads=tuple(chain(*needed_registers((version.rule,), context.rulebook.registers))),
        until=duty.until,
        versions=tuple(
            (known.begins, known.fingerprint)
            for known in scope.resolved.versions
            if known.begins <= context.as_of
        ),
        roles=role_names(version.rule, context.evidence.tables[version.rule.evidence_register]),
    )


def _not_given(evaluated: EvaluatedDuty, context: OutcomeContext) -> Iterator[str]:
    """The sheets that the duty needs and that were not provided."""
    expansion = evaluated.observed.expansion
    if expansion.list_state == ListState.SHEET_NOT_GIVEN:
        yield from (group_title(group, context.evidence.tables) for group in expansion.lacking)


def _citations(
    evaluated: EvaluatedDuty, judging: Sequence[int], context: OutcomeContext
) -> Iterator[CitationShown]:
    """The citations of the version in force, in the SOP of D; and the citations of each older
    version that judges a current obligation, in the SOP that was in force on that version's last
    day."""
    sop = context.rulebook.book.sop
    resolved = evaluated.scope.resolved
    sop_of_day = sop.version_on(context.as_of)
    periods = list(resolved.periods)
    once: dict[tuple[str, str, SopVersion], Citation] = {}
    for number in reversed(judging):
        version, ends = periods[number]
        sop_version = sop.version_on(min(ends, context.as_of))
        for citation in resolved.duty.citations_on(version.begins):
            once.setdefault((citation.section, citation.phrase, sop_version), citation)
    for (section, phrase, sop_version), citation in once.items():
        text = context.sop.get(sop_version.version)
        quote = text.quotes.get((section, phrase), _NO_QUOTE) if text else _NO_QUOTE
        yield CitationShown(
            section=section_in(context.rulebook, sop_version.version, citation),
            phrase=phrase,
            quote=quote.text,
            start=quote.start,
            end=quote.end,
            sop_version=sop_version.version if sop_version != sop_of_day else "",
        )


def _judging_versions(evaluated: EvaluatedDuty) -> list[int]:
    """The numbers of the version in force, and of each version that judges a current obligation, in
    the order of the versions."""
    judged = zip(evaluated.observed.obligations, evaluated.answers, strict=True)
    numbers = {obligation.version_number for obligation, answer in judged if answer.is_current}
    return sorted(numbers | {evaluated.scope.version_number})


def _rule_words(evaluated: EvaluatedDuty, judging: Sequence[int], context: OutcomeContext) -> str:
    """The sentences of the version in force, and of each version that judges a current obligation,
    each with its first day."""
    begins = [evaluated.scope.version(number).begins for number in judging]
    return version_words(context, evaluated.id, *begins)


def version_words(context: OutcomeContext, duty_id: str, *begins: datetime.date) -> str:
    """The sentences of the versions of a duty that begin on these days, each on a line with its
    first day."""
    rulebook = context.citations.office_rulebook(context.rulebook)
    return "\n".join(
        " ".join((f"From {day_words(version.begins)}: {version.sentence}", *version.also))
        for version in version_texts(rulebook, duty_id)
        if version.begins in begins
    )


def _why_nothing_to_check(left_out: Mapping[LeftOut, int], history: Sequence[HistoryEntry]) -> str:
    """Why a duty has no current obligation: ``Nothing to check: 2 cancelled, 1 lapsed.``"""
    outcomes = Counter(entry.outcome for entry in history)
    met = [entry for entry in history if entry.outcome in _MET_IN_HISTORY]
    met_in_window = sum(1 for entry in met if entry.window)
    settled = len(met) - met_in_window
    # A duty whose periods are missed or met has no current one if it ends before the next begins.
    # Of other duties, history has only what was met over a year ago (HistoryReason.SETTLED).
    counts = [
        *((count, reason.words) for reason, count in left_out.items()),
        (outcomes[HistoryOutcome.LAPSED], "lapsed"),
        (outcomes[HistoryOutcome.MISSED], "missed in an earlier period"),
        (outcomes[HistoryOutcome.BEFORE_RECORDS], "from before records began"),
        (met_in_window, "met in an earlier period"),
        (settled, "met more than a year ago"),
    ]
    reasons = [f"{count} {words}" for count, words in counts if count]
    if settled and len(reasons) == 1:
        return (
            f"Nothing to check: nothing new in the last 12 months, and {settled} met before then."
        )
    return "Nothing to check" + (f": {', '.join(reasons)}." if reasons else ".")


def _find_missing_columns(version: Version, context: OutcomeContext) -> Iterator[str]:
    """A sentence where no sheet has the column that lists whom a duty is about. Otherwise 'not
    flagged' would read as if the office had said so."""
    people = version.population
    if people is None or people.flagged is None:
        return
    table = context.evidence.tables[people.register]
    if table.sources and not any(people.flagged in source.letters for source in table.sources):
        heading = table.heading_of(people.flagged)
        no_column = f"no such column is kept in {table.title}"
        yield f"Nobody is listed under '{heading}', because {no_column}."


class _ShownDeadline(NamedTuple):
    """The deadline that a duty shows, the days left to it (negative if it has passed), and the
    earliest deadline of a due obligation where the duty is overdue. None where there is none."""

    deadline: datetime.date | None = None
    days_left: int | None = None
    next_due: datetime.date | None = None


def _shown_deadline(current: Sequence[ObligationOutcome], as_of: datetime.date) -> _ShownDeadline:
    """The earliest deadline of the obligations that are overdue or due; without any, of those that
    are met or not yet due (semantics.md: From obligations to duties, sections and the whole)."""
    for statuses in (UNMET, (Status.MET, Status.NOT_YET_DUE)):
        outcomes = [outcome for outcome in current if outcome.status in statuses]
        all_days_left = [outcome.days for outcome in outcomes if outcome.days is not None]
        if all_days_left:
            days_left = min(all_days_left)
            # Not the obligation's own deadline: days overdue count from the first of the windows
            # missed in a row, and the deadline shown must go with them.
            deadline = as_of + datetime.timedelta(days_left)
            overdue = any(outcome.status is Status.OVERDUE for outcome in outcomes)
            due = (outcome.deadline for outcome in outcomes if outcome.status is Status.DUE)
            next_due = min(filter(None, due), default=None) if overdue else None
            return _ShownDeadline(deadline, days_left, next_due)
    return _ShownDeadline()
