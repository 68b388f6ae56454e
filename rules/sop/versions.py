"""Which version of the SOP a document is: by its SHA-256, or by what its front page states."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from evidence.cells.day_text import Day, read_day
from evidence.cells.day_words import long_day
from evidence.cells.text import listed
from rules.model import SopDocument, SopVersion
from rules.sop.document import StatedVersion
from rules.sop.normal import plain
from rules.sop.problem import SopProblem

_BESIDE_NUMBER = frozenset(("number", "no", "no."))
#: What stands before the day of a version on a front page, in normal form.
_BEFORE_DAY = (
    "policy implementation date",
    "implementation date",
    "effective date",
    "effective from",
    "in force from",
)


def stated_version(front_page: Iterable[str]) -> StatedVersion:
    """The version and the day in the paragraphs before the first heading."""
    version, in_force = "", None
    for text in map(plain, front_page):
        version = version or _version_in(text)
        in_force = in_force or _day_in(text)
    return StatedVersion(version, in_force)


def _version_in(text: str) -> str:
    """``1.1`` of ``version number 1.1``; '' of any other text."""
    label, *words = text.replace(":", " ").split() or [""]
    words = [word for word in words if word not in _BESIDE_NUMBER]
    if label != "version" or len(words) != 1:
        return ""
    number = words[0].removeprefix("v")
    return number if all(part.isdecimal() for part in number.split(".")) else ""


def _day_in(text: str) -> datetime.date | None:
    for label in _BEFORE_DAY:
        if text.startswith(label):
            read = read_day(text.removeprefix(label).lstrip(" :"))
            return read.day if isinstance(read, Day) else None
    return None


def find_version(
    sop: SopDocument, file: str, sha256: str, states: StatedVersion
) -> SopVersion | SopProblem:
    """The version in book.yaml that a document is, or why it is none of them."""

    def unlisted(message: str, instead: str) -> SopProblem:
        return SopProblem(file, "", "", "document", f"The document {message}", instead)

    if same := next((version for version in sop.versions if version.sha256 == sha256), None):
        return same
    names = listed([version.version for version in sop.versions])
    versions = f"version{'s' if len(sop.versions) > 1 else ''} {names}"
    by_hash = f'write its SHA-256 under its version in book.yaml: sha256: "{sha256}".'
    day = states.in_force
    if states.version:
        named = [version for version in sop.versions if version.version == states.version]
        if not named:
            return unlisted(
                f"states that it is version {states.version}, and book.yaml lists {versions}.",
                "Give the document of a version that is listed, or list this one under 'versions'"
                " in book.yaml, with the day from which it is in force.",
            )
    elif day:
        named = [version for version in sop.versions if version.in_force == day]
        if not named:
            return unlisted(
                f"states that it is in force from {long_day(day)}, and book.yaml has no version"
                " from that day.",
                f"Give another document. If it is the right one, {by_hash}",
            )
    elif len(sop.versions) == 1:
        named = list(sop.versions)
    else:
        return unlisted(
            f"does not state its version, and book.yaml lists {versions}.",
            f"If it is one of them, {by_hash}",
        )
    (version,) = named
    if day not in (None, version.in_force):
        return unlisted(
            f"states that it is in force from {long_day(day)}, and book.yaml has"
            f" {long_day(version.in_force)} for version {version.version}.",
            f"Correct the day in book.yaml, or give another document. If both are right, {by_hash}",
        )
    return version
