"""A day that is a formula without a stored result may be any day: nobody takes it for none."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import openpyxl
import pytest

from engine.outcome import Status
from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.read import read_books
from tests.support import file_builders as made
from tests.support.engine_builders import MEETINGS
from tests.support.opened_files import opened
from tests.support.rulebook_part import part_of_book
from tests.support.swelling_files import members
from tests.support.verifier import OFFICE, assessed, packed, rechecked_files

AS_OF = datetime.date(2026, 11, 24)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example office, with the day of a meeting as a formula that nobody worked out."""
    book = openpyxl.load_workbook(OFFICE)
    sheet = book["Meetings"]
    assert [sheet["A2"].value, sheet["C1"].value] == ["SG-2024-4", "Date held"]
    sheet["C2"] = "=DATE(2026,8,11)"
    path = tmp_path_factory.mktemp("unstored") / "office.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The part of the rulebook that is about meetings, and what it counts on."""
    folder = tmp_path_factory.mktemp("rules")
    return part_of_book(folder, ("4.1-partnership-group", "assurance-statement.yaml"))


def test_its_meeting_is_cannot_tell(workbook: Path, rules: Path) -> None:
    assessment = assessed([workbook], AS_OF, folder=rules)
    asked = next(duty for duty in assessment.duties if duty.id == "steering-group-attendance")
    assert asked.status is Status.CANNOT_TELL
    assert asked.counts.cannot_tell == 1
    undated = [
        finding.places
        for finding in assessment.findings
        if finding.kind == "Planned meeting has no date"
    ]
    assert undated
    assert not any(place.endswith("!Meetings!C2") for places in undated for place in places)


def test_the_verifier_says_the_same(workbook: Path, rules: Path, tmp_path: Path) -> None:
    files = packed(tmp_path, [workbook], AS_OF, rulebook=rules)
    assert rechecked_files(files, tmp_path / "pack.zip").differences == []


TODAY_CELLS = {
    '<c r="B2"><f>TODAY()</f><v>46350</v></c>': True,
    '<c r="B2" s="1"><f aca="false">NOW()</f><v>46350.5</v></c>': True,
    '<c r="B2"><f>INT(NOW())-30</f><v>46320</v></c>': True,
    '<c r="B2"><f t="shared" ref="B1:B2" si="0"/><v>46350</v></c>': False,
    '<c r="B2"><f t="shared" si="0"/><v>46350</v></c>': True,
    '<c r="B2"><f t="shared" si="1"/><v>46350</v></c>': False,
    '<c r="B2"><f>TODAY()-A2</f><v>7</v></c>': False,
    '<c r="B2"><f>IF(A2&lt;TODAY(),A2,"")</f><v>46000</v></c>': False,
    '<c r="B2" t="str"><v>TODAY()</v></c>': False,
}


@pytest.mark.parametrize("cell", TODAY_CELLS)
def test_a_formula_with_todays_date_is_no_day_on_which_something_was_done(cell: str) -> None:
    """Its stored result is the day on which the file was last worked out."""
    shared = '<c r="B1"><f t="shared" ref="B1:B2" si="0">TODAY()</f><v>46350</v></c>'
    rows = f'<row r="1">{shared}</row><row r="2"><c r="A2"><v>46343</v></c>{cell}</row><row r="3"/>'
    sheet = opened(made.xlsx_of({"s": made.worksheet(rows)}), "a.xlsx").sheets[0]
    assert ((2, 2) in sheet.unstored) is TODAY_CELLS[cell]
    assert sheet.todays == sheet.unstored == {(1, 2), *[(2, 2)] * TODAY_CELLS[cell]}


def test_the_verifier_reads_todays_date_as_the_program_does(rules: Path, tmp_path: Path) -> None:
    """The day of the first meeting of the example office becomes a formula with a stored result."""
    parts = members(OFFICE.read_bytes())
    book = openpyxl.load_workbook(OFFICE)
    name = f"xl/worksheets/sheet{book.sheetnames.index('Meetings') + 1}.xml"
    sheet = parts[name].decode()
    cell = re.search(r'<c r="C2"[^>]*>(<v>)', sheet)
    assert cell
    sheet = f"{sheet[: cell.start(1)]}<f>TODAY()</f>{sheet[cell.start(1) :]}"
    path = tmp_path / "office.xlsx"
    path.write_bytes(made.zipped({**parts, name: sheet}))
    assessment = assessed([path], AS_OF, folder=rules)
    asked = next(duty for duty in assessment.duties if duty.id == "steering-group-attendance")
    assert asked.counts.cannot_tell == 1
    files = packed(tmp_path, [path], AS_OF, rulebook=rules)
    assert rechecked_files(files, tmp_path / "pack.zip").differences == []


@pytest.mark.parametrize("formula", ["of:=TODAY()", "of:=NOW()-1", "of:=TODAY()-[.A1]"])
def test_a_formula_with_todays_date_in_an_ods_is_no_day(formula: str) -> None:
    cell = (
        f'<table:table-cell table:formula="{formula}" office:value-type="date"'
        ' office:date-value="2026-11-24"><text:p>24/11/2026</text:p></table:table-cell>'
    )
    table = f'<table:table table:name="s"><table:table-row>{cell}</table:table-row></table:table>'
    sheet = opened(made.ods_of(table), "a.ods").sheets[0]
    assert sheet.todays == ({(1, 1)} if "[" not in formula else set())


def test_the_message_asks_for_the_date_itself() -> None:
    grid = [["ref", "held on"], ["M-1", "x"]]
    sheet = RawSheet(
        "Meetings", False, 1, 1, grid, unstored=frozenset({(2, 2)}), todays=frozenset({(2, 2)})
    )
    raw = RawWorkbook("a.xlsx", "", ".xlsx", (sheet,))
    problems = read_books([raw], {"meetings": MEETINGS}).problems
    (problem,) = [each for each in problems if each.column == "held on"]
    assert problem.message == (
        "The formula of this cell gives today's date. It changes each day. Enter the date, such as"
        " 25/04/2026."
    )
