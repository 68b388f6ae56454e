"""dueregard rules fmt: rule files in the usual layout."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, STOPPED, Stop
from cli.inputs import path_words, read_input
from cli.outputs import write_over
from cli.say import say
from rules.editor import schema_copies, with_schema_line
from rules.load import FILE_BYTES, OWN_BOOK, yaml_files
from rules.problem import RuleProblem, describe_all
from rules.yaml.layout import lay_out


def add_to(kinds: Commands) -> None:
    """Adds the command to those of `dueregard rules`."""
    about = "give rule files the usual indents and line widths"
    add = add_command(kinds, "fmt", about, run_fmt).add_argument
    about = "a rulebook or one of its files"
    add("path", metavar="FOLDER|FILE", type=Path, nargs="?", help=about)
    about = "write nothing, and end with code 1 if a file would change"
    add("--check", action="store_true", help=about)
    about = "also copy the schemas for editors into FOLDER, and name them in each file's first line"
    add("--schemas", action="store_true", help=about)


def run_fmt(options: argparse.Namespace) -> int:
    """Lays out the files anew, all or none, and names those that changed."""
    path: Path = options.path or OWN_BOOK
    is_folder = os.path.isdir(path)  # noqa: PTH112  (a name may be too long)
    if options.schemas and (not is_folder or options.path is None):
        raise Stop("--schemas needs the folder of a rulebook.")
    paths = yaml_files(path) if is_folder else [path]
    changed: dict[Path, bytes] = {}
    problems: list[RuleProblem] = []
    read = {file: read_input(file, FILE_BYTES) for file in paths}
    named = read
    if options.schemas:
        named = {
            file: with_schema_line(file.relative_to(path).as_posix(), data)
            for file, data in read.items()
        }
    for file, data in named.items():
        made = lay_out(str(file), data)
        if isinstance(made, tuple):
            problems.extend(made)
        elif made != read[file]:
            changed[file] = made
    if problems:
        say("\n".join([*describe_all(problems), "Nothing was changed."]))
        return STOPPED
    for name, copy in schema_copies().items() if options.schemas else ():
        file = path / name
        if not file.is_file() or file.read_bytes() != copy:
            changed[file] = copy
    count = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    if not changed:
        say(f"Already in the usual layout: {count}.")
        return NOTHING_OUTSTANDING
    if not options.check:
        for folder in {file.parent for file in changed}:
            folder.mkdir(exist_ok=True)
        write_over(changed)
    verb = "Would change" if options.check else "Changed"
    say("\n".join(f"{verb}: {path_words(file)}" for file in changed))
    return OUTSTANDING if options.check else NOTHING_OUTSTANDING
