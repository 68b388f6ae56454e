"""The stores of assessments and of rulebooks: files named by their SHA-256, each in a folder beside
the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evidence.output_file import is_unfinished, sync_folder, write_file
from evidence.regular_file import FileFault, FileStop, read_regular
from record.ledger.database import LedgerProblem
from record.ledger.entries import digest
from reports.json import LIMIT_BYTES as ASSESSMENT_BYTES

_NAME = re.compile(r"([0-9a-f]{64})\.json")
#: The number of files that are read at once.
_AT_ONCE = 4


def store_of(ledger: Path) -> Path:
    """The folder of a ledger's assessments: ``office.sqlite`` has ``office.assessments``."""
    return ledger.with_suffix(".assessments")


def path_in(store: Path, sha256: str) -> Path:
    """The path of the file with a hash, whether or not it exists."""
    return store / f"{sha256}.json"


def put(store: Path, data: bytes, what: str = "assessment") -> str:
    """Stores the bytes of what a message calls by its name, and returns their hash. On return the
    complete file is on the disk. Raises LedgerProblem if it cannot be written; then nothing of it
    is left."""
    sha256 = digest(data)
    path = path_in(store, sha256)
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return sha256
        new = not store.is_dir()
        store.mkdir(parents=True, exist_ok=True)
        write_file(path, data, durable=True)
        if new:
            sync_folder(store.parent)
    except OSError as error:
        raise LedgerProblem(
            f"The {what} could not be kept in {store} ({error.strerror or error}), so nothing "
            "was entered in the ledger. Make room, or give another place with --ledger."
        ) from None
    return sha256


def get(store: Path, sha256: str) -> bytes | None:
    """The bytes stored under a hash, whether or not they match it; None if there are none. Raises
    LedgerProblem if they cannot be read."""
    path = path_in(store, sha256)
    try:
        return read_regular(path, ASSESSMENT_BYTES)
    except FileStop as stop:
        if stop.fault is FileFault.NOT_FOUND:
            return None
        raise LedgerProblem(f"{path} {stop.words}") from None


def stored(store: Path) -> set[str]:
    """The hashes of the stored files."""
    return {match[1] for path in _files(store) if (match := _NAME.fullmatch(path.name))}


def half_written(store: Path) -> list[Path]:
    """The unfinished files of checks that were killed."""
    return [path for path in _files(store) if is_unfinished(path.name)]


def _files(store: Path) -> Iterator[Path]:
    try:
        yield from sorted(store.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerProblem(f"{store} could not be read ({error.strerror or error}).") from None


def faults_in(store: Path, named: Mapping[str, int], what: str, gone: str = "") -> Iterator[str]:
    """A sentence for each file that is missing or was altered. ``named``: the hashes, each with the
    entry that names it; ``what``: what a file contains; ``gone``: more about a missing one."""

    def fault(sha256: str) -> str:
        data, path = get(store, sha256), path_in(store, sha256)
        whose = f"The {what} of entry {named[sha256]}"
        if data is None:
            return f"{whose} is not at {path}{gone}."
        if digest(data) != sha256:
            return f"{whose} was altered after it was entered: {path}."
        return ""

    # Most of the time is reading and hashing, during which Python runs the other threads.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from filter(None, pool.map(fault, named))


def remove(path: Path) -> None:
    """Removes a file of the store, durably. Raises LedgerProblem if it cannot be removed."""
    try:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise LedgerProblem(
            f"{path} could not be removed ({error.strerror or error}): close what has it open, "
            "and prune again."
        ) from None
