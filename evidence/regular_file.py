"""Reads a file that somebody names: a regular file of bounded size, opened once.

Every command reads its inputs through :func:`read_regular`. A folder, a pipe, a device and a file
that is too large are refused before a byte of them is read, so no input can hang a command or take
all memory. What is wrong is a :class:`FileStop`, with a sentence for the person who named the file.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
#: What is said of a file that is not there, after its name.
NOT_FOUND = "was not found: check its name and its folder."

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Without O_NONBLOCK, to open a pipe waits until somebody writes to it."""


class FileFault(StrEnum):
    """Why a file was not read."""

    NOT_FOUND = "not found"
    NAME_UNUSABLE = "name unusable"
    NOT_PERMITTED = "not permitted"
    FOLDER = "folder"
    NOT_REGULAR = "not regular"
    TOO_LARGE = "too large"


class FileStop(Exception):
    """A file that is not read: ``words`` follow its name and end in a full stop."""

    def __init__(self, fault: FileFault, words: str) -> None:
        super().__init__(words)
        self.fault = fault
        self.words = words


def read_regular(path: Path, limit_bytes: int, instead: str = "") -> bytes:
    """The bytes of the regular file at ``path``, of which there are at most ``limit_bytes``.

    Args:
        path: the file; a symbolic link is followed.
        limit_bytes: the most bytes that are read.
        instead: what to do about a file that is too large, as a main clause without a full stop.

    Raises:
        FileStop: the file is missing, is not a regular file, or is too large.
    """
    try:
        _check(path.stat(), limit_bytes, instead)
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            # The path may name another file by now. Only the opened file counts.
            _check(os.fstat(file.fileno()), limit_bytes, instead)
            data = file.read(limit_bytes + 1)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    if len(data) > limit_bytes:  # it grew, or the system gives it no size
        raise _too_large(f"larger than {_megabytes(limit_bytes)}", limit_bytes, instead)
    return data


def read_form(path: Path, form: str, limit_bytes: int = MEGABYTE) -> dict[str, Any]:
    """The fields of a JSON file whose field ``format`` names a form; none if there is no such file,
    or it cannot be read."""
    with suppress(FileStop, ValueError, RecursionError):
        fields = json.loads(read_regular(path, limit_bytes))
        if isinstance(fields, dict) and fields.get("format") == form:
            return fields
    return {}


def _refused(path: Path, error: OSError | ValueError) -> FileStop:
    """Why a file could not be opened, in words that follow its name."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileStop(FileFault.NOT_FOUND, NOT_FOUND)
    words = ""
    if isinstance(
        error, ValueError
    ):  # a zero byte in the path, or a letter that no path can contain
        words = "has a name that no file can have: check the name."
    elif error.errno == errno.ENAMETOOLONG:
        words = "has a longer name than a file can have: check the name, or give it a shorter one."
    elif error.errno == errno.ELOOP:
        words = "is a link that leads back to itself: give the file itself."
    elif isinstance(error, PermissionError) and _open_in_excel(path):
        return FileStop(FileFault.NOT_PERMITTED, "is open in Excel: close it, and try again.")
    else:
        return FileStop(
            FileFault.NOT_PERMITTED,
            f"cannot be read ({error.strerror or 'no reason given'}): close it if it is open in"
            " another program, or ask for permission to read it.",
        )
    return FileStop(FileFault.NAME_UNUSABLE, words)


def _open_in_excel(path: Path) -> bool:
    """Whether the file is there that Excel keeps beside a workbook for as long as it is open."""
    with suppress(OSError):
        return path.with_name(f"~${path.name}").is_file()
    return False


def _check(status: os.stat_result, limit_bytes: int, instead: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileStop(FileFault.FOLDER, "is a folder: give a file.")
    if not stat.S_ISREG(status.st_mode):
        raise FileStop(FileFault.NOT_REGULAR, "is a device or a pipe, not a file: give a file.")
    if status.st_size > limit_bytes:
        raise _too_large(_megabytes(status.st_size), limit_bytes, instead)


def _too_large(size: str, limit_bytes: int, advice: str) -> FileStop:
    advice = advice or "check that this is the file you mean"
    most = f"the limit is {_megabytes(limit_bytes)} MB"
    return FileStop(FileFault.TOO_LARGE, f"is {size} MB, and {most}: {advice}.")


def _megabytes(size: int) -> str:
    """The size in MB of 1,048,576 bytes, rounded up, so that no limit reads as kept."""
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths / 10:,.1f}".removesuffix(".0")
