"""Opens files of evidence in a child process, whose memory the system bounds where it can.

When the library that reads workbooks is refused memory, it ends the process that it runs in,
without a word. Here that is the child, and its death becomes a sentence about the file.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from evidence.book_marks import OpeningStop, damaged
from evidence.files.apart_child import NO_MEMORY
from evidence.limits import LIMITS, Limits, too_much_memory
from evidence.raw_cells import Book, RawSheet, RawValue, RawWorkbook, Unopened

_CHILD = Path(__file__).with_name("apart_child.py")

#: How a process ends that is refused memory: by its own word, or by these signals.
_REFUSED = (NO_MEMORY, -6, -9)


class ReaderFault(Exception):
    """The child met a fault of this program; the text is the child's traceback."""


@contextmanager
def opened(files: Mapping[str, Path], limits: Limits = LIMITS) -> Iterator[Iterator[Book]]:
    """The books of the files, in their order, by the names that messages give them.

    The child begins at once and works ahead of whoever asks. Leaving the context ends it.
    """
    reader = _Reader(files, limits)
    try:
        with suppress(OpeningStop):  # said of the first file, when that is asked for
            reader.start(0)
        yield reader.books()
    finally:
        reader.end()


class _Reader:
    """A child that opens the files from ``_first`` on, and is replaced when it dies."""

    def __init__(self, files: Mapping[str, Path], limits: Limits) -> None:
        self._files = list(files.items())
        self._limits = limits
        self._first = 0
        self._child: subprocess.Popen[bytes] | None = None

    def books(self) -> Iterator[Book]:
        """The book of each file."""
        for at, (name, _) in enumerate(self._files):
            try:
                yield self._book(at)
            except OpeningStop as stop:
                yield Unopened(name, stop.code, f"{name} {stop.words}")

    def _book(self, at: int) -> Book:
        """The file's book. Stops only where a child that opened nothing before died of it, so that
        the files before it decide nothing."""
        if self._child is None:
            self.start(at)
        try:
            return self._received()
        except OpeningStop:
            alone = self._first == at
            self.end()
            if alone:
                raise
        return self._book(at)

    def start(self, at: int) -> None:
        """Starts a child for the file at this position and for those after it."""
        spec = find_spec("python_calamine")
        assert spec is not None
        assert spec.origin is not None
        folder = str(Path(spec.origin).parent.parent)
        command = [sys.executable, "-I", "-S", "-W", "ignore", str(_CHILD)]
        command += [str(self._limits.memory), folder]
        pipe = subprocess.PIPE
        try:
            child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise too_much_memory(self._limits) from error
        self._first, self._child = at, child
        files = [(name, os.fsencode(path)) for name, path in self._files[at:]]
        assert child.stdin is not None
        with suppress(OSError), child.stdin:  # where it has died, its answer will say so
            pickle.dump((self._limits, files), child.stdin)

    def end(self) -> None:
        """Ends the child, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            with child:
                child.kill()

    def _received(self) -> Book:
        """The next book from the child, put together again."""
        sheets: list[RawSheet] = []
        rows: list[list[RawValue]] = []
        while not isinstance(told := self._told(), RawWorkbook):
            if isinstance(told, list):
                rows += told
            elif isinstance(told, RawSheet):
                sheets.append(replace(told, rows=rows))
                rows = []
            elif isinstance(told, Unopened):
                return told
            else:
                raise ReaderFault(told)
        return replace(told, sheets=tuple(sheets))

    def _told(self) -> object:
        assert self._child is not None
        assert self._child.stdout is not None
        try:
            return pickle.load(self._child.stdout)
        except (EOFError, pickle.UnpicklingError) as error:
            raise self._death() from error
        except MemoryError as error:
            raise too_much_memory(self._limits) from error

    def _death(self) -> OpeningStop:
        assert self._child is not None
        if self._child.wait() in _REFUSED:
            return too_much_memory(self._limits)
        return damaged("the program that reads it broke off")
