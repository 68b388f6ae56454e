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
from cli.say import complain, failure, finish
from engine.decision.rule import EngineFault


def program() -> NoReturn:
    """Runs the command as a separate process. Freeing the objects takes 10 % of the run, so exit at
    once."""
    try:
        code = main()
    except SystemExit as exit_:  # the parser has printed help
        code = exit_.code if isinstance(exit_.code, int) else STOPPED
    code = _final_code(code) if finish() else code
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 every duty assessed, none overdue and none that
    cannot be told; 1 otherwise; 2 stopped; 3 a fault of the program. No traceback reaches the
    terminal."""
    with _interrupts() as interrupts:
        try:
            return _final_code(_run(arguments))
        except Stop as stop:
            complain(str(stop))
            return STOPPED
        except KeyboardInterrupt:
            return _stopped()
        except Exception as error:  # noqa: BLE001  (the one boundary for faults of the program)
            if interrupts:  # a library turned Ctrl-C into its own error
                return _stopped()
            message = ""
            if isinstance(error, EngineFault):
                message = f"The check was stopped and nothing was reported. {error}"
            complain("\n".join(fault_words(error, message)))
            return FAULT


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Notes each Ctrl-C, which raises KeyboardInterrupt as usual. The JSON library turns that into
    an error of its own, or lets Python print that it was ignored, which is suppressed here."""
    signals: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        signals.append(number)
        raise KeyboardInterrupt

    def suppress_interrupt(unraisable: sys.UnraisableHookArgs) -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            hook(unraisable)

    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    if before is not signal.default_int_handler or current_thread() is not main_thread():
        yield signals
        return
    signal.signal(signal.SIGINT, note)
    sys.unraisablehook = suppress_interrupt
    try:
        yield signals
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, before)


def _stopped() -> int:
    complain("Stopped before the end. No report was left incomplete.")
    return STOPPED


def _final_code(code: int) -> int:
    """The exit code of a command that has ended; 2 if its output could not be written."""
    if reason := failure():
        complain(reason)
    return STOPPED if reason else code


def _run(arguments: Sequence[str] | None) -> int:
    # A command keeps its objects to the end of the process. Collecting cycles frees little,
    # and took a third of a check of many people.
    was_enabled = gc.isenabled()
    gc.disable()
    # A plug-in of pydantic must not change what the models accept, and looking for one takes time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    # The program multiplies no matrices, and the threads of numpy for that take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # loading takes half a second, during which Ctrl-C must work
        from cli.arguments import parser  # noqa: PLC0415

        words = list(sys.argv[1:] if arguments is None else arguments) or ["open"]
        if words[0] == "help":  # 'help check' is 'check --help'
            words = [*words[1:], "--help"]
        options = parser(words[0] if words else "").parse_args(words)
        return int(options.run(options))
    finally:
        if was_enabled:
            gc.enable()


def fault_words(error: Exception, message: str = "") -> list[str]:
    """What to say of a fault of the program, with the path of its log, which this writes."""
    message = message or f"Something went wrong in the program ({type(error).__name__})."
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="dueregard-fault-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write("".join(traceback.format_exception(error)))
        advice = (
            f"Send {log.name} to whoever maintains the program for you. "
            "It may contain file names, and words from the files."
        )
    except OSError:
        advice = "No log could be written."
    return [message, f"This is the program's fault, not yours. {advice}"]


if __name__ == "__main__":
    program()
