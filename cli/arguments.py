"""The parser of the command line, which says in sentences what is wrong."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from cli.exits import Stop
from cli.say import say
from evidence.cells.day_text import Day, read_day
from evidence.cells.text import listed
from rules.problem import nearest

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

#: The parser's commands, to which a module adds its own.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

#: The module in cli.commands of each command. Only the one in use is loaded: some take a while.
_MODULES = {
    "open": "open",
    "start": "start",
    "map": "map",
    "check": "check",
    "estate": "estate",
    "estate-report": "estate_report",
    "month": "month",
    "explain": "explain",
    "owners": "owners",
    "locate": "record.locate",
    "template": "template",
    "rules": "rules",
    "sop": "sop",
    "ledger": "record.ledger",
    "review": "record.review",
    "sign": "record.sign",
    "calendar": "calendar",
    "papers": "papers",
    "tables": "tables",
    "pack": "record.pack",
}

#: What Word makes of two hyphens.
_LONG_DASHES = "\u2013\u2014\u2015\u2212"
_DASHES = f"-{_LONG_DASHES}"

_ASSESSMENT = "dueregard-report/assessment.json"

#: For each command with required arguments, an example of them.
_EXAMPLES = {
    "": "check evidence.xlsx",
    "calendar": _ASSESSMENT,
    "check": "evidence.xlsx",
    "estate": "offices",
    "estate-report": "dueregard-estate",
    "explain": f"{_ASSESSMENT} refresher-training",
    "ledger": "list",
    "ledger compare": "1 2",
    "ledger export": "chain.txt",
    "ledger prune": "--before 01/04/2026",
    "ledger show": "1",
    "locate": f"{_ASSESSMENT} later-copy.xlsx",
    "owners": _ASSESSMENT,
    "pack": f"pack.zip {_ASSESSMENT} --evidence evidence.xlsx",
    "papers": _ASSESSMENT,
    "review": f"{_ASSESSMENT} refresher-training --agree",
    "rules": "check",
    "rules approve": 'refresher-training --by "Chief Executive" --on 24/11/2026',
    "rules docs": "rules.html",
    "rules impact": "new-rules evidence.xlsx",
    "rules log": "refresher-training",
    "rules new": "fire-drill",
    "rules new-book": "our-rules",
    "sign": '--by "Chief Executive" --as chief-executive',
    "sop": "read sop.docx",
    "sop compare": "old-sop.docx new-sop.docx",
    "sop coverage": "sop.docx",
    "sop pin": "sop.docx",
    "sop read": "sop.docx",
    "tables": f"{_ASSESSMENT} --to csv --out tables",
    "template": "evidence.xlsx",
}

#: What a person has to say for each argument that is missing. A name with the last word of a
#: command before it is for that command.
_MISSING = {
    "--as": "in which role (--as)",
    "--before": "from which entries to remove the details (--before)",
    "--by": "which post signs it off (--by)",
    "--out": "where to write them (--out)",
    "--to": "in which form (--to)",
    "ASSESSMENT": "which assessment.json to use",
    "COMMAND": "which command to run",
    "DUTY": "which duty",
    "FILE": "which file is the SOP",
    "N": "which entry",
    "RUN": "which run of an estate to report on",
    "NEW": "which file has the new version",
    "OLD": "which file has the old version",
    "WORKBOOK": "which later copy to search",
    "compare M": "which other entry to compare it with",
    "docs OUT.html": "where to write the page",
    "estate FOLDER": "which folder contains the bodies",
    "export OUT": "where to write the chain",
    "impact NEW": "which folder has the changed rulebook",
    "new DUTY": "which id the new duty gets",
    "new-book FOLDER": "into which new folder to write the rulebook",
    "pack OUT.zip": "where to write the pack",
    "template OUT.xlsx": "where to write the workbook",
}


class Parser(argparse.ArgumentParser):
    """A parser that says in sentences what is wrong with the options, and shows hidden characters.

    Raises Stop where argparse would end the program."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Prints the help in the encoding of the terminal."""
        if file is None:
            say(self.format_help().rstrip("\n"))
        else:
            super().print_help(file)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parses the arguments of a command. Any that it does not know are refused here, by the
        parser of that command, which knows its options."""
        self._stop_at_dashes(args or ())
        self._stop_at_parts_of_days(args or ())
        parsed, unknown = super().parse_known_args(args, namespace)
        options = [word for word in unknown if word.startswith("-")]
        if options:
            option = options[0].partition("=")[0]
            known = [name for name in self._option_string_actions if name.startswith("--")]
            if option[2:] in [action.dest for action in self._get_positional_actions()]:
                words = [word.removeprefix(f"{option}=") for word in args or () if word != option]
                typed = [self.prog, *(f'"{word}"' if " " in word else word for word in words)]
                self.stop(f"{self.prog} needs no '{option}'. Type: {' '.join(typed)}")
            short = [] if option.startswith("--") else [k for k in known if k[2:3] == option[1:2]]
            meant = f" Did you mean {listed(short, 'or')}?" if short else ""
            meant = meant or _did_you_mean(option, known)
            self.stop(f"{self.prog} has no option '{option}'.{meant}")
        if unknown:
            self.stop(
                f"'{unknown[0]}' is one argument too many for {self.prog}. If it is part of a name "
                "with spaces, write the whole name in quotation marks."
            )
        return parsed, unknown

    def _stop_at_dashes(self, args: Sequence[str]) -> None:
        """Refuses an option that begins with a long dash, as Word makes one of two hyphens."""
        for word in args:
            name = f"--{word.lstrip(_DASHES)}"
            if word.startswith(tuple(_LONG_DASHES)) and name in self._option_string_actions:
                self.stop(f"'{word}' begins with a long dash. Type two hyphens: {name}")

    def _stop_at_parts_of_days(self, args: Sequence[str]) -> None:
        """Refuses a date in several words, such as ``1 April 2026``, of which only the first is
        taken for the value of its option."""
        for at, word in enumerate(args):
            parts = args[at + 1 : at + 4]
            if word not in self._option_string_actions or not "".join(parts[1:2]).isalpha():
                continue
            text = " ".join(parts)
            day = read_day(text)
            if isinstance(day, Day):
                given = f'{word} "{text}"'
                self.stop(f"Give the date as {day.day:%d/%m/%Y}, or in quotation marks: {given}")

    def error(self, message: str) -> NoReturn:
        """Raises Stop with a message of argparse in other words."""
        self.stop(self._sentence(message))

    def _sentence(self, message: str) -> str:
        example = f"for example: {self.example()}"
        if m := re.match("the following arguments are required: (.*)", message):
            names = [name.split("/")[0] for name in m[1].split(", ")]
            own = self.prog.rpartition(" ")[2]
            parts = [_MISSING.get(f"{own} {name}") or _MISSING[name] for name in names]
            return f"Say {listed(parts)}, {example}"
        if m := re.match(r"argument COMMAND: invalid choice: '(.*?)'", message):
            command = next(a for a in self._actions if isinstance(a, argparse._SubParsersAction))
            return unknown_command(m[1], command.choices, self.prog)
        if m := re.match("one of the arguments (.*) is required", message):
            return f"Say {' or '.join(m[1].split())}, {example}"
        if m := re.match("argument (.*): not allowed with argument (.*)", message):
            return f"Give {m[2]} or {m[1]}, not both."
        if m := re.match("argument (.*): expected (?:one|at least one) argument", message):
            value = self._option_string_actions[m[1].split("/")[0]].metavar
            return f"{m[1]} needs a value after it: {m[1]} {value}"
        if m := re.match("argument .*: invalid int value: '(.*)'", message):
            return f"'{m[1]}' is not a whole number. Give the number of an entry, {example}"
        if m := re.match("ambiguous option: (.*) could match (.*)", message):
            return f"{m[1]} could mean {m[2].replace(', ', ' or ')}. Write the whole option."
        return f"{message[:1].upper()}{message[1:]}."

    def example(self) -> str:
        """The command with an example of its required arguments."""
        command = self.prog.partition(" ")[2]
        example = _EXAMPLES.get(command, "")
        if _ASSESSMENT in example:
            from record.office.kept_reports import latest_report  # noqa: PLC0415  (loaded for this message)

            example = example.replace(_ASSESSMENT, latest_report() or _ASSESSMENT)
        return f"{self.prog} {example}".rstrip()

    def stop(self, sentence: str) -> NoReturn:
        """Raises Stop with a sentence, and with the way to the help."""
        raise Stop(f"{sentence}\nFor help: {self.prog} --help")


def add_command(
    commands: Commands,
    name: str,
    about: str,
    run: Callable[[argparse.Namespace], int],
    more: str = "",
) -> argparse.ArgumentParser:
    """Adds a command that ``run`` carries out. Its help says what it is about, and ``more``."""
    description = f"{about[:1].upper()}{about[1:]}. {more}"
    command = commands.add_parser(name, help=about, description=description)
    command.set_defaults(run=run)
    return command


def unknown_command(name: str, names: Iterable[str], prog: str) -> str:
    """A sentence that says that there is no such command, and which there are."""
    known = list(names)
    most = f"{', '.join(known[:-1])} and {known[-1]}"
    return f"There is no command '{name}'.{_did_you_mean(name, known)}\n{prog} has {most}."


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f" Did you mean {close}?" if close else ""


def parser(first: str = "") -> argparse.ArgumentParser:
    """The parser of all commands; ``run`` of what it parses is the function to call. If ``first``,
    the first word on the command line, is a command, the parser knows that command alone; and none
    if it asks for the version.

    Raises Stop if ``first`` is neither a command nor the option for help."""
    root = Parser(
        prog="dueregard",
        description="Checks the evidence in spreadsheets against the duties of a rulebook.",
    )
    if first.startswith("-") and first not in ("-h", "--help", "--version"):
        root.stop(f"Write a command before its options, for example: {root.example()}")
    if first and first not in _MODULES and not first.startswith("-"):
        if Path(first).is_file():
            name = f'"{first}"' if " " in first else first
            root.stop(f"To check a file: {root.prog} check {name}")
        root.stop(unknown_command(first, _MODULES, root.prog))
    own = f"{root.prog} {version('dueregard')}"
    root.add_argument("--version", action="version", version=own, help="show the version, and end")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    names = () if first == "--version" else [first] if first in _MODULES else _MODULES
    for name in names:
        import_module(f"cli.commands.{_MODULES[name]}").add_to(commands)
    return root
