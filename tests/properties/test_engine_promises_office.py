"""The promises, of the example office and the rulebook that it is checked by."""

from __future__ import annotations

import datetime
import random
from dataclasses import replace

import pytest

from engine.agree import differences
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from engine.outcome import Answer, ObligationKey, Status
from engine.plain.evaluate import evaluate_duty
from evidence.read import read_evidence
from evidence.table import Evidence
from examples.office.made import AS_OF
from rules.patterns import Content
from tests.properties.test_engine_promises_remedy import wrong
from tests.support import needs
from tests.support.altered_evidence import in_two_sheets, renumbered, shuffled
from tests.support.case_generator import Case
from tests.support.judged_cases import plain_answers
from tests.support.own_book import own_book
from tests.support.promise_cases import asked_of, showing, vectorised_answers, versions
from tests.support.promise_evidence import alone, by_then
from tests.support.small_check import BOTH

_UNMET = (Status.DUE, Status.OVERDUE)
_BACK = (0, 513) if not needs.CAMPAIGN else tuple(range(0, 770, 70))
DAYS = pytest.mark.parametrize("as_of", [AS_OF - datetime.timedelta(n) for n in _BACK], ids=str)


@pytest.fixture(scope="module")
def office() -> Case:
    rulebook = own_book()
    evidence = read_evidence([needs.ROOT / "examples" / "office.xlsx"], rulebook.registers)
    return Case(0, "office", rulebook, evidence, AS_OF)


def _of(given: Case, duty: str, evidence: Evidence) -> list[Answer]:
    return evaluate_duty(given.rulebook, evidence, given.as_of, duty)


def _alone_with(given: Case, duty: str) -> Case:
    """The case with one duty, and the one that it adds to."""
    kept, wanted = {}, [duty]
    for name in wanted:
        kept[name] = given.rulebook.duties[name]
        patterns = (version.pattern for version in kept[name].versions)
        wanted += [pattern.of for pattern in patterns if isinstance(pattern, Content)]
    return replace(given, rulebook=given.rulebook.model_copy(update={"duties": kept}))


@pytest.mark.long
@DAYS
def test_both_evaluators_agree(office: Case, as_of: datetime.date) -> None:
    """Promise 8: evaluators written apart agree on every obligation."""
    given = replace(office, as_of=as_of)
    answers = plain_answers(given)
    assert differences(vectorised_answers(given), answers) == []
    assert len(answers) > 100


@pytest.mark.long
@DAYS
def test_the_order_of_rows_and_sheets_changes_nothing(office: Case, as_of: datetime.date) -> None:
    """Promise 1: the order of rows, sheets, files and rules changes nothing."""
    given = replace(office, as_of=as_of)
    mixed, orders = shuffled(random.Random(as_of.toordinal()), in_two_sheets(given.evidence))
    again = renumbered(plain_answers(showing(given, mixed)), orders)
    assert differences(plain_answers(given), again) == []


@pytest.mark.long
@DAYS
def test_what_would_meet_it_meets_it(office: Case, as_of: datetime.date) -> None:
    """Promise 7: adding exactly what a due or overdue obligation says, in the words, codes and keys
    that the office's own sheets take, gives met or met late."""
    given, tried = replace(office, as_of=as_of), 0
    for answer, asked in asked_of(given):
        if answer.status in _UNMET and answer.is_current:
            assert wrong(given, answer, asked) == ""
            tried += 1
    assert tried > 10


def test_an_assessment_shows_a_fix_of_each(office: Case) -> None:
    """Promise 7, as reports show it: each due or overdue obligation has a fix that was tried, or
    says that it cannot be done."""
    request = CheckRequest(
        office.rulebook, office.evidence, AS_OF, BOTH, decide_plainly, ahead=False
    )
    shown = [obligation for duty in assess(request).duties for obligation in duty.obligations]
    unmet = [one for one in shown if one.status in _UNMET]
    assert len(unmet) > 10
    for one in unmet:
        assert one.would_be_met_by, one.subject
        assert all(remedy.possible and remedy.cells for remedy in one.would_be_met_by), one.subject
    assert all(not one.would_be_met_by for one in shown if one.status not in _UNMET)


@pytest.mark.campaign
@pytest.mark.long
def test_the_evidence_named_meets_it_alone(office: Case) -> None:
    """Promise 6: the evidence that a met obligation names gives met again, alone."""
    tried: set[ObligationKey] = set()
    for answer in plain_answers(office):
        duty = answer.key.duty
        if answer.status is not Status.MET:
            continue
        other, rows = alone(_alone_with(office, duty), answer)
        again = renumbered(_of(office, duty, other.evidence), rows)
        bare = [answer._replace(last_done=None, days=None) for answer in again]
        assert answer._replace(last_done=None, days=None) in bare, answer.key
        tried.add(answer.key)
    assert len({key.duty for key in tried}) > 50


@pytest.mark.long
def test_what_is_dated_after_the_check_changes_nothing(office: Case) -> None:
    """Promise 3: items of evidence dated after D change nothing but findings."""
    given = replace(office, as_of=AS_OF - datetime.timedelta(300))
    for duty in given.rulebook.duties:
        other, rows = by_then(_alone_with(given, duty))
        again = renumbered(_of(given, duty, other.evidence), rows)
        assert differences(_of(given, duty, given.evidence), again) == [], duty
    assert versions(given)
