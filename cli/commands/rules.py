"""dueregard rules: what can be asked of a rulebook without evidence of an office: what is wrong in
it, itself as a page for people, and its case files run by both evaluators."""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, STOPPED, Stop
from cli.inputs import read_input, rulebook_in
from cli.outputs import files_in, must_replace_no_input, write_over
from cli.say import say
from engine.cases.case_file import Placed, read_cases
from engine.cases.run import CaseResult, run_cases
from engine.columns.arrays import all_columns
from engine.decision.durable import available, decide
from engine.outcomes.owners import owners
from evidence.read import read_evidence
from reports.rulebook.page import rules_html
from rules.load import FILE_BYTES, OWN_BOOK, case_files, load_rulebook
from rules.model import Rulebook
from rules.problem import MOST_LINES, RuleProblem, as_json, describe, describe_all

#: So many problems are listed as JSON.
_MOST_LISTED = 10_000


def add_to(commands: Commands) -> None:
    """Adds the command and its own commands."""
    made = commands.add_parser("rules", help="check, test and describe a rulebook")
    kinds = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    json_help = "print JSON, for another program"

    check = kinds.add_parser("check", help="report every error in a rulebook")
    check.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", default=OWN_BOOK)
    check.add_argument("--json", action="store_true", help=json_help)
    check.set_defaults(run=run_check)

    docs = kinds.add_parser("docs", help="write the rulebook as a web page")
    docs.add_argument("out", metavar="OUT.html", type=Path, help="where to write it")
    docs.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    whose = "the workbook whose sheet of owners says who is responsible"
    docs.add_argument("--owners", metavar="WORKBOOK", type=Path, help=whose)
    docs.set_defaults(run=run_docs)

    test = kinds.add_parser("test", help="run the test cases of the rules")
    test.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="another rulebook")
    there = "run the .yaml files in this folder, not the cases beside the rules"
    test.add_argument("--cases", metavar="FOLDER", type=Path, help=there)
    test.add_argument("--json", action="store_true", help=json_help)
    test.set_defaults(run=run_test)


def run_check(asked: argparse.Namespace) -> int:
    """Says what is wrong, or that nothing is; 2 where something is."""
    found = load_rulebook(asked.folder)
    problems = () if isinstance(found, Rulebook) else found
    if asked.json:
        document: dict[str, object] = {"problems": [as_json(e) for e in problems[:_MOST_LISTED]]}
        if len(problems) > _MOST_LISTED:
            document["more"] = len(problems) - _MOST_LISTED
        say(json.dumps(document, indent=1))
    elif isinstance(found, Rulebook):
        book = found.book
        say(f"No errors in {book.title}, version {book.version}: {len(found.duties)} duties.")
    else:
        say("\n".join(describe_all(problems)))
    return STOPPED if problems else NOTHING_OUTSTANDING


def run_docs(asked: argparse.Namespace) -> int:
    """Writes the page, over an older one if there is one."""
    out: Path = asked.out
    if out.suffix.lower() not in {".html", ".htm"}:
        raise Stop(f"{out} would not open in a browser: give a name that ends in .html.")
    inputs = {
        "a file of the rulebook": files_in(asked.rulebook or OWN_BOOK),
        "the workbook of owners": [asked.owners] if asked.owners else [],
    }
    must_replace_no_input([("", out)], inputs)
    rulebook = rulebook_in(asked.rulebook)
    page = rules_html(rulebook, _owners(asked.owners, rulebook))
    write_over({out: page})
    say(f"Written: {out}")
    return NOTHING_OUTSTANDING


def _owners(path: Path | None, rulebook: Rulebook) -> Mapping[str, str]:
    """Who answers for each duty, by the Owners sheet of a workbook."""
    if path is None:
        return {}
    evidence = read_evidence([path], rulebook.registers)
    if evidence.fatal:
        raise Stop("\n".join(each.message for each in evidence.fatal))
    found = owners(all_columns(evidence.tables, datetime.date.max), rulebook)
    if not found:
        raise Stop(f"{path}: its sheet of owners names no owner of a duty in the rulebook.")
    return found


@dataclass(frozen=True, slots=True)
class Ran:
    """One case that was run: its duty, the file that it stands in, and what it came to."""

    duty: str
    file: Path
    result: CaseResult


_Problems = Sequence[tuple[Path, RuleProblem]]


def run_test(asked: argparse.Namespace) -> int:
    """Says of each case that comes out otherwise than it expects what differs, and where it was
    expected; 2 where one does, or where a file cannot be read."""
    rulebook = rulebook_in(asked.folder)
    placed: list[tuple[Path, Placed]] = []
    problems: list[tuple[Path, RuleProblem]] = []
    for path in _case_files(asked.cases, asked.folder or OWN_BOOK):
        for each in read_cases(path.name, read_input(path, FILE_BYTES), rulebook):
            if isinstance(each, Placed):
                placed.append((path, each))
            else:
                problems.append((path, each))
    deciding = decide if available() is None else None
    results = run_cases([case for _, case in placed], rulebook, deciding)
    ran = [
        Ran(case.duty, path, result) for (path, case), result in zip(placed, results, strict=True)
    ]
    say(_as_json(ran, problems) if asked.json else _in_words(ran, problems, rulebook))
    passed = all(each.result.passed for each in ran)
    return NOTHING_OUTSTANDING if passed and not problems else STOPPED


def _case_files(folder: Path | None, rulebook: Path) -> list[Path]:
    """The .yaml files in ``folder``; without one, the case files beside the rules of the rulebook
    in that folder. Raises Stop where there is none."""
    if folder is None:
        found = case_files(rulebook)
    else:
        found = sorted(folder.glob("*.yaml")) if os.path.isdir(folder) else []  # noqa: PTH112  (a name may be too long)
    if not found:
        where = folder or rulebook
        raise Stop(f"There is no case file in {where}: give their folder with --cases.")
    return found


def _in_words(ran: Sequence[Ran], problems: _Problems, rulebook: Rulebook) -> str:
    lines = [str(path.parent / describe(problem)) for path, problem in problems[:MOST_LINES]]
    left = len(problems) - MOST_LINES
    lines += [f"And {left:,} more."] if left > 0 else []
    failed = [each for each in ran if not each.result.passed]
    for each in failed:
        at = f"line {each.result.line}: "  # on which it was expected, where it says no other
        lines.append(f"{each.file}, {at}{each.result.name}")
        for difference in each.result.differences:
            lines.append(
                f"  {each.file}, {'' if difference.startswith('line ') else at}{difference}"
            )
    duties = {each.duty for each in ran}
    if without := [duty for duty in rulebook.duties if duty not in duties]:
        lines.append(f"No case was run for: {', '.join(without)}.")
    of_duties = "1 duty" if len(duties) == 1 else f"{len(duties)} duties"
    cases = f"{len(ran):,} case{'s' * (len(ran) != 1)} of {of_duties}"
    unread = len({path for path, _ in problems})
    wrong = [
        *([f"{len(failed):,} of {cases} gave another result"] if failed else []),
        *([f"{unread:,} file{'s' * (unread != 1)} could not be read"] if unread else []),
    ]
    return "\n".join([*lines, f"{'; '.join(wrong)}." if wrong else f"All as expected: {cases}."])


def _as_json(ran: Sequence[Ran], problems: _Problems) -> str:
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
