"""The first evaluator: expand, match, situations, rules engine, answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from engine.calendar import NO_DAY, as_date
from engine.codes import PAST, STATUS, Code
from engine.columns import AllColumns
from engine.compile import rules_of
from engine.judge import Decide, Verdict, judge
from engine.match import items_of
from engine.match_periodic import Kept
from engine.nil import REGISTER as NIL_RETURNS
from engine.outcome import Answer, ItemRef, ObligationKey, Past, Status
from engine.ruleform import Rule, Situation
from engine.scope import Scope
from engine.situations import Observed, distinct, observe
from engine.waivers import waiver_rows
from rules.model import Rulebook
from rules.pattern import Completeness
from rules.resolve import resolve

_SAYS_NOTHING = (Code.CANNOT_TELL, Code.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Traced:
    """One duty as the first evaluator sees it: what was observed, one verdict and one answer for
    each row of ``observed.table``, and the answers that are history."""

    scope: Scope
    observed: Observed
    verdicts: tuple[Verdict, ...]
    answers: tuple[Answer, ...]
    earlier: tuple[Answer, ...]


def observe_all(
    rulebook: Rulebook, columns: AllColumns, as_of: datetime.date, tick: Callable[[], None]
) -> list[tuple[Scope, Observed]]:
    """What is observed of every duty in force on D, in the rulebook's order."""
    waivers = waiver_rows(columns)
    kept: dict[object, object] = {}
    found = []
    for duty_id in rulebook.duties:
        duty = resolve(rulebook, duty_id)
        if duty.holds(as_of):
            scope = Scope(duty, columns, as_of.toordinal(), kept)  # type: ignore[arg-type]
            found.append((scope, observe(scope, waivers)))
            tick()
    return found


def judge_all(found: Sequence[tuple[Scope, Observed]], decide: Decide) -> list[Traced]:
    """The verdict on each distinct situation, mapped back to every obligation."""
    rules: list[Rule] = []
    situations: list[Situation] = []
    places = []
    for key, (scope, observed) in enumerate(found, start=1):
        rules += rules_of(scope.duty, scope.current, key)
        mine, numbers = distinct(observed.table, key)
        places.append(numbers + len(situations))
        situations += mine
    verdicts = judge(rules, situations, decide)
    traced = []
    for (scope, observed), numbers in zip(found, places, strict=True):
        each = tuple(verdicts[n] for n in numbers.tolist())
        answers = tuple(_answers(scope, observed, each))
        earlier = tuple(_earlier(scope, kept) for kept in observed.history)
        traced.append(Traced(scope, observed, each, answers, earlier))
    return traced


def all_answers(traced: Iterable[Traced]) -> list[Answer]:
    """Every answer, current and history, by key and then by why it is history."""
    every = [answer for each in traced for answer in (*each.answers, *each.earlier)]
    return sorted(every, key=lambda answer: (answer.key, answer.past))


def _answers(scope: Scope, observed: Observed, verdicts: Sequence[Verdict]) -> Iterable[Answer]:
    begins = [each.begins for each in scope.duty.versions]
    duty_id = scope.duty.duty.id
    register = _register(scope)
    names = ["subject", "event", "window", "row", "version", "opens", "deadline", "since"]
    names += ["next_deadline", "late_days", "last_done", "met_rows"]
    columns = [_listed(observed.table, name) for name in names]
    for verdict, *cells in zip(verdicts, *columns, strict=True):
        subject, event, window, row, version, *found = cells
        if verdict.code in _SAYS_NOTHING and row < 0:  # type: ignore[operator]
            window = ""
        key = ObligationKey(duty_id, subject, event, window, row)
        yield _answer(scope, key, begins[version], verdict.code, found, register)


def _listed(table: pd.DataFrame, name: str) -> list[object]:
    return list(table[name].tolist())


def _register(scope: Scope) -> str:
    version = scope.version(scope.current).version
    if isinstance(version.pattern, Completeness):
        return version.pattern.records.register
    return version.evidence.register if version.evidence else ""


def _answer(
    scope: Scope,
    key: ObligationKey,
    version: datetime.date,
    code: Code,
    found: Sequence[object],
    register: str,
) -> Answer:
    opens, deadline, since, following, late, last, rows = found
    status = STATUS[code]
    if code in _SAYS_NOTHING:
        return Answer(key, version, status, Past.CURRENT, None, None, None, 0, (), None)
    past = PAST.get(code, Past.CURRENT)
    met = status is Status.MET
    until = following if met else since
    shown = as_date(until) is not None and past is Past.CURRENT  # type: ignore[arg-type]
    return Answer(
        key=key,
        version=version,
        status=status,
        past=past,
        opens=as_date(opens),  # type: ignore[arg-type]
        deadline=as_date(deadline),  # type: ignore[arg-type]
        days=until - scope.as_of if shown else None,  # type: ignore[operator]
        late_days=late if met else 0,  # type: ignore[arg-type]
        met_by=_refs(rows, register) if met else (),
        last_done=as_date(last) if past is Past.CURRENT else None,  # type: ignore[arg-type]
    )


def _refs(rows: object, register: str) -> tuple[ItemRef, ...]:
    assert isinstance(rows, tuple)
    refs = (ItemRef(*each) if isinstance(each, tuple) else ItemRef(register, each) for each in rows)
    return tuple(sorted(refs))


def _earlier(scope: Scope, kept: Kept) -> Answer:
    """The answer on an earlier window: met, met late, or missed."""
    window = kept.window
    return Answer(
        key=ObligationKey(scope.duty.duty.id, window=window.label),
        version=scope.duty.versions[window.version].begins,
        status=Status.MET if kept.met else Status.OVERDUE,
        past=Past.MET if kept.met else Past.MISSED,
        opens=as_date(window.opens),
        deadline=as_date(window.deadline),
        days=None,
        late_days=kept.late_days,
        met_by=tuple(sorted(ItemRef(*each) for each in kept.met_by)),
        last_done=None,
    )


__all__ = ["NIL_RETURNS", "NO_DAY", "Traced", "all_answers", "items_of", "judge_all", "observe_all"]
