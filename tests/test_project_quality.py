"""The project keeps its own standards: lint, format, types, layers, the lock and its licences."""

import ast
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version as version_here
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import licences

PACKAGES = ("evidence", "rules", "engine", "reports", "record", "estate", "cli")
SCRIPTS = Path(sysconfig.get_path("scripts"))

# All that the plain evaluator may take from the engine: the words that outcomes are told in.
SHARED_BY_BOTH = ("engine.outcome",)


def run(root: Path, *command: str | Path) -> None:
    """Fails with what the command printed, where it ends with anything but 0."""
    done = subprocess.run(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"


def test_lint_finds_nothing(root: Path) -> None:
    run(root, sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_format_changes_nothing(root: Path) -> None:
    run(root, sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")


@pytest.mark.campaign
def test_strict_types_hold(root: Path) -> None:
    run(root, sys.executable, "-m", "mypy")


def test_imports_keep_the_layers(root: Path) -> None:
    run(root, SCRIPTS / "lint-imports")


def test_each_package_ships_its_types(root: Path) -> None:
    assert [p for p in PACKAGES if not (root / p / "py.typed").is_file()] == []


def _of_second(module: str) -> bool:
    return re.match(r"engine\.plain(\.|$)", module) is not None


def test_the_second_evaluator_shares_no_judgement_with_the_first() -> None:
    """Neither evaluator reaches the other, by any chain of imports."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    second = {m for m in graph.modules if _of_second(m)}
    assert second, "no module is called engine.plain"
    reached = set().union(*(graph.find_upstream_modules(m) for m in second)) - second
    engine = {m for m in reached if m.startswith("engine.")}
    assert sorted(engine - set(SHARED_BY_BOTH)) == []


#: Without one of these words a file has nothing of which the next function says yes.
_CLOCK = re.compile(r"\b(now|utcnow|today|time)\b")


def _looks_at_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("now", "utcnow", "today")
    names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
    module = node.module if isinstance(node, ast.ImportFrom) else None
    return "time" in (*names, module)


def test_only_the_command_line_looks_at_the_clock(root: Path) -> None:
    """No evaluation depends on when it is made (semantics.md: Words)."""
    looking = [
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if _CLOCK.search(text := path.read_text(encoding="utf-8"))
        if any(map(_looks_at_clock, ast.walk(ast.parse(text))))
    ]
    assert looking == [
        "cli/check_steps.py",
        "cli/commands/rules/__init__.py",  # waits before it looks again at a watched rulebook
        "cli/ledger_entry.py",
        "cli/progress.py",
    ]


def _asked(root: Path) -> Iterator[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        yield Requirement(text)


def test_the_lock_has_what_the_project_asks_for(root: Path) -> None:
    pinned = {r.name: licences.version_of(r) for r in licences.locked()}
    wrong = [
        str(asked)
        for asked in _asked(root)
        if not asked.specifier.contains(pinned.get(canonicalize_name(asked.name), "0"))
    ]
    assert wrong == []


def test_the_lock_is_what_is_installed() -> None:
    here = {
        r.name: (licences.version_of(r), version_here(r.name))
        for r in licences.locked()
        if r.marker is None or r.marker.evaluate()
    }
    assert {name: pair for name, pair in here.items() if pair[0] != pair[1]} == {}


def test_the_lock_pins_every_package_by_hash_and_names_no_address() -> None:
    text = licences.LOCK.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(entries) == len(licences.locked())
    assert [e.partition(" ")[0] for e in entries if "--hash=sha256:" not in e] == []
    assert "://" not in text


def test_the_page_of_licences_is_current() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()


def test_a_folder_has_at_most_fifteen_modules(root: Path) -> None:
    modules = Counter(
        path.parent.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
        if path.name != "__init__.py"
    )
    assert len(modules) > 40
    assert {folder: number for folder, number in modules.items() if number > 15} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_file_holds_one_sentence_and_no_code(root: Path, package: str) -> None:
    text = (root / package / "__init__.py").read_text(encoding="utf-8")
    assert re.fullmatch(r'"""[^"\n]+\."""\n', text), text
