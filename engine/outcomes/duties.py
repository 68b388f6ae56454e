"""One duty's outcome as reports show it: the status, the counts, the deadline to show, and why
there is nothing to check."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from engine.assessment import (
    CitationShown,
    Counts,
    DutyOutcome,
    HistoryEntry,
    ObligationOutcome,
    ReadingShown,
)
from engine.decision.codes import ListState
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.items import evidence_register
from engine.frames.lists import NO_DAY_YET
from engine.needs import group_title, needed_registers
from engine.outcome import WORST_FIRST, HistoryOutcome, Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.proof.phrases import day_words
from engine.proof.role_words import role_names
from rules.model import Rulebook, Version
from rules.sop.resolve import section_in
from rules.wording.duty import version_texts

#: Words for those reasons why a row requires nothing whose code is not fit to print.
_REASON_WORDS = {NO_DAY_YET: "planned, with no date yet"}


def duty_outcome(evaluated: EvaluatedDuty, context: OutcomeContext, status: Status) -> DutyOutcome:
    """The outcome of one duty. Its ``status`` is the worst of its current obligations, which
    outcomes.totals works out and the rules engine confirms."""
    scope = evaluated.scope
    duty, version = scope.resolved.duty, scope.version(scope.version_number)
    current, history, unread_rows = obligation_outcomes(evaluated, context)
    shown = _shown_deadline(current, context.as_of)
    done = [outcome.last_done for outcome in current if outcome.last_done]
    expansion = evaluated.observed.expansion
    not_given = expansion.lacking if expansion.list_state == ListState.SHEET_NOT_GIVEN else ()
    return DutyOutcome(
        id=duty.id,
        title=duty.title,
        in_brief=duty.in_brief,
        section=context.rulebook.sections[duty.id],
        bearer=duty.bearer,
        answers=answering_list(context.rulebook, duty.bearer),
        strength=duty.strength,
        owner=context.owners.get(duty.id, ""),
        status=status,
        counts=count_statuses((outcome.status, outcome.late_days) for outcome in current),
        deadline=shown.deadline,
        days=shown.days_left,
        next_due=shown.next_due,
        last_done=max(done, default=None),
        citations=tuple(_citations(evaluated, context)),
        version_from=version.begins,
        # Not the pattern of ``version``: a content duty has that of the duty that it cuts there.
        pattern=duty.versions[-1].pattern.kind,
        nothing_to_check=""
        if current
        else _nothing_to_check(expansion.left_out, history) + _nobody_named(version.rule, context),
        readings=tuple(
            ReadingShown(reading.phrase, reading.reading, (duty.id,))
            for reading in version.rule.readings
        ),
        obligations=current,
        history=history,
        rule_words=_rule_words(evaluated, context) if context.explained else "",
        not_given=tuple(group_title(group, context.evidence.tables) for group in not_given),
        unread_rows=unread_rows,
        reads=tuple(chain(*needed_registers((version.rule,), context.rulebook.registers))),
        until=duty.until,
        versions=tuple(
            (begun.begins, begun.fingerprint)
            for begun in scope.resolved.versions
            if begun.begins <= context.as_of
        ),
        roles=role_names(version.rule, context.evidence.tables[evidence_register(version.rule)]),
    )


def _citations(evaluated: EvaluatedDuty, context: OutcomeContext) -> Iterator[CitationShown]:
    """The citations of the version in force, in the SOP of D, and those of each older version that
    judges a current obligation, in the SOP that was in force on that version's last day."""
    sop, resolved = context.rulebook.book.sop, evaluated.scope.resolved
    of_day, shown = sop.version_on(context.as_of), set()
    periods = list(resolved.periods)
    for number in reversed(_judging_versions(evaluated)):
        version, ends = periods[number]
        sop_version = sop.version_on(min(ends, context.as_of))
        text = context.sop.get(sop_version.version)
        for citation in resolved.duty.citations_on(version.begins):
            cited = citation.section, citation.phrase
            if (cited, sop_version) in shown:
                continue
            shown.add((cited, sop_version))
            quote = text.quotes.get(cited) if text else None
            yield CitationShown(
                section_in(context.rulebook, sop_version.version, citation),
                citation.phrase,
                *((quote.text, quote.start, quote.end) if quote else ("", 0, 0)),
                sop_version=sop_version.version if sop_version != of_day else "",
            )


def _judging_versions(evaluated: EvaluatedDuty) -> list[int]:
    """The numbers of the version in force, and of each version that judges a current obligation, in
    the order of the versions."""
    judged = zip(evaluated.observed.obligations, evaluated.answers, strict=True)
    numbers = {obligation.version_number for obligation, answer in judged if answer.is_current}
    return sorted(numbers | {evaluated.scope.version_number})


