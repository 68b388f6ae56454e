"""dueregard rules fmt: rule files in the usual layout."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, STOPPED
from cli.inputs import path_words, read_input
from cli.outputs import write_over
from cli.say import say
from rules.load import FILE_BYTES, OWN_BOOK, yaml_files
from rules.problem import RuleProblem, describe_all
from rules.yaml.layout import lay_out


def add_to(kinds: Commands) -> None:
    """Adds the command to those of `dueregard rules`."""
    command = kinds.add_parser("fmt", help="give rule files the usual indents and line widths")
    about = "a rulebook or one of its files"
    command.add_argument("path", metavar="FOLDER|FILE", type=Path, nargs="?", help=about)
    about = "write nothing, and end with code 1 if a file would change"
    command.add_argument("--check", action="store_true", help=about)
    command.set_defaults(run=run_fmt)


def run_fmt(options: argparse.Namespace) -> int:
    """Lays out the files anew, all or none, and names those that changed."""
    path: Path = options.path or OWN_BOOK
    paths = yaml_files(path) if os.path.isdir(path) else [path]  # noqa: PTH112  (a name may be too long)
    changed: dict[Path, bytes] = {}
    problems: list[RuleProblem] = []
    for file in paths:
        data = read_input(file, FILE_BYTES)
        made = lay_out(str(file), data)
        if isinstance(made, tuple):
            problems.extend(made)
        elif made != data:
            changed[file] = made
    if problems:
        say("\n".join([*describe_all(problems), "Nothing was changed."]))
        return STOPPED
    count = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    if not changed:
        say(f"Already in the usual layout: {count}.")
        return NOTHING_OUTSTANDING
    if not options.check:
        write_over(changed)
    verb = "Would change" if options.check else "Changed"
    say("\n".join(f"{verb}: {path_words(file)}" for file in changed))
    return OUTSTANDING if options.check else NOTHING_OUTSTANDING
