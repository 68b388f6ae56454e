"""How long a check takes, and how much memory: python -m bench --runs 5 --only office,large."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from bench.cases import CASES, ROOT
from bench.harness import RunFailed
from bench.measure import Measured, growth, measure, steps_of, table_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the cases asked for and prints the tables; 2 where something could not be run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is timed (5)")
    parser.add_argument("--only", default=",".join(CASES), help=f"which of {', '.join(CASES)}")
    asked = parser.parse_args(arguments)
    names = asked.only.split(",")
    if asked.runs < 1 or not set(names) <= CASES.keys():
        parser.error(f"--only takes some of {', '.join(CASES)}, and --runs 1 or more")
    if not hasattr(os, "wait4"):
        parser.error("this system does not tell how much memory a process took")
    os.chdir(ROOT)
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
