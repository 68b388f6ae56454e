"""Links to documents: what is one, where it leads, and how it is shown."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from engine.assessment import Assessment
from engine.outcome import Status
from evidence.cells.link_text import address_of
from evidence.cells.types import type_cells
from evidence.register import ColumnSpec
from evidence.table import CellState
from record.recheck import recheck
from reports.json import from_json
from rules.load import load_rulebook
from tests.support import html_page
from tests.support.desk_office import (
    AS_OF,
    COUNCIL,
    DESK,
    HEADINGS,
    SHOWN,
    Rows,
    called,
    rulebook,
    workbook,
)
from tests.support.hostile_texts import FORMULAS, MARKUP

SITE = "https://example.invalid/sites/Prevent/plan.docx?web=1#page=2"
LINK = ColumnSpec.model_validate({"name": "link", "type": "link", "blank": "nothing"})
ENTER = (
    "Enter an address that begins with https:// or file://, or a whole path such as"
    r" \\server\shared\plan.docx."
)
NO_LINKS = (
    *MARKUP,
    *FORMULAS,
    "javascript:alert(1)",
    "JavaScript://example.invalid/%0aalert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "http://example.invalid/",
    "mailto:someone@example.invalid",
    "ftp://example.invalid/plan.docx",
    "https:example.invalid",
    "https://",
    "https:///plan.docx",
    "https://example.invalid@elsewhere.invalid/",
    'https://example.invalid/" onclick="alert(1)',
    "https://example.invalid/\njavascript:alert(1)",
    "https://example.invalid/\u202efdp.exe",
    "file:plan.docx",
    "plan.docx",
    "Policies/plan.docx",
    "C:plan.docx",
    "//example.invalid/plan.docx",
    "\\\\?\\C:\\plan.docx",
    "see the shared drive",
    f"https://example.invalid/{'x' * 2000}",
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (SITE, SITE),
        (" HTTPS://Example.invalid:8443 ", "HTTPS://Example.invalid:8443"),
        ("https://example.invalid/Shared Documents/p", "https://example.invalid/Shared%20Documents/p"),
        ("file://server/Prevent/a plan.docx", "file://server/Prevent/a%20plan.docx"),
        (r"C:\Prevent\a plan #2.docx", "file:///C:/Prevent/a%20plan%20%232.docx"),
        (r"\\server\Prevent\plan.docx", "file://server/Prevent/plan.docx"),
        ("/home/office/plan & <.docx", ""),
        ("/home/office/plan&co.docx", "file:///home/office/plan%26co.docx"),
    ],
)  # fmt: skip
def test_a_link_leads_to_its_address(text: str, address: str) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize("text", NO_LINKS)
def test_a_text_that_is_not_a_link_cannot_be_read(text: str) -> None:
    assert address_of(text) == ""
    read = type_cells(LINK, [text])
    assert (read.value[0], read.state[0] == CellState.READ) == (None, False)


def test_what_cannot_be_read_says_what_to_enter() -> None:
    read = type_cells(LINK, ["javascript:alert(1)", "tbc", "", SITE])
    assert read.unread[0].message == f"'javascript:alert(1)' is not a link. {ENTER}"
    assert list(read.state[1:]) == [CellState.NOTHING, CellState.NOTHING, CellState.READ]
    assert read.value[3] == SITE


# In a check ---------------------------------------------------------------------------------------

COLUMN = """      - name: note
        type: text
        required: no
        blank: nothing
"""
WITH_LINK = COLUMN + COLUMN.replace("note", "document").replace("type: text", "type: link")


LINKED = {"registers.yaml": (COLUMN, WITH_LINK)}


def checked(folder: Path, checks: Rows, edits: Mapping[str, tuple[str, str]] = LINKED) -> Path:
    """The reports of a check by the small rulebook with a column of links."""
    book = rulebook(folder / "book", edits)
    (folder / "office.xlsx").write_bytes(workbook(checks=checks))
    arguments = ("office.xlsx", "--rulebook", str(book), "--as-of", AS_OF, "--ledger", "none")
    done = called(folder, "check", *arguments, "--out", "out")
    assert done.code in (0, 1), done.err
    return folder / "out"


def packed(folder: Path) -> int:
    """How the verifier ends for a pack of that check."""
    done = called(folder, "pack", "pack.zip", "out/assessment.json", "--evidence", "office.xlsx",
                  "--rulebook", "book")  # fmt: skip
    assert done.code == 0, done.err
    return recheck.program([str(folder / "pack.zip")])


def hyperlinks(path: Path) -> list[str]:
    """The addresses outside the evidence to which cells of the report's workbook lead."""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if "rels" in name]
    external = re.findall(r'<Relationship [^>]*TargetMode="External"[^>]*>', "".join(parts))
    targets = [html.unescape(re.findall(r' Target="([^"]*)"', one)[0]) for one in external]
    return [target for target in targets if "office.xlsx" not in target]


