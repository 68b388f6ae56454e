"""The made-up office shows every status, every finding and every problem, and nobody real."""

import ast
import datetime
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment
from engine.outcome import Status
from evidence.problem import ProblemKind
from evidence.read import read_evidence
from evidence.table import Evidence
from examples.office.__main__ import main
from examples.office.kinds import EXAMPLE
from examples.office.made import AS_OF
from examples.office.names import FIRST, LAST, name_of
from reports.view import exit_code
from tests.support.example_offices import assessed
from tests.support.needs import ROOT
from tests.support.own_book import in_force, own_book

OFFICE = ROOT / "examples" / "office.xlsx"

NOTES = (
    "The sheet is hidden and was included.",
    "are hidden and were included.",
    "Rows above it were ignored.",
    "looks like a total and was ignored.",
    "its value was used for rows",
    "counted once.",
    "Not used: 'Job title'",
    "was not read: no evidence sheet has that name.",
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return read_evidence([OFFICE], own_book().registers)


@pytest.fixture(scope="module")
def assessment(evidence: Evidence) -> Assessment:
    return assessed(evidence)


# What the office shows --------------------------------------------------------------------------


def test_the_office_shows_every_status(assessment: Assessment) -> None:
    shown = {obligation.status for duty in assessment.duties for obligation in duty.obligations}
    assert shown == set(Status)


def test_some_of_the_office_was_done_late(assessment: Assessment) -> None:
    late = {duty.id for duty in assessment.duties if duty.counts.met_late}
    expected = {"ctlp-workshop-q4", "opcc-actions-delivered", "induction-training"}
    assert expected | {"award-due-diligence"} <= late


def test_the_office_has_missed_and_lapsed_and_replaced_things(assessment: Assessment) -> None:
    history = {each.outcome for duty in assessment.duties for each in duty.history}
    assert {"missed", "lapsed", "gap"} <= history


def test_most_of_the_office_is_in_order(assessment: Assessment) -> None:
    counted = Counter(duty.status for duty in assessment.duties)
    whole = len(assessment.duties)
    assert counted[Status.MET] >= 2 * whole / 3
    assert 3 <= counted[Status.OVERDUE] <= whole / 12
    assert counted[Status.CANNOT_TELL] <= whole / 12
    assert counted[Status.DUE] <= whole / 6


def test_nearly_every_duty_of_the_office_has_an_owner(assessment: Assessment) -> None:
    unowned = [duty.id for duty in assessment.duties if not duty.owner]
    assert 0 < len(unowned) <= 10
    assert all(duty.owner for duty in assessment.duties if duty.answers == "office")


def test_the_office_shows_every_problem_that_does_not_stop_a_check(evidence: Evidence) -> None:
    assert evidence.fatal == ()
    shown = {problem.kind for problem in evidence.problems}
    others = {
        ProblemKind.FILE_UNREADABLE,
        ProblemKind.SHEET_MISSING,
        ProblemKind.SECOND_TABLE,
        ProblemKind.EXAMPLE_FILLED,
    }  # one stops it, one has no row, one leaves a whole sheet out, and one is of the template
    assert shown == set(ProblemKind) - others


def test_the_office_leaves_one_sheet_out(evidence: Evidence) -> None:
    left_out = [name for name, table in evidence.tables.items() if not table.given]
    assert left_out == ["venues"]


def test_an_office_that_gives_two_sheets_is_told_what_was_not_assessed(tmp_path: Path) -> None:
    workbook = load_workbook(OFFICE)
    for name in {*workbook.sheetnames} - {"Training", "Staff"}:
        del workbook[name]
    workbook.save(tmp_path / "two.xlsx")
    made = assessed(read_evidence([tmp_path / "two.xlsx"], own_book().registers))
    counts, watched = made.status.office.duties, made.status.others.duties
    assert (counts.total, watched.total) == (
        len(in_force(AS_OF, "office")), len(in_force(AS_OF, "others"))
    )  # fmt: skip
    waiting = [duty for duty in made.duties if duty.status is Status.NOT_ASSESSED]
    assert counts.not_assessed == counts.total - 7
    assert watched.not_assessed == watched.total
    assert len(waiting) == counts.not_assessed + watched.not_assessed
    assert all(duty.not_given and duty.counts.overdue == 0 for duty in waiting)
    given = {duty.id for duty in made.duties if not duty.not_given}
    assert given == {
        "higher-level-training",
        "induction-training",
        "pathway-understood",
        "referrers-trained",
        "refresher-training",
        "staff-trained",
        "training-record-kept",
    }
    assert exit_code(made) == 1


@pytest.mark.parametrize(
    "found",
    ["Sept 2026", "31/02/2026", "tbc", "Prevnt awarness", "#REF!", "10/24/2025", "04/05/2026"],
)
def test_a_cell_that_cannot_be_read_is_shown_as_it_stands(found: str, evidence: Evidence) -> None:
    assert found in {value for problem in evidence.problems for value in problem.values}


def test_a_formula_without_its_result_is_a_problem(evidence: Evidence) -> None:
    assert any("The result of this formula" in problem.message for problem in evidence.problems)


def _kinds_of_finding() -> Iterator[str]:
    """The kinds that the engine can say, read from its own text."""
    for path in sorted((ROOT / "engine").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        for node in nodes:
            match node:
                case ast.Call(func=ast.Name("Noted"), args=[ast.Constant(str(kind)), *_]):
                    yield kind
                case ast.Call(func=ast.Name("finding"), args=[ast.Constant(str(kind)), *_]):
                    yield kind  # by the function of a module that adds the row
                case ast.Assign(targets=[ast.Name("KIND")], value=ast.Constant(str(kind))):
                    yield kind  # of which others ask, too
                case ast.Call(func=ast.Name("Noted"), args=[ast.Name("kind" | "KIND"), *_]):
                    pass  # that function, and that constant
                case ast.Call(func=ast.Name("Noted")):
                    raise AssertionError(f"{path.name}:{node.lineno}: a kind in other words")


def test_the_office_shows_every_kind_of_finding(assessment: Assessment) -> None:
    """All but the one about duties that cannot be waived, of which the rulebook has none, and those
    about slips that the office has not made."""
    kinds = set(_kinds_of_finding())
    not_made = {
        "Date far ahead",
        "Date long ago",
        "No e-mail address",
        "Owner has no effect",
        "Example row counted",
        "Row struck through",
        "Waiver dates the wrong way round",
        "Waiver may not be approved",
    }
    assert not_made < kinds
    assert len(kinds) > 15
    assert all(duty.waivable for duty in own_book().duties.values())
    undated = {"Planned meeting has no date"}  # a kind that names its list
    shown = {finding.kind for finding in assessment.findings}
    assert shown == (kinds | undated) - not_made - {"Duty cannot be waived"}


def test_the_office_shows_every_note_on_how_a_sheet_was_read(evidence: Evidence) -> None:
    notes = [note.message for note in (*evidence.unused, *evidence.notes)]
    assert [text for text in NOTES if not any(text in note for note in notes)] == []


def test_days_that_were_typed_as_text_are_read(evidence: Evidence) -> None:
    column = evidence.tables["reviews"].columns["reviewed on"]
    read = dict(zip(column.raw, column.value, strict=True))
    assert read["12 May 2025"] == datetime.date(2025, 5, 12)
    assert read["14.01.2025"] == datetime.date(2025, 1, 14)
    assert read["Tue 4 November 2025"] == datetime.date(2025, 11, 4)


def test_the_refresher_that_might_have_counted_is_named(assessment: Assessment) -> None:
    duty = next(duty for duty in assessment.duties if duty.id == "refresher-training")
    unread = [
        cell.value
        for obligation in duty.obligations
        if obligation.status is Status.OVERDUE
        for item in obligation.unreadable
        for cell in item.cells
    ]
    assert "Sept 2026" in unread


# What the page beside the workbook says ---------------------------------------------------------

#: What the table of examples/README.md says is overdue or cannot be told, and of which duties.
TOLD = {
    "national terms list": (Status.OVERDUE, {"it-filter-assurance"}),
    "'Sept 2026'": (Status.OVERDUE, {"refresher-training"}),
    "without its person": (Status.OVERDUE, {"training-record-kept"}),
    "a second had replaced": (Status.OVERDUE, {"sop-review-uses-assessment"}),
    "found faults": (Status.OVERDUE, {"records-protect-data"}),
    "is not on the group's plan": (Status.OVERDUE, {"engagement-recorded"}),
    "no sheet of venues": (
        Status.NOT_ASSESSED,
        {"booking-checked", "venue-booking-system", "venue-policy", "venue-staff-trained"},
    ),
    "two sheets of permissive environments": (
        Status.CANNOT_TELL,
        {"disruption-escalated", "permissive-issue-actioned", "permissive-issue-assisted"},
    ),
}


@pytest.mark.parametrize("status", [Status.OVERDUE, Status.CANNOT_TELL, Status.NOT_ASSESSED])
def test_the_page_tells_of_all_that_is_wrong(status: Status, assessment: Assessment) -> None:
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert [words for words in TOLD if words not in page] == []
    told = {duty for each, duties in TOLD.values() for duty in duties if each is status}
    assert {duty.id for duty in assessment.duties if duty.status is status} == told


def test_the_page_tells_of_the_cross_checks(assessment: Assessment) -> None:
    """Each shows the cell that names and, where there is one, the row that is named."""
    places = {finding.kind: finding.places for finding in assessment.findings}
    sheets = {kind: [place.split("!")[1] for place in found] for kind, found in places.items()}
    assert sheets["Dated after the other row ended"] == ["Training", "Staff"]
    assert sheets["Rows conflict"] == ["Minutes", "Action log"]
    assert sheets["Reference not found"] == ["Minutes"]
    assert sheets["Older version named"] == ["Case log", "Documents"]


# Nobody real ------------------------------------------------------------------------------------


def test_every_name_is_made_of_invented_words(evidence: Evidence) -> None:
    names = evidence.tables["people"].columns["person"].raw
    assert len(names) == EXAMPLE.staff
    assert {first for first, _ in map(str.split, names)} <= set(FIRST)
    assert {last for _, last in map(str.split, names)} <= set(LAST)


def test_no_two_of_many_people_share_a_name() -> None:
    assert len({name_of(number) for number in range(5000)}) == 5000


def _texts(path: Path) -> str:
    with zipfile.ZipFile(path) as workbook:
        return " ".join(workbook.read(name).decode() for name in workbook.namelist())


@pytest.mark.needs("shared")
def test_whoever_the_sop_names_is_not_in_the_office(shared: Path) -> None:
    sop = (shared / "sop" / "prevent-duty-sop-v1.0.txt").read_text(encoding="utf-8")
    owner = re.search(r"^Owner\s+([^,\n]+)", sop, re.MULTILINE)
    assert owner is not None
    words = set(re.findall(r"\w+", _texts(OFFICE).casefold()))
    assert words.isdisjoint(owner[1].casefold().split())


# The workbook -----------------------------------------------------------------------------------


def test_the_workbook_is_what_the_generator_writes(tmp_path: Path) -> None:
    main([str(tmp_path / "first.xlsx")])
    main([str(tmp_path / "again.xlsx")])
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert _members(tmp_path / "first.xlsx") == _members(OFFICE)


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as workbook:
        return {info.filename: workbook.read(info) for info in workbook.infolist()}


def test_no_time_of_writing_stands_in_the_workbook() -> None:
    with zipfile.ZipFile(OFFICE) as workbook:
        assert {info.date_time[:3] for info in workbook.infolist()} == {(2026, 11, 24)}


def test_every_column_is_one_that_a_register_has(evidence: Evidence) -> None:
    """But for one that an office would keep there for itself."""
    used = [note.message for note in evidence.notes if note.message.startswith("Not used")]
    assert used == ["Not used: 'Job title' (column D)."]
