"""Files whose names are not UTF-8 are read, told apart, and named alike in every report."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from evidence.filenames import as_text, names_of
from record.ledger.chain import entries
from tests.support.desk_office import BOOK, DESK, HEADINGS, Rows, asked, called, dueregard, workbook
from tests.support.verifier import rechecked

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux lets a file's name be no text"
)


def name(data: bytes) -> str:
    """A name made of these bytes."""
    return os.fsdecode(data)


FIRST, SECOND = name(b"b\xfe.xlsx"), name(b"b\xff.xlsx")
TOLD, TOLD_SECOND = "b\N{REPLACEMENT CHARACTER}.xlsx", "b\N{REPLACEMENT CHARACTER}.xlsx (2)"
#: A day that cannot be read.
TO_COME: Rows = [HEADINGS, DESK, ["c9", "p1", "tbc", "shown"]]


# Names ------------------------------------------------------------------------------------------


def test_bytes_that_are_not_text_are_replaced() -> None:
    assert as_text("Jürgen.xlsx") == "Jürgen.xlsx"
    assert as_text(name(b"J\xfcrgen.xlsx")) == "J\N{REPLACEMENT CHARACTER}rgen.xlsx"


def test_names_that_look_alike_are_numbered_in_the_order_of_their_bytes() -> None:
    paths = [Path("x") / SECOND, Path("x") / FIRST, Path("x") / SECOND, Path("x") / "c.xlsx"]
    assert names_of(paths) == [TOLD_SECOND, TOLD, TOLD_SECOND, "c.xlsx"]


def test_a_name_that_is_text_keeps_it() -> None:
    assert names_of([Path(FIRST), Path(TOLD), Path(TOLD_SECOND)]) == [
        TOLD + " (3)",
        TOLD,
        TOLD_SECOND,
    ]


# A check of such files --------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with two workbooks whose names look alike."""
    (tmp_path / FIRST).write_bytes(workbook())
    (tmp_path / SECOND).write_bytes(workbook(checks=TO_COME))
    return tmp_path


@pytest.mark.campaign
def test_the_reports_name_each_of_them(office: Path) -> None:
    """Whatever the order in which they are given; the first time to a process of its own."""
    for check, given in ((dueregard, (SECOND, FIRST)), (called, (FIRST, SECOND))):
        ended = check(office, *asked(*given, ledger=""))
        assert (ended.code, ended.err) == (0, "")
        assessment = json.loads((office / "out" / "assessment.json").read_bytes())
        assert {stamp["file"] for stamp in assessment["evidence"]} == {TOLD, TOLD_SECOND}
        (problem,) = assessment["problems"]
        assert (problem["file"], problem["values"]) == (TOLD_SECOND, ["tbc"])
        page = (office / "out" / "assessment.html").read_text(encoding="utf-8")
        assert f"{TOLD}, Checks sheet, row 3" in page
        assert f"{TOLD_SECOND}, Checks sheet" in page
    listed = called(office, "ledger", "show", "1")
    assert (listed.code, listed.err) == (0, "")
    assert TOLD_SECOND in listed.out


def test_the_workbook_of_results_links_to_no_such_name(office: Path) -> None:
    assert called(office, *asked(FIRST, "--formats", "xlsx")).code == 0
    book = openpyxl.load_workbook(office / "out" / "assessment.xlsx")
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    linked = {
        cell.hyperlink.target
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert any(TOLD in text for text in shown)
    assert any(text.startswith("Checks sheet, row 3") for text in shown)
    assert not {target for target in linked if target and "b" in target}


def test_the_workbook_of_results_links_into_such_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / name(b"d\xff")
    folder.mkdir()
    (folder / "office.xlsx").write_bytes(workbook())
    assert called(tmp_path, *asked(str(folder / "office.xlsx"), "--formats", "xlsx")).code == 0
    with zipfile.ZipFile(tmp_path / "out" / "assessment.xlsx") as made:
        links = "".join(
            made.read(name).decode() for name in made.namelist() if name.endswith(".rels")
        )
    assert 'Target="../d%FF/office.xlsx"' in links


def test_a_pack_of_such_a_file_can_be_rechecked(office: Path) -> None:
    assert called(office, *asked(FIRST, ledger="ledger.sqlite")).code == 0
    ended = called(
        office, "pack", "pack.zip", "out/assessment.json", "--evidence", FIRST,
        "--rulebook", str(BOOK), "--ledger", "ledger.sqlite",
    )  # fmt: skip
    assert (ended.code, ended.err) == (0, "")
    with zipfile.ZipFile(office / "pack.zip") as pack:
        manifest = json.loads(pack.read("manifest.json"))
    assert manifest["evidence"] == {TOLD: "evidence/files/1-b_.xlsx"}
    assert rechecked(office / "pack.zip").code == 0


def test_what_cannot_be_opened_is_named_too(tmp_path: Path) -> None:
    ended = called(tmp_path, *asked(FIRST, name(b"~$\xff.xlsx"), name(b"c.\xff")))
    replacement = "\N{REPLACEMENT CHARACTER}"
    assert ended.err == (
        "Nothing was checked, because these files could not be read:\n"
        f"  {TOLD} was not found: check its name and its folder.\n"
        f"  ~${replacement}.xlsx is a temporary file that Excel keeps while the workbook is open:"
        f" give the workbook {replacement}.xlsx instead.\n"
        f"  c.{replacement} was not found: check its name and its folder.\n"
    )


# The ledger -------------------------------------------------------------------------------------


def test_a_ledger_of_such_a_name_is_found_again(office: Path) -> None:
    ledger = name(b"l\xff.sqlite")
    ended = called(office, *asked(FIRST, ledger=ledger))
    assert (ended.code, ended.err) == (0, "")
    assert json.loads((office / "out" / "run.json").read_bytes())["ledger"] == f"../{ledger}"
    viewed = called(office, "review", "out/assessment.json", "desk-checked", "--agree")
    assert (viewed.code, viewed.err) == (0, "")
    assert [entry.body.kind for entry in entries(office / ledger)] == ["begun", "check", "review"]


def test_who_did_it_and_why_are_kept_as_text(office: Path) -> None:
    """Anything else in an entry would read as if somebody had altered it."""
    by, note = name(b"M\xfcller"), name(b"gepr\xfcft")
    assert called(office, *asked(FIRST, ledger="l.sqlite"), "--by", by).code == 0
    viewed = called(
        office, "review", "out/assessment.json", "desk-checked", "--agree", "--by", by,
        "--note", note,
    )  # fmt: skip
    assert (viewed.code, viewed.err) == (0, "")
    ended = called(office, "ledger", "show", "2", "--ledger", "l.sqlite")
    assert (ended.code, ended.err) == (0, "")
    shown = ended.out
    assert "M\N{REPLACEMENT CHARACTER}ller" in shown
    assert "gepr\N{REPLACEMENT CHARACTER}ft" in shown
    assert called(office, "ledger", "verify", "--ledger", "l.sqlite").code == 0
