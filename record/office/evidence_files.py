"""The files of evidence that names, folders and patterns stand for, and what was passed over.

The program expands patterns itself, on every system, since the Windows command prompt does not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import translate
from pathlib import Path

from evidence.cells.text import some_of
from evidence.filenames import as_text
from evidence.raw_cells import FORMATS
from evidence.visible import visible
from record.office.conflicted_copies import copies_of
from record.office.own_files import HIDDEN, is_own_file, is_own_folder

#: The most files and folders that are looked at for one command, and the most files that folders
#: and patterns may stand for.
MOST_ENTRIES = 20_000
MOST_FILES = 500

_WILD = re.compile(r"[*?\[]")
_ANY_DEPTH = "**"
#: The name of the file that Excel or LibreOffice keeps beside a workbook that is open.
_LOCK = re.compile(r"~\$(.+)|\.~lock\.(.+)#", re.DOTALL)
_UNSAVED = "changes that are not saved yet are not counted."
_SYSTEM_NAMES = frozenset(("desktop.ini", "thumbs.db"))


class EvidenceStop(Exception):
    """The files of evidence cannot be told; ``str()`` is the whole message."""


class NoFolderStop(EvidenceStop):
    """The ``folder`` of a file or a pattern is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"There is no folder {_shown(folder)}.")


class NoEvidenceStop(EvidenceStop):
    """There is no file of evidence; ``passed_over`` was found and is none."""

    def __init__(self, words: str, passed_over: Iterable[PassedOver]) -> None:
        self.passed_over = tuple(passed_over)
        super().__init__("\n".join((words, *passed_words(self.passed_over))))


