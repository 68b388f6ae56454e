"""The register that each sheet of a file contains, by the sheet's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from evidence.cells.text import is_blank, listed, nearest, normal_heading
from evidence.mapping.model import OfficeMapping, SheetMapping
from evidence.problem import EvidenceNote, EvidenceProblem, ProblemKind
from evidence.raw_cells import RawSheet, RawWorkbook
from evidence.register import RegisterSpec
from evidence.sheet_ref import SheetRef
from evidence.sheets.headings import has_headings_of

#: The sheets of the blank workbook that explain it and contain no evidence.
ABOUT_SHEET = "About this workbook"
OPTIONS_SHEET = "Options"
#: What else an office with a mapping can do about a sheet that has another name.
_OR_MAP = ", or say with 'dueregard map' what it contains"
#: What a note says before the sheet that was read in place of another.
BECAUSE = ", because "
#: A shorter name may be like that of a sheet by chance: 'stuff' is not meant for 'Staff'.
_LONG_ENOUGH = 6
_READ_ME = normal_heading("Read me")


@dataclass(frozen=True, slots=True)
class SheetMatch:
    """A sheet and its register in ``where``; a sheet with a ``problem`` must not be read."""

    where: SheetRef
    sheet: RawSheet
    problem: EvidenceProblem | None = None


@dataclass(frozen=True, slots=True)
class MappedMatch:
    """A sheet that parts of the mapping read, each with a place for each register that it gives."""

    sheet: RawSheet
    parts: tuple[tuple[SheetMapping, tuple[SheetRef, ...]], ...]


def register_by_sheet_name(registers: Mapping[str, RegisterSpec]) -> dict[str, str]:
    """The id of the register for each accepted name of a sheet, normalised."""
    return {
        normal_heading(name): id_ for id_, register in registers.items() for name in register.sheets
    }


def has_contents(sheet: RawSheet) -> bool:
    """Whether a cell of the sheet is filled."""
    return any(not is_blank(cell) for row in sheet.rows for cell in row)


def explains_workbook(sheet: RawSheet) -> bool:
    """Whether a sheet is one of those that explain the workbook and contain no evidence: those of
    the blank workbook, and a 'Read me' with no more than one filled cell in each row."""
    if normal_heading(sheet.name) == _READ_ME:
        return all(sum(not is_blank(cell) for cell in row) <= 1 for row in sheet.rows)
    return sheet.name in (ABOUT_SHEET, OPTIONS_SHEET)


def sheet_name(book: RawWorkbook, sheet: RawSheet) -> str:
    """The sheet's name; of a CSV file, the file's name without its folder and its ending."""
    return PurePosixPath(book.file).stem if book.format == "csv" else sheet.name


def sheet_mappings(file: str, sheet: str, mapping: OfficeMapping) -> list[SheetMapping]:
    """The parts of the mapping that read a sheet of a file: one for each of its tables."""
    return [part for part in mapping if part.sheet in (None, sheet) and is_mapped_file(file, part)]


def is_mapped_file(file: str, part: SheetMapping) -> bool:
    """Whether a part of the mapping is about a file. Each may name it with more of its folders than
    the other; a * in the mapping stands for any text, and capitals make no difference."""
    parts = PurePosixPath(file.casefold()).parts[::-1]
    patterns = PurePosixPath(part.file.casefold().replace("\\", "/")).parts[::-1]
    # Of the signs of fnmatch only the * has its meaning: [ and ? stand for themselves.
    escaped = [pattern.replace("[", "[[]").replace("?", "[?]") for pattern in patterns]
    return all(map(fnmatchcase, parts, escaped))


def match_sheets(
    book: RawWorkbook, registers: Mapping[str, RegisterSpec], mapping: OfficeMapping = ()
) -> Iterator[SheetMatch | MappedMatch | EvidenceNote]:
    """Each sheet in the file's order, matched to the part of the mapping that reads it, otherwise
    to its register, or a note that it has none.

    Of two sheets whose normalised names are equal, neither may be read.
    """
    register_ids = register_by_sheet_name(registers)
    names = [sheet_name(book, sheet) for sheet in book.sheets]
    parts = [sheet_mappings(book.file, name, mapping) for name in names]
    normalised = [
        "" if part else normal_heading(name) for name, part in zip(names, parts, strict=True)
    ]
    usual_names = {id_: register.sheets[0] for id_, register in registers.items()}
    own_names: dict[str, str] = {}  # of each register's first sheet in this file
    for name, normal, sheet_parts in zip(names, normalised, parts, strict=True):
        ids = [item.register_id for part in sheet_parts for item in part.gives]
        for id_ in ids or [register_ids.get(normal, "")]:
            own_names.setdefault(id_, name)
    office_names = usual_names | own_names
    for sheet, name, normal, sheet_parts in zip(book.sheets, names, normalised, parts, strict=True):
        if sheet_parts:
            places = [
                tuple(
                    SheetRef(registers[item.register_id], book.file, name, office_names)
                    for item in part.gives
                )
                for part in sheet_parts
            ]
            yield MappedMatch(sheet, tuple(zip(sheet_parts, places, strict=True)))
            continue
        register = registers.get(register_ids.get(normal, ""))
        if register is None:
            subject = f"The {'file' if book.format == 'csv' else 'sheet'} '{name}' was not read"
            id_ = _meant(name, sheet, registers)
            if id_ and id_ in own_names:
                message = (
                    f"{subject}{BECAUSE}'{own_names[id_]}' was. If it is a copy, delete it. If it"
                    f" has other rows, move them to '{own_names[id_]}'."
                )
                yield EvidenceNote(book.file, name, message)
                continue
            meant = usual_names.get(id_, "")
            hint = f" If it is the '{meant}' sheet, {_rename(meant, mapping)}." if meant else ""
            message = f"{subject}: no evidence sheet has that name.{hint}"
            yield EvidenceNote(book.file, name, message, meant)
            continue
        where = SheetRef(register, book.file, name, office_names)
        equal = [other for other, key in zip(names, normalised, strict=True) if key == normal]
        yield SheetMatch(where, sheet, _same_name(where, equal) if len(equal) > 1 else None)


def _same_name(where: SheetRef, sheets: Sequence[str]) -> EvidenceProblem:
    """The problem of sheets whose names are equal. It is the same for each of them, since read.py
    drops equal problems."""
    other = "other" if len(sheets) == 2 else "others"
    quoted_names = listed([f"'{name}'" for name in sheets])
    usual = where.register.sheets[0]
    use = "use" if normal_heading(usual) == normal_heading(sheets[0]) else f"use for '{usual}'"
    problem = replace(where, sheet=sheets[0]).problem(
        ProblemKind.SHEET_TWICE,
        f"The sheets {quoted_names} have almost the same name, so it is not clear which "
        f"to {use}. Move all the rows to one of them and delete the {other}.",
    )
    return replace(problem, sheets=tuple(sheets))


def _meant(name: str, sheet: RawSheet, registers: Mapping[str, RegisterSpec]) -> str:
    """The id of the register that a sheet of another name may be: one of a similar name, or the one
    of which it has the headings, if there is only one; '' for none."""
    ids = {other: id_ for id_, spec in registers.items() for other in spec.sheets}
    begun = [other for other in ids if normal_heading(name).startswith(f"{normal_heading(other)} ")]
    near = max(begun, key=len, default=None) or nearest(name, ids)
    if near and len(name) >= _LONG_ENOUGH:
        return ids[near]
    counts = {id_: has_headings_of(sheet, spec) for id_, spec in registers.items()}
    most = max(counts.values(), default=0)
    fitting = [id_ for id_, number in counts.items() if number == most]
    return fitting[0] if most and len(fitting) == 1 else ""


def _rename(meant: str, mapping: OfficeMapping) -> str:
    return f"rename it to '{meant}'{_OR_MAP if mapping else ''}"


def misnamed_sheet(
    register: RegisterSpec, unread: Sequence[EvidenceNote], mapping: OfficeMapping
) -> EvidenceProblem | None:
    """The problem of a register without a sheet, if a sheet without a register, one of those that
    were ``unread``, may be meant for it; None if no sheet may be."""
    note = next((note for note in unread if note.rename_to in register.sheets), None)
    if note is None:
        return None
    to_do = _rename(note.rename_to, mapping)
    message = (
        f"There is no '{register.sheets[0]}' sheet. If the sheet '{note.sheet}' is meant, {to_do}."
    )
    return SheetRef(register, "", "").problem(ProblemKind.SHEET_MISSING, message)
