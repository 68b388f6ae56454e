"""A check from the command line: what it prints and writes, and how it ends."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import openpyxl
import pytest

from reports.writing import FILES
from tests.support import file_builders as made
from tests.support import html_page
from tests.support.desk_office import (
    CHECKS,
    COUNCIL,
    DESK,
    HEADINGS,
    PEOPLE,
    PROGRAM,
    SHOWN,
    Ended,
    Rows,
    asked,
    called,
    copied,
    day,
    ended,
    reports,
    sheet,
    workbook,
)
from tests.support.expected import golden
from tests.support.file_builders import Formula

ALL_MET = golden("all-met.txt")


def checked(folder: Path, evidence: bytes, *more: str) -> Ended:
    """A check of one workbook, its reports in ``out``."""
    (folder / "office.xlsx").write_bytes(evidence)
    return called(folder, *asked("office.xlsx"), *more)


def assessment(folder: Path, out: str = "out") -> Any:
    """The JSON report of a check."""
    return json.loads((folder / out / "assessment.json").read_bytes())


def statuses(folder: Path, out: str = "out") -> dict[str, str]:
    """The status of each duty."""
    return {duty["id"]: duty["status"] for duty in assessment(folder, out)["duties"]}


# Exit codes --------------------------------------------------------------------------------------


def test_all_met_ends_with_nought_and_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    written = "".join(f"Saved: out/{name}\n" for name in FILES.values())
    (tmp_path / "office.xlsx").write_bytes(workbook())
    first = copied(tmp_path, asked("office.xlsx"))
    to_open = "Open this file first: out/assessment.html\n"
    assert first == Ended(0, f"{ALL_MET}\n{written}{to_open}", "")
    made_first = reports(tmp_path / "out")
    assert sorted(made_first) == sorted(FILES.values())
    again = called(tmp_path, *asked("office.xlsx"))
    assert again.out.splitlines() == first.out.splitlines()
    assert again == first
    assert reports(tmp_path / "out") == made_first


@pytest.mark.parametrize(
    ("checks", "code", "desk", "council"),
    [
        ([HEADINGS, SHOWN, COUNCIL], 1, "overdue", "met"),
        ([HEADINGS, ["c1", "", day(1, 9), "desk"], SHOWN, COUNCIL], 0, "due", "met"),
        ([HEADINGS, DESK, SHOWN], 0, "met", "overdue"),
    ],
    ids=["something is overdue", "due is not overdue", "what others owe does not count"],
)
def test_the_exit_code_follows_what_the_office_owes(
    checks: Rows, code: int, desk: str, council: str, tmp_path: Path
) -> None:
    assert checked(tmp_path, workbook(checks=checks), "--formats", "json").code == code
    assert statuses(tmp_path) == {
        "desk-checked": desk,
        "person-shown": "met",
        "council-told": council,
    }


# Evidence that is wrong in a part: the check goes on ---------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (
            made.xlsx(sheet("People", PEOPLE), sheet("people ", PEOPLE), sheet("Checks", CHECKS)),
            "People sheet: The sheets 'People' and 'people ' have almost the same name, so it is"
            " not clear which to use. Move all the rows to one of them and delete the other.",
        ),
        (
            workbook([["ref", "starts ", "name", "Starts"], ["p1", day(1, 5), "One", day(1, 5)]]),
            "People sheet: 'starts' (B1) and 'Starts' (D1) both mean 'starts', so neither"
            " was read. Keep one, and delete or rename the other.",
        ),
        (
            workbook([PEOPLE[0], ["p1", "One", "05/01/20026", ""]]),
            "People sheet, cell C2 (starts): '05/01/20026' has the year 20026, which is outside"
            " 1900 to 2099. Enter the date, such as 25/04/2026.",
        ),
    ],
    ids=["a sheet twice", "a column twice", "the year 20026"],
)
def test_what_cannot_be_read_is_never_met(evidence: bytes, says: str, tmp_path: Path) -> None:
    """The people cannot be told, and all else is checked."""
    (tmp_path / "office.xlsx").write_bytes(evidence)
    done = called(tmp_path, *asked("office.xlsx"), "--formats", "json")
    assert (done.code, done.err) == (1, "")
    assert says in " ".join(done.out.split())
    assert statuses(tmp_path) == {
        "desk-checked": "met",
        "person-shown": "cannot_tell",
        "council-told": "met",
    }


SCRIPT = "<script>alert(1)</script>"
LINK = '=HYPERLINK("http://example.invalid/")'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reports on evidence whose cells would do something in a page or sheet."""
    folder = tmp_path_factory.mktemp("hostile")
    people: Rows = [
        *PEOPLE,
        [SCRIPT, LINK, day(6, 5), ""],
        ["=1+1", "<img src=x onerror=alert(1)>", day(6, 5), ""],
        ["😀", Formula("A1", "@SUM(A1)"), day(6, 5), ""],
    ]
    checks: Rows = [*CHECKS, ["c9", SCRIPT, day(6, 8), "<b>😀</b>"]]
    (folder / "office.xlsx").write_bytes(workbook(people, checks))
    done = called(folder, *asked("office.xlsx"))
    assert (done.code, done.err) == (1, "")
    said = " ".join(done.out.split())
    assert "'<b>😀</b>' is not an option in this column" in said
    return folder / "out"


def test_markup_in_a_cell_is_text_in_the_page(hostile: Path) -> None:
    data = (hostile / "assessment.html").read_bytes()
    root = html_page.parsed(data)
    assert [one for one in root.all("script") if "alert(1)" in "".join(map(str, one.inside))] == []
    assert root.all("img") + root.all("b") == []
    text = root.text()
    for cell in (SCRIPT, LINK, "=1+1", "<img src=x onerror=alert(1)>", "😀", "@SUM(A1)"):
        assert cell in text


