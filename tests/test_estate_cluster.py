"""Runs over estates with real processes: a scheduler and two workers started apart, with TLS, and a
cluster that a run starts itself."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from tests.support.desk_office import AS_OF, altered, around, ended
from tests.support.made_estate import WAYS, make_small_body, make_small_estate
from tests.support.needs import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform == "win32",
    reason="Windows cannot fork, and Dask starts the workers here by a fork server",
)

CONNECT = "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT"
#: The configuration of Dask for all of these processes.
DASK = {
    CONNECT: "3s",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "forkserver",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(ROOT),
}
#: In this program a body may crash or hang.
MAY_DIE = (
    "import cli.commands.estate\n"
    "from tests.support.made_estate import find_inputs_or_die\n"
    "cli.commands.estate.find_inputs = find_inputs_or_die"
)
LIMIT_SECONDS = 10  # on a busy machine
PEM = "certificate.pem"
#: The bodies of which some are checked when a worker is killed and the run is stopped.
BODIES = 12


def _command(*arguments: str | Path) -> list[str]:
    given = [str(argument) for argument in arguments]
    return altered(MAY_DIE, ["estate", *given, "--as-of", AS_OF, "--limit", str(LIMIT_SECONDS)])


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler with two workers, and the certificate that each of them and the client has."""

    address: str
    certificate: Path
    nanny: psutil.Process

    def command(self, *arguments: str | Path) -> list[str]:
        """The command estate on this cluster."""
        tls = [f"--tls-{name}={self.certificate}" for name in ("ca", "cert", "key")]
        return _command("--scheduler", self.address, *tls, *arguments)

    def workers(self) -> list[psutil.Process]:
        """The processes in which bodies are checked."""
        servers = self.nanny.children()
        return [process for server in servers for process in server.children()]


@contextmanager
def _dask(folder: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask, which speaks by the certificate of this folder."""
    tls = [f"--tls-{name}={folder / PEM}" for name in ("ca-file", "cert", "key")]
    where = ["--protocol", "tls", "--host", "127.0.0.1", "--no-dashboard", *tls]
    with (folder / "log").open("a") as log:
        order = [sys.executable, "-m", "dask", *command, "--scheduler-file", "file.json", *where]
        process = subprocess.Popen(order, cwd=folder, env=around(**DASK), stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the certificate and the address of a scheduler."""
    folder = tmp_path_factory.mktemp("cluster")
    _certificate(folder)
    file = folder / "file.json"
    with _dask(folder, "scheduler", "--port", "0"):
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.1)
        yield folder


def _address(scheduler: Path) -> str:
    return str(json.loads((scheduler / "file.json").read_text())["address"])


@pytest.fixture(scope="module")
def cluster(scheduler: Path) -> Iterator[Cluster]:
    with _dask(scheduler, "worker", "--nworkers", "2", "--nthreads", "1") as process:
        yield Cluster(_address(scheduler), scheduler / PEM, psutil.Process(process.pid))


def _certificate(folder: Path) -> Path:
    """A file with a certificate, by which it is signed itself, and its key."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=estate"]
    command += ["-days", "2", "-keyout", "key.pem", "-out", PEM]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    path = folder / PEM
    path.write_bytes(path.read_bytes() + (folder / "key.pem").read_bytes())
    return path


def _failures(out: Path) -> dict[str, str]:
    """The kind of failure of each body in the results, '' for a complete check."""
    rows = pq.read_table(out / AS_OF / "checks" / "bucket-0001.parquet").to_pylist()
    return {row["body"]: row["failure"] for row in rows}


def _results(out: Path) -> dict[str, bytes]:
    paths = [path for path in (out / AS_OF).rglob("*") if path.is_file()]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.campaign
@pytest.mark.needs("openssl")
def test_each_broken_body_is_named_and_no_other(cluster: Cluster, tmp_path: Path) -> None:
    share = tmp_path / "share"
    make_small_estate(share, 3)
    for number, (way, (_, break_body)) in enumerate(WAYS.items()):
        make_small_body(share / way, number)
        break_body(share / way)
    said = ended(cluster.command("share", "--out", "out"), tmp_path, **DASK)
    assert said.code == 1, said.err
    expected = {way: kind.value for way, (kind, _) in WAYS.items()}
    assert _failures(tmp_path / "out") == {f"body-0000{n}": "" for n in range(3)} | expected
    last = said.out.splitlines()[-1]
    assert last.startswith("Not complete: 10 of 13 bodies failed (")
    assert "office.yaml 2, path outside the folder 1, rulebook 1, time limit 1)" in last

    # What was broken is put right: only that is checked.
    for way in WAYS:
        shutil.rmtree(share / way)
    make_small_body(share / "missing")
    said = ended(cluster.command("share", "--out", "out"), tmp_path, **DASK)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "3 were in the store already",
        f"Saved: out/{AS_OF}",
        f"Saved: out/reports/{AS_OF}/estate.html",
        f"Saved: out/reports/{AS_OF}/estate.xlsx",
        "Complete: 4 bodies",
    ]


@pytest.mark.campaign
@pytest.mark.needs("openssl")
def test_killed_workers_and_a_stopped_run_change_nothing(cluster: Cluster, tmp_path: Path) -> None:
    make_small_estate(tmp_path / "share", BODIES)
    whole = ended(_command("share", "--out", "whole", "--workers", "1"), tmp_path, **DASK)
    assert (whole.code, whole.err) == (0, "")
    command = cluster.command("share", "--out", "out")
    store = tmp_path / "out" / "assessments"
    out = ""
    for stopped in (True, False):
        process = subprocess.Popen(
            command, cwd=tmp_path, env=around(**DASK), stdout=subprocess.PIPE, text=True
        )
        done = len(list(store.glob("body-*")))
        while len(list(store.glob("body-*"))) < done + 2 and process.poll() is None:
            time.sleep(0.02)
        cluster.workers()[0].kill()
        if stopped:
            process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=240)
        if stopped:
            assert process.returncode == 2
            assert not (tmp_path / "out" / AS_OF).exists()
            assert len(list(store.glob("body-*"))) < BODIES
    assert out.endswith(f"Complete: {BODIES} bodies\n")
    assert _results(tmp_path / "out") == _results(tmp_path / "whole")
    assert [path.name for path in store.iterdir() if not path.name.startswith("body-")] == []
    assert len(list(store.rglob("*.json.gz"))) == BODIES


@pytest.mark.campaign
@pytest.mark.needs("openssl")
def test_without_the_certificate_nothing_is_reached(scheduler: Path, tmp_path: Path) -> None:
    make_small_body(tmp_path / "body")
    other = _certificate(tmp_path)
    tls = [f"--tls-{name}={other}" for name in ("ca", "cert", "key")]
    command = _command("body", "--scheduler", _address(scheduler), *tls)
    said = ended(command, tmp_path, **DASK | {CONNECT: "1s"})
    assert said.code == 2
    assert said.err.startswith(f"The scheduler {_address(scheduler)} cannot be reached (")
