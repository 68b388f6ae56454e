"""The bodies of an estate: how they are found, what makes a check of one, and its results."""

import datetime
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dask
import pyarrow.parquet as pq
import pytest
from distributed import Worker
from distributed.versions import get_versions

from cli.estate_body import OfficeInputs, find_inputs
from cli.progress import Bar
from estate.bodies import (
    BodyFailure,
    BodyOutcome,
    EstateBody,
    EstateStop,
    Failure,
    failed,
    find_bodies,
)
from estate.cluster import ClusterOptions, connected, must_have_equal_workers
from estate.results import bucket_path, merge_duties, write_bucket
from estate.store import Store, StoreProblem
from estate.worker import (
    PROBE,
    RunSettings,
    Versions,
    check_body,
    must_see,
    version_words,
    versions,
)
from reports.json import from_json, to_json
from reports.tables.schema import CHECKS, DUTIES, TABLES
from tests.support.desk_office import AS_OF, DESK, HEADINGS, called, workbook
from tests.support.made_estate import EVIDENCE, WAYS, make_small_body, make_small_estate
from tests.support.needs import ROOT

DAY = datetime.date.fromisoformat(AS_OF)

# Finding bodies ----------------------------------------------------------------------------------


def _names(*folders: Path) -> list[str]:
    return [body.name for body in find_bodies(folders).found]


def test_each_folder_with_an_office_file_is_a_body(tmp_path: Path) -> None:
    make_small_estate(tmp_path / "share", 3)
    (tmp_path / "share" / "notes").mkdir()
    (tmp_path / "share" / ".hidden").mkdir()
    (tmp_path / "share" / "list.txt").touch()
    bodies = find_bodies([tmp_path / "share"])
    assert [body.name for body in bodies.found] == ["body-00000", "body-00001", "body-00002"]
    assert bodies.passed_over == (str(tmp_path / "share" / "notes"),)
    assert _names(tmp_path / "share" / "body-00001") == ["body-00001"]
    assert _names(tmp_path / "share", tmp_path / "share" / "body-00001") == _names(
        tmp_path / "share"
    )


def test_two_bodies_of_one_name_are_refused(tmp_path: Path) -> None:
    for county in ("kent", "essex"):
        make_small_body(tmp_path / county / "st-marys")
    with pytest.raises(EstateStop, match=r"Two bodies have one name, 'st-marys': .*kent.*essex"):
        find_bodies([tmp_path / "kent", tmp_path / "essex"])


def test_a_folder_without_bodies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EstateStop, match=r"There is no office.yaml in .*, nor in any folder in it"):
        find_bodies([tmp_path])
    with pytest.raises(EstateStop, match="cannot be read"):
        find_bodies([tmp_path / "none"])


def test_a_link_to_a_body_elsewhere_is_passed_over(tmp_path: Path) -> None:
    make_small_body(tmp_path / "share" / "inside")
    make_small_body(tmp_path / "elsewhere")
    (tmp_path / "share" / "link").symlink_to(tmp_path / "elsewhere")
    bodies = find_bodies([tmp_path / "share"])
    assert [body.name for body in bodies.found] == ["inside"]
    assert bodies.passed_over == (str(tmp_path / "share" / "link"),)


# The inputs of a body ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["small", "mapped"])
def test_a_body_is_checked_as_in_its_folder(tmp_path: Path, kind: str) -> None:
    body = tmp_path / "body"
    if kind == "small":
        make_small_body(body)
    else:
        shutil.copytree(ROOT / "tests" / "offices" / "training-matrix", body)
    said = called(body, "check", "--as-of", AS_OF, "--ledger", "none", "--formats", "json")
    assert said.code in (0, 1), said.err
    written = (body / "reports" / AS_OF / "assessment.json").read_bytes()
    shutil.rmtree(body / "reports")
    assessment = from_json(written)
    assert not isinstance(assessment, str)
    assert bool(assessment.year_ahead) == (kind == "small")
    assert find_inputs(body, DAY).assess() == to_json(replace(assessment, year_ahead=()))


