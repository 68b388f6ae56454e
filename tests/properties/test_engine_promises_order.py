"""Promises 1 and 5: neither the order of the input nor asking again changes anything."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from engine.agree import differences
from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from reports.json import to_json
from rules.model import Rulebook
from tests.support.altered_evidence import in_two_sheets, renumbered, shuffled
from tests.support.case_generator import Case, case
from tests.support.needs import ROOT
from tests.support.promise_cases import BY_BOTH, SEED, Evaluator, cases, showing

PROGRAM = Program("dueregard", "0", "durable-rules and the plain evaluator", "")


def _turned(rulebook: Rulebook) -> Rulebook:
    return rulebook.model_copy(update={"duties": dict(reversed(list(rulebook.duties.items())))})


@pytest.mark.long
@BY_BOTH
def test_the_order_of_rows_sheets_registers_and_rules_changes_nothing(
    evaluator: Evaluator, percent: int
) -> None:
    """Promise 1: the order of rows, sheets, files and rules changes nothing."""
    moved = 0
    for given in cases(350, 8_000, percent):
        mixed, orders = shuffled(random.Random(given.seed), in_two_sheets(given.evidence))
        other = replace(showing(given, mixed), rulebook=_turned(given.rulebook))
        disagreements = differences(evaluator(given), renumbered(evaluator(other), orders))
        assert disagreements == [], f"case {given.seed} on {given.as_of}"
        moved += any(rows != sorted(rows) for rows in orders.values())
    assert moved > 0


def _outcome(given: Case) -> Assessment:
    return assess(
        CheckRequest(given.rulebook, given.evidence, given.as_of, PROGRAM, decide_plainly)
    )


def _assessed(given: Case) -> bytes:
    return to_json(_outcome(given))


def _told(assessment: Assessment) -> object:
    """All that it says, each thing where it is cited."""
    return _as_sets(TypeAdapter(Assessment).dump_python(assessment, mode="json"))


def _as_sets(data: object) -> object:
    """A document of which no list has an order."""
    if isinstance(data, dict):
        return {name: _as_sets(value) for name, value in data.items()}
    if isinstance(data, list):
        return sorted((_as_sets(value) for value in data), key=repr)
    return data


@pytest.mark.campaign
@pytest.mark.long
def test_the_order_changes_nothing_in_a_whole_assessment_but_the_order_of_its_lists() -> None:
    """Promise 1, of everything that reports read: findings, remedies, history and counts too."""
    for given in cases(20, 300):
        evidence = in_two_sheets(given.evidence)
        mixed, _ = shuffled(random.Random(given.seed), evidence)
        one, other = (_outcome(showing(given, each)) for each in (evidence, mixed))
        assert _told(one) == _told(other), f"case {given.seed}"


@pytest.mark.parametrize("percent", [40, pytest.param(100, marks=pytest.mark.campaign)])
def test_checking_twice_gives_the_same_bytes(percent: int) -> None:
    """Promise 5: checking twice gives the same bytes."""
    for seed in range(SEED, SEED + percent // 4):
        assert _assessed(case(seed)) == _assessed(case(seed)), f"case {seed}"


_DIGEST = """
import hashlib
from tests.properties.test_engine_promises_order import digest
print(digest())
"""


def digest() -> str:
    """A digest of the assessments of some cases."""
    whole = b"".join(_assessed(case(seed)) for seed in range(14))
    return hashlib.sha256(whole).hexdigest()


@pytest.mark.campaign
@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_the_same_bytes(hash_seed: str) -> None:
    """Promise 5, where Python would order its sets and dictionaries of texts otherwise."""
    done = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == digest(), done.stderr
