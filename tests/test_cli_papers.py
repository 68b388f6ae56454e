"""dueregard papers: in an office's folder, as a process, with templates of the office's own."""

from __future__ import annotations

import io
import re
import shutil
import stat
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from cli.commands.papers import pdf
from cli.commands.papers.make import make_papers
from cli.commands.papers.pdf import to_pdfs
from cli.exits import Stop
from rules.load import OWN_BOOK
from tests.support.assessment_sample import sample
from tests.support.desk_office import Ended, called, dueregard, workbook
from tests.test_reports_without_names import SEED, contents, seeded

pytestmark = pytest.mark.usefixtures("no_year_ahead")

OUT = "reports/2026-11-24"
BOOK = Path(__file__).parent / "small_book"
PAPERS = [f"{OUT}/paper.docx", f"{OUT}/statement.docx"]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's folder with the reports of two days, and seeded names."""
    folder = tmp_path_factory.mktemp("office")
    seeded(folder / "office.xlsx")
    (folder / "office.yaml").write_text("version: 1\nevidence: [office.xlsx]\n", "utf-8")
    formats = ("--formats", "json")
    assert called(folder, "check", "--as-of", "2026-08-03", *formats).code < 2
    book = load_workbook(folder / "office.xlsx")
    book["Staff"].delete_rows(8)
    book["Training"].delete_rows(20, 30)
    book.save(folder / "office.xlsx")
    assert called(folder, "check", "--as-of", "2026-11-24", *formats).code < 2
    return folder


