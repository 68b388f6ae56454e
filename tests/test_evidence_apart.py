"""Files of evidence are opened in a process of their own, and what ends it is said of the file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from evidence.files import apart
from evidence.files.apart import opened
from evidence.files.opening import open_file
from evidence.limits import LIMITS
from evidence.raw_cells import Book, OpeningCode, RawWorkbook, Unopened
from tests.support import file_builders as made
from tests.support import swelling_files
from tests.support.desk_office import AS_OF, BOOK, ended, workbook
from tests.support.file_builders import Sheet
from tests.support.needs import ROOT
from tests.support.swelling_files import LONG, ods_row, ods_text, table

_MEGABYTE = 1024 * 1024
_SMALL = replace(LIMITS, memory=200 * _MEGABYTE)
_AMPLE = replace(LIMITS, memory=1_000 * _MEGABYTE)
_SHEET = Sheet("s", {(1, 1): "a", (2, 1): 1.0})
_REFUSAL = (
    "needs more memory to read than is available (the limit is 200 MB): save a copy that"
    " contains only the registers, without empty rows and columns that have a format."
)

bounded = pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux enforces a limit on the memory of a process",
)

#: What takes more than 250 MB to open, where opening a small file takes 130 MB.
NEEDY: Mapping[str, Callable[[], bytes]] = {
    "xlsx": lambda: swelling_files.shared(6_000, LONG),
    "xlsm": lambda: swelling_files.shared(6_000, LONG),
    "xls": lambda: swelling_files.xls_shared(4_000, LONG),
    "xlsb": lambda: swelling_files.xlsb_shared(6_000, LONG),
    "ods": lambda: table(ods_row(ods_text(LONG, 10), 400)),
    "csv": lambda: b"ab,cd,ef,gh,ij,kl,mn,op,qr,st\n" * 300_000,
}
MODEST: Mapping[str, Callable[[], bytes]] = {
    "xlsx": lambda: made.xlsx(_SHEET),
    "xlsm": lambda: made.xlsx(_SHEET),
    "xls": lambda: made.xls(_SHEET),
    "xlsb": lambda: made.xlsb(_SHEET),
    "ods": lambda: made.ods(_SHEET),
    "csv": lambda: b"a\n1\n",
}


def _written(folder: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in files}


def _books(files: Mapping[str, Path], memory: int = LIMITS.memory) -> list[Book]:
    with opened(files, replace(LIMITS, memory=memory)) as books:
        return list(books)


def test_it_opens_files_as_they_are_opened_in_one_process(tmp_path: Path) -> None:
    files = _written(tmp_path, {f"a.{ending}": make() for ending, make in MODEST.items()})
    part = "xl/worksheets/sheet1.xml"
    parts = swelling_files.members(made.xlsx(_SHEET))
    wrong = parts[part].replace(b"<v>", b"<w>").replace(b"</v>", b"</w>")
    files |= _written(tmp_path, {"b.xlsx": made.zipped({**parts, part: wrong}), "b.ods": b"PK"})
    files |= {"office.xlsx": ROOT / "examples" / "office.xlsx", "none.csv": tmp_path / "none.csv"}
    assert _books(files) == [open_file(path, name) for name, path in files.items()]


@pytest.mark.one_in(6)
@bounded
@pytest.mark.parametrize("ending", NEEDY)
def test_a_file_that_needs_more_memory_than_the_bound_is_refused(
    ending: str, tmp_path: Path
) -> None:
    name = f"a.{ending}"
    files = _written(tmp_path, {name: NEEDY[ending]()})
    (read,) = _books(files, _AMPLE.memory)
    assert isinstance(read, RawWorkbook), read
    assert _books(files, _SMALL.memory) == [
        Unopened(name, OpeningCode.TOO_MUCH_MEMORY, f"{name} {_REFUSAL}")
    ]


@pytest.mark.campaign
@bounded
def test_the_files_beside_one_that_ends_the_process_are_read(tmp_path: Path) -> None:
    data = {"1.csv": MODEST["csv"](), "2.xlsx": NEEDY["xlsx"](), "3.csv": NEEDY["csv"]()}
    data |= {"4.xlsx": MODEST["xlsx"](), "5.ods": NEEDY["ods"]()}
    books = _books(_written(tmp_path, data), _SMALL.memory)
    assert [item.file for item in books] == list(data)
    assert [isinstance(item, RawWorkbook) for item in books] == [True, False, False, True, False]


@bounded
def test_too_little_memory_at_the_start_is_reported_for_every_file(tmp_path: Path) -> None:
    files = _written(tmp_path, {"a.csv": b"a\n", "b.csv": b"a\n"})
    books = _books(files, 20 * _MEGABYTE)
    assert all(isinstance(item, Unopened) for item in books)
    assert [item.message.split(" needs more memory")[0] for item in books] == ["a.csv", "b.csv"]  # type: ignore[union-attr]


@bounded
def test_the_bound_of_whoever_runs_the_program_is_kept_where_it_is_less(tmp_path: Path) -> None:
    _written(tmp_path, {"a.xlsx": NEEDY["xlsx"]()})
    code = """
