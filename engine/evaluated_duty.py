"""An evaluated duty: what was observed of it, and the answer to each of its obligations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.columns.days import NO_DAY, as_date
from engine.decision.codes import PAST, STATUS, Code
from engine.decision.judge import Decide, Verdict
from engine.decision.rule import EngineFault
from engine.frames.evaluate import Observed, Question, to_decide
from engine.frames.periodic import Kept
from engine.frames.scope import Scope
from engine.obligation import Obligation
from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status

_SAYS_NOTHING = (Code.CANNOT_TELL, Code.NOT_APPLICABLE, Code.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class EvaluatedDuty:
    """One duty with what was observed of it. ``answers`` and ``verdicts`` have one for each of
    ``observed.obligations`` (a verdict is None where the rules engine did not decide); ``earlier``
    are the answers on windows that are history."""

    scope: Scope
    observed: Observed
    answers: Sequence[Answer]
    verdicts: Sequence[Verdict | None]
    earlier: Sequence[Answer]

    @property
    def id(self) -> str:
        """The id of the duty."""
        return self.scope.duty.duty.id


def judge_all(found: Sequence[tuple[Scope, Observed]], decide: Decide) -> list[EvaluatedDuty]:
    """The verdict on each distinct situation, mapped back to every obligation."""
    question = to_decide(found)
    return with_verdicts(found, question, question.put(decide))


def with_verdicts(
    found: Sequence[tuple[Scope, Observed]], question: Question, verdicts: Sequence[Verdict]
) -> list[EvaluatedDuty]:
    """Each verdict mapped back to the obligations that are in its situation."""
    evaluated = []
    for (scope, observed), numbers in zip(found, question.places, strict=True):
        mine = tuple(verdicts[n] for n in numbers.tolist())
        answers = tuple(
            _answer(scope, obligation, verdict.code)
            for obligation, verdict in zip(observed.obligations, mine, strict=True)
        )
        earlier = tuple(_earlier(scope, kept) for kept in observed.history)
        evaluated.append(EvaluatedDuty(scope, observed, answers, mine, earlier))
    return evaluated


def with_answers(
    found: Sequence[tuple[Scope, Observed]], answers: Iterable[Answer]
) -> list[EvaluatedDuty]:
    """The plain evaluator's answers beside what was observed, which then only explains them: no
    rules engine decided. Raises EngineFault where they are not about the same obligations."""
    by_duty: dict[str, list[Answer]] = {}
    for answer in answers:
        by_duty.setdefault(answer.key.duty, []).append(answer)
    return [
        _beside(scope, observed, by_duty.get(scope.duty.duty.id, [])) for scope, observed in found
    ]


def _beside(scope: Scope, observed: Observed, answers: Sequence[Answer]) -> EvaluatedDuty:
    earlier = [answer for answer in answers if _earlier_window(answer)]
    current = {answer.key: answer for answer in answers if not _earlier_window(answer)}
    matched = []
    for obligation in observed.obligations:
        key = _key(scope, obligation, obligation.window)
        answer = current.get(key) or current.get(key._replace(window=""))
        if answer is not None:
            matched.append(answer)
    if not len(matched) == len(observed.obligations) == len(current):
        raise EngineFault(f"The obligations of {scope.duty.duty.id} could not be explained.")
    return EvaluatedDuty(scope, observed, matched, [None] * len(matched), earlier)


def _earlier_window(answer: Answer) -> bool:
    """Whether it is history about an earlier window of a periodic duty."""
    before = answer.past is Past.BEFORE_RECORDS and answer.key.window != ""
    return before or answer.past in (Past.MET, Past.MISSED)


def all_answers(duties: Iterable[EvaluatedDuty]) -> list[Answer]:
    """Every answer, current and history, by key and then by why it is history."""
    every = [answer for duty in duties for answer in (*duty.answers, *duty.earlier)]
    return sorted(every, key=lambda answer: (answer.key, answer.past))


def _answer(scope: Scope, found: Obligation, code: Code) -> Answer:
    version = scope.version(found.version)
    status, past = STATUS[code], PAST.get(code, Past.CURRENT)
    untold = code is Code.WAIVED and found.opens == NO_DAY  # waived before it could be told
    if code in _SAYS_NOTHING or untold:
        key = _key(scope, found, found.window if untold or found.row >= 0 else "")
        return Answer(key, version.begins, status, past, None, None, None, 0, (), None)
    met = status is Status.MET
    until = found.next_deadline if met else found.since
    shown = as_date(until) is not None and past is Past.CURRENT
    return Answer(
        key=_key(scope, found, found.window),
        version=version.begins,
        status=status,
        past=past,
        opens=as_date(found.opens),
        deadline=as_date(found.deadline),
        days=until - scope.as_of_day if shown else None,
        late_days=found.late_days if met else 0,
        met_by=_refs(found.met_rows) if met else (),
        last_done=as_date(found.last_done) if past is Past.CURRENT else None,
    )


def _key(scope: Scope, found: Obligation, window: str) -> ObligationKey:
    return ObligationKey(scope.duty.duty.id, found.subject, found.event, window, found.row)


def _refs(rows: Iterable[ItemRef]) -> tuple[ItemRef, ...]:
    return tuple(sorted(rows))


def _earlier(scope: Scope, kept: Kept) -> Answer:
    """The answer on an earlier window: met, met late, missed, or over before records begin."""
    window = kept.window
    unmet = Past.BEFORE_RECORDS if kept.before_records(scope) else Past.MISSED
    return Answer(
        key=ObligationKey(scope.duty.duty.id, window=window.label),
        version=scope.duty.versions[window.version].begins,
        status=Status.MET if kept.met else Status.OVERDUE,
        past=Past.MET if kept.met else unmet,
        opens=as_date(window.opens),
        deadline=as_date(window.deadline),
        days=None,
        late_days=kept.late_days,
        met_by=_refs(ItemRef(*each) for each in kept.met_by),
        last_done=None,
    )
