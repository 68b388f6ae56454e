"""dueregard estate-report: writes the report on a run of an estate, as a page and a workbook."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, read_input
from cli.outputs import write_into, write_new
from cli.say import say

if TYPE_CHECKING:
    from estate.report.pseudonyms import Pseudonyms

#: The folder for reports, beside the folders of the runs.
_REPORTS = "reports"
_KEY_BYTES = 10_000


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "report on a run of an estate: its bodies, duties and problems"
    command = add_command(commands, "estate-report", about, run)
    add = command.add_argument
    given = "the folder that 'dueregard estate' wrote, or that of one day in it"
    add("run_folder", metavar="RUN", type=Path, help=given)
    since = "the run to compare with (default: the one before, in the same folder)"
    add("--since", metavar="RUN", type=Path, help=since)
    how = command.add_mutually_exclusive_group()
    about = "list the bodies by pseudonyms from the key in this file; a new file gets a new key"
    how.add_argument("--pseudonyms", metavar="KEYFILE", type=Path, help=about)
    how.add_argument("--without-names", action="store_true", help="list no body")
    out = f"the folder to write (default: {_REPORTS} beside RUN)"
    add("--out", metavar="FOLDER", type=Path, help=out)
    add("--marking", metavar="WORDS", help="the marking of each page (default: OFFICIAL)")


def run(options: argparse.Namespace) -> int:
    """Writes the page and the workbook, both or neither."""
    try:  # loaded only for this command
        from estate.report.content import BodyNaming  # noqa: PLC0415
        from estate.report.figures import RunProblem  # noqa: PLC0415
        from estate.report.writing import (  # noqa: PLC0415
            MARKING,
            estate_report,
            latest_run,
            run_before,
        )
    except ModuleNotFoundError as missing:
        raise Stop(
            f"The report needs the package {missing.name}, which is not installed. Install the "
            "program again, with [estate] after the name of its wheel."
        ) from None

    naming, suffix = BodyNaming.NAMES, ""
    if options.pseudonyms:
        naming, suffix = BodyNaming.PSEUDONYMS, "-pseudonyms"
    elif options.without_names:
        naming, suffix = BodyNaming.NOT_LISTED, "-without-names"
    try:
        folder = latest_run(options.run_folder)
        since = latest_run(options.since) if options.since else run_before(folder)
        pseudonyms = _pseudonyms(options.pseudonyms) if options.pseudonyms else None
        files = estate_report(folder, since, naming, pseudonyms, options.marking or MARKING)
    except RunProblem as problem:
        raise Stop(str(problem)) from None
    _save(options.out or _default_folder(folder, suffix), files)
    return NOTHING_OUTSTANDING


def save_by_name(run: Path) -> None:
    """Writes the report by name on a run that has just ended."""
    from estate.report.content import BodyNaming  # noqa: PLC0415
    from estate.report.writing import estate_report, run_before  # noqa: PLC0415

    _save(_default_folder(run), estate_report(run, run_before(run), BodyNaming.NAMES))


def _default_folder(run: Path, suffix: str = "") -> Path:
    run = run.absolute() if run.name in ("", "..") else run
    return run.parent / _REPORTS / f"{run.name}{suffix}"


def _save(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files of a report, all or none, and says where they are."""
    say("\n".join(f"Saved: {path}" for path in write_into(folder, files)))


def _pseudonyms(path: Path) -> Pseudonyms:
    """The pseudonyms from the key in a file, which is made if there is none."""
    from estate.report.pseudonyms import KeyProblem, Pseudonyms, new_key  # noqa: PLC0415

    if not os.path.lexists(path):
        write_new(path, new_key())
        path.chmod(0o600)
        say(
            f"Made a new key: {path}. Keep it, and keep it secret: only with the same key are "
            "pseudonyms the same in the next report, and whoever has it can find out the names."
        )
    try:
        return Pseudonyms(read_input(path, _KEY_BYTES, "--pseudonyms").strip())
    except KeyProblem as problem:
        raise Stop(f"{path_words(path, '--pseudonyms')} {problem}") from None
