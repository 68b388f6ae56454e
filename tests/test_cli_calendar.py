"""dueregard calendar: which assessment it takes, what it updates, and what stops it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from reports.ahead.calendar import CalendarEvent, read_events
from tests.support.desk_office import Ended, asked, called, workbook

NAME = "calendar.ics"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a check of two days in its folder of reports."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "office.xlsx").write_bytes(workbook())
    for as_of in ("2026-01-05", "2026-01-20"):
        out = f"reports/{as_of}"
        assert called(folder, *asked("office.xlsx", out=out, as_of=as_of)).code < 2
    return folder


@pytest.fixture
def folder(checked: Path, tmp_path: Path) -> Path:
    """A copy of that folder, which a test may change."""
    return shutil.copytree(checked, tmp_path, dirs_exist_ok=True)


def events(path: Path) -> list[CalendarEvent]:
    """The events of a calendar."""
    return list(read_events(path.read_bytes()))


def test_it_takes_the_last_check_of_a_folder_and_writes_beside_it(folder: Path) -> None:
    ended = called(folder, "calendar")
    assert ended == Ended(0, f"Wrote reports/2026-01-20/{NAME}: 1 date.\n", "")
    (event,) = events(folder / "reports" / "2026-01-20" / NAME)
    assert event.title == "4.10 The council is told of the desk every year: 2025/26"
    assert event.day == date(2026, 3, 31)


def test_it_updates_the_calendar_of_the_check_before(folder: Path) -> None:
    assert called(folder, "calendar", "reports/2026-01-05").code == 0
    ended = called(folder, "calendar", "reports/2026-01-20/assessment.json")
    assert ended.code == 0
    assert f"It updates reports/2026-01-05/{NAME}." in " ".join(ended.out.split())
    earlier, later = (
        events(folder / "reports" / as_of / NAME) for as_of in ("2026-01-05", "2026-01-20")
    )
    assert [event.uid for event in later] == [event.uid for event in earlier]
    assert [event.sequence for event in later] == [event.sequence for event in earlier]


def test_the_same_assessment_gives_the_same_bytes_over_itself(folder: Path) -> None:
    out = folder / "dates.ics"
    assert called(folder, "calendar", ".", "--out", "dates.ics").code == 0
    first = out.read_bytes()
    assert called(folder, "calendar", ".", "--out", "dates.ics").code == 0
    assert out.read_bytes() == first


def test_another_calendar_is_not_replaced(folder: Path) -> None:
    (folder / "dates.ics").write_text("mine", encoding="utf-8")
    ended = called(folder, "calendar", ".", "--out", "dates.ics")
    assert ended.code == 2
    assert "dates.ics is not a calendar of dueregard." in ended.err
    assert (folder / "dates.ics").read_text(encoding="utf-8") == "mine"


def test_a_folder_without_a_check_is_said(folder: Path) -> None:
    shutil.rmtree(folder / "reports")
    ended = called(folder, "calendar")
    assert ended.code == 2
    assert f"There is no report in the folder {folder}. Run a check first" in ended.err
