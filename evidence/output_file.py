"""Writes files: each whole under a name that nobody can guess, then moved to its own.

Every file that the program writes is written here, except the ledger, which SQLite writes. A
reader sees the old file or the new one, never a half. A symbolic link at the name of an output is
replaced and not followed. A device or a pipe there is refused.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, which cannot lock a folder
    fcntl = None  # type: ignore[assignment]

_NEW = "new"
_OLD = "old"
_LEFT = re.compile(rf"\.dueregard-[0-9a-f]{{16}}\.(?:{_NEW}|{_OLD})")
_LEFT_SECONDS = 3600.0
"""A file of this name that is older than this was left by a run that was killed."""

#: How often a run tries to replace several files in a folder in which another does so: for five
#: seconds in all.
_TRIES = 250
#: The seconds between two tries.
_PAUSE = 0.02

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0)
_NO_LINKS = (OSError, NotImplementedError)


#: Why a place cannot be written to, in plain words.
_REASONS = {
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "a file has the name of its folder",
    errno.EEXIST: "a file has its name",
    errno.EISDIR: "a folder has its name",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "nothing can be saved on that disk",
}


def reason_words(error: OSError | ValueError) -> str:
    """Why something could not be written, after a clause: ``: the disk is full``."""
    number = error.errno if isinstance(error, OSError) else None
    plain = _REASONS.get(number or 0)
    return f": {plain}" if plain else f" ({getattr(error, 'strerror', None) or error})"


def write_file(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Writes one file, over an older one if there is one; see :func:`write_files`."""
    write_files({path: data}, durable=durable)


def write_files(files: Mapping[Path, bytes], *, durable: bool = False) -> None:
    """Writes every file, or none: where one cannot be written, each older file is as it was.

    Args:
        files: the bytes of each file.
        durable: whether the files are on the disk, and not only in its cache, on return.

    Raises:
        OSError: a file cannot be written. ``strerror`` says why.
    """
    fresh: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            _check(path)
            fresh[path] = _unguessed(path, _NEW)
            _write(fresh[path], data, _mode(path), durable=durable)
        folders = {path.parent for path in files} if len(files) > 1 else ()
        with ExitStack() as locks:
            for folder in sorted(folders):
                locks.enter_context(_alone_in(folder))
            _replace(fresh)
    finally:
        _remove(fresh.values())
    for folder in {path.parent for path in files}:
        if durable:
            sync_folder(folder)
        _sweep(folder)


def write_new_file(path: Path, data: bytes) -> None:
    """Writes a file. Raises FileExistsError if the name is taken, even since a moment ago, and
    OSError if the file cannot be written."""
    fresh = _unguessed(path, _NEW)
    try:
        if taken(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        _write(fresh, data, None, durable=False)
        try:
            os.link(fresh, path)
        except FileExistsError:
            raise
        except _NO_LINKS:  # the disk has no links: take the name first
            os.close(os.open(path, _FLAGS, 0o666))
            fresh.replace(path)
    finally:
        _remove([fresh])
    _sweep(path.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A free name beside ``path`` for a file or a folder that the block writes. At the end of the
    block it takes the place of ``path``; if the block raises, ``path`` is as it was. An old folder
    is moved aside first, since a folder can only be moved to a free name."""
    if not path.is_dir():
        _check(path)
    fresh = _unguessed(path, _NEW)
    old = _unguessed(path, _OLD)
    try:
        yield fresh
        if fresh.is_dir() and taken(path):
            path.rename(old)
        try:
            fresh.replace(path)
        except OSError:
            if taken(old):
                old.rename(path)
            raise
    finally:
        _remove([fresh, old])
    _sweep(path.parent)


def taken(path: Path) -> bool:
    """Whether anything has that name, even a broken link. An impossible name is free: writing
    reports it."""
    return os.path.lexists(path)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, where the system has such a thing (Windows has not)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def same_file(path: Path, others: Iterable[Path]) -> Path | None:
    """The first of the others that is the same file, under any name or link; None if none is."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    for other in others:
        with suppress(OSError, ValueError):
            if os.path.samestat(status, other.stat()):
                return other
    return None


# Beside the file ---------------------------------------------------------------------------------


def is_unfinished(name: str) -> bool:
    """Whether that is the name of a file that is being written, or was left by a killed run."""
    return _LEFT.fullmatch(name) is not None


def _unguessed(path: Path, ending: str) -> Path:
    """A name in the same folder, as long as any name may be there, whatever the file's name."""
    return path.parent / f".dueregard-{secrets.token_hex(8)}.{ending}"


def _write(path: Path, data: bytes, mode: int | None, *, durable: bool) -> None:
    with os.fdopen(os.open(path, _FLAGS, 0o666), "wb") as file:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _check(path: Path) -> None:
    """Refuses devices and pipes, through links too: a report moved over /dev/null would replace
    it."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    except ValueError as error:
        raise OSError(errno.EINVAL, "no file can have this name", str(path)) from error
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a file", str(path))
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def _mode(path: Path) -> int | None:
    """Who may read and write an older file; None where there is none, or a link."""
    with suppress(OSError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            return status.st_mode & 0o777
    return None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keeps other runs from replacing several files in the folder, so that the files of two runs
    cannot mix. Raises OSError if another run does not end. Windows cannot lock a folder."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        pause = threading.Event()
        if not any(_lock(handle) or pause.wait(_PAUSE) for _ in range(_TRIES)):
            raise OSError(errno.EBUSY, "another check is writing there", str(folder))
        yield
    finally:
        os.close(handle)


def _lock(folder: int) -> bool:
    """Locks an open folder; False while another run has it."""
    if fcntl is not None:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # the disk has no locks
            return True
    return True


def _replace(fresh: Mapping[Path, Path]) -> None:
    """Moves each fresh file to its name; if one fails, puts all the old ones back. No name is ever
    without its file, so a killed run loses none."""
    undo: list[Callable[[], object]] = []
    aside: list[Path] = []
    try:
        for path, new in fresh.items():
            # a single file needs no way back
            if len(fresh) > 1 and taken(path):
                aside.append(_unguessed(path, _OLD))
                undo.append(partial(os.replace, aside[-1], path))
                try:  # a second link where the disk has such links
                    os.link(path, aside[-1], follow_symlinks=False)
                except _NO_LINKS:
                    shutil.copy2(path, aside[-1], follow_symlinks=False)
            else:
                undo.append(partial(path.unlink, missing_ok=True))
            new.replace(path)
    except BaseException:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        raise
    finally:
        _remove(aside)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError, ValueError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Removes what killed runs left in a folder. The folder's own clock decides, so that what
    another run is writing now stays."""
    with suppress(OSError):
        left = [path for path in folder.iterdir() if is_unfinished(path.name)]
        if not left:
            return
        mark = _unguessed(folder / "mark", _NEW)
        try:
            _write(mark, b"", None, durable=False)
            now = mark.stat().st_mtime
            old = [path for path in left if now - _last_written(path) > _LEFT_SECONDS]
        finally:
            _remove([mark])
        _remove(old)


def _last_written(path: Path) -> float:
    """When a file was last written, or any file of a folder."""
    within = list(path.iterdir()) if path.is_dir() and not path.is_symlink() else []
    return max(entry.lstat().st_mtime for entry in (path, *within))
