"""Writing the reports: all of them, or none and the old ones stay whole."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence import output_file
from reports.compare.changes import compared
from reports.html.report import to_html
from reports.json import to_json
from reports.text import summary
from reports.writing import CannotWrite, write_reports
from reports.xlsx import report as xlsx_report
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import days
from tests.support.assessment_sample import sample

NAMES = ["assessment.html", "assessment.xlsx", "summary.txt", "assessment.json"]


def test_it_writes_every_report_into_a_new_folder(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    evidence = tmp_path / "the evidence"
    old = sample(as_of=days(-30))
    made = compared(old, sample())
    written = write_reports(made, out, evidence=evidence)
    assert written == [out / name for name in NAMES]
    assert [path.read_bytes() for path in written] == [
        to_html(made),
        to_xlsx(made, "../../the evidence"),
        summary(made).encode(),
        to_json(made),
    ]
    assert sorted(path.name for path in out.iterdir()) == sorted(NAMES)


def test_it_writes_only_the_formats_asked_for(tmp_path: Path) -> None:
    assert write_reports(sample(), tmp_path, formats=["json"]) == [tmp_path / "assessment.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["assessment.json"]


def test_what_was_made_already_is_written_as_it_is(tmp_path: Path) -> None:
    evidence, out = tmp_path / "the evidence", tmp_path / "out"
    written = write_reports(sample(), out, evidence=evidence, made={"json": b"{}"})
    assert written == [out / name for name in NAMES]
    assert [path.read_bytes() for path in written] == [
        to_html(sample()),
        to_xlsx(sample(), "../the evidence"),
        summary(sample()).encode(),
        b"{}",
    ]


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
        "import sys; from reports.formats import ALL; from reports.writing import load; load(ALL); "
        "assert 'reports.xlsx.report' in sys.modules; sys.exit('engine.check' in sys.modules)"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0
