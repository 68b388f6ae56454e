"""One body of an estate: the inputs of a check in its folder, and the check."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from pathlib import Path

from cli.check_inputs import records_begin_of
from cli.check_steps import must_be_in_force, program_and_judge, read_office, sop_of
from cli.exits import Stop
from cli.inputs import rulebook_in, rulebook_of
from cli.office_folder import Office, allowed_for, office_in
from engine.assessment import FORMAT
from engine.check import CheckRequest, assess
from estate.bodies import BodyFailure, Failure
from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.limits import LIMITS
from evidence.mapping.model import OfficeMapping
from evidence.raw_cells import Book, OpeningCode, Unopened
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.office.evidence_files import is_within, outside_names, outside_words
from record.office.office_file import NAME as OFFICE_FILE
from record.office.office_file import separated
from reports.json import to_json
from reports.trend import with_trend
from rules.load import read_book, read_folder
from rules.model import Rulebook
from rules.problem import RuleProblem
from rules.sop.resolve import SopText

#: The kinds of failure of a file that could not be opened; for all others it is unreadable.
_OPENING = {
    OpeningCode.NOT_FOUND: Failure.MISSING,
    OpeningCode.PASSWORD: Failure.LOCKED,
    OpeningCode.TOO_LARGE: Failure.TOO_LARGE,
    OpeningCode.TOO_MANY_CELLS: Failure.TOO_LARGE,
    OpeningCode.TOO_MUCH_TEXT: Failure.TOO_LARGE,
    OpeningCode.TOO_MUCH_MEMORY: Failure.TOO_LARGE,
}
_program_and_judge = cache(program_and_judge)


@dataclass(frozen=True, slots=True)
class OfficeInputs:
    """The inputs of a check in an office's folder, as `dueregard check --ledger none` finds them
    there. ``evidence`` and ``sha256`` are by the names of the files."""

    office: Office
    rulebook: Rulebook
    mapping: OfficeMapping
    sop: Mapping[str, SopText]
    paths: tuple[Path, ...]
    sha256: Mapping[str, str]
    as_of: datetime.date
    digest: str

    def assess(self) -> bytes:
        """The assessment as JSON. Raises BodyFailure if a file could not be read, or changed
        meanwhile."""
        codes: list[OpeningCode] = []
        root = self.office.folder
        with opened(by_name(self.paths, root)) as books:
            try:
                evidence = read_office(
                    _noting(books, codes), self.paths, root, self.rulebook, self.mapping
                )
            except Stop as stop:
                kind = _OPENING.get(codes[0], Failure.UNREADABLE) if codes else Failure.UNREADABLE
                raise BodyFailure(kind, str(stop)) from None
        if {file.file: file.sha256 for file in evidence.files} != self.sha256:
            raise BodyFailure(
                Failure.CHANGED, "The evidence was changed while it was read. Check it again."
            )
        program, judge = _program_and_judge()
        request = CheckRequest(
            self.rulebook,
            evidence,
            self.as_of,
            program,
            judge,
            sop=self.sop,
            records_begin=self.office.file.records_begin,
            office=self.office.file.office or "",
            ahead=False,  # no table has these dates
        )
        return to_json(with_trend(assess(request), ()))


def _noting(books: Iterable[Book], codes: list[OpeningCode]) -> Iterator[Book]:
    for book in books:
        if isinstance(book, Unopened):
            codes.append(book.code)
        yield book


def warm_up() -> None:
    """Loads what every check needs, so that the first one does not wait for it."""
    _program_and_judge()
    _own_rulebook()


@cache
def _own_rulebook() -> Rulebook:
    return rulebook_in(None)


def find_inputs(folder: Path, as_of: datetime.date) -> OfficeInputs:
    """The inputs of a check in a folder with an office.yaml. Paths in that file, links in the
    folder and files of the rulebook may lead only to paths that a person has allowed on this
    computer. Raises BodyFailure if something is missing or wrong."""
    roots = [os.path.realpath(path) for path in (folder, *allowed_for(folder))]
    _must_be_inside(folder, folder / OFFICE_FILE, roots)
    with _failing(Failure.OFFICE_FILE, folder):
        office = office_in(folder)
        if office is None:
            raise BodyFailure(Failure.OFFICE_FILE, "There is no office.yaml in this folder.")
        records_begin_of(office.file.records_begin, as_of)
    file = office.file
    names = [*file.evidence, *file.sop, *([file.rulebook] if file.rulebook else [])]
    for name in outside_names(map(separated, names), folder, office.allowed):
        raise BodyFailure(Failure.OUTSIDE, outside_words(Path(name), folder))
    with _failing(Failure.RULEBOOK, folder):
        rulebook = _rulebook(office, roots)
        must_be_in_force(rulebook, as_of)
    with _failing(Failure.OFFICE_FILE, folder):
        mapping = office.mapping(rulebook.registers)
    with _failing(Failure.MISSING, folder):
        paths = office.evidence().files
    with _failing(Failure.SOP, folder):
        sop = sop_of(office.sop, rulebook, as_of, office.rulebook)
    sha256 = {name: _sha256(path) for name, path in by_name(paths, folder).items()}
    program, _ = _program_and_judge()
    decisive = [
        FORMAT,
        astuple(program),
        as_of.isoformat(),
        rulebook.sha256,
        hashlib.sha256(read_regular(folder / OFFICE_FILE, MEGABYTE)).hexdigest(),
        sorted(sha256.items()),
        sorted((text.file, text.sha256) for text in sop.values()),
    ]
    digest = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()
    return OfficeInputs(office, rulebook, mapping, sop, paths, sha256, as_of, digest)


@contextmanager
def _failing(kind: Failure, folder: Path) -> Iterator[None]:
    """Turns Stop into a failure, whose words name paths from the folder."""
    try:
        yield
    except Stop as stop:
        raise BodyFailure(kind, str(stop).replace(f"{folder}{os.sep}", "")) from None


def _must_be_inside(folder: Path, path: Path, roots: Sequence[str]) -> None:
    if not is_within(path, roots):
        name = path.relative_to(folder).as_posix()
        raise BodyFailure(
            Failure.OUTSIDE,
            f"{name} is a link that leads outside the folder, and nobody has allowed that on this "
            "computer. Put the file itself in the folder.",
        )


def _rulebook(office: Office, roots: Sequence[str]) -> Rulebook:
    folder = office.rulebook
    if folder is None:
        return _own_rulebook()
    files = read_folder(folder)
    if isinstance(files, tuple):
        return rulebook_of(folder, files)
    for name in files:
        _must_be_inside(office.folder, folder / name, roots)
    return rulebook_of(folder, _read_book(tuple(files.items())))


@lru_cache(maxsize=8)
def _read_book(files: tuple[tuple[str, bytes], ...]) -> Rulebook | tuple[RuleProblem, ...]:
    """The rulebook in these files: many bodies may have the same one, each in its own folder."""
    return read_book(dict(files))


def _sha256(path: Path) -> str:
    """The SHA-256 of a file of evidence; '' where it cannot be read, which the check reports."""
    try:
        return hashlib.sha256(read_regular(path, LIMITS.file_bytes)).hexdigest()
    except FileStop:
        return ""
