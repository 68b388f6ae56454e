"""The office's folder on the command line: start, a check without arguments, and bad input, one for
each message."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from record.office.folder_lock import locked
from reports import writing
from tests.support.desk_office import (
    Ended,
    called,
    copied,
    dueregard,
    edited,
    reports,
    rulebook,
    workbook,
)
from tests.support.expected import case_table
from tests.support.sop_builders import HALL, HALL_BOOK
from tests.support.verifier import rechecked
from tests.test_record_office import JANE

OFFICE = """\
version: 1
office: OPCC Anyshire
rulebook: rules
records begin: 2026-01-01
evidence:
  - Registers
"""
DAY = ("--as-of", "2026-11-24")
FILES = sorted([*writing.FILES.values(), "run.json"])


@pytest.fixture(autouse=True)
def settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's settings, apart from the one of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office's folder with its rulebook, and a workbook in a folder of registers."""
    folder = tmp_path / "office"
    rulebook(folder / "rules")
    (folder / "Registers").mkdir()
    (folder / "Registers" / "desk.xlsx").write_bytes(workbook())
    (folder / "office.yaml").write_text(OFFICE, encoding="utf-8")
    return folder


# A check in the folder ----------------------------------------------------------------------------


def test_a_check_in_the_folder_needs_no_argument(office: Path) -> None:
    """A second check is compared with the first."""
    first = copied(office, ["check", *DAY])
    assert (first.code, first.err) == (0, "")
    folder = office / "reports" / "2026-11-24"
    assert sorted(reports(folder)) == FILES
    lines = first.out.splitlines()
    assert lines[1:4] == ["A small rulebook", "OPCC Anyshire", "Position at 24 November 2026"]
    assert "Saved: reports/2026-11-24/assessment.html" in lines
    assert "Open this file first: reports/2026-11-24/assessment.html" in lines
    assert "Compared" not in first.out
    made = json.loads((folder / "assessment.json").read_bytes())
    assert (made["office"], made["records_begin"]) == ("OPCC Anyshire", "2026-01-01")
    assert [file["file"] for file in made["evidence"]] == ["Registers/desk.xlsx"]
    (office / "Registers" / "desk.xlsx").write_bytes(workbook(checks=[["ref", "person"]]))
    second = called(office, "check", "--as-of", "2026-11-25")
    assert "Compared with check number 1, of 24 November 2026\n" in second.out
    page = (office / "reports" / "2026-11-25" / "assessment.html").read_text(encoding="utf-8")
    assert "What changed since 24 November 2026" in page
    assert "OPCC Anyshire" in page
    assert sorted(path.name for path in office.iterdir() if path.name[0] != ".") == [
        "Registers",
        "dueregard-ledger.assessments",
        "dueregard-ledger.rulebooks",
        "dueregard-ledger.sqlite",
        "office.yaml",
        "reports",
        "rules",
    ]


def test_a_pack_of_an_offices_check_can_be_rechecked(office: Path) -> None:
    assert called(office, "check", *DAY).code == 0
    made = "reports/2026-11-24/assessment.json"
    given = (
        "--evidence",
        "Registers",
        "--rulebook",
        "rules",
        "--ledger",
        "dueregard-ledger.sqlite",
    )
    assert called(office, "pack", "pack.zip", made, *given).code == 0
    assert rechecked(office / "pack.zip").code == 0
    assert called(office, "check", "--as-of", "2026-11-25").code == 0


def test_the_command_line_goes_before_office_yaml(office: Path, tmp_path: Path) -> None:
    other = rulebook(tmp_path / "other", {"book.yaml": ("A small rulebook", "Another rulebook")})
    (tmp_path / "other.xlsx").write_bytes(workbook())
    given = ("../other.xlsx", "--rulebook", str(other), "--records-begin", "2026-02-01")
    ended = called(office, "check", *given, *DAY, "--out", "out", "--ledger", "none")
    assert ended.code == 0
    assert sorted(path.name for path in office.iterdir()) == [
        ".dueregard.lock",
        "Registers",
        "office.yaml",
        "out",
        "rules",
    ]
    made = json.loads((office / "out" / "assessment.json").read_bytes())
    assert made["rulebook"]["title"] == "Another rulebook"
    assert (made["office"], made["records_begin"]) == ("OPCC Anyshire", "2026-02-01")
    assert [file["file"] for file in made["evidence"]] == ["../other.xlsx"]


