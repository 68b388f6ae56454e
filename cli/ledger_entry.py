"""Enters a command in the ledger: the ledger's path, the author and the time."""

from __future__ import annotations

import argparse
import datetime
import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cli.exits import Stop
from cli.say import complain, say
from engine.assessment import Assessment, TrendPoint
from evidence.cells.day_text import Day, read_day
from evidence.filenames import as_text
from evidence.visible import first_hidden
from record.ledger.approvals import not_entered
from record.ledger.chain import Stamp, key_of, new_key
from record.ledger.checks import Entered, enter
from record.ledger.database import LEDGER_NAME, LedgerProblem, OtherKey
from record.ledger.earlier_checks import earlier_points
from record.ledger.run_file import forget_run, ledger_of, write_run
from reports import words
from rules.model import Rulebook

NONE = "none"

#: The most characters of a post, and of what is said or given as a reason.
LONGEST_POST, LONGEST_REASON = 120, 500
A_POST = "Enter a post, such as Chief Executive, and not a person's name"

#: The number of versions that a message names.
_SHOWN = 10

#: What a person needs to know of a ledger when it is begun.
NEW_LEDGER = (
    "The ledger is the record of your checks. You do not have to do anything with it: leave it"
    " where it is, and do not open it."
)

_UNREPORTED = (
    "\nNo report was written. Old reports are unchanged. With --ledger none the check is reported "
    "and not recorded."
)


def ledger_beside(folder: Path) -> Path:
    """The default ledger of a folder of reports: beside the folder, so that checks with reports
    side by side share one, on a disk that the office can write to and backs up. For the current
    folder it is inside it."""
    return Path(os.path.normpath(folder)).parent / LEDGER_NAME


def ledger_for(folder: Path) -> Path:
    """The ledger that run.json in a folder of reports names, otherwise the default one."""
    return ledger_of(folder) or ledger_beside(folder)


@contextmanager
def in_words(more: str = "") -> Iterator[None]:
    """Turns a LedgerProblem into a Stop, with more words at its end."""
    try:
        yield
    except LedgerProblem as problem:
        raise Stop(f"{problem}{more}") from None


def add_by_to(command: argparse.ArgumentParser) -> None:
    """Adds the option for the author."""
    command.add_argument(
        "--by", metavar="NAME", help="your name, for the ledger (default: your user name)"
    )


def stamp(by: str | None) -> Stamp:
    """The present time, to the second and with its offset from UTC, and the author. The only use of
    the clock for the ledger."""
    now = datetime.datetime.now().astimezone().replace(microsecond=0)
    name = (by or "").strip()
    if not name:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a system on which nobody is logged in
            name = "unknown user"
    return Stamp(now, as_text(name))


def day_of(text: str, option: str) -> datetime.date:
    """The day in the value of an option. Raises Stop if it is not a date."""
    if not text.strip():
        raise Stop(f"{option} has no date. Enter the date, such as {option} 25/04/2026")
    day = read_day(text)
    if not isinstance(day, Day):
        raise Stop(f"{option}: {day.message} {day.instruction}")
    return day.day


def text_of(value: str | None, option: str, instead: str, longest: int) -> str:
    """The value of an option without spaces around it; '' if it was not given. Raises Stop for a
    value that is empty, is longer than so many characters, or contains a hidden character."""
    if value is None:
        return ""
    text = value.strip()
    if not text:
        raise Stop(f"{option} is empty. {instead}.")
    if hidden := first_hidden(text):
        raise Stop(f"{option} contains a character that cannot be seen ({hidden}). Type it again.")
    if len(text) > longest:
        raise Stop(f"{option} is longer than {longest} characters. Shorten it.")
    return text


def chosen_ledger(ledger: str | None, out: Path, own: Path | None) -> Path | None:
    """The ledger in which to enter a check or an approval: as an option says, otherwise the
    office's ``own``, or beside ``out``; None for no ledger."""
    if ledger is None:
        return own or ledger_beside(out)
    return None if ledger.casefold() == NONE else Path(ledger)


def make_and_enter(
    ledger: Path | None,
    by: str | None,
    files: Mapping[str, str],
    make: Callable[[bytes | None], tuple[Assessment, bytes]],
) -> tuple[Assessment, bytes, Entered | None]:
    """Makes an assessment, with the bytes of its JSON, and enters it before its reports are
    written; the entry is None without a ledger. ``files`` are those of the rulebook. ``make`` takes
    the key for the fingerprints of rows: that of the ledger, or a new one for a new ledger. The
    ledger is begun only with the entry, so that a check that fails leaves nothing. If another check
    has begun it meanwhile, the assessment is made again with its key. Raises Stop if it cannot be
    entered."""
    if ledger is None:
        return *make(None), None
    while True:
        with in_words(_UNREPORTED):
            key = key_of(ledger)
        own_key = key or new_key()
        assessment, data = make(own_key)
        with in_words(_UNREPORTED):
            try:
                return assessment, data, enter(ledger, assessment, stamp(by), own_key, data, files)
            except OtherKey:
                if key is not None:
                    raise


def points_before(
    ledger: Path | None, rulebook: str, office: str, as_of: datetime.date
) -> tuple[TrendPoint, ...]:
    """The positions of an office by a rulebook before a day; none without a ledger. Raises Stop if
    the ledger cannot be read."""
    if ledger is None:
        return ()
    with in_words(_UNREPORTED):
        return earlier_points(ledger, rulebook, office, as_of)


def approvals_not_entered(ledger: Path | None, rulebook: Rulebook) -> list[str]:
    """A line that names the versions which the rules call approved and no entry of the ledger
    approves; none without a ledger, or where the rulebook asks for no approvals."""
    if ledger is None or rulebook.book.approvals is None:
        return []
    with in_words():
        versions = not_entered(rulebook, ledger)
    if not versions:
        return []
    shown = [f"{duty.id} ({words.day(version.from_)})" for duty, version in versions[:_SHOWN]]
    left = len(versions) - len(shown)
    return [
        f"Approved in the rules, and not in the ledger {ledger}: {', '.join(shown)}"
        f"{f' and {left:,} more' if left else ''}"
    ]


def report_entry(entered: Entered | None, folder: Path) -> None:
    """Prints the entry of the check in the ledger, and writes it into run.json beside the
    reports."""
    if entered is None:
        forget_run(folder)
        return
    try:
        written = f"Saved: {write_run(folder, entered)}\n"
    except OSError as error:
        written = ""
        complain(f"{folder}: run.json could not be written ({error.strerror}).")
    say(f"{written}{entry_words(entered)}")


def entry_words(entered: Entered) -> str:
    """``Check logged as number 4 in ledger.sqlite (fingerprint ab1a82...)``; of a new ledger, what
    it is."""
    new = "the new ledger " if entered.first else ""
    place = f"number {entered.number} in {new}{entered.ledger}"
    logged = f"Check logged as {place} (fingerprint {entered.head})"
    return f"{logged}\n{NEW_LEDGER}" if entered.first else logged
