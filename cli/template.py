"""dueregard template: an empty workbook of the registers."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.books import rulebook_in
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.say import say
from evidence.template import write_template


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    made = commands.add_parser("template", help="write an empty workbook of the registers")
    made.add_argument("out", metavar="OUT.xlsx", type=Path, help="where to write it")
    made.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Writes the template; never over a file that is there."""
    out: Path = asked.out
    if out.suffix.lower() != ".xlsx":
        raise Stop(f"{out} would not open in Excel: give a name that ends in .xlsx.")
    if out.exists():
        raise Stop(f"{out} is there already and was left as it is: give another name.")
    try:
        write_template(rulebook_in(asked.rulebook).registers, out)
    except OSError as error:
        raise Stop(f"{out} could not be written ({error.strerror}): give another place.") from None
    say(f"Written: {out}")
    return NOTHING_OUTSTANDING
