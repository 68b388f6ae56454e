"""Case files run: each case through both evaluators, and what came out beside what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from engine.agree import differences
from engine.assessment import DutyOutcome
from engine.cases.case_file import Placed
from engine.cases.compare import compare
from engine.cases.rows import empty_tables, evidence_of
from engine.columns.arrays import all_columns
from engine.columns.days import NO_DAY
from engine.decision.duty_rules import DUTY_KIND
from engine.decision.judge import Decide, judge_totals
from engine.decision.rule import Decision, EngineFault, Rule, Situation, decide_plainly
from engine.evaluated_duty import all_answers, judge_all
from engine.frames.observe import Observed, observe
from engine.frames.scope import Scope
from engine.frames.waivers import waiver_rows
from engine.outcome import Answer, Past
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import duty_outcome
from engine.plain.evaluate import evaluate_duty
from engine.proof.citations import CitationCache
from evidence.table import Evidence
from rules.model import Rulebook
from rules.resolve import resolve


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """One case observed, and not decided yet. ``found`` is None where the duty is not in force;
    ``second`` is what the second evaluator says."""

    placed: Placed
    evidence: Evidence
    found: tuple[Scope, Observed] | None
    second: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One case decided by the first evaluator: ``outcome`` is None where the duty is not in force.
    ``rules`` are the names of the rules that decided its obligations."""

    answers: tuple[Answer, ...]
    outcome: DutyOutcome | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case came to: ``differences`` are sentences with the line of what was expected."""

    name: str
    line: int
    differences: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return not self.differences


#: One thing that was decided: the rules asked, and the situations that they decided.
Call = tuple[tuple[Rule, ...], tuple[Situation, ...]]


def run_cases(
    cases: Sequence[Placed], rulebook: Rulebook, decide: Decide | None
) -> list[CaseResult]:
    """Each case by both evaluators. The first one's rules are read plainly, and ``decide`` (the
    rules engine, None where it cannot be had) is asked once for all cases whether it decides each
    situation alike; where anything disagrees the case says so."""
    return judged(observed(cases, rulebook), rulebook, decide)


def observed(cases: Sequence[Placed], rulebook: Rulebook) -> list[ObservedCase]:
    """The cases with what both evaluators need to be asked (the second one is asked here)."""
    empty = empty_tables(rulebook.registers)
    return [observed_in(evidence_of(case, empty), case, rulebook) for case in cases]


def judged(
    seen: Sequence[ObservedCase], rulebook: Rulebook, decide: Decide | None
) -> list[CaseResult]:
    """What observed cases came to; see run_cases."""
    calls: list[list[Call]] = [[] for _ in seen]
    results = [
        _result(each, rulebook, _recording(mine)) for each, mine in zip(seen, calls, strict=True)
    ]
    odd = _decided_otherwise(calls, decide) if decide else [[] for _ in seen]
    return [
        replace(result, differences=(*result.differences, *said))
        for result, said in zip(results, odd, strict=True)
    ]


def observed_in(evidence: Evidence, placed: Placed, rulebook: Rulebook) -> ObservedCase:
    """One case observed in its evidence, as read from its rows."""
    day = placed.case.as_of
    begin = placed.case.records_begin
    second = tuple(evaluate_duty(rulebook, evidence, day, placed.duty, records_begin=begin))
    duty = resolve(rulebook, placed.duty)
    if not duty.holds(day):
        return ObservedCase(placed, evidence, None, second)
    columns = all_columns(evidence.tables, day)
    scope = Scope(duty, columns, day.toordinal(), {}, begin.toordinal() if begin else NO_DAY)
    (found,) = observe([scope], waiver_rows(columns))
    return ObservedCase(placed, evidence, (scope, found), second)


def decided(seen: ObservedCase, rulebook: Rulebook, decide: Decide) -> Decided:
    """The case as the first evaluator decides it, with the duty as a report shows it. Raises
    EngineFault where not exactly one rule decides a situation."""
    if seen.found is None:
        return Decided((), None, ())
    (duty,) = judge_all([seen.found], decide)
    tally = Counter(answer.status for answer in duty.answers if answer.past is Past.CURRENT)
    status = judge_totals({(DUTY_KIND, duty.id): tally}, decide)[DUTY_KIND, duty.id]
    context = OutcomeContext(
        rulebook, seen.evidence, CitationCache(seen.evidence), seen.placed.case.as_of, {}, {}
    )
    rules = tuple(sorted({verdict.rule for verdict in duty.verdicts if verdict}))
    return Decided(tuple(all_answers([duty])), duty_outcome(duty, context, status), rules)


def _recording(calls: list[Call]) -> Decide:
    """A plain reading of the rules that notes in ``calls`` what it was asked."""

    def decide(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        calls.append((tuple(rules), tuple(situations)))
        return decide_plainly(rules, situations)

    return decide


def _result(seen: ObservedCase, rulebook: Rulebook, decide: Decide) -> CaseResult:
    placed = seen.placed
    try:
        found = decided(seen, rulebook, decide)
    except EngineFault as fault:
        return CaseResult(placed.case.name, placed.line, (str(fault),), ())
    said = compare(placed, found.outcome, rulebook.registers)
    said += differences(found.answers, seen.second)
    return CaseResult(placed.case.name, placed.line, tuple(said), found.rules)


# The rules engine, asked once for all -----------------------------------------------------------


def _decided_otherwise(calls: Sequence[Sequence[Call]], decide: Decide) -> list[list[str]]:
    """For each case, a sentence for each situation that ``decide`` decides otherwise than a plain
    reading of the same rules. Each set of rules is asked once, under a key of its own."""
    numbers: dict[tuple[Rule, ...], int] = {}
    moved: list[list[Situation]] = []
    for mine in calls:
        moved.append([])
        for rules, situations in mine:
            number = numbers.setdefault(rules, len(numbers))
            moved[-1] += [replace(situation, key=number) for situation in situations]
    asked = [
        replace(rule, name=f"{number} {rule.name}", key=number)
        for rules, number in numbers.items()
        for rule in rules
    ]
    in_order = attrgetter("kind", "key", "values")
    wanted = sorted({each for mine in moved for each in mine}, key=in_order)
    told = dict(zip(wanted, decide(asked, wanted), strict=True))
    plain = dict(zip(wanted, decide_plainly(asked, wanted), strict=True))
    return [
        [
            f"The rules engine decides {told[it].outcome} by '{told[it].rule}', where a plain "
            f"reading decides {plain[it].outcome} by '{plain[it].rule}'."
            for it in mine
            if told[it] != plain[it]
        ]
        for mine in moved
    ]
