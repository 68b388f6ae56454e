"""What is made in a second process: the same as in this one, whatever becomes of the other."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.desk import asked, copied, reports, workbook
from tests.needs import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform != "linux",
    reason="only Linux forks one: elsewhere all is made in one process, as the other tests see",
)

#: The tests run in processes of their own, since pytest keeps threads. Each has two processors at
#: least, as far as it can tell, and ``told`` says where a call of it was made.
_BEGIN = """
import atexit, os, signal, sys, threading
from reports import beside as module
from reports.beside import Beside
os.sched_getaffinity = lambda _: {0, 1}
ours = os.getpid()
def told():
    return b"here" if os.getpid() == ours else b"there"
def gone():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False
"""


def ran(code: str) -> tuple[int, str, str]:
    """What a process did with that code: its exit code, and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", f"{_BEGIN}\n{code}"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


_ASKED = """
with Beside() as process:
    made = process.begin(told)
    before = gone()
    print(made().decode(), before, gone())
"""


def test_it_is_made_in_another_process_that_ends() -> None:
    assert ran(_ASKED) == (0, "there False True\n", "")


def test_a_thread_that_has_ended_is_in_nobodys_way() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    list(pool.map(sum, [range(9)] * 99))
"""
    assert ran(code + _ASKED) == (0, "there False True\n", "")


ALONE: Mapping[str, str] = {
    "it has one processor": "os.sched_getaffinity = lambda _: {0}",
    "it is not Linux": "sys.platform = 'darwin'",
    "another thread runs": "threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "a thread runs that Python does not know": (
        "import faulthandler\nfaulthandler.dump_traceback_later(60)"
    ),
    "none can be started": "def full():\n    raise BlockingIOError(11, 'no more')\nos.fork = full",
    "the system does not tell": "os.listdir = lambda _: open('/no/such')",
}


@pytest.mark.parametrize("name", ALONE)
def test_it_is_made_in_this_process_where(name: str) -> None:
    assert ran(f"{ALONE[name]}\n{_ASKED}") == (0, "here True True\n", "")


DEATHS: Mapping[str, str] = {
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "crashes": "os.kill(os.getpid(), signal.SIGSEGV)",
    "runs out of memory": "raise MemoryError",
    "is stopped by hand": "os.kill(os.getpid(), signal.SIGINT)",
    "fails": "1 // 0",
    "means to exit": "sys.exit(3)",
    "makes what cannot be told": "return lambda: None",
}


@pytest.mark.parametrize("name", DEATHS)
def test_it_is_made_in_this_process_where_the_other(name: str) -> None:
    code = f"def make():\n    if os.getpid() != ours:\n        {DEATHS[name]}\n    return told()\n"
    assert ran(code + _ASKED.replace("told", "make")) == (0, "here False True\n", "")


@pytest.mark.parametrize("kept", [0, 1, -1])
def test_it_is_made_in_this_process_where_not_all_of_it_came(kept: int) -> None:
    code = f"""
dumps = module.pickle.dumps
module.pickle.dumps = lambda *given: dumps(*given)[:{kept}]
"""
    assert ran(code + _ASKED) == (0, "here False True\n", "")


@pytest.mark.parametrize("made", ["None", "b''", "{1: (2, 3)}"])
def test_it_may_be_anything_that_can_be_pickled(made: str) -> None:
    code = f"""
with Beside() as process:
    found = process.begin(lambda: {made} if os.getpid() != ours else "made here")
    print(found() == {made})
"""
    assert ran(code) == (0, "True\n", "")


def test_what_goes_wrong_is_raised_here_and_told_once() -> None:
    """The other process neither writes out what stands unwritten here nor puts our things away."""
    code = """
def make():
    raise ValueError("a bug")
atexit.register(print, "ended")
print("begun")
try:
    with Beside() as process:
        made = process.begin(make)
        made()
except ValueError as error:
    print(repr(error), gone())
finally:
    print("put away")
"""
    said = "begun\nValueError('a bug') True\nput away\nended\n"
    assert ran(code) == (0, said, "")


LEFT: Mapping[str, str] = {
    "done": "pass",
    "in error": "raise ValueError",
    "by Ctrl-C": "os.kill(ours, signal.SIGINT)",
    "by Ctrl-C while it waits": "signal.setitimer(signal.ITIMER_REAL, 0.2)\n        made()",
}


@pytest.mark.parametrize("name", LEFT)
def test_no_process_is_left_behind_where_the_block_is_left(name: str) -> None:
    code = f"""
import time
signal.signal(signal.SIGALRM, signal.default_int_handler)
try:
    with Beside() as process:
        made = process.begin(lambda: time.sleep(60))
        {LEFT[name]}
except (ValueError, KeyboardInterrupt):
    pass
print(gone(), signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set())
"""
    assert ran(code) == (0, "True True\n", "")


def test_no_process_is_left_behind_wherever_ctrl_c_comes() -> None:
    """At every call of ours, and after every one of Python's own, until it has begun: there Python
    looks whether somebody pressed it. The error is kept, as a ring of objects would keep it:
    whoever waits for it to be collected ends nothing."""
    code = """
import time
kept, at = [], 0
def held_back():
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
def pressed(frame, event, _):
    global left
    if os.getpid() == ours and event in ("call", "c_return") and not held_back():
        left -= 1
        if left == 0:
            sys.setprofile(None)
            raise KeyboardInterrupt
begun = False
while not begun and all(each[1] for each in kept):
    at = left = at + 1
    sys.setprofile(pressed)
    try:
        with Beside() as process:
            process.begin(lambda: time.sleep(60))
            begun = sys.setprofile(None) is None
    except KeyboardInterrupt as error:
        kept.append((error, gone()))
print(len(kept) > 10, all(each[1] for each in kept))
"""
    assert ran(code) == (0, "True True\n", "")


def test_a_check_makes_the_same_reports_either_way(tmp_path: Path) -> None:
    """Whatever a check has begun before, its own thread is the only one when it forks."""
    (tmp_path / "office.xlsx").write_bytes(workbook())
    code = """
import os
fork = os.fork
def noted():
    with open("forked", "a") as log:
        log.write("once ")
    return fork()
os.fork = noted
os.sched_getaffinity = lambda _: set(range({}))
"""
    for processors in (2, 1):
        arguments = asked("office.xlsx", out=f"out{processors}")
        assert copied(tmp_path, arguments, code.format(processors)).code == 0
    assert (tmp_path / "forked").read_text() == "once once ", "for the rules and the workbook"
    one, two = reports(tmp_path / "out1"), reports(tmp_path / "out2")
    assert len(one) == 4
    assert one == two
