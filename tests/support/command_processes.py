"""The program loaded once, and each command started from there as a process of its own.

To load the program takes a process most of a second, and most commands little more. What is started
here is spared that: it begins as a copy of a process that holds the whole program and has run
nothing of it. All else is as in any process: its folder, environment, output, exit code and signals
are its own. That the command as it was installed does the same is for the tests that start it
(``tests.support.desk_office.dueregard``).
"""

from __future__ import annotations

import array
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.support.needs import ROOT

#: Loads all that a check, the papers, the calendar and the pages may load; then starts a process
#: for each request, and tells of it its id and, when it has ended, how.
_PROGRAM = """
import array, json, os, socket, sys, traceback
import cli.main
from cli.arguments import parser
from reports.writing import ALL
from reports.writing import load
parser()
import cli.ledger_entry, rules.load, filelock
import docxtpl, icalendar, matplotlib.figure, matplotlib.backends.backend_agg
import cli.browser.serve
load(ALL)
line = socket.socket(fileno=int(sys.argv[1]))

def received():
    handles = array.array("i")
    data, more, _, _ = line.recvmsg(1 << 20, socket.CMSG_LEN(3 * handles.itemsize))
    for _, _, held in more:
        handles.frombytes(held)
    return data, list(handles)

def started(asked, handles):
    line.close()
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
        os.close(handle)
    os.environ.clear()
    os.environ.update(asked["around"])
    os.chdir(asked["folder"])
    sys.argv = ["dueregard", *asked["arguments"]]
    code = 1
    try:
        exec(asked["code"], {"__name__": "altered", "sys": sys})
        code = cli.main.main()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)

while True:
    data, handles = received()
    if not data:
        break
    if not (pid := os.fork()):
        started(json.loads(data), handles)
    for handle in handles:
        os.close(handle)
    line.sendall(b"%d\\n" % pid)
    line.sendall(b"%d\\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@dataclass(slots=True)
class _Loaded:
    """The process that holds the program, and the line to it; ``running`` is what it started last
    and has not told the end of, 0 if nothing."""

    line: socket.socket
    told: IO[bytes]
    running: int = 0

    def start(self, request: bytes, handles: Sequence[int]) -> int:
        """Starts a command whose standard streams are these; returns the id of its process. One
        that a test left behind when it failed is ended before."""
        if self.running:
            with suppress(ProcessLookupError):
                os.kill(self.running, signal.SIGKILL)
            self.end()
        held = array.array("i", handles)
        self.line.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, held)])
        self.running = int(self.told.readline())
        return self.running

    def end(self) -> int:
        """How the command ended, once it has."""
        code = int(self.told.readline())
        self.running = 0
        return code


@cache
def _loaded() -> _Loaded:
    ours, its = socket.socketpair()
    with its:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(its.fileno())],
            cwd=ROOT,
            pass_fds=[its.fileno()],
        )

    loaded = _Loaded(ours, ours.makefile("rb"))

    def end() -> None:
        ours.shutdown(socket.SHUT_RDWR)
        process.wait(30)
        loaded.told.close()
        ours.close()

    atexit.register(end)
    return loaded


class Started:
    """A command that was started, by its process's id; before it, ``code`` is run in that process,
    and may alter the program. What it writes to ``stderr`` goes there, where that is given. One at
    a time: the process that holds the program waits for each to end."""

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        around: dict[str, str],
        code: str = "",
        stderr: int | None = None,
    ) -> None:
        request = {"folder": str(folder), "arguments": list(arguments), "around": around}
        self._held = ExitStack()
        made = (TemporaryFile() for _ in range(2))  # noqa: SIM115  (they are held below)
        self._out, self._err = map(self._held.enter_context, made)
        with Path(os.devnull).open("rb") as nothing:
            handles = [nothing.fileno(), self._out.fileno(), stderr or self._err.fileno()]
            self.pid = _loaded().start(json.dumps({**request, "code": code}).encode(), handles)

    def end(self) -> tuple[int, str, str]:
        """Its exit code (below nought: by which signal it was ended), and what it printed."""
        code = _loaded().end()
        with self._held:
            out, err = (_all_of(each) for each in (self._out, self._err))
        return code, out, err


def _all_of(written: IO[bytes]) -> str:
    written.seek(0)
    return written.read().decode("utf-8")
