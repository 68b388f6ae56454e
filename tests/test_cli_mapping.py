"""An office whose own sheets are read by a mapping, on the command line from check to pack; and
what is wrong in a mapping, or in the sheets that it names."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from evidence.deterministic import save_workbook_bytes
from tests.support.desk_office import Ended, called, copied, edited
from tests.support.offices import OFFICES

MATRIX = "Training matrix OPCC.xlsx"
PEOPLE = """\
ref,kind,starts,ends,likely to refer from,higher level from,manages bookings from
40102,staff,01/04/2015,,,,
40108,staff,01/04/2015,,,,
"""
DAY = ("--as-of", "2026-11-28")
MADE = "reports/2026-11-28/assessment.json"


@pytest.fixture(autouse=True)
def settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's settings, apart from those of whoever runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The office that keeps a training matrix, with a list of its people."""
    folder = tmp_path / "office"
    folder.mkdir()
    shutil.copy(OFFICES / "training-matrix" / MATRIX, folder)
    text = (OFFICES / "training-matrix" / "office.yaml").read_text(encoding="utf-8")
    assert "evidence: ['*.xlsx']" in text
    text = text.replace("evidence: ['*.xlsx']", f"evidence: [{MATRIX}, People.csv]")
    (folder / "office.yaml").write_text(text, encoding="utf-8")
    (folder / "People.csv").write_text(PEOPLE, encoding="utf-8")
    return folder


def matrix_with(folder: Path, **cells: str) -> None:
    """The training matrix with other texts in some of its cells."""
    workbook = openpyxl.load_workbook(folder / MATRIX)
    for address, text in cells.items():
        workbook["Matrix"][address] = text
    (folder / MATRIX).write_bytes(save_workbook_bytes(workbook))


def problem_words(folder: Path) -> list[str]:
    """What the last check could not read."""
    return [problem["message"] for problem in json.loads((folder / MADE).read_bytes())["problems"]]


def test_the_offices_own_cells_are_cited_from_the_check_to_the_later_copy(office: Path) -> None:
    """The first two commands are processes of their own."""
    check = copied(office, ["check", *DAY])
    assert (check.code, check.err) == (1, "")
    confirmed = "Training from the sheet 'Matrix': 'ref' is not kept and 'passed' is always yes.\n"
    assert confirmed in check.out
    page = (office / "reports" / "2026-11-28" / "assessment.html").read_text(encoding="utf-8")
    assert "Matrix sheet, cell F8" in page
    assert "No &#39;Training&#39; sheet" not in page
    explained = copied(office, ["explain", MADE, "refresher-training", "--subject", "40108"])
    assert (
        "Evidence: Training matrix OPCC.xlsx, Matrix sheet, row 8: F8 completed on: 22/4/25; A8"
        in " ".join(explained.out.replace("│", "").split())
    )
    found = called(office, "locate", MADE, MATRIX, "People.csv")
    assert (found.code, found.err) == (0, "")
    assert " at the same place" in found.out
    reviewed = called(office, "review", MADE, "refresher-training", "--agree")
    assert reviewed.code == 0
    shown = called(office, "ledger", "show", "1").out
    mapping = json.loads((office / MADE).read_bytes())["mapping"]["sha256"]
    assert f"  Mapping in office.yaml: SHA-256 {mapping}\n" in shown


def test_a_file_on_the_command_line_is_read_with_the_mapping_too(office: Path) -> None:
    edited(office, f"evidence: [{MATRIX}, People.csv]\n", "")
    given = called(office, "check", MATRIX, *DAY, "--formats", "json")
    assert "Training from the sheet 'Matrix'" in given.out
    outside = called(office.parent, "check", f"office/{MATRIX}", *DAY, "--formats", "json")
    assert "Training from the sheet" not in outside.out
    assert "Matrix (unknown name)" in outside.out


@pytest.mark.campaign
def test_another_mapping_is_named_in_what_changed(office: Path) -> None:
    assert called(office, "check", *DAY).code == 1
    edited(office, "Refresher (L1): refresher", "Refresher (L1): induction")
    assert "Compared with check number 1" in called(office, "check", *DAY).out
    changed = "The mapping of the office&#39;s own sheets changed"
    page = (office / "reports" / "2026-11-28" / "assessment.html").read_text(encoding="utf-8")
    assert changed in page
    compared = called(office, "ledger", "compare", "1", "2").out
    assert "  the mapping of your own sheets: another one\n" in compared
    assert "the mapping of your own sheets: the mapping of 'training' changed\n" in compared
    located = called(office, "locate", MADE, MATRIX, "People.csv")
    edited(office, "Refresher (L1): induction", "Refresher (L1): refresher")
    assert located.err == ""
    assert called(office, "locate", MADE, MATRIX, "People.csv").err == (
        "The mapping in office.yaml has changed since this assessment was made. A row may therefore"
        " seem to be changed because it is read in another way.\n"
    )
    moved = called(office.parent, "locate", f"office/{MADE}", f"office/{MATRIX}")
    assert moved == Ended(
        2,
        "",
        "The assessment was made with a mapping of the office's own sheets. Run this command in the"
        " folder with that office.yaml.\n",
    )


