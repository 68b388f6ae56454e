"""The files that a command reads, with messages for the person who named them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cli.exits import Stop
from engine.assessment import Assessment
from evidence.cells.text import sheet_text
from evidence.problem import cells_words
from evidence.regular_file import FileFault, FileStop, read_regular
from evidence.table import Evidence
from evidence.visible import visible
from record.office.kept_reports import latest_report
from record.office.office_file import NAME, line_words
from reports.json import LIMIT_BYTES, from_json
from reports.words import in_command
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from rules.problem import RuleProblem, describe_all

_GIVE = "Use assessment.json from the folder of reports of your last check, for example:"
_EXAMPLE = "dueregard-report/assessment.json"
#: A command in quotes that needs the folder of the rulebook as an option.
_COMMAND = re.compile(r"('dueregard (?:sop|rules approve) (?:(?! --rulebook)[^'])*)'")


def read_input(path: Path, limit_bytes: int, option: str = "") -> bytes:
    """The bytes of a file that was named with ``option``, or without one. Raises Stop if it is not
    a file, or is larger than the limit."""
    try:
        return read_regular(path, limit_bytes)
    except FileStop as stop:
        raise Stop(f"{path_words(path, option)} {stop.words}") from None


def read_assessment(path: Path, option: str = "", command: str = "{}") -> tuple[Assessment, bytes]:
    """The assessment in a file, and its bytes. Raises Stop if the file contains none, with the
    ``command`` around an example of a path."""
    give = f"{_GIVE} {f'{option} '.lstrip()}{command.format(latest_report() or _EXAMPLE)}"
    try:
        data = read_regular(path, LIMIT_BYTES)
    except FileStop as stop:
        words = f"is a folder. {give}" if stop.fault is FileFault.FOLDER else stop.words
        raise Stop(f"{path_words(path, option)} {words}") from None
    assessment = from_json(data)
    if isinstance(assessment, Assessment):
        return assessment, data
    if path.suffix.lower() != ".json":
        raise Stop(f"{path_words(path, option)} is not an assessment. {give}")
    raise Stop(f"{path_words(path, option)}: {assessment}")


def path_words(path: Path, option: str = "") -> str:
    """The path as a message names it, after its option."""
    return visible(f"{option} {path}".lstrip())


def rulebook_option(folder: Path | None) -> str:
    """The option that a printed command needs for the rulebook in a folder: none for the program's
    own."""
    return "" if folder in (None, OWN_BOOK) else f" --rulebook {command_path(folder)}"


def with_rulebook(text: str, folder: Path | None) -> str:
    """A text with the rulebook in a folder named in each command that works on one."""
    option = rulebook_option(folder)
    if not option:
        return text
    return _COMMAND.sub(lambda command: f"{command[1]}{option}'", text)


def command_path(path: Path | None) -> str:
    """The path as a command contains it, in quotes if it needs them."""
    return in_command(str(path))


def rulebook_in(folder: Path | None) -> Rulebook:
    """The rulebook of a folder, or the program's own. Raises Stop with every problem if there is
    any."""
    folder = folder or OWN_BOOK
    return rulebook_of(folder, load_rulebook(folder))


def rulebook_of(folder: Path, loaded: Rulebook | tuple[RuleProblem, ...]) -> Rulebook:
    """The rulebook that was loaded from a folder. Raises Stop with every problem if there is
    any."""
    if isinstance(loaded, Rulebook):
        return loaded
    raise Stop(with_rulebook(problem_words(loaded, f"the rulebook {folder}"), folder))


def problem_words(problems: Sequence[RuleProblem], where: str) -> str:
    """What stops a command, because of these problems of the rulebook or of office.yaml."""
    lines = "\n".join(f"  {line}" for line in describe_all(problems))
    count = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
    return f"Stopped: {count} in {where}.\n{lines}"


def must_be_read(
    evidence: Evidence, doing: str = "checked", office_folder: Path | None = None
) -> None:
    """Raises Stop if a file could not be read at all, with every problem of the evidence. Of a file
    in an office's folder, it says which line of office.yaml names it."""
    if not evidence.fatal:
        return
    files = "this file" if len(evidence.fatal) == 1 else "these files"
    lines = [f"Nothing was {doing}, because {files} could not be read:"]
    for fault in evidence.fatal:
        at = line_words(office_folder / NAME, Path(fault.file)) if office_folder else ""
        lines.append(f"  {fault.message}{at}")
    lines += ["Problems in the other files:"] if evidence.problems else []
    for problem in evidence.problems:
        several = problem.count > 1
        cells = cells_words(problem.cells, problem.count) if several else "".join(problem.cells)
        place = "!".join(filter(None, (problem.file, sheet_text(problem.sheet), cells)))
        lines.append(f"  {place}: {problem.message}" if place else f"  {problem.message}")
    raise Stop("\n".join(lines))
