"""Something made in a second process while this one goes on, where a process may be forked."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


class Beside(AbstractContextManager["Beside"]):
    """A block in which things are begun beside this process, each in a process of its own. No
    process is left behind once the block is left, however that comes about."""

    def __init__(self) -> None:
        self._children: list[_Child] = []

    def begin(self, make: Callable[[], T]) -> Callable[[], T]:
        """Begins to ``make`` something; what is returned waits for it. The new process sees all
        that this one holds, as it was at that moment, and changes nothing of it.

        Where it cannot be had, or ends without having made it, whatever the reason, it is made in
        this process when it is asked for: what goes wrong there goes wrong here again, and is
        raised.
        """
        if not _may_fork():
            return make
        # Ctrl-C is held back until the new process, which it reaches too, no longer hears it as
        # ours does (it has nothing to put away, and nothing to say) and until this one knows what
        # to end. That is why the block has begun before: between a process that is begun and a
        # block that begins with it, Ctrl-C could come, and nobody would end it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            child = _forked(make)
            self._children += [child] if child else []
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return partial(_awaited, child, make) if child else make

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.end()


def _awaited(child: _Child, make: Callable[[], T]) -> T:
    """What the other process made, or this one where that did not."""
    answer = child.answer()
    if answer is None:
        return make()
    made: T = answer[0]
    return made


def _may_fork() -> bool:
    """Whether a fork is sound here, and of use: on more than one processor.

    Only on Linux, since elsewhere it cannot be had (Windows), or the system's own libraries do not
    bear it once they have been used (macOS). And only where this is the one thread, whoever began
    the others: what those hold at that moment stays held for ever in the new process.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    return any(map(_alone, range(_PATIENCE)))


#: So many times a thousandth of a second a thread that was waited for may take to be gone.
_PATIENCE = 10


def _alone(waited: int) -> bool:
    """Whether this is the process's only thread, by the system's own count."""
    if waited:
        time.sleep(0.001)
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  (a tenth of the time)
    except OSError:
        return False


@dataclass(slots=True)
class _Child:
    """The other process, and the end of the pipe from which what it made is read."""

    pid: int
    pipe: int
    waited: bool = False

    def answer(self) -> tuple[Any] | None:
        """What it made; None where not all of it came."""
        with open(self.pipe, "rb", closefd=False) as pipe:
            data = pipe.read()
        self._wait()
        try:
            return (pickle.loads(data),)
        except (EOFError, pickle.UnpicklingError):  # it ended before, or while it told
            return None

    def end(self) -> None:
        """Ends it, where it has not ended."""
        if not self.waited:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._wait()
        os.close(self.pipe)

    def _wait(self) -> None:
        with suppress(ChildProcessError):  # where whoever started us wants no word of children
            os.waitpid(self.pid, 0)
        self.waited = True


def _forked(make: Callable[[], object]) -> _Child | None:
    """The process that makes it; None where the system gives us none."""
    read, write = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(read)
        os.close(write)
        return None
    if not pid:
        _make(make, read, write)
    os.close(write)
    return _Child(pid, read)


def _make(make: Callable[[], object], read: int, write: int) -> NoReturn:
    """The whole life of the new process. It goes the way of no other: what this one was about to
    do, write or put away is for the first process to do."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.close(read)
        data = pickle.dumps(make(), pickle.HIGHEST_PROTOCOL)
        with open(write, "wb") as pipe:
            pipe.write(data)
    finally:
        os._exit(0)
