"""dueregard pack: packs an assessment with its inputs, to be rechecked without this program."""

from __future__ import annotations

import argparse
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.evidence_input import evidence_paths
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.office_folder import Office, office_in
from cli.outputs import must_be_free, write_new
from cli.say import say
from engine.assessment import Assessment
from record.ledger.database import LedgerProblem
from record.pack.pack import CannotPack, pack, verifier_words
from rules.load import OWN_BOOK


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "pack an assessment so that it can be rechecked without this program"
    add = add_command(commands, "pack", about, run).add_argument
    add("out", metavar="OUT.zip", type=Path, help="where to write it")
    add("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    evidence = "the files that were checked (without them no status can be rechecked)"
    add("--evidence", metavar="FILE", type=Path, nargs="+", default=(), help=evidence)
    add("--rulebook", metavar="FOLDER", type=Path, default=OWN_BOOK, help="another rulebook")
    sop = "the SOP that the assessment quotes; again for each version that it quotes"
    add("--sop", metavar="FILE", type=Path, action="append", default=[], help=sop)
    add("--ledger", metavar="FILE", type=Path, help="the ledger in which the check was recorded")


def run(options: argparse.Namespace) -> int:
    """Writes the pack, never over an existing file, and prints its SHA-256."""
    out: Path = options.out
    must_be_free(out)
    office = office_in(Path())
    with _in_words():
        data = pack(
            options.assessment,
            evidence_paths(options.evidence) if options.evidence else (),
            options.rulebook,
            options.sop,
            options.ledger,
            office.file.mapping if office else (),
        )
    write_new(out, data)
    say(f"Saved: {out}")
    if not options.evidence:
        say("The pack contains no evidence, so no status can be rechecked. Add it with --evidence.")
    say(f"Record its SHA-256 where the pack does not go: {hashlib.sha256(data).hexdigest()}")
    verifier = verifier_words(zipfile.ZipFile(io.BytesIO(data)).namelist())
    say(f"To recheck it: take {verifier} out of the pack, and run 'python recheck.py {out.name}'.")
    return NOTHING_OUTSTANDING


def pack_of_office(
    office: Office, report: Path, assessment: Assessment, ledger: Path | bytes | None
) -> bytes:
    """The pack of a report with the office's evidence, given the path of its assessment.json and
    what that contains. Raises Stop if it cannot be made."""
    with _in_words():
        return pack(
            report,
            office.evidence().files,
            office.rulebook or OWN_BOOK,
            office.sop if assessment.sop or assessment.earlier_sop else (),
            ledger,
            office.file.mapping,
        )


@contextmanager
def _in_words() -> Iterator[None]:
    """Turns the reason why there is no pack into a Stop."""
    try:
        yield
    except (CannotPack, LedgerProblem) as problem:
        raise Stop(str(problem)) from None
