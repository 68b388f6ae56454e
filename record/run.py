"""run.json: beside the reports, where their check stands in the ledger, and the head it made."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from record.entry import Entered
from record.file import sync_folder

FORMAT = "dueregard-run-1"
NAME = "run.json"


def write_run(folder: Path, entered: Entered) -> Path:
    """Writes run.json into the folder of the reports, whole or not at all, and returns its path.
    Raises OSError where it cannot; an older one is then unchanged."""
    path = folder / NAME
    fresh = path.with_name(f".{NAME}.new")
    try:
        with fresh.open("wb") as file:
            file.write(_bytes(folder, entered))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(folder)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return path


def forget_run(folder: Path) -> None:
    """Removes a run.json that speaks of reports whose place others have taken."""
    path = folder / NAME
    with suppress(OSError, ValueError):
        found = json.loads(path.read_bytes())
        if isinstance(found, dict) and found.get("format") == FORMAT:
            path.unlink()


def _bytes(folder: Path, entered: Entered) -> bytes:
    said = {
        "format": FORMAT,
        "ledger": _way(folder, entered.ledger),
        "entry": entered.number,
        "head": entered.head,
        "assessment": entered.assessment,
        "entered_at": entered.at.isoformat(),
    }
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    return text.encode(errors="backslashreplace")  # a path's bytes that are no text: \udcff


def _way(folder: Path, ledger: Path) -> str:
    """The path from the reports to the ledger; its whole path where there is none."""
    try:
        return Path(os.path.relpath(ledger, folder)).as_posix()
    except ValueError:  # on a drive of its own
        return ledger.absolute().as_posix()
