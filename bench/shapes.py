"""Checks of workbooks of unusual shapes, of n people and of four times as many.

For each shape: how many times its floor the check takes, and the exponents with which its time, its
memory and its output grow from n to 4n. An exponent of 1 is growth in proportion to the workbook.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.cases import AS_OF, CHECKED, ROOT, floor_command, sources_digest
from bench.harness import Run, in_turn, median, run_once

#: What each shape is; the names are those of examples.office.shapes.
SHAPES = (
    "without a column that a duty requires",
    "without a required column",
    "a fifth of the keys blank",
    "all keys blank",
    "nobody named, nothing passed",
    "people who are on no list",
    "no word known",
    "one text in place of all dates",
    "another text in place of each date",
    "blank cells",
    "one key",
    "one person",
    "nothing done",
    "many events",
    "many meetings",
    "keys that two rows bear",
    "many wrong waivers",
    "many right waivers",
    "many wrong acknowledgements",
    "many right acknowledgements",
    "many sheets",
)
FORMATS = "json,html"
#: The largest number of sheets that a workbook may have is 1,000.
_MOST = {"many sheets": 200}


@dataclass(frozen=True, slots=True)
class Size:
    """One size of a shape: the check, its floor, and the bytes of its reports."""

    count: int
    check: Run
    floor: Run
    output: int


@dataclass(frozen=True, slots=True)
class ShapeMeasured:
    """A shape of n people and of 4n."""

    name: str
    few: Size
    many: Size


def measure_shape(name: str, count: int, runs: int, folder: Path) -> ShapeMeasured:
    """Measures the shape of so many people, or of fewer where it allows no more, and of 4 times."""
    count = min(count, _MOST.get(name, count))
    return ShapeMeasured(name, *(_size(name, n, runs, folder) for n in (count, 4 * count)))


def _size(name: str, count: int, runs: int, folder: Path) -> Size:
    book = shape_workbook(name, count, folder)
    with tempfile.TemporaryDirectory() as made:
        out = Path(made)
        check, floor = shape_command(book, out), floor_command(book)
        timed = [lambda: run_once(check, CHECKED), lambda: run_once(floor)]
        checks, floors = in_turn(timed, runs, warm_up=False)
        output = sum(each.stat().st_size for each in out.rglob("*.*") if each.is_file())
    return Size(count, median(checks), median(floors), output)


def shape_workbook(name: str, count: int, folder: Path) -> Path:
    """The workbook, made where it is not there yet in a process of its own."""
    path = folder / f"{name.replace(' ', '-')}-{count}-{sources_digest()}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make = [sys.executable, "-m", "examples.office.shapes", name, str(count), str(path)]
        subprocess.run(make, cwd=ROOT, check=True)
    return path


def shape_command(book: Path, out: Path) -> list[str]:
    """The check of that workbook, with the reports that list most."""
    program = Path(sys.executable).with_name("dueregard")
    options = ["--as-of", AS_OF, "--out", str(out), "--formats", FORMATS, "--ledger", "none"]
    return [str(program), "check", str(book), *options]


def exponent(few: float, many: float) -> float:
    """The power with which something grows from n to 4n."""
    return math.log(many / few, 4)


def shape_table(measured: Sequence[ShapeMeasured]) -> Iterator[str]:
    """One line for each shape."""
    yield (
        f"{'shape':36}{'4n':>7}{'check':>9}{'floor':>9}{'times':>7}{'peak':>9}{'output':>10}"
        f"{'time':>7}{'memory':>8}{'output':>8}"
    )
    for each in measured:
        few, many = each.few, each.many
        yield (
            f"{each.name:36}{many.count:>7,}{many.check.processor:>7.2f} s"
            f"{many.floor.processor:>7.2f} s{many.check.processor / many.floor.processor:>7.1f}"
            f"{many.check.peak:>6.0f} MB{many.output / 1e6:>7.1f} MB"
            f"{exponent(few.check.processor, many.check.processor):>7.2f}"
            f"{exponent(few.check.peak, many.check.peak):>8.2f}"
            f"{exponent(few.output, many.output):>8.2f}"
        )
