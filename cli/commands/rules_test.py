"""dueregard rules test: the case files of a rulebook, run by both evaluators."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.exits import NOTHING_OUTSTANDING, STOPPED, Stop
from cli.inputs import read_input, rulebook_in
from cli.say import say
from engine.cases.case_file import Placed, read_cases
from engine.cases.run import CaseResult, run_cases
from engine.decision.durable import available, decide
from rules.folder import FILE_BYTES, case_files
from rules.load import OWN_BOOK
from rules.model import Rulebook
from rules.problem import MOST_LINES, RuleProblem, as_json, describe


@dataclass(frozen=True, slots=True)
class Ran:
    """One case that was run: its duty, the file that it stands in, and what it came to."""

    duty: str
    file: Path
    result: CaseResult


def add_to(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    made = kinds.add_parser("test", help="run the cases that say what each rule comes to")
    made.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="another rulebook")
    made.add_argument(
        "--cases", metavar="FOLDER", type=Path, help="the .yaml files there, not those beside rules"
    )
    made.add_argument("--json", action="store_true", help="as JSON, for another program")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Says of each case that comes out otherwise than it expects what differs, and where it was
    expected; 2 where one does, or where a file cannot be read."""
    rulebook = rulebook_in(asked.folder)
    ran, problems = run_files(_case_files(asked.cases, asked.folder or OWN_BOOK), rulebook)
    failed = [each for each in ran if not each.result.passed]
    say(_as_json(ran, problems) if asked.json else _in_words(ran, problems, rulebook))
    return STOPPED if failed or problems else NOTHING_OUTSTANDING


def run_files(
    paths: Sequence[Path], rulebook: Rulebook
) -> tuple[list[Ran], list[tuple[Path, RuleProblem]]]:
    """Every case of these files, and what is wrong with files that cannot be read. Raises Stop
    where one cannot be opened."""
    placed: list[tuple[Path, Placed]] = []
    problems: list[tuple[Path, RuleProblem]] = []
    for path in paths:
        for each in read_cases(path.name, read_input(path, FILE_BYTES), rulebook):
            if isinstance(each, Placed):
                placed.append((path, each))
            else:
                problems.append((path, each))
    results = run_cases(
        [case for _, case in placed], rulebook, decide if available() is None else None
    )
    ran = [
        Ran(case.duty, path, result) for (path, case), result in zip(placed, results, strict=True)
    ]
    return ran, problems


def _case_files(folder: Path | None, rulebook: Path) -> list[Path]:
    """The .yaml files in ``folder``; without one, the case files beside the rules of the rulebook
    in that folder. Raises Stop where there is none."""
    if folder is None:
        found = case_files(rulebook)
    else:
        found = sorted(folder.glob("*.yaml")) if os.path.isdir(folder) else []  # noqa: PTH112  (a name may be too long)
    if not found:
        where = folder or rulebook
        raise Stop(f"There is no file of cases in {where}: say where they lie with --cases.")
    return found


# What is said -----------------------------------------------------------------------------------


def _in_words(
    ran: Sequence[Ran], problems: Sequence[tuple[Path, RuleProblem]], rulebook: Rulebook
) -> str:
    lines = [str(path.parent / describe(problem)) for path, problem in problems[:MOST_LINES]]
    left = len(problems) - MOST_LINES
    lines += [f"And {left:,} more."] if left > 0 else []
    for each in ran:
        if not each.result.passed:
            lines.append(f"{each.file}, line {each.result.line}: {each.result.name}")
            lines += [f"  {said}" for said in _differences(each)]
    without = [duty for duty in rulebook.duties if duty not in {each.duty for each in ran}]
    if without:
        lines.append(f"No case was run of: {', '.join(without)}.")
    return "\n".join([*lines, _sum(ran, problems)])


def _differences(ran: Ran) -> list[str]:
    """What differs, each with the line on which it was expected."""
    case = f"line {ran.result.line}: "
    return [
        f"{ran.file}, {'' if said.startswith('line ') else case}{said}"
        for said in ran.result.differences
    ]


def _sum(ran: Sequence[Ran], problems: Sequence[tuple[Path, RuleProblem]]) -> str:
    cases = f"{len(ran):,} case{'s' * (len(ran) != 1)} of {_duties(ran)}"
    failed = sum(not each.result.passed for each in ran)
    unread = len({path for path, _ in problems})
    said = [
        *([f"{failed:,} of {cases} came out otherwise"] if failed else []),
        *([f"{unread:,} file{'s' * (unread != 1)} could not be read"] if unread else []),
    ]
    return f"{'; '.join(said)}." if said else f"All as expected: {cases}."


def _duties(ran: Sequence[Ran]) -> str:
    many = len({each.duty for each in ran})
    return "1 duty" if many == 1 else f"{many} duties"


def _as_json(ran: Sequence[Ran], problems: Sequence[tuple[Path, RuleProblem]]) -> str:
    return json.dumps(
        {
            "cases": [
                {
                    "duty": each.duty,
                    "name": each.result.name,
                    "file": each.file.as_posix(),
                    "line": each.result.line,
                    "passed": each.result.passed,
                    "differences": list(each.result.differences),
                }
                for each in ran
            ],
            "problems": [
                {**as_json(problem), "file": path.as_posix()} for path, problem in problems
            ],
        },
        indent=1,
    )
