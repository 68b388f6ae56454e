"""dueregard check: checks evidence and writes the reports."""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from cli.arguments import Commands
from cli.exits import Stop
from cli.inputs import must_be_read, path_words, read_assessment, rulebook_in
from cli.ledger_entry import (
    NAME,
    add_by_to,
    chosen_ledger,
    day_of,
    make_and_enter,
    report_entry,
)
from cli.outputs import files_in, must_replace_no_input
from cli.progress import Progress
from cli.say import complain, say, width
from engine.assessment import Assessment, EvidenceStamp, Program
from engine.check import BEFORE_WAITING, CheckRequest, assess
from engine.decision.durable import available, decide
from engine.decision.judge import Decide
from engine.proof.phrases import day_words
from evidence.filenames import by_name, repeated_names
from evidence.files.apart import opened
from evidence.output_file import write_file
from evidence.read import read_books
from record.ledger.entry import RUN, Entered
from reports.json import to_json
from reports.text import summary
from reports.view import exit_code
from reports.writing import ALL, FILES, CannotWrite, load, write_reports
from rules.load import OWN_BOOK
from rules.model import Rulebook
from rules.resolve import resolve
from rules.sop.resolve import Cited, Quote

#: The formats in the order in which a person would open them.
_OPENED_FIRST = ("html", "xlsx", "text", "json")


