"""The form of rule that the engine may be given: what is refused, and how it reads plainly."""

from dataclasses import replace
from typing import Any

import pytest

from engine.decision.rule import (
    MOST_FIELDS,
    MOST_KEYS_OF_A_KIND,
    MOST_RULES_OF_A_KEY,
    Decision,
    EngineFault,
    Rule,
    Situation,
    Test,
    decide_plainly,
    fits_plainly,
    lint,
    lint_situations,
)

GOOD = Rule("a-duty/met", 1, 7, (Test("met", "==", 1), Test("late", "<", 1)), 30)
CASE = Situation(1, 7, (("late", 0), ("met", 1)))


def rule_with_test(field: object = "met", op: object = "==", value: object = 1) -> Rule:
    """A rule whose one test may be anything at all, as a careless caller could make it."""
    unchecked: Any = Test
    return replace(GOOD, tests=(unchecked(field, op, value),))


def situation_with(*values: tuple[Any, Any]) -> Situation:
    return Situation(1, 7, values)


def test_a_sound_rule_and_situation_are_let_through() -> None:
    assert lint([GOOD]) == []
    assert lint_situations([GOOD], [CASE]) == []


def test_whole_numbers_up_to_64_bits_are_let_through() -> None:
    ends = [replace(rule_with_test(value=v), name=str(v)) for v in (-(2**63), 2**63 - 1)]
    assert lint(ends) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (rule_with_test(value="1"), "is '1'; give a whole number that fits into 64 bits."),
        (rule_with_test(value=True), "is True; give a whole number"),
        (rule_with_test(value=1.0), "is 1.0; give a whole number"),
        (rule_with_test(value=None), "is None; give a whole number"),
        (rule_with_test(value=2**63), "is 9223372036854775808; give a whole number"),
        (rule_with_test(value=-(2**63) - 1), "give a whole number that fits into 64 bits."),
        (rule_with_test(op="=<"), "'=<' is not an allowed comparison; use one of == !="),
        (rule_with_test(op="in"), "'in' is not an allowed comparison"),
        (rule_with_test(field="id"), "the field 'id' is the engine's own"),
        (rule_with_test(field="sid"), "the field 'sid' is the engine's own"),
        (rule_with_test(field="kind"), "the field 'kind' is the engine's own"),
        (rule_with_test(field="key"), "the field 'key' is the engine's own"),
        (rule_with_test(field="Late"), "'Late' is not a valid field name"),
        (rule_with_test(field="$not"), "'$not' is not a valid field name"),
        (rule_with_test(field="late\n"), "is not a valid field name"),
        (rule_with_test(field="spät"), "'spät' is not a valid field name"),
        (rule_with_test(field=3), "3 is not a valid field name"),
        (replace(GOOD, name=" "), "the name is empty"),
        (replace(GOOD, kind=0), "the kind is 0; give a whole number from 1 to 99."),
        (replace(GOOD, kind=True), "the kind is True; give a whole number from 1 to 99."),
        (replace(GOOD, kind=100), "the kind is 100"),
        (replace(GOOD, key=2**64), "the key is 18446744073709551616"),
        (replace(GOOD, outcome=True), "the outcome is True"),
        (replace(GOOD, tests=()), "it tests nothing beyond its kind and key"),
        (replace(GOOD, tests=GOOD.tests * 2), "it tests late < 1 2 times; once is enough."),
    ],
)
def test_a_rule_outside_the_form_is_refused_by_name(rule: Rule, words: str) -> None:
    problems = lint([replace(GOOD, name="another", key=1), rule])
    assert any(words in sentence for sentence in problems), problems
    assert all(sentence.startswith(f"Rule {rule.name!r}: ") for sentence in problems)


def test_no_rules_at_all_are_refused() -> None:
    assert lint([]) == ["There are no rules: give at least one."]


def test_a_name_given_twice_is_refused() -> None:
    other = replace(GOOD, key=8)
    assert lint([GOOD, other]) == [
        "Rule 'a-duty/met': 2 rules have this name; give each rule a name of its own."
    ]


def test_rules_that_test_the_same_are_refused_in_whatever_order_they_test() -> None:
    twin = replace(GOOD, name="a-duty/due", tests=GOOD.tests[::-1], outcome=1)
    assert lint([GOOD, twin]) == [
        "Rules 'a-duty/met' and 'a-duty/due': they test the same; keep one of them."
    ]
    assert lint([GOOD, replace(twin, key=8)]) == []


def test_a_key_with_more_rules_than_the_engine_can_branch_to_is_refused() -> None:
    rules = [replace(rule_with_test(value=n), name=f"r{n}") for n in range(MOST_RULES_OF_A_KEY + 1)]
    assert lint(rules[:-1]) == []
    assert lint(rules) == ["Kind 1, key 7: 64 rules; the engine takes at most 63."]