def _digest(folder: Path, as_of: datetime.date = DAY) -> str:
    return find_inputs(folder, as_of).digest


def test_whatever_decides_an_assessment_changes_its_digest(tmp_path: Path) -> None:
    body = tmp_path / "body"
    make_small_body(body)
    digests = [_digest(body), _digest(body, DAY + datetime.timedelta(1))]
    for name in ("office.yaml", "rules/book.yaml", EVIDENCE):
        path = body / name
        if name == EVIDENCE:
            (body / "more").mkdir()
            path = body / "more.csv"
            path.write_bytes(b"")
            (body / "office.yaml").write_text(
                (body / "office.yaml").read_text().replace(EVIDENCE, f"{EVIDENCE}, more.csv")
            )
            digests.append(_digest(body))
        path.write_bytes(path.read_bytes() + b"\n# noted\n")
        digests.append(_digest(body))
    assert len(set(digests)) == len(digests) == 6
    make_small_body(tmp_path / "same")
    evidence = tmp_path / "same" / EVIDENCE
    evidence.write_bytes((body / EVIDENCE).read_bytes())  # a workbook says when it was made
    make_small_body(tmp_path / "other", 1)
    assert _digest(tmp_path / "same") == digests[0] != _digest(tmp_path / "other")


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("crash", "hang")])
def test_a_broken_body_is_a_failure_of_its_kind(tmp_path: Path, way: str) -> None:
    kind, break_body = WAYS[way]
    make_small_body(tmp_path / "share" / "body")
    break_body(tmp_path / "share" / "body")
    with pytest.raises(BodyFailure) as failure:
        find_inputs(tmp_path / "share" / "body", DAY).assess()
    assert failure.value.kind is kind
    assert str(tmp_path / "share") not in str(failure.value)


@pytest.mark.parametrize("name", ["office.yaml", "rules/1-desk/desk-checked.yaml"])
def test_a_file_that_is_a_link_outside_is_refused(tmp_path: Path, name: str) -> None:
    body, outside = tmp_path / "body", tmp_path / "outside.yaml"
    make_small_body(body)
    (body / name).replace(outside)
    (body / name).symlink_to(outside)
    with pytest.raises(BodyFailure, match=f"{name} is a link that leads outside") as failure:
        find_inputs(body, DAY)
    assert failure.value.kind is Failure.OUTSIDE


def test_a_rulebook_outside_the_folder_is_refused(tmp_path: Path) -> None:
    make_small_body(tmp_path / "body")
    (tmp_path / "body" / "rules").rename(tmp_path / "rules")
    office = tmp_path / "body" / "office.yaml"
    office.write_text(office.read_text().replace("rulebook: rules", "rulebook: ../rules"))
    with pytest.raises(BodyFailure, match=r"names \.\./rules, which is outside") as failure:
        find_inputs(tmp_path / "body", DAY)
    assert failure.value.kind is Failure.OUTSIDE


def test_records_that_begin_later_are_a_failure(tmp_path: Path) -> None:
    make_small_body(tmp_path / "body")
    with (tmp_path / "body" / "office.yaml").open("a") as file:
        file.write("records begin: 2027-01-01\n")
    with pytest.raises(BodyFailure, match="records begin on") as failure:
        find_inputs(tmp_path / "body", DAY)
    assert failure.value.kind is Failure.OFFICE_FILE


def test_evidence_that_changes_meanwhile_is_a_failure(tmp_path: Path) -> None:
    make_small_body(tmp_path / "body")
    inputs = find_inputs(tmp_path / "body", DAY)
    (tmp_path / "body" / EVIDENCE).write_bytes(workbook(checks=[HEADINGS, DESK]))
    with pytest.raises(BodyFailure, match="changed while it was read") as failure:
        inputs.assess()
    assert failure.value.kind is Failure.CHANGED


