"""Whatever a file that a command is given has come to, the command ends with 0, 1 or 2, in words
and in time."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rules.load import OWN_BOOK, read_book, read_folder
from rules.model import Rulebook
from rules.problem import describe_all
from tests.support.damaged_inputs import KINDS, Tally, office, run
from tests.support.desk_office import BOOK, Ended, ended
from tests.support.needs import CAMPAIGN, ROOT

COUNT = 500 if CAMPAIGN else 6
LEFT_OUT = 1 if CAMPAIGN else 193  # of the program's own rulebook, one line in so many


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each kind."""
    return office(tmp_path_factory.mktemp("fuzzed"))


@pytest.mark.one_in(4)
@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_read_or_refused_in_words(folder: Path, kind: str) -> None:
    tally = Tally()
    run(folder, kind, 1, COUNT, tally)
    assert tally.wrong == []
    assert tally.mutations == COUNT * len(KINDS[kind].commands)


@pytest.mark.one_in(2)
@pytest.mark.long
@pytest.mark.parametrize(("book", "step"), [(BOOK, 1), (OWN_BOOK, LEFT_OUT)], ids=["small", "own"])
def test_a_rulebook_without_any_one_line_is_read_or_refused(book: Path, step: int) -> None:
    files = read_folder(book)
    assert not isinstance(files, tuple)
    lines = [
        (name, number)
        for name, data in sorted(files.items())
        if name.endswith(".yaml")
        for number in range(len(data.splitlines()))
    ]
    read = 0
    for name, number in lines[::step]:
        left = files[name].splitlines(keepends=True)
        del left[number]
        found = read_book({**files, name: b"".join(left)})
        read += isinstance(found, Rulebook)
        assert isinstance(found, Rulebook) or describe_all(found)
    assert 0 < read < len(lines[::step])


@pytest.mark.parametrize("key", ["register", "column", "kind", "id", "versions", "section"])
def test_a_key_that_is_missing_is_said_to_be(key: str) -> None:
    files = read_folder(BOOK)
    assert not isinstance(files, tuple)
    tried = 0
    for name, data in files.items():
        lines = data.decode().splitlines(keepends=True)
        for number, line in enumerate(lines):
            if name.endswith(".yaml") and line.strip().startswith(f"{key}: "):
                less = "".join(lines[:number] + lines[number + 1 :])
                found = read_book({**files, name: less.encode()})
                assert isinstance(found, tuple)
                assert f"The key '{key}' is missing." in [each.message for each in found]
                tried += 1
    assert tried or key in {"column", "versions", "section"}


_MEASURED = """
import os, time
from tests.support.process_measures import measured
print(measured(lambda: len(bytearray(300_000_000)), 60))
print(measured(lambda: time.sleep(60), 0.2).fault)
print(measured(os.abort, 60).fault)
print(measured(lambda: 1 // 0, 60).fault)
"""


def test_the_memory_of_a_call_is_measured_and_that_it_hangs_or_dies() -> None:
    done = ended([sys.executable, "-W", "ignore", "-c", _MEASURED], ROOT)
    large, hangs, dies, fails = done.out.splitlines()
    assert large.startswith("Measured(value=300000000, fault='', ")
    assert 286 <= int(large.rpartition("megabytes=")[2].rstrip(")")) < 1_000
    assert (hangs, dies) == ("it hangs", "its process ended with -6: b''")
    assert "ZeroDivisionError" in fails


@pytest.mark.campaign
def test_a_campaign_of_one_kind_says_how_it_went() -> None:
    asked = ["-W", "ignore", "-m", "tests.support.damaged_inputs", "1", "4", "run"]
    done = ended([sys.executable, *asked], ROOT)
    first, second = done.out.splitlines()
    assert first.startswith("run: 4 files, 4 commands, ended {")
    assert re.fullmatch(r"  slowest .* s \(run .*\), largest .* MB \(run .*\), wrong 0", second)
    assert done.code == 0


def test_a_pack_that_is_confirmed_though_it_was_changed_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = (lambda _: Ended(0, "It is confirmed.", ""),)
    monkeypatch.setitem(KINDS, "pack", replace(KINDS["pack"], commands=always))
    tally = Tally()
    run(folder, "pack", 1, 3, tally)
    assert tally.wrong == [f"pack {n}, command 0: it confirms what was changed" for n in (1, 2, 3)]
