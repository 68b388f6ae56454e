"""One case measured, and what was measured told as lines of a table."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.cases import CHECKED, Case, check_command, floor_command, workbook
from bench.harness import Run, in_turn, median, run_once

#: The time before the program's own clock began: starting Python and importing everything.
STARTING = "start and import"


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of one case: the check, the least that reading its workbook takes, and the
    seconds of each step of the check."""

    case: Case
    check: Run
    floor: Run
    steps: Mapping[str, float]


def measure(case: Case, runs: int, folder: Path) -> Measured:
    """Runs the check and its floor in turn, so many times each after one that is not counted."""
    book = workbook(case, folder)
    steps: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)

        command = check_command(case, book, out)

        def check() -> Run:
            run = run_once(command, CHECKED)
            steps.append(_steps(run, out / "timings.json"))
            return run

        checks, floors = in_turn([check, lambda: run_once(floor_command(book))], runs)
    return Measured(case, median(checks), median(floors), _medians(steps[-runs:]))


def _steps(run: Run, path: Path) -> dict[str, float]:
    told = {str(name): float(seconds) for name, seconds in json.loads(path.read_text()).items()}
    return {STARTING: run.seconds - sum(told.values())} | told


def _medians(steps: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: statistics.median(step[name] for step in steps) for name in steps[0]}


def table_of(measured: Sequence[Measured]) -> Iterator[str]:
    """One line for each case: the check beside its floor."""
    yield (
        f"{'case':14}{'check':>9}{'floor':>9}{'times':>7}{'CPU':>9}{'floor':>9}{'times':>7}"
        f"{'peak':>9}{'floor':>9}"
    )
    for each in measured:
        check, floor = each.check, each.floor
        yield (
            f"{each.case.name:14}"
            f"{_beside(check.seconds, floor.seconds)}{_beside(check.processor, floor.processor)}"
            f"{check.peak:>6.0f} MB{floor.peak:>6.0f} MB"
        )


def _beside(check: float, floor: float) -> str:
    return f"{check:>7.2f} s{floor:>7.2f} s{check / floor:>7.1f}"


def steps_of(measured: Sequence[Measured]) -> Iterator[str]:
    """One line for each step, one column for each case."""
    yield f"{'step':20}" + "".join(f"{each.case.name:>17}" for each in measured)
    for name in dict.fromkeys(name for each in measured for name in each.steps):
        yield f"{name:20}" + "".join(_step(each, name) for each in measured)


def _step(each: Measured, name: str) -> str:
    seconds = each.steps.get(name, 0.0)
    return f"{seconds:>8.2f} s {100 * seconds / each.check.seconds:>4.0f} %"


def growth(measured: Sequence[Measured]) -> str:
    """What ten times the people and training rows cost, where both sizes were measured."""
    found = {each.case.name: each.check for each in measured}
    if not {"tenth", "large"} <= found.keys():
        return ""
    tenth, large = found["tenth"], found["large"]
    return (
        f"Ten times the people and training rows: {large.seconds / tenth.seconds:.1f} times the "
        f"time, {large.processor / tenth.processor:.1f} times the CPU time, "
        f"{large.peak / tenth.peak:.1f} times the memory."
    )
