"""When the rules engine fails, is not there or takes long, and when somebody stops the check."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.decision.durable import decide
from engine.outcome import Answer, Status
from engine.plain.evaluate import evaluate
from tests.support import html_page
from tests.support.command_processes import Started
from tests.support.desk_office import (
    AS_OF,
    BOOK,
    COUNCIL,
    DESK,
    HEADINGS,
    Ended,
    altered,
    around,
    asked,
    called,
    copied,
    ended,
    reports,
    rulebook,
    workbook,
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a workbook and, in ``out``, what is taken for an old report."""
    (tmp_path / "office.xlsx").write_bytes(workbook())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "assessment.html").write_bytes(b"the old report")
    return tmp_path


OLD = {"assessment.html": b"the old report"}

# Our own fault -----------------------------------------------------------------------------------

#: The change to the program that makes it fail, and what must be said of it.
KILLED = (
    "import functools, os, cli.check_steps\n"
    "kill = lambda child: os.kill(child, 9)\n"
    "cli.check_steps.decide = functools.partial(cli.check_steps.decide, on_start=kill)"
)
KILLED_SAYS = (
    "The check was stopped and nothing was reported. The rules engine crashed: its process was"
    " ended by SIGKILL."
)


def _wrong(*given: Any, **named: Any) -> list[Answer]:
    first, *rest = evaluate(*given, **named)
    return [first._replace(status=Status.DUE), *rest]


def _stop(child: int) -> None:
    os.kill(child, signal.SIGSTOP)


#: More of them, planted in this process, and where.
PLANTED: Mapping[str, tuple[str, Callable[..., Any], str]] = {
    "the engine's process hangs": (
        "cli.check_steps.decide",
        partial(decide, on_start=_stop, timeout=0.5),
        "The check was stopped and nothing was reported. The rules engine gave no answer within 0.5"
        " seconds and was ended.",
    ),
    "the evaluators disagree": (
        "engine.check.evaluate",
        _wrong,
        "The check was stopped and nothing was reported. The two evaluators disagree:"
        " council-told, 2025/26: the vectorised evaluator says overdue (missed), version_from"
        " 2024-10-01, opens 2025-04-01, deadline 2026-03-31, days None, late_days 0, last_done"
        " None, met by []; the plain evaluator says due (missed), version_from 2024-10-01, opens"
        " 2025-04-01, deadline 2026-03-31, days None, late_days 0, last_done None, met by [].\n"
        "This is the program's fault",
    ),
    "anything else": (
        "engine.check.assess",
        lambda *_: 1 // 0,
        "Something went wrong in the program (ZeroDivisionError).",
    ),
}


def _must_be_told(done: Ended, says: str, desk: Path, logs: Path) -> None:
    """Fails where a check did not end as one with a fault of ours does."""
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(says)
    assert "Traceback" not in done.err
    (log,) = logs.iterdir()
    assert done.err.endswith(
        f"\nThis is the program's fault, not yours. Send {log} to whoever maintains the"
        " program for you. It may contain file names, and words from the files.\n"
    )
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert reports(desk / "out") == OLD


@pytest.fixture
def logs(desk: Path) -> Path:
    folder = desk / "logs"
    folder.mkdir()
    return folder


def test_a_fault_of_ours_leaves_no_report_and_names_its_log(desk: Path, logs: Path) -> None:
    done = copied(desk, asked("office.xlsx"), KILLED, TMPDIR=str(logs))
    _must_be_told(done, KILLED_SAYS, desk, logs)


