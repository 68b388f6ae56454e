"""The files of evidence that a person names: files, folders and patterns, with messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.exits import Stop
from cli.say import complain
from record.office.evidence_files import (
    EvidenceFiles,
    EvidenceStop,
    NoEvidenceStop,
    PassedOver,
    find_evidence,
    passed_words,
)


def find_files(
    named: Sequence[Path], folder: Path = Path(), allowed: Collection[Path] | None = None
) -> EvidenceFiles:
    """The files of evidence, as :func:`record.office.evidence_files.find_evidence` finds them.
    Raises Stop where that cannot tell which they are."""
    try:
        return find_evidence(named, folder, allowed)
    except EvidenceStop as stop:
        raise Stop(str(stop)) from None


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The spreadsheets of a folder: the ``evidence`` that names stand for, and the ``others``; what
    was passed over, and why the others cannot be told."""

    evidence: tuple[Path, ...]
    others: tuple[Path, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    stop: EvidenceStop | None = None


def folder_files(
    names: Sequence[Path], folder: Path, allowed: Collection[Path] | None
) -> FolderFiles:
    """The spreadsheets of a folder. Raises Stop if it cannot tell which those with names are."""
    evidence = find_files(names, folder, allowed).files if names else ()
    try:
        found = find_evidence([Path()], folder, allowed)
    except EvidenceStop as stop:
        passed_over = stop.passed_over if isinstance(stop, NoEvidenceStop) else ()
        return FolderFiles(evidence, passed_over=passed_over, stop=stop)
    known = {path.resolve() for path in evidence}
    others = tuple(path for path in found.files if path.resolve() not in known)
    return FolderFiles(evidence, others, found.passed_over)


def evidence_paths(named: Sequence[Path]) -> tuple[Path, ...]:
    """The files of evidence that these names on the command line stand for. Prints what was passed
    over. Raises Stop where it cannot tell which they are."""
    found = find_files(named)
    say_passed_over(found)
    return found.files


def say_passed_over(found: EvidenceFiles, sop: Sequence[Path] = ()) -> None:
    """Prints what was passed over, on standard error; the SOP was read as what it is."""
    for line in passed_words(file for file in found.passed_over if file.path not in sop):
        complain(line)
