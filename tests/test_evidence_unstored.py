"""A day that is a formula without a stored result may be any day: nobody takes it for none."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from engine.outcome import Status
from tests.support.rulebook_part import part_of_book
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
