"""Every span, day, condition and code in a rule file is needed by one of its duty's cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

from engine.casecompare import compare
from engine.casefile import Placed, read_cases
from engine.cases import Seen, decided, observed
from engine.ruleform import decide_plainly
from engine.second.evaluate import evaluate_duty
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Duty, Rulebook
from rules.source import Source, read_source
from tests.needs import CAMPAIGN, ROOT
from tests.rule_changes import changes

FOLDER = ROOT / "tests" / "cases"
BOOK = load_rulebook()
assert isinstance(BOOK, Rulebook), BOOK
WRITTEN = tuple(sorted(path.stem for path in FOLDER.iterdir()))


def _book() -> Rulebook:
    assert isinstance(BOOK, Rulebook)
    return BOOK


def _changed(duty: str) -> Iterator[tuple[str, Rulebook]]:
    """The rulebook with one thing changed in the file of one duty, in words."""
    file = _book().sources[duty]
    source = read_source(file, (OWN_BOOK / file).read_bytes())
    assert isinstance(source, Source)
    for words, value in changes(source.value):
        rule = Duty.model_validate(value, by_alias=True, by_name=False)
        yield words, _book().model_copy(update={"duties": {**_book().duties, duty: rule}})


def _seen(duty: str) -> list[Seen]:
    path = FOLDER / f"{duty}.yaml"
    placed = read_cases(path.name, path.read_bytes(), _book())
    return observed([each for each in placed if isinstance(each, Placed)], _book())


def _notices(seen: Seen, changed: Rulebook) -> bool:
    """Whether the case comes out otherwise than it expects under the changed rule; the second
    evaluator, which is quick, says first whether anything changes at all."""
    placed = seen.placed
    second = evaluate_duty(changed, seen.evidence, placed.case.as_of, placed.duty)
    if tuple(second) == seen.second:
        return False
    (again,) = observed([placed], changed)
    outcome = decided(again, changed, decide_plainly).outcome
    return bool(compare(placed, outcome, changed.registers))


@pytest.mark.long
@pytest.mark.parametrize("duty", WRITTEN)
def test_a_change_to_a_rule_fails_a_case(duty: str) -> None:
    """In an ordinary run every third change is tried, in the long campaign each."""
    cases = _seen(duty)
    tried, unnoticed = 0, []
    for words, changed in islice(_changed(duty), 0, None, 1 if CAMPAIGN else 3):
        tried += 1
        if not any(_notices(each, changed) for each in cases):
            unnoticed.append(words)
    assert unnoticed == []
    assert tried >= 1