def test_one_rulebook_is_loaded_once(tmp_path: Path) -> None:
    make_small_estate(tmp_path, 2)
    one, other = (find_inputs(tmp_path / f"body-0000{n}", DAY) for n in range(2))
    assert isinstance(one, OfficeInputs)
    assert one.rulebook is other.rulebook


# The store and the results -----------------------------------------------------------------------


def test_the_store_gives_back_what_it_was_given(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.put("a/b.json", b"assessment")
    assert store.get("a/b.json") == b"assessment"
    assert store.get("a/c.json") is None
    (tmp_path / "store" / "a" / "b.json.gz").write_bytes(b"damaged")
    assert store.get("a/b.json") is None
    memory = Store("memory://store")
    memory.put("a/b.json", b"assessment")
    assert memory.get("a/b.json") == b"assessment"
    memory.remove("a")
    assert memory.get("a/b.json") is None


def test_a_store_that_cannot_be_written_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblem, match="could not be written"):
        Store(str(tmp_path / "file")).put("a", b"")
    with pytest.raises(StoreProblem, match="there is no such place"):
        Store("nowhere://store")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("estate.store.write_file", full)
    with pytest.raises(StoreProblem, match=r"could not be written \(No space left on device\)"):
        Store(str(tmp_path)).put("a", b"")


@pytest.mark.campaign
def test_a_body_is_checked_once_by_each_version_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("estate.worker._wait_for_nanny", lambda: None)
    body = EstateBody("body", tmp_path / "body")
    make_small_body(body.folder)
    now = versions()
    settings = replace(_settings(tmp_path), versions=now)
    first, again = check_body(body, settings), check_body(body, settings)
    assert (first.failure, first.again, again) == (None, False, first._replace(again=True))
    later = now._replace(code="x")
    monkeypatch.setattr("estate.worker.versions", lambda: later)
    other = check_body(body, replace(settings, versions=later))
    assert not other.again
    assert other.stored != first.stored
    (body.folder / EVIDENCE).unlink()
    assert check_body(body, replace(settings, versions=later)).failure is Failure.MISSING


def _settings(folder: Path) -> RunSettings:
    out = folder / "out"
    out.mkdir(exist_ok=True)
    own = Versions("", "", "", "", "")
    return RunSettings("token", DAY, str(folder / "store"), str(out), 9.0, own, find_inputs)


