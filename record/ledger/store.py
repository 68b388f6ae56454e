"""The store: each assessment a file named after its SHA-256, in a folder beside the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from evidence.output_file import is_unfinished, sync_folder, write_file
from evidence.regular_file import FileFault, FileStop, read_regular
from record.ledger.database import LedgerProblem
from record.ledger.entries import digest
from reports.json import LIMIT_BYTES as ASSESSMENT_BYTES

_PART = 1024 * 1024
_NAME = re.compile(r"([0-9a-f]{64})\.json")
_LEFT_BY_OLDER = re.compile(r"\.[0-9a-f]{64}\.json\.new")


def store_of(ledger: Path) -> Path:
    """The folder of a ledger's assessments: ``office.sqlite`` has ``office.assessments``."""
    return ledger.with_suffix(".assessments")


def path_in(store: Path, sha256: str) -> Path:
    """Where the assessment of that hash stands, if it does."""
    return store / f"{sha256}.json"


def put(store: Path, data: bytes) -> str:
    """Stores an assessment and returns its hash: it is on the disk, under its name and whole, when
    this returns. Raises LedgerProblem where it cannot be; nothing of it is left then."""
    sha256 = digest(data)
    path = path_in(store, sha256)
    try:
        if path.is_file() and _holds(path, data):
            return sha256
        new = not store.is_dir()
        store.mkdir(parents=True, exist_ok=True)
        write_file(path, data, durable=True)
        if new:
            sync_folder(store.parent)
    except OSError as error:
        raise LedgerProblem(
            f"The assessment could not be kept in {store} ({error.strerror or error}), so nothing "
            "was entered in the ledger. Make room, or give another place with --ledger."
        ) from None
    return sha256


def _holds(path: Path, data: bytes) -> bool:
    """Whether just that stands in the file; looked at in parts, since it may be large."""
    if path.stat().st_size != len(data):
        return False
    rest = memoryview(data)
    with path.open("rb") as file:
        while part := file.read(_PART):
            if rest[: len(part)] != part:
                return False
            rest = rest[len(part) :]
    return not rest


def get(store: Path, sha256: str) -> bytes | None:
    """The bytes that stand under that hash, whatever they are; None where there are none. Raises
    LedgerProblem where they cannot be read."""
    path = path_in(store, sha256)
    try:
        return read_regular(path, ASSESSMENT_BYTES)
    except FileStop as stop:
        if stop.fault is FileFault.NOT_FOUND:
            return None
        raise LedgerProblem(f"{path} {stop.words}") from None


def stored(store: Path) -> set[str]:
    """The hashes under which something is stored."""
    return {found[1] for path in _files(store) if (found := _NAME.fullmatch(path.name))}


def half_written(store: Path) -> list[Path]:
    """What a check that was killed has left half written."""
    return [
        path
        for path in _files(store)
        if is_unfinished(path.name) or _LEFT_BY_OLDER.fullmatch(path.name)
    ]


def _files(store: Path) -> Iterator[Path]:
    try:
        yield from sorted(store.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerProblem(f"{store} could not be read ({error.strerror or error}).") from None


def remove(path: Path) -> None:
    """Removes a file of the store, durably. Raises LedgerProblem where it stays."""
    try:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise LedgerProblem(
            f"{path} could not be removed ({error.strerror or error}): close what has it open, "
            "and prune again."
        ) from None
