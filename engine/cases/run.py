"""The run of case files: each case by both evaluators, and the differences from what it expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from engine.agree import differences
from engine.assessment import DutyOutcome
from engine.cases.case_file import PlacedCase
from engine.cases.compare import compare
from engine.cases.rows import empty_tables, evidence_of, row_name
from engine.columns.arrays import all_columns
from engine.day_number import NO_DAY
from engine.decision.duty_rules import DUTY_KIND
from engine.decision.judge import Decide, judge_totals
from engine.decision.rule import Decision, EngineFault, Rule, Situation, decide_plainly
from engine.evaluated_duty import all_answers, judge_all
from engine.frames.observe import Observed, observe
from engine.frames.scope import Scope
from engine.frames.waivers import waiver_rows
from engine.impact.evaluation import with_duties
from engine.outcome import Answer
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import duty_outcome
from engine.plain.evaluate import evaluate_duty
from engine.proof.citations import CitationCache
from evidence.table import CellState, Evidence
from rules.model import Rulebook
from rules.resolve import resolve
from rules.sop.coverage import columns_read


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """One case with its observations, before it is decided. ``observed`` is None if the duty is not
    in force; ``plain`` contains the answers of the plain evaluator."""

    placed: PlacedCase
    evidence: Evidence
    observed: tuple[Scope, Observed] | None
    plain: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """One case decided by the vectorised evaluator: ``outcome`` is None if the duty is not in
    force. ``rules`` are the names of the rules that decided its obligations."""

    answers: tuple[Answer, ...]
    outcome: DutyOutcome | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The result of a case: ``differences`` are sentences with the line of the expectation."""

    name: str
    line: int
    differences: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as the case expects."""
        return not self.differences


#: One call of the rules: the rules, and the situations that they decided.
Call = tuple[tuple[Rule, ...], tuple[Situation, ...]]


def run_cases(
    cases: Sequence[PlacedCase], rulebook: Rulebook, decide: Decide | None
) -> list[CaseResult]:
    """Runs each case by both evaluators. The rules of the vectorised one are read plainly;
    ``decide`` (the rules engine, None if it is not available) then decides the situations of all
    cases in one call. The result of a case reports every disagreement."""
    return judge_cases(observe_cases(cases, rulebook), rulebook, decide)


def observe_cases(cases: Sequence[PlacedCase], rulebook: Rulebook) -> list[ObservedCase]:
    """The cases with their observations, and with the answers of the plain evaluator."""
    empty = empty_tables(rulebook.registers)
    return [observe_case(evidence_of(case, empty), case, rulebook) for case in cases]


def judge_cases(
    cases: Sequence[ObservedCase], rulebook: Rulebook, decide: Decide | None
) -> list[CaseResult]:
    """The results of observed cases, as ``run_cases`` gives them."""
    calls: list[list[Call]] = [[] for _ in cases]
    results = [
        _result(case, rulebook, _recording_decide(of_case))
        for case, of_case in zip(cases, calls, strict=True)
    ]
    if decide is None:
        return results
    return [
        replace(result, differences=(*result.differences, *sentences))
        for result, sentences in zip(results, _decided_otherwise(calls, decide), strict=True)
    ]


def observe_case(evidence: Evidence, placed: PlacedCase, rulebook: Rulebook) -> ObservedCase:
    """One case with the observations on its evidence."""
    day = placed.case.as_of
    begin = placed.case.records_begin
    plain = tuple(evaluate_duty(rulebook, evidence, day, placed.duty, records_begin=begin))
    duty = resolve(rulebook, placed.duty)
    if not duty.holds(day):
        return ObservedCase(placed, evidence, None, plain)
    columns = all_columns(evidence.tables, day)
    scope = Scope(duty, columns, day.toordinal(), {}, begin.toordinal() if begin else NO_DAY)
    (observation,) = observe([scope], waiver_rows(columns))
    return ObservedCase(placed, evidence, (scope, observation), plain)


def decide_case(case: ObservedCase, rulebook: Rulebook, decide: Decide) -> DecidedCase:
    """One case as the vectorised evaluator decides it, with the duty as a report shows it. Raises
    EngineFault unless exactly one rule decides each situation."""
    if case.observed is None:
        return DecidedCase((), None, ())
    (duty,) = judge_all([case.observed], decide)
    tally = Counter(answer.status for answer in duty.answers if answer.is_current)
    status = judge_totals({(DUTY_KIND, duty.id): tally}, decide)[DUTY_KIND, duty.id]
    context = OutcomeContext(
        rulebook, case.evidence, CitationCache(case.evidence), case.placed.case.as_of, {}, {}
    )
    rules = tuple(sorted({verdict.rule for verdict in duty.verdicts if verdict}))
    return DecidedCase(tuple(all_answers([duty])), duty_outcome(duty, context, status), rules)


def _recording_decide(calls: list[Call]) -> Decide:
    """A plain reading of the rules that adds each call to ``calls``."""

    def decide(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        calls.append((tuple(rules), tuple(situations)))
        return decide_plainly(rules, situations)

    return decide


def _result(case: ObservedCase, rulebook: Rulebook, decide: Decide) -> CaseResult:
    placed = case.placed
    try:
        decision = decide_case(case, rulebook, decide)
    except EngineFault as fault:
        return CaseResult(placed.case.name, placed.line, (str(fault),), ())
    sentences = compare(placed, decision.outcome, rulebook.registers)
    if any(": status: expected " in sentence for sentence in sentences):
        sentences += _unreadable(case, rulebook)
    sentences += differences(decision.answers, case.plain)
    return CaseResult(placed.case.name, placed.line, tuple(sentences), decision.rules)


def _unreadable(case: ObservedCase, rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each cell of the case that the duty reads and that cannot be read."""
    placed, tables = case.placed, case.evidence.tables
    for (register, name), duties in columns_read(with_duties(rulebook, [placed.duty])).items():
        table = tables[register]
        column = table.columns.get(name)
        for row in range(len(table)) if column and placed.duty in duties else ():
            if column and column.state[row] == CellState.UNREADABLE:
                called = row_name(placed, table.register, table.row_of[row])
                text = f"'{column.raw[row]}'" if column.raw[row] else "a blank cell"
                yield f"line {placed.line}: note: '{name}' of {called} cannot be read: {text}."


# The rules engine, called once for all cases ----------------------------------------------------


def _decided_otherwise(calls: Sequence[Sequence[Call]], decide: Decide) -> list[list[str]]:
    """For each case, a sentence for each situation that ``decide`` decides otherwise than a plain
    reading of the same rules. Each set of rules has a key of its own, so that one call serves all
    cases."""
    keys: dict[tuple[Rule, ...], int] = {}
    by_case: list[list[Situation]] = [
        [
            replace(situation, key=keys.setdefault(rules, len(keys)))
            for rules, situations in of_case
            for situation in situations
        ]
        for of_case in calls
    ]
    all_rules = [
        replace(rule, name=f"{key} {rule.name}", key=key)
        for rules, key in keys.items()
        for rule in rules
    ]
    in_order = attrgetter("kind", "key", "values")
    situations = sorted({situation for of_case in by_case for situation in of_case}, key=in_order)
    engine = dict(zip(situations, decide(all_rules, situations), strict=True))
    plain = dict(zip(situations, decide_plainly(all_rules, situations), strict=True))
    return [
        [
            f"The rules engine decides {engine[situation].outcome} by '{engine[situation].rule}', "
            f"where a plain reading decides {plain[situation].outcome} by "
            f"'{plain[situation].rule}'."
            for situation in of_case
            if engine[situation] != plain[situation]
        ]
        for of_case in by_case
    ]
