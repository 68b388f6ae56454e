"""The made-up office shows every status, every finding and every problem, and nobody real."""

import datetime
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment, Program
from engine.check import Asked, assess
from engine.durable import available, decide
from engine.outcome import Status
from evidence.problem import ProblemKind
from evidence.read import read_evidence
from evidence.register import RegisterSpec
from evidence.table import Evidence
from examples.office.__main__ import EXAMPLE, main
from examples.office.book import plain_sheets
from examples.office.build import Size, build
from examples.office.columns import COLUMNS
from examples.office.made import AS_OF
from examples.office.names import FIRST, LAST, name_of
from examples.office.write import write_plain
from rules.load import load_rulebook
from rules.model import Rulebook
from tests.needs import ROOT

OFFICE = ROOT / "examples" / "office.xlsx"

FINDINGS = {
    "content lacking",
    "another kind of period",
    "counted for an earlier window",
    "dated after the check",
    "newer one ends earlier",
    "nil return contradicted",
    "nil return incomplete",
    "nil return too early",
    "re-agreed date has no effect",
    "register missing",
    "remark",
    "waiver expired",
    "waiver incomplete",
    "waiver of no duty",
}

NOTES = (
    "The sheet is hidden; it was read all the same.",
    "are hidden; they were read all the same.",
    "what stands above them was not read.",
    "was taken for a total and not read.",
    "is merged; what stands in it was read for each of the rows",
    "counted once.",
    "Not used: 'Job title'",
    "was not read: no register has that name.",
)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    loaded = load_rulebook(ROOT / "rules" / "prevent-opcc")
    assert isinstance(loaded, Rulebook)
    return loaded


def _evidence(path: Path, rulebook: Rulebook) -> Evidence:
    return read_evidence([path], rulebook.registers)


def _assessed(evidence: Evidence, rulebook: Rulebook) -> Assessment:
    decided = decide if available() is None else None
    return assess(Asked(rulebook, evidence, AS_OF, Program("dueregard", "0", "", ""), decided))


@pytest.fixture(scope="module")
def evidence(rulebook: Rulebook) -> Evidence:
    return _evidence(OFFICE, rulebook)


@pytest.fixture(scope="module")
def assessment(evidence: Evidence, rulebook: Rulebook) -> Assessment:
    return _assessed(evidence, rulebook)


# What the office shows --------------------------------------------------------------------------


def test_the_office_shows_every_status(assessment: Assessment) -> None:
    shown = {each.status for duty in assessment.duties for each in duty.obligations}
    assert shown | {duty.status for duty in assessment.duties} == set(Status)


def test_some_of_the_office_was_done_late(assessment: Assessment) -> None:
    late = {duty.id for duty in assessment.duties if duty.counts.met_late}
    assert {"ctlp-workshop-q4", "induction-training", "award-due-diligence"} <= late


def test_the_office_has_missed_and_lapsed_and_replaced_things(assessment: Assessment) -> None:
    history = {each.outcome for duty in assessment.duties for each in duty.history}
    assert {"missed", "lapsed", "gap"} <= history


def test_most_of_the_office_is_in_order(assessment: Assessment) -> None:
    counted = Counter(duty.status for duty in assessment.duties)
    assert counted[Status.MET] >= len(assessment.duties) / 2
    assert counted[Status.OVERDUE] <= len(assessment.duties) / 8
    assert counted[Status.CANNOT_TELL] <= len(assessment.duties) / 7


def test_the_office_shows_every_problem_that_does_not_stop_a_check(evidence: Evidence) -> None:
    assert evidence.fatal == ()
    shown = {problem.kind for problem in evidence.problems}
    assert shown == set(ProblemKind) - {ProblemKind.FILE_UNREADABLE}


@pytest.mark.parametrize(
    "found",
    ["Sept 2026", "31/02/2026", "tbc", "Prevnt awarness", "#REF!", "10/24/2025", "04/05/2026"],
)
def test_a_cell_that_cannot_be_read_is_shown_as_it_stands(found: str, evidence: Evidence) -> None:
    assert found in {problem.found for problem in evidence.problems}


def test_a_formula_without_its_result_is_a_problem(evidence: Evidence) -> None:
    assert any("formula whose result is not stored" in each.message for each in evidence.problems)


def test_the_office_shows_every_finding(assessment: Assessment) -> None:
    assert {finding.kind for finding in assessment.findings} >= FINDINGS


def test_the_office_shows_every_note_on_how_a_sheet_was_read(evidence: Evidence) -> None:
    notes = [note.message for note in evidence.notes]
    assert [text for text in NOTES if not any(text in note for note in notes)] == []


