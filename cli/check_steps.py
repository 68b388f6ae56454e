"""The steps of a check: those that all checks have in common, and a check made ready from its
inputs."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from cli.check_inputs import CheckInputs, earlier_assessment
from cli.exits import Stop
from cli.inputs import must_be_read, path_words, rulebook_in, with_rulebook
from cli.ledger_entry import (
    points_before,
)
from cli.progress import Progress
from cli.say import complain
from engine.assessment import Assessment, Program
from engine.decision.durable import available, decide
from engine.decision.judge import Decide
from engine.proof.phrases import day_words
from evidence.filenames import by_name, repeated_names
from evidence.files.apart import opened
from evidence.mapping.model import OfficeMapping
from evidence.output_file import write_file
from evidence.raw_cells import Book
from evidence.read import read_books
from evidence.table import Evidence
from reports.compare.changes import compared
from reports.json import json_body, to_json
from reports.trend import with_trend
from reports.without_names import without_names
from reports.writing import load
from rules.model import Rulebook
from rules.resolve import resolve
from rules.sop.document import Document
from rules.sop.problem import SopProblem, describe
from rules.sop.resolve import SopText, quotes

if TYPE_CHECKING:
    from engine.check import CheckRequest


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
    with opened(by_name(paths, root)) as books:  # opened while the engine and the rules are loaded
        from engine.check import CheckRequest  # noqa: PLC0415

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
        assessment, body = _assess(request, progress, formats)
        if old is not None:
            assessment = compared(old, assessment)
        assessment = with_trend(assessment, earlier)
        return assessment, to_json(assessment, body, pretty=pretty)

    return PreparedCheck(rulebook, make, old, [last] if last else [], _folder_of(paths, root))


def _assess(
    request: CheckRequest, progress: Progress, formats: Sequence[str]
) -> tuple[Assessment, bytes]:
    """Makes the assessment, and the body of its JSON. The report writers are loaded while the rules
    engine runs."""
    from engine.check import BEFORE_WAITING, assess  # noqa: PLC0415  (loaded by ``prepared``)

    bodies: list[bytes] = []
    with ThreadPoolExecutor(1) as aside:

        def tick(step: str) -> None:
            progress(step)
            if step == BEFORE_WAITING:
                aside.submit(load, formats)

        assessment = assess(request, tick, lambda made: bodies.append(json_body(made)))
    return assessment, bodies[0]


def _folder_of(evidence: Sequence[Path], root: Path | None) -> Path | None:
    """The folder to which the names of the evidence are relative: ``root``, or the one that
    contains it all; None if there is none (two drives)."""
    if root is not None:
        return root.resolve()
    try:
        return Path(os.path.commonpath([path.resolve().parent for path in evidence]))
    except ValueError:
        return None


def must_be_in_force(rulebook: Rulebook, as_of: datetime.date) -> None:
    """Raises Stop if no duty of the rulebook is in force on the day."""
    duties = [resolve(rulebook, duty) for duty in rulebook.duties]
    if not any(duty.holds(as_of) for duty in duties):
        first = min(duty.in_force_from for duty in duties)
        raise Stop(
            f"Stopped: no duty of the rulebook is in force on {day_words(as_of)} "
            f"(the first is from {day_words(first)}). Give another day with --as-of."
        )


def sop_of(
    paths: Sequence[Path], rulebook: Rulebook, as_of: datetime.date, folder: Path | None
) -> Mapping[str, SopText]:
    """The documents by the version of the SOP that each is, with the paragraphs that the rules
    cite. Raises Stop if one is no version that the rulebook lists, if two are one version, or if
    one is not the text from which the rules were written that apply on ``as_of``. Its commands
    name the ``folder`` of the rulebook."""
    if not paths:
        return {}
    from rules.sop.pins import verify  # noqa: PLC0415  (loaded only if a SOP is given)
    from rules.sop_files.read import read_sop  # noqa: PLC0415

    problems: list[SopProblem] = []
    unread = 0
    documents: dict[str, Document] = {}
    for path in paths:
        document = read_sop(path, rulebook.book)
        if isinstance(document, SopProblem):
            problems.append(document)
            unread += 1
            continue
        problems += verify(rulebook, document, as_of)
        other = documents.setdefault(document.version, document)
        if other is not document and document.version:
            message = f"{other.file} is version {document.version} of the SOP too."
            instead = "Give one document for each version."
            problems.append(SopProblem(document.file, "", "", "document", message, instead))
    if problems:
        lines = with_rulebook("\n".join(f"  {describe(problem)}" for problem in problems), folder)
        fault = "could not be read" if unread == len(problems) else "and the rules do not agree"
        raise Stop(f"Stopped: the SOP {fault}.\n{lines}")
    return {
        version: SopText(document.file, document.sha256, quotes(rulebook, document))
        for version, document in documents.items()
    }


def read_office(
    books: Iterable[Book],
    paths: Sequence[Path],
    root: Path | None,
    rulebook: Rulebook,
    mapping: OfficeMapping,
    known: datetime.date | None = None,
) -> Evidence:
    """The evidence in the books of these paths, whose names are relative to ``root``. Raises Stop
    if a file could not be read at all."""
    repeated = repeated_names(paths, root)
    evidence = read_books(books, rulebook.registers, known, repeated, mapping)
    must_be_read(evidence, office_folder=root)
    return evidence


def program_and_judge() -> tuple[Program, Decide | None]:
    """This program, and the rules engine's judge unless it cannot be used."""
    own, unusable = version("dueregard"), available()
    if unusable is None:
        engine = f"durable_rules {version('durable_rules')} and the plain evaluator"
        return Program("dueregard", own, engine, ""), decide
    notice = (
        f"Only one of the two calculations was made, so nothing confirms its results. {unusable}"
    )
    return Program("dueregard", own, "the plain evaluator alone", notice), None
