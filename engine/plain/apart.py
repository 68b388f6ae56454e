"""The second evaluator at work beside the first: in a process of its own where there is much to
evaluate, which takes a sixth off the time of such a check."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType

from engine.outcome import Answer

#: From so many rows of evidence on, a process of its own is worth its start.
MANY_ROWS = 20_000


class SecondAnswers:
    """The answers of ``evaluate``; ``apart``: they are made in a process of its own, which begins
    when this is made and is ended when the context is left. That is where there are ``rows`` enough
    and the system can fork one."""

    def __init__(self, evaluate: Callable[[], list[Answer]], rows: int) -> None:
        self._evaluate = evaluate
        self._answers: list[Answer] | None = None
        self.apart = rows >= MANY_ROWS and sys.platform == "linux"
        if self.apart:
            forks = multiprocessing.get_context("fork")
            self._receiver, sender = forks.Pipe(duplex=False)
            self._process = forks.Process(target=_send, args=(evaluate, sender), daemon=True)
            self._process.start()
            sender.close()

    def answers(self) -> list[Answer]:
        """The answers, made once. Where the other process comes to nothing they are made in this
        one, and so is whatever error it met."""
        if self._answers is None:
            with suppress(EOFError, OSError):
                self._answers = self._receiver.recv() if self.apart else None
            self._answers = self._answers or self._evaluate()
        return self._answers

    def __enter__(self) -> SecondAnswers:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        if self.apart:
            self._process.kill()
            self._process.join()
            self._receiver.close()


def _send(evaluate: Callable[[], list[Answer]], sender: Connection) -> None:
    """The work of the other process. What stops it is said where it is met again."""
    try:
        sender.send(evaluate())
    except BaseException:  # noqa: BLE001
        sender.close()
