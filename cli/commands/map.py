"""dueregard map: asks what the office's own sheets contain, and saves the answers."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from cli.arguments import Commands, add_command
from cli.ask import ask
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words, rulebook_in
from cli.ledger_entry import add_by_to
from cli.mapping_file import save_mapping, sheets_to_map
from cli.office_folder import must_be_folder, office_in
from cli.say import complain, say, width
from evidence.cells.text import listed, normal_key, quoted
from evidence.mapping.model import SheetMapping
from evidence.mapping.propose.proposals import ExampleCell, RegisterProposal
from evidence.register import Registers
from record.office.interview.answers import answers_in_words
from record.office.interview.columns import own_words
from record.office.interview.own_sheets import OwnSheet, known_lists, mapped_words
from record.office.interview.pages import NO, Interview, MapPage, MapQuestion, ProposalLine
from record.office.interview.sheet_interview import interview
from record.office.office_file import NAME
from reports.words import cell_value
from rules.model import Rulebook
from rules.not_kept import consequences

_BACK, _STOP = "back", "stop"
_HOW = (
    "Nothing was asked, because nobody can answer here. To confirm proposals, run 'dueregard map' "
    f"in Command Prompt and answer, or write them into {NAME}, under mapping."
)


class _Stopped(Exception):
    """The person has ended the questions."""


class _Back(Exception):
    """The person wants the question before."""


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "say what the office's own sheets contain, so that a check can read them"
    command = add_command(commands, "map", about, run)
    add = command.add_argument
    folder = "the office's folder (default: this one)"
    add("folder", metavar="FOLDER", type=Path, nargs="?", default=Path(), help=folder)
    add("--list", action="store_true", help="print what is proposed, and ask nothing")
    again = "ask again about a sheet that was answered, by its name or that of its file"
    add("--again", metavar="SHEET", help=again)
    add_by_to(command)


def run(options: argparse.Namespace) -> int:
    """Asks about each sheet that is not known, and saves what was confirmed after each."""
    folder: Path = options.folder
    must_be_folder(folder)
    office = office_in(folder)
    if office is None:
        place = "" if folder == Path() else f" {path_words(folder)}"
        raise Stop(
            f"There is no {NAME} in {path_words(folder.resolve())}. To set it up, run: "
            f"dueregard start{place}"
        )
    rulebook = rulebook_in(office.rulebook)
    registers = rulebook.registers
    again: str = options.again or ""
    mapping = office.mapping(registers)
    kept = tuple(part for part in mapping if not again or again not in (part.sheet, part.file))
    if again and len(kept) == len(mapping):
        names = listed(list(dict.fromkeys(quoted(part.sheet or part.file) for part in mapping)))
        raise Stop(
            f"{quoted(again)} is not in the mapping of {NAME}. "
            + (f"There are: {names}." if names else "Nothing was answered yet.")
        )
    sheets, unopened = sheets_to_map(office, rulebook, kept)
    if again:
        sheets = [own for own in sheets if again in (own.proposal.sheet, own.proposal.file)]
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
        f"or its first letter. '{_BACK}' goes back to the question before, '{_STOP}' ends; what was"
        " saved by then stays, and 'dueregard map' goes on from there."
    )
    saved, lists = 0, sheets[0].lists
    try:
        for number, sheet in enumerate(sheets, 1):
            own = replace(sheet, lists=lists)
            say(f"\n{number} of {len(sheets)}: {own.name}")
            parts, is_confirmed = _confirmed(own, rulebook)
            if parts is None:
                say("Left for later.")
            elif is_confirmed:
                path = save_mapping(
                    options.folder, options.by, parts, registers, again=bool(options.again)
                )
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


def _confirmed(own: OwnSheet, rulebook: Rulebook) -> tuple[tuple[SheetMapping, ...] | None, bool]:
    """The mapping of a sheet, None for later, and whether a person confirmed it as it was shown."""
    registers = rulebook.registers
    answered: list[list[str]] = []
    while True:
        parts = _ask_about(own, registers, answered)
        if parts is None:
            return None, False
        read = mapped_words(own, parts, registers)
        lines = [*answers_in_words(parts, registers), "", *read.lists, *read.unread, *read.unused]
        say("\n".join(["Your answers:", *lines]))
        if more := [*own.proposal.cannot, *consequences(parts, rulebook)]:
            say("\n".join(more))
        try:
            return parts, _yes(f"Save them in {NAME}? [yes, no, {_BACK}, {_STOP}]")
        except _Back:
            answered.pop()


def _ask_about(
    own: OwnSheet, registers: Registers, answered: list[list[str]]
) -> tuple[SheetMapping, ...] | None:
    """The mapping of a sheet, from the answers about it. ``answered`` are those to its first pages,
    and has those to all pages afterwards."""
    pages, page = _after(own, registers, answered)
    while True:
        try:
            answers = _page_answers(page)
        except _Back:
            if answered:
                answered.pop()
            else:
                say("This is the first question about the sheet.")
            pages, page = _after(own, registers, answered)
            continue
        try:
            page = pages.send(answers)
        except StopIteration as end:
            answered.append(answers)
            mapping: tuple[SheetMapping, ...] | None = end.value
            return mapping
        if not page.has_faults:
            answered.append(answers)


def _after(
    own: OwnSheet, registers: Registers, answered: Sequence[Sequence[str]]
) -> tuple[Interview, MapPage]:
    """The interview after the answers to its first pages, and its next page."""
    pages = interview(own, registers)
    page = next(pages)
    for answers in answered:
        page = pages.send(answers)
    return pages, page


def _page_answers(page: MapPage) -> list[str]:
    """The answers to a page, one question after another: first which columns are of one kind, then
    what is proposed, then what was not found. Of a page that is asked again, only those to the
    questions that have a fault. Raises _Back from its first question."""
    answers = {n: question.answer for n, question in enumerate(page.questions)}
    waiting = _steps(page)
    before: list[tuple[list[_Step], dict[int, str]]] = []
    while waiting:
        (together, numbers), *rest = waiting
        try:
            if together:
                given = "" if _yes(together_text(page, together)) else NO
            else:
                given = _answer(question_text(page.questions[numbers[0]]))
        except _Back:
            if not before:
                raise
            waiting, answers = before.pop()
            continue
        before.append((waiting, dict(answers)))
        if together and given == NO:
            rest = [*(("", (number,)) for number in numbers), *rest]
        for number in numbers:
            question = page.questions[number]
            answers[number] = given or question.together_answer or question.default
        waiting = rest
    return [answers[number] for number in range(len(page.questions))]


#: The sentence that confirms several questions, '' of one alone, and their numbers.
_Step: TypeAlias = tuple[str, tuple[int, ...]]


def _steps(page: MapPage) -> list[_Step]:
    if page.has_faults:
        return [("", (number,)) for number, q in enumerate(page.questions) if q.fault]

    def place(number: int) -> int:
        question = page.questions[number]
        if question.kind == "wide" and not question.together:
            return -1  # what comes from such columns is only understood after it
        return int(question.kind in ("missing", "wide"))

    order = sorted(range(len(page.questions)), key=place)
    steps: dict[tuple[str, int], list[int]] = {}
    for number in order:
        together = page.questions[number].together
        steps.setdefault((together, -1 if together else number), []).append(number)
    return [(together, tuple(numbers)) for (together, _), numbers in steps.items()]


def _answer(question: str) -> str:
    """The answer to a question. Raises _Stopped if it is the end, _Back if it is to go back."""
    try:
        answer = ask(question, _STOP)
    except Stop:
        raise _Stopped from None
    if normal_key(answer) == _STOP:
        raise _Stopped
    if normal_key(answer) == _BACK:
        raise _Back
    return answer


def _yes(question: str) -> bool:
    """Whether the answer is yes; asks until it is yes or no."""
    while (answer := normal_key(_answer(question))) not in ("y", "yes", "n", "no"):
        question = f"Enter yes or no. [yes, no, {_BACK}, {_STOP}]"
    return answer[0] == "y"


def question_text(question: MapQuestion) -> str:
    """A question as the terminal shows it: what is proposed, the question, and what may be
    answered."""
    lines = [line for proposal in question.lines for line in _proposal_lines(proposal)]
    other = f"; or {question.other}" if question.other else ""
    if question.fault:
        lines = [question.fault]
    options = [option.answer for option in question.options]
    use = f" {question.use[:1].upper()}{question.use[1:]}." if question.use else ""
    lines.append(f"{question.text}{use} [{', '.join((*options, _BACK, _STOP))}{other}]")
    return "\n".join(_wrapped(line) for line in lines)


def together_text(page: MapPage, together: str) -> str:
    """A question that confirms several at once, below what is proposed in all of them."""
    questions = [question for question in page.questions if question.together == together]
    proposals = [proposal for question in questions for proposal in question.lines]
    lines = [line for proposal in proposals for line in _proposal_lines(proposal)]
    lines += [f"  '{q.label}': {_about(q)}" for q in questions if q.kind == "missing" and _about(q)]
    lines.append(f"{together} 'no' asks about each. [yes, no, {_BACK}, {_STOP}]")
    return "\n".join(_wrapped(line) for line in lines)


def _about(question: MapQuestion) -> str:
    """What a column is for, and how many duties read it."""
    parts = [part for part in (question.note, question.use) if part]
    return "; ".join(parts)


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
