"""Bytes made in a second process while this one goes on, where a process may be forked."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

#: The length of what is made goes before it, so that half of it is never taken for the whole.
_LENGTH = 8


@contextmanager
def beside(make: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Begins to ``make`` bytes in a process of its own; what is yielded waits for them. That
    process sees all that this one holds, as it was at that moment, and changes nothing of it.

    Where it cannot be had, or ends without having made them, whatever the reason, they are made in
    this process when they are asked for: what goes wrong there goes wrong here again, and is
    raised. None is left behind once the block is left, however that comes about.
    """
    if not _may_fork():
        yield make
        return
    # Ctrl-C is held back until the new process, which it reaches too, no longer hears it as ours
    # does (it has nothing to put away, and nothing to say) and until this one knows what to end.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    child = _forked(make)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield partial(_awaited, child, make)
    finally:
        if child:
            child.end()


def _awaited(child: _Child | None, make: Callable[[], bytes]) -> bytes:
    made = child.answer() if child else None
    return make() if made is None else made


def _may_fork() -> bool:
    """Whether a fork is sound here, and of use: on more than one processor.

    Only on Linux, since elsewhere it cannot be had (Windows), or the system's own libraries do not
    bear it once they have been used (macOS). And only where this is the one thread, whoever began
    the others: what those hold at that moment stays held for ever in the new process.
    """
    if sys.platform != "linux":
        return False
    try:
        threads = len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return False
    return threads == 1 and len(os.sched_getaffinity(0)) > 1


@dataclass(slots=True)
class _Child:
    """The other process, and the end of the pipe from which its bytes are read."""

    pid: int
    pipe: int
    waited: bool = False

    def answer(self) -> bytes | None:
        """What it made; None where not all of it came."""
        with open(self.pipe, "rb", closefd=False) as pipe:
            length = int.from_bytes(pipe.read(_LENGTH), "big")
            data = pipe.read()
        self._wait()
        return data if data and len(data) == length else None

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


def _forked(make: Callable[[], bytes]) -> _Child | None:
    """The process that makes them; None where the system gives us none."""
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


def _make(make: Callable[[], bytes], read: int, write: int) -> NoReturn:
    """The whole life of the new process. It goes the way of no other: what this one was about to
    do, write or put away is for the first process to do."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.close(read)
        data = make()
        with open(write, "wb") as pipe:
            pipe.write(len(data).to_bytes(_LENGTH, "big"))
            pipe.write(data)
    finally:
        os._exit(0)
