"""Made-up cases, judged by both evaluators, the vectorised one with the real rules engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.columns.arrays import all_columns
from engine.decision.durable import decide
from engine.decision.judge import Decide
from engine.decision.rule import Decision, Rule, Situation
from engine.evaluated_duty import EvaluatedDuty, all_answers, judge_all
from engine.frames.observe import Observed, observe_all
from engine.frames.scope import Scope
from engine.outcome import Answer
from engine.plain.evaluate import evaluate
from tests.support.case_generator import Case

#: So many duties share one ruleset at the most; an engine takes 511 keys.
_TOGETHER = 400


def vectorised_answers(cases: Sequence[Case], by: Decide = decide) -> list[list[Answer]]:
    """The vectorised evaluator's answers on each case; many cases share one call of the engine."""
    return [all_answers(each) for each in traced(cases, by)]


def traced(cases: Iterable[Case], by: Decide = decide) -> list[list[EvaluatedDuty]]:
    """What the vectorised evaluator makes of each case."""
    made: list[list[EvaluatedDuty]] = []
    waiting: list[list[tuple[Scope, Observed]]] = []
    for given in cases:
        columns = all_columns(given.evidence.tables, given.as_of)
        found = observe_all(given.rulebook, columns, given.as_of, _quiet, given.records_begin)
        if sum(map(len, waiting)) + len(found) > _TOGETHER:
            made += _judged(waiting, by)
            waiting = []
        waiting.append(found)
    return made + _judged(waiting, by)


def _judged(waiting: list[list[tuple[Scope, Observed]]], by: Decide) -> list[list[EvaluatedDuty]]:
    flat = judge_all([each for found in waiting for each in found], _apart(by))
    made, at = [], 0
    for found in waiting:
        made.append(flat[at : at + len(found)])
        at += len(found)
    return made


def _apart(by: Decide) -> Decide:
    """The same, for duties of one name: each rule is given a name of its own on the way."""

    def decide_apart(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        own = [replace(rule, name=f"{rule.key}/{rule.name}") for rule in rules]
        decided = by(own, situations)
        return [replace(each, rule=each.rule.partition("/")[2]) for each in decided]

    return decide_apart


def plain_answers(given: Case) -> list[Answer]:
    """The plain evaluator's answers on a case."""
    asked = given.rulebook, given.evidence, given.as_of
    return evaluate(*asked, records_begin=given.records_begin)


def _quiet() -> None:
    """No progress is shown."""
