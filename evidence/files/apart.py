"""Where the reading library is let loose on a workbook: here, or in a process of its own.

When the library is refused memory it ends the process that it runs in, without a word. So a
workbook that is more than small, by what was counted before, is read in a child process, which the
system holds to a bound where it can; the child's death is then a sentence about the file.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from evidence.book_marks import OpeningStop, damaged
from evidence.files import library
from evidence.files.library import ReadingFailed, ValueSheet
from evidence.limits import Limits, Tally, too_much_memory, too_much_text
from evidence.raw_cells import RawValue

_CHILD = Path(__file__).with_name("apart_child.py")


@dataclass(frozen=True, slots=True)
class _Size:
    """Cells, characters in them, and bytes that the library is given."""

    cells: int
    text: int
    data: int


#: What is read here, since it takes less than two gigabytes of memory: a register of 100,000 rows
#: among others. A child would take a second longer.
_MODEST = _Size(3_000_000, 64_000_000, 160 * 1024 * 1024)
#: What is read here where the memory of this very process is bounded.
_SMALL = _Size(200_000, 8_000_000, 16 * 1024 * 1024)

_REFUSED = (-6, -9)  # the signals by which a process ends that is refused memory

Child = subprocess.Popen[bytes]


def is_read_here(data: bytes, tally: Tally) -> bool:
    """Whether what was counted of a workbook takes little memory, whatever else may be wrong."""
    most = _SMALL if _is_bounded() else _MODEST
    return (
        tally.cells + tally.unsure <= most.cells
        and tally.text + tally.unsure <= most.text
        and len(data) <= most.data
    )


def _is_bounded() -> bool:
    """Whether the system bounds the memory of this process."""
    try:
        import resource  # noqa: PLC0415 (not there on every system)
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def read_values(data: bytes, tally: Tally) -> Iterator[ValueSheet]:
    """Every sheet of a workbook of which ``tally`` has counted what it holds.

    Raises :class:`evidence.files.library.ReadingFailed` where the library gives up, and stops
    (:class:`OpeningStop`) where there is too much text, or not enough memory.
    """
    return _read_here(data, tally) if is_read_here(data, tally) else _read_apart(data, tally.limits)


def _read_here(data: bytes, tally: Tally) -> Iterator[ValueSheet]:
    left = tally.limits.text
    counts = len(data) + tally.text + tally.unsure > left  # a letter takes a byte or more
    for sheet in library.read_values(data):
        if counts:
            left -= library.characters(sheet.rows)
            if left < 0:
                raise too_much_text(tally.limits)
        yield sheet


def _read_apart(data: bytes, limits: Limits) -> Iterator[ValueSheet]:
    child = _started(limits)
    with child:
        try:
            assert child.stdin is not None
            with suppress(OSError), child.stdin:  # where it has died, its answer will say so
                child.stdin.write(data)
            child.stdin = None
            while isinstance(sheet := _answer(child, limits), ValueSheet):
                rows: list[list[RawValue]] = []
                while isinstance(piece := _answer(child, limits), list):
                    rows += piece
                yield sheet.with_rows(rows)
        finally:
            child.kill()


def _started(limits: Limits) -> Child:
    spec = find_spec("python_calamine")
    assert spec is not None
    assert spec.origin is not None
    folder = str(Path(spec.origin).parent.parent)
    numbers = str(limits.memory), str(limits.text)
    command = [sys.executable, "-I", "-S", "-W", "ignore", str(_CHILD), folder, *numbers]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise too_much_memory(limits) from error


def _answer(child: Child, limits: Limits) -> object:
    """The next thing that the child hands over; what it could not read is raised."""
    assert child.stdout is not None
    try:
        told = pickle.load(child.stdout)
    except (EOFError, pickle.UnpicklingError) as error:
        raise _death(child.wait(), limits) from error
    if isinstance(told, tuple):
        raise ReadingFailed(*told)
    if told == "text":
        raise too_much_text(limits)
    if told == "memory":
        raise too_much_memory(limits)
    return told


def _death(code: int, limits: Limits) -> OpeningStop:
    if code in _REFUSED:
        return too_much_memory(limits)
    return damaged("the program that reads it broke off")