class Reason(StrEnum):
    """Why a file in a folder of evidence is not evidence."""

    LOCK = "a workbook is open"
    TEMPORARY = "temporary or hidden"
    OWN = "written by this program"
    OUTSIDE = "leads out of the folder, which nobody has allowed"
    FORMAT = "not a spreadsheet"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that was found and is not evidence."""

    path: Path
    reason: Reason


@dataclass(frozen=True, slots=True)
class EvidenceFiles:
    """The files of evidence, and what was passed over, in the order in which they were found. A
    file that was named twice is there twice."""

    files: tuple[Path, ...]
    passed_over: tuple[PassedOver, ...]


def find_evidence(
    named: Sequence[Path], folder: Path = Path(), allowed: Collection[Path] | None = None
) -> EvidenceFiles:
    """The files of evidence for these names of files, folders and patterns in ``folder``.

    A folder stands for the spreadsheets and CSV files in it and in its folders. A name that is
    there is no pattern, and a file that is not there is among the files, to be reported when it is
    opened.

    Args:
        named: relative to ``folder``, or absolute.
        folder: the office's folder, or the current one.
        allowed: the paths outside ``folder`` that may be read as well. None for names that a person
            has just given, which may lie anywhere.

    Raises:
        EvidenceStop: a pattern fits nothing, a folder has no evidence, a name lies outside, there
            is a conflicted copy, or there are too many files.
    """
    search = _Search(folder, allowed)
    for name in named:
        search.add(name)
    if not search.files:
        reports = [_shown(file.path) for file in search.passed_over if file.reason is Reason.OWN]
        words = "There is no evidence."
        if reports and len(reports) == len(search.passed_over):
            are = "was" if len(reports) == 1 else "were"
            words = (
                f"{some_of(reports)} {are} written by this program, as a report or a record. Give"
                " the workbook with the evidence."
            )
            raise NoEvidenceStop(words, ())
        raise NoEvidenceStop(words, search.passed_over)
    search.must_have_no_conflict()
    return EvidenceFiles(tuple(search.files), tuple(search.passed_over))


def passed_words(passed_over: Iterable[PassedOver]) -> list[str]:
    """A line for each reason, with the first few of the files that were passed over for it."""
    names: dict[Reason, list[str]] = {reason: [] for reason in Reason}
    for file in passed_over:
        lock = file.reason is Reason.LOCK
        path = file.path.with_name(_LOCK.sub(r"\1\2", file.path.name)) if lock else file.path
        names[file.reason].append(_shown(path))
    opened = sorted(set(names.pop(Reason.LOCK)))
    are = "is open" if len(opened) == 1 else "are open"
    return [
        *([f"{some_of(opened)} {are} in Excel: {_UNSAVED}"] if opened else []),
        *(f"Not read ({why}): {some_of(sorted(paths))}" for why, paths in names.items() if paths),
    ]


@dataclass(slots=True)
class _Search:
    """What was found so far. ``named`` are the files that were named themselves, and ``seen`` the
    real paths of all; ``walked`` are the real paths of the folders found for one name."""

    folder: Path
    allowed: Collection[Path] | None
    files: list[Path] = field(default_factory=list)
    named: set[Path] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    passed_over: dict[PassedOver, None] = field(default_factory=dict)
    walked: set[str] = field(default_factory=set)
    names: dict[Path, list[str]] = field(default_factory=dict)
    entries: int = 0

    def add(self, name: Path) -> None:
        """Adds what a name stands for: a file that is named twice is added twice, as given."""
        path = self.folder / name
        base, parts = _split(self.folder, name)
        pattern = bool(parts)
        roots = self._roots(base)
        if self.allowed is not None and not is_within(base, roots):
            raise EvidenceStop(outside_words(name, self.folder))
        if not pattern and not _is_folder(path):
            self._add_named(path)
            return
        self.walked.clear()
        nothing = True
        for file in self._fitting(base, parts, roots) if pattern else self._walk(base, roots):
            nothing = False
            if (real := os.path.realpath(file)) not in self.seen:
                self.seen.add(real)
                self.files.append(file)
            if len(self.files) - len(self.named) > MOST_FILES:
                raise EvidenceStop(
                    f"{_shown(name)} stands for more than {MOST_FILES:,} spreadsheets: give those "
                    "that are evidence, or a folder that contains nothing else."
                )
        if nothing:
            passed = (file for file in self.passed_over if file.path.is_relative_to(base))
            workbook = not pattern and base.suffix.lower()[1:] in FORMATS
            words = _IS_FOLDER if workbook else _NOTHING[pattern]
            raise NoEvidenceStop(words.format(_folder_words(name)), passed)

    def _add_named(self, path: Path) -> None:
        if is_own_file(path):
            self.passed_over[PassedOver(path, Reason.OWN)] = None
            return
        for lock in (f"~${path.name}", f".~lock.{path.name}#"):
            with suppress(OSError, ValueError):
                if path.with_name(lock).is_file():
                    self.passed_over[PassedOver(path.with_name(lock), Reason.LOCK)] = None
        self.files.append(path)
        self.named.add(path)
        self.seen.add(os.path.realpath(path))

    def must_have_no_conflict(self) -> None:
        """Raises EvidenceStop if a file and a conflicted copy of it are both there, unless
        office.yaml names both, or the file itself alone was given on the command line."""
        on_command_line = self.allowed is None
        for path in self.files:
            for name in copies_of(path.name, self._names(path.parent)):
                has_original, has_copy = path in self.named, path.parent / name in self.named
                settled = has_original and has_copy is not on_command_line
                if not settled:
                    raise EvidenceStop(_conflict_words(path, name))

    def _walk(self, folder: Path, roots: Collection[str]) -> Iterator[Path]:
        """The files of evidence in a folder and its folders."""
        names = self._names(folder)
        if is_own_folder(folder, names):
            return
        for name in names:
            yield from self._found(folder / name, roots)

    def _found(self, path: Path, roots: Collection[str]) -> Iterator[Path]:
        """The files of evidence that a path found in a folder stands for."""
        reason = _reason(path, roots)
        if reason is not None:
            if reason is not Reason.OWN or path.suffix.lower()[1:] in FORMATS:
                self.passed_over[PassedOver(path, reason)] = None
        elif not path.is_dir():
            yield path
        elif (real := os.path.realpath(path)) not in self.walked:  # else a link to it, or a ring
            self.walked.add(real)
            yield from self._walk(path, roots)

    def _fitting(self, base: Path, parts: Sequence[str], roots: Collection[str]) -> Iterator[Path]:
        """The files of evidence below ``base`` that fit the parts of a pattern."""
        first, *rest = parts
        names = self._names(base) if base.is_dir() else []
        if first == _ANY_DEPTH:
            folders = [base / name for name in names if (base / name).is_dir()]
            inside = [path for path in folders if _reason(path, roots) is None]
            yield from self._fitting(base, rest, roots) if rest else self._walk(base, roots)
            for path in inside if rest else ():
                if not path.is_symlink():
                    yield from self._fitting(path, parts, roots)
            return
        fits = re.compile(translate(first), re.IGNORECASE)
        for name in names:
            if fits.match(name) and rest:
                yield from self._fitting(base / name, rest, roots)
            elif fits.match(name):
                yield from self._found(base / name, roots)

    def _names(self, folder: Path) -> list[str]:
        """The names in a folder, sorted. Raises EvidenceStop if there are too many in all."""
        if folder in self.names:
            return self.names[folder]
        try:
            names = sorted(path.name for path in folder.iterdir())
        except FileNotFoundError:
            raise NoFolderStop(folder) from None
        except OSError as error:
            why = error.strerror or error
            raise EvidenceStop(
                f"{_shown(folder)} cannot be read ({why}): ask for permission to read it."
            ) from None
        self.entries += len(names)
        if self.entries > MOST_ENTRIES:
            raise EvidenceStop(
                f"{_shown(folder)} and the other folders of evidence contain more than"
                f" {MOST_ENTRIES:,} files and folders: give the files of evidence themselves."
            )
        self.names[folder] = names
        return names

    def _roots(self, path: Path) -> list[str]:
        """The real paths of the folders in which what is found below ``path`` may lie."""
        if self.allowed is None:
            return [os.path.realpath(path)]
        return [os.path.realpath(inside) for inside in (self.folder, *self.allowed)]


_CONFLICT = (
    "{0} has a conflicted copy, {1}: OneDrive, SharePoint or Dropbox makes one when two people"
    " change a file at once. Which one is right? Keep that one as {2}, and move the other out of"
    " the folder."
)
#: A folder or, where it is a pattern, a pattern without evidence.
_NOTHING = {
    False: "There is no spreadsheet in {}. Give a folder with workbooks (.xlsx) or CSV files.",
    True: "No spreadsheet fits {}: check the pattern and its folder.",
}

#: The same of a folder whose name is like that of a workbook.
_IS_FOLDER = "{} is a folder, and there is no spreadsheet in it. Give the workbook itself."


def _folder_words(name: Path) -> str:
    return "this folder" if name == Path() else _shown(name)


def _conflict_words(path: Path, copy: str) -> str:
    return _CONFLICT.format(_shown(path), _shown(path.parent / copy), path.name)


def outside_words(name: Path, folder: Path) -> str:
    """A sentence for a path in office.yaml that leads out of its folder without permission."""
    place = _shown(Path(os.path.realpath(place_of(name, folder))))
    return (
        f"office.yaml names {_shown(name)}, which is outside its folder, and nobody has allowed"
        " that on this computer. If you trust it, run in that folder: dueregard start --allow"
        f' "{place}"'
    )


def place_of(name: Path, folder: Path) -> Path:
    """The file or folder that a name stands for; of a pattern, the folder in which it is looked
    for."""
    return _split(folder, name)[0]


def _shown(path: Path) -> str:
    """A path as a message names it."""
    return visible(as_text(path.as_posix()))


def outside_names(names: Iterable[str], folder: Path, allowed: Collection[Path]) -> list[str]:
    """Those of the names in office.yaml that lead outside its folder without permission."""
    roots = [os.path.realpath(inside) for inside in (folder, *allowed)]
    return [name for name in names if not is_within(place_of(Path(name), folder), roots)]


def _is_folder(path: Path) -> bool:
    """Whether a folder has that name; an impossible name has none."""
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def is_within(path: Path, roots: Collection[str]) -> bool:
    """Whether a path, with its links resolved, is one of these real paths or lies inside one."""
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(root) for root in roots)


def _split(folder: Path, name: Path) -> tuple[Path, list[str]]:
    """The folder of a pattern, up to its first part with a wildcard, and the parts from there. A
    name that is no pattern, or is there, has no such parts."""
    parts = [] if os.path.lexists(folder / name) else list(name.parts)
    first = next((number for number, part in enumerate(parts) if _WILD.search(part)), None)
    if first is None:
        return folder / name, []
    return folder.joinpath(*parts[:first]), parts[first:]


def _reason(path: Path, roots: Collection[str]) -> Reason | None:
    """Why a path found in a folder is not evidence, and no folder to look in; None if it may be."""
    name = path.name
    if lock := _LOCK.fullmatch(name):
        workbook = Path(lock[1] or lock[2]).suffix.lower()[1:] in FORMATS
        return Reason.LOCK if workbook else Reason.TEMPORARY
    if name.startswith(HIDDEN):
        return Reason.OWN
    hidden = name.startswith((".", "~")) or name.endswith(("~", ".tmp"))
    if hidden or name.lower() in _SYSTEM_NAMES:
        return Reason.TEMPORARY
    if not is_within(path, roots):
        return Reason.OUTSIDE
    if path.is_dir():
        return None
    if is_own_file(path):
        return Reason.OWN
    return None if path.suffix.lower()[1:] in FORMATS else Reason.FORMAT
