"""The office's folder: its office.yaml, with messages for what is wrong in it, and its lock."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cli.exits import Stop
from cli.inputs import path_words, problem_words
from cli.ledger_entry import in_words, stamp
from evidence.mapping.model import OfficeMapping
from evidence.output_file import taken
from evidence.register import Registers
from record.ledger.database import LEDGER_NAME
from record.office.allowed_paths import allowed_paths, user_file
from record.office.conflicted_copies import copies_of
from record.office.evidence_files import (
    EvidenceFiles,
    EvidenceStop,
    NoFolderStop,
    find_evidence,
    outside_names,
    outside_words,
)
from record.office.folder_replacement import settle
from record.office.kept_reports import REPORTS, days_with_reports
from record.office.office_file import (
    NAME,
    OfficeFile,
    line_words,
    place_of_mapping,
    read_office_file,
    separated,
)
from reports.writing import FILES
from rules.problem import RuleProblem

_COPIES = (
    "Stopped: there {are} of {own}: {names}. OneDrive, SharePoint or Dropbox makes one when two "
    "people change a file at once. {keep}"
)
_KEEP_FILE = "Keep the right one as {own}, and move the others out of this folder."
_KEEP_LEDGER = (
    "Each may contain checks that the others lack: compare them with 'dueregard ledger list "
    "--ledger FILE', keep the right one as {own}, and keep the others in another folder."
)


@dataclass(frozen=True, slots=True)
class Office:
    """The office's folder, and what its office.yaml says. ``allowed``: the paths outside the folder
    that a person has allowed on this computer."""

    folder: Path
    file: OfficeFile
    allowed: tuple[Path, ...]

    @property
    def ledger(self) -> Path:
        """Its ledger."""
        return self.folder / LEDGER_NAME

    @property
    def rulebook(self) -> Path | None:
        """Its rulebook; None for the program's own. Raises Stop for a path that is not allowed."""
        return None if self.file.rulebook is None else self._path(self.file.rulebook)

    @property
    def sop(self) -> tuple[Path, ...]:
        """The versions of the SOP that it names. Raises Stop for a path that is not allowed."""
        return tuple(map(self._path, self.file.sop))

    def evidence(self) -> EvidenceFiles:
        """The files of evidence. Raises Stop if it names none, or where it is not plain which they
        are."""
        if not self.file.evidence:
            raise Stop(
                f"{path_words(self.folder / NAME)} names no evidence. Write the names of files or "
                "folders under 'evidence:', each on a line that begins with '  - '."
            )
        named = [Path(separated(name)) for name in self.file.evidence]
        try:
            return find_evidence(named, self.folder, self.allowed)
        except EvidenceStop as stop:
            missing = stop.folder if isinstance(stop, NoFolderStop) else None
            line = line_words(self.folder / NAME, missing) if missing else ""
            raise Stop(f"{stop}{line}") from None

    def mapping(self, registers: Registers) -> OfficeMapping:
        """How its own sheets are read. Raises Stop with everything in it that does not fit the
        registers."""
        if not self.file.mapping:
            return ()
        # loaded only if there is one
        from record.office.mapping_checks import mapping_problems  # noqa: PLC0415

        path = self.folder / NAME
        problems = mapping_problems(self.file.mapping, registers, place_of_mapping(path))
        must_have_no_problems(path, tuple(problems))
        return self.file.mapping

    def _path(self, name: str) -> Path:
        if outside_names([separated(name)], self.folder, self.allowed):
            raise Stop(outside_words(Path(separated(name)), self.folder))
        return self.folder / separated(name)


def allowed_for(folder: Path) -> tuple[Path, ...]:
    """The paths outside an office's folder that a person has allowed on this computer."""
    return allowed_paths(settings_file(), folder)


def settings_file() -> Path:
    """The file of the user's permissions on this computer."""
    return user_file(os.environ, sys.platform, Path.home())


def office_in(folder: Path) -> Office | None:
    """The office of a folder; None if it has no office.yaml. Raises Stop with all that is wrong in
    the file, and if there is a conflicted copy of it or of the ledger."""
    path = folder / NAME
    if not taken(path):
        return None
    must_have_no_copies(folder)
    file = read_office_file(path)
    if isinstance(file, OfficeFile):
        return Office(folder, file, allowed_for(folder))
    must_have_no_problems(path, file)
    return None


def must_have_no_problems(path: Path, problems: Sequence[RuleProblem]) -> None:
    """Raises Stop with all the problems of office.yaml, if there are any."""
    if problems:
        raise Stop(problem_words(problems, path_words(path)))


def must_be_folder(path: Path) -> None:
    """Raises Stop if a file was named where a folder is asked for."""
    if path.is_file():
        name, place = path_words(path), path_words(path.resolve().parent)
        raise Stop(f"{name} is a file. Give the folder that it is in: {place}")


def mapping_here(registers: Registers) -> OfficeMapping:
    """The mapping of the office in whose folder the command runs; none elsewhere. Raises Stop if
    office.yaml is wrong."""
    office = office_in(Path())
    return office.mapping(registers) if office else ()


def must_have_no_copies(folder: Path) -> None:
    """Raises Stop if there is a conflicted copy of office.yaml or of the ledger in the folder."""
    with suppress(OSError):
        names = sorted(path.name for path in folder.iterdir())
        for own, keep in ((NAME, _KEEP_FILE), (LEDGER_NAME, _KEEP_LEDGER)):
            if copies := copies_of(own, names, own=True):
                are = "is a conflicted copy" if len(copies) == 1 else "are conflicted copies"
                shown = ", ".join(path_words(Path(name)) for name in copies)
                keep_words = keep.format(own=own)
                raise Stop(_COPIES.format(are=are, own=own, names=shown, keep=keep_words))


@contextmanager
def locked_for(office: Office | None, by: str | None) -> Iterator[None]:
    """Keeps the office's folder to this command, if there is one. Raises Stop if somebody else
    still uses it after a few seconds."""
    if office is None:
        yield
        return
    from record.office.folder_lock import FolderBusy, locked  # noqa: PLC0415  (loaded if needed)

    try:
        with locked(office.folder, stamp(by)):
            _settle(office)
            yield
    except FolderBusy as busy:
        raise Stop(str(busy)) from None


def _settle(office: Office) -> None:
    """Completes or undoes what a killed command has left half replaced."""
    try:
        with in_words():
            settle(office.folder / REPORTS, office.ledger)
    except OSError as error:
        place = path_words(office.folder / REPORTS)
        raise Stop(
            f"{place}: a run that was ended has left a folder there that cannot be moved "
            f"({error.strerror}). Close what has a file in it open, and try again."
        ) from None


def report_in(path: Path) -> Path:
    """The assessment that a path names: the file itself, the one in a folder of reports, or the
    latest of the office's folder. Raises Stop if a folder contains none."""
    if not path.is_dir():
        return path
    if (path / FILES["json"]).is_file():
        return path / FILES["json"]
    days = days_with_reports(path)
    if not days:
        place = path_words(path.absolute())  # '.' would be no name in a sentence
        raise Stop(
            f"There is no report in the folder {place}. Run a check first, or name the "
            "assessment.json of the report."
        )
    return path / REPORTS / days[0].isoformat() / FILES["json"]
