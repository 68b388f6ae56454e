"""A check of the office's folder, or its whole month, in a process of its own, and how far it has
come."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING
from cli.progress import MONTH_STEPS, STEPS

#: What it prints is read as UTF-8, whatever the terminal uses.
_SURROUNDINGS = {**os.environ, "PYTHONIOENCODING": "utf-8"}


@dataclass(frozen=True, slots=True)
class StepState:
    """A step of a check, and whether it is done, happening now, or still to come."""

    name: str
    state: Literal["done", "now", "to come"]


class CheckRun:
    """One check, or one ``month``, in a process of its own, so that closing the pages ends it, and
    it takes no memory afterwards. Its reports are written whole or not at all."""

    def __init__(self, folder: Path, as_of: str, by: str, *, month: bool = False) -> None:
        """Starts the check for a day, ``2026-11-24``."""
        name = "month" if month else "check"
        command = [sys.executable, "-P", "-m", "cli.main", name, "--steps", "--as-of", as_of]
        command += [f"--by={by}"] if by else []
        self.as_of, self.month = as_of, month
        self._steps = MONTH_STEPS if month else STEPS
        self._step, self._messages = "", list[str]()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=_SURROUNDINGS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read_steps, daemon=True)
        self._reader.start()

    def _read_steps(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                text = line.decode("utf-8", "replace").rstrip()
                if text in self._steps:
                    self._step = text
                else:
                    self._messages.append(text)

    @property
    def ended(self) -> bool:
        """Whether the check has ended, and all that it said was read."""
        return self._process.poll() is not None and not self._reader.is_alive()

    @property
    def reported(self) -> bool:
        """Whether a check that has ended wrote its reports."""
        return self._process.returncode in (NOTHING_OUTSTANDING, OUTSTANDING)

    @property
    def messages(self) -> tuple[str, ...]:
        """What the check said beside its results: what stopped it, or what it passed over."""
        return tuple(self._messages)

    def steps(self) -> list[StepState]:
        """Every step, in order."""
        now = self._steps.index(self._step) if self._step else -1
        return [
            StepState(name, "done" if number < now else "now" if number == now else "to come")
            for number, name in enumerate(self._steps)
        ]

    def stop(self) -> None:
        """Ends the check, if it has not ended."""
        with suppress(OSError):
            self._process.terminate()
        self._process.wait()
