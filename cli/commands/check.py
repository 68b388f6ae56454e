"""dueregard check: checks evidence and writes the reports."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.check_inputs import OUT, WITHOUT_NAMES, CheckInputs, check_inputs
from cli.check_steps import prepared, today, write_timings
from cli.evidence_input import say_passed_over
from cli.exits import Stop
from cli.ledger_entry import (
    add_by_to,
    approvals_not_entered,
    day_of,
    make_and_enter,
    report_entry,
)
from cli.office_folder import locked_for
from cli.outputs import files_in_book, must_be_no_file, must_replace_no_input
from cli.progress import Progress
from cli.say import say, width
from engine.assessment import Assessment
from record.ledger.checks import Entered
from record.ledger.database import LEDGER_NAME
from record.ledger.run_file import RUN
from record.office.office_file import NAME as OFFICE_FILE
from reports.text import summary
from reports.view import exit_code
from reports.writing import ALL, FILES, FORMATS, CannotWrite, write_reports
from rules.load import OWN_BOOK


def add_to(commands: Commands) -> None:
    """Adds the command."""
    command = add_command(commands, "check", "check evidence and write the reports", run)
    add = command.add_argument
    evidence = "workbooks, CSV files, folders and patterns (default: those in office.yaml)"
    add("evidence", metavar="EVIDENCE", type=Path, nargs="*", default=[], help=evidence)
    add("--as-of", metavar="DAY", help="the day for which the duties are assessed (default: today)")
    add("--known-by", metavar="DAY", help="count only rows recorded by that day (default: all)")
    begin = "the day from which you keep these sheets (default: the SOP's first day)"
    add("--records-begin", metavar="DAY", help=begin)
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    sop = "the SOP (.txt, .md or .docx), so that the reports quote it; again for each version of it"
    add("--sop", metavar="FILE", type=Path, action="append", default=[], help=sop)
    since = (
        "an earlier assessment.json, to report what changed since then "
        "(default: beside office.yaml, the last check)"
    )
    add("--since", metavar="OLD.json", type=Path, help=since)
    place = f"the folder for the reports (default: {OUT}; beside office.yaml, reports/DAY)"
    add("--out", metavar="FOLDER", type=Path, help=place)
    add("--formats", help=f"only these formats, of {', '.join(ALL)} (default: all)")
    nameless = (
        "name no people in the reports, and write no assessment.json "
        f"(default folder: {WITHOUT_NAMES} in that of the reports)"
    )
    add("--without-names", action="store_true", help=nameless)
    pretty = "write assessment.json with one value on each line"
    add("--pretty", action="store_true", help=pretty)
    add("--timings", metavar="FILE", type=Path, help="write how long each step took")
    add("--steps", action="store_true", help="print each step on standard error as it begins")
    ledger = (
        f"the ledger that records the check, or none (default: {LEDGER_NAME} beside the reports' "
        "folder, or beside office.yaml)"
    )
    add("--ledger", metavar="FILE", help=ledger)
    add_by_to(command)


def run(options: argparse.Namespace) -> int:
    """Checks, writes the reports and prints the summary. Returns the exit code of the office's
    duties."""
    as_of = today() if options.as_of is None else day_of(options.as_of, "--as-of")
    progress = Progress(listed=options.steps)
    inputs = check_inputs(options, as_of)
    with locked_for(inputs.office, options.by):
        try:
            assessment, entered, written, lines = _check(options, inputs, as_of, progress)
        finally:
            progress.end()
        say(summary(assessment, width(), commands=True))
        say_passed_over(inputs.evidence, inputs.sop)
        say("\n".join([*lines, *(f"Saved: {path}" for path in written)]))
        report_entry(entered, inputs.out)
    first = next(file for file in FILES.values() if inputs.out / file in written)
    say(f"Open this file first: {inputs.out / first}")
    write_timings(options.timings, progress)
    return exit_code(assessment)


def _check(
    options: argparse.Namespace, inputs: CheckInputs, as_of: datetime.date, progress: Progress
) -> tuple[Assessment, Entered | None, list[Path], list[str]]:
    known = day_of(options.known_by, "--known-by") if options.known_by else None
    formats = _formats(options)
    must_be_no_file(inputs.out)
    _must_replace_no_input(options, inputs, formats)
    check = prepared(
        inputs, as_of, progress, formats, known, since=options.since, pretty=options.pretty
    )
    rulebook = check.rulebook
    assessment, data, entered = make_and_enter(
        inputs.ledger, options.by, rulebook.files, check.make
    )
    if options.without_names:
        assessment = check.nameless(assessment)
    try:
        written = write_reports(
            assessment, inputs.out, formats=formats, evidence=check.folder, made={"json": data}
        )
    except CannotWrite as error:
        entry = f"the ledger {entered.ledger} as entry {entered.number}" if entered else ""
        raise Stop(f"{error} The check is recorded in {entry}." if entry else str(error)) from None
    progress("write")
    lines = [*check.lines, *approvals_not_entered(inputs.ledger, rulebook)]
    return assessment, entered, written, lines


def _formats(options: argparse.Namespace) -> tuple[str, ...]:
    if options.formats is None:
        return tuple(
            name for name in ALL if not (options.without_names and FORMATS[name].always_names)
        )
    text: str = options.formats
    formats = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in formats if name not in ALL]
    if unknown or not formats:
        word = unknown[0] if unknown else text
        raise Stop(f"'{word}' is not a format. Choose from {', '.join(ALL[:-1])} and {ALL[-1]}.")
    named = next((name for name in formats if FORMATS[name].always_names), None)
    if options.without_names and named:
        raise Stop(
            f"{FILES[named]} contains names. Leave {named} out, or leave out --without-names."
        )
    return formats


def _must_replace_no_input(
    options: argparse.Namespace, inputs: CheckInputs, formats: Sequence[str]
) -> None:
    """Raises Stop if a file to write is one that the check reads, or its ledger. The old assessment
    is read before anything is written, so the new one may replace it."""
    folder, ledger, timings = inputs.out, inputs.ledger, options.timings
    reports = [("the report", folder / FILES[name]) for name in formats]
    reports += [("the record of the check", folder / RUN)] if ledger else []
    outputs = [*reports, *([("--ledger", ledger)] if ledger else [])]
    read: dict[str, list[Path]] = {
        "evidence": list(inputs.evidence.files),
        "the SOP": list(inputs.sop),
        "a file of the rulebook": files_in_book(inputs.rulebook or OWN_BOOK),
        "the ledger": [ledger] if ledger else [],
        "the office's own file": [inputs.office.folder / OFFICE_FILE] if inputs.office else [],
    }
    must_replace_no_input(reports, read)
    if timings:
        old = {"the old assessment": [options.since] if options.since else []}
        must_replace_no_input([("--timings", timings)], read | old)
        outputs.append(("--timings", timings))
    must_replace_no_input(outputs, {})
