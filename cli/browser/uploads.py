"""Saves files that a form sent into the office's folder, over no other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cli.browser.site import UploadedFile
from cli.exits import Stop
from cli.outputs import write_new
from evidence.cells.text import listed, quoted
from evidence.filenames import as_text
from evidence.limits import LIMITS
from evidence.raw_cells import FORMATS
from evidence.regular_file import FileStop, read_regular
from evidence.visible import first_hidden
from record.office.own_files import HIDDEN, is_own_file
from rules.sop_files.read import UNITS

#: What a name that every system can keep has none of.
_UNUSABLE = re.compile(r'[<>:"/\\|?*]|^[.~ ]|[. ]$')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MOST_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of a file: its name in the folder, '' if it was not kept, and a sentence."""

    name: str
    words: str


def save_uploads(folder: Path, uploads: Iterable[UploadedFile]) -> list[Upload]:
    """Saves each file under its own name, or says why it was not."""
    return [_save(folder, upload) for upload in uploads]


def _save(folder: Path, upload: UploadedFile) -> Upload:
    name = re.split(r"[/\\]", upload.name)[-1].strip()
    shown = quoted(name)
    suffix = Path(name).suffix.lower()
    if suffix.lstrip(".") not in FORMATS and suffix not in UNITS:
        kinds = ", ".join(sorted(f".{kind}" for kind in FORMATS))
        documents = listed(sorted(UNITS), "or")
        return Upload(
            "",
            f"{shown} was not added. Add spreadsheets ({kinds}), or the SOP ({documents}).",
        )
    if (
        _UNUSABLE.search(name)
        or _DEVICES.match(name)
        or first_hidden(name)
        or len(name) > _MOST_LETTERS
        or as_text(name) != name
    ):
        return Upload("", f"{shown} cannot be the name of a file. Rename it, and add it again.")
    data = upload.data.read(LIMITS.file_bytes + 1)
    if len(data) > LIMITS.file_bytes:
        most = LIMITS.file_bytes // (1024 * 1024)
        return Upload(
            "", f"{shown} has more than {most} MB: save a copy that has only the registers."
        )
    path = folder / name
    if name.startswith(HIDDEN) or is_own_file(path):
        return Upload("", f"{shown} has the name of a file that the program writes. Rename it.")
    if os.path.lexists(path):
        return _there_already(path, data, shown)
    try:
        write_new(path, data)
    except Stop as stop:
        return Upload("", str(stop))
    if is_own_file(path):  # a report of ours, known by what it contains
        path.unlink()
        return Upload("", f"{shown} is a report of this program, and no evidence.")
    return Upload(name, f"{shown} was added.")


def _there_already(path: Path, data: bytes, shown: str) -> Upload:
    try:
        same = read_regular(path, LIMITS.file_bytes) == data
    except FileStop:
        same = False
    if same:
        return Upload(path.name, f"{shown} is in the folder already.")
    return Upload(
        "",
        f"{shown} is in the folder already, with other contents. The program never changes your "
        "files: replace it in the folder yourself, or give this one another name.",
    )