def test_a_check_is_compared_with_none_of_a_later_day(office: Path) -> None:
    assert called(office, "check", "--as-of", "2026-11-25").code == 0
    assert "Compared" not in called(office, "check", *DAY).out
    assert "check number 2, of 24" in called(office, "check", *DAY).out


def test_a_last_check_that_cannot_be_read_is_said_and_not_compared(office: Path) -> None:
    assert called(office, "check", *DAY).code == 0
    (stored,) = (office / "dueregard-ledger.assessments").iterdir()
    stored.write_text("{}")
    ended = called(office, "check", "--as-of", "2026-11-25")
    assert ended == Ended(
        0,
        ended.out,
        "Nothing was compared with the last check. The assessment of entry 1 was altered after it"
        f" was entered: dueregard-ledger.assessments/{stored.name}.\n",
    )
    assert "Compared" not in ended.out


def test_what_was_passed_over_is_said_once(office: Path) -> None:
    edited(office, "- Registers", '- "."')
    (office / "Registers" / "~$desk.xlsx").touch()
    (office / "Notes.docx").touch()
    assert called(office, "check", *DAY).code == 0
    ended = called(office, "check", *DAY)
    assert ended.err.splitlines() == [
        "Registers/desk.xlsx is open in Excel: changes that are not saved yet are not counted.",
        "Not read (written by this program): reports/2026-11-24/assessment.xlsx",
        "Not read (not a spreadsheet): Notes.docx",
    ]
    made = json.loads((office / "reports" / "2026-11-24" / "assessment.json").read_bytes())
    assert [file["file"] for file in made["evidence"]] == ["Registers/desk.xlsx"]


# Bad input ----------------------------------------------------------------------------------------

BAD: Mapping[str, tuple[str, str, str]] = case_table("office_yaml_that_stops")


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_in_office_yaml_stops_the_check(office: Path, name: str) -> None:
    old, new, says = BAD[name]
    edited(office, old, new)
    assert called(office, "check", *DAY) == Ended(
        2, "", f"{says}\n".replace("{}", str(office.parent))
    )
    assert not (office / "reports").exists()


@pytest.mark.parametrize(("copy", "says"), case_table("conflicted_copies"))
def test_a_conflicted_copy_stops_the_check(office: Path, copy: str, says: str) -> None:
    shutil.copy(office / "office.yaml", office / copy)
    assert called(office, "check", *DAY) == Ended(2, "", f"{says}\n")
    assert not (office / "reports").exists()


#: On Windows, Excel may keep others from reading a workbook that it has open.
_LOCKED = """
import os
real = os.open
def locked(path, *more, **others):
    if str(path).endswith("desk.xlsx"):
        raise PermissionError(13, "Permission denied", str(path))
    return real(path, *more, **others)
os.open = locked
import evidence.files.apart
from contextlib import contextmanager
from evidence.files.opening import open_file
@contextmanager
def opened(paths, *more):
    yield [open_file(path, name) for name, path in paths.items()]
import cli.check_steps
cli.check_steps.opened = opened
"""


def test_a_workbook_that_excel_locks_is_said_to_be_open(office: Path) -> None:
    (office / "Registers" / "~$desk.xlsx").touch()
    ended = copied(office, ["check", *DAY], _LOCKED)
    assert ended == Ended(
        2,
        "",
        "Nothing was checked, because this file could not be read:\n  Registers/desk.xlsx is open"
        " in Excel: close it, and try again.\n",
    )
    (office / "Registers" / "~$desk.xlsx").unlink()
    assert "(Permission denied)" in copied(office, ["check", *DAY], _LOCKED).err


def test_two_people_at_once_are_told(office: Path) -> None:
    """The second waits, and then says who is first, and since when. Nothing waits for a process
    that was killed: its lock has ended with it."""
    short = (
        "import record.office.folder_lock as lock\nlock.locked.__wrapped__.__defaults__ = (0.2,)"
    )
    with locked(office, JANE):
        ended = copied(office, ["check", *DAY], short)
    assert ended == Ended(
        2,
        "",
        "This folder is being checked by Jane, of HR (since 10:05 on 24 November 2026), and still"
        " was after 0 seconds. Nothing was checked. Try again when that check has ended.\n",
    )
    assert called(office, "check", *DAY).code == 0


# Folders and patterns elsewhere -------------------------------------------------------------------


