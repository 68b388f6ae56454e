"""dueregard template: writes an empty workbook of the registers."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import rulebook_in
from cli.outputs import must_be_free, write_new
from cli.say import say
from engine.outcomes.owners import REGISTER as OWNERS
from evidence.template import Notes, template_bytes
from rules.model import Rulebook
from rules.sop.coverage import columns_read

_OWNERS_ADVICE = (
    "The sheet {sheet} already lists every duty. Enter who is responsible for each. A duty without"
    " an owner is checked as well."
)
_CHECK_ADVICE = (
    "To check the evidence, run dueregard check, followed by the name of this workbook. To read the"
    " rules, run dueregard rules docs, followed by a name such as rules.html."
)


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write an empty workbook, with a sheet for each register"
    command = commands.add_parser("template", help=about)
    command.add_argument("out", metavar="OUT.xlsx", type=Path, help="where to write it")
    command.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the template, never over an existing file."""
    out: Path = options.out
    if out.suffix.lower() != ".xlsx":
        raise Stop(f"{out} would not open in Excel: give a name that ends in .xlsx.")
    must_be_free(out)
    write_new(out, template_for(rulebook_in(options.rulebook)))
    say(f"Written: {out}")
    return NOTHING_OUTSTANDING


def template_for(rulebook: Rulebook) -> bytes:
    """The template of a rulebook: its registers, with the duties that read each column, and every
    duty in the sheet of owners, if there is one."""
    rows: dict[str, list[Mapping[str, str]]] = {}
    advice = [_CHECK_ADVICE]
    if OWNERS in rulebook.registers:
        rows[OWNERS] = [{"duty": duty.id, "title": duty.title} for duty in rulebook.duties.values()]
        sheet = rulebook.registers[OWNERS].sheets[0]
        advice.insert(0, _OWNERS_ADVICE.format(sheet=sheet))
    return template_bytes(rulebook.registers, reader_notes(rulebook), rows, advice)


def reader_notes(rulebook: Rulebook) -> Notes:
    """For each column the duties that read it, in the order of the rulebook."""
    return {
        column: f"Used by {len(duties)} duties: {', '.join(duties)}"
        if len(duties) > 1
        else f"Used by the duty {duties[0]}"
        for column, duties in columns_read(rulebook).items()
    }
