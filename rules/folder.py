"""The files in a rulebook's folder: rules, notes, and the case files beside the rules."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import filterfalse, islice
from pathlib import Path, PurePosixPath

from evidence.regular_file import MEGABYTE, FileStop, read_regular
from rules.problem import RuleProblem

BOOK = "book.yaml"
REGISTERS = "registers.yaml"
PINS = "pins.yaml"
#: How the name of a case file ends: the cases of duty.yaml are in duty.cases.yaml beside it. They
#: decide no status, so no check reads them and they are no part of the rulebook's SHA-256.
CASES = ".cases.yaml"
#: The most bytes of one rule file, file of pins or file of cases; the largest of ours has 52 kB.
FILE_BYTES = MEGABYTE
#: The most files in the folder of a rulebook, case files included, and the most bytes in all of
#: them without the case files; ours has 107 files of rules and 104 of cases.
FOLDER_FILES = 2000
FOLDER_BYTES = 16 * MEGABYTE
_SHORTER = "check that it is a file of rules"


def read_folder(folder: Path) -> Mapping[str, bytes] | tuple[RuleProblem, ...]:
    """The bytes of each file of a rulebook's folder by its name from there, without hidden files
    and case files, or why they cannot be read. No more than FOLDER_FILES files of FILE_BYTES each
    are read, and FOLDER_BYTES in all."""
    if not os.path.isdir(folder):  # noqa: PTH112  (Path's own raises where the name is too long)
        return (file_problem(str(folder), "There is no such folder of rules.", "Check its name."),)
    names = sorted(islice(_names(folder), FOLDER_FILES + 1))
    if len(names) > FOLDER_FILES:
        message = f"The folder contains more than {FOLDER_FILES:,} files, which no rulebook has."
        return (
            file_problem(str(folder), message, "Give the folder that contains only the rulebook."),
        )
    files: dict[str, bytes] = {}
    problems = _lone_cases(names)
    left = FOLDER_BYTES
    for name in filterfalse(is_case_file, names):
        try:
            files[name] = read_regular(folder / name, min(FILE_BYTES, left), _SHORTER)
            left -= len(files[name])
        except FileStop as stop:
            message = f"The file {stop.words}"
            problems.append(file_problem(name, message, "No rule was read from it."))
    return tuple(problems) or files


def _names(folder: Path) -> Iterator[str]:
    """The names of the files in a folder and its folders; links to folders are not followed."""
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(folder for folder in folders if not folder.startswith((".", "__")))
        within = Path(at).relative_to(folder)
        yield from ((within / n).as_posix() for n in names if not n.startswith((".", "__")))


def is_case_file(name: str) -> bool:
    """Whether a file of that name contains cases, and no rule."""
    return name.endswith(CASES)


def case_files(folder: Path) -> list[Path]:
    """The case files in a rulebook's folder, which load_rulebook has found to be in order."""
    return [folder / name for name in sorted(filter(is_case_file, _names(folder)))]


def _lone_cases(names: Sequence[str]) -> list[RuleProblem]:
    """A problem for each case file that has no rule beside it: it may be a rule under a wrong
    name. Without a book.yaml the folder is the wrong one, which read_book reports."""
    there = set(names)
    return [
        file_problem(
            name,
            f"There is no rule {PurePosixPath(rule).name} beside this case file.",
            f"Move it beside its rule, or rename it if it is a rule: {CASES} is only for cases.",
        )
        for name in filter(is_case_file, names if BOOK in there else ())
        if (rule := f"{name.removesuffix(CASES)}.yaml") not in there
    ]


def rule_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of a folder's files that are read as rules."""
    return {
        name: data
        for name, data in files.items()
        if PurePosixPath(name).suffix == ".yaml" and not is_case_file(name)
    }


def file_problem(name: str, message: str, instead: str) -> RuleProblem:
    """A problem of a whole file."""
    return RuleProblem(name, 0, "", message, instead)
