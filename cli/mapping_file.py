"""The office's own sheets that are not mapped yet, and the mapping in its office.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cli.evidence_input import find_files, folder_files
from cli.exits import Stop
from cli.inputs import path_words
from cli.office_folder import Office, locked_for, must_have_no_problems, office_in
from cli.outputs import write_over
from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.mapping.model import OfficeMapping, SheetMapping
from evidence.raw_cells import Unopened
from evidence.register import Registers
from evidence.regular_file import MEGABYTE, read_regular
from record.office.interview.own_sheets import OwnSheet, known_lists, lists_first, own_sheets
from record.office.mapping_checks import mapping_problems
from record.office.office_file import NAME, place_of_mapping, separated, with_keys
from rules.model import Rulebook
from rules.not_kept import duties_reading


def sheets_to_map(
    office: Office, rulebook: Rulebook, mapping: OfficeMapping
) -> tuple[list[OwnSheet], list[str]]:
    """The sheets to ask about: of the evidence that office.yaml names, and of the other
    spreadsheets in the folder. Also returns messages about the files that cannot be opened. Raises
    Stop where it cannot tell which the files are."""
    registers, duties = rulebook.registers, duties_reading(rulebook)
    named = [Path(separated(name)) for name in office.file.evidence]
    files = folder_files(named, office.folder, office.allowed)
    if files.stop is not None and not files.evidence:
        raise Stop(str(files.stop))
    with opened(by_name([*files.evidence, *files.others], office.folder)) as books:
        opened_books = list(books)
    unopened = [book.message for book in opened_books if isinstance(book, Unopened)]
    lists = known_lists(opened_books, registers, mapping)
    sheets = [
        replace(own, lists=lists, duties=duties)
        for own in own_sheets(opened_books, registers, mapping)
    ]
    return lists_first(sheets, registers), unopened


def save_mapping(
    folder: Path,
    by: str | None,
    parts: Sequence[SheetMapping],
    registers: Registers,
    *,
    again: bool = False,
) -> Path:
    """Adds to the mapping in office.yaml as it is now, and its files to the evidence there. ``by``
    is who holds the folder meanwhile; with ``again``, what was said about the same sheet before is
    taken out. Returns the path of office.yaml. Raises Stop, and changes
    nothing, if the file is gone, is wrong, or would be with the addition."""
    path = folder / NAME
    with locked_for(_office_to_change(folder), by):
        office = _office_to_change(folder)  # as it is now, since nobody else can change it
        new = {(part.file, part.sheet) for part in parts} if again else set()
        before = [part for part in office.file.mapping if (part.file, part.sheet) not in new]
        file = office.file.model_copy(
            update={
                "mapping": (*before, *parts),
                "evidence": (*office.file.evidence, *_not_named(office, parts)),
            }
        )
        problems = mapping_problems(file.mapping, registers, place_of_mapping(path))
        must_have_no_problems(path, tuple(problems))
        keys = ["mapping"] if file.evidence == office.file.evidence else ["evidence", "mapping"]
        text = with_keys(read_regular(path, MEGABYTE).decode("utf-8-sig"), file, keys)
        write_over({path: text.encode()})
    return path


def _office_to_change(folder: Path) -> Office:
    office = office_in(folder)
    if office is None:
        raise Stop(f"{path_words(folder / NAME)} is not there any more. Nothing was saved.")
    return office


def _not_named(office: Office, parts: Sequence[SheetMapping]) -> list[str]:
    """The files of a mapping that office.yaml does not name as evidence."""
    named = [Path(separated(name)) for name in office.file.evidence]
    files = find_files(named, office.folder, office.allowed).files if named else ()
    known = {path.resolve() for path in files}
    names = dict.fromkeys(part.file for part in parts if part.gives)
    return [name for name in names if (office.folder / name).resolve() not in known]
