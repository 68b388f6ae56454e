"""dueregard map: asks what the office's own sheets contain, and saves the answers."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.ask import ask
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, rulebook_in
from cli.ledger_entry import add_by_to
from cli.mapping_file import save_mapping, sheets_to_map
from cli.office_folder import office_in
from cli.say import complain, say, width
from evidence.cells.text import normal_key
from evidence.mapping.assumptions import columns_not_kept
from evidence.mapping.model import SheetMapping
from evidence.mapping.propose.proposals import ExampleCell, RegisterProposal
from evidence.register import Registers
from record.office.interview.columns import own_words
from record.office.interview.own_sheets import OwnSheet, known_lists, mapped_words
from record.office.interview.pages import MapPage, MapQuestion, ProposalLine
from record.office.interview.sheet_interview import interview
from record.office.office_file import NAME, mapping_lines
from reports.words import cell_value
from rules.model import Rulebook
from rules.not_kept import not_kept_words

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
    command = add_command(commands, "map", about, run)
    add = command.add_argument
    folder = "the office's folder (default: this one)"
    add("folder", metavar="FOLDER", type=Path, nargs="?", default=Path(), help=folder)
    add("--list", action="store_true", help="print what is proposed, and ask nothing")
    add_by_to(command)


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
    rulebook = rulebook_in(office.rulebook)
    registers = rulebook.registers
    sheets, unopened = sheets_to_map(office, registers, office.mapping(registers))
    for message in unopened:
        complain(message)
    if not sheets:
        say("Every sheet is known. Nothing is left to map.")
        return NOTHING_OUTSTANDING
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if options.list or not terminal:
        say("\n".join(line for own in sheets for line in _listed(own, registers)).rstrip())
        if not options.list:
            say(_HOW)
        return NOTHING_OUTSTANDING
    saved = _ask_all(options, sheets, rulebook)
    where = "" if folder == Path() else f" in {path_words(folder)}"
    left = len(sheets) - saved
    if left:
        say(f"{_count(left)} left. To go on, run 'dueregard map'{where}.")
    say(f"Next: run 'dueregard check'{where}.")
    return NOTHING_OUTSTANDING


# Questions --------------------------------------------------------------------------------------


def _ask_all(options: argparse.Namespace, sheets: Sequence[OwnSheet], rulebook: Rulebook) -> int:
    """Asks about the sheets in turn. Returns for how many of them the answers were saved."""
    registers = rulebook.registers
    say(
        f"{_count(len(sheets))} not known. Answer each question with one of the words in brackets, "
        f"or its first letter. '{_STOP}' ends; what was saved by then stays."
    )
    saved, lists = 0, sheets[0].lists
    try:
        for number, sheet in enumerate(sheets, 1):
            own = replace(sheet, lists=lists)
            say(f"\n{number} of {len(sheets)}: {own.name}")
            parts = _ask_about(own, registers)
            if parts is None:
                say("Left for later.")
                continue
            read = mapped_words(own, parts, registers)
            lines = [*mapping_lines(parts)[1:], *read.lists, *read.unread, *read.unused]
            say("\n".join(["Your answers:", *lines]))
            hanging = not_kept_words(columns_not_kept(parts), rulebook)
            if more := [*own.proposal.cannot, *hanging]:
                say("\n".join(more))
            if _yes(f"Save them in {NAME}? [yes, no, {_STOP}]"):
                path = save_mapping(options.folder, options.by, parts, registers)
                say(f"Saved: {path}")
                saved += 1
                lists = (*lists, *known_lists([own.book], registers, parts))
            else:
                say("Not saved.")
    except _Stopped:
        say("Stopped.")
    return saved


def _count(number: int) -> str:
    return "1 sheet is" if number == 1 else f"{number} sheets are"


def _ask_about(own: OwnSheet, registers: Registers) -> tuple[SheetMapping, ...] | None:
    """The mapping of a sheet, from the answers about it."""
    pages = interview(own, registers)
    try:
        page = next(pages)
        while True:
            page = pages.send(_page_answers(page))
    except StopIteration as end:
        mapping: tuple[SheetMapping, ...] | None = end.value
        return mapping


def _page_answers(page: MapPage) -> list[str]:
    """The answers to a page, one question after another. Of a page that is asked again, only those
    to the questions that have a fault."""
    if page.has_faults:
        return [_answer(question_text(q)) if q.fault else q.answer for q in page.questions]
    answers: list[str] = []
    confirmed: dict[str, bool] = {"": False}
    for question in page.questions:
        if question.together not in confirmed:
            confirmed[question.together] = _yes(together_text(page, question.together))
        answers.append(
            question.default if confirmed[question.together] else _answer(question_text(question))
        )
    return answers


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
    """Whether the answer is yes; asks until it is yes or no."""
    while (answer := normal_key(_answer(question))) not in ("y", "yes", "n", "no"):
        pass
    return answer[0] == "y"


def question_text(question: MapQuestion) -> str:
    """A question as the terminal shows it: what is proposed, the question, and what may be
    answered."""
    lines = [line for proposal in question.lines for line in _proposal_lines(proposal)]
    other = f"; or {question.other}" if question.other else ""
    if question.fault:
        lines = [question.fault]
    options = [option.answer for option in question.options]
    lines.append(f"{question.text} [{', '.join((*options, _STOP))}{other}]")
    return "\n".join(_wrapped(line) for line in lines)


def together_text(page: MapPage, together: str) -> str:
    """A question that confirms several at once, below what is proposed in all of them."""
    questions = [question for question in page.questions if question.together == together]
    proposals = [proposal for question in questions for proposal in question.lines]
    lines = [line for proposal in proposals for line in _proposal_lines(proposal)]
    lines.append(f"{together} 'no' asks about each. [yes, no, {_STOP}]")
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


def _cells(examples: Sequence[ExampleCell]) -> str:
    """Example cells with their addresses."""
    return "; ".join(f"{cell.address}: {cell_value(cell.text)}" for cell in examples)
