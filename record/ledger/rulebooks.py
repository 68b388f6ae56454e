"""The rulebooks that a ledger keeps: each once, as JSON with the text of every rule file, in a
folder beside the ledger. They name posts and no people, so pruning leaves them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from evidence.filenames import stays_inside
from record.ledger.database import LedgerProblem
from record.ledger.entries import Approved, Body, Checked, RulebookRef, digest
from record.ledger.store import get, path_in, put, stored
from rules.load import fingerprint


def rulebooks_of(ledger: Path) -> Path:
    """The folder of a ledger's rulebooks: ``office.sqlite`` has ``office.rulebooks``."""
    return ledger.with_suffix(".rulebooks")


def keep(ledger: Path, files: Mapping[str, str]) -> str | None:
    """Keeps a rulebook, given the text of each file by its name, and returns the hash under which
    it is kept; None for no files. Raises LedgerProblem if it cannot be written."""
    if not files:
        return None
    data = json.dumps(files, sort_keys=True, separators=(",", ":")).encode()
    return put(rulebooks_of(ledger), data, "rulebook")


def named_rulebooks(bodies: Iterable[Body]) -> dict[str, int]:
    """The hash of every rulebook that is kept, with the first entry that names it."""
    first: dict[str, int] = {}
    for body in bodies:
        if isinstance(body, Checked | Approved) and body.rulebook.kept:
            first.setdefault(body.rulebook.kept, body.number)
    return first


def unnamed_rulebooks(ledger: Path, bodies: Iterable[Body]) -> list[str]:
    """The hashes of the stored rulebooks that no entry names, in order."""
    return sorted(stored(rulebooks_of(ledger)) - named_rulebooks(bodies).keys())


def fetch_rulebook(ledger: Path, number: int, ref: RulebookRef) -> dict[str, bytes]:
    """The files of an entry's rulebook by their names. Raises LedgerProblem if they were not kept,
    are missing, or are not those of the entry."""
    if ref.kept is None:
        raise LedgerProblem(f"Entry {number} was made without keeping its rulebook.")
    path = path_in(rulebooks_of(ledger), ref.kept)
    data = get(rulebooks_of(ledger), ref.kept)
    if data is None:
        raise LedgerProblem(
            f"The rulebook of entry {number} is not at {path}. Keep the folder of rulebooks beside "
            "its ledger."
        )
    files = _files(data) if digest(data) == ref.kept else {}
    if fingerprint(files) != ref.sha256:
        raise LedgerProblem(
            f"The rulebook of entry {number} was altered after it was entered: {path}."
        )
    return files


def _files(data: bytes) -> dict[str, bytes]:
    """The files in what is kept; none if it is another thing, or a name would leave the folder."""
    try:
        read = json.loads(data)
        named = read.items() if isinstance(read, dict) else ()
        files = {name: text.encode() for name, text in named if isinstance(text, str)}
    except (ValueError, RecursionError):  # half a letter has no bytes: a ValueError too
        return {}
    return files if all(map(stays_inside, files)) else {}
