"""dueregard rules new and new-book: write a rule with its cases, and a small rulebook."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from cli.arguments import Commands, add_command
from cli.ask import ask
from cli.commands.rules.new_duty import (
    KINDS,
    PATTERNS,
    STARTERS,
    NewDuty,
    duty_files,
    kind_column,
    lists_named,
    must_be_often,
    must_fit,
)
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import command_path, path_words, rulebook_of, rulebook_option
from cli.outputs import files_in, make_folder, must_be_free, write_over
from cli.say import say
from evidence.cells.day_text import Day, read_day
from evidence.register import RegisterSpec
from rules.draft import BOOK
from rules.editor import schema_copies, schema_folder, with_schema_line
from rules.lint.book import ID
from rules.load import OWN_BOOK, read_book, read_folder, without_stale_pins
from rules.model import Rulebook
from rules.problem import did_you_mean
from rules.resolve import resolve

T = TypeVar("T")

_CONTENT = "content"
_NONE = "none"
_SMALL_BOOK = STARTERS / "village-hall"
_MOST_WORDS = 8
#: What each pattern requires, for a person who chooses one.
_PATTERNS = (
    "periodic (once in each year), rolling (at most so long after the last time), triggered "
    "(within so long after each event), before event (before each event), standing (in place at "
    "all times), completeness (each record contains what it must) or content (the evidence of "
    "another duty also shows this)"
)


def add_to(kinds: Commands) -> None:
    """Adds the commands to those of ``dueregard rules``."""
    about = "write a new duty with its cases; asks for what no option gives"
    new = add_command(kinds, "new", about, run_new)
    new.add_argument("duty", metavar="DUTY", help="the id of the new duty, such as fire-drill")
    new.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", default=OWN_BOOK)
    for name, value, words in (
        ("section", "SECTION", "the section of the SOP, as book.yaml names it"),
        ("title", "TITLE", "a title: a noun phrase of the SOP"),
        ("phrase", "WORDS", f"a few words of the sentence of the SOP, at most {_MOST_WORDS}"),
        ("bearer", "NAME", "who is responsible"),
        ("strength", "WORD", "must or should"),
        ("pattern", "PATTERN", f"one of: {', '.join(KINDS)}"),
        ("register", "REGISTER", "the register with the evidence or the records"),
        ("of", "DUTY", "for a content duty: the duty with that evidence"),
        ("first-day", "DAY", "the first day on which it applies"),
        ("for-each", "REGISTER", "the list of those for each of whom it is required, or none"),
    ):
        new.add_argument(f"--{name}", metavar=value, help=words)
    about = "how often: 6 months for a rolling duty, quarter for a periodic one; otherwise a year"
    new.add_argument("--every", metavar="PERIOD", help=about)
    about = "count only rows with this value, or none to count all; may be repeated"
    new.add_argument("--where", metavar="COLUMN=VALUE", action="append", help=about)

    about = "write a small rulebook to begin your own from"
    new_book = add_command(kinds, "new-book", about, run_new_book)
    new_book.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder for it")


def run_new_book(options: argparse.Namespace) -> int:
    """Copies the small rulebook into a new or empty folder."""
    folder: Path = options.folder
    if files_in(folder) or folder.is_file():
        raise Stop(f"{path_words(folder)} is not empty and was not changed: give another folder.")
    files = dict(schema_copies())
    for path in files_in(_SMALL_BOOK):
        name, data = path.relative_to(_SMALL_BOOK).as_posix(), path.read_bytes()
        files[name] = with_schema_line(name, data) if path.suffix == ".yaml" else data
    for place in {(folder / name).parent for name in files}:
        make_folder(place, instead="folder")
    write_over({folder / name: data for name, data in files.items()})
    say(f"Saved: {path_words(folder)}, a rulebook of seven duties, one for each pattern.")
    say(f"Next: read {path_words(folder / 'README.md')}, and change the words until it is yours.")
    return NOTHING_OUTSTANDING


def run_new(options: argparse.Namespace) -> int:
    """Writes the rule and its cases into the folder of the section. Raises Stop if there is such a
    duty or file already."""
    folder: Path = options.folder
    rulebook = _begun_rulebook(folder)
    _must_be_new(options.duty, rulebook)
    duty = _answers(options, rulebook)
    files = read_folder(folder)
    if isinstance(files, tuple):  # it was changed during the questions
        raise Stop(f"{path_words(folder)} could not be read again: type the command again.")
    schemas = schema_folder(files[BOOK])
    written = {
        folder / name: with_schema_line(name, data, schemas) if schemas else data
        for name, data in duty_files(duty, rulebook, files).items()
    }
    for path in written:
        must_be_free(path)
        make_folder(path.parent, instead="folder")
    write_over(written)
    say("\n".join(f"Saved: {path_words(path)}" for path in written))
    where = "" if folder == OWN_BOOK else f" {command_path(folder)}"
    say(
        "Next: change the numbers and conditions to those of the SOP, work out the cases by hand, "
        f"and run 'dueregard rules check{where}' and 'dueregard rules test {duty.id}{where}'. "
        f"'dueregard sop pin SOP{rulebook_option(folder)}' records the sentence, with the file of "
        "the SOP in place of SOP."
    )
    return NOTHING_OUTSTANDING


def _begun_rulebook(folder: Path) -> Rulebook:
    """The rulebook in a folder, which may be without duties, and whose pins may be stale. Raises
    Stop with every other problem."""
    files = read_folder(folder)
    if isinstance(files, tuple):
        return rulebook_of(folder, files)
    return rulebook_of(folder, read_book(without_stale_pins(files)[0], begun=True))


def _must_be_new(duty: str, rulebook: Rulebook) -> None:
    if not ID.fullmatch(duty):
        raise Stop(f"'{duty}' is not a valid id. Use only small letters, digits and hyphens.")
    for known in rulebook.duties.values():
        if duty in (known.id, *known.aliases):
            raise Stop(
                f"There is a duty '{duty}' already ({rulebook.sources[known.id]}), and it was not "
                "changed: give another id."
            )


# Answers ----------------------------------------------------------------------------------------


def _answers(options: argparse.Namespace, rulebook: Rulebook) -> NewDuty:
    """Every answer, from the options or from a person."""
    sections = [h.section for section in rulebook.book.sections for h in section.headings]
    section = _choice(options, "section", "Which section of the SOP requires it?", sections)
    titles = [duty.title for duty in rulebook.duties.values()]
    about = "What is its title? A noun phrase, without a full stop."
    title = _answer(options, "title", about, _title(titles))
    about = "Which words of the SOP require it? At most eight."
    phrase = _answer(options, "phrase", about, _phrase)
    bearers = [bearer.name for bearer in rulebook.book.bearers]
    bearer = _choice(options, "bearer", "Who is responsible?", bearers)
    strength = _choice(options, "strength", "How strong is it?", ("must", "should"))
    about = f"Which pattern is it? {_PATTERNS}"
    pattern = _answer(options, "pattern", about, lambda text: _known(text, KINDS))
    every = _every(options, pattern)
    of, for_each, where = "", "", tuple[tuple[str, str], ...]()
    if pattern == _CONTENT:
        about = "Which duty has the evidence? Its id."
        of = _answer(options, "of", about, lambda text: _known(text, tuple(rulebook.duties)))
        rows = resolve(rulebook, of).versions[-1].rule.rows
        register = rows.register if rows else ""
    else:
        registers = [spec.id for spec in rulebook.registers.values() if not spec.control]
        register = _choice(options, "register", "Which register has the evidence?", registers)
        spec = rulebook.registers[register]
        for_each = _for_each(options, pattern, lists_named(spec, pattern, rulebook))
        where = _where(options, spec)
    about = "On which day does it begin, such as 1 April 2027?"
    return NewDuty(
        id=options.duty,
        section=section,
        title=title,
        phrase=phrase,
        bearer=bearer,
        strength=strength,
        pattern=pattern,
        register=register,
        of=of,
        first=_answer(options, "first-day", about, _day),
        for_each=for_each,
        where=where,
        every=every,
    )


def _every(options: argparse.Namespace, pattern: str) -> str:
    """How often it is required; '' without the option. Raises Stop if the pattern does not fit."""
    every = (options.every or "").strip()
    try:
        if options.every is not None:
            must_be_often(pattern, every)
    except ValueError as error:
        raise Stop(f"--every: {str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.") from None
    return every


def _answer(options: argparse.Namespace, option: str, question: str, read: Callable[[str], T]) -> T:
    """The answer of an option, or of a person, who is asked again if it cannot be used. Raises Stop
    if the option is wrong."""
    given = getattr(options, option.replace("-", "_"))
    if given is not None:
        try:
            return read(given.strip())
        except ValueError as error:
            raise Stop(f"--{option}: {error}") from None
    while True:
        no_answer = f"Stopped: there was no answer, and nothing was written. Give --{option}."
        try:
            return read(ask(question, no_answer))
        except ValueError as error:
            say(str(error))


def _choice(options: argparse.Namespace, option: str, question: str, known: Sequence[str]) -> str:
    """The answer, which is one of those that are known."""
    question = f"{question} ({', '.join(known)})"
    return _answer(options, option, question, lambda text: _known(text, known))


def _for_each(options: argparse.Namespace, pattern: str, lists: Collection[str]) -> str:
    """The register of those for each of whom the duty is required; '' if it is required once."""

    def read(text: str) -> str:
        if "event" in PATTERNS[pattern].takes and text not in (*lists, _NONE):
            raise ValueError(
                f"A {pattern} duty is required for each event, and each row of a list may be one: "
                f"give {_NONE}."
            )
        if _known(text, (*lists, _NONE)) != _NONE and not PATTERNS[pattern].takes_subjects:
            raise ValueError(
                f"A {pattern} duty is required once for the whole body: give {_NONE}. For each of "
                f"'{text}', begin again with the pattern rolling."
            )
        return text

    if not lists and options.for_each is None:
        return ""
    about = f"Is it required for each of {' or '.join(lists)}, or once for the whole body?"
    register = _answer(options, "for-each", f"{about} ({', '.join((*lists, _NONE))})", read)
    return "" if register == _NONE else register


def _where(options: argparse.Namespace, spec: RegisterSpec) -> tuple[tuple[str, str], ...]:
    """The columns of the rows that count, with their values: those of the option, or the kind that
    a person chooses. Raises Stop if the option is wrong."""
    column = kind_column(spec)
    if options.where is None:
        if column is None:
            return ()
        about = f"Which rows of '{spec.id}' count? A '{column.name}', or none to count all."
        kind = _choice(options, "where", about, (*column.codes, _NONE))
        return ((column.name, kind),) if kind != _NONE else ()
    pairs: dict[str, str] = {}
    for text in options.where if options.where != [_NONE] else ():
        name, _, value = (part.strip() for part in text.partition("="))
        try:
            columns = [column.name for column in spec.written.columns]
            must_fit(spec.column(_known(name, columns)), value)
            if name in pairs:
                raise ValueError(f"The column '{name}' is given twice. Give one value.")
        except ValueError as error:
            raise Stop(f"--where: {error}") from None
        pairs[name] = value
    return tuple(pairs.items())


def _known(text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise ValueError(f"There is no '{text}' here. {did_you_mean(text, known)}")
    return text


def _title(titles: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text:
            raise ValueError("Give a title.")
        if text in titles:
            raise ValueError(f"Another duty is called '{text}'. Give another title.")
        return text

    return read


def _phrase(text: str) -> str:
    if not 0 < len(text.split()) <= _MOST_WORDS:
        raise ValueError(f"Give between one and {_MOST_WORDS} words, enough to find the sentence.")
    return text


def _day(text: str) -> datetime.date:
    if not text:
        raise ValueError("Give a date, such as 1 April 2027.")
    day = read_day(text)
    if not isinstance(day, Day):
        raise ValueError(f"{day.message} {day.instruction}")
    return day.day
