"""dueregard explain: why a duty has its status, from what an assessment keeps of it."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import read_assessment
from cli.say import say
from reports.explain.explanation import NotFound, explain
from reports.explain.json import explain_json
from reports.explain.text import PLAIN, Marks, explain_text, not_found_text

#: So many obligations are explained on a terminal where no subject is named.
_MOST = 10


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "say why a duty has its status: the rule, the rows and cells, and what would meet it"
    made = commands.add_parser("explain", help=about, description=f"{about.capitalize()}.")
    add = made.add_argument
    add("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    add("duty", metavar="DUTY", help="the duty's id")
    add("--subject", metavar="S", default="", help="only for this subject")
    add("--json", action="store_true", help="print JSON, for another program")
    trace = "also show the engine's rule and the numbers that it used"
    add("--trace", action="store_true", help=trace)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Prints the explanation; stops, with the nearest names, where there is no such duty or
    subject."""
    assessment, _ = read_assessment(asked.assessment)
    most = None if asked.json else _MOST
    found = explain(assessment, asked.duty, asked.subject, most, traced=asked.trace)
    if isinstance(found, NotFound):
        raise Stop(not_found_text(found))
    marks = Marks()  # lines for the tree, or what stands for them where the terminal has none
    try:
        f"{marks.branch}{marks.last}{marks.through}".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        marks = PLAIN
    width = shutil.get_terminal_size((100, 24)).columns
    say(explain_json(found) if asked.json else explain_text(found, width, marks).rstrip("\n"))
    return NOTHING_OUTSTANDING
