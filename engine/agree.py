"""The comparison of the two evaluators, and the plain evaluator in a separate process.

A check reports nothing unless both evaluators give the same answer on every obligation. The
separate process takes a tenth to a sixth off the time of a check.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from engine.assessment import ComingDate
from engine.decision.rule import EngineFault
from engine.fingerprint import Prints
from engine.outcome import Answer, ObligationKey

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: Whether the system can fork a process that shares what this one has read.
FORKS = sys.platform == "linux"


def may_fork() -> bool:
    """Whether this process can fork another one. It cannot while it has other threads: a lock that
    one of them holds would stay locked in the new process."""
    return FORKS and threading.active_count() == 1


#: The number of answers that are sent, and in memory twice, at a time.
_AT_ONCE = 5_000

#: The seconds that this process waits for the other one to send something. Evaluating again here
#: gives the same, so a limit that is too short only costs time.
_PATIENCE = 600


def differences(vectorised: Sequence[Answer], plain: Sequence[Answer]) -> list[str]:
    """A sentence for each obligation on which the evaluators differ, in the order of their keys
    (semantics.md: What must always hold)."""
    if list(vectorised) == list(plain):
        return []
    first = {(answer.key, answer.history_reason): answer for answer in vectorised}
    second = {(answer.key, answer.history_reason): answer for answer in plain}
    return [
        f"{_key_words(key[0])}: the vectorised evaluator says {_answer_words(first.get(key))}; "
        f"the plain evaluator says {_answer_words(second.get(key))}"
        for key in sorted(first.keys() | second.keys())
        if first.get(key) != second.get(key)
    ] or ["they give different numbers of answers for one obligation"]


def must_agree(vectorised: Sequence[Answer], plain: Sequence[Answer]) -> None:
    """Raises EngineFault, with the obligation and both answers, where the evaluators differ."""
    sentences = differences(vectorised, plain)
    if sentences:
        others = len(sentences) - 1
        more = f" They disagree on {others} more {'answer' if others == 1 else 'answers'}."
        raise EngineFault(f"The two evaluators disagree: {sentences[0]}.{more if others else ''}")


def _key_words(key: ObligationKey) -> str:
    parts = ", ".join(filter(None, (key.duty, key.subject, key.event, key.window, key.register)))
    return parts + (f", row {key.row}" if key.row >= 0 else "")


def _answer_words(answer: Answer | None) -> str:
    if answer is None:
        return "nothing"
    fields = ("version_from", "opens", "deadline", "days", "late_days", "last_done")
    values = ", ".join(f"{name} {getattr(answer, name)}" for name in fields)
    rows = "; ".join(f"{ref.register} {ref.row}" for ref in answer.met_by)
    why = "" if answer.is_current else f" ({answer.history_reason})"
    return f"{answer.status}{why}, {values}, met by [{rows}]"


class PlainProcess:
    """A separate process that makes the ``prints`` of rows, then evaluates (``evaluate``), then
    works out the dates of the year ``ahead``. Ask for its results in this order.

    It starts when the object is made, and ends when the context is left. If it fails, hangs or
    cannot be started, or if its answers differ, this process does the same work itself, to go on
    without the other one or to say what is wrong.
    """

    def __init__(
        self,
        prints: Callable[[], Prints],
        evaluate: Callable[[], Sequence[Answer]],
        ahead: Callable[[Sequence[Answer]], tuple[ComingDate, ...]],
    ) -> None:
        import multiprocessing  # noqa: PLC0415  (few checks are large enough to need it)

        forks = multiprocessing.get_context("fork")
        self._prints = prints
        self._evaluate = evaluate
        self._ahead = ahead
        self._again: Sequence[Answer] | None = None
        self._receiver, sender = forks.Pipe(duplex=False)
        self._process = forks.Process(
            target=_send,
            args=(prints, evaluate, ahead, sender, self._receiver),
            daemon=True,
        )
        # If the system has no room for another process, nothing will be received from it.
        with warnings.catch_warnings(), suppress(OSError):
            # Python warns of the threads of libraries, but the process uses none of these.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        sender.close()

    def prints(self) -> Prints:
        """The fingerprints of rows."""
        with suppress(EOFError, OSError):
            prints: Prints = self._ready().recv()
            return prints
        return self._prints()

    def must_agree(self, vectorised: Sequence[Answer]) -> None:
        """Raises EngineFault where its answers differ from the vectorised evaluator's."""
        with suppress(EOFError, OSError):
            if self._agrees(vectorised):
                return
        self._again = self._evaluate()
        must_agree(vectorised, self._again)

    def _agrees(self, vectorised: Sequence[Answer]) -> bool:
        count = 0
        while answers := self._ready().recv():
            if list(vectorised[count : count + len(answers)]) != answers:
                return False
            count += len(answers)
        return count == len(vectorised)

    def ahead(self) -> tuple[ComingDate, ...]:
        """The dates of the year ahead. To be called after ``must_agree``."""
        if self._again is None:
            with suppress(EOFError, OSError):
                dates: tuple[ComingDate, ...] = self._ready().recv()
                return dates
        return self._ahead(self._again or self._evaluate())

    def _ready(self) -> Connection:
        """The receiver, once the process has sent something or has ended. If it sends nothing in
        time, this ends the process and raises EOFError."""
        if not self._receiver.poll(_PATIENCE):
            self._end()
            raise EOFError
        return self._receiver

    def _end(self) -> None:
        if self._process.pid is not None:  # it was started
            self._process.kill()
            self._process.join()

    def __enter__(self) -> PlainProcess:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._end()
        self._receiver.close()


def _send(
    prints: Callable[[], Prints],
    evaluate: Callable[[], Sequence[Answer]],
    ahead: Callable[[Sequence[Answer]], tuple[ComingDate, ...]],
    sender: Connection,
    receiver: Connection,
) -> None:
    """Does the work of the separate process. An error in it occurs again when the other process
    evaluates."""
    with suppress(BaseException):
        receiver.close()  # else it would wait for ever to send to a process that is gone
        sender.send(prints())
        answers = evaluate()
        for start in range(0, len(answers), _AT_ONCE):
            sender.send(answers[start : start + _AT_ONCE])
        sender.send([])
        sender.send(ahead(answers))
    sender.close()
