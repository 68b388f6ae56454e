"""Acknowledgements change which findings are listed, and nothing else."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from dataclasses import replace

import pytest

from engine.assessment import AcknowledgedFinding, Assessment, FindingShown, Program
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from evidence.table import CellState
from reports.view import exit_code
from tests.support import engine_builders as make
from tests.support.case_generator import Case
from tests.support.engine_builders import Row, acknowledgement, normal
from tests.support.promise_cases import cases

PROGRAM = Program("dueregard", "0", "durable-rules and the plain evaluator", "")


def _assessed(given: Case, *rows: Row) -> Assessment:
    spec = make.ACKNOWLEDGEMENTS
    book = given.rulebook.model_copy(
        update={"registers": {**given.rulebook.registers, spec.id: spec}}
    )
    tables = {**given.evidence.tables, spec.id: make.table(spec, *rows)}
    evidence = replace(given.evidence, tables=tables)
    return assess(CheckRequest(book, evidence, given.as_of, PROGRAM, decide_plainly, ahead=False))


def _rows(chance: random.Random, base: Assessment) -> list[Row]:
    """Acknowledgements of some of the findings, by duty or by rows, and of nothing that is there;
    some of them over or incomplete."""
    texts = [name for one in base.findings for name in (one.duty, "; ".join(one.rows), *one.rows)]
    kinds = [one.kind for one in base.findings]
    return [_row(chance, base.as_of, kinds, texts) for _ in range(chance.randrange(1, 8))]


def _row(chance: random.Random, as_of: datetime.date, kinds: list[str], texts: list[str]) -> Row:
    until = as_of + datetime.timedelta(days=chance.choice((-400, -1, 0, 1, 400)))
    kind, text = chance.choice([*kinds, "nothing"]), chance.choice([*texts, "nobody", "one"])
    row = {**acknowledgement(kind, text or "the-duty", until.isoformat())}
    if chance.random() < 0.1:
        row[chance.choice(list(row))] = CellState.BLANK
    return row


def _fits(finding: FindingShown, row: Row, as_of: datetime.date) -> bool:
    """Whether a row may acknowledge a finding: told apart by its kind, and by its duty or by the
    names of all of its rows."""
    if any(isinstance(cell, CellState) for cell in row.values()):
        return False
    text, names = str(row["duty or row"]), {normal(name) for name in finding.rows}
    about = {normal(part) for part in text.split(";")} == names or normal(text) == finding.duty
    return row["finding"] == finding.kind and about and str(row["until"]) >= as_of.isoformat()


@pytest.mark.campaign
@pytest.mark.long
def test_an_acknowledgement_changes_no_status_date_count_or_exit_code() -> None:
    """And each finding is either to check, or acknowledged by a row that is about it."""
    kinds = set[str]()
    for given in cases(70, 4_000):
        base, chance = _assessed(given), random.Random(given.seed)
        rows = _rows(chance, base)
        assessment = _assessed(given, *rows)
        same = replace(assessment, findings=base.findings, acknowledged=())
        assert same == base, f"case {given.seed}"
        assert exit_code(assessment) == exit_code(base), f"case {given.seed}"
        left_out = [one.finding for one in assessment.acknowledged]
        listed = [one for one in assessment.findings if one in base.findings]
        assert sorted(map(repr, [*left_out, *listed])) == sorted(map(repr, base.findings))
        for one in assessment.acknowledged:
            assert any(_fits(one.finding, row, given.as_of) for row in rows), f"case {given.seed}"
        kinds |= {one.kind for one in assessment.findings if one not in base.findings}
        kinds |= {"acknowledged"} if left_out else set()
    assert kinds == {
        "acknowledged",
        "Acknowledgement expired",
        "Acknowledgement incomplete",
        "Acknowledgement matches nothing",
    }


def _names(acknowledged: tuple[AcknowledgedFinding, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.finding.kind, one.finding.rows) for one in acknowledged]


@pytest.mark.long
@pytest.mark.parametrize("percent", [40, pytest.param(100, marks=pytest.mark.campaign)])
def test_the_order_of_acknowledgements_changes_nothing(percent: int) -> None:
    for given in cases(20, 500, percent):
        rows = _rows(random.Random(given.seed), _assessed(given))
        one, other = (_assessed(given, *each) for each in (rows, reversed(rows)))
        assert _names(one.acknowledged) == _names(other.acknowledged), f"case {given.seed}"
        assert Counter(e.kind for e in one.findings) == Counter(e.kind for e in other.findings)
