"""Keys that two rows bear, in whole offices: what is recorded about one never counts for the other,
by any of the three evaluators."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from engine.assessment import Assessment, ObligationOutcome
from evidence.read import read_evidence
from evidence.table import Evidence
from examples.office.book import plain_sheets
from examples.office.changes import found, named
from examples.office.made import AS_OF, Office, day
from examples.office.write import write_plain
from record.recheck.recheck import cells_in
from rules.load import OWN_BOOK
from tests.support.example_offices import assessed, office_of, read
from tests.support.own_book import own_book
from tests.support.rulebook_part import part_of_book
from tests.support.table_builders import csv_file
from tests.support.verifier import OFFICE, packed, rechecked_files


def _renamed(office: Office, *old: str, to: str) -> None:
    """Every cell that holds one of these keys holds the new one."""
    for rows in office.values():
        for row in rows:
            row |= {name: to for name, value in row.items() if value in old}


def board_and_group_alike(office: Office) -> None:
    """The Board's third meeting of the year and the Group's are both called 3, and only the Board
    had the Channel update."""
    office["minutes"].remove(found(office, "minutes", meeting="SG-2026-3", item="Channel update"))
    named(office, "meetings", "SWPB-2026-3")["held on"] = day("2026-08-18")
    board = found(office, "minutes", meeting="SWPB-2026-3")
    board |= {"item": "Channel update", "outcome": "presented", "minuted on": day("2026-08-28")}
    _renamed(office, "SG-2026-3", "SWPB-2026-3", to="3")


def plan_and_meeting_alike(office: Office) -> None:
    """A plan and a meeting are both called 1, and the office was told of the meeting only."""
    office["communications"].remove(found(office, "communications", about="PLAN-2027"))
    _renamed(office, "PLAN-2027", "SG-2026-4", to="1")


#: The duty, the key of the obligation, what it comes to, and the cell that could have met it.
SHARED: Mapping[Callable[[Office], None], tuple[str, str, str, tuple[str, str]]] = {
    board_and_group_alike: ("channel-update", "3", "overdue", ("Minutes", "meeting")),
    plan_and_meeting_alike: ("plan-shared", "1", "due", ("Comms", "about")),
}
BY_BOTH = pytest.mark.parametrize("change", SHARED, ids=lambda change: change.__name__)


def _office(change: Callable[[Office], None]) -> Office:
    office = office_of("spotless", staff=20)
    change(office)
    return office


def _one(assessment: Assessment, duty: str, key: str) -> ObligationOutcome:
    (told,) = (each for each in assessment.duties if each.id == duty)
    (one,) = (obligation for obligation in told.obligations if obligation.subject == key)
    return one


@pytest.mark.one_in(2)
@BY_BOTH
def test_what_is_about_one_does_not_count_for_the_other(
    change: Callable[[Office], None], tmp_path: Path
) -> None:
    duty, key, status, (sheet, column) = SHARED[change]
    assessment = assessed(read(_office(change), tmp_path))
    one = _one(assessment, duty, key)
    assert one.status == status
    assert one.evidence == ()
    told = {
        (problem.sheet, cell)
        for problem in assessment.problems
        if (problem.sheet, problem.column) == (sheet, column) and key in problem.values
        for cells in problem.cells
        for cell in cells_in(cells)
    }
    unreadable = ((each.sheet, cell.cell) for each in one.unreadable for cell in each.cells)
    assert len(told.intersection(unreadable)) == 1
    (remedy,) = one.would_be_met_by
    assert not remedy.possible
    assert remedy.words == (
        "Two rows have the reference that a row here must name, so it would not be clear which is"
        " meant. First give each of them its own reference."
    )


def _confirmed(
    folder: Path,
    paths: list[Path],
    known: datetime.date | None = None,
    rulebook: Path = OWN_BOOK,
) -> str:
    """The assessment of these files, which the verifier confirms."""
    files = packed(folder, paths, AS_OF, rulebook=rulebook, known=known)
    ended = rechecked_files(files, folder / "pack.zip")
    assert (ended.code, ended.differences) == (0, [])
    return files["assessment.json"].decode()


@pytest.mark.campaign
@BY_BOTH
def test_the_verifier_finds_the_same(change: Callable[[Office], None], tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    write_plain(plain_sheets(_office(change)), path)
    assert "enter here the one that is meant" in _confirmed(tmp_path, [path])


@pytest.fixture(scope="module")
def told_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The part of the rulebook that asks for the Channel update."""
    return part_of_book(tmp_path_factory.mktemp("rules"), ["4.5-channel"])


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    ("known", "lost"), [(None, True), ("2026-11-02", True), ("2026-11-01", False)]
)
def test_a_meeting_that_was_not_recorded_by_then_shares_no_key(
    known: str | None, lost: bool, told_of: Path, tmp_path: Path
) -> None:
    """The Board's meeting stands on a sheet of its own, which says when it was written down."""
    office = _office(board_and_group_alike)
    office["meetings"].remove(found(office, "meetings", ref="3", body="SWPB"))
    write_plain(plain_sheets(office), tmp_path / "office.xlsx")
    board = [("ref", "body", "held on", "recorded on"), ("3", "SWPB", "18/08/2026", "02/11/2026")]
    paths = [tmp_path / "office.xlsx", csv_file(tmp_path / "meetings.csv", board)]
    told = _confirmed(tmp_path, paths, day(known) if known else None, told_of)
    assert ("enter here the one that is meant" in told) == lost


def _shared(evidence: Evidence) -> list[str]:
    return [problem.message for problem in evidence.problems if "which is meant" in problem.message]


@pytest.mark.one_in(3)
@pytest.mark.parametrize("kind", ["spotless", "neglected", "large"])
def test_no_office_shares_a_key_unasked(kind: str, tmp_path: Path) -> None:
    assert _shared(read(office_of(kind, staff=300), tmp_path)) == []


def test_the_example_shares_none() -> None:
    assert _shared(read_evidence([OFFICE], own_book().registers)) == []
