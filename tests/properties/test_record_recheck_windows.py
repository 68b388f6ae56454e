"""The verifier and both evaluators agree on periodic duties whose versions change everything that
makes a window: its kind of period, part, grace, what it is before, and where the duty ends."""

from __future__ import annotations

from collections import Counter

from rules.patterns import Periodic
from rules.resolve import resolve
from tests.support import needs
from tests.support.case_generator import at_edge, recorded
from tests.support.judged_cases import plain_answers
from tests.support.promise_cases import vectorised_answers
from tests.support.verifier import found, told
from tests.support.window_generator import changing, one_pattern

SEED = 20_280_000


def test_it_agrees_on_periodic_duties_that_change() -> None:
    count, statuses, kinds = 6_500 if needs.CAMPAIGN else 200, Counter[str](), Counter[int]()
    differing = []
    for seed in range(SEED, SEED + count):
        given = changing(seed)
        if not one_pattern(given):  # no pack holds such rules
            continue
        answers = plain_answers(given)
        edges = sorted(
            {day for answer in answers for day in (answer.opens, answer.deadline) if day}
        )
        given = recorded(at_edge(given, edges))
        answers = plain_answers(given)
        statuses.update(answer.history_reason.value or answer.status.value for answer in answers)
        versions = resolve(given.rulebook, "the-duty").versions
        asked = [version.rule.pattern for version in versions if version.begins <= given.as_of]
        kinds[len({each.period for each in asked if isinstance(each, Periodic)})] += 1
        given_to_both = given.rulebook, given.evidence, given.as_of, given.records_begin
        if found(*given_to_both) != told(answers):
            differing.append(f"case {seed}, by the verifier")
        if seed % 4 == 0 and vectorised_answers(given) != answers:
            differing.append(f"case {seed}, by the vectorised evaluator")
    assert differing == []
    told_of = ("met", "due", "overdue", "missed", "before_records")
    assert min(statuses[name] for name in told_of) > count / 10
    assert kinds[2] + kinds[3] + kinds[4] > count / 5
