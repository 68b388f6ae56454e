"""dueregard sign: records that the lead looked through a report, or the Chief Executive saw it."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import read_assessment
from cli.ledger_entry import (
    A_POST,
    LONGEST_POST,
    LONGEST_REASON,
    day_of,
    in_words,
    ledger_for,
    stamp,
    text_of,
)
from cli.office_folder import report_in
from cli.say import say
from record.ledger.chain import entries
from record.ledger.entries import Role, digest
from record.ledger.run_file import RUN
from record.ledger.sign_off import STATED, Statement, replaced_by, sign_off
from reports.view import as_of_words


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "record that the lead looked through a report, or the Chief Executive saw it"
    more = "It is kept in the ledger, and changes no status."
    add = add_command(commands, "sign", about, run, more).add_argument
    report = "the office's folder, for its latest report, or an assessment.json (this folder)"
    add("report", metavar="FOLDER|ASSESSMENT", type=Path, nargs="?", default=Path(), help=report)
    post = "the post that signs it off, such as Chief Executive"
    add("--by", metavar="POST", required=True, help=post)
    role = "lead: looked through; chief-executive: seen"
    add("--as", metavar="ROLE", dest="role", required=True, help=role)
    add("--on", metavar="DAY", help="the day of the sign-off (default: today)")
    add("--says", metavar="TEXT", help="what there is to say about the report")
    ledger = f"the ledger (default: the one that {RUN} beside the report names)"
    add("--ledger", metavar="FILE", type=Path, help=ledger)


def run(options: argparse.Namespace) -> int:
    """Enters the sign-off and prints its number."""
    now = stamp(None)
    statement = Statement(
        _role(options.role),
        text_of(options.by, "--by", A_POST, LONGEST_POST),
        now.at.date() if options.on is None else day_of(options.on, "--on"),
        text_of(options.says, "--says", "Enter what there is to say", LONGEST_REASON),
    )
    path = report_in(options.report)
    assessment, data = read_assessment(path)
    ledger = options.ledger or ledger_for(path.parent)
    with in_words():
        entered = sign_off(ledger, digest(data), statement, now)
        later = replaced_by(entries(ledger), digest(data))
    say(
        f"Sign-off of the report of {as_of_words(assessment)} logged as number {entered.number} in "
        f"{ledger} (fingerprint {entered.head}). No status was changed."
    )
    if later:
        say(f"That report was replaced by check {later}. Sign off the new report too.")
    return NOTHING_OUTSTANDING


def _role(text: str) -> Role:
    """The role that the option names. Raises Stop if it is none."""
    for role in STATED:
        if text.strip().casefold() == role:
            return role
    raise Stop(f"--as: '{text}' is not a role. Enter lead or chief-executive.")
