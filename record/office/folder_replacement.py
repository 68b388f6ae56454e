"""A folder of files put in place as a whole, together with an entry of the ledger, or not at all.

The new folder is made beside the one that it replaces. While the entry is being made, the old one
is kept beside it too. Once the ledger has the entry that the new folder's run.json names, the new
folder is the right one; before that, the old one is. So whatever a killed process has left is
completed or undone by the next one (:func:`settle`).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence.output_file import is_unfinished, sync_folder, taken, write_files
from record.ledger.chain import entries
from record.ledger.database import size_of
from record.ledger.run_file import in_run

_PREFIX, _NEW, _OLD, _GONE = ".dueregard-", ".new", ".old", ".gone"
#: What the files begin with by which Excel and LibreOffice mark that another is open.
_LOCKS = ("~$", ".~lock.")


class FolderInUse(Exception):
    """The folder cannot be replaced; ``open_files`` are those that a program seems to have open."""

    def __init__(self, reason: str, open_files: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.open_files = open_files


class FolderReplacement:
    """A folder that is being made in place of another, or of none. ``path``: where it is made."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{_PREFIX}{target.name}{_NEW}")
        self._old = self.path.with_suffix(_OLD)
        self._gone = self.path.with_suffix(_GONE)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Writes files by their names, which may begin with that of a folder in this one."""
        paths = {self.path / name: data for name, data in files.items()}
        for folder in {path.parent for path in paths}:
            folder.mkdir(parents=True, exist_ok=True)
        write_files(paths, durable=True)

    def keep(self, replaced: Collection[str], renamed: Mapping[str, str]) -> list[str]:
        """Copies into the new folder what the old one has and the new one has not, and returns the
        names there. Leaves out the ``replaced`` files. Those in ``renamed`` get another name."""
        kept = []
        for old in sorted(path for path in self.target.rglob("*") if path.is_file()):
            name = old.relative_to(self.target).as_posix()
            if old.name.startswith(_LOCKS) or is_unfinished(old.name) or name in replaced:
                continue
            new = self.path / renamed.get(name, name)
            if taken(new):
                continue
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old, new)
            kept.append(new.relative_to(self.path).as_posix())
        return kept

    def put_in_place(self) -> None:
        """Moves the old folder away and the new one to its place. Raises FolderInUse, with nothing
        changed, if the system does not let the old one be moved."""
        if taken(self.target):
            try:
                self.target.rename(self._old)
            except OSError as error:
                raise FolderInUse(error.strerror or str(error), self._open_files()) from error
        else:
            self._old.mkdir()  # says that the new one is not in the ledger yet
        self.path.rename(self.target)
        sync_folder(self.target.parent)

    def undo(self) -> None:
        """Removes the new folder and puts the old one back, if it was moved."""
        _remove(self.path)
        if taken(self._old):
            _remove(self.target)
            with suppress(OSError):  # it is empty if there was none
                self._old.rmdir()
                return
            self._old.rename(self.target)
            sync_folder(self.target.parent)

    def complete(self) -> None:
        """Removes the old folder: the new one is in its place, and in the ledger."""
        # what cannot be removed as a whole must not be put back later
        with suppress(OSError):
            self._old.rename(self._gone)
        _remove(self._gone)

    def settle(self, ledger: Path) -> None:
        """Completes or undoes what a killed process has left."""
        _remove(self._gone)
        head = in_run(self.target, "head") if taken(self._old) and size_of(ledger) else ""
        if head and any(entry.row.hash == head for entry in entries(ledger)):
            self.complete()
        else:
            self.undo()

    def _open_files(self) -> tuple[str, ...]:
        """The files beside which another program keeps its lock. Excel leaves out the first letters
        of a long name."""
        names = {path.name for path in self.target.iterdir()}
        return tuple(
            name
            for name in sorted(names)
            if not name.startswith(_LOCKS)
            and {f"~${name}", f"~${name[2:]}", f".~lock.{name}#"} & names
        )


@contextmanager
def replacing(target: Path) -> Iterator[FolderReplacement]:
    """A folder to make in place of ``target``. If the block raises, everything is as it was."""
    replacement = FolderReplacement(target)
    try:
        replacement.path.mkdir(parents=True)
        yield replacement
    except BaseException:
        replacement.undo()
        raise
    replacement.complete()


def settle(reports: Path, ledger: Path) -> None:
    """Completes or undoes every replacement in a folder that a killed process has left. Raises
    LedgerProblem if the ledger cannot be read, and OSError if a folder cannot be moved."""
    with suppress(FileNotFoundError, NotADirectoryError):
        left = [path for path in reports.iterdir() if path.suffix in (_NEW, _OLD, _GONE)]
        for name in {path.stem for path in left if path.name.startswith(_PREFIX)}:
            FolderReplacement(reports / name.removeprefix(_PREFIX)).settle(ledger)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