def test_folders_and_patterns_are_taken_wherever_evidence_is(office: Path) -> None:
    (office / "office.yaml").unlink()
    by = ("--rulebook", "rules", "--ledger", "l.sqlite")
    for named in ("Registers", "Registers/*.xlsx", "*/*.XLSX"):
        ended = called(office, "check", named, *by, *DAY, "--out", "out")
        assert ended.code == 0
        made = json.loads((office / "out" / "assessment.json").read_bytes())
        assert [file["file"] for file in made["evidence"]] == ["desk.xlsx"]
        assert "office" not in made
    found = ("out/assessment.json", "Registers", "--old", "Registers/*", "--rulebook", "rules")
    assert called(office, "locate", *found).code == 0
    packed = (
        "p.zip",
        "out/assessment.json",
        "--evidence",
        "Registers/*.xlsx",
        "--rulebook",
        "rules",
    )
    assert called(office, "pack", *packed).code == 0


# Start --------------------------------------------------------------------------------------------

STARTED = """\
Office: no name given
SOP: not given, so the reports do not quote it
Records begin: not given, so whatever was missed since 1 October 2024 counts as missed
To add what was not given: open office.yaml in Notepad, delete the # in front of its line and\
 the space after it, and change the example.
Evidence:
  Registers/desk.xlsx: People, Checks
Spreadsheets that office.yaml does not name:
  Holidays.csv: no sheet is known by its name: Holidays
"""


def test_start_takes_what_is_certain_and_says_the_rest(office: Path) -> None:
    """With --yes nothing is asked; what is there stays as it is the next time."""
    (office / "office.yaml").unlink()
    (office / "Holidays.csv").write_text("who,when\n")
    begin = called(office, "start", "--yes", "--rulebook", "rules")
    assert begin == Ended(
        0,
        f"Saved: office.yaml\nSaved: reports\n{STARTED}Next: run 'dueregard map' to say what the"
        " sheets contain that are not known, and then 'dueregard check'.\n",
        "",
    )
    text = (office / "office.yaml").read_text(encoding="utf-8")
    assert "\nrulebook: rules\n" in text
    assert text.endswith("\nevidence:\n  - Registers/desk.xlsx\n")
    again = called(office.parent, "start", "office", "--yes")
    assert again == Ended(
        0,
        "office.yaml and reports were there already and were not changed.\n"
        f"{STARTED}Next: run 'dueregard map' in office to say what the sheets contain that are not"
        " known, and then 'dueregard check' in office.\n",
        "",
    )
    assert (office / "office.yaml").read_text(encoding="utf-8") == text
    assert called(office, "check", *DAY).code == 0