def add_to(commands: Commands) -> None:
    """Adds the command."""
    command = commands.add_parser("check", help="check evidence and write the reports")
    add = command.add_argument
    add("evidence", metavar="EVIDENCE", type=Path, nargs="+", help="workbooks and CSV files")
    add("--as-of", metavar="DAY", help="the day for which the duties are assessed (default: today)")
    add("--known-by", metavar="DAY", help="count only rows recorded by that day (default: all)")
    begin = "the day from which you keep these sheets (default: the SOP's first day)"
    add("--records-begin", metavar="DAY", help=begin)
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    sop = "the SOP (.txt, .md or .docx), so that the reports quote it"
    add("--sop", metavar="FILE", type=Path, help=sop)
    since = "an earlier assessment.json, to report what changed since then"
    add("--since", metavar="OLD.json", type=Path, help=since)
    out = Path("dueregard-report")
    place = f"the folder for the reports (default: {out})"
    add("--out", metavar="FOLDER", type=Path, default=out, help=place)
    add("--formats", default=",".join(ALL), help=f"only these formats, of {', '.join(ALL)}")
    pretty = "write assessment.json with one value on each line"
    add("--pretty", action="store_true", help=pretty)
    add("--timings", metavar="FILE", type=Path, help="write how long each step took")
    ledger = (
        f"the ledger that records the check, or none (default: {NAME} beside the reports' folder)"
    )
    add("--ledger", metavar="FILE", help=ledger)
    add_by_to(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Checks, writes the reports and prints the summary. Returns the exit code of the office's
    duties."""
    progress = Progress()
    try:
        assessment, entered, written = _check(options, progress)
    finally:
        progress.end()
    say(summary(assessment, width()))
    say("\n".join(f"Saved: {path}" for path in written))
    report_entry(entered, options.out)
    first = next(FILES[name] for name in _OPENED_FIRST if options.out / FILES[name] in written)
    say(f"Open this file first: {options.out / first}")
    if options.timings:
        seconds = json.dumps(progress.seconds, indent=1).encode() + b"\n"
        try:
            write_file(options.timings, seconds)
        except OSError as error:  # the reports were written all the same
            place, reason = path_words(options.timings, "--timings"), error.strerror or error
            complain(f"{place} could not be written ({reason}).")
    return exit_code(assessment)


def _check(
    options: argparse.Namespace, progress: Progress
) -> tuple[Assessment, Entered | None, list[Path]]:
    # the one place that reads the clock for a check
    today = datetime.datetime.now().astimezone().date()
    as_of = today if options.as_of is None else day_of(options.as_of, "--as-of")
    known = day_of(options.known_by, "--known-by") if options.known_by else None
    begin = _records_begin(options.records_begin, as_of)
    ledger = chosen_ledger(options.ledger, options.out)
    formats = _formats(options.formats)
    with opened(by_name(options.evidence)) as books:  # opened while the rules are loaded
        rulebook = rulebook_in(options.rulebook)
        _must_be_in_force(rulebook, as_of)
        old = read_assessment(options.since, "--since")[0] if options.since else None
        sop, paragraphs = _sop(options.sop, rulebook)
        progress("rules")
        _must_replace_no_input(options, formats, ledger)
        repeated = repeated_names(options.evidence)
        evidence = read_books(books, rulebook.registers, known, repeated)
    must_be_read(evidence)
    progress("read")

    def make(key: bytes | None) -> tuple[Assessment, bytes]:
        # Input is validated before any child process is waited for.
        program, judge = _program()
        request = CheckRequest(
            rulebook, evidence, as_of, program, judge, known, sop, paragraphs, key, begin
        )
        assessment = _assess(request, progress, formats)
        return assessment, to_json(assessment, pretty=options.pretty)

    assessment, data, entered = make_and_enter(ledger, options.by, make)
    folder, ready = _common_folder(options.evidence), {"json": data}
    try:
        written = write_reports(
            assessment, options.out, old, formats=formats, evidence=folder, made=ready
        )
    except CannotWrite as error:
        entry = f"the ledger {entered.ledger} as entry {entered.number}" if entered else ""
        raise Stop(f"{error} The check is recorded in {entry}." if entry else str(error)) from None
    progress("write")
    return assessment, entered, written


def _assess(request: CheckRequest, progress: Progress, formats: Sequence[str]) -> Assessment:
    """Makes the assessment. The report writers are loaded while the rules engine runs."""
    with ThreadPoolExecutor(1) as aside:

        def tick(step: str) -> None:
            progress(step)
            if step == BEFORE_WAITING:
                aside.submit(load, formats)

        return assess(request, tick)


def _records_begin(text: str | None, as_of: datetime.date) -> datetime.date | None:
    """The day on which the office's records begin; None if it gives none."""
    if text is None:
        return None
    begin = day_of(text, "--records-begin")
    if begin > as_of:
        raise Stop(
            f"Stopped: records begin on {day_words(begin)}, which is after the day "
            f"of the check, {day_words(as_of)}. Give another day with --records-begin or --as-of."
        )
    return begin


def _formats(text: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in formats if name not in ALL]
    if unknown or not formats:
        word = unknown[0] if unknown else text
        raise Stop(f"'{word}' is not a format. Choose from {', '.join(ALL[:-1])} and {ALL[-1]}.")
    return formats


def _must_be_in_force(rulebook: Rulebook, as_of: datetime.date) -> None:
    duties = [resolve(rulebook, duty) for duty in rulebook.duties]
    if not any(duty.holds(as_of) for duty in duties):
        first = min(duty.in_force for duty in duties)
        raise Stop(
            f"Stopped: no duty of the rulebook is in force on {day_words(as_of)} "
            f"(the first is from {day_words(first)}). Give another day with --as-of."
        )


def _sop(
    path: Path | None, rulebook: Rulebook
) -> tuple[EvidenceStamp | None, Mapping[Cited, Quote]]:
    """The SOP's stamp and the paragraphs that the rules cite; None and {} without a SOP. Raises
    Stop if it is not the text from which the rules were written."""
    if path is None:
        return None, {}
    # loaded only if a SOP is given
    from rules.sop.pins import verify  # noqa: PLC0415
    from rules.sop.problem import SopProblem, describe  # noqa: PLC0415
    from rules.sop.resolve import quotes  # noqa: PLC0415
    from rules.sop_files.read import read_sop  # noqa: PLC0415

    document = read_sop(path, rulebook.book)
    problems = (document,) if isinstance(document, SopProblem) else verify(rulebook, document)
    if problems or isinstance(document, SopProblem):
        lines = "\n".join(f"  {describe(problem)}" for problem in problems)
        raise Stop(f"Stopped: the SOP and the rules do not agree.\n{lines}")
    return EvidenceStamp(document.file, document.sha256), quotes(rulebook, document)


def _must_replace_no_input(
    options: argparse.Namespace, formats: Sequence[str], ledger: Path | None
) -> None:
    """Raises Stop if a file to write is one that the check reads, or its ledger. The old assessment
    has been read by then, so the new one may replace it."""
    folder, timings = options.out, options.timings
    reports = [("the report", folder / FILES[name]) for name in formats]
    reports += [("the record of the check", folder / RUN)] if ledger else []
    outputs = [*reports, *([("--ledger", ledger)] if ledger else [])]
    inputs: dict[str, list[Path]] = {
        "evidence": options.evidence,
        "the SOP": [options.sop] if options.sop else [],
        "a file of the rulebook": files_in(options.rulebook or OWN_BOOK),
        "the ledger": [ledger] if ledger else [],
    }
    must_replace_no_input(reports, inputs)
    if timings:
        old = {"the old assessment": [options.since] if options.since else []}
        must_replace_no_input([("--timings", timings)], inputs | old)
        outputs.append(("--timings", timings))
    must_replace_no_input(outputs, {})


def _program() -> tuple[Program, Decide | None]:
    """This program, and the rules engine's judge unless it cannot be used."""
    own, unusable = version("dueregard"), available()
    if unusable is None:
        engine = f"durable_rules {version('durable_rules')} and the plain evaluator"
        return Program("dueregard", own, engine, ""), decide
    notice = (
        f"Only one of the two calculations was made, so nothing confirms its results. {unusable}"
    )
    return Program("dueregard", own, "the plain evaluator alone", notice), None


def _common_folder(evidence: Sequence[Path]) -> Path | None:
    """The folder that contains all the evidence; None if there is none (two drives)."""
    try:
        return Path(os.path.commonpath([path.resolve().parent for path in evidence]))
    except ValueError:
        return None
