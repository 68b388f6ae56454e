"""dueregard ledger: what was checked before, and whether that record is still the one made."""

from __future__ import annotations

import argparse
import datetime
import re
from collections.abc import Callable
from pathlib import Path

from cli.arguments import Commands
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, Stop
from cli.ledger_entry import NAME, add_by_to, day_of, in_words, stamp
from cli.outputs import write_new
from cli.say import say
from record.compare.compare import compare
from record.compare.input_changes import side
from record.compare.text import compare_words
from record.ledger.entries import Checked
from record.ledger.entry import kept
from record.ledger.ledger import entries, entry_of, exported
from record.ledger.prune import Pruning, prune
from record.ledger.review import reviews_in
from record.ledger.text import list_words, review_lines, show_words, verify_words
from record.ledger.verify import LIMITS, verify
from reports import words
from reports.html.report import to_html


def add_to(commands: Commands) -> None:
    """Adds the command and its own commands."""
    made = commands.add_parser("ledger", help="read and verify the record of checks")
    kinds = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add(kinds, "list", run_list, "list every entry on one line")
    show = _add(kinds, "show", run_show, "show one entry, and the views of auditors on it")
    show.add_argument("number", metavar="N", type=int)
    show.add_argument(
        "--html", metavar="FILE", type=Path, help="also write its report again, with the reviews"
    )
    about = "find out whether the ledger was altered or damaged"
    verifying = _add(kinds, "verify", run_verify, about, LIMITS)
    verifying.add_argument("--head", metavar="HASH", help="a head that you kept elsewhere")
    comparing = _add(kinds, "compare", run_compare, "show what differs between two checks, and why")
    comparing.add_argument("one", metavar="N", type=int)
    comparing.add_argument("two", metavar="M", type=int)
    comparing.add_argument("--all", action="store_true", help="list every obligation")
    export = _add(kinds, "export", run_export, "write the chain as text, without names of people")
    export.add_argument("out", metavar="OUT", type=Path)
    pruning = _add(
        kinds, "prune", run_prune, "remove the details that name people; the chain stays complete"
    )
    pruning.add_argument(
        "--before", metavar="DAY", required=True, help="from entries made before this day"
    )
    add_by_to(pruning)


def _add(
    kinds: Commands, name: str, run: Callable[[argparse.Namespace], int], about: str, more: str = ""
) -> argparse.ArgumentParser:
    made = kinds.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}. {more}")
    made.add_argument(
        "--ledger", metavar="FILE", type=Path, default=Path(NAME), help=f"the ledger ({NAME})"
    )
    made.set_defaults(run=run)
    return made


def run_list(asked: argparse.Namespace) -> int:
    """Lists every entry."""
    with in_words():
        say(list_words(entries(asked.ledger)))
    return NOTHING_OUTSTANDING


def run_show(asked: argparse.Namespace) -> int:
    """Shows one entry."""
    with in_words():
        found = entries(asked.ledger)
        entry = entry_of(found, asked.number)
        body = entry.body
        assessment = kept(asked.ledger, entry, body) if isinstance(body, Checked) else None
    say(show_words(asked.ledger, entry, found, assessment))
    if asked.html:
        if assessment is None or not isinstance(body, Checked):
            raise Stop(f"--html: entry {asked.number} records no assessment, so it has no report.")
        lines = review_lines(assessment, reviews_in(found, body.assessment))
        write_new(asked.html, to_html(assessment, reviews=lines))
        say(f"Written: {asked.html}")
    return NOTHING_OUTSTANDING


def run_verify(asked: argparse.Namespace) -> int:
    """Says whether the ledger holds; 1 where it does not."""
    head = asked.head.strip().lower() if asked.head else None
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise Stop(f"--head {asked.head}: give all 64 letters and digits of the head.")
    with in_words():
        found = verify(asked.ledger, head)
    say(verify_words(found, asked.ledger))
    return OUTSTANDING if found.faults else NOTHING_OUTSTANDING


def run_compare(asked: argparse.Namespace) -> int:
    """Says what is otherwise in the second of two checks, and why."""
    with in_words():
        found = entries(asked.ledger)
        one, two = (side(asked.ledger, found, number) for number in (asked.one, asked.two))
    say(compare_words(compare(one, two), whole=asked.all))
    return NOTHING_OUTSTANDING


def run_export(asked: argparse.Namespace) -> int:
    """Writes the chain; never over a file that is there."""
    with in_words():
        data = exported(asked.ledger)
    write_new(asked.out, data)
    say(f"Written: {asked.out}")
    return NOTHING_OUTSTANDING


def run_prune(asked: argparse.Namespace) -> int:
    """Removes what names people from the entries made before a day."""
    by, before = stamp(asked.by), day_of(asked.before, "--before")
    if before > by.at.date():
        raise Stop(f"--before: {words.day(before)} has not come yet. Give an earlier day.")
    with in_words():
        found = prune(asked.ledger, before, by)
    say(_pruned(found, before))
    return NOTHING_OUTSTANDING


def _pruned(found: Pruning, before: datetime.date) -> str:
    since = words.day(before)
    if not (found.entries or found.assessments or found.strays):
        return f"There is nothing from before {since} to prune."
    strays = (
        f", and {words.count(found.strays, 'file')} that belong to no entry" if found.strays else ""
    )
    details = words.count(found.entries, "entry", "entries")
    assessments = words.count(found.assessments, "assessment")
    lines = [f"Pruned, from before {since}: the details of {details}, {assessments}{strays}"]
    if found.head is not None:
        lines.append(f"Pruning logged as number {found.number} (fingerprint {found.head})")
    return "\n".join(lines)
