"""dueregard check: evidence in; met, due and overdue out."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from cli.arguments import Commands
from cli.exits import Stop
from cli.inputs import named, read_assessment, rulebook_in
from cli.ledger_entry import NAME, add_by_to, chosen, day_of, made_and_entered, tell_entered
from cli.outputs import files_in, must_replace_no_input
from cli.progress import Progress
from cli.say import complain, say
from engine.assessment import Assessment, EvidenceStamp, Program
from engine.check import BEFORE_WAITING, CheckRequest, assess
from engine.decision.durable import available, decide
from engine.decision.judge import Decide
from engine.proof.phrases import day_words
from evidence.cells.text import sheet_told
from evidence.filenames import by_name, repeated_names
from evidence.files.apart import opened
from evidence.output_file import write_file
from evidence.problem import cells_words
from evidence.read import read_books
from evidence.table import Evidence
from record.ledger.entry import RUN, Entered
from reports.json import to_json
from reports.text import summary
from reports.view import exit_code
from reports.writing import ALL, FILES, CannotWrite, load, write_reports
from rules.load import OWN_BOOK
from rules.model import Rulebook
from rules.resolve import resolve
from rules.sop.resolve import Cited, Quote


def add_to(commands: Commands) -> None:
    """Adds the command."""
    made = commands.add_parser("check", help="check evidence and write the reports")
    add, reports = made.add_argument, ", ".join(ALL)
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
    add("--formats", default=",".join(ALL), help=f"only these formats, of {reports}")
    pretty = "write assessment.json with one value on each line"
    add("--pretty", action="store_true", help=pretty)
    add("--timings", metavar="FILE", type=Path, help="write how long each step took")
    ledger = (
        f"the ledger that records the check, or none (default: {NAME} beside the reports' folder)"
    )
    add("--ledger", metavar="FILE", help=ledger)
    add_by_to(made)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Checks, prints the summary, writes the reports; the exit code follows the office's duties."""
    progress = Progress()
    try:
        assessment, entered, written = _checked(asked, progress)
    finally:
        progress.end()
    say(summary(assessment, shutil.get_terminal_size((100, 24)).columns))
    say("\n".join(f"Written: {path}" for path in written))
    tell_entered(entered, asked.out)
    if asked.timings:
        seconds = json.dumps(progress.seconds, indent=1).encode() + b"\n"
        try:
            write_file(asked.timings, seconds)
        except OSError as error:  # the reports are there all the same
            place, reason = named(asked.timings, "--timings"), error.strerror or error
            complain(f"{place} could not be written ({reason}).")
    return exit_code(assessment)


def _checked(
    asked: argparse.Namespace, progress: Progress
) -> tuple[Assessment, Entered | None, list[Path]]:
    # today where no day is given: the one place that looks at the clock
    today = datetime.datetime.now().astimezone().date()
    as_of = today if asked.as_of is None else day_of(asked.as_of, "--as-of")
    known = day_of(asked.known_by, "--known-by") if asked.known_by else None
    begin = _records_begin(asked.records_begin, as_of)
    ledger = chosen(asked.ledger, asked.out)
    formats = _formats(asked.formats)
    with opened(by_name(asked.evidence)) as books:  # which are opened while the rules are loaded
        rulebook = rulebook_in(asked.rulebook)
        _must_be_in_force(rulebook, as_of)
        old = read_assessment(asked.since, "--since")[0] if asked.since else None
        sop, quoted = _sop(asked.sop, rulebook)
        progress("rules")
        _must_replace_no_input(asked, formats, ledger)
        repeated = repeated_names(asked.evidence)
        evidence = read_books(books, rulebook.registers, known, repeated)
    _must_be_read(evidence)
    progress("read")
    common = _common(asked.evidence)

    def make(key: bytes | None) -> tuple[Assessment, bytes]:
        # only now, when nothing that is given can be wrong any more: the engine may hang
        program, decided = _program()
        question = CheckRequest(
            rulebook, evidence, as_of, program, decided, known, sop, quoted, key, begin
        )
        made = _assessed(question, progress, formats)
        return made, to_json(made, pretty=asked.pretty)

    assessment, data, entered = made_and_entered(ledger, asked.by, make)
    json_made = {"json": data}
    try:
        written = write_reports(
            assessment, asked.out, old, formats=formats, evidence=common, made=json_made
        )
    except CannotWrite as error:
        at = f"the ledger {entered.ledger} as entry {entered.number}" if entered else ""
        raise Stop(f"{error} The check is recorded in {at}." if at else str(error)) from None
    progress("write")
    return assessment, entered, written


