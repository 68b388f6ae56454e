"""dueregard month: the check of a month, and all that a lead sends and files because of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.check_inputs import WITHOUT_NAMES, office_inputs
from cli.check_steps import today, write_timings
from cli.commands import calendar
from cli.commands.month.contents import MAILS, PACK, titled
from cli.commands.month.make import MadeMonth, make_month
from cli.evidence_input import say_passed_over
from cli.exits import Stop
from cli.inputs import path_words
from cli.ledger_entry import add_by_to, day_of, entry_words
from cli.office_folder import locked_for, office_in
from cli.progress import Progress
from cli.say import say, width
from reports.owners.mail import NOTHING_TO_DO
from reports.text import summary
from reports.view import exit_code
from reports.writing import FILES
from rules.papers import PAPER, STATEMENT


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "check, and write the report, mails, calendar, papers and pack of a month at once"
    command = add_command(commands, "month", about, run)
    add = command.add_argument
    folder = "the office's folder, with its office.yaml (default: this one)"
    add("folder", metavar="FOLDER", type=Path, nargs="?", default=Path(), help=folder)
    add("--as-of", metavar="DAY", help="the day for which the duties are assessed (default: today)")
    nameless = f"also write the reports without names, in the folder {WITHOUT_NAMES}"
    add("--without-names", action="store_true", help=nameless)
    add("--pdf", action="store_true", help="write each paper as PDF too, by LibreOffice")
    add("--no-pack", action="store_true", help="make no pack for an auditor")
    add("--steps", action="store_true", help="print each step on standard error as it begins")
    add("--timings", metavar="FILE", type=Path, help="write how long each step took")
    add_by_to(command)


def run(options: argparse.Namespace) -> int:
    """Makes the month, prints the summary and what was written, in the order in which to read it.
    Returns the exit code of the office's duties."""
    as_of = today() if options.as_of is None else day_of(options.as_of, "--as-of")
    progress = Progress(listed=options.steps, month=True)
    office = office_in(options.folder)
    if office is None:
        raise Stop(
            f"There is no office.yaml in the folder {path_words(options.folder.absolute())}. To "
            "set up a folder for the office, run: dueregard start"
        )
    inputs = office_inputs(office, as_of)
    with locked_for(office, options.by):
        try:
            month = make_month(office, inputs, as_of, options, progress)
        finally:
            progress.end()
    say(summary(month.assessment, width(), commands=True))
    say_passed_over(inputs.evidence, inputs.sop)
    say("\n".join(_lines(month, inputs.out)))
    write_timings(options.timings, progress)
    return exit_code(month.assessment)


def _lines(month: MadeMonth, out: Path) -> Iterator[str]:
    """What was written, in the order in which to read it, and what to do next."""
    yield from month.lines
    yield entry_words(month.entered)
    yield from ("", "Written, in the order in which to read it:")
    for title, names in titled(month.files):
        yield f"  {title}"
        yield from (f"    {out / name}" for name in names)
    has_mails = any(fnmatchcase(name, MAILS) for name in month.files)
    if not has_mails:
        yield f"No mail to an owner was written: {NOTHING_TO_DO}."
    if month.kept:
        yield f"Not written now, and still there from before: {', '.join(month.kept)}"
    if PACK in month.files:
        yield f"Record the SHA-256 of the pack where it does not go: {month.files[PACK]}"
    yield from ("", "What to do next:")
    steps = (
        f"Read what changed and why: open {out / FILES['html']}",
        "Read the drafts of mails, and send them" if has_mails else "",
        f"Import {calendar.NAME} into the calendar",
        f"Read {PAPER}, and send it" if PAPER in month.files else "",
        f"Fill in {STATEMENT} when it is due" if STATEMENT in month.files else "",
        'Sign off the report: dueregard sign --by "YOUR POST" --as lead',
    )
    yield from (f"  {number}. {step}" for number, step in enumerate(filter(None, steps), 1))
