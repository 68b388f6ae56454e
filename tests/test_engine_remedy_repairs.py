"""Repairs: a row that is there is corrected or completed before a new one is proposed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.assessment import ObligationOutcome, Remedy
from evidence.read import read_evidence
from evidence.table import CellState
from examples.office.made import AS_OF
from rules.condition import Condition
from rules.patterns import EvidenceQuery, Periodic
from tests.support import engine_builders as make
from tests.support import needs
from tests.support.assessment_builders import remedy_words
from tests.support.case_generator import Case
from tests.support.engine_builders import Cell, Row, Unread
from tests.support.expected import case_table
from tests.support.fix_trials import Fixed, fixed, meets
from tests.support.own_book import own_book
from tests.test_engine_remedy_smallest_fix import TRAINED, case_of, people

LTS = Unread("LTS")
DONE: Row = {
    "ref": "T1", "person": "P0", "course": "awareness", "completed on": "2026-05-01",
    "passed": True,
}  # fmt: skip


def given(*rows: Row, count: int = 1) -> Case:
    """A case of so many people with these rows of training."""
    tables = {**people(count).tables, "training": make.table(make.TRAINING, *rows)}
    return case_of(TRAINED, make.shown(*tables.values()))


def only(case: Case) -> Fixed:
    """The only obligation that is not met, whose fix was tried."""
    (found,) = fixed(case)
    assert meets(case, found.answer, found.fix)
    return found


def change(case: Case) -> Remedy:
    """The fix of the only one, which is one change to a row that is there."""
    (remedy,) = only(case).fix
    assert (remedy.file, remedy.sheet) == ("training.csv", "training")
    assert remedy.row > 0
    return remedy


@pytest.mark.parametrize(
    ("odd", "words", "written"),
    [
        (
            {"completed on": LTS},
            "Correct D2, which cannot be read.",
            {"completed on": "2026-06-30"},
        ),
        (
            {"passed": CellState.BLANK},
            "Fill in E2, which is blank.",
            {"passed": "yes"},
        ),
        (
            {"completed on": LTS, "passed": CellState.BLANK},
            "Complete the row: D2 cannot be read and E2 is blank.",
            {"completed on": "2026-06-30", "passed": "yes"},
        ),
    ],
    ids=str,
)
def test_a_row_that_is_there_is_corrected_or_completed(
    odd: Mapping[str, Cell], words: str, written: Mapping[str, str]
) -> None:
    remedy = change(given({**DONE, **odd}))
    assert remedy.words == words
    assert {cell.column: cell.value for cell in remedy.cells} == written


def test_the_one_with_the_fewest_cells_comes_first() -> None:
    two = {**DONE, "ref": "T1", "completed on": LTS, "passed": CellState.BLANK}
    one = {**DONE, "ref": "T2", "completed on": "2026-04-01", "passed": CellState.BLANK}
    assert change(given(two, one)).words == "Fill in E3, which is blank."


@pytest.mark.parametrize(
    "odd",
    [
        {"completed on": LTS, "course": "another word"},
        {"completed on": LTS, "passed": False},
        {"completed on": "2023-05-01", "passed": CellState.BLANK},
        {"completed on": "2026-07-01", "passed": CellState.BLANK},
        {"completed on": LTS, "person": "P7"},
        {"completed on": LTS, "person": Unread("P0?")},
        {"course": CellState.BLANK},
        {"course": Unread("Prevnt"), "completed on": LTS},
    ],
    ids=str,
)
def test_what_can_be_read_of_a_row_is_not_changed(odd: Mapping[str, Cell]) -> None:
    """Where that would not meet it, or another may be meant, a new row is proposed."""
    (remedy,) = only(given({**DONE, **odd})).fix
    assert (remedy.row, remedy.sheet) == (0, "training")
    assert remedy.words == "Carry out: the-duty (for P0)."


@pytest.mark.parametrize(
    ("covers", "repaired"),
    [(CellState.NOTHING, False), (Unread("S.P.R"), True), (frozenset({"SPR"}), True)],
    ids=str,
)
def test_a_row_that_does_not_say_what_it_is_about_is_not_made_about_this(
    covers: Cell, repaired: bool
) -> None:
    query = EvidenceQuery(
        register="reviews",
        where=(Condition(column="covers", includes=("SPR",)), make.filled("note")),
        dated="reviewed on",
    )
    pattern = Periodic(kind="periodic", period="financial year")
    duty = make.duty(make.version(pattern, evidence=query))
    row: Row = {
        "ref": "R1", "subject": "funding", "reviewed on": "2026-05-01", "covers": covers,
    }  # fmt: skip
    (remedy,) = only(case_of(duty, make.shown(make.table(make.REVIEWS, row)))).fix
    assert bool(remedy.row) == repaired
    assert repaired or remedy.words == "Carry out: the-duty."


def test_each_person_has_the_repair_of_their_own_row() -> None:
    rows = [{**DONE, "ref": f"T{at}", "person": f"P{at}", "completed on": LTS} for at in range(30)]
    case = given(*rows, count=40)
    fixes = {trial.answer.key.subject: trial for trial in fixed(case)}
    assert len(fixes) == 40
    for at in range(40):
        (remedy,) = fixes[f"p{at}"].fix
        assert remedy.row == (at + 2 if at < 30 else 0)
        assert meets(case, fixes[f"p{at}"].answer, fixes[f"p{at}"].fix)


# The example office -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office() -> dict[tuple[str, str], ObligationOutcome]:
    rulebook = own_book()
    few = ("refresher-training", "opcc-actions-delivered", "engagement-recorded", "office-briefed")
    some = rulebook.model_copy(update={"duties": {id_: rulebook.duties[id_] for id_ in few}})
    evidence = read_evidence([needs.ROOT / "examples" / "office.xlsx"], rulebook.registers)
    case = Case(0, "office", some, evidence, AS_OF)
    return {(trial.answer.key.duty, trial.shown.subject): trial.shown for trial in fixed(case)}


@pytest.mark.parametrize(("duty", "subject", "said"), case_table("fixes"))
def test_a_fix_says_what_to_do_and_where_to_record_it(
    office: dict[tuple[str, str], ObligationOutcome], duty: str, subject: str, said: str
) -> None:
    rulebook = own_book()
    (remedy,) = office[duty, subject].would_be_met_by
    to_do = rulebook.duties[duty].to_do
    assert to_do
    assert remedy_words(remedy) == said.format(to_do=to_do[:-1])


def test_no_fix_shows_the_day_of_the_check(
    office: dict[tuple[str, str], ObligationOutcome],
) -> None:
    sentences = [remedy_words(remedy) for one in office.values() for remedy in one.would_be_met_by]
    assert len(sentences) > 5
    assert not [
        sentence
        for sentence in sentences
        if str(AS_OF) in sentence or f"{AS_OF:%d/%m/%Y}" in sentence
    ]
