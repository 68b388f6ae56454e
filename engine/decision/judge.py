"""Asks the rules engine to decide distinct situations, and gives its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.decision.codes import STATUS, Code
from engine.decision.duty_rules import roll_up
from engine.decision.rule import Decision, Rule, Situation
from engine.outcome import Status

#: How situations are decided: by the durable session, or, in a test, by another.
Decide = Callable[[Sequence[Rule], Sequence[Situation]], list[Decision]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one distinct situation: the outcome, the rule, and the situation itself."""

    code: Code
    rule: str
    situation: Situation


def judge(rules: Sequence[Rule], situations: Sequence[Situation], decide: Decide) -> list[Verdict]:
    """The verdict on each situation. Raises EngineFault unless exactly one rule decides each."""
    if not situations:
        return []
    return [
        Verdict(Code(decision.outcome), decision.rule, situation)
        for decision, situation in zip(decide(rules, situations), situations, strict=True)
    ]


Tally = Mapping[Status, int]
#: What is totalled: its kind (DUTY_KIND, SECTION_KIND or WHOLE_KIND), and its name.
Total = tuple[int, str]


def judge_totals(tallies: Mapping[Total, Tally], decide: Decide) -> dict[Total, Status]:
    """The worst status of each tally as the engine decides it, in one request."""
    totals = sorted(tallies)
    rules = [rule for key, (kind, name) in enumerate(totals) for rule in roll_up(kind, key, name)]
    situations = []
    for key, total in enumerate(totals):
        counts = sorted((status.value, tallies[total].get(status, 0)) for status in Status)
        situations.append(Situation(total[0], key, tuple(counts)))
    verdicts = judge(rules, situations, decide)
    return {total: STATUS[v.code] for total, v in zip(totals, verdicts, strict=True)}
