"""A SOP as a Word document is opened in a process of its own, within a bound on memory."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cli.main import main
from evidence.files import apart
from evidence.limits import LIMITS
from rules.sop_files import read as reading
from tests.support.desk_office import AS_OF, BOOK, workbook
from tests.support.sop_builders import HALL_BOOK, HALL_TEXT, word

_SMALL = replace(LIMITS, memory=100 * 1024 * 1024)
_EMPTY = b"<w:p><w:r><w:rPr/></w:r></w:p>"
_REFUSAL = (
    "The file needs more memory to read than is available (the limit is 100 MB): save a copy that"
    " contains only the SOP."
)

bounded = pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux enforces a limit on the memory of a process",
)


def _needy() -> bytes:
    """A document that takes more than 120 MB to open, where opening a small one takes 60 MB."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(HALL_TEXT))) as given, zipfile.ZipFile(whole, "w") as made:
        for name in given.namelist():
            data = given.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:sectPr", _EMPTY * 200_000 + b"<w:sectPr", 1)
            made.writestr(name, data)
    return whole.getvalue()


def _checked(folder: Path, sop: Path) -> int:
    (folder / "good.xlsx").write_bytes(workbook())
    asked = ["check", str(folder / "good.xlsx"), "--as-of", AS_OF, "--rulebook", str(BOOK)]
    return main([*asked, "--sop", str(sop), "--out", str(folder / "out"), "--ledger", "none"])


@bounded
def test_a_document_that_meets_the_bound_stops_the_check_and_leaves_the_old_reports(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    old = tmp_path / "out" / "assessment.json"
    old.parent.mkdir()
    old.write_text("old", encoding="utf-8")
    (tmp_path / "needy.docx").write_bytes(_needy())
    monkeypatch.setattr(reading, "LIMITS", _SMALL)
    assert _checked(tmp_path, tmp_path / "needy.docx") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said == f"Stopped: the SOP could not be read. needy.docx: {_REFUSAL}"
    assert old.read_text(encoding="utf-8") == "old"
    assert list(old.parent.iterdir()) == [old]


@bounded
def test_a_modest_document_is_read_within_that_bound(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hall.docx").write_bytes(word(HALL_TEXT))
    monkeypatch.setattr(reading, "LIMITS", _SMALL)
    asked = ["sop", "read", str(tmp_path / "hall.docx"), "--rulebook", str(HALL_BOOK)]
    assert main(asked) == 0


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "import os; os._exit(1)",
            "The file is not a Word document that can be read (.docx): open",
        ),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "The file needs more memory to read than is available (the limit is 4,096 MB): save",
            marks=bounded,
        ),
    ],
)
def test_a_process_that_dies_is_a_sentence_about_the_document(
    code: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "instead.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(apart, "_CHILD", tmp_path / "instead.py")
    (tmp_path / "hall.docx").write_bytes(word(HALL_TEXT))
    asked = ["sop", "read", str(tmp_path / "hall.docx"), "--rulebook", str(HALL_BOOK)]
    assert main(asked) == 2
    assert capsys.readouterr().err.startswith(f"hall.docx: {says}")