import resource
from pathlib import Path
from evidence.files.apart import opened
hard = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (200 * 1024 * 1024, hard))
with opened({"a.xlsx": Path("a.xlsx")}) as books:
    print(next(books).code)
"""
    done = ended([sys.executable, "-c", code], tmp_path)
    assert (done.code, done.out.strip()) == (0, "too-much-memory"), done.err


@bounded
def test_a_check_that_meets_the_bound_stops_and_leaves_the_old_reports(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("cli.check_steps.opened", partial(opened, limits=_SMALL))
    old = tmp_path / "out" / "assessment.json"
    old.parent.mkdir()
    old.write_text("old", encoding="utf-8")
    files = _written(tmp_path, {"good.xlsx": workbook(), "needy.ods": NEEDY["ods"]()})
    options = ["--as-of", AS_OF, "--rulebook", str(BOOK), "--out", str(old.parent)]
    options += ["--ledger", "none"]
    assert main(["check", *map(str, files.values()), *options]) == 2
    message = " ".join(capsys.readouterr().err.split())
    assert (
        message == f"Nothing was checked, because this file could not be read: needy.ods {_REFUSAL}"
    )
    assert old.read_text(encoding="utf-8") == "old"
    assert list(old.parent.iterdir()) == [old]
    assert main(["check", str(files["good.xlsx"]), *options]) == 0


# A process that goes wrong in other ways ----------------------------------------------------------


def _instead(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> dict[str, Path]:
    """Has that code run in place of the reading process; the files that it is asked for."""
    script = folder / "instead.py"
    script.write_text(code, encoding="utf-8")
    monkeypatch.setattr(apart, "_CHILD", script)
    return _written(folder, {"a.csv": b"a\n", "b.csv": b"a\n"})


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import sys; sys.exit(3)",
        "import os, sys; os.write(2, b'noise'); os._exit(1)",
        "import sys; sys.stdout.buffer.write(b'\\x80\\x05]\\x94')",
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", marks=bounded),
    ],
)
def test_a_process_that_breaks_off_is_a_sentence_about_each_file(
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    books = _books(_instead(monkeypatch, tmp_path, code))
    assert [item.file for item in books] == ["a.csv", "b.csv"]
    for book in books:
        assert isinstance(book, Unopened)
        assert book.code is OpeningCode.DAMAGED
        assert book.message.startswith(
            f"{book.file} is damaged (the program that reads it broke off): open it in Excel"
        )
    assert capfd.readouterr() == ("", "")


@bounded
@pytest.mark.parametrize("signal", ["SIGABRT", "SIGKILL"])
def test_the_signals_of_a_process_that_is_refused_memory_say_so(
    signal: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = f"import os, signal; os.kill(os.getpid(), signal.{signal})"
    books = _books(_instead(monkeypatch, tmp_path, code))
    assert [item.code for item in books if isinstance(item, Unopened)] == [
        OpeningCode.TOO_MUCH_MEMORY
    ] * 2


def test_a_process_that_cannot_begin_is_a_sentence_about_each_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    books = _books(_written(tmp_path, {"a.csv": b"a\n", "b.csv": b"a\n"}))
    assert [item.code for item in books if isinstance(item, Unopened)] == [
        OpeningCode.TOO_MUCH_MEMORY
    ] * 2


def test_want_of_memory_for_what_it_read_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def want(_: object) -> None:
        raise MemoryError

    files = _written(tmp_path, {"a.csv": b"a\n"})
    monkeypatch.setattr("evidence.files.apart.pickle.load", want)
    (found,) = _books(files)
    assert isinstance(found, Unopened)
    assert found.message.startswith("a.csv needs more memory to read than is available")


def test_a_fault_of_the_program_in_that_process_is_not_blamed_on_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = str(apart._CHILD)
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import evidence.files.opening
from evidence.files import apart_child
def wrong(*given):
    raise KeyError("ours")
evidence.files.opening.open_file = wrong
apart_child.__file__ = {real!r}
sys.exit(apart_child.main())
"""
    script = _instead(
        monkeypatch, tmp_path, code.replace("import evidence.files.opening", _LIBRARY, 1)
    )
    with pytest.raises(apart.ReaderFault, match="KeyError: 'ours'"):
        _books(script)


_LIBRARY = "sys.path.append(sys.argv[2])\nimport evidence.files.opening"


def test_leaving_before_all_is_read_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = _instead(monkeypatch, tmp_path, "import time; time.sleep(600)")
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        started.append(start(*given, **named))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    with pytest.raises(KeyboardInterrupt), opened(files):
        raise KeyboardInterrupt
    assert len(started) == 1
    assert started[0].returncode is not None
    assert started[0].stdout is not None
    assert started[0].stdout.closed