@pytest.mark.parametrize("name", PLANTED)
def test_so_does_a_fault_that_is_planted_here(
    name: str, desk: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, planted, says = PLANTED[name]
    monkeypatch.setattr(where, planted)
    monkeypatch.setattr(tempfile, "tempdir", str(logs))
    _must_be_told(called(desk, *asked("office.xlsx")), says, desk, logs)


# Without the engine ------------------------------------------------------------------------------

AWAY = "sys.modules['durable'] = None"  # which is how a module is kept from being found
NOTICE = (
    "Only one of the two calculations was made, so nothing confirms its results. The rules engine"
    " (durable_rules) is not installed: durable not found."
)


@pytest.fixture(
    scope="module", params=["small", pytest.param("example", marks=pytest.mark.campaign)]
)
def both(
    tmp_path_factory: pytest.TempPathFactory, root: Path, request: pytest.FixtureRequest
) -> Path:
    """A folder with ``office.xlsx``, a small office or the example, and with the reports on it,
    ``with`` and ``without`` the engine."""
    folder = tmp_path_factory.mktemp("both")
    if request.param == "small":
        (folder / "office.xlsx").write_bytes(workbook(checks=[HEADINGS, DESK, COUNCIL]))
        arguments = asked("office.xlsx", out="")[:-3]
    else:
        shutil.copy(root / "examples" / "office.xlsx", folder)
        arguments = ["check", "office.xlsx", "--as-of", AS_OF, "--out"]
    first = copied(folder, [*arguments, "with", "--formats", "json,html"])
    second = copied(folder, [*arguments, "without"], AWAY)
    assert (first.code, first.err) == (second.code, second.err) == (1, "")
    (folder / "printed.txt").write_text(second.out, encoding="utf-8")
    return folder


def _assessment(folder: Path) -> Any:
    return json.loads((folder / "assessment.json").read_bytes())


def _without_rules(told: Any) -> Any:
    """All that is told but which rule of the engine decided it, and what that saw."""
    if isinstance(told, dict):
        left_out = ("rule", "situation", "situations")
        return {name: _without_rules(part) for name, part in told.items() if name not in left_out}
    return [_without_rules(part) for part in told] if isinstance(told, list) else told


def test_the_second_evaluator_alone_tells_the_same(both: Path) -> None:
    one, two = _assessment(both / "with"), _assessment(both / "without")
    assert one["program"].pop("engine").endswith(" and the plain evaluator")
    assert two["program"].pop("engine") == "the plain evaluator alone"
    assert one["program"].pop("notice") == ""
    assert two["program"].pop("notice") == NOTICE
    assert _without_rules(one) == _without_rules(two)
    assert one != two


def test_that_it_decided_alone_stands_at_the_head_of_every_report(both: Path) -> None:
    head = f"NOTICE: {NOTICE}"
    for text in (both / "printed.txt", both / "without" / "summary.txt"):
        lines = " ".join(text.read_text(encoding="utf-8").split())
        assert lines.startswith(f"OFFICIAL {head}")
    shown = html_page.parsed((both / "without" / "assessment.html").read_bytes()).one("body").text()
    assert NOTICE in shown[: shown.index("overdue")]
    book = openpyxl.load_workbook(both / "without" / "assessment.xlsx")
    first = [str(cell.value) for row in book.worksheets[0].iter_rows(max_row=12) for cell in row]
    assert [cell for cell in first if NOTICE in cell] != []
    whole = (both / "with" / "assessment.html").read_text(encoding="utf-8")
    assert "nothing confirms its results" not in whole


def test_a_pack_and_its_verifier_say_so_too(both: Path) -> None:
    packed = ["pack", "pack.zip", "without/assessment.json", "--evidence", "office.xlsx"]
    used = _assessment(both / "without")["rulebook"]["id"]
    assert called(both, *packed, *(["--rulebook", str(BOOK)] if used == "small" else [])).code == 0
    with zipfile.ZipFile(both / "pack.zip") as archive:
        page = archive.read("README.txt").decode()
        archive.extract("recheck.py", both)
    assert f"Marking: OFFICIAL Notice: {NOTICE} How to" in " ".join(page.split())
    done = ended([sys.executable, "recheck.py", "pack.zip"], both)
    assert done.code == 0
    assert f"\nThe program that made the assessment says in it: {NOTICE}\n" in done.out


def test_an_engine_that_cannot_be_loaded_is_as_good_as_none(desk: Path) -> None:
    """The library is found and fails on loading, as where it was built for another Python."""
    broken = desk / "broken" / "durable"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('built for another Python')\n")
    first = f"sys.path.insert(0, {str(broken.parent)!r})"
    done = copied(desk, asked("office.xlsx"), first)
    assert (done.code, done.err) == (0, "")
    notice = _assessment(desk / "out")["program"]["notice"]
    assert "is installed and cannot be used." in notice
    assert "built for another Python" in notice


# While the engine hangs --------------------------------------------------------------------------


@pytest.fixture
def hanging(desk: Path) -> Path:
    """A folder with a library in it that hangs when it is tried."""
    folder = desk / "hanging"
    (folder / "durable").mkdir(parents=True)
    hangs = "import time\ntime.sleep(600)"
    (folder / "durable" / "__init__.py").write_text(hangs, encoding="utf-8")
    return folder


#: What is wrong in what a check is given, and what must be said of it.
WRONG: Mapping[str, tuple[Sequence[str], str]] = {
    "rules": (
        ["office.xlsx", "--rulebook", "rules"],
        "Stopped: 1 error in the rulebook",
    ),
    "evidence": (["words.xlsx"], "Nothing was checked, because this file could not be read:"),
    "ledger": (
        ["office.xlsx", "--ledger", "words.xlsx"],
        "words.xlsx is not a ledger of this program",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_else_is_wrong_is_said_without_waiting_for_an_engine_that_hangs(
    name: str, desk: Path, hanging: Path
) -> None:
    """And not after the two minutes that it is given."""
    (desk / "words.xlsx").write_bytes(b"these are words, and nothing else; " * 40)
    rulebook(desk / "rules", {"1-desk/desk-checked.yaml": ("register: checks", "register: none")})
    (evidence, *more), says = WRONG[name]
    first = f"sys.path.insert(0, {str(hanging)!r})"
    done = copied(desk, [*asked(evidence), *more], first)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(says)
    assert reports(desk / "out") == OLD


# Stopping it -------------------------------------------------------------------------------------

#: Holds the program up where it says, and makes sure that Ctrl-C reaches it.
HELD = """
import pathlib, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
def held(*given, **named):
    pathlib.Path("ready").touch()
    time.sleep(60)
"""

HOLDS: Mapping[str, str] = {
    "while it loads": "class Finder:\n"
    "    @staticmethod\n"
    "    def find_spec(name, *given):\n"
    "        return held() if name == 'cli.arguments' else None\n"
    "sys.meta_path.insert(0, Finder)",
    "while it reads the rules": "import cli.inputs as here\nhere.load_rulebook = held",
    "while it reads": "import cli.check_steps\ncli.check_steps.read_books = held",
    "while a file is opened": "import evidence.files.apart\n"
    "slow = pathlib.Path('slow.py')\n"
    "slow.write_text('import os, pathlib, time\\n'\n"
    "    'pathlib.Path(\"pid\").write_text(str(os.getpid()))\\n'\n"
    "    'pathlib.Path(\"ready\").touch()\\n'\n"
    "    'time.sleep(60)')\n"
    "evidence.files.apart._CHILD = slow",
    "while it makes the workbook": "import reports.xlsx.report\nreports.xlsx.report.to_xlsx = held",
    "while a library makes an error of it": "import cli.check_steps\n"
    "def odd(*given, **named):\n"
    "    try:\n"
    "        held()\n"
    "    except KeyboardInterrupt as stop:\n"
    "        raise ValueError('as pydantic does') from stop\n"
    "cli.check_steps.to_json = odd",
    "where it cannot be raised": "import cli.check_steps\n"
    "class Odd:\n"
    "    def __del__(self):\n"
    "        held()\n"
    "def odd(*given, **named):\n"
    "    Odd()\n"
    "    raise ValueError('of what came of that')\n"
    "cli.check_steps.to_json = odd",
    "while it writes": "import reports.writing\nreports.writing.write_files = held",
}


STOPPED = Ended(2, "", "Stopped before the end. No report was left incomplete.\n")


def _held(desk: Path) -> None:
    """Waits until the program is held up."""
    until = time.monotonic() + 30
    while not (desk / "ready").exists() and time.monotonic() < until:
        time.sleep(0.02)


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", HOLDS)
def test_stopped_by_hand_it_ends_at_once_and_leaves_nothing(name: str, desk: Path) -> None:
    code = f"{HELD}{HOLDS[name]}"
    if name == "while it loads":
        with subprocess.Popen(
            altered(code, asked("office.xlsx")),
            cwd=desk,
            env=around(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            _held(desk)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert Ended(process.returncode, out, err) == STOPPED
    else:
        started = Started(desk, asked("office.xlsx"), around(), code)
        _held(desk)
        os.kill(started.pid, signal.SIGINT)
        assert Ended(*started.end()) == STOPPED
    assert reports(desk / "out") == OLD
    if name == "while a file is opened":
        with pytest.raises(ProcessLookupError):
            os.kill(int((desk / "pid").read_text(encoding="utf-8")), 0)


# How far it has got ------------------------------------------------------------------------------


def _on_a_terminal(code: str, folder: Path) -> str:
    """What a check by the altered program writes to its standard error, which is a terminal."""
    ours, its = pty.openpty()
    started = Started(folder, asked("office.xlsx"), around(), code, stderr=its)
    os.close(its)
    said = _said(ours)
    assert started.end()[0] == 0
    return said


def _said(ours: int) -> str:
    """All that is written to the other end of a terminal, until that is closed."""
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    return said.decode()


def test_on_a_terminal_long_work_says_how_far_it_has_got(desk: Path) -> None:
    said = _on_a_terminal("import cli.progress\ncli.progress._AFTER_SECONDS = -1", desk)
    shown = [line.strip() for line in said.split("\r")]
    assert [line.partition(": ")[2] for line in shown if "reading the evidence" in line] != []
    assert said.endswith("\r")
    assert shown[-2:] == ["", ""], "the line is cleared in the end"


def test_work_that_is_soon_done_says_nothing_of_it(desk: Path) -> None:
    assert _on_a_terminal("import cli.progress\ncli.progress._AFTER_SECONDS = 600", desk) == ""


def test_where_there_is_no_terminal_nothing_is_said_of_progress(desk: Path) -> None:
    long = "import cli.progress\ncli.progress._AFTER_SECONDS = -1"
    done = copied(desk, asked("office.xlsx"), long)
    assert (done.code, done.err) == (0, "")
