"""dueregard check: what it may be told, and what it begins before it loads all that it needs."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from cli.ledger_options import add_check_options_to
from reports.beside import Beside
from reports.formats import ALL


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    made = commands.add_parser("check", help="check evidence and write the reports")
    made.add_argument(
        "evidence", metavar="EVIDENCE", type=Path, nargs="+", help="workbooks and CSV files"
    )
    made.add_argument("--as-of", metavar="DAY", help="the day the check speaks for (today)")
    made.add_argument(
        "--known-by", metavar="DAY", help="count only rows recorded by that day (all of them)"
    )
    made.add_argument(
        "--records-begin",
        metavar="DAY",
        help="the day from which you keep these registers (the SOP's first day)",
    )
    made.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    made.add_argument(
        "--sop", metavar="FILE", type=Path, help="the SOP (.txt, .md or .docx), to quote from it"
    )
    made.add_argument("--since", metavar="OLD.json", type=Path, help="an earlier assessment.json")
    made.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        default=Path("dueregard-report"),
        help="where the reports go (dueregard-report)",
    )
    made.add_argument(
        "--formats", default=",".join(ALL), help=f"which reports, of {', '.join(ALL)}"
    )
    made.add_argument("--timings", metavar="FILE", type=Path, help="write how long each step took")
    add_check_options_to(made)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Runs the check. Loading all that it needs takes a while, in which the rules are read in a
    second process. What reads them is needed by both, so it is loaded once, before."""
    from cli.books import found_in  # noqa: PLC0415

    with Beside() as process:
        found = process.begin(partial(found_in, asked.rulebook))
        from cli import check  # noqa: PLC0415

        return check.run(asked, found)
