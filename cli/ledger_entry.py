"""Entering things in the ledger: where it is, who does it, and when."""

from __future__ import annotations

import argparse
import datetime
import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.exits import Stop
from cli.say import complain, say
from engine.assessment import Assessment
from evidence.cells.day_text import Day, read_day
from evidence.filenames import as_text
from record.ledger.database import LedgerProblem, OtherKey
from record.ledger.entry import Entered, enter, forget_run, ledger_of, write_run
from record.ledger.ledger import Stamp, key_of, new_key

#: What the ledger is called where no other name is given.
NAME = "dueregard-ledger.sqlite"
NONE = "none"

_UNREPORTED = (
    "\nNo report was written. Old reports are unchanged. With --ledger none the check is reported "
    "and not recorded."
)


def ledger_beside(folder: Path) -> Path:
    """The ledger of a folder of reports where none is given: beside the folder, so that checks
    whose reports lie side by side share one, on a disk where the office can write and that it
    backs up. Where the folder is the one in which the program runs, within it."""
    return Path(os.path.normpath(folder)).parent / NAME


def ledger_for(folder: Path) -> Path:
    """The ledger that run.json in a folder of reports names, otherwise the one beside it."""
    return ledger_of(folder) or ledger_beside(folder)


@contextmanager
def in_words(more: str = "") -> Iterator[None]:
    """Turns what is wrong with a ledger into what a command stops with, with more behind it."""
    try:
        yield
    except LedgerProblem as problem:
        raise Stop(f"{problem}{more}") from None


def add_by_to(command: argparse.ArgumentParser) -> None:
    """Adds the option that says who does it."""
    command.add_argument(
        "--by", metavar="NAME", help="your name, for the ledger (default: your user name)"
    )


def stamp(by: str | None) -> Stamp:
    """Now, to the second and with its offset from UTC, and who does it: the only look at the clock
    for the ledger."""
    now = datetime.datetime.now().astimezone().replace(microsecond=0)
    name = (by or "").strip()
    if not name:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a system on which nobody is logged in
            name = "unknown user"
    return Stamp(now, as_text(name))


def day_of(text: str, option: str) -> datetime.date:
    """The day that an option was given. Raises Stop where it is none."""
    found = read_day(text)
    if not isinstance(found, Day):
        raise Stop(f"{option}: {found.message} {found.hint}")
    return found.day


def chosen(ledger: str | None, out: Path) -> Path | None:
    """The ledger that a check is entered in; None where it is to be entered in none."""
    if ledger is None:
        return ledger_beside(out)
    return None if ledger.casefold() == NONE else Path(ledger)


def made_and_entered(
    ledger: Path | None, by: str | None, make: Callable[[bytes | None], tuple[Assessment, bytes]]
) -> tuple[Assessment, bytes, Entered | None]:
    """Makes an assessment, with the bytes of its JSON, and enters it, before its reports are
    written; None where it is entered nowhere. ``make`` is given the key under which its rows get
    their fingerprints: that of the ledger, or a new one for a ledger that is not there. It is begun
    only with the entry, so that nothing is left of a check that fails; where another check began it
    meanwhile, the assessment is made again, with the key that it has then. Raises Stop where it
    cannot be entered."""
    if ledger is None:
        return *make(None), None
    while True:
        with in_words(_UNREPORTED):
            key = key_of(ledger)
        drawn = key or new_key()
        assessment, data = make(drawn)
        with in_words(_UNREPORTED):
            try:
                return assessment, data, enter(ledger, assessment, stamp(by), drawn, data)
            except OtherKey:
                if key is not None:
                    raise


def tell_entered(entered: Entered | None, folder: Path) -> None:
    """Says where the check stands in the ledger, and with which head; and writes run.json, which
    says so beside the reports."""
    if entered is None:
        forget_run(folder)
        return
    try:
        written = f"Written: {write_run(folder, entered)}\n"
    except OSError as error:
        written = ""
        complain(f"{folder}: run.json could not be written ({error.strerror}).")
    new = "the new ledger " if entered.first else ""
    at = f"number {entered.number} in {new}{entered.ledger}"
    say(f"{written}Check logged as {at} (fingerprint {entered.head})")
