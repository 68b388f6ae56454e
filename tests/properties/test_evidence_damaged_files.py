"""Whatever is changed in a file of evidence, it is read or it is refused in words: nothing else
comes of it, and it takes no more memory than is said."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.files.opening import open_file
from evidence.raw_cells import Unopened
from rules.load import OWN_BOOK
from tests.support import needs
from tests.support.damaged_files import fuzzed, seeds
from tests.support.opened_files import read_here
from tests.support.own_book import book_in

SEED = 20_410_000
_MEGABYTE = 1024 * 1024

#: Changed files of each, in the ordinary run and in the long one.
COUNT = 2_000 if needs.CAMPAIGN else 12


def peak() -> int:
    """The most memory that this process has held, in bytes; 0 where the system cannot say."""
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def tried(name: str, data: bytes, folder: Path, count: int) -> Counter[str]:
    """How many changed files were read, and how many refused; each refusal is looked at."""
    path = folder / name
    counts: Counter[str] = Counter()
    for seed in range(SEED, SEED + count):
        path.write_bytes(fuzzed(data, seed) or b"-")
        result = open_file(path, name)
        if isinstance(result, Unopened):
            assert result.message.startswith(f"{name} "), seed
            assert result.message.endswith("."), seed
            counts["refused"] += 1
        else:
            evidence = read_here([path], book_in(OWN_BOOK).registers)
            assert len(evidence.files) == 1, seed
            counts["read"] += 1
    return counts


@pytest.mark.long
@pytest.mark.parametrize("name", seeds())
def test_a_changed_file_is_read_or_refused_in_words(name: str, tmp_path: Path) -> None:
    before = peak()
    outcomes = tried(name, seeds()[name], tmp_path, COUNT)
    assert outcomes["refused"] > 0
    assert outcomes["read"] > 0
    assert peak() - before < 2_000 * _MEGABYTE


@pytest.mark.campaign
@pytest.mark.long
@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_a_changed_file_of_libreoffice_is_read_or_refused_in_words(
    ending: str, convert: Callable[[str, Path, list[Path]], None], tmp_path: Path
) -> None:
    source = tmp_path / "from" / "office.xlsx"
    source.parent.mkdir()
    source.write_bytes(seeds()["openpyxl.xlsx"])
    convert(ending, tmp_path, [source])
    path = tmp_path / f"office.{ending}"
    outcomes = tried(path.name, path.read_bytes(), tmp_path, COUNT)
    assert outcomes["refused"] > 0
    assert outcomes["read"] > 0
