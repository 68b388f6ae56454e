"""A case file that is wrong is refused with its line; a case that comes out otherwise says how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.rows import empty_tables, evidence_of
from engine.cases.run import CaseResult, run_cases
from engine.decision.rule import Decision, Rule, Situation, decide_plainly
from rules.model import Rulebook
from rules.problem import RuleProblem, describe
from tests.support.own_book import own_book

GOOD = """\
duty: designated-lead
usual:
  roles: {role: Prevent Lead, post: Policy Officer}
cases:
  - name: Somebody holds it
    as of: 2025-01-01
    evidence:
      roles:
        - {from: 2024-12-30, to: blank}
    expect:
      status: met
      met by: [roles 1]
"""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return own_book()


def read(text: str, book: Rulebook) -> tuple[PlacedCase, ...]:
    placed = read_cases("lead.yaml", text.encode(), book)
    good = tuple(case for case in placed if isinstance(case, PlacedCase))
    assert len(good) == len(placed), placed
    return good


def ran(text: str, book: Rulebook) -> list[CaseResult]:
    return run_cases(read(text, book), book, decide_plainly)


def test_a_good_file_is_read_with_its_usual_cells(book: Rulebook) -> None:
    (placed,) = read(GOOD, book)
    (row,) = placed.rows["roles"]
    assert row["post"] == "Policy Officer"
    assert row["to"] == "blank"
    assert placed.line == 5
    assert [case.differences for case in ran(GOOD, book)] == [()]


def test_a_case_with_another_status_names_the_cells_that_cannot_be_read(book: Rulebook) -> None:
    text = GOOD.replace("from: 2024-12-30", "from: soon")
    (result,) = ran(text, book)
    assert result.differences[-1] == "line 5: note: 'from' of roles 1 cannot be read: 'soon'."
    assert len(result.differences) == 3


WRONG = {
    "no such duty": ("duty: designated-lead", "duty: designated-leed", 1,
                     "There is no duty 'designated-leed'. Write 'designated-lead'"),
    "no such register": ("      roles:", "      rolls:", 9, "There is no register 'rolls'."),
    "no such column": ("to: blank", "till: blank", 9, "has no column 'till'."),
    "no such usual column": ("post: Policy", "pst: Policy", 3, "has no column 'pst'. Write 'post'"),
    "two words in a cell": ("to: blank", "to: [a, b]", 9, "Part several words with semicolons."),
    "no such status": ("status: met", "status: done", 11, "'status' cannot be 'done'."),
    "no such key": ("    expect:", "    expects:", 10, "There is no key 'expects' here."),
    "no such expectation": ("met by:", "met with:", 12, "There is no key 'met with' here."),
    "no as-of date": ("    as of: 2025-01-01\n", "", 5, "The key 'as of' is missing."),
    "missing and given": ("    evidence:", "    missing: [roles]\n    evidence:", 7,
                          "'roles' is said to be missing, and has rows."),
    "unreadable and given": ("    evidence:", "    unreadable: [roles]\n    evidence:", 7,
                             "'roles' is said to be unreadable, and has rows."),
    "missing and unknown": ("    evidence:", "    missing: [rota]\n    evidence:", 7,
                            "There is no register 'rota'."),
    "days that do not add up": ("met by: [roles 1]", "deadline: 2025-01-31\n      days: 29", 13,
                                "From 2025-01-01 to 2025-01-31 it is 30 days, not 29."),
    "a tab": ("status: met", "status:\tmet", 11, "There is a tab on this line."),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_its_line(name: str, book: Rulebook) -> None:
    old, new, line, words = WRONG[name]
    assert old in GOOD
    cases = read_cases("lead.yaml", GOOD.replace(old, new, 1).encode(), book)
    problems = [item for item in cases if isinstance(item, RuleProblem)]
    assert len(problems) == len(cases)
    assert [
        problem for problem in problems if problem.line == line and words in describe(problem)
    ], problems


REVIEWED = """\
duty: sop-review-uses-assessment
cases:
  - name: One of two assessments is taken into account
    as of: 2025-06-30
    evidence:
      documents:
        - {ref: HO-1, kind: Home Office assessment, issued on: 2025-01-10}
        - {ref: HO-2, kind: Home Office assessment, issued on: 2025-05-10}
      reviews:
        - {reviewed on: 2025-05-09, assessment: HO-1}
        - {reviewed on: 2025-05-10, assessment: HO-1}
        - {reviewed on: 2025-05-10}
    expect: {status: due}
