"""What a check reads and where it writes: as the command line says, otherwise as office.yaml."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cli.evidence_input import find_files
from cli.exits import Stop
from cli.inputs import read_assessment
from cli.ledger_entry import chosen_ledger, day_of
from cli.office_folder import Office, office_in
from cli.say import complain
from engine.assessment import Assessment
from engine.proof.phrases import day_words
from record.ledger.database import LedgerProblem
from record.ledger.earlier_checks import last_check
from record.office.evidence_files import EvidenceFiles
from record.office.kept_reports import REPORTS

#: The folder for the reports outside an office's folder.
OUT = Path("dueregard-report")
#: The folder in it, or in that of the day, for reports without names.
WITHOUT_NAMES = "without-names"


@dataclass(frozen=True, slots=True)
class CheckInputs:
    """The input of a check, and its places. ``office``: the office in whose folder it is made, if
    any; the names of the files of evidence are relative to that folder."""

    office: Office | None
    evidence: EvidenceFiles
    rulebook: Path | None
    sop: tuple[Path, ...]
    records_begin: datetime.date | None
    out: Path
    ledger: Path | None

    @property
    def root(self) -> Path | None:
        """The folder to which the names of files of evidence are relative; None for the folder
        that they have in common."""
        return self.office.folder if self.office else None


def check_inputs(options: argparse.Namespace, as_of: datetime.date) -> CheckInputs:
    """What a check with these options reads and writes. Raises Stop if something is missing, or
    office.yaml is wrong."""
    office = office_in(Path())
    if not options.evidence and office is None:
        raise Stop(
            "There is no office.yaml in this folder, so say which workbook to check, for example: "
            "dueregard check evidence.xlsx\nTo set up a folder in which 'dueregard check' needs no "
            "file name, run: dueregard start\nFor help: dueregard check --help"
        )
    evidence = (
        office.evidence() if office and not options.evidence else find_files(options.evidence)
    )
    out = options.out or (office.folder / REPORTS / as_of.isoformat() if office else OUT)
    ledger = chosen_ledger(options.ledger, out, office.ledger if office else None)
    begin = office.file.records_begin if office else None
    if options.records_begin:
        begin = day_of(options.records_begin, "--records-begin")
    if options.without_names and not options.out:
        out /= WITHOUT_NAMES  # beside those with names, which stay as they are
    return CheckInputs(
        office=office,
        evidence=evidence,
        rulebook=options.rulebook or (office.rulebook if office else None),
        sop=tuple(options.sop) or (office.sop if office else ()),
        records_begin=records_begin_of(begin, as_of),
        out=out,
        ledger=ledger,
    )


def office_inputs(office: Office, as_of: datetime.date) -> CheckInputs:
    """What a check of the office's folder reads and writes without further options."""
    return CheckInputs(
        office=office,
        evidence=office.evidence(),
        rulebook=office.rulebook,
        sop=office.sop,
        records_begin=records_begin_of(office.file.records_begin, as_of),
        out=office.folder / REPORTS / as_of.isoformat(),
        ledger=office.ledger,
    )


def records_begin_of(begin: datetime.date | None, as_of: datetime.date) -> datetime.date | None:
    """The day on which records begin, as given. Raises Stop if it is after the day of the check."""
    if begin is not None and begin > as_of:
        raise Stop(
            f"Stopped: records begin on {day_words(begin)}, which is after the day "
            f"of the check, {day_words(as_of)}. Give another day with --records-begin or --as-of."
        )
    return begin


def earlier_assessment(
    since: Path | None,
    inputs: CheckInputs,
    as_of: datetime.date,
    months: Collection[str] | None = None,
) -> tuple[Assessment | None, str]:
    """The assessment to compare with, and a sentence that names it if nobody gave it: in an
    office's folder, the last check in its ledger. For a month, whose predecessors have these
    hashes, it is the last of those, or otherwise the last check of an earlier day. Where that
    cannot be read, prints why."""
    if since is not None:
        return read_assessment(since, "--since")[0], ""
    if inputs.office is None or inputs.ledger is None:
        return None, ""
    try:
        if months is None:
            last = last_check(inputs.ledger, as_of)
        else:
            before = as_of - datetime.timedelta(1)
            last = last_check(inputs.ledger, before, months) or last_check(inputs.ledger, before)
    except LedgerProblem as problem:
        complain(f"Nothing was compared with the last check. {problem}")
        return None, ""
    if last is None:
        return None, ""
    number, old = last
    return old, f"Compared with check number {number}, of {day_words(old.as_of)}"
