"""dueregard owners: writes drafts of mails, one for each owner who has something to do."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING
from cli.inputs import read_assessment
from cli.office_folder import report_in
from cli.outputs import write_into
from cli.say import say
from reports.owners.mail import NOTHING_TO_DO, owner_mails

#: The folder for the drafts, beside the assessment.
FOLDER = "owners"


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write a draft of a mail for each owner who has something to do"
    add = add_command(commands, "owners", about, run).add_argument
    given = "an assessment.json, or a folder with one or with reports (default: this folder)"
    add("assessment", metavar="ASSESSMENT", type=Path, nargs="?", default=Path(), help=given)
    out = f"where to write the drafts (default: {FOLDER} beside assessment.json)"
    add("--out", metavar="FOLDER", type=Path, help=out)


def run(options: argparse.Namespace) -> int:
    """Writes the drafts, all or none, and names those of an earlier run that remain."""
    path = report_in(options.assessment)
    assessment, _ = read_assessment(path)
    folder: Path = options.out or path.parent / FOLDER
    mails = owner_mails(assessment)
    if not mails:
        say(f"No draft was written: {NOTHING_TO_DO}.")
        return NOTHING_OUTSTANDING
    say("\n".join(f"Saved: {mail}" for mail in write_into(folder, mails)))
    if older := sorted(mail.name for mail in folder.glob("*.eml") if mail.name not in mails):
        say(f"Not written now, and still there from before: {', '.join(older)}")
    return NOTHING_OUTSTANDING
