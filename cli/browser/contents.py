"""What is in the office's folder: its spreadsheets, their sheets, and which are evidence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cli.evidence_input import folder_files
from cli.exits import Stop
from cli.office_folder import Office
from evidence.filenames import by_name
from evidence.files.apart import opened
from evidence.mapping.list_names import ListSheet
from evidence.mapping.model import SheetMapping
from record.office.evidence_files import (
    NoEvidenceStop,
    PassedOver,
    Reason,
    passed_words,
)
from record.office.interview.own_sheets import OwnSheet, known_lists, lists_first, own_sheets
from record.office.office_file import separated
from record.office.survey import SurveyedFile, survey_book
from rules.model import Rulebook
from rules.not_kept import duties_reading
from rules.sop_files.read import UNITS


@dataclass(frozen=True, slots=True)
class FolderContents:
    """The spreadsheets of a folder. ``evidence`` are those that office.yaml names; ``others`` the
    rest. ``own_sheets``: the sheets that nobody has said yet what they are. ``passed_over``: a
    sentence for each kind of file that is no evidence. ``problem``: why this cannot be told."""

    evidence: tuple[SurveyedFile, ...] = ()
    others: tuple[SurveyedFile, ...] = ()
    own_sheets: tuple[OwnSheet, ...] = ()
    passed_over: tuple[str, ...] = ()
    problem: str = ""

    @property
    def new_columns(self) -> list[tuple[SheetMapping, str]]:
        """The parts of the mapping whose tables have new columns, each with a sentence."""
        return [new for file in (*self.evidence, *self.others) for new in file.new_columns]


class ContentsCache:
    """Reads a spreadsheet again only when it, or the mapping, has changed."""

    def __init__(self) -> None:
        #: By the names of the files: what they were read with, and what is in them.
        self._files: dict[
            str, tuple[object, SurveyedFile, tuple[OwnSheet, ...], tuple[ListSheet, ...]]
        ] = {}

    def contents(self, folder: Path, office: Office | None, rulebook: Rulebook) -> FolderContents:
        """What is in the folder now."""
        allowed = office.allowed if office else ()
        try:
            named = [Path(separated(name)) for name in office.file.evidence] if office else []
            files = folder_files(named, folder, allowed)
        except Stop as stop:
            return FolderContents(problem=str(stop))
        nothing = files.stop is None or isinstance(files.stop, NoEvidenceStop)
        problem = "" if nothing else str(files.stop)
        shown = (
            PassedOver(Path(os.path.relpath(file.path, folder)), file.reason)
            for file in files.passed_over
            if file.reason is not Reason.OWN
            # the page asks for a document, which may be the SOP
            and (file.reason is not Reason.FORMAT or file.path.suffix.lower() not in UNITS)
        )
        passed = tuple(passed_words(shown))
        names = by_name([*files.evidence, *files.others], folder)
        surveyed, own = self._read(names, office, rulebook)
        count = len(files.evidence)
        return FolderContents(surveyed[:count], surveyed[count:], own, passed, problem)

    def _read(
        self, names: Mapping[str, Path], office: Office | None, rulebook: Rulebook
    ) -> tuple[tuple[SurveyedFile, ...], tuple[OwnSheet, ...]]:
        """What is in these files, and their sheets that nobody has said yet what they are."""
        registers = rulebook.registers
        mapping = office.mapping(registers) if office else ()
        book_of_rules = office.file.rulebook if office else None
        keys = {name: (*_stamp(path), mapping, book_of_rules) for name, path in names.items()}
        known = {name: file for name, file in self._files.items() if file[0] == keys.get(name)}
        with opened({name: path for name, path in names.items() if name not in known}) as books:
            for book in books:
                own = tuple(own_sheets([book], registers, mapping))
                surveyed = survey_book(book, registers, mapping)
                lists = known_lists([book], registers, mapping)
                known[book.file] = keys[book.file], surveyed, own, lists
        self._files = known
        files = [known[name] for name in names]
        all_lists = tuple(sheet for *_, lists in files for sheet in lists)
        duties = duties_reading(rulebook) if any(own for *_, own, _ in files) else {}
        sheets = (
            replace(one, lists=all_lists, duties=duties) for *_, own, _ in files for one in own
        )
        return tuple(file for _, file, *_ in files), tuple(lists_first(sheets, registers))


def _stamp(path: Path) -> tuple[object, ...]:
    """What changes when a file does."""
    with suppress(OSError):
        status = path.stat()
        return path, status.st_mtime_ns, status.st_size
    return (path,)
