"""Progress of long work, on a terminal only, and the time of each step."""

from __future__ import annotations

import sys
import time

_AFTER_SECONDS = 2.0


class Progress:
    """Told of each step as it ends. ``seconds`` holds how long each took; a line on a terminal
    says what is being done once two seconds have passed."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = self._last = time.perf_counter()
        self._shown = False
        self._beats = 0

    def __call__(self, step: str) -> None:
        """A step has ended; '' is a sign of life within one."""
        now = time.perf_counter()
        if step:
            self.seconds[step] = self.seconds.get(step, 0.0) + now - self._last
            self._last = now
        self._beats += 1
        if now - self._begun > _AFTER_SECONDS and sys.stderr.isatty():
            done = step or next(reversed(self.seconds), "reading")
            print(
                f"\rWorking … {now - self._begun:.0f} s, after {done}   ", end="", file=sys.stderr
            )
            self._shown = True

    def end(self) -> None:
        """Clears the line."""
        if self._shown:
            print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
