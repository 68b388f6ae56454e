"""Reports and documents of another body than an office: its own words, and none of an office's."""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.assessment import BodyStamp
from reports import words
from tests.support.desk_office import BOOK, DESK, HEADINGS, called, ended, rulebook, workbook

#: Words of the body for which the program's own rulebook was written.
_OTHERS = re.compile(
    r"\bprevent\b|opcc|\bpcc\b|police|commissioner|office|section 26|due regard", re.IGNORECASE
)
#: The format of assessment.json and the addresses within a page, in which 'office' is the body's
#: own list; the program's name; the namespace of a workbook; and the file of the folder.
_FORMAT = re.compile(
    r'"(?:office|answers|subject|list)": ?"?office"?|"office":|#?"office"|list=office|"#office"'
    r"|a\.status\.office|openxmlformats-officedocument|office\.yaml|Due Regard|dueregard"
)
_SCHOOL = """\
body:
  called: school
  head: governors
  lead: head teacher
  met does not mean: It does not say that pupils are safe.
"""
_BOOK = (BOOK / "book.yaml").read_text(encoding="utf-8")
#: What the small rulebook says of an office.
_OFFICE = _BOOK[_BOOK.index("body:\n") : _BOOK.index("sections:\n")]
BODIES = {
    "": BodyStamp(),
    _SCHOOL: BodyStamp(
        "school", "governors", "head teacher", "It does not say that pupils are safe."
    ),
}


@pytest.fixture(params=BODIES, ids=["a body without words", "a school"])
def body(request: pytest.FixtureRequest, tmp_path: Path) -> BodyStamp:
    """What reports call the body, with its rulebook 'book' and two checks in the folder."""
    book = rulebook(tmp_path / "book", {"book.yaml": (_OFFICE, request.param)})
    for path in book.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("Office", "School")
        path.write_text(text, encoding="utf-8")
    (tmp_path / "then.xlsx").write_bytes(workbook())
    late = [HEADINGS, [*DESK[:2], "soon", *DESK[3:]], ["c9", "p7", "", "shown"]]
    (tmp_path / "now.xlsx").write_bytes(workbook(checks=late))
    return BODIES[request.param]


def _check(folder: Path, day: str, name: str, *more: str) -> str:
    ended_ = called(
        folder, "check", f"{name}.xlsx", "--rulebook", "book", "--as-of", day, "--out", name,
        "--ledger", "ledger.sqlite", "--records-begin", "2025-01-01", *more,
    )  # fmt: skip
    return ended_.out + ended_.err


def _cells(path: Path) -> Iterator[str]:
    for sheet in load_workbook(path):
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                yield str(cell.value or "")
                yield cell.comment.text if cell.comment else ""
        for rule in sheet.data_validations.dataValidation:
            yield f"{rule.formula1} {rule.prompt} {rule.error}"


@pytest.mark.one_in(2)
def test_no_report_or_document_of_another_body_has_the_words_of_an_office(
    body: BodyStamp, tmp_path: Path
) -> None:
    texts = {"terminal": _check(tmp_path, "2026-11-24", "then")}
    texts["terminal"] += _check(tmp_path, "2027-06-01", "now", "--since", "then/assessment.json")
    assert texts["terminal"].startswith("OFFICIAL"), texts["terminal"]
    for name in ("then", "now"):
        for file in ("summary.txt", "assessment.html", "assessment.json"):
            texts[f"{name}/{file}"] = (tmp_path / name / file).read_text(encoding="utf-8")
        texts[f"{name}.xlsx"] = "\n".join(_cells(tmp_path / name / "assessment.xlsx"))
    for duty in ("desk-checked", "council-told", "person-shown"):
        for more in ((), ("--json",), ("--trace",)):
            explained = called(tmp_path, "explain", "now/assessment.json", duty, *more)
            assert not explained.code
            texts[f"explain {duty} {more}"] = explained.out
    of_body = ("desk-checked", "--subject", body.called)
    assert called(tmp_path, "explain", "now/assessment.json", *of_body).code == 0
    shutil.copytree(tmp_path / "book", tmp_path / "draft")
    for command in (
        ("template", "empty.xlsx", "--rulebook", "book"),
        ("rules", "docs", "rules.html", "--rulebook", "book"),
        ("pack", "pack.zip", "now/assessment.json", "--evidence", "now.xlsx", "--rulebook", "book",
         "--ledger", "ledger.sqlite"),
        ("ledger", "compare", "1", "2", "--ledger", "ledger.sqlite"),
        ("ledger", "show", "2", "--ledger", "ledger.sqlite"),
        ("rules", "impact", "draft", "now.xlsx", "--old", "book", "--as-of", "2026-11-24"),
    ):  # fmt: skip
        done = called(tmp_path, *command)
        assert done.code in (0, 1), done
        texts[" ".join(command)] = done.out + done.err
    texts["template"] = "\n".join(_cells(tmp_path / "empty.xlsx"))
    texts["rules.html"] = (tmp_path / "rules.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith("README.txt"))
        texts["the pack's page"] = archive.read(name).decode()
        archive.extract("recheck.py", tmp_path)
    rechecked = ended([sys.executable, "recheck.py", "pack.zip"], tmp_path)
    assert not rechecked.code, rechecked
    texts["recheck"] = rechecked.out
    found = {
        name: lines
        for name, text in texts.items()
        if (
            lines := [
                line[:200] for line in text.splitlines() if _OTHERS.search(_FORMAT.sub("", line))
            ]
        )
    }
    assert not found
    whole = " ".join(texts["now/summary.txt"].split())
    assert f"of the {body.called}'s 2 duties" in whole
    assert f"FOR THE {body.head.upper()}" in whole
    assert words.met_means(body) in whole
    assert json.loads(texts["now/assessment.json"])["met_means"] == words.met_means(body)