def test_a_kind_with_more_keys_than_the_engine_can_list_is_refused() -> None:
    rules = [replace(GOOD, name=f"r{n}", key=n) for n in range(MOST_KEYS_OF_A_KIND + 1)]
    assert lint(rules[:-1]) == []
    assert lint(rules) == ["Kind 1: 512 keys; the engine takes at most 511."]


def test_every_problem_is_reported_at_once() -> None:
    problems = lint([rule_with_test("id", "=>", "1"), replace(GOOD, name="")])
    assert len(problems) == 4


@pytest.mark.parametrize(
    ("situation", "words"),
    [
        (situation_with(("late", True), ("met", 1)), "the field 'late' is True"),
        (situation_with(("late", 2**63), ("met", 1)), "the field 'late' is 9223372036854775808"),
        (situation_with(("late", "0"), ("met", 1)), "the field 'late' is '0'"),
        (situation_with(("id", 1), ("late", 0), ("met", 1)), "'id' is the engine's own"),
        (situation_with(("met", 1), ("late", 0)), "not sorted by name, each once"),
        (situation_with(("late", 0), ("late", 0), ("met", 1)), "not sorted by name, each once"),
        (situation_with(("met", 1)), "a rule tests the field 'late', which it lacks."),
        (replace(CASE, kind=0), "the kind is 0"),
        (replace(CASE, key=2**63), "the key is 9223372036854775808"),
        (
            situation_with(*((f"f{n:03}", 0) for n in range(MOST_FIELDS + 1))),
            "it has 251 fields; the engine takes at most 250.",
        ),
    ],
)
def test_a_situation_outside_the_form_is_refused(situation: Situation, words: str) -> None:
    problems = lint_situations([GOOD], [situation])
    assert any(words in sentence for sentence in problems), problems
    with pytest.raises(EngineFault, match="unsound"):
        decide_plainly([GOOD], [situation])


def test_a_situation_given_twice_is_refused() -> None:
    assert lint_situations([GOOD], [CASE, CASE]) == [
        "Situation of kind 1, key 7 (late 0, met 1): given 2 times; "
        "give each distinct situation once."
    ]


@pytest.mark.parametrize(
    ("op", "fitting"),
    [
        ("==", [0]),
        ("!=", [-1, 1]),
        ("<", [-1]),
        ("<=", [-1, 0]),
        (">", [1]),
        (">=", [0, 1]),
    ],
)
def test_each_comparison_reads_as_it_is_written(op: str, fitting: list[int]) -> None:
    situations = [situation_with(("met", value)) for value in (-1, 0, 1)]
    fits = fits_plainly([rule_with_test("met", op, 0)], situations)
    assert [dict(s.values)["met"] for s, f in zip(situations, fits, strict=True) if f] == fitting


def test_a_rule_decides_only_its_own_kind_and_key() -> None:
    rules = [GOOD, replace(GOOD, name="b", key=8), replace(GOOD, name="c", kind=2)]
    cases = [CASE, replace(CASE, key=8), replace(CASE, kind=2), replace(CASE, key=9)]
    assert fits_plainly(rules, cases) == [(0,), (1,), (2,), ()]


def test_the_decisions_come_in_the_order_of_the_situations() -> None:
    other = Rule("a-duty/due", 1, 7, (Test("met", "!=", 1),), 20)
    undone = situation_with(("late", 0), ("met", 0))
    expected = [Decision(20, "a-duty/due"), Decision(30, "a-duty/met")]
    assert decide_plainly([GOOD, other], [undone, CASE]) == expected
    assert decide_plainly([other, GOOD], [CASE, undone]) == expected[::-1]


def test_a_situation_that_no_rule_fits_is_a_fault_that_names_it() -> None:
    with pytest.raises(EngineFault) as fault:
        decide_plainly([GOOD], [situation_with(("late", 1), ("met", 1))])
    assert str(fault.value) == (
        "Each situation needs exactly one rule. "
        "No rule decides the situation of kind 1, key 7 (late 1, met 1)."
    )


def test_a_situation_that_two_rules_fit_is_a_fault_that_names_both() -> None:
    other = Rule("a-duty/any", 1, 7, (Test("met", ">=", 0),), 30)
    with pytest.raises(EngineFault, match=r"2 rules decide \('a-duty/any', 'a-duty/met'\)"):
        decide_plainly([GOOD, other], [CASE])


def test_a_fault_names_five_situations_and_counts_the_others() -> None:
    cases = [situation_with(("late", n), ("met", 1)) for n in range(1, 9)]
    with pytest.raises(EngineFault, match=r"And 3 more\.$") as fault:
        decide_plainly([GOOD], cases)
    assert str(fault.value).count("No rule decides") == 5


def test_with_nothing_to_decide_nothing_is_decided() -> None:
    assert decide_plainly([], []) == []
    assert decide_plainly([GOOD], []) == []
    with pytest.raises(EngineFault, match="There are no rules"):
        decide_plainly([], [CASE])
