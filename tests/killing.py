"""Checks killed at random moments, and what they left: ``python -m tests.killing SEED COUNT``."""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from record.ledger.chain import entries
from record.ledger.database import size_of
from record.ledger.run_file import RUN
from record.ledger.verify import verify
from tests.support.desk_office import around, asked, reports, workbook
from tests.support.needs import ROOT

#: The two days that the checks are of in turn, so that old and new reports can be told apart.
DAYS = ("2026-11-24", "2026-11-20")
LEDGER = "dueregard-ledger.sqlite"

#: What only an assessment made with a key has: the fingerprint of each row that it cites, and the
#: list of all rows that were read.
_KEYED = re.compile(
    rb'"fingerprint":"[0-9a-f]+",|,?"fingerprint":"[0-9a-f]+"'
    rb'|,"rows":\[(?:,?\{"file":[^{}]*,"fingerprints":\[[^{}]*\})+\]'
)

#: Of a check's time: how long after the first sign of writing half of them are killed at most.
_WRITING = 0.3


@dataclass(slots=True)
class Tally:
    """What became of each check: killed before it began to write, killed after that, or at its
    end before anybody could; and how many entries the ledger holds at the last. ``wrong`` says
    what was not as it should be."""

    before_writing: int = 0
    while_writing: int = 0
    ended: int = 0
    entered: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """How many were killed."""
        return self.before_writing + self.while_writing


def run(seed: int, count: int) -> Tally:
    """Checks on one ledger, each to be killed at a moment that follows from its seed, until
    ``count`` were: some end before."""
    tally, number = Tally(), seed
    with TemporaryDirectory(prefix="dueregard-") as name, _loaded(Path(name)) as program:
        folder = Path(name)
        whole, seconds = _whole(folder, program)
        while tally.killed < count:
            before = _entries(folder)
            _kill(folder, program, number, seconds, tally)
            tally.wrong += [f"{number}: {each}" for each in _wrong(folder, whole, before)]
            number += 1
        tally.entered = _entries(folder)
    return tally


# The program, loaded once ------------------------------------------------------------------------

_PROGRAM = """
import json, os, sys
import rules.load  # which a check else loads in a process of its own, each time
from cli.arguments import parser
from cli.main import main
with open(os.devnull, "w") as sys.stdout:
    main(sys.argv[1:])
sys.stdout = sys.__stdout__
for line in sys.stdin:
    if not (pid := os.fork()):
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for handle in range(3):
            os.dup2(nowhere, handle)
        os._exit(main(json.loads(line)))
    os.setpgid(pid, pid)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


@dataclass(frozen=True, slots=True)
class _Program:
    """A process that has loaded the program, and made a check, and starts each further one as a
    process of its own: the same check, spared the second in which it loads."""

    given: IO[bytes]
    told: IO[bytes]

    def start(self, arguments: list[str]) -> int:
        """Starts a check and returns the id of its process, and of the group of those that it
        starts itself."""
        self.given.write(json.dumps(arguments).encode() + b"\n")
        return int(self.told.readline())

    def has_ended(self) -> bool:
        """Whether the check has."""
        return bool(select.select([self.told], [], [], 0)[0])

    def end(self) -> int:
        """How it ended, once it has."""
        return int(self.told.readline())


@contextmanager
def _loaded(folder: Path) -> Iterator[_Program]:
    (folder / "office.xlsx").write_bytes(workbook())
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *asked("office.xlsx")],
        cwd=folder,
        env=around(PYTHONPATH=str(ROOT)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield _Program(process.stdin, process.stdout)
        process.stdin.close()


# Each check --------------------------------------------------------------------------------------


def _whole(folder: Path, program: _Program) -> tuple[Mapping[str, set[bytes]], float]:
    """Every report as a whole check of either day writes it, and how long a check takes."""
    whole: dict[str, set[bytes]] = {}
    seconds = 0.0
    for day in DAYS:
        began = time.perf_counter()
        program.start(asked("office.xlsx", as_of=day))
        assert program.end() == 0
        seconds = time.perf_counter() - began
        for name, data in _unkeyed(folder / "out").items():
            whole.setdefault(name, set()).add(data)
    return whole, seconds


def _kill(folder: Path, program: _Program, number: int, seconds: float, tally: Tally) -> None:
    chance = random.Random(number)
    day = DAYS[number % 2]
    pid = program.start(asked("office.xlsx", as_of=day, ledger=LEDGER))
    wrote = _waited(program, folder, chance, seconds)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    killed = program.end() == signal.SIGKILL
    tally.ended += not killed
    tally.while_writing += killed and wrote
    tally.before_writing += killed and not wrote


def _waited(program: _Program, folder: Path, chance: random.Random, seconds: float) -> bool:
    """Waits for the moment to kill: for half of them any moment of the check's time, for the
    others one soon after the first sign of writing. Whether it has begun to write by then."""
    began = time.time()
    if chance.random() < 0.5:
        until = began + chance.uniform(0, seconds)
        while time.time() < until and not program.has_ended():
            time.sleep(0.001)
        return _has_written(folder, began)
    while not _has_written(folder, began) and not program.has_ended():
        time.sleep(0)
    time.sleep(chance.random() ** 2 * _WRITING * seconds)  # sooner more often than later
    return True


def _has_written(folder: Path, began: float) -> bool:
    """Whether anything was written since; a killed check may have left its journal before that."""
    stores = (folder / f"dueregard-ledger.{name}" for name in ("assessments", "rulebooks"))
    places = (folder, folder / "out", *stores)
    return any(place.stat().st_mtime > began for place in places if place.exists())


def _entries(folder: Path) -> int:
    path = folder / LEDGER
    return len(entries(path)) if size_of(path) else 0


def _unkeyed(folder: Path) -> dict[str, bytes]:
    """The reports without the fingerprints of rows, which follow from the ledger's key."""
    return {name: _KEYED.sub(b"", data) for name, data in reports(folder).items()}


def _wrong(folder: Path, whole: Mapping[str, set[bytes]], before: int) -> list[str]:
    """What is not as it should be: a ledger that does not hold or has lost an entry, or half of
    one; or a report that is neither the old one nor the new one as a whole."""
    wrong: list[str] = []
    now = _entries(folder)
    if now:
        wrong += verify(folder / LEDGER).faults
    if now - before not in ((0, 1, 2) if before == 0 else (0, 1)):
        wrong.append(f"{before} entries became {now}")
    found = {n: d for n, d in _unkeyed(folder / "out").items() if not n.startswith(".")}
    said = json.loads(found.pop(RUN, b'{"head": ""}'))["head"]
    if said and said not in {entry.row.hash for entry in entries(folder / LEDGER)}:
        wrong.append("run.json names no entry")
    wrong += [f"{name} is not whole" for name, data in found.items() if data not in whole[name]]
    return wrong


def main(arguments: list[str]) -> int:
    """Runs a campaign and prints its counts; 1 where anything was wrong."""
    tally = run(int(arguments[0]), int(arguments[1]))
    print(
        f"{tally.killed} killed: {tally.before_writing} before they wrote, {tally.while_writing}"
        f" while or after they wrote, {tally.ended} had ended; {tally.entered} entries; wrong:"
        f" {tally.wrong}"
    )
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
