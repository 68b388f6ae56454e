"""How long a check takes, and how much memory: python -m bench --runs 5 --only office,large."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from bench.cases import CASES, ROOT
from bench.harness import RunFailed
from bench.measure import Measured, growth, measure, steps_of, table_of
from bench.shapes import SHAPES, measure_shape, shape_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the cases asked for and prints the tables; 2 where something could not be run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is timed (5)")
    parser.add_argument("--only", default=",".join(CASES), help=f"which of {', '.join(CASES)}")
    parser.add_argument("--shapes", action="store_true", help="unusual workbooks instead, n and 4n")
    parser.add_argument("--people", type=int, default=500, help="n, for the shapes (500)")
    asked = parser.parse_args(arguments)
    names = asked.only.split(",")
    if asked.runs < 1 or not set(names) <= CASES.keys():
        parser.error(f"--only takes some of {', '.join(CASES)}, and --runs 1 or more")
    if not hasattr(os, "wait4"):
        parser.error("this system does not tell how much memory a process took")
    os.chdir(ROOT)
    if asked.shapes:
        return _measure_shapes(asked.people, asked.runs)
    return _measure(names, asked.runs)


def _measure(names: Sequence[str], runs: int) -> int:
    measured: list[Measured] = []
    failed = False
    for name in names:
        print(f"{name}: {CASES[name].about}", flush=True)
        try:
            measured.append(measure(CASES[name], runs, ROOT / "build" / "bench"))
        except RunFailed as failure:
            failed = True
            print(failure, file=sys.stderr)
    if measured:
        _say(measured, runs)
    return 2 if failed else 0


def _measure_shapes(people: int, runs: int) -> int:
    """Every shape, each line of the table as soon as it is known."""
    print("\n".join(shape_table([])), flush=True)
    code = 0
    for name in SHAPES:
        try:
            measured = measure_shape(name, people, runs, ROOT / "build" / "bench")
        except RunFailed as failure:
            code = 2
            print(f"{name}: {failure}", file=sys.stderr)
        else:
            print([*shape_table([measured])][1], flush=True)
    print("\ntimes: of the processor time of the floor. The last three columns: the exponents with")
    print("which processor time, peak memory and the bytes of the reports grow from n to 4n.")
    return code


def _say(measured: Sequence[Measured], runs: int) -> None:
    print(f"\nMedians of {runs} whole processes, in turn with the floor; Python {_version()}\n")
    print("\n".join(table_of(measured)), end="\n\n")
    print("\n".join(steps_of(measured)), end="\n\n")
    print("floor: a process that only reads every sheet of the same workbook into pandas frames")
    print("peak: of the process or of its largest child, whichever is larger")
    print(growth(measured))


def _version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


if __name__ == "__main__":
    sys.exit(main())
