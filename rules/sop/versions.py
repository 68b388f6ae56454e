"""Which version of the SOP a document is: by its SHA-256, or by what its front page states."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from evidence.cells.day_text import Day, read_day
from evidence.cells.day_words import long_day
from evidence.cells.text import listed
from rules.model import SopDocument, SopVersion
from rules.sop.document import StatedVersion
from rules.sop.normal import plain
from rules.sop.problem import SopProblem

# A statement begins a line or a sentence, or follows a bracket or another statement.
_BEGINS = r"(?:^|(?<=[.;:(0-9-])|(?<=[.;:(0-9-] )|(?<=\bthis is ))"
# What may follow a number, so that 'version 1 january 2027' and 'version 1.0 draft' state none.
_ENDS = (
    r"(?=[.;:,)]? ?$|[.;:,)] | ?\(| -| of [^0-9]| (?:policy|in force|effective|implementation)\b)"
)
# 'version number 1.1', 'version: v2', 'this is version 1.0 of the procedure'.
_VERSION = re.compile(
    rf"{_BEGINS}version(?: (?:number|no\b\.?))?[ :]{{1,2}}v?([0-9][0-9.]*\b){_ENDS}"
)
_BEFORE_DAY = re.compile(
    rf"(?:{_BEGINS}|(?<=, )|(?<=\bis )|(?<=\band ))"
    r"(?:(?:policy )?implementation date|effective (?:date|from)|in force from"
    r"|comes into force on)\b"
)
_DAY_WORDS = 5  # of 'wednesday 1st of april 2026'


def stated_version(front_page: Iterable[str]) -> StatedVersion:
    """The version and the day that the text before the first section states. If it states two, it
    states none, and ``differing`` has both."""
    texts = [*map(plain, front_page)]
    versions = [*dict.fromkeys(m[1] for text in texts for m in _VERSION.finditer(text))]
    days = [*dict.fromkeys(day for text in texts for day in _days_in(text))]
    return StatedVersion(
        version=versions[0] if len(versions) == 1 else "",
        in_force=days[0] if len(days) == 1 else None,
        differing=tuple(versions if len(versions) > 1 else map(long_day, days[1:] and days)),
    )


def _days_in(text: str) -> Iterator[datetime.date]:
    """The day after each label: the first words that are a date."""
    for label in _BEFORE_DAY.finditer(text):
        words = text[label.end() :].lstrip(" :").split(maxsplit=_DAY_WORDS)[:_DAY_WORDS]
        reads = (
            read_day(" ".join(words[:count]).rstrip(";)")) for count in range(len(words), 0, -1)
        )
        if day := next((read.day for read in reads if isinstance(read, Day)), None):
            yield day


def find_version(
    sop: SopDocument, file: str, sha256: str, states: StatedVersion
) -> SopVersion | SopProblem:
    """The version in book.yaml that a document is, or why it is none of them."""

    def no_version(message: str, instead: str) -> SopProblem:
        return SopProblem(file, "", "", "document", f"The document {message}", instead)

    if same := next((version for version in sop.versions if version.sha256 == sha256), None):
        return same
    names = listed([version.version for version in sop.versions])
    versions = f"version{'s' if len(sop.versions) > 1 else ''} {names}"
    by_hash = f'write its SHA-256 under its version in book.yaml: sha256: "{sha256}".'
    day = states.in_force
    if states.differing:
        return no_version(
            f"states {listed(states.differing)} before its first section.",
            "Correct the document, so that it states one version and one day. If it is the right"
            f" one, {by_hash}",
        )
    if states.version:
        named = [version for version in sop.versions if version.version == states.version]
        if not named:
            return no_version(
                f"states that it is version {states.version}, and book.yaml lists {versions}.",
                "Give the document of a version that is listed, or list this one under 'versions'"
                " in book.yaml, with the day from which it is in force.",
            )
    elif day:
        named = [version for version in sop.versions if version.in_force == day]
        if not named:
            return no_version(
                f"states that it is in force from {long_day(day)}, and book.yaml has no version"
                " from that day.",
                f"Give another document. If it is the right one, {by_hash}",
            )
    elif len(sop.versions) == 1:
        named = list(sop.versions)
    else:
        return no_version(
            f"does not state its version, and book.yaml lists {versions}.",
            f"If it is one of them, {by_hash}",
        )
    (version,) = named
    if day not in (None, version.in_force):
        return no_version(
            f"states that it is in force from {long_day(day)}, and book.yaml has"
            f" {long_day(version.in_force)} for version {version.version}.",
            f"Correct the day in book.yaml, or give another document. If both are right, {by_hash}",
        )
    return version
