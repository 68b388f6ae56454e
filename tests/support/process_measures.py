"""A call made in a process of its own: how it ended, how long it took and how much memory."""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar

#: Of address space, for the process and each that it starts.
CAP = 6 * 1024**3

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Measured(Generic[_T]):
    """What a call returned, None where it hung or its process died (``fault`` says how); its
    seconds, and the most megabytes that it or a process of it held."""

    value: _T | None
    fault: str
    seconds: float
    megabytes: int


def measured(call: Callable[[], _T], most_seconds: float) -> Measured[_T]:
    """The call made in a copy of this process, killed where it takes longer."""
    reads, writes = os.pipe()
    began = time.perf_counter()
    if not (child := os.fork()):
        os.close(reads)
        _made(call, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as answer:
        data = _read(answer, began + most_seconds)
        if data is None:
            os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
    seconds, megabytes = time.perf_counter() - began, used.ru_maxrss // 1024
    if data is None:
        return Measured(None, "it hangs", seconds, megabytes)
    if code := os.waitstatus_to_exitcode(status):
        return Measured(None, f"its process ended with {code}: {data[-500:]!r}", seconds, megabytes)
    return Measured(pickle.loads(data), "", seconds, megabytes)


def _made(call: Callable[[], object], writes: int) -> None:
    """The copy: it makes the call, says what came of it and ends."""
    code = 70
    try:
        resource.setrlimit(resource.RLIMIT_AS, (CAP, CAP))
        with os.fdopen(writes, "wb") as answer:
            try:
                answer.write(pickle.dumps(call()))
                code = 0
            except BaseException:  # noqa: BLE001 (whatever it is, it is told)
                answer.write(traceback.format_exc().encode())
    finally:
        os._exit(code)


def _read(answer: BinaryIO, until: float) -> bytes | None:
    """All that the process says; None where it says nothing more in time."""
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([answer], [], [], max(0.0, until - time.perf_counter()))
        if not ready:
            return None
        if not (part := os.read(answer.fileno(), 1 << 20)):
            return b"".join(parts)
        parts.append(part)