"""


def test_a_column_that_the_program_fills_is_filled(book: Rulebook) -> None:
    (placed,) = read(REVIEWED, book)
    evidence = evidence_of(placed, empty_tables(book.registers))
    assert evidence.tables["reviews"].columns["latest assessment"].value == [True, False, None]


def test_a_column_that_the_program_fills_is_not_written(book: Rulebook) -> None:
    text = REVIEWED.replace(
        "        - {reviewed on: 2025-05-10}", "        - {latest assessment: yes}"
    )
    (problem,) = read_cases("reviews.yaml", text.encode(), book)
    assert isinstance(problem, RuleProblem)
    assert problem.line == 12
    assert "has no column 'latest assessment'" in problem.message


def test_two_cases_of_one_name_are_refused(book: Rulebook) -> None:
    case = GOOD[GOOD.index("  - name") :]
    (problem,) = read_cases("lead.yaml", (GOOD + case).encode(), book)
    assert isinstance(problem, RuleProblem)
    assert (problem.line, [spot.line for spot in problem.also]) == (13, [5])


DIFFERENT = {
    "status": ("status: met", "status: due", "line 11: status: expected due, got met."),
    "deadline": ("status: met", "status: met\n      deadline: 2025-06-30",
                 "line 12: deadline: expected 30 June 2025, got none."),
    "met by": ("met by: [roles 1]", "met by: []", "line 12: met by: expected none, got roles 1."),
    "counts": ("met by: [roles 1]", "counts: {due: 1}",
               "line 12: counts: expected 1 due, got 1 met."),
    "late": ("met by: [roles 1]", "late by: 3", "line 12: late by: expected 3, got 0."),
    "not in force": ("as of: 2025-01-01", "as of: 2024-09-30",
                     "line 11: status: expected met, got not in force."),
    "an obligation": ("    expect:", "    obligations: [{for: P-1, status: met}]\n    expect:",
                      "line 10: expected P-1, got office."),
    "no obligation": ("    expect:", "    obligations: []\n    expect:",
                      "line 10: got office, not expected."),
    "history": ("    expect:", "    history: [{window: 2024/25, outcome: met}]\n    expect:",
                "line 10: expected office 2024/25, got none."),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_has_its_line(name: str, book: Rulebook) -> None:
    old, new, words = DIFFERENT[name]
    (result,) = ran(GOOD.replace(old, new, 1), book)
    assert not result.passed
    assert words in result.differences


def test_fields_of_one_obligation_are_not_expected_of_several(book: Rulebook) -> None:
    text = GOOD[: GOOD.index("usual")].replace("designated-lead", "board-reports-complete") + (
        "cases:\n  - name: One\n    as of: 2025-01-01\n    expect: {status: due, opens: none}\n"
    )
    (result,) = ran(text, book)
    assert result.differences == ("line 5: there is no single obligation with 'opens'.",)


def _contrary(rules: Sequence[Rule], situations: Sequence[Situation]) -> list[Decision]:
    """A rules engine that takes every outcome for another."""
    plain = decide_plainly(rules, situations)
    return [replace(decision, outcome=decision.outcome + 1) for decision in plain]


def test_a_rules_engine_that_decides_otherwise_fails_the_case(book: Rulebook) -> None:
    (result,) = run_cases(read(GOOD, book), book, _contrary)
    assert any("The rules engine decides" in difference for difference in result.differences)
    assert result.rules == ("designated-lead/met",)


def test_without_a_rules_engine_both_evaluators_still_run(book: Rulebook) -> None:
    (result,) = run_cases(read(GOOD, book), book, None)
    assert result.passed
