"""A small file that unfolds to far more than it seems to hold is refused in words, and the program
takes no more memory for it than is said; what is large and honest is read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import needs
from tests.support.desk_office import AS_OF, PROGRAM, around
from tests.support.swelling_files import READ, REFUSED, swelling

_MEGABYTE = 1024 * 1024
_CAP = 6 * 1024 * _MEGABYTE  # of address space, for the program and each of its children
_MOST = 2_500 * _MEGABYTE  # of memory, for a file that is refused
_MOST_READ = 3_000 * _MEGABYTE  # and for one that is read


@dataclass(frozen=True)
class Ended:
    """How the program ended: its code, what it wrote to standard error, and its peak in bytes."""

    code: int
    words: str
    peak: int


#: A process begins with the peak memory of the one that starts it: so a small one starts it.
_STARTER = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024)
"""


def check(folder: Path, *files: Path) -> Ended:
    """The program run on these files, with its memory bounded."""
    command = [str(PROGRAM), "check", *map(str, files), "--as-of", AS_OF, "--ledger", "none"]
    starter = [sys.executable, "-I", "-S", "-c", _STARTER]
    done = subprocess.run(
        [*starter, "prlimit", f"--as={_CAP}", *command],
        cwd=folder,
        env=around(),
        capture_output=True,
        text=True,
        check=True,
    )
    code, peak = map(int, done.stdout.split())
    return Ended(code, done.stderr, peak)


def _written(folder: Path, made: Iterable[tuple[str, bytes]]) -> list[Path]:
    paths = []
    for number, (ending, data) in enumerate(made):
        paths.append(folder / f"file{number}.{ending}")
        paths[-1].write_bytes(data)
    return paths


@pytest.mark.campaign
def test_the_program_ends_with_words_and_old_reports_stay_whole(tmp_path: Path) -> None:
    """All of them in one run, of which each is named."""
    old = tmp_path / "dueregard-report" / "assessment.json"
    old.parent.mkdir()
    old.write_text("old", encoding="utf-8")
    paths = _written(tmp_path, ((ending, make()) for ending, make, _ in REFUSED.values()))
    ended = check(tmp_path, *paths)
    assert ended.code == 2, ended.words[-2000:]
    message_of = dict(line.split(maxsplit=1) for line in ended.words.splitlines() if line)
    for path, (_, _, reason) in zip(paths, REFUSED.values(), strict=True):
        assert reason in message_of[path.name]
    assert "Traceback" not in ended.words
    assert ended.peak < _MOST, ended.peak // _MEGABYTE
    assert old.read_text(encoding="utf-8") == "old"


@pytest.mark.campaign
@pytest.mark.long
@pytest.mark.parametrize("case", list(REFUSED) if needs.CAMPAIGN else list(REFUSED)[:1])
def test_each_ends_the_program_with_words(case: str, tmp_path: Path) -> None:
    ending, make, _ = REFUSED[case]
    ended = check(tmp_path, *_written(tmp_path, [(ending, make())]))
    assert ended.code == 2
    assert ended.words.strip()
    assert ended.peak < _MOST, ended.peak // _MEGABYTE


@pytest.mark.campaign
def test_a_directory_that_says_too_little_gets_no_more_memory_than_it_says(tmp_path: Path) -> None:
    data = swelling(600 * _MEGABYTE, said=10)
    ended = check(tmp_path, *_written(tmp_path, [("xlsx", data)]))
    assert (ended.code, "cannot be unpacked" in ended.words) == (2, True)
    assert ended.peak < 300 * _MEGABYTE, ended.peak // _MEGABYTE


@pytest.mark.campaign
@pytest.mark.long
@pytest.mark.parametrize("case", list(READ) if needs.CAMPAIGN else list(READ)[2:])
def test_what_is_large_within_the_limits_is_read(case: str, tmp_path: Path) -> None:
    ending, make = READ[case]
    ended = check(tmp_path, *_written(tmp_path, [(ending, make())]))
    assert ended.code in (1, 2)
    assert "could not be read" not in ended.words
    assert "Traceback" not in ended.words
    assert ended.peak < _MOST_READ, ended.peak // _MEGABYTE
