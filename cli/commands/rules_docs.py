"""dueregard rules docs: the rulebook as a page for people."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from pathlib import Path

from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import rulebook_in
from cli.outputs import files_in, must_replace_no_input, write_over
from cli.say import say
from engine.columns.arrays import all_columns
from engine.outcomes.owners import owners
from evidence.read import read_evidence
from reports.rulebook.page import rules_html
from rules.load import OWN_BOOK
from rules.model import Rulebook


def add_to(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    made = kinds.add_parser("docs", help="write the rulebook as a page for people")
    made.add_argument("out", metavar="OUT.html", type=Path, help="where to write it")
    made.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    made.add_argument(
        "--owners", metavar="WORKBOOK", type=Path, help="whose sheet of owners says who answers"
    )
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Writes the page, over an older one if there is one."""
    out: Path = asked.out
    if out.suffix.lower() not in {".html", ".htm"}:
        raise Stop(f"{out} would not open in a browser: give a name that ends in .html.")
    inputs = {
        "a file of the rulebook": files_in(asked.rulebook or OWN_BOOK),
        "the workbook of owners": [asked.owners] if asked.owners else [],
    }
    must_replace_no_input([("", out)], inputs)
    rulebook = rulebook_in(asked.rulebook)
    page = rules_html(rulebook, _owners(asked.owners, rulebook))
    write_over({out: page})
    say(f"Written: {out}")
    return NOTHING_OUTSTANDING


def _owners(path: Path | None, rulebook: Rulebook) -> Mapping[str, str]:
    """Who answers for each duty, by the Owners sheet of a workbook."""
    if path is None:
        return {}
    evidence = read_evidence([path], rulebook.registers)
    if evidence.fatal:
        raise Stop("\n".join(each.message for each in evidence.fatal))
    found = owners(all_columns(evidence.tables, datetime.date.max), rulebook)
    if not found:
        raise Stop(f"{path}: no owner of a duty of the rulebook stands in its sheet of owners.")
    return found