def _assessed(question: CheckRequest, progress: Progress, formats: Sequence[str]) -> Assessment:
    """The assessment; what writes reports is loaded while the rules engine is waited for."""
    with ThreadPoolExecutor(1) as aside:

        def tick(step: str) -> None:
            progress(step)
            if step == BEFORE_WAITING:
                aside.submit(load, formats)

        return assess(question, tick)


def _records_begin(text: str | None, as_of: datetime.date) -> datetime.date | None:
    """The day on which the office's records begin; None where it gives none."""
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
    asked = tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    unknown = [each for each in asked if each not in ALL]
    if unknown or not asked:
        raise Stop(f"--formats {text}: give one or more of {', '.join(ALL)}, separated by commas.")
    return asked


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
    """The SOP's stamp and the paragraphs cited in it; None and nothing where it is not given.
    Raises Stop where it is not the text from which the rules were written."""
    if path is None:
        return None, {}
    # loaded only where one is given
    from rules.sop.pins import verify  # noqa: PLC0415
    from rules.sop.problem import SopProblem, describe  # noqa: PLC0415
    from rules.sop.resolve import quotes  # noqa: PLC0415
    from rules.sop_files.read import read_sop  # noqa: PLC0415

    document = read_sop(path, rulebook.book)
    found = (document,) if isinstance(document, SopProblem) else verify(rulebook, document)
    if found or isinstance(document, SopProblem):
        lines = "\n".join(f"  {describe(each)}" for each in found)
        raise Stop(f"Stopped: the SOP and the rules do not agree.\n{lines}")
    return EvidenceStamp(document.file, document.sha256), quotes(rulebook, document)


def _must_replace_no_input(
    asked: argparse.Namespace, formats: Sequence[str], ledger: Path | None
) -> None:
    """Stops where a file that is to be written is one that the check reads, or enters itself in.
    The old assessment has been read by then, so the new one may take its place."""
    folder, timings = asked.out, asked.timings
    outputs = [("the report", folder / FILES[name]) for name in formats]
    outputs += [("the record of the check", folder / RUN), ("--ledger", ledger)] if ledger else []
    inputs: dict[str, list[Path]] = {
        "evidence": asked.evidence,
        "the SOP": [asked.sop] if asked.sop else [],
        "a file of the rulebook": files_in(asked.rulebook or OWN_BOOK),
        "the ledger": [ledger] if ledger else [],
    }
    reports = [output for output in outputs if output[0] != "--ledger"]
    must_replace_no_input(reports, inputs)
    if timings:
        old = {"the old assessment": [asked.since] if asked.since else []}
        must_replace_no_input([("--timings", timings)], inputs | old)
        outputs.append(("--timings", timings))
    must_replace_no_input(outputs, {})


def _must_be_read(evidence: Evidence) -> None:
    """Stops where a file could not be read at all, after listing all there is to say."""
    if not evidence.fatal:
        return
    lines = [f"  {each.message}" for each in evidence.fatal]
    for problem in evidence.problems:
        several = problem.count > 1
        cells = cells_words(problem.cells, problem.count) if several else "".join(problem.cells)
        place = "!".join(filter(None, (problem.file, sheet_told(problem.sheet), cells)))
        lines.append(f"  {place}: {problem.message}" if place else f"  {problem.message}")
    raise Stop("Stopped: not every file could be read.\n" + "\n".join(lines))


def _program() -> tuple[Program, Decide | None]:
    """This program, and the session with the rules engine unless that cannot be used."""
    own, unusable = version("dueregard"), available()
    if unusable is None:
        engine = f"durable_rules {version('durable_rules')} and the second evaluator"
        return Program("dueregard", own, engine, ""), decide
    notice = (
        f"Only one of the two calculations was made, so nothing confirms its results. {unusable}"
    )
    return Program("dueregard", own, "the second evaluator alone", notice), None


def _common(evidence: Sequence[Path]) -> Path | None:
    """The folder that holds all the evidence; None where there is none (two drives)."""
    try:
        return Path(os.path.commonpath([path.resolve().parent for path in evidence]))
    except ValueError:
        return None
