"""Some duties of a rulebook as of a day, by both evaluators, without a whole check.

A check of the same day gives the same answers, because no duty depends on another, except for a
content duty, which is evaluated with the duty that it cuts.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from engine.agree import must_agree
from engine.assessment import DutyOutcome
from engine.columns.arrays import all_columns
from engine.decision.judge import Decide
from engine.decision.rule import Decision, Rule, Situation
from engine.evaluated_duty import EvaluatedDuty, all_answers, with_answers, with_verdicts
from engine.frames.observe import decision_request, observe_all
from engine.outcome import Answer
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import duty_outcome
from engine.outcomes.statuses import worst_status
from engine.plain.evaluate import evaluate
from engine.proof.citations import CitationCache
from evidence.table import Evidence
from rules.model import Rulebook
from rules.resolve import resolve


class RememberedDecisions:
    """The decisions of the rules engine. Each is asked for once, however many days need it, because
    starting the engine takes longer than evaluating a few duties."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._known: dict[object, Decision] = {}

    def __call__(self, rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        """The decision on each situation. Raises as the engine does."""
        rules_of: dict[tuple[int, int], list[Rule]] = {}
        for rule in rules:
            rules_of.setdefault((rule.kind, rule.key), []).append(rule)
        # The number of a duty differs between days, so what is remembered goes without it.
        bare = {
            key: tuple(replace(rule, key=0) for rule in rules) for key, rules in rules_of.items()
        }
        known_by = [
            (bare[situation.kind, situation.key], situation.values) for situation in situations
        ]
        new = [
            (situation, name)
            for situation, name in zip(situations, known_by, strict=True)
            if name not in self._known
        ]
        if new:
            keys = {(situation.kind, situation.key) for situation, _ in new}
            needed = [rule for rule in rules if (rule.kind, rule.key) in keys]
            decided = self._decide(needed, [situation for situation, _ in new])
            self._known.update(
                (name, decision) for (_, name), decision in zip(new, decided, strict=True)
            )
        return [self._known[name] for name in known_by]


class DutiesOnDay:
    """Some duties as of a day: those in force, by their ids."""

    def __init__(self, duties: Sequence[EvaluatedDuty], context: OutcomeContext) -> None:
        self._duties = {duty.id: duty for duty in duties}
        self._context = context

    def answers(self, duty_id: str) -> list[Answer] | None:
        """The answer on each obligation of a duty, current and history; None where it is not in
        force."""
        duty = self._duties.get(duty_id)
        return all_answers([duty]) if duty else None

    def outcome(self, duty_id: str) -> DutyOutcome | None:
        """The outcome of a duty; None where it is not in force."""
        duty = self._duties.get(duty_id)
        if duty is None:
            return None
        status = worst_status(answer.status for answer in duty.answers if answer.is_current)
        return duty_outcome(duty, self._context, status)


@dataclass(frozen=True, slots=True)
class DutyEvaluation:
    """The input that all days share: the evidence, the rules engine (None: only the plain evaluator
    decides) and the day on which records begin."""

    evidence: Evidence
    decide: Decide | None
    records_begin: datetime.date | None = None

    def on_day(
        self, rulebook: Rulebook, as_of: datetime.date, duty_ids: Collection[str]
    ) -> DutiesOnDay:
        """These duties as of a day. Raises EngineFault where the two evaluators disagree, or a
        situation is not decided by exactly one rule."""
        rulebook = with_duties(rulebook, duty_ids)
        context = OutcomeContext(
            rulebook, self.evidence, CitationCache(self.evidence), as_of, owners={}, sop={}
        )
        if not any(resolve(rulebook, duty_id).holds(as_of) for duty_id in rulebook.duties):
            return DutiesOnDay((), context)
        columns = all_columns(self.evidence.tables, as_of)
        observed = observe_all(rulebook, columns, as_of, lambda: None, self.records_begin)
        answers = evaluate(rulebook, self.evidence, as_of, records_begin=self.records_begin)
        if self.decide is None:
            return DutiesOnDay(with_answers(observed, answers), context)
        request = decision_request(observed)
        duties = with_verdicts(observed, request, request.verdicts(self.decide))
        must_agree(all_answers(duties), answers)
        return DutiesOnDay(duties, context)


def with_duties(rulebook: Rulebook, duty_ids: Collection[str]) -> Rulebook:
    """The rulebook with only these duties, and those that they cut."""
    kept: set[str] = set()
    left = [id_ for id_ in duty_ids if id_ in rulebook.duties]
    while left:
        kept.add(id_ := left.pop())
        left += [cut for cut in cuts(rulebook, id_) if cut not in kept]
    duties = {id_: duty for id_, duty in rulebook.duties.items() if id_ in kept}
    return rulebook.model_copy(update={"duties": duties})


def cuts(rulebook: Rulebook, duty_id: str) -> list[str]:
    """The ids of the duties to which a content duty adds a condition; empty for other duties."""
    named = (version.pattern.cuts for version in rulebook.duties[duty_id].versions)
    return sorted({duty for duty in named if duty})
