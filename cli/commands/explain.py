"""dueregard explain: says why a duty has its status, from an assessment."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import read_assessment
from cli.say import say, width
from reports.explain.explanation import NotFound, explain
from reports.explain.json import explain_json
from reports.explain.text import PLAIN, Marks, explain_text, not_found_text

#: The number of obligations that are explained on a terminal if no subject is named.
_MOST = 10


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "say why a duty has its status: the rule, the rows and cells, and what would meet it"
    add = add_command(commands, "explain", about, run).add_argument
    add("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    add("duty", metavar="DUTY", help="the duty's id, or its title")
    add("--subject", metavar="S", default="", help="only for this subject")
    add("--json", action="store_true", help="print JSON, for another program")
    trace = "also show the engine's rule and the numbers that it used"
    add("--trace", action="store_true", help=trace)


def run(options: argparse.Namespace) -> int:
    """Prints the explanation. Raises Stop with the nearest names if there is no such duty or
    subject."""
    command = "dueregard explain {} refresher-training"
    assessment, _ = read_assessment(options.assessment, command=command)
    most = None if options.json else _MOST
    result = explain(assessment, options.duty, options.subject, most, traced=options.trace)
    if isinstance(result, NotFound):
        hint = ""
        if result.kind == "duty" and not result.nearest and assessment.duties:
            example = assessment.duties[0].id
            hint = f" A report shows the id of each duty in square brackets, such as [{example}]."
        raise Stop(f"{not_found_text(result)}{hint}")
    marks = Marks()  # the lines of the tree, or plain characters if the terminal has none
    try:
        f"{marks.branch}{marks.last}{marks.through}".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        marks = PLAIN
    text = explain_json(result) if options.json else explain_text(result, width(), marks)
    say(text.rstrip("\n"))
    return NOTHING_OUTSTANDING
