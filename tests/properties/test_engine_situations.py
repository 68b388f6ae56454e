"""The integers of a situation are observations: what they come to is left to the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from engine.decision.codes import Code
from engine.decision.duty_rules import rules_of
from engine.decision.rule import Decision, EngineFault, Rule, Situation, decide_plainly
from engine.frames.observe import FIELDS
from engine.outcome import Answer, Status
from tests.support import engine_builders as make
from tests.support.altered_evidence import with_table
from tests.support.case_generator import Case, case, recorded
from tests.support.judged_cases import traced, vectorised_answers


@cache
def _cases() -> list[Case]:
    return [recorded(case(seed)) for seed in range(70_260_000, 70_260_420)]


#: The one observation that is enough by itself, by the meaning of the words: a duty whose condition
#: does not hold is not applicable, whatever else there is
#: (semantics.md: An obligation's status at D).
_ENOUGH = {("applies", 0)}


def _waived(given: Case) -> Case:
    """The case with a waiver of each duty for all subjects that holds on its day."""
    day = given.as_of
    rows = [
        {**make.waiver("all", "2024-01-01", "2024-01-01", of=duty), "from": day, "until": day}
        for duty in given.rulebook.duties
    ]
    evidence = with_table(given.evidence, make.table(make.WAIVERS, *rows))
    return replace(given, evidence=evidence)


@pytest.fixture(scope="module")
def seen() -> set[tuple[Situation, Code]]:
    """Distinct situations, without the duty's number, and what the rules made of them."""
    every = traced([*_cases(), *map(_waived, _cases())], decide_plainly)
    return {
        (replace(verdict.situation, key=0), verdict.code)
        for found in every
        for duty in found
        for verdict in filter(None, duty.verdicts)
    }


Seen = set[tuple[Situation, Code]]


def _values(seen: Seen) -> list[tuple[dict[str, int], Code]]:
    return [(dict(situation.values), code) for situation, code in seen]


@pytest.mark.campaign
def test_every_situation_has_the_same_few_small_fields(seen: Seen) -> None:
    assert {tuple(values) for values, _ in _values(seen)} == {tuple(sorted(FIELDS))}
    assert {value for values, _ in _values(seen) for value in values.values()} == {0, 1, 2, 3}
    assert {code for _, code in seen} == set(Code)
    assert len(seen) > 60


@pytest.mark.campaign
@pytest.mark.parametrize("field", FIELDS)
def test_no_field_value_implies_an_outcome(seen: Seen, field: str) -> None:
    """Of two situations with the same value, the one comes to this and the other to that."""
    outcomes = defaultdict(set)
    for values, code in _values(seen):
        outcomes[values[field]].add(code)
    assert len(outcomes) > 1
    alone = {(field, value) for value, codes in outcomes.items() if len(codes) < 2}
    assert alone <= _ENOUGH


@pytest.mark.campaign
@pytest.mark.parametrize("field", FIELDS)
def test_no_field_follows_from_the_outcome(seen: Seen, field: str) -> None:
    """Of two situations that come to the same, the field is this in one and that in the other."""
    held = defaultdict(set)
    for values, code in _values(seen):
        held[code].add(values[field])
    assert any(len(values) > 1 for values in held.values())


@pytest.mark.campaign
@pytest.mark.parametrize("field", FIELDS)
def test_one_field_can_change_the_outcome(seen: Seen, field: str) -> None:
    """Each field matters: there are situations alike in all else that it tells apart."""
    alike: dict[tuple[tuple[str, int], ...], set[Code]] = defaultdict(set)
    for values, code in _values(seen):
        alike[tuple(sorted((n, v) for n, v in values.items() if n != field))].add(code)
    outcomes = {frozenset(codes) for codes in alike.values() if len(codes) > 1}
    assert outcomes or field == "ever_done"  # which of two names of one outcome fits


def _swapping(one: Code, other: Code) -> Callable[..., list[Decision]]:
    """A reading of the rules in which two outcomes have changed places."""
    swap = {int(one): int(other), int(other): int(one)}

    def decide(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
        changed = [replace(rule, outcome=swap.get(rule.outcome, rule.outcome)) for rule in rules]
        return decide_plainly(changed, situations)

    return decide


@cache
def _as_it_is() -> list[list[Answer]]:
    """What some of the cases come to by the rules as they are."""
    return vectorised_answers(_cases()[:60], decide_plainly)


_UNMET = (Code.DUE, Code.OVERDUE, Code.NOT_YET_DUE)


@pytest.mark.one_in(5)
@pytest.mark.parametrize(("one", "other"), list(combinations(_UNMET, 2)))
def test_the_status_is_whatever_the_rules_say(one: Code, other: Code) -> None:
    """With two outcomes swapped in the rules, exactly those two statuses change places: nothing
    before or after the rules decides."""
    swap = {one.name: other.name, other.name: one.name}
    plain = _as_it_is()
    swapped = vectorised_answers(_cases()[:60], _swapping(one, other))
    changed = 0
    for before, after in zip(plain, swapped, strict=True):
        for given, told in zip(before, after, strict=True):
            name = given.status.name
            status = given.status if not given.is_current else Status[swap.get(name, name)]
            assert told == given._replace(status=status)
            changed += told != given
    assert changed > 10


def test_no_rule_decides_a_value_that_is_not_an_observation() -> None:
    """A field out of bounds stops the check: there is no rule for whatever else there may be. (How
    far a waiver reaches is compared by its size.)"""
    tried = set()
    for duty in (duty for duties in traced(_cases()[:80], decide_plainly) for duty in duties):
        for verdict in filter(None, duty.verdicts):
            rules = rules_of(duty.scope.resolved, duty.scope.version_number, verdict.situation.key)
            (fits,) = (rule for rule in rules if rule.name == verdict.rule)
            for field in {test.field for test in fits.tests} - {"waived"}:
                values = tuple((n, -1 if n == field else v) for n, v in verdict.situation.values)
                with pytest.raises(EngineFault, match="No rule decides"):
                    decide_plainly(rules, [replace(verdict.situation, values=values)])
                tried.add(field)
    assert tried == set(FIELDS) - {"waived"}
