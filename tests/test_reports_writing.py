"""Writing the reports: all of them, or none and the old ones stay whole."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence import output_file
from evidence.cells.text import listed
from reports.compare.changes import compared
from reports.html.report import to_html
from reports.json import to_json
from reports.text import summary
from reports.writing import ALL, FILES, FORMATS, CannotWrite, write_reports
from reports.xlsx import report as xlsx_report
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import days
from tests.support.assessment_sample import sample
from tests.support.desk_office import AS_OF, Ended, altered, ended, rulebook, workbook
from tests.support.needs import ROOT
from tests.test_project_docs import PACKAGES, PAGES

NAMES = list(FILES.values())


def test_it_writes_every_report_into_a_new_folder(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    evidence = tmp_path / "the evidence"
    old = sample(as_of=days(-30))
    made = compared(old, sample())
    written = write_reports(made, out, evidence=evidence)
    assert written == [out / name for name in NAMES]
    expected = {
        "assessment.html": to_html(made),
        "assessment.xlsx": to_xlsx(made, "../../the evidence"),
        "summary.txt": summary(made).encode(),
        "assessment.json": to_json(made),
    }
    assert {name: (out / name).read_bytes() for name in expected} == expected
    assert sorted(path.name for path in out.iterdir()) == sorted(NAMES)


def test_it_writes_only_the_formats_asked_for(tmp_path: Path) -> None:
    assert write_reports(sample(), tmp_path, formats=["json"]) == [tmp_path / "assessment.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["assessment.json"]


def test_what_was_made_already_is_written_as_it_is(tmp_path: Path) -> None:
    evidence, out = tmp_path / "the evidence", tmp_path / "out"
    written = write_reports(sample(), out, evidence=evidence, made={"json": b"{}"})
    assert written == [out / name for name in NAMES]
    expected = {
        "assessment.html": to_html(sample()),
        "assessment.xlsx": to_xlsx(sample(), "../the evidence"),
        "summary.txt": summary(sample()).encode(),
        "assessment.json": b"{}",
    }
    assert {name: (out / name).read_bytes() for name in expected} == expected


def test_it_replaces_old_reports_and_leaves_nothing_beside_them(tmp_path: Path) -> None:
    write_reports(sample(as_of=days(-30)), tmp_path)
    write_reports(sample(), tmp_path)
    assert (tmp_path / "assessment.json").read_bytes() == to_json(sample())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def old_reports(folder: Path) -> dict[str, bytes]:
    for path in write_reports(sample(as_of=days(-30)), folder):
        path.write_bytes(b"old " + path.name.encode())
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_old_reports_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old_reports(tmp_path)
    monkeypatch.setattr(output_file, "_write", full_disk)
    with pytest.raises(CannotWrite) as stopped:
        write_reports(sample(), tmp_path)
    assert str(stopped.value) == (
        f"The folder {tmp_path} cannot be written to: the disk is full. No report was saved; the"
        " earlier one is unchanged. Choose another folder with --out."
    )
    assert contents(tmp_path) == before


def locked(name: str) -> Callable[[Path, Path], Path]:
    """Path.replace where another program has the file ``name`` open."""

    def replace(path: Path, target: Path) -> Path:
        if target.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        os.replace(path, target)  # noqa: PTH105 - the method is what is replaced
        return Path(target)

    return replace


@pytest.mark.parametrize("name", NAMES)
def test_a_report_that_cannot_be_replaced_leaves_all_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = old_reports(tmp_path)
    monkeypatch.setattr(Path, "replace", locked(name))
    with pytest.raises(CannotWrite, match=r"to write there\. No report was saved; the"):
        write_reports(sample(), tmp_path)
    assert contents(tmp_path) == before


def test_a_folder_where_a_report_belongs_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "assessment.xlsx").mkdir()
    (tmp_path / "assessment.xlsx" / "kept").write_text("kept")
    with pytest.raises(CannotWrite):
        write_reports(sample(), tmp_path)
    assert contents(tmp_path) == {}
    assert (tmp_path / "assessment.xlsx" / "kept").read_text() == "kept"


def test_a_file_in_the_folders_place_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    with pytest.raises(CannotWrite) as stopped:
        write_reports(sample(), out)
    assert str(stopped.value) == (
        f"The folder {out} cannot be written to: a file has its name. No report was saved. "
        "Choose another folder with --out."
    )
    assert out.read_text() == "mine"


def test_a_report_that_cannot_be_made_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("a bug")

    before = old_reports(tmp_path)
    monkeypatch.setattr(xlsx_report, "to_xlsx", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        write_reports(sample(), tmp_path)
    assert contents(tmp_path) == before


def test_reports_do_without_what_assesses() -> None:
    """Starting stays quick: what shows an assessment never loads what makes one."""
    code = (
        "import sys; from reports.writing import ALL, load; load(ALL); "
        "assert 'reports.xlsx.report' in sys.modules; sys.exit('engine.check' in sys.modules)"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


# Another format ---------------------------------------------------------------------------------

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
    """A copy of the program with one more format, added as docs/recipes.md says."""
    folder = tmp_path_factory.mktemp("program")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    section = PAGES["docs/recipes.md"].partition("\n## Add a report format\n")[2]
    function, record = re.findall(r"^```text\n(.*?)^```$", section, re.M | re.S)[:2]
    path = folder / "reports" / "writing.py"
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


@pytest.mark.campaign
def test_a_format_is_added_in_one_place(program: Path, office: Path) -> None:
    """The commands and the pages in the browser write, name, list and show its file."""
    alone = run(program, office, "check", "--as-of", AS_OF, "--formats", "md", "--out", "alone")
    assert alone.err == ""
    assert "Open this file first: alone/assessment.md\n" in alone.out
    nameless = run(program, office, "check", "--as-of", AS_OF, "--without-names", "--out", "none")
    assert nameless.err == ""
    assert (office / "none" / "assessment.md").read_text() == "# Position at 24 November 2026\n"
    refused = run(program, office, "check", "--formats", "pdf")
    *others, data = ALL
    assert f"Choose from {listed([*dict.fromkeys([*others, 'md']), data])}." in refused.err

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
