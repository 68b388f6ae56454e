"""dueregard locate: finds the rows that an assessment cites in a later copy of the evidence."""

from __future__ import annotations

import argparse
import binascii
from collections.abc import Sequence
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.evidence_input import evidence_paths
from cli.exits import NOTHING_OUTSTANDING, OUTSTANDING, Stop
from cli.inputs import must_be_read, path_words, read_assessment, read_input, rulebook_in
from cli.ledger_entry import in_words, ledger_for
from cli.office_folder import mapping_here
from cli.say import complain, say
from engine.assessment import Assessment, EvidenceStamp
from evidence.mapping.model import OfficeMapping, mapping_sha256
from evidence.read import read_evidence
from evidence.regular_file import MEGABYTE
from evidence.table import Evidence
from record.ledger.chain import KEY_BYTES, key_of
from record.ledger.run_file import RUN
from record.locate.locate import CannotLocate, Found, locate
from record.locate.text import located_json, located_text
from rules.model import Rulebook

_NO_MAPPING = (
    "The assessment was made with a mapping of the office's own sheets. Run this command in the "
    "folder with that office.yaml."
)
_OTHER_MAPPING = (
    "The mapping in office.yaml has changed since this assessment was made. A row may therefore "
    "seem to be changed because it is read in another way."
)


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "find the rows that an assessment cites in a later copy of the evidence"
    command = add_command(commands, "locate", about, run)
    add = command.add_argument
    add("assessment", metavar="ASSESSMENT", type=Path, help="an assessment.json")
    add("workbooks", metavar="WORKBOOK", type=Path, nargs="+", help="the later copy")
    key = command.add_mutually_exclusive_group().add_argument
    ledger = f"the ledger (default: the one that {RUN} beside it names)"
    key("--ledger", metavar="FILE", type=Path, help=ledger)
    digits = "the ledger's key alone, in hexadecimal digits"
    key("--key", metavar="FILE", type=Path, help=digits)
    old = "the evidence that was checked, to tell changed rows from rows that are gone"
    add("--old", metavar="FILE", type=Path, nargs="+", default=(), help=old)
    add("--rulebook", metavar="FOLDER", type=Path, help="another rulebook")
    add("--json", action="store_true", help="print JSON, for another program")


def run(options: argparse.Namespace) -> int:
    """Says where each cited row is now; 1 if one was changed, is gone or is not found."""
    assessment, _ = read_assessment(options.assessment)
    rulebook = rulebook_in(options.rulebook)
    mapping = _mapping(assessment, rulebook)
    new = _read(options.workbooks, rulebook, mapping)
    old = _read(options.old, rulebook, mapping) if options.old else None
    try:
        rows = locate(assessment, new, _key(options), old)
    except CannotLocate as problem:
        raise Stop(str(problem)) from None
    if options.json:
        stamps = [EvidenceStamp(file.file, file.sha256) for file in new.files]
        say(located_json(assessment, stamps, rows))
    else:
        say(located_text(assessment, rows))
    moved_at_most = {Found.SAME, Found.MOVED}.issuperset(row.found for row in rows)
    return NOTHING_OUTSTANDING if moved_at_most else OUTSTANDING


def _mapping(assessment: Assessment, rulebook: Rulebook) -> OfficeMapping:
    """The mapping of the office's folder, if the assessment was made with one. Raises Stop if there
    is none: no row of the office's own sheets would be found."""
    if assessment.mapping is None:
        return ()
    mapping = mapping_here(rulebook.registers)
    if not mapping:
        raise Stop(_NO_MAPPING)
    if mapping_sha256(mapping) != assessment.mapping.sha256:
        complain(_OTHER_MAPPING)
    return mapping


def _read(paths: Sequence[Path], rulebook: Rulebook, mapping: OfficeMapping) -> Evidence:
    evidence = read_evidence(evidence_paths(paths), rulebook.registers, mapping=mapping)
    must_be_read(evidence, "located")
    return evidence


def _key(options: argparse.Namespace) -> bytes | None:
    """The key in the file of --key, or that of the ledger of --ledger or of run.json beside the
    assessment; None if there is none."""
    if options.key is not None:
        try:
            key = binascii.unhexlify(read_input(options.key, MEGABYTE, "--key").strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            place, digits = path_words(options.key, "--key"), KEY_BYTES * 2
            raise Stop(f"{place} does not contain {digits} hexadecimal digits.")
        return key
    with in_words():
        own_key = key_of(options.ledger or ledger_for(options.assessment.parent))
    if own_key is None and options.ledger is not None:
        raise Stop(f"--ledger {options.ledger}: there is no ledger with this name.")
    return own_key
