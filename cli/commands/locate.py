"""dueregard locate: where the rows that an assessment cites stand in a later copy."""

from __future__ import annotations

import argparse
import binascii
from collections.abc import Sequence
from pathlib import Path

from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, Stop
from cli.inputs import named, read_assessment, read_input, rulebook_in
from cli.ledger_entry import in_words, ledger_for
from cli.say import say
from engine.assessment import EvidenceStamp
from evidence.read import read_evidence
from evidence.regular_file import MEGABYTE
from evidence.table import Evidence
from record.ledger.ledger import KEY_BYTES, key_of
from record.ledger.run import NAME as RUN
from record.locate.cited import CannotLocate
from record.locate.locate import Found, locate
from record.locate.text import located_json, located_text
from rules.model import Rulebook

_STANDING = (Found.SAME, Found.MOVED)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    about = "find the rows that an assessment cites in a later copy of the evidence"
    made = commands.add_parser("locate", help=about, description=f"{about.capitalize()}.")
    made.add_argument("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    made.add_argument("workbooks", metavar="WORKBOOK", type=Path, nargs="+", help="the later copy")
    key = made.add_mutually_exclusive_group()
    key.add_argument(
        "--ledger", metavar="FILE", type=Path, help=f"the ledger (as {RUN} beside it says)"
    )
    key.add_argument(
        "--key", metavar="FILE", type=Path, help="the ledger's key alone, in hexadecimal digits"
    )
    made.add_argument(
        "--old",
        metavar="FILE",
        type=Path,
        nargs="+",
        default=(),
        help="the evidence as it was checked: tells changed rows from rows that are gone",
    )
    made.add_argument("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    made.add_argument("--json", action="store_true", help="as JSON, for another program")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Says where each cited row stands now; 1 where one was changed, is gone or is not found."""
    assessment, _ = read_assessment(asked.assessment)
    rulebook = rulebook_in(asked.rulebook)
    new = _read(asked.workbooks, rulebook)
    old = _read(asked.old, rulebook) if asked.old else None
    try:
        rows = locate(assessment, new, _key(asked), old)
    except CannotLocate as problem:
        raise Stop(str(problem)) from None
    if asked.json:
        looked_in = [EvidenceStamp(each.file, each.sha256) for each in new.files]
        say(located_json(assessment, looked_in, rows))
    else:
        say(located_text(assessment, rows))
    still = all(each.found in _STANDING for each in rows)
    return NOTHING_OUTSTANDING if still else OUTSTANDING


def _read(paths: Sequence[Path], rulebook: Rulebook) -> Evidence:
    found = read_evidence(paths, rulebook.registers)
    if found.fatal:
        lines = "\n".join(f"  {each.message}" for each in found.fatal)
        raise Stop(f"Nothing was looked for: not every file could be read.\n{lines}")
    return found


def _key(asked: argparse.Namespace) -> bytes | None:
    """The key that was given, or that of the ledger that was given or is named beside the
    assessment; None where there is none."""
    if asked.key is not None:
        return _key_in(asked.key)
    ledger = asked.ledger or ledger_for(asked.assessment.parent)
    with in_words():
        found = key_of(ledger)
    if found is None and asked.ledger is not None:
        raise Stop(f"--ledger {asked.ledger}: there is no ledger there.")
    return found


def _key_in(path: Path) -> bytes:
    try:
        key = binascii.unhexlify(read_input(path, MEGABYTE, "--key").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Stop(f"{named(path, '--key')}: it does not hold {KEY_BYTES * 2} hexadecimal digits.")
    return key