def _files(folder: Path) -> Mapping[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _outcomes(folder: Path, count: int) -> list[BodyOutcome]:
    store = Store(str(folder / "store"))
    outcomes = []
    for number in range(count):
        make_small_body(folder / f"body-{number}", number)
        name = f"body-{number}.json"
        store.put(name, find_inputs(folder / f"body-{number}", DAY).assess())
        outcomes.append(BodyOutcome(f"body-{number}", name))
    return outcomes


def test_a_bucket_has_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    outcomes = [*_outcomes(tmp_path, 3), failed("broken", Failure.CRASH, "It crashed.")]
    settings = _settings(tmp_path)
    out = Path(settings.out)
    assert write_bucket(1, outcomes, settings) == ()
    merge_duties(out, 1)
    first = _files(out)
    assert list(first) == sorted(f"{table.name}/bucket-0001.parquet" for table in TABLES)
    for path in out.rglob("*.parquet"):
        path.unlink()
    write_bucket(1, [*reversed(outcomes)], settings)
    merge_duties(out, 1)
    assert _files(out) == first
    checks = pq.read_table(bucket_path(out, CHECKS, 1)).to_pylist()
    assert [(row["body"], row["complete"], row["failure"]) for row in checks] == [
        ("body-0", True, ""),
        ("body-1", True, ""),
        ("body-2", True, ""),
        ("broken", False, "crash"),
    ]


def test_duties_of_several_buckets_are_there_once(tmp_path: Path) -> None:
    outcomes, settings = _outcomes(tmp_path, 2), _settings(tmp_path)
    for number, outcome in enumerate(outcomes, 1):
        write_bucket(number, [outcome], settings)
    merge_duties(Path(settings.out), 2)
    assert not bucket_path(Path(settings.out), DUTIES, 2).exists()
    duties = pq.read_table(bucket_path(Path(settings.out), DUTIES, 1)).to_pylist()
    assert [row["duty"] for row in duties] == ["council-told", "desk-checked", "person-shown"]


def test_an_assessment_of_another_format_is_that_bodys_failure(tmp_path: Path) -> None:
    outcomes, settings = _outcomes(tmp_path, 3), _settings(tmp_path)
    store = Store(settings.store)
    fields = json.loads(store.get("body-1.json") or b"")
    store.put("body-1.json", json.dumps({**fields, "format": "dueregard-assessment-1"}).encode())
    store.remove("body-2.json.gz")
    unreadable = write_bucket(1, outcomes, settings)
    assert [(one.body, one.failure) for one in unreadable] == [
        ("body-1", Failure.ASSESSMENT),
        ("body-2", Failure.ASSESSMENT),
    ]
    assert "dueregard-assessment-1" in unreadable[0].words
    checks = pq.read_table(bucket_path(Path(settings.out), CHECKS, 1)).to_pylist()
    assert [row["complete"] for row in checks] == [True, False, False]


def test_the_words_of_a_failure_are_bounded() -> None:
    assert len(failed("body", Failure.FAULT, "word " * 1000).words) == 2000


# The cluster, before any -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["tcp://10.0.0.7:8786", "scheduler.example:8786", "ws://127.0.0.1:1", "tcp://[::2]:1"],
)
def test_a_scheduler_elsewhere_needs_tls(address: str) -> None:
    with (
        pytest.raises(EstateStop, match=r"is not safe to use: .* tls://"),
        connected(ClusterOptions(address), ()),
    ):
        pass


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    options = ClusterOptions("tls://127.0.0.1:1", tls_ca=tmp_path / "ca.pem")
    with pytest.raises(EstateStop, match=r"ca\.pem was not found"), connected(options, ()):
        pass


def test_a_scheduler_that_is_not_there_cannot_be_reached(tmp_path: Path) -> None:
    make_small_body(tmp_path / "body")
    with dask.config.set({"distributed.comm.timeouts.connect": "0.3s"}):
        said = called(
            tmp_path, "estate", "body", "--scheduler", "tcp://127.0.0.1:1", "--as-of", AS_OF
        )
    assert said.code == 2
    assert said.err.startswith("The scheduler tcp://127.0.0.1:1 cannot be reached (")
    assert [path.name for path in tmp_path.iterdir()] == ["body", "dueregard-estate"]


def _samples_call_stacks(dask_worker: Worker) -> bool:
    return "profile" in dask_worker.periodic_callbacks


def test_workers_on_this_computer_keep_no_call_stacks() -> None:
    with connected(ClusterOptions(workers=1), ()) as client:
        assert list(client.run(_samples_call_stacks).values()) == [False]


OWN = Versions("0.1.0", "c", "r", "3.11.7", "2.0.28")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("program", "0.2.0", "has dueregard 0.2.0, and this computer 0.1.0"),
        ("python", "3.13.1", "has Python 3.13.1, and this computer 3.11.7"),
        ("engine", "", "has durable_rules (none), and this computer 2.0.28"),
        ("rulebook", "x", "has another version of the program's own rulebook"),
        ("code", "x", "has another version of the program's code"),
    ],
)
def test_a_worker_with_another_version_is_named(field: str, value: str, words: str) -> None:
    other = OWN._replace(**{field: value})
    assert version_words("tcp://worker", OWN, other) == (
        f"The worker tcp://worker {words}. Install the same version everywhere."
    )
    assert version_words("tcp://worker", OWN, OWN) == ""


