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
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
from reports.writing import ALL, load
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
    told: socket.SocketIO
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

    def ends_within(self, seconds: float | None) -> bool:
        """Whether the command has ended, or does so within this time; None waits for it."""
        return bool(select.select([self.line], [], [], seconds)[0])

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

    loaded = _Loaded(ours, ours.makefile("rb", 0))  # all that was told is yet to be read, or read

    def end() -> None:
        ours.shutdown(socket.SHUT_RDWR)
        process.wait(30)
        loaded.told.close()
        ours.close()

    atexit.register(end)
    return loaded


def _begun(
    folder: Path,
    arguments: Sequence[str],
    around: Mapping[str, str],
    code: str,
    out: list[int],
    answers: str = "",
) -> int:
    """The id of the process of a command whose output and errors go to these two handles, and which
    is given these answers."""
    asked = {"folder": str(folder), "arguments": list(arguments), "around": dict(around)}
    with TemporaryFile() as typed:
        typed.write(answers.encode())
        typed.seek(0)
        handles = [typed.fileno(), *out]
        return _loaded().start(json.dumps({**asked, "code": code}).encode(), handles)


class Started:
    """A command that was started, by its process's id; before it, ``code`` is run in that process,
    and may alter the program. ``answers`` are typed to it. What it writes to ``stderr`` goes there,
    where that is given. One at a time: the process that holds the program waits for each to end."""

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        around: dict[str, str],
        code: str = "",
        stderr: int | None = None,
        answers: str = "",
    ) -> None:
        self._held = ExitStack()
        made = (TemporaryFile() for _ in range(2))  # noqa: SIM115  (they are held below)
        self._out, self._err = map(self._held.enter_context, made)
        handles = [self._out.fileno(), stderr or self._err.fileno()]
        self.pid = _begun(folder, arguments, around, code, handles, answers)

    def end(self) -> tuple[int, str, str]:
        """Its exit code (below nought: by which signal it was ended), and what it printed."""
        code = _loaded().end()
        with self._held:
            out, err = (_all_of(each) for each in (self._out, self._err))
        return code, out, err


class Speaking:
    """A command that was started so, in a session of its own, with what ``subprocess.Popen`` has
    for one whose errors, and whose output but for a ``quiet`` one, are read while it runs."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        around: Mapping[str, str],
        code: str = "",
        *,
        quiet: bool = False,
    ) -> None:
        code += "\nimport os\nos.setsid()\nsys.stdout.reconfigure(line_buffering=True)"
        err, its_err = os.pipe()
        out, its_out = (None, os.open(os.devnull, os.O_WRONLY)) if quiet else os.pipe()
        self.pid = _begun(folder, arguments, around, code, [its_out, its_err])
        os.close(its_out)
        os.close(its_err)
        self.stdout = None if out is None else os.fdopen(out, "rb")
        self.stderr = os.fdopen(err, "rb")
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self.returncode is None and _loaded().ends_within(0):
            self.returncode = _loaded().end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended."""
        if self.returncode is None and not _loaded().ends_within(timeout):
            raise subprocess.TimeoutExpired("dueregard", timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """Sends it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


def _all_of(written: IO[bytes]) -> str:
    written.seek(0)
    return written.read().decode("utf-8")
