"""What is built to be installed: the rules with their cases, what new ones begin from, the guide
with its pictures, and none of the tests."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from cli.commands.rules.new_duty import STARTERS
from rules.load import OWN_BOOK, case_files
from rules.papers import FOLDER, PAPER, STATEMENT
from tests.support.needs import ROOT

GUIDE = ROOT / "cli" / "browser" / "guide"


def test_cases_and_guide_are_in_the_wheel_and_the_tests_are_nowhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d"]
    subprocess.run([*build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,), (sdist,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        installed = set(archive.namelist())
    with tarfile.open(sdist) as sources:
        source_names = {name.partition("/")[2] for name in sources.getnames()}
    cases = {path.relative_to(ROOT).as_posix() for path in case_files(OWN_BOOK)}
    assert len(cases) > 100
    assert cases <= installed
    starters = {p.relative_to(ROOT).as_posix() for p in STARTERS.rglob("*") if p.is_file()}
    papers = {f"rules/prevent-opcc/{FOLDER}/{name}" for name in (PAPER, STATEMENT)}
    assert papers <= installed & source_names
    assert len(starters) > 30
    assert starters <= installed & source_names
    guide = {path.relative_to(ROOT).as_posix() for path in GUIDE.rglob("*") if path.is_file()}
    assert len(guide) > 10
    assert guide <= installed
    assert cases <= source_names
    assert not [n for n in installed | source_names if n.split("/")[0] in {"tests", "build"}]
