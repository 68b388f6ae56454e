"""Leaves out the tests whose needs are not met, and says so on the last line of the run."""

import asyncio
import gc
import os
import re
import signal
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from xdist.workermanage import WorkerController

from engine.decision.durable import session
from engine.decision.rule import Rule, Situation, fits_plainly
from evidence.files import apart
from evidence.files.opening import open_file
from evidence.limits import Limits
from evidence.raw_cells import Book
from rules import load
from rules.load import read_book
from rules.model import Rulebook
from rules.problem import RuleProblem
from tests.support import needs
from tests.support.browser import loop_set_aside, started

NOT_RUN = pytest.StashKey[list[tuple[str, str]]]()
CAMPAIGN_TESTS = pytest.StashKey[int]()  # how many were left to make campaign
CASES_SEEN = pytest.StashKey[Counter[str]]()  # of each test that is marked one_in

# The ordinary run tries the same examples every time, so that a failure is never luck.
settings.register_profile(
    "ordinary",
    settings.get_profile("default"),  # whatever the environment says of being in CI
    max_examples=60,
    derandomize=True,
    deadline=None,  # two cores shared with other work say nothing about speed
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("brief", settings.get_profile("ordinary"), max_examples=12)
settings.register_profile("campaign", settings.get_profile("ordinary"), max_examples=2000)
settings.register_profile(
    "random", settings.get_profile("campaign"), derandomize=False, print_blob=True
)


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "leave out the tests marked campaign, count them, and try fewer generated inputs"
    parser.addoption("--no-campaign", action="store_true", help=words)


def pytest_configure(config: pytest.Config) -> None:
    # A run in the background ignores Ctrl-C, and so would each process that a test stops by it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.disable()  # until all is collected
    config.stash[NOT_RUN] = []
    config.stash[CAMPAIGN_TESTS] = 0
    config.stash[CASES_SEEN] = Counter()
    config.pluginmanager.register(FromWorkers())
    ordinary = "brief" if config.getoption("--no-campaign") else "ordinary"
    profiles = {"": ordinary, "random": "random"}
    settings.load_profile(profiles.get(needs.CAMPAIGN, "campaign"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Has the second of two processes that run all tests import them from the last module to the
    first. In a new clone each then prepares half of the assertions (2.5 s), which the other finds
    prepared."""
    folder = needs.ROOT / "tests"
    whole = [session.config.rootpath / each for each in session.config.args] == [folder]
    if whole and os.environ.get("PYTEST_XDIST_WORKER") == "gw1":
        for path in sorted(folder.rglob("test_*.py"), reverse=True):
            with suppress(Exception):  # pytest itself tells of it, when it collects the module
                import_module(".".join(path.relative_to(needs.ROOT).with_suffix("").parts))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks the cases of a test that is marked ``one_in(n)`` as campaign, but each nth."""
    if mark := item.get_closest_marker("one_in"):
        seen, test = item.config.stash[CASES_SEEN], item.nodeid.partition("[")[0]
        if seen[test] % mark.args[0]:
            item.add_marker(pytest.mark.campaign)
        seen[test] += 1


def _needs_of(item: pytest.Item) -> list[str]:
    """What a test needs, by its marks and by the fixtures that it asks for."""
    marked = {str(name) for mark in item.iter_markers("needs") for name in mark.args}
    if unknown := sorted(marked - set(needs.FINDERS)):
        known = ", ".join(needs.FINDERS)
        raise pytest.UsageError(f"{item.nodeid} needs {unknown}, which is none of: {known}")
    asked = set(getattr(item, "fixturenames", ())) & set(needs.FINDERS)
    return sorted(marked | asked)


# Last, so that a test that -k or -m has left out is not counted as one that could not be run.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--no-campaign"):
        campaign = [item for item in items if item.get_closest_marker("campaign")]
        config.hook.pytest_deselected(items=campaign)
        config.stash[CAMPAIGN_TESTS] = len(campaign)
        items[:] = [item for item in items if not item.get_closest_marker("campaign")]
    needed = {item: _needs_of(item) for item in items}
    names = {name for names in needed.values() for name in names}
    found = {name: needs.find(name) is not None for name in names}
    missing = {item: [name for name in needed[item] if not found[name]] for item in items}
    left_out = [item for item in items if missing[item]]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not missing[item]]
    config.stash[NOT_RUN] = [(item.nodeid, " and ".join(missing[item])) for item in left_out]


def pytest_collection_finish() -> None:
    """What stands after the collecting stands to the end: rulebooks, cases, the tests themselves.
    To look through all of it for rings of dead objects, again and again, took a sixth of a run,
    and a third of the collecting in a new clone."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


class FromWorkers:
    """What the processes that run the tests side by side left out: each of them leaves out the
    same, so the first that ends says it for all."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController) -> None:
        output = getattr(node, "workeroutput", {})
        told = output.get("not_run", [])
        node.config.stash[NOT_RUN] = node.config.stash[NOT_RUN] or [tuple(each) for each in told]
        node.config.stash[CAMPAIGN_TESTS] = output.get("campaign_tests", 0)


def _not_run(config: pytest.Config) -> list[tuple[str, str]]:
    """Each test that was left out or skipped, with the reason in a few words."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return config.stash[NOT_RUN] + [(report.nodeid, _why(report)) for report in skipped]


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason that a skip gives; pytest tells it with a file and a line before it."""
    *_, told = report.longrepr if isinstance(report.longrepr, tuple | list) else [""]
    return str(told).removeprefix("Skipped: ") or "skipped"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = session.config.stash[NOT_RUN]
        session.config.workeroutput["campaign_tests"] = session.config.stash[CAMPAIGN_TESTS]
        return
    passed = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    if needs.ALL_MUST_RUN and passed and _not_run(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not_run := _not_run(terminalreporter.config):
        terminalreporter.section("not run")
        for nodeid, reason in not_run:
            terminalreporter.write_line(f"{nodeid} ({reason})")


def last_line(not_run: list[tuple[str, str]], campaign: int = 0) -> str:
    """``Not run: 5 (chromium: 3, libreoffice: 2)``, or ``Not run: 0``; and with tests that are
    left to a campaign ``Not run: 0; 412 campaign tests not run: make campaign``."""
    counts = sorted(Counter(reason for _, reason in not_run).items())
    named = ", ".join(f"{reason}: {count}" for reason, count in counts)
    told = f"; {campaign} campaign tests not run: make campaign" if campaign else ""
    return f"Not run: {len(not_run)}" + (f" ({named})" if named else "") + told


# The summary's own last line is written when the session finishes, so ours comes after that.
@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and NOT_RUN in config.stash and not config.option.collectonly:
        reporter.ensure_newline()
        reporter.write_line(last_line(_not_run(config), config.stash[CAMPAIGN_TESTS]))


class ReaderHere:
    """What reads files in place of a child process: this process."""

    def __init__(self, files: Sequence[tuple[str, bytes]], limits: Limits) -> None:
        self._files, self._limits = files, limits

    def start(self, number: int) -> None:
        """Starts nothing."""

    def book(self, number: int) -> Book:
        """The book of the file at this position."""
        name, path = self._files[number]
        return open_file(Path(os.fsdecode(path)), name, self._limits)

    def end(self) -> None:
        """Ends nothing."""


@pytest.fixture(scope="module", autouse=True)
def reads_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Spares the tests a child process for each reading (0.1 s). In the tests of what opens files,
    and in each command that is run as a process of its own, a child reads as ever."""
    by_child = "test_evidence_(apart|crafted|filenames|limits|opening|regular_file|unopened)"
    with pytest.MonkeyPatch.context() as patch:
        if not re.match(by_child, request.path.name):
            patch.setattr(apart, "_Reader", ReaderHere)
        yield


#: Whether the rules engine can be used here, asked of a child once.
_available = cache(session.available)


def _fits_here(
    rules: Sequence[Rule], situations: Sequence[Situation], **_: object
) -> list[tuple[int, ...]]:
    """What the rules engine finds, by plain comparison."""
    return fits_plainly(rules, situations)


@pytest.fixture(scope="module", autouse=True)
def decides_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Spares the tests two children of the rules engine for each check (0.1 s). In the tests of the
    engine and the examples, and in each command that is run as a process of its own, it decides as
    ever; that it finds what plain comparison finds is for tests/test_engine_decision_durable.py."""
    by_engine = re.match(
        "test_(cli_)?engine(?!_unknown)|test_examples|test_rules_cases", request.path.name
    )
    with pytest.MonkeyPatch.context() as patch:
        if not by_engine and _available() is None:
            patch.setattr(session, "_ask", lambda *_: [])
            patch.setattr(session, "fits_by_engine", _fits_here)
        yield


@lru_cache(maxsize=8)
def _read_once(
    files: tuple[tuple[str, bytes], ...], begun: bool
) -> Rulebook | tuple[RuleProblem, ...]:
    return read_book(dict(files), begun=begun)


def _load_once(
    files: Mapping[str, bytes], *, begun: bool = False
) -> Rulebook | tuple[RuleProblem, ...]:
    """A rulebook from these files, which nothing alters, read once."""
    return _read_once(tuple(files.items()), begun)


@pytest.fixture(scope="module", autouse=True)
def loads_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Spares the tests 0.1 s for each command that loads the program's own rulebook. In the tests
    of how rules are read, and in each command that is run as a process of its own, it is read as
    ever."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.path.name.startswith("test_rules"):
            patch.setattr(load, "read_book", _load_once)
        yield


class Once:
    """What a function that alters nothing gave for its latest inputs, each worked out once."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self._known: deque[tuple[object, Any]] = deque(maxlen=64)

    def __call__(self, *given: object) -> Any:
        found = next((result for those, result in self._known if those == given), None)
        if found is None:
            found = getattr(import_module(self._module), self._name)(*given)
            self._known.append((given, found))
        return found


_ahead_once = Once("engine.impact.year_ahead", "year_ahead")


@pytest.fixture(scope="module", autouse=True)
def looks_ahead_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Spares the tests 0.4 s for each check of the example. In the
    tests of the engine, and in each command that is run as a process of its own, the dates of the
    year ahead are worked out as ever."""
    with pytest.MonkeyPatch.context() as patch:
        check = sys.modules.get("engine.check")  # not imported where no test checks anything
        if check and not request.path.name.startswith(("test_engine", "test_cli_engine")):
            patch.setattr(check, "year_ahead", _ahead_once)
        yield


@pytest.fixture(scope="module")
def no_year_ahead(looks_ahead_once: None) -> Iterator[None]:
    """Leaves the dates of the year ahead out of every check in this process, in the tests of a
    module that ask about none of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.check.year_ahead", lambda *_: ())
        yield


_propose_once = Once("evidence.mapping.propose.sheets", "propose")


@pytest.fixture(scope="module", autouse=True)
def proposes_once() -> Iterator[None]:
    """Spares the tests seconds for each folder with the example office, one of whose sheets has a
    column twice, so that all of its sheets are looked at for what they may be."""
    with pytest.MonkeyPatch.context() as patch:
        if own_sheets := sys.modules.get("record.office.interview.own_sheets"):
            patch.setattr(own_sheets, "propose", _propose_once)
        yield


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium program; asking for it means that the test needs it."""
    return needs.need("chromium")


@pytest.fixture(scope="session")
def started_browser(chromium: Path) -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    """Chromium, started once (a second), and the loop by which Playwright speaks to it."""
    with started(chromium) as one, loop_set_aside() as loop:
        yield one, loop


@pytest.fixture(scope="module")
def browser(
    started_browser: tuple[Browser, asyncio.AbstractEventLoop],
) -> Iterator[Browser]:
    """Chromium, for the tests of a module, which run no other loop meanwhile; what they leave open
    in it is closed."""
    one, loop = started_browser
    asyncio.events._set_running_loop(loop)
    yield one
    for context in one.contexts:
        context.close()
    asyncio.events._set_running_loop(None)


@pytest.fixture
def light_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares a check that the pages start most of a second."""
    copies = import_module("tests.support.browser_pages").CopiesForChecks
    monkeypatch.setattr("cli.browser.check_run.subprocess", copies)


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """The LibreOffice program; asking for it means that the test needs it."""
    return needs.need("libreoffice")


@pytest.fixture(scope="session")
def convert(
    libreoffice: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Path, list[Path]], None]:
    """Has LibreOffice write files in another format, by its ending, into a folder. It takes a
    second to set itself up, so all the tests of a run share what it keeps of that."""
    home = tmp_path_factory.mktemp("libreoffice").as_uri()

    def write(ending: str, folder: Path, sources: list[Path]) -> None:
        order: list[str | Path] = [libreoffice, f"-env:UserInstallation={home}", "--headless"]
        order += ["--convert-to", ending, "--outdir", folder, *sources]
        subprocess.run(order, check=True, capture_output=True, timeout=120)

    return write


@pytest.fixture(scope="session")
def pdftoppm() -> Path:
    """The program that draws PDF pages; asking for it means that the test needs it."""
    return needs.need("pdftoppm")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder that holds sop/; asking for it means that the test needs it."""
    return needs.need("shared")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return needs.ROOT
