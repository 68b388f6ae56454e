"""Reads files in a child process, whose memory the system bounds where it can.

When a library that reads a file is refused memory, it ends the process that it runs in, without a
word. Here that is the child, and its death becomes a sentence about the file.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from evidence.book_marks import OpeningStop, damaged
from evidence.files.apart_child import NO_MEMORY
from evidence.limits import LIMITS, Limits, passed
from evidence.raw_cells import Book, CodedColumn, RawSheet, RawValue, RawWorkbook, Unopened

_CHILD = Path(__file__).with_name("apart_child.py")

#: How a process that is refused memory ends: with our own exit code, or by these signals.
_REFUSED = (NO_MEMORY, -6, -9)


class ReaderFault(Exception):
    """The child met a fault of this program; the text is the child's traceback."""


class Child:
    """A process that calls one reader (``module:function``) with a function to hand things over and
    then ``given``. ``library`` is a package that it needs."""

    def __init__(self, reader: str, library: str, limits: Limits, *given: object) -> None:
        """Starts the process. Stops (:class:`OpeningStop`) if the system cannot start one."""
        spec = find_spec(library)
        assert spec is not None
        assert spec.origin is not None
        folder = str(Path(spec.origin).parent.parent)
        keeps = ["-B"] if sys.dont_write_bytecode else []  # -I ignores the variable for it
        command = [sys.executable, "-I", "-S", *keeps, "-W", "ignore", str(_CHILD)]
        command += [str(limits.memory), folder, reader]
        pipe = subprocess.PIPE
        self._limits = limits
        try:
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise passed("memory", limits) from error
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as stdin:  # if it died, ``received`` stops
            pickle.dump(given, stdin)

    def received(self) -> object:
        """The next value that the reader hands over. Stops (:class:`OpeningStop`) if the child has
        died. Raises :class:`ReaderFault` for a fault of the reader."""
        assert self._process.stdout is not None
        try:
            value = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError) as error:
            if self._process.wait() in _REFUSED:
                raise passed("memory", self._limits) from error
            raise damaged("the program that reads it broke off") from error
        except MemoryError as error:
            raise passed("memory", self._limits) from error
        if isinstance(value, str):
            raise ReaderFault(value)
        return value

    def close(self) -> None:
        """Ends the process."""
        with self._process:
            self._process.kill()


@contextmanager
def opened(files: Mapping[str, Path], limits: Limits = LIMITS) -> Iterator[Iterator[Book]]:
    """The books of the files, in their order, by the names that messages give them. The child
    starts at once and reads ahead. Leaving the context ends it."""
    reader = _Reader([(name, os.fsencode(path)) for name, path in files.items()], limits)
    try:
        with suppress(OpeningStop):  # reported for the first file, when its book is requested
            reader.start(0)
        yield map(reader.book, range(len(files)))
    finally:
        reader.end()


class _Reader:
    """A child that opens the files from ``_first`` on, and is replaced when it dies."""

    def __init__(self, files: Sequence[tuple[str, bytes]], limits: Limits) -> None:
        self._files = files
        self._limits = limits
        self._first = 0
        self._child: Child | None = None

    def book(self, number: int) -> Book:
        """The book of the file at this position. It is refused only if a child that had opened
        nothing before died of it, so that earlier files make no difference."""
        try:
            return _book_from(self._child or self.start(number))
        except OpeningStop as stop:
            alone = self._child is None or self._first == number
            self.end()
            if alone:
                name = self._files[number][0]
                return Unopened(name, stop.code, f"{name} {stop.words}")
        return self.book(number)

    def start(self, number: int) -> Child:
        """Starts a child for the file at this position and the later ones."""
        reader = "evidence.files.opening:open_files"
        files = self._files[number:]
        self._child = Child(reader, "python_calamine", self._limits, self._limits, files)
        self._first = number
        return self._child

    def end(self) -> None:
        """Ends the child, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.close()


def _book_from(child: Child) -> Book:
    """The next book, from the pieces of :func:`evidence.files.opening.open_files`."""
    sheets: list[RawSheet] = []
    rows: list[list[RawValue]] = []
    columns: list[list[RawValue]] = []
    while True:
        match child.received():
            case list(piece):
                rows += piece
            case CodedColumn() as column:
                columns.append(column.cells())
            case RawSheet() as sheet:
                rows += map(list, zip(*columns, strict=True))
                sheets.append(replace(sheet, rows=rows))
                rows, columns = [], []
            case RawWorkbook() as book:
                return replace(book, sheets=tuple(sheets))
            case thing:
                assert isinstance(thing, Unopened)
                return thing