@pytest.mark.campaign
def test_a_pack_contains_the_mapping(office: Path) -> None:
    assert called(office, "check", *DAY).code == 1
    files = (f"office/{MATRIX}", "office/People.csv")
    assert called(office.parent, "pack", "p.zip", f"office/{MADE}", "--evidence", *files) == Ended(
        2,
        "",
        "The mapping in office.yaml is not the one with which the assessment was made. Run the"
        " command in the office's folder, with office.yaml as it was then, or check again.\n",
    )
    made = called(office, "pack", "p.zip", MADE, "--evidence", MATRIX, "People.csv")
    assert (made.code, "take recheck.py and recheck_mapping.py out of" in made.out) == (0, True)
    with zipfile.ZipFile(office / "p.zip") as pack:
        sha256 = hashlib.sha256(pack.read("mapping.json")).hexdigest()
        page = pack.read("README.txt").decode()
    assert sha256 == json.loads((office / MADE).read_bytes())["mapping"]["sha256"]
    assert "Take recheck.py and recheck_mapping.py out of the pack" in page


# Bad input ----------------------------------------------------------------------------------------


def test_everything_that_is_wrong_in_a_mapping_stops_the_check_at_once(office: Path) -> None:
    edited(office, "register: training", "register: trainin")
    assert called(office, "check", *DAY) == Ended(
        2,
        "",
        "Stopped: 1 error in office.yaml.\n  office.yaml, line 12 (mapping 1 > gives 1 > register):"
        " There is no register 'trainin'. Write 'training' if that is what you mean.\n",
    )
    edited(office, "register: trainin", "register: training")
    edited(office, "person: Staff", "persn: Staff")
    edited(office, "passed: {always: yes}", "passed: not kept")
    stopped = called(office, "check", *DAY)
    assert stopped == Ended(
        2,
        "",
        "Stopped: 3 errors in office.yaml.\n"
        "  office.yaml, line 22 (mapping 1 > gives 1 > columns): The required column 'person' of"
        " 'training' is missing. Add a line 'person: ' with its heading, or 'person: not kept'.\n"
        "  office.yaml, line 24 (mapping 1 > gives 1 > columns > persn): The register 'training'"
        " has no column 'persn'. Write 'person' if that is what you mean.\n"
        "  office.yaml, line 30 (mapping 1 > gives 1 > columns > passed): 'passed' can say that a"
        " record no longer counts, and is 'not kept'. Write its heading or, if the office does not"
        " have it, 'passed: {always: blank}'.\n",
    )
    assert not (office / "reports").exists()


def test_two_columns_are_not_mapped_to_one(office: Path) -> None:
    edited(office, "role: Staff / Post", "role: Staff / Post\n          role: Staff / Hrs")
    assert called(office, "check", *DAY).err == (
        "Stopped: 1 error in office.yaml.\n  office.yaml, line 26 (mapping 1 > gives 1 > columns):"
        " The key 'role' appears twice, on lines 25 and 26. Keep one of them. See also office.yaml,"
        " line 25.\n"
    )


def test_a_heading_of_the_mapping_that_is_gone_or_there_twice_is_a_problem(office: Path) -> None:
    matrix_with(office, A5="Number")
    gone = called(office, "check", *DAY)
    words = (
        "The mapping in office.yaml uses the heading 'Staff / P/No', which is not in this sheet, so"
        " the sheet was not read. Restore the heading, or correct the mapping."
    )
    assert problem_words(office) == [words]
    assert words in " ".join(gone.out.split())
    matrix_with(office, A5="P/No", D5="P/No")
    assert called(office, "check", *DAY).code == 1
    assert problem_words(office) == [
        "The mapping in office.yaml uses the heading 'Staff / P/No', which is in this sheet 2 times"
        " (A5 and D5), so the sheet was not read. Rename the others."
    ]


def test_a_sheet_of_the_mapping_that_is_gone_is_a_problem(office: Path) -> None:
    edited(office, "sheet: Matrix", "sheet: Matrix 2025")
    assert called(office, "check", *DAY).code == 1
    assert problem_words(office) == [
        "The mapping in office.yaml names the sheet 'Matrix 2025', which is not in this file. Give"
        " the sheet that name again, or correct the mapping."
    ]


@pytest.mark.campaign
def test_a_wide_column_whose_heading_is_no_known_word_is_a_problem(office: Path) -> None:
    edited(office, "In house / Venue bkg: venue hire", "In house / Venue: venue hire")
    check = called(office, "check", *DAY)
    assert problem_words(office)[1:] == [
        "The mapping in office.yaml does not say what this heading means in 'course'. Add it to the"
        " words of 'course' there, or run dueregard map."
    ]
    assert (
        "Training matrix OPCC.xlsx, Matrix sheet, cell K5 (In house / Venue bkg): The mapping in"
        " office.yaml does not say what this heading means"
    ) in " ".join(check.out.split())
