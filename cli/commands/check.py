"""dueregard check: checks evidence and writes the reports."""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cli.arguments import Commands
from cli.check_inputs import OUT, WITHOUT_NAMES, CheckInputs, check_inputs, earlier_assessment
from cli.evidence_input import say_passed_over
from cli.exits import Stop
from cli.inputs import path_words, rulebook_in
from cli.ledger_entry import (
    add_by_to,
    approvals_not_entered,
    day_of,
    make_and_enter,
    points_before,
    report_entry,
)
from cli.office_check import must_be_in_force, program_and_judge, read_office, sop_of
from cli.office_folder import locked_for
from cli.outputs import files_in, must_replace_no_input
from cli.progress import Progress
from cli.say import complain, say, width
from engine.assessment import Assessment
from engine.check import BEFORE_WAITING, CheckRequest, assess
from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.output_file import write_file
from record.ledger.checks import Entered
from record.ledger.database import LEDGER_NAME
from record.ledger.run_file import RUN
from record.office.office_file import NAME as OFFICE_FILE
from reports.compare.changes import compared
from reports.json import to_json
from reports.text import summary
from reports.trend import with_trend
from reports.view import exit_code
from reports.without_names import without_names
from reports.writing import ALL, FILES, CannotWrite, load, write_reports
from rules.load import OWN_BOOK
from rules.model import Rulebook

#: The formats in the order in which a person would open them.
_OPENED_FIRST = ("html", "xlsx", "text", "json")


def add_to(commands: Commands) -> None:
    """Adds the command."""
    command = commands.add_parser("check", help="check evidence and write the reports")
    add = command.add_argument
    evidence = "workbooks, CSV files, folders and patterns (default: those in office.yaml)"
    add("evidence", metavar="EVIDENCE", type=Path, nargs="*", help=evidence)
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
    command.set_defaults(run=run)


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
    first = next(FILES[name] for name in _OPENED_FIRST if inputs.out / FILES[name] in written)
    say(f"Open this file first: {inputs.out / first}")
    write_timings(options.timings, progress)
    return exit_code(assessment)


def write_timings(path: Path | None, progress: Progress) -> None:
    """Writes how long each step took, if a file was named for that."""
    if path is None:
        return
    try:
        write_file(path, json.dumps(progress.seconds, indent=1).encode() + b"\n")
    except OSError as error:  # the reports were written all the same
        complain(f"{path_words(path, '--timings')} could not be written ({error.strerror}).")


def today() -> datetime.date:
    """The day on which the command runs: the one place that reads the clock for a check."""
    return datetime.datetime.now().astimezone().date()


def _check(
    options: argparse.Namespace, inputs: CheckInputs, as_of: datetime.date, progress: Progress
) -> tuple[Assessment, Entered | None, list[Path], list[str]]:
    known = day_of(options.known_by, "--known-by") if options.known_by else None
    formats = _formats(options)
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


@dataclass(frozen=True, slots=True)
class PreparedCheck:
    """A check whose input has been read. ``make`` makes the assessment, and the bytes of its JSON,
    with the key for the fingerprints of rows. ``old``: the assessment to compare with, which
    ``lines`` name; ``folder``: the one to which the names of files are relative, if any."""

    rulebook: Rulebook
    make: Callable[[bytes | None], tuple[Assessment, bytes]]
    old: Assessment | None
    lines: Sequence[str]
    folder: Path | None

    def nameless(self, assessment: Assessment) -> Assessment:
        """The assessment without the names of people, also of those who were in the old one."""
        return without_names(assessment, (assessment, self.old) if self.old else (assessment,))


def prepared(
    inputs: CheckInputs,
    as_of: datetime.date,
    progress: Progress,
    formats: Sequence[str],
    known: datetime.date | None = None,
    *,
    since: Path | None = None,
    months: Collection[str] | None = None,
    pretty: bool = False,
) -> PreparedCheck:
    """Reads the input of a check, or of a month, whose predecessors have the hashes ``months``.
    Raises Stop with what is wrong with it."""
    paths, root = inputs.evidence.files, inputs.root
    with opened(by_name(paths, root)) as books:  # opened while the rules are loaded
        rulebook = rulebook_in(inputs.rulebook)
        must_be_in_force(rulebook, as_of)
        old, last = earlier_assessment(since, inputs, as_of, months)
        sop = sop_of(inputs.sop, rulebook, as_of, inputs.rulebook)
        progress("rules")
        office = inputs.office
        name = (office.file.office or "") if office else ""
        earlier = () if known else points_before(inputs.ledger, rulebook.book.id, name, as_of)
        mapping = office.mapping(rulebook.registers) if office else ()
        evidence = read_office(books, paths, root, rulebook, mapping, known)
    progress("read")

    def make(key: bytes | None) -> tuple[Assessment, bytes]:
        # Input is validated before any child process is waited for.
        program, judge = program_and_judge()
        request = CheckRequest(
            rulebook,
            evidence,
            as_of,
            program,
            judge,
            known_by=known,
            sop=sop,
            key=key,
            records_begin=inputs.records_begin,
            office=name,
        )
        assessment = _assess(request, progress, formats)
        if old is not None:
            assessment = compared(old, assessment)
        assessment = with_trend(assessment, earlier)
        return assessment, to_json(assessment, pretty=pretty)

    return PreparedCheck(rulebook, make, old, [last] if last else [], _folder_of(paths, root))


def _assess(request: CheckRequest, progress: Progress, formats: Sequence[str]) -> Assessment:
    """Makes the assessment. The report writers are loaded while the rules engine runs."""
    with ThreadPoolExecutor(1) as aside:

        def tick(step: str) -> None:
            progress(step)
            if step == BEFORE_WAITING:
                aside.submit(load, formats)

        return assess(request, tick)


def _formats(options: argparse.Namespace) -> tuple[str, ...]:
    if options.formats is None:
        return tuple(name for name in ALL if name != "json" or not options.without_names)
    text: str = options.formats
    formats = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in formats if name not in ALL]
    if unknown or not formats:
        word = unknown[0] if unknown else text
        raise Stop(f"'{word}' is not a format. Choose from {', '.join(ALL[:-1])} and {ALL[-1]}.")
    if options.without_names and "json" in formats:
        raise Stop("assessment.json contains names. Leave json out, or leave out --without-names.")
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
        "a file of the rulebook": files_in(inputs.rulebook or OWN_BOOK),
        "the ledger": [ledger] if ledger else [],
        "the office's own file": [inputs.office.folder / OFFICE_FILE] if inputs.office else [],
    }
    must_replace_no_input(reports, read)
    if timings:
        old = {"the old assessment": [options.since] if options.since else []}
        must_replace_no_input([("--timings", timings)], read | old)
        outputs.append(("--timings", timings))
    must_replace_no_input(outputs, {})


def _folder_of(evidence: Sequence[Path], root: Path | None) -> Path | None:
    """The folder to which the names of the evidence are relative: ``root``, or the one that
    contains it all; None if there is none (two drives)."""
    if root is not None:
        return root.resolve()
    try:
        return Path(os.path.commonpath([path.resolve().parent for path in evidence]))
    except ValueError:
        return None
