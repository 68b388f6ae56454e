"""Files of evidence read into typed tables."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evidence.filenames import by_name, repeated_names
from evidence.files.apart import opened
from evidence.keys.latest import finish_evidence
from evidence.mapping.assumptions import assumptions, columns_not_kept, columns_not_mapped
from evidence.mapping.layout import new_columns, new_columns_words
from evidence.mapping.list_names import ListSheet
from evidence.mapping.list_sheets import list_sheets, matched_lists
from evidence.mapping.mapped_sheet import read_mapped_sheet
from evidence.mapping.model import (
    OfficeMapping,
    SheetMapping,
    in_order,
    mapping_sha256,
    register_sha256s,
)
from evidence.problem import EvidenceNote, EvidenceProblem, ProblemKind
from evidence.raw_cells import Book, Unopened
from evidence.register import RegisterSpec
from evidence.sheet_ref import SheetRef
from evidence.sheets.joining import join_parts, missing_table
from evidence.sheets.known_by import known_by
from evidence.sheets.sheet_contents import SheetContents, SheetPart, read_sheet, sheet_problems
from evidence.sheets.sheet_matching import (
    MappedMatch,
    SheetMatch,
    explains_workbook,
    has_contents,
    is_mapped_file,
    match_sheets,
    misnamed_sheet,
    sheet_name,
)
from evidence.table import Evidence, EvidenceFile, MappingUsed, SheetNotBegun, Table

_NOT_SEARCHED = (
    "This file could not be searched for hidden rows and columns, struck-through rows, error cells"
    " and formulas without a stored result. An error cell in it was read as blank. Save the file as"
    " .xlsx, and check again."
)

_SAY_WHAT = "Answer about the sheet again, or name it in the mapping in office.yaml."


def read_evidence(
    paths: Sequence[Path],
    registers: Mapping[str, RegisterSpec],
    known: datetime.date | None = None,
    mapping: OfficeMapping = (),
) -> Evidence:
    """The evidence in these files, opened as :func:`evidence.files.apart.opened` does and read as
    :func:`read_books` does. A path that is given twice is read once."""
    with opened(by_name(paths)) as books:
        return read_books(books, registers, known, repeated_names(paths), mapping)


def read_books(
    books: Iterable[Book],
    registers: Mapping[str, RegisterSpec],
    known: datetime.date | None = None,
    repeated: Collection[str] = (),
    mapping: OfficeMapping = (),
) -> Evidence:
    """The evidence in these files, with a table for every register: only the rows recorded by
    ``known``, that day included, if it is given (semantics.md: Versions and clocks).

    Nothing is raised for what is wrong in a file. Problems are in the order of the files, of their
    sheets, columns and first rows; then registers whose sheet seems to be misnamed; then cells
    that could name either of two rows. A file that cannot be opened is fatal, and the others are
    still read. A register of which a sheet cannot be read has no rows: a list with a part
    missing would read as complete. A sheet with only an example row counts as not provided. A
    note names the files that are ``repeated``, given twice.

    Sheets of the ``mapping`` are read as it says (docs/mapping.md), the others by accepted
    spellings. It must have been checked against the registers.
    """
    written = {id_: spec.written for id_, spec in registers.items()}
    builder = _EvidenceBuilder(written, known, repeated, mapping)
    if lists := matched_lists(mapping, written):  # they may be in any of the files
        books = list(books)
        for book in books:
            builder.lists += list_sheets(book, written, mapping, lists, known)
    for book in books:
        builder.add_book(book)
    return finish_evidence(builder.evidence(), registers)


@dataclass(slots=True)
class _EvidenceBuilder:
    """Collects what is read from the sheets, one file after another."""

    registers: Mapping[str, RegisterSpec]
    known: datetime.date | None
    repeated: Collection[str]
    mapping: OfficeMapping
    mapped: list[SheetMapping] = field(default_factory=list)  # the parts with a sheet
    lists: list[ListSheet] = field(default_factory=list)  # whose rows the mapping finds by name
    parts: dict[str, list[SheetPart]] = field(default_factory=dict)
    #: The registers with a sheet that cannot be read, each with its name.
    lost: dict[str, str] = field(default_factory=dict)
    unknown: list[EvidenceNote] = field(default_factory=list)  # on sheets without a register
    unused: list[EvidenceNote] = field(default_factory=list)
    #: A sentence for each mapped table with new columns.
    new_columns: list[str] = field(default_factory=list)
    not_begun: list[SheetRef] = field(default_factory=list)
    files: list[EvidenceFile] = field(default_factory=list)
    problems: list[EvidenceProblem] = field(default_factory=list)
    notes: list[EvidenceNote] = field(default_factory=list)
    fatal: list[EvidenceProblem] = field(default_factory=list)

    def add_book(self, book: Book) -> None:
        """Reads the sheets of a file."""
        if isinstance(book, Unopened):
            kind = ProblemKind.FILE_UNREADABLE
            self.fatal.append(EvidenceProblem(kind, "", book.file, "", book.message))
            return
        self.files.append(EvidenceFile(book.file, book.sha256))
        if book.file in self.repeated:
            message = "This file was given more than once. It was read once."
            self.notes.append(EvidenceNote(book.file, "", message))
        if not all(sheet.looked_for_hidden for sheet in book.sheets):
            self.notes.append(EvidenceNote(book.file, "", _NOT_SEARCHED))
        matches = match_sheets(book, self.registers, self.mapping)
        for sheet, match in zip(book.sheets, matches, strict=True):
            if isinstance(match, EvidenceNote):
                self.unknown.append(match)
                unused = has_contents(sheet) and not explains_workbook(sheet)
                (self.unused if unused else self.notes).append(match)
            elif isinstance(match, MappedMatch):
                for part, _ in match.parts:
                    self.mapped.append(part)
                    if headings := new_columns(match.sheet, part):
                        words = new_columns_words(headings, sheet_name(book, match.sheet))
                        self.new_columns.append(f"{words} {_SAY_WHAT}")
                for where, contents in read_mapped_sheet(
                    match.parts, match.sheet, book.date1904, self.lists
                ):
                    self._add_contents(where, contents)
            else:
                self._add_sheet(match, book.date1904)

    def _add_sheet(self, match: SheetMatch, date1904: bool) -> None:
        register = match.where.register
        if match.problem is not None:
            if match.problem not in self.problems:  # the same for each of the sheets
                self.problems.append(match.problem)
            self.lost.setdefault(register.id, match.where.sheet)
            return
        self._add_contents(match.where, [read_sheet(match.where, match.sheet, date1904)])

    def _add_contents(self, where: SheetRef, contents: Sequence[SheetContents]) -> None:
        """Adds the records that a sheet gives of one register, from one or more parts of it."""
        register = where.register
        if self.known is not None:
            contents = [known_by(content, register, self.known) for content in contents]
        for content in contents:
            self.notes.extend(content.notes)
        # A control sheet is never needed, so it makes no difference whether it has been begun.
        if not all(content.begun for content in contents) and not register.control:
            self.not_begun.append(where)
            filled = (problem for content in contents for problem in content.problems)
            self.problems += [p for p in filled if p.kind is ProblemKind.EXAMPLE_FILLED]
            return
        self.problems.extend(sheet_problems(where, contents))
        for content in contents:
            if content.part is None:
                self.lost.setdefault(register.id, where.sheet)
            else:
                self.parts.setdefault(register.id, []).append(content.part)

    def evidence(self) -> Evidence:
        """The tables of all registers, and everything that was noted."""
        self._report_mapped_sheets()
        tables = {id_: self._table(register) for id_, register in self.registers.items()}
        not_begun = (
            SheetNotBegun(where.file, where.sheet)
            for where in self.not_begun
            if not tables[where.register.id].given
        )
        problems = tuple(self.problems)
        notes = tuple(self.notes)
        sentences = (*self.new_columns, *assumptions(self.mapped, self.registers))
        not_kept = columns_not_kept(self.mapped)
        parts = register_sha256s(self.mapping)
        not_mapped = columns_not_mapped(self.mapped, self.registers)
        used = MappingUsed(mapping_sha256(self.mapping), sentences, not_kept, parts, not_mapped)
        return Evidence(
            tables,
            tuple(self.files),
            problems,
            notes,
            tuple(self.fatal),
            used if self.mapping else None,
            tuple(self.unused),
            tuple(dict.fromkeys(not_begun)),
        )

    def _report_mapped_sheets(self) -> None:
        """Reports each part of the mapping without a sheet. If its file was read, or another sheet
        gives a part of the same register, the register cannot be read: the sheet was there when the
        mapping was confirmed, and a list with a part missing would read as complete."""
        for part in in_order(self.mapping):
            if part in self.mapped or not part.gives:
                continue
            file = next((f.file for f in self.files if is_mapped_file(f.file, part)), None)
            if file is None:
                message = f"The mapping in office.yaml names '{part.file}', which was not given."
                self.notes.append(EvidenceNote(part.file, part.sheet or "", message))
            else:
                message = (
                    f"The mapping in office.yaml names the sheet '{part.sheet}', which is not in"
                    " this file. Give the sheet that name again, or correct the mapping."
                )
            lost = [
                item.register_id for item in part.gives if file or item.register_id in self.parts
            ]
            self.lost |= {id_: part.sheet or part.file for id_ in lost if id_ not in self.lost}
            for id_ in lost[:1]:
                where = SheetRef(self.registers[id_], file or part.file, part.sheet or "")
                incomplete = "" if file else " Without it the list is incomplete. Give it too."
                problem = where.problem(ProblemKind.SHEET_MISSING, message + incomplete)
                self.problems.append(problem)

    def _table(self, register: RegisterSpec) -> Table:
        """The table of a register: its parts joined, or a table without rows if no sheet of it was
        given or could be read."""
        if register.id in self.lost:
            sheet = self.lost[register.id]
            return replace(missing_table(register, given=True), unread_sheet=sheet)
        if register.id not in self.parts:
            # a file that could not be opened may have its sheet
            has_sheet = any(where.register == register for where in self.not_begun)
            unread = () if self.fatal or has_sheet else self.unknown
            misnamed = misnamed_sheet(register, unread, self.mapping)
            if misnamed is not None and not register.control:
                self.problems.append(misnamed)
            return missing_table(register)
        table, notes = join_parts(register, self.parts[register.id])
        self.notes.extend(notes)
        return table
