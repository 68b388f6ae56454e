"""dueregard sop: what it prints and writes, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.main import main
from tests.support.sop_builders import HALL, HALL_BOOK, HALL_TEXT, hall_files, word

CUT = ("within two days", "within five days")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the procedure and a copy of its rulebook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(HALL_BOOK, tmp_path / "book")
    shutil.copy(HALL, tmp_path / "hall.txt")
    (tmp_path / "new.txt").write_text(HALL_TEXT.replace(*CUT), encoding="utf-8")
    (tmp_path / "hall.docx").write_bytes(word(HALL_TEXT))
    return tmp_path


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit code of ``dueregard sop`` with the copied rulebook, and what it printed."""
    code = main(["sop", *arguments, "--rulebook", "book"])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "book" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder / "book").as_posix(): path.read_bytes()
        for path in sorted((folder / "book").rglob("*"))
        if path.is_file()
    }


def test_reading(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = called(capsys, "read", "hall.txt")
    assert (code, err) == (0, "")
    assert out.startswith("hall.txt: 11 sections, 30 paragraphs.\n\nSection Front, line 5\n")
    code, out, err = called(capsys, "read", "hall.docx", "--json")
    assert (code, err) == (0, "")
    assert [part["section"] for part in json.loads(out)["sections"]][-1] == "Changes"


def test_reading_with_a_rulebook_that_has_no_duty_yet(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folder / "book").glob("*/*.yaml"):
        path.unlink()
    (folder / "book" / "pins.yaml").unlink()
    code, out, err = called(capsys, "read", "hall.txt")
    assert (code, err) == (0, "")
    assert out.startswith("hall.txt: 11 sections")


def test_reading_a_document_of_other_headings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "new.txt").write_text(HALL_TEXT.replace("Lost keys\n", ""), encoding="utf-8")
    code, out, _ = called(capsys, "read", "new.txt")
    assert code == 2
    assert "book.yaml, heading 'Lost keys': new.txt has no such heading." in out


