"""Whatever a file that a command is given has come to, the command ends with 0, 1 or 2, in words
and in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.folder import read_folder
from rules.load import OWN_BOOK, read_book
from rules.model import Rulebook
from rules.problem import describe_all
from tests.desk import BOOK
from tests.fuzzed_inputs import KINDS, Tally, office, run
from tests.needs import CAMPAIGN

COUNT = 500 if CAMPAIGN else 6
LEFT_OUT = 1 if CAMPAIGN else 97  # of the program's own rulebook, one line in so many


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each kind."""
    return office(tmp_path_factory.mktemp("fuzzed"))


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_read_or_refused_in_words(folder: Path, kind: str) -> None:
    tally = Tally()
    run(folder, kind, 1, COUNT, tally)
    assert tally.wrong == []
    assert tally.mutations == COUNT * len(KINDS[kind].commands)


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
