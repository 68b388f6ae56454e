"""Progress of long work, on a terminal only, and the time of each step."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

_AFTER_SECONDS = 2.0

#: What is being done once a step has ended ('' before the first).
_THEN: Mapping[str, str] = {
    "": "reading the rulebook",
    "rules": "reading the evidence",
    "read": "comparing the evidence with the duties",
    "match": "working it out a second way",
    "second evaluator": "working out each result",
    "judge": "assembling the assessment",
    "assemble": "writing the reports",
}


class Progress:
    """Told of each step as it ends. ``seconds`` holds how long each took; a line on a terminal
    says what is being done once two seconds have passed."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = self._last = time.perf_counter()
        self._step = ""
        self._width = 0

    def __call__(self, step: str) -> None:
        """A step has ended; '' is a sign of life within one."""
        now = time.perf_counter()
        if step:
            self.seconds[step] = self.seconds.get(step, 0.0) + now - self._last
            self._last, self._step = now, step
        if now - self._begun > _AFTER_SECONDS and self._step in _THEN and sys.stderr.isatty():
            line = f"{now - self._begun:.0f} s: {_THEN[self._step]} …"
            print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = max(self._width, len(line))

    def end(self) -> None:
        """Clears the line, if there is one."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0
