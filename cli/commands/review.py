"""dueregard review: an auditor's view of a duty, entered beside the outcome and never over it."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING
from cli.inputs import read_assessment
from cli.ledger_entry import add_by_to, in_words, ledger_for, stamp
from cli.say import say
from evidence.filenames import as_text
from record.ledger.entries import digest
from record.ledger.entry import RUN
from record.ledger.review import View, review


def add_to(commands: Commands) -> None:
    """Adds the command."""
    made = commands.add_parser(
        "review", help="record whether you agree with the outcome of a duty, which does not change"
    )
    add = made.add_argument
    add("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    add("duty", metavar="DUTY", help="the duty's id")
    add("--subject", metavar="S", default="", help="only for this subject")
    verdict = made.add_mutually_exclusive_group(required=True)
    for name in ("agree", "disagree"):
        verdict.add_argument(f"--{name}", dest="verdict", action="store_const", const=name)
    add("--note", metavar="TEXT", default="", help="why, in your own words")
    add(
        "--ledger",
        metavar="FILE",
        type=Path,
        help=f"the ledger (default: the one that {RUN} beside it names)",
    )
    add_by_to(made)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Enters the view and says where it stands."""
    assessment, data = read_assessment(asked.assessment)
    ledger = asked.ledger or ledger_for(asked.assessment.parent)
    view = View(asked.duty, asked.subject, asked.verdict, as_text(asked.note))
    with in_words():
        entered = review(ledger, assessment, digest(data), view, stamp(asked.by))
    logged = f"View logged as number {entered.number} in {ledger} (fingerprint {entered.head})."
    say(f"{logged} The outcome itself is unchanged.")
    return NOTHING_OUTSTANDING