@pytest.fixture
def office(checked: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return shutil.copytree(checked, tmp_path / "office")


def texts(path: Path) -> str:
    """All text of a document."""
    element = docx.Document(io.BytesIO(path.read_bytes())).element
    return "\n".join(element.itertext())


def seeds(path: Path) -> list[str]:
    """Where a seeded text is in the parts of a document; the pixels of its picture are pressed, and
    may have any bytes."""
    parts = [(name, data.lower()) for name, data in contents(path).items() if ".png" not in name]
    assert len(parts) > 10
    return [
        f"{name}: {data[max(0, at - 40) : at + 40]!r}"
        for name, data in parts
        if (at := data.find(SEED.encode())) >= 0
    ]


def test_the_papers_are_written_beside_the_latest_report(office: Path) -> None:
    assert dueregard(office, "papers") == Ended(0, "".join(f"Saved: {p}\n" for p in PAPERS), "")
    first = [(office / path).read_bytes() for path in PAPERS]
    assert called(office, "papers", OUT).code == 0
    assert [(office / path).read_bytes() for path in PAPERS] == first
    assert "What changed since 3 August 2026" in texts(office / PAPERS[0])
    assert "Nobody has signed off this report yet." in texts(office / PAPERS[1])


def test_the_paper_refers_to_no_cell_and_no_training_record(office: Path) -> None:
    assert called(office, "papers").code == 0
    place = re.compile(r"\b(?:[A-Z]{1,2}\d+ of [A-Z]|cell [A-Z]+\d|row \d)|T00\d|CASE-\d|\bS9O4")
    assert place.search(texts(office / PAPERS[1]))
    assert not place.search(texts(office / PAPERS[0]))


def test_no_seeded_text_is_in_any_byte(office: Path) -> None:
    """The check before had people who have left; a sign-off may name anybody."""
    sign = (
        "sign",
        "--by",
        "ZQ-001",
        "--as",
        "lead",
        "--says",
        "Told ZqforeS002 ZqsurS002 of ZQ-003.",
    )
    assert called(office, *sign).code == 0
    assert called(office, "papers").code == 0
    text = (office / OUT / "assessment.json").read_text(encoding="utf-8").casefold()
    assert SEED in text
    for path in PAPERS:
        assert seeds(office / path) == []
        assert "Looked through by one member of staff" in texts(office / path)
        assert "a member of staff (" not in texts(office / path).casefold()


def test_without_the_ledger_nothing_of_the_check_before_is_named(office: Path) -> None:
    (office / "dueregard-ledger.sqlite").unlink()
    (office / OUT / "run.json").unlink()
    assert called(office, "papers").code == 0
    for path in PAPERS:
        assert seeds(office / path) == []


def test_the_templates_are_copied_once_and_used(office: Path) -> None:
    own = "papers/paper.docx", "papers/statement.docx"
    copied = called(office, "papers", "--templates")
    assert copied == Ended(0, f"Saved: {own[0]}\nSaved: {own[1]}\n", "")
    assert (office / own[0]).read_bytes() == (OWN_BOOK / own[0]).read_bytes()
    document = docx.Document(str(office / own[0]))
    document.paragraphs[0].text = "Ours: {{ title }}"
    document.save(str(office / own[0]))
    changed = (office / own[0]).read_bytes()
    again = called(office, "papers", "--templates")
    assert again == Ended(
        0,
        f"{own[0]} is not the original, so it was left as it is. To begin again, move it away "
        f"first.\n{own[1]} is the original already.\n",
        "",
    )
    assert (office / own[0]).read_bytes() == changed
    assert called(office, "papers").code == 0
    assert "Ours: Prevent duty: position and next steps" in texts(office / PAPERS[0])


def test_an_error_in_a_template_writes_nothing(office: Path) -> None:
    (office / "papers").mkdir()
    document = docx.Document()
    document.add_paragraph("Late: {{ overdeu }}")
    document.save(str(office / "papers" / "statement.docx"))
    ended = called(office, "papers")
    assert (ended.code, ended.out) == (2, "")
    first, second, third = ended.err.splitlines()
    assert first == "No paper was written. The template papers/statement.docx cannot be used:"
    assert second == (
        "  In the paragraph 'Late: {{ overdeu }}': there is no field 'overdeu'. "
        "Write 'overdue' if that is what you mean."
    )
    assert third.startswith("The fields are: marking, title, ")
    assert not (office / PAPERS[0]).exists()


def test_templates_need_an_office_and_papers_a_report(tmp_path: Path) -> None:
    ended = called(tmp_path, "papers", "--templates")
    assert ended.code == 2
    assert ended.err == (
        f"There is no office.yaml in {tmp_path}. Copy the templates into the office's folder; "
        "'dueregard start' sets one up.\n"
    )
    assert "There is no report in the folder" in called(tmp_path, "papers").err


def test_a_rulebook_without_papers_gives_the_paper_alone(tmp_path: Path) -> None:
    (tmp_path / "office.xlsx").write_bytes(workbook())
    check = ("check", "office.xlsx", "--as-of", "2026-11-24", "--ledger", "none")
    assert called(tmp_path, *check, "--rulebook", BOOK, "--out", "out").code < 2
    ended = called(tmp_path, "papers", "out", "--rulebook", BOOK, "--out", "made")
    assert ended == Ended(0, "Saved: made/paper.docx\n", "")
    assert "Position and next steps" in texts(tmp_path / "made" / "paper.docx")


# PDF --------------------------------------------------------------------------------------------


def program(folder: Path, script: str) -> Path:
    """A program in place of LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (None, "LibreOffice was not found, which makes PDFs."),
        ("exit 3", "LibreOffice made no PDF (it ended with 3)."),
        ("exit 0", "LibreOffice made no PDF."),
        ("sleep 60", "LibreOffice made no PDF within 0.2 seconds."),
    ],
)
def test_why_there_is_no_pdf(
    script: str | None, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter(() if script is None else (program(tmp_path, script),))
    monkeypatch.setattr(pdf, "_programs", lambda: found)
    monkeypatch.setattr(pdf, "SECONDS", 0.2)
    with pytest.raises(Stop) as stop:
        to_pdfs({"paper.docx": b"x"})
    leave = "Leave out --pdf, and save the paper as PDF in Word."
    assert str(stop.value) == f"No paper was written: {message} {leave}"


@pytest.mark.campaign
@pytest.mark.needs("libreoffice")
def test_a_pdf_of_each_paper() -> None:
    papers = make_papers(sample(), None, pdf=True)
    assert list(papers) == ["paper.docx", "statement.docx", "paper.pdf", "statement.pdf"]
    assert papers["statement.pdf"].startswith(b"%PDF")
