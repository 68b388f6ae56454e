"""The progress of a check on a terminal, and the time of each step."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

_AFTER_SECONDS = 2.0

#: The work that follows the end of each step ('' before the first).
_NEXT: Mapping[str, str] = {
    "": "reading the rulebook",
    "rules": "reading the evidence",
    "read": "comparing the evidence with the duties",
    "match": "working it out a second way",
    "plain evaluator": "working out each result",
    "judge": "assembling the assessment",
    "assemble": "writing the reports",
}


class Progress:
    """Called at the end of each step. ``seconds`` has the time of each. After two seconds a line on
    a terminal says what the program is doing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = self._last = time.perf_counter()
        self._step = ""
        self._width = 0

    def __call__(self, step: str) -> None:
        """Notes the end of a step; '' only refreshes the line."""
        now = time.perf_counter()
        if step:
            self.seconds[step] = self.seconds.get(step, 0.0) + now - self._last
            self._last, self._step = now, step
        if now - self._begun > _AFTER_SECONDS and self._step in _NEXT and sys.stderr.isatty():
            line = f"{now - self._begun:.0f} s: {_NEXT[self._step]} …"
            print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = max(self._width, len(line))

    def end(self) -> None:
        """Clears the line, if there is one."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0
