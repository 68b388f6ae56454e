"""dueregard template: writes an empty workbook of the registers."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import rulebook_in, rulebook_option
from cli.outputs import must_be_free, write_new
from cli.say import say
from reports.rulebook.template import template_for


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write an empty workbook, with a sheet for each register"
    add = add_command(commands, "template", about, run).add_argument
    add("out", metavar="OUT.xlsx", type=Path, help="where to write it")
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")


def run(options: argparse.Namespace) -> int:
    """Writes the template, never over an existing file."""
    out: Path = options.out
    if out.suffix.lower() != ".xlsx":
        raise Stop(f"{out} would not open in Excel: give a name that ends in .xlsx.")
    must_be_free(out)
    rulebook = rulebook_in(options.rulebook)
    write_new(out, template_for(rulebook, out.name, rulebook_option(options.rulebook)))
    say(f"Saved: {out}")
    return NOTHING_OUTSTANDING