class _Workers:
    """A client of two workers, of which the second answers as it is told."""

    def __init__(self, answer: object, address: str = "tls://10.0.0.8:2", **packages: str) -> None:
        self._answer, self._address = answer, address
        own = get_versions(["pyarrow"])["packages"]
        self._packages = {"packages": own}, {"packages": own | packages}

    def wait_for_workers(self, _: int, **__: float) -> None:
        if self._answer is None:
            raise TimeoutError

    def nthreads(self) -> dict[str, int]:
        return {"tls://10.0.0.7:1": 1, self._address: 1}

    def run(self, *_: object, **__: object) -> dict[str, object]:
        return {"tls://10.0.0.7:1": versions(), self._address: self._answer}

    def get_versions(self, **_: object) -> dict[str, object]:
        own, other = self._packages
        return {"client": own, "workers": {self._address: other}}


@pytest.mark.parametrize(
    ("workers", "words"),
    [
        (_Workers(None), "The scheduler has no workers."),
        (_Workers(versions(), "tcp://10.0.0.8:2"), "tcp://10.0.0.8:2 is reached without TLS"),
        (
            _Workers(versions()._replace(rulebook="x")),
            "8:2 has another version of the program's own",
        ),
        (
            _Workers(versions()._replace(python="3.14.0")),
            "8:2 has Python 3.14.0, and this computer",
        ),
        (_Workers(ModuleNotFoundError("No module named 'estate'")), "cannot run dueregard (No mod"),
        (_Workers(versions(), pandas="2.0"), "10.0.0.8:2 has pandas 2.0, and this computer has"),
    ],
)
def test_a_worker_that_differs_is_refused_before_work_begins(workers: Any, words: str) -> None:
    with pytest.raises(EstateStop) as stop:
        must_have_equal_workers(workers, local=False)
    assert words in str(stop.value)


def test_a_worker_sees_the_store_and_the_results_and_has_one_thread(tmp_path: Path) -> None:
    settings = _settings(tmp_path)

    def words(threads: int = 1) -> str:
        worker: Any = SimpleNamespace(address="tls://w", state=SimpleNamespace(nthreads=threads))
        try:
            must_see(settings, worker)
        except EstateStop as stop:
            return str(stop)
        return ""

    assert words(2).startswith("The worker tls://w has 2 threads, and may have one")
    assert "is another place, or none, for the worker tls://w" in words()
    Store(settings.store).put(f"{settings.notes}/{PROBE}", b"")
    assert "is not there for the worker tls://w" in words()
    (Path(settings.out) / PROBE).touch()
    assert words() == ""


def test_the_versions_are_those_of_this_process() -> None:
    assert all(versions())
    assert len(versions().code) == len(hashlib.sha256().hexdigest())


def test_without_the_extra_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.commands.estate.find_spec", lambda _: None)
    said = called(tmp_path, "estate", "offices")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "An estate needs the package dask, which is not installed. Install the program again, "
        "with [estate] after the name of its wheel.\n"
    )


def test_neither_a_check_nor_the_help_loads_what_an_estate_or_the_papers_need() -> None:
    code = (
        "import sys, cli.arguments, cli.commands.check, cli.commands.estate; "
        "import cli.commands.papers.make; "
        "print({'dask', 'distributed', 'duckdb', 'fsspec', 'docx', 'docxtpl', 'matplotlib'}"
        " & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout == b"set()\n"


def test_the_bar_says_what_is_done_and_left() -> None:
    with Bar(1000) as bar:
        for number in range(250):
            bar.add(failed=number < 5)
    assert bar.line(50.0) == (
        "[#######                       ] 250 of 1,000 bodies, 5 failed, 5.0 a second, 2:30 left"
    )


def test_the_options_are_checked_first(tmp_path: Path) -> None:
    make_small_body(tmp_path / "body")
    said = called(tmp_path, "estate")
    assert said.err.startswith(
        "Say which folder contains the bodies, for example: dueregard estate offices"
    )
    for options, words in (
        (["--limit", "0"], "--limit 0: give a whole number from 1 to 100,000.\n"),
        (["--workers", "two"], "--workers two: give a whole number from 1 to 100,000.\n"),
        (["--as-of", "soon"], "--as-of:"),
    ):
        said = called(tmp_path, "estate", "body", *options)
        assert (said.code, said.out) == (2, "")
        assert words in said.err
