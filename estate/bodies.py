"""The bodies of an estate, and how one of them may fail."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from evidence.filenames import as_text
from evidence.visible import visible
from record.office.evidence_files import is_within
from record.office.office_file import NAME as OFFICE_FILE

#: The most characters of the words of a failure.
_MOST_WORDS = 2_000


class EstateStop(Exception):
    """The estate cannot be checked, for a reason that a person can correct; ``str()`` is what to
    print."""


class Failure(StrEnum):
    """Why a body was not checked."""

    OFFICE_FILE = "office.yaml"
    RULEBOOK = "rulebook"
    SOP = "SOP"
    OUTSIDE = "path outside the folder"
    MISSING = "evidence missing"
    UNREADABLE = "evidence unreadable"
    LOCKED = "evidence has a password"
    TOO_LARGE = "evidence too large"
    CHANGED = "evidence changed"
    TIME_LIMIT = "time limit"
    CRASH = "crash"
    FAULT = "fault of the program"
    ASSESSMENT = "assessment unreadable"


class BodyFailure(Exception):
    """A body cannot be checked; ``str()`` says what is wrong and what to do."""

    def __init__(self, kind: Failure, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class EstateBody:
    """A folder with an office.yaml. The name of the folder is that of the body."""

    name: str
    folder: Path


class BodyOutcome(NamedTuple):
    """What became of a body: ``stored`` is the name of its assessment in the store, '' where it
    failed. ``again``: the assessment was in the store already."""

    body: str
    stored: str = ""
    failure: Failure | None = None
    words: str = ""
    again: bool = False


def failed(body: str, kind: Failure, words: str) -> BodyOutcome:
    """The outcome of a body that was not checked."""
    shown = words if len(words) <= _MOST_WORDS else f"{words[: _MOST_WORDS - 2]} …"
    return BodyOutcome(body, failure=kind, words=shown)


class BodyInputs(Protocol):
    """Everything that a check of a body reads, found and valid, and not yet evaluated."""

    @property
    def digest(self) -> str:
        """The SHA-256 over all that decides the assessment: the evidence, the rulebook,
        office.yaml, the SOP, the program and the as-of day."""

    def assess(self) -> bytes:
        """The assessment as JSON. Raises BodyFailure if the evidence cannot be read."""


#: Finds the inputs of the body in a folder, for a check as of a day. Raises BodyFailure.
FindInputs = Callable[[Path, datetime.date], BodyInputs]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies in the order of their names, and the folders beside them that were passed over,
    because they have no office.yaml or are links that lead elsewhere."""

    found: tuple[EstateBody, ...]
    passed_over: tuple[str, ...]


def find_bodies(folders: Sequence[Path]) -> Bodies:
    """The bodies in these folders: each that has an office.yaml, otherwise those of its own folders
    that have one. Raises EstateStop if a folder cannot be read or contains no body, and if two
    bodies have one name."""
    found: dict[str, EstateBody] = {}
    real_paths: dict[str, str] = {}
    passed_over: list[str] = []
    for folder in folders:
        bodies, passed = _bodies_in(folder)
        passed_over += passed
        for body in bodies:
            real = os.path.realpath(body.folder)
            if real in real_paths:  # it was given twice
                continue
            if body.name in found:
                raise EstateStop(
                    f"Two bodies have one name, '{body.name}': {_shown(found[body.name].folder)} "
                    f"and {_shown(body.folder)}. The name of the folder is that of the body: "
                    "rename one of the two, or leave it out."
                )
            real_paths[real] = body.name
            found[body.name] = body
    return Bodies(
        tuple(sorted(found.values(), key=lambda body: body.name)), tuple(sorted(passed_over))
    )


def _bodies_in(folder: Path) -> tuple[list[EstateBody], list[str]]:
    """The bodies of one folder, and its folders that are none."""
    absolute = Path(os.path.abspath(folder))  # noqa: PTH100  (a link stays one)
    try:
        if has_office_file(absolute):
            return [_body(absolute)], []
        inside = sorted(_folders_in(absolute))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EstateStop(
            f"{_shown(folder)} cannot be read ({reason}): check its name, or ask for permission."
        ) from None
    roots = [os.path.realpath(absolute)]
    bodies, passed_over = [], []
    for path in inside:
        if is_within(path, roots) and has_office_file(path):
            bodies.append(_body(path))
        else:
            passed_over.append(_shown(path))
    if not bodies:
        raise EstateStop(
            f"There is no office.yaml in {_shown(folder)}, nor in any folder in it. Each folder "
            "with an office.yaml is one body: give such a folder, or one that contains them. "
            "'dueregard start' writes the file."
        )
    return bodies, passed_over


def _folders_in(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and not entry.name.startswith("."):
                yield folder / entry.name


def has_office_file(folder: Path) -> bool:
    """Whether there is anything called office.yaml in a folder, even a broken link."""
    return os.path.lexists(folder / OFFICE_FILE)


def _body(folder: Path) -> EstateBody:
    return EstateBody(visible(as_text(folder.name)), folder)


def _shown(path: Path) -> str:
    return visible(as_text(str(path)))
