"""The formats of reports: one record says all that the program has to know of a format."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from reports.formats import FORMATS
from tests.support.desk_office import AS_OF, Ended, altered, ended, rulebook, workbook
from tests.support.needs import ROOT
from tests.test_project_docs import PACKAGES, PAGES

_PAGES_OF_THE_DAY = f"""
import json
from pathlib import Path
from tests.support.browser_pages import site_of, visit
site, day = site_of(Path().resolve()), "/reports/{AS_OF}"
file = visit(site, "GET", day + "/assessment.md")
print(json.dumps({{
    "report": "/assessment.md" in visit(site, "GET", day).text,
    "month": "The report in Markdown" in visit(site, "GET", day + "/month").words,
    "file": file.text,
    "headers": dict(file.headers),
}}))
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with one more format, added as CONTRIBUTING says."""
    folder = tmp_path_factory.mktemp("program")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    section = PAGES["CONTRIBUTING.md"].partition("\n## Add a report format\n")[2]
    function, record = re.findall(r"^```text\n(.*?)^```$", section, re.M | re.S)[:2]
    path = folder / "reports" / "formats.py"
    text = path.read_text(encoding="utf-8")
    for before, added in (
        ("#: Each format by", f"{function}\n\n"),
        ('        "json": Rep', record),
    ):
        assert text.count(before) == 1
        text = text.replace(before, added + before)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of a small office."""
    rulebook(tmp_path / "rules")
    (tmp_path / "desk.xlsx").write_bytes(workbook())
    text = "version: 1\nrulebook: rules\nevidence:\n  - desk.xlsx\n"
    (tmp_path / "office.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def run(program: Path, office: Path, *arguments: str) -> Ended:
    """A command of that program, run in the office's folder."""
    path = os.pathsep.join(map(str, (program, ROOT)))
    return ended(altered("", arguments), office, PYTHONPATH=path)


def test_a_format_is_added_in_one_place(program: Path, office: Path) -> None:
    """The commands and the pages in the browser write, name, list and show its file."""
    alone = run(program, office, "check", "--as-of", AS_OF, "--formats", "md", "--out", "alone")
    assert alone.err == ""
    assert "Open this file first: alone/assessment.md\n" in alone.out
    nameless = run(program, office, "check", "--as-of", AS_OF, "--without-names", "--out", "none")
    assert nameless.err == ""
    assert (office / "none" / "assessment.md").read_text() == "# Position at 24 November 2026\n"
    refused = run(program, office, "check", "--formats", "pdf")
    assert "Choose from html, xlsx, text, md and json." in refused.err

    month = run(program, office, "month", "--as-of", AS_OF)
    assert month.err == ""
    assert f"  The report in Markdown\n    reports/{AS_OF}/assessment.md\n" in month.out

    path = os.pathsep.join(map(str, (program, ROOT)))
    shown = ended([sys.executable, "-c", _PAGES_OF_THE_DAY], office, PYTHONPATH=path)
    assert shown.err == ""
    answers = json.loads(shown.out)
    assert answers["report"]
    assert answers["month"]
    assert answers["file"] == "# Position at 24 November 2026\n"
    assert answers["headers"]["content-type"] == "text/plain; charset=utf-8"
    assert "content-disposition" not in answers["headers"]


def test_the_data_comes_last() -> None:
    """A person opens it last, and it alone cannot do without names."""
    assert list(FORMATS)[-1] == "json"
    assert [name for name, one in FORMATS.items() if one.always_names] == ["json"]
