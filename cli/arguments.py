"""The commands, and what each may be given."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from cli.say import say
from evidence.visible import visible

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

#: To which a command adds itself.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

#: Each is a module of cli.commands. Some take a while to load, so that only the module of the
#: command that is asked for is.
_NAMES = ("check", "explain", "locate", "template", "rules", "sop", "ledger", "review", "pack")


class Parser(argparse.ArgumentParser):
    """Shows the hidden letters of what it refuses."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Prints the help as everything else is printed."""
        if file is None:
            say(self.format_help().rstrip("\n"))
        else:
            super().print_help(file)

    def error(self, message: str) -> NoReturn:
        """Says what is wrong with the options, and ends the command."""
        super().error(visible(message))


def parser(first: str = "") -> argparse.ArgumentParser:
    """The commands and their options; ``run`` of what it parses is what to call with it. Where
    ``first``, the first word that was written, is a command, it knows that command alone."""
    made = Parser(
        prog="dueregard",
        description="Checks an office's evidence against the duties of its Prevent duty SOP.",
    )
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in [first] if first in _NAMES else _NAMES:
        import_module(f"cli.commands.{name}").add_to(commands)
    return made
