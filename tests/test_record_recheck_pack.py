"""The verifier opens a pack without harm, says what it does not check, and ends as it should."""

from __future__ import annotations

import datetime
import io
import json
import resource
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from evidence.read import read_evidence
from record.pack import pack as packing
from record.pack.pack import RECHECK
from record.recheck import recheck
from rules.load import OWN_BOOK
from tests.support.desk_office import BOOK, CHECKS, HEADINGS, PEOPLE, Rows, workbook
from tests.support.own_book import book_in
from tests.support.table_builders import csv_file
from tests.support.verifier import (
    Ended,
    found,
    packed,
    rechecked,
    rechecked_files,
    sealed,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The pack of a small check."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "office.xlsx").write_bytes(workbook())
    return packed(folder, [folder / "office.xlsx"])


def alone(*arguments: str | Path, folder: Path, script: Path = RECHECK) -> Ended:
    """The verifier run by Python alone: no libraries, no environment, no folder of its own."""
    command = [sys.executable, "-I", "-S", str(script), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.stderr == ""
    return Ended(done.returncode, done.stdout)


def unpacked(files: dict[str, bytes], folder: Path) -> Path:
    """The pack as a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


# How it ends --------------------------------------------------------------------------------------


def test_python_alone_confirms_a_pack(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(packing.archive(files))
    ended = alone("pack.zip", folder=tmp_path)
    assert ended.code == 0
    assert ended.out.startswith(recheck.NOT_CHECKED)
    assert "office.xlsx was not compared with cells.csv: " in ended.out
    assert "3 obligations of 3 duties" in ended.out
    assert "The pack contains no ledger.\n" in ended.out
    assert "Of part 9 this pack needed:\n- joining as an event: person-shown\n" in ended.out
    assert ended.out.endswith("Everything is confirmed, if cells.csv is right about office.xlsx.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]


def test_beside_the_one_pack_it_finds_it_by_itself(files: dict[str, bytes], tmp_path: Path) -> None:
    script = tmp_path / "pack" / "recheck.py"
    script.parent.mkdir()
    shutil.copy(RECHECK, script)
    assert alone(folder=tmp_path, script=script).code == 2
    (script.parent / "one.zip").write_bytes(packing.archive(files))
    ended = alone(folder=tmp_path, script=script)
    assert (ended.code, ended.differences) == (0, [])
    (script.parent / "two.zip").write_bytes(packing.archive(files))
    ended = alone(folder=tmp_path, script=script)
    assert (ended.code, "Usage: python recheck.py PACK.zip" in ended.out) == (2, True)


def test_the_status_that_was_changed_is_found_with_its_cell(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    told = json.loads(files["assessment.json"])
    duty = next(each for each in told["duties"] if each["id"] == "person-shown")
    assert duty["obligations"][0]["status"] == "met"
    duty["obligations"][0]["status"] = "overdue"
    altered = sealed(files | {"assessment.json": json.dumps(told).encode()})
    (tmp_path / "pack.zip").write_bytes(packing.archive(altered))
    ended = alone("pack.zip", folder=tmp_path)
    assert ended.code == 1
    assert ended.differences == [
        "assessment: duties: person-shown, 4.10: obligations: p1: status: the assessment says "
        "'overdue', and 'met' was found. See office.xlsx!Checks!C3, office.xlsx!People!A2."
    ]
    assert "\n1 difference: the assessment is not confirmed." in ended.out


def test_a_cell_that_was_changed_is_found(files: dict[str, bytes], tmp_path: Path) -> None:
    cells = files["evidence/cells.csv"].replace(b"2026-01-09", b"2026-03-09")
    ended = rechecked_files(sealed(files | {"evidence/cells.csv": cells}), tmp_path / "pack.zip")
    assert ended.code == 1
    said = "value: the assessment says '2026-01-09', and '2026-03-09' was found."
    assert f"office.xlsx!Checks!C3: {said}" in ended.differences
    assert any(
        difference.startswith("office.xlsx!Checks!C3: the file contains 'day 2026-01-09'")
        for difference in ended.differences
    )


def test_it_is_used_with_one_pack(files: dict[str, bytes], tmp_path: Path) -> None:
    ended = alone("--help", folder=tmp_path)
    assert (ended.code, "Usage: python recheck.py PACK.zip" in ended.out) == (2, True)
    assert alone("one.zip", "two.zip", folder=tmp_path).code == 2
    ended = alone("none.zip", folder=tmp_path)
    assert ended.code == 2
    assert "none.zip cannot be opened as a pack" in ended.out
    (tmp_path / "not.zip").write_bytes(b"PK\x03\x04 and no more")
    assert (
        "not.zip cannot be opened as a pack: File is not a zip file."
        in rechecked(tmp_path / "not.zip").out
    )


def test_the_example_at_its_beginning_comes_to_what_it_says(tmp_path: Path) -> None:
    said = " ".join(str(recheck.__doc__).split())
    assert "met; opens 2024-10-01, deadline 2026-05-02, days 112" in said
    assert "due from 2026-03-03, and overdue from 2026-05-03" in said
    rows: Rows = [("reference", "what was reviewed", "reviewed on"), ("R1", "SOP", "2 May 2025")]
    path = csv_file(tmp_path / "Reviews.csv", rows)
    rulebook = book_in(OWN_BOOK)
    evidence = read_evidence([path], rulebook.registers)
    on: dict[str, tuple[object, ...]] = {}
    for day in ("2026-01-10", "2026-03-02", "2026-03-03", "2026-05-02", "2026-05-03"):
        answers = found(rulebook, evidence, datetime.date.fromisoformat(day))
        (it,) = [answer for answer in answers if answer["duty"] == "model-annual-review"]
        on[day] = (it["status"], str(it["opens"]), str(it["deadline"]), it["days"])
    window = ("2024-10-01", "2026-05-02")
    assert on == {
        "2026-01-10": ("met", *window, 112),
        "2026-03-02": ("met", *window, 61),
        "2026-03-03": ("due", *window, 60),
        "2026-05-02": ("due", *window, 0),
        "2026-05-03": ("overdue", *window, -1),
    }


# What is in it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["manifest.json", "assessment.json", "rulebook.json", "evidence/cells.csv",
             "evidence/sheets.csv", "evidence/files/1-office.xlsx"],
)  # fmt: skip
@pytest.mark.parametrize("data", [None, b"", b"{}", b"[]", b"\xff\xfe", b"[" * 50_000, b"0,1\n2,3"])
def test_a_file_that_is_missing_or_broken_is_never_confirmed(
    name: str, data: bytes | None, files: dict[str, bytes], tmp_path: Path
) -> None:
    altered = {k: v for k, v in files.items() if k != name} | ({name: data} if data else {})
    for made in (altered, sealed(altered) if name != "manifest.json" else altered):
        ended = rechecked_files(made, tmp_path / "pack.zip")
        assert ended.code in (1, 2)
        assert "confirmed.\n" not in ended.out or "not confirmed.\n" in ended.out
    if name.startswith("evidence/"):  # also where it could not go on, it tells what it had found
        ended = rechecked_files(altered, tmp_path / "pack.zip")
        words = f"{name}: it was changed, removed or added after the pack was made."
        assert words in ended.differences


@pytest.mark.parametrize("form", ["manifest.json", "assessment.json", "rulebook.json"])
def test_another_form_is_not_checkable(form: str, files: dict[str, bytes], tmp_path: Path) -> None:
    told = json.loads(files[form]) | {"format": "dueregard-something-2"}
    ended = rechecked_files(files | {form: json.dumps(told).encode()}, tmp_path / "pack.zip")
    assert ended.code == 2
    assert f"Not checkable. {form} is not of the form" in ended.out


def test_a_value_given_twice_is_not_checkable(files: dict[str, bytes], tmp_path: Path) -> None:
    twice = files["assessment.json"].replace(b'"as_of"', b'"as_of": "2026-11-25",\n "as_of"', 1)
    ended = rechecked_files(files | {"assessment.json": twice}, tmp_path / "pack.zip")
    assert (ended.code, "gives one key twice" in ended.out) == (2, True)


def test_a_row_that_shows_nothing_is_not_a_difference(tmp_path: Path) -> None:
    """One that only a change which would meet an obligation names: neither key nor cells."""
    later = datetime.date(2026, 9, 9)  # after the check, so that the row is not cited
    book = workbook(checks=[*CHECKS, ["c4", "p1", later, "shown"]])
    (tmp_path / "office.xlsx").write_bytes(book)
    files = packed(tmp_path, [tmp_path / "office.xlsx"])
    told = json.loads(files["assessment.json"])
    (checks,) = (each for each in told["sheets"].values() if each["sheet"] == "Checks")
    assert "5" not in checks["rows"]
    checks["rows"]["5"] = {}
    changed = sealed(files | {"assessment.json": json.dumps(told).encode()})
    assert rechecked_files(changed, tmp_path / "pack.zip").code == 0


# Path tricks --------------------------------------------------------------------------------------

Trick = Callable[[zipfile.ZipFile], None]


def _named(name: str) -> Trick:
    def trick(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"more")

    return trick


def _link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("link.txt")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def _twice(archive: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("assessment.json", b"{}")


def _many(archive: zipfile.ZipFile) -> None:
    for number in range(recheck.MOST_FILES):
        archive.writestr(f"more/{number}.txt", b"")


@pytest.mark.parametrize(
    "trick",
    [
        *(_named(name) for name in (
            "../up.txt", "a/../../up.txt", "/etc/passwd", "C:/x.txt", "a\\..\\x.txt", "./x.txt",
            "a//x.txt", "con\x01.txt", "nul\x00.txt", "what?.txt", "..", "Assessment.JSON",
        )),
        _link,
    ],
)  # fmt: skip
def test_a_path_does_nothing_and_its_file_is_named(
    trick: Trick, files: dict[str, bytes], tmp_path: Path
) -> None:
    """Nothing is unpacked: a file of any name is one that was put in."""
    ended = tricked(trick, files, tmp_path)
    assert ended.code == 1
    assert len(ended.differences) == 1
    assert ended.differences[0].endswith(
        "it was changed, removed or added after the pack was made."
    )


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        (_twice, "twice"),
        (_named("assessment.json\x00.txt"), "twice"),
        (_many, "the pack is too large"),
    ],
)
def test_two_files_of_one_name_or_too_many_are_not_checkable(
    trick: Trick, words: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    ended = tricked(trick, files, tmp_path)
    assert ended.code == 2
    assert words in ended.out


def tricked(trick: Trick, files: dict[str, bytes], folder: Path) -> Ended:
    """What is said of a pack after the trick; nothing is written."""
    made = io.BytesIO(packing.archive(files))
    with zipfile.ZipFile(made, "a") as archive:
        trick(archive)
    (folder / "pack.zip").write_bytes(made.getvalue())
    ended = rechecked(folder / "pack.zip")
    assert [path.name for path in folder.iterdir()] == ["pack.zip"]
    return ended


def test_a_bomb_is_not_unpacked(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recheck, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assessment.json", b"0" * 900_000)
        archive.writestr("more.json", b"0" * 50_000_000)
    ended = rechecked(tmp_path / "pack.zip")
    assert (ended.code, "the pack is too large" in ended.out) == (2, True)


def test_a_size_that_is_not_true_unpacks_no_more(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assessment.json", b"0" * 50_000_000)
    data = (tmp_path / "pack.zip").read_bytes()
    true, told = (50_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert data.count(true) == 2
    (tmp_path / "pack.zip").write_bytes(data.replace(true, told))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ended = rechecked(tmp_path / "pack.zip")
    assert (ended.code, "cannot be opened as a pack: Bad CRC-32" in ended.out) == (2, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_what_was_changed_after_the_packing_is_named(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    altered = files | {"README.txt": b"other", "more.txt": b""}
    del altered["rulebook/book.yaml"]
    ended = rechecked_files(altered, tmp_path / "pack.zip")
    words = "it was changed, removed or added after the pack was made."
    names = ("README.txt", "more.txt", "rulebook/book.yaml")
    assert ended.differences[:3] == [f"{name}: {words}" for name in names]


def test_a_pack_packed_anew_by_another_program_is_confirmed(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    folder = unpacked(files, tmp_path / "pack")
    made = shutil.make_archive(str(tmp_path / "again"), "zip", folder)
    assert rechecked(Path(made)).code == 0


def test_an_encrypted_file_is_refused(files: dict[str, bytes], tmp_path: Path) -> None:
    data = bytearray(packing.archive(files))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    (tmp_path / "pack.zip").write_bytes(data)
    ended = rechecked(tmp_path / "pack.zip")
    assert (ended.code, "is encrypted" in ended.out) == (2, True)


def test_every_cut_of_the_archive_is_not_checkable(files: dict[str, bytes], tmp_path: Path) -> None:
    data = packing.archive(files)
    for at in range(0, len(data), len(data) // 40):
        (tmp_path / "pack.zip").write_bytes(data[:at])
        assert rechecked(tmp_path / "pack.zip").code == 2


def test_the_verifier_shipped_is_the_one_that_is_tested(files: dict[str, bytes]) -> None:
    assert files["recheck.py"] == Path(recheck.__file__).read_bytes()
    assert BOOK.exists()


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, " and 1 more")])
def test_numbers_that_no_day_can_be_are_named_as_not_compared(
    count: int, more: str, tmp_path: Path
) -> None:
    """What shows such a cell as a day gives no number back to compare."""
    rows = [[f"n{row}", "", 20_260_504, "desk"] for row in range(count)]
    book = Workbook()
    for name, lines in (("People", PEOPLE), ("Checks", [HEADINGS, *rows])):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    for row in range(count):
        book["Checks"].cell(2 + row, 3).number_format = "dd/mm/yyyy"
    book.save(tmp_path / "office.xlsx")
    files = packed(tmp_path, [tmp_path / "office.xlsx"])
    ended = rechecked_files(files, tmp_path / "pack.zip")
    places = ", ".join(f"office.xlsx!Checks!C{row}" for row in range(2, 2 + count)[:6])
    last = f"Everything is confirmed, if cells.csv is right about {places}{more}.\n"
    assert (ended.code, ended.out.endswith(last)) == (0, True), ended.out[-600:]
