"""dueregard map: asks what the office's own sheets contain, and saves the answers."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.arguments import Commands
from cli.ask import ask
from cli.evidence_input import find_files
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, rulebook_in
from cli.ledger_entry import add_by_to
from cli.office_folder import Office, locked_for, must_have_no_problems, office_in, separated
from cli.outputs import write_over
from cli.say import complain, say, width
from evidence.cells.text import normal_key
from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.mapping.model import OfficeMapping, SheetMapping
from evidence.mapping.propose.proposals import ExampleCell, RegisterProposal
from evidence.raw_cells import Unopened
from evidence.register import Registers
from evidence.regular_file import MEGABYTE, read_regular
from record.office.evidence_files import EvidenceStop, find_evidence
from record.office.interview import (
    MapQuestion,
    OwnSheet,
    ProposalLine,
    interview,
    mapped_words,
    own_sheets,
    own_words,
)
from record.office.mapping_checks import mapping_problems
from record.office.office_file import (
    NAME,
    mapping_lines,
    place_of_mapping,
    with_keys,
)
from reports.words import cell_value

_STOP = "stop"
_HOW = (
    "Nothing was asked, because this is not a terminal. To confirm proposals, run 'dueregard map' "
    f"in a terminal and answer, or write them into {NAME} (docs/mapping.md)."
)


class _Stopped(Exception):
    """The person has ended the questions."""


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "say once what the office's own sheets contain, so that a check can read them"
    command = commands.add_parser("map", help=about, description=f"{about.capitalize()}.")
    add = command.add_argument
    folder = "the office's folder (default: this one)"
    add("folder", metavar="FOLDER", type=Path, nargs="?", default=Path(), help=folder)
    add("--list", action="store_true", help="print what is proposed, and ask nothing")
    add_by_to(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Asks about each sheet that is not known, and saves what was confirmed after each."""
    folder: Path = options.folder
    office = office_in(folder)
    if office is None:
        place = "" if folder == Path() else f" {path_words(folder)}"
        raise Stop(
            f"There is no {NAME} in {path_words(folder.resolve())}. To set it up, run: "
            f"dueregard start{place}"
        )
    registers = rulebook_in(office.rulebook).registers
    sheets = _sheets(office, registers, office.mapping(registers))
    if not sheets:
        say("Every sheet is known. Nothing is left to map.")
        return NOTHING_OUTSTANDING
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if options.list or not terminal:
        say("\n".join(line for own in sheets for line in _listed(own, registers)).rstrip())
        if not options.list:
            say(_HOW)
        return NOTHING_OUTSTANDING
    saved = _ask_all(options, sheets, registers)
    where = "" if folder == Path() else f" in {path_words(folder)}"
    left = len(sheets) - saved
    if left:
        are = "is" if left == 1 else "are"
        say(f"{left} of {len(sheets)} sheets {are} left. To go on, run 'dueregard map'{where}.")
    say(f"Next: run 'dueregard check'{where}.")
    return NOTHING_OUTSTANDING


def _sheets(office: Office, registers: Registers, mapping: OfficeMapping) -> list[OwnSheet]:
    """The sheets to ask about: of the evidence that office.yaml names, and of the other
    spreadsheets in the folder."""
    named = [Path(separated(name)) for name in office.file.evidence]
    files = list(find_files(named, office.folder, office.allowed).files) if named else []
    taken = {path.resolve() for path in files}
    try:
        others = find_evidence([Path()], office.folder, office.allowed).files
    except EvidenceStop as stop:
        if not files:
            raise Stop(str(stop)) from None
        others = ()
    files += [path for path in others if path.resolve() not in taken]
    with opened(by_name(files, office.folder)) as books:
        opened_books = list(books)
    for book in opened_books:
        if isinstance(book, Unopened):
            complain(book.message)
    return list(own_sheets(opened_books, registers, mapping))


# Questions --------------------------------------------------------------------------------------


def _ask_all(options: argparse.Namespace, sheets: Sequence[OwnSheet], registers: Registers) -> int:
    """Asks about the sheets in turn. Returns for how many of them the answers were saved."""
    say(
        f"{_count(len(sheets))} not known. Answer each question with one of the words in brackets, "
        f"or its first letter. '{_STOP}' ends; what was saved by then stays."
    )
    saved = 0
    try:
        for number, own in enumerate(sheets, 1):
            say(f"\n{number} of {len(sheets)}: {own.name}")
            parts = _ask_about(own, registers)
            if parts is None:
                say("Left for later.")
                continue
            say(
                "\n".join(
                    [
                        "Your answers:",
                        *mapping_lines(parts)[1:],
                        *mapped_words(own, parts, registers),
                    ]
                )
            )
            say("\n".join(own.proposal.cannot)) if own.proposal.cannot else None
            if _yes(f"Save them in {NAME}?"):
                _save(options, parts, registers)
                saved += 1
    except _Stopped:
        say("Stopped.")
    return saved


