"""A test that could not be run is left out, named on the last line, and never called passed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import last_line
from tests.support import needs

SUITE = """
import pytest

def test_runs_anywhere():
    assert True

@pytest.mark.needs("chromium")
def test_by_mark():
    assert False

def test_by_fixture(libreoffice):
    assert False

@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.needs("chromium", "shared"))])
def test_by_case(n):
    assert n == 1
"""

SKIPS = """
import pytest

def test_runs_anywhere():
    assert True

def test_skips():
    pytest.skip("on a whim")

@pytest.mark.skipif(True, reason="Mars has no os.wait4")
@pytest.mark.parametrize("n", [1, 2])
def test_skips_by_mark(n):
    assert False
"""

CAMPAIGNS = """
import pytest

def test_ordinary():
    assert True

@pytest.mark.campaign
@pytest.mark.needs("chromium")
def test_campaign():
    assert True

@pytest.mark.one_in(3)
@pytest.mark.parametrize("n", range(7))
def test_many_cases(n):
    assert n % 3 == 0
"""


@pytest.fixture
def clone(tmp_path: Path, root: Path) -> Path:
    """A project with this one's test settings and no shared folder beside it."""
    folder = tmp_path / "clone"
    (folder / "tests" / "support").mkdir(parents=True)
    for name in (
        "pyproject.toml",
        "tests/__init__.py",
        "tests/conftest.py",
        "tests/support/__init__.py",
        "tests/support/browser.py",
        "tests/support/needs.py",
    ):
        (folder / name).write_bytes((root / name).read_bytes())
    return folder


def run(folder: Path, suite: str, *args: str, **env: str) -> tuple[int, list[str]]:
    """Runs a suite where no program is found; its exit code and the lines that it printed."""
    (folder / "tests" / "test_made_up.py").write_text(suite, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args],
        cwd=folder,
        env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def test_what_is_missing_is_counted_and_named_on_the_last_line(clone: Path) -> None:
    code, lines = run(clone, SUITE)
    assert code == 0
    assert "2 passed, 3 deselected" in lines[-2]
    assert lines[-1] == "Not run: 3 (chromium: 1, chromium and shared: 1, libreoffice: 1)"
    assert "tests/test_made_up.py::test_by_fixture (libreoffice)" in lines


@pytest.mark.campaign
def test_where_all_must_run_what_is_missing_fails_the_run(clone: Path) -> None:
    code, lines = run(clone, SUITE, DUEREGARD_ALL="1")
    assert code == 1
    assert lines[-1].startswith("Not run: 3 ")


@pytest.mark.campaign
def test_a_test_that_was_not_selected_does_not_count(clone: Path) -> None:
    code, lines = run(clone, SUITE, "-k", "anywhere", DUEREGARD_ALL="1")
    assert code == 0
    assert lines[-1] == "Not run: 0"


@pytest.mark.one_in(2)
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "by workers"])
def test_a_skip_counts_as_not_run_for_the_reason_that_it_gives(
    clone: Path, workers: tuple[str, ...]
) -> None:
    code, lines = run(clone, SKIPS, *workers, DUEREGARD_ALL="1")
    assert code == 1
    assert lines[-1] == "Not run: 3 (Mars has no os.wait4: 2, on a whim: 1)"
    assert "tests/test_made_up.py::test_skips (on a whim)" in lines


@pytest.mark.one_in(2)
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "by workers"])
def test_campaigns_are_left_out_and_counted_where_that_is_asked_for(
    clone: Path, workers: tuple[str, ...]
) -> None:
    code, lines = run(clone, CAMPAIGNS, "--no-campaign", *workers, DUEREGARD_ALL="1")
    assert (code, lines[-1]) == (0, "Not run: 0; 5 campaign tests not run: make campaign")
    assert any("4 passed" in line for line in lines)


@pytest.mark.campaign
def test_a_campaign_runs_what_was_left_out_and_nothing_else(clone: Path) -> None:
    code, lines = run(clone, CAMPAIGNS, "-m", "campaign")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert any("4 failed, 5 deselected" in line for line in lines)
    assert lines[-1] == "Not run: 1 (chromium: 1)"


def test_the_build_server_runs_the_campaigns_and_bounds_each_run(root: Path) -> None:
    text = (root / ".ci" / "run").read_text(encoding="utf-8")
    runs = re.findall(r"^(.*)\bmake (\w+) ARGS", text, re.MULTILINE)
    assert [target for _, target in runs] == ["test", "campaign", "long"]
    assert all(re.fullmatch(r"timeout \d+ ", bound) for bound, _ in runs)


@pytest.mark.campaign
def test_a_need_that_nobody_knows_stops_the_run(clone: Path) -> None:
    suite = SUITE.replace('needs("chromium")', 'needs("chromiun")')
    code, lines = run(clone, suite)
    assert code == pytest.ExitCode.USAGE_ERROR
    assert not any("passed" in line for line in lines)


def test_the_last_line_says_nought_when_all_was_run() -> None:
    assert last_line([]) == "Not run: 0"


def test_a_need_without_its_mark_is_an_error_and_not_a_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LookupError, match="chromium was not found"):
        needs.need("chromium")


def test_the_script_that_checks_accessibility_is_there() -> None:
    assert "axe v4" in needs.axe_script().read_text(encoding="utf-8")[:100]
