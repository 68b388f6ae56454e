"""Conflicted copies: the second file that OneDrive, SharePoint or Dropbox keeps where two people
changed one at once, and the copies that Windows and browsers number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

#: What is added to a name before its suffix, and in no name that a person gives another file.
_ADDED = (
    r" \([^()]{0,80}(?:conflicted copy|case conflict)[^()]{0,80}\)",  # Dropbox, Nextcloud
    r" ?\([0-9]{1,3}\)",  # a second download or upload
    r" - copy(?: \([0-9]{1,3}\))?",  # Windows
    r"\.sync-conflict-[0-9]{8}-[0-9]{6}-\w+",  # Syncthing
)
#: OneDrive and SharePoint add the name of a computer: DESKTOP-AB12, PC-LT0123, Janes-MacBook-Pro.
#: A year at its end (-FY2026) is the office's own.
_COMPUTER = (
    r"-(?:(?-i:DESKTOP|LAPTOP|SURFACE|WIN|PC)-[a-z0-9]{2,15}"
    r"|[\w-]{0,40}(?:macbook|imac)[\w-]{0,40}"
    r"|(?-i:[A-Z]{2}[A-Z-]*(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{3,8}))"
    r"(?:-[0-9]{1,3})?"
)
#: For the program's own files, whose names nobody extends: any word.
_ANY_COMPUTER = r"-[a-z][a-z0-9-]{0,62}"

_TO_EVIDENCE = re.compile("|".join((*_ADDED, _COMPUTER)), re.IGNORECASE)
_TO_OWN = re.compile("|".join((*_ADDED, _ANY_COMPUTER)), re.IGNORECASE)


def copies_of(original: str, names: Iterable[str], *, own: bool = False) -> list[str]:
    """Those names, of the files in one folder, that conflicted copies of a file of evidence have,
    or of one of the program's ``own``: ``Training-DESKTOP-AB12.xlsx`` for ``Training.xlsx``."""
    file, added = PurePath(original.lower()), _TO_OWN if own else _TO_EVIDENCE
    return [
        name
        for name in names
        if name.lower().startswith(file.stem)
        and name.lower().endswith(file.suffix)
        and added.fullmatch(name[len(file.stem) : len(name) - len(file.suffix)])
    ]
