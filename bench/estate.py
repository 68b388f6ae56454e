"""An estate measured: python -m bench.estate. Speed with two workers and with one, beside single
checks; peak memory for few and many bodies; and what killed workers and a stopped run change."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.cases import AS_OF, CHECKED, ROOT
from bench.harness import run_once

_MEGABYTE = 1024**2
_SAMPLE_SECONDS = 0.1
#: The program, in which a body may crash or hang.
_MAY_DIE = (
    "import sys, cli.commands.estate\n"
    "from tests.support.made_estate import find_inputs_or_die\n"
    "cli.commands.estate.find_inputs = find_inputs_or_die\n"
    "from cli.main import program\n"
    "program()"
)
_PLAIN = "from cli.main import program; program()"
#: The seconds after which a body is stopped, and one that may hang.
_LIMIT, _SHORT_LIMIT = "900", "60"


@dataclass(slots=True)
class Watched:
    """The processes of a run as they were seen: seconds of processor time, and the largest memory
    in MB, of the one with the client and the scheduler, and of each worker by its id."""

    client: tuple[float, float] = (0.0, 0.0)
    workers: dict[int, tuple[float, float]] = field(default_factory=dict)
    seconds: float = 0.0
    code: int = 0

    @property
    def processor(self) -> float:
        """The processor time of all of them."""
        return self.client[0] + sum(seconds for seconds, _ in self.workers.values())

    @property
    def worker_peak(self) -> float:
        """The largest memory of a worker."""
        return max(peak for _, peak in self.workers.values())


def workers_of(client: psutil.Process) -> list[psutil.Process]:
    """The workers that a run on this computer has started."""
    with suppress(psutil.Error):
        return [
            worker
            for server in client.children()
            if "forkserver" in " ".join(server.cmdline())
            for worker in server.children()
        ]
    return []


def watch(
    command: Sequence[str], each: Callable[[psutil.Process], None] = lambda _: None
) -> Watched:
    """Runs a command to its end. ``each`` is called at every look at its processes."""
    watched, began = Watched(), time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as started:
        client = psutil.Process(started.pid)
        while started.poll() is None:
            with suppress(psutil.Error):
                watched.client = _seen(client, watched.client, children=False)
                for worker in workers_of(client):
                    with suppress(psutil.Error):
                        before = watched.workers.get(worker.pid, (0.0, 0.0))
                        watched.workers[worker.pid] = _seen(worker, before, children=True)
                each(client)
            time.sleep(_SAMPLE_SECONDS)
    watched.seconds, watched.code = time.perf_counter() - began, started.returncode
    return watched


def _seen(
    process: psutil.Process, before: tuple[float, float], *, children: bool
) -> tuple[float, float]:
    used = process.cpu_times()
    seconds = used.user + used.system
    if children:  # those that read files and decide, which have ended
        seconds += used.children_user + used.children_system
    return seconds, max(before[1], process.memory_info().rss / _MEGABYTE)


def estate_command(share: Path, out: Path, workers: int, program: str = _PLAIN) -> list[str]:
    """The command that checks an estate."""
    options = ["--as-of", AS_OF, "--out", str(out), "--workers", str(workers)]
    options += ["--limit", _SHORT_LIMIT if program == _MAY_DIE else _LIMIT]
    return [sys.executable, "-c", program, "estate", str(share), *options]


def make(call: str) -> None:
    """Makes an estate, in a process of its own."""
    code = f"from pathlib import Path\nfrom tests.support.made_estate import *\n{call}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def _line(name: str, bodies: int, run: Watched) -> str:
    shares = ", ".join(f"{used / run.seconds:.0%}" for used, _ in run.workers.values())
    return (
        f"{name:24}{bodies:>7,} bodies{run.seconds:>9.1f} s{bodies / run.seconds:>7.2f}/s"
        f"{run.processor:>9.1f} s CPU; client {run.client[0] / run.seconds:.0%} and "
        f"{run.client[1]:.0f} MB, workers {shares} and {run.worker_peak:.0f} MB"
    )


def speed(folder: Path, bodies: int, singles: int) -> Iterator[str]:
    """Two workers, one, and single checks."""
    share = folder / "share"
    shutil.rmtree(folder, ignore_errors=True)
    make(f"make_estate(Path({str(share)!r}), {bodies}, Path('build/estate-workbooks'))")
    two = watch(estate_command(share, folder / "two", 2))
    yield _line("two workers", bodies, two)
    again = watch(estate_command(share, folder / "two", 2))
    yield _line("nothing changed", bodies, again)
    one = watch(estate_command(share, folder / "one", 1))
    yield _line("one worker", bodies, one)
    yield f"  same Parquet bytes: {results(folder / 'one') == results(folder / 'two')}"
    chosen = sorted(share.iterdir())[:: max(1, bodies // singles)]
    runs = []
    for body in chosen:
        command = [sys.executable, "-c", f"import os; os.chdir({str(body)!r})\n{_PLAIN}", "check"]
        command += ["--as-of", AS_OF, "--ledger", "none", "--out", str(folder / "single")]
        runs.append(run_once(command, (*CHECKED, 2)))
    seconds, used = sum(run.seconds for run in runs), sum(run.processor for run in runs)
    scaled, scaled_used = (value * bodies / len(runs) for value in (seconds, used))
    yield (
        f"{len(runs):,} single checks: {seconds:.1f} s, {used:.1f} s CPU; for {bodies:,} bodies "
        f"{scaled:.0f} s, {scaled_used:.0f} s CPU"
    )
    yield (
        f"  two workers: {scaled / two.seconds:.1f} times by the clock, "
        f"{scaled_used / two.processor:.1f} times by the processor; two workers beside one: "
        f"{one.seconds / two.seconds:.2f} times by the clock, "
        f"{two.processor / one.processor:.2f} of the processor"
    )
    broken = watch(estate_command(share, folder / "two", 2, _MAY_DIE))
    yield _line("with crashes and hangs", bodies, broken)
    yield f"  {failures(folder / 'two')}"


def memory(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """The peaks for some and many small bodies."""
    for size in sizes:
        shutil.rmtree(folder, ignore_errors=True)
        make(f"make_small_estate(Path({str(folder / 'share')!r}), {size})")
        yield _line(
            "small bodies", size, watch(estate_command(folder / "share", folder / "out", 2))
        )


def kills(folder: Path, bodies: int, count: int, seed: int) -> Iterator[str]:
    """Workers killed at random moments, and the run stopped once."""
    shutil.rmtree(folder, ignore_errors=True)
    make(f"make_small_estate(Path({str(folder / 'share')!r}), {bodies})")
    whole = watch(estate_command(folder / "share", folder / "whole", 2))
    chance, killed, stops = random.Random(seed), 0, 1
    times = [whole.seconds * chance.uniform(0.2, 0.9) / count for _ in range(count)]
    last = time.perf_counter()

    def kill(client: psutil.Process) -> None:
        nonlocal killed, stops, last
        workers = workers_of(client)
        if killed < count and len(workers) == 2 and time.perf_counter() - last > times[killed]:
            chance.choice(workers).kill()
            killed, last = killed + 1, time.perf_counter()
        elif stops and killed > count // 2:
            client.send_signal(signal.SIGINT)
            stops = 0

    codes = list[int]()
    while not codes or codes[-1] == 2:
        last = time.perf_counter() + 3
        codes.append(watch(estate_command(folder / "share", folder / "out", 2), kill).code)
    stored = len(list((folder / "out" / "assessments").rglob("*.json.gz")))
    yield (
        f"{killed} kills and {1 - stops} stop in {bodies:,} bodies: codes {codes}, {stored:,} "
        f"assessments, same Parquet bytes: {results(folder / 'out') == results(folder / 'whole')}"
    )


def results(out: Path) -> dict[str, bytes]:
    """Every file of the results of a run."""
    day = out / AS_OF
    return {
        path.relative_to(day).as_posix(): path.read_bytes()
        for path in day.rglob("*")
        if path.is_file()
    }


def failures(out: Path) -> str:
    """Which bodies failed, beside which were broken, found by a process of its own."""
    code = (
        "import sys, pyarrow.parquet as pq\nfrom tests.support.made_estate import broken_in\n"
        "rows = pq.read_table(sys.argv[1]).to_pylist()\n"
        "failed = {row['body']: row['failure'] for row in rows if not row['complete']}\n"
        "broken = broken_in(len(rows))\n"
        "print(f'{len(failed)} failed of {len(broken)} broken; each named and no other:',"
        " failed == broken)"
    )
    command = [sys.executable, "-c", code, str(out / AS_OF / "checks")]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout[:-1]


def main() -> None:
    """Measures what the options ask for, and prints it as it comes."""
    parser = argparse.ArgumentParser(prog="python -m bench.estate", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench-estate")
    parser.add_argument("--bodies", type=int, default=1000, help="bodies of 5 to 500 people")
    parser.add_argument("--singles", type=int, default=200, help="single checks")
    parser.add_argument("--small", type=int, nargs="*", default=[1000, 10_000], metavar="N")
    parser.add_argument("--kills", type=int, default=10, help="workers that are killed")
    parser.add_argument("--killed-bodies", type=int, default=400, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    folder: Path = options.folder
    parts = [
        speed(folder / "speed", options.bodies, options.singles) if options.bodies else [],
        memory(folder / "memory", options.small),
        kills(folder / "kills", options.killed_bodies, options.kills, options.seed)
        if options.kills
        else [],
    ]
    for part in parts:
        for line in part:
            print(line, flush=True)


if __name__ == "__main__":
    main()
