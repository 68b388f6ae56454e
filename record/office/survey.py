"""What the files of a folder are, as far as that is certain: spreadsheets with sheets that accepted
spellings name, and the SOP from which the rules were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.mapping.layout import new_columns, new_columns_words
from evidence.mapping.model import OfficeMapping, SheetMapping
from evidence.problem import EvidenceNote
from evidence.raw_cells import Book, Unopened
from evidence.register import RegisterSpec
from evidence.sheets.sheet_matching import (
    MappedMatch,
    explains_workbook,
    match_sheets,
    sheet_name,
)
from evidence.visible import first_hidden
from rules.model import Rulebook
from rules.sop.document import Document
from rules.sop.pins import verify
from rules.sop.problem import SopProblem
from rules.sop_files.read import UNITS, read_sop

#: The most documents that are compared with the rules.
_MOST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """A file by its name in the folder: the titles of the registers that its sheets are, the names
    of its other sheets, why it could not be opened, '' if it was, and each part of the mapping
    whose table has new columns, with a sentence about them."""

    name: str
    registers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unopened: str = ""
    new_columns: tuple[tuple[SheetMapping, str], ...] = ()

    @property
    def certain(self) -> bool:
        """Whether at least one of its sheets is known by the mapping or an accepted spelling."""
        return bool(self.registers)


def survey(
    files: Iterable[Path],
    folder: Path,
    registers: Mapping[str, RegisterSpec],
    mapping: OfficeMapping = (),
) -> tuple[SurveyedFile, ...]:
    """Each file with the registers that its sheets are, by the mapping or by their names alone."""
    with opened(by_name(list(files), folder)) as books:
        return tuple(survey_book(book, registers, mapping) for book in books)


def survey_book(
    book: Book, registers: Mapping[str, RegisterSpec], mapping: OfficeMapping
) -> SurveyedFile:
    """A file that was opened, with the registers that its sheets are."""
    if isinstance(book, Unopened):
        return SurveyedFile(book.file, unopened=book.message)
    known: list[str] = []
    unknown: list[str] = []
    new: list[tuple[SheetMapping, str]] = []
    matches = match_sheets(book, registers, mapping)
    for sheet, match in zip(book.sheets, matches, strict=True):
        if isinstance(match, EvidenceNote):
            if not explains_workbook(sheet):
                unknown.append(match.sheet)
        elif isinstance(match, MappedMatch):
            places = (where for _, of_part in match.parts for where in of_part)
            known.extend(where.register.sheets[0] for where in places)
            for part, _ in match.parts:
                if headings := new_columns(match.sheet, part):
                    name = sheet_name(book, match.sheet)
                    new.append((part, new_columns_words(headings, name)))
        else:
            known.append(match.where.register.sheets[0])
    return SurveyedFile(book.file, tuple(dict.fromkeys(known)), tuple(unknown), "", tuple(new))


def documents_in(folder: Path) -> list[str]:
    """The names of the documents in a folder that may be the SOP, in order."""
    return [
        path.name
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in UNITS and path.name[0] not in ".~" and path.is_file()
    ]


def sop_in(folder: Path, rulebook: Rulebook) -> tuple[str, ...]:
    """The names of the documents in a folder that agree with the rules, in the order of the
    versions of the SOP; of a version only if one document does, and none if there are too many."""
    documents = documents_in(folder)
    if len(documents) > _MOST_DOCUMENTS:
        return ()
    agreeing: dict[str, list[str]] = {v.version: [] for v in rulebook.book.sop.versions}
    for name in documents:
        document = read_sop(folder / name, rulebook.book)
        if isinstance(document, Document) and not verify(rulebook, document):
            agreeing[document.version].append(name)
    single = (names[0] for names in agreeing.values() if len(names) == 1)
    return tuple(name for name in single if first_hidden(name) is None)


def sop_problems(path: Path, rulebook: Rulebook) -> tuple[SopProblem, ...]:
    """Where a document and the rules do not agree, or why it cannot be read."""
    document = read_sop(path, rulebook.book)
    return (document,) if isinstance(document, SopProblem) else verify(rulebook, document)