def _count(number: int) -> str:
    return "1 sheet is" if number == 1 else f"{number} sheets are"


def _ask_about(own: OwnSheet, registers: Registers) -> tuple[SheetMapping, ...] | None:
    """The mapping of a sheet, from the answers about it."""
    questions = interview(own, registers)
    try:
        question = next(questions)
        while True:
            question = questions.send(_answer(question_text(question)))
    except StopIteration as end:
        mapping: tuple[SheetMapping, ...] | None = end.value
        return mapping


def _answer(question: str) -> str:
    """The answer to a question. Raises _Stopped if it is the end."""
    try:
        answer = ask(question, _STOP)
    except Stop:
        raise _Stopped from None
    if normal_key(answer) == _STOP:
        raise _Stopped
    return answer


def _yes(question: str) -> bool:
    while True:
        answer = normal_key(_answer(f"{question} [yes, no, {_STOP}]"))
        if answer in ("y", "yes", "n", "no"):
            return answer[0] == "y"


def question_text(question: MapQuestion) -> str:
    """A question as the terminal shows it: what is proposed, the question, and what may be
    answered."""
    lines = [line for proposal in question.lines for line in _proposal_lines(proposal)]
    other = f"; or {question.other}" if question.other else ""
    if question.fault:
        lines = [question.fault]
    lines.append(f"{question.text} [{', '.join((*question.options, _STOP))}{other}]")
    return "\n".join(_wrapped(line) for line in lines)


def _proposal_lines(line: ProposalLine) -> Iterator[str]:
    yield f"  {line.own} -> {line.proposed} ({line.certainty})"
    if line.reason:
        yield f"    {line.reason}"
    if line.examples:
        yield f"    {_cells(line.examples)}"


def _wrapped(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(),
        max(width(), 40),
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


# Without questions ------------------------------------------------------------------------------


def _listed(own: OwnSheet, registers: Registers) -> Iterator[str]:
    """What is proposed for a sheet."""
    yield f"{own.name[:1].upper()}{own.name[1:]}"
    gives = [item for table in own.proposal.tables for item in table.gives]
    if not gives:
        yield "  Nothing is proposed: it is like none of the lists that the rules use."
    for item in gives:
        yield from map(_wrapped, _register_lines(item, registers))
    yield from (_wrapped(f"  {sentence}") for sentence in own.proposal.cannot)
    yield ""


def _register_lines(item: RegisterProposal, registers: Registers) -> Iterator[str]:
    register = registers[item.register_id]
    yield f"  {register.sheets[0]} ({item.certainty}): {item.reason}"
    for column in item.columns:
        heading = register.column(column.column).usual_heading
        cells = _cells(column.examples)
        shown = f" [{cells}]" if cells else ""
        yield f"    {own_words(column.source, item.wide)} -> {heading} ({column.certainty}){shown}"
    for word in item.words:
        heading = register.column(word.column).usual_heading
        yield f"    '{word.word}' in '{heading}' -> {word.meaning} ({word.certainty})"
    questions = [question for question in item.questions if question.about == "column"]
    for question in questions:
        yield f"    To answer: {register.column(question.column).usual_heading}"


# Saving -----------------------------------------------------------------------------------------


def _save(
    options: argparse.Namespace, parts: tuple[SheetMapping, ...], registers: Registers
) -> None:
    """Adds to the mapping in office.yaml as it is now, and its file to the evidence there."""
    folder: Path = options.folder
    office = office_in(folder)
    if office is None:
        raise Stop(f"{path_words(folder / NAME)} is not there any more. Nothing was saved.")
    with locked_for(office, options.by):
        path = folder / NAME
        file = office.file.model_copy(
            update={
                "mapping": (*office.file.mapping, *parts),
                "evidence": (*office.file.evidence, *_not_named(office, parts)),
            }
        )
        problems = mapping_problems(file.mapping, registers, place_of_mapping(path))
        must_have_no_problems(path, tuple(problems))
        keys = ["mapping"] if file.evidence == office.file.evidence else ["evidence", "mapping"]
        text = with_keys(read_regular(path, MEGABYTE).decode("utf-8-sig"), file, keys)
        write_over({path: text.encode()})
    say(f"Saved: {path}")


def _not_named(office: Office, parts: Sequence[SheetMapping]) -> list[str]:
    """The files of a mapping that office.yaml does not name as evidence."""
    named = [Path(separated(name)) for name in office.file.evidence]
    files = find_files(named, office.folder, office.allowed).files if named else ()
    known = {path.resolve() for path in files}
    names = dict.fromkeys(part.file for part in parts if part.gives)
    return [name for name in names if (office.folder / name).resolve() not in known]


def _cells(examples: Sequence[ExampleCell]) -> str:
    """Example cells with their addresses."""
    return "; ".join(f"{cell.address}: {cell_value(cell.text)}" for cell in examples)
