"""What a month's folder contains: files and their titles, in the order in which a lead reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cli.check_inputs import WITHOUT_NAMES
from cli.commands import calendar, owners
from evidence.filenames import stays_inside
from evidence.regular_file import read_form
from reports.writing import FILES, FORMATS
from rules.papers import PAPER, STATEMENT

#: The file beside the others that lists them.
MONTH = "month.json"
_FORMAT = "dueregard-month-1"

PACK = "pack.zip"
#: Which of a month's files are mails.
MAILS = f"{owners.FOLDER}/*.eml"


def _documents(name: str) -> str:
    """A pattern for a paper as a Word document and as PDF."""
    return f"{Path(name).stem}.*"


_REPORTS = {one.file: one.title for one in FORMATS.values()}
#: The titles, in the order in which a lead reads, by a pattern for the names of files. The data is
#: last.
_TITLES: Mapping[str, str] = {
    FILES["html"]: _REPORTS[FILES["html"]],
    MAILS: "A draft of a mail for each owner",
    calendar.NAME: "The dates of the next 12 months, for your calendar",
    _documents(PAPER): "The paper for a meeting",
    _documents(STATEMENT): "The assurance statement, with blanks for a person to fill in",
    **{file: title for file, title in _REPORTS.items() if file != FILES["json"]},
    f"{WITHOUT_NAMES}/*": "The report without names",
    PACK: "The pack for an auditor",
    FILES["json"]: _REPORTS[FILES["json"]],
}


@dataclass(frozen=True, slots=True)
class MonthContents:
    """What was written for a month. ``assessment``: the SHA-256 of its assessment; ``files``: that
    of each file, by its name within the folder."""

    assessment: str
    files: Mapping[str, str]


def titled(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The names of files under their titles, in the order in which a lead reads them."""
    names = list(names)
    groups = [
        (title, sorted(name for name in names if fnmatchcase(name, pattern)))
        for pattern, title in _TITLES.items()
    ]
    return [(title, group) for title, group in groups if group]


def month_json(contents: MonthContents) -> bytes:
    """The bytes of month.json."""
    files = [{"name": name, "sha256": sha256} for name, sha256 in contents.files.items()]
    fields = {"format": _FORMAT, "assessment": contents.assessment, "files": files}
    return json.dumps(fields, indent=1, ensure_ascii=False).encode() + b"\n"


def read_month(folder: Path) -> MonthContents | None:
    """What was written for a month into a folder; None if it has no month.json that can be read, or
    one that names a file outside the folder."""
    with suppress(TypeError, KeyError):
        fields = read_form(folder / MONTH, _FORMAT)
        files = {str(file["name"]): str(file["sha256"]) for file in fields["files"]}
        if all(map(stays_inside, files)):
            return MonthContents(str(fields["assessment"]), files)
    return None
