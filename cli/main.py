"""The command line: the only place for today's date, paths, exit codes and the error handler."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn

from cli.exits import FAULT, STOPPED, Stop
from cli.say import complain, finish, unsaid
from engine.decision.rule import EngineFault


def program() -> NoReturn:
    """The command as a process of its own. Freeing what a check made takes a tenth of the whole
    time, so it exits at once when all is printed and written."""
    try:
        code = main()
    except SystemExit as left:  # what parses the options has printed help, or what is wrong
        code = left.code if isinstance(left.code, int) else STOPPED
    code = _answered(code) if finish() else code
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 every duty assessed, nothing overdue and
    nothing that cannot be told; 1 otherwise; 2 stopped; 3 our fault. No traceback reaches the
    terminal."""
    with _stops() as stops:
        try:
            return _answered(_run(arguments))
        except Stop as stop:
            complain(str(stop))
            return STOPPED
        except KeyboardInterrupt:
            return _stopped()
        except Exception as error:  # noqa: BLE001  (the one boundary: whatever it is, it is ours)
            if stops:  # and this is what a library made of it
                return _stopped()
            if isinstance(error, EngineFault):
                return _fault(f"The check was stopped and nothing was reported. {error}")
            return _fault(f"Something went wrong in the program ({type(error).__name__}).")


@contextmanager
def _stops() -> Iterator[list[int]]:
    """Notes within it each time that somebody presses Ctrl-C, which raises KeyboardInterrupt as
    ever. Not every library lets that pass: what writes JSON makes an error of its own of it, or
    leaves it to Python to say on the terminal that it was ignored, which is not said here."""
    noted: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        noted.append(number)
        raise KeyboardInterrupt

    def left_over(odd: sys.UnraisableHookArgs) -> None:
        if not issubclass(odd.exc_type, KeyboardInterrupt):
            hook(odd)

    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    if before is not signal.default_int_handler or current_thread() is not main_thread():
        yield noted
        return
    signal.signal(signal.SIGINT, note)
    sys.unraisablehook = left_over
    try:
        yield noted
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, before)


def _stopped() -> int:
    complain("Stopped before the end. No report was left incomplete.")
    return STOPPED


def _answered(code: int) -> int:
    """The code of a command that has ended; 2 where what it prints could not be written."""
    if reason := unsaid():
        complain(reason)
    return STOPPED if reason else code


def _run(arguments: Sequence[str] | None) -> int:
    # A command makes its records once, keeps them to the end and then the process is gone: looking
    # for rings of dead objects finds next to none, and took a third of a check of many people.
    collects = gc.isenabled()
    gc.disable()
    # No plug-in of pydantic's that is installed beside us may change what our models accept; and to
    # look for one takes a while.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    # No matrix is multiplied here, and the threads that numpy would keep for that take a while to
    # start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # loading takes half a second, in which somebody may already press Ctrl-C
        from cli.arguments import parser  # noqa: PLC0415

        given = list(sys.argv[1:] if arguments is None else arguments)
        asked = parser(given[0] if given else "").parse_args(given)
        return int(asked.run(asked))
    finally:
        if collects:
            gc.enable()


def _fault(message: str) -> int:
    """Says that it is our fault and where the log lies that helps to mend it."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="dueregard-fault-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(traceback.format_exc())
        where = (
            f"Send {log.name} to whoever maintains the program for you. "
            "It may contain file names, and words from the files."
        )
    except OSError:
        where = "No log could be written."
    complain(f"{message}\nThis is the program's fault, not yours. {where}")
    return FAULT


if __name__ == "__main__":
    program()
