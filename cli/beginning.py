"""dueregard check: what it may be told, and what it begins before it loads all that it needs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cli.books import Found, faultless, found_in
from cli.entering import add_check_options_to
from engine.durable import Child, available, spares
from reports.beside import beside
from reports.writing import ALL
from rules.model import Rulebook


@dataclass(frozen=True, slots=True)
class Begun:
    """What goes on beside a check: ``rulebook`` waits for the rulebook and raises Stop where
    anything is wrong with it; ``unusable`` says why the rules engine cannot be had, or is None;
    ``spare`` are processes in which it waits to be asked."""

    rulebook: Callable[[], Rulebook]
    unusable: str | None
    spare: list[Child]


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
    """Runs the check. Loading takes most of half a second, in which the rules are read in a second
    process, and the rules engine starts in some more: it is asked twice, about the obligations and
    about their totals."""
    with beside(partial(found_in, asked.rulebook)) as found, spares(2) as spare:
        with ThreadPoolExecutor(1) as aside:
            unusable = aside.submit(available)
            from cli import check  # noqa: PLC0415

        rulebook = partial(_rulebook, found, asked.rulebook)
        return check.run(asked, Begun(rulebook, unusable.result(), spare))


def _rulebook(found: Callable[[], Found], folder: Path | None) -> Rulebook:
    return faultless(found(), folder)