@pytest.mark.parametrize("name", ["hall.txt", "hall.docx"])
def test_coverage(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, err = called(capsys, "coverage", name)
    assert (code, err) == (0, "")
    assert "13 sentences with a word that obliges: 9 cited, 4 exempt" in out
    code, out, _ = called(capsys, "coverage", name, "--json")
    assert code == 0
    assert json.loads(out)["problems"] == []
    _, out, _ = called(capsys, "coverage", name, "--all")
    assert "4.1, 2: cited by list-gone-through" in out


def test_coverage_of_what_is_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence, a rule and a column: each of the three makes it end with 2."""
    (folder / "new.txt").write_text(
        HALL_TEXT.replace("longer.", "longer. Each loan must end."), encoding="utf-8"
    )
    code, out, _ = called(capsys, "coverage", "new.txt")
    assert code == 2
    assert "and no duty cites it: 'Each loan must end.'" in out
    edit(folder, "4.1-locking/doors-told.yaml", "told of to the Warden", "told to the Warden")
    code, out, _ = called(capsys, "coverage", "hall.txt")
    assert code == 2
    assert "4.1-locking/doors-told.yaml, citations 1: No paragraph of section '4.1'" in out
    edit(folder, "4.1-locking/doors-told.yaml", "told to the Warden", "told of to the Warden")
    rain = "      - name: rain\n        type: day\n"
    edit(folder, "registers.yaml", "      - name: done on\n", f"{rain}      - name: done on\n")
    code, out, _ = called(capsys, "coverage", "hall.txt")
    assert code == 2
    assert "No rule reads the column 'rain'." in out


def test_pinning_what_is_pinned_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (folder / "book").rglob("*")}
    assert called(capsys, "pin", "hall.docx") == (0, "10 pinned; 0 new.\n", "")
    assert {path: path.stat().st_mtime_ns for path in (folder / "book").rglob("*")} == before


def test_pinning_from_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """pins.yaml is written, and the fingerprints of exempt sentences into book.yaml."""
    (folder / "book" / "pins.yaml").unlink()
    book = folder / "book" / "book.yaml"
    lines = book.read_text(encoding="utf-8").splitlines(keepends=True)
    book.write_text("".join(line for line in lines if "fingerprint" not in line), encoding="utf-8")
    assert called(capsys, "pin", "hall.txt") == (0, "10 pinned; 14 new.\n", "")
    assert files(folder) == hall_files()
    assert not list((folder / "book").glob(".*"))


def test_pins_that_differ_are_listed_and_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = called(capsys, "pin", "new.txt")
    assert (code, err) == (2, "")
    assert out == (
        "10 pinned; 0 new. 2 have changed and were left as they are:\n"
        "  4.1, 'told of to the Warden'\n  4.1, 'try each door at dusk'\n"
    )
    assert files(folder) == hall_files()


def test_pins_that_differ_are_taken_when_accepted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = called(capsys, "pin", "new.txt", "--accept")
    assert code == 0
    assert out.startswith("10 pinned; 0 new. 2 pinned again:\n")
    assert called(capsys, "coverage", "new.txt")[0] == 0
    assert called(capsys, "coverage", "hall.txt")[0] == 2


def test_an_exemption_that_differs_is_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HALL_TEXT.replace("differ from one hall to the next", "differ from one hall to others")
    (folder / "new.txt").write_text(text, encoding="utf-8")
    code, out, _ = called(capsys, "pin", "new.txt")
    assert code == 2
    assert "1 has changed and was left as it is:\n  3, 'differ from one hall' (exempt)\n" in out
    code, out, _ = called(capsys, "coverage", "new.txt")
    assert code == 2
    assert "still no duty, run 'dueregard sop pin --accept --rulebook book'." in out
    assert called(capsys, "pin", "new.txt", "--accept")[0] == 0
    assert called(capsys, "coverage", "new.txt")[0] == 0


def test_a_citation_that_cannot_be_pinned(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, "4.1-locking/doors-told.yaml", "told of to the Warden", "sung to the Warden")
    code, out, _ = called(capsys, "pin", "hall.txt")
    assert code == 2
    assert "Not pinned:\n  4.1-locking/doors-told.yaml, citations 1: No paragraph of" in out
    assert "Removed, because nothing cites them:\n  4.1, 'told of to the Warden'\n" in out


def test_comparing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = called(capsys, "compare", "hall.txt", "new.txt", "--html", "out.html")
    assert (code, err) == (1, "")
    assert "[-two-] days" in out
    assert "They touch 2 of 9 duties." in out
    assert b"The doors are tried" in (folder / "out.html").read_bytes()
    code, out, _ = called(capsys, "compare", "hall.txt", "new.txt", "--json")
    assert code == 1
    assert json.loads(out)["duties"] == ["doors-told", "doors-tried"]


def test_comparing_two_forms_of_one_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(capsys, "compare", "hall.txt", "hall.docx")
    assert code == 0
    assert out.endswith("\nNothing changed.\n")


def test_a_page_never_takes_the_place_of_a_version(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = called(capsys, "compare", "hall.txt", "new.txt", "--html", "new.txt")
    assert code == 2
    assert err == (
        "Nothing was done: --html new.txt is one of the two versions, and would be overwritten."
        " Give another name or folder.\n"
    )
    assert (folder / "new.txt").read_text(encoding="utf-8") == HALL_TEXT.replace(*CUT)


def test_a_page_that_cannot_be_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = called(capsys, "compare", "hall.txt", "new.txt", "--html", "no/out.html")
    assert (code, out) == (2, "")
    assert err == "no/out.html could not be written: there is no such folder. Give another place.\n"


@pytest.mark.parametrize("command", [["read"], ["pin"], ["coverage"], ["compare", "hall.txt"]])
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone.txt", "gone.txt: The file was not found: check its name and its"),
        (
            "old.doc",
            "old.doc: Only .txt, .md and .docx files can be read. Save it as a Word document",
        ),
        (
            "bad.docx",
            "bad.docx: The file is not a Word document that can be read (.docx): open it in",
        ),
    ],
)
def test_a_document_that_cannot_be_read(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str], name: str, says: str
) -> None:
    """One sentence, exit 2, and nothing written."""
    for made in ("old.doc", "bad.docx"):
        (folder / made).write_bytes(b"words")
    code, out, err = called(capsys, *command, name)
    assert (code, out) == (2, "")
    assert err.startswith(says)
    assert len(err.splitlines()) == 1
    assert files(folder) == hall_files()


def test_a_rulebook_that_is_broken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, "pins.yaml", "pins:", "pints:")
    code, out, err = called(capsys, "coverage", "hall.txt")
    assert (code, out) == (2, "")
    assert "pins.yaml" in err


def test_an_exemption_on_one_line_is_not_written_into(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = '  - {section: "4.2", phrase: a week, reason: describes}\n'
    edit(folder, "book.yaml", "exempt:\n", f"exempt:\n{entry}")
    before = files(folder)
    code, _, err = called(capsys, "pin", "hall.txt")
    assert code == 2
    assert "Write each key of an exemption on a line of its own. Nothing was written." in err
    assert files(folder) == before
