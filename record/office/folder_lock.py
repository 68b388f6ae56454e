"""One check at a time in an office's folder.

The lock is the system's own, so it ends with the process that has it, even a killed one. On a share
it is as safe as the locks of the share. A folder that OneDrive or Dropbox keeps in step is locked
on one computer only: there the conflicted copies tell (record.office.conflicted_copies).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from evidence.output_file import write_file
from evidence.regular_file import FileStop, read_regular
from evidence.visible import visible
from record.ledger.chain import Stamp
from reports.words import day

#: How long a check waits for another.
WAIT_SECONDS = 5.0

_LOCK = ".dueregard.lock"
#: Who has the lock, in a file of its own: Windows lets nobody else read the locked one.
_HOLDER = ".dueregard.lock.txt"
_MOST_BYTES = 1000


class FolderBusy(Exception):
    """Somebody else uses the folder; ``str()`` is the whole message."""


@contextmanager
def locked(folder: Path, stamp: Stamp, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Keeps the folder to this process. Raises FolderBusy, with who uses it and since when, if it
    is not free within ``wait_seconds``. Where no lock can be written, the folder is not locked:
    nothing can be written in it then."""
    lock = FileLock(folder / _LOCK, timeout=wait_seconds)
    try:
        lock.acquire()
    except Timeout:
        raise FolderBusy(
            f"{_holder(folder)}, and still was after {wait_seconds:.0f} seconds. Nothing was "
            "checked. Try again when that check has ended."
        ) from None
    except OSError:
        yield
        return
    holder = folder / _HOLDER
    try:
        with suppress(OSError):
            write_file(holder, f"{stamp.by}, {stamp.at:%H:%M} on {day(stamp.at.date())}".encode())
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    """Who uses the folder, and since when."""
    with suppress(FileStop):
        text = read_regular(folder / _HOLDER, _MOST_BYTES).decode("utf-8", "replace")
        who, _, since = visible(text).rpartition(", ")
        return f"This folder is being checked by {who} (since {since})"
    return "This folder is being checked by somebody else"
