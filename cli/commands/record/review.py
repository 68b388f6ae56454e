"""dueregard review: records an auditor's view of a duty, beside its outcome."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING
from cli.inputs import read_assessment
from cli.ledger_entry import add_by_to, in_words, ledger_for, stamp
from cli.say import say
from evidence.filenames import as_text
from record.ledger.entries import digest
from record.ledger.review import View, review
from record.ledger.run_file import RUN


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "record whether you agree with the outcome of a duty, which does not change"
    command = add_command(commands, "review", about, run)
    add = command.add_argument
    add("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    add("duty", metavar="DUTY", help="the duty's id")
    add("--subject", metavar="S", default="", help="only for this subject")
    verdict = command.add_mutually_exclusive_group(required=True)
    for name in ("agree", "disagree"):
        verdict.add_argument(f"--{name}", dest="verdict", action="store_const", const=name)
    add("--note", metavar="TEXT", default="", help="why, in your own words")
    ledger = f"the ledger (default: the one that {RUN} beside it names)"
    add("--ledger", metavar="FILE", type=Path, help=ledger)
    add_by_to(command)


def run(options: argparse.Namespace) -> int:
    """Enters the view and prints its number."""
    assessment, data = read_assessment(options.assessment)
    ledger = options.ledger or ledger_for(options.assessment.parent)
    view = View(options.duty, options.subject, options.verdict, as_text(options.note))
    with in_words():
        entered = review(ledger, assessment, digest(data), view, stamp(options.by))
    logged = f"View logged as number {entered.number} in {ledger} (fingerprint {entered.head})."
    say(f"{logged} The outcome itself is unchanged.")
    return NOTHING_OUTSTANDING
