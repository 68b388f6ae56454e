"""run.json beside the reports of a check, which names its entry in the ledger."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from evidence.output_file import write_file
from evidence.regular_file import read_form
from record.ledger.checks import Entered

RUN = "run.json"
_RUN_FORMAT = "dueregard-run-1"


def write_run(folder: Path, entered: Entered) -> Path:
    """Writes run.json into the folder of the reports and returns its path. Raises OSError if it
    cannot be written; an older file is then unchanged."""
    try:
        ledger = Path(os.path.relpath(entered.ledger, folder)).as_posix()
    except ValueError:  # on a drive of its own
        ledger = entered.ledger.absolute().as_posix()
    fields = {
        "format": _RUN_FORMAT,
        "ledger": ledger,
        "entry": entered.number,
        "head": entered.head,
        "assessment": entered.assessment,
        "entered_at": entered.at.isoformat(),
    }
    text = json.dumps(fields, indent=1, ensure_ascii=False) + "\n"
    path = folder / RUN
    # the bytes of a path that are not text are written as \udcff
    write_file(path, text.encode(errors="backslashreplace"), durable=True)
    return path


def forget_run(folder: Path) -> None:
    """Removes a run.json about reports that others have replaced."""
    with suppress(OSError):
        if in_run(folder, "format"):
            (folder / RUN).unlink()


def ledger_of(folder: Path) -> Path | None:
    """The ledger that run.json in a folder of reports names; None if there is no such file."""
    path = in_run(folder, "ledger")
    return Path(os.path.normpath(folder / path)) if path else None


def in_run(folder: Path, name: str) -> str:
    """What a field of run.json in a folder of reports says, such as ``assessment`` or ``head``; ''
    if it says nothing, or the file is not there or cannot be read."""
    value = read_form(folder / RUN, _RUN_FORMAT).get(name)
    return value if isinstance(value, str) else ""
