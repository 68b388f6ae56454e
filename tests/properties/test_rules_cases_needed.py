"""Every span, day, condition and code in a rule file is needed by one of its duty's cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from engine.cases.compare import compare
from engine.cases.run import ObservedCase, decided
from engine.decision.rule import decide_plainly
from engine.plain.evaluate import evaluate_duty
from rules.load import OWN_BOOK
from rules.model import Duty, Rulebook
from rules.yaml.source import YamlFile, read_source
from tests.support.needs import CAMPAIGN
from tests.support.rule_changes import changes
from tests.support.written_cases import BOOK, WRITTEN, seen, seen_again


def _changed(duty: str) -> Iterator[tuple[str, Rulebook]]:
    """The rulebook with one thing changed in the file of one duty, in words."""
    file = BOOK.sources[duty]
    source = read_source(file, (OWN_BOOK / file).read_bytes())
    assert isinstance(source, YamlFile)
    for words, value in changes(source.value):
        rule = Duty.model_validate(value, by_alias=True, by_name=False)
        yield words, BOOK.model_copy(update={"duties": {**BOOK.duties, duty: rule}})


def _notices(one: ObservedCase, changed: Rulebook) -> bool:
    """Whether the case comes out otherwise than it expects under the changed rule; the second
    evaluator, which is quick, says first whether anything changes at all."""
    placed = one.placed
    second = evaluate_duty(changed, one.evidence, placed.case.as_of, placed.duty)
    if tuple(second) == one.plain:
        return False
    outcome = decided(seen_again(one, changed), changed, decide_plainly).outcome
    return bool(compare(placed, outcome, changed.registers))


@pytest.mark.long
@pytest.mark.parametrize("duty", WRITTEN)
def test_a_change_to_a_rule_fails_a_case(duty: str) -> None:
    """In an ordinary run every third change is tried, in the long campaign each."""
    cases = [each for each in seen() if each.placed.duty == duty]
    tried, unnoticed = 0, []
    for words, changed in islice(_changed(duty), 0, None, 1 if CAMPAIGN else 3):
        tried += 1
        if not any(_notices(case, changed) for case in cases):
            unnoticed.append(words)
    assert unnoticed == []
    assert tried >= 1