def test_a_formula_in_a_cell_is_text_in_the_workbook(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile / "assessment.xlsx")
    cells = [cell for one in book for row in one.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    texts = " ".join(str(cell.value) for cell in cells)
    for cell in (SCRIPT, LINK, "=1+1", "😀"):
        assert cell in texts


# What it may be asked ----------------------------------------------------------------------------


def _csv(rows: Rows) -> str:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue()


def test_the_order_of_the_files_changes_nothing(tmp_path: Path) -> None:
    """Two registers, one of them in two files, given forwards and backwards."""
    (tmp_path / "a").mkdir()
    for name, rows in {
        "people.csv": PEOPLE,
        "checks.csv": [HEADINGS, SHOWN],
        "a/checks.csv": [HEADINGS, DESK, COUNCIL],
    }.items():
        (tmp_path / name).write_text(_csv(rows), encoding="utf-8")
    files = ["people.csv", "checks.csv", "a/checks.csv"]
    first = called(tmp_path, *asked(*files, out="first"))
    second = called(tmp_path, *asked(*reversed(files), out="second"))
    assert (first.code, second.code, first.err, second.err) == (0, 0, "", "")
    one, two = assessment(tmp_path, "first"), assessment(tmp_path, "second")
    assert one["duties"] == two["duties"]
    assert one["status"] == two["status"]
    assert [file["file"] for file in one["evidence"]] == files


def test_since_an_earlier_assessment_says_what_changed(tmp_path: Path) -> None:
    """The earlier assessment may be the one whose place the new one takes."""
    late = [HEADINGS, SHOWN, COUNCIL]
    assert checked(tmp_path, workbook(checks=late), "--formats", "json").code == 1
    done = checked(tmp_path, workbook(), "--since", "out/assessment.json")
    assert (done.code, done.err) == (0, "")
    text = html_page.parsed((tmp_path / "out" / "assessment.html").read_bytes()).text()
    changed = text.partition("What changed since 24 November 2026")[2]
    assert (
        " Duties whose status changed Duty Before Now Why "
        "4.10 The desk is looked at once a year 419 days overdue met the evidence: cited now and"
        " not before: office.xlsx, Checks sheet, row 2 "
    ) in changed
    assert "CHANGED SINCE 24 NOVEMBER 2026. 1 overdue, now 0; 1 met, now 2." in done.out


def test_a_check_without_a_day_speaks_for_today_and_prints_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Self:
            return cls(2026, 11, 24, 23, 59, tzinfo=tz)

    monkeypatch.setattr("cli.check_steps.datetime", SimpleNamespace(datetime=Clock))
    (tmp_path / "office.xlsx").write_bytes(workbook())
    arguments = asked("office.xlsx")
    at = arguments.index("--as-of")
    done = called(tmp_path, *arguments[:at], *arguments[at + 2 :])
    assert (done.code, done.err) == (0, "")
    assert "A small rulebook\nPosition at 24 November 2026\n" in done.out
    assert assessment(tmp_path)["as_of"] == "2026-11-24"


def test_only_the_formats_that_are_asked_for_are_written(tmp_path: Path) -> None:
    assert checked(tmp_path, workbook(), "--formats", "text, json,text").code == 0
    assert sorted(reports(tmp_path / "out")) == ["assessment.json", "summary.txt"]


def test_the_time_of_each_step_is_written_where_asked(tmp_path: Path) -> None:
    done = checked(tmp_path, workbook(), "--formats", "json", "--timings", "steps.json")
    assert (done.code, done.err) == (0, "")
    steps = json.loads((tmp_path / "steps.json").read_text(encoding="utf-8"))
    assert list(steps) == [
        "rules",
        "read",
        "match",
        "plain evaluator",
        "judge",
        "assemble",
        "write",
    ]
    assert min(steps.values()) >= 0
    assert sum(steps.values()) > 0


def test_timings_that_cannot_be_written_change_nothing_else(tmp_path: Path) -> None:
    done = checked(tmp_path, workbook(), "--formats", "json", "--timings", "no/steps.json")
    assert done.err == "--timings no/steps.json could not be written (No such file or directory).\n"
    assert done.code == 0
    assert statuses(tmp_path)["desk-checked"] == "met"


@pytest.mark.campaign
def test_a_reader_that_has_gone_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "office.xlsx").write_bytes(workbook())
    piped: list[str | Path] = [
        "sh",
        "-c",
        '{ "$@"; echo $? >code; } | true',
        "sh",
        PROGRAM,
        *asked("office.xlsx"),
    ]
    assert ended(piped, tmp_path) == Ended(0, "", "")
    assert (tmp_path / "code").read_text() == "0\n"
    assert sorted(reports(tmp_path / "out")) == sorted(FILES.values())


# dueregard template ------------------------------------------------------------------------------


def test_a_template_is_a_workbook_that_can_be_filled_and_checked(tmp_path: Path) -> None:
    done = called(tmp_path, "template", "blank.xlsx")
    assert done == Ended(0, "Saved: blank.xlsx\n", "")
    book = openpyxl.load_workbook(tmp_path / "blank.xlsx")
    assert {"People", "Training"} <= set(book.sheetnames)
    done = called(tmp_path, "check", "blank.xlsx", "--as-of", "24/11/2026", "--formats", "json")
    assert (done.code, done.err) == (1, "")
    status = assessment(tmp_path, "dueregard-report")["status"]["office"]
    assert status["duties"]["not_assessed"] == status["duties"]["total"]
