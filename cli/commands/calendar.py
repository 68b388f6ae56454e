"""dueregard calendar: the last days within a year as a file for a calendar."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, read_assessment, read_input
from cli.office_folder import report_in
from cli.outputs import must_replace_no_input, write_over
from cli.say import say
from engine.assessment import Assessment
from reports import words
from reports.writing import FILES

NAME = "calendar.ics"


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "write the dates of the next 12 months as a file for Outlook and other calendars"
    add = add_command(commands, "calendar", about, run).add_argument
    source = "an assessment.json, or the office's folder: then of its last check (default: here)"
    add("source", metavar="ASSESSMENT", type=Path, nargs="?", default=Path(), help=source)
    out = f"the file to write (default: {NAME} beside the assessment)"
    add("--out", metavar="FILE", type=Path, help=out)
    before = (
        "the calendar of an earlier check, which this one updates (default: the file that is "
        "there already, or that of the check before)"
    )
    add("--before", metavar="FILE", type=Path, help=before)


def run(options: argparse.Namespace) -> int:
    """Writes the calendar."""
    source = report_in(options.source)
    assessment, _ = read_assessment(source, command="dueregard calendar {}")
    out: Path = options.out or source.with_name(NAME)
    must_replace_no_input([("--out", out)], {"the assessment": [source]})
    before: Path | None = options.before or calendar_before(out, source)
    instead = "Give another --out, or the calendar of an earlier check with --before."
    calendar = updated_calendar(assessment, before, instead)
    write_over({out: calendar})
    events = words.count(calendar.count(b"BEGIN:VEVENT"), "date")
    updates = f" It updates {path_words(before)}." if before and before != out else ""
    say(f"Wrote {path_words(out)}: {events}.{updates}")
    return NOTHING_OUTSTANDING


def updated_calendar(assessment: Assessment, before: Path | None, instead: str) -> bytes:
    """The calendar of an assessment, which updates that of an earlier check. Raises Stop, with what
    to do ``instead``, if the earlier one is no calendar of this program."""
    # loaded only if a calendar is written
    from reports.ahead.calendar import LIMIT_BYTES, NotACalendar, to_ics  # noqa: PLC0415

    if before is None:
        return to_ics(assessment)
    try:
        return to_ics(assessment, read_input(before, LIMIT_BYTES, "--before"))
    except NotACalendar:
        message = f"{path_words(before)} is not a calendar of dueregard. {instead}"
        raise Stop(message) from None


def calendar_before(out: Path, source: Path) -> Path | None:
    """The calendar that there is already, or that of the check before in a folder of checks."""
    if out.is_file():
        return out
    # a folder that is named '.' has no name of a day
    folder = source.parent if source.parent.name else source.parent.absolute()
    if out.parent.absolute() != folder.absolute():
        return None
    earlier = sorted(
        path
        for path in folder.parent.glob(f"*/{NAME}")
        if path.parent.name < folder.name and path.with_name(FILES["json"]).is_file()
    )
    return earlier[-1] if earlier else None
