"""Files that this program wrote, which are never evidence: reports, packs, and what a ledger keeps.

A template is not one of them: filled in, it is the office's own."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from evidence.book_marks import OpeningStop
from evidence.containers.package import Package
from evidence.regular_file import MEGABYTE, FileStop, read_regular
from record.ledger.database import LEDGER_NAME
from record.ledger.run_file import RUN
from record.office.launcher import NAMES as LAUNCHERS
from record.office.office_file import NAME
from reports.words import WORKBOOK_CREATOR
from reports.writing import FILES

#: What the names of its lock and of unfinished files begin with.
HIDDEN = ".dueregard"

#: The largest workbook in which its maker is looked for. The report of a larger office is
#: recognised by the files beside it.
_MOST_BYTES = 32 * MEGABYTE
_OWN_FOLDERS = ({"manifest.json", "recheck.py"}, {"book.yaml", "registers.yaml"})
_STORES = {".assessments", ".rulebooks"}
_CORE = "docProps/core.xml"
_CREATOR = re.compile(
    rb"<dc:creator(?: [^<>]{0,200})?>" + WORKBOOK_CREATOR.encode() + rb"</dc:creator>"
)


def is_own_folder(folder: Path, names: Collection[str]) -> bool:
    """Whether a folder with files of these names is an unpacked pack, a rulebook, or a store of a
    ledger."""
    if any(known <= set(names) for known in _OWN_FOLDERS):
        return True
    return folder.suffix in _STORES and folder.with_suffix(".sqlite").is_file()


def is_own_file(path: Path) -> bool:
    """Whether this program wrote a file. A report is known by the record of its check beside it,
    and a workbook also by its maker."""
    name = path.name
    if name.startswith((HIDDEN, LEDGER_NAME)) or name in (NAME, *LAUNCHERS.values()):
        return True
    if name in (RUN, *FILES.values()) and any(
        (path.parent / record).is_file() for record in (RUN, FILES["json"])
    ):
        return True
    return path.suffix.lower() == ".xlsx" and _is_report(path)


def _is_report(path: Path) -> bool:
    """Whether a workbook's own properties name its maker as those of a report do."""
    try:
        core = Package(read_regular(path, _MOST_BYTES)).read(_CORE, MEGABYTE)
    except (FileStop, OpeningStop):  # what is wrong with it is said when it is read
        return False
    return _CREATOR.search(core) is not None
