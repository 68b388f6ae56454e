"""What is said on the terminal, whatever the terminal is."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from evidence.visible import visible_lines

_unsaid: list[str] = []


def say(text: str) -> None:
    """Prints whatever the terminal can show of it. Where nobody reads any longer (the output went
    to a program that has ended), that is no fault, and what was done stays done. Where it cannot
    be written, the command goes on, and :func:`unsaid` says so at its end."""
    try:
        _print(text, sys.stdout)
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _unsaid.append(error.strerror or str(error))
        _silence(sys.stdout)


def complain(text: str) -> None:
    """Prints what is wrong on standard error, as far as that can be."""
    try:
        _print(text, sys.stderr)
    except OSError:
        _silence(sys.stderr)


def finish() -> bool:
    """Prints what the streams still hold; whether that cannot be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:  # whoever read it is gone
            continue
        except OSError as error:
            if stream is sys.stdout:
                _unsaid.append(error.strerror or str(error))
        except ValueError:  # it was closed
            continue
    return bool(_unsaid)


def unsaid() -> str:
    """What is wrong where something could not be printed since this was last asked; '' where
    nothing is."""
    if not _unsaid:
        return ""
    reason = _unsaid[0]
    _unsaid.clear()
    return (
        f"The output could not be written in full ({reason}): "
        "free some space, or send the output elsewhere."
    )


def _print(text: str, stream: TextIO | None) -> None:
    if stream is None:  # it was closed before we began
        return
    encoding = stream.encoding or "utf-8"
    shown = visible_lines(text)
    print(shown.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def _silence(stream: TextIO) -> None:
    """Nothing more is written to a stream that takes nothing; what it still holds is dropped."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
