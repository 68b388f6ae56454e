"""Whole processes timed one after another, each with its processor time and its peak memory.

This process stays small on purpose, and imports neither pandas nor openpyxl: a new process begins
with the peak memory of the one that starts it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Command = Sequence[str]

#: What ru_maxrss counts in: bytes on macOS, and 1,024 of them elsewhere.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds by the clock, seconds of processor time, and the largest memory in MB of
    the process or of any that it started (not their sum)."""

    seconds: float
    processor: float
    peak: float


class RunFailed(Exception):
    """A timed process ended with a code that it should not; the text holds what it said."""


def run_once(command: Command, allowed: Sequence[int] = (0,)) -> Run:
    """Runs the command and waits for it. Raises RunFailed where its code is none of ``allowed``."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env=_usual())
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise RunFailed(f"{' '.join(command)} ended with {process.returncode}:\n{words}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * _PEAK_UNIT / 1024**2)


def _usual() -> dict[str, str]:
    """The environment, in which Python keeps what it compiled, as it does unless told not to."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def in_turn(
    timed: Sequence[Callable[[], Run]], runs: int, warm_up: bool = True
) -> list[tuple[Run, ...]]:
    """Each of ``timed`` so many times, in turn, so that a busy moment hits all of them alike;
    once before that, uncounted, so that files and bytecode are at hand."""
    if warm_up:
        for each in timed:
            each()
    rounds = [[each() for each in timed] for _ in range(runs)]
    return [tuple(column) for column in zip(*rounds, strict=True)]


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure by itself."""
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        statistics.median(run.peak for run in runs),
    )