def test_days_that_were_typed_as_text_are_read(evidence: Evidence) -> None:
    column = evidence.tables["reviews"].columns["reviewed on"]
    read = dict(zip(column.raw, column.value, strict=True))
    assert read["12 May 2025"] == datetime.date(2025, 5, 12)
    assert read["14.01.2025"] == datetime.date(2025, 1, 14)


def test_the_refresher_that_might_have_counted_is_named(assessment: Assessment) -> None:
    duty = next(each for each in assessment.duties if each.id == "refresher-training")
    unread = [
        cell.value
        for each in duty.obligations
        if each.status is Status.OVERDUE
        for item in each.unreadable
        for cell in item.cells
    ]
    assert "Sept 2026" in unread


# Nobody real ------------------------------------------------------------------------------------


def test_every_name_is_made_of_invented_words(evidence: Evidence) -> None:
    names = evidence.tables["people"].columns["person"].raw
    assert len(names) == EXAMPLE.staff
    assert {first for first, _ in map(str.split, names)} <= set(FIRST)
    assert {last for _, last in map(str.split, names)} <= set(LAST)


def test_no_two_of_many_people_share_a_name() -> None:
    assert len({name_of(number) for number in range(5000)}) == 5000


def _texts(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return " ".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.needs("shared")
def test_whoever_the_sop_names_is_not_in_the_office(shared: Path) -> None:
    sop = (shared / "sop" / "prevent-duty-sop-v1.0.txt").read_text(encoding="utf-8")
    owner = re.search(r"^Owner\s+([^,\n]+)", sop, re.MULTILINE)
    assert owner is not None
    words = set(re.findall(r"\w+", _texts(OFFICE).casefold()))
    assert words.isdisjoint(owner[1].casefold().split())


# The generator ----------------------------------------------------------------------------------


def test_the_workbook_is_what_the_generator_writes(tmp_path: Path) -> None:
    main([str(tmp_path / "first.xlsx")])
    main([str(tmp_path / "again.xlsx")])
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert _members(tmp_path / "first.xlsx") == _members(OFFICE)


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {info.filename: book.read(info) for info in book.infolist()}


def test_no_time_of_writing_stands_in_the_workbook() -> None:
    with zipfile.ZipFile(OFFICE) as book:
        assert {info.date_time[:3] for info in book.infolist()} == {(2026, 11, 24)}


def test_a_seed_makes_another_office(tmp_path: Path) -> None:
    main([str(tmp_path / "other.xlsx"), "--seed", "2"])
    assert _members(tmp_path / "other.xlsx") != _members(OFFICE)


@pytest.mark.parametrize("register", sorted(COLUMNS))
def test_the_sheets_have_every_column_that_is_asked_for(register: str, rulebook: Rulebook) -> None:
    spec: RegisterSpec = rulebook.registers[register]
    assert [c.name for c in spec.columns if c.required and c.name not in COLUMNS[register]] == []


def test_every_register_has_a_sheet(rulebook: Rulebook) -> None:
    assert set(COLUMNS) == set(rulebook.registers)


def test_what_is_wrong_with_the_office_is_only_what_was_made_wrong(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    """Without its faults the office has no problem, and nothing overdue or that cannot be told."""
    write_plain(plain_sheets(build(EXAMPLE, seed=1)), tmp_path / "plain.xlsx")
    evidence = _evidence(tmp_path / "plain.xlsx", rulebook)
    assert evidence.problems == ()
    found = {duty.id: duty.status for duty in _assessed(evidence, rulebook).duties}
    bad = {Status.OVERDUE, Status.CANNOT_TELL}
    assert {duty: status for duty, status in found.items() if status in bad} == {}


def test_an_office_of_any_size_has_as_many_rows_as_asked(tmp_path: Path) -> None:
    out = tmp_path / "large.xlsx"
    main([str(out), "--kind", "large", "--staff", "40", "--training-rows", "300"])
    book = load_workbook(io.BytesIO(out.read_bytes()), read_only=True)
    rows = {sheet.title: sum(1 for _ in sheet.rows) - 1 for sheet in book.worksheets}
    assert (rows["Staff"], rows["Training"]) == (40, 300)


def test_people_who_make_more_rows_than_asked_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "x.xlsx"), "--kind", "large", "--staff", "40", "--training-rows", "9"])
    assert "more than 9" in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()


def test_an_example_of_too_few_people_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "x.xlsx"), "--staff", "12"])
    assert "too few people" in capsys.readouterr().err


def test_a_careless_office_trains_some_people_late_or_not_at_all() -> None:
    careful = build(Size(200, None, 1, 1.0), seed=1)["training"]
    careless = build(Size(200, None, 1, 0.5), seed=1)["training"]
    assert len(careless) < len(careful)
