"""run.json: beside the reports, where their check stands in the ledger, and the head it made."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from evidence.output_file import write_file
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.ledger.entry import Entered

FORMAT = "dueregard-run-1"
NAME = "run.json"
_LIMIT_BYTES = MEGABYTE


def write_run(folder: Path, entered: Entered) -> Path:
    """Writes run.json into the folder of the reports, whole or not at all, and returns its path.
    Raises OSError where it cannot; an older one is then unchanged."""
    path = folder / NAME
    write_file(path, _bytes(folder, entered), durable=True)
    return path


def forget_run(folder: Path) -> None:
    """Removes a run.json that speaks of reports whose place others have taken."""
    path = folder / NAME
    with suppress(OSError):
        if (_read(folder) or {}).get("format") == FORMAT:
            path.unlink()


def ledger_of(folder: Path) -> Path | None:
    """The ledger that run.json in a folder of reports names; None where there is no such file."""
    named = (_read(folder) or {}).get("ledger")
    return Path(os.path.normpath(folder / named)) if isinstance(named, str) else None


def _read(folder: Path) -> dict[str, object] | None:
    """What run.json in a folder says; None where there is none, or it cannot be read."""
    with suppress(FileStop, ValueError, RecursionError):
        found = json.loads(read_regular(folder / NAME, _LIMIT_BYTES))
        return found if isinstance(found, dict) else None
    return None


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
