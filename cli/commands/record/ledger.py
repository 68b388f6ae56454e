"""dueregard ledger: shows, verifies, compares, exports and prunes the record of checks."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, Stop
from cli.inputs import path_words
from cli.ledger_entry import add_by_to, day_of, in_words, stamp
from cli.outputs import must_be_free, write_new, write_over
from cli.say import say
from engine.assessment import Assessment
from record.ledger.chain import check_of, entries, entry_of, export_chain
from record.ledger.checks import fetch_assessment
from record.ledger.comparison import compare, compare_words
from record.ledger.database import LEDGER_NAME
from record.ledger.entries import Approved, Body, Checked
from record.ledger.prune import Pruning, prune
from record.ledger.review import reviews_in
from record.ledger.rulebooks import fetch_rulebook
from record.ledger.text import list_words, review_lines, show_words, verify_words
from record.ledger.verify import LIMITS, verify
from reports import words
from reports.html.report import to_html


def add_to(commands: Commands) -> None:
    """Adds the command and its own commands."""
    command = commands.add_parser("ledger", help="read and verify the record of checks")
    kinds = command.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add(kinds, "list", run_list, "list every entry on one line")
    show = _add(kinds, "show", run_show, "show one entry, and the views of auditors on it")
    show.add_argument("number", metavar="N", type=int)
    show.add_argument(
        "--html", metavar="FILE", type=Path, help="also write its report again, with the reviews"
    )
    show.add_argument(
        "--rulebook", metavar="FOLDER", type=Path, help="also write its rulebook into a new folder"
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
    command = add_command(kinds, name, about, run, more)
    command.add_argument(
        "--ledger",
        metavar="FILE",
        type=Path,
        default=Path(LEDGER_NAME),
        help=f"the ledger ({LEDGER_NAME})",
    )
    return command


def run_list(options: argparse.Namespace) -> int:
    """Lists every entry."""
    with in_words():
        say(list_words(entries(options.ledger)))
    return NOTHING_OUTSTANDING


def run_show(options: argparse.Namespace) -> int:
    """Shows one entry."""
    with in_words():
        ledger = entries(options.ledger)
        entry = entry_of(ledger, options.number)
        body = entry.body
        assessment = (
            fetch_assessment(options.ledger, entry, body) if isinstance(body, Checked) else None
        )
    say(show_words(options.ledger, entry, ledger, assessment))
    if options.html:
        if assessment is None or not isinstance(body, Checked):
            raise Stop(
                f"--html: entry {options.number} records no assessment, so it has no report."
            )
        lines = review_lines(assessment, reviews_in(ledger, body.assessment))
        write_new(options.html, to_html(assessment, reviews=lines))
        say(f"Saved: {options.html}")
    if options.rulebook:
        _write_rulebook(options.ledger, body, options.rulebook)
    return NOTHING_OUTSTANDING


def _write_rulebook(ledger: Path, body: Body, folder: Path) -> None:
    """Writes the rulebook of an entry as it was then, into a folder that does not exist yet."""
    if not isinstance(body, Checked | Approved):
        raise Stop(f"--rulebook: entry {body.number} names no rulebook.")
    must_be_free(folder)
    with in_words():
        files = fetch_rulebook(ledger, body.number, body.rulebook)
    try:
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"{path_words(folder, '--rulebook')}: {error.strerror or error}.") from None
    write_over({folder / name: data for name, data in files.items()})
    say(f"Saved: {folder}")


def run_verify(options: argparse.Namespace) -> int:
    """Says whether the ledger is intact; 1 if it is not."""
    head = options.head.strip().lower() if options.head else None
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise Stop(f"--head {options.head}: give all 64 letters and digits of the head.")
    with in_words():
        result = verify(options.ledger, head)
    say(verify_words(result, options.ledger))
    return OUTSTANDING if result.faults else NOTHING_OUTSTANDING


def run_compare(options: argparse.Namespace) -> int:
    """Says what differs in the second of two checks, and why."""
    numbers, assessments = (options.one, options.two), list[Assessment]()
    with in_words():
        ledger = entries(options.ledger)
        for number in numbers:
            assessment = fetch_assessment(options.ledger, *check_of(ledger, number))
            if assessment is None:
                raise Stop(f"Entry {number} was pruned, so nothing can be compared with it.")
            assessments.append(assessment)
    say(compare_words(compare(*assessments), numbers, whole=options.all))
    return NOTHING_OUTSTANDING


def run_export(options: argparse.Namespace) -> int:
    """Writes the chain, never over an existing file."""
    with in_words():
        data = export_chain(options.ledger)
    write_new(options.out, data)
    say(f"Saved: {options.out}")
    return NOTHING_OUTSTANDING


def run_prune(options: argparse.Namespace) -> int:
    """Removes the details that name people from the entries made before a day."""
    by, before = stamp(options.by), day_of(options.before, "--before")
    if before > by.at.date():
        raise Stop(f"--before: {words.day(before)} has not come yet. Give an earlier day.")
    with in_words():
        result = prune(options.ledger, before, by)
    say(_pruning_words(result, words.day(before)))
    return NOTHING_OUTSTANDING


def _pruning_words(result: Pruning, before: str) -> str:
    if not (result.entries or result.assessments or result.strays):
        return f"There is nothing from before {before} to prune."
    files = words.count(result.strays, "file")
    strays = f", and {files} that belong to no entry" if result.strays else ""
    details = words.count(result.entries, "entry", "entries")
    assessments = words.count(result.assessments, "assessment")
    text = f"Pruned, from before {before}: the details of {details}, {assessments}{strays}"
    if result.head is not None:
        text += f"\nPruning logged as number {result.number} (fingerprint {result.head})"
    return text
