"""The second evaluator at work in a process of its own, beside the first: where there is much to
evaluate, that takes a sixth off the time of a check."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from engine.agree import must_agree
from engine.outcome import Answer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: Whether the system can fork a process that has what this one has read.
FORKS = sys.platform == "linux"

#: So many answers are sent, and in memory twice, at a time.
_AT_ONCE = 5_000


class SecondEvaluator:
    """A process that begins to ``evaluate`` when this is made, and is ended when the context is
    left."""

    def __init__(self, evaluate: Callable[[], list[Answer]]) -> None:
        import multiprocessing  # noqa: PLC0415  (few checks are large enough to need it)

        forks = multiprocessing.get_context("fork")
        self._evaluate = evaluate
        self._receiver, sender = forks.Pipe(duplex=False)
        self._process = forks.Process(target=_send, args=(evaluate, sender), daemon=True)
        self._process.start()
        sender.close()

    def must_agree(self, first: Sequence[Answer]) -> None:
        """Raises EngineFault where its answers are not ``first``. Where they differ, or the process
        came to nothing, this one evaluates again, and says what is wrong."""
        if not self._agrees(first):
            must_agree(first, self._evaluate())

    def _agrees(self, first: Sequence[Answer]) -> bool:
        at = 0
        with suppress(EOFError, OSError):
            while some := self._receiver.recv():
                if list(first[at : at + len(some)]) != some:
                    return False
                at += len(some)
            return at == len(first)
        return False

    def __enter__(self) -> SecondEvaluator:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()
        self._receiver.close()


def _send(evaluate: Callable[[], list[Answer]], sender: Connection) -> None:
    """The work of the other process. What stops it is met again where it is asked for."""
    with suppress(BaseException):
        answers = evaluate()
        for at in range(0, len(answers), _AT_ONCE):
            sender.send(answers[at : at + _AT_ONCE])
        sender.send([])
    sender.close()
