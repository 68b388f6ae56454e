"""dueregard rules: checks a rulebook, writes it as a web page, runs its cases with both evaluators,
and shows the impact of a change."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.commands.rules import approvals, fmt, impact, new
from cli.commands.rules.new_duty import unfinished_line
from cli.exits import NOTHING_OUTSTANDING, STOPPED, Stop
from cli.inputs import read_input, rulebook_in, with_rulebook
from cli.office_folder import mapping_here
from cli.outputs import files_in, must_replace_no_input, write_over
from cli.say import say
from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.run import CaseResult, run_cases
from engine.columns.arrays import all_columns
from engine.decision.durable import available, decide
from engine.outcomes.owners import owners
from evidence.cells.day_words import long_day
from evidence.read import read_evidence
from reports.rulebook.page import rules_html
from reports.words import count
from rules.lint.book import ID
from rules.lint.duty_words import stale_words
from rules.load import CASES, FILE_BYTES, OWN_BOOK, case_files, load_rulebook
from rules.model import Duty, Rulebook
from rules.papers import read_papers
from rules.problem import MOST_LINES, RuleProblem, as_json, describe, describe_all, did_you_mean

#: The number of problems that are listed as JSON.
_MOST_LISTED = 10_000
#: What a failed case may say of a duty that has a later version, and of one that has none.
_FURTHER_BACK = (
    "If a case for a day before the change gives another result, the change reaches further back "
    "than you meant."
)
_CHANGED_IN_PLACE = (
    "If you have changed a rule that was right until now, put it back and add a version that "
    "begins on a later day."
)
#: How often a watched rulebook is looked at.
_WATCH_SECONDS = 0.5


def add_to(commands: Commands) -> None:
    """Adds the command and its own commands."""
    command = commands.add_parser("rules", help="check, test and describe a rulebook")
    kinds = command.add_subparsers(title="commands", required=True, metavar="COMMAND")
    json_help = "print JSON, for another program"

    check = add_command(kinds, "check", "report every error in a rulebook", run_check)
    check.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", default=OWN_BOOK)
    how = check.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help=json_help)
    about = "check again whenever a file was saved, until Ctrl-C"
    how.add_argument("--watch", action="store_true", help=about)

    docs = add_command(kinds, "docs", "write the rulebook as a web page", run_docs)
    docs.add_argument("out", metavar="OUT.html", type=Path, help="where to write it")
    docs.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    about = "the workbook whose sheet of owners says who is responsible"
    docs.add_argument("--owners", metavar="WORKBOOK", type=Path, help=about)

    test = add_command(kinds, "test", "run the test cases of the rules", run_test)
    about = "the id of a duty to test alone, or the folder of another rulebook"
    test.add_argument("names", metavar="DUTY|FOLDER", nargs="*", default=[], help=about)
    about = "run the .yaml files in this folder, not the cases beside the rules"
    test.add_argument("--cases", metavar="FOLDER", type=Path, help=about)
    test.add_argument("--json", action="store_true", help=json_help)

    approvals.add_to(kinds)
    fmt.add_to(kinds)
    impact.add_to(kinds)
    new.add_to(kinds)


def run_check(options: argparse.Namespace) -> int:
    """Prints what is wrong in a rulebook; 2 if anything is."""
    return _watch(options) if options.watch else _check(options)


def _watch(options: argparse.Namespace) -> int:
    """Checks the rulebook whenever a file of it was saved, until Ctrl-C. It compares the times of
    the files, which takes a millisecond, and works on shared and synchronised folders as well."""
    saved: Mapping[Path, tuple[int, int]] | None = None
    try:
        while True:
            if saved != (now := _saved(options.folder)):
                saved = now
                _check(options)
                say("Watching for changes. Press Ctrl-C to stop.")
            time.sleep(_WATCH_SECONDS)
    except KeyboardInterrupt:
        say("Stopped watching.")
        return NOTHING_OUTSTANDING


def _saved(folder: Path) -> Mapping[Path, tuple[int, int]]:
    """When each file of the rulebook was saved, and its size."""
    times = {}
    for path in files_in(folder):
        with suppress(OSError):  # an editor has just replaced it
            status = path.stat()
            times[path] = (status.st_mtime_ns, status.st_size)
    return times


def _check(options: argparse.Namespace) -> int:
    rulebook = load_rulebook(options.folder)
    if isinstance(rulebook, Rulebook):
        papers = read_papers(options.folder, rulebook)
        problems = papers if isinstance(papers, tuple) else ()
    else:
        problems = rulebook
    if options.json:
        document: dict[str, object] = {"problems": [as_json(e) for e in problems[:_MOST_LISTED]]}
        if len(problems) > _MOST_LISTED:
            document["more"] = len(problems) - _MOST_LISTED
        say(json.dumps(document, indent=1))
    elif isinstance(rulebook, Rulebook) and not problems:
        book = rulebook.book
        duties = count(len(rulebook.duties), "duty", "duties")
        say(
            f"No errors in {book.title}, version {book.version}: {duties}. Next, run 'dueregard "
            "rules test' and, after a change, 'dueregard rules impact'."
        )
        for name, text in rulebook.files.items():
            if unfinished_line(text):
                say(
                    f"{name} is as 'dueregard rules new' wrote it: change its numbers, conditions "
                    "and readings to those of the SOP, and write 'in brief'."
                )
        for duty in rulebook.duties.values():
            for sentence in stale_words(duty):
                say(f"Note on {rulebook.sources[duty.id]}: {sentence}")
    else:
        say(with_rulebook("\n".join(describe_all(problems)), options.folder))
    return STOPPED if problems else NOTHING_OUTSTANDING


def run_docs(options: argparse.Namespace) -> int:
    """Writes the page, over an older one if there is one."""
    out: Path = options.out
    if out.suffix.lower() not in {".html", ".htm"}:
        raise Stop(f"{out} would not open in a browser: give a name that ends in .html.")
    inputs = {
        "a file of the rulebook": files_in(options.rulebook or OWN_BOOK),
        "the workbook of owners": [options.owners] if options.owners else [],
    }
    must_replace_no_input([("", out)], inputs)
    rulebook = rulebook_in(options.rulebook)
    page = rules_html(rulebook, _owners(options.owners, rulebook))
    write_over({out: page})
    say(f"Saved: {out}")
    return NOTHING_OUTSTANDING


def _owners(path: Path | None, rulebook: Rulebook) -> Mapping[str, str]:
    """The owner of each duty, from the Owners sheet of a workbook."""
    if path is None:
        return {}
    mapping = mapping_here(rulebook.registers)
    evidence = read_evidence([path], rulebook.registers, mapping=mapping)
    if evidence.fatal:
        raise Stop("\n".join(fault.message for fault in evidence.fatal))
    by_duty = owners(all_columns(evidence.tables, datetime.date.max), rulebook)
    if not by_duty:
        raise Stop(f"{path}: its sheet of owners names no owner of a duty in the rulebook.")
    return by_duty


#: Of each case its file, its duty and its result.
_Results = Sequence[tuple[Path, str, CaseResult]]
_Problems = Sequence[tuple[Path, RuleProblem]]


def run_test(options: argparse.Namespace) -> int:
    """Prints for each case with another result than expected what differs, and where it was
    expected; 2 if there is one, or if a file cannot be read."""
    folder, ids = _named(options.names)
    rulebook = rulebook_in(folder)
    for id_ in ids:
        if id_ not in rulebook.duties:
            hint = did_you_mean(id_, rulebook.duties)
            raise Stop(f"There is no duty '{id_}', and no folder of that name. {hint}")
    entries = [
        (path, entry)
        for path in _case_files(options.cases, folder or OWN_BOOK)
        if options.cases or not ids or path.name.removesuffix(CASES) in ids
        for entry in read_cases(path.name, read_input(path, FILE_BYTES), rulebook)
        if not (ids and isinstance(entry, PlacedCase)) or entry.duty in ids
    ]
    cases = [(path, case) for path, case in entries if isinstance(case, PlacedCase)]
    problems = [(path, problem) for path, problem in entries if isinstance(problem, RuleProblem)]
    unusable = available()
    judge = decide if unusable is None else None
    outcomes = run_cases([case for _, case in cases], rulebook, judge)
    pairs = zip(cases, outcomes, strict=True)
    results = [(path, case.duty, result) for (path, case), result in pairs]
    notice = f"{unusable} The cases were run without it." if unusable else ""
    if options.json:
        say(_as_json(results, problems, notice))
    else:
        words = _in_words(results, problems, ids or list(rulebook.duties), folder or OWN_BOOK)
        failed = {duty for _, duty, result in results if not result.passed}
        later = {id_ for id_ in failed if len(rulebook.duties[id_].versions) > 1}
        hints = [_FURTHER_BACK] * bool(later) + [_CHANGED_IN_PLACE] * bool(failed - later)
        ids_here = () if options.cases else dict.fromkeys(case.duty for _, case in cases)
        tested = [rulebook.duties[id_] for id_ in ids_here]
        days = {(case.duty, case.case.as_of) for _, case in cases}
        untested = [line for duty in tested for line in _untested_versions(duty, days)]
        say("\n".join([words, *untested, *hints, *filter(None, [notice])]))
    passed = all(result.passed for _, _, result in results)
    return NOTHING_OUTSTANDING if passed and not problems else STOPPED


def _untested_versions(duty: Duty, days: Collection[tuple[str, datetime.date]]) -> Iterator[str]:
    """A line for each version of a duty that no case is about: none is as of one of its days.
    ``days`` has the duty and the day of each case."""
    ends = [*(version.from_ for version in duty.versions[1:]), datetime.date.max]
    for version, end in zip(duty.versions, ends, strict=True):
        if not any(id_ == duty.id and version.from_ <= day < end for id_, day in days):
            begins = long_day(version.from_)
            yield f"No case of {duty.id} is as of a day in its version from {begins}. Add one."


def _named(names: Sequence[str]) -> tuple[Path | None, list[str]]:
    """The folder among the names, if any, and the duties. A name is a folder if there is a folder
    or file of that name, or if no id can be written so. Raises Stop if two are folders."""
    exists = os.path.lexists  # Path's own raises where the name is too long
    folders = [name for name in names if exists(name) or not ID.fullmatch(name)]
    if len(folders) > 1:
        raise Stop(
            f"'{folders[0]}' and '{folders[1]}' are both folders: give one rulebook, and the ids "
            "of its duties."
        )
    folder = Path(folders[0]) if folders else None
    return folder, [name for name in dict.fromkeys(names) if name not in folders]


def _case_files(folder: Path | None, rulebook: Path) -> list[Path]:
    """The .yaml files in ``folder``; without a folder, the case files beside the rules of the
    rulebook. Raises Stop if there is none."""
    if folder is None:
        files = case_files(rulebook)
    else:
        files = sorted(folder.glob("*.yaml")) if os.path.isdir(folder) else []  # noqa: PTH112  (a name may be too long)
    if not files:
        place = folder or rulebook
        raise Stop(f"There is no case file in {place}: give their folder with --cases.")
    return files


def _in_words(results: _Results, problems: _Problems, ids: Sequence[str], rulebook: Path) -> str:
    """The results as text, with the name of each file once. A file of the rulebook is named from
    the rulebook's folder, as 'rules check' does."""
    lines = [str(path.parent / describe(problem)) for path, problem in problems[:MOST_LINES]]
    more = len(problems) - MOST_LINES
    lines += [f"And {more:,} more."] if more > 0 else []
    failed = [(path, result) for path, _, result in results if not result.passed]
    for path, of_file in groupby(failed, itemgetter(0)):
        inside = path.is_relative_to(rulebook)
        lines.append(f"{path.relative_to(rulebook) if inside else path}")
        for _, result in of_file:
            lines.append(f"  line {result.line}: {result.name}")
            lines += [f"    {difference}" for difference in result.differences]
    duties = {duty for _, duty, _ in results}
    if without := [duty for duty in ids if duty not in duties]:
        lines.append(f"No case was run for: {', '.join(without)}.")
    of_duties = "1 duty" if len(duties) == 1 else f"{len(duties)} duties"
    cases = f"{len(results):,} case{'s' * (len(results) != 1)} of {of_duties}"
    unread = len({path for path, _ in problems})
    wrong = [
        *([f"{len(failed):,} of {cases} gave another result"] if failed else []),
        *([f"{unread:,} file{'s' * (unread != 1)} could not be read"] if unread else []),
    ]
    return "\n".join([*lines, f"{'; '.join(wrong)}." if wrong else f"All as expected: {cases}."])


def _as_json(results: _Results, problems: _Problems, notice: str) -> str:
    cases = [
        {
            "duty": duty,
            "name": result.name,
            "file": path.as_posix(),
            "line": result.line,
            "passed": result.passed,
            "differences": list(result.differences),
        }
        for path, duty, result in results
    ]
    others = [{**as_json(problem), "file": path.as_posix()} for path, problem in problems]
    return json.dumps({"cases": cases, "problems": others, "notice": notice}, indent=1)
