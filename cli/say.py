"""Prints on any terminal."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from evidence.visible import visible_lines

_failures: list[str] = []


def say(text: str) -> None:
    """Prints a text in the characters that the terminal has. If the reader of the output has ended,
    that is no fault. If the text cannot be written, the command continues, and :func:`failure`
    reports it at the end."""
    try:
        _print(text, sys.stdout)
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _failures.append(error.strerror or str(error))
        _silence(sys.stdout)


def complain(text: str) -> None:
    """Prints a text on standard error, if that is possible."""
    try:
        _print(text, sys.stderr)
    except OSError:
        _silence(sys.stderr)


def width() -> int:
    """The columns of the terminal."""
    return shutil.get_terminal_size((100, 24)).columns


def finish() -> bool:
    """Flushes the streams. Returns whether something could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:  # the reader has ended
            continue
        except OSError as error:
            if stream is sys.stdout:
                _failures.append(error.strerror or str(error))
        except ValueError:  # it was closed
            continue
    return bool(_failures)


def failure() -> str:
    """The message if something could not be printed since the last call; otherwise ''."""
    if not _failures:
        return ""
    reason = _failures[0]
    _failures.clear()
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
    """Sends a stream that cannot be written, and its buffer, to the null device."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
