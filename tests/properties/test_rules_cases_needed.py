"""Every span, day, condition and code in a rule file is needed by one of its duty's cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from engine.cases.case_file import PlacedCase
from engine.cases.compare import compare
from engine.cases.rows import evidence_of
from engine.cases.run import decide_case, observe_case
from engine.decision.rule import decide_plainly
from engine.outcome import Answer
from engine.plain.evaluate import evaluate_duty
from evidence.table import Evidence
from rules.load import OWN_BOOK
from rules.model import Duty, Rulebook
from rules.yaml.source import YamlFile, read_source
from tests.support.needs import CAMPAIGN
from tests.support.rule_changes import changes
from tests.support.written_cases import BOOK, WRITTEN, cases_in_file_of, differs, empty


def _changed(duty: str) -> Iterator[tuple[str, Rulebook]]:
    """The rulebook with one thing changed in the file of one duty, in words."""
    file = BOOK.sources[duty]
    source = read_source(file, (OWN_BOOK / file).read_bytes())
    assert isinstance(source, YamlFile)
    for words, value in changes(source.value):
        rule = Duty.model_validate(value, by_alias=True, by_name=False)
        yield words, BOOK.model_copy(update={"duties": {**BOOK.duties, duty: rule}})


def _plain(rulebook: Rulebook, placed: PlacedCase, evidence: Evidence) -> list[Answer]:
    """What the plain evaluator answers, which is quick."""
    case = placed.case
    begin = case.records_begin
    return evaluate_duty(rulebook, evidence, case.as_of, placed.duty, records_begin=begin)


def _notices(
    placed: PlacedCase, evidence: Evidence, before: list[Answer], changed: Rulebook
) -> bool:
    """Whether the case comes out otherwise than it expects under the changed rule, if anything
    changes at all."""
    after = _plain(changed, placed, evidence)
    if after == before:
        return False
    if after and differs(placed, [answer.status for answer in after if answer.is_current]):
        return True
    outcome = decide_case(observe_case(evidence, placed, changed), changed, decide_plainly).outcome
    return bool(compare(placed, outcome, changed.registers))


@pytest.mark.one_in(8)
@pytest.mark.long
@pytest.mark.parametrize("duty", WRITTEN)
def test_a_change_to_a_rule_fails_a_case(duty: str) -> None:
    """In an ordinary run every third change is tried, in the long campaign each."""
    read = [(each, evidence_of(each, empty())) for each in cases_in_file_of(duty)]
    cases = [(placed, evidence, _plain(BOOK, placed, evidence)) for placed, evidence in read]
    tried, unnoticed = 0, []
    for words, changed in islice(_changed(duty), 0, None, 1 if CAMPAIGN else 3):
        tried += 1
        if not any(_notices(*case, changed) for case in cases):
            unnoticed.append(words)
    assert unnoticed == []
    assert tried >= 1
