"""Values that a second process makes while this one works. The system forks it, so it shares what
this one has read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")

#: Whether the system can fork a process.
FORKS = sys.platform == "linux"


class SecondProcess:
    """A process that begins to ``make`` values when this is made, and is ended when the context is
    left."""

    def __init__(self, make: Callable[[], Iterable[object]]) -> None:
        import multiprocessing  # noqa: PLC0415  (few commands use it)

        forks = multiprocessing.get_context("fork")
        self._receiver, sender = forks.Pipe(duplex=False)
        self._process = forks.Process(target=_send, args=(make, sender), daemon=True)
        self._process.start()
        sender.close()

    def received(self) -> Any:  # noqa: ANN401  (whatever it makes)
        """The next value. Raises EOFError or OSError where the process has failed."""
        return self._receiver.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()
        self._receiver.close()


def _send(make: Callable[[], Iterable[object]], sender: Connection) -> None:
    """The work of the process. An error only ends it: the other one has to do the work again."""
    with suppress(BaseException):
        for value in make():
            sender.send(value)
    sender.close()


@contextmanager
def beside(make: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begins to make a value in a second process, and gives a function that returns it. It makes
    the value itself where there is no such process, or that has failed."""
    if not FORKS:
        yield make
        return
    with SecondProcess(lambda: [make()]) as process:

        def made() -> T:
            with suppress(EOFError, OSError):
                value: T = process.received()
                return value
            return make()

        yield made