def test_a_link_is_shown_and_can_be_followed(tmp_path: Path) -> None:
    share = r"\\server\Prevent\a & b.docx"
    rows = [[*HEADINGS, "document"], [*DESK, SITE], [*SHOWN, share], [*COUNCIL, "tbc"]]
    out = checked(tmp_path, rows)
    root = html_page.parsed((out / "assessment.html").read_bytes())
    links = [a for a in root.all("a") if a.attributes.get("rel") == "noopener noreferrer"]
    shown = {a.attributes["href"] for a in links}
    assert shown == {SITE, "file://server/Prevent/a%20%26%20b.docx"}
    assert {a.text() for a in links} == {"Open document"}
    book = openpyxl.load_workbook(out / "assessment.xlsx")
    cells = [[cell.value for cell in row] for row in book["Linked documents"].iter_rows(min_row=3)]
    assert sorted((row[2], row[3]) for row in cells) == sorted(("document", one) for one in shown)
    assert set(hyperlinks(out / "assessment.xlsx")) == shown
    assert packed(tmp_path) == 0


@pytest.mark.parametrize("text", ["javascript:alert(1)", '=HYPERLINK("http://example.invalid/")'])
def test_a_text_that_is_not_a_link_is_never_clickable(tmp_path: Path, text: str) -> None:
    out = checked(tmp_path, [[*HEADINGS, "document"], [*DESK, text], SHOWN, COUNCIL])
    page = (out / "assessment.html").read_text(encoding="utf-8")
    assert "noopener" not in page
    assert 'href="javascript' not in page
    assert hyperlinks(out / "assessment.xlsx") == []
    if text.startswith("java"):
        assert "is not a link. Enter an address that begins with https:// or file://" in page


def test_without_links_nothing_of_a_report_changes(tmp_path: Path) -> None:
    rows = [HEADINGS, DESK, SHOWN, COUNCIL]
    reports = []
    for name, edits in (("with", LINKED), ("without", {})):
        (tmp_path / name).mkdir()
        out = checked(tmp_path / name, rows, edits)
        reports.append((out / "summary.txt").read_bytes())
        assert "Linked documents" not in openpyxl.load_workbook(out / "assessment.xlsx").sheetnames
        assert b"noopener" not in (out / "assessment.html").read_bytes()
    assert reports[0] == reports[1]


ASKED = "equals: desk\n        - column: document\n          filled: yes"


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [
        (SITE, Status.MET, ""),
        ("", Status.OVERDUE, "What to do: Enter in cell E2 of Checks a link."),
        (
            "javascript:alert(1)",
            Status.OVERDUE,
            "What to do: In cell E2 of Checks, enter an address that begins with https:",
        ),
    ],
)
def test_a_rule_may_ask_whether_a_link_is_filled(
    tmp_path: Path, text: str, status: Status, says: str
) -> None:
    rows = [[*HEADINGS, "document"], [*DESK, text], SHOWN, COUNCIL]
    out = checked(tmp_path, rows, LINKED | {"1-desk/desk-checked.yaml": ("equals: desk", ASKED)})
    assessment = from_json((out / "assessment.json").read_bytes())
    assert isinstance(assessment, Assessment)
    (duty,) = [duty for duty in assessment.duties if duty.id == "desk-checked"]
    assert duty.status is status
    assert says in " ".join((out / "summary.txt").read_text(encoding="utf-8").split())
    assert packed(tmp_path) == 0


def test_the_blank_workbook_says_what_to_enter(tmp_path: Path) -> None:
    book = rulebook(tmp_path / "book", LINKED)
    done = called(tmp_path, "template", "blank.xlsx", "--rulebook", str(book))
    assert done.code == 0, done.err
    sheet = openpyxl.load_workbook(tmp_path / "blank.xlsx")["Checks"]
    notes = [cell.comment.text for row in sheet for cell in row if cell.comment]
    advice = "Enter an address that begins with https://, or a whole path."
    assert sum(advice in note for note in notes) == 1


def test_a_rule_may_ask_only_whether_a_link_is_filled(tmp_path: Path) -> None:
    asks = "equals: desk\n        - column: document\n          equals: x"
    edits = {"1-desk/desk-checked.yaml": ("equals: desk", asks)}
    problems = load_rulebook(rulebook(tmp_path, LINKED | edits))
    assert isinstance(problems, tuple)
    assert "equals" in problems[0].message
