"""The progress of a check on a terminal, and the time of each step."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

from cli.say import complain, width

_AFTER_SECONDS = 2.0
_BAR_SECONDS, _BAR_WIDTH = 0.2, 30

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


#: The words for each step, in order.
STEPS = tuple(_NEXT.values())


#: The work of a month that follows the reports of its check.
_NEXT_IN_MONTH: Mapping[str, str] = {
    "write": "writing the mails and the calendar",
    "mails": "writing the papers",
    "papers": "making the pack",
}
#: The words for each step of a month, in order.
MONTH_STEPS = (*STEPS, *_NEXT_IN_MONTH.values())


class Progress:
    """Called at the end of each step of a check, or of a ``month``. ``seconds`` has the time of
    each. After two seconds a line on a terminal says what the program is doing; if ``listed``, each
    step has a line of its own on standard error as it begins."""

    def __init__(self, *, listed: bool = False, month: bool = False) -> None:
        self._listed = listed
        self._next = {**_NEXT, **_NEXT_IN_MONTH} if month else _NEXT
        if listed:
            complain(STEPS[0])
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
            if self._listed and step in self._next:
                complain(self._next[step])
        if (
            now - self._begun > _AFTER_SECONDS
            and self._step in self._next
            and not self._listed
            and sys.stderr.isatty()
        ):
            line = f"{now - self._begun:.0f} s: {self._next[self._step]} …"
            print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = max(self._width, len(line))

    def end(self) -> None:
        """Clears the line, if there is one."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0


class Bar:
    """A line on a terminal with the number of items that are done and failed, the rate, and the
    time that is left."""

    def __init__(self, total: int) -> None:
        """``total``: the number of items."""
        self._total = total
        self._done = self._failed = 0
        self._begun = self._shown = time.perf_counter()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def add(self, *, failed: bool) -> None:
        """Counts one item, and shows the line at most five times a second."""
        self._done += 1
        self._failed += failed
        now = time.perf_counter()
        if sys.stderr.isatty() and now - self._shown > _BAR_SECONDS:
            self._shown = now
            line = self.line(now - self._begun)[: width() - 1]
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    def line(self, seconds: float) -> str:
        """The line after so many seconds."""
        rate = self._done / seconds
        left = (self._total - self._done) / rate
        filled = _BAR_WIDTH * self._done // self._total
        failed = f", {self._failed:,} failed" if self._failed else ""
        return (
            f"[{'#' * filled:<{_BAR_WIDTH}}] {self._done:,} of {self._total:,} bodies{failed}, "
            f"{rate:.1f} a second, {_duration(left)} left"
        )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
