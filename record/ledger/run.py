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


def write_run(folder: Path, entered: Entered) -> Path:
    """Writes run.json into the folder of the reports, whole or not at all, and returns its path.
    Raises OSError where it cannot; an older one is then unchanged."""
    try:
        ledger = Path(os.path.relpath(entered.ledger, folder)).as_posix()
    except ValueError:  # on a drive of its own
        ledger = entered.ledger.absolute().as_posix()
    said = {
        "format": FORMAT,
        "ledger": ledger,
        "entry": entered.number,
        "head": entered.head,
        "assessment": entered.assessment,
        "entered_at": entered.at.isoformat(),
    }
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    path = folder / NAME
    # a path's bytes that are no text are written as \udcff
    write_file(path, text.encode(errors="backslashreplace"), durable=True)
    return path


def forget_run(folder: Path) -> None:
    """Removes a run.json that speaks of reports whose place others have taken."""
    with suppress(OSError):
        if _read(folder).get("format") == FORMAT:
            (folder / NAME).unlink()


def ledger_of(folder: Path) -> Path | None:
    """The ledger that run.json in a folder of reports names; None where there is no such file."""
    named = _read(folder).get("ledger")
    return Path(os.path.normpath(folder / named)) if isinstance(named, str) else None


def _read(folder: Path) -> dict[str, object]:
    """What run.json in a folder says; nothing where there is none, or it cannot be read."""
    with suppress(FileStop, ValueError, RecursionError):
        found = json.loads(read_regular(folder / NAME, MEGABYTE))
        return found if isinstance(found, dict) else {}
    return {}