def _rule_words(evaluated: EvaluatedDuty, context: OutcomeContext) -> str:
    """The sentences of the version in force, and of each version that judges a current obligation,
    each with its first day."""
    numbers = _judging_versions(evaluated)
    begun = [evaluated.scope.version(number).begins for number in numbers]
    return version_words(context, evaluated.id, *begun)


def version_words(context: OutcomeContext, duty_id: str, *begins: datetime.date) -> str:
    """The sentences of the versions of a duty that begin on these days, each on a line with its
    first day."""
    rulebook = context.citations.office_rulebook(context.rulebook)
    return "\n".join(
        " ".join((f"From {day_words(version.begins)}: {version.sentence}", *version.also))
        for version in version_texts(rulebook, duty_id)
        if version.begins in begins
    )


def answering_list(rulebook: Rulebook, bearer: str) -> str:
    """The name of the list that contains a bearer's duties: 'office' or 'others'."""
    return next(known.list for known in rulebook.book.bearers if known.name == bearer)


def _nothing_to_check(left_out: Mapping[str, int], history: Sequence[HistoryEntry]) -> str:
    """Why a duty has no current obligation: how many rows and past obligations for each reason."""
    reasons = [f"{count} {_REASON_WORDS.get(reason, reason)}" for reason, count in left_out.items()]
    ended = Counter(entry.outcome for entry in history)
    # A missed window can no longer be made good, so here it counts as lapsed.
    lapsed = ended[HistoryOutcome.LAPSED] + ended[HistoryOutcome.MISSED]
    before = ended[HistoryOutcome.BEFORE_RECORDS]
    # Outside periodic duties, what was met is in history only after a year (HistoryReason.SETTLED).
    settled = ended[HistoryOutcome.MET] + ended[HistoryOutcome.MET_LATE]
    reasons += [f"{lapsed} lapsed"] if lapsed else []
    reasons += [f"{before} from before records began"] if before else []
    reasons += [f"{settled} met more than a year ago"] if settled else []
    return "Nothing to check" + (f": {', '.join(reasons)}." if reasons else ".")


def _nobody_named(version: Version, context: OutcomeContext) -> str:
    """The sentence that no sheet has the column that names whom a duty is about; '' otherwise. A
    reader could take 'not flagged' for an answer of the office."""
    people = version.population
    if people is None or people.flagged is None:
        return ""
    table = context.evidence.tables[people.register]
    if not table.sources or any(people.flagged in source.letters for source in table.sources):
        return ""
    heading = table.heading_of(people.flagged)
    return f" Nobody is listed under '{heading}', because no such column is kept in {table.title}."


def count_statuses(statuses: Iterable[tuple[Status, int]]) -> Counts:
    """The number of each status. Each status comes with the days by which it was met late."""
    listed = list(statuses)
    tally = Counter(status for status, _ in listed)
    return Counts(
        total=len(listed),
        met_late=sum(1 for status, late_days in listed if status is Status.MET and late_days),
        **{status.value: tally[status] for status in Status},
    )


def worst_status(statuses: Iterable[Status]) -> Status:
    """The worst status; not applicable where there is none."""
    present = set(statuses)
    return next((status for status in WORST_FIRST if status in present), Status.NOT_APPLICABLE)


class _ShownDeadline(NamedTuple):
    """The deadline that a duty shows, the days left to it (negative: overdue), and, if it is
    overdue, the earliest deadline still ahead of it. None where there is none."""

    deadline: datetime.date | None = None
    days_left: int | None = None
    next_due: datetime.date | None = None


def _shown_deadline(current: Sequence[ObligationOutcome], as_of: datetime.date) -> _ShownDeadline:
    """The earliest deadline of what is overdue or due, else of what is still to come
    (semantics.md: From obligations to duties, sections and the whole)."""
    by_status: dict[Status, list[ObligationOutcome]] = {status: [] for status in Status}
    for outcome in current:
        by_status[outcome.status].append(outcome)
    overdue, due = by_status[Status.OVERDUE], by_status[Status.DUE]
    to_come = by_status[Status.MET] + by_status[Status.NOT_YET_DUE]
    for outcomes in (overdue + due, to_come):
        all_days_left = [outcome.days for outcome in outcomes if outcome.days is not None]
        if all_days_left:
            days_left = min(all_days_left)
            next_due = min((outcome.deadline for outcome in due if outcome.deadline), default=None)
            # Not the obligation's own deadline: days overdue count from the first of the windows
            # missed in a row, and the deadline shown must go with them.
            deadline = as_of + datetime.timedelta(days_left)
            return _ShownDeadline(deadline, days_left, next_due if overdue else None)
    return _ShownDeadline()
