"""What to correct before an obligation can be told that cannot be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.assessment import ObligationOutcome
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from engine.outcome import Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.proof.cell_problems import CellProblems
from engine.proof.citations import CitationCache
from evidence.problem import EvidenceProblem, ProblemKind
from evidence.read import read_evidence
from evidence.table import CellState, Table
from examples.office.made import AS_OF
from rules.condition import Applies
from rules.model import Duty
from rules.patterns import Rolling
from tests.support import engine_builders as make
from tests.support import needs
from tests.support.agreed_answers import BY_DATE, GROUP, NIL, meeting, triggered
from tests.support.engine_builders import Unread, equals, months, version
from tests.support.fix_trials import declared
from tests.support.keyed_registers import check, holders, lead
from tests.support.own_book import own_book
from tests.support.promise_cases import cases, traced
from tests.support.small_check import BOTH, outcome

ON = "2026-05-20"
LTS = Unread("LTS")


def untold(duty: Duty, *given: Table) -> tuple[str, ...]:
    """What to correct of the one obligation that cannot be told; others have nothing to correct."""
    result = outcome(duty, ON, *given)
    (one,) = [
        obligation for obligation in result.obligations if obligation.status is Status.CANNOT_TELL
    ]
    assert not [
        obligation
        for obligation in result.obligations
        if obligation is not one and obligation.to_tell
    ]
    assert one.would_be_met_by == ()
    return one.to_tell


def meetings(*rows: make.Row) -> Table:
    return make.table(make.MEETINGS, *rows)


def test_the_cell_of_its_own_row_is_named() -> None:
    odd = {**meeting("m1", "2026-03-01"), "held on": LTS}
    assert untold(triggered(), meetings(odd)) == ("Correct C2 of meetings, which cannot be read.",)
    blank = {**meeting("m1", "2026-03-01"), "body": CellState.BLANK}
    assert untold(triggered(), meetings(blank)) == ("Fill in B2 of meetings, which is blank.",)


def test_each_cell_that_decides_is_named() -> None:
    odd = {**meeting("m1", "2026-03-01"), "held on": LTS, "cancelled": Unread("yes?")}
    assert untold(triggered(), meetings(odd)) == (
        "Correct C2 of meetings, which cannot be read.",
        "Correct D2 of meetings, which cannot be read.",
    )


def test_an_empty_list_needs_a_row_or_a_nil_return() -> None:
    (said,) = untold(triggered())
    assert said == "Add a row to meetings, which has none for this duty yet."
    (said,) = untold(triggered(events=GROUP.model_copy(update={"nil_return": NIL})))
    assert said == (
        "If there was something to record, add a row to meetings, which has none for this duty yet."
        " If there was nothing, add a nil "
        "return for referrals to Nil returns."
    )


def test_rows_that_claim_one_key_are_named() -> None:
    both = meetings(meeting("m1", "2026-03-01"), meeting("m1", "2026-04-01"))
    result = outcome(triggered(), ON, both)
    assert {obligation.to_tell for obligation in result.obligations} == {
        (
            "Correct row 2 and row 3 of meetings: both have the same entry in 'ref'. Give one "
            "a reference of its own, or delete the duplicate.",
        )
    }


def test_the_cell_that_a_condition_depends_on_is_named() -> None:
    applies = Applies(register="documents", where=(equals("kind", "plan"),))
    duty = make.duty(
        version(Rolling(kind="rolling", every=months(12)), evidence=BY_DATE, applies=applies)
    )
    odd = make.table(make.DOCUMENTS, {"ref": "D1", "kind": LTS, "issued on": "2025-01-01"})
    assert untold(duty, odd) == ("Correct B2 of documents, which cannot be read.",)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (
            {"from": "2025-03-01"},
            "Correct row 2 and row 3 of roles: both have the same entry in 'from'. Give one "
            "another date, or delete the duplicate.",
        ),
        ({"from": LTS}, "Correct C3 of roles, which cannot be read."),
        ({"from": "2025-04-01", "role": LTS}, "Correct B3 of roles, which cannot be read."),
    ],
    ids=["shared", "undated", "rival"],
)
def test_the_rows_by_which_a_holder_is_unclear_are_named(second: make.Row, said: str) -> None:
    (found,) = check(lead(), holders({"from": "2025-03-01"}, second)).duties
    (one,) = found.obligations
    assert (one.status, one.to_tell) == (Status.CANNOT_TELL, (said,))


def test_a_sheet_that_cannot_be_read_is_named() -> None:
    assert untold(triggered(), make.unreadable(make.MEETINGS)) == (
        "Provide a 'meetings' sheet that can be read.",
    )


@pytest.mark.campaign
@pytest.mark.long
def test_whatever_cannot_be_told_says_what_to_correct() -> None:
    """And nothing else does."""
    count = 0
    for case in cases(150, 3_000):
        given = declared(case)
        citations = CitationCache(given.evidence)
        context = OutcomeContext(given.rulebook, given.evidence, citations, given.as_of, {}, {})
        for evaluated in traced(given):
            for one in obligation_outcomes(evaluated, context).current:
                assert bool(one.to_tell) == (one.status is Status.CANNOT_TELL), given.seed
                count += bool(one.to_tell)
    assert count > 30


def test_cells_of_one_problem_each_have_its_message() -> None:
    """Problems of one kind in one column are one, with ranges of cells."""
    message = "These are not dates. Enter one date in each, such as 25/04/2026."
    kind = ProblemKind.CELL_UNREADABLE
    cells = ("C2:C3", "C5")
    given = EvidenceProblem(
        kind, "meetings", "meetings.csv", "meetings", message, "held on", cells, 3, ("LTS",)
    )
    table = meetings(*({**meeting(f"m{at}", "2026-03-01"), "held on": LTS} for at in range(4)))
    problems = CellProblems([given])
    messages = [problems.correction(table, row, "held on") for row in range(4)]
    assert messages == [
        f"Correct C2 of meetings: {message}",
        f"Correct C3 of meetings: {message}",
        "Correct C4 of meetings, which cannot be read.",
        f"Correct C5 of meetings: {message}",
    ]


def test_a_column_to_be_added_is_to_be_named_in_the_mapping_too() -> None:
    """A mapping that says that a column is not kept does not read it when it is there."""
    table = meetings(meeting("m0", "2026-03-01"))
    without = replace(table, sources=(replace(table.sources[0], letters={}, headings={}),))
    assert CellProblems(()).correction(without, 0, "held on") == (
        "Correct the meetings sheet. It has no column 'held on'. Add one, and name it in the"
        " sheet's mapping if there is one."
    )


# The example office -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office() -> dict[str, list[ObligationOutcome]]:
    rulebook = own_book()
    few = ("training-record-kept", "permissive-issue-assisted")
    some = rulebook.model_copy(update={"duties": {id_: rulebook.duties[id_] for id_ in few}})
    evidence = read_evidence([needs.ROOT / "examples" / "office.xlsx"], rulebook.registers)
    assessment = assess(CheckRequest(some, evidence, AS_OF, BOTH, decide_plainly, ahead=False))
    return {
        duty.id: [
            obligation for obligation in duty.obligations if obligation.status is Status.CANNOT_TELL
        ]
        for duty in assessment.duties
    }


def test_the_message_of_the_cell_is_repeated(office: dict[str, list[ObligationOutcome]]) -> None:
    (one,) = office["training-record-kept"]
    (said,) = one.to_tell
    assert said.startswith("Correct G143 of Training: 'Sept 2026' has no day of the month.")
    assert said.endswith("Enter the date, such as 25/04/2026.")


def test_each_sheet_to_correct_is_named(office: dict[str, list[ObligationOutcome]]) -> None:
    (one,) = office["permissive-issue-assisted"]
    assert [sentence.partition(",")[0].partition(". ")[0] for sentence in one.to_tell] == [
        "The sheets 'Permissive environments' and 'Permissive-environments' have almost the same "
        "name",
        "Correct the Issue log sheet",
    ]
