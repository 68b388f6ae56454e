"""dueregard rules: what can be asked of a rulebook without evidence of an office."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from cli.commands import rules_docs, rules_test
from cli.exits import NOTHING_OUTSTANDING, STOPPED
from cli.say import say
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from rules.problem import RuleProblem, as_json, describe_all

#: So many problems are listed as JSON.
_MOST_LISTED = 10_000


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command and its own commands."""
    made = commands.add_parser("rules", help="look at a rulebook, without evidence")
    kinds = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check = kinds.add_parser("check", help="say everything that is wrong in a rulebook")
    check.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", default=OWN_BOOK)
    check.add_argument("--json", action="store_true", help="as JSON, for another program")
    check.set_defaults(run=run_check)
    rules_docs.add_to(kinds)
    rules_test.add_to(kinds)


def run_check(asked: argparse.Namespace) -> int:
    """Says what is wrong, or that nothing is; 2 where something is."""
    found = load_rulebook(asked.folder)
    problems = () if isinstance(found, Rulebook) else found
    if asked.json:
        say(json.dumps(_as_json(problems), indent=1))
    elif isinstance(found, Rulebook):
        book = found.book
        say(f"Nothing wrong in {book.title}, version {book.version}: {len(found.duties)} duties.")
    else:
        say("\n".join(describe_all(problems)))
    return STOPPED if problems else NOTHING_OUTSTANDING


def _as_json(problems: Sequence[RuleProblem]) -> dict[str, object]:
    """The problems, and where they are too many to list how many more there are."""
    listed = [as_json(each) for each in problems[:_MOST_LISTED]]
    left = len(problems) - len(listed)
    return {"problems": listed} | ({"more": left} if left else {})
