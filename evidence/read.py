"""Files of evidence read into typed tables: the one way in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.links.latest import finished
from evidence.problem import EvidenceProblem, ProblemKind, ReadingNote
from evidence.raw_cells import Book, Unopened
from evidence.register import RegisterSpec
from evidence.sheets.headings import Matched, match_sheets, misnamed_sheet
from evidence.sheets.joining import join_parts, missing_table
from evidence.sheets.known_by import known_by
from evidence.sheets.reading import SheetPart, read_sheet, sheet_problems
from evidence.table import Evidence, EvidenceFile, Table

_NOT_LOOKED = (
    "This file could not be searched for hidden rows and columns, error cells and formulas without"
    " a stored result. An error cell in it was read as blank. Save the file as .xlsx, and check"
    " again."
)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    registers: Mapping[str, RegisterSpec]
    known: datetime.date | None
    parts: dict[str, list[SheetPart]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)  # registers with a sheet that cannot be read
    unknown: list[str] = field(default_factory=list)  # names of sheets that no register has
    files: list[EvidenceFile] = field(default_factory=list)
    problems: list[EvidenceProblem] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)
    fatal: list[EvidenceProblem] = field(default_factory=list)


def read_evidence(
    paths: Sequence[Path],
    registers: Mapping[str, RegisterSpec],
    known: datetime.date | None = None,
) -> Evidence:
    """Opens every file (:func:`opened`) and reads it as :func:`read_books` does. A
    path given twice is read once."""
    with opened(by_name(paths)) as books:
        return read_books(books, registers, known)


def read_books(
    books: Iterable[Book],
    registers: Mapping[str, RegisterSpec],
    known: datetime.date | None = None,
) -> Evidence:
    """Reads every file and gives every register its table, with those rows alone that were
    recorded by ``known``, that day included, where it is given (semantics.md, Versions and clocks).

    Nothing is raised for what is wrong in a file. Problems are in the order of the files given, of
    their sheets, columns and first rows; then registers whose sheet seems to be misnamed; then
    cells that could name either of two rows. A file that cannot be opened is fatal, and the others
    are read all the same. A register with a sheet that cannot be read is given, and cannot be read
    as a whole: a list with a part lost would read as complete.
    """
    written = {id_: register.written for id_, register in registers.items()}
    reading = _Reading(written, known)
    for book in books:
        _read_book(reading, book)
    tables = {id_: _table(reading, register) for id_, register in written.items()}
    as_read = Evidence(
        tables=tables,
        files=tuple(reading.files),
        problems=tuple(reading.problems),
        notes=tuple(reading.notes),
        fatal=tuple(reading.fatal),
    )
    return finished(as_read, registers)


def _read_book(reading: _Reading, book: Book) -> None:
    if isinstance(book, Unopened):
        kind = ProblemKind.FILE_UNREADABLE
        reading.fatal.append(EvidenceProblem(kind, "", book.file, "", book.message))
        return
    reading.files.append(EvidenceFile(book.file, book.sha256))
    if not all(sheet.looked_for_hidden for sheet in book.sheets):
        reading.notes.append(ReadingNote(book.file, "", _NOT_LOOKED))
    for matched in match_sheets(book, reading.registers):
        if isinstance(matched, ReadingNote):
            reading.unknown.append(matched.sheet)
            reading.notes.append(matched)
        else:
            _read_matched(reading, matched, book.date1904)


def _read_matched(reading: _Reading, matched: Matched, date1904: bool) -> None:
    register = matched.where.register
    if matched.problem is not None:
        reading.problems.append(matched.problem)
        reading.lost.add(register.id)
        return
    read = read_sheet(matched.where, matched.sheet, date1904)
    if reading.known is not None:
        read = known_by(read, register, reading.known)
    reading.problems.extend(sheet_problems(matched.where, read))
    reading.notes.extend(read.notes)
    if read.part is None:
        reading.lost.add(register.id)
    else:
        reading.parts.setdefault(register.id, []).append(read.part)


def _table(reading: _Reading, register: RegisterSpec) -> Table:
    parts = reading.parts.get(register.id, [])
    if register.id in reading.lost:
        return missing_table(register, given=True)
    if not parts:
        # in a file that could not be opened it might be
        misnamed = None if reading.fatal else misnamed_sheet(register, reading.unknown)
        if misnamed is not None and not register.control:
            reading.problems.append(misnamed)
        return missing_table(register)
    table, notes = join_parts(register, parts)
    reading.notes.extend(notes)
    return table
