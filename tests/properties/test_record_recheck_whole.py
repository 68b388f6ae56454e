"""The verifier works out the whole assessment anew: not only each obligation, but what the report
says of duties, sections and all, the history with its gaps, and what is not in force."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from dataclasses import replace

import pytest

from engine.cases.rows import empty_tables, evidence_of
from engine.check import CheckRequest, assess
from evidence.table import Evidence
from record.recheck import recheck
from reports.json import to_json
from rules.model import Rulebook
from rules.patterns import Content
from rules.resolve import resolve
from tests.support import needs
from tests.support.case_generator import Case, as_read, at_edge, recorded
from tests.support.dated_sop import with_two_versions
from tests.support.judged_cases import plain_answers
from tests.support.verifier import PROGRAM, differences, on_edge
from tests.support.window_generator import changing, one_pattern
from tests.support.written_cases import BOOK, all_cases

SEED = 20_290_000


def _dated(given: Case) -> Case:
    """The case with two versions of the SOP and citations of later versions of duties."""
    return replace(given, rulebook=with_two_versions(given.rulebook))


def _claimed_of(given: Case) -> recheck.Json:
    return _claimed(given.rulebook, given.evidence, given.as_of, given.records_begin)


def _claimed(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: datetime.date,
    records_begin: datetime.date | None,
) -> recheck.Json:
    asked = CheckRequest(
        rulebook, evidence, as_of, PROGRAM, None, records_begin=records_begin, ahead=False
    )
    assessment = assess(asked)
    told: recheck.Json = json.loads(to_json(assessment))
    return recheck.expand_assessment(told)


def _history(claimed: recheck.Json) -> list[str]:
    return [each["outcome"] for duty in claimed["duties"] for each in duty["history"]]


def _alone(id_: str) -> Rulebook:
    """The rulebook with one duty, and the one that it cuts."""
    kept = {id_}
    for version in BOOK.duties[id_].versions:
        if isinstance(version.pattern, Content):
            kept.add(version.pattern.of)
    duties = {each: duty for each, duty in BOOK.duties.items() if each in kept}
    return BOOK.model_copy(update={"duties": duties})


@pytest.mark.campaign
@pytest.mark.long
def test_of_made_up_cases_it_finds_the_whole_assessment() -> None:
    differing, outcomes, aside, earlier, listed = {}, Counter[str](), 0, 0, Counter[str]()
    for seed in range(SEED, SEED + (10_000 if needs.CAMPAIGN else 160)):
        given = _dated(on_edge(seed))
        claimed = _claimed_of(given)
        earlier += len(claimed["earlier_sop"])
        listed.update({name: len(claimed.get(name, ())) for name in ("coming", "unknown_names")})
        listed["until"] += sum(duty["until"] is not None for duty in claimed["duties"])
        outcomes.update(_history(claimed))
        aside += len(claimed["not_in_force"])
        if found := differences(given.rulebook, as_read(seed).evidence, claimed):
            differing[seed] = found
    assert differing == {}
    assert set(outcomes) >= {"met", "missed", "lapsed", "gap", "before records began"}
    assert aside
    assert earlier
    assert min(listed.values()) > 0, listed


@pytest.mark.campaign
@pytest.mark.long
def test_of_periodic_duties_that_change_it_finds_the_whole_assessment() -> None:
    differing, outcomes = {}, Counter[str]()
    for seed in range(SEED, SEED + (2_000 if needs.CAMPAIGN else 40)):
        given = changing(seed)
        if not one_pattern(given):  # no pack holds such rules
            continue
        answers = plain_answers(given)
        given = at_edge(given, sorted({answer.deadline for answer in answers if answer.deadline}))
        given = _dated(recorded(given))
        claimed = _claimed_of(given)
        outcomes.update(_history(claimed))
        if found := differences(given.rulebook, given.evidence, claimed):
            differing[seed] = found
    assert differing == {}
    assert set(outcomes) >= {"met", "met late", "missed", "before records began"}


@pytest.mark.campaign
@pytest.mark.long
def test_of_written_cases_it_finds_the_whole_assessment() -> None:
    """Of each duty its cases about history and about days before it was in force, and some others;
    in a campaign all."""
    books = {duty: _alone(duty) for duty in BOOK.duties}
    differing, outcomes, aside = {}, Counter[str](), 0
    empty = empty_tables(BOOK.registers)
    for at, placed in enumerate(all_cases()):
        day = placed.case.as_of
        gap = any(each.outcome == "gap" for each in placed.case.history or ())
        if not (needs.CAMPAIGN or gap or not resolve(BOOK, placed.duty).holds(day) or at % 40 == 0):
            continue
        book, evidence = books[placed.duty], evidence_of(placed, empty)
        claimed = _claimed(book, evidence, day, placed.case.records_begin)
        outcomes.update(_history(claimed))
        aside += len(claimed["not_in_force"])
        if found := differences(book, evidence, claimed):
            differing[placed.duty, placed.case.name] = found
    assert differing == {}
    assert outcomes["gap"] > 1
    assert aside
