"""Evaluated duties: what was observed of a duty, and the answer to each of its obligations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from engine.day_number import NO_DAY, as_date
from engine.decision.codes import HISTORY_REASON, STATUS, Code
from engine.decision.judge import Decide, Verdict
from engine.decision.rule import EngineFault
from engine.frames.observe import DecisionRequest, Observed, decision_request
from engine.frames.periodic import WindowResult
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, HistoryReason, ObligationKey, Status
from rules.model import Version

#: The codes of answers without a window.
_WITHOUT_WINDOW = (Code.CANNOT_TELL, Code.NOT_APPLICABLE, Code.NOT_ASSESSED)

ObservedDuties = Sequence[tuple[Scope, Observed]]


@dataclass(frozen=True, slots=True)
class EvaluatedDuty:
    """One duty with its observations and answers. ``answers`` and ``verdicts`` have one entry for
    each of ``observed.obligations``; a verdict is None if the rules engine did not decide.
    ``earlier`` are the answers on windows in history."""

    scope: Scope
    observed: Observed
    answers: Sequence[Answer]
    verdicts: Sequence[Verdict | None]
    earlier: Sequence[Answer]

    @property
    def id(self) -> str:
        """The id of the duty."""
        return self.scope.resolved.duty.id


def judge_all(duties: ObservedDuties, decide: Decide) -> list[EvaluatedDuty]:
    """The duties with the answer to each obligation. Each distinct situation is decided once."""
    request = decision_request(duties)
    return with_verdicts(duties, request, request.verdicts(decide))


def with_verdicts(
    duties: ObservedDuties, request: DecisionRequest, verdicts: Sequence[Verdict]
) -> list[EvaluatedDuty]:
    """The duties with the answers that follow from the verdicts on their situations."""
    evaluated = []
    for (scope, observed), places in zip(duties, request.places, strict=True):
        duty_verdicts = tuple(verdicts[place] for place in places.tolist())
        answers = tuple(
            _answer(scope, obligation, verdict.code)
            for obligation, verdict in zip(observed.obligations, duty_verdicts, strict=True)
        )
        earlier = tuple(_earlier(scope, result) for result in observed.windows.history)
        evaluated.append(EvaluatedDuty(scope, observed, answers, duty_verdicts, earlier))
    return evaluated


def with_answers(duties: ObservedDuties, answers: Iterable[Answer]) -> list[EvaluatedDuty]:
    """The duties with the ``answers`` of the plain evaluator, for a check without the rules engine.
    The observations then only explain the answers. Raises EngineFault if the two are not about the
    same obligations."""
    by_duty: dict[str, list[Answer]] = {}
    for answer in answers:
        by_duty.setdefault(answer.key.duty, []).append(answer)
    return [
        _explained(scope, observed, by_duty.get(scope.resolved.duty.id, []))
        for scope, observed in duties
    ]


def _explained(scope: Scope, observed: Observed, answers: Sequence[Answer]) -> EvaluatedDuty:
    earlier = [answer for answer in answers if _is_earlier_window(answer)]
    current = {answer.key: answer for answer in answers if not _is_earlier_window(answer)}
    matched = []
    for obligation in observed.obligations:
        key = _key(scope, obligation, obligation.window)
        answer = current.get(key) or current.get(key._replace(window=""))
        if answer is not None:
            matched.append(answer)
    if not len(matched) == len(observed.obligations) == len(current):
        raise EngineFault(f"The obligations of {scope.resolved.duty.id} could not be explained.")
    return EvaluatedDuty(scope, observed, matched, [None] * len(matched), earlier)


def _is_earlier_window(answer: Answer) -> bool:
    before = answer.history_reason is HistoryReason.BEFORE_RECORDS and answer.key.window != ""
    return before or answer.history_reason in (HistoryReason.MET, HistoryReason.MISSED)


def all_answers(duties: Iterable[EvaluatedDuty]) -> list[Answer]:
    """Every answer, current and history, by key and then by why it is history."""
    answers = [answer for duty in duties for answer in (*duty.answers, *duty.earlier)]
    return sorted(answers, key=attrgetter("key", "history_reason"))


def _answer(scope: Scope, obligation: Obligation, code: Code) -> Answer:
    """The answer on an obligation that was decided with this code. Days are counted for current
    obligations only: to the next deadline of a met one, and from ``overdue_since`` for others."""
    version = scope.version(obligation.version_number)
    status = STATUS[code]
    history_reason = HISTORY_REASON.get(code, HistoryReason.NONE)
    current = history_reason is HistoryReason.NONE
    unopened = code is Code.WAIVED and obligation.opens == NO_DAY
    if code in _WITHOUT_WINDOW or unopened:
        window = obligation.window if unopened else ""
        return Answer(_key(scope, obligation, window), version.begins, status, history_reason)
    met = status is Status.MET
    counted_to = obligation.next_deadline if met else obligation.overdue_since
    counts_days = as_date(counted_to) is not None and current
    days = counted_to - scope.as_of_day if counts_days else None
    # By position, which takes half the time: there may be a million.
    return Answer(
        _key(scope, obligation, obligation.window),
        version.begins,
        status,
        history_reason,
        as_date(obligation.opens),
        as_date(obligation.deadline),
        days,
        obligation.late_days if met else 0,
        tuple(sorted(obligation.met_rows)) if met else (),
        as_date(obligation.last_done) if current else None,
    )


def _key(scope: Scope, obligation: Obligation, window: str) -> ObligationKey:
    duty = scope.resolved.duty.id
    subject, event = obligation.subject, obligation.event
    return ObligationKey(duty, subject, event, window, obligation.register, obligation.row)


def _earlier(scope: Scope, result: WindowResult) -> Answer:
    """The answer on an earlier window: met, met late, missed, or over before records begin."""
    window = result.window
    unmet = HistoryReason.BEFORE_RECORDS if result.before_records(scope) else HistoryReason.MISSED
    return Answer(
        key=ObligationKey(scope.resolved.duty.id, window=window.label),
        version_from=scope.version(window.version_number).begins,
        status=Status.MET if result.met else Status.OVERDUE,
        history_reason=HistoryReason.MET if result.met else unmet,
        opens=as_date(window.opens),
        deadline=as_date(window.deadline),
        late_days=result.late_days,
        met_by=tuple(sorted(result.met_by)),
    )


def too_late(version: Version, obligation: Obligation, answer: Answer, on_day: int) -> bool:
    """Whether an obligation is overdue and nothing done later can meet it: only the event's own row
    could, dated on a day that has passed by ``on_day`` (semantics.md: An obligation's status at D).
    A duty before an event may be overdue while the event is still to come."""
    if answer.status is not Status.OVERDUE or not answer.is_current:
        return False
    query, listed = version.evidence, version.events
    if query is None or listed is None or not query.itself:
        return False
    passed = obligation.event_day < on_day
    return passed and version.dated_by(obligation.member) == listed.dated