def test_start_asks_what_it_needs(office: Path) -> None:
    (office / "office.yaml").unlink()
    elsewhere = office.parent / "HR.xlsx"
    elsewhere.write_bytes(workbook())
    ended = copied(
        office,
        ["start", "--rulebook", "rules"],
        answers="OPCC Anyshire\ngone.docx\nnone\nsoon\n1 April 2098\n1 April 2025\n"
        "*.xlsm\ngone.xlsx\n"
        "../HR.xlsx; Registers\nperhaps\nyes\n",
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.partition("Saved: office.yaml")[0].splitlines() == [
        "What is the office called? Its name is at the head of each report. (Enter: no name)",
        "> Which file is the SOP? (Enter: none; the reports then do not quote it)",
        "> gone.docx: The file was not found: check its name and its folder.",
        "Give the SOP from which the rules were written, or 'none'.",
        "> From which day has the office kept these sheets, such as 1 April 2025? What was missed"
        " before that day then does not count. (Enter: leave it out)",
        "> 'soon' is not a date. Enter the date, such as 25/04/2026.",
        "> 1 April 2098 has not come yet. Give an earlier day.",
        "> Where is the evidence? Give files, folders or patterns such as *.xlsx, separated by"
        " semicolons. (Enter: Registers/desk.xlsx)",
        "> No spreadsheet fits *.xlsm: check the pattern and its folder.",
        "Give the files of evidence, separated by semicolons.",
        "> gone.xlsx was not found.",
        "Give the files of evidence, separated by semicolons.",
        "> ../HR.xlsx is outside the folder. May a check read it on this computer? (yes or no)",
        "> Enter yes or no.",
        "../HR.xlsx is outside the folder. May a check read it on this computer? (yes or no)",
        f"> Allowed on this computer: {elsewhere}",
    ]
    assert (
        (office / "office.yaml")
        .read_text(encoding="utf-8")
        .endswith('\nrecords begin: 2025-04-01\nevidence:\n  - "../HR.xlsx"\n  - Registers\n')
    )
    checked = called(office, "check", *DAY)
    assert [checked.code, checked.err] == [0, ""]


def test_start_without_an_answer_writes_nothing(office: Path) -> None:
    (office / "office.yaml").unlink()
    ended = copied(office, ["start"])
    assert (ended.code, ended.err) == (
        2,
        "Stopped: there was no answer, and office.yaml was not written. With --yes, nothing is"
        " asked.\n",
    )
    assert not (office / "office.yaml").exists()


def test_start_in_an_empty_folder_says_what_comes_next(tmp_path: Path) -> None:
    ended = called(tmp_path, "start", "new", "--yes")
    assert ended == Ended(
        0,
        "Saved: new/office.yaml\nSaved: new/reports\nOffice: no name given\nSOP: not given, so the"
        " reports do not quote it\nRecords begin: not given, so whatever was missed since"
        " 1 October 2024 counts as missed\nTo add what was not given: open office.yaml in Notepad,"
        " delete the # in front of its line and the space after it, and change the example.\n"
        "Evidence: none is named in office.yaml\nNext: put the office's spreadsheets"
        " into the folder and name them in office.yaml, under 'evidence:'. 'dueregard template"
        " registers.xlsx' writes an empty workbook to fill in.\n",
        "",
    )
    assert called(tmp_path / "new", "check").code == 2


def test_start_takes_the_document_that_agrees_with_the_rules(office: Path) -> None:
    shutil.rmtree(office)
    shutil.copytree(HALL_BOOK, office / "rules")
    shutil.copy(HALL, office)
    (office / "notes.txt").write_text("Nothing of the kind.\n")
    assert "SOP: hall.txt\n" in called(office, "start", "--yes", "--rulebook", "rules").out
    (office / "office.yaml").unlink()
    shutil.copy(HALL, office / "hall, copied.txt")
    assert "SOP: not given" in called(office, "start", "--yes", "--rulebook", "rules").out


def test_a_person_allows_a_path_outside_the_folder_on_this_computer(
    office: Path, settings: Path
) -> None:
    other = office.parent / "other.xlsx"
    other.write_bytes(workbook())
    edited(office, "- Registers", "- ../other.xlsx")
    refused = dueregard(office, "start", "--yes")
    assert refused.code == 0
    assert refused.err.startswith("office.yaml names ../other.xlsx, which is outside its folder")
    allowed = called(office, "start", "--yes", "--allow", "../other.xlsx")
    assert (allowed.code, allowed.err) == (0, "")
    assert allowed.out.startswith(f"Allowed on this computer: {other}\n")
    assert (settings / "dueregard" / "allowed.json").is_file()
    assert called(office, "check", *DAY).code == 0
    edited(office, "- ../other.xlsx", '- "../HR/*.xlsx"')
    (office.parent / "HR").mkdir()
    shutil.copy(other, office.parent / "HR")
    assert called(office, "check", *DAY).code == 2
    asked = copied(office, ["start"], answers="yes\n")
    assert asked.out.startswith("../HR/*.xlsx is outside the folder. May a check read it")
    assert f"\n> Allowed on this computer: {office.parent / 'HR'}\n" in asked.out
    assert called(office, "check", *DAY).code == 0
    again = called(office, "start", "--yes", "--rulebook", "rules")
    assert again.err == (
        "--rulebook was not used, because office.yaml is there already: edit it instead.\n"
    )


def test_start_over_a_conflicted_copy_stops(office: Path) -> None:
    (office / "office (1).yaml").write_text("version: 1\n")
    ended = called(office, "start", "--yes")
    assert ended.code == 2
    assert ended.err.startswith("Stopped: there is a conflicted copy of office.yaml: office (1)")


def test_start_says_that_other_spreadsheets_are_asked_about_later(tmp_path: Path) -> None:
    (tmp_path / "People.csv").write_text("ref,name\n101,Ann\n", encoding="utf-8")
    (tmp_path / "Rota.csv").write_text("who,when\nAnn,Monday\n", encoding="utf-8")
    ended = copied(tmp_path, ["start"], answers="\n\n\n\n")
    assert (
        "(Enter: People.csv)\n"
        "The folder has 1 other spreadsheet. 'dueregard map' asks about each, and adds those that"
        " are evidence.\n"
    ) in ended.out
