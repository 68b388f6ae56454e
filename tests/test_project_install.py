"""The program installed from its wheel, as the pages say, where nothing can be compiled."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests import licences
from tests.support.desk_office import Ended, ended
from tests.support.needs import ROOT

WITHOUT_ENGINE = ROOT / "requirements-without-engine.lock"
ENGINE = "durable-rules"
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: The interpreters of this machine, the one that runs the tests where there is neither.
PYTHONS = [name for name in ("python3.11", "python3.13") if shutil.which(name)] or [sys.executable]


# The lock files ----------------------------------------------------------------------------------


def _entries(lock: Path) -> dict[str, str]:
    """The version and the hashes of each package in a lock, by name. What another package needs
    may widen where it is installed."""
    _, *entries = re.split(r"^(?=[a-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.split("[ =]", entry)[0]: re.sub(" ; .*'", "", entry) for entry in entries}


def test_the_second_lock_pins_what_a_check_needs_without_the_engine() -> None:
    here = licences.installed()
    here.pop(ENGINE)  # so that nothing is followed that it alone needs
    needed = licences.needed_to_run(here) - {ENGINE}
    pinned = {name: text for name, text in _entries(licences.LOCK).items() if name in needed}
    assert _entries(WITHOUT_ENGINE) == pinned | {ENGINE: "durable-rules\n"}, "make locks"
    *_, last = WITHOUT_ENGINE.read_text(encoding="utf-8").splitlines()
    assert last == "durable-rules ; python_version < '3'"
    assert "://" not in WITHOUT_ENGINE.read_text(encoding="utf-8")


# The installation --------------------------------------------------------------------------------


def _line(system: str) -> str:
    """The line of the front page that installs the wheel on a system."""
    block = README.partition(f"\n{system}")[2].partition("```text\n")[2].partition("```")[0]
    _, line, _ = block.splitlines()
    return line


def test_the_front_page_names_the_wheel_and_the_locks(wheel: Path) -> None:
    files = sorted(path.name for path in wheel.parent.iterdir())
    for system in ("Windows", "macOS", "Linux"):
        assert set(re.findall(r"\S+\.(?:lock|whl)", _line(system))) < set(files)
    assert _line("macOS:") == _line("Linux:")


@dataclass(frozen=True, slots=True)
class Office:
    """A folder with the wheel and the locks, an interpreter, and the environment of commands."""

    folder: Path
    python: str
    env: Mapping[str, str]

    def run(self, *command: str) -> Ended:
        """A command run in the folder."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def typed(self, line: str) -> Ended:
        """A line of a page run in the folder, with the interpreter for 3.13."""
        return self.run(*shlex.split(line.replace("--python 3.13", f"--python {self.python}")))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder with the lock files, as ``make wheel`` writes them."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    for lock in (licences.LOCK, WITHOUT_ENGINE):
        shutil.copy(lock, folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of programs with uv and without a compiler."""
    folder = tmp_path_factory.mktemp("tools")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / sysconfig.get_path("scripts", vars={"base": ""}).lstrip("/")
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "uv"]
    subprocess.run(install, check=True, capture_output=True)
    return programs


@pytest.fixture(params=PYTHONS)
def office(request: pytest.FixtureRequest, wheel: Path, tools: Path, tmp_path: Path) -> Office:
    """A machine with one interpreter, no compiler, and none of what others have built."""
    where = "import sys; print(sys.executable)"
    python = ended([request.param, "-c", where], tmp_path).out.strip()
    env = {name: value for name, value in os.environ.items() if name not in {"CC", "VIRTUAL_ENV"}}
    env |= {"PATH": str(tools), "UV_CACHE_DIR": str(wheel.parent.parent / "uv-cache")}
    env["PIP_NO_COMPILE"] = "1"  # a check compiles what it imports
    env |= {"UV_TOOL_DIR": str(tmp_path / "uv"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    return Office(wheel.parent, python, env)


def _must_check_alone(office: Office, program: Path) -> None:
    """Fails unless the installed program checks, and says that the plain evaluator was alone."""
    out = program.parent / "reports"
    evidence = ROOT / "examples" / "office.xlsx"
    check = ["check", str(evidence), "--as-of", "2026-11-24", "--out", str(out), "--ledger", "none"]
    done = office.run(str(program), *check)
    assert (done.code, done.err) == (1, "")
    notice = (
        "Only one of the two calculations was made, so nothing confirms its results. The rules"
        " engine (durable_rules) is not installed: durable and durable_rules_engine not found."
    )
    assert f"OFFICIAL NOTICE: {notice}" in " ".join(done.out.split())
    stamp = json.loads((out / "assessment.json").read_bytes())["program"]
    assert (stamp["engine"], stamp["notice"]) == ("the plain evaluator alone", notice)


def _must_have_the_pins(office: Office, python: Path) -> None:
    """Fails unless the second lock and the program are installed, and nothing else."""
    freeze = office.run("uv", "pip", "freeze", "--quiet", "--python", str(python))
    lines = [re.split("==| @ ", line) for line in freeze.out.splitlines()]
    found = {str(canonicalize_name(name)): version for name, version in lines}
    del found["dueregard"]
    *pinned, _ = licences.locked(WITHOUT_ENGINE)
    versions = {r.name: licences.version_of(r) for r in pinned}
    assert found.items() <= versions.items()
    assert {r.name for r in pinned if not r.marker} <= found.keys()


@pytest.mark.campaign
@pytest.mark.needs("index")
def test_without_a_compiler_the_engine_cannot_be_installed(office: Office) -> None:
    done = office.typed(_line("Linux:"))
    assert done.code != 0
    assert "durable-rules" in done.err
    assert "No such file or directory" in done.err  # the compiler


@pytest.mark.campaign
@pytest.mark.needs("index")
def test_uv_installs_everything_else(office: Office, tmp_path: Path) -> None:
    done = office.typed(_line("Windows"))
    assert done.code == 0, done.err
    _must_have_the_pins(office, tmp_path / "uv" / "dueregard")
    _must_check_alone(office, tmp_path / "bin" / "dueregard")


@pytest.mark.campaign
@pytest.mark.needs("index")
def test_pip_installs_everything_else_by_hash(office: Office, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    lines = re.findall(r"`python -m pip (install .+?)`", page)
    assert len(lines) == 2
    subprocess.run([office.python, "-m", "venv", tmp_path / "venv"], check=True)
    programs = tmp_path / "venv" / "bin"
    for line in lines:
        done = office.run(str(programs / "python"), "-m", "pip", *line.split())
        assert done.code == 0, done.err
    _must_check_alone(office, programs / "dueregard")


@pytest.mark.campaign
@pytest.mark.needs("index")
@pytest.mark.parametrize(
    "platform", ["x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-apple-darwin"]
)
def test_nothing_has_to_be_built_elsewhere(platform: str, tools: Path, tmp_path: Path) -> None:
    """Each package of the second lock has a wheel with one of its hashes for the platform."""
    install = [str(tools / "uv"), "pip", "install", "--quiet", "--dry-run", "--require-hashes"]
    there = ["--only-binary", ":all:", "--python-platform", platform, "--python-version", "3.13"]
    lock = ["--target", str(tmp_path), "-r", str(WITHOUT_ENGINE)]
    done = ended([*install, *there, *lock], tmp_path)
    assert done.code == 0, done.err
